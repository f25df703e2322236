/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bus accesses of the linked-list controller (items, entries and data), with their time
 * and their errors.
 */
#include "qemu/osdep.h"
#include "rkdma-lli.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

#define CTL0_MSIZE(ctl0)        ((ctl0) >> 15)
#define SRC_INC(t)              ((t) & 1)
#define SRC_WIDTH(t)            (1u << (((t) >> 2) & 7))
#define SRC_BURST(t)            ((((t) >> 5) & 0x3f) + 1)
#define DST_INC(t)              (((t) >> 16) & 1)
#define DST_WIDTH(t)            (1u << (((t) >> 18) & 7))

/* Whether the bus refuses this access. */
static bool refused(RkdmaLli *s, char kind, uint64_t addr, uint64_t len)
{
    if ((addr + len - 1) >> s->addr_bits || addr + len < addr) {
        return true;
    }
    if (rkdma_inject_hits(&s->inject, kind, addr, len)) {
        return true;
    }
    /* The controller does not answer itself. */
    return ranges_overlap(addr, len, s->mmio.addr, memory_region_size(&s->mmio));
}

/*
 * Read the eight words of an item or an entry, lowest address first. False if
 * the bus refused it.
 */
bool rkdma_lli_read_words(RkdmaLli *s, uint64_t addr, uint64_t *words, char kind)
{
    if (refused(s, kind, addr, RKDMA_ENTRY) || refused(s, 'r', addr, RKDMA_ENTRY)) {
        return false;
    }
    for (int i = 0; i < RKDMA_ENTRY / 8; i++) {
        MemTxResult r;

        words[i] = address_space_ldq_le(&address_space_memory, addr + 8 * i,
                                        MEMTXATTRS_UNSPECIFIED, &r);
        if (r != MEMTX_OK) {
            return false;
        }
        /* The order of the words is part of what the software relies on. */
        smp_rmb();
    }
    return true;
}

static bool write_word(RkdmaLli *s, uint64_t addr, uint64_t word)
{
    MemTxResult r;

    address_space_stq_le(&address_space_memory, addr, word,
                         MEMTXATTRS_UNSPECIFIED, &r);
    smp_wmb();
    return r == MEMTX_OK;
}

/*
 * Bring the entry up to date: the position, and with @whole all that describes
 * the item. The software's own words (trf_cfg, stride_inc) stay. False if the
 * bus refused it.
 */
bool rkdma_lli_write_entry(RkdmaLli *s, RkdmaLch *l, bool whole)
{
    uint64_t src = l->done ? l->src : 0, dst = l->done ? l->dst : 0;
    uint64_t a = l->cmdba;
    uint64_t high = ((src >> 32) & 0xffff) | ((dst >> 32) & 0xffff) << 16 |
                    ((l->next >> 32) & 0xffff) << 32 | (uint64_t)l->idx << 48;
    bool ok = true;

    s->c.entry_writes++;
    if (refused(s, 'w', a, RKDMA_ENTRY)) {
        return false;
    }
    /* Whoever reads the entry must find the data in memory. */
    smp_wmb();
    ok &= write_word(s, a + 0x08, (uint32_t)src | dst << 32);
    if (whole) {
        ok &= write_word(s, a + 0x00, l->ctl0 | (uint64_t)l->tctl1 << 32);
        ok &= write_word(s, a + 0x10, l->len | l->next << 32);
    }
    ok &= write_word(s, a + 0x18, high);
    {
        MemTxResult r;

        address_space_stl_le(&address_space_memory, a + 0x24, l->done,
                             MEMTXATTRS_UNSPECIFIED, &r);
        ok &= r == MEMTX_OK;
    }
    smp_wmb();
    return ok;
}

static bool moves_memory(RkdmaLch *l)
{
    return l->tt_fc == TT_M2M;
}

/* Bytes of a burst, which is not interrupted on the bus. */
uint32_t rkdma_lli_burst(RkdmaLli *s, RkdmaLch *l)
{
    uint32_t bytes;

    if (moves_memory(l)) {
        bytes = MIN(SRC_WIDTH(l->tctl1), s->bus_width) * SRC_BURST(l->tctl1);
        return MIN(bytes, s->max_burst * s->bus_width);
    }
    return CTL0_MSIZE(l->ctl0);
}

