// SPDX-License-Identifier: GPL-2.0-only
/* Transfers from submit to callback: what starts them, order, cookies, status. */
#include "fake.h"

static void issue(struct fake_chan *fc)
{
	dma_async_issue_pending(fake_dma_chan(fc));
}

/* A copy is started by issue_pending, and is done when the hardware is, not before. */
static void order_one(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job = {};

	job_copy(fc, &job, 100);
	KUNIT_EXPECT_EQ(test, fc->issues, 0);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, job_residue(&job), 100);
	KUNIT_EXPECT_EQ(test, fc->polls, 0);

	issue(fc);
	KUNIT_EXPECT_EQ(test, fc->issues, 1);
	rig_work(fc, 99);
	KUNIT_EXPECT_EQ(test, job.calls, 0);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_IN_PROGRESS);

	rig_work(fc, 1);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
	KUNIT_EXPECT_EQ(test, job.result.result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, job.result.residue, 0);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, job_residue(&job), 0);
	KUNIT_EXPECT_EQ(test, fc->issues, 1);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.done, 1);
	KUNIT_EXPECT_EQ(test, fc->chan.stats.bytes, 100);
}

/* issue_pending without anything submitted, and interrupts without work, do nothing. */
static void order_nothing(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);

	issue(fc);
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, fc->issues, 0);
	KUNIT_EXPECT_EQ(test, fc->polls, 0);
}

/* Descriptors are done and called back in the order in which they were submitted. */
static void order_many(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[6] = {};
	int i;

	for (i = 0; i < 6; i++)
		job_copy(fc, &job[i], 10 + i);
	issue(fc);
	KUNIT_EXPECT_EQ(test, fc->issues, 1);
	/* One interrupt finds two done, and half of the third. */
	rig_work(fc, 10 + 11 + 6);
	for (i = 0; i < 6; i++) {
		KUNIT_EXPECT_EQ(test, job[i].nr, i < 2 ? i + 1 : 0);
		KUNIT_EXPECT_EQ(test, job_status(&job[i]), i < 2 ? DMA_COMPLETE : DMA_IN_PROGRESS);
		KUNIT_EXPECT_EQ(test, job[i].cookie, job[0].cookie + i);
	}
	KUNIT_EXPECT_EQ(test, job_residue(&job[2]), 6);
	KUNIT_EXPECT_EQ(test, job_residue(&job[3]), 13);
	rig_work(fc, 1000);
	for (i = 0; i < 6; i++) {
		KUNIT_EXPECT_EQ(test, job[i].calls, 1);
		KUNIT_EXPECT_EQ(test, job[i].nr, i + 1);
	}
	KUNIT_EXPECT_EQ(test, fc->starts, 1);
}

/* issue_pending leaves alone what is submitted after it. */
static void order_later_issue(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = {};

	job_run(fc, &job[0], 8);
	job_copy(fc, &job[1], 8);
	rig_work(fc, 100);
	KUNIT_EXPECT_EQ(test, job[0].calls, 1);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
	KUNIT_EXPECT_EQ(test, fc->issues, 1);
	issue(fc);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[1].calls, 1);
}

/* What is issued while the hardware runs is appended to its list. */
static void order_append(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = {};

	job_run(fc, &job[0], 8);
	fake_move(fc, 4);
	job_run(fc, &job[1], 8);
	KUNIT_EXPECT_EQ(test, fc->starts, 1);
	rig_work(fc, 12);
	KUNIT_EXPECT_EQ(test, job[0].nr, 1);
	KUNIT_EXPECT_EQ(test, job[1].nr, 2);
	KUNIT_EXPECT_EQ(test, fc->starts, 1);
}

/* The hardware has stopped before it saw what was appended: it is started again. */
static void order_append_late(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = {};

	job_run(fc, &job[0], 8);
	fc->deaf = true;
	job_run(fc, &job[1], 8);
	job_run(fc, &job[2], 8);
	fc->deaf = false;
	rig_work(fc, 100);
	KUNIT_EXPECT_EQ(test, job[0].calls, 1);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
	KUNIT_EXPECT_EQ(test, fc->starts, 2);
	rig_work(fc, 100);
	KUNIT_EXPECT_EQ(test, job[1].nr, 2);
	KUNIT_EXPECT_EQ(test, job[2].nr, 3);
	KUNIT_EXPECT_EQ(test, fc->starts, 2);
}

