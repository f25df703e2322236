// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scheduling: assigns the channel threads to channels.
 *
 * A channel with work takes a free thread and releases it when the work is done. If
 * no thread is free it joins the wait queue, behind the last one of its rank (enum
 * pl330_rank): transfers that repeat, as of sound, before other request lines, and these
 * before copies.
 *
 * A thread that comes free is given to the first waiting channel at once. If a request line
 * waits, a copy is preempted at once. If a transfer that repeats waits and nothing is
 * copied, another line's is preempted. Both happen in pl330_schedule(), which
 * takes vc.lock of several channels, one after the other. So it cannot be called where a
 * thread is released or a channel is queued, since vc.lock of a channel is held there. An
 * irq_work calls it, which interrupts this CPU as soon as that lock is released. A timer
 * with no delay would do the same, but has to be programmed first, and moves the tick.
 *
 * While a channel is on the queue a timer ticks and, at each tick,
 *
 * - has the core poll channels whose thread has stopped, which releases threads of
 *   programs that end without an interrupt;
 * - preempts a copy that has copied for ten time slices if another copy waits;
 * - preempts a thread that waits for its peripheral and has not moved for a time slice, if
 *   another request line waits. Its channel goes to the end of its part of the queue.
 *
 * Request lines could so keep all threads from copies. So once copies have waited for ten
 * slices without any thread it is their turn: the next thread is theirs, also that of a
 * peripheral without requests, for at least a slice.
 *
 * A transfer that repeats (audio) is not preempted, since its peripheral cannot wait.
 * docs/hardware.md lists the limits that follow from this.
 *
 * The timer also ticks while a repeating channel is throttled: its rounds have to be
 * counted, and its program can end without an interrupt then. It always ticks if an
 * interrupt had to be switched off (pl330_silence()), and then polls all channels.
 */
#include "../trace.h"
#include "pl330.h"

/* A time slice: long enough for a burst of any peripheral that is active */
#define PL330_SLICE_NS		(100 * NSEC_PER_USEC)
/*
 * Slices of a copy while others wait, and slices after which waiting copies have their turn.
 * Each preemption costs bytes that are copied twice.
 */
#define PL330_COPY_SLICES	10
/* Slices after which a throttled channel is polled, which counts its rounds */
#define PL330_ROUND_SLICES	10

/**
 * pl330_set_timer() - start the slice timer
 * @p: the controller
 *
 * Context: any.
 */
void pl330_set_timer(struct pl330 *p)
{
	hrtimer_start(&p->slice_timer, ns_to_ktime(PL330_SLICE_NS),
		      HRTIMER_MODE_REL);
}

/* Put a channel behind the last one of its rank. &pl330.lock held. */
static void pl330_insert(struct pl330 *p, struct pl330_chan *pc)
{
	struct pl330_chan *at;

	list_for_each_entry_reverse(at, &p->waiting, wait)
		if (at->rank <= pc->rank)
			break;
	list_add(&pc->wait, &at->wait);
	pc->wait_start = ktime_get();
}

/* The rank of a channel that waits for a thread. vc.lock held. */
static enum pl330_rank pl330_rank(struct pl330_chan *pc)
{
	if (pl330_is_copy(pc))
		return PL330_RANK_COPY;
	pl330_init_position(pc);
	return pc->now.desc && pc->now.desc->attr.repeat ? PL330_RANK_REPEATING :
		PL330_RANK_LINE;
}

/**
 * pl330_queue() - put a channel on the wait queue
 * @pc: the channel; it keeps its place if it is on the queue
 * @faulted: it needs no thread, but has to be polled by the core
 *
 * For pl330_set_state().
 *
 * Context: vc.lock held.
 */
void pl330_queue(struct pl330_chan *pc, bool faulted)
{
	struct pl330 *p = to_pl330(pc->chan.rk);

	spin_lock(&p->lock);
	if (list_empty(&pc->wait)) {
		if (list_empty(&p->waiting))
			pl330_set_timer(p);
		pc->rank = faulted ? PL330_RANK_FAULTED : pl330_rank(pc);
		pl330_insert(p, pc);
	}
	spin_unlock(&p->lock);
	/* Pairs with the order in pl330_put_thread(). */
	smp_mb();
	if (pc->rank != PL330_RANK_COPY || READ_ONCE(p->free_threads))
		irq_work_queue(&p->schedule_work);
}

/**
 * pl330_dequeue() - take a channel off the wait queue, if it is on it
 * @pc: the channel
 *
 * For pl330_set_state(). The scheduler may have taken the channel off already.
 *
 * Context: vc.lock held.
 */
void pl330_dequeue(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);

	spin_lock(&p->lock);
	list_del_init(&pc->wait);
	spin_unlock(&p->lock);
}

