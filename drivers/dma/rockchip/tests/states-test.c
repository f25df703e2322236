// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pause, terminate, synchronize, release, unbinding and system sleep, each in each of
 * the states of tests/states.c.
 */
#include "fake.h"

/**
 * struct scene - a channel in a state, for a test
 * @rig: the test's
 * @state: the state
 * @fc: the channel
 * @chan: the same, for dmaengine
 * @job: the jobs that brought it there
 */
struct scene {
	struct rig *rig;
	const struct state *state;
	struct fake_chan *fc;
	struct dma_chan *chan;
	struct job *job;
};

static struct scene scene_begin(struct kunit *test)
{
	struct scene s = { .rig = test->priv, .state = test->param_value };

	s.fc = rig_hold(s.rig, s.state->id);
	KUNIT_ASSERT_NOT_NULL(test, s.fc);
	s.chan = fake_dma_chan(s.fc);
	s.job = kunit_kcalloc(test, STATE_JOBS, sizeof(*s.job), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s.job);
	s.state->reach(s.fc, s.job);
	return s;
}

/* All that was submitted is done in order, each with its result. */
static void scene_finish(struct kunit *test, struct scene *s)
{
	unsigned int i, last = 0;

	rig_let_callbacks(s->rig);
	then_callbacks(s->fc, dmaengine_resume(s->chan));
	dma_async_issue_pending(s->chan);
	for (i = 0; i < (s->state->repeats ? 1 : STATE_JOBS + 1); i++)
		rig_work(s->fc, s->state->repeats ? 64 : 1000);
	for (i = 0; i < s->state->jobs; i++) {
		struct job *job = &s->job[i];
		bool failed = s->state->failed && i == s->state->done;

		KUNIT_EXPECT_EQ(test, job->calls, i ? 1 : s->state->calls);
		KUNIT_EXPECT_GT(test, job->nr, last);
		last = job->nr;
		KUNIT_EXPECT_EQ(test, job->result.result,
				failed ? DMA_TRANS_READ_FAILED : DMA_TRANS_NOERROR);
		KUNIT_EXPECT_EQ(test, job_status(job), failed ? DMA_ERROR :
				s->state->repeats ? DMA_IN_PROGRESS : DMA_COMPLETE);
	}
}

/* Nothing is left of what was given up. */
static void scene_empty(struct kunit *test, struct scene *s, unsigned int calls)
{
	KUNIT_EXPECT_EQ(test, s->rig->calls, calls);
	KUNIT_EXPECT_FALSE(test, s->fc->active);
	KUNIT_EXPECT_EQ(test, s->fc->chan.live, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&s->fc->chan.vc.desc_allocated));
}

static void states_finish(struct kunit *test)
{
	struct scene s = scene_begin(test);

	scene_finish(test, &s);
}

/* In a pause nothing moves, and what is done is reported. After resume nothing is lost. */
static void states_pause(struct kunit *test)
{
	struct scene s = scene_begin(test);
	const struct state *state = s.state;
	unsigned int i;
	u32 residue;

	KUNIT_EXPECT_EQ(test, dmaengine_pause(s.chan), 0);
	rig_let_callbacks(s.rig);
	for (i = 0; i < state->jobs; i++) {
		residue = job_residue(&s.job[i]);
		fake_move(s.fc, 1000);
		KUNIT_EXPECT_EQ(test, job_residue(&s.job[i]), residue);
		KUNIT_EXPECT_EQ(test, job_status(&s.job[i]),
				!state->issued ? DMA_IN_PROGRESS :
				i < state->done ? DMA_COMPLETE :
				i == state->done && state->failed ? DMA_ERROR : DMA_PAUSED);
	}
	scene_finish(test, &s);
}

