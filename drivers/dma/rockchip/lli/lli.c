// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs lists on the linked-list controller, and reports their position.
 *
 * The hardware of a channel runs one list at a time. Work that is issued while it
 * runs is linked to the end of the list (lli_issue()). If the hardware fetched the last
 * item before that, it stops there, and lli_poll() finds what is left to start.
 * The position comes from the command entry: the hardware keeps there the
 * successor of the item that it works on, and the addresses reached in it
 * (lli_locate()).
 *
 * docs/hardware.md lists what is assumed of the hardware. Comments give the
 * number of the assumption.
 */
#include <linux/interrupt.h>
#include <linux/iopoll.h>
#include <linux/pm_runtime.h>

#include "../trace.h"
#include "lli.h"

/* A burst in flight takes a few microseconds at most. */
#define LLI_HALT_US	1000
/* The hardware updates the entry within nanoseconds. */
#define LLI_LOCATE_TRIES	100

static u32 lch_read(struct lli_chan *lc, unsigned int reg)
{
	return readl(lc->base + reg);
}

static void lch_write(struct lli_chan *lc, unsigned int reg, u32 val)
{
	writel(val, lc->base + reg);
}

static void lli_set_ie(struct lli_chan *lc, u32 ie)
{
	if (lc->ie == ie)
		return;
	lc->ie = ie;
	lch_write(lc, LLI_LCH_IE, ie);
}

/* The halted states are the last ones. */
static bool lli_is_halted(struct lli_chan *lc)
{
	return lc->state >= LLI_HALTED;
}

/* Make one of the transitions that the diagram at &enum lli_state has. */
static void lli_set_state(struct lli_chan *lc, enum lli_state state)
{
	static const u8 from[] = {
		[LLI_IDLE] = BIT(LLI_IDLE) | BIT(LLI_RUNNING) |
			     BIT(LLI_APPENDED) | BIT(LLI_HALTED) |
			     BIT(LLI_HALTED_IDLE),
		[LLI_RUNNING] = BIT(LLI_IDLE) | BIT(LLI_HALTED),
		[LLI_APPENDED] = BIT(LLI_RUNNING) | BIT(LLI_HALTED),
		[LLI_HALTED] = BIT(LLI_RUNNING) | BIT(LLI_APPENDED),
		[LLI_HALTED_IDLE] = BIT(LLI_IDLE) | BIT(LLI_HALTED),
	};

	if (IS_ENABLED(CONFIG_DMADEVICES_DEBUG))
		WARN_ON_ONCE(!(from[state] & BIT(lc->state)));
	lc->state = state;
	if (state == LLI_IDLE || state == LLI_HALTED_IDLE)
		lc->tail = NULL;
}

/* The hardware has nothing left to run. */
static void lli_set_list_over(struct lli_chan *lc)
{
	lli_set_state(lc, lli_is_halted(lc) ? LLI_HALTED_IDLE : LLI_IDLE);
}

/* The end of the list has changed. Halted channels always start a new list. */
static void lli_set_list_appended(struct lli_chan *lc)
{
	if (lc->state == LLI_RUNNING)
		lli_set_state(lc, LLI_APPENDED);
}

/*
 * The interrupts that a list needs: those of items with IOC, faults, and the end of
 * the list if the client waits for its last descriptor, or if a descriptor that cannot
 * be linked waits behind the list.
 */
static u32 lli_list_ie(struct lli_chan *lc)
{
	u32 ie = LLI_LCH_INT_BLOCK_DONE | LLI_LCH_INT_FAULTS;

	if (lc->tail->attr.irq ||
	    !list_is_last(&lc->tail->vd.node, &lc->chan.running))
		ie |= LLI_LCH_INT_DMA_DONE;
	return ie;
}

/*
 * Run the list of @d and what is linked to it, from the item at @first on. The
 * order of the register writes is that of the vendor's driver.
 */
