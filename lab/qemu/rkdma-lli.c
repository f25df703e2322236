/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rockchip's linked-list DMA controller: its registers, interrupts and request
 * lines. docs/hardware.md says what is known of it and what is assumed.
 */
#include "qemu/osdep.h"
#include "rkdma-lli.h"
#include "rkdma-model.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "trace.h"

REG32(CMN_VER, 0x00)
REG32(CMN_CFG, 0x04)
    FIELD(CMN_CFG, EN, 0, 1)
    FIELD(CMN_CFG, SRST, 1, 1)
    FIELD(CMN_CFG, IE_EN, 2, 1)
REG32(CMN_CTL0, 0x08)
REG32(CMN_CTL1, 0x0c)
REG32(CMN_AXICTL, 0x10)
REG32(CMN_DYNCTL, 0x14)
REG32(CMN_IS0, 0x18)
REG32(CMN_IS1, 0x1c)
REG32(CMN_IE0, 0x20)
REG32(CMN_IE1, 0x24)
REG32(CMN_CAP0, 0x30)
    FIELD(CMN_CAP0, LCHS, 0, 6)
    FIELD(CMN_CAP0, PCHS, 6, 6)
    FIELD(CMN_CAP0, STRIDE, 13, 1)
    FIELD(CMN_CAP0, M2M, 14, 1)
    FIELD(CMN_CAP0, M2P, 15, 1)
    FIELD(CMN_CAP0, P2M, 16, 1)
    FIELD(CMN_CAP0, LLI, 20, 1)
    FIELD(CMN_CAP0, BUF_DEPTH, 21, 11)
REG32(CMN_CAP1, 0x34)
    FIELD(CMN_CAP1, AXI_WIDTH, 0, 3)
    FIELD(CMN_CAP1, AXI_BURST, 3, 8)
    FIELD(CMN_CAP1, FIXED, 11, 1)
    FIELD(CMN_CAP1, INCR, 12, 1)
    FIELD(CMN_CAP1, ADDR_BITS, 14, 5)
    FIELD(CMN_CAP1, OUTSTANDING, 19, 5)
REG32(CMN_PCH_EN, 0x40)
REG32(CMN_PCH_SEL, 0x44)

#define A_LCH           0x100
#define LCH_STRIDE      0x40
REG32(LCH_CTL0, 0x00)
    FIELD(LCH_CTL0, CH_EN, 0, 1)
REG32(LCH_CTL1, 0x04)
    FIELD(LCH_CTL1, PCH, 16, 4)
    FIELD(LCH_CTL1, WFE_EN, 24, 1)
    FIELD(LCH_CTL1, SEV_EN, 25, 1)
    FIELD(LCH_CTL1, BIND_EN, 26, 1)
REG32(LCH_CMDBA, 0x08)
REG32(LCH_TRF_CMD, 0x0c)
    FIELD(LCH_TRF_CMD, START, 0, 1)
    FIELD(LCH_TRF_CMD, KILL, 1, 1)
    FIELD(LCH_TRF_CMD, RESUME, 2, 1)
    FIELD(LCH_TRF_CMD, FLUSH, 3, 1)
    FIELD(LCH_TRF_CMD, SRC_TYPE, 10, 2)
    FIELD(LCH_TRF_CMD, DST_TYPE, 12, 2)
    FIELD(LCH_TRF_CMD, TT_FC, 14, 2)
REG32(LCH_CMDBA_HIGH, 0x10)
REG32(LCH_IS, 0x14)
REG32(LCH_IE, 0x18)
REG32(LCH_DBGS0, 0x1c)
    FIELD(LCH_DBGS0, STATE, 0, 4)
    FIELD(LCH_DBGS0, BOUND, 11, 1)
    FIELD(LCH_DBGS0, PCH, 12, 4)
REG32(LCH_DBGC0, 0x20)
REG32(LCH_LLI_CNT, 0x30)

#define CFG_MASK        (R_CMN_CFG_EN_MASK | R_CMN_CFG_IE_EN_MASK)
#define TYPE_LIST       2
#define OUTSTANDING     8

void rkdma_lli_guest_error(RkdmaLli *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    rkdma_count_guest_error(TYPE_RKDMA_LLI, &s->c.guest_errors, fmt, ap);
    va_end(ap);
}