/* A client that polls needs no interrupt. */
static void order_poll(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = {};

	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	fake_move(fc, 8);
	KUNIT_EXPECT_EQ(test, job_status(&job[1]), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, job[0].calls, 1);
	fake_move(fc, 8);
	KUNIT_EXPECT_EQ(test, job_status(&job[1]), DMA_COMPLETE);
	KUNIT_EXPECT_EQ(test, job[1].calls, 1);
}

/* Cookies wrap around, and the status is still right. */
static void order_cookies_wrap(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_chan *chan = fake_dma_chan(fc);
	struct job job[4] = {};
	int i;

	chan->cookie = INT_MAX - 2;
	chan->completed_cookie = INT_MAX - 2;
	for (i = 0; i < 4; i++)
		job_copy(fc, &job[i], 8);
	issue(fc);
	KUNIT_EXPECT_EQ(test, job[1].cookie, INT_MAX);
	KUNIT_EXPECT_EQ(test, job[2].cookie, DMA_MIN_COOKIE);
	rig_work(fc, 3 * 8);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, job_status(&job[i]), i < 3 ? DMA_COMPLETE : DMA_IN_PROGRESS);
}

/* The callback that knows no result, and no callback at all */
static void order_other_callbacks(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_async_tx_descriptor *tx;
	struct completion done;
	dma_cookie_t cookie;

	init_completion(&done);
	tx = dmaengine_prep_dma_memcpy(fake_dma_chan(fc), FAKE_MEM2, FAKE_MEM, 8, 0);
	KUNIT_ASSERT_NOT_NULL(test, tx);
	KUNIT_EXPECT_NULL(test, tx->callback);
	KUNIT_EXPECT_NULL(test, tx->callback_result);
	dmaengine_submit(tx);
	tx = dmaengine_prep_dma_memcpy(fake_dma_chan(fc), FAKE_MEM2, FAKE_MEM, 8, 0);
	KUNIT_ASSERT_NOT_NULL(test, tx);
	tx->callback = (dma_async_tx_callback)complete;
	tx->callback_param = &done;
	cookie = dmaengine_submit(tx);
	issue(fc);
	rig_work(fc, 8);
	KUNIT_EXPECT_FALSE(test, completion_done(&done));
	rig_work(fc, 8);
	KUNIT_EXPECT_TRUE(test, completion_done(&done));
	KUNIT_EXPECT_EQ(test, dma_async_is_tx_complete(fake_dma_chan(fc), cookie, NULL, NULL),
			DMA_COMPLETE);
}

static void submit_next(struct job *job)
{
	job_run(job->chan, job->data, 8);
}

/* A callback submits and issues the next transfer. */
static void order_callback_submits(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = {};

	job[0].then = submit_next;
	job[0].data = &job[1];
	job[1].then = submit_next;
	job[1].data = &job[2];
	job_run(fc, &job[0], 8);
	rig_work(fc, 8);
	rig_work(fc, 8);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[2].calls, 1);
	KUNIT_EXPECT_EQ(test, job[2].cookie, job[0].cookie + 2);
	/* At most two descriptors took turns; they are cached with their programs. */
	KUNIT_EXPECT_LE(test, fc->prepared, 2);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(order_one),
	KUNIT_CASE(order_nothing),
	KUNIT_CASE(order_many),
	KUNIT_CASE(order_later_issue),
	KUNIT_CASE(order_append),
	KUNIT_CASE(order_append_late),
	KUNIT_CASE(order_poll),
	KUNIT_CASE(order_cookies_wrap),
	KUNIT_CASE(order_other_callbacks),
	KUNIT_CASE(order_callback_submits),
	{}
};

static struct kunit_suite order_suite = RIG_SUITE("rkdma-order", order_cases);

kunit_test_suite(order_suite);