/*
 * How much to move at once. A peripheral's request is served as a whole; a copy
 * goes on for several bursts if it has the bus alone, which saves the host time
 * and cannot be told from bursts one by one.
 */
uint32_t rkdma_lli_chunk(RkdmaLli *s, RkdmaLch *l, bool alone)
{
    uint32_t left = l->len - l->done, chunk = rkdma_lli_burst(s, l);

    if (moves_memory(l) && alone) {
        chunk = s->bus_time ? MAX(chunk, 4 * KiB) : sizeof(s->buf);
    }
    if (l->stride_en) {
        uint32_t msize = CTL0_MSIZE(l->ctl0);

        chunk = MIN(chunk, msize - l->done % msize);
    }
    return MIN(MIN(chunk, left), sizeof(s->buf));
}

/* Nanoseconds that a chunk keeps the bus. Reads and writes overlap. */
int64_t rkdma_lli_duration(RkdmaLli *s, RkdmaLch *l, uint32_t len)
{
    uint32_t beat = moves_memory(l) ? s->bus_width : SRC_WIDTH(l->tctl1);

    if (!s->bus_time) {
        return 0;
    }
    return muldiv64(DIV_ROUND_UP(len, beat), NANOSECONDS_PER_SECOND, s->bus_hz);
}

/* One side of a chunk: memory at once, a fixed address beat by beat. */
static bool transfer(RkdmaLli *s, uint64_t addr, uint8_t *buf, uint32_t len,
                     bool inc, uint32_t width, bool write)
{
    uint32_t step = inc ? len : width;

    if (refused(s, write ? 'w' : 'r', addr, inc ? len : width)) {
        return false;
    }
    for (uint32_t i = 0; i < len; i += step) {
        if (address_space_rw(&address_space_memory, addr, MEMTXATTRS_UNSPECIFIED,
                             buf + i, MIN(step, len - i), write) != MEMTX_OK) {
            return false;
        }
    }
    return true;
}

static void advance(RkdmaLch *l, uint32_t len)
{
    uint32_t msize = CTL0_MSIZE(l->ctl0), skip;

    l->done += len;
    l->src += SRC_INC(l->tctl1) ? len : 0;
    l->dst += DST_INC(l->tctl1) ? len : 0;
    if (!l->stride_en || l->done % msize) {
        return;
    }
    skip = l->stride_inc;
    switch (l->stride_mode) {
    case 0:     /* the memory side of a peripheral transfer */
        l->src += l->tt_fc == TT_M2P ? skip : 0;
        l->dst += l->tt_fc == TT_P2M ? skip : 0;
        break;
    case 1:
        l->src += skip;
        break;
    case 2:
        l->dst += skip;
        break;
    }
}

static uint32_t move_once(RkdmaLli *s, RkdmaLch *l, uint32_t len)
{
    uint32_t t = l->tctl1;

    if (!transfer(s, l->src, s->buf, len, SRC_INC(t), SRC_WIDTH(t), false)) {
        return INT_SRC_RD_ERR;
    }
    s->c.bytes_read += len;
    if (!transfer(s, l->dst, s->buf, len, DST_INC(t), DST_WIDTH(t), true)) {
        return INT_DST_WR_ERR;
    }
    s->c.bytes_written += len;
    advance(l, len);
    return 0;
}

/*
 * Move a chunk. Returns 0 or the error bit; after an error the position is that
 * of the burst that failed.
 */
uint32_t rkdma_lli_move(RkdmaLli *s, RkdmaLch *l, uint32_t len)
{
    uint32_t burst = rkdma_lli_burst(s, l), err;

    err = move_once(s, l, len);
    /* Find the burst that failed: a copy can be repeated burst by burst. */
    while (err && moves_memory(l) && len > burst) {
        uint32_t again = move_once(s, l, burst);

        if (again) {
            return again;
        }
        len -= burst;
        if (len <= burst) {
            return len ? move_once(s, l, len) : 0;
        }
    }
    return err;
}
