// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the driver decides by the findings of the self-check. That these are right is
 * tested in the lab, on a model of the controller that can be told to behave otherwise.
 */
#include "program-test.h"

/* A controller with all threads and events, as it is expected to be */
static struct pl330 *controller(struct kunit *test)
{
	struct pl330 *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->nr_threads = PL330_MAX_THREADS;
	p->events = 0xffff;
	for (n = 0; n < PL330_MAX_THREADS; n++)
		p->check.threads[n] = (struct pl330_finding) {
			.cpc_end = 1, .ahead = 2, .patched = true, .invalidates = true,
			.kill_keeps = true, .barrier = true,
		};
	return p;
}

/* Of sixteen events the lower ones interrupt, and the upper ones are gates. */
static void selfcheck_events(struct kunit *test)
{
	struct pl330 *p = controller(test);
	u32 events = 0, gates = 0;
	unsigned int n;

	pl330_assign_events(p, 0xff);
	KUNIT_EXPECT_EQ(test, p->nr_threads, 8);
	for (n = 0; n < 8; n++) {
		events |= BIT(p->threads[n].event);
		gates |= BIT(p->threads[n].gate);
	}
	KUNIT_EXPECT_EQ(test, events, 0xff);
	KUNIT_EXPECT_EQ(test, gates, 0xff00);

	p = controller(test);
	p->nr_threads = 1;
	pl330_assign_events(p, 0xff);
	KUNIT_EXPECT_EQ(test, p->threads[0].event, 0);
	KUNIT_EXPECT_EQ(test, p->threads[0].gate, 15);
}

/* An event that does not interrupt can be a gate. One event is never both. */
static void selfcheck_events_few(struct kunit *test)
{
	static const struct {
		u32 events, wired, threads;
	} cases[] = {
		{ 0xffff, 0xf0, 4 }, { 0xffff, 0x8001, 2 }, { 0x3f, 0x07, 3 },
		{ 0x3f, 0x38, 3 }, { 0x1f, 0x1f, 2 }, { 0x30, 0x30, 1 }, { 0xffff, 0, 0 },
	};
	unsigned int i, n;
	struct pl330 *p;
	u32 used;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		p = controller(test);
		p->events = cases[i].events;
		pl330_assign_events(p, cases[i].wired);
		KUNIT_EXPECT_EQ_MSG(test, p->nr_threads, cases[i].threads, "case %u", i);
		for (n = 0, used = 0; n < p->nr_threads; n++) {
			struct pl330_thread *t = &p->threads[n];

			KUNIT_EXPECT_TRUE_MSG(test, cases[i].wired & BIT(t->event), "case %u", i);
			used |= BIT(t->event) | BIT(t->gate);
		}
		KUNIT_EXPECT_EQ_MSG(test, hweight32(used), 2 * p->nr_threads, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, used & ~cases[i].events, 0, "case %u", i);
	}
}

/* A controller that behaves as assumed is used to the full. */
static void selfcheck_decide_all(struct kunit *test)
{
	struct pl330 *p = controller(test);

	pl330_assign_events(p, 0xff);
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_EQ(test, p->cpc_end, 1);
	KUNIT_EXPECT_FALSE(test, p->no_append);
	KUNIT_EXPECT_FALSE(test, p->one_copy);
	KUNIT_EXPECT_FALSE(test, p->invalidate);
	KUNIT_EXPECT_EQ(test, p->csr_late_ns, 0);
	KUNIT_EXPECT_EQ(test, p->free_threads, 0xff);
	KUNIT_EXPECT_EQ(test, p->inten, 0xff);
}

/* What one thread lacks, all do without. */
static void selfcheck_decide_without(struct kunit *test)
{
	struct pl330 *p = controller(test);

	p->check.threads[3].cpc_end = 0;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_LT(test, p->cpc_end, 0);
	KUNIT_EXPECT_TRUE(test, p->no_append);

	p = controller(test);
	p->check.threads[7].patched = false;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_TRUE(test, p->no_append);
	KUNIT_EXPECT_EQ(test, p->cpc_end, 1);

	p = controller(test);
	p->check.threads[0].kill_keeps = false;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_TRUE(test, p->one_copy);
	KUNIT_EXPECT_TRUE(test, p->no_append);
	KUNIT_EXPECT_FALSE(test, p->invalidate);

	p = controller(test);
	p->check.threads[5].stale_end = true;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_TRUE(test, p->invalidate);
	KUNIT_EXPECT_FALSE(test, p->no_append);
	KUNIT_EXPECT_FALSE(test, p->one_copy);

	p = controller(test);
	p->check.threads[5].stale_kill = true;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_TRUE(test, p->invalidate);
	KUNIT_EXPECT_FALSE(test, p->no_append);
}

/* Stale code that stays is refused, but only of a thread that would be used. */
static void selfcheck_decide_refuse(struct kunit *test)
{
	struct pl330 *p = controller(test);
	unsigned int n;

	p->check.threads[2].stale_kill = true;
	p->check.threads[4].invalidates = false;
	KUNIT_EXPECT_NOT_NULL(test, pl330_decide(p, true));

	p = controller(test);
	p->check.threads[4].stale_kill = true;
	p->check.threads[4].invalidates = false;
	p->check.threads[4].unused = "a reason";
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));

	p = controller(test);
	for (n = 0; n < PL330_MAX_THREADS; n++)
		p->check.threads[n].unused = "a reason";
	KUNIT_EXPECT_NOT_NULL(test, pl330_decide(p, true));
}

