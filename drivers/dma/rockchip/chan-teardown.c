// SPDX-License-Identifier: GPL-2.0-only
/*
 * How does a client get a channel, and how does the channel's work end before it
 * is done: by terminate_all, by release, by the driver's unbinding?
 *
 * A callback may run on another CPU meanwhile, and may prepare, submit and issue
 * the next transfer, as 8250's do. So nothing that it may still submit is freed
 * before it has ended, synchronize gives up what it has started since, and a
 * channel that is being released takes no work.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/pm_runtime.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include "core.h"
#include "trace.h"

/*
 * Does a callback run? A tasklet that has not begun finds nothing left to call.
 * Kernels for one CPU only do not keep this bit; arm64 has none of those.
 */
static bool rkdma_callback_runs(struct rkdma_chan *c)
{
	return test_bit(TASKLET_STATE_RUN, &c->vc.task.state) ||
	       test_bit(TASKLET_STATE_RUN, &c->period_task.state);
}

/**
 * rkdma_chan_issue_stale() - work is issued while a stale callback may run
 * @c: the channel; notes whether it is the callback that does it
 *
 * Context: any. vc.lock held.
 */
void rkdma_chan_issue_stale(struct rkdma_chan *c)
{
	c->stale = rkdma_callback_runs(c);
	if (c->stale && in_serving_softirq())
		c->late = true;
}

/**
 * rkdma_terminate_all() - stop a channel and give up its work, as
 * device_terminate_all
 * @chan: the channel
 *
 * Context: any, vc.lock not held; a callback of the channel's may run, or call it.
 * Return: 0 or -ETIMEDOUT.
 */
int rkdma_terminate_all(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	unsigned long flags;
	LIST_HEAD(head);
	int ret = 0;

	spin_lock_irqsave(&c->vc.lock, flags);
	if (!c->dead)
		ret = c->ops->halt(c);
	/*
	 * If the hardware did not stop, it may still read its program and move
	 * data: everything stays where it is, and the client is told.
	 */
	if (!ret) {
		bool outlived = rkdma_callback_runs(c);

		trace_rkdma_terminate(c);
		c->repeating = NULL;
		list_splice_tail_init(&c->ended, &head);
		list_splice_tail_init(&c->running, &head);
		/* A callback may be about to submit what it has prepared. */
		list_splice_tail_init(&c->vc.desc_allocated, &c->unsubmitted);
		if (!outlived)
			list_splice_tail_init(&c->unsubmitted, &head);
		/* What a callback terminates itself is not behind its back. */
		c->stale = outlived && !in_serving_softirq();
		c->late = false;
		vchan_get_all_descriptors(&c->vc, &head);
		c->paused = false;
		if (!c->dead && !c->suspended)
			c->ops->resume(c);
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);

	vchan_dma_desc_free_list(&c->vc, &head);
	return ret;
}

static void rkdma_end_callbacks(struct rkdma_chan *c)
{
	tasklet_kill(&c->period_task);
	vchan_synchronize(&c->vc);
}

/*
 * A callback that outlived terminate_all has started more. Whoever waits for the
 * end of both wants that gone, too, and callbacks of it to start nothing.
 */
static void rkdma_terminate_late(struct rkdma_chan *c)
{
	bool open;

	spin_lock_irq(&c->vc.lock);
	open = c->open;
	c->open = false;
	spin_unlock_irq(&c->vc.lock);

	rkdma_terminate_all(&c->vc.chan);
	rkdma_end_callbacks(c);
	/* What they have submitted all the same */
	rkdma_terminate_all(&c->vc.chan);

	spin_lock_irq(&c->vc.lock);
	c->open = open && !c->dead;
	spin_unlock_irq(&c->vc.lock);
}

/**
 * rkdma_synchronize() - wait for a terminated channel's end, as device_synchronize
 * @chan: the channel
 *
 * When it returns no callback runs, and what one has started since terminate_all
 * is given up, too.
 *
 * Context: process, may sleep. Takes vc.lock.
 */
void rkdma_synchronize(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	LIST_HEAD(head);
	bool late;

	/* The hardware stopped in terminate_all; callbacks are what is left. */
	rkdma_end_callbacks(c);

	spin_lock_irq(&c->vc.lock);
	late = c->late;
	c->late = false;
	c->stale = false;
	list_splice_init(&c->unsubmitted, &head);
	spin_unlock_irq(&c->vc.lock);

	vchan_dma_desc_free_list(&c->vc, &head);
	if (late)
		rkdma_terminate_late(c);
}

static int rkdma_alloc_chan(struct rkdma_chan *c)
{
	int ret;

	/* Not -ENODEV: for that, dmaengine would take us off its list twice. */
	if (c->dead)
		return -ENXIO;
	/* It did not stop when it was released. */
	if (c->allocated)
		return -EBUSY;

	ret = pm_runtime_resume_and_get(c->rk->dev);
	if (ret < 0)
		return ret;

	ret = c->ops->alloc_chan(c);
	if (ret) {
		pm_runtime_put_autosuspend(c->rk->dev);
		return ret;
	}
	c->allocated = true;
	spin_lock_irq(&c->vc.lock);
	/* The wishes of the client before are not those of this one. */
	memset(&c->cfg, 0, sizeof(c->cfg));
	c->open = true;
	spin_unlock_irq(&c->vc.lock);
	return 0;
}

