/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strict PL330's loads and stores: its queues, the buffer (MFIFO), and the bus with
 * its time and its errors.
 *
 * A load reserves lines of the buffer when it is executed, and a store frees them as its
 * data leave. Each thread's bytes are a stream, in byte lanes by the destination's
 * address, so that a stream that begins or ends within a line occupies all of it. Reads
 * and writes have a data bus each, one beat per clock, shared by all threads. A write is
 * in memory, or in the peripheral, when the bus answers it.
 */
#include "qemu/osdep.h"
#include "rkdma-pl330.h"

#define BOUNDARY        4096    /* no burst of the bus crosses it */

/* Whether the bus refuses this access. */
static bool refused(RkdmaPl330 *s, char kind, uint32_t addr, uint32_t len)
{
    if ((uint64_t)addr + len > 1ull << 32) {
        return true;
    }
    /* The controller does not answer itself. */
    return rkdma_inject_hits(&s->inject, kind, addr, len) ||
           ranges_overlap(addr, len, s->mmio.addr, memory_region_size(&s->mmio));
}

static bool access_bus(uint32_t addr, uint8_t *data, uint32_t len, bool write)
{
    return address_space_rw(&address_space_memory, addr, MEMTXATTRS_UNSPECIFIED,
                            data, len, write) == MEMTX_OK;
}

bool rkdma_pl330_read_code(RkdmaPl330 *s, uint32_t addr, uint8_t *to, uint32_t len)
{
    s->c.fetches++;
    return !refused(s, 'f', addr, len) && access_bus(addr, to, len, false);
}

static uint32_t width(RkdmaPl330 *s)
{
    return s->data_width / 8;
}

uint32_t rkdma_pl330_lines_used(RkdmaPl330 *s, const PlThread *t)
{
    if (t->loaded == t->freed) {
        return 0;
    }
    return DIV_ROUND_UP(t->loaded + t->lane, width(s)) - (t->freed + t->lane) / width(s);
}

uint32_t rkdma_pl330_lines_free(RkdmaPl330 *s)
{
    uint32_t used = 0;

    for (int n = 0; n < s->threads; n++) {
        used += rkdma_pl330_lines_used(s, &s->thread[n]);
    }
    return s->buffer_lines - used;
}

bool rkdma_pl330_has_room(RkdmaPl330 *s, bool write)
{
    PlQueue *q = write ? &s->writes : &s->reads;

    return q->waiting < (write ? s->wr_queue : s->rd_queue) && q->n < PL_MAX_ENTRIES;
}

bool rkdma_pl330_queue(RkdmaPl330 *s, bool write, const PlAccess *access)
{
    PlQueue *q = write ? &s->writes : &s->reads;

    if (!rkdma_pl330_has_room(s, write)) {
        return false;
    }
    q->entry[q->n++] = *access;
    q->waiting++;
    return true;
}

unsigned rkdma_pl330_pending(PlQueue *q, int thread, bool issued_only)
{
    unsigned n = 0;

    for (unsigned i = 0; i < q->n; i++) {
        n += q->entry[i].thread == thread && (q->entry[i].issued || !issued_only);
    }
    return n;
}

static void remove_entry(PlQueue *q, unsigned i)
{
    if (!q->entry[i].issued) {
        q->waiting--;
    }
    q->n--;
    memmove(&q->entry[i], &q->entry[i + 1], (q->n - i) * sizeof(q->entry[0]));
}

static void drop_from(PlQueue *q, int thread)
{
    for (unsigned i = 0; i < q->n;) {
        if (q->entry[i].thread != thread) {
            i++;
        } else if (!q->entry[i].issued) {
            remove_entry(q, i);
        } else {
            q->entry[i++].doomed = true;
        }
    }
}

/* What a store takes out of the buffer. */
static void take_data(RkdmaPl330 *s, PlAccess *a)
{
    PlThread *t = &s->thread[a->thread];

    a->left = true;
    if (a->zero) {
        memset(a->data, 0, a->bytes);
        return;
    }
    for (uint32_t i = 0; i < a->bytes; i++) {
        a->data[i] = t->data[(a->pos + i) % sizeof(t->data)];
    }
    t->freed = a->pos + a->bytes;
}

void rkdma_pl330_drop(RkdmaPl330 *s, PlThread *t)
{
    /* The bus has been promised the data of the stores that are on it. */
    for (unsigned i = 0; i < s->writes.n; i++) {
        PlAccess *a = &s->writes.entry[i];

        if (a->thread == t->id && a->issued && !a->left) {
            take_data(s, a);
        }
    }
    drop_from(&s->reads, t->id);
    drop_from(&s->writes, t->id);
    rkdma_pl330_discard(t);
}

