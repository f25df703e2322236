/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An engine for tests of the core, and what those tests share.
 *
 * The engine has no hardware. It keeps a position in the descriptors that it was given
 * and changes that when a test says so: it moves bytes, faults, stops early, does not
 * stop, and reports a wrong position. It uses the interface of rkdma.h alone, as any
 * engine does. If the core breaks a rule of that interface, the test fails.
 */
#ifndef RKDMA_TESTS_FAKE_H
#define RKDMA_TESTS_FAKE_H

#include <kunit/test.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include "../rkdma.h"

/* Two request lines, and a channel that copies memory */
#define FAKE_LINE		0
#define FAKE_OTHER_LINE		1
#define FAKE_COPY		2
#define FAKE_CHANS		3
#define FAKE_MAX_SEG		256
#define FAKE_MAX_BURST		16
#define FAKE_MAX_CHUNK		64
#define FAKE_MAX_SKIP		1024
#define FAKE_ADDR_MASK		GENMASK_ULL(39, 0)
/* The peripheral's register, and memory */
#define FAKE_DEV		0xfe000000
#define FAKE_MEM		0x10000000
#define FAKE_MEM2		0x20000000

struct fake;
struct rig;

/**
 * struct fake_program - what the engine makes of a descriptor
 * @desc: the descriptor
 * @list: number of the list that the descriptor is linked to, by &fake_chan.list; 0 if
 *	it was never linked, or the hardware has done it
 */
struct fake_program {
	struct rkdma_desc *desc;
	unsigned int list;
};

/**
 * struct fake_chan - a channel
 * @chan: the channel
 * @fake: its controller
 * @allocated: a client has it
 * @active: the hardware has a list
 * @halted: it is halted
 * @list: number of its present list; each list of the channel has another number
 * @state: what the next poll reports
 * @at: descriptor of the position; NULL if all of the list is done
 * @tail: the last descriptor of the list
 * @seg: segment of the position
 * @done: bytes of it that are done
 * @segs_done: see &rkdma_pos.segs_done
 * @stuck: on command: it does not halt
 * @deaf: on command: the hardware does not see what is appended to its list
 * @endless: on command: each program has ended as soon as issue starts it, without end
 * @lies: on command: the next poll reports @lie
 * @lie: a wrong position
 * @alloc_error: on command: what alloc_chan returns
 * @prepare_error: on command: what prepare returns
 * @throttled: periods raise no interrupt
 * @issues: calls of issue
 * @polls: calls of poll
 * @halts: calls of halt
 * @resumes: calls of resume
 * @starts: lists that the hardware was given
 * @programs: programs that are not released
 * @prepared: programs that prepare allocated
 * @throttles: times that throttle switched the interrupts off
 */
struct fake_chan {
	struct rkdma_chan chan;
	struct fake *fake;
	bool allocated;
	bool active;
	bool halted;
	unsigned int list;
	enum rkdma_state state;
	struct rkdma_desc *at;
	struct rkdma_desc *tail;
	unsigned int seg;
	u32 done;
	u32 segs_done;
	bool stuck;
	bool deaf;
	bool endless;
	bool lies;
	struct rkdma_pos lie;
	int alloc_error;
	int prepare_error;
	bool throttled;
	unsigned int issues;
	unsigned int polls;
	unsigned int halts;
	unsigned int resumes;
	unsigned int starts;
	unsigned int programs;
	unsigned int prepared;
	unsigned int throttles;
};

/**
 * struct fake - a controller
 * @rk: the controller
 * @rig: the test's
 * @complaint: the first thing that the core did wrong, or NULL
 * @chans: its channels
 */
struct fake {
	struct rkdma rk;
	struct rig *rig;
	const char *complaint;
	struct fake_chan *chans;
};

/**
 * struct rig - a test's controller, and the channels that the test holds
 * @test: the test
 * @pdev: the device
 * @fake: the controller; NULL if its probe failed
 * @held: the test holds these channels
 * @calls: callbacks so far
 * @waiting: the channel whose callbacks wait for rig_let_callbacks(), or NULL
 * @later: calls rig_let_callbacks()
 */
