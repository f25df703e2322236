// SPDX-License-Identifier: GPL-2.0-only
/*
 * How does the linked-list controller run lists, and how far is it?
 *
 * A channel's hardware runs one list at a time. Work that comes while it runs
 * is linked to the list's end (lli_issue()); whether the hardware still took
 * notice, or had already seen the end, shows when it stops. Where it is, the
 * command entry tells: it holds the successor of the item being processed and
 * the addresses that item has reached (lli_locate()).
 *
 * What is assumed of the hardware here stands in docs/hardware.md; the comments
 * name the assumption by its number.
 */
#include <linux/interrupt.h>
#include <linux/iopoll.h>
#include <linux/pm_runtime.h>

#include "../trace.h"
#include "lli.h"

/* A burst in flight takes microseconds at worst. */
#define LLI_HALT_US	1000
/* The entry is written in nanoseconds. */
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
	lch_write(lc, LCH_IE, ie);
}

/*
 * Run the list that begins at @first. The order of the writes is the vendor's.
 */
static void lli_start(struct lli_chan *lc, u64 cfg, dma_addr_t first, u32 ie)
{
	struct lli_item *entry = lc->entry.items;
	u32 tt_fc = FIELD_GET(LLI_CFG_TT_FC, cfg);
	void __iomem *base = lc->base;

	entry->trf_ctl = 0;
	entry->addr = 0;
	entry->len_nxt = cpu_to_le64((u64)first << 32);
	entry->high = cpu_to_le64((u64)first >> 32 << 32);
	entry->cfg = cpu_to_le64((u32)cfg);
	entry->reload = 0;
	entry->reload_high = 0;
	entry->stride = cpu_to_le64(cfg >> 32);
	lc->status = 0;
	lc->appended = false;
	/* Assumption 11: START sets the hardware's count to zero. */
	lc->items_base = 0;
	lc->ie = ie;

	/* Nothing here needs an order but that of the registers themselves. */
	writel_relaxed(LCH_CTL0_CH_EN, base + LCH_CTL0);
	writel_relaxed(ie, base + LCH_IE);
	writel_relaxed(lower_32_bits(lc->entry.dma), base + LCH_CMDBA);
	writel_relaxed(upper_32_bits(lc->entry.dma), base + LCH_CMDBA_HIGH);
	/* writel() orders the entry and the list before the start. */
	writel(HIWORD(TRF_CMD_START | TRF_CMD_SRC_TYPE | TRF_CMD_DST_TYPE |
		      TRF_CMD_TT_FC,
		      TRF_CMD_START |
		      FIELD_PREP(TRF_CMD_SRC_TYPE, LLI_TYPE_LIST) |
		      FIELD_PREP(TRF_CMD_DST_TYPE, LLI_TYPE_LIST) |
		      FIELD_PREP(TRF_CMD_TT_FC, tt_fc)),
	       base + LCH_TRF_CMD);
}

/*
 * May the list that ends with @d go on to @next? Not if it needs another
 * configuration, nor into a loop; out of one only to what replaces it.
 */
static bool lli_linkable(struct rkdma_desc *d, struct rkdma_desc *next)
{
	if (lli_program(next)->cfg != lli_program(d)->cfg)
		return false;
	if (unlikely(d->attr.repeat))
		return next->attr.load_eot;
	return !next->attr.repeat;
}

/* A stopped channel with a list of its own to run, from @from on. */
static struct rkdma_desc *lli_chain(struct lli_chan *lc,
				    struct rkdma_desc *from)
{
	struct rkdma_desc *d = from;

	/* What cannot be linked has to wait for the list's end. */
	list_for_each_entry_continue(d, &lc->chan.running, vd.node) {
		if (!lli_linkable(from, d))
			break;
		lli_link(from, d);
		trace_rkdma_link(&lc->chan, d);
		from = d;
	}
	lli_terminate(from);
	return from;
}

/*
 * Interrupts for a list: those of items that ask for one, faults, and the end
 * of the list if somebody waits for it: a client for the last descriptor, or
 * we ourselves for a descriptor that cannot be linked.
 */
