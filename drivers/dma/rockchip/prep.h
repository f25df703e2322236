/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal interfaces of the files that prepare descriptors. */
#ifndef RKDMA_PREP_H
#define RKDMA_PREP_H

#include <linux/device.h>

#include "core.h"

/*
 * Log why a request is refused. At debug level, since a client may try requests to learn
 * what is supported.
 */
#define refuse(c, fmt, ...)						\
do {									\
	const struct rkdma_chan *_c = (c);				\
									\
	dev_dbg_ratelimited(_c->rk->dev, "channel %u: " fmt "\n",	\
			    _c->id, ##__VA_ARGS__);			\
} while (0)

/* Set the attributes of a transfer that neither repeats nor skips bytes. */
static inline void rkdma_init_attr(struct rkdma_desc *d, unsigned long flags)
{
	d->attr = (struct rkdma_attr) {
		.irq = flags & DMA_PREP_INTERRUPT,
		.load_eot = flags & DMA_PREP_LOAD_EOT,
	};
	d->chunk = 0;
}

/* The same, without segments, for rkdma_add_segs(). */
static inline void rkdma_init_empty(struct rkdma_desc *d, unsigned long flags)
{
	rkdma_init_attr(d, flags);
	d->len = 0;
	d->nr_segs = 0;
}

/* prep.c */
struct rkdma_desc *rkdma_desc_alloc(struct rkdma_chan *c, unsigned int nr_segs,
				    unsigned int room);
void rkdma_desc_drop(struct rkdma_chan *c, struct rkdma_desc *d);
int rkdma_apply_config(struct rkdma_chan *c, const struct dma_slave_config *cfg,
		       struct rkdma_desc *d, enum dma_transfer_direction dir,
		       dma_addr_t *dev_addr);
bool rkdma_range_valid(struct rkdma_chan *c, struct rkdma_desc *d, dma_addr_t addr,
		       size_t len);
void rkdma_add_segs(struct rkdma_chan *c, struct rkdma_desc *d, dma_addr_t src,
		    dma_addr_t dst, size_t len);
bool rkdma_dir_valid(struct rkdma_chan *c, enum dma_transfer_direction dir);
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
