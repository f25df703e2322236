// SPDX-License-Identifier: GPL-2.0-only
/*
 * The programs that program.c writes, byte by byte. What is expected was written by hand
 * from the instruction set in Arm DDI 0424, chapter 4.
 */
#include "program-test.h"

/**
 * test_set_burst() - change the bus, and the bursts of copies
 * @tp: the thread and so on
 * @width: bytes of a beat
 * @burst: beats of a burst
 */
void test_set_burst(struct test_program *tp, u32 width, u32 burst)
{
	tp->p->width = width;
	tp->p->burst = burst;
	tp->p->burst_len = width * burst;
	tp->p->burst_shift = ilog2(width * burst);
	tp->p->copy_ccr = pl330_ccr(DMA_MEM_TO_MEM, width, burst, burst);
}

/**
 * test_program() - set up a thread for a channel
 * @test: the test
 * @id: number of the channel: a request line, or TEST_COPY
 *
 * The bus is 8 bytes wide, and copies go by bursts of 8.
 *
 * Return: the thread and so on.
 */
struct test_program *test_program(struct kunit *test, unsigned int id)
{
	struct test_program *tp = kunit_kzalloc(test, sizeof(*tp), GFP_KERNEL);
	struct pl330_piece *pieces;

	KUNIT_ASSERT_NOT_NULL(test, tp);
	tp->test = test;
	tp->p = kunit_kzalloc(test, sizeof(*tp->p), GFP_KERNEL);
	tp->pc = kunit_kzalloc(test, sizeof(*tp->pc), GFP_KERNEL);
	pieces = kunit_kcalloc(test, PL330_MAX_PIECES, sizeof(*pieces), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tp->p);
	KUNIT_ASSERT_NOT_NULL(test, tp->pc);
	KUNIT_ASSERT_NOT_NULL(test, pieces);
	tp->p->rk.nr_lines = TEST_LINES;
	tp->p->burst_only = true;
	test_set_burst(tp, 8, 8);
	tp->t = &tp->p->threads[0];
	tp->t->event = TEST_EVENT;
	tp->t->gate = TEST_GATE;
	tp->t->pieces = pieces;
	tp->t->dma = TEST_CODE;
	tp->t->code = kunit_kzalloc(test, PL330_CODE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tp->t->code);
	tp->pc->chan.rk = &tp->p->rk;
	tp->pc->chan.id = id;
	INIT_LIST_HEAD(&tp->pc->chan.running);
	tp->pc->thread = tp->t;
	return tp;
}

/**
 * test_desc() - issue a descriptor, without segments
 * @tp: the thread and so on
 * @dir: direction
 * @max_segs: segments that it has room for
 *
 * Return: the descriptor; of a peripheral it has 4-byte accesses and bursts of 4.
 */
