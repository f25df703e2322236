/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of the linked-list engine share: lli.c drives the
 * hardware, program.c makes the lists that it runs.
 */
#ifndef RKDMA_LLI_H
#define RKDMA_LLI_H

#include <linux/clk.h>
#include <linux/dmapool.h>
#include <linux/interrupt.h>
#include <linux/io.h>

#include "../rkdma.h"
#include "regs.h"

struct gen_pool;

/*
 * List items live in blocks: contiguous, and linked in order. The last slot of
 * a block holds no item. Where a list ends, that slot's address stands as the
 * successor of the last item: so the successor tells items apart, see
 * lli_locate(). Small blocks serve the common short descriptors (and a
 * channel's command entry), large ones long lists.
 */
#define LLI_SMALL_SLOTS		(RKDMA_SMALL_SEGS + 1)
#define LLI_LARGE_SLOTS		64
#define LLI_LARGE_ITEMS		(LLI_LARGE_SLOTS - 1)

/**
 * struct lli_block - a run of list items
 * @items: as the CPU sees them
 * @dma: as the controller does
 */
struct lli_block {
	struct lli_item *items;
	dma_addr_t dma;
};

/**
 * struct lli_program - the list of a descriptor
 * @cfg: what the list must be started with: trf_cfg, and above it stride_inc
 * @last: the last item; of a loop, that from which it begins again
 * @last_ctl: its trf_ctl without LAST, so as not to read coherent memory
 * @last_high: its high halves of source and destination
 * @end: address of the slot behind it; 0 if the list repeats
 * @nr_blocks: blocks in use; one small block, or large ones
 * @small: the one block is a small one
 * @as_prepared: the last item is as lli_prepare() wrote it: the list ends there,
 *	or begins again
 * @blocks: the blocks
 */
struct lli_program {
	u64 cfg;
	struct lli_item *last;
	u64 last_ctl;
	u64 last_high;
	dma_addr_t end;
	unsigned int nr_blocks;
	bool small;
	bool as_prepared;
	struct lli_block blocks[];
};

/**
 * struct lli_where - a place in a list
 * @desc: the descriptor
 * @seg: index of its segment, and so of its item
 * @done: bytes of the segment that are done
 * @again: it is the last segment of a list that will begin again after it
 * @nxt: successor of the item that the hardware works on, known or not
 */
struct lli_where {
	struct rkdma_desc *desc;
	unsigned int seg;
	u32 done;
	bool again;
	dma_addr_t nxt;
};

/**
 * struct lli_chan - a logical channel (LCH)
 * @chan: the channel
 * @base: its registers
 * @entry: its command entry, in a small block; behind it in the same block
 *	stand the items that resume continues with
 * @tail: last descriptor that is linked to what the hardware runs; NULL if the
 *	hardware has nothing to run
 * @ie: what LCH_IE holds
 * @status: what LCH_IS has shown since the start
 * @appended: the list has been appended to since its start
 * @halted: stopped by lli_halt(), to be resumed
 * @resumed: where resume continued
 * @resumed_nxt: successor of the item there, 0 if nothing was resumed or that is
 *	done
 * @resumed_done: bytes of that item that were done before the last copy
 * @resumed_items: items that resume continued with
 * @items: items done before @items_base was set, modulo 2^32
 * @items_base: what LCH_LLI_CNT held then
 */
struct lli_chan {
	struct rkdma_chan chan;
	void __iomem *base;
	struct lli_block entry;
	struct rkdma_desc *tail;
	u32 ie;
	u32 status;
	bool appended;
	bool halted;
	struct lli_where resumed;
	dma_addr_t resumed_nxt;
	u32 resumed_done;
	unsigned int resumed_items;
	u32 items;
	u16 items_base;
};

/**
 * struct lli - a linked-list controller
 * @rk: the controller
 * @base: registers
 * @clks: "aclk" and "pclk", the latter NULL if there is none
 * @irq: interrupt
 * @version: CMN_VER
 * @nr_pchs: physical channels
 * @powered: registers may be accessed
 * @m2m_ctl: trf_ctl of a memory copy but for the flags
 * @outstanding: outstanding transactions, as list items have it
 * @small: pool of small blocks
 * @large: pool of large blocks
 * @sram: on-chip memory that blocks are taken from first, or NULL
 * @chans: channels, &rkdma.nr_chans of them
 */
struct lli {
	struct rkdma rk;
	void __iomem *base;
	struct clk_bulk_data clks[2];
	int irq;
	u32 version;
	unsigned int nr_pchs;
	bool powered;
	u64 m2m_ctl;
	u32 outstanding;
	struct dma_pool *small;
	struct dma_pool *large;
	struct gen_pool *sram;
	struct lli_chan *chans;
};

static inline struct lli *to_lli(struct rkdma *rk)
{
	return container_of(rk, struct lli, rk);
}

static inline struct lli_chan *to_lli_chan(struct rkdma_chan *c)
{
	return container_of(c, struct lli_chan, chan);
}

static inline struct lli_program *lli_program(struct rkdma_desc *d)
{
	return d->program;
}

/* The items behind the command entry, with which resume continues. */
static inline dma_addr_t lli_copy_dma(struct lli_chan *lc, unsigned int nr)
{
	return lc->entry.dma + (1 + nr) * sizeof(struct lli_item);
}

static inline dma_addr_t lli_first(struct rkdma_desc *d)
{
	return lli_program(d)->blocks[0].dma;
}

static inline void lli_item_write(struct lli_item *item, u64 ctl, u64 src,
				  u64 dst, u32 len, u64 nxt)
{
	item->trf_ctl = cpu_to_le64(ctl);
	item->addr = cpu_to_le64((u32)src | dst << 32);
	item->len_nxt = cpu_to_le64(len | nxt << 32);
	item->high = cpu_to_le64(src >> 32 | dst >> 32 << 16 | nxt >> 32 << 32);
}

/* lli.c */
extern const struct rkdma_engine_ops lli_ops;
irqreturn_t lli_irq(int irq, void *data);
int lli_hw_init(struct lli *lli);
void lli_hw_stop(struct lli *lli);

/* program.c */
int lli_pools_create(struct lli *lli);
void lli_pools_destroy(struct lli *lli);
int lli_block_alloc(struct lli *lli, bool small, gfp_t gfp,
		    struct lli_block *b);
void lli_block_free(struct lli *lli, bool small, struct lli_block *b);
int lli_prepare(struct rkdma_chan *c, struct rkdma_desc *d);
void lli_release(struct rkdma_chan *c, struct rkdma_desc *d);
void lli_link(struct rkdma_desc *d, struct rkdma_desc *next);
void lli_terminate(struct rkdma_desc *d);
void lli_end_loop(struct rkdma_desc *d);
struct lli_item *lli_item(struct rkdma_desc *d, unsigned int seg);
int lli_find(struct rkdma_desc *d, dma_addr_t nxt);

#endif
