// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens on a channel between a descriptor's submission and its end?
 *
 * Submitted descriptors wait on virt-dma's lists. issue_pending moves them to
 * the running list and tells the engine. From then on rkdma_chan_advance() is
 * the one place that learns how far the hardware is: called from the interrupt
 * and from whoever asks for a status, it completes what is done, turns a fault
 * into a result, and keeps the hardware going.
 */
#include <linux/device.h>

#include "compat.h"
#include "core.h"
#include "trace.h"

/* Callbacks of periods in one go */
#define RKDMA_PERIOD_BUDGET	64

static u32 rkdma_nr_periods(const struct rkdma_desc *d)
{
	return d->nr_segs / d->period_segs;
}

/*
 * One that repeats has ended with a round, by DMA_PREP_LOAD_EOT. Each of its periods
 * has a callback, the last of which is the descriptor's own: so it is behind the
 * others. Returns the periods since the last that was accounted for.
 */
static u32 rkdma_end_periods(struct rkdma_chan *c, struct rkdma_desc *d)
{
	u32 left = rkdma_nr_periods(d) - (c->repeating == d ? c->round : 0);

	if (d->attr.irq && d->attr.period_cb)
		d->owed = left - 1 + (c->repeating == d ? c->periods : 0);
	c->periods = 0;
	return left;
}

/* Have the callback of a done descriptor called, after those of earlier ones. */
static void rkdma_call_back(struct rkdma_chan *c, struct rkdma_desc *d)
{
	if (likely(list_empty(&c->ended) && !(d->attr.repeat && d->owed))) {
		vchan_cookie_complete(&d->vd);
		return;
	}
	dma_cookie_complete(&d->vd.tx);
	list_add_tail(&d->vd.node, &c->ended);
	tasklet_schedule(&c->period_task);
}

static void rkdma_complete(struct rkdma_chan *c, struct rkdma_desc *d,
			   enum dmaengine_tx_result result, u32 residue)
{
	d->vd.tx_result.result = result;
	d->vd.tx_result.residue = residue;
	if (unlikely(d->attr.repeat)) {
		u32 periods = 0;

		d->owed = 0;
		if (result == DMA_TRANS_NOERROR)
			periods = rkdma_end_periods(c, d);
		c->stats.done += periods;
		c->stats.bytes += (u64)d->len / rkdma_nr_periods(d) * periods;
	} else if (likely(result == DMA_TRANS_NOERROR)) {
		c->stats.done++;
		c->stats.bytes += d->len;
	}
	if (unlikely(result != DMA_TRANS_NOERROR)) {
		c->stats.failed++;
		c->failed[c->next_failed++ % RKDMA_FAILED_COOKIES] =
			d->vd.tx.cookie;
	}
	trace_rkdma_complete(c, d, result, residue);
	list_del(&d->vd.node);
	rkdma_call_back(c, d);
}

/* Bytes of @d that the hardware has yet to move. */
static size_t rkdma_residue(struct rkdma_desc *d, const struct rkdma_pos *pos)
{
	size_t residue = 0;
	unsigned int i;

	if (d != pos->desc)
		return d->len;
	if (d->attr.uniform) {
		residue = (size_t)(d->nr_segs - pos->seg) * d->segs[0].len;
	} else {
		for (i = pos->seg; i < d->nr_segs; i++)
			residue += d->segs[i].len;
	}
	residue -= pos->done;
	/* What repeats has all of it ahead again. */
	return residue || !d->attr.repeat ? residue : d->len;
}

static void rkdma_fail(struct rkdma_chan *c, const struct rkdma_pos *pos)
{
	bool read = pos->state == RKDMA_READ_FAULT;
	struct rkdma_desc *d = pos->desc;
	u32 residue = rkdma_residue(d, pos);

	dev_err_ratelimited(c->rk->dev,
			    "channel %u: bus error on %s, %u of %zu bytes left\n",
			    c->id, read ? "read" : "write", residue, d->len);
	trace_rkdma_error(c, d, read, residue);
	c->repeating = NULL;
	rkdma_complete(c, d, read ? DMA_TRANS_READ_FAILED :
				    DMA_TRANS_WRITE_FAILED, residue);
}

/*
 * Account for the periods of a transfer that repeats, each of which has a
 * callback, however late we learn of it. @d: what is first now. vc.lock held.
 */
