// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of DMA_CTRL_REUSE: after completion the client keeps the descriptor and can
 * submit it again, until it frees it or terminates the channel.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

#define TIMES	100

static struct dma_async_tx_descriptor *reusable(struct test_run *run,
						struct xfer *x,
						struct segs *s)
{
	int ret;

	if (!xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT))
		return NULL;
	ret = dmaengine_desc_set_reuse(x->desc);
	if (ret == -EPERM) {
		run_skip(run, "the provider's descriptors cannot be reused");
		return NULL;
	}
	return EXPECT(run, !ret, "expected 0 from set_reuse, got %d", ret) ?
	       x->desc : NULL;
}

static bool run_again(struct test_run *run, struct xfer *x,
		      struct dma_async_tx_descriptor *desc, struct segs *s)
{
	xfer_reset(x);
	x->desc = desc;
	buf_guard(s->buf, 0, s->buf->size);
	if (!xfer_start(x) || !xfer_wait(x) ||
	    !segs_count(run, s, s->total, 0))
		return false;
	/* The descriptor can be submitted again once its callback has returned. */
	dmaengine_synchronize(x->chan);
	return true;
}

static bool reuse_setup(struct test_run *run, struct xfer **x, struct segs **s)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *dst = buf_new(run, run->rx, SZ_16K);

	*x = xfer_new(run, 2);
	*s = dst ? segs_spread(run, dst, 4, SZ_1K, 64) : NULL;
	return *x && *s && fifo_start(run, &setup);
}

static void again(struct test_run *run)
{
	struct dma_async_tx_descriptor *desc;
	dma_cookie_t last = 0;
	struct xfer *x;
	struct segs *s;
	int i, ret;

	if (!reuse_setup(run, &x, &s))
		return;
	desc = reusable(run, x, s);
	for (i = 0; desc && i < TIMES; i++) {
		if (!run_again(run, x, desc, s))
			return;
		EXPECT(run, x->cookie > last,
		       "expected a cookie above %d, got %d", last, x->cookie);
		last = x->cookie;
	}
	if (!desc)
		return;
	ret = dmaengine_desc_free(desc);
	EXPECT(run, !ret, "expected 0 from desc_free, got %d", ret);
	fifo_loop_works(run, "after a reused descriptor was freed");
}

static void last_time(struct test_run *run)
{
	struct dma_async_tx_descriptor *desc;
	struct xfer *x;
	struct segs *s;

	if (!reuse_setup(run, &x, &s))
		return;
	desc = reusable(run, x, s);
	if (!desc || !run_again(run, x, desc, s))
		return;
	dmaengine_desc_clear_reuse(desc);
	if (run_again(run, x, desc, s))
		fifo_loop_works(run, "after a descriptor was used for the last time");
}

/* Prepare for another run of the reusable descriptor and of another transfer. */
static void reset_pair(struct xfer *x, struct dma_async_tx_descriptor *desc)
{
	xfer_reset(&x[0]);
	xfer_reset(&x[1]);
	x[0].desc = desc;
}

static void among_others(struct test_run *run)
{
	struct dma_async_tx_descriptor *desc;
	struct xfer *x;
	struct segs *s;
	int i;

	if (!reuse_setup(run, &x, &s))
		return;
	desc = reusable(run, &x[0], s);
	for (i = 0; desc && i < TIMES / 4; i++) {
		reset_pair(x, desc);
		buf_guard(s->buf, 0, s->buf->size);
		if (!xfer_submit(&x[0]) ||
		    !xfer_slave(&x[1], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[1]) || !xfer_wait(&x[0]) ||
		    !xfer_wait(&x[1]) || !segs_count(run, s, s->total, 0))
			return;
		dmaengine_synchronize(run->rx);
	}
	if (desc)
		dmaengine_desc_free(desc);
}

/* The reusable descriptor is started before another transfer, and after one that runs. */
static void first_and_second(struct test_run *run)
{
	struct fifo_setup slow = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct dma_async_tx_descriptor *desc;
	struct xfer *x;
	struct segs *s;
	int i;

	if (!reuse_setup(run, &x, &s))
		return;
	desc = reusable(run, &x[0], s);
	if (!desc || !fifo_start(run, &slow))
		return;
	for (i = 0; i < 4; i++) {
		reset_pair(x, desc);
		if (!xfer_slave(&x[1], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[i % 2]) || !xfer_start(&x[1 - i % 2]) ||
		    !xfer_wait(&x[0]) || !xfer_wait(&x[1]))
			return;
		dmaengine_synchronize(run->rx);
	}
	dmaengine_desc_free(desc);
}

static void end_running(struct test_run *run)
{
	struct fifo_setup slow = { .mode = FIFO_COUNT, .rate = SZ_64K };
	struct dma_async_tx_descriptor *desc;
	struct xfer *x;
	struct segs *s;

	if (!reuse_setup(run, &x, &s))
		return;
	desc = reusable(run, x, s);
	if (!desc || !run_again(run, x, desc, s) || !fifo_start(run, &slow))
		return;
	xfer_reset(x);
	x->desc = desc;
	/* Terminate it while it runs. It must be freed, which kmemleak checks. */
	if (xfer_start(x) && xfer_terminate(run, run->rx) &&
	    xfer_no_callback(x, 1, "of a terminated transfer"))
		fifo_loop_works(run, "after a reusable descriptor was terminated");
}

static void not_reusable(struct test_run *run)
{
	struct xfer *x;
	struct segs *s;
	int ret;

	if (!reuse_setup(run, &x, &s) ||
	    !xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT))
		return;
	ret = dmaengine_desc_free(x->desc);
	EXPECT(run, ret == -EPERM,
	       "expected -EPERM from desc_free without reuse, got %d", ret);
	if (xfer_start(x))
		xfer_wait(x);
}

static const struct test tests[] = {
	{ "again", "a reusable descriptor runs 100 times, then can be freed",
	  NEEDS_LOOP, again },
	{ "last-time", "a descriptor whose reuse is cleared runs once more",
	  NEEDS_LOOP, last_time },
	{ "among-others", "a reusable descriptor runs between ordinary ones",
	  NEEDS_LOOP, among_others },
	{ "first-and-second", "a reusable descriptor runs before and after another one",
	  NEEDS_LOOP, first_and_second },
	{ "terminated", "a reusable descriptor can be terminated while it runs",
	  NEEDS_LOOP, end_running },
	{ "not-reusable", "a descriptor that is not reusable cannot be freed by the client",
	  NEEDS_LOOP, not_reusable },
};

const struct test_group reuse_group = { "reuse", tests, ARRAY_SIZE(tests) };
