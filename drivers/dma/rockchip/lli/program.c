// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes and links the lists that the linked-list controller runs: one item for
 * each segment of a descriptor.
 *
 * Blocks of items are allocated from on-chip SRAM while it has room, if the
 * device tree names one, and otherwise from two coherent pools.
 */
#include <linux/dma-mapping.h>
#include <linux/genalloc.h>
#include <linux/of.h>
#include <linux/slab.h>

#include "lli.h"

#define LLI_ALIGN	sizeof(struct lli_item)

static size_t lli_block_size(bool small)
{
	return (small ? LLI_SMALL_SLOTS : LLI_LARGE_SLOTS) *
		sizeof(struct lli_item);
}

/**
 * lli_pools_create() - set up the memory for list items
 * @lli: the controller
 *
 * Context: process.
 * Return: 0, or a negative errno with a message.
 */
int lli_pools_create(struct lli *lli)
{
	struct device *dev = lli->rk.dev;

	BUILD_BUG_ON(sizeof(struct lli_item) != 64);

	if (of_property_present(dev->of_node, "sram")) {
		lli->sram = of_gen_pool_get(dev->of_node, "sram", 0);
		if (!lli->sram)
			return dev_err_probe(dev, -EPROBE_DEFER,
					     "sram has no driver yet\n");
	}

	lli->small = dma_pool_create("rkdma-small", dev, lli_block_size(true),
				     LLI_ALIGN, 0);
	lli->large = dma_pool_create("rkdma-large", dev, lli_block_size(false),
				     LLI_ALIGN, 0);
	if (lli->small && lli->large)
		return 0;

	lli_pools_destroy(lli);
	return dev_err_probe(dev, -ENOMEM, "no memory for list items\n");
}

/**
 * lli_pools_destroy() - undo lli_pools_create()
 * @lli: the controller; no block is in use
 *
 * Context: process.
 */
void lli_pools_destroy(struct lli *lli)
{
	dma_pool_destroy(lli->small);
	dma_pool_destroy(lli->large);
	lli->small = NULL;
	lli->large = NULL;
}

/**
 * lli_block_alloc() - allocate a zeroed block
 * @lli: the controller
 * @small: LLI_SMALL_SLOTS slots, or else LLI_LARGE_SLOTS
 * @gfp: how to allocate
 * @b: receives the block
 *
 * Context: as @gfp says.
 * Return: 0 or -ENOMEM.
 */
int lli_block_alloc(struct lli *lli, bool small, gfp_t gfp,
		    struct lli_block *b)
{
	size_t size = lli_block_size(small);

	if (lli->sram) {
		b->items = gen_pool_dma_alloc_align(lli->sram, size, &b->dma,
						    LLI_ALIGN);
		if (b->items) {
			memset(b->items, 0, size);
			return 0;
		}
	}
	b->items = dma_pool_zalloc(small ? lli->small : lli->large,
				   gfp | __GFP_NOWARN, &b->dma);
	return b->items ? 0 : -ENOMEM;
}

/**
 * lli_block_free() - free a block
 * @lli: the controller
 * @small: as at its allocation
 * @b: the block, which the hardware does not use
 *
 * Context: any.
 */
void lli_block_free(struct lli *lli, bool small, struct lli_block *b)
{
	unsigned long addr = (unsigned long)b->items;
	size_t size = lli_block_size(small);

	if (lli->sram && gen_pool_has_addr(lli->sram, addr, size))
		gen_pool_free(lli->sram, addr, size);
	else
		dma_pool_free(small ? lli->small : lli->large, b->items,
			      b->dma);
}

static void lli_program_free(struct lli *lli, struct lli_program *p)
{
	while (p->nr_blocks--)
		lli_block_free(lli, p->small, &p->blocks[p->nr_blocks]);
	kfree(p);
}