/* terminate_all gives up submitted work at once. synchronize frees what was prepared. */
static void states_terminate(struct kunit *test)
{
	struct scene s = scene_begin(test);
	unsigned int calls = s.rig->calls;

	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(s.chan), 0);
	KUNIT_EXPECT_FALSE(test, s.fc->active);
	KUNIT_EXPECT_TRUE(test, list_empty(&s.fc->chan.running));
	rig_let_callbacks(s.rig);
	rig_work(s.fc, 1000);
	KUNIT_EXPECT_EQ(test, s.rig->calls, calls);
	dmaengine_synchronize(s.chan);
	scene_empty(test, &s, calls);
	rig_one_more(s.fc);
}

static void states_terminate_sync(struct kunit *test)
{
	struct scene s = scene_begin(test);
	unsigned int calls = s.rig->calls;

	rig_let_callbacks_later(s.rig);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(s.chan), 0);
	scene_empty(test, &s, calls);
	rig_one_more(s.fc);
}

/* A client that does not synchronize keeps what it issues after terminate_all. */
static void states_terminate_reissue(struct kunit *test)
{
	struct scene s = scene_begin(test);

	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(s.chan), 0);
	rig_let_callbacks(s.rig);
	rig_one_more(s.fc);
}

/* If the hardware does not stop, terminate says so and gives up nothing. */
static void states_terminate_stuck(struct kunit *test)
{
	struct scene s = scene_begin(test);

	s.fc->stuck = true;
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(s.chan), -ETIMEDOUT);
	s.fc->stuck = false;
	scene_finish(test, &s);
}

/* synchronize without a terminate waits for callbacks, and leaves work alone. */
static void states_synchronize(struct kunit *test)
{
	struct scene s = scene_begin(test);
	bool owed = s.rig->waiting;

	rig_let_callbacks_later(s.rig);
	dmaengine_synchronize(s.chan);
	KUNIT_EXPECT_NULL(test, s.rig->waiting);
	if (owed)
		KUNIT_EXPECT_GE(test, s.job[0].calls, 1);
	scene_finish(test, &s);
}

/*
 * A released channel has nothing left, calls nobody, and serves its next client. Callbacks
 * that were owed are called before: dmaengine synchronizes first.
 */
static void states_release(struct kunit *test)
{
	struct scene s = scene_begin(test);
	unsigned int calls = s.rig->calls;
	bool owed = s.rig->waiting;

	rig_let_callbacks_later(s.rig);
	rig_release(s.fc);
	if (owed)
		KUNIT_EXPECT_GT(test, s.rig->calls, calls);
	else
		KUNIT_EXPECT_EQ(test, s.rig->calls, calls);
	scene_empty(test, &s, s.rig->calls);
	KUNIT_EXPECT_EQ(test, s.fc->programs, 0);
	KUNIT_EXPECT_FALSE(test, s.fc->allocated);
	KUNIT_ASSERT_NOT_NULL(test, rig_hold(s.rig, s.state->id));
	rig_one_more(s.fc);
}

/* Hardware that does not stop as its client leaves is not given to another one. */
static void states_release_stuck(struct kunit *test)
{
	struct scene s = scene_begin(test);

	s.fc->stuck = true;
	rig_let_callbacks_later(s.rig);
	rig_release(s.fc);
	KUNIT_EXPECT_TRUE(test, s.fc->allocated);
	KUNIT_EXPECT_NULL(test, rig_hold(s.rig, s.state->id));
	s.fc->stuck = false;
	/* Unbinding takes back what the channel still has. */
	rig_unbind(s.rig);
	KUNIT_EXPECT_FALSE(test, s.fc->allocated);
}

