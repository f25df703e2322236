// SPDX-License-Identifier: GPL-2.0-only
/*
 * What programs do. A small machine executes what program.c wrote for random work, and
 * compares each byte that it stores with the byte that the work has there.
 */
#include <linux/prandom.h>

#include "../compat.h"
#include "program-test.h"

#define FIFO_MAX	512

/**
 * struct machine - a thread that executes a program
 * @tp: the thread and so on
 * @pc: offset of the next instruction
 * @reg: SAR, CCR and DAR
 * @lc: loop counters
 * @fifo: addresses of the bytes that are loaded and not stored
 * @in_fifo: number of these
 * @max_fifo: the largest of these numbers
 * @at: the byte of the work that is stored next
 * @periods: periods of transfers that repeat that have ended
 * @stored: bytes stored
 * @events: times that the thread's event was signalled
 * @armed: first byte of the last DMAWFP if no access has used its request yet, else 0
 * @gated: steps of the gate that were passed since then, or of a splice point
 * @why: what is wrong with the program, or NULL
 */
struct machine {
	struct test_program *tp;
	u32 pc;
	u32 reg[3];
	u32 lc[2];
	u32 fifo[FIFO_MAX];
	unsigned int in_fifo;
	unsigned int max_fifo;
	struct pl330_cursor at;
	unsigned int periods;
	u32 stored;
	unsigned int events;
	u8 armed;
	unsigned int gated;
	const char *why;
};

static void wrong(struct machine *m, const char *what)
{
	if (!m->why)
		m->why = what;
}

static void load(struct machine *m)
{
	const u32 ccr = m->reg[PL330_MOV_CCR];
	const u32 size = 1 << (ccr >> 1 & 7), beats = (ccr >> 4 & 15) + 1;
	const bool inc = ccr & 1;
	u32 n = size * beats - (inc ? m->reg[PL330_MOV_SAR] & (size - 1) : 0);

	if (m->in_fifo + n > FIFO_MAX) {
		wrong(m, "the FIFO is full");
		return;
	}
	while (n--) {
		m->fifo[m->in_fifo++] = m->reg[PL330_MOV_SAR];
		m->reg[PL330_MOV_SAR] += inc;
	}
	m->max_fifo = max(m->max_fifo, m->in_fifo);
}

/* Check that a stored byte is the next one of the work, by its source and destination. */
static void store_byte(struct machine *m, u32 src)
{
	struct rkdma_desc *d = m->at.desc;
	struct rkdma_seg seg;

	if (!d) {
		wrong(m, "more is stored than there is work");
		return;
	}
	seg = rkdma_seg_at(d, m->at.seg);
	if (src != seg.src + (d->dir == DMA_DEV_TO_MEM ? 0 : m->at.done))
		wrong(m, "another byte is read");
	if (m->reg[PL330_MOV_DAR] != seg.dst + (d->dir == DMA_MEM_TO_DEV ? 0 : m->at.done))
		wrong(m, "it is written elsewhere");
	m->stored++;
	if (++m->at.done < seg.len)
		return;
	m->at.done = 0;
	m->at.segs_done++;
	if (d->attr.repeat)
		m->periods += (m->at.seg + 1) % d->period_segs == 0;
	if (++m->at.seg < d->nr_segs)
		return;
	m->at.seg = 0;
	if (d->attr.repeat)
		return;
	m->at.segs_done = 0;
	m->at.desc = list_is_last(&d->vd.node, &m->tp->pc->chan.running) ? NULL :
		list_next_entry(d, vd.node);
}

static void store(struct machine *m)
{
	const u32 ccr = m->reg[PL330_MOV_CCR];
	const u32 size = 1 << (ccr >> 15 & 7), beats = (ccr >> 18 & 15) + 1;
	const bool inc = ccr >> 14 & 1;
	u32 n = size * beats - (inc ? m->reg[PL330_MOV_DAR] & (size - 1) : 0);
	unsigned int i;

	if (m->in_fifo < n) {
		wrong(m, "more is stored than was loaded");
		return;
	}
	for (i = 0; i < n; i++) {
		store_byte(m, m->fifo[i]);
		m->reg[PL330_MOV_DAR] += inc;
	}
	m->in_fifo -= n;
	memmove(m->fifo, m->fifo + n, m->in_fifo * sizeof(*m->fifo));
}

