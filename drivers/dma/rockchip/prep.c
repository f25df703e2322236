// SPDX-License-Identifier: GPL-2.0-only
/*
 * How does a request of a client become a list of segments?
 *
 * Each device_prep_*() checks what the client asks for and describes it as
 * segments; rkdma_prep_finish() has the engine make its program of them. A
 * request that cannot work is refused with NULL and a line in the log that
 * says why (rate-limited, at debug level, for a client may probe this way).
 */
#include <linux/device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "prep.h"
#include "trace.h"

/*
 * Keep a descriptor with its program for the next prep. Returns the one that
 * has to go for it, which may be itself, or NULL. vc.lock held.
 */
static struct rkdma_desc *rkdma_desc_keep(struct rkdma_chan *c,
					  struct rkdma_desc *d)
{
	if (!c->open || d->room < d->max_segs ||
	    d->max_segs > max(c->rk->kept_segs, RKDMA_SMALL_SEGS))
		return d;
	if (d->max_segs == RKDMA_SMALL_SEGS) {
		list_add(&d->vd.node, &c->spare);
		return NULL;
	}
	if (!c->long_spare || c->long_spare->max_segs < d->max_segs)
		swap(c->long_spare, d);
	return d;
}

/* Take a kept descriptor with room for @nr_segs, or NULL. vc.lock held. */
static struct rkdma_desc *rkdma_desc_take(struct rkdma_chan *c,
					  unsigned int nr_segs)
{
	struct rkdma_desc *d = NULL;

	if (nr_segs <= RKDMA_SMALL_SEGS) {
		d = list_first_entry_or_null(&c->spare, struct rkdma_desc,
					     vd.node);
		if (d)
			list_del(&d->vd.node);
	} else if (c->long_spare && c->long_spare->max_segs >= nr_segs) {
		swap(c->long_spare, d);
	}
	return d;
}

/**
 * rkdma_desc_free() - give a descriptor back, as virt-dma's desc_free
 * @vd: the descriptor, on no list
 *
 * Context: any, vc.lock not held.
 */
void rkdma_desc_free(struct virt_dma_desc *vd)
{
	struct rkdma_desc *d = to_rkdma_desc(vd);
	struct rkdma_chan *c = to_rkdma_chan(vd->tx.chan);
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	if (d->program) {
		c->live--;
		d = rkdma_desc_keep(c, d);
		if (d)
			c->ops->release(c, d);
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);

	/* Usually it was kept. */
	if (!d)
		return;
	kfree(d);
}

/**
 * rkdma_desc_alloc() - get a descriptor
 * @c: the channel
 * @nr_segs: segments that its program must have room for
 * @room: how many of them are to be stored: all, or one if they are alike
 *
 * Context: any, vc.lock not held.
 * Return: the descriptor, its contents those of an earlier use if any; or NULL,
 * with a line in the log.
 */
struct rkdma_desc *rkdma_desc_alloc(struct rkdma_chan *c, unsigned int nr_segs,
				    unsigned int room)
{
	unsigned int max_segs = max(nr_segs, RKDMA_SMALL_SEGS);
	struct rkdma_desc *d;
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	if (!c->open) {
		spin_unlock_irqrestore(&c->vc.lock, flags);
		refuse(c, "%s", c->dead ? "the controller is gone" :
					  "the channel is being released");
		return NULL;
	}
	d = rkdma_desc_take(c, nr_segs);
	c->live++;
	spin_unlock_irqrestore(&c->vc.lock, flags);
	if (d)
		return d;

	room = max(room, RKDMA_SMALL_SEGS);
	d = kmalloc(struct_size(d, segs, room), GFP_NOWAIT | __GFP_NOWARN);
	if (d) {
		d->max_segs = max_segs;
		d->room = room;
		d->program = NULL;
		return d;
	}

	spin_lock_irqsave(&c->vc.lock, flags);
	c->live--;
	spin_unlock_irqrestore(&c->vc.lock, flags);
	refuse(c, "no memory for a descriptor of %u segments", nr_segs);
	return NULL;
}

/**
 * rkdma_desc_drop() - give back a descriptor that never became one of virt-dma's
 * @c: the channel
 * @d: the descriptor
 *
 * Context: any, vc.lock not held.
 */
void rkdma_desc_drop(struct rkdma_chan *c, struct rkdma_desc *d)
{
	unsigned long flags;

	spin_lock_irqsave(&c->vc.lock, flags);
	c->live--;
	if (d->program)
		c->ops->release(c, d);
	spin_unlock_irqrestore(&c->vc.lock, flags);
	kfree(d);
}

