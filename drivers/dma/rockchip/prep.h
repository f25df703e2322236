/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that prepare transfers share. */
#ifndef RKDMA_PREP_H
#define RKDMA_PREP_H

#include <linux/device.h>

#include "core.h"

/* Say why a request is refused: at debug level, for a client may probe this way. */
#define refuse(c, fmt, ...)						\
do {									\
	const struct rkdma_chan *_c = (c);				\
									\
	dev_dbg_ratelimited(_c->rk->dev, "channel %u: " fmt "\n",	\
			    _c->id, ##__VA_ARGS__);			\
} while (0)

/* A transfer with nothing particular about it. */
static inline void rkdma_plain(struct rkdma_desc *d, unsigned long flags)
{
	d->attr = (struct rkdma_attr) {
		.irq = flags & DMA_PREP_INTERRUPT,
		.load_eot = flags & DMA_PREP_LOAD_EOT,
	};
	d->chunk = 0;
}

/* Segments are added to it from the first one on. */
static inline void rkdma_empty(struct rkdma_desc *d, unsigned long flags)
{
	rkdma_plain(d, flags);
	d->len = 0;
	d->nr_segs = 0;
}

/* prep.c */
struct rkdma_desc *rkdma_desc_alloc(struct rkdma_chan *c, unsigned int nr_segs,
				    unsigned int room);
void rkdma_desc_drop(struct rkdma_chan *c, struct rkdma_desc *d);
int rkdma_take_config(struct rkdma_chan *c, const struct dma_slave_config *cfg,
		      struct rkdma_desc *d, enum dma_transfer_direction dir,
		      dma_addr_t *dev_addr);
bool rkdma_reach(struct rkdma_chan *c, struct rkdma_desc *d, dma_addr_t addr,
		 size_t len);
void rkdma_add(struct rkdma_chan *c, struct rkdma_desc *d, dma_addr_t src,
	       dma_addr_t dst, size_t len);
bool rkdma_can(struct rkdma_chan *c, enum dma_transfer_direction dir);
struct dma_async_tx_descriptor *rkdma_prep_finish(struct rkdma_chan *c,
						  struct rkdma_desc *d,
						  unsigned long flags);

/* prep-cyclic.c */
struct dma_async_tx_descriptor *
rkdma_prep_dma_cyclic(struct dma_chan *chan, dma_addr_t buf, size_t len,
		      size_t period, enum dma_transfer_direction dir,
		      unsigned long flags);
#ifdef RKDMA_HAS_DMA_VEC
struct dma_async_tx_descriptor *
rkdma_prep_dma_vec(struct dma_chan *chan, const struct dma_vec *vecs, size_t nr,
		   enum dma_transfer_direction dir, unsigned long flags);
#endif

/* prep-interleaved.c */
struct dma_async_tx_descriptor *
rkdma_prep_interleaved(struct dma_chan *chan,
		       struct dma_interleaved_template *xt, unsigned long flags);

#endif
