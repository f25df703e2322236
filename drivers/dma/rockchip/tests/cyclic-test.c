// SPDX-License-Identifier: GPL-2.0-only
/* Transfers that repeat: periods and their callbacks, and what replaces them. */
#include <linux/delay.h>

#include "fake.h"

/* The ring of most tests: four periods */
#define PERIOD		16
#define RING		(4 * PERIOD)

static void issue(struct fake_chan *fc)
{
	dma_async_issue_pending(fake_dma_chan(fc));
}

static void run_ring(struct fake_chan *fc, struct job *job)
{
	job_cyclic(fc, job, RING, PERIOD);
	issue(fc);
}

static void replace(struct fake_chan *fc, struct job *job, unsigned long flags)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 8, DMA_DEV_TO_MEM,
					 DMA_PREP_INTERRUPT | flags);
	job_submit(fc, job, tx);
	issue(fc);
}

/* A callback for each period, also of the following rounds */
static void cyclic_periods(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};
	int i;

	run_ring(fc, &ring);
	rig_work(fc, PERIOD - 1);
	KUNIT_EXPECT_EQ(test, ring.calls, 0);
	rig_work(fc, 1);
	for (i = 1; i < 12; i++) {
		KUNIT_EXPECT_EQ(test, ring.calls, i);
		rig_work(fc, PERIOD);
	}
	KUNIT_EXPECT_EQ(test, job_status(&ring), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, fc->starts, 1);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.done, 12);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.bytes, 12 * PERIOD);
}

/* Periods that are found together have a callback each, even more than a round of them. */
static void cyclic_late(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};

	run_ring(fc, &ring);
	rig_work(fc, 11 * PERIOD + 3);
	KUNIT_EXPECT_EQ(test, ring.calls, 11);
	/* Status finds them, too. */
	fake_move(fc, 2 * PERIOD);
	KUNIT_EXPECT_EQ(test, job_residue(&ring), RING - (PERIOD + 3));
	KUNIT_EXPECT_EQ(test, ring.calls, 13);
}

/* Periods of several segments */
static void cyclic_long_periods(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};

	job_cyclic(fc, &ring, 3 * 600, 600);
	issue(fc);
	rig_work(fc, 256);
	rig_work(fc, 256);
	KUNIT_EXPECT_EQ(test, ring.calls, 0);
	rig_work(fc, 88);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
	rig_work(fc, 4 * 600 + 599);
	KUNIT_EXPECT_EQ(test, ring.calls, 5);
	rig_work(fc, 1);
	KUNIT_EXPECT_EQ(test, ring.calls, 6);
}

/* Without DMA_PREP_INTERRUPT there are no callbacks, and the residue is exact. */
static void cyclic_silent(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	struct job ring = {};

	tx = dmaengine_prep_dma_cyclic(fake_dma_chan(fc), FAKE_MEM, RING, PERIOD,
				       DMA_DEV_TO_MEM, 0);
	job_submit(fc, &ring, tx);
	issue(fc);
	rig_work(fc, 5 * PERIOD + 1);
	KUNIT_EXPECT_EQ(test, ring.calls, 0);
	KUNIT_EXPECT_EQ(test, job_residue(&ring), RING - PERIOD - 1);
}

/* While callbacks are owed, periods raise no interrupt; afterwards they do again. */
static void cyclic_throttle(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};

	run_ring(fc, &ring);
	local_bh_disable();
	rig_work(fc, PERIOD);
	KUNIT_EXPECT_FALSE(test, fc->throttled);
	rig_work(fc, PERIOD);
	KUNIT_EXPECT_TRUE(test, fc->throttled);
	KUNIT_EXPECT_EQ(test, ring.calls, 0);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, ring.calls, 2);
	KUNIT_EXPECT_FALSE(test, fc->throttled);
	KUNIT_EXPECT_EQ(test, fc->throttles, 1);
}

/* The throttling also ends if the ring has been replaced before its callbacks are called. */
static void cyclic_throttle_replaced(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {}, last = {};

	run_ring(fc, &ring);
	rig_keep_callbacks(fc);
	rig_work(fc, PERIOD);
	rig_work(fc, PERIOD);
	KUNIT_EXPECT_TRUE(test, fc->throttled);
	replace(fc, &next, DMA_PREP_LOAD_EOT);
	replace(fc, &last, 0);
	rig_work(fc, 2 * PERIOD + 4);
	KUNIT_EXPECT_TRUE(test, fc->active);
	rig_let_callbacks(test->priv);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_FALSE(test, fc->throttled);
}

