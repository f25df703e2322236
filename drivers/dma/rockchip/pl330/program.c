// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the programs that channel threads execute, and converts a thread's program
 * counter and address into a position in the channel's work.
 *
 * A program has the code of the issued descriptors, as many as fit, one behind the other.
 * It consists of pieces. Each piece moves bytes of one segment, or of several segments of
 * the same length, and is recorded in a struct pl330_piece. The program counter gives the
 * piece, and the address gives the position in it.
 *
 * The PL330's only jump is DMALPEND, at most 255 bytes back, and its two loop counters
 * have 8 bits. So only a transfer that repeats, and whose code for a round is that short,
 * is a loop without end. Otherwise work that does not fit is left for the next program.
 */
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/sizes.h>

#include "../compat.h"
#include "../trace.h"
#include "pl330.h"

/* Upper bounds of the code of a piece, and of an end with an interrupt */
#define PL330_PIECE_ROOM	224
#define PL330_END_ROOM		8
/*
 * Bytes of code after which a repeating transfer that is no loop without end gets no
 * further round. Its program then ends with an interrupt, and the next one is written and
 * started. The peripheral's FIFO has to cover this gap, see docs/hardware.md.
 */
#define PL330_ROUNDS_ROOM	2048
/* Bursts of a piece: what two nested loops can do */
#define PL330_PIECE_BURSTS	(PL330_LOOP_MAX * PL330_LOOP_MAX)
/* Longest period of a loop of periods, in bursts: DMALPEND has to jump back over its code */
#define PL330_PERIOD_BURSTS	(10 * PL330_LOOP_MAX)
/*
 * Least bytes of a round of a loop without end: a CPU that is late must not miss so many
 * rounds that their number is ambiguous, which is PL330_LOOP_MAX or, if hardware does not
 * count them, one.
 */
#define PL330_COUNTED_ROUND	SZ_64K
#define PL330_UNCOUNTED_ROUND	SZ_256K
/* Bytes of DMAMOV */
#define PL330_MOV_LEN		6

/**
 * struct body - the body of a loop
 * @len: bytes in use
 * @code: instructions
 */
struct body {
	unsigned int len;
	u8 code[16];
};

/*
 * Encoders, by which all code is written. Each writes one instruction at @to and returns
 * the address behind it.
 */
static inline u8 *encode1(u8 *to, u8 op)
{
	*to = op;
	return to + 1;
}

static inline u8 *encode2(u8 *to, u8 op, u8 arg)
{
	put_unaligned_le16(op | arg << 8, to);
	return to + 2;
}

/* An instruction with the number of an event or of a request line */
static inline u8 *encode_nr(u8 *to, u8 op, unsigned int nr)
{
	return encode2(to, op, FIELD_PREP(PL330_OPERAND_NR, nr));
}

static inline u8 *encode_mov(u8 *to, unsigned int reg, u32 val)
{
	to = encode2(to, PL330_OP_DMAMOV, reg);
	put_unaligned_le32(val, to);
	return to + 4;
}

/*
 * DMASEV and DMAWFE of the gate's event, with "invalid": what follows is fetched from memory
 * (P4). PL330_SPLICE_LEN bytes
 */
static inline u8 *encode_refetch(u8 *to, unsigned int gate)
{
	const unsigned int arg = FIELD_PREP(PL330_OPERAND_NR, gate);

	to = encode2(to, PL330_OP_DMASEV, arg);
	return encode2(to, PL330_OP_DMAWFE, arg | PL330_DMAWFE_INVALID);
}

/* The same at the end of a thread's program */
static void emit1(struct pl330_thread *t, u8 op)
{
	t->len = encode1(t->code + t->len, op) - t->code;
}

static void emit2(struct pl330_thread *t, u8 op, u8 arg)
{
	t->len = encode2(t->code + t->len, op, arg) - t->code;
}

static void emit_nr(struct pl330_thread *t, u8 op, unsigned int nr)
{
	t->len = encode_nr(t->code + t->len, op, nr) - t->code;
}

/* DMAMOV, unless the register has the value already */
static void emit_mov(struct pl330_thread *t, unsigned int reg, u32 val)
{
	if (t->reg_known & BIT(reg) && t->reg[reg] == val)
		return;
	t->len = encode_mov(t->code + t->len, reg, val) - t->code;
	t->reg_known |= BIT(reg);
	t->reg[reg] = val;
}

