// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of concurrent use: threads that share a channel, and several devices with
 * request lines at the same time.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sizes.h>

#include "client.h"

#define THREADS		4
#define ROUNDS		200
#define DEPTH		8
#define SLOT		SZ_2K
#define DEVICES		16

/**
 * struct worker - one thread of a test
 * @run: the running test, or the run on another client
 * @src: where it copies from
 * @dst: where it copies to
 * @from: what it sends through the FIFO
 * @to: where it gets that back
 * @x: its transfers
 * @rnd: its random numbers
 * @done: it has ended
 */
struct worker {
	struct test_run *run;
	struct buf *src;
	struct buf *dst;
	struct segs *from;
	struct segs *to;
	struct xfer *x;
	struct rnd_state rnd;
	struct completion done;
};

static bool start_worker(struct test_run *run, struct worker *w,
			 int (*fn)(void *data), unsigned int nr)
{
	struct task_struct *task;

	init_completion(&w->done);
	prandom_seed_state(&w->rnd, seed + nr);
	task = kthread_run(fn, w, "dma-client/%u", nr);
	return EXPECT(run, !IS_ERR(task), "expected a thread, got error %ld",
		      PTR_ERR(task));
}

/* Every wait in a worker has a timeout, so this one ends. */
static void join_worker(struct worker *w)
{
	wait_for_completion(&w->done);
}

static bool share_round(struct worker *w)
{
	size_t len[DEPTH];
	unsigned int i;

	for (i = 0; i < DEPTH; i++) {
		len[i] = 1 + prandom_u32_state(&w->rnd) % SLOT;
		xfer_reset(&w->x[i]);
		buf_invert(w->dst, i * SLOT, w->src, i * SLOT, len[i]);
		if (!xfer_memcpy(&w->x[i], w->dst, i * SLOT, w->src, i * SLOT,
				 len[i], DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&w->x[i]))
			return false;
		if (prandom_u32_state(&w->rnd) % 2)
			dma_async_issue_pending(w->run->mem);
	}
	dma_async_issue_pending(w->run->mem);
	for (i = 0; i < DEPTH; i++)
		if (!xfer_wait(&w->x[i]) ||
		    !buf_equal(w->run, w->dst, i * SLOT, w->src, i * SLOT,
			       len[i]) ||
		    (i && !EXPECT(w->run, w->x[i].place > w->x[i - 1].place,
				  "expected a thread's callbacks in order")))
			return false;
	return true;
}

static int share_thread(void *data)
{
	struct worker *w = data;
	unsigned int i;

	for (i = 0; i < repetitions(ROUNDS); i++)
		if (!share_round(w))
			break;
	complete(&w->done);
	return 0;
}

static void share(struct test_run *run)
{
	struct worker *w = run_alloc(run, THREADS * sizeof(*w));
	unsigned int i, started;

	for (i = 0; w && i < THREADS; i++) {
		w[i].run = run;
		w[i].src = buf_new(run, run->mem, DEPTH * SLOT);
		w[i].dst = buf_new(run, run->mem, DEPTH * SLOT);
		w[i].x = xfer_new(run, DEPTH);
		if (!w[i].src || !w[i].dst || !w[i].x)
			return;
		buf_fill(w[i].src, 0, DEPTH * SLOT, seed + i);
	}
	for (started = 0; w && started < THREADS; started++)
		if (!start_worker(run, &w[started], share_thread, started))
			break;
	for (i = 0; i < started; i++)
		join_worker(&w[i]);
}

static int loop_thread(void *data)
{
	struct worker *w = data;
	unsigned int i;

	for (i = 0; i < repetitions(ROUNDS / 4); i++) {
		buf_guard(w->to->buf, 0, w->to->buf->size);
		if (!fifo_loop(w->run, w->to, w->from, 4, 4)) {
			run_fail(w->run, "in round %u of %s", i,
				 dev_name(w->run->client->dev));
			break;
		}
	}
	complete(&w->done);
	return 0;
}

static bool loop_prepare(struct worker *w, struct test_run *run, u32 data)
{
	struct buf *from = buf_new(run, run->tx, SZ_32K);
	struct buf *to = buf_new(run, run->rx, SZ_32K);

	w->run = run;
	if (!from || !to)
		return false;
	buf_fill(from, 0, from->size, data);
	w->from = segs_spread(run, from, 13, SZ_2K, 64);
	w->to = segs_spread(run, to, 13, SZ_2K, 64);
	return w->from && w->to;
}

