// SPDX-License-Identifier: GPL-2.0-only
/*
 * Setup and teardown of a channel: allocation, terminate, synchronize, release,
 * and the unbinding of the driver while a client holds the channel.
 *
 * The contract of terminate: terminate_all gives up everything that was submitted
 * before it. synchronize waits for callbacks and gives up everything that was
 * submitted between the two, also by a callback.
 *
 * Meanwhile a callback can run on another CPU, and may prepare, submit and issue the
 * next transfer, as those of the 8250 driver do. The rules do not depend on the
 * context in which a client calls:
 *
 * - While synchronize waits for callbacks (&rkdma_chan.draining), issued work is not
 *   started. Otherwise a client whose callback always issues the next transfer would
 *   have callbacks for ever.
 * - terminate_all does not free descriptors that are prepared and not submitted, since
 *   a callback may be about to submit them. synchronize frees them, when no callback
 *   runs any more. Descriptors that are prepared after terminate_all stay.
 * - A client that terminates, issues again and never calls synchronize keeps its work,
 *   which starts at once. A synchronize without a terminate_all before it waits for
 *   callbacks and gives up nothing (&rkdma_chan.terminations and
 *   &rkdma_chan.synchronized differ if there was one).
 * - A channel that is being released takes no work: prep returns NULL, and what is
 *   issued is freed with the channel.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "core.h"
#include "trace.h"

/*
 * Stop the hardware and move every submitted descriptor to @head, for the caller
 * to free without the lock. Prepared descriptors stay. vc.lock held.
 *
 * If the hardware does not stop it may still read its program and move data:
 * everything stays where it is. Returns 0 or -ETIMEDOUT.
 */
static int rkdma_give_up(struct rkdma_chan *c, struct list_head *head)
{
	int ret = c->dead ? 0 : c->ops->halt(c);

	if (ret)
		return ret;
	c->repeating = NULL;
	list_splice_tail_init(&c->ended, head);
	list_splice_tail_init(&c->running, head);
	list_splice_tail_init(&c->vc.desc_completed, head);
	list_splice_tail_init(&c->vc.desc_issued, head);
	list_splice_tail_init(&c->vc.desc_submitted, head);
	c->paused = false;
	if (!c->dead) {
		/* Without work this makes the channel idle and accesses no hardware. */
		c->ops->resume(c);
		/* Work that is issued before system resume has to wait for it. */
		if (c->suspended)
			c->ops->halt(c);
	}
	return 0;
}

/**
 * rkdma_terminate_all() - stop a channel and give up its work, as
 * device_terminate_all
 * @chan: the channel
 *
 * Context: any, vc.lock not held; a callback of the channel may run, or call it.
 * Return: 0 or -ETIMEDOUT.
 */
int rkdma_terminate_all(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	unsigned long flags;
	LIST_HEAD(head);
	int ret;

	spin_lock_irqsave(&c->vc.lock, flags);
	ret = rkdma_give_up(c, &head);
	if (!ret) {
		trace_rkdma_terminate(c);
		/* A callback may be about to submit what it has prepared. */
		list_splice_tail_init(&c->vc.desc_allocated, &c->unsubmitted);
		c->terminations++;
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);

	vchan_dma_desc_free_list(&c->vc, &head);
	return ret;
}

/* Wait for callbacks. period_task comes first, since it may schedule virt-dma's task. */
static void rkdma_wait_callbacks(struct rkdma_chan *c)
{
	tasklet_kill(&c->period_task);
	vchan_synchronize(&c->vc);
}

/*
 * The end of a terminate: wait for callbacks, and give up what was submitted since
 * terminate_all.
 */
static void rkdma_drain(struct rkdma_chan *c)
{
	unsigned int terminations;
	LIST_HEAD(head);
	int ret;

	spin_lock_irq(&c->vc.lock);
	terminations = c->terminations;
	c->draining++;
	if (!list_empty(&c->running))
		rkdma_give_up(c, &head);
	spin_unlock_irq(&c->vc.lock);
	vchan_dma_desc_free_list(&c->vc, &head);

	rkdma_wait_callbacks(c);

	/*
	 * The hardware is idle and no callback runs. What callbacks submitted while
	 * this waited for them is on virt-dma's lists.
	 */
	spin_lock_irq(&c->vc.lock);
	ret = rkdma_give_up(c, &head);
	if (!ret) {
		list_splice_tail_init(&c->unsubmitted, &head);
		/* A terminate_all during this synchronize needs another synchronize. */
		if ((int)(terminations - c->synchronized) > 0)
			c->synchronized = terminations;
	}
	c->draining--;
	spin_unlock_irq(&c->vc.lock);
	vchan_dma_desc_free_list(&c->vc, &head);

	if (ret)
		dev_err(c->rk->dev, "channel %u does not stop\n", c->id);
}