static void emit_body(struct pl330_thread *t, const struct body *b)
{
	/* A fixed length is faster; the next code overwrites the excess. */
	memcpy(t->code + t->len, b->code, sizeof(b->code));
	t->len += b->len;
}

/* @n rounds in loops of counter 0, one behind the other */
static void emit_inner_loops(struct pl330_thread *t, unsigned int n,
			     const struct body *b)
{
	unsigned int rounds;

	for (; n; n -= rounds) {
		rounds = min(n, PL330_LOOP_MAX);
		if (rounds > 1)
			emit2(t, PL330_OP_DMALP, rounds - 1);
		emit_body(t, b);
		if (rounds > 1)
			emit2(t, PL330_OP_DMALPEND, b->len);
	}
}

/* @n rounds, at most PL330_PIECE_BURSTS, in loops of both counters */
static void emit_loops(struct pl330_thread *t, unsigned int n,
		       const struct body *b)
{
	unsigned int outer = n / PL330_LOOP_MAX;

	if (outer > 1) {
		emit2(t, PL330_OP_DMALP | PL330_OP_DMALP_LC1, outer - 1);
		emit2(t, PL330_OP_DMALP, PL330_LOOP_MAX - 1);
		emit_body(t, b);
		emit2(t, PL330_OP_DMALPEND, b->len);
		emit2(t, PL330_OP_DMALPEND | PL330_OP_DMALPEND_LC1, b->len + 4);
		n %= PL330_LOOP_MAX;
	}
	emit_inner_loops(t, n, b);
}

/**
 * pl330_ccr() - make a value of the channel control register
 * @dir: direction
 * @width: bytes of a beat
 * @src_len: beats of a load
 * @dst_len: beats of a store
 *
 * Accesses are non-secure even if the thread is secure, since the kernel's memory is.
 *
 * Return: the value.
 */
u32 pl330_ccr(enum dma_transfer_direction dir, u32 width, u32 src_len,
	      u32 dst_len)
{
	u32 size = ilog2(width);

	return (dir == DMA_DEV_TO_MEM ? 0 : PL330_CCR_SRC_INC) |
	       (dir == DMA_MEM_TO_DEV ? 0 : PL330_CCR_DST_INC) |
	       PL330_CCR_SRC_NS | PL330_CCR_DST_NS |
	       FIELD_PREP(PL330_CCR_SRC_SIZE, size) | FIELD_PREP(PL330_CCR_DST_SIZE, size) |
	       FIELD_PREP(PL330_CCR_SRC_LEN, src_len - 1) |
	       FIELD_PREP(PL330_CCR_DST_LEN, dst_len - 1);
}

static void emit_ccr(struct pl330_thread *t, enum dma_transfer_direction dir,
		     u32 width, u32 src_len, u32 dst_len)
{
	emit_mov(t, PL330_MOV_CCR, pl330_ccr(dir, width, src_len, dst_len));
}

static const struct body copy_body = { 2, { PL330_OP_DMALD, PL330_OP_DMAST } };

/* Copy @len bytes by accesses of one byte, between any addresses. */
static void emit_copy_bytes(struct pl330_thread *t, u32 len)
{
	if (len >= PL330_BURST_MAX) {
		emit_ccr(t, DMA_MEM_TO_MEM, 1, PL330_BURST_MAX, PL330_BURST_MAX);
		emit_loops(t, len / PL330_BURST_MAX, &copy_body);
		len %= PL330_BURST_MAX;
	}
	if (len) {
		emit_ccr(t, DMA_MEM_TO_MEM, 1, len, len);
		emit_body(t, &copy_body);
	}
}

/*
 * Copy @n bursts to an aligned address from one that is @skew bytes behind an aligned
 * one. The first load is @skew bytes shorter than a burst, and the following loads are
 * aligned. So each store needs bytes of two loads: there is one load ahead of the
 * loop, and the MFIFO holds the rest of a burst. Returns the bytes that are moved.
 */
static u32 emit_copy_skewed(struct pl330 *p, struct pl330_thread *t, u32 n,
			    u32 skew)
{
	emit_ccr(t, DMA_MEM_TO_MEM, p->width, p->burst, p->burst);
	emit1(t, PL330_OP_DMALD);
	emit_loops(t, n - 1, &copy_body);
	if (p->burst > 1) {
		emit_ccr(t, DMA_MEM_TO_MEM, p->width, p->burst, p->burst - 1);
		emit1(t, PL330_OP_DMAST);
	}
	emit_ccr(t, DMA_MEM_TO_MEM, 1, 1, p->width - skew);
	emit1(t, PL330_OP_DMAST);
	return n * p->burst_len - skew;
}

