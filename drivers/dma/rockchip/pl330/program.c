// SPDX-License-Identifier: GPL-2.0-only
/*
 * How do descriptors become a program that a PL330's thread executes, and what
 * has been moved when it is at a certain place of it?
 *
 * The code of all issued descriptors, as many as there is room for, follows each
 * other in the thread's memory. It is written in pieces, each of which moves
 * bytes of one segment (or of many that are alike), and that are remembered: so
 * the program counter and an address tell how far it is. The only jumps that
 * there are go back at most 255 bytes, at the end of a loop; so what does not
 * fit into the memory is for the next program.
 */
#include <linux/log2.h>
#include <linux/minmax.h>

#include "../compat.h"
#include "../trace.h"
#include "pl330.h"

/* No piece's code is longer, and that of an end: DMASEV, padding, DMAEND. */
#define PIECE_ROOM	224
#define END_ROOM	(8 + PL330_PREFETCH)
/* A transfer that repeats is written for as many rounds as this has room for. */
#define ROUNDS_ROOM	2048
/* Bursts of a piece: two nested loops */
#define PIECE_BURSTS	(LOOP_MAX * LOOP_MAX)
/* Bursts of a segment that is within a loop already: as many as jump back. */
#define INNER_BURSTS	(10 * LOOP_MAX)
/* Code of a segment that is copied for the next ones, at most */
#define SAME_MAX	64

/* The inside of a loop. */
struct body {
	unsigned int len;
	u8 code[16];
};

static __always_inline void emit1(struct pl330_thread *t, u8 op)
{
	t->code[t->len++] = op;
}

static __always_inline void emit2(struct pl330_thread *t, u8 op, u8 arg)
{
	put_unaligned_le16(op | arg << 8, t->code + t->len);
	t->len += 2;
}

/* DMASEV, DMAWFE, DMAFLUSHP, DMAWFP, DMALDP, DMASTP: with a number */
static __always_inline void emit_nr(struct pl330_thread *t, u8 op, unsigned int nr)
{
	emit2(t, op, FIELD_PREP(OPERAND_NR, nr));
}

/* DMAMOV, if the register does not hold that value anyway */
static __always_inline void emit_mov(struct pl330_thread *t, unsigned int reg, u32 val)
{
	if (t->known & BIT(reg) && t->reg[reg] == val)
		return;
	emit2(t, DMAMOV, reg);
	put_unaligned_le32(val, t->code + t->len);
	t->len += 4;
	t->known |= BIT(reg);
	t->reg[reg] = val;
}

static void emit_body(struct pl330_thread *t, const struct body *b)
{
	memcpy(t->code + t->len, b->code, sizeof(b->code));
	t->len += b->len;
}

/* Loops by counter 0 alone, one after the other */
static void emit_inner_loops(struct pl330_thread *t, unsigned int n,
			     const struct body *b)
{
	unsigned int turns;

	for (; n; n -= turns) {
		turns = min(n, LOOP_MAX);
		if (turns > 1)
			emit2(t, DMALP, turns - 1);
		emit_body(t, b);
		if (turns > 1)
			emit2(t, DMALPEND, b->len);
	}
}

/* At most PIECE_BURSTS turns, by both counters */
static void emit_loops(struct pl330_thread *t, unsigned int n,
		       const struct body *b)
{
	unsigned int outer = n / LOOP_MAX;

	if (outer > 1) {
		emit2(t, DMALP | DMALP_LC1, outer - 1);
		emit2(t, DMALP, LOOP_MAX - 1);
		emit_body(t, b);
		emit2(t, DMALPEND, b->len);
		emit2(t, DMALPEND | DMALPEND_LC1, b->len + 4);
		n %= LOOP_MAX;
	}
	emit_inner_loops(t, n, b);
}

/**
 * pl330_ccr() - a value of the channel control register
 * @dir: direction
 * @width: bytes of an access
 * @src_len: accesses of a load
 * @dst_len: accesses of a store
 *
 * Accesses are non-secure even if the thread is not, as all memory is that we are
 * given.
 *
 * Return: the value.
 */
