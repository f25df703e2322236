// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the two encoders of program.c. emit_piece() can encode all work. Copies of whole
 * bursts between aligned addresses, as most copies are, have a faster encoder of their own,
 * emit_plain_copies(). For a million random copies both must write the same code.
 *
 * pl330_fill() leaves such copies to emit_piece() if the first one continues a copy that was
 * stopped. So on that side the first copy is one burst longer, and this burst is done.
 *
 * Three differences are intended:
 *
 * - emit_plain_copies() sets CCR before SAR and DAR of the first copy. emit_piece() sets it
 *   after them, when it encodes the bursts.
 * - emit_piece() omits a DMAMOV if the register already has the value, as when a copy begins
 *   where the one before it ended. emit_plain_copies() does not keep track of addresses.
 * - emit_piece() writes no loop around a single burst.
 *
 * The test applies these to the code of emit_plain_copies(). Then it compares every byte, the
 * recorded pieces, and the state of the thread and of the channel.
 */
#include <linux/prandom.h>

#include "../compat.h"
#include "program-test.h"

#define COPIES		1000000
/* Most copies of a queue, and copies of a queue that does not fit into a program */
#define QUEUE		40
#define LONG_QUEUE	400
/* Bytes of DMAMOV, and of the loop around DMALD and DMAST */
#define MOV_LEN		6
#define LOOP_LEN	6

/**
 * struct side - one of the two encoders
 * @tp: the thread and so on
 * @d: descriptors for the copies
 */
struct side {
	struct test_program *tp;
	struct rkdma_desc *d[LONG_QUEUE];
};

/**
 * struct encoders - both encoders, with the same queue of copies
 * @plain: emit_plain_copies()
 * @piece: emit_piece()
 * @rnd: random numbers
 * @n: copies in the queue
 * @compared: copies compared so far
 * @want: the program that emit_piece() has to write
 * @len: its bytes
 */
struct encoders {
	struct side plain;
	struct side piece;
	struct rnd_state rnd;
	unsigned int n;
	unsigned int compared;
	u8 want[PL330_CODE_SIZE];
	unsigned int len;
};

static void side_init(struct kunit *test, struct side *s)
{
	unsigned int i;

	s->tp = test_program(test, TEST_COPY);
	for (i = 0; i < LONG_QUEUE; i++)
		s->d[i] = test_copy(s->tp, 0, 0, 0, false);
	INIT_LIST_HEAD(&s->tp->pc->chan.running);
}

static void side_add(struct side *s, unsigned int i, u32 src, u32 dst, u32 len, bool irq)
{
	s->d[i]->segs[0] = (struct rkdma_seg) { src, dst, len };
	s->d[i]->len = len;
	s->d[i]->attr.irq = irq;
	list_add_tail(&s->d[i]->vd.node, &s->tp->pc->chan.running);
}

/*
 * Add random copies up to number @end. The first one is resumed on emit_piece()'s side. With
 * @varied some are of a single burst, and some begin where the one before ended.
 */
static void add_copies(struct encoders *e, unsigned int end, bool varied)
{
	struct pl330 *p = e->plain.tp->p;
	unsigned int i, first = e->n;
	u32 src = 0, dst = 0, len = 0, done;

	for (i = first; i < end; i++) {
		u32 dice = prandom_u32_state(&e->rnd);
		bool irq = dice & 1;

		src += len;
		dst += len;
		if (i == first || !varied || dice & 6)
			src = prandom_u32_state(&e->rnd) & ~(p->width - 1);
		if (i == first || !varied || dice & 0x18)
			dst = prandom_u32_state(&e->rnd) & ~(p->width - 1);
		len = p->burst_len * (2 + (dice >> 8) % (PL330_LOOP_MAX - 1));
		if (varied && !(dice & 0xe0))
			len = p->burst_len;
		done = i == first ? p->burst_len : 0;
		side_add(&e->plain, i, src, dst, len, irq);
		side_add(&e->piece, i, src - done, dst - done, len + done, irq);
	}
	e->n = end;
}