/**
 * rkdma_prep_finish() - have the program made of a descriptor's segments
 * @c: the channel
 * @d: the descriptor; its ownership passes to this function
 * @flags: DMA_PREP_* flags
 *
 * Context: any, vc.lock not held.
 * Return: what the client gets; NULL, with a line in the log, without memory.
 */
struct dma_async_tx_descriptor *rkdma_prep_finish(struct rkdma_chan *c,
						  struct rkdma_desc *d,
						  unsigned long flags)
{
	struct dma_async_tx_descriptor *tx;

	/* A client sets what it needs of it and expects the rest to be zero. */
	d->vd.tx = (struct dma_async_tx_descriptor) {};
	if (c->ops->prepare(c, d)) {
		refuse(c, "no memory for a program of %u segments", d->nr_segs);
		rkdma_desc_drop(c, d);
		return NULL;
	}

	tx = vchan_tx_prep(&c->vc, &d->vd, flags);
	trace_rkdma_prep(c, d);
	return tx;
}

/* Out of line, so that the addresses can stay in registers. */
static noinline struct dma_async_tx_descriptor *
rkdma_beyond(struct rkdma_chan *c, dma_addr_t dst, dma_addr_t src, size_t len)
{
	refuse(c, "memcpy from %pad to %pad, %zu bytes: beyond mask %#llx",
	       &src, &dst, len, c->rk->addr_mask);
	return NULL;
}

static struct dma_async_tx_descriptor *
rkdma_prep_dma_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src,
		      size_t len, unsigned long flags)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);
	const u32 max_seg = c->rk->max_seg;
	struct rkdma_desc *d;
	struct rkdma_seg *seg;
	unsigned int nr_segs;
	u64 beyond;

	if (!len) {
		refuse(c, "memcpy of zero length");
		return NULL;
	}
	/* The mask is all ones, so or-ing finds what lies beyond it. */
	beyond = src | (src + len - 1) | dst | (dst + len - 1);
	if (beyond & ~c->rk->addr_mask || src + len < src || dst + len < dst)
		return rkdma_beyond(c, dst, src, len);

	nr_segs = len <= max_seg ? 1 : DIV_ROUND_UP(len, max_seg);
	d = rkdma_desc_alloc(c, nr_segs, nr_segs);
	if (!d)
		return NULL;

	rkdma_plain(d, flags);
	d->dir = DMA_MEM_TO_MEM;
	d->width = 0;
	d->burst = 0;
	d->len = len;
	for (seg = d->segs; len; seg++) {
		seg->src = src;
		seg->dst = dst;
		seg->len = min_t(size_t, len, max_seg);
		src += seg->len;
		dst += seg->len;
		len -= seg->len;
	}
	d->nr_segs = nr_segs;
	return rkdma_prep_finish(c, d, flags);
}

/* Segments that a scatterlist takes if its long entries are split. */
static unsigned int rkdma_count_segs(struct scatterlist *sgl,
				     unsigned int sg_len, u32 max_seg)
{
	struct scatterlist *sg;
	unsigned int i, n = 0;

	for_each_sg(sgl, sg, sg_len, i)
		n += DIV_ROUND_UP(sg_dma_len(sg), max_seg);
	return n;
}

/**
 * rkdma_split() - write a run of bytes as segments, none longer than may be
 * @seg: the first segment; there is room for all
 * @src: address of the first byte to read
 * @dst: address of the first byte to write
 * @len: bytes
 * @dir: direction; a peripheral's address stays
 * @max_seg: bytes that a segment may have
 *
 * Return: the segment behind the last one.
 */
static struct rkdma_seg *rkdma_split(struct rkdma_seg *seg, dma_addr_t src,
				     dma_addr_t dst, size_t len,
				     enum dma_transfer_direction dir, u32 max_seg)
{
	for (; len; seg++) {
		seg->src = src;
		seg->dst = dst;
		seg->len = min_t(size_t, len, max_seg);
		src += dir == DMA_DEV_TO_MEM ? 0 : seg->len;
		dst += dir == DMA_MEM_TO_DEV ? 0 : seg->len;
		len -= seg->len;
	}
	return seg;
}

/*
 * Describe a scatterlist. This is the hot loop of a large slave_sg: faults are
 * gathered and judged once, behind it, and the direction is known to the
 * compiler.
 *
 * Returns 0, -EINVAL for a list that cannot work, or -ENOSPC if an entry is
 * longer than a segment may be and @d has no room to split it.
 */
