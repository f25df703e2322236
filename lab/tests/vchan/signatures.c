// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions of virt-dma.h and dmaengine.h that the provider calls, with their
 * types. Built with the kernel's own headers and with vchan.h. If a type differs, the
 * build fails.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>

#include "rkdma.h"

#define SIGNATURE(ret, name, ...)					\
	static_assert(__same_type(name, ret(__VA_ARGS__)))

SIGNATURE(void, vchan_init, struct virt_dma_chan *vc, struct dma_device *dmadev);
SIGNATURE(dma_cookie_t, vchan_tx_submit, struct dma_async_tx_descriptor *tx);
SIGNATURE(int, vchan_tx_desc_free, struct dma_async_tx_descriptor *tx);
SIGNATURE(struct virt_dma_desc *, vchan_find_desc, struct virt_dma_chan *vc, dma_cookie_t cookie);
SIGNATURE(void, vchan_dma_desc_free_list, struct virt_dma_chan *vc, struct list_head *head);
SIGNATURE(struct dma_chan *, dma_get_slave_channel, struct dma_chan *chan);
SIGNATURE(struct virt_dma_chan *, to_virt_chan, struct dma_chan *chan);
SIGNATURE(void, dma_cookie_complete, struct dma_async_tx_descriptor *tx);
SIGNATURE(enum dma_status, dma_cookie_status, struct dma_chan *chan,
	  dma_cookie_t cookie, struct dma_tx_state *state);
SIGNATURE(void, dma_set_residue, struct dma_tx_state *state, u32 residue);
SIGNATURE(void, dmaengine_desc_get_callback, struct dma_async_tx_descriptor *tx,
	  struct dmaengine_desc_callback *cb);
SIGNATURE(void, dmaengine_desc_callback_invoke, struct dmaengine_desc_callback *cb,
	  const struct dmaengine_result *result);
SIGNATURE(struct dma_async_tx_descriptor *, vchan_tx_prep, struct virt_dma_chan *vc,
	  struct virt_dma_desc *vd, unsigned long flags);
SIGNATURE(bool, vchan_issue_pending, struct virt_dma_chan *vc);
SIGNATURE(void, vchan_cookie_complete, struct virt_dma_desc *vd);
SIGNATURE(void, vchan_get_all_descriptors, struct virt_dma_chan *vc, struct list_head *head);
SIGNATURE(void, vchan_free_chan_resources, struct virt_dma_chan *vc);
SIGNATURE(void, vchan_synchronize, struct virt_dma_chan *vc);

static_assert(__same_type(((struct virt_dma_desc *)0)->tx, struct dma_async_tx_descriptor));
static_assert(__same_type(((struct virt_dma_desc *)0)->tx_result, struct dmaengine_result));
static_assert(__same_type(((struct virt_dma_desc *)0)->node, struct list_head));
static_assert(__same_type(((struct virt_dma_chan *)0)->chan, struct dma_chan));
static_assert(__same_type(((struct virt_dma_chan *)0)->task, struct tasklet_struct));
static_assert(__same_type(((struct virt_dma_chan *)0)->desc_free,
			  void (*)(struct virt_dma_desc *)));
static_assert(__same_type(((struct virt_dma_chan *)0)->lock, spinlock_t));
static_assert(__same_type(((struct virt_dma_chan *)0)->desc_allocated, struct list_head));
static_assert(__same_type(((struct virt_dma_chan *)0)->desc_submitted, struct list_head));
static_assert(__same_type(((struct virt_dma_chan *)0)->desc_issued, struct list_head));
static_assert(__same_type(((struct virt_dma_chan *)0)->desc_completed, struct list_head));
static_assert(__same_type(((struct virt_dma_chan *)0)->desc_terminated, struct list_head));
static_assert(__same_type(((struct virt_dma_chan *)0)->cyclic, struct virt_dma_desc *));