static void lli_start(struct lli_chan *lc, struct rkdma_desc *d,
		      dma_addr_t first)
{
	struct lli_item *entry = lc->entry.items;
	struct lli_program *p = lli_program(d);
	void __iomem *base = lc->base;

	entry->trf_ctl0 = 0;
	entry->trf_ctl1 = 0;
	entry->sar = 0;
	entry->dar = 0;
	entry->block_ts = 0;
	entry->llp_nxt = cpu_to_le32(lower_32_bits(first));
	entry->sar_high = 0;
	entry->dar_high = 0;
	entry->llp_nxt_high = cpu_to_le16(upper_32_bits(first));
	entry->lli_idx = 0;
	entry->trf_cfg = cpu_to_le32(p->trf_cfg);
	entry->block_cs = 0;
	entry->sar_reload = 0;
	entry->dar_reload = 0;
	entry->sar_reload_high = 0;
	entry->dar_reload_high = 0;
	entry->stride_ch_num = 0;
	entry->stride_ch_size = 0;
	entry->reserved0 = 0;
	entry->stride_inc = cpu_to_le32(p->stride_inc);
	entry->reserved1 = 0;
	lc->status = 0;
	/* LCH_LLI_CNT restarts from 0 at each START (assumption 11). */
	lc->items.reg = 0;
	lc->ie = lli_list_ie(lc);
	lli_set_state(lc, LLI_RUNNING);

	/* These writes are ordered among themselves, and need no other order. */
	writel_relaxed(LLI_LCH_CTL0_CH_EN, base + LLI_LCH_CTL0);
	writel_relaxed(lc->ie, base + LLI_LCH_IE);
	writel_relaxed(lower_32_bits(lc->entry.dma), base + LLI_LCH_CMDBA);
	writel_relaxed(upper_32_bits(lc->entry.dma), base + LLI_LCH_CMDBA_HIGH);
	/* writel() orders the entry and the list before START. */
	writel(LLI_HIWORD(LLI_TRF_CMD_START | LLI_TRF_CMD_SRC_TYPE | LLI_TRF_CMD_DST_TYPE |
		      LLI_TRF_CMD_TT_FC,
		      LLI_TRF_CMD_START |
		      FIELD_PREP(LLI_TRF_CMD_SRC_TYPE, LLI_TYPE_LIST) |
		      FIELD_PREP(LLI_TRF_CMD_DST_TYPE, LLI_TYPE_LIST) |
		      FIELD_PREP(LLI_TRF_CMD_TT_FC,
				 FIELD_GET(LLI_CFG_TT_FC, p->trf_cfg))),
	       base + LLI_LCH_TRF_CMD);
}

/*
 * Whether @next can follow @d in a list. The entry's trf_cfg and stride_inc apply to
 * the whole list. A repeating descriptor is followed only by one that replaces it, and
 * follows no descriptor that does not repeat.
 */
static bool lli_linkable(struct rkdma_desc *d, struct rkdma_desc *next)
{
	struct lli_program *p = lli_program(d), *q = lli_program(next);

	if (p->trf_cfg != q->trf_cfg || p->stride_inc != q->stride_inc)
		return false;
	if (d->attr.repeat)
		return next->attr.load_eot;
	return !next->attr.repeat;
}

/*
 * Link to @d the descriptors that follow it in &rkdma_chan.running, up to one that
 * cannot be linked, which has to wait for the end of the list. Return the last one
 * linked. The hardware does not read this part of the list yet.
 */
static struct rkdma_desc *lli_link_following(struct lli_chan *lc,
					     struct rkdma_desc *d)
{
	struct rkdma_desc *last = d;

	list_for_each_entry_continue(d, &lc->chan.running, vd.node) {
		if (!lli_linkable(last, d))
			break;
		lli_link(last, d);
		trace_rkdma_link(&lc->chan, d);
		last = d;
	}
	lli_unlink(last);
	return last;
}

static void lli_start_first(struct lli_chan *lc)
{
	struct rkdma_desc *d = rkdma_first_running(&lc->chan);

	lc->tail = lli_link_following(lc, d);
	lc->resumed.pos.nxt = 0;
	lc->items.total = 0;
	trace_rkdma_start(&lc->chan, d);
	lli_start(lc, d, lli_first(d));
}