/* A thread that failed is never assigned to a channel, and its event is no interrupt. */
static void selfcheck_decide_unused(struct kunit *test)
{
	struct pl330 *p = controller(test);
	unsigned int n;

	pl330_assign_events(p, 0xff);
	p->check.threads[0].unused = "a reason";
	/* What was not tried is not counted. */
	p->check.threads[0].cpc_end = 0;
	p->check.threads[0].kill_keeps = false;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, true));
	KUNIT_EXPECT_EQ(test, p->cpc_end, 1);
	KUNIT_EXPECT_FALSE(test, p->one_copy);
	KUNIT_EXPECT_EQ(test, p->inten, 0xfe);
	KUNIT_EXPECT_NULL(test, p->event_thread[p->threads[0].event]);
	for (n = 1; n < PL330_MAX_THREADS; n++)
		KUNIT_EXPECT_PTR_EQ(test, pl330_get_thread(p), &p->threads[n]);
	KUNIT_EXPECT_NULL(test, pl330_get_thread(p));
	pl330_put_thread(p, &p->threads[0]);
	KUNIT_EXPECT_NULL(test, pl330_get_thread(p));
}

/* trust=0: the driver does without all of it, whatever was found. */
static void selfcheck_untrusted(struct kunit *test)
{
	struct pl330 *p = controller(test);

	p->can_ring = true;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, false));
	KUNIT_EXPECT_FALSE(test, p->can_ring);
	KUNIT_EXPECT_LT(test, p->cpc_end, 0);
	KUNIT_EXPECT_TRUE(test, p->no_append);
	KUNIT_EXPECT_TRUE(test, p->one_copy);
	KUNIT_EXPECT_TRUE(test, p->invalidate);
	KUNIT_EXPECT_GT(test, p->csr_late_ns, 0);

	/* DMAWFE that fails is not used, since nothing needs it. */
	p = controller(test);
	p->check.threads[1].invalidates = false;
	KUNIT_EXPECT_NULL(test, pl330_decide(p, false));
	KUNIT_EXPECT_FALSE(test, p->invalidate);
}

/* A program begins by dropping code: DMASEV and DMAWFE, invalid, of the gate. */
static void selfcheck_program_invalidates(struct kunit *test)
{
	static const u8 begin[] = { 0x34, 0x98, 0x36, 0x9a };
	struct test_program *tp = test_program(test, 9);
	struct rkdma_desc *d;

	tp->p->invalidate = true;
	d = test_desc(tp, DMA_MEM_TO_DEV, 1);
	test_seg(d, 0x1000, 0xfe000000, 64);
	pl330_begin(tp->pc);
	KUNIT_EXPECT_MEMEQ(test, tp->t->code, begin, sizeof(begin));
	/* DMAFLUSHP */
	KUNIT_EXPECT_EQ(test, tp->t->code[4], 0x35);
	/* A thread that is stopped there has not moved anything. */
	KUNIT_EXPECT_GE(test, tp->t->pieces[0].off, sizeof(begin));

	tp->p->invalidate = false;
	tp->pc->now = (struct pl330_cursor) {};
	pl330_begin(tp->pc);
	KUNIT_EXPECT_EQ(test, tp->t->code[0], 0x35);
}

/* A program of one copy ends with an interrupt, and the next one has the rest. */
static void selfcheck_program_one_copy(struct kunit *test)
{
	struct test_program *tp = test_program(test, TEST_COPY);
	struct rkdma_desc *next;

	tp->p->one_copy = true;
	tp->p->no_append = true;
	test_copy(tp, 0x1000, 0x2000, 64, false);
	next = test_copy(tp, 0x2000, 0x3000, 64, false);
	pl330_begin(tp->pc);
	KUNIT_EXPECT_PTR_EQ(test, tp->pc->next.desc, next);
	KUNIT_EXPECT_TRUE(test, tp->t->end_irq);
	KUNIT_EXPECT_EQ(test, tp->t->nr_pieces, 1);
	tp->pc->now = tp->pc->next;
	pl330_begin(tp->pc);
	KUNIT_EXPECT_NULL(test, tp->pc->next.desc);
	KUNIT_EXPECT_TRUE(test, tp->t->end_irq);

	/* A peripheral's program still has all. */
	tp = test_program(test, 9);
	tp->p->one_copy = true;
	test_seg(test_desc(tp, DMA_MEM_TO_DEV, 1), 0x1000, 0xfe000000, 64);
	test_seg(test_desc(tp, DMA_MEM_TO_DEV, 1), 0x2000, 0xfe000000, 64);
	pl330_begin(tp->pc);
	KUNIT_EXPECT_NULL(test, tp->pc->next.desc);
}

static struct kunit_case selfcheck_cases[] = {
	KUNIT_CASE(selfcheck_events),
	KUNIT_CASE(selfcheck_events_few),
	KUNIT_CASE(selfcheck_decide_all),
	KUNIT_CASE(selfcheck_decide_without),
	KUNIT_CASE(selfcheck_decide_refuse),
	KUNIT_CASE(selfcheck_decide_unused),
	KUNIT_CASE(selfcheck_untrusted),
	KUNIT_CASE(selfcheck_program_invalidates),
	KUNIT_CASE(selfcheck_program_one_copy),
	{}
};

static struct kunit_suite selfcheck_suite = {
	.name = "rkdma-pl330-selfcheck",
	.test_cases = selfcheck_cases,
};

kunit_test_suite(selfcheck_suite);