/* An access to the peripheral needs a request of its kind and line, and the gate passed. */
static void handshake(struct machine *m, u8 kind, u8 line)
{
	if (m->armed != (0x30 | kind) || line != m->tp->pc->chan.id << 3)
		wrong(m, "the peripheral is accessed without a request");
	if (m->gated != 2)
		wrong(m, "the peripheral is accessed outside the gate");
	m->armed = 0;
	m->gated = 0;
}

static void signal(struct machine *m, u8 nr)
{
	if (nr == TEST_EVENT << 3)
		m->events++;
	else if (nr == TEST_GATE << 3 && !m->gated && !m->in_fifo)
		m->gated = 1;
	else
		wrong(m, "an event that is not ours is signalled");
}

/* The gate of a burst or, at a splice point, the same with "invalid" */
static void wait_for_event(struct machine *m, u8 operand)
{
	if (m->gated != 1 || operand != (TEST_GATE << 3 | (m->armed ? 0 : 2)))
		wrong(m, "an event is waited for that is not signalled");
	m->gated = m->armed ? 2 : 0;
}

static void jump(struct machine *m, unsigned int counter, u8 back)
{
	if (m->lc[counter]) {
		m->lc[counter]--;
		m->pc -= back;
	} else {
		m->pc += 2;
	}
}

/* Execute an instruction; false at the end. */
static bool step(struct machine *m)
{
	const u8 *code = m->tp->t->code + m->pc;
	static const u8 len[256] = {
		[0x04] = 1, [0x08] = 1, [0x12] = 1, [0x13] = 1, [0x18] = 1, [0x20] = 2, [0x22] = 2,
		[0x25] = 2, [0x27] = 2, [0x29] = 2, [0x2b] = 2, [0x30] = 2, [0x32] = 2,
		[0x34] = 2, [0x35] = 2, [0x36] = 2, [0xbc] = 6,
	};

	switch (code[0]) {
	case 0x00:				/* DMAEND */
		return false;
	case 0x04:				/* DMALD */
		load(m);
		break;
	case 0x25:				/* DMALDPS, DMALDPB */
	case 0x27:
		handshake(m, code[0] & 2, code[1]);
		load(m);
		break;
	case 0x08:				/* DMAST */
		store(m);
		break;
	case 0x29:				/* DMASTPS, DMASTPB */
	case 0x2b:
		handshake(m, code[0] & 2, code[1]);
		store(m);
		break;
	case 0x12:				/* DMARMB, DMAWMB, DMANOP */
	case 0x13:
	case 0x18:
		break;
	case 0x20:				/* DMALP */
	case 0x22:
		m->lc[code[0] >> 1 & 1] = code[1];
		break;
	case 0x38:				/* DMALPEND */
	case 0x3c:
		jump(m, code[0] >> 2 & 1, code[1]);
		return true;
	case 0x28:				/* DMALPFE */
		m->pc -= code[1];
		return true;
	case 0x30:				/* DMAWFPS, DMAWFPB */
	case 0x32:
		if (m->armed)
			wrong(m, "a request is waited for twice");
		m->armed = code[0];
		break;
	case 0x34:				/* DMASEV */
		signal(m, code[1]);
		break;
	case 0x35:				/* DMAFLUSHP */
		if (code[1] != m->tp->pc->chan.id << 3)
			wrong(m, "another line is flushed");
		break;
	case 0x36:				/* DMAWFE */
		wait_for_event(m, code[1]);
		break;
	case 0xbc:				/* DMAMOV */
		if (code[1] > 2)
			wrong(m, "no such register");
		else
			m->reg[code[1]] = get_unaligned_le32(code + 2);
		break;
	default:
		wrong(m, "no instruction");
		return false;
	}
	m->pc += len[code[0]];
	return true;
}