/* Write code that copies @len bytes, or the first of them. Returns how many it copies. */
static u32 emit_copy(struct pl330 *p, struct pl330_thread *t, u32 src, u32 dst,
		     u32 len)
{
	const u32 unit = p->burst_len;
	u32 head = min(-dst & (p->width - 1), len);
	u32 skew = (src + head) & (p->width - 1);
	u32 left = len - head;
	u32 n = min(left / unit, PL330_PIECE_BURSTS);

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
	 * When the program counter is behind DMAWMB, or a later event is signalled, the
	 * bytes are in memory.
	 */
	emit1(t, PL330_OP_DMAWMB);
	return len - left;
}

/*
 * The loop body for one burst, or one access, of a peripheral: wait for its request;
 * pass the gate (see struct pl330_thread) while nothing is loaded; load; store; wait for
 * the store. After DMAWMB the peripheral has the data and has withdrawn its request, so
 * the next DMAWFP does not take the old one (P11).
 *
 * If pl330_overlaps(), the wait is for the store of the burst before, while the load is
 * under way. DMARMB takes DMAWMB's part for the request.
 */
static void pl330_body(struct pl330_chan *pc, struct rkdma_desc *d, bool burst,
		       struct body *b)
{
	unsigned int line = pc->chan.id, gate = pc->thread->gate;
	u8 *to = b->code;

	to = encode_nr(to, PL330_OP_DMAWFP | (burst ? PL330_OP_DMAWFP_BURST : 0), line);
	to = encode_nr(to, PL330_OP_DMASEV, gate);
	to = encode_nr(to, PL330_OP_DMAWFE, gate);
	if (d->dir == DMA_MEM_TO_DEV) {
		to = encode1(to, PL330_OP_DMALD);
		to = encode_nr(to, PL330_OP_DMASTP |
			       (burst ? PL330_OP_PERIPH_BURST : 0), line);
		to = encode1(to, PL330_OP_DMAWMB);
	} else {
		to = encode_nr(to, PL330_OP_DMALDP |
			       (burst ? PL330_OP_PERIPH_BURST : 0), line);
		if (pl330_overlaps(d)) {
			to = encode1(to, PL330_OP_DMARMB);
			to = encode1(to, PL330_OP_DMAWMB);
			to = encode1(to, PL330_OP_DMAST);
		} else {
			to = encode1(to, PL330_OP_DMAST);
			to = encode1(to, PL330_OP_DMAWMB);
		}
	}
	b->len = to - b->code;
}

/*
 * Write code for the rest of a segment that is shorter than a burst: one short burst if
 * the peripheral requests bursts only (P13), else single accesses.
 */
static void emit_tail(struct pl330_chan *pc, struct rkdma_desc *d, u32 beats)
{
	bool burst = to_pl330(pc->chan.rk)->burst_only;
	struct pl330_thread *t = pc->thread;
	struct body b;

	pl330_body(pc, d, burst, &b);
	emit_ccr(t, d->dir, d->width, burst ? beats : 1, burst ? beats : 1);
	emit_inner_loops(t, burst ? 1 : beats, &b);
}

/*
 * Write code that moves @len bytes for a peripheral, or the first of them. Returns how
 * many it moves. @inner: it is in a loop of counter 1.
 */
static u32 emit_transfer(struct pl330_chan *pc, struct rkdma_desc *d, u32 len,
			 bool inner)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	const u32 unit = d->width * d->burst;
	u32 n = min(len / unit, inner ? PL330_PERIOD_BURSTS : PL330_PIECE_BURSTS);
	struct body b;

	if (n) {
		pl330_body(pc, d, d->burst > 1 || p->burst_only, &b);
		emit_ccr(t, d->dir, d->width, d->burst, d->burst);
		if (inner)
			emit_inner_loops(t, n, &b);
		else
			emit_loops(t, n, &b);
	}
	if (len - n * unit >= unit)
		len = n * unit;
	else if (len % unit)
		emit_tail(pc, d, len % unit / d->width);
	/* A piece ends when its bytes are in memory. */
	if (pl330_overlaps(d))
		emit1(t, PL330_OP_DMAWMB);
	return len;
}