static void rkdma_count_periods(struct rkdma_chan *c, struct rkdma_desc *d,
				const struct rkdma_pos *pos)
{
	s32 periods;

	if (!d || !d->attr.repeat) {
		c->repeating = NULL;
		return;
	}
	if (c->repeating != d) {
		/* One that replaced another goes on from its count. */
		c->segs_seen = c->repeating ? pos->segs_done - pos->seg : 0;
		c->repeating = d;
		c->periods = 0;
		c->round = 0;
	}
	/* Where a pause splits a segment the count may fall behind by one. */
	periods = (s32)(pos->segs_done - c->segs_seen) / (s32)d->period_segs;
	if (periods <= 0)
		return;
	c->segs_seen += periods * d->period_segs;
	c->round = (c->round + periods) % rkdma_nr_periods(d);
	c->stats.done += periods;
	c->stats.bytes += (u64)d->len / rkdma_nr_periods(d) * periods;
	if (!d->attr.irq)
		return;
	c->periods = d->attr.period_cb ? c->periods + periods : 1;
	tasklet_schedule(&c->period_task);
}

/*
 * Periods that end faster than they are called back would leave a lone CPU
 * nothing but their interrupts, and never let on whoever is to stop them. So no
 * more come while callbacks are owed; the hardware counts meanwhile.
 */
static void rkdma_throttle(struct rkdma_chan *c, bool on)
{
	if (c->repeating && c->ops->throttle)
		c->ops->throttle(c, on);
}

/*
 * Whose period is to be called back next? Of ended descriptors that owe none the
 * own callbacks are then due. vc.lock held.
 */
static struct rkdma_desc *rkdma_next_period(struct rkdma_chan *c)
{
	struct rkdma_desc *d;

	while ((d = list_first_entry_or_null(&c->ended, struct rkdma_desc, vd.node))) {
		if (d->attr.repeat && d->owed)
			return d;
		list_move_tail(&d->vd.node, &c->vc.desc_completed);
		tasklet_schedule(&c->vc.task);
	}
	return c->periods ? c->repeating : NULL;
}

static void rkdma_period_task(struct tasklet_struct *t)
{
	struct rkdma_chan *c = from_tasklet(c, t, period_task);
	const struct dmaengine_result result = {};
	unsigned int budget = RKDMA_PERIOD_BUDGET;
	struct dmaengine_desc_callback cb;
	struct rkdma_desc *d;

	spin_lock_irq(&c->vc.lock);
	/* A callback may terminate the transfer, and the next one begin. */
	while ((d = rkdma_next_period(c))) {
		/* Periods may end faster than they are called back: let others run. */
		if (!budget--) {
			tasklet_schedule(t);
			break;
		}
		if (d == c->repeating)
			c->periods--;
		else
			d->owed--;
		c->calling = true;
		dmaengine_desc_get_callback(&d->vd.tx, &cb);
		spin_unlock_irq(&c->vc.lock);
		dmaengine_desc_callback_invoke(&cb, &result);
		spin_lock_irq(&c->vc.lock);
		c->calling = false;
	}
	if (!c->periods)
		rkdma_throttle(c, false);
	spin_unlock_irq(&c->vc.lock);
}

/*
 * Complete what the hardware has done and keep it going. On return @pos tells
 * where it is. vc.lock held.
 */
static void rkdma_chan_advance(struct rkdma_chan *c, struct rkdma_pos *pos)
{
	struct rkdma_desc *d;

	for (;;) {
		c->ops->poll(c, pos);
		while ((d = rkdma_first_running(c)) && d != pos->desc)
			rkdma_complete(c, d, DMA_TRANS_NOERROR, 0);
		if (unlikely(c->repeating) || (d && unlikely(d->attr.repeat)))
			rkdma_count_periods(c, d, pos);

		if (pos->state == RKDMA_RUNS)
			return;
		if (pos->state != RKDMA_ENDED && d)
			rkdma_fail(c, pos);
		if (list_empty(&c->running)) {
			pos->desc = NULL;
			return;
		}
		c->ops->issue(c);
		/* It may have ended again, and would for ever: that interrupts. */
		if (unlikely(c->repeating))
			return;
	}
}

/**
 * rkdma_chan_irq() - the engine saw an interrupt of this channel
 * @c: the channel
 *
 * Context: hard interrupt. Takes vc.lock.
 */