/* Allocate room for the items of @nr_segs segments, also if the list repeats. */
static struct lli_program *lli_program_alloc(struct lli *lli,
					     unsigned int nr_segs)
{
	bool small = nr_segs <= RKDMA_SMALL_SEGS;
	unsigned int n = small ? 1 : nr_segs / LLI_LARGE_ITEMS + 1;
	struct lli_program *p;

	p = kmalloc(struct_size(p, blocks, n), GFP_NOWAIT | __GFP_NOWARN);
	if (!p)
		return NULL;
	p->small = small;
	for (p->nr_blocks = 0; p->nr_blocks < n; p->nr_blocks++) {
		if (lli_block_alloc(lli, small, GFP_NOWAIT,
				    &p->blocks[p->nr_blocks])) {
			lli_program_free(lli, p);
			return NULL;
		}
	}
	return p;
}

/* trf_ctl0 of all items of a descriptor, without LAST and IOC. */
static u32 lli_ctl0(struct rkdma_desc *d)
{
	/*
	 * MSIZE is what a peripheral transfers per request. In a copy that skips, it
	 * is the number of bytes between two skips (assumption 5).
	 */
	u32 msize = d->dir == DMA_MEM_TO_MEM ? d->chunk : d->width * d->burst;

	return LLI_CTL0_VALID | FIELD_PREP(LLI_CTL0_MSIZE, msize);
}

/* trf_ctl1 of all items. Both sides take the access width of a peripheral. */
static u32 lli_ctl1(struct lli *lli, struct rkdma_desc *d)
{
	u32 width = ilog2(d->width | 1);

	if (d->dir == DMA_MEM_TO_MEM)
		return lli->m2m_ctl1;
	return (d->dir == DMA_MEM_TO_DEV ? LLI_CTL1_SRC_INC : LLI_CTL1_DST_INC) |
	       FIELD_PREP(LLI_CTL1_SRC_WIDTH, width) |
	       FIELD_PREP(LLI_CTL1_DST_WIDTH, width) |
	       FIELD_PREP(LLI_CTL1_SRC_BURST, d->burst - 1) |
	       FIELD_PREP(LLI_CTL1_DST_BURST, d->burst - 1) |
	       FIELD_PREP(LLI_CTL1_SRC_OUTSTANDING, lli->outstanding) |
	       FIELD_PREP(LLI_CTL1_DST_OUTSTANDING, lli->outstanding);
}

/* Stride mode of a descriptor that skips (assumption 5). */
static u32 lli_stride_mode(struct rkdma_desc *d)
{
	if (d->dir != DMA_MEM_TO_MEM)
		return LLI_STRIDE_MEMORY;
	return d->attr.skip_dst ? LLI_STRIDE_DST : LLI_STRIDE_SRC;
}

static u32 lli_trf_cfg(struct rkdma_desc *d)
{
	u32 tt_fc = d->dir == DMA_MEM_TO_MEM ? LLI_TT_FC_M2M :
		    d->dir == DMA_MEM_TO_DEV ? LLI_TT_FC_M2P : LLI_TT_FC_P2M;
	u32 cfg = FIELD_PREP(LLI_CFG_SRC_TYPE, LLI_TYPE_LIST) |
		  FIELD_PREP(LLI_CFG_DST_TYPE, LLI_TYPE_LIST) |
		  FIELD_PREP(LLI_CFG_TT_FC, tt_fc);

	if (d->chunk)
		cfg |= LLI_CFG_STRIDE_EN |
		       FIELD_PREP(LLI_CFG_STRIDE_MODE, lli_stride_mode(d));
	return cfg;
}

/* Write @n items of one block; the last has @last_ctl0 and is followed by @after. */
static void lli_block_write(struct lli_block *b, const struct rkdma_seg *seg,
			    unsigned int n, u32 ctl0, u32 ctl1, u32 last_ctl0,
			    dma_addr_t after)
{
	const struct rkdma_seg *end = seg + n - 1;
	struct lli_item *item = b->items;
	dma_addr_t nxt = b->dma;

	for (; seg < end; seg++, item++) {
		nxt += sizeof(*item);
		lli_item_write(item, ctl0, ctl1, seg->src, seg->dst, seg->len,
			       nxt);
	}
	lli_item_write(item, last_ctl0, ctl1, seg->src, seg->dst, seg->len,
		       after);
}

static struct lli_item *lli_slot(struct lli_program *p, unsigned int i)
{
	return &p->blocks[i / LLI_LARGE_ITEMS].items[i % LLI_LARGE_ITEMS];
}