struct rkdma_desc *test_desc(struct test_program *tp, enum dma_transfer_direction dir,
			     unsigned int max_segs)
{
	struct rkdma_desc *d;

	d = kunit_kzalloc(tp->test, struct_size(d, segs, max_segs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(tp->test, d);
	d->dir = dir;
	d->width = dir == DMA_MEM_TO_MEM ? 0 : 4;
	d->burst = dir == DMA_MEM_TO_MEM ? 0 : 4;
	d->max_segs = max_segs;
	list_add_tail(&d->vd.node, &tp->pc->chan.running);
	return d;
}

/**
 * test_seg() - append a segment to a descriptor
 * @d: the descriptor
 * @src: address of the first byte to read
 * @dst: address of the first byte to write
 * @len: bytes
 */
void test_seg(struct rkdma_desc *d, dma_addr_t src, dma_addr_t dst, u32 len)
{
	d->segs[d->nr_segs++] = (struct rkdma_seg) { src, dst, len };
	d->len += len;
}

/**
 * test_copy() - issue a copy of one segment
 * @tp: the thread and so on
 * @src: source
 * @dst: destination
 * @len: bytes
 * @irq: it asks for an interrupt
 *
 * Return: the descriptor.
 */
struct rkdma_desc *test_copy(struct test_program *tp, u32 src, u32 dst, u32 len, bool irq)
{
	struct rkdma_desc *d = test_desc(tp, DMA_MEM_TO_MEM, 1);

	d->attr.irq = irq;
	test_seg(d, src, dst, len);
	return d;
}

/* The end of a program: DMASEV 19, DMAWFE 19 with "invalid", DMAEND */
#define END	0x34, 0x98, 0x36, 0x9a, 0x00

/*
 * CCR of copies by 8 beats of 8 bytes: increment (bit 0), size 3 (3:1), length 7 (7:4),
 * non-secure (bit 9), and the same for the destination from bit 14 on: 0x009dc277
 */
#define CCR_COPY	0xbc, 0x01, 0x77, 0xc2, 0x9d, 0x00

#define expect_code(tp, from, ...)						\
do {										\
	static const u8 _want[] = { __VA_ARGS__ };				\
	struct pl330_thread *_t = (tp)->t;					\
	unsigned int _from = (from);						\
										\
	KUNIT_EXPECT_EQ(test, _t->len - _from, sizeof(_want));			\
	KUNIT_EXPECT_EQ(test, _t->end, _t->len - 1);				\
	KUNIT_EXPECT_MEMEQ(test, _t->code + _from, _want, sizeof(_want));	\
} while (0)

static void program_ccr(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pl330_ccr(DMA_MEM_TO_MEM, 8, 8, 8), 0x009dc277);
	KUNIT_EXPECT_EQ(test, pl330_ccr(DMA_MEM_TO_MEM, 1, 1, 1), 0x00804201);
	KUNIT_EXPECT_EQ(test, pl330_ccr(DMA_MEM_TO_MEM, 16, 16, 3), 0x008a42f9);
	/* A peripheral's address stays. */
	KUNIT_EXPECT_EQ(test, pl330_ccr(DMA_MEM_TO_DEV, 4, 4, 4), 0x008d0235);
	KUNIT_EXPECT_EQ(test, pl330_ccr(DMA_DEV_TO_MEM, 4, 4, 4), 0x008d4234);
	KUNIT_EXPECT_EQ(test, pl330_ccr(DMA_DEV_TO_MEM, 2, 16, 16), 0x00bcc2f2);
}

/* 4 KiB: 64 bursts */
static void program_copy(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);

	test_copy(tp, 0x11223340, 0x55667780, 4096, true);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    CCR_COPY,
		    0xbc, 0x00, 0x40, 0x33, 0x22, 0x11,	/* DMAMOV SAR */
		    0xbc, 0x02, 0x80, 0x77, 0x66, 0x55,	/* DMAMOV DAR */
		    0x20, 0x3f,				/* DMALP lc0, 64 */
		    0x04, 0x08,				/* DMALD, DMAST */
		    0x38, 0x02,				/* DMALPEND lc0, back 2 */
		    0x13,				/* DMAWMB */
		    0x34, 0x18,				/* DMASEV 3 */
		    END);
	KUNIT_EXPECT_NULL(test, tp->pc->next.desc);
	KUNIT_EXPECT_TRUE(test, tp->t->end_irq);
}

/* Two copies that ask for no interrupt; CCR is set once. */
static void program_copies(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);

	test_copy(tp, 0x1000, 0x2000, 128, false);
	test_copy(tp, 0x3000, 0x4000, 16384, false);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    CCR_COPY,
		    0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,
		    0xbc, 0x02, 0x00, 0x20, 0x00, 0x00,
		    0x20, 0x01, 0x04, 0x08, 0x38, 0x02, 0x13,
		    0xbc, 0x00, 0x00, 0x30, 0x00, 0x00,
		    0xbc, 0x02, 0x00, 0x40, 0x00, 0x00,
		    0x20, 0xff, 0x04, 0x08, 0x38, 0x02, 0x13,
		    END);
	KUNIT_EXPECT_FALSE(test, tp->t->end_irq);
}

/* 13 bytes between odd addresses go by bytes. */
static void program_bytes(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);

	test_copy(tp, 0x1001, 0x2002, 13, false);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0xbc, 0x00, 0x01, 0x10, 0x00, 0x00,
		    0xbc, 0x02, 0x02, 0x20, 0x00, 0x00,
		    /* 6 up to an aligned destination: length 5 */
		    0xbc, 0x01, 0x51, 0x42, 0x94, 0x00,
		    0x04, 0x08,
		    /* and the other 7: length 6 */
		    0xbc, 0x01, 0x61, 0x42, 0x98, 0x00,
		    0x04, 0x08,
		    0x13,
		    END);
}