/* Many callbacks are called in several runs, between which the hardware is polled. */
static void cyclic_budget(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	unsigned int polls, tries = 1000;
	struct job ring = {};

	run_ring(fc, &ring);
	fake_move(fc, 300 * PERIOD);
	polls = fc->polls;
	rig_interrupt(fc);
	while (ring.calls < 300 && tries--)
		usleep_range(500, 1000);
	KUNIT_EXPECT_EQ(test, ring.calls, 300);
	/* One by the interrupt, and one behind each 64 callbacks */
	KUNIT_EXPECT_EQ(test, fc->polls - polls, 1 + 300 / 64);
}

static void then_terminate(struct job *job)
{
	KUNIT_EXPECT_EQ(job->chan->fake->rig->test,
			dmaengine_terminate_async(fake_dma_chan(job->chan)), 0);
}

/* A period's callback terminates: those of the other periods do not come. */
static void cyclic_callback_terminates(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = { .then = then_terminate }, next = {};

	run_ring(fc, &ring);
	rig_work(fc, 3 * PERIOD);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
	KUNIT_EXPECT_FALSE(test, fc->active);
	dmaengine_synchronize(fake_dma_chan(fc));
	/* The next ring begins to count anew. */
	run_ring(fc, &next);
	rig_work(fc, 2 * PERIOD);
	KUNIT_EXPECT_EQ(test, next.calls, 2);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
}

static void then_restart(struct job *job)
{
	struct job *next = job->data;

	then_terminate(job);
	run_ring(job->chan, next);
}

/* A period's callback terminates and starts another ring, none of whose periods is lost. */
static void cyclic_callback_restarts(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job next = {}, ring = { .then = then_restart, .data = &next };

	run_ring(fc, &ring);
	rig_work(fc, 3 * PERIOD);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
	rig_work(fc, 5 * PERIOD);
	KUNIT_EXPECT_EQ(test, next.calls, 5);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
}

/* A successor without DMA_PREP_LOAD_EOT waits: the ring goes on. */
static void cyclic_successor_waits(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {};

	run_ring(fc, &ring);
	replace(fc, &next, 0);
	rig_work(fc, 3 * RING);
	KUNIT_EXPECT_EQ(test, ring.calls, 12);
	KUNIT_EXPECT_EQ(test, next.calls, 0);
	KUNIT_EXPECT_EQ(test, job_status(&next), DMA_IN_PROGRESS);
}

/*
 * A successor with DMA_PREP_LOAD_EOT replaces the ring at the end of its round. All
 * callbacks of the ring's periods come first, wherever it was when it was replaced.
 */
static void cyclic_replaced(struct kunit *test)
{
	unsigned int moved;

	for (moved = 0; moved <= 2 * RING; moved += PERIOD / 2) {
		struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
		unsigned int periods = (moved / RING + 1) * 4;
		struct job ring = {}, next = {};

		run_ring(fc, &ring);
		rig_work(fc, moved);
		KUNIT_EXPECT_EQ(test, ring.calls, moved / PERIOD);
		replace(fc, &next, DMA_PREP_LOAD_EOT);
		rig_work(fc, RING - moved % RING + 8);
		KUNIT_EXPECT_EQ(test, ring.calls, periods);
		KUNIT_EXPECT_EQ(test, next.calls, 1);
		KUNIT_EXPECT_GT(test, next.nr, ring.nr);
		KUNIT_EXPECT_EQ(test, job_status(&ring), DMA_COMPLETE);
		KUNIT_EXPECT_EQ(test, job_status(&next), DMA_COMPLETE);
		KUNIT_EXPECT_FALSE(test, fc->active);
		rig_release(fc);
	}
}

/* The same with callbacks that are late: none is lost, and the order is kept. */
static void cyclic_replaced_late(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {};

	run_ring(fc, &ring);
	rig_keep_callbacks(fc);
	rig_work(fc, PERIOD);
	replace(fc, &next, DMA_PREP_LOAD_EOT);
	rig_work(fc, 2 * PERIOD);
	rig_work(fc, PERIOD + 8);
	KUNIT_EXPECT_EQ(test, job_status(&next), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, ring.calls + next.calls, 0);
	rig_let_callbacks(test->priv);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_EQ(test, ring.nr, 4);
	KUNIT_EXPECT_EQ(test, next.nr, 5);
}

/* The periods of a ring that replaces another one are counted from its start. */
static void cyclic_replaced_by_ring(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	struct job ring = {}, next = {};

	run_ring(fc, &ring);
	rig_work(fc, PERIOD);
	tx = dmaengine_prep_dma_cyclic(fake_dma_chan(fc), FAKE_MEM2, 3 * PERIOD, PERIOD,
				       DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT | DMA_PREP_LOAD_EOT);
	job_submit(fc, &next, tx);
	issue(fc);
	rig_work(fc, 3 * PERIOD + 2 * PERIOD);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_EQ(test, next.calls, 2);
	rig_work(fc, 4 * PERIOD);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_EQ(test, next.calls, 6);
	KUNIT_EXPECT_EQ(test, job_status(&ring), DMA_COMPLETE);
}

