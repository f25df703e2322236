// SPDX-License-Identifier: GPL-2.0-only
/*
 * How does a list of segments become a list in memory that the linked-list
 * controller runs?
 *
 * One item per segment. Items come in blocks from on-chip SRAM, if the device
 * tree names some and as long as there is room in it, or from two coherent pools.
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
 * lli_pools_create() - get the memory that list items come from
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
					     "sram is not there (yet)\n");
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

/* Room for the items of @nr_segs segments, also if their list repeats. */
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

/*
 * trf_ctl of all items of a descriptor. For a peripheral both sides take its
 * access width, and MSIZE is what it gives or takes per request.
 */
static u64 lli_ctl(struct lli *lli, struct rkdma_desc *d)
{
	u64 width = ilog2(d->width | 1);

	if (d->dir == DMA_MEM_TO_MEM)
		return lli->m2m_ctl | FIELD_PREP(LLI_CTL_MSIZE, d->chunk);
	return LLI_CTL_VALID |
	       FIELD_PREP(LLI_CTL_MSIZE, d->width * d->burst) |
	       (d->dir == DMA_MEM_TO_DEV ? LLI_CTL_SRC_INC : LLI_CTL_DST_INC) |
	       FIELD_PREP(LLI_CTL_SRC_WIDTH, width) |
	       FIELD_PREP(LLI_CTL_DST_WIDTH, width) |
	       FIELD_PREP(LLI_CTL_SRC_BURST, d->burst - 1) |
	       FIELD_PREP(LLI_CTL_DST_BURST, d->burst - 1) |
	       FIELD_PREP(LLI_CTL_SRC_OUTSTANDING, lli->outstanding) |
	       FIELD_PREP(LLI_CTL_DST_OUTSTANDING, lli->outstanding);
}

/* How the skipping is written, in the command entry alone (assumption 5). */
static u64 lli_stride(struct rkdma_desc *d)
{
	u64 mode = d->dir != DMA_MEM_TO_MEM ? LLI_STRIDE_MEMORY :
		   d->attr.skip_dst ? LLI_STRIDE_DST : LLI_STRIDE_SRC;

	return LLI_CFG_STRIDE_EN | FIELD_PREP(LLI_CFG_STRIDE_MODE, mode) |
	       FIELD_PREP(LLI_CFG_STRIDE_INC, d->skip);
}

static u64 lli_cfg(struct rkdma_desc *d)
{
	u64 tt_fc = d->dir == DMA_MEM_TO_MEM ? TT_FC_M2M :
		    d->dir == DMA_MEM_TO_DEV ? TT_FC_M2P : TT_FC_P2M;

	return FIELD_PREP(LLI_CFG_SRC_TYPE, LLI_TYPE_LIST) |
	       FIELD_PREP(LLI_CFG_DST_TYPE, LLI_TYPE_LIST) |
	       FIELD_PREP(LLI_CFG_TT_FC, tt_fc) |
	       (unlikely(d->chunk) ? lli_stride(d) : 0);
}