static void lli_issue(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);
	struct rkdma_desc *tail = lc->tail, *next;

	if (!tail) {
		if (lc->state == LLI_IDLE)
			lli_start_first(lc);
		return;
	}

	/* rkdma_chan_advance() may have had everything linked just before. */
	if (list_is_last(&tail->vd.node, &c->running))
		return;
	/* The first descriptor that is not linked; the ones behind it wait with it. */
	next = list_next_entry(tail, vd.node);
	if (lli_linkable(tail, next)) {
		lc->tail = lli_link_following(lc, next);
		lli_set_list_appended(lc);
		trace_rkdma_link(c, next);
		lli_link(tail, next);
	} else if (tail->attr.repeat) {
		if (!next->attr.load_eot)
			return;
		lli_set_list_appended(lc);
		lli_end_loop(tail);
	}
	/*
	 * The hardware may have fetched the old last item before it was linked.
	 * Then it stops there. DMA_DONE reports that, also if the hardware
	 * stopped before the interrupt is enabled here (assumption 6).
	 */
	if (!lli_is_halted(lc))
		lli_set_ie(lc, lc->ie | LLI_LCH_INT_DMA_DONE);
}

static dma_addr_t lli_item_nxt(struct lli_item *item)
{
	return (u64)le16_to_cpu(READ_ONCE(item->llp_nxt_high)) << 32 |
	       le32_to_cpu(READ_ONCE(item->llp_nxt));
}

/* The entry's successor, which the hardware may be writing. */
static dma_addr_t lli_entry_nxt(struct lli_item *entry)
{
	u64 low, high;

	/* The halves belong together if the low one is the same before and after. */
	do {
		low = le32_to_cpu(READ_ONCE(entry->llp_nxt));
		dma_rmb();
		high = le16_to_cpu(READ_ONCE(entry->llp_nxt_high));
		dma_rmb();
	} while (low != le32_to_cpu(READ_ONCE(entry->llp_nxt)));
	return high << 32 | low;
}

/*
 * Whether @d skips bytes at its moving end. That is the end whose address shows the
 * progress: the memory of a peripheral transfer, or the destination of a copy.
 */
static bool lli_moving_end_skips(struct rkdma_desc *d)
{
	return d->dir != DMA_MEM_TO_MEM || d->attr.skip_dst;
}

/* Bytes moved when the moving end is @offset bytes past its first address. */
static u32 lli_offset_to_done(struct rkdma_desc *d, u32 offset)
{
	u32 stride = d->chunk + d->skip;

	if (!d->chunk || !lli_moving_end_skips(d))
		return offset;
	return offset / stride * d->chunk + min(offset % stride, d->chunk);
}

/* Bytes that one end is past its first address when @done bytes are moved. */
static u64 lli_done_to_offset(struct rkdma_desc *d, u32 done, bool dst)
{
	if (d->dir == (dst ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM))
		return 0;
	if (!d->chunk || (d->dir == DMA_MEM_TO_MEM && dst != d->attr.skip_dst))
		return done;
	return (u64)(done / d->chunk) * (d->chunk + d->skip) + done % d->chunk;
}

/* The entry's addresses read 0 until the first burst of the item is done. */
static bool lli_entry_has_addresses(struct lli_item *entry)
{
	return READ_ONCE(entry->sar) || READ_ONCE(entry->dar) ||
	       READ_ONCE(entry->sar_high) || READ_ONCE(entry->dar_high);
}

/*
 * Bytes of a segment that were done before the item with successor @nxt began: not
 * 0 if the item is a copy that lli_resume() wrote.
 */
static u32 lli_done_before_item(struct lli_chan *lc, dma_addr_t nxt)
{
	/* The first of two copies is followed by the second. */
	if (nxt == lli_copy_dma(lc, 1))
		return lc->resumed.pos.done;
	return nxt == lc->resumed.pos.nxt ? lc->resumed.last_copy_done : 0;
}

/*
 * Bytes of @pos's segment that are done, from the address that the moving end has
 * reached.
 */
static u32 lli_seg_done(struct lli_chan *lc, const struct lli_pos *pos,
			dma_addr_t nxt)
{
	bool to_dev = pos->desc->dir == DMA_MEM_TO_DEV;
	struct rkdma_seg seg = rkdma_seg_at(pos->desc, pos->seg);
	struct lli_item *entry = lc->entry.items;
	__le32 *moving = to_dev ? &entry->sar : &entry->dar;
	u32 addr = le32_to_cpu(READ_ONCE(*moving));

	if (!addr) {
		if (!lli_entry_has_addresses(entry))
			return lli_done_before_item(lc, nxt);
		/* The addresses may have been written since the first read. */
		dma_rmb();
		addr = le32_to_cpu(READ_ONCE(*moving));
	}
	/* An item is shorter than 4 GiB, so the low halves are enough. */
	return lli_offset_to_done(pos->desc,
				  addr - lower_32_bits(to_dev ? seg.src : seg.dst));
}