static bool has_ie(RkdmaLli *s)
{
    return s->version >= 0x00010002;
}

static void update_irq(RkdmaLli *s)
{
    uint32_t on = 0;

    for (int i = 0; i < 2; i++) {
        on |= s->cmn_is[i] & (has_ie(s) ? s->cmn_ie[i] : ~0u);
    }
    if ((s->cfg & CFG_MASK) != CFG_MASK) {
        on = 0;
    }
    if (!!on != s->irq_level) {
        s->irq_level = on;
        s->c.irqs_raised += s->irq_level;
        trace_rkdma_lli_irq(s->irq_level);
        qemu_set_irq(s->irq, s->irq_level);
    }
}

/* CMN_IS is a latch: set as an enabled bit comes up, cleared by a write alone. */
static void latch(RkdmaLli *s, int n)
{
    s->cmn_is[n / 32] |= 1u << (n % 32);
    update_irq(s);
}

/* Something happened on a channel: set its status bits. */
void rkdma_lli_event(RkdmaLli *s, int n, uint32_t bits)
{
    RkdmaLch *l = &s->lch[n];

    trace_rkdma_lli_event(n, bits);
    l->is |= bits;
    if (bits & l->ie) {
        latch(s, n);
    }
}

static void reset_state(RkdmaLli *s)
{
    timer_del(s->timer);
    s->cfg = 0;
    s->ctl[0] = s->ctl[1] = 0;
    s->axictl = s->dynctl = 0;
    s->pch_en = s->pch_sel = 0;
    memset(s->cmn_is, 0, sizeof(s->cmn_is));
    memset(s->cmn_ie, 0, sizeof(s->cmn_ie));
    for (int n = 0; n < RKDMA_MAX_LCH; n++) {
        uint64_t busy = s->lch[n].busy_ns;

        memset(&s->lch[n], 0, sizeof(s->lch[n]));
        s->lch[n].pch = -1;
        s->lch[n].busy_ns = busy;
        s->pch_owner[n] = -1;
    }
    s->cur = -1;
    update_irq(s);
}

static uint32_t cap0(RkdmaLli *s)
{
    uint32_t v = 0;

    v = FIELD_DP32(v, CMN_CAP0, LCHS, s->lchs - 1);
    v = FIELD_DP32(v, CMN_CAP0, PCHS, s->pchs - 1);
    v = FIELD_DP32(v, CMN_CAP0, STRIDE, 1);
    v = FIELD_DP32(v, CMN_CAP0, M2M, 1);
    v = FIELD_DP32(v, CMN_CAP0, M2P, 1);
    v = FIELD_DP32(v, CMN_CAP0, P2M, 1);
    v = FIELD_DP32(v, CMN_CAP0, LLI, 1);
    return FIELD_DP32(v, CMN_CAP0, BUF_DEPTH, s->buffer_depth - 1);
}

static uint32_t cap1(RkdmaLli *s)
{
    uint32_t v = 0;

    v = FIELD_DP32(v, CMN_CAP1, AXI_WIDTH, ctz32(s->bus_width));
    v = FIELD_DP32(v, CMN_CAP1, AXI_BURST, s->max_burst - 1);
    v = FIELD_DP32(v, CMN_CAP1, FIXED, 1);
    v = FIELD_DP32(v, CMN_CAP1, INCR, 1);
    v = FIELD_DP32(v, CMN_CAP1, ADDR_BITS, s->addr_bits - 29);
    return FIELD_DP32(v, CMN_CAP1, OUTSTANDING, OUTSTANDING - 1);
}

static uint32_t lch_read(RkdmaLli *s, int n, hwaddr reg)
{
    RkdmaLch *l = &s->lch[n];
    uint32_t v;

    switch (reg) {
    case A_LCH_CTL0:
        return l->en;
    case A_LCH_CTL1:
        return l->ctl1;
    case A_LCH_CMDBA:
        return l->cmdba;
    case A_LCH_CMDBA_HIGH:
        return l->cmdba >> 32;
    case A_LCH_TRF_CMD:
        return 0;
    case A_LCH_IS:
        return l->is;
    case A_LCH_IE:
        return l->ie;
    case A_LCH_DBGS0:
        v = FIELD_DP32(0, LCH_DBGS0, STATE, l->state);
        v = FIELD_DP32(v, LCH_DBGS0, BOUND, l->pch >= 0);
        return FIELD_DP32(v, LCH_DBGS0, PCH, MAX(l->pch, 0));
    case A_LCH_DBGC0:
        return l->dbgc0;
    case A_LCH_LLI_CNT:
        return l->lli_cnt;
    }
    rkdma_lli_guest_error(s, "read of LCH %d's unknown register %#x", n,
                          (unsigned)reg);
    return 0;
}