/*
 * Number of uniform periods from @pos on that can be written as a loop, or 0. A loop has
 * at least 2.
 */
static unsigned int pl330_loop_periods(struct pl330_cursor *pos)
{
	struct rkdma_desc *d = pos->desc;
	unsigned int n;

	if (!d->attr.uniform || pos->done || !d->width ||
	    d->segs[0].len / (d->width * d->burst) > PL330_PERIOD_BURSTS)
		return 0;
	n = min(d->nr_segs - pos->seg, PL330_LOOP_MAX);
	return n > 1 ? n : 0;
}

/* Write a loop of @n periods, each with its interrupt. Returns their bytes. */
static u32 emit_periods(struct pl330_chan *pc, struct rkdma_desc *d,
			unsigned int n)
{
	struct pl330_thread *t = pc->thread;
	u32 len = d->segs[0].len;
	unsigned int start;

	/* CCR has to be the same at the start of each round. */
	if (len / (d->width * d->burst))
		emit_ccr(t, d->dir, d->width, d->burst, d->burst);
	emit2(t, PL330_OP_DMALP | PL330_OP_DMALP_LC1, n - 1);
	start = t->len;
	emit_transfer(pc, d, len, true);
	if (len / (d->width * d->burst))
		emit_ccr(t, d->dir, d->width, d->burst, d->burst);
	if (d->attr.irq)
		emit_nr(t, PL330_OP_DMASEV, t->event);
	emit2(t, PL330_OP_DMALPEND | PL330_OP_DMALPEND_LC1, t->len - start);
	return n * len;
}

/* Advance @pos by @bytes, but not beyond the end of its descriptor. */
static void pl330_forward(struct pl330_cursor *pos, u32 bytes)
{
	struct rkdma_desc *d = pos->desc;
	u32 len = rkdma_seg_len(d, pos->seg), segs = 0;

	bytes += pos->done;
	if (bytes >= len) {
		segs = bytes / len;
		bytes %= len;
	}
	pos->done = bytes;
	pos->seg += segs;
	pos->segs_done += segs;
	if (pos->seg < d->nr_segs)
		return;
	if (d->attr.repeat) {
		pos->seg -= d->nr_segs;
	} else {
		pos->seg = d->nr_segs - 1;
		pos->done = rkdma_seg_len(d, pos->seg);
	}
}

/*
 * @pos is behind the last segment of its descriptor: go to the next descriptor, unless
 * this one repeats and is not replaced.
 */
static void pl330_next_desc(struct pl330_chan *pc, struct pl330_cursor *pos)
{
	struct rkdma_desc *d = pos->desc, *next = list_next_entry(d, vd.node);
	bool any = !list_is_last(&d->vd.node, &pc->chan.running);

	if (d->attr.repeat && !(any && next->attr.load_eot))
		return;
	pc->last = d;
	pos->desc = any ? next : NULL;
	pos->seg = 0;
	pos->done = 0;
	if (!d->attr.repeat)
		pos->segs_done = 0;
}

/*
 * Write code that moves @left bytes of a segment, or the first of them; SAR and DAR are
 * set. Returns how many it moves. @inner: it is in a loop of counter 1.
 */
static u32 emit_move(struct pl330_chan *pc, struct rkdma_desc *d, u32 src,
		     u32 dst, u32 left, bool inner)
{
	if (d->dir == DMA_MEM_TO_MEM)
		return emit_copy(to_pl330(pc->chan.rk), pc->thread, src, dst, left);
	return emit_transfer(pc, d, left, inner);
}

/* pc->next is at a segment's end: write its interrupt, go to the next segment. */
static void pl330_end_seg(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_cursor *pos = &pc->next;
	struct rkdma_desc *d = pos->desc;
	bool last = pos->seg == d->nr_segs - 1;

	if (d->attr.irq && (d->attr.repeat ?
			   (pos->seg + 1) % d->period_segs == 0 : last)) {
		emit_nr(t, PL330_OP_DMASEV, t->event);
		t->end_irq = true;
	}
	pos->done = 0;
	pos->segs_done++;
	pos->seg = last ? 0 : pos->seg + 1;
	if (last)
		pl330_next_desc(pc, pos);
}

static bool pl330_has_room(struct pl330_thread *t)
{
	return t->len + PL330_PIECE_ROOM + PL330_END_ROOM <= PL330_CODE_SIZE &&
	       t->nr_pieces < PL330_MAX_PIECES;
}