static __always_inline int
rkdma_fill_sg(struct rkdma_chan *c, struct rkdma_desc *d,
	      struct scatterlist *sg, unsigned int left, dma_addr_t dev_addr,
	      bool to_dev)
{
	const u64 max_seg = c->rk->max_seg;
	struct rkdma_seg *seg = d->segs, *end = d->segs + d->max_segs;
	u64 bits = 0, ends = 0;
	size_t total = 0;

	for (;;) {
		dma_addr_t addr = sg_dma_address(sg);
		u64 len = sg_dma_len(sg);

		bits |= addr | len;
		ends |= addr + (len - 1);
		total += len;
		/* Zero is the longest of all. */
		if (unlikely(len - 1 >= max_seg)) {
			if (!len) {
				refuse(c, "slave_sg: an entry is empty");
				return -EINVAL;
			}
			if (DIV_ROUND_UP((u32)len, (u32)max_seg) + left - 1 >
			    end - seg)
				return -ENOSPC;
			seg = rkdma_split(seg, to_dev ? addr : dev_addr,
					  to_dev ? dev_addr : addr, len, d->dir,
					  max_seg);
		} else {
			seg->src = to_dev ? addr : dev_addr;
			seg->dst = to_dev ? dev_addr : addr;
			seg->len = len;
			seg++;
		}

		if (!--left)
			break;
		/* sg_next(), but inline. */
		if (unlikely(sg_is_last(sg))) {
			refuse(c, "slave_sg: %u entries are missing", left);
			return -EINVAL;
		}
		sg++;
		if (unlikely(sg_is_chain(sg)))
			sg = sg_chain_ptr(sg);
	}

	if (bits & (d->width - 1)) {
		refuse(c, "slave_sg: an address or length is no multiple of %u",
		       d->width);
		return -EINVAL;
	}
	/* A length has no bit beyond the mask, so these are addresses'. */
	if ((bits | ends) & ~c->rk->addr_mask) {
		refuse(c, "slave_sg: an entry lies beyond mask %#llx",
		       c->rk->addr_mask);
		return -EINVAL;
	}
	d->len = total;
	d->nr_segs = seg - d->segs;
	return 0;
}

/**
 * rkdma_take_config() - take the peripheral's end from the client's configuration
 * @c: the channel
 * @cfg: the configuration, which is the channel's or comes with the transfer
 * @d: the descriptor; receives direction, width and burst
 * @dir: direction
 * @dev_addr: receives the peripheral's address
 *
 * A burst that is longer than the hardware can do is clipped: the peripheral has
 * room (or data) for more than is moved, and asks again.
 *
 * Return: 0, or -EINVAL with a line in the log.
 */
int rkdma_take_config(struct rkdma_chan *c, const struct dma_slave_config *cfg,
		      struct rkdma_desc *d, enum dma_transfer_direction dir,
		      dma_addr_t *dev_addr)
{
	u32 width, burst;

	if (dir == DMA_MEM_TO_DEV) {
		*dev_addr = cfg->dst_addr;
		width = cfg->dst_addr_width;
		burst = cfg->dst_maxburst;
	} else {
		*dev_addr = cfg->src_addr;
		width = cfg->src_addr_width;
		burst = cfg->src_maxburst;
	}

	if (!width || width > 31 || !(c->rk->widths & BIT(width)) || !burst) {
		refuse(c, "no usable configuration: width %u, burst %u",
		       width, burst);
		return -EINVAL;
	}
	if (*dev_addr & (width - 1) ||
	    (*dev_addr | (*dev_addr + width - 1)) & ~c->rk->addr_mask) {
		refuse(c, "peripheral's address %pad cannot be accessed", dev_addr);
		return -EINVAL;
	}
	d->dir = dir;
	d->width = width;
	d->burst = min(burst, c->rk->max_burst);
	return 0;
}

/**
 * rkdma_reach() - check that the hardware can access a run of bytes
 * @c: the channel
 * @d: the descriptor, whose width is known
 * @addr: address of the first byte
 * @len: bytes, not 0
 *
 * Return: whether all of it lies within the address mask, and address and length
 * are multiples of the width; if not, there is a line in the log.
 */
bool rkdma_reach(struct rkdma_chan *c, struct rkdma_desc *d, dma_addr_t addr,
		 size_t len)
{
	if (d->width && (addr | len) & (d->width - 1)) {
		refuse(c, "address %pad or %zu bytes are no multiple of %u",
		       &addr, len, d->width);
		return false;
	}
	if (addr + len < addr || (addr | (addr + len - 1)) & ~c->rk->addr_mask) {
		refuse(c, "%zu bytes at %pad lie beyond mask %#llx", len, &addr,
		       c->rk->addr_mask);
		return false;
	}
	return true;
}