static dma_addr_t lli_slot_dma(struct lli_program *p, unsigned int i)
{
	return p->blocks[i / LLI_LARGE_ITEMS].dma +
	       i % LLI_LARGE_ITEMS * sizeof(struct lli_item);
}

/*
 * A list that repeats begins with an additional item, a copy of the first item of the
 * loop. Before the first round the successor in the command entry is the additional
 * item; before each later round it is the first item of the loop. This is how
 * lli_locate() distinguishes the two.
 */
static void lli_loop_write(struct rkdma_desc *d, u32 ctl0, u32 ctl1)
{
	u32 ioc = d->attr.irq ? LLI_CTL0_IOC : 0;
	struct lli_program *p = d->program;
	unsigned int i, nr;
	struct rkdma_seg seg;

	for (i = 0; i <= d->nr_segs; i++) {
		nr = i ? i - 1 : 0;
		seg = rkdma_seg_at(d, nr);
		lli_item_write(lli_slot(p, i),
			       ctl0 | ((nr + 1) % d->period_segs ? 0 : ioc),
			       ctl1, seg.src, seg.dst, seg.len,
			       lli_slot_dma(p, 1 + (nr + 1) % d->nr_segs));
	}
	p->last = lli_slot(p, d->nr_segs);
	/* A loop has no item with this successor. */
	p->end = 0;
}

/* The items of a list that ends. */
static void lli_list_write(struct rkdma_desc *d, u32 ctl0, u32 ctl1)
{
	const struct rkdma_seg *seg = d->segs;
	struct lli_program *p = d->program;
	unsigned int i, left = d->nr_segs;

	for (i = 0; left > LLI_LARGE_ITEMS; i++) {
		lli_block_write(&p->blocks[i], seg, LLI_LARGE_ITEMS, ctl0, ctl1,
				ctl0, p->blocks[i + 1].dma);
		seg += LLI_LARGE_ITEMS;
		left -= LLI_LARGE_ITEMS;
	}
	p->end = p->blocks[i].dma + left * sizeof(struct lli_item);
	lli_block_write(&p->blocks[i], seg, left, ctl0, ctl1,
			p->last_ctl0 | LLI_CTL0_LAST, p->end);
	p->last = &p->blocks[i].items[left - 1];
}

/**
 * lli_prepare() - write a descriptor's list, see struct rkdma_engine_ops
 * @c: the channel
 * @d: the descriptor
 *
 * Return: 0 or -ENOMEM.
 */
int lli_prepare(struct rkdma_chan *c, struct rkdma_desc *d)
{
	struct lli *lli = to_lli(c->rk);
	struct lli_program *p = d->program;
	u32 ctl0 = lli_ctl0(d), ctl1 = lli_ctl1(lli, d);

	if (!p) {
		/* The list is kept for descriptors of up to @d->max_segs. */
		p = lli_program_alloc(lli, d->max_segs);
		if (!p)
			return -ENOMEM;
		d->program = p;
	}

	p->last_ctl0 = ctl0 | (d->attr.irq ? LLI_CTL0_IOC : 0);
	p->trf_cfg = lli_trf_cfg(d);
	p->stride_inc = d->chunk ? FIELD_PREP(LLI_STRIDE_INC, d->skip) : 0;
	p->as_prepared = true;

	if (d->attr.repeat)
		lli_loop_write(d, ctl0, ctl1);
	else
		lli_list_write(d, ctl0, ctl1);
	return 0;
}

/**
 * lli_release() - free a descriptor's list, see struct rkdma_engine_ops
 * @c: the channel
 * @d: the descriptor
 */
void lli_release(struct rkdma_chan *c, struct rkdma_desc *d)
{
	lli_program_free(to_lli(c->rk), d->program);
	d->program = NULL;
}

/*
 * The hardware may be reading the item, so each field is written by a single store. Lists
 * are below 4 GiB, so llp_nxt_high does not change, and the hardware reads the old or
 * the new successor.
 */
