/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strict PL330's work in virtual time.
 *
 * One timer drives everything. rkdma_pl330_run() goes from event to event: the bus has
 * something done, the debug interface is through, a thread executes its next
 * instruction. If the host was late it catches up, at the times at which things should
 * have happened. An access of a register does so as well, so that it sees what is true at
 * its time; it never waits. The timer looks at most once in quantum-ns, since each look
 * costs the host more than the model's work: interrupts, requests and memory may be late
 * by that. A program that loops for ever takes a bounded part of the host's time: what the
 * host cannot do in time is done later.
 */
#include "qemu/osdep.h"
#include "rkdma-pl330.h"

/* Limits of one timer's work, and the guest's time until the rest, ns. */
#define MAX_STEPS       4096
#define PAUSE_NS        20000

static int64_t now_ps(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) * PL_PS;
}

int64_t rkdma_pl330_ps(RkdmaPl330 *s, uint64_t ns)
{
    return s->bus_time ? ns * PL_PS : 0;
}

int64_t rkdma_pl330_cycles(RkdmaPl330 *s, uint64_t n, uint64_t hz)
{
    return s->bus_time ? muldiv64(n * 1000000, 1000000, hz) : 0;
}

/* Count time in ns; what is less than one is kept for the next time. */
static void count(uint64_t *ns, uint64_t *frac, int64_t ps)
{
    *frac += ps;
    *ns += *frac / PL_PS;
    *frac %= PL_PS;
}

/* How much of the time until @t a direction of the bus has data. */
static int64_t data_time(RkdmaPl330 *s, const PlQueue *q, int64_t t)
{
    return MAX(MIN(t, q->bus_free) - MAX(s->t, q->bus_from), 0);
}

/* What the rest of the time is called. */
static uint64_t *reason(RkdmaPl330 *s, bool running, bool fetching, bool waiting)
{
    if (s->reads.n || s->writes.n) {
        return &s->c.latency_ns;
    }
    if (fetching) {
        return &s->c.fetch_time_ns;
    }
    return waiting ? &s->c.request_wait_ns : running ? &s->c.gap_ns : &s->c.idle_ns;
}

/* Advance the model's time, and count what the controller did meanwhile. */
static void pass_time(RkdmaPl330 *s, int64_t t)
{
    bool running = false, fetching = false, waiting = false;
    int64_t bus, all = t - s->t;

    if (all <= 0) {
        return;
    }
    for (int n = 0; n < s->threads; n++) {
        PlThread *p = &s->thread[n];

        if (p->state == PL_STOPPED || p->state == PL_FAULTING) {
            continue;
        }
        running = true;
        count(&p->busy_ns, &p->busy_frac, all);
        fetching |= p->state == PL_CACHE_MISS;
        waiting |= p->state == PL_AT_PERIPHERAL;
    }
    bus = MAX(data_time(s, &s->reads, t), data_time(s, &s->writes, t));
    if (running) {
        count(&s->c.busy_ns, &s->frac[0], all);
    }
    count(&s->c.bus_ns, &s->frac[1], bus);
    count(reason(s, running, fetching, waiting), &s->frac[2], all - bus);
    s->t = t;
}

/*
 * Lock-up: nothing is queued, and every thread that runs waits for the buffer. The
 * watchdog ends that some clocks later.
 */
static void watch(RkdmaPl330 *s)
{
    bool locked = false;

    for (int n = 0; n < s->threads; n++) {
        PlThread *t = &s->thread[n];

        if (!rkdma_pl330_is_running(t)) {
            continue;
        }
        if (t->stall != STALL_MFIFO || rkdma_pl330_thread_due(s, t) != PL_NEVER) {
            s->watch_due = PL_NEVER;
            return;
        }
        locked = true;
    }
    if (!locked || s->reads.n || s->writes.n) {
        s->watch_due = PL_NEVER;
    } else if (s->watch_due == PL_NEVER) {
        s->watch_due = s->t + rkdma_pl330_cycles(s, s->watchdog, s->clock_hz);
    }
}

static void bite(RkdmaPl330 *s)
{
    s->watch_due = PL_NEVER;
    for (int n = 0; n < s->threads; n++) {
        if (rkdma_pl330_is_running(&s->thread[n])) {
            rkdma_pl330_fault(s, &s->thread[n], PL_LOCKUP);
        }
    }
}

/* The thread that goes on first; of several, the next one in turn. */
static PlThread *next_thread(RkdmaPl330 *s, int64_t *due)
{
    PlThread *found = NULL;

    *due = PL_NEVER;
    for (int i = 1; i <= s->threads; i++) {
        PlThread *t = &s->thread[(s->turn + i) % s->threads];
        int64_t at;

        if (t->state == PL_STOPPED) {
            continue;
        }
        at = rkdma_pl330_thread_due(s, t);
        if (at < *due) {
            *due = at;
            found = t;
        }
    }
    return found;
}

/* When the next thing happens: on the bus @bus, of a thread @t, or another. */
static int64_t next_due(RkdmaPl330 *s, PlBusEvent *bus, PlThread **t)
{
    int64_t due;

    *t = next_thread(s, &due);
    *bus = rkdma_pl330_bus_next(s);
    due = MIN(due, bus->due);
    due = MIN(due, s->watch_due);
    return s->dbg_busy ? MIN(due, s->dbg_due) : due;
}

/* One event. False if there is none by now; @due says when there is. */
static bool step(RkdmaPl330 *s, int64_t now, int64_t *due)
{
    PlBusEvent bus;
    PlThread *t;

    rkdma_pl330_issue(s);
    watch(s);
    *due = next_due(s, &bus, &t);
    if (*due > now) {
        return false;
    }
    pass_time(s, *due);
    if (bus.due <= s->t) {
        rkdma_pl330_bus_step(s, bus);
    } else if (s->dbg_busy && s->dbg_due <= s->t) {
        rkdma_pl330_debug(s);
    } else if (s->watch_due <= s->t) {
        bite(s);
    } else if (t) {
        rkdma_pl330_thread_step(s, t);
    }
    return true;
}

static void arm(RkdmaPl330 *s, int64_t due, int64_t now)
{
    int64_t ns = due / PL_PS + !!(due % PL_PS);

    timer_mod(s->timer, MAX(ns, now / PL_PS + (int64_t)s->quantum_ns));
}

/* What a peripheral's line does meanwhile, because of an access, comes back here. */
static void run_until(RkdmaPl330 *s, int64_t now)
{
    int64_t due;

    for (int i = 0; i < MAX_STEPS; i++) {
        if (step(s, now, &due)) {
            continue;
        }
        if (due == PL_NEVER) {
            pass_time(s, now);
        } else {
            arm(s, due, now);
        }
        return;
    }
    /* The host is too slow for this program: the model's time stands still. */
    pass_time(s, now - MIN(now - s->t, PAUSE_NS * PL_PS));
    timer_mod(s->timer, now / PL_PS + PAUSE_NS);
}

void rkdma_pl330_run(void *opaque)
{
    RkdmaPl330 *s = opaque;

    if (s->in_run) {
        return;
    }
    s->in_run = true;
    run_until(s, now_ps());
    s->in_run = false;
}

void rkdma_pl330_kick(RkdmaPl330 *s)
{
    int64_t now = now_ps();
    PlBusEvent bus;
    PlThread *t;

    if (s->in_run) {
        return;
    }
    rkdma_pl330_issue(s);
    if (next_due(s, &bus, &t) >= now) {
        pass_time(s, now);
    }
    timer_mod(s->timer, now / PL_PS);
}