/* A copy of whole bursts between aligned addresses, by one loop */
static bool pl330_is_plain(struct pl330 *p, struct rkdma_desc *d)
{
	const struct rkdma_seg *s = d->segs;

	return d->dir == DMA_MEM_TO_MEM && d->nr_segs == 1 && !d->attr.repeat &&
	       !((s->src | s->dst) & (p->width - 1) ||
		 s->len & (p->burst_len - 1)) &&
	       s->len <= PL330_LOOP_MAX * p->burst_len;
}

/*
 * Write the code of plain copies at pc->next. emit_piece() would write the same, with the
 * differences that encode-test.c lists, but needs 43 % longer for each of 200 queued copies
 * of 4 KiB, and 11 % for a single one (lab/peers).
 */
static void emit_plain_copies(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	struct pl330_piece *piece = t->pieces + t->nr_pieces;
	u8 *const code = t->code, *to = code + t->len;
	struct rkdma_desc *d = pc->next.desc, *last = NULL;
	const unsigned int event = t->event;
	u32 src, dst, len;

	if (pc->next.done)
		return;
	while (d && to - code + PL330_PIECE_ROOM + PL330_END_ROOM <= PL330_CODE_SIZE &&
	       piece < t->pieces + PL330_MAX_PIECES && pl330_is_plain(p, d)) {
		/* Plain copies have the same CCR, so the first one alone sets it. */
		if (!last && (!(t->reg_known & BIT(PL330_MOV_CCR)) ||
			      t->reg[PL330_MOV_CCR] != p->copy_ccr))
			to = encode_mov(to, PL330_MOV_CCR, p->copy_ccr);
		if (piece != t->pieces)
			trace_rkdma_link(&pc->chan, d);
		src = d->segs->src;
		dst = d->segs->dst;
		len = d->segs->len;
		*piece++ = (struct pl330_piece) {
			.start.desc = d, .addr = dst, .len = len,
			.off = to - code, .addr_off = to - code + 2 * PL330_MOV_LEN,
		};
		to = encode_mov(to, PL330_MOV_SAR, src);
		to = encode_mov(to, PL330_MOV_DAR, dst);
		to = encode2(to, PL330_OP_DMALP, (len >> p->burst_shift) - 1);
		to = encode1(to, PL330_OP_DMALD);
		to = encode1(to, PL330_OP_DMAST);
		to = encode2(to, PL330_OP_DMALPEND, 2);
		to = encode1(to, PL330_OP_DMAWMB);
		if (d->attr.irq)
			to = encode_nr(to, PL330_OP_DMASEV, event);
		last = d;
		d = list_is_last(&d->vd.node, &pc->chan.running) ? NULL :
			list_next_entry(d, vd.node);
	}
	if (!last)
		return;
	t->end_irq = last->attr.irq;
	t->len = to - code;
	t->nr_pieces = piece - t->pieces;
	t->reg_known = BIT(PL330_MOV_CCR);
	t->reg[PL330_MOV_CCR] = p->copy_ccr;
	pc->last = last;
	pc->next = (struct pl330_cursor) { .desc = d };
}

/*
 * Write the code of one piece at pc->next, and move pc->next on. @inner: it is in a loop of
 * counter 1.
 */
static void emit_piece(struct pl330_chan *pc, bool inner)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_piece *piece = &t->pieces[t->nr_pieces++];
	struct pl330_cursor *pos = &pc->next;
	struct rkdma_desc *d = pos->desc;
	const struct rkdma_seg s = rkdma_seg_at(d, pos->seg);
	u32 src = s.src + (d->dir == DMA_DEV_TO_MEM ? 0 : pos->done);
	u32 dst = s.dst + (d->dir == DMA_MEM_TO_DEV ? 0 : pos->done);
	unsigned int periods = inner ? 0 : pl330_loop_periods(pos);
	u32 left = s.len - pos->done, moved = 0;

	piece->start = *pos;
	piece->off = t->len;
	piece->stride = 0;
	piece->addr = d->dir == DMA_MEM_TO_DEV ? src : dst;
	t->end_irq = false;
	/* A transfer that was stopped behind its last byte needs only its interrupt. */
	if (left) {
		emit_mov(t, PL330_MOV_SAR, src);
		emit_mov(t, PL330_MOV_DAR, dst);
		piece->addr_off = t->len;
		moved = periods ? emit_periods(pc, d, periods) :
			emit_move(pc, d, src, dst, left, inner);
		t->reg[PL330_MOV_SAR] += d->dir == DMA_DEV_TO_MEM ? 0 : moved;
		t->reg[PL330_MOV_DAR] += d->dir == DMA_MEM_TO_DEV ? 0 : moved;
	}
	piece->len = moved;
	if (periods) {
		pos->segs_done += periods;
		pos->seg += periods;
		if (pos->seg == d->nr_segs) {
			pos->seg = 0;
			pl330_next_desc(pc, pos);
		}
	} else if (moved < left) {
		pos->done += moved;
	} else {
		pl330_end_seg(pc);
	}
}

