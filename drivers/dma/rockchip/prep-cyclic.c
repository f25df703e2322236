// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preparation of cyclic transfers and of vectors, which can repeat, too.
 */
#include "prep.h"

/* Limits a program's memory: the linked-list controller's items take 4 MiB. */
#define RKDMA_MAX_CYCLIC_SEGS	65536

/* Append a run of bytes between memory at @addr and the peripheral. */
static void rkdma_add_slave_segs(struct rkdma_chan *c, struct rkdma_desc *d,
				 dma_addr_t addr, dma_addr_t dev_addr, size_t len)
{
	if (d->dir == DMA_MEM_TO_DEV)
		rkdma_add_segs(c, d, addr, dev_addr, len);
	else
		rkdma_add_segs(c, d, dev_addr, addr, len);
}

/**
 * rkdma_prep_dma_cyclic() - prepare a transfer that repeats until terminated
 * @chan: the channel
 * @buf: address of the buffer
 * @len: its bytes, a multiple of @period
 * @period: bytes of a period; each period has a callback
 * @dir: direction
 * @flags: without DMA_PREP_INTERRUPT there are no callbacks and no interrupts
 *
 * Context: any.
 * Return: what the client gets, or NULL with a line in the log.
 */
struct dma_async_tx_descriptor *
rkdma_prep_dma_cyclic(struct dma_chan *chan, dma_addr_t buf, size_t len,
		      size_t period, enum dma_transfer_direction dir,
		      unsigned long flags)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	struct rkdma_desc *d;
	dma_addr_t dev_addr;
	unsigned int period_segs, nr_segs;
	size_t at;

	if (!period || !len || len % period) {
		refuse(c, "cyclic: %zu bytes are not a multiple of the period, %zu", len,
		       period);
		return NULL;
	}
	if (!rkdma_dir_valid(c, dir))
		return NULL;

	period_segs = DIV_ROUND_UP(period, c->rk->max_seg);
	if (len / period > RKDMA_MAX_CYCLIC_SEGS / period_segs) {
		refuse(c, "cyclic: %zu periods are too many", len / period);
		return NULL;
	}
	nr_segs = len / period * period_segs;
	d = rkdma_desc_alloc(c, nr_segs, period_segs == 1 ? 1 : nr_segs);
	if (!d)
		return NULL;
	rkdma_init_empty(d, flags);
	d->attr.repeat = true;
	d->attr.period_cb = true;
	d->attr.uniform = period_segs == 1;
	d->period_segs = period_segs;
	if (rkdma_apply_config(c, &c->cfg, d, dir, &dev_addr) ||
	    !rkdma_range_valid(c, d, buf, len) || !rkdma_range_valid(c, d, buf, period)) {
		rkdma_desc_drop(c, d);
		return NULL;
	}
	for (at = 0; at < (d->attr.uniform ? period : len); at += period)
		rkdma_add_slave_segs(c, d, buf + at, dev_addr, period);
	d->len = len;
	d->nr_segs = nr_segs;
	return rkdma_prep_finish(c, d, flags);
}

#ifdef RKDMA_HAS_DMA_VEC
/**
 * rkdma_prep_dma_vec() - prepare a transfer of a vector of memory ranges
 * @chan: the channel
 * @vecs: the ranges
 * @nr: number of ranges
 * @dir: direction
 * @flags: DMA_PREP_* flags; with DMA_PREP_REPEAT it repeats, and each round is a
 *	period
 *
 * Context: any.
 * Return: what the client gets, or NULL with a line in the log.
 */
struct dma_async_tx_descriptor *
rkdma_prep_dma_vec(struct dma_chan *chan, const struct dma_vec *vecs, size_t nr,
		   enum dma_transfer_direction dir, unsigned long flags)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	struct rkdma_desc *d;
	dma_addr_t dev_addr;
	size_t i, segs = 0;

	for (i = 0; vecs && i < nr && vecs[i].len; i++)
		segs += DIV_ROUND_UP(vecs[i].len, c->rk->max_seg);
	if (!segs || i < nr || segs > INT_MAX) {
		refuse(c, "vector: no entries, an empty one, or too many");
		return NULL;
	}
	if (!rkdma_dir_valid(c, dir))
		return NULL;

	d = rkdma_desc_alloc(c, segs, segs);
	if (!d)
		return NULL;
	rkdma_init_empty(d, flags);
	d->attr.repeat = flags & DMA_PREP_REPEAT;
	d->attr.period_cb = d->attr.repeat;
	if (rkdma_apply_config(c, &c->cfg, d, dir, &dev_addr))
		goto drop;
	for (i = 0; i < nr; i++) {
		if (!rkdma_range_valid(c, d, vecs[i].addr, vecs[i].len))
			goto drop;
		rkdma_add_slave_segs(c, d, vecs[i].addr, dev_addr, vecs[i].len);
	}
	d->period_segs = d->nr_segs;
	return rkdma_prep_finish(c, d, flags);
drop:
	rkdma_desc_drop(c, d);
	return NULL;
}
#endif