void rkdma_chan_irq(struct rkdma_chan *c)
{
	struct rkdma_pos pos;
	bool behind;

	spin_lock(&c->vc.lock);
	trace_rkdma_interrupt(c);
	behind = c->repeating && (c->periods || c->calling);
	if (!list_empty(&c->running))
		rkdma_chan_advance(c, &pos);
	/* The task that calls them back ends the hold. */
	if (unlikely(behind) && (c->periods || c->calling))
		rkdma_throttle(c, true);
	spin_unlock(&c->vc.lock);
}
EXPORT_SYMBOL_NS_GPL(rkdma_chan_irq, RKDMA_NS);

/**
 * rkdma_chan_abort_running() - the hardware is gone: end what it had as aborted
 * @c: the channel
 *
 * Context: any. vc.lock held.
 */
void rkdma_chan_abort_running(struct rkdma_chan *c)
{
	struct rkdma_desc *d;

	c->repeating = NULL;
	if (!list_empty(&c->ended)) {
		list_splice_tail_init(&c->ended, &c->vc.desc_completed);
		tasklet_schedule(&c->vc.task);
	}
	while ((d = rkdma_first_running(c)))
		rkdma_complete(c, d, DMA_TRANS_ABORTED, d->len);
}

/* Work for a channel that takes none: its release frees it. vc.lock held. */
static void rkdma_issue_closed(struct rkdma_chan *c)
{
	if (!c->dead)
		return;
	list_splice_tail_init(&c->vc.desc_issued, &c->running);
	rkdma_chan_abort_running(c);
}

/* Go on after a halt, which may have come just as the work was done. */
static void rkdma_restart(struct rkdma_chan *c)
{
	struct rkdma_pos pos;

	c->ops->resume(c);
	if (!list_empty(&c->running))
		rkdma_chan_advance(c, &pos);
}

/*
 * Issue work behind @ring, which repeats. A successor with DMA_PREP_LOAD_EOT ends
 * it with the round that the hardware is in. The hardware is halted meanwhile: if
 * it ran on, nobody could tell how many rounds went by before it saw the end, and
 * their periods would have no callback. vc.lock held.
 */
static void rkdma_issue_behind(struct rkdma_chan *c, struct rkdma_desc *ring)
{
	bool replaced = list_next_entry(ring, vd.node)->attr.load_eot;
	bool stopped = c->paused || c->suspended;
	bool halted = replaced && !stopped && !c->ops->halt(c);
	struct rkdma_pos pos;

	if (halted || (replaced && stopped))
		rkdma_chan_advance(c, &pos);
	c->ops->issue(c);
	if (halted)
		rkdma_restart(c);
}

static void rkdma_issue_pending(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	struct rkdma_desc *last;
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	last = list_empty(&c->running) ? NULL :
		list_last_entry(&c->running, struct rkdma_desc, vd.node);
	if (vchan_issue_pending(&c->vc)) {
		if (unlikely(c->stale))
			rkdma_chan_issue_stale(c);
		if (likely(c->open)) {
			list_splice_tail_init(&c->vc.desc_issued, &c->running);
			if (last && last->attr.repeat)
				rkdma_issue_behind(c, last);
			else
				c->ops->issue(c);
		} else {
			rkdma_issue_closed(c);
		}
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);
}

/* A cookie counts as complete also if it failed: tell the two apart. */
static enum dma_status rkdma_done_status(struct rkdma_chan *c,
					 dma_cookie_t cookie)
{
	unsigned int i;

	for (i = 0; i < RKDMA_FAILED_COOKIES; i++)
		if (c->failed[i] == cookie)
			return DMA_ERROR;
	return DMA_COMPLETE;
}

static struct rkdma_desc *rkdma_find_desc(struct list_head *list,
					  dma_cookie_t cookie)
{
	struct rkdma_desc *d;

	list_for_each_entry(d, list, vd.node)
		if (d->vd.tx.cookie == cookie)
			return d;
	return NULL;
}

/* Status and residue of a cookie that is not done. vc.lock held. */
static enum dma_status rkdma_open_status(struct rkdma_chan *c,
					 dma_cookie_t cookie,
					 const struct rkdma_pos *pos,
					 struct dma_tx_state *state)
{
	struct rkdma_desc *d = rkdma_find_desc(&c->running, cookie);

	if (d) {
		dma_set_residue(state, rkdma_residue(d, pos));
		return c->paused ? DMA_PAUSED : DMA_IN_PROGRESS;
	}
	d = rkdma_find_desc(&c->vc.desc_submitted, cookie);
	if (d)
		dma_set_residue(state, d->len);
	return DMA_IN_PROGRESS;
}