static uint32_t cmn_read(RkdmaLli *s, hwaddr addr)
{
    switch (addr) {
    case A_CMN_VER:
        return s->version;
    case A_CMN_CFG:
        return s->cfg;
    case A_CMN_CTL0:
    case A_CMN_CTL1:
        return s->ctl[(addr - A_CMN_CTL0) / 4];
    case A_CMN_AXICTL:
        return s->axictl;
    case A_CMN_DYNCTL:
        return s->dynctl;
    case A_CMN_IS0:
    case A_CMN_IS1:
        return s->cmn_is[(addr - A_CMN_IS0) / 4];
    case A_CMN_IE0:
    case A_CMN_IE1:
        if (has_ie(s)) {
            return s->cmn_ie[(addr - A_CMN_IE0) / 4];
        }
        break;
    case A_CMN_CAP0:
        return cap0(s);
    case A_CMN_CAP1:
        return cap1(s);
    case A_CMN_PCH_EN:
        return s->pch_en;
    case A_CMN_PCH_SEL:
        return s->pch_sel;
    }
    rkdma_lli_guest_error(s, "read of unknown register %#x", (unsigned)addr);
    return 0;
}

static uint64_t rkdma_lli_read(void *opaque, hwaddr addr, unsigned size)
{
    RkdmaLli *s = opaque;
    uint32_t v;

    s->c.mmio_reads++;
    if (addr < A_LCH) {
        v = cmn_read(s, addr);
    } else if ((addr - A_LCH) / LCH_STRIDE < s->lchs) {
        v = lch_read(s, (addr - A_LCH) / LCH_STRIDE, addr % LCH_STRIDE);
    } else {
        rkdma_lli_guest_error(s, "read at %#x: there is no such channel",
                              (unsigned)addr);
        v = 0;
    }
    trace_rkdma_lli_read(addr, v);
    return v;
}

/* What a write to a "hiword" register leaves in it. */
static uint32_t hiword(uint32_t old, uint32_t val)
{
    uint32_t mask = val >> 16;

    return (old & ~mask) | (val & mask);
}

static void start(RkdmaLli *s, int n, uint32_t cmd)
{
    RkdmaLch *l = &s->lch[n];
    uint32_t tt_fc = FIELD_EX32(cmd, LCH_TRF_CMD, TT_FC);

    if (!(s->cfg & R_CMN_CFG_EN_MASK) || !l->en) {
        rkdma_lli_guest_error(s, "START of LCH %d, which is not enabled", n);
    } else if (l->phase != LCH_STOPPED) {
        rkdma_lli_guest_error(s, "START of LCH %d, which runs", n);
    } else if (!l->cmdba || l->cmdba % RKDMA_ENTRY) {
        rkdma_lli_guest_error(s, "START of LCH %d with its entry at %#" PRIx64,
                              n, l->cmdba);
    } else if (tt_fc == TT_P2P) {
        rkdma_lli_guest_error(s, "START of LCH %d from peripheral to peripheral",
                              n);
    } else if (tt_fc != TT_M2M && n >= s->lines) {
        rkdma_lli_guest_error(s, "START of LCH %d, which has no request line", n);
    } else if (FIELD_EX32(cmd, LCH_TRF_CMD, SRC_TYPE) != TYPE_LIST ||
               FIELD_EX32(cmd, LCH_TRF_CMD, DST_TYPE) != TYPE_LIST) {
        qemu_log_mask(LOG_UNIMP, "rkdma-lli: LCH %d: only linked lists\n", n);
    } else {
        rkdma_lli_start(s, n, tt_fc);
    }
}