/* Whether request lines have kept all threads from copies for too long */
static bool pl330_copies_starve(struct pl330 *p)
{
	return READ_ONCE(p->starved) >= PL330_COPY_SLICES;
}

/* The first channel of a rank on the wait queue, or NULL. &pl330.lock held. */
static struct pl330_chan *pl330_first_of(struct pl330 *p, enum pl330_rank rank)
{
	struct pl330_chan *pc;

	list_for_each_entry(pc, &p->waiting, wait)
		if (pc->rank == rank)
			return pc;
	return NULL;
}

static bool pl330_waits(struct pl330 *p, enum pl330_rank rank)
{
	bool any;

	spin_lock(&p->lock);
	any = pl330_first_of(p, rank);
	spin_unlock(&p->lock);
	return any;
}

/* The channel that gets the next free thread, or NULL. &pl330.lock held. */
static struct pl330_chan *pl330_choose(struct pl330 *p)
{
	struct pl330_chan *copy = NULL;

	if (pl330_copies_starve(p))
		copy = pl330_first_of(p, PL330_RANK_COPY);
	return copy ?: list_first_entry_or_null(&p->waiting, struct pl330_chan, wait);
}

/*
 * Take a channel off the wait queue and get a thread for it. Returns NULL if none is
 * waiting, or no thread is free for it. A faulted channel gets no thread.
 */
static struct pl330_chan *pl330_next_waiting(struct pl330 *p,
					     struct pl330_thread **t)
{
	struct pl330_chan *pc;

	*t = NULL;
	spin_lock(&p->lock);
	pc = pl330_first_of(p, PL330_RANK_FAULTED);
	if (!pc) {
		pc = pl330_choose(p);
		*t = pc ? pl330_get_thread(p) : NULL;
		if (!*t)
			pc = NULL;
	}
	if (pc)
		list_del_init(&pc->wait);
	if (*t) {
		WRITE_ONCE((*t)->kept, pc->rank == PL330_RANK_COPY && pl330_copies_starve(p));
		if (pc->rank == PL330_RANK_COPY)
			WRITE_ONCE(p->starved, 0);
		trace_rkdma_wait(&pc->chan, ktime_to_ns(ktime_sub(ktime_get(),
								  pc->wait_start)));
	}
	spin_unlock(&p->lock);
	return pc;
}

/*
 * Start a channel that was taken off the wait queue. If its state has changed since, the
 * thread is put back. Returns whether the core has to poll it.
 */
static bool pl330_dispatch(struct pl330 *p, struct pl330_chan *pc,
			   struct pl330_thread *t)
{
	bool faulted;

	spin_lock(&pc->chan.vc.lock);
	faulted = pl330_faulted(pc);
	if (t && pc->state == PL330_WAITING) {
		pl330_acquire_thread(pc, t);
		pl330_start(pc);
	} else if (t) {
		pl330_put_thread(p, t);
	}
	spin_unlock(&pc->chan.vc.lock);
	return faulted;
}

/* Assign free threads to channels on the wait queue. */
static void pl330_hand_out(struct pl330 *p)
{
	struct pl330_thread *t;
	struct pl330_chan *pc;

	while ((pc = pl330_next_waiting(p, &t)))
		if (pl330_dispatch(p, pc, t))
			rkdma_chan_irq(&pc->chan);
}

/*
 * Stop a thread and release it, unless its channel's transfer repeats. Returns whether it
 * was released. The core then has to poll the channel: it finds it idle and issues the rest,
 * which queues it again.
 */
static bool pl330_preempt(struct pl330_chan *pc, struct pl330_thread *t)
{
	bool released = false;

	spin_lock(&pc->chan.vc.lock);
	if (pc->thread == t && (pl330_is_copy(pc) || !pl330_is_repeating(pc)))
		released = !pc->thread || !pl330_stop(pc);
	spin_unlock(&pc->chan.vc.lock);
	return released;
}

/*
 * Preempt a copy or another line's transfer, of each thread in turn. Returns its channel,
 * which has to be polled, or NULL if there is none.
 */
static struct pl330_chan *pl330_preempt_one(struct pl330 *p, bool copy)
{
	struct pl330_thread *t;
	struct pl330_chan *pc;
	unsigned int n;

	for (n = 0; n < p->nr_threads; n++) {
		t = &p->threads[READ_ONCE(p->next_victim) % p->nr_threads];
		WRITE_ONCE(p->next_victim, (t->id + 1) % p->nr_threads);
		pc = READ_ONCE(t->owner);
		if (pc && pl330_is_copy(pc) == copy && !READ_ONCE(t->kept) &&
		    pl330_preempt(pc, t))
			return pc;
	}
	return NULL;
}

/* Preempt a transfer for one of a higher rank that waits. Returns as above. */
static struct pl330_chan *pl330_preempt_for_higher(struct pl330 *p)
{
	bool repeating = pl330_waits(p, PL330_RANK_REPEATING);
	struct pl330_chan *victim = NULL;