/**
 * rkdma_add() - add a run of bytes to a descriptor
 * @c: the channel
 * @d: the descriptor, which has room for its segments
 * @src: address of the first byte to read
 * @dst: address of the first byte to write
 * @len: bytes
 */
void rkdma_add(struct rkdma_chan *c, struct rkdma_desc *d, dma_addr_t src,
	       dma_addr_t dst, size_t len)
{
	struct rkdma_seg *end;

	end = rkdma_split(d->segs + d->nr_segs, src, dst, len, d->dir,
			  c->rk->max_seg);
	d->nr_segs = end - d->segs;
	d->len += len;
}

/**
 * rkdma_can() - may this channel transfer in this direction?
 * @c: the channel
 * @dir: direction
 *
 * Return: whether it may; if not, there is a line in the log.
 */
bool rkdma_can(struct rkdma_chan *c, enum dma_transfer_direction dir)
{
	if (c->vc.chan.device == &c->rk->memcpy ? dir == DMA_MEM_TO_MEM :
	    is_slave_direction(dir) && c->rk->directions & BIT(dir))
		return true;
	refuse(c, "direction %d is not supported", dir);
	return false;
}

static struct dma_async_tx_descriptor *
rkdma_prep_sg(struct rkdma_chan *c, const struct dma_slave_config *cfg,
	      struct scatterlist *sgl, unsigned int sg_len,
	      enum dma_transfer_direction dir, unsigned long flags)
{
	unsigned int nr_segs = sg_len;
	struct rkdma_desc *d;
	dma_addr_t dev_addr;
	int ret;

	if (!sgl || !sg_len) {
		refuse(c, "slave_sg: no list");
		return NULL;
	}
	if (!rkdma_can(c, dir))
		return NULL;

	for (;;) {
		d = rkdma_desc_alloc(c, nr_segs, nr_segs);
		if (!d)
			return NULL;
		rkdma_plain(d, flags);
		ret = rkdma_take_config(c, cfg, d, dir, &dev_addr);
		if (!ret)
			ret = dir == DMA_MEM_TO_DEV ?
				rkdma_fill_sg(c, d, sgl, sg_len, dev_addr, true) :
				rkdma_fill_sg(c, d, sgl, sg_len, dev_addr, false);
		if (!ret)
			return rkdma_prep_finish(c, d, flags);
		rkdma_desc_drop(c, d);
		if (ret != -ENOSPC)
			return NULL;
		nr_segs = rkdma_count_segs(sgl, sg_len, c->rk->max_seg);
	}
}

static struct dma_async_tx_descriptor *
rkdma_prep_slave_sg(struct dma_chan *chan, struct scatterlist *sgl,
		    unsigned int sg_len, enum dma_transfer_direction dir,
		    unsigned long flags, void *context)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);

	return rkdma_prep_sg(c, &c->cfg, sgl, sg_len, dir, flags);
}

#ifdef RKDMA_HAS_PREP_CONFIG_SG
/*
 * The same with a configuration of its own, which is the channel's from now on:
 * so it is where the framework does this in two steps for a provider without it.
 */
static struct dma_async_tx_descriptor *
rkdma_prep_config_sg(struct dma_chan *chan, struct scatterlist *sgl,
		     unsigned int sg_len, enum dma_transfer_direction dir,
		     unsigned long flags, struct dma_slave_config *cfg)
{
	struct rkdma_chan *c = to_rkdma_chan(chan);

	if (cfg && rkdma_config(chan, cfg))
		return NULL;
	/* Not what somebody else may have configured since. */
	return rkdma_prep_sg(c, cfg ?: &c->cfg, sgl, sg_len, dir, flags);
}
#endif

/**
 * rkdma_prep_setup_ops() - give a dma_device its prep functions
 * @rk: the controller
 * @dma: &rkdma.slave or &rkdma.memcpy
 */
void rkdma_prep_setup_ops(struct rkdma *rk, struct dma_device *dma)
{
	if (dma == &rk->memcpy) {
		dma->device_prep_dma_memcpy = rkdma_prep_dma_memcpy;
	} else {
		dma->device_prep_slave_sg = rkdma_prep_slave_sg;
		dma->device_prep_dma_cyclic = rkdma_prep_dma_cyclic;
#ifdef RKDMA_HAS_PREP_CONFIG_SG
		dma->device_prep_config_sg = rkdma_prep_config_sg;
#endif
#ifdef RKDMA_HAS_DMA_VEC
		dma->device_prep_peripheral_dma_vec = rkdma_prep_dma_vec;
#endif
	}
	dma->device_prep_interleaved_dma = rkdma_prep_interleaved;
}