/* A copy that is longer than one loop: from 512 bursts on, the loops of both counters */
static void program_long_copy(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);

	test_copy(tp, 0, 0x10000000, 64 * (3 * 256 + 2) + 8, false);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0xbc, 0x00, 0x00, 0x00, 0x00, 0x00,
		    0xbc, 0x02, 0x00, 0x00, 0x00, 0x10,
		    CCR_COPY,
		    0x22, 0x02,			/* DMALP lc1, 3 */
		    0x20, 0xff,			/* DMALP lc0, 256 */
		    0x04, 0x08,
		    0x38, 0x02,
		    0x3c, 0x06,			/* DMALPEND lc1, back to the inner DMALP */
		    0x20, 0x01,			/* the 2 that are left */
		    0x04, 0x08,
		    0x38, 0x02,
		    /* and 8 bytes: one beat */
		    0xbc, 0x01, 0x07, 0xc2, 0x81, 0x00,
		    0x04, 0x08,
		    0x13,
		    END);
}

/* The loop body of a peripheral's burst: 10 bytes to it, 10 from it */
#define TO_DEVICE(wfp, stp)	\
	wfp, 0x28,		/* DMAWFP line 5 */				\
	0x34, 0x98, 0x36, 0x98,	/* DMASEV 19, DMAWFE 19: the gate */		\
	0x04, stp, 0x28,	/* DMALD, DMASTP line 5 */			\
	0x13			/* DMAWMB */
#define FROM_DEVICE(wfp, ldp)	\
	wfp, 0x28, 0x34, 0x98, 0x36, 0x98,					\
	ldp, 0x28, 0x08,	/* DMALDP, DMAST */				\
	0x13

/* To line 5: 5 bursts of 16 bytes, and 8 bytes as a short burst */
static void program_to_device(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_MEM_TO_DEV, 1);

	d->attr.irq = true;
	test_seg(d, 0x1000, 0xfe000040, 5 * 16 + 8);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0x35, 0x28,				/* DMAFLUSHP line 5 */
		    0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,
		    0xbc, 0x02, 0x40, 0x00, 0x00, 0xfe,
		    0xbc, 0x01, 0x35, 0x02, 0x8d, 0x00,	/* CCR: 4 beats of 4 bytes */
		    0x20, 0x04,				/* 5 times */
		    TO_DEVICE(0x32, 0x2b),		/* DMAWFPB, DMASTPB */
		    0x38, 0x0a,
		    0xbc, 0x01, 0x15, 0x02, 0x85, 0x00,	/* CCR: 2 beats */
		    TO_DEVICE(0x32, 0x2b),
		    0x34, 0x18,			/* DMASEV 3 */
		    END);
}

/* From line 5, which requests single accesses, too: a rest goes by these. */
static void program_from_device(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_DEV_TO_MEM, 1);

	tp->p->burst_only = false;
	tp->p->no_flushp = true;
	test_seg(d, 0xfe000040, 0x1000, 16 + 12);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0xbc, 0x00, 0x40, 0x00, 0x00, 0xfe,
		    0xbc, 0x02, 0x00, 0x10, 0x00, 0x00,
		    0xbc, 0x01, 0x34, 0x42, 0x8d, 0x00,
		    FROM_DEVICE(0x32, 0x27),		/* DMAWFPB, DMALDPB, once */
		    0xbc, 0x01, 0x04, 0x42, 0x81, 0x00,	/* CCR: 1 beat */
		    0x20, 0x02,
		    FROM_DEVICE(0x30, 0x25),		/* DMAWFPS, DMALDPS, 3 times */
		    0x38, 0x0a,
		    END);
}

/* A burst of one access is a single one, unless the line requests bursts only. */
static void program_single(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_DEV_TO_MEM, 1);

	tp->p->burst_only = false;
	d->burst = 1;
	test_seg(d, 0xfe000040, 0x1000, 4);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0x35, 0x28,
		    0xbc, 0x00, 0x40, 0x00, 0x00, 0xfe,
		    0xbc, 0x02, 0x00, 0x10, 0x00, 0x00,
		    0xbc, 0x01, 0x04, 0x42, 0x81, 0x00,
		    FROM_DEVICE(0x30, 0x25),
		    END);
	tp->p->burst_only = true;
	pl330_begin(tp->pc);
	KUNIT_EXPECT_EQ(test, tp->t->code[20], 0x32);
	KUNIT_EXPECT_EQ(test, tp->t->code[26], 0x27);
}