/*
 * Find the item that has the successor @nxt: an item of the same descriptor, the
 * last item of the descriptor before, or, if @nxt is the slot behind a list, the
 * last item of that list. Return false if there is none: the oldest descriptor
 * has not begun.
 */
static bool lli_pos_by_next(struct lli_chan *lc, dma_addr_t nxt,
			    struct lli_pos *pos)
{
	struct rkdma_desc *d, *prev = NULL;

	pos->wraps = false;
	if (nxt == lli_copy_dma(lc, 0)) {
		*pos = lc->resumed.pos;
		return true;
	}
	if (nxt == lli_copy_dma(lc, 1)) {
		*pos = lc->resumed.pos;
		pos->done = lli_seg_done(lc, pos, nxt);
		return true;
	}
	list_for_each_entry(d, &lc->chan.running, vd.node) {
		int seg = lli_seg_by_next(d, nxt);

		if (seg >= 0) {
			pos->desc = d;
			pos->seg = seg;
			pos->wraps = d->attr.repeat && seg == d->nr_segs - 1;
		} else if (seg == -1 && prev) {
			pos->desc = prev;
			pos->seg = prev->nr_segs - 1;
		} else if (seg == -1) {
			return false;
		}
		if (seg != -ENOENT) {
			pos->done = lli_seg_done(lc, pos, nxt);
			return true;
		}
		if (d == lc->tail)
			break;
		prev = d;
	}
	return false;
}

static bool lli_seg_is_done(const struct lli_pos *pos)
{
	return pos->done == rkdma_seg_len(pos->desc, pos->seg);
}

static bool lli_in_last_seg(const struct lli_pos *pos)
{
	return pos->seg == pos->desc->nr_segs - 1;
}

/* All bytes of the descriptor are moved, and it does not start over. */
static bool lli_all_moved(const struct lli_pos *pos)
{
	return lli_in_last_seg(pos) && lli_seg_is_done(pos) && !pos->wraps;
}

/*
 * Find the hardware's position from an entry that the hardware may be writing. Its
 * 64-bit words are written one by one, each as a whole (assumption 12). If the
 * successor changes meanwhile, or the address is outside of the item, the words read
 * belong to two items and are read again. After LLI_LOCATE_TRIES the item counts as
 * not begun, which is safe.
 */
static bool lli_locate(struct lli_chan *lc, struct lli_pos *pos)
{
	dma_addr_t nxt = lli_entry_nxt(lc->entry.items), before;
	unsigned int tries = LLI_LOCATE_TRIES;
	bool located;

	do {
		before = nxt;
		located = lli_pos_by_next(lc, nxt, pos);
		/* The addresses are read before the successor is read again. */
		dma_rmb();
		nxt = lli_entry_nxt(lc->entry.items);
		pos->nxt = nxt;
		if (nxt == before &&
		    (!located || pos->done <= rkdma_seg_len(pos->desc, pos->seg)))
			return located;
	} while (--tries);
	if (located && pos->done > rkdma_seg_len(pos->desc, pos->seg))
		pos->done = 0;
	return located;
}

static u32 lli_ack(struct lli_chan *lc)
{
	u32 is = lch_read(lc, LLI_LCH_IS);

	if (is)
		lch_write(lc, LLI_LCH_IS, is);
	return is;
}

/*
 * Collect the interrupt status, and return whether the channel has stopped. The
 * status is read before the channel's state, so an event in between raises an
 * interrupt again. The hardware writes the entry before either of them
 * (assumption 8), and readl() orders both before the entry is read.
 */
static bool lli_stopped(struct lli_chan *lc)
{
	if (lli_is_halted(lc))
		return true;
	lc->status |= lli_ack(lc);
	if (lc->status & (LLI_LCH_INT_DMA_DONE | LLI_LCH_INT_FAULTS))
		return true;
	if (lch_read(lc, LLI_LCH_CTL0) & LLI_LCH_CTL0_CH_EN)
		return false;
	lc->status |= lli_ack(lc);
	return true;
}

/* Whether the hardware stopped in @pos's descriptor at the end of the list. */
static bool lli_ended_at(struct lli_chan *lc, const struct lli_pos *pos)
{
	return lli_all_moved(pos) ||
	       (lc->status & LLI_LCH_INT_DMA_DONE && lli_in_last_seg(pos));
}