/**
 * rkdma_alloc_chan_resources() - a client gets a channel, as
 * device_alloc_chan_resources
 * @chan: the channel
 *
 * Context: process, may sleep. Takes rk->lock and vc.lock.
 * Return: 0; -ENXIO without hardware; -EBUSY if it does not stop since its last
 * client; what runtime PM and the engine return.
 */
int rkdma_alloc_chan_resources(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	int ret;

	mutex_lock(&c->rk->lock);
	ret = rkdma_alloc_chan(c);
	mutex_unlock(&c->rk->lock);
	return ret;
}

/* Free the descriptors kept for the next prep. */
static void rkdma_free_spare(struct rkdma_chan *c)
{
	struct rkdma_desc *d, *next;
	LIST_HEAD(head);

	spin_lock_irq(&c->vc.lock);
	list_splice_init(&c->spare, &head);
	if (c->long_spare)
		list_add(&c->long_spare->vd.node, &head);
	c->long_spare = NULL;
	list_for_each_entry(d, &head, vd.node)
		c->ops->release(c, d);
	spin_unlock_irq(&c->vc.lock);

	list_for_each_entry_safe(d, next, &head, vd.node)
		kfree(d);
}

/* Undo rkdma_alloc_chan(): the channel is halted and empty. rk->lock held. */
static void rkdma_free_chan(struct rkdma_chan *c)
{
	if (!c->allocated)
		return;
	rkdma_free_spare(c);
	c->ops->free_chan(c);
	c->allocated = false;
	pm_runtime_mark_last_busy(c->rk->dev);
	pm_runtime_put_autosuspend(c->rk->dev);
}

/**
 * rkdma_free_chan_resources() - a client gives a channel back, as
 * device_free_chan_resources
 * @chan: the channel
 *
 * Context: process, may sleep. Takes rk->lock and vc.lock.
 */
void rkdma_free_chan_resources(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);

	/* A callback that still runs may start more: it is too late for that. */
	spin_lock_irq(&c->vc.lock);
	c->open = false;
	spin_unlock_irq(&c->vc.lock);

	if (rkdma_terminate_all(chan)) {
		dev_err(c->rk->dev,
			"channel %u does not stop: it stays out of use\n",
			c->id);
		return;
	}
	rkdma_synchronize(chan);
	vchan_free_chan_resources(&c->vc);

	mutex_lock(&c->rk->lock);
	rkdma_free_chan(c);
	mutex_unlock(&c->rk->lock);
}

/* Release the programs of the descriptors on a list. vc.lock held. */
static void rkdma_release_list(struct rkdma_chan *c, struct list_head *list)
{
	struct rkdma_desc *d;

	list_for_each_entry(d, list, vd.node) {
		if (!d->program)
			continue;
		c->ops->release(c, d);
		c->live--;
	}
}

/* Stop the hardware and end what it was given as aborted. */
static void rkdma_chan_abort(struct rkdma_chan *c)
{
	spin_lock_irq(&c->vc.lock);
	c->dead = true;
	c->open = false;
	if (c->ops->halt(c))
		dev_err(c->rk->dev, "channel %u does not stop\n", c->id);
	rkdma_chan_abort_running(c);
	c->ops->resume(c);
	spin_unlock_irq(&c->vc.lock);
}

/* Release every program that can be found; false if some are still in use. */
static bool rkdma_release_programs(struct rkdma_chan *c)
{
	bool none_left;

	spin_lock_irq(&c->vc.lock);
	rkdma_release_list(c, &c->vc.desc_allocated);
	rkdma_release_list(c, &c->unsubmitted);
	rkdma_release_list(c, &c->vc.desc_submitted);
	rkdma_release_list(c, &c->vc.desc_issued);
	rkdma_release_list(c, &c->vc.desc_completed);
	rkdma_release_list(c, &c->vc.desc_terminated);
	none_left = !c->live;
	spin_unlock_irq(&c->vc.lock);
	return none_left;
}

/**
 * rkdma_chan_kill() - the driver is unbound: end the channel's use of hardware
 * @c: the channel, which a client may still hold
 *
 * What runs or waits ends as DMA_TRANS_ABORTED. Descriptors that the client
 * holds stay valid as memory but lose their program. When this returns, the
 * engine has nothing of the channel any more and is not called for it again.
 *
 * Context: process, may sleep. Takes rk->lock and vc.lock.
 */
void rkdma_chan_kill(struct rkdma_chan *c)
{
	mutex_lock(&c->rk->lock);
	rkdma_chan_abort(c);
	tasklet_kill(&c->period_task);
	tasklet_kill(&c->vc.task);
	/*
	 * A descriptor that is on no list is on its way through another CPU's
	 * prep, terminate or free, each of which takes a bounded time.
	 */
	while (!rkdma_release_programs(c))
		usleep_range(100, 1000);
	rkdma_free_chan(c);
	mutex_unlock(&c->rk->lock);
}