static u32 lli_wanted_ie(struct lli_chan *lc)
{
	u32 ie = LCH_INT_BLOCK_DONE | LCH_INT_FAULTS;

	if (lc->tail->attr.irq ||
	    !list_is_last(&lc->tail->vd.node, &lc->chan.running))
		ie |= LCH_INT_DMA_DONE;
	return ie;
}

static void lli_issue(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);
	struct rkdma_desc *tail = lc->tail, *next;

	if (!tail) {
		struct rkdma_desc *d = rkdma_first_running(c);

		if (lc->halted)
			return;
		lc->tail = lli_chain(lc, d);
		lc->resumed_nxt = 0;
		lc->items = 0;
		trace_rkdma_start(c, d);
		lli_start(lc, lli_program(d)->cfg, lli_first(d),
			  lli_wanted_ie(lc));
		return;
	}

	/* Behind a descriptor that could not be linked nothing can. */
	if (list_is_last(&tail->vd.node, &c->running))
		return;
	next = list_next_entry(tail, vd.node);
	if (lli_linkable(tail, next)) {
		lc->tail = lli_chain(lc, next);
		lc->appended = true;
		trace_rkdma_link(c, next);
		lli_link(tail, next);
	} else if (unlikely(tail->attr.repeat)) {
		if (!next->attr.load_eot)
			return;
		lc->appended = true;
		lli_end_loop(tail);
	}
	/*
	 * The hardware may have seen the old end already. Then it stops there,
	 * and from now on says so; it also does if it stopped before this.
	 */
	if (!lc->halted)
		lli_set_ie(lc, lc->ie | LCH_INT_DMA_DONE);
}

static dma_addr_t lli_entry_nxt(struct lli_item *entry)
{
	u64 low, high;

	/* Two words: read until the low one stands still around the high one. */
	do {
		low = FIELD_GET(LLI_NXT, le64_to_cpu(READ_ONCE(entry->len_nxt)));
		dma_rmb();
		high = FIELD_GET(LLI_HIGH_NXT, le64_to_cpu(READ_ONCE(entry->high)));
		dma_rmb();
	} while (low != FIELD_GET(LLI_NXT, le64_to_cpu(READ_ONCE(entry->len_nxt))));
	return high << 32 | low;
}

/* Does @d skip at the end by whose address its progress is measured? */
static bool lli_skips_there(struct rkdma_desc *d)
{
	return d->dir != DMA_MEM_TO_MEM || d->attr.skip_dst;
}

/* Bytes moved, of an end that is @offset bytes from where it began. */
static u32 lli_unskip(struct rkdma_desc *d, u32 offset)
{
	u32 stride = d->chunk + d->skip;

	if (!lli_skips_there(d))
		return offset;
	return offset / stride * d->chunk + min(offset % stride, d->chunk);
}

/*
 * Bytes of the item at @w that are done, from the address that its moving end
 * has reached: in a copy the written end. The entry's addresses read as zero
 * until the item's first burst is done.
 */
static u32 lli_item_done(struct lli_chan *lc, const struct lli_where *w,
			 dma_addr_t nxt)
{
	struct lli_item *entry = lc->entry.items;
	u64 addr = le64_to_cpu(READ_ONCE(entry->addr));
	struct rkdma_seg seg = rkdma_seg_at(w->desc, w->seg);
	u32 done;

	if (!addr && !(le64_to_cpu(READ_ONCE(entry->high)) &
		       (LLI_HIGH_SRC | LLI_HIGH_DST))) {
		if (nxt == lli_copy_dma(lc, 1))
			return lc->resumed.done;
		return nxt == lc->resumed_nxt ? lc->resumed_done : 0;
	}
	/* An item is shorter than 4 GiB: the low words alone tell. */
	if (w->desc->dir == DMA_MEM_TO_DEV)
		done = (u32)FIELD_GET(LLI_ADDR_SRC, addr) - (u32)seg.src;
	else
		done = (u32)FIELD_GET(LLI_ADDR_DST, addr) - (u32)seg.dst;
	return unlikely(w->desc->chunk) ? lli_unskip(w->desc, done) : done;
}