/*
 * Whether the hardware stopped before the oldest descriptor. That happens if it fetched
 * the predecessor's last item while lli_link() wrote it: with the new successor already,
 * and still with LAST.
 */
static bool lli_ended_before_first(struct lli_chan *lc,
				   const struct lli_pos *pos)
{
	return lc->status & LLI_LCH_INT_DMA_DONE &&
	       pos->nxt == lli_first(rkdma_first_running(&lc->chan));
}

/* Why the channel stopped. Only the end of a list is a success. */
static enum rkdma_state lli_why_stopped(struct lli_chan *lc, bool located,
					const struct lli_pos *pos)
{
	if (lc->status & LLI_LCH_INT_WRITE_FAULTS)
		return RKDMA_WRITE_FAULT;
	if (lc->status & LLI_LCH_INT_READ_FAULTS)
		return RKDMA_READ_FAULT;
	if (lli_is_halted(lc))
		return RKDMA_RUNS;
	if (located ? lli_ended_at(lc, pos) : lli_ended_before_first(lc, pos))
		return RKDMA_ENDED;
	dev_err_ratelimited(lc->chan.rk->dev,
			    "channel %u: stopped within a list, status %#x\n",
			    lc->chan.id, lc->status);
	return RKDMA_READ_FAULT;
}

/*
 * A list to which nothing was appended can only have ended at its tail. Then the
 * status is enough, and the entry, which is not cached, is not read.
 */
static bool lli_ended_at_tail(struct lli_chan *lc)
{
	return lc->state == LLI_RUNNING &&
	       (lc->status & (LLI_LCH_INT_DMA_DONE | LLI_LCH_INT_FAULTS)) ==
	       LLI_LCH_INT_DMA_DONE;
}

/*
 * Add the items that were done since the last call. The register has 16 bits and counts
 * on modulo 2^16 from each START (assumption 11).
 */
static void lli_count_items(struct lli_chan *lc)
{
	u16 reg = lch_read(lc, LLI_LCH_LLI_CNT);

	lc->items.total += (u16)(reg - lc->items.reg);
	lc->items.reg = reg;
	/* The copies are done. A loop may come to the same successor again. */
	if (reg >= lc->resumed.nr_copies)
		lc->resumed.pos.nxt = 0;
}

static struct rkdma_desc *lli_next_running(struct lli_chan *lc,
					   struct rkdma_desc *d)
{
	return list_is_last(&d->vd.node, &lc->chan.running) ?
		NULL : list_next_entry(d, vd.node);
}

/* Whether @nxt is the successor of the item in which lli_resume() continued. */
static bool lli_in_resumed_item(struct lli_chan *lc, dma_addr_t nxt)
{
	return nxt == lc->resumed.pos.nxt || nxt == lli_copy_dma(lc, 0) ||
	       nxt == lli_copy_dma(lc, 1);
}

/*
 * Whether the channel will stop at the end of @pos's descriptor: it is the tail, or
 * the hardware fetched its last item before the next descriptor was linked. The item's
 * successor shows this.
 */
static bool lli_stops_after(struct lli_chan *lc, const struct lli_pos *pos)
{
	return pos->desc == lc->tail || pos->nxt == lli_program(pos->desc)->end;
}

/*
 * Whether the descriptor at @pos is done. If the channel stops at its end, it is not done
 * before the channel has stopped: the hardware may still read its last item, and
 * lli_pos_by_next() has to find the descriptor in &rkdma_chan.running.
 */
static bool lli_desc_is_done(struct lli_chan *lc, const struct lli_pos *pos,
			     enum rkdma_state state, bool stopped)
{
	if (state == RKDMA_ENDED)
		return true;
	if (!lli_all_moved(pos))
		return false;
	/*
	 * A fault of a data access is this descriptor's, even if the address
	 * has moved past the last byte. A fault of the command entry or of an
	 * item belongs to the successor, which was being fetched and fails next.
	 */
	if (lc->status & LLI_LCH_INT_DATA_FAULTS)
		return false;
	return stopped || !lli_stops_after(lc, pos);
}

/*
 * Whether nothing of the list is left to run. If the list ended before a halt and its
 * last descriptor is done, this has to be recorded now: the entry does not show it any
 * more once the descriptor is off the running list.
 */