/* The position that the driver finds by the program counter must be that of the work. */
static void check_position(struct machine *m)
{
	struct pl330_thread *t = m->tp->t;
	const struct pl330_cursor *at = &m->at;
	struct pl330_cursor pos;
	struct pl330_piece piece;
	struct rkdma_desc *d;

	if (m->in_fifo || !pl330_find(t, m->pc, &piece))
		return;
	pl330_place(&piece, m->pc, m->reg[piece.start.desc->dir == DMA_MEM_TO_DEV ?
					  PL330_MOV_SAR : PL330_MOV_DAR], 0, &pos);
	d = pos.desc;
	/*
	 * After the last byte of a descriptor, the position may be its end or the start of
	 * the next descriptor.
	 */
	if (pos.seg == d->nr_segs - 1 && pos.done == rkdma_seg_len(d, pos.seg)) {
		pos.desc = list_is_last(&d->vd.node, &m->tp->pc->chan.running) ? NULL :
			list_next_entry(d, vd.node);
		pos.seg = 0;
		pos.done = 0;
	}
	if (pos.desc != at->desc || pos.seg != at->seg || pos.done != at->done)
		wrong(m, "the position is wrong");
	if (d->attr.repeat && pos.segs_done != at->segs_done)
		wrong(m, "the number of segments is wrong");
}

/* The same in a loop without end */
static void check_ring(struct machine *m)
{
	struct pl330_thread *t = m->tp->t;
	const struct pl330_cursor *now = &m->tp->pc->now;
	struct pl330_piece piece;

	if (!pl330_find(t, m->pc, &piece)) {
		wrong(m, "the program counter is in no piece");
		return;
	}
	pl330_place_ring(m->tp->pc, &piece, m->pc,
			 m->reg[m->at.desc->dir == DMA_MEM_TO_DEV ? PL330_MOV_SAR :
				PL330_MOV_DAR], m->lc[1], 0);
	if (now->seg != m->at.seg || now->done != m->at.done)
		wrong(m, "the position in a loop without end is wrong");
	if (now->segs_done != m->at.segs_done)
		wrong(m, "the number of segments in a loop without end is wrong");
}

/* Whether the thread can be stopped: it is about to wait for a request. */
static bool at_request(struct machine *m)
{
	return !m->in_fifo && (m->tp->t->code[m->pc] & ~2) == 0x30;
}

/* At the end of a program: the next one has to begin where the work is. */
static void check_next(struct machine *m)
{
	struct pl330_chan *pc = m->tp->pc;

	if (m->pc != m->tp->t->end)
		wrong(m, "it does not end at its end");
	if (m->in_fifo)
		wrong(m, "bytes are left in the FIFO");
	if (pc->next.desc != m->at.desc || pc->next.seg != m->at.seg ||
	    pc->next.done != m->at.done || pc->next.segs_done != m->at.segs_done)
		wrong(m, "the next program begins elsewhere");
	pc->now = pc->next;
}

/*
 * Execute a loop for some rounds, up to a burst in one, or to its end. Its position is read
 * at random times, at least once per round if hardware does not count these, and once per
 * 250 otherwise.
 */
static void run_ring(struct machine *m, struct rnd_state *rnd)
{
	const u32 segs = m->at.desc->nr_segs;
	struct pl330_thread *t = m->tp->t;
	u32 seen = m->at.segs_done, end = seen + test_below(rnd, segs < 4 ? 2000 : 20) * segs + 1;
	u32 often = 1 + test_below(rnd, 100), rounds = t->ring.counted ? 250 : 1;

	while (!m->why && ((s32)(m->at.segs_done - end) < 0 || !at_request(m))) {
		if (!step(m)) {
			check_ring(m);
			check_next(m);
			return;
		}
		if (m->in_fifo || m->pc < t->ring.start)
			continue;
		/* Before a round is over, lest a whole one passes unseen. */
		if (!test_below(rnd, often) || (m->at.segs_done - seen) >= (rounds - 1) * segs) {
			check_ring(m);
			seen = m->at.segs_done;
		}
	}
	check_ring(m);
}

/* Execute a program for the work from the channel's position on. */
static void run_program(struct machine *m, struct rnd_state *rnd)
{
	struct pl330_chan *pc = m->tp->pc;
	struct pl330_thread *t = m->tp->t;

	pl330_begin(pc);
	m->pc = 0;
	while (!m->why && m->pc < t->ring.off && step(m))
		check_position(m);
	if (m->pc >= t->ring.off) {
		run_ring(m, rnd);
		return;
	}
	if (t->len > PL330_CODE_SIZE || t->nr_pieces > PL330_MAX_PIECES)
		wrong(m, "the program has no room");
	check_next(m);
}