/* Small bursts overlap: each waits for the store of the one before, the last one for its own. */
static void program_small_burst(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_DEV_TO_MEM, 1);

	d->width = 1;
	d->burst = 1;
	test_seg(d, 0xfe000040, 0x1000, 3);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0x35, 0x28,
		    0xbc, 0x00, 0x40, 0x00, 0x00, 0xfe,
		    0xbc, 0x02, 0x00, 0x10, 0x00, 0x00,
		    0xbc, 0x01, 0x00, 0x42, 0x80, 0x00,
		    0x20, 0x02,
		    0x32, 0x28, 0x34, 0x98, 0x36, 0x98,
		    0x27, 0x28, 0x12, 0x13, 0x08,	/* DMALDPB, DMARMB, DMAWMB, DMAST */
		    0x38, 0x0b,
		    0x13,
		    END);
	/* A transfer that repeats has an exact position while it runs. */
	d->attr.repeat = true;
	d->period_segs = 1;
	tp->pc->now = (struct pl330_cursor) {};
	pl330_begin(tp->pc);
	KUNIT_EXPECT_EQ(test, tp->t->code[30], 0x08);
	KUNIT_EXPECT_EQ(test, tp->t->code[31], 0x13);
}

/* Make a transfer repeat: its segments are alike, and each is a period with an interrupt. */
static void set_periods(struct rkdma_desc *d)
{
	d->attr.irq = true;
	d->attr.repeat = true;
	d->attr.period_cb = true;
	d->attr.uniform = true;
	d->period_segs = 1;
}

/* Periods that are alike are a loop of counter 1, with an event in it. */
static void program_periods(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_MEM_TO_DEV, 1);
	static const u8 want[] = {
		0x35, 0x28,
		0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,
		0xbc, 0x02, 0x40, 0x00, 0x00, 0xfe,
		0xbc, 0x01, 0x35, 0x02, 0x8d, 0x00,
		0x22, 0x02,				/* DMALP lc1, 3 periods */
		0x20, 0x01,				/* of 2 bursts */
		TO_DEVICE(0x32, 0x2b),
		0x38, 0x0a,
		0x34, 0x18,				/* DMASEV 3 */
		0x3c, 0x10,				/* DMALPEND lc1 */
		0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,	/* the next round */
	};

	set_periods(d);
	test_seg(d, 0x1000, 0xfe000040, 32);
	d->nr_segs = 3;
	pl330_begin(tp->pc);
	KUNIT_EXPECT_MEMEQ(test, tp->t->code, want, sizeof(want));
	/* Rounds until 2 KiB are full, then an end with an interrupt */
	KUNIT_EXPECT_GT(test, tp->t->len, 2048);
	KUNIT_EXPECT_LT(test, tp->t->len, 2048 + 256);
	KUNIT_EXPECT_TRUE(test, tp->t->end_irq);
	KUNIT_EXPECT_PTR_EQ(test, tp->pc->next.desc, d);
}

/*
 * A transfer that repeats is a loop without end if the code of a round is short enough. Its
 * periods leave counter 1 to the rounds.
 */
static void program_ring(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_MEM_TO_DEV, 1);
	static const u8 want[] = {
		0x35, 0x28,
		0xbc, 0x01, 0x35, 0x02, 0x8d, 0x00,	/* CCR */
		0xbc, 0x02, 0x40, 0x00, 0x00, 0xfe,	/* DAR */
		0x22, 0xff,				/* DMALP lc1, 256 rounds */
		0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,	/* SAR */
		0x20, 0x01,				/* 2 bursts */
		TO_DEVICE(0x32, 0x2b),
		0x38, 0x0a,
		0x34, 0x18,				/* DMASEV 3 */
		0x20, 0x01,				/* the second period */
		TO_DEVICE(0x32, 0x2b),
		0x38, 0x0a,
		0x34, 0x18,
		0x3c, 0x26,				/* DMALPEND lc1: to SAR's DMAMOV */
		0x28, 0x2a,				/* DMALPFE: to DMALP lc1 */
	};

	tp->p->can_ring = true;
	set_periods(d);
	test_seg(d, 0x1000, 0xfe000040, 32);
	d->nr_segs = 2;
	d->len = 65536;
	pl330_begin(tp->pc);
	KUNIT_EXPECT_MEMEQ(test, tp->t->code, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, tp->t->ring.off, 14);
	KUNIT_EXPECT_EQ(test, tp->t->ring.start, 16);
	KUNIT_EXPECT_TRUE(test, tp->t->ring.counted);

	/*
	 * So few bytes are repeated 256 times, lest the number of rounds becomes ambiguous.
	 * The end has an interrupt of its own.
	 */
	d->len = 65532;
	tp->pc->now = (struct pl330_cursor) {};
	pl330_begin(tp->pc);
	KUNIT_EXPECT_MEMEQ(test, tp->t->code, want, sizeof(want) - 2);
	expect_code(tp, sizeof(want) - 2, 0x34, 0x18, END);
	KUNIT_EXPECT_EQ(test, tp->pc->next.segs_done, 512);
	KUNIT_EXPECT_PTR_EQ(test, tp->pc->next.desc, d);
}

