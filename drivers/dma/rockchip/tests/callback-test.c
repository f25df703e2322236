// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callbacks that use their channel, and the contract of terminate: see the beginning of
 * chan-teardown.c.
 */
#include <linux/delay.h>

#include "fake.h"

static void issue(struct fake_chan *fc)
{
	dma_async_issue_pending(fake_dma_chan(fc));
}

static void then_terminate(struct job *job)
{
	KUNIT_EXPECT_EQ(job->chan->fake->rig->test,
			dmaengine_terminate_async(fake_dma_chan(job->chan)), 0);
}

static void then_run(struct job *job)
{
	job_run(job->chan, job->data, 8);
}

static void then_terminate_and_run(struct job *job)
{
	then_terminate(job);
	then_run(job);
}

static void then_prepare(struct job *job)
{
	struct job *next = job->data;

	next->tx = dmaengine_prep_dma_memcpy(fake_dma_chan(job->chan), FAKE_MEM2, FAKE_MEM,
					     8, DMA_PREP_INTERRUPT);
	KUNIT_EXPECT_NOT_NULL(job->chan->fake->rig->test, next->tx);
}

/* A callback terminates its channel. What was behind it is given up. */
static void callback_terminates(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = { { .then = then_terminate } };
	int i;

	for (i = 0; i < 3; i++)
		job_run(fc, &job[i], 8);
	rig_work(fc, 12);
	KUNIT_EXPECT_EQ(test, job[0].calls, 1);
	KUNIT_EXPECT_FALSE(test, fc->active);
	rig_work(fc, 100);
	KUNIT_EXPECT_EQ(test, job[1].calls + job[2].calls, 0);
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

/* A callback terminates, and starts over without a synchronize: its work is kept. */
static void callback_restarts(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = { { .then = then_terminate_and_run } };

	job[0].data = &job[2];
	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	rig_work(fc, 8);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
	KUNIT_EXPECT_EQ(test, job[2].calls, 1);
}

/* The same, but the client synchronizes before the new work is done: it is given up. */
static void callback_restart_given_up(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = { { .then = then_terminate_and_run } };

	job[0].data = &job[1];
	job_run(fc, &job[0], 8);
	rig_work(fc, 8);
	KUNIT_EXPECT_TRUE(test, fc->active);
	KUNIT_EXPECT_NE(test, fc->chan.terminations, fc->chan.synchronized);
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_EQ(test, fc->chan.terminations, fc->chan.synchronized);
	KUNIT_EXPECT_FALSE(test, fc->active);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

/* Of two callbacks that are called together, the first terminates, the second goes on. */
static void callback_after_terminate(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = { { .then = then_terminate }, { .then = then_run } };

	job[1].data = &job[2];
	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	rig_work(fc, 16);
	KUNIT_EXPECT_EQ(test, job[1].calls, 1);
	KUNIT_EXPECT_TRUE(test, fc->active);
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_FALSE(test, fc->active);
	KUNIT_EXPECT_EQ(test, job[2].calls, 0);
}

/*
 * A callback has prepared a transfer when another one terminates. The descriptor stays
 * valid: it can be submitted, and is freed by synchronize if it is not.
 */
static void callback_prepared(struct kunit *test, bool submit)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = { { .then = then_prepare }, { .then = then_terminate } };

	job[0].data = &job[2];
	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	rig_work(fc, 16);
	KUNIT_ASSERT_NOT_NULL(test, job[2].tx);
	/* The next prep must not be given the descriptor that was put aside. */
	KUNIT_EXPECT_FALSE(test, list_empty(&fc->chan.unsubmitted));
	KUNIT_EXPECT_EQ(test, fc->chan.live, 1);
	if (submit) {
		job_submit(fc, &job[2], job[2].tx);
		KUNIT_EXPECT_TRUE(test, list_empty(&fc->chan.unsubmitted));
		issue(fc);
		rig_work(fc, 8);
		KUNIT_EXPECT_EQ(test, job[2].calls, 1);
	}
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_TRUE(test, list_empty(&fc->chan.unsubmitted));
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

static void callback_prepared_dropped(struct kunit *test)
{
	callback_prepared(test, false);
}

static void callback_prepared_submitted(struct kunit *test)
{
	callback_prepared(test, true);
}

/* Prepared after terminate_all, and not submitted: it outlives synchronize. */
static void callback_prepared_later(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job first = { .chan = fc }, job = {};

	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(fake_dma_chan(fc)), 0);
	first.data = &job;
	then_prepare(&first);
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_EQ(test, fc->chan.live, 1);
	job_submit(fc, &job, job.tx);
	issue(fc);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
}

/**
 * struct waiter - another thread, which synchronizes
 * @work: its work
 * @chan: the channel
 * @returned: it has returned
 */
struct waiter {
	struct work_struct work;
	struct dma_chan *chan;
	bool returned;
};

static void waiter_synchronize(struct work_struct *work)
{
	struct waiter *w = container_of(work, struct waiter, work);

	dmaengine_synchronize(w->chan);
	WRITE_ONCE(w->returned, true);
}

/* Wait, a second at most, until a synchronize waits for callbacks. */
static bool drains(struct fake_chan *fc)
{
	unsigned int tries = 1000;

	while (!READ_ONCE(fc->chan.draining) && tries--)
		usleep_range(500, 1000);
	return fc->chan.draining == 1;
}

/* Have a transfer done and its callback pending, the channel terminated, and a waiter. */
static struct waiter *begin_waiting(struct kunit *test, struct fake_chan *fc, struct job *job)
{
	struct waiter *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->chan = fake_dma_chan(fc);
	INIT_WORK(&w->work, waiter_synchronize);
	job_run(fc, job, 8);
	rig_keep_callbacks(fc);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(w->chan), 0);
	schedule_work(&w->work);
	KUNIT_EXPECT_TRUE(test, drains(fc));
	KUNIT_EXPECT_FALSE(test, READ_ONCE(w->returned));
	return w;
}