static void loop_both(struct test_run *run, struct test_run *other)
{
	struct worker *w = run_alloc(run, 2 * sizeof(*w));
	unsigned int i, started;

	if (!w || !loop_prepare(&w[0], run, seed) ||
	    !loop_prepare(&w[1], other, seed + 1))
		return;
	for (started = 0; started < 2; started++)
		if (!start_worker(run, &w[started], loop_thread, started))
			break;
	for (i = 0; i < started; i++)
		join_worker(&w[i]);
}

static void two_devices(struct test_run *run)
{
	struct client *client = client_other(run->client, 0);
	struct test_run *other;

	if (!client) {
		run_skip(run, "there is no second device with a FIFO");
		return;
	}
	other = run_begin(client, run->test);
	if (!EXPECT(run, other, "expected memory, got none"))
		return;
	if (other->tx && other->rx)
		loop_both(run, other);
	else
		run_skip(run, "the second device: %.64s", other->skip);
	if (other->failed)
		run_fail(run, "on the second device, %s",
			 dev_name(client->dev));
	run_end(other);
}

static bool loop_ready(struct worker *w)
{
	/* Slow enough for all devices to be busy at the same time. */
	struct fifo_setup setup = {
		.mode = FIFO_LOOP, .expect = w->to->total, .rate = SZ_1M,
	};

	buf_guard(w->to->buf, 0, w->to->buf->size);
	xfer_reset(&w->x[0]);
	xfer_reset(&w->x[1]);
	return fifo_start(w->run, &setup) &&
	       xfer_slave(&w->x[0], w->run->rx, w->to, DMA_DEV_TO_MEM,
			  DMA_PREP_INTERRUPT) &&
	       xfer_slave(&w->x[1], w->run->tx, w->from, DMA_MEM_TO_DEV,
			  DMA_PREP_INTERRUPT);
}

static bool loop_check(struct worker *w)
{
	return xfer_wait(&w->x[1]) && xfer_wait(&w->x[0]) &&
	       fifo_clean(w->run) && segs_equal(w->run, w->to, w->from);
}

/*
 * Start all transfers before waiting for the first, and all receivers before the first
 * sender. So receivers that wait for data occupy all threads of a PL330, and have to make
 * room for the senders.
 */
static void loop_all(struct worker *w, unsigned int count)
{
	unsigned int round, i;

	for (i = 0; i < count; i++) {
		w[i].x = xfer_new(w[i].run, 2);
		if (!w[i].x || !loop_prepare(&w[i], w[i].run, seed + i))
			return;
	}
	for (round = 0; round < 8; round++) {
		for (i = 0; i < count; i++)
			if (!loop_ready(&w[i]))
				return;
		for (i = 0; i < count; i++)
			if (!xfer_start(&w[i].x[0]))
				return;
		for (i = 0; i < count; i++)
			if (!xfer_start(&w[i].x[1]))
				return;
		for (i = 0; i < count; i++)
			if (!loop_check(&w[i]))
				return;
	}
}

static void all_devices(struct test_run *run)
{
	struct worker *w = run_alloc(run, DEVICES * sizeof(*w));
	struct client *client;
	unsigned int i, count;
	bool all = true;

	if (!w)
		return;
	w[0].run = run;
	for (count = 1; all && count < DEVICES; count++) {
		client = client_other(run->client, count - 1);
		w[count].run = client ? run_begin(client, run->test) : NULL;
		if (!w[count].run)
			break;
		all = EXPECT(run, w[count].run->tx && w[count].run->rx,
			     "expected channels for %s, too, behind %u devices, got %.64s",
			     dev_name(client->dev), count, w[count].run->skip);
	}
	if (count == 1)
		run_skip(run, "there is no second device with a FIFO");
	else if (all)
		loop_all(w, count);
	for (i = 1; i < count; i++) {
		if (w[i].run->failed)
			run_fail(run, "on %s", dev_name(w[i].run->client->dev));
		run_end(w[i].run);
	}
}

static const struct test tests[] = {
	{ "share", "each thread that shares a channel gets its own data and callbacks",
	  NEEDS_MEMCPY, share },
	{ "two-devices", "two devices at once do not disturb each other",
	  NEEDS_LOOP, two_devices },
	{ "all-devices", "all devices get channels and use them at the same time",
	  NEEDS_LOOP, all_devices },
};

const struct test_group thread_group = { "thread", tests, ARRAY_SIZE(tests) };