static void command(RkdmaLli *s, int n, uint32_t val)
{
    uint32_t cmd = hiword(0, val);

    if (cmd & R_LCH_TRF_CMD_KILL_MASK) {
        rkdma_lli_kill(s, n);
    }
    if (cmd & R_LCH_TRF_CMD_FLUSH_MASK) {
        qemu_log_mask(LOG_UNIMP, "rkdma-lli: LCH %d: FLUSH\n", n);
    }
    if (cmd & R_LCH_TRF_CMD_START_MASK) {
        start(s, n, cmd);
    }
    if (cmd & R_LCH_TRF_CMD_RESUME_MASK) {
        if (s->lch[n].phase == LCH_SUSPENDED) {
            rkdma_lli_resume(s, n);
        } else {
            rkdma_lli_guest_error(s, "RESUME of LCH %d, which is not suspended",
                                  n);
        }
    }
}

static void write_ctl1(RkdmaLli *s, int n, uint32_t val)
{
    if (val & (R_LCH_CTL1_WFE_EN_MASK | R_LCH_CTL1_SEV_EN_MASK |
               R_LCH_CTL1_BIND_EN_MASK)) {
        qemu_log_mask(LOG_UNIMP, "rkdma-lli: LCH %d: events and binding\n", n);
    }
    s->lch[n].ctl1 = val;
}

static void write_ctl0(RkdmaLli *s, int n, uint32_t val)
{
    RkdmaLch *l = &s->lch[n];

    if (val & 1) {
        if (l->phase != LCH_STOPPED) {
            rkdma_lli_guest_error(s, "CH_EN set on LCH %d, which runs", n);
        }
        l->en = true;
        l->state = ST_IDLE;
    } else if (l->phase != LCH_STOPPED) {
        rkdma_lli_stop(s, n);
    } else {
        l->en = false;
        l->state = ST_IDLE;
    }
}

static void lch_write(RkdmaLli *s, int n, hwaddr reg, uint32_t val)
{
    RkdmaLch *l = &s->lch[n];
    uint32_t was;

    switch (reg) {
    case A_LCH_CTL0:
        write_ctl0(s, n, val);
        return;
    case A_LCH_CTL1:
        write_ctl1(s, n, val);
        return;
    case A_LCH_CMDBA:
    case A_LCH_CMDBA_HIGH:
        if (l->phase != LCH_STOPPED) {
            rkdma_lli_guest_error(s, "the entry of LCH %d moved as it runs", n);
            return;
        }
        l->cmdba = reg == A_LCH_CMDBA ? deposit64(l->cmdba, 0, 32, val) :
                   deposit64(l->cmdba, 32, 32, val);
        return;
    case A_LCH_TRF_CMD:
        command(s, n, val);
        return;
    case A_LCH_IS:
        l->is &= ~val;
        return;
    case A_LCH_IE:
        was = l->is & l->ie;
        l->ie = val & INT_ALL;
        if (!was && (l->is & l->ie)) {
            latch(s, n);
        }
        return;
    case A_LCH_DBGC0:
        l->dbgc0 = val;
        return;
    }
    rkdma_lli_guest_error(s, "write of LCH %d's %s register %#x", n,
                          reg == A_LCH_DBGS0 || reg == A_LCH_LLI_CNT ?
                          "read-only" : "unknown", (unsigned)reg);
}

static void write_cfg(RkdmaLli *s, uint32_t val)
{
    s->cfg = hiword(s->cfg, val);
    if (s->cfg & R_CMN_CFG_SRST_MASK) {
        reset_state(s);
        return;
    }
    update_irq(s);
}

static void cmn_write(RkdmaLli *s, hwaddr addr, uint32_t val)
{
    int i = addr / 4 % 2;

    switch (addr) {
    case A_CMN_CFG:
        write_cfg(s, val);
        return;
    case A_CMN_CTL0:
    case A_CMN_CTL1:
        s->ctl[i] = val;
        return;
    case A_CMN_AXICTL:
        s->axictl = val;
        return;
    case A_CMN_DYNCTL:
        s->dynctl = val & 0x1f;
        return;
    case A_CMN_IS0:
    case A_CMN_IS1:
        s->cmn_is[i] &= ~val;
        update_irq(s);
        return;
    case A_CMN_IE0:
    case A_CMN_IE1:
        if (!has_ie(s)) {
            break;
        }
        s->cmn_ie[i] = val;
        update_irq(s);
        return;
    case A_CMN_PCH_EN:
        s->pch_en = hiword(s->pch_en, val) & (MAKE_64BIT_MASK(0, s->pchs));
        rkdma_lli_kick(s);
        return;
    case A_CMN_PCH_SEL:
        s->pch_sel = hiword(s->pch_sel, val);
        return;
    case A_CMN_VER:
    case A_CMN_CAP0:
    case A_CMN_CAP1:
        rkdma_lli_guest_error(s, "write of read-only register %#x",
                              (unsigned)addr);
        return;
    }
    rkdma_lli_guest_error(s, "write of unknown register %#x", (unsigned)addr);
}