/*
 * Write the code of segments at pc->next that have the same length as the segment of the
 * last piece. @ccr is the value of CCR before that piece. If the piece left CCR
 * unchanged, the code of these segments differs from it in an address alone and is
 * copied. Together they are one piece. The descriptor's last segment is left to
 * emit_piece(), since it can have an interrupt. With emit_piece() alone, a list of 128
 * segments takes five times as long from prep to callback (lab/peers).
 */
static void pl330_clone_segs(struct pl330_chan *pc, u32 ccr)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_piece *piece = &t->pieces[t->nr_pieces - 1];
	struct pl330_cursor *pos = &pc->next;
	struct rkdma_desc *d = pos->desc;
	const bool to_dev = d->dir == DMA_MEM_TO_DEV;
	const unsigned int reg = to_dev ? PL330_MOV_SAR : PL330_MOV_DAR;
	const struct rkdma_seg *seg = &d->segs[pos->seg], *s = seg;
	u32 size = PL330_MOV_LEN + t->len - piece->addr_off;
	u8 *code = t->clone, *to = t->code + t->len;
	u32 len = seg[-1].len, left;

	if (size > PL330_CLONE_ROOM || piece->len != len ||
	    ccr != t->reg[PL330_MOV_CCR])
		return;
	memcpy(encode_mov(code, reg, 0), t->code + piece->addr_off,
	       PL330_CLONE_ROOM - PL330_MOV_LEN);
	left = min(d->nr_segs - 1 - pos->seg,
		   (PL330_CODE_SIZE - PL330_END_ROOM - PL330_CLONE_ROOM - t->len) /
		   size);
	for (; left && s->len == len; left--, s++) {
		/* A fixed length is faster; the next code overwrites the excess. */
		memcpy(to, code, PL330_CLONE_ROOM);
		put_unaligned_le32(to_dev ? s->src : s->dst, to + 2);
		to += size;
	}
	if (s == seg)
		return;
	piece = &t->pieces[t->nr_pieces++];
	*piece = (struct pl330_piece) {
		.start = *pos, .off = t->len, .addr_off = t->len + PL330_MOV_LEN,
		.stride = size, .len = len,
		.addr = to_dev ? seg->src : seg->dst,
	};
	t->len = to - t->code;
	t->reg[reg] = (to_dev ? s[-1].src : s[-1].dst) + len;
	pos->seg += s - seg;
	pos->segs_done += s - seg;
}

/*
 * Write the rounds of a transfer that repeats, which pc->next is at the start of, as a loop,
 * with @endless one without end, otherwise one of PL330_LOOP_MAX rounds. @counted: counter 1
 * counts the rounds, and is not used for anything else. Returns false, with nothing written,
 * if a round is too long.
 *
 * Each round begins with the address that increments. CCR and the other address have the
 * same values at the start of each.
 */
