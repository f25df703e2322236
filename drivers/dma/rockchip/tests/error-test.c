// SPDX-License-Identifier: GPL-2.0-only
/* Transfers that fail, and hardware that reports a wrong position. */
#include "fake.h"

/* A bus error is the result of its descriptor, with the residue. The next one goes on. */
static void error_fault(struct kunit *test, bool read, enum dmaengine_tx_result result)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = {};
	int i;

	for (i = 0; i < 3; i++)
		job_run(fc, &job[i], 600);
	fake_move(fc, 600 + 300);
	fake_fault(fc, read);
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, job[0].result.result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, job[1].nr, 2);
	KUNIT_EXPECT_EQ(test, job[1].result.result, result);
	KUNIT_EXPECT_EQ(test, job[1].result.residue, 300);
	KUNIT_EXPECT_EQ(test, job_status(&job[0]), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, job_status(&job[1]), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, job_status(&job[2]), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, fc->starts, 2);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.failed, 1);
	rig_work(fc, 600);
	KUNIT_EXPECT_EQ(test, job[2].nr, 3);
	KUNIT_EXPECT_EQ(test, job[2].result.result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.bytes, 1200);
}

static void error_read(struct kunit *test)
{
	error_fault(test, true, DMA_TRANS_READ_FAILED);
}

static void error_write(struct kunit *test)
{
	error_fault(test, false, DMA_TRANS_WRITE_FAILED);
}

/* The last eight that failed are remembered; an older one counts as complete. */
static void error_remembered(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[RKDMA_FAILED_COOKIES + 1] = {};
	int i;

	for (i = 0; i < ARRAY_SIZE(job); i++) {
		job_run(fc, &job[i], 8);
		fake_fault(fc, true);
		rig_interrupt(fc);
		KUNIT_EXPECT_EQ(test, job_status(&job[0]),
				i < RKDMA_FAILED_COOKIES ? DMA_ERROR : DMA_COMPLETE);
	}
	for (i = 1; i < ARRAY_SIZE(job); i++)
		KUNIT_EXPECT_EQ(test, job_status(&job[i]), DMA_ERROR);
}

/* A fault that only status finds, since there was no interrupt */
static void error_polled(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job = {};

	job_run(fc, &job, 8);
	fake_fault(fc, false);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_ERROR);
	KUNIT_EXPECT_EQ(test, job.result.result, DMA_TRANS_WRITE_FAILED);
}

static void submit_next(struct job *job)
{
	job_run(job->chan, job->data, 8);
}

/* The callback of a failed transfer starts the next one. */
static void error_callback_submits(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = { { .then = submit_next } };

	job[0].data = &job[1];
	job_run(fc, &job[0], 8);
	fake_fault(fc, true);
	rig_interrupt(fc);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[1].calls, 1);
	KUNIT_EXPECT_EQ(test, job[1].result.result, DMA_TRANS_NOERROR);
}

/* A fault of a transfer that repeats ends it; what was issued behind it is started. */
static void error_repeating(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {}, next = {};

	job_cyclic(fc, &ring, 64, 16);
	dma_async_issue_pending(fake_dma_chan(fc));
	rig_work(fc, 3 * 16);
	KUNIT_EXPECT_EQ(test, ring.calls, 3);
	job_send(fc, &next, 8);
	dma_async_issue_pending(fake_dma_chan(fc));
	fake_move(fc, 4);
	fake_fault(fc, true);
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, ring.calls, 4);
	KUNIT_EXPECT_EQ(test, ring.result.result, DMA_TRANS_READ_FAILED);
	KUNIT_EXPECT_EQ(test, ring.result.residue, 12);
	KUNIT_EXPECT_EQ(test, job_status(&ring), DMA_ERROR);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, next.calls, 1);
	KUNIT_EXPECT_EQ(test, next.nr, 5);
}

static void note_results(struct job *job)
{
	unsigned int *failed = job->data;

	*failed = *failed << 1 | (job->result.result != DMA_TRANS_NOERROR);
}

/* Periods that had ended have their callbacks, however late, before that of the failure. */
static void error_repeating_owed(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_LINE);
	unsigned int failed = 0;
	struct job ring = { .then = note_results, .data = &failed }, next = {};

	job_cyclic(fc, &ring, 64, 16);
	dma_async_issue_pending(fake_dma_chan(fc));
	rig_work(fc, 16);
	KUNIT_EXPECT_EQ(test, ring.calls, 1);
	rig_keep_callbacks(fc);
	rig_work(fc, 16);
	fake_move(fc, 2 * 16 + 4);
	fake_fault(fc, true);
	rig_interrupt(fc);
	rig_let_callbacks(rig);
	KUNIT_EXPECT_EQ(test, ring.calls, 5);
	/* The last one alone tells of the failure. */
	KUNIT_EXPECT_EQ(test, failed, 1);
	KUNIT_EXPECT_EQ(test, ring.result.residue, 64 - 4);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);

	job_cyclic(fc, &next, 64, 16);
	dma_async_issue_pending(fake_dma_chan(fc));
	rig_work(fc, 2 * 16);
	KUNIT_EXPECT_EQ(test, next.calls, 2);
}

/* Hardware that faults with all of its work done: no descriptor fails. */
static void error_lie_nothing_failed(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job = {};

	job_run(fc, &job, 8);
	fake_move(fc, 8);
	fc->state = RKDMA_READ_FAULT;
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
	KUNIT_EXPECT_EQ(test, job.result.result, DMA_TRANS_NOERROR);
}

/* Hardware that reports an end with its work undone is started again. */
static void error_lie_early_end(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = {};

	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	fake_move(fc, 4);
	fake_end(fc);
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, job[0].calls, 0);
	KUNIT_EXPECT_EQ(test, fc->starts, 2);
	rig_work(fc, 16);
	KUNIT_EXPECT_EQ(test, job[0].nr, 1);
	KUNIT_EXPECT_EQ(test, job[1].nr, 2);
}

/* A count of periods that goes back, as it may after a pause, gives no callback. */
static void error_lie_count(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};

	job_cyclic(fc, &ring, 64, 16);
	dma_async_issue_pending(fake_dma_chan(fc));
	rig_work(fc, 5 * 16);
	KUNIT_EXPECT_EQ(test, ring.calls, 5);
	fc->lies = true;
	fc->lie = (struct rkdma_pos) { .desc = fc->at, .seg = 0, .done = 15, .segs_done = 4 };
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, ring.calls, 5);
	rig_work(fc, 16);
	KUNIT_EXPECT_EQ(test, ring.calls, 6);
}

/* An interrupt that comes again when all is done finds nothing to do. */
static void error_spurious(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job = {};

	job_run(fc, &job, 8);
	rig_work(fc, 8);
	rig_interrupt(fc);
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
	KUNIT_EXPECT_EQ(test, fc->issues, 1);
}

static struct kunit_case error_cases[] = {
	KUNIT_CASE(error_read),
	KUNIT_CASE(error_write),
	KUNIT_CASE(error_remembered),
	KUNIT_CASE(error_polled),
	KUNIT_CASE(error_callback_submits),
	KUNIT_CASE(error_repeating),
	KUNIT_CASE(error_repeating_owed),
	KUNIT_CASE(error_lie_nothing_failed),
	KUNIT_CASE(error_lie_early_end),
	KUNIT_CASE(error_lie_count),
	KUNIT_CASE(error_spurious),
	{}
};

static struct kunit_suite error_suite = RIG_SUITE("rkdma-error", error_cases);

kunit_test_suite(error_suite);