static void rkdma_lli_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    RkdmaLli *s = opaque;

    s->c.mmio_writes++;
    trace_rkdma_lli_write(addr, val);
    if (addr < A_LCH) {
        cmn_write(s, addr, val);
    } else if ((addr - A_LCH) / LCH_STRIDE < s->lchs) {
        lch_write(s, (addr - A_LCH) / LCH_STRIDE, addr % LCH_STRIDE, val);
    } else {
        rkdma_lli_guest_error(s, "write at %#x: there is no such channel",
                              (unsigned)addr);
    }
}

/* Only 32-bit accesses are allowed. */
static bool rkdma_lli_accepts(void *opaque, hwaddr addr, unsigned size,
                              bool is_write, MemTxAttrs attrs)
{
    if (size == 4 && addr % 4 == 0) {
        return true;
    }
    rkdma_lli_guest_error(opaque, "access of %u bytes at %#x", size,
                          (unsigned)addr);
    return false;
}

static const MemoryRegionOps rkdma_lli_ops = {
    .read = rkdma_lli_read,
    .write = rkdma_lli_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 1,
        .max_access_size = 8,
        .unaligned = true,
        .accepts = rkdma_lli_accepts,
    },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void rkdma_lli_request(void *opaque, int line, int level)
{
    RkdmaLli *s = opaque;
    RkdmaLch *l = &s->lch[line];

    trace_rkdma_lli_request(line, level);
    if (line >= s->lines || extract64(s->request, line, 1) == !!level) {
        return;
    }
    /* Account the time so far with the old values. */
    rkdma_lli_kick(s);
    s->request = deposit64(s->request, line, 1, !!level);
    if (level && l->phase == LCH_DATA) {
        l->due = MAX(l->due, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    }
}

static void rkdma_lli_reset(DeviceState *dev)
{
    reset_state(RKDMA_LLI(dev));
}

static bool check_properties(RkdmaLli *s, Error **errp)
{
    if (!s->lchs || s->lchs > 64 || !s->pchs || s->pchs > 16 ||
        s->lines > s->lchs) {
        error_setg(errp, "rkdma-lli: lchs 1 to 64, pchs 1 to 16, lines at most lchs");
    } else if (!is_power_of_2(s->bus_width) || s->bus_width > 128) {
        error_setg(errp, "rkdma-lli: bus-width is a power of two up to 128");
    } else if (!s->max_burst || s->max_burst > 256 || !s->buffer_depth ||
               s->buffer_depth > 2048) {
        error_setg(errp, "rkdma-lli: max-burst 1 to 256, buffer-depth 1 to 2048");
    } else if (s->addr_bits < 29 || s->addr_bits > 48) {
        error_setg(errp, "rkdma-lli: addr-bits 29 to 48");
    } else if (!s->bus_hz) {
        error_setg(errp, "rkdma-lli: bus-hz must not be 0");
    } else {
        return true;
    }
    return false;
}

static void rkdma_lli_realize(DeviceState *dev, Error **errp)
{
    RkdmaLli *s = RKDMA_LLI(dev);

    if (!check_properties(s, errp)) {
        return;
    }
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, rkdma_lli_run, s);
}

static const RkdmaCounter counters[] = {
#define COUNTER(name, field) { name, offsetof(RkdmaLli, c.field) }
    COUNTER("mmio-reads", mmio_reads),
    COUNTER("mmio-writes", mmio_writes),
    COUNTER("item-fetches", item_fetches),
    COUNTER("entry-writes", entry_writes),
    COUNTER("bytes-read", bytes_read),
    COUNTER("bytes-written", bytes_written),
    COUNTER("irqs-raised", irqs_raised),
    COUNTER("guest-errors", guest_errors),
    COUNTER("busy-ns", busy_ns),
    COUNTER("idle-ns", idle_ns),
    COUNTER("bus-ns", bus_ns),
    COUNTER("fetch-time-ns", fetch_time_ns),
    COUNTER("latency-ns", latency_ns),
    COUNTER("request-wait-ns", request_wait_ns),
    COUNTER("gap-ns", gap_ns),
#undef COUNTER
};

