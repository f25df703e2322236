/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The linked-list controller's work in virtual time.
 *
 * One timer drives everything. rkdma_lli_run() goes from event to event: the
 * chunk on the bus is done, an item has arrived, a channel may have the bus. If
 * the host was late it catches up, at the times at which things should have
 * happened. It never runs inside a register access.
 */
#include "qemu/osdep.h"
#include "rkdma-lli.h"
#include "qemu/log.h"
#include "trace.h"

/* Limit of one timer's work, so that others get a turn on the host. */
#define MAX_STEPS   256
#define MAX_BYTES   (1 * MiB)

/* trf_cfg */
#define CFG_TYPES(cfg)          ((cfg) & 0x33)
#define CFG_TYPES_LIST          0x22
#define CFG_STRIDE_EN(cfg)      (((cfg) >> 12) & 1)
#define CFG_STRIDE_MODE(cfg)    (((cfg) >> 13) & 3)

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static bool is_peripheral(RkdmaLch *l)
{
    return l->tt_fc != TT_M2M;
}

/* Whether the channel can use the bus. */
static bool ready(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];

    return l->phase == LCH_DATA &&
           (!is_peripheral(l) || (s->request >> n & 1));
}

/* Advance the model's time to @t, and count what the controller did meanwhile. */
static void pass_time(RkdmaLli *s, int64_t t)
{
    bool running = false, fetching = false, latency = false, waiting = false;
    int64_t d = t - s->t;

    if (d <= 0) {
        return;
    }
    for (int n = 0; n < s->lchs; n++) {
        RkdmaLch *l = &s->lch[n];

        if (l->phase == LCH_STOPPED || l->phase == LCH_SUSPENDED) {
            continue;
        }
        running = true;
        l->busy_ns += d;
        fetching |= l->phase == LCH_FETCH || l->phase == LCH_ENTRY;
        latency |= l->phase == LCH_DATA && l->due > s->t;
        waiting |= l->phase == LCH_DATA && !ready(s, n);
    }
    *(running ? &s->c.busy_ns : &s->c.idle_ns) += d;
    if (s->cur >= 0) {
        s->c.bus_ns += d;
    } else if (fetching) {
        s->c.fetch_time_ns += d;
    } else if (latency) {
        s->c.latency_ns += d;
    } else if (waiting) {
        s->c.request_wait_ns += d;
    } else if (running) {
        s->c.gap_ns += d;
    }
    s->t = t;
}

static void unbind(RkdmaLli *s, RkdmaLch *l)
{
    if (l->pch >= 0) {
        s->pch_owner[l->pch] = -1;
        l->pch = -1;
    }
}

static void end_list(RkdmaLli *s, int n, uint32_t state, uint32_t bits)
{
    RkdmaLch *l = &s->lch[n];

    unbind(s, l);
    l->phase = LCH_STOPPED;
    l->state = state;
    l->en = false;
    l->stop = false;
    trace_rkdma_lli_end(n, state, bits);
    if (bits) {
        rkdma_lli_event(s, n, bits);
    }
}

static int64_t delay(RkdmaLli *s, uint64_t ns)
{
    return s->t + (s->bus_time ? ns : 0);
}

static void fetch(RkdmaLli *s, int n)
{
    s->lch[n].phase = LCH_FETCH;
    s->lch[n].state = ST_BLK_START;
    s->lch[n].due = delay(s, s->fetch_ns);
}

/* The entry has arrived: it says where the list begins. */
static void have_entry(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];
    uint64_t w[8];
    uint32_t cfg;

    if (!rkdma_lli_read_words(s, l->cmdba, w, 'f')) {
        end_list(s, n, ST_ERR, INT_CMD_RD_ERR);
        return;
    }
    l->next = w[2] >> 32 | (w[3] >> 32 & 0xffff) << 32;
    cfg = w[4];
    l->stride_en = CFG_STRIDE_EN(cfg);
    l->stride_mode = CFG_STRIDE_MODE(cfg);
    l->stride_inc = w[7] & 0xffffff;
    if (CFG_TYPES(cfg) != CFG_TYPES_LIST || (cfg >> 8 & 3) != l->tt_fc) {
        rkdma_lli_guest_error(s, "LCH %d: trf_cfg %#x is not what START said",
                              n, cfg);
    }
    fetch(s, n);
}

static bool check_item(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];
    uint32_t msize = l->ctl0 >> 15;

    if (!l->len) {
        rkdma_lli_guest_error(s, "LCH %d: an item of zero length", n);
        return false;
    }
    if (1u << (l->tctl1 >> 2 & 7) > s->bus_width ||
        1u << (l->tctl1 >> 18 & 7) > s->bus_width) {
        rkdma_lli_guest_error(s, "LCH %d: an item wider than the bus", n);
        return false;
    }
    if (!msize && (is_peripheral(l) || l->stride_en)) {
        rkdma_lli_guest_error(s, "LCH %d: an item without MSIZE", n);
        return false;
    }
    if (is_peripheral(l) &&
        (((l->tctl1 >> 5 & 0x3f) >= 16) ||
         msize > s->buffer_depth * s->bus_width)) {
        rkdma_lli_guest_error(s, "LCH %d: a burst longer than 16 or the buffer", n);
        return false;
    }
    return true;
}

