// SPDX-License-Identifier: GPL-2.0-only
/*
 * A channel in operation: from the issue of a descriptor to its callback, with
 * status, residue, configuration, pause and system sleep.
 *
 * Submitted descriptors wait on virt-dma's lists. issue_pending moves them to the
 * running list and calls the engine. rkdma_chan_advance() alone polls the engine
 * for the hardware's position: called from the interrupt and from tx_status, it
 * completes what is done, turns a fault into a result, and keeps the hardware
 * going.
 */
#include <linux/device.h>
#include <linux/string_helpers.h>

#include "compat.h"
#include "core.h"
#include "trace.h"

/* Largest number of period callbacks in one run of period_task */
#define RKDMA_PERIOD_BUDGET	64

static u32 rkdma_nr_periods(const struct rkdma_desc *d)
{
	return d->nr_segs / d->period_segs;
}

/*
 * Number of period callbacks of @d that are pending. The count is cleared: the caller
 * becomes responsible for them.
 */
static u32 rkdma_take_periods(struct rkdma_chan *c, struct rkdma_desc *d)
{
	u32 periods = c->repeating == d && d->attr.period_cb ? c->periods : 0;

	c->periods = 0;
	return periods;
}

/*
 * A successor with DMA_PREP_LOAD_EOT has replaced a repeating descriptor at the end of
 * its round. The callback of the last period is that of the descriptor, which virt-dma
 * calls. The callbacks of the periods before it come first. Returns the number of
 * periods that ended since the last count.
 */
static u32 rkdma_end_periods(struct rkdma_chan *c, struct rkdma_desc *d)
{
	u32 left = rkdma_nr_periods(d) - (c->repeating == d ? c->round : 0);

	if (d->attr.irq && d->attr.period_cb)
		d->owed += left - 1;
	return left;
}

/* Queue the callback of a done descriptor behind those of earlier ones. */
static void rkdma_queue_callback(struct rkdma_chan *c, struct rkdma_desc *d)
{
	if (list_empty(&c->ended) && !(d->attr.repeat && d->owed)) {
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
	if (d->attr.repeat) {
		u32 periods = 0;

		/* Pending period callbacks precede the one of the end or the failure. */
		d->owed = rkdma_take_periods(c, d);
		if (result == DMA_TRANS_NOERROR)
			periods = rkdma_end_periods(c, d);
		c->stats.done += periods;
		c->stats.bytes += (u64)d->len / rkdma_nr_periods(d) * periods;
	} else if (result == DMA_TRANS_NOERROR) {
		c->stats.done++;
		c->stats.bytes += d->len;
	}
	if (result != DMA_TRANS_NOERROR) {
		c->stats.failed++;
		c->failed[c->next_failed++ % RKDMA_FAILED_COOKIES] =
			d->vd.tx.cookie;
	}
	trace_rkdma_complete(c, d, result, residue);
	list_del(&d->vd.node);
	rkdma_queue_callback(c, d);
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
	/* At the end of its round a repeating descriptor begins again. */
	return residue || !d->attr.repeat ? residue : d->len;
}

static void rkdma_fail(struct rkdma_chan *c, const struct rkdma_pos *pos)
{
	bool read = pos->state == RKDMA_READ_FAULT;
	struct rkdma_desc *d = pos->desc;
	u32 residue = rkdma_residue(d, pos);

	dev_err_ratelimited(c->rk->dev,
			    "channel %u: bus error on %s, %u of %zu bytes left\n",
			    c->id, str_read_write(read), residue, d->len);
	trace_rkdma_error(c, d, read, residue);
	rkdma_complete(c, d, read ? DMA_TRANS_READ_FAILED :
				    DMA_TRANS_WRITE_FAILED, residue);
	c->repeating = NULL;
}

/*
 * Count the periods of a repeating transfer that ended since the last count. Each
 * has a callback, even if several are found at once: virt-dma would merge them, so
 * period_task calls them. @d is the first descriptor of the running list. vc.lock
 * held.
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
		/* If @d replaced another descriptor, the hardware's count continues. */
		c->segs_seen = c->repeating ? pos->segs_done - pos->seg : 0;
		c->repeating = d;
		c->periods = 0;
		c->round = 0;
	}
	/* The count can be one too small after a pause within a segment. */
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
 * Periods can end faster than their callbacks are called. A single CPU would then
 * do nothing but serve interrupts, and the task that is to stop the transfer would
 * never run. So period interrupts are off while callbacks are pending; the hardware
 * goes on counting. They are switched on again even if the transfer has been replaced
 * meanwhile: its successors' interrupts can be the same ones.
 */