static enum dma_status rkdma_tx_status(struct dma_chan *chan,
				       dma_cookie_t cookie,
				       struct dma_tx_state *state)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	struct rkdma_pos pos = {};
	enum dma_status ret;
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	/*
	 * A client that polls may have asked for no interrupt: look now. What
	 * this completes has its callback called as if an interrupt had come.
	 */
	if (!list_empty(&c->running))
		rkdma_chan_advance(c, &pos);

	ret = dma_cookie_status(chan, cookie, state);
	if (ret == DMA_COMPLETE)
		ret = rkdma_done_status(c, cookie);
	else
		ret = rkdma_open_status(c, cookie, &pos, state);
	spin_unlock_irqrestore(&c->vc.lock, flags);
	return ret;
}

/**
 * rkdma_config() - take a client's configuration, as device_config
 * @chan: the channel
 * @cfg: the configuration, of the peripheral's end
 *
 * Context: any, vc.lock not held.
 * Return: 0, or -EINVAL with a line in the log.
 */
int rkdma_config(struct dma_chan *chan, struct dma_slave_config *cfg)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	const struct {
		const char *end;
		u32 width;
		u32 burst;
	} ends[] = {
		{ "source", cfg->src_addr_width, cfg->src_maxburst },
		{ "destination", cfg->dst_addr_width, cfg->dst_maxburst },
	};
	unsigned long flags;
	int i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		u32 width = ends[i].width;

		/* A client leaves alone the end that it does not use. */
		if (!width && !ends[i].burst)
			continue;
		if (!width || width > 31 || !(c->rk->widths & BIT(width)) ||
		    !ends[i].burst) {
			dev_err_ratelimited(c->rk->dev,
					    "channel %u: %s width %u with burst %u is not supported\n",
					    c->id, ends[i].end, width,
					    ends[i].burst);
			return -EINVAL;
		}
	}

	/* Prepared transfers have taken what they need and are not disturbed. */
	spin_lock_irqsave(&c->vc.lock, flags);
	c->cfg = *cfg;
	spin_unlock_irqrestore(&c->vc.lock, flags);
	return 0;
}

static int rkdma_pause(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&c->vc.lock, flags);
	if (!c->dead && !c->paused) {
		ret = c->ops->halt(c);
		c->paused = !ret;
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);
	return ret;
}

static int rkdma_resume(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	if (!c->dead && c->paused) {
		c->paused = false;
		if (!c->suspended)
			rkdma_restart(c);
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);
	return 0;
}

/**
 * rkdma_chan_suspend() - stop a channel for system sleep, keeping its position
 * @c: the channel
 *
 * Context: process. Takes vc.lock.
 * Return: 0 or -ETIMEDOUT.
 */
int rkdma_chan_suspend(struct rkdma_chan *c)
{
	int ret;

	spin_lock_irq(&c->vc.lock);
	ret = c->ops->halt(c);
	c->suspended = !ret;
	spin_unlock_irq(&c->vc.lock);
	return ret;
}

/**
 * rkdma_chan_resume() - go on after rkdma_chan_suspend()
 * @c: the channel; one that the client paused stays so
 *
 * Context: process. Takes vc.lock.
 */
void rkdma_chan_resume(struct rkdma_chan *c)
{
	spin_lock_irq(&c->vc.lock);
	c->suspended = false;
	if (!c->paused)
		rkdma_restart(c);
	spin_unlock_irq(&c->vc.lock);
}

/**
 * rkdma_chan_setup() - make a channel's own parts ready for use
 * @c: the channel
 */
void rkdma_chan_setup(struct rkdma_chan *c)
{
	INIT_LIST_HEAD(&c->running);
	INIT_LIST_HEAD(&c->spare);
	INIT_LIST_HEAD(&c->unsubmitted);
	INIT_LIST_HEAD(&c->ended);
	tasklet_setup(&c->period_task, rkdma_period_task);
}

/**
 * rkdma_chan_setup_ops() - give a dma_device all functions but the preps
 * @dma: the dma_device
 */
void rkdma_chan_setup_ops(struct dma_device *dma)
{
	dma->device_alloc_chan_resources = rkdma_alloc_chan_resources;
	dma->device_free_chan_resources = rkdma_free_chan_resources;
	dma->device_config = rkdma_config;
	dma->device_issue_pending = rkdma_issue_pending;
	dma->device_tx_status = rkdma_tx_status;
	dma->device_pause = rkdma_pause;
	dma->device_resume = rkdma_resume;
	dma->device_terminate_all = rkdma_terminate_all;
	dma->device_synchronize = rkdma_synchronize;
}