static bool emit_rounds(struct pl330_chan *pc, bool counted, bool endless)
{
	struct pl330_thread *t = pc->thread;
	const struct {
		unsigned int len;
		unsigned int reg_known;
		u32 reg[3];
		unsigned int nr_pieces;
		bool end_irq;
	} before = {
		t->len, t->reg_known, { t->reg[0], t->reg[1], t->reg[2] }, t->nr_pieces,
		t->end_irq
	};
	const struct pl330_cursor first = pc->next;
	struct rkdma_desc *d = first.desc;
	const struct rkdma_seg s = rkdma_seg_at(d, 0);
	const bool to_dev = d->dir == DMA_MEM_TO_DEV;

	emit_ccr(t, d->dir, d->width, d->burst, d->burst);
	emit_mov(t, to_dev ? PL330_MOV_DAR : PL330_MOV_SAR, to_dev ? s.dst : s.src);
	t->ring = (struct pl330_ring) {
		.off = t->len, .counted = counted, .segs_done = first.segs_done
	};
	if (counted)
		emit2(t, PL330_OP_DMALP | PL330_OP_DMALP_LC1, PL330_LOOP_MAX - 1);
	t->ring.start = t->len;
	t->reg_known &= ~BIT(to_dev ? PL330_MOV_SAR : PL330_MOV_DAR);
	do {
		if (t->len - t->ring.off > PL330_JUMP_MAX || !pl330_has_room(t))
			goto undo;
		emit_piece(pc, counted);
	} while (pc->next.seg || pc->next.done);
	emit_ccr(t, d->dir, d->width, d->burst, d->burst);
	if (counted)
		emit2(t, PL330_OP_DMALPEND | PL330_OP_DMALPEND_LC1, t->len - t->ring.start);
	if (t->len - t->ring.off > PL330_JUMP_MAX)
		goto undo;
	if (endless)
		emit2(t, PL330_OP_DMALPFE, t->len - t->ring.off);
	else
		pc->next.segs_done = first.segs_done + PL330_LOOP_MAX * d->nr_segs;
	/* The interrupt of the last period comes before the end of the loop. */
	t->end_irq = false;
	t->pieces[before.nr_pieces].off = t->ring.off;
	return true;
undo:
	t->len = before.len;
	t->reg_known = before.reg_known;
	memcpy(t->reg, before.reg, sizeof(t->reg));
	t->nr_pieces = before.nr_pieces;
	t->end_irq = before.end_irq;
	t->ring.off = PL330_CODE_SIZE;
	pc->next = first;
	return false;
}

/*
 * Write a transfer that repeats, which pc->next is at the start of, as a loop, unless a
 * successor replaces it. Returns whether it did. Without interrupts nobody counts rounds, so
 * these can be of any length.
 */
static bool emit_ring(struct pl330_chan *pc)
{
	struct rkdma_desc *d = pc->next.desc;

	if (!to_pl330(pc->chan.rk)->can_ring || !d->width ||
	    (!list_is_last(&d->vd.node, &pc->chan.running) &&
	     list_next_entry(d, vd.node)->attr.load_eot))
		return false;
	return emit_rounds(pc, true, d->len >= PL330_COUNTED_ROUND || !d->attr.irq) ||
	       ((d->len >= PL330_UNCOUNTED_ROUND || !d->attr.irq) &&
		emit_rounds(pc, false, true));
}

/*
 * Write code for as much of the work at pc->next as fits, behind @start, where this fill
 * began. @one: no more than what is left of one descriptor.
 */
static noinline void emit_work(struct pl330_chan *pc, unsigned int start, bool one)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_cursor *pos = &pc->next;
	struct rkdma_desc *first = pos->desc;
	u32 ccr;

	while (pos->desc && pl330_has_room(t) && !(one && pos->desc != first)) {
		if (t->nr_pieces && !pos->seg && !pos->done)
			trace_rkdma_link(&pc->chan, pos->desc);
		/* It is a loop, or has enough rounds. */
		if (pos->desc->attr.repeat && !pos->seg && !pos->done &&
		    (emit_ring(pc) || t->len - start > PL330_ROUNDS_ROOM))
			break;
		ccr = t->reg_known & BIT(PL330_MOV_CCR) ? t->reg[PL330_MOV_CCR] : 0;
		emit_piece(pc, false);
		if (pos->desc && pos->seg && !pos->done && pos->desc->width &&
		    !pos->desc->attr.repeat && pl330_has_room(t))
			pl330_clone_segs(pc, ccr);
	}
}

/*
 * Write the end of a program. A thread that gets there fetches DMAEND, or what has replaced
 * it, from memory: DMAWFE drops its cached code (P4). The event is signalled, unless the
 * gate is closed.
 *
 * Two successive programs never end at the same offset. Otherwise pl330_take_stop() could
 * not distinguish a thread at the end of this program from one that was not started.
 */
static void emit_end(struct pl330_thread *t)
{
	u8 *const code = t->code, *to = code + t->len;

	t->splice_code = t->len;
	to = encode_refetch(to, t->gate);
	if (to - code == t->end)
		to = encode1(to, PL330_OP_DMANOP);
	t->end = to - code;
	t->len = encode1(to, PL330_OP_DMAEND) - code;
}

