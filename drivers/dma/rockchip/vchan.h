/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations of the kernel's virt-dma, for builds without the kernel's private
 * headers drivers/dma/virt-dma.h and dmaengine.h.
 *
 * virt-dma's functions are exported, so a module can link to them, but no
 * distribution's headers package has the two headers. Where they are available, as
 * in a kernel tree, rkdma.h includes them instead of this file.
 *
 * The layout holds for Linux 6.1 to 7.3. It is compared with the real headers by
 * lab/tests/headers, with the kernel's BTF when the modules are built, and with
 * what the kernel's functions do when the module is loaded (vchan-check.c).
 *
 * Names and meaning are the kernel's, so the same code builds with either. Only what
 * the provider uses is declared.
 */
#ifndef RKDMA_VCHAN_H
#define RKDMA_VCHAN_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>

/**
 * struct virt_dma_desc - virt-dma's part of a descriptor
 * @tx: dmaengine's part, which clients see
 * @tx_result: what a client's callback_result is given
 * @node: in one of the lists of &struct virt_dma_chan; protected by its lock
 */
struct virt_dma_desc {
	struct dma_async_tx_descriptor tx;
	struct dmaengine_result tx_result;
	struct list_head node;
};

/**
 * struct virt_dma_chan - virt-dma's part of a channel
 * @chan: dmaengine's part, which clients see
 * @task: calls the callbacks of @desc_completed, and frees the descriptors
 * @desc_free: the provider's function that frees a descriptor
 * @lock: protects all that follows
 * @desc_allocated: prepared, not submitted
 * @desc_submitted: submitted, not issued
 * @desc_issued: issued, not done
 * @desc_completed: done, callback not called yet
 * @desc_terminated: taken from the hardware, to be freed by vchan_synchronize()
 * @cyclic: the cyclic descriptor that has ended a period, for @task to call its callback;
 *	or NULL
 */
struct virt_dma_chan {
	struct dma_chan chan;
	struct tasklet_struct task;
	void (*desc_free)(struct virt_dma_desc *vd);
	spinlock_t lock;	/* the lists and @cyclic */
	struct list_head desc_allocated;
	struct list_head desc_submitted;
	struct list_head desc_issued;
	struct list_head desc_completed;
	struct list_head desc_terminated;
	struct virt_dma_desc *cyclic;
};

/**
 * struct dmaengine_desc_callback - a client's callback, copied out of a descriptor
 * @callback: called without a result, if @callback_result is NULL
 * @callback_result: called with a result
 * @callback_param: passed to either
 */
struct dmaengine_desc_callback {
	dma_async_tx_callback callback;
	dma_async_tx_callback_result callback_result;
	void *callback_param;
};

/**
 * vchan_init() - make a channel ready and add it to its dma_device
 * @vc: the channel
 * @dmadev: the dma_device, whose list of channels is initialized
 */
void vchan_init(struct virt_dma_chan *vc, struct dma_device *dmadev);

/**
 * vchan_tx_submit() - give a descriptor a cookie and queue it, as its tx_submit
 * @tx: the descriptor
 *
 * Context: any. Takes the channel's lock.
 * Return: the cookie.
 */
dma_cookie_t vchan_tx_submit(struct dma_async_tx_descriptor *tx);

/**
 * vchan_tx_desc_free() - free a reusable descriptor, as its desc_free
 * @tx: the descriptor
 *
 * Context: any. Takes the channel's lock.
 * Return: 0.
 */
int vchan_tx_desc_free(struct dma_async_tx_descriptor *tx);

/**
 * vchan_find_desc() - find an issued descriptor
 * @vc: the channel, whose lock is held
 * @cookie: the descriptor's cookie
 *
 * Return: the descriptor, or NULL.
 */
struct virt_dma_desc *vchan_find_desc(struct virt_dma_chan *vc,
				      dma_cookie_t cookie);

/**
 * vchan_dma_desc_free_list() - free descriptors; reusable ones become prepared
 * @vc: the channel
 * @head: the list that they are on
 *
 * Context: any. Takes the channel's lock.
 */
void vchan_dma_desc_free_list(struct virt_dma_chan *vc, struct list_head *head);

/**
 * dma_get_slave_channel() - take a given channel for a client; dmaengine's
 * @chan: the channel
 *
 * Context: process.
 * Return: the channel, or NULL if it is taken already.
 */
struct dma_chan *dma_get_slave_channel(struct dma_chan *chan);

static inline struct virt_dma_chan *to_virt_chan(struct dma_chan *chan)
{
	return container_of(chan, struct virt_dma_chan, chan);
}

/* Mark @tx as done. The caller serializes. */
static inline void dma_cookie_complete(struct dma_async_tx_descriptor *tx)
{
	const dma_cookie_t done = tx->cookie;

	/* Never submitted, or completed before */
	if (WARN_ON_ONCE(done < DMA_MIN_COOKIE))
		return;
	tx->cookie = 0;
	tx->chan->completed_cookie = done;
}

