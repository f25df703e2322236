// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has one of the few threads?
 *
 * Whoever has work takes a free thread, and gives it back when the work is done.
 * Without a free one it waits, first come, first served. Only while somebody
 * waits does a timer look after the threads: one that ended unnoticed (nobody
 * asked for an interrupt) is given on; and from one that waits for its peripheral
 * and has not moved since the last time, or has copied memory for some time, the
 * channel has to part and waits in its turn. What repeats (audio) keeps its thread:
 * its peripheral cannot wait.
 *
 * It also looks after transfers that repeat whose interrupts are held off: their
 * program may end, and has to be followed by the next.
 */
#include "pl330.h"

/* Long enough for a burst of any peripheral that is at work */
#define PL330_TURN_NS	(100 * NSEC_PER_USEC)
/* Copies have so many turns, in which they do more than they would do again. */
#define PL330_COPY_TURNS	10

/**
 * pl330_set_timer() - have a turn soon
 * @p: the controller
 *
 * Context: any.
 */
void pl330_set_timer(struct pl330 *p)
{
	hrtimer_start(&p->turn, ns_to_ktime(PL330_TURN_NS),
		      HRTIMER_MODE_REL);
}

/**
 * pl330_wait() - wait for a thread, or for being looked at
 * @pc: the channel
 *
 * The next turn gives it a thread, if it has work, and has the core look at it, if
 * it has failed.
 *
 * Context: vc.lock held.
 */
void pl330_wait(struct pl330_chan *pc)
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
 * pl330_unwait() - wait no more
 * @pc: the channel
 *
 * Context: vc.lock held.
 */
void pl330_unwait(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);

	if (list_empty(&pc->wait))
		return;
	spin_lock(&p->lock);
	list_del_init(&pc->wait);
	spin_unlock(&p->lock);
}

/* Take the first that waits off the list, with a free thread. NULL if there is none. */
static struct pl330_chan *pl330_next_waiting(struct pl330 *p,
					     struct pl330_thread **t)
{
	struct pl330_chan *pc;

	spin_lock(&p->lock);
	pc = list_first_entry_or_null(&p->waiting, struct pl330_chan, wait);
	*t = pc ? pl330_free_thread(p) : NULL;
	if (*t)
		list_del_init(&pc->wait);
	spin_unlock(&p->lock);
	return *t ? pc : NULL;
}

/* Start a channel on a thread, or give that back. Returns whether it has failed. */
static bool pl330_seat(struct pl330 *p, struct pl330_chan *pc,
		       struct pl330_thread *t)
{
	bool failed;

	spin_lock(&pc->chan.vc.lock);
	failed = pc->fault != RKDMA_RUNS;
	/* It may have been halted meanwhile, or have got one itself. */
	if (failed || pc->halted || pc->thread || list_empty(&pc->chan.running)) {
		pl330_free(p, t);
	} else {
		pl330_seize(pc, t);
		pl330_start(pc);
	}
	spin_unlock(&pc->chan.vc.lock);
	return failed;
}

/* Give free threads to those that wait. */
static void pl330_serve(struct pl330 *p)
{
	struct pl330_thread *t;
	struct pl330_chan *pc;

	while ((pc = pl330_next_waiting(p, &t)))
		if (pl330_seat(p, pc, t))
			rkdma_chan_irq(&pc->chan);
}

/* Has its owner had the thread for long enough, for the benefit of nobody else? */
static bool pl330_may_go(struct pl330 *p, struct pl330_thread *t,
			 struct pl330_chan *pc, u32 status)
{
	u32 off = pl330_offset(t);
	/* Of the two one moves; their difference changes with either. */
	u32 addr = readl(p->base + SAR(t->id)) - readl(p->base + DAR(t->id));
	bool same = off == t->seen_off && addr == t->seen_addr && pc == t->seen;

	t->turns = pc == t->seen ? t->turns + 1 : 0;
	t->seen = pc;
	t->seen_off = off;
	t->seen_addr = addr;
	if (pc->chan.id >= p->rk.nr_lines)
		return t->turns >= PL330_COPY_TURNS;
	return same && status == THREAD_AT_PERIPHERAL;
}

/* Let the owner of a thread part from it, unless its peripheral cannot wait. */
static void pl330_part(struct pl330_chan *pc, struct pl330_thread *t)
{
	bool parted = false;

	t->seen = NULL;
	spin_lock(&pc->chan.vc.lock);
	if (pc->thread == t && !pl330_repeats(pc))
		parted = !pc->thread || !pl330_stop(pc);
	spin_unlock(&pc->chan.vc.lock);
	/* It is found to have ended, and waits for its next turn. */
	if (parted)
		rkdma_chan_irq(&pc->chan);
}

/**
 * pl330_turn() - give threads to those that wait, as &pl330.turn
 * @timer: the timer
 *
 * Context: hard interrupt.
 * Return: HRTIMER_NORESTART; it starts the timer itself while somebody waits.
 */
enum hrtimer_restart pl330_turn(struct hrtimer *timer)
{
	struct pl330 *p = container_of(timer, struct pl330, turn);
	bool held = false, waiting;
	struct pl330_thread *t;
	struct pl330_chan *pc;
	u32 status;

	for (t = p->threads; t < p->threads + p->nr_threads; t++) {
		pl330_serve(p);
		waiting = !list_empty(&p->waiting);
		pc = READ_ONCE(t->owner);
		if (!pc || (!waiting && !READ_ONCE(pc->held)))
			continue;
		held |= READ_ONCE(pc->held);
		status = pl330_status(t);
		if (pl330_stopped(status))
			rkdma_chan_irq(&pc->chan);
		else if (waiting && pl330_may_go(p, t, pc, status))
			pl330_part(pc, t);
	}
	pl330_serve(p);
	if (held || !list_empty(&p->waiting))
		pl330_set_timer(p);
	return HRTIMER_NORESTART;
}
