/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal interfaces of the core, which no engine includes. */
#ifndef RKDMA_CORE_H
#define RKDMA_CORE_H

#include "rkdma.h"

static inline struct rkdma_chan *to_rkdma_chan(struct dma_chan *chan)
{
	return container_of(chan, struct rkdma_chan, vc.chan);
}

static inline struct rkdma_desc *to_rkdma_desc(struct virt_dma_desc *vd)
{
	return container_of(vd, struct rkdma_desc, vd);
}

/* chan.c */
void rkdma_chan_setup_ops(struct dma_device *dma);
void rkdma_chan_setup(struct rkdma_chan *c);
int rkdma_config(struct dma_chan *chan, struct dma_slave_config *cfg);
int rkdma_chan_suspend(struct rkdma_chan *c);
void rkdma_chan_resume(struct rkdma_chan *c);
void rkdma_chan_abort_running(struct rkdma_chan *c);

/* chan-teardown.c */
int rkdma_terminate_all(struct dma_chan *chan);
void rkdma_synchronize(struct dma_chan *chan);
int rkdma_alloc_chan_resources(struct dma_chan *chan);
void rkdma_free_chan_resources(struct dma_chan *chan);
void rkdma_chan_unbind(struct rkdma_chan *c);

/* Widths are powers of two; 0 is never one. */
static inline bool rkdma_width_valid(const struct rkdma_chan *c, u32 width)
{
	return width < BITS_PER_TYPE(c->rk->widths) && c->rk->widths & BIT(width);
}

/* prep.c */
void rkdma_prep_setup_ops(struct rkdma *rk, struct dma_device *dma);
int rkdma_desc_init(void);
void rkdma_desc_exit(void);
void rkdma_desc_release(struct rkdma_desc *d);
void rkdma_desc_free(struct virt_dma_desc *vd);

#ifdef RKDMA_OWN_VIRT_DMA
/* vchan-check.c */
int rkdma_check_virt_dma(void);
#endif

#endif