/*
 * Find the item that has the successor @nxt: an item of the same descriptor, the
 * first item of the next one, or, at the end of the list, the slot behind the
 * last item. False if there is none: the oldest descriptor has not begun.
 */
static bool lli_locate_nxt(struct lli_chan *lc, dma_addr_t nxt,
			   struct lli_where *w)
{
	struct rkdma_desc *d, *prev = NULL;

	w->again = false;
	if (nxt == lli_copy_dma(lc, 0)) {
		*w = lc->resumed;
		return true;
	}
	if (nxt == lli_copy_dma(lc, 1)) {
		*w = lc->resumed;
		w->done = lli_item_done(lc, w, nxt);
		return true;
	}
	list_for_each_entry(d, &lc->chan.running, vd.node) {
		int seg = lli_find(d, nxt);

		if (seg >= 0) {
			w->desc = d;
			w->seg = seg;
			w->again = d->attr.repeat && seg == d->nr_segs - 1;
		} else if (seg == -1 && prev) {
			w->desc = prev;
			w->seg = prev->nr_segs - 1;
		} else if (seg == -1) {
			return false;
		}
		if (seg != -ENOENT) {
			w->done = lli_item_done(lc, w, nxt);
			return true;
		}
		if (d == lc->tail)
			break;
		prev = d;
	}
	return false;
}

/*
 * Find where the hardware is, from an entry that it may be writing: a successor
 * that changes meanwhile, or an address that is not within the item, belong to
 * two items. Hardware that makes no sense for so long gets what is safe: none of
 * the item is done.
 */
static bool lli_locate(struct lli_chan *lc, struct lli_where *w)
{
	dma_addr_t nxt = lli_entry_nxt(lc->entry.items), before;
	unsigned int tries = LLI_LOCATE_TRIES;
	bool located;

	do {
		before = nxt;
		located = lli_locate_nxt(lc, nxt, w);
		/* Orders the position before the second look at the item. */
		dma_rmb();
		nxt = lli_entry_nxt(lc->entry.items);
		w->nxt = nxt;
		if (nxt == before &&
		    (!located || w->done <= rkdma_seg_len(w->desc, w->seg)))
			return located;
	} while (--tries);
	if (located && w->done > rkdma_seg_len(w->desc, w->seg))
		w->done = 0;
	return located;
}

static bool lli_where_full(const struct lli_where *w)
{
	return w->seg == w->desc->nr_segs - 1 &&
	       w->done == rkdma_seg_len(w->desc, w->seg);
}

static u32 lli_ack(struct lli_chan *lc)
{
	u32 is = lch_read(lc, LCH_IS);

	if (is)
		lch_write(lc, LCH_IS, is);
	return is;
}

/*
 * Take note of the interrupts, and tell whether the channel has stopped. Status
 * comes before the channel's state, so that what happens in between raises an
 * interrupt again. readl() orders both ahead of reading the entry.
 */
static bool lli_stopped(struct lli_chan *lc)
{
	if (lc->halted)
		return true;
	lc->status |= lli_ack(lc);
	if (lc->status & (LCH_INT_DMA_DONE | LCH_INT_FAULTS))
		return true;
	if (lch_read(lc, LCH_CTL0) & LCH_CTL0_CH_EN)
		return false;
	lc->status |= lli_ack(lc);
	return true;
}