/* A paused ring can be replaced as well. */
static void cyclic_replaced_paused(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {};

	run_ring(fc, &ring);
	rig_work(fc, PERIOD + 1);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	replace(fc, &next, DMA_PREP_LOAD_EOT);
	rig_work(fc, RING);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
	KUNIT_EXPECT_EQ(test, job_status(&ring), DMA_PAUSED);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(fake_dma_chan(fc)), 0);
	rig_work(fc, RING);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_EQ(test, next.calls, 1);
}

/* Rounds that ended before the pause, and that nobody had seen, count as well. */
static void cyclic_replaced_paused_late(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {};

	run_ring(fc, &ring);
	fake_move(fc, RING + 2 * PERIOD + 1);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	then_callbacks(fc, replace(fc, &next, DMA_PREP_LOAD_EOT));
	KUNIT_EXPECT_EQ(test, ring.calls, 6);
	then_callbacks(fc, dmaengine_resume(fake_dma_chan(fc)));
	rig_work(fc, 2 * PERIOD - 1 + 8);
	KUNIT_EXPECT_EQ(test, ring.calls, 8);
	KUNIT_EXPECT_EQ(test, next.nr, 9);
}

/* Hardware that does not halt is given the successor all the same. */
static void cyclic_replaced_stuck(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {};

	run_ring(fc, &ring);
	fc->stuck = true;
	replace(fc, &next, DMA_PREP_LOAD_EOT);
	fc->stuck = false;
	rig_work(fc, RING + 8);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_EQ(test, next.calls, 1);
}

/* If an engine's program ends in the middle of a ring, the core issues the ring again. */
static void cyclic_programs(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};
	int i;

	run_ring(fc, &ring);
	for (i = 1; i <= 10; i++) {
		fake_move(fc, PERIOD);
		fake_end(fc);
		rig_interrupt(fc);
		KUNIT_EXPECT_EQ(test, fc->starts, 1 + i);
		KUNIT_EXPECT_EQ(test, ring.calls, i);
	}
	/* A program that ends as soon as it is started does not make the core loop. */
	fc->endless = true;
	fake_end(fc);
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, fc->starts, 12);
	fc->endless = false;
}

/* An interleaved transfer that repeats may have the callbacks of its rounds merged. */
static void cyclic_rounds(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_async_tx_descriptor *tx;
	struct dma_interleaved_template *xt;
	struct job ring = {};

	xt = kunit_kzalloc(test, struct_size(xt, sgl, 1), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, xt);
	*xt = (struct dma_interleaved_template) {
		.src_start = FAKE_MEM, .dst_start = FAKE_MEM2, .dir = DMA_MEM_TO_MEM,
		.src_inc = true, .dst_inc = true, .numf = 1, .frame_size = 1,
	};
	xt->sgl[0].size = 32;
	tx = dmaengine_prep_interleaved_dma(fake_dma_chan(fc), xt,
					    DMA_PREP_INTERRUPT | DMA_PREP_REPEAT);
	job_submit(fc, &ring, tx);
	issue(fc);
	rig_work(fc, 32);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
	rig_work(fc, 5 * 32);
	KUNIT_EXPECT_EQ(test, ring.calls, 2);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.done, 6);
}

static struct kunit_case cyclic_cases[] = {
	KUNIT_CASE(cyclic_periods),
	KUNIT_CASE(cyclic_late),
	KUNIT_CASE(cyclic_long_periods),
	KUNIT_CASE(cyclic_silent),
	KUNIT_CASE(cyclic_throttle),
	KUNIT_CASE(cyclic_throttle_replaced),
	KUNIT_CASE(cyclic_budget),
	KUNIT_CASE(cyclic_callback_terminates),
	KUNIT_CASE(cyclic_callback_restarts),
	KUNIT_CASE(cyclic_successor_waits),
	KUNIT_CASE(cyclic_replaced),
	KUNIT_CASE(cyclic_replaced_late),
	KUNIT_CASE(cyclic_replaced_by_ring),
	KUNIT_CASE(cyclic_replaced_paused),
	KUNIT_CASE(cyclic_replaced_paused_late),
	KUNIT_CASE(cyclic_replaced_stuck),
	KUNIT_CASE(cyclic_programs),
	KUNIT_CASE(cyclic_rounds),
	{}
};

static struct kunit_suite cyclic_suite = RIG_SUITE("rkdma-cyclic", cyclic_cases);

kunit_test_suite(cyclic_suite);