/* While synchronize waits for callbacks, what is issued does not start; it is given up. */
static void callback_draining(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_COPY);
	struct job job[3] = {};
	unsigned int issues;
	struct waiter *w;

	w = begin_waiting(test, fc, &job[0]);
	issues = fc->issues;
	job_run(fc, &job[1], 8);
	job_copy(fc, &job[2], 8);
	KUNIT_EXPECT_EQ(test, fc->issues, issues);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(w->returned));
	rig_let_callbacks(rig);
	flush_work(&w->work);
	KUNIT_EXPECT_EQ(test, fc->chan.draining, 0);
	KUNIT_EXPECT_EQ(test, fc->issues, issues);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
	issue(fc);
	KUNIT_EXPECT_EQ(test, fc->issues, issues);
	KUNIT_EXPECT_EQ(test, job[0].calls + job[1].calls + job[2].calls, 0);
}

/* A terminate that comes while synchronize waits needs another synchronize. */
static void callback_terminate_draining(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_COPY);
	struct job job[2] = {};
	struct waiter *w;

	w = begin_waiting(test, fc, &job[0]);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(w->chan), 0);
	rig_let_callbacks(rig);
	flush_work(&w->work);
	KUNIT_EXPECT_EQ(test, fc->chan.terminations - fc->chan.synchronized, 1);
	job_run(fc, &job[1], 8);
	KUNIT_EXPECT_TRUE(test, fc->active);
	dmaengine_synchronize(w->chan);
	KUNIT_EXPECT_EQ(test, fc->chan.terminations, fc->chan.synchronized);
	KUNIT_EXPECT_FALSE(test, fc->active);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
}

/*
 * The hardware does not stop when synchronize is to give up work. The work stays, and the
 * next synchronize gives it up.
 */