/* Why has the channel stopped? Nothing but the end of a list is success. */
static enum rkdma_state lli_why_stopped(struct lli_chan *lc, bool located,
					const struct lli_where *w)
{
	if (lc->status & LCH_INT_WRITE_FAULTS)
		return RKDMA_WRITE_FAULT;
	if (lc->status & LCH_INT_READ_FAULTS)
		return RKDMA_READ_FAULT;
	if (lc->halted)
		return RKDMA_RUNS;
	if (located && ((lli_where_full(w) && !w->again) ||
			(lc->status & LCH_INT_DMA_DONE &&
			 w->seg == w->desc->nr_segs - 1)))
		return RKDMA_ENDED;
	/*
	 * Before the oldest one, which was being linked to the one before when the
	 * hardware read that: it saw the successor, and that there is none.
	 */
	if (!located && lc->status & LCH_INT_DMA_DONE &&
	    w->nxt == lli_first(rkdma_first_running(&lc->chan)))
		return RKDMA_ENDED;
	dev_err_ratelimited(lc->chan.rk->dev,
			    "channel %u: stopped amid a list, status %#x\n",
			    lc->chan.id, lc->status);
	return RKDMA_READ_FAULT;
}

/*
 * A list that nothing was appended to since it was started can only have ended
 * at its tail: no need to look into memory that is not cached.
 */
static bool lli_ended_at_tail(struct lli_chan *lc)
{
	return !lc->appended && !lc->halted &&
	       (lc->status & (LCH_INT_DMA_DONE | LCH_INT_FAULTS)) ==
	       LCH_INT_DMA_DONE;
}

/* Take note of the items that were done meanwhile, of which the count is short. */
static void lli_count(struct lli_chan *lc)
{
	u16 items = lch_read(lc, LCH_LLI_CNT);

	lc->items += (u16)(items - lc->items_base);
	lc->items_base = items;
	/* What resume continued with is done, and a loop may come by there again. */
	if (items >= lc->resumed_items)
		lc->resumed_nxt = 0;
}

static struct rkdma_desc *lli_next_running(struct lli_chan *lc,
					   struct rkdma_desc *d)
{
	return list_is_last(&d->vd.node, &lc->chan.running) ?
		NULL : list_next_entry(d, vd.node);
}

/*
 * Is the item with this successor what resume continued with? What it once was must
 * be forgotten: a descriptor that is used again has the same place.
 */
static bool lli_at_resumed(struct lli_chan *lc, dma_addr_t nxt)
{
	return nxt == lc->resumed_nxt || nxt == lli_copy_dma(lc, 0) ||
	       nxt == lli_copy_dma(lc, 1);
}

/*
 * Where in its list is the hardware? Out of line, so that the usual end of a
 * list does not pay for it.
 */
static noinline void lli_look_inside(struct lli_chan *lc, bool stopped,
				     struct rkdma_pos *pos)
{
	struct lli_where w;
	bool located, done;

	if (unlikely(pos->desc->attr.repeat) && !lc->halted)
		lli_count(lc);
	located = lli_locate(lc, &w);
	pos->segs_done = lc->items;
	if (stopped)
		pos->state = lli_why_stopped(lc, located, &w);

	/*
	 * Until the channel has stopped the hardware may read the last linked
	 * item again, so it is not done before. Nor is one that was linked on
	 * after it had been read: there the channel stops, and where it has must
	 * still be among the running ones then.
	 */
	done = located && (pos->state == RKDMA_ENDED ||
			   (lli_where_full(&w) && !w.again &&
			    (stopped || (w.desc != lc->tail &&
					 w.nxt != lli_program(w.desc)->end))));
	if (located && (done || !lli_at_resumed(lc, w.nxt)))
		lc->resumed_nxt = 0;
	if (done) {
		pos->desc = lli_next_running(lc, w.desc);
	} else if (located) {
		pos->desc = w.desc;
		pos->seg = w.seg;
		pos->done = w.done;
	}

	/*
	 * A list that had ended before it was halted has no successor that
	 * would tell, once this descriptor is gone, where.
	 */
	if (pos->state != RKDMA_RUNS ||
	    (stopped && done && (w.desc == lc->tail ||
				 lc->status & LCH_INT_DMA_DONE)))
		lc->tail = NULL;
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
		lli_look_inside(lc, stopped, pos);
		return;
	}
	pos->state = RKDMA_ENDED;
	pos->desc = lli_next_running(lc, lc->tail);
	lc->tail = NULL;
}