/* The next item has arrived. */
static void have_item(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];
    uint64_t w[8];

    if (l->next % RKDMA_ENTRY) {
        rkdma_lli_guest_error(s, "LCH %d: item at %#" PRIx64 " is not aligned",
                              n, l->next);
        end_list(s, n, ST_ERR, INT_LLI_RD_ERR);
        return;
    }
    s->c.item_fetches++;
    if (!rkdma_lli_read_words(s, l->next, w, 'f')) {
        end_list(s, n, ST_ERR, INT_LLI_RD_ERR);
        return;
    }
    trace_rkdma_lli_item(n, l->next, (uint32_t)w[0], w[2] & 0x1ffffff);
    if (!(w[0] & CTL0_VALID)) {
        end_list(s, n, ST_ERR, INT_LLI_INVALID);
        return;
    }
    l->ctl0 = w[0];
    l->tctl1 = w[0] >> 32;
    l->src = (uint32_t)w[1] | (w[3] & 0xffff) << 32;
    l->dst = w[1] >> 32 | (w[3] >> 16 & 0xffff) << 32;
    l->len = w[2] & 0x1ffffff;
    l->next = w[2] >> 32 | (w[3] >> 32 & 0xffff) << 32;
    l->idx = w[3] >> 48;
    l->done = 0;
    if (!check_item(s, n)) {
        end_list(s, n, ST_ERR, INT_LLI_INVALID);
        return;
    }
    if (!rkdma_lli_write_entry(s, l, true)) {
        end_list(s, n, ST_ERR, INT_CMD_WR_ERR);
        return;
    }
    l->phase = LCH_DATA;
    l->state = is_peripheral(l) ? ST_PERI_WAIT : ST_TRANS;
    l->due = delay(s, s->mem_latency_ns);
}

/* All bytes of an item are moved and the entry says so. */
static void item_done(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];
    uint32_t bits = l->ctl0 & CTL0_IOC ? INT_BLOCK_DONE : 0;

    l->lli_cnt = l->ctl0 & CTL0_CNT_CLR ? 0 : (l->lli_cnt + 1) & 0xffff;
    if (l->ctl0 & CTL0_LAST) {
        end_list(s, n, ST_DONE, bits | INT_DMA_DONE);
        return;
    }
    if (l->ctl0 & CTL0_WAIT) {
        unbind(s, l);
        l->phase = LCH_SUSPENDED;
        l->state = ST_SUSPD;
        rkdma_lli_event(s, n, bits | INT_LLI_WAIT);
        return;
    }
    if (bits) {
        rkdma_lli_event(s, n, bits);
    }
    if (!l->stop) {
        fetch(s, n);
    }
}

/* The chunk on the bus is through. */
static void chunk_done(RkdmaLli *s)
{
    int n = s->cur;
    RkdmaLch *l = &s->lch[n];
    uint32_t err;

    s->cur = -1;
    err = rkdma_lli_move(s, l, s->cur_len);
    if (!rkdma_lli_write_entry(s, l, false)) {
        err |= INT_CMD_WR_ERR;
    }
    if (err) {
        end_list(s, n, ST_ERR, err);
        return;
    }
    if (l->done == l->len) {
        item_done(s, n);
    }
    if (l->stop && l->phase != LCH_STOPPED) {
        end_list(s, n, ST_IDLE, 0);
    }
}

/* Give a channel a physical one; the time that a switch takes. */
static int64_t bind_pch(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];
    int victim = -1;

    if (l->pch >= 0) {
        return 0;
    }
    for (int p = 0; p < s->pchs; p++) {
        if (!(s->pch_en >> p & 1)) {
            continue;
        }
        if (s->pch_owner[p] < 0) {
            victim = p;
            break;
        }
        /* The bus is free now, so any physical channel may be switched. */
        if (victim < 0 || !ready(s, s->pch_owner[p])) {
            victim = p;
        }
    }
    if (victim < 0) {
        return -1;
    }
    if (s->pch_owner[victim] >= 0) {
        s->lch[s->pch_owner[victim]].pch = -1;
    }
    s->pch_owner[victim] = n;
    l->pch = victim;
    return s->bus_time ? s->pch_switch_ns : 0;
}

/* The next channel that gets the bus: round-robin among those that are ready. */
static int next_ready(RkdmaLli *s, bool *alone)
{
    int found = -1;

    *alone = true;
    for (int i = 1; i <= s->lchs; i++) {
        int n = (s->turn + i) % s->lchs;

        if (!ready(s, n) || s->lch[n].due > s->t) {
            continue;
        }
        if (found >= 0) {
            *alone = false;
            break;
        }
        found = n;
    }
    return found;
}