struct rig {
	struct kunit *test;
	struct platform_device *pdev;
	struct fake *fake;
	bool held[FAKE_CHANS];
	unsigned int calls;
	struct fake_chan *waiting;
	struct delayed_work later;
};

/**
 * struct job - a transfer, and what became of it
 * @chan: its channel
 * @tx: its descriptor
 * @cookie: its cookie
 * @calls: calls of its callback
 * @nr: place of its last callback among all callbacks of the test, from 1
 * @result: the result that its last callback received
 * @then: called by the callback, or NULL
 * @data: for @then
 */
struct job {
	struct fake_chan *chan;
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;
	unsigned int calls;
	unsigned int nr;
	struct dmaengine_result result;
	void (*then)(struct job *job);
	void *data;
};

static inline struct fake_chan *to_fake_chan(struct rkdma_chan *c)
{
	return container_of(c, struct fake_chan, chan);
}

static inline struct dma_chan *fake_dma_chan(struct fake_chan *fc)
{
	return &fc->chan.vc.chan;
}

/* The descriptor of what a prep returned */
static inline struct rkdma_desc *fake_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct rkdma_desc, vd.tx);
}

/* fake.c: commands to the hardware */
extern struct platform_driver fake_driver;
void fake_move(struct fake_chan *fc, size_t bytes);
void fake_fault(struct fake_chan *fc, bool read);
void fake_end(struct fake_chan *fc);

/* rig.c: what a client does */
int rig_init(struct kunit *test);
void rig_exit(struct kunit *test);
void rig_unbind(struct rig *rig);
struct fake_chan *rig_hold(struct rig *rig, unsigned int id);
void rig_release(struct fake_chan *fc);
void rig_settle(struct fake_chan *fc);
void rig_interrupt(struct fake_chan *fc);
void rig_work(struct fake_chan *fc, size_t bytes);
void job_submit(struct fake_chan *fc, struct job *job,
		struct dma_async_tx_descriptor *tx);
void job_copy(struct fake_chan *fc, struct job *job, size_t len);
void job_send(struct fake_chan *fc, struct job *job, size_t len);
void job_cyclic(struct fake_chan *fc, struct job *job, size_t len, size_t period);
void job_run(struct fake_chan *fc, struct job *job, size_t len);
enum dma_status job_status(struct job *job);
u32 job_residue(struct job *job);
void rig_one_more(struct fake_chan *fc);
void rig_keep_callbacks(struct fake_chan *fc);
void rig_let_callbacks(struct rig *rig);
void rig_let_callbacks_later(struct rig *rig);

/* states.c */

/* Transfers of a state */
#define STATE_JOBS		3

/**
 * struct state - a state of a channel that a test begins with
 * @name: its name
 * @id: the channel
 * @jobs: number of jobs that are submitted
 * @done: number of jobs that the next poll finds done without an error
 * @calls: callbacks of the first job by the time when all jobs are done; if it repeats, when
 *	it has moved 64 more bytes
 * @issued: the jobs are issued
 * @failed: the next poll finds that the job after those @done has failed
 * @repeats: the last job repeats
 * @reach: brings the channel into the state
 */
struct state {
	const char *name;
	unsigned int id;
	unsigned int jobs;
	unsigned int done;
	unsigned int calls;
	bool issued;
	bool failed;
	bool repeats;
	void (*reach)(struct fake_chan *fc, struct job *job);
};

#define NR_STATES	16

extern const struct state states[NR_STATES];
void state_describe(const struct state *state, char *desc);

/* Do @operation. Callbacks that it leads to are called after it, not meanwhile. */
#define then_callbacks(fc, operation)			\
do {							\
	local_bh_disable();				\
	operation;					\
	local_bh_enable();				\
	rig_settle(fc);					\
} while (0)

/* A suite whose tests have a rig */
#define RIG_SUITE(title, tests)		\
{					\
	.name = title,			\
	.init = rig_init,		\
	.exit = rig_exit,		\
	.test_cases = tests,		\
}

#endif