/* Unbound, what is issued is aborted, and the client's channel does nothing any more. */
static void states_unbind(struct kunit *test)
{
	struct scene s = scene_begin(test);
	unsigned int i, issues;

	rig_let_callbacks_later(s.rig);
	rig_unbind(s.rig);
	KUNIT_EXPECT_EQ(test, s.fc->programs, 0);
	KUNIT_EXPECT_FALSE(test, s.fc->allocated);
	issues = s.fc->issues;
	for (i = 0; i < s.state->jobs; i++) {
		if (!s.state->issued) {
			KUNIT_EXPECT_EQ(test, s.job[i].calls, 0);
			continue;
		}
		KUNIT_EXPECT_GE(test, s.job[i].calls, 1);
		if (i == s.state->jobs - 1 && s.state->done < s.state->jobs)
			KUNIT_EXPECT_EQ(test, s.job[i].result.result, DMA_TRANS_ABORTED);
	}
	KUNIT_EXPECT_NULL(test, dmaengine_prep_dma_memcpy(fake_dma_chan(s.fc), FAKE_MEM2,
							  FAKE_MEM, 8, 0));
	then_callbacks(s.fc, dma_async_issue_pending(s.chan));
	if (s.state->jobs)
		KUNIT_EXPECT_NE(test, job_status(&s.job[0]), DMA_IN_PROGRESS);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(s.chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(s.chan), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(s.chan), 0);
	KUNIT_EXPECT_EQ(test, s.fc->issues, issues);
}

/* System sleep halts the channel, and goes on with it afterwards. */
static void states_sleep(struct kunit *test)
{
	struct scene s = scene_begin(test);
	struct device *dev = &s.rig->pdev->dev;
	unsigned int polls;
	u32 done;

	KUNIT_EXPECT_EQ(test, rkdma_system_suspend(dev), 0);
	KUNIT_EXPECT_TRUE(test, s.fc->halted);
	rig_let_callbacks(s.rig);
	done = s.fc->done;
	polls = s.fc->polls;
	fake_move(s.fc, 1000);
	/* The client's resume is not the system's. */
	KUNIT_EXPECT_EQ(test, dmaengine_resume(s.chan), 0);
	fake_move(s.fc, 1000);
	KUNIT_EXPECT_EQ(test, s.fc->done, done);
	KUNIT_EXPECT_EQ(test, s.fc->polls, polls);
	then_callbacks(s.fc, KUNIT_EXPECT_EQ(test, rkdma_system_resume(dev), 0));
	KUNIT_EXPECT_FALSE(test, s.fc->halted);
	scene_finish(test, &s);
}

/* Work that is issued after a terminate in system sleep waits for system resume. */
static void states_sleep_terminate(struct kunit *test)
{
	struct scene s = scene_begin(test);
	struct device *dev = &s.rig->pdev->dev;
	unsigned int calls = s.rig->calls;

	KUNIT_EXPECT_EQ(test, rkdma_system_suspend(dev), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_async(s.chan), 0);
	rig_let_callbacks(s.rig);
	dmaengine_synchronize(s.chan);
	scene_empty(test, &s, calls);
	KUNIT_EXPECT_TRUE(test, s.fc->halted);
	job_run(s.fc, s.job, 8);
	s.job->calls = 0;
	rig_work(s.fc, 8);
	KUNIT_EXPECT_EQ(test, s.job->calls, 0);
	KUNIT_EXPECT_EQ(test, rkdma_system_resume(dev), 0);
	rig_work(s.fc, 8);
	KUNIT_EXPECT_EQ(test, s.job->calls, 1);
}

KUNIT_ARRAY_PARAM(state, states, state_describe);

static struct kunit_case states_cases[] = {
	KUNIT_CASE_PARAM(states_finish, state_gen_params),
	KUNIT_CASE_PARAM(states_pause, state_gen_params),
	KUNIT_CASE_PARAM(states_terminate, state_gen_params),
	KUNIT_CASE_PARAM(states_terminate_sync, state_gen_params),
	KUNIT_CASE_PARAM(states_terminate_reissue, state_gen_params),
	KUNIT_CASE_PARAM(states_terminate_stuck, state_gen_params),
	KUNIT_CASE_PARAM(states_synchronize, state_gen_params),
	KUNIT_CASE_PARAM(states_release, state_gen_params),
	KUNIT_CASE_PARAM(states_release_stuck, state_gen_params),
	KUNIT_CASE_PARAM(states_unbind, state_gen_params),
	KUNIT_CASE_PARAM(states_sleep, state_gen_params),
	KUNIT_CASE_PARAM(states_sleep_terminate, state_gen_params),
	{}
};

static struct kunit_suite states_suite = RIG_SUITE("rkdma-states", states_cases);

kunit_test_suite(states_suite);