static void callback_drain_stuck(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_COPY);
	struct job job = {};

	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(fake_dma_chan(fc)), 0);
	job_run(fc, &job, 8);
	fc->stuck = true;
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_NE(test, fc->chan.terminations, fc->chan.synchronized);
	KUNIT_EXPECT_EQ(test, fc->chan.draining, 0);
	KUNIT_EXPECT_TRUE(test, fc->active);
	fc->stuck = false;
	dmaengine_synchronize(fake_dma_chan(fc));
	KUNIT_EXPECT_EQ(test, fc->chan.terminations, fc->chan.synchronized);
	KUNIT_EXPECT_FALSE(test, fc->active);
}

/* The configuration does not outlive its client. */
static void callback_next_config(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_LINE);

	rig_release(fc);
	KUNIT_ASSERT_NOT_NULL(test, dma_get_slave_channel(fake_dma_chan(fc)));
	rig->held[FAKE_LINE] = true;
	KUNIT_EXPECT_NULL(test, dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 8,
							    DMA_MEM_TO_DEV, 0));
}

/* An engine that cannot allocate a channel, and then can */
static void callback_alloc_error(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = &rig->fake->chans[FAKE_COPY];

	fc->alloc_error = -ENOMEM;
	KUNIT_EXPECT_NULL(test, rig_hold(rig, FAKE_COPY));
	KUNIT_EXPECT_FALSE(test, fc->chan.open);
	fc->alloc_error = 0;
	KUNIT_EXPECT_NOT_NULL(test, rig_hold(rig, FAKE_COPY));
	KUNIT_EXPECT_TRUE(test, fc->chan.open);
}

static void release_work(struct work_struct *work)
{
	struct waiter *w = container_of(work, struct waiter, work);

	rig_release(container_of(w->chan, struct fake_chan, chan.vc.chan));
	w->returned = true;
}

static void then_release(struct job *job)
{
	struct waiter *w = job->data;

	schedule_work(&w->work);
}

/* A callback has a worker release the channel, since it may not sleep itself. */
static void callback_releases(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct waiter *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct job job[2] = { { .then = then_release, .data = w } };

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->chan = fake_dma_chan(fc);
	INIT_WORK(&w->work, release_work);
	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	rig_work(fc, 8);
	flush_work(&w->work);
	KUNIT_EXPECT_TRUE(test, w->returned);
	KUNIT_EXPECT_FALSE(test, fc->allocated);
	KUNIT_EXPECT_EQ(test, job[0].calls, 1);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
}

static void waiter_release(struct work_struct *work)
{
	struct waiter *w = container_of(work, struct waiter, work);

	/* Without the synchronize that dmaengine puts before it */
	w->chan->device->device_free_chan_resources(w->chan);
	w->returned = true;
}

/* While a release waits for callbacks, these can prepare and start nothing. */
static void callback_while_released(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_COPY);
	struct waiter w = { .chan = fake_dma_chan(fc) };
	struct dma_async_tx_descriptor *tx;
	struct job job[2] = {};

	INIT_WORK_ONSTACK(&w.work, waiter_release);
	tx = dmaengine_prep_dma_memcpy(w.chan, FAKE_MEM2, FAKE_MEM, 8, DMA_PREP_INTERRUPT);
	KUNIT_ASSERT_NOT_NULL(test, tx);
	job_run(fc, &job[0], 8);
	rig_keep_callbacks(fc);
	rig_work(fc, 8);
	schedule_work(&w.work);
	KUNIT_EXPECT_TRUE(test, drains(fc));
	KUNIT_EXPECT_NULL(test, dmaengine_prep_dma_memcpy(w.chan, FAKE_MEM2, FAKE_MEM, 8, 0));
	/* What was prepared before can be submitted, and is given up. */
	job_submit(fc, &job[1], tx);
	issue(fc);
	KUNIT_EXPECT_FALSE(test, fc->active);
	KUNIT_EXPECT_FALSE(test, w.returned);
	rig_let_callbacks(rig);
	flush_work(&w.work);
	destroy_work_on_stack(&w.work);
	KUNIT_EXPECT_FALSE(test, fc->allocated);
	KUNIT_EXPECT_EQ(test, fc->programs, 0);
	KUNIT_EXPECT_EQ(test, job[0].calls + job[1].calls, 0);
}