u32 pl330_ccr(enum dma_transfer_direction dir, u32 width, u32 src_len,
	      u32 dst_len)
{
	u32 size = ilog2(width);

	return (dir == DMA_DEV_TO_MEM ? 0 : CCR_SRC_INC) |
	       (dir == DMA_MEM_TO_DEV ? 0 : CCR_DST_INC) |
	       CCR_SRC_NS | CCR_DST_NS |
	       FIELD_PREP(CCR_SRC_SIZE, size) | FIELD_PREP(CCR_DST_SIZE, size) |
	       FIELD_PREP(CCR_SRC_LEN, src_len - 1) |
	       FIELD_PREP(CCR_DST_LEN, dst_len - 1);
}

static void emit_ccr(struct pl330_thread *t, enum dma_transfer_direction dir,
		     u32 width, u32 src_len, u32 dst_len)
{
	emit_mov(t, MOV_CCR, pl330_ccr(dir, width, src_len, dst_len));
}

static const struct body copy_body = { 2, { DMALD, DMAST } };

/* Copy as many bytes by bytes: at any address, but slow. */
static void emit_copy_bytes(struct pl330_thread *t, u32 len)
{
	if (len >= BURST_MAX) {
		emit_ccr(t, DMA_MEM_TO_MEM, 1, BURST_MAX, BURST_MAX);
		emit_loops(t, len / BURST_MAX, &copy_body);
		len %= BURST_MAX;
	}
	if (len) {
		emit_ccr(t, DMA_MEM_TO_MEM, 1, len, len);
		emit_body(t, &copy_body);
	}
}

/*
 * Copy @n bursts to an aligned address from one that is @skew bytes beyond an
 * aligned one. The first load takes so much less and is aligned from then on; it
 * stays ahead of the stores (the buffer holds the rest) until the last of them.
 * Returns the bytes that this moves.
 */
static u32 emit_copy_skewed(struct pl330 *p, struct pl330_thread *t, u32 n,
			    u32 skew)
{
	emit_ccr(t, DMA_MEM_TO_MEM, p->width, p->burst, p->burst);
	emit1(t, DMALD);
	emit_loops(t, n - 1, &copy_body);
	if (p->burst > 1) {
		emit_ccr(t, DMA_MEM_TO_MEM, p->width, p->burst, p->burst - 1);
		emit1(t, DMAST);
	}
	emit_ccr(t, DMA_MEM_TO_MEM, 1, 1, p->width - skew);
	emit1(t, DMAST);
	return n * p->unit - skew;
}

/* Code that copies @len bytes, or the first of them: returns how many. */
static noinline u32 pl330_copy(struct pl330 *p, struct pl330_thread *t, u32 src,
			       u32 dst, u32 len)
{
	const u32 unit = p->unit;
	u32 head = min(-dst & (p->width - 1), len);
	u32 skew = (src + head) & (p->width - 1);
	u32 left = len - head;
	u32 n = min(left / unit, PIECE_BURSTS);

	emit_copy_bytes(t, head);
	if (!skew) {
		if (n) {
			emit_ccr(t, DMA_MEM_TO_MEM, p->width, p->burst, p->burst);
			emit_loops(t, n, &copy_body);
			left -= n * unit;
		}
		if (left < unit && left >= p->width) {
			n = left / p->width;
			emit_ccr(t, DMA_MEM_TO_MEM, p->width, n, n);
			emit_body(t, &copy_body);
			left %= p->width;
		}
	} else if (n > 1) {
		left -= emit_copy_skewed(p, t, n, skew);
	}
	if (left <= 2 * unit) {
		emit_copy_bytes(t, left);
		left = 0;
	}
	/*
	 * A program counter behind this is a promise that the bytes are in
	 * memory; and so is an event.
	 */
	emit1(t, DMAWMB);
	return len - left;
}

/*
 * What moves one burst, or one access, at the peripheral's request: wait for it;
 * pass the gate (see struct pl330_thread) while nothing is under way; load; store;
 * and wait until that is done, for a store to the peripheral may well take back
 * its request.
 */