	if (repeating || pl330_waits(p, PL330_RANK_LINE))
		victim = pl330_preempt_one(p, true);
	if (!victim && repeating)
		victim = pl330_preempt_one(p, false);
	return victim;
}

/**
 * pl330_schedule() - assign threads to waiting channels, and preempt others for them
 * @p: the controller
 *
 * Context: hard interrupt, or what stands for it with PREEMPT_RT; no lock held. Takes
 * vc.lock of channels.
 */
void pl330_schedule(struct pl330 *p)
{
	struct pl330_chan *victim;

	pl330_hand_out(p);
	while ((victim = pl330_preempt_for_higher(p))) {
		pl330_hand_out(p);
		rkdma_chan_irq(&victim->chan);
	}
}

/**
 * pl330_schedule_work() - the function of &pl330.schedule_work
 * @work: the work
 *
 * Context: hard interrupt.
 */
void pl330_schedule_work(struct irq_work *work)
{
	pl330_schedule(container_of(work, struct pl330, schedule_work));
}

/* Count the tick. Returns whether the owner's time slices are used up. */
static bool pl330_slice_over(struct pl330 *p, struct pl330_thread *t,
			     struct pl330_chan *pc, u32 status)
{
	u32 off = pl330_offset(t);
	/* In a peripheral transfer only one address increments, so progress changes this. */
	u32 addr = readl(p->base + PL330_SAR(t->id)) -
		   readl(p->base + PL330_DAR(t->id));
	bool same = off == t->slice_off && addr == t->slice_addr &&
		    pc == t->slice_owner;

	t->slices = pc == t->slice_owner ? t->slices + 1 : 0;
	t->slice_owner = pc;
	t->slice_off = off;
	t->slice_addr = addr;
	if (pl330_is_copy(pc)) {
		if (t->slices)
			WRITE_ONCE(t->kept, false);
		return t->slices >= PL330_COPY_SLICES;
	}
	return same && status == PL330_THREAD_AT_PERIPHERAL;
}

/* Whether a waiting channel may have the thread of one whose slices are used up */
static bool pl330_is_wanted(struct pl330 *p, struct pl330_chan *pc)
{
	return pl330_is_copy(pc) ? pl330_waits(p, PL330_RANK_COPY) :
		pl330_waits(p, PL330_RANK_LINE) || pl330_copies_starve(p);
}

/* Count the ticks for which copies have waited while none has a thread. */
static void pl330_count_starved(struct pl330 *p)
{
	struct pl330_chan *pc;
	unsigned int i;

	if (!pl330_waits(p, PL330_RANK_COPY)) {
		WRITE_ONCE(p->starved, 0);
		return;
	}
	for (i = 0; i < p->nr_threads; i++) {
		pc = READ_ONCE(p->threads[i].owner);
		if (pc && pl330_is_copy(pc)) {
			WRITE_ONCE(p->starved, 0);
			return;
		}
	}
	WRITE_ONCE(p->starved, p->starved + 1);
}

/**
 * pl330_slice_tick() - the handler of &pl330.slice_timer
 * @timer: the timer
 *
 * Context: hard interrupt.
 * Return: HRTIMER_NORESTART; it starts the timer itself while that is needed.
 */
enum hrtimer_restart pl330_slice_tick(struct hrtimer *timer)
{
	struct pl330 *p = container_of(timer, struct pl330, slice_timer);
	const bool silenced = test_bit(PL330_SILENCED, &p->said);
	const bool count_rounds = !(p->ticks++ % PL330_ROUND_SLICES);
	bool throttled = false, waiting;
	struct pl330_thread *t;
	struct pl330_chan *pc;
	u32 status;

	pl330_count_starved(p);
	for (t = p->threads; t < p->threads + p->nr_threads; t++) {
		waiting = !list_empty(&p->waiting);
		pc = READ_ONCE(t->owner);
		if (!pc || (!waiting && !silenced && !READ_ONCE(pc->throttled)))
			continue;
		throttled |= READ_ONCE(pc->throttled);
		status = pl330_status(t);
		if (silenced || pl330_stopped(status) ||
		    (count_rounds && READ_ONCE(pc->throttled)))
			rkdma_chan_irq(&pc->chan);
		if (!pl330_stopped(status) && waiting && pl330_slice_over(p, t, pc, status) &&
		    pl330_is_wanted(p, pc)) {
			t->slice_owner = NULL;
			if (!pl330_preempt(pc, t))
				continue;
			pl330_hand_out(p);
			rkdma_chan_irq(&pc->chan);
		}
	}
	pl330_schedule(p);
	if (throttled || silenced || !list_empty(&p->waiting))
		pl330_set_timer(p);
	return HRTIMER_NORESTART;
}