static bool take_bus(RkdmaLli *s)
{
    bool alone;
    int n = next_ready(s, &alone);
    int64_t cost;
    RkdmaLch *l;

    if (n < 0) {
        return false;
    }
    cost = bind_pch(s, n);
    if (cost < 0) {
        return false;
    }
    l = &s->lch[n];
    l->state = ST_TRANS;
    s->cur = n;
    s->turn = n;
    s->cur_len = rkdma_lli_chunk(s, l, alone);
    s->cur_start = s->t + cost;
    s->cur_end = s->cur_start + rkdma_lli_duration(s, l, s->cur_len);
    return true;
}

/* The earliest channel that waits for time to pass; -1 if none does. */
static int earliest(RkdmaLli *s)
{
    int found = -1;

    for (int n = 0; n < s->lchs; n++) {
        RkdmaLch *l = &s->lch[n];
        bool timed = l->phase == LCH_ENTRY || l->phase == LCH_FETCH ||
                     (ready(s, n) && l->due > s->t);

        if (timed && (found < 0 || l->due < s->lch[found].due)) {
            found = n;
        }
    }
    return found;
}

/*
 * One event. False if nothing can happen before the time in @wake, which is
 * INT64_MAX if only the guest or a request line can change anything.
 */
static bool step(RkdmaLli *s, int64_t now, int64_t *wake)
{
    int n = earliest(s);
    RkdmaLch *l;

    *wake = n < 0 ? INT64_MAX : s->lch[n].due;
    if (s->cur >= 0 && s->cur_end <= *wake) {
        *wake = s->cur_end;
        if (*wake > now) {
            return false;
        }
        pass_time(s, *wake);
        chunk_done(s);
        return true;
    }
    if (s->cur < 0 && take_bus(s)) {
        return true;
    }
    if (*wake > now) {
        return false;
    }
    pass_time(s, *wake);
    l = &s->lch[n];
    if (l->phase == LCH_ENTRY) {
        have_entry(s, n);
    } else if (l->phase == LCH_FETCH) {
        have_item(s, n);
    }
    return true;
}

/* The timer: do all that is due. */
void rkdma_lli_run(void *opaque)
{
    RkdmaLli *s = opaque;
    int64_t now = now_ns(), wake = now;
    uint64_t start = s->c.bytes_read;

    for (int i = 0; i < MAX_STEPS && s->c.bytes_read - start < MAX_BYTES; i++) {
        if (!step(s, now, &wake)) {
            break;
        }
        wake = now;
    }
    if (wake != INT64_MAX) {
        timer_mod(s->timer, wake);
    } else {
        pass_time(s, now);
    }
}

/* Something changed that the timer has to look at. */
void rkdma_lli_kick(RkdmaLli *s)
{
    bool busy = s->cur >= 0 || earliest(s) >= 0;

    /* It was idle until now, so no event is overdue. */
    if (!busy) {
        pass_time(s, now_ns());
    }
    timer_mod(s->timer, now_ns());
}

void rkdma_lli_start(RkdmaLli *s, int n, uint32_t tt_fc)
{
    RkdmaLch *l = &s->lch[n];

    rkdma_lli_kick(s);
    trace_rkdma_lli_start(n, l->cmdba, tt_fc);
    l->tt_fc = tt_fc;
    l->lli_cnt = 0;
    l->done = 0;
    l->phase = LCH_ENTRY;
    l->state = ST_BLK_START;
    l->due = MAX(s->t, now_ns()) + (s->bus_time ? s->fetch_ns : 0);
}

/* CH_EN was cleared: a burst in flight ends, and no more than that. */
void rkdma_lli_stop(RkdmaLli *s, int n)
{
    RkdmaLch *l = &s->lch[n];

    if (s->cur != n) {
        end_list(s, n, ST_IDLE, 0);
        return;
    }
    l->stop = true;
    if (s->bus_time) {
        uint32_t burst = rkdma_lli_burst(s, l), done = burst;

        while (done < s->cur_len && s->cur_start +
               rkdma_lli_duration(s, l, done) < now_ns()) {
            done += burst;
        }
        s->cur_len = MIN(done, s->cur_len);
        s->cur_end = s->cur_start + rkdma_lli_duration(s, l, s->cur_len);
    }
    timer_mod(s->timer, now_ns());
}

/* KILL: stop at once, and write nothing back. */
void rkdma_lli_kill(RkdmaLli *s, int n)
{
    if (s->cur == n) {
        s->cur = -1;
    }
    end_list(s, n, ST_IDLE, 0);
    rkdma_lli_kick(s);
}

void rkdma_lli_resume(RkdmaLli *s, int n)
{
    rkdma_lli_kick(s);
    s->t = MAX(s->t, now_ns());
    fetch(s, n);
}