static void set_reset_counters(Object *obj, bool value, Error **errp)
{
    RkdmaLli *s = RKDMA_LLI(obj);

    if (value) {
        memset(&s->c, 0, sizeof(s->c));
        for (int n = 0; n < RKDMA_MAX_LCH; n++) {
            s->lch[n].busy_ns = 0;
        }
    }
}

static bool get_reset_counters(Object *obj, Error **errp)
{
    return false;
}

static void rkdma_lli_init(Object *obj)
{
    RkdmaLli *s = RKDMA_LLI(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &rkdma_lli_ops, s, TYPE_RKDMA_LLI, 0x2000);
    sysbus_init_mmio(sbd, &s->mmio);
    sysbus_init_irq(sbd, &s->irq);
    qdev_init_gpio_in(DEVICE(obj), rkdma_lli_request, RKDMA_MAX_LCH);

    s->bus_hz = 400 * 1000 * 1000;
    s->mem_latency_ns = 120;
    s->fetch_ns = 130;
    s->pch_switch_ns = 10;
    s->bus_time = true;
    object_property_add_uint64_ptr(obj, "bus-hz", &s->bus_hz,
                                   OBJ_PROP_FLAG_READWRITE);
    object_property_add_uint64_ptr(obj, "mem-latency-ns", &s->mem_latency_ns,
                                   OBJ_PROP_FLAG_READWRITE);
    object_property_add_uint64_ptr(obj, "fetch-ns", &s->fetch_ns,
                                   OBJ_PROP_FLAG_READWRITE);
    object_property_add_uint64_ptr(obj, "pch-switch-ns", &s->pch_switch_ns,
                                   OBJ_PROP_FLAG_READWRITE);
    rkdma_add_bool(obj, "bus-time", &s->bus_time);
    object_property_add_bool(obj, "reset-counters", get_reset_counters,
                             set_reset_counters);
    rkdma_add_inject(obj, &s->inject);
    rkdma_add_counters(obj, counters, ARRAY_SIZE(counters));
    for (int n = 0; n < RKDMA_MAX_LCH; n++) {
        g_autofree char *name = g_strdup_printf("lch%d-busy-ns", n);

        object_property_add_uint64_ptr(obj, name, &s->lch[n].busy_ns,
                                       OBJ_PROP_FLAG_READ);
    }
}

static RKDMA_PROPS_CONST Property rkdma_lli_properties[] = {
    DEFINE_PROP_UINT32("lchs", RkdmaLli, lchs, 32),
    DEFINE_PROP_UINT32("pchs", RkdmaLli, pchs, 4),
    DEFINE_PROP_UINT32("lines", RkdmaLli, lines, 16),
    DEFINE_PROP_UINT32("bus-width", RkdmaLli, bus_width, 16),
    DEFINE_PROP_UINT32("max-burst", RkdmaLli, max_burst, 16),
    DEFINE_PROP_UINT32("buffer-depth", RkdmaLli, buffer_depth, 64),
    DEFINE_PROP_UINT32("addr-bits", RkdmaLli, addr_bits, 40),
    DEFINE_PROP_UINT32("version", RkdmaLli, version, 0x00010002),
    RKDMA_PROPS_END
};

static void rkdma_lli_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rkdma_lli_realize;
    dc->desc = "Rockchip linked-list DMA controller";
    rkdma_set_reset(dc, rkdma_lli_reset);
    device_class_set_props(dc, rkdma_lli_properties);
}

static const TypeInfo rkdma_lli_info = {
    .name = TYPE_RKDMA_LLI,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaLli),
    .instance_init = rkdma_lli_init,
    .class_init = rkdma_lli_class_init,
};

static void rkdma_lli_register_types(void)
{
    type_register_static(&rkdma_lli_info);
}

type_init(rkdma_lli_register_types)
