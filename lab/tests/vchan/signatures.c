// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions of virt-dma.h and dmaengine.h that the provider calls, with their
 * types. Built with the kernel's own headers and with vchan.h: whichever has
 * another type does not build.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>

#include "rkdma.h"

typedef struct virt_dma_chan chan_t;
typedef struct virt_dma_desc desc_t;
typedef struct dma_async_tx_descriptor tx_t;
typedef struct dmaengine_desc_callback callback_t;
typedef struct list_head list_t;

#define SIGNATURE(ret, name, ...)					\
	static_assert(__same_type(name, ret (__VA_ARGS__)))

SIGNATURE(void, vchan_init, chan_t *vc, struct dma_device *dmadev);
SIGNATURE(dma_cookie_t, vchan_tx_submit, tx_t *tx);
SIGNATURE(int, vchan_tx_desc_free, tx_t *tx);
SIGNATURE(desc_t *, vchan_find_desc, chan_t *vc, dma_cookie_t cookie);
SIGNATURE(void, vchan_dma_desc_free_list, chan_t *vc, list_t *head);
SIGNATURE(struct dma_chan *, dma_get_slave_channel, struct dma_chan *chan);
SIGNATURE(chan_t *, to_virt_chan, struct dma_chan *chan);
SIGNATURE(void, dma_cookie_complete, tx_t *tx);
SIGNATURE(enum dma_status, dma_cookie_status, struct dma_chan *chan,
	  dma_cookie_t cookie, struct dma_tx_state *state);
SIGNATURE(void, dma_set_residue, struct dma_tx_state *state, u32 residue);
SIGNATURE(void, dmaengine_desc_get_callback, tx_t *tx, callback_t *cb);
SIGNATURE(void, dmaengine_desc_callback_invoke, callback_t *cb,
	  const struct dmaengine_result *result);
SIGNATURE(tx_t *, vchan_tx_prep, chan_t *vc, desc_t *vd, unsigned long flags);
SIGNATURE(bool, vchan_issue_pending, chan_t *vc);
SIGNATURE(void, vchan_cookie_complete, desc_t *vd);
SIGNATURE(void, vchan_get_all_descriptors, chan_t *vc, list_t *head);
SIGNATURE(void, vchan_free_chan_resources, chan_t *vc);
SIGNATURE(void, vchan_synchronize, chan_t *vc);

static_assert(__same_type(((desc_t *)0)->tx, tx_t));
static_assert(__same_type(((desc_t *)0)->tx_result, struct dmaengine_result));
static_assert(__same_type(((desc_t *)0)->node, list_t));
static_assert(__same_type(((chan_t *)0)->chan, struct dma_chan));
static_assert(__same_type(((chan_t *)0)->task, struct tasklet_struct));
static_assert(__same_type(((chan_t *)0)->desc_free, void (*)(desc_t *)));
static_assert(__same_type(((chan_t *)0)->lock, spinlock_t));
static_assert(__same_type(((chan_t *)0)->desc_allocated, list_t));
static_assert(__same_type(((chan_t *)0)->desc_submitted, list_t));
static_assert(__same_type(((chan_t *)0)->desc_issued, list_t));
static_assert(__same_type(((chan_t *)0)->desc_completed, list_t));
static_assert(__same_type(((chan_t *)0)->desc_terminated, list_t));
static_assert(__same_type(((chan_t *)0)->cyclic, desc_t *));