/* Too many periods for that: counter 1 counts them, and nothing counts the rounds. */
static void program_ring_long(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_MEM_TO_DEV, 1);
	static const u8 want[] = {
		0x35, 0x28,
		0xbc, 0x01, 0x35, 0x02, 0x8d, 0x00,
		0xbc, 0x02, 0x40, 0x00, 0x00, 0xfe,
		0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,	/* SAR, at the start of each round */
		0x22, 0x1f,				/* DMALP lc1, 32 periods */
		0x20, 0x7f,				/* of 128 bursts */
		TO_DEVICE(0x32, 0x2b),
		0x38, 0x0a,
		0x34, 0x18,
		0x3c, 0x10,				/* DMALPEND lc1: the next period */
		0x28, 0x1a,				/* DMALPFE: to SAR's DMAMOV */
	};
	static const u8 end[] = { 0x34, 0x18 };		/* DMASEV 3 */

	tp->p->can_ring = true;
	set_periods(d);
	test_seg(d, 0x1000, 0xfe000040, 2048);
	d->nr_segs = 32;
	d->len = 262144;
	pl330_begin(tp->pc);
	KUNIT_EXPECT_MEMEQ(test, tp->t->code, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, tp->t->ring.off, 14);
	KUNIT_EXPECT_FALSE(test, tp->t->ring.counted);

	/* So few bytes could be moved without being noticed, and interrupts are asked for. */
	d->len = 262140;
	tp->pc->now = (struct pl330_cursor) {};
	pl330_begin(tp->pc);
	KUNIT_EXPECT_EQ(test, tp->t->ring.off, PL330_CODE_SIZE);
	/* The last period's interrupt is within a loop, so the end has one of its own. */
	KUNIT_EXPECT_MEMEQ(test, tp->t->code + tp->t->splice_code - 2, end, sizeof(end));
	d->attr.irq = false;
	tp->pc->now = (struct pl330_cursor) {};
	pl330_begin(tp->pc);
	KUNIT_EXPECT_EQ(test, tp->t->ring.off, 14);
}

/* Segments of the same length behind the first are copies of its code. */
static void program_segments(struct kunit *test)
{
	struct test_program *tp = test_program(test, 5);
	struct rkdma_desc *d = test_desc(tp, DMA_MEM_TO_DEV, 4);

	test_seg(d, 0x1000, 0xfe000040, 16);
	test_seg(d, 0x2000, 0xfe000040, 16);
	test_seg(d, 0x3000, 0xfe000040, 16);
	test_seg(d, 0x4000, 0xfe000040, 16);
	pl330_begin(tp->pc);
	expect_code(tp, 0,
		    0x35, 0x28,
		    0xbc, 0x00, 0x00, 0x10, 0x00, 0x00,
		    0xbc, 0x02, 0x40, 0x00, 0x00, 0xfe,
		    0xbc, 0x01, 0x35, 0x02, 0x8d, 0x00,
		    TO_DEVICE(0x32, 0x2b),
		    0xbc, 0x00, 0x00, 0x20, 0x00, 0x00,
		    TO_DEVICE(0x32, 0x2b),
		    0xbc, 0x00, 0x00, 0x30, 0x00, 0x00,
		    TO_DEVICE(0x32, 0x2b),
		    0xbc, 0x00, 0x00, 0x40, 0x00, 0x00,
		    TO_DEVICE(0x32, 0x2b),
		    END);
}

/* New work goes behind DMAEND, which then becomes DMANOP. */
static void program_append(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);
	struct rkdma_desc *d;
	unsigned int end;

	test_copy(tp, 0x1000, 0x2000, 64, false);
	pl330_begin(tp->pc);
	end = tp->t->end;
	d = test_copy(tp, 0x3000, 0x4000, 64, true);
	tp->pc->next = (struct pl330_cursor) { .desc = d };
	KUNIT_EXPECT_TRUE(test, pl330_append(tp->pc));
	KUNIT_EXPECT_EQ(test, tp->t->splice, end);
	KUNIT_EXPECT_EQ(test, tp->t->code[end], 0x18);
	expect_code(tp, end + 1,
		    CCR_COPY,
		    0xbc, 0x00, 0x00, 0x30, 0x00, 0x00,
		    0xbc, 0x02, 0x00, 0x40, 0x00, 0x00,
		    0x20, 0x00, 0x04, 0x08, 0x38, 0x02, 0x13,
		    0x34, 0x18,
		    END);
	tp->p->no_append = true;
	KUNIT_EXPECT_FALSE(test, pl330_append(tp->pc));
}