static void pl330_body(struct pl330_chan *pc, enum dma_transfer_direction dir,
		       bool burst, struct body *b)
{
	u8 gate = FIELD_PREP(OPERAND_NR, pc->thread->gate);
	u8 line = FIELD_PREP(OPERAND_NR, pc->chan.id);
	u8 *at = b->code;

	*at++ = DMAWFP | (burst ? DMAWFP_BURST : 0);
	*at++ = line;
	*at++ = DMASEV;
	*at++ = gate;
	*at++ = DMAWFE;
	*at++ = gate;
	if (dir == DMA_MEM_TO_DEV) {
		*at++ = DMALD;
		*at++ = DMASTP | (burst ? DMAxP_BURST : 0);
		*at++ = line;
	} else {
		*at++ = DMALDP | (burst ? DMAxP_BURST : 0);
		*at++ = line;
		*at++ = DMAST;
	}
	*at++ = DMAWMB;
	b->len = at - b->code;
}

/* What is left of a segment and is no whole burst */
static void pl330_tail(struct pl330_chan *pc, struct rkdma_desc *d, u32 beats)
{
	bool burst = to_pl330(pc->chan.rk)->burst_only;
	struct pl330_thread *t = pc->thread;
	struct body b;

	pl330_body(pc, d->dir, burst, &b);
	emit_ccr(t, d->dir, d->width, burst ? beats : 1, burst ? beats : 1);
	emit_inner_loops(t, burst ? 1 : beats, &b);
}

/* Code that moves @len bytes for a peripheral, or the first: returns how many. */
static noinline u32 pl330_transfer(struct pl330_chan *pc, struct rkdma_desc *d,
				   u32 len, bool inner)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	const u32 unit = d->width * d->burst;
	u32 n = min(len / unit, PIECE_BURSTS);
	struct body b;

	if (n) {
		pl330_body(pc, d->dir, d->burst > 1 || p->burst_only, &b);
		emit_ccr(t, d->dir, d->width, d->burst, d->burst);
		if (inner)
			emit_inner_loops(t, n, &b);
		else
			emit_loops(t, n, &b);
	}
	if (len - n * unit >= unit)
		return n * unit;
	if (len % unit)
		pl330_tail(pc, d, len % unit / d->width);
	return len;
}

/* Periods that a loop can be made of, from this place on: 0 or at least 2 */
static unsigned int pl330_alike(struct pl330_cursor *at)
{
	struct rkdma_desc *d = at->desc;
	unsigned int n;

	if (!d->attr.uniform || at->done || !d->width ||
	    d->segs[0].len / (d->width * d->burst) > INNER_BURSTS)
		return 0;
	n = min(d->nr_segs - at->seg, LOOP_MAX);
	return n > 1 ? n : 0;
}

/* Code for so many periods, each with its interrupt: returns their bytes. */
static noinline u32 pl330_periods(struct pl330_chan *pc, struct rkdma_desc *d,
				  unsigned int n)
{
	struct pl330_thread *t = pc->thread;
	u32 len = d->segs[0].len;
	unsigned int start;

	/* What the loop begins with must be as it is at its end. */
	if (len / (d->width * d->burst))
		emit_ccr(t, d->dir, d->width, d->burst, d->burst);
	emit2(t, DMALP | DMALP_LC1, n - 1);
	start = t->len;
	pl330_transfer(pc, d, len, true);
	if (len / (d->width * d->burst))
		emit_ccr(t, d->dir, d->width, d->burst, d->burst);
	if (d->attr.irq)
		emit_nr(t, DMASEV, t->event);
	emit2(t, DMALPEND | DMALPEND_LC1, t->len - start);
	return n * len;
}

/* The place so many bytes further on; no further than the descriptor's end. */
static void pl330_forward(struct pl330_cursor *at, u32 bytes)
{
	struct rkdma_desc *d = at->desc;
	u32 len = rkdma_seg_len(d, at->seg), segs = 0;

	bytes += at->done;
	if (bytes >= len) {
		segs = bytes / len;
		bytes %= len;
	}
	at->done = bytes;
	at->seg += segs;
	at->count += segs;
	if (at->seg < d->nr_segs)
		return;
	if (d->attr.repeat) {
		at->seg -= d->nr_segs;
	} else {
		at->seg = d->nr_segs - 1;
		at->done = rkdma_seg_len(d, at->seg);
	}
}

/* What comes after the last segment of the descriptor at @at? */
static void pl330_next_desc(struct pl330_chan *pc, struct pl330_cursor *at)
{
	struct rkdma_desc *d = at->desc, *next = list_next_entry(d, vd.node);
	bool any = !list_is_last(&d->vd.node, &pc->chan.running);

	if (d->attr.repeat && !(any && next->attr.load_eot))
		return;
	pc->last = d;
	at->desc = any ? next : NULL;
	at->seg = 0;
	at->done = 0;
	if (!d->attr.repeat)
		at->count = 0;
}