/* Reserve the bus for an access that begins now. */
static void occupy(RkdmaPl330 *s, PlQueue *q, PlAccess *a, uint64_t before, uint64_t after)
{
    int64_t start = s->t + rkdma_pl330_ps(s, before);

    if (a->inc && a->bytes && (a->addr ^ (a->addr + a->bytes - 1)) / BOUNDARY) {
        /* The other side of 4 KiB is another burst, with its own address phase. */
        start += rkdma_pl330_ps(s, before ?: after);
    }
    if (start > q->bus_free) {
        q->bus_from = start;
    }
    start = MAX(start, q->bus_free);
    a->issued = true;
    q->waiting--;
    a->data_end = start + rkdma_pl330_cycles(s, a->beats, s->bus_hz);
    a->end = a->data_end + rkdma_pl330_ps(s, after);
    q->bus_free = a->data_end;
}

/* Loads and stores of a thread go to the bus in order, those of others overtake them. */
static void issue_queue(RkdmaPl330 *s, PlQueue *q, bool write)
{
    unsigned on_bus = q->n - q->waiting;
    uint32_t held = 0;

    for (unsigned i = 0; i < q->n && q->waiting; i++) {
        PlAccess *a = &q->entry[i];

        if (a->issued || held >> a->thread & 1) {
            continue;
        }
        if (on_bus >= (write ? s->wr_cap : s->rd_cap)) {
            return;
        }
        if (write && !a->zero && s->thread[a->thread].arrived < a->pos + a->bytes) {
            held |= 1u << a->thread;
            continue;
        }
        occupy(s, q, a, write ? 0 : s->mem_latency_ns, write ? s->write_latency_ns : 0);
        on_bus++;
    }
}

void rkdma_pl330_issue(RkdmaPl330 *s)
{
    issue_queue(s, &s->reads, false);
    issue_queue(s, &s->writes, true);
}

static int64_t next_event(const PlAccess *a, bool write)
{
    if (!a->issued) {
        return PL_NEVER;
    }
    return write && !a->left ? a->data_end : a->end;
}

PlBusEvent rkdma_pl330_bus_next(RkdmaPl330 *s)
{
    PlBusEvent next = { .due = PL_NEVER };

    /* Of several at the same time the first read comes first. */
    for (int write = 0; write < 2; write++) {
        PlQueue *q = write ? &s->writes : &s->reads;

        for (unsigned i = 0; i < q->n; i++) {
            int64_t due = next_event(&q->entry[i], write);

            if (due < next.due) {
                next = (PlBusEvent) { due, write, i };
            }
        }
    }
    return next;
}

/* Move the beats of an access: memory at once, a fixed address beat by beat. */
static bool transfer(RkdmaPl330 *s, const PlAccess *a, uint8_t *data, bool write)
{
    uint32_t step = a->inc ? a->bytes : a->bytes / a->beats;

    if (refused(s, write ? 'w' : 'r', a->addr, step)) {
        return false;
    }
    for (uint32_t i = 0; i < a->bytes; i += step) {
        if (!access_bus(a->addr, data + i, step, write)) {
            return false;
        }
    }
    return true;
}

static void read_done(RkdmaPl330 *s, unsigned i)
{
    PlAccess a = s->reads.entry[i];
    PlThread *t = &s->thread[a.thread];
    uint8_t data[PL_BURST];
    bool ok;

    remove_entry(&s->reads, i);
    ok = transfer(s, &a, data, false);
    if (a.doomed) {
        return;
    }
    if (!ok) {
        rkdma_pl330_fault(s, t, s->k.fault_blank ? PL_FETCH_ERR : PL_READ_ERR);
        return;
    }
    s->c.bytes_read += a.bytes;
    for (uint32_t n = 0; n < a.bytes; n++) {
        t->data[(a.pos + n) % sizeof(t->data)] = data[n];
    }
    t->arrived = a.pos + a.bytes;
    if (a.line >= 0) {
        rkdma_pl330_acknowledge(s, a.line);
    }
}

static void write_done(RkdmaPl330 *s, unsigned i)
{
    PlAccess a = s->writes.entry[i];
    bool ok;

    remove_entry(&s->writes, i);
    ok = transfer(s, &a, a.data, true);
    if (ok) {
        s->c.bytes_written += a.bytes;
        if (a.line >= 0) {
            rkdma_pl330_acknowledge(s, a.line);
        }
    } else if (!a.doomed) {
        rkdma_pl330_fault(s, &s->thread[a.thread],
                          s->k.fault_blank ? PL_FETCH_ERR : PL_WRITE_ERR);
    }
}

void rkdma_pl330_bus_step(RkdmaPl330 *s, PlBusEvent next)
{
    if (!next.write) {
        read_done(s, next.entry);
    } else if (!s->writes.entry[next.entry].left) {
        take_data(s, &s->writes.entry[next.entry]);
    } else {
        write_done(s, next.entry);
    }
}
