// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callbacks that submit, terminate, or have the channel released, in each state of
 * tests/states.c, while the client pauses, synchronizes, terminates or releases it.
 *
 * What the core promises its engines is checked by the fake engine all along, and memory
 * by KASAN. The channel must be empty afterwards, and do one more transfer.
 */
#include "fake.h"

enum { SUBMITS, TERMINATES, RELEASES, ACTS };
enum { NOTHING, PAUSE, SYNCHRONIZE, TERMINATE, RELEASE, OPERATIONS };

static const char * const act_names[] = { "submits", "terminates", "has it released" };
static const char * const operation_names[] = {
	"nothing else", "pause", "synchronize", "terminate", "release"
};

/**
 * struct acting - what a case is about
 * @state: the state
 * @act: what each callback does
 * @operation: what the client does
 */
struct acting {
	const struct state *state;
	unsigned int act;
	unsigned int operation;
};

/* If callbacks have the channel released, the client at most pauses it. */
#define PER_STATE	((ACTS - 1) * OPERATIONS + SYNCHRONIZE)

/* The parameter of a case is a pointer into this array. Its index is the case's number. */
static const u8 places[NR_STATES * PER_STATE];

static struct acting acting_of(const u8 *place)
{
	unsigned int i = (place - places) % PER_STATE;

	return (struct acting) {
		.state = &states[(place - places) / PER_STATE],
		.act = i / OPERATIONS,
		.operation = i % OPERATIONS,
	};
}

/**
 * struct actor - what callbacks act on
 * @fc: the channel
 * @act: what they do
 * @times: how often they did it
 * @spare: for what they submit
 * @release: releases the channel
 */
struct actor {
	struct fake_chan *fc;
	unsigned int act;
	unsigned int times;
	struct job spare;
	struct work_struct release;
};

static void actor_release(struct work_struct *work)
{
	rig_release(container_of(work, struct actor, release)->fc);
}

static void actor_acts(struct job *job)
{
	struct actor *actor = job->data;

	/* Twice is enough: the second acts on a channel that the first has acted on. */
	if (actor->times++ >= 2)
		return;
	switch (actor->act) {
	case SUBMITS:
		job_run(actor->fc, &actor->spare, 8);
		break;
	case TERMINATES:
		KUNIT_EXPECT_EQ(actor->fc->fake->rig->test,
				dmaengine_terminate_async(fake_dma_chan(actor->fc)), 0);
		break;
	case RELEASES:
		schedule_work(&actor->release);
		break;
	}
}

static void operate(struct kunit *test, struct fake_chan *fc, unsigned int operation)
{
	struct rig *rig = test->priv;
	struct dma_chan *chan = fake_dma_chan(fc);

	if (operation >= SYNCHRONIZE)
		rig_let_callbacks_later(rig);
	switch (operation) {
	case PAUSE:
		KUNIT_EXPECT_EQ(test, dmaengine_pause(chan), 0);
		break;
	case SYNCHRONIZE:
		dmaengine_synchronize(chan);
		break;
	case TERMINATE:
		KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(chan), 0);
		break;
	case RELEASE:
		rig_release(fc);
		break;
	}
	rig_let_callbacks(rig);
}

static void acting(struct kunit *test)
{
	const struct acting a = acting_of(test->param_value);
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, a.state->id);
	struct job *job = kunit_kcalloc(test, STATE_JOBS, sizeof(*job), GFP_KERNEL);
	struct actor *actor = kunit_kzalloc(test, sizeof(*actor), GFP_KERNEL);
	unsigned int i, calls;

	KUNIT_ASSERT_NOT_NULL(test, job);
	KUNIT_ASSERT_NOT_NULL(test, actor);
	actor->fc = fc;
	actor->act = a.act;
	INIT_WORK(&actor->release, actor_release);
	a.state->reach(fc, job);
	for (i = 0; i < STATE_JOBS; i++) {
		job[i].then = actor_acts;
		job[i].data = actor;
	}

	operate(test, fc, a.operation);
	flush_work(&actor->release);
	for (i = 0; i < STATE_JOBS + 2 && rig->held[a.state->id]; i++) {
		then_callbacks(fc, dmaengine_resume(fake_dma_chan(fc)));
		flush_work(&actor->release);
		if (!rig->held[a.state->id])
			break;
		dma_async_issue_pending(fake_dma_chan(fc));
		rig_work(fc, a.state->repeats ? 64 : 1000);
		flush_work(&actor->release);
	}
	KUNIT_EXPECT_LE(test, actor->spare.calls, actor->times);
	if (a.state->jobs && a.operation < TERMINATE)
		KUNIT_EXPECT_GT(test, actor->times, 0);

	calls = rig->calls;
	if (rig->held[a.state->id])
		KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(fake_dma_chan(fc)), 0);
	else
		KUNIT_ASSERT_NOT_NULL(test, rig_hold(rig, a.state->id));
	KUNIT_EXPECT_EQ(test, rig->calls, calls);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
	KUNIT_EXPECT_FALSE(test, fc->active);
	rig_one_more(fc);
}

static void acting_describe(const u8 *place, char *desc)
{
	struct acting a = acting_of(place);

	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s: a callback %s: %s", a.state->name,
		 act_names[a.act], operation_names[a.operation]);
}

KUNIT_ARRAY_PARAM(acting, places, acting_describe);

static struct kunit_case acting_cases[] = {
	KUNIT_CASE_PARAM(acting, acting_gen_params),
	{}
};

static struct kunit_suite acting_suite = RIG_SUITE("rkdma-acting", acting_cases);

kunit_test_suite(acting_suite);