/*
 * Write code for as much of the work at pc->next as fits, and an end. The end has an
 * interrupt if work is left for the next program, or if nothing can be appended to this
 * one.
 */
static void pl330_fill(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	unsigned int start = t->len;
	/* Peripherals' transfers stop at the gate, where the position is known. */
	bool one = p->one_copy && pl330_is_copy(pc);

	if (!one)
		emit_plain_copies(pc);
	if (pc->next.desc)
		emit_work(pc, start, one);
	if (!t->end_irq && (pc->next.desc || p->no_append)) {
		emit_nr(t, PL330_OP_DMASEV, t->event);
		t->end_irq = true;
	}
	emit_end(t);
}

/* Write what precedes all work. */
static noinline void emit_start(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	/* Code from here on is read from memory. These four bytes are always the same. */
	if (p->invalidate)
		t->len = encode_refetch(t->code + t->len, t->gate) - t->code;
	/*
	 * DMAFLUSHP drops a request that is left from an earlier transfer, and makes the
	 * peripheral repeat one that was not served (P12).
	 */
	if (!pl330_is_copy(pc) && !p->no_flushp)
		emit_nr(t, PL330_OP_DMAFLUSHP, pc->chan.id);
}

/**
 * pl330_begin() - write a program for the work from the channel's position on
 * @pc: the channel, which has a thread
 *
 * Context: vc.lock held.
 */
void pl330_begin(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	pl330_init_position(pc);
	pc->next = pc->now;
	pc->last = NULL;
	t->len = 0;
	t->reg_known = 0;
	t->nr_pieces = 0;
	t->ring.off = PL330_CODE_SIZE;
	t->splice = PL330_CODE_SIZE;
	t->end_irq = false;
	if (!pl330_is_copy(pc) || unlikely(p->invalidate))
		emit_start(pc);
	trace_rkdma_start(&pc->chan, pc->now.desc);
	pl330_fill(pc);
}

/**
 * pl330_append() - append new descriptors to a program
 * @pc: the channel, whose thread may be executing the program
 *
 * The code is written behind the program's DMAEND. Then that byte becomes DMANOP.
 *
 * Context: vc.lock held.
 * Return: whether they were appended; if not, the program interrupts at its end.
 */
bool pl330_append(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	unsigned int nr = t->nr_pieces, done = t->splice_code;

	if (to_pl330(pc->chan.rk)->no_append ||
	    (!pl330_has_room(t) &&
	     (t->end_irq || t->len + PL330_END_ROOM > PL330_CODE_SIZE)))
		return false;
	t->splice = t->end;
	/* A start at the splice point may clear registers. */
	t->reg_known = 0;
	t->end_irq = false;
	pl330_fill(pc);
	/* A thread at the old end has completed the pieces before it. */
	if (t->nr_pieces > nr)
		t->pieces[nr].off = done;
	/* The code is written before the thread can reach it. */
	dma_wmb();
	WRITE_ONCE(t->code[t->splice], PL330_OP_DMANOP);
	/* The DMANOP is written before the caller reads the program counter. */
	mb();
	return true;
}

/**
 * pl330_find() - find the piece that a program counter is in
 * @t: the thread
 * @off: offset of the program counter in its program
 * @found: receives the last piece that begins at @off or before. If that is a run of
 *	segments, it receives the part of the segment that @off is in
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
	found->start.seg += nr;
	found->start.segs_done += nr;
	found->off += nr * found->stride;
	found->addr_off += nr * found->stride;
	s = &found->start.desc->segs[found->start.seg];
	found->addr = found->start.desc->dir == DMA_MEM_TO_DEV ? s->src : s->dst;
	return true;
}

/**
 * pl330_place() - convert a program counter and an address into a position
 * @piece: the piece that the program counter is in, by pl330_find()
 * @off: offset of the program counter in the program
 * @addr: the moving address
 * @in_flight: bytes before @addr that may not be in memory yet, and so do not count. None
 *	is of an earlier piece, since each piece of copies ends with DMAWMB
 * @pos: receives the position
 */
void pl330_place(const struct pl330_piece *piece, u32 off, u32 addr, u32 in_flight,
		 struct pl330_cursor *pos)
{
	u32 moved;

	*pos = piece->start;
	if (piece->len && off >= piece->addr_off) {
		moved = min(addr - piece->addr, piece->len);
		pl330_forward(pos, moved - min(moved, in_flight));
	}
}