/* Execute all programs that the channel's work needs. @m is zeroed and has @m->tp. */
static void run(struct machine *m)
{
	struct pl330_chan *pc = m->tp->pc;
	unsigned int programs = 0;

	m->at.desc = rkdma_first_running(&pc->chan);
	pc->now = (struct pl330_cursor) {};
	do {
		run_program(m, NULL);
	} while (!m->why && pc->now.desc && ++programs < 1000);
	if (m->at.desc)
		wrong(m, "work is left undone");
}

static struct machine *machine(struct test_program *tp)
{
	struct machine *m = kunit_kzalloc(tp->test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(tp->test, m);
	m->tp = tp;
	return m;
}

/* Take the work off, for other work. */
static void clear(struct test_program *tp)
{
	struct rkdma_desc *d, *next;

	list_for_each_entry_safe(d, next, &tp->pc->chan.running, vd.node) {
		list_del(&d->vd.node);
		kunit_kfree(tp->test, d);
	}
}

/* Copies of any length and alignment, on buses of each width */
static void execute_copies(struct kunit *test)
{
	static const struct {
		u32 width;
		u32 burst;
	} buses[] = { { 8, 8 }, { 4, 8 }, { 16, 16 }, { 8, 1 }, { 8, 2 }, { 1, 4 } }, *bus;
	struct test_program *tp = test_program(test, TEST_COPY);
	struct rnd_state rnd;
	unsigned int round, i, asked;
	struct machine *m;
	u32 len, mask;

	prandom_seed_state(&rnd, 1);
	for (round = 0; round < 400; round++) {
		bus = &buses[round % ARRAY_SIZE(buses)];
		test_set_burst(tp, bus->width, bus->burst);
		asked = 0;
		for (i = 0; i <= test_below(&rnd, 8); i++) {
			bool irq = test_below(&rnd, 2);

			len = 1 + test_below(&rnd, round % 4 ? 300 : 20000);
			/* One in two is aligned. */
			mask = test_below(&rnd, 2) ? ~0U : ~(tp->p->burst_len - 1);
			test_copy(tp, prandom_u32_state(&rnd) & mask & ~BIT(31),
				  prandom_u32_state(&rnd) & mask & ~BIT(31),
				  max(len & mask, tp->p->burst_len), irq);
			asked += irq;
		}
		m = machine(tp);
		run(m);
		KUNIT_ASSERT_STREQ_MSG(test, m->why ?: "", "", "round %u, at %#x", round, m->pc);
		KUNIT_EXPECT_GE(test, m->events, asked);
		/* A thread's share of the buffer has room for two bursts (assumption P15). */
		KUNIT_EXPECT_LE(test, m->max_fifo, max(2 * tp->p->burst_len, 16U));
		kunit_kfree(test, m);
		clear(tp);
	}
}

/* Scatterlists to and from a peripheral, of each width and burst */
static void execute_peripheral(struct kunit *test)
{
	struct test_program *tp = test_program(test, 9);
	unsigned int round, i, n;
	struct rkdma_desc *d;
	struct rnd_state rnd;
	struct machine *m;
	u32 len;

	prandom_seed_state(&rnd, 2);
	for (round = 0; round < 300; round++) {
		tp->p->burst_only = test_below(&rnd, 2);
		tp->p->no_flushp = test_below(&rnd, 2);
		n = 1 + test_below(&rnd, 60);
		d = test_desc(tp, test_below(&rnd, 2) ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM, n);
		d->attr.irq = true;
		d->width = 1 << test_below(&rnd, 4);
		d->burst = 1 + test_below(&rnd, 16);
		len = d->width * (1 + test_below(&rnd, 100));
		for (i = 0; i < n; i++) {
			u32 mem = prandom_u32_state(&rnd) & 0x7ffffff0, dev = 0xfe000000;

			/* Runs of the same length, which are cloned, and others */
			if (!test_below(&rnd, 5))
				len = d->width * (1 + test_below(&rnd, 600));
			if (d->dir == DMA_MEM_TO_DEV)
				test_seg(d, mem, dev, len);
			else
				test_seg(d, dev, mem, len);
		}
		m = machine(tp);
		run(m);
		KUNIT_ASSERT_STREQ_MSG(test, m->why ?: "", "", "round %u, at %#x", round, m->pc);
		KUNIT_EXPECT_GE(test, m->events, 1);
		kunit_kfree(test, m);
		clear(tp);
	}
}

/* Transfers that repeat: each period has an event, whether it is in a loop or not. */
static void execute_rings(struct kunit *test)
{
	struct test_program *tp = test_program(test, 9);
	unsigned int round, i, programs, rings = 0, counted = 0, ended = 0;
	struct rnd_state rnd;
	struct rkdma_desc *d;
	struct machine *m;

	prandom_seed_state(&rnd, 5);
	for (round = 0; round < 100; round++) {
		bool uniform = test_below(&rnd, 3);
		u32 segs = 1 + test_below(&rnd, uniform ? 400 : 12), len;

		tp->p->burst_only = test_below(&rnd, 2);
		tp->p->can_ring = round % 2;
		d = test_desc(tp, test_below(&rnd, 2) ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM, segs);
		d->width = 1 << test_below(&rnd, 4);
		d->burst = 1 + test_below(&rnd, 16);
		d->attr.irq = test_below(&rnd, 3);
		d->attr.repeat = true;
		d->attr.uniform = uniform;
		d->period_segs = uniform || segs % 2 ? 1 : 2;
		for (i = 0; i < (uniform ? 1 : segs); i++) {
			u32 mem = 0x10000000 + i * 0x100000;

			len = d->width * (1 + test_below(&rnd, 70));
			if (d->dir == DMA_MEM_TO_DEV)
				test_seg(d, mem, 0xfe000000, len);
			else
				test_seg(d, 0xfe000000, mem, len);
		}
		d->nr_segs = segs;
		/* Rounds of many bytes would take long. The driver only compares the number. */
		if (test_below(&rnd, 2))
			d->len = SZ_1M;
		m = machine(tp);
		m->at.desc = d;
		tp->pc->now = (struct pl330_cursor) {};
		for (programs = 0; !m->why && programs < 3; programs++)
			run_program(m, &rnd);
		KUNIT_ASSERT_STREQ_MSG(test, m->why ?: "", "", "round %u, at %#x", round, m->pc);
		KUNIT_EXPECT_GE(test, m->events, d->attr.irq ? m->periods : 0);
		KUNIT_EXPECT_LE(test, m->events, (d->attr.irq ? m->periods : 0) + programs);
		KUNIT_EXPECT_GT(test, m->periods, 0);
		KUNIT_EXPECT_EQ(test, tp->pc->now.segs_done, m->at.segs_done);
		rings += tp->t->ring.off < PL330_CODE_SIZE;
		counted += tp->t->ring.off < PL330_CODE_SIZE && tp->t->ring.counted;
		ended += tp->t->ring.off < PL330_CODE_SIZE && m->pc == tp->t->end;
		kunit_kfree(test, m);
		clear(tp);
	}
	/* Of each kind there were some. */
	KUNIT_EXPECT_GT(test, counted, 5);
	KUNIT_EXPECT_GT(test, rings - counted, 3);
	KUNIT_EXPECT_GT(test, ended, 1);
	KUNIT_EXPECT_LT(test, rings, round);
}

/* Work that is resumed at any byte of its segment moves just the rest. */
static void execute_resumed(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);
	unsigned int round, done;
	struct rnd_state rnd;
	struct rkdma_desc *d;
	struct machine *m;

	prandom_seed_state(&rnd, 3);
	for (round = 0; round < 300; round++) {
		d = test_copy(tp, test_below(&rnd, 1 << 20), test_below(&rnd, 1 << 20),
			      1 + test_below(&rnd, 700), true);
		done = test_below(&rnd, d->len);
		m = machine(tp);
		m->at = (struct pl330_cursor) { .desc = d, .done = done };
		tp->pc->now = m->at;
		pl330_begin(tp->pc);
		while (!m->why && step(m))
			check_position(m);
		KUNIT_ASSERT_STREQ_MSG(test, m->why ?: "", "", "round %u, at %#x", round, m->pc);
		KUNIT_ASSERT_NULL(test, m->at.desc);
		KUNIT_EXPECT_EQ(test, m->stored, d->len - done);
		kunit_kfree(test, m);
		clear(tp);
	}
}

static struct kunit_case execute_cases[] = {
	KUNIT_CASE(execute_copies),
	KUNIT_CASE(execute_peripheral),
	KUNIT_CASE(execute_rings),
	KUNIT_CASE(execute_resumed),
	{}
};

static struct kunit_suite execute_suite = {
	.name = "rkdma-pl330-execute",
	.test_cases = execute_cases,
};

kunit_test_suite(execute_suite);
