/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strict PL330's channel threads: how they begin, fetch code by way of the cache,
 * wait, abort, are killed, and end.
 */
#include "qemu/osdep.h"
#include "rkdma-pl330.h"
#include "trace.h"

bool rkdma_pl330_is_faulting(const PlThread *t)
{
    return t->state == PL_FAULTING || t->state == PL_FAULT_COMPLETING;
}

bool rkdma_pl330_is_running(const PlThread *t)
{
    return t->state != PL_STOPPED && t->state != PL_KILLING &&
           !rkdma_pl330_is_faulting(t);
}

void rkdma_pl330_discard(PlThread *t)
{
    t->arrived = t->claimed = t->freed = t->loaded;
}

void rkdma_pl330_invalidate(RkdmaPl330 *s, PlThread *t)
{
    for (int i = 0; i < s->icache_lines; i++) {
        if (s->cache[i].thread == t->id) {
            s->cache[i].valid = false;
        }
    }
    t->have = 0;
}

/* CSR shows the new state at once, or later than DBGSTATUS is idle. */
static void set_state(RkdmaPl330 *s, PlThread *t, uint32_t state)
{
    if (s->k.csr_late_ns) {
        t->shown = t->state;
        t->shown_until = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->k.csr_late_ns;
    }
    t->state = state;
}

void rkdma_pl330_release_lock(RkdmaPl330 *s, PlThread *t)
{
    if (s->load_lock == t->id) {
        s->load_lock = -1;
    }
}

bool rkdma_pl330_is_idle(RkdmaPl330 *s, const PlThread *t, bool reads, bool writes)
{
    return !(reads && rkdma_pl330_pending(&s->reads, t->id, false)) &&
           !(writes && rkdma_pl330_pending(&s->writes, t->id, false));
}

bool rkdma_pl330_passes(const PlThread *t, PlRequest asked)
{
    return asked == REQ_BURST || (asked == REQ_SINGLE && t->wfp != 1);
}

void rkdma_pl330_go(RkdmaPl330 *s, PlThread *t, uint32_t pc, bool ns)
{
    trace_rkdma_pl330_go(t->id, pc, ns);
    t->pc = pc;
    t->ns = ns;
    t->stall = STALL_NONE;
    t->have = 0;
    t->due = 0;
    t->request = REQ_NONE;
    rkdma_pl330_discard(t);
    set_state(s, t, PL_EXECUTING);
}

void rkdma_pl330_stop(RkdmaPl330 *s, PlThread *t, bool killed)
{
    trace_rkdma_pl330_stop(t->id, t->pc, killed);
    rkdma_pl330_release_lock(s, t);
    rkdma_pl330_discard(t);
    if (!(killed ? s->k.cache_stale_kill : s->k.cache_stale_end)) {
        rkdma_pl330_invalidate(s, t);
    }
    t->have = 0;
    t->stall = STALL_NONE;
    t->ftr = 0;
    if (killed && s->k.kill_clears) {
        t->pc = t->sar = t->dar = 0;
    }
    set_state(s, t, PL_STOPPED);
    rkdma_pl330_update_irqs(s);
}

/* A thread that ends by force goes on when none of its accesses is on the bus. */
static bool on_bus(RkdmaPl330 *s, PlThread *t)
{
    return rkdma_pl330_pending(&s->reads, t->id, true) ||
           rkdma_pl330_pending(&s->writes, t->id, true);
}

void rkdma_pl330_kill(RkdmaPl330 *s, PlThread *t)
{
    if (t->state == PL_STOPPED || t->state == PL_KILLING ||
        s->k.kill_ignored >> t->id & 1) {
        return;
    }
    rkdma_pl330_drop(s, t);
    rkdma_pl330_release_lock(s, t);
    t->state = PL_KILLING;
    t->due = s->k.kill_never >> t->id & 1 ? PL_NEVER : 0;
    if (!on_bus(s, t) && !t->due) {
        rkdma_pl330_stop(s, t, true);
    }
}

void rkdma_pl330_fault(RkdmaPl330 *s, PlThread *t, uint32_t why)
{
    trace_rkdma_pl330_fault(t->id, t->pc, why);
    t->ftr |= why;
    if (rkdma_pl330_is_faulting(t)) {
        return;
    }
    s->c.aborts++;
    rkdma_pl330_drop(s, t);
    rkdma_pl330_invalidate(s, t);
    rkdma_pl330_release_lock(s, t);
    t->stall = STALL_NONE;
    t->state = PL_FAULT_COMPLETING;
    t->due = s->t + rkdma_pl330_ps(s, s->abort_ns);
    rkdma_pl330_update_irqs(s);
}