static bool lli_list_is_over(struct lli_chan *lc, const struct lli_pos *pos,
			     enum rkdma_state state, bool stopped, bool done)
{
	if (state != RKDMA_RUNS)
		return true;
	return stopped && done &&
	       (pos->desc == lc->tail || lc->status & LLI_LCH_INT_DMA_DONE);
}

/*
 * Report the position that the command entry shows. Not inlined, since most copies do
 * not need it and lli_poll() is faster without it, see rkdma_issue_after_repeating().
 */
static noinline void lli_poll_entry(struct lli_chan *lc, bool stopped,
				    struct rkdma_pos *report)
{
	struct lli_pos pos;
	bool located, done;

	if (report->desc->attr.repeat && !lli_is_halted(lc))
		lli_count_items(lc);
	located = lli_locate(lc, &pos);
	report->segs_done = lc->items.total;
	if (stopped)
		report->state = lli_why_stopped(lc, located, &pos);
	done = located && lli_desc_is_done(lc, &pos, report->state, stopped);

	/*
	 * A descriptor that is submitted again has the same items, so a resume
	 * point must not outlive the item.
	 */
	if (located && (done || !lli_in_resumed_item(lc, pos.nxt)))
		lc->resumed.pos.nxt = 0;
	if (done) {
		report->desc = lli_next_running(lc, pos.desc);
	} else if (located) {
		report->desc = pos.desc;
		report->seg = pos.seg;
		report->done = pos.done;
	}
	if (lli_list_is_over(lc, &pos, report->state, stopped, done))
		lli_set_list_over(lc);
}

static void lli_poll(struct rkdma_chan *c, struct rkdma_pos *pos)
{
	struct lli_chan *lc = to_lli_chan(c);
	bool stopped;

	*pos = (struct rkdma_pos) {
		.state = RKDMA_RUNS,
		.desc = rkdma_first_running(c),
	};
	if (!lc->tail)
		return;

	stopped = lli_stopped(lc);
	if (!lli_ended_at_tail(lc)) {
		lli_poll_entry(lc, stopped, pos);
		return;
	}
	pos->state = RKDMA_ENDED;
	pos->desc = lli_next_running(lc, lc->tail);
	lli_set_state(lc, LLI_IDLE);
}

/* Stop the hardware at the end of the burst in flight, or kill it. */
static int lli_disable(struct lli_chan *lc)
{
	struct device *dev = lc->chan.rk->dev;
	u32 ctl0;

	/* CH_EN reads 1 until the burst in flight has ended (assumption 1). */
	lch_write(lc, LLI_LCH_CTL0, 0);
	if (!readl_poll_timeout_atomic(lc->base + LLI_LCH_CTL0, ctl0,
				       !(ctl0 & LLI_LCH_CTL0_CH_EN), 0,
				       LLI_HALT_US))
		return 0;
	dev_err(dev, "channel %u: burst does not end, killed\n", lc->chan.id);
	lch_write(lc, LLI_LCH_TRF_CMD, LLI_HIWORD(LLI_TRF_CMD_KILL, LLI_TRF_CMD_KILL));
	return readl_poll_timeout_atomic(lc->base + LLI_LCH_CTL0, ctl0,
					 !(ctl0 & LLI_LCH_CTL0_CH_EN), 0,
					 LLI_HALT_US);
}

static int lli_halt(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);
	int ret;

	if (lli_is_halted(lc))
		return 0;
	if (lc->state == LLI_IDLE) {
		lli_set_state(lc, LLI_HALTED_IDLE);
		return 0;
	}
	ret = lli_disable(lc);
	if (ret)
		return ret;
	lli_set_ie(lc, 0);
	lc->status |= lli_ack(lc);
	lli_count_items(lc);
	lli_set_state(lc, LLI_HALTED);
	return 0;
}

/* Write a copy of @pos's item that moves the bytes from @done up to @end. */
static void lli_copy_item(struct lli_chan *lc, unsigned int nr,
			  const struct lli_pos *pos, u32 ctl0, u32 done,
			  u32 end, dma_addr_t nxt)
{
	struct lli_item *item = lli_item(pos->desc, pos->seg);
	struct rkdma_seg seg = rkdma_seg_at(pos->desc, pos->seg);

	lli_item_write(lc->entry.items + 1 + nr, ctl0,
		       le32_to_cpu(item->trf_ctl1),
		       seg.src + lli_done_to_offset(pos->desc, done, false),
		       seg.dst + lli_done_to_offset(pos->desc, done, true),
		       end - done, nxt);
}