/*
 * Two programs of a thread never end at the same place. The DMANOP that sees to that is
 * behind the splice code: a thread which has signalled its last interrupt is known to have
 * done all work.
 */
static void program_ends_differ(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);
	unsigned int end;

	test_copy(tp, 0x1000, 0x2000, 64, false);
	pl330_begin(tp->pc);
	end = tp->t->end;
	KUNIT_EXPECT_EQ(test, tp->t->splice_code, end - 4);
	tp->pc->now = (struct pl330_cursor) {};
	pl330_begin(tp->pc);
	KUNIT_EXPECT_EQ(test, tp->t->end, end + 1);
	KUNIT_EXPECT_EQ(test, tp->t->splice_code, end - 4);
	KUNIT_EXPECT_EQ(test, tp->t->code[end], 0x18);
	KUNIT_EXPECT_EQ(test, tp->t->code[end + 1], 0x00);
}

/* The position of a program counter and an address, also at both ends of a piece */
static void program_place(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);
	struct pl330_cursor pos;
	struct pl330_piece piece;
	struct rkdma_desc *d;

	test_copy(tp, 0x1000, 0x2000, 128, false);
	pl330_begin(tp->pc);
	/* The piece begins after CCR's DMAMOV. DAR is valid after those of SAR and DAR. */
	KUNIT_EXPECT_FALSE(test, pl330_find(tp->t, 5, &piece));
	KUNIT_ASSERT_TRUE(test, pl330_find(tp->t, 6, &piece));
	pl330_place(&piece, 17, 0x12345678, 0, &pos);
	KUNIT_EXPECT_EQ(test, pos.done, 0);
	pl330_place(&piece, 18, 0x2000, 0, &pos);
	KUNIT_EXPECT_EQ(test, pos.done, 0);
	pl330_place(&piece, 21, 0x2040, 0, &pos);
	KUNIT_EXPECT_EQ(test, pos.done, 64);
	pl330_place(&piece, 24, 0x2080, 0, &pos);
	KUNIT_EXPECT_EQ(test, pos.done, 128);
	/* What may be in the write queue does not count. */
	pl330_place(&piece, 24, 0x2080, 48, &pos);
	KUNIT_EXPECT_EQ(test, pos.done, 80);
	pl330_place(&piece, 21, 0x2020, 48, &pos);
	KUNIT_EXPECT_EQ(test, pos.done, 0);

	/* An address beyond what the piece moves is its end: the next segment, not more. */
	tp = test_program(test, TEST_COPY);
	d = test_desc(tp, DMA_MEM_TO_MEM, 3);
	test_seg(d, 0x1000, 0x2000, 128);
	test_seg(d, 0x3000, 0x4000, 128);
	test_seg(d, 0x5000, 0x6000, 128);
	pl330_begin(tp->pc);
	KUNIT_ASSERT_TRUE(test, pl330_find(tp->t, 20, &piece));
	pl330_place(&piece, 20, 0x2100, 0, &pos);
	KUNIT_EXPECT_EQ(test, pos.seg, 1);
	KUNIT_EXPECT_EQ(test, pos.done, 0);
}

static struct kunit_case program_cases[] = {
	KUNIT_CASE(program_ccr),
	KUNIT_CASE(program_copy),
	KUNIT_CASE(program_copies),
	KUNIT_CASE(program_bytes),
	KUNIT_CASE(program_long_copy),
	KUNIT_CASE(program_to_device),
	KUNIT_CASE(program_from_device),
	KUNIT_CASE(program_single),
	KUNIT_CASE(program_small_burst),
	KUNIT_CASE(program_periods),
	KUNIT_CASE(program_ring),
	KUNIT_CASE(program_ring_long),
	KUNIT_CASE(program_segments),
	KUNIT_CASE(program_append),
	KUNIT_CASE(program_ends_differ),
	KUNIT_CASE(program_place),
	{}
};

static struct kunit_suite program_suite = {
	.name = "rkdma-pl330-program",
	.test_cases = program_cases,
};

kunit_test_suite(program_suite);