static PlLine *find_line(RkdmaPl330 *s, PlThread *t, uint32_t addr)
{
    addr -= addr % s->icache_line;
    for (int i = 0; i < s->icache_lines; i++) {
        PlLine *l = &s->cache[i];

        if (l->valid && l->thread == t->id && l->addr == addr) {
            return l;
        }
    }
    return NULL;
}

/* Take what a line has of the instruction. */
static void collect(RkdmaPl330 *s, PlThread *t, PlLine *l)
{
    while (t->have < PL_INSN && t->pc + t->have - l->addr < s->icache_line) {
        t->insn[t->have] = l->data[t->pc + t->have - l->addr];
        t->have++;
    }
}

bool rkdma_pl330_fetched(RkdmaPl330 *s, PlThread *t, unsigned len)
{
    while (t->have < len) {
        uint32_t addr = t->pc + t->have;
        PlLine *l = find_line(s, t, addr);

        if (!l) {
            t->miss = addr - addr % s->icache_line;
            t->state = PL_CACHE_MISS;
            t->due = s->t + rkdma_pl330_ps(s, s->fetch_ns);
            return false;
        }
        collect(s, t, l);
    }
    return true;
}

static PlLine *load_line(RkdmaPl330 *s, PlThread *t, uint32_t addr)
{
    PlLine *l = &s->cache[s->cache_next];

    s->cache_next = (s->cache_next + 1) % s->icache_lines;
    l->valid = rkdma_pl330_read_code(s, addr, l->data, s->icache_line);
    l->thread = t->id;
    l->addr = addr;
    return l->valid ? l : NULL;
}

void rkdma_pl330_fill(RkdmaPl330 *s, PlThread *t)
{
    PlLine *l = load_line(s, t, t->miss);

    t->state = PL_EXECUTING;
    t->due = 0;
    if (!l) {
        rkdma_pl330_fault(s, t, PL_FETCH_ERR);
        return;
    }
    collect(s, t, l);
    for (uint32_t n = 1; n <= s->k.cache_ahead; n++) {
        uint32_t addr = t->miss + n * s->icache_line;

        /* Nobody may ever execute it, so an error is nobody's. */
        if (!find_line(s, t, addr)) {
            load_line(s, t, addr);
        }
    }
}

/* Whether the data of all of a thread's stores have left the buffer. */
static bool all_left(RkdmaPl330 *s, PlThread *t)
{
    for (unsigned i = 0; i < s->writes.n; i++) {
        if (s->writes.entry[i].thread == t->id && !s->writes.entry[i].left) {
            return false;
        }
    }
    return true;
}

/* Whether what an instruction waits for has come. */
static bool can_go_on(RkdmaPl330 *s, PlThread *t)
{
    switch (t->stall) {
    case STALL_NONE:
        return true;
    case STALL_QUEUE:
        /* Either one: the instruction looks for itself. */
        return rkdma_pl330_has_room(s, t->insn[0] & 0x08);
    case STALL_MFIFO:
        return (s->load_lock < 0 || s->load_lock == t->id) &&
               rkdma_pl330_lines_free(s) >= t->number;
    case STALL_EVENT:
        return s->event >> t->number & 1;
    case STALL_REQUEST:
        return rkdma_pl330_passes(t, rkdma_pl330_requested(s, t->number));
    default:
        if (s->k.barrier_early && t->stall == STALL_WRITES) {
            return all_left(s, t);
        }
        return rkdma_pl330_is_idle(s, t, t->stall != STALL_WRITES, t->stall != STALL_READS);
    }
}

int64_t rkdma_pl330_thread_due(RkdmaPl330 *s, PlThread *t)
{
    int64_t due = MAX(t->due, s->pipe_free);

    switch (t->state) {
    case PL_STOPPED:
    case PL_FAULTING:
        return PL_NEVER;
    case PL_KILLING:
    case PL_FAULT_COMPLETING:
        return on_bus(s, t) || t->due == PL_NEVER ? PL_NEVER : MAX(t->due, s->t);
    case PL_CACHE_MISS:
        return t->due;
    }
    if (can_go_on(s, t)) {
        return MAX(due, s->t);
    }
    /* The level may count later. */
    if (t->stall == STALL_REQUEST && s->level[t->number] &&
        s->request_due[t->number] > s->t) {
        return s->request_due[t->number];
    }
    return PL_NEVER;
}

void rkdma_pl330_thread_step(RkdmaPl330 *s, PlThread *t)
{
    switch (t->state) {
    case PL_KILLING:
        rkdma_pl330_stop(s, t, true);
        return;
    case PL_FAULT_COMPLETING:
        t->state = PL_FAULTING;
        return;
    case PL_CACHE_MISS:
        rkdma_pl330_fill(s, t);
        return;
    }
    if (!can_go_on(s, t)) {
        return;
    }
    s->turn = t->id;
    s->pipe_free = s->t + rkdma_pl330_cycles(s, 1, s->clock_hz);
    rkdma_pl330_execute(s, t);
}