static int lli_halt(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);
	struct device *dev = c->rk->dev;
	u32 ctl0;

	if (lc->tail && !lc->halted) {
		/* Assumption 1: reads 1 until the burst in flight has ended. */
		lch_write(lc, LCH_CTL0, 0);
		if (readl_poll_timeout_atomic(lc->base + LCH_CTL0, ctl0,
					      !(ctl0 & LCH_CTL0_CH_EN), 0,
					      LLI_HALT_US)) {
			dev_err(dev, "channel %u: no end of a burst, killed\n",
				c->id);
			lch_write(lc, LCH_TRF_CMD,
				  HIWORD(TRF_CMD_KILL, TRF_CMD_KILL));
			if (readl_poll_timeout_atomic(lc->base + LCH_CTL0, ctl0,
						      !(ctl0 & LCH_CTL0_CH_EN),
						      0, LLI_HALT_US))
				return -ETIMEDOUT;
		}
		lli_set_ie(lc, 0);
		lc->status |= lli_ack(lc);
		lli_count(lc);
	}
	lc->halted = true;
	return 0;
}

/* How far an end has come after @done bytes. */
static u64 lli_offset(struct rkdma_desc *d, u32 done, bool dst)
{
	if (d->dir == (dst ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM))
		return 0;
	if (!d->chunk || (d->dir == DMA_MEM_TO_MEM && dst != d->attr.skip_dst))
		return done;
	return (u64)(done / d->chunk) * (d->chunk + d->skip) + done % d->chunk;
}

/* Write a copy of the item at @w that moves the bytes from @done up to @end. */
static void lli_copy_item(struct lli_chan *lc, unsigned int nr,
			  const struct lli_where *w, u32 done, u32 end, u64 ctl,
			  u64 nxt)
{
	struct rkdma_seg seg = rkdma_seg_at(w->desc, w->seg);

	lli_item_write(lc->entry.items + 1 + nr, ctl,
		       seg.src + lli_offset(w->desc, done, false),
		       seg.dst + lli_offset(w->desc, done, true),
		       end - done, nxt);
}

/*
 * Continue at @w, with a copy of its item that has the remaining bytes and the
 * same successor. The hardware skips after so many bytes of an item; so what is
 * left of a chunk is an item by itself, in which it does not.
 */
static void lli_continue(struct lli_chan *lc, const struct lli_where *w)
{
	u32 len = rkdma_seg_len(w->desc, w->seg), done = w->done;
	struct lli_item *item = lli_item(w->desc, w->seg);
	u64 ctl = le64_to_cpu(item->trf_ctl);
	u64 nxt = FIELD_GET(LLI_NXT, le64_to_cpu(item->len_nxt)) |
		  FIELD_GET(LLI_HIGH_NXT, le64_to_cpu(item->high)) << 32;
	u32 begun = w->desc->chunk ? done % w->desc->chunk : 0;
	unsigned int nr = 0;

	if (begun && len - done > w->desc->chunk - begun) {
		lli_copy_item(lc, nr++, w, done, done + w->desc->chunk - begun,
			      ctl & ~(LLI_CTL_LAST | LLI_CTL_IOC),
			      lli_copy_dma(lc, 1));
		done += w->desc->chunk - begun;
		/* Two items for one. */
		lc->items--;
	}
	lli_copy_item(lc, nr, w, done, len, ctl, nxt);
	lc->resumed = *w;
	lc->resumed.again = w->desc->attr.repeat &&
			    w->seg == w->desc->nr_segs - 1 &&
			    lli_find(w->desc, nxt) == (int)w->seg;
	lc->resumed_nxt = nxt;
	lc->resumed_done = done;
	lc->resumed_items = nr + 1;
	trace_rkdma_start(&lc->chan, w->desc);
	lli_start(lc, lli_program(w->desc)->cfg, lli_copy_dma(lc, 0),
		  lli_wanted_ie(lc));
}