/* Code for a piece of a segment, its addresses set: returns the bytes it moves. */
static u32 pl330_move(struct pl330_chan *pc, struct rkdma_desc *d, u32 src,
		      u32 dst, u32 left)
{
	if (d->dir == DMA_MEM_TO_MEM)
		return pl330_copy(to_pl330(pc->chan.rk), pc->thread, src, dst, left);
	return pl330_transfer(pc, d, left, false);
}

/* The place is at a segment's end: go to the next one, with an interrupt or not. */
static void pl330_end_seg(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_cursor *at = &pc->next;
	struct rkdma_desc *d = at->desc;
	bool last = at->seg == d->nr_segs - 1;

	if (d->attr.irq && (d->attr.repeat ?
			   (at->seg + 1) % d->period_segs == 0 : last)) {
		emit_nr(t, DMASEV, t->event);
		t->asks = true;
	}
	at->done = 0;
	at->count++;
	at->seg = last ? 0 : at->seg + 1;
	if (last)
		pl330_next_desc(pc, at);
}

static bool pl330_has_room(struct pl330_thread *t)
{
	return t->len + PIECE_ROOM + END_ROOM <= PL330_CODE_SIZE &&
	       t->nr_pieces < PL330_MAX_PIECES;
}

/* Whole bursts between aligned addresses, and no more than one loop can do? */
static __always_inline bool pl330_is_plain(struct pl330 *p, struct rkdma_desc *d)
{
	const struct rkdma_seg *s = d->segs;

	return d->dir == DMA_MEM_TO_MEM && d->nr_segs == 1 && !d->attr.repeat &&
	       !((s->src | s->dst) & (p->width - 1) || s->len & (p->unit - 1)) &&
	       s->len <= LOOP_MAX * p->unit;
}

/*
 * Write the code of descriptors that are plain copies, as most are: what
 * pl330_piece() and pl330_copy() would write, but at once.
 */
static __always_inline void pl330_plain_copies(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	struct pl330_piece *piece = t->pieces + t->nr_pieces;
	u8 *code = t->code, *at = code + t->len;
	struct rkdma_desc *d = pc->next.desc, *last;
	u32 len, sev = DMASEV | FIELD_PREP(OPERAND_NR, t->event) << 8;

	if (pc->next.done || !pl330_has_room(t) || !pl330_is_plain(p, d))
		return;
	/* Set once, it stays. */
	if (!(t->known & BIT(MOV_CCR)) || t->reg[MOV_CCR] != p->copy_ccr) {
		put_unaligned_le16(DMAMOV | MOV_CCR << 8, at);
		put_unaligned_le32(p->copy_ccr, at + 2);
		at += 6;
		t->reg[MOV_CCR] = p->copy_ccr;
	}
	t->known = BIT(MOV_CCR);
	do {
		if (piece != t->pieces)
			trace_rkdma_link(&pc->chan, d);
		len = d->segs->len;
		*piece++ = (struct pl330_piece) {
			.from.desc = d, .base = d->segs->dst, .len = len,
			.off = at - code, .set = at - code + 12,
		};
		put_unaligned_le16(DMAMOV | MOV_SAR << 8, at);
		put_unaligned_le32(d->segs->src, at + 2);
		put_unaligned_le16(DMAMOV | MOV_DAR << 8, at + 6);
		put_unaligned_le32(d->segs->dst, at + 8);
		put_unaligned_le64(DMALP | ((len >> p->unit_shift) - 1) << 8 |
				   DMALD << 16 | DMAST << 24 |
				   (u64)(DMALPEND | 2 << 8 | DMAWMB << 16) << 32,
				   at + 12);
		at += 19;
		if (d->attr.irq) {
			put_unaligned_le16(sev, at);
			at += 2;
		}
		last = d;
		d = d->vd.node.next == &pc->chan.running ? NULL :
			list_next_entry(d, vd.node);
	} while (d && at - code + PIECE_ROOM + END_ROOM <= PL330_CODE_SIZE &&
		 piece < t->pieces + PL330_MAX_PIECES && pl330_is_plain(p, d));
	t->asks = last->attr.irq;
	t->len = at - code;
	t->nr_pieces = piece - t->pieces;
	pc->last = last;
	pc->next = (struct pl330_cursor) { .desc = d };
}

