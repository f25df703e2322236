/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures and functions that the files of the linked-list engine share:
 * lli.c drives the hardware, program.c writes the lists that it runs, probe.c
 * binds the driver to a controller.
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
 * List items are allocated in blocks of consecutive slots, and are linked in
 * that order. The last slot of a block never holds an item: its address is the
 * successor of the last item of a list that ends. So no two items have the same
 * successor, and the successor in the command entry identifies the item that
 * the hardware works on, see lli_locate(). Small blocks hold short descriptors
 * and a channel's command entry, large ones long lists.
 */
#define LLI_SMALL_SLOTS		(RKDMA_SMALL_SEGS + 1)
#define LLI_LARGE_SLOTS		64
#define LLI_LARGE_ITEMS		(LLI_LARGE_SLOTS - 1)

/**
 * struct lli_block - a run of list items
 * @items: their address for the CPU
 * @dma: their bus address
 */
struct lli_block {
	struct lli_item *items;
	dma_addr_t dma;
};

/**
 * struct lli_program - the list of a descriptor
 * @trf_cfg: trf_cfg that the command entry needs for the list
 * @stride_inc: the same for stride_inc
 * @last: the last item; of a list that repeats, the last of the loop
 * @last_ctl0: trf_ctl0 of @last without LAST; kept here since coherent memory is slow to
 *	read
 * @end: address of the slot behind @last; 0 if the list repeats
 * @nr_blocks: blocks in use: one small block, or large ones
 * @small: the block is a small one
 * @as_prepared: @last is as lli_prepare() or lli_unlink() wrote it
 * @blocks: the blocks
 */
struct lli_program {
	u32 trf_cfg;
	u32 stride_inc;
	struct lli_item *last;
	u32 last_ctl0;
	dma_addr_t end;
	unsigned int nr_blocks;
	bool small;
	bool as_prepared;
	struct lli_block blocks[];
};

/**
 * struct lli_pos - a position in a list
 * @desc: the descriptor
 * @seg: index of its segment, and so of its item
 * @done: bytes of the segment that are done
 * @wraps: the segment is the last of a loop, which starts over after it
 * @nxt: successor of the item that the hardware works on. Valid also if the
 *	item was not found
 */
struct lli_pos {
	struct rkdma_desc *desc;
	unsigned int seg;
	u32 done;
	bool wraps;
	dma_addr_t nxt;
};

/**
 * struct lli_resume_point - the item in which lli_resume() continued
 * @pos: the position at that time. @pos.nxt is 0 if nothing was resumed, or
 *	once the item is done
 * @last_copy_done: bytes of the segment that are done when the last copy of the item
 *	begins
 * @nr_copies: copies of the item that were written: 1, or 2 if a chunk had been
 *	interrupted
 */
struct lli_resume_point {
	struct lli_pos pos;
	u32 last_copy_done;
	unsigned int nr_copies;
};

/**
 * struct lli_item_count - list items that the hardware has done
 * @total: items done up to the last read of LCH_LLI_CNT, modulo 2^32
 * @reg: value of LCH_LLI_CNT then
 */
struct lli_item_count {
	u32 total;
	u16 reg;
};

/**
 * enum lli_state - state of a channel
 * @LLI_IDLE: the hardware has no list
 * @LLI_RUNNING: the hardware runs a list, or has stopped and lli_poll() will
 *	notice. Nothing was appended since START, so the list ends at its tail
 * @LLI_APPENDED: as LLI_RUNNING, but the list may have ended before its tail:
 *	the command entry has to be read
 * @LLI_HALTED: lli_halt() stopped the hardware, and its position is in the
 *	command entry
 * @LLI_HALTED_IDLE: halted, and the hardware has no list
 *
 * ::
 *
 *               issue             append
 *        IDLE -----------> RUNNING ----------> APPENDED
 *        | ^ ^              |  ^ |              |  ^ |
 *        | | |  end, fault  |  | |              |  | |
 *        | | +--------------|--|-+--------------|--|-+
 *        | |                |  |                |  |
 *   halt | | resume    halt |  | resume    halt |  | resume, if the hardware
 *        | |                v  |                |  | had stopped by itself
 *        | |               HALTED <-------------+  |
 *        | |               |   |                   |
 *        | |    end, fault |   +-------------------+
 *        v |               |
 *        HALTED_IDLE <-----+
 *
 * lli_resume() goes to LLI_IDLE from every state if no descriptor is left.
 */
enum lli_state {
	LLI_IDLE,
	LLI_RUNNING,
	LLI_APPENDED,
	LLI_HALTED,
	LLI_HALTED_IDLE,
};

/**
 * struct lli_chan - a logical channel (LCH)
 * @chan: the channel
 * @base: its registers
 * @entry: its command entry, in a small block. The slots behind the entry hold
 *	the copies of an item with which lli_resume() continues
 * @state: see &enum lli_state; changed by lli_set_state() alone
 * @tail: last descriptor of the hardware's list; NULL in the idle states
 * @ie: what LCH_IE holds
 * @status: bits that LCH_IS has shown since START
 * @resumed: where lli_resume() continued
 * @items: items done, of a list that repeats
 */
struct lli_chan {
	struct rkdma_chan chan;
	void __iomem *base;
	struct lli_block entry;
	enum lli_state state;
	struct rkdma_desc *tail;
	u32 ie;
	u32 status;
	struct lli_resume_point resumed;
	struct lli_item_count items;
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
 * @m2m_ctl1: trf_ctl1 of a memory copy
 * @outstanding: outstanding transactions, as trf_ctl1 holds them
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
	u32 m2m_ctl1;
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

/* The slots behind the command entry, for the copies that lli_resume() writes. */
static inline dma_addr_t lli_copy_dma(struct lli_chan *lc, unsigned int nr)
{
	return lc->entry.dma + (1 + nr) * sizeof(struct lli_item);
}

static inline dma_addr_t lli_first(struct rkdma_desc *d)
{
	return lli_program(d)->blocks[0].dma;
}

/* Write an item. The hardware does not read it yet, so no order is needed. */
static inline void lli_item_write(struct lli_item *item, u32 ctl0, u32 ctl1,
				  dma_addr_t src, dma_addr_t dst, u32 len,
				  dma_addr_t nxt)
{
	item->trf_ctl0 = cpu_to_le32(ctl0);
	item->trf_ctl1 = cpu_to_le32(ctl1);
	item->sar = cpu_to_le32(lower_32_bits(src));
	item->dar = cpu_to_le32(lower_32_bits(dst));
	item->block_ts = cpu_to_le32(len);
	item->llp_nxt = cpu_to_le32(lower_32_bits(nxt));
	item->sar_high = cpu_to_le16(upper_32_bits(src));
	item->dar_high = cpu_to_le16(upper_32_bits(dst));
	item->llp_nxt_high = cpu_to_le16(upper_32_bits(nxt));
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
void lli_unlink(struct rkdma_desc *d);
void lli_end_loop(struct rkdma_desc *d);
struct lli_item *lli_item(struct rkdma_desc *d, unsigned int seg);
int lli_seg_by_next(struct rkdma_desc *d, dma_addr_t nxt);

#endif