static void lli_resume(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);
	struct rkdma_desc *first = rkdma_first_running(c);
	struct lli_where w = { first };

	lc->halted = false;
	if (!first) {
		lc->tail = NULL;
		return;
	}
	if (!lc->tail) {
		lli_issue(c);
		return;
	}
	/* Stopped by a fault or the end: lli_poll() will tell. */
	if (lc->status & (LCH_INT_FAULTS | LCH_INT_DMA_DONE))
		return;
	if (lli_locate(lc, &w) && w.done == rkdma_seg_len(w.desc, w.seg)) {
		if (w.again) {
			w.seg = 0;
		} else if (lli_where_full(&w)) {
			if (w.desc == lc->tail)
				return;
			w.desc = list_next_entry(w.desc, vd.node);
			w.seg = 0;
		} else {
			w.seg++;
		}
		w.done = 0;
	}
	lli_continue(lc, &w);
}

/* Assumption 6: what is done while its interrupt is off raises it later. */
static void lli_throttle(struct rkdma_chan *c, bool on)
{
	struct lli_chan *lc = to_lli_chan(c);

	if (!lc->tail || lc->halted)
		return;
	lli_set_ie(lc, on ? lc->ie & ~LCH_INT_BLOCK_DONE :
			    lc->ie | LCH_INT_BLOCK_DONE);
}

static int lli_alloc_chan(struct rkdma_chan *c)
{
	struct lli_chan *lc = to_lli_chan(c);

	lc->tail = NULL;
	lc->halted = false;
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
	u32 is = readl(lli->base + CMN_IS(word));
	struct rkdma_chan *c;

	if (!is)
		return false;
	/*
	 * Before the channels' own status, or an event between the two would
	 * be lost (assumption 6).
	 */
	writel(is, lli->base + CMN_IS(word));
	for (; is; is &= is - 1) {
		c = lli->rk.chans[word * 32 + __ffs(is)];
		if (c)
			rkdma_chan_irq(c);
	}
	return true;
}

/**
 * lli_irq() - the controller's interrupt, which may be shared
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
	/* The register has room for 16 of them. */
	const u32 pchs = BIT(min(lli->nr_pchs, 16U)) - 1;
	unsigned int n, word;
	u32 cfg;
	int ret;

	writel(HIWORD(CMN_CFG_SRST, CMN_CFG_SRST), lli->base + CMN_CFG);
	ret = readl_poll_timeout_atomic(lli->base + CMN_CFG, cfg,
					!(cfg & CMN_CFG_SRST), 1, 1000);
	if (ret) {
		/* Whether the bit clears itself is assumed: help it. */
		writel(HIWORD(CMN_CFG_SRST, 0), lli->base + CMN_CFG);
		if (readl(lli->base + CMN_CFG) & CMN_CFG_SRST)
			return ret;
	}

	for (n = 0; n < lli->rk.nr_chans; n++)
		if (lli->rk.chans[n])
			lli->chans[n].ie = 0;
	writel(CMN_DYNCTL_GATES, lli->base + CMN_DYNCTL);
	writel(HIWORD(pchs, pchs), lli->base + CMN_PCH_EN);
	if (FIELD_GET(CMN_VER_MINOR, lli->version) >= 2)
		for (word = 0; word <= (lli->rk.nr_chans - 1) / 32; word++)
			writel(~0U, lli->base + CMN_IE(word));
	writel(HIWORD(CMN_CFG_EN | CMN_CFG_IE_EN, CMN_CFG_EN | CMN_CFG_IE_EN),
	       lli->base + CMN_CFG);
	WRITE_ONCE(lli->powered, true);
	return 0;
}

/**
 * lli_hw_stop() - let the controller do nothing, not even interrupt
 * @lli: the controller, its clocks on; no channel is running
 *
 * Context: process. An interrupt handler may still be running on another CPU.
 */
void lli_hw_stop(struct lli *lli)
{
	writel(HIWORD(CMN_CFG_EN | CMN_CFG_IE_EN, 0), lli->base + CMN_CFG);
	WRITE_ONCE(lli->powered, false);
}