static void rkdma_throttle(struct rkdma_chan *c, bool on)
{
	if ((c->repeating || !on) && !c->dead && c->ops->throttle)
		c->ops->throttle(c, on);
}

/*
 * The descriptor whose period's callback is next, or NULL. Ended descriptors
 * before it that have no period pending go to virt-dma for their last callback.
 * vc.lock held.
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

/*
 * Complete what the hardware has done and keep it going. On return @pos is the
 * hardware's position. vc.lock held.
 */
static void rkdma_chan_advance(struct rkdma_chan *c, struct rkdma_pos *pos)
{
	struct rkdma_desc *d;

	for (;;) {
		c->ops->poll(c, pos);
		while ((d = rkdma_first_running(c)) && d != pos->desc)
			rkdma_complete(c, d, DMA_TRANS_NOERROR, 0);
		if (c->repeating || (d && d->attr.repeat))
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
		/*
		 * The program of a repeating transfer can end again before each poll,
		 * and this loop would never return. The end raises an interrupt, whose
		 * handler polls, so there is no need to poll here.
		 */
		if (c->repeating)
			return;
	}
}

static void rkdma_period_task(struct tasklet_struct *t)
{
	struct rkdma_chan *c = from_tasklet(c, t, period_task);
	const struct dmaengine_result result = {};
	unsigned int budget = RKDMA_PERIOD_BUDGET;
	struct dmaengine_desc_callback cb;
	struct rkdma_pos pos;
	struct rkdma_desc *d;

	spin_lock_irq(&c->vc.lock);
	/* A callback may terminate the transfer and issue the next one. */
	while ((d = rkdma_next_period(c))) {
		/*
		 * Periods can end faster than their callbacks run: yield. Poll
		 * before that, since period interrupts are off and an engine's
		 * counter wraps, the LLI's after 65536 segments.
		 */
		if (!budget--) {
			if (!list_empty(&c->running))
				rkdma_chan_advance(c, &pos);
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

/**
 * rkdma_chan_irq() - handle an interrupt of a channel, called by its engine
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
	/* period_task ends the throttling when no callback is pending. */
	if (behind && (c->periods || c->calling))
		rkdma_throttle(c, true);
	spin_unlock(&c->vc.lock);
}
EXPORT_SYMBOL_NS_GPL(rkdma_chan_irq, RKDMA_NS);

/**
 * rkdma_chan_abort_running() - complete all issued descriptors as aborted
 * @c: the channel, whose hardware is halted
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

/* Resume after a halt. The work may have ended before the halt. vc.lock held. */
static void rkdma_restart(struct rkdma_chan *c)
{
	struct rkdma_pos pos;

	c->ops->resume(c);
	if (!list_empty(&c->running))
		rkdma_chan_advance(c, &pos);
}

/*
 * Issue the successors of a repeating descriptor, which are on the running list
 * behind it. The first one ends it at the end of the hardware's round if it has
 * DMA_PREP_LOAD_EOT. The hardware is halted while they are linked: otherwise it
 * could do any number of rounds before it sees the link, and the callbacks of their
 * periods would be lost. vc.lock held.
 *
 * Inlining this and lli_poll_entry() makes a single copy 3 % slower (75 ns of 2,562).
 */
static noinline void rkdma_issue_after_repeating(struct rkdma_chan *c,
						 struct rkdma_desc *repeating)
{
	bool replaced = list_next_entry(repeating, vd.node)->attr.load_eot;
	bool stopped = c->paused || c->suspended;
	bool halted = replaced && !stopped && !c->ops->halt(c);
	struct rkdma_pos pos;

	if (halted || (replaced && stopped))
		rkdma_chan_advance(c, &pos);
	c->ops->issue(c);
	if (halted)
		rkdma_restart(c);
}

/* Give the descriptors on virt-dma's issued list to the engine. vc.lock held. */
static void rkdma_start_issued(struct rkdma_chan *c)
{
	struct rkdma_desc *last = list_empty(&c->running) ? NULL :
		list_last_entry(&c->running, struct rkdma_desc, vd.node);

	list_splice_tail_init(&c->vc.desc_issued, &c->running);
	if (last && last->attr.repeat)
		rkdma_issue_after_repeating(c, last);
	else
		c->ops->issue(c);
}

static void rkdma_issue_pending(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	/* synchronize and the release of the channel free what is issued meanwhile. */
	if (vchan_issue_pending(&c->vc) && !c->draining) {
		if (c->open) {
			rkdma_start_issued(c);
		} else if (c->dead) {
			list_splice_tail_init(&c->vc.desc_issued, &c->running);
			rkdma_chan_abort_running(c);
		}
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);
}

/*
 * dmaengine reports a failed cookie as complete. Tell the two apart by the list of failed
 * ones. vc.lock held.
 */
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
static enum dma_status rkdma_pending_status(struct rkdma_chan *c,
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
	 * A client that polls may have asked for no interrupt, so the engine is
	 * polled here. Completed descriptors have their callback as usual.
	 */
	if (!list_empty(&c->running))
		rkdma_chan_advance(c, &pos);

	ret = dma_cookie_status(chan, cookie, state);
	if (ret == DMA_COMPLETE)
		ret = rkdma_done_status(c, cookie);
	else
		ret = rkdma_pending_status(c, cookie, &pos, state);
	spin_unlock_irqrestore(&c->vc.lock, flags);
	return ret;
}

/* Check the width of one end of a configuration. With a burst, width 0 is invalid. */
static bool rkdma_end_valid(struct rkdma_chan *c, const char *end, u32 width,
			    u32 burst)
{
	/* A client leaves the end that it does not use at zero. */
	if ((!width && !burst) || rkdma_width_valid(c, width))
		return true;
	dev_err_ratelimited(c->rk->dev,
			    "channel %u: %s width %u is not supported\n",
			    c->id, end, width);
	return false;
}

/**
 * rkdma_config() - take a client's configuration, as device_config
 * @chan: the channel
 * @cfg: the configuration of the peripheral's end
 *
 * Context: any, vc.lock not held.
 * Return: 0, or -EINVAL with a line in the log.
 */
int rkdma_config(struct dma_chan *chan, struct dma_slave_config *cfg)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	unsigned long flags;

	if (!rkdma_end_valid(c, "source", cfg->src_addr_width, cfg->src_maxburst) ||
	    !rkdma_end_valid(c, "destination", cfg->dst_addr_width, cfg->dst_maxburst))
		return -EINVAL;

	/* Prepared descriptors have their own copy of what they need. */
	spin_lock_irqsave(&c->vc.lock, flags);
	c->cfg = *cfg;
	spin_unlock_irqrestore(&c->vc.lock, flags);
	return 0;
}

static int rkdma_pause(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	struct rkdma_pos pos;
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&c->vc.lock, flags);
	if (!c->dead && !c->paused) {
		ret = c->ops->halt(c);
		c->paused = !ret;
		/* The interrupt of what has ended may find nothing to do any more. */
		if (c->paused && !list_empty(&c->running))
			rkdma_chan_advance(c, &pos);
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
 * rkdma_chan_resume() - resume a channel after rkdma_chan_suspend()
 * @c: the channel; it stays paused if the client paused it
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
 * rkdma_chan_setup() - initialize the core's part of a channel
 * @c: the channel
 */
void rkdma_chan_setup(struct rkdma_chan *c)
{
	INIT_LIST_HEAD(&c->running);
	INIT_LIST_HEAD(&c->cached);
	INIT_LIST_HEAD(&c->unsubmitted);
	INIT_LIST_HEAD(&c->ended);
	tasklet_setup(&c->period_task, rkdma_period_task);
}

/**
 * rkdma_chan_setup_ops() - set all operations of a dma_device but device_prep_*
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
