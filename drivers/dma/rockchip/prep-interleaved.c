// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preparation of interleaved transfers: with the hardware's strides if they fit the
 * pattern, otherwise with a segment per chunk.
 */
#include <linux/overflow.h>

#include "prep.h"

/**
 * struct pattern - a parsed interleaved template
 * @xt: the template
 * @src: source address of the first chunk, or the peripheral's
 * @dst: destination address of the first chunk, or the peripheral's
 * @bytes: bytes of a frame
 * @segs: number of segments with a segment per chunk
 * @chunk: bytes after which the hardware skips, 0 if it cannot do this pattern
 * @skip: bytes that it skips
 * @skip_dst: it skips them at the destination
 */
struct pattern {
	struct dma_interleaved_template *xt;
	dma_addr_t src;
	dma_addr_t dst;
	size_t bytes;
	size_t segs;
	size_t chunk;
	size_t skip;
	bool skip_dst;
};

/* The hardware can skip if all chunks are the same and only one end has gaps. */
static void pattern_find_stride(struct rkdma_chan *c, struct pattern *p)
{
	struct dma_interleaved_template *xt = p->xt;
	size_t src_icg = dmaengine_get_src_icg(xt, &xt->sgl[0]);
	size_t dst_icg = dmaengine_get_dst_icg(xt, &xt->sgl[0]);

	if (xt->frame_size != 1 || !src_icg == !dst_icg)
		return;
	p->skip = src_icg + dst_icg;
	p->skip_dst = dst_icg;
	if (xt->sgl[0].size <= c->rk->max_chunk && p->skip <= c->rk->max_skip)
		p->chunk = xt->sgl[0].size;
}

static bool pattern_parse(struct rkdma_chan *c,
			  struct dma_interleaved_template *xt,
			  struct pattern *p)
{
	size_t i, total;

	*p = (struct pattern) {
		.xt = xt, .src = xt->src_start, .dst = xt->dst_start,
	};
	for (i = 0; i < xt->frame_size; i++) {
		if (!xt->sgl[i].size) {
			refuse(c, "interleaved: chunk %zu is empty", i);
			return false;
		}
		p->bytes = size_add(p->bytes, xt->sgl[i].size);
		p->segs += DIV_ROUND_UP(xt->sgl[i].size, c->rk->max_seg);
	}
	if (!p->bytes || check_mul_overflow(p->bytes, xt->numf, &total) ||
	    !total || check_mul_overflow(p->segs, xt->numf, &p->segs)) {
		refuse(c, "interleaved: no bytes, or too many");
		return false;
	}
	if ((xt->dir != DMA_DEV_TO_MEM && !xt->src_inc) ||
	    (xt->dir != DMA_MEM_TO_DEV && !xt->dst_inc)) {
		refuse(c, "interleaved: memory's address must increment");
		return false;
	}
	pattern_find_stride(c, p);
	return true;
}

/*
 * In a peripheral transfer the hardware skips on the memory side alone, after each
 * request's burst (assumption 5). So a chunk becomes the burst, and must not exceed
 * that of the client.
 */
static void pattern_fit_burst(struct rkdma_desc *d, struct pattern *p)
{
	bool to_dev = d->dir == DMA_MEM_TO_DEV;

	if (p->skip_dst == to_dev || p->chunk % d->width ||
	    p->chunk / d->width > d->burst) {
		p->chunk = 0;
		return;
	}
	d->burst = p->chunk / d->width;
}

/* Describe it with strides: each segment has as many whole chunks as fit. */
static bool pattern_add_strided(struct rkdma_chan *c, struct rkdma_desc *d,
				struct pattern *p)
{
	size_t per_seg = c->rk->max_seg / p->chunk, left = p->xt->numf, n;
	dma_addr_t src = p->src, dst = p->dst;
	size_t span;

	if (check_mul_overflow(p->chunk + p->skip, left, &span) ||
	    !rkdma_range_valid(c, d, p->skip_dst ? dst : src, span - p->skip) ||
	    (d->dir == DMA_MEM_TO_MEM &&
	     !rkdma_range_valid(c, d, p->skip_dst ? src : dst, p->chunk * left)) ||
	    (d->width && p->skip & (d->width - 1)))
		return false;
	d->chunk = p->chunk;
	d->skip = p->skip;
	d->attr.skip_dst = p->skip_dst;
	for (; left; left -= n) {
		n = min(left, per_seg);
		rkdma_add_segs(c, d, src, dst, n * p->chunk);
		if (d->dir != DMA_DEV_TO_MEM)
			src += n * (p->chunk + (p->skip_dst ? 0 : p->skip));
		if (d->dir != DMA_MEM_TO_DEV)
			dst += n * (p->chunk + (p->skip_dst ? p->skip : 0));
	}
	return true;
}

