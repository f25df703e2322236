// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of system sleep during transfers. selftests/pm.sh puts the system to sleep while
 * this test waits. Without that it cannot run, so it is not part of "all".
 */
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "client.h"

#define COPIES		4
#define SEGS		32
#define SEG		SZ_1K
#define RATE		(8 * SZ_1K)	/* the loop takes four seconds */

/*
 * Wait as xfer_wait_callback() does, but let the freezer freeze this task meanwhile. The
 * task holds the mutex of runs, which is safe: only other runs wait for it.
 */
static void wait_freezable(struct xfer *x)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);

	while (!completion_done(&x->done) && time_before(jiffies, end)) {
		__set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE_UNSAFE);
		schedule_timeout(msecs_to_jiffies(10));
	}
}

/* Wait for the loop. Returns whether the system slept before its end. */
static bool slept(struct test_run *run, struct xfer *loop)
{
	unsigned int sleeps = READ_ONCE(run->client->sleeps);

	wait_freezable(&loop[1]);
	wait_freezable(&loop[0]);
	if (READ_ONCE(run->client->sleeps) != sleeps)
		return true;
	run_skip(run, "the system did not sleep meanwhile");
	return false;
}

/*
 * System sleep begins in the middle of a list that goes through the FIFO. The copies are
 * issued in the client's own suspend, so they run when the controller is suspended.
 */
static void resume(struct test_run *run)
{
	struct fifo_setup setup = { .expect = SEGS * SEG, .rate = RATE };
	struct buf *from = buf_new(run, run->tx, SEGS * SEG);
	struct buf *to = buf_new(run, run->rx, SEGS * SEG);
	struct buf *src = buf_new(run, run->mem, SZ_4M);
	struct buf *dst = buf_new(run, run->mem, SZ_4M);
	struct xfer *x = xfer_new(run, COPIES + 2);
	struct xfer *loop = x + COPIES;
	struct segs *in, *out;
	unsigned int i;

	if (!from || !to || !src || !dst || !x)
		return;
	buf_fill(from, 0, from->size, seed);
	buf_fill(src, 0, src->size, seed);
	buf_invert(dst, 0, src, 0, src->size);
	out = segs_spread(run, from, SEGS, SEG, 0);
	in = segs_spread(run, to, SEGS, SEG, 0);
	if (!out || !in || !fifo_start(run, &setup))
		return;
	for (i = 0; i < COPIES; i++)
		if (!xfer_memcpy(&x[i], dst, i * SZ_1M, src, i * SZ_1M, SZ_1M,
				 DMA_PREP_INTERRUPT) || !xfer_submit(&x[i]))
			return;
	if (!xfer_slave(&loop[0], run->rx, in, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) ||
	    !xfer_slave(&loop[1], run->tx, out, DMA_MEM_TO_DEV,
			DMA_PREP_INTERRUPT) ||
	    !xfer_start(&loop[0]) || !xfer_start(&loop[1]))
		return;

	WRITE_ONCE(run->client->issue_late, run->mem);
	if (slept(run, loop) && xfer_wait(&loop[1]) && xfer_wait(&loop[0]) &&
	    fifo_clean(run) && segs_equal(run, in, out)) {
		for (i = 0; i < COPIES; i++)
			if (!xfer_wait(&x[i]))
				break;
		buf_copied(run, dst, 0, src, 0, src->size);
	}
	WRITE_ONCE(run->client->issue_late, NULL);
}

static const struct test tests[] = {
	{ "resume", "transfers that system sleep interrupts continue after it",
	  NEEDS_LOOP | NEEDS_MEMCPY, resume },
};

const struct test_group sleep_group = {
	.name = "sleep", .tests = tests, .count = ARRAY_SIZE(tests),
	.on_demand = true,
};