static void then_free(struct job *job)
{
	struct job *other = job->data;

	KUNIT_EXPECT_EQ(job->chan->fake->rig->test, dmaengine_desc_free(other->tx), 0);
}

static void set_reuse(struct kunit *test, struct fake_chan *fc, struct job *job)
{
	job->tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 300, DMA_MEM_TO_DEV,
					      DMA_PREP_INTERRUPT);
	KUNIT_ASSERT_NOT_NULL(test, job->tx);
	KUNIT_ASSERT_EQ(test, dmaengine_desc_set_reuse(job->tx), 0);
}

/* A descriptor that is used again, and freed in the callback of another one */
static void callback_reuse(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job job[2] = {};
	int i;

	set_reuse(test, fc, &job[0]);
	for (i = 1; i <= 3; i++) {
		job_submit(fc, &job[0], job[0].tx);
		KUNIT_EXPECT_EQ(test, job_residue(&job[0]), 300);
		issue(fc);
		rig_work(fc, 300);
		KUNIT_EXPECT_EQ(test, job[0].calls, i);
		KUNIT_EXPECT_EQ(test, fc->chan.live, 1);
	}
	KUNIT_EXPECT_EQ(test, fc->prepared, 1);
	job[1].then = then_free;
	job[1].data = &job[0];
	job_send(fc, &job[1], 8);
	issue(fc);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job[1].calls, 1);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

/* A descriptor for use again survives the terminate of its transfer. */
static void callback_reuse_terminated(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job job = {};

	set_reuse(test, fc, &job);
	job_submit(fc, &job, job.tx);
	issue(fc);
	fake_move(fc, 8);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 1);
	job_submit(fc, &job, job.tx);
	issue(fc);
	rig_work(fc, 300);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
	KUNIT_EXPECT_EQ(test, dmaengine_desc_free(job.tx), 0);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

/*
 * A transfer has ended, and its interrupt is on its way when the client pauses: its callback
 * does not wait for the end of the pause. An engine whose channel has lost its thread by
 * then does not recognize the interrupt.
 */
static void callback_of_ended_in_pause(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[2] = {};

	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 8);
	fake_move(fc, 12);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	rig_settle(fc);
	KUNIT_EXPECT_EQ(test, job[0].calls, 1);
	KUNIT_EXPECT_EQ(test, job[1].calls, 0);
	KUNIT_EXPECT_EQ(test, job_status(&job[1]), DMA_PAUSED);
	KUNIT_EXPECT_EQ(test, job_residue(&job[1]), 4);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(fake_dma_chan(fc)), 0);
	rig_work(fc, 4);
	KUNIT_EXPECT_EQ(test, job[1].calls, 1);
}

static struct kunit_case callback_cases[] = {
	KUNIT_CASE(callback_terminates),
	KUNIT_CASE(callback_restarts),
	KUNIT_CASE(callback_restart_given_up),
	KUNIT_CASE(callback_after_terminate),
	KUNIT_CASE(callback_prepared_dropped),
	KUNIT_CASE(callback_prepared_submitted),
	KUNIT_CASE(callback_prepared_later),
	KUNIT_CASE(callback_draining),
	KUNIT_CASE(callback_terminate_draining),
	KUNIT_CASE(callback_drain_stuck),
	KUNIT_CASE(callback_next_config),
	KUNIT_CASE(callback_alloc_error),
	KUNIT_CASE(callback_releases),
	KUNIT_CASE(callback_while_released),
	KUNIT_CASE(callback_reuse),
	KUNIT_CASE(callback_reuse_terminated),
	KUNIT_CASE(callback_of_ended_in_pause),
	{}
};

static struct kunit_suite callback_suite = RIG_SUITE("rkdma-callback", callback_cases);

kunit_test_suite(callback_suite);