static void lli_set_next(struct lli_item *item, dma_addr_t nxt)
{
	WRITE_ONCE(item->llp_nxt, cpu_to_le32(lower_32_bits(nxt)));
	WRITE_ONCE(item->llp_nxt_high, cpu_to_le16(upper_32_bits(nxt)));
}

/**
 * lli_link() - make the next descriptor's list the continuation of a list
 * @d: the descriptor that the list ended with; the hardware may be running it
 * @next: the descriptor to continue with, its list complete
 *
 * The hardware may be reading @d's last item at this very moment. It reads
 * trf_ctl0 before the successor (an item is read lowest address first,
 * assumption 2). So it either sees LAST and stops there, or it sees the new
 * successor.
 *
 * Context: vc.lock held.
 */
void lli_link(struct rkdma_desc *d, struct rkdma_desc *next)
{
	struct lli_program *p = d->program;

	p->as_prepared = false;
	lli_set_next(p->last, lli_first(next));
	/*
	 * Orders @next's items and the successor before LAST is cleared: pairs
	 * with the order in which the hardware reads an item.
	 */
	dma_wmb();
	WRITE_ONCE(p->last->trf_ctl0, cpu_to_le32(p->last_ctl0));
}

/**
 * lli_unlink() - restore the end of a list as it was prepared
 * @d: the descriptor, not linked to what the hardware runs
 *
 * A descriptor that was linked to another one and is submitted again still has
 * that link.
 *
 * Context: vc.lock held.
 */
void lli_unlink(struct rkdma_desc *d)
{
	struct lli_program *p = d->program;
	u32 last = d->attr.repeat ? 0 : LLI_CTL0_LAST;

	if (p->as_prepared)
		return;
	p->as_prepared = true;
	/* No order is needed: the hardware does not read the item. */
	lli_set_next(p->last, d->attr.repeat ? lli_slot_dma(p, 1) : p->end);
	WRITE_ONCE(p->last->trf_ctl0, cpu_to_le32(p->last_ctl0 | last));
}

/**
 * lli_end_loop() - end a list that repeats with its current round
 * @d: the descriptor; the channel is halted, unless it could not be
 *
 * Only trf_ctl0 changes, in a single store, so nothing has to be ordered.
 *
 * Context: vc.lock held.
 */
void lli_end_loop(struct rkdma_desc *d)
{
	struct lli_program *p = d->program;

	p->as_prepared = false;
	WRITE_ONCE(p->last->trf_ctl0, cpu_to_le32(p->last_ctl0 | LLI_CTL0_LAST));
}

/**
 * lli_item() - find the item of a segment
 * @d: the descriptor
 * @seg: index of the segment
 *
 * Return: the item.
 */
struct lli_item *lli_item(struct rkdma_desc *d, unsigned int seg)
{
	return lli_slot(d->program, d->attr.repeat ? seg + 1 : seg);
}

/**
 * lli_seg_by_next() - find the segment whose item has a given successor
 * @d: the descriptor
 * @nxt: address of an item, or of the slot behind the last one
 *
 * Return: the index of the segment, which is the last one if the successor is
 * the first item of a loop; -1 if @nxt is the descriptor's first item, whose
 * predecessor belongs to another descriptor; -ENOENT if @nxt is none of this
 * descriptor's.
 */
int lli_seg_by_next(struct rkdma_desc *d, dma_addr_t nxt)
{
	unsigned int nr_items = d->nr_segs + d->attr.repeat;
	struct lli_program *p = d->program;
	unsigned int i;

	if (nxt == p->end)
		return d->nr_segs - 1;
	for (i = 0; i < p->nr_blocks; i++) {
		dma_addr_t offset = nxt - p->blocks[i].dma;
		unsigned int slot;

		if (offset >= LLI_LARGE_ITEMS * sizeof(struct lli_item))
			continue;
		slot = i * LLI_LARGE_ITEMS + offset / sizeof(struct lli_item);
		if (slot >= nr_items)
			continue;
		if (!d->attr.repeat || !slot)
			return (int)slot - 1;
		/* The loop's first item follows its last one. */
		return slot == 1 ? d->nr_segs - 1 : slot - 2;
	}
	return -ENOENT;
}