/* Write the code of one piece; pc->next moves on. */
static noinline void pl330_piece(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_piece *piece = &t->pieces[t->nr_pieces++];
	struct pl330_cursor *at = &pc->next;
	struct rkdma_desc *d = at->desc;
	const struct rkdma_seg s = rkdma_seg_at(d, at->seg);
	u32 src = s.src + (d->dir == DMA_DEV_TO_MEM ? 0 : at->done);
	u32 dst = s.dst + (d->dir == DMA_MEM_TO_DEV ? 0 : at->done);
	unsigned int alike = pl330_alike(at);
	u32 left = s.len - at->done, moved = 0;

	if (t->nr_pieces > 1 && !at->seg && !at->done)
		trace_rkdma_link(&pc->chan, d);
	piece->from = *at;
	piece->off = t->len;
	piece->stride = 0;
	piece->base = d->dir == DMA_MEM_TO_DEV ? src : dst;
	t->asks = false;
	if (left) {
		emit_mov(t, MOV_SAR, src);
		emit_mov(t, MOV_DAR, dst);
		piece->set = t->len;
		moved = alike ? pl330_periods(pc, d, alike) :
			pl330_move(pc, d, src, dst, left);
		t->reg[MOV_SAR] += d->dir == DMA_DEV_TO_MEM ? 0 : moved;
		t->reg[MOV_DAR] += d->dir == DMA_MEM_TO_DEV ? 0 : moved;
	}
	piece->len = moved;
	if (alike) {
		at->count += alike;
		at->seg += alike;
		if (at->seg == d->nr_segs) {
			at->seg = 0;
			pl330_next_desc(pc, at);
		}
	} else if (moved < left) {
		at->done += moved;
	} else {
		pl330_end_seg(pc);
	}
}

/*
 * Segments that are as long as the one before, which the last piece is: but for an
 * address their code is the same, if that begins with the CCR that it ends with.
 * They are one piece together. The descriptor's last segment is not for here.
 */
static noinline void pl330_copies(struct pl330_chan *pc, u32 ccr)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_piece *piece = &t->pieces[t->nr_pieces - 1];
	struct pl330_cursor *at = &pc->next;
	struct rkdma_desc *d = at->desc;
	const bool to_dev = d->dir == DMA_MEM_TO_DEV;
	const u16 mov = DMAMOV | (to_dev ? MOV_SAR : MOV_DAR) << 8;
	const struct rkdma_seg *seg = &d->segs[at->seg], *s = seg;
	u32 size = t->len - piece->set, len = seg[-1].len, left;
	u8 code[SAME_MAX], *to = t->code + t->len;

	if (size > SAME_MAX || piece->len != len || ccr != t->reg[MOV_CCR])
		return;
	memcpy(code, t->code + piece->set, SAME_MAX);
	left = min(d->nr_segs - 1 - at->seg,
		   (PL330_CODE_SIZE - END_ROOM - SAME_MAX - t->len) / (size + 6));
	for (; left && s->len == len; left--, s++) {
		put_unaligned_le16(mov, to);
		put_unaligned_le32(to_dev ? s->src : s->dst, to + 2);
		memcpy(to + 6, code, SAME_MAX);
		to += 6 + size;
	}
	if (s == seg)
		return;
	piece = &t->pieces[t->nr_pieces++];
	*piece = (struct pl330_piece) {
		.from = *at, .off = t->len, .set = t->len + 6,
		.stride = 6 + size, .len = len,
		.base = to_dev ? seg->src : seg->dst,
	};
	t->len = to - t->code;
	/* Where the last of them has left it */
	t->reg[to_dev ? MOV_SAR : MOV_DAR] = (to_dev ? s[-1].src : s[-1].dst) + len;
	at->seg += s - seg;
	at->count += s - seg;
}

/*
 * Write code for what comes next, and an end. If there is more work than room, or
 * nobody could tell later whether it has ended, that has an interrupt.
 */
