// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scheduling: assigns the channel threads to channels.
 *
 * A channel with work takes a free thread and releases it when the work is done. If
 * no thread is free it joins the wait queue, which is served in order. While a channel
 * is on the queue a timer ticks and, at each tick,
 *
 * - has the core poll channels whose thread has stopped, which releases threads of
 *   programs that end without an interrupt;
 * - preempts a thread that waits for its peripheral and has not moved for a time
 *   slice, or has copied memory for several. Its channel goes to the end of the queue.
 *
 * A transfer that repeats (audio) is not preempted, since its peripheral cannot wait.
 * docs/hardware.md lists the limits that follow from this.
 *
 * The timer also ticks while a repeating channel is throttled: its rounds have to be
 * counted, and its program can end without an interrupt then.
 */
#include "pl330.h"

/* A time slice: long enough for a burst of any peripheral that is active */
#define PL330_SLICE_NS		(100 * NSEC_PER_USEC)
/* Slices of a copy. Each preemption costs bytes that are copied twice. */
#define PL330_COPY_SLICES	10

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

/**
 * pl330_queue() - append a channel to the wait queue
 * @pc: the channel; it keeps its place if it is on the queue
 *
 * For pl330_set_state().
 *
 * Context: vc.lock held.
 */
void pl330_queue(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);

	spin_lock(&p->lock);
	if (list_empty(&pc->wait)) {
		if (list_empty(&p->waiting))
			pl330_set_timer(p);
		list_add_tail(&pc->wait, &p->waiting);
	}
	spin_unlock(&p->lock);
}

/**
 * pl330_dequeue() - take a channel off the wait queue, if it is on it
 * @pc: the channel
 *
 * For pl330_set_state(). The slice timer may have taken the channel off already.
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

/*
 * Take the first channel off the wait queue and get a thread for it. Returns NULL if
 * the queue is empty or no thread is free.
 */
static struct pl330_chan *pl330_next_waiting(struct pl330 *p,
					     struct pl330_thread **t)
{
	struct pl330_chan *pc;

	spin_lock(&p->lock);
	pc = list_first_entry_or_null(&p->waiting, struct pl330_chan, wait);
	*t = pc ? pl330_get_thread(p) : NULL;
	if (*t)
		list_del_init(&pc->wait);
	spin_unlock(&p->lock);
	return *t ? pc : NULL;
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
	if (pc->state == PL330_WAITING) {
		pl330_acquire_thread(pc, t);
		pl330_start(pc);
	} else {
		pl330_put_thread(p, t);
	}
	spin_unlock(&pc->chan.vc.lock);
	return faulted;
}

/* Assign free threads to channels on the wait queue. */
static void pl330_schedule(struct pl330 *p)
{
	struct pl330_thread *t;
	struct pl330_chan *pc;

	while ((pc = pl330_next_waiting(p, &t)))
		if (pl330_dispatch(p, pc, t))
			rkdma_chan_irq(&pc->chan);
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
	if (pc->chan.id >= p->rk.nr_lines)
		return t->slices >= PL330_COPY_SLICES;
	return same && status == PL330_THREAD_AT_PERIPHERAL;
}

/* Stop a thread and release it, unless its channel's transfer repeats. */
static void pl330_preempt(struct pl330_chan *pc, struct pl330_thread *t)
{
	bool released = false;

	t->slice_owner = NULL;
	spin_lock(&pc->chan.vc.lock);
	if (pc->thread == t && !pl330_is_repeating(pc))
		released = !pc->thread || !pl330_stop(pc);
	spin_unlock(&pc->chan.vc.lock);
	/* The core finds the channel idle and issues the rest, which queues it again. */
	if (released)
		rkdma_chan_irq(&pc->chan);
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
	bool throttled = false, waiting;
	struct pl330_thread *t;
	struct pl330_chan *pc;
	u32 status;

	for (t = p->threads; t < p->threads + p->nr_threads; t++) {
		pl330_schedule(p);
		waiting = !list_empty(&p->waiting);
		pc = READ_ONCE(t->owner);
		if (!pc || (!waiting && !READ_ONCE(pc->throttled)))
			continue;
		throttled |= READ_ONCE(pc->throttled);
		status = pl330_status(t);
		/* Polling a throttled channel counts its rounds. */
		if (pl330_stopped(status) || READ_ONCE(pc->throttled))
			rkdma_chan_irq(&pc->chan);
		else if (waiting && pl330_slice_over(p, t, pc, status))
			pl330_preempt(pc, t);
	}
	pl330_schedule(p);
	if (throttled || !list_empty(&p->waiting))
		pl330_set_timer(p);
	return HRTIMER_NORESTART;
}