static void want(struct encoders *e, const u8 *code, unsigned int len)
{
	memcpy(e->want + e->len, code, len);
	e->len += len;
}

/*
 * Translate the code of copy @i from emit_plain_copies() to that of emit_piece(). Returns
 * NULL, or what is different in the pieces that they recorded.
 */
static const char *translate(struct encoders *e, unsigned int i, bool first)
{
	struct pl330_thread *t = e->plain.tp->t;
	const struct pl330_piece *plain = &t->pieces[i], *piece = &e->piece.tp->t->pieces[i];
	const struct rkdma_seg *before = first ? NULL : e->plain.d[i - 1]->segs;
	const struct rkdma_seg *s = e->plain.d[i]->segs;
	const u8 *code = t->code + plain->addr_off - 2 * MOV_LEN;
	unsigned int off = e->len;

	if (first)
		code -= MOV_LEN;
	if (!first && piece->off != off)
		return "the offset of a piece";
	if (first || (u32)(before->src + before->len) != (u32)s->src)
		want(e, code + (first ? MOV_LEN : 0), MOV_LEN);
	if (first || (u32)(before->dst + before->len) != (u32)s->dst)
		want(e, code + (first ? 2 : 1) * MOV_LEN, MOV_LEN);
	if (piece->addr_off != e->len)
		return "the offset behind the DMAMOVs of a piece";
	if (first)
		want(e, code, MOV_LEN);
	code += (first ? 3 : 2) * MOV_LEN;
	if (s->len > e->plain.tp->p->burst_len)
		want(e, code, LOOP_LEN);
	else
		want(e, code + 2, LOOP_LEN - 4);
	/* DMAWMB, and DMASEV if the client asked for an interrupt */
	want(e, code + LOOP_LEN, e->plain.d[i]->attr.irq ? 3 : 1);

	if (plain->addr != piece->addr || plain->len != piece->len)
		return "the address or length of a piece";
	if (plain->stride || piece->stride)
		return "the stride of a piece";
	if (plain->start.desc != e->plain.d[i] || piece->start.desc != e->piece.d[i])
		return "the descriptor of a piece";
	return NULL;
}

/* Compare what a channel knows after @nr copies have been encoded. */
static const char *compare_channel(struct encoders *e, const struct side *s, unsigned int nr)
{
	const struct pl330_chan *pc = s->tp->pc;

	if (pc->next.desc != (nr < e->n ? s->d[nr] : NULL) || pc->next.seg || pc->next.done)
		return "the start of the next program";
	if (pc->last != s->d[nr - 1])
		return "the last descriptor";
	return NULL;
}

/* Compare the programs from copy @first on. Returns NULL, or what is different. */
static const char *compare(struct encoders *e, unsigned int first)
{
	struct pl330_thread *plain = e->plain.tp->t, *piece = e->piece.tp->t;
	const struct pl330_piece *last = &plain->pieces[plain->nr_pieces - 1];
	const unsigned int nr = plain->nr_pieces;
	const char *why = NULL;
	unsigned int i, end;

	if (nr <= first || nr != piece->nr_pieces)
		return "the number of pieces";
	for (i = first; i < nr && !why; i++)
		why = translate(e, i, i == first);
	if (why)
		return why;
	/* What pl330_fill() adds at the end is the same. */
	end = last->addr_off + LOOP_LEN + (e->plain.d[nr - 1]->attr.irq ? 3 : 1);
	want(e, plain->code + end, plain->len - end);
	if (piece->len != e->len)
		return "the length of the program";
	if (memcmp(piece->code, e->want, e->len))
		return "the code";
	if (piece->end_irq != plain->end_irq)
		return "the interrupt at the end";
	if (!(plain->reg_known & BIT(PL330_MOV_CCR)) ||
	    plain->reg[PL330_MOV_CCR] != piece->reg[PL330_MOV_CCR])
		return "the known value of CCR";
	e->compared += nr - first;
	return compare_channel(e, &e->plain, nr) ?: compare_channel(e, &e->piece, nr);
}