static __always_inline void pl330_fill(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	struct pl330_cursor *at = &pc->next;
	unsigned int start = t->len;
	u32 ccr;

	pl330_plain_copies(pc);
	while (at->desc && pl330_has_room(t)) {
		/* Each round is as good as the next: some are enough. */
		if (at->desc->attr.repeat && !at->seg && !at->done &&
		    t->len - start > ROUNDS_ROOM)
			break;
		ccr = t->known & BIT(MOV_CCR) ? t->reg[MOV_CCR] : 0;
		pl330_piece(pc);
		if (at->desc && at->seg && !at->done && at->desc->width &&
		    !at->desc->attr.repeat && pl330_has_room(t))
			pl330_copies(pc, ccr);
	}
	if ((at->desc || p->pc_end < 0) && !t->asks) {
		emit_nr(t, DMASEV, t->event);
		t->asks = true;
	}
	/* So that it is not in the cache long before it is executed. */
	__builtin_memset(t->code + t->len, DMANOP, PL330_PREFETCH);
	t->len += PL330_PREFETCH;
	/* The program counter must not have been here before: see pl330_take_stop(). */
	if (t->len == t->end)
		emit1(t, DMANOP);
	t->end = t->len;
	emit1(t, DMAEND);
}

/**
 * pl330_begin() - write a program from where the channel is
 * @pc: the channel, which has a thread
 *
 * Context: vc.lock held.
 */
void pl330_begin(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	pl330_be_somewhere(pc);
	pc->next = pc->now;
	pc->last = NULL;
	t->len = 0;
	t->known = 0;
	t->nr_pieces = 0;
	t->joint = PL330_CODE_SIZE;
	t->asks = false;
	/* What the line was used for before may have left a request behind. */
	if (pc->chan.id < pc->chan.rk->nr_lines && !p->no_flushp)
		emit_nr(t, DMAFLUSHP, pc->chan.id);
	trace_rkdma_start(&pc->chan, pc->now.desc);
	pl330_fill(pc);
}

/**
 * pl330_append() - let a program go on to descriptors that came later
 * @pc: the channel, whose thread may be executing the program
 *
 * One byte decides whether the program ends here or goes on.
 *
 * Context: vc.lock held.
 * Return: whether it goes on; if not, it interrupts at its end.
 */
bool pl330_append(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	unsigned int nr = t->nr_pieces;

	if (to_pl330(pc->chan.rk)->pc_end < 0 ||
	    (!pl330_has_room(t) &&
	     (t->asks || t->len + END_ROOM > PL330_CODE_SIZE)))
		return false;
	t->joint = t->end;
	/* If it stops there it is started again, which may clear registers. */
	t->known = 0;
	t->asks = false;
	pl330_fill(pc);
	/* Who is in the padding has done what was before it. */
	if (t->nr_pieces > nr)
		t->pieces[nr].off = t->joint - PL330_PREFETCH;
	/* The code is complete before it can be reached. */
	dma_wmb();
	WRITE_ONCE(t->code[t->joint], DMANOP);
	/* And it can be by whoever is found before it from now on. */
	mb();
	return true;
}

/**
 * pl330_find() - which piece is at this offset?
 * @t: the thread
 * @off: offset in its program
 * @found: receives the last piece that begins no later, of segments that are
 *	alike the one it is about
 *
 * Return: whether there is one.
 */
bool pl330_find(struct pl330_thread *t, u32 off, struct pl330_piece *found)
{
	unsigned int low = 0, high = t->nr_pieces, mid, nr;
	const struct rkdma_seg *s;

	while (low < high) {
		mid = (low + high) / 2;
		if (t->pieces[mid].off <= off)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	*found = t->pieces[low - 1];
	if (!found->stride)
		return true;

	nr = (off - found->off) / found->stride;
	found->from.seg += nr;
	found->from.count += nr;
	found->off += nr * found->stride;
	found->set += nr * found->stride;
	s = &found->from.desc->segs[found->from.seg];
	found->base = found->from.desc->dir == DMA_MEM_TO_DEV ? s->src : s->dst;
	return true;
}

/**
 * pl330_place() - where in the channel's work is a thread?
 * @piece: the piece it is in, of pl330_find()
 * @off: its offset in the program
 * @addr: the moving address
 * @at: receives the place
 */
void pl330_place(const struct pl330_piece *piece, u32 off, u32 addr,
		 struct pl330_cursor *at)
{
	*at = piece->from;
	if (piece->len && off >= piece->set)
		pl330_forward(at, min(addr - piece->base, piece->len));
}