/*
 * Continue at @pos, with a copy of its item that has the remaining bytes and the
 * same successor. The hardware counts the bytes to the next skip from the start
 * of an item (assumption 5). So the rest of an interrupted chunk becomes an item
 * by itself, which does not skip.
 */
static void lli_continue(struct lli_chan *lc, const struct lli_pos *pos)
{
	u32 len = rkdma_seg_len(pos->desc, pos->seg), done = pos->done;
	u32 in_chunk = pos->desc->chunk ? done % pos->desc->chunk : 0;
	struct lli_item *item = lli_item(pos->desc, pos->seg);
	u32 ctl0 = le32_to_cpu(item->trf_ctl0);
	dma_addr_t nxt = lli_item_nxt(item);
	unsigned int nr = 0;

	if (in_chunk && len - done > pos->desc->chunk - in_chunk) {
		u32 end = done + pos->desc->chunk - in_chunk;

		lli_copy_item(lc, nr++, pos,
			      ctl0 & ~(LLI_CTL0_LAST | LLI_CTL0_IOC), done, end,
			      lli_copy_dma(lc, 1));
		done = end;
		/* The hardware will count two items for one segment. */
		lc->items.total--;
	}
	lli_copy_item(lc, nr, pos, ctl0, done, len, nxt);
	lc->resumed.pos = *pos;
	lc->resumed.pos.nxt = nxt;
	lc->resumed.pos.wraps = pos->desc->attr.repeat && lli_in_last_seg(pos) &&
				lli_seg_by_next(pos->desc, nxt) == (int)pos->seg;
	lc->resumed.last_copy_done = done;
	lc->resumed.nr_copies = nr + 1;
	trace_rkdma_start(&lc->chan, pos->desc);
	lli_start(lc, pos->desc, lli_copy_dma(lc, 0));
}

/* Move a position at the end of its segment to the next; false at the list's end. */
static bool lli_next_pos(struct lli_chan *lc, struct lli_pos *pos)
{
	bool last = lli_in_last_seg(pos);

	if (last && !pos->wraps) {
		if (pos->desc == lc->tail)
			return false;
		pos->desc = list_next_entry(pos->desc, vd.node);
	}
	pos->seg = last ? 0 : pos->seg + 1;
	pos->done = 0;
	return true;
}

static void lli_resume_list(struct lli_chan *lc)
{
	struct lli_pos pos = { rkdma_first_running(&lc->chan) };

	/* It had stopped by itself before the halt: lli_poll() reports that. */
	if (lc->status & (LLI_LCH_INT_FAULTS | LLI_LCH_INT_DMA_DONE)) {
		lli_set_state(lc, LLI_APPENDED);
		return;
	}
	if (lli_locate(lc, &pos) && lli_seg_is_done(&pos) &&
	    !lli_next_pos(lc, &pos)) {
		lli_set_state(lc, LLI_APPENDED);
		return;
	}
	lli_continue(lc, &pos);
}

static void lli_resume(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);

	if (!rkdma_first_running(c)) {
		lli_set_state(lc, LLI_IDLE);
	} else if (lc->state == LLI_HALTED) {
		lli_resume_list(lc);
	} else if (lc->state == LLI_HALTED_IDLE) {
		lli_set_state(lc, LLI_IDLE);
		lli_issue(c);
	}
}

/* An IS bit that comes while IE is off raises the interrupt later (assumption 6). */
static void lli_throttle(struct rkdma_chan *c, bool on)
{
	struct lli_chan *lc = to_lli_chan(c);

	if (lc->state != LLI_RUNNING && lc->state != LLI_APPENDED)
		return;
	lli_set_ie(lc, on ? lc->ie & ~LLI_LCH_INT_BLOCK_DONE :
			    lc->ie | LLI_LCH_INT_BLOCK_DONE);
}

static int lli_alloc_chan(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);

	lli_set_state(lc, LLI_IDLE);
	return lli_block_alloc(to_lli(c->rk), true, GFP_KERNEL, &lc->entry);
}