/**
 * rkdma_synchronize() - wait for the end of a terminate, as device_synchronize
 * @chan: the channel
 *
 * When it returns no callback runs. If the channel was terminated since the last
 * call, what was submitted since then is given up. Otherwise work is left alone.
 *
 * Context: process, may sleep. Takes vc.lock.
 */
void rkdma_synchronize(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	bool terminated;

	spin_lock_irq(&c->vc.lock);
	terminated = c->terminations != c->synchronized;
	spin_unlock_irq(&c->vc.lock);

	if (terminated)
		rkdma_drain(c);
	else
		rkdma_wait_callbacks(c);
}

static int rkdma_alloc_chan(struct rkdma_chan *c)
{
	int ret;

	/* Not -ENODEV: dmaengine would take the device off its list a second time. */
	if (c->dead)
		return -ENXIO;
	/* The previous client released it, but the hardware did not stop. */
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
	/* The previous client's configuration and terminations do not apply to this one. */
	memset(&c->cfg, 0, sizeof(c->cfg));
	c->synchronized = c->terminations;
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
 * Return: 0; -ENXIO if the driver is unbound; -EBUSY if the hardware did not stop
 * when the last client released the channel; or an error of runtime PM or the engine.
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

/* Free the descriptors that are cached for the next prep. */
static void rkdma_free_cached(struct rkdma_chan *c)
{
	struct rkdma_desc *d, *next;
	LIST_HEAD(head);

	spin_lock_irq(&c->vc.lock);
	list_splice_init(&c->cached, &head);
	if (c->cached_long)
		list_add(&c->cached_long->vd.node, &head);
	c->cached_long = NULL;
	list_for_each_entry(d, &head, vd.node)
		c->ops->release(c, d);
	spin_unlock_irq(&c->vc.lock);

	list_for_each_entry_safe(d, next, &head, vd.node)
		rkdma_desc_release(d);
}

/* Undo rkdma_alloc_chan(): the channel is halted and empty. rk->lock held. */
static void rkdma_free_chan(struct rkdma_chan *c)
{
	if (!c->allocated)
		return;
	rkdma_free_cached(c);
	c->ops->free_chan(c);
	c->allocated = false;
	pm_runtime_mark_last_busy(c->rk->dev);
	pm_runtime_put_autosuspend(c->rk->dev);
}

/**
 * rkdma_free_chan_resources() - a client releases a channel, as
 * device_free_chan_resources
 * @chan: the channel
 *
 * Context: process, may sleep. Takes rk->lock and vc.lock.
 */
void rkdma_free_chan_resources(struct dma_chan *chan)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);

	/* A callback may still run: it can prepare and start nothing from now on. */
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

/* Stop the hardware and complete its descriptors as aborted. */
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

/* Release the programs of the descriptors on all lists. Returns whether none is left. */
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
 * rkdma_chan_unbind() - end a channel's use of the hardware as the driver is unbound
 * @c: the channel, which a client may still hold
 *
 * Issued descriptors complete with DMA_TRANS_ABORTED. Descriptors that the client
 * holds stay valid memory, without a program. When this returns, the engine has
 * no resources of the channel and is not called for it again.
 *
 * Context: process, may sleep. Takes rk->lock and vc.lock.
 */
void rkdma_chan_unbind(struct rkdma_chan *c)
{
	mutex_lock(&c->rk->lock);
	rkdma_chan_abort(c);
	tasklet_kill(&c->period_task);
	tasklet_kill(&c->vc.task);
	/*
	 * A descriptor that is on no list is in use by prep, terminate or free on
	 * another CPU, each of which takes a bounded time.
	 */
	while (!rkdma_release_programs(c))
		usleep_range(100, 1000);
	rkdma_free_chan(c);
	mutex_unlock(&c->rk->lock);
}