static void side_begin(struct side *s, u32 done)
{
	/* Otherwise a DMANOP is added if the last program ended at the same offset. */
	s->tp->t->end = 0;
	s->tp->pc->now = (struct pl330_cursor) { .desc = s->d[0], .done = done };
	pl330_begin(s->tp->pc);
}

static bool side_append(struct side *s, unsigned int first, u32 done)
{
	s->tp->pc->next = (struct pl330_cursor) { .desc = s->d[first], .done = done };
	return pl330_append(s->tp->pc);
}

/* Begin with a queue of random copies, and compare. */
static const char *encode_begin(struct encoders *e, bool fits)
{
	INIT_LIST_HEAD(&e->plain.tp->pc->chan.running);
	INIT_LIST_HEAD(&e->piece.tp->pc->chan.running);
	e->n = 0;
	e->len = 0;
	/* In a program that is full, omitted code would make room for more copies. */
	if (!fits)
		add_copies(e, LONG_QUEUE, false);
	else
		add_copies(e, test_below(&e->rnd, 4) ? 1 + test_below(&e->rnd, QUEUE) : 1, true);
	side_begin(&e->plain, 0);
	side_begin(&e->piece, e->piece.tp->p->burst_len);
	return compare(e, 0);
}

/* Append another queue, and compare. */
static const char *encode_append(struct encoders *e)
{
	unsigned int first = e->n;

	add_copies(e, first + 1 + test_below(&e->rnd, QUEUE), true);
	if (!side_append(&e->plain, first, 0) ||
	    !side_append(&e->piece, first, e->piece.tp->p->burst_len))
		return "whether a queue is appended";
	e->want[e->piece.tp->t->splice] = PL330_OP_DMANOP;
	return compare(e, first);
}

/* Report a difference, with the first bytes that are not the same and their piece. */
static void show_difference(struct kunit *test, struct encoders *e, unsigned int queue,
			    const char *why)
{
	const u8 *code = e->piece.tp->t->code;
	struct pl330_piece found = {};
	unsigned int off = 0;

	while (off < e->len && code[off] == e->want[off])
		off++;
	if (off == e->len) {
		KUNIT_FAIL(test, "queue %u of %u copies: %s differs", queue, e->n, why);
		return;
	}
	pl330_find(e->piece.tp->t, off, &found);
	KUNIT_FAIL(test,
		   "queue %u of %u copies: %s differs; from byte %#x on, in the piece at %#x, emit_piece() wrote %*ph, by emit_plain_copies() it would be %*ph",
		   queue, e->n, why, off, found.off, 8, code + off, 8, e->want + off);
}

static void encode_copies(struct kunit *test)
{
	static const struct {
		u32 width;
		u32 burst;
	} buses[] = { { 8, 8 }, { 8, 16 }, { 16, 8 }, { 4, 4 }, { 16, 16 }, { 8, 1 }, { 1, 2 } };
	struct encoders *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);
	const char *why = NULL;
	unsigned int queue;

	KUNIT_ASSERT_NOT_NULL(test, e);
	side_init(test, &e->plain);
	side_init(test, &e->piece);
	prandom_seed_state(&e->rnd, 4);
	for (queue = 0; e->compared < COPIES && !why; queue++) {
		unsigned int bus = queue % ARRAY_SIZE(buses);
		bool fits = queue % 64;

		test_set_burst(e->plain.tp, buses[bus].width, buses[bus].burst);
		test_set_burst(e->piece.tp, buses[bus].width, buses[bus].burst);
		why = encode_begin(e, fits);
		if (!why && fits && !test_below(&e->rnd, 4))
			why = encode_append(e);
		if (why)
			show_difference(test, e, queue, why);
	}
}

static struct kunit_case encode_cases[] = {
	KUNIT_CASE(encode_copies),
	{}
};

static struct kunit_suite encode_suite = {
	.name = "rkdma-pl330-encode",
	.test_cases = encode_cases,
};

kunit_test_suite(encode_suite);