static void lli_free_chan(struct rkdma_chan *c)
{
	lli_block_free(to_lli(c->rk), true, &to_lli_chan(c)->entry);
}

const struct rkdma_engine_ops lli_ops = {
	.alloc_chan = lli_alloc_chan,
	.free_chan = lli_free_chan,
	.prepare = lli_prepare,
	.release = lli_release,
	.issue = lli_issue,
	.poll = lli_poll,
	.halt = lli_halt,
	.resume = lli_resume,
	.throttle = lli_throttle,
};

/* Serve the channels of one interrupt status word. */
static bool lli_irq_word(struct lli *lli, unsigned int word)
{
	u32 is = readl(lli->base + LLI_CMN_IS(word));
	struct rkdma_chan *c;

	if (!is)
		return false;
	/*
	 * CMN_IS is cleared before the channels' own status is read, or an
	 * event between the two would be lost (assumption 6).
	 */
	writel(is, lli->base + LLI_CMN_IS(word));
	for (; is; is &= is - 1) {
		c = lli->rk.chans[word * 32 + __ffs(is)];
		if (c)
			rkdma_chan_irq(c);
	}
	return true;
}

/**
 * lli_irq() - handle the controller's interrupt, which may be shared
 * @irq: its number
 * @data: struct lli
 *
 * Return: whether it was ours.
 */
irqreturn_t lli_irq(int irq, void *data)
{
	struct lli *lli = data;
	bool ours;

	/* The line may be shared, and raised while our clocks are off. */
	if (!READ_ONCE(lli->powered))
		return IRQ_NONE;
	ours = lli_irq_word(lli, 0);
	if (lli->rk.nr_chans > 32)
		ours |= lli_irq_word(lli, 1);
	return IRQ_RETVAL(ours);
}

/**
 * lli_hw_init() - reset the controller and make it ready to run channels
 * @lli: the controller, its clocks on
 *
 * Context: process; no channel is running.
 * Return: 0, or -ETIMEDOUT if the soft reset does not end.
 */
int lli_hw_init(struct lli *lli)
{
	/* CMN_PCH_EN has bits for 16 physical channels. */
	const u32 pchs = BIT(min(lli->nr_pchs, 16U)) - 1;
	unsigned int n, word;
	u32 cfg;
	int ret;

	writel(LLI_HIWORD(LLI_CMN_CFG_SRST, LLI_CMN_CFG_SRST), lli->base + LLI_CMN_CFG);
	ret = readl_poll_timeout_atomic(lli->base + LLI_CMN_CFG, cfg,
					!(cfg & LLI_CMN_CFG_SRST), 1, 1000);
	if (ret) {
		/* SRST is only assumed to clear itself (assumption 9). */
		writel(LLI_HIWORD(LLI_CMN_CFG_SRST, 0), lli->base + LLI_CMN_CFG);
		if (readl(lli->base + LLI_CMN_CFG) & LLI_CMN_CFG_SRST)
			return ret;
	}

	for (n = 0; n < lli->rk.nr_chans; n++)
		if (lli->rk.chans[n])
			lli->chans[n].ie = 0;
	writel(LLI_CMN_DYNCTL_GATES, lli->base + LLI_CMN_DYNCTL);
	writel(LLI_HIWORD(pchs, pchs), lli->base + LLI_CMN_PCH_EN);
	if (FIELD_GET(LLI_CMN_VER_MINOR, lli->version) >= 2)
		for (word = 0; word <= (lli->rk.nr_chans - 1) / 32; word++)
			writel(~0U, lli->base + LLI_CMN_IE(word));
	writel(LLI_HIWORD(LLI_CMN_CFG_EN | LLI_CMN_CFG_IE_EN, LLI_CMN_CFG_EN | LLI_CMN_CFG_IE_EN),
	       lli->base + LLI_CMN_CFG);
	WRITE_ONCE(lli->powered, true);
	return 0;
}

/**
 * lli_hw_stop() - disable the controller and its interrupt
 * @lli: the controller, its clocks on; no channel is running
 *
 * Context: process. An interrupt handler may still be running on another CPU.
 */
void lli_hw_stop(struct lli *lli)
{
	writel(LLI_HIWORD(LLI_CMN_CFG_EN | LLI_CMN_CFG_IE_EN, 0), lli->base + LLI_CMN_CFG);
	WRITE_ONCE(lli->powered, false);
}