/* Describe it with a segment per chunk. */
static bool pattern_add_chunks(struct rkdma_chan *c, struct rkdma_desc *d,
			       struct pattern *p)
{
	struct dma_interleaved_template *xt = p->xt;
	dma_addr_t src = p->src, dst = p->dst;
	size_t frame, i;

	d->chunk = 0;
	for (frame = 0; frame < xt->numf; frame++) {
		for (i = 0; i < xt->frame_size; i++) {
			struct data_chunk *chunk = &xt->sgl[i];

			if ((d->dir != DMA_DEV_TO_MEM &&
			     !rkdma_range_valid(c, d, src, chunk->size)) ||
			    (d->dir != DMA_MEM_TO_DEV &&
			     !rkdma_range_valid(c, d, dst, chunk->size)))
				return false;
			rkdma_add_segs(c, d, src, dst, chunk->size);
			if (d->dir != DMA_DEV_TO_MEM)
				src += chunk->size + dmaengine_get_src_icg(xt, chunk);
			if (d->dir != DMA_MEM_TO_DEV)
				dst += chunk->size + dmaengine_get_dst_icg(xt, chunk);
		}
	}
	return true;
}

/* Set the direction, and take a peripheral's end from the configuration. */
static bool pattern_config(struct rkdma_chan *c, struct rkdma_desc *d,
			   struct pattern *p)
{
	d->dir = p->xt->dir;
	d->width = 0;
	d->burst = 0;
	if (d->dir == DMA_MEM_TO_MEM)
		return true;
	if (rkdma_apply_config(c, &c->cfg, d, d->dir, d->dir == DMA_MEM_TO_DEV ?
			      &p->dst : &p->src))
		return false;
	if (p->chunk)
		pattern_fit_burst(d, p);
	return true;
}

/* Allocate a descriptor for the pattern and set all but its segments. */
static struct rkdma_desc *pattern_alloc(struct rkdma_chan *c, struct pattern *p,
					unsigned long flags)
{
	size_t segs = p->segs;
	struct rkdma_desc *d;

	if (p->chunk)
		segs = DIV_ROUND_UP(p->xt->numf, c->rk->max_seg / p->chunk);
	for (;;) {
		d = rkdma_desc_alloc(c, segs, segs);
		if (!d)
			return NULL;
		if (!pattern_config(c, d, p)) {
			rkdma_desc_drop(c, d);
			return NULL;
		}
		/* If the burst ruled out strides, more segments are needed. */
		if (p->chunk || d->max_segs >= p->segs)
			break;
		segs = p->segs;
		rkdma_desc_drop(c, d);
	}
	rkdma_init_empty(d, flags);
	d->attr.repeat = flags & DMA_PREP_REPEAT;
	return d;
}

/**
 * rkdma_prep_interleaved() - prepare a transfer with gaps
 * @chan: the channel
 * @xt: what to move
 * @flags: DMA_PREP_* flags; DMA_PREP_REPEAT and DMA_PREP_LOAD_EOT as dmaengine
 *	describes them
 *
 * Context: any.
 * Return: what the client gets, or NULL with a line in the log.
 */
struct dma_async_tx_descriptor *
rkdma_prep_interleaved(struct dma_chan *chan,
		       struct dma_interleaved_template *xt, unsigned long flags)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	struct rkdma_desc *d;
	struct pattern p;

	if (!xt || !pattern_parse(c, xt, &p) || !rkdma_dir_valid(c, xt->dir))
		return NULL;
	if (p.segs > INT_MAX) {
		refuse(c, "interleaved: %zu chunks are too many", p.segs);
		return NULL;
	}

	d = pattern_alloc(c, &p, flags);
	if (!d)
		return NULL;
	if (!(p.chunk ? pattern_add_strided(c, d, &p) : pattern_add_chunks(c, d, &p))) {
		rkdma_desc_drop(c, d);
		return NULL;
	}
	d->period_segs = d->nr_segs;
	return rkdma_prep_finish(c, d, flags);
}