/* Status of a cookie; the residue in @state is 0. @state may be NULL. */
static inline enum dma_status dma_cookie_status(struct dma_chan *chan,
						dma_cookie_t cookie,
						struct dma_tx_state *state)
{
	const dma_cookie_t used = READ_ONCE(chan->cookie);
	const dma_cookie_t last = READ_ONCE(chan->completed_cookie);

	if (state)
		*state = (struct dma_tx_state) { .last = last, .used = used };
	return dma_async_is_complete(cookie, last, used);
}

static inline void dma_set_residue(struct dma_tx_state *state, u32 residue)
{
	if (!state)
		return;
	state->residue = residue;
}

static inline void
dmaengine_desc_get_callback(struct dma_async_tx_descriptor *tx,
			    struct dmaengine_desc_callback *cb)
{
	*cb = (struct dmaengine_desc_callback) {
		.callback_param = tx->callback_param,
		.callback_result = tx->callback_result,
		.callback = tx->callback,
	};
}

/* Without @result, pass that of a successful transfer. */
static inline void
dmaengine_desc_callback_invoke(struct dmaengine_desc_callback *cb,
			       const struct dmaengine_result *result)
{
	static const struct dmaengine_result success = {
		.result = DMA_TRANS_NOERROR,
	};

	if (cb->callback_result)
		cb->callback_result(cb->callback_param, result ?: &success);
	else if (cb->callback)
		cb->callback(cb->callback_param);
}

/* End a device_prep_*: make @vd ready for the client to submit. */
static inline struct dma_async_tx_descriptor *
vchan_tx_prep(struct virt_dma_chan *vc, struct virt_dma_desc *vd,
	      unsigned long tx_flags)
{
	struct dma_async_tx_descriptor *tx = &vd->tx;
	unsigned long irqs;

	vd->tx_result.residue = 0;
	vd->tx_result.result = DMA_TRANS_NOERROR;
	dma_async_tx_descriptor_init(tx, &vc->chan);
	tx->desc_free = vchan_tx_desc_free;
	tx->tx_submit = vchan_tx_submit;
	tx->flags = tx_flags;

	spin_lock_irqsave(&vc->lock, irqs);
	list_add_tail(&vd->node, &vc->desc_allocated);
	spin_unlock_irqrestore(&vc->lock, irqs);
	return tx;
}

/* Issue what was submitted. True if any descriptor is issued. vc->lock held. */
static inline bool vchan_issue_pending(struct virt_dma_chan *vc)
{
	lockdep_assert_held(&vc->lock);
	list_splice_tail_init(&vc->desc_submitted, &vc->desc_issued);
	return !list_empty(&vc->desc_issued);
}

/* Complete @vd, which is on no list, and schedule its callback. vc->lock held. */
static inline void vchan_cookie_complete(struct virt_dma_desc *vd)
{
	struct virt_dma_chan *vc = to_virt_chan(vd->tx.chan);

	lockdep_assert_held(&vc->lock);
	list_add_tail(&vd->node, &vc->desc_completed);
	dma_cookie_complete(&vd->tx);
	tasklet_schedule(&vc->task);
}

/* Move the descriptors of all lists to the end of @head. vc->lock held. */
static inline void vchan_get_all_descriptors(struct virt_dma_chan *vc,
					     struct list_head *head)
{
	struct list_head *lists[] = {
		&vc->desc_allocated, &vc->desc_submitted, &vc->desc_issued,
		&vc->desc_completed, &vc->desc_terminated,
	};
	unsigned int i;

	lockdep_assert_held(&vc->lock);
	for (i = 0; i < ARRAY_SIZE(lists); i++)
		list_splice_tail_init(lists[i], head);
}

/* Free all descriptors of a released channel, also reusable ones. */
static inline void vchan_free_chan_resources(struct virt_dma_chan *vc)
{
	struct virt_dma_desc *vd;
	unsigned long irqs;
	LIST_HEAD(left);

	spin_lock_irqsave(&vc->lock, irqs);
	vchan_get_all_descriptors(vc, &left);
	list_for_each_entry(vd, &left, node)
		dmaengine_desc_clear_reuse(&vd->tx);
	spin_unlock_irqrestore(&vc->lock, irqs);
	vchan_dma_desc_free_list(vc, &left);
}

/* Wait for running and scheduled callbacks, and free terminated descriptors. */
static inline void vchan_synchronize(struct virt_dma_chan *vc)
{
	unsigned long irqs;
	LIST_HEAD(ended);

	tasklet_kill(&vc->task);
	spin_lock_irqsave(&vc->lock, irqs);
	list_splice_init(&vc->desc_terminated, &ended);
	spin_unlock_irqrestore(&vc->lock, irqs);
	vchan_dma_desc_free_list(vc, &ended);
}

#endif
