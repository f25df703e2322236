// SPDX-License-Identifier: GPL-2.0-only
/*
 * The states of a channel in which a client may pause, terminate or release it. Each
 * test of tests/states-test.c runs in each of them.
 */
#include "fake.h"

static void issue(struct fake_chan *fc)
{
	dma_async_issue_pending(fake_dma_chan(fc));
}

static void reach_idle(struct fake_chan *fc, struct job *job)
{
}

static void reach_prepared(struct fake_chan *fc, struct job *job)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(fake_dma_chan(fc), FAKE_MEM2, FAKE_MEM, 8, 0);
	KUNIT_ASSERT_NOT_NULL(fc->fake->rig->test, tx);
}

static void reach_submitted(struct fake_chan *fc, struct job *job)
{
	job_copy(fc, &job[0], 8);
	job_copy(fc, &job[1], 8);
}

static void reach_started(struct fake_chan *fc, struct job *job)
{
	job_run(fc, &job[0], 600);
	job_run(fc, &job[1], 8);
}

static void reach_amid(struct fake_chan *fc, struct job *job)
{
	reach_started(fc, job);
	fake_move(fc, 300);
}

static void reach_one_done(struct fake_chan *fc, struct job *job)
{
	reach_started(fc, job);
	fake_move(fc, 604);
}

static void reach_ended(struct fake_chan *fc, struct job *job)
{
	reach_started(fc, job);
	fake_move(fc, 608);
}

/* The hardware had stopped before it saw the second one. */
static void reach_ended_early(struct fake_chan *fc, struct job *job)
{
	job_run(fc, &job[0], 8);
	fc->deaf = true;
	job_run(fc, &job[1], 8);
	fc->deaf = false;
	fake_move(fc, 8);
}

static void reach_faulted(struct fake_chan *fc, struct job *job)
{
	reach_one_done(fc, job);
	job_run(fc, &job[2], 8);
	fake_fault(fc, true);
}

/* Done by an interrupt whose callbacks are still to come */
static void reach_owed(struct fake_chan *fc, struct job *job)
{
	reach_started(fc, job);
	fake_move(fc, 604);
	rig_keep_callbacks(fc);
	rig_interrupt(fc);
}

static void reach_fault_owed(struct fake_chan *fc, struct job *job)
{
	reach_faulted(fc, job);
	rig_keep_callbacks(fc);
	rig_interrupt(fc);
}

static void reach_paused(struct fake_chan *fc, struct job *job)
{
	reach_amid(fc, job);
	KUNIT_EXPECT_EQ(fc->fake->rig->test, dmaengine_pause(fake_dma_chan(fc)), 0);
}

/* Terminated, and not synchronized: what was prepared is still to be freed. */
static void reach_terminated(struct fake_chan *fc, struct job *job)
{
	reach_amid(fc, job);
	reach_prepared(fc, job);
	KUNIT_EXPECT_EQ(fc->fake->rig->test, dmaengine_terminate_async(fake_dma_chan(fc)), 0);
}

static void reach_repeating(struct fake_chan *fc, struct job *job)
{
	job_cyclic(fc, &job[0], 64, 16);
	issue(fc);
	rig_work(fc, 40);
}

static void reach_periods_owed(struct fake_chan *fc, struct job *job)
{
	reach_repeating(fc, job);
	rig_keep_callbacks(fc);
	rig_work(fc, 40);
}

/* A transfer that repeated has been replaced, and its last periods are owed. */
static void reach_replaced(struct fake_chan *fc, struct job *job)
{
	struct dma_async_tx_descriptor *tx;

	reach_repeating(fc, job);
	tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 8, DMA_DEV_TO_MEM,
					 DMA_PREP_INTERRUPT | DMA_PREP_LOAD_EOT);
	job_submit(fc, &job[1], tx);
	issue(fc);
	rig_keep_callbacks(fc);
	rig_work(fc, 24 + 4);
}

const struct state states[NR_STATES] = {
	{ .name = "idle", .id = FAKE_COPY, .reach = reach_idle },
	{ .name = "prepared", .id = FAKE_COPY, .reach = reach_prepared },
	{ .name = "submitted", .id = FAKE_COPY, .reach = reach_submitted,
	  .jobs = 2, .calls = 1 },
	{ .name = "started", .id = FAKE_COPY, .reach = reach_started,
	  .jobs = 2, .calls = 1, .issued = true },
	{ .name = "amid", .id = FAKE_COPY, .reach = reach_amid,
	  .jobs = 2, .calls = 1, .issued = true },
	{ .name = "one done", .id = FAKE_COPY, .reach = reach_one_done,
	  .jobs = 2, .done = 1, .calls = 1, .issued = true },
	{ .name = "ended", .id = FAKE_COPY, .reach = reach_ended,
	  .jobs = 2, .done = 2, .calls = 1, .issued = true },
	{ .name = "ended early", .id = FAKE_COPY, .reach = reach_ended_early,
	  .jobs = 2, .done = 1, .calls = 1, .issued = true },
	{ .name = "faulted", .id = FAKE_COPY, .reach = reach_faulted,
	  .jobs = 3, .done = 1, .calls = 1, .issued = true, .failed = true },
	{ .name = "callback owed", .id = FAKE_COPY, .reach = reach_owed,
	  .jobs = 2, .done = 1, .calls = 1, .issued = true },
	{ .name = "callback of a fault owed", .id = FAKE_COPY, .reach = reach_fault_owed,
	  .jobs = 3, .done = 1, .calls = 1, .issued = true, .failed = true },
	{ .name = "paused", .id = FAKE_COPY, .reach = reach_paused,
	  .jobs = 2, .calls = 1, .issued = true },
	{ .name = "terminated", .id = FAKE_COPY, .reach = reach_terminated },
	{ .name = "repeating", .id = FAKE_LINE, .reach = reach_repeating,
	  .jobs = 1, .calls = 6, .issued = true, .repeats = true },
	{ .name = "periods owed", .id = FAKE_LINE, .reach = reach_periods_owed,
	  .jobs = 1, .calls = 9, .issued = true, .repeats = true },
	{ .name = "replaced", .id = FAKE_LINE, .reach = reach_replaced,
	  .jobs = 2, .done = 1, .calls = 4, .issued = true },
};

/**
 * state_describe() - the description of a test's parameter
 * @state: the parameter
 * @desc: receives the state's name
 */
void state_describe(const struct state *state, char *desc)
{
	strscpy(desc, state->name, KUNIT_PARAM_DESC_SIZE);
}