/* Write @n items of one block; the last has @last_ctl and is followed by @after. */
static void lli_block_write(struct lli_block *b, const struct rkdma_seg *seg,
			    unsigned int n, u64 ctl, u64 last_ctl,
			    dma_addr_t after)
{
	const struct rkdma_seg *end = seg + n - 1;
	struct lli_item *item = b->items;
	dma_addr_t nxt = b->dma;

	for (; seg < end; seg++, item++) {
		nxt += sizeof(*item);
		lli_item_write(item, ctl, seg->src, seg->dst, seg->len, nxt);
	}
	lli_item_write(item, last_ctl, seg->src, seg->dst, seg->len, after);
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

/* What linking the last item will need of it. */
static void lli_last(struct lli_program *p, struct lli_item *item,
		     const struct rkdma_seg *seg)
{
	p->last = item;
	p->last_high = (u64)seg->src >> 32 | (u64)seg->dst >> 32 << 16;
}

/*
 * A list that repeats begins with an item of its own, a copy of the first of
 * the loop: so the successor tells "is about to begin" from "begins again".
 */
static void lli_loop_write(struct rkdma_desc *d, u64 ctl)
{
	u64 ioc = d->attr.irq ? LLI_CTL_IOC : 0;
	struct lli_program *p = d->program;
	unsigned int i, nr;
	struct rkdma_seg seg;

	for (i = 0; i <= d->nr_segs; i++) {
		nr = i ? i - 1 : 0;
		seg = rkdma_seg_at(d, nr);
		lli_item_write(lli_slot(p, i),
			       ctl | ((nr + 1) % d->period_segs ? 0 : ioc),
			       seg.src, seg.dst, seg.len,
			       lli_slot_dma(p, 1 + (nr + 1) % d->nr_segs));
	}
	lli_last(p, lli_slot(p, d->nr_segs), &seg);
	/* No successor of any item. */
	p->end = 0;
}

/* The items of a list that ends. */
static void lli_list_write(struct rkdma_desc *d, u64 ctl)
{
	const struct rkdma_seg *seg = d->segs;
	struct lli_program *p = d->program;
	unsigned int i, left = d->nr_segs;

	for (i = 0; left > LLI_LARGE_ITEMS; i++) {
		lli_block_write(&p->blocks[i], seg, LLI_LARGE_ITEMS, ctl, ctl,
				p->blocks[i + 1].dma);
		seg += LLI_LARGE_ITEMS;
		left -= LLI_LARGE_ITEMS;
	}
	p->end = p->blocks[i].dma + left * sizeof(struct lli_item);
	lli_block_write(&p->blocks[i], seg, left, ctl,
			p->last_ctl | LLI_CTL_LAST, p->end);
	lli_last(p, &p->blocks[i].items[left - 1], &seg[left - 1]);
}

/**
 * lli_prepare() - make a descriptor's list, see struct rkdma_engine_ops
 * @c: the channel
 * @d: the descriptor
 *
 * Return: 0 or -ENOMEM.
 */
int lli_prepare(struct rkdma_chan *c, struct rkdma_desc *d)
{
	struct lli *lli = to_lli(c->rk);
	struct lli_program *p = d->program;
	u64 ctl = lli_ctl(lli, d);

	if (!p) {
		/* A small descriptor will be used again for any small one. */
		p = lli_program_alloc(lli, d->max_segs);
		if (!p)
			return -ENOMEM;
		d->program = p;
	}

	p->last_ctl = ctl | (d->attr.irq ? LLI_CTL_IOC : 0);
	p->cfg = lli_cfg(d);
	p->as_prepared = true;

	if (unlikely(d->attr.repeat))
		lli_loop_write(d, ctl);
	else
		lli_list_write(d, ctl);
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

static void lli_set_next(struct rkdma_desc *d, dma_addr_t nxt)
{
	u32 len = rkdma_seg_len(d, d->nr_segs - 1);
	struct lli_program *p = d->program;

	WRITE_ONCE(p->last->len_nxt, cpu_to_le64(len | (u64)nxt << 32));
	WRITE_ONCE(p->last->high,
		   cpu_to_le64(p->last_high | (u64)nxt >> 32 << 32));
}

/**
 * lli_link() - let a list go on to the next descriptor's
 * @d: the descriptor whose list ended so far; the hardware may be running it
 * @next: the descriptor to go on to, its list complete
 *
 * The hardware may be reading @d's last item at this very moment. It reads
 * trf_ctl before the successor (docs/hardware.md, assumption 2), so either it
 * sees LAST and stops there, or it sees a successor that is right.
 *
 * Context: vc.lock held.
 */
void lli_link(struct rkdma_desc *d, struct rkdma_desc *next)
{
	struct lli_program *p = d->program;

	p->as_prepared = false;
	lli_set_next(d, lli_first(next));
	/*
	 * Orders the successor, and @next's items before it, ahead of taking
	 * LAST away: pairs with the order of the hardware's reads.
	 */
	dma_wmb();
	WRITE_ONCE(p->last->trf_ctl, cpu_to_le64(p->last_ctl));
}

/**
 * lli_terminate() - let a list end with this descriptor, or repeat it, as prepared
 * @d: the descriptor, not yet linked to what runs
 *
 * A descriptor that is used again may come with the link of its last use.
 *
 * Context: vc.lock held.
 */
void lli_terminate(struct rkdma_desc *d)
{
	struct lli_program *p = d->program;

	if (likely(p->as_prepared))
		return;
	p->as_prepared = true;
	if (d->attr.repeat) {
		lli_set_next(d, lli_slot_dma(p, 1));
		WRITE_ONCE(p->last->trf_ctl, cpu_to_le64(p->last_ctl));
		return;
	}
	lli_set_next(d, p->end);
	WRITE_ONCE(p->last->trf_ctl, cpu_to_le64(p->last_ctl | LLI_CTL_LAST));
}

/**
 * lli_end_loop() - let a list that repeats end with its current round
 * @d: the descriptor; the channel is halted, unless it could not be
 *
 * Context: vc.lock held.
 */
void lli_end_loop(struct rkdma_desc *d)
{
	struct lli_program *p = d->program;

	p->as_prepared = false;
	WRITE_ONCE(p->last->trf_ctl, cpu_to_le64(p->last_ctl | LLI_CTL_LAST));
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
 * lli_find() - which segment has this successor?
 * @d: the descriptor
 * @nxt: address of an item, or of the slot behind the last one
 *
 * Return: the index of the segment whose item is followed by @nxt, and of two
 * such the last; -1 if @nxt is the descriptor's first item, whose predecessor is
 * another descriptor's; or -ENOENT if @nxt is none of this descriptor's.
 */
int lli_find(struct rkdma_desc *d, dma_addr_t nxt)
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
