// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of polling: a client without DMA_PREP_INTERRUPT and without a callback sees
 * completion and errors by the status.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

static bool poll_prep(struct test_run *run, struct xfer *x, struct buf *dst,
		      struct buf *src, size_t off, size_t len)
{
	if (!xfer_memcpy(x, dst, off, src, off, len, DMA_CTRL_ACK))
		return false;
	x->desc->callback_result = NULL;
	x->desc->callback_param = NULL;
	return xfer_submit(x);
}

/* dma_sync_wait() issues, polls, and gives up after 5 s by itself. */
static bool poll_wait(struct xfer *x)
{
	enum dma_status status = dma_sync_wait(x->chan, x->cookie);

	return EXPECT(x->run, status == DMA_COMPLETE,
		      "expected DMA_COMPLETE from dma_sync_wait, got %s",
		      status_name(status));
}

static void sync_wait(struct test_run *run)
{
	struct buf *src = buf_new(run, run->mem, SZ_64K);
	struct buf *dst = buf_new(run, run->mem, SZ_64K);
	struct xfer *x = xfer_new(run, 1);
	unsigned int i, step = max(1000 / repetitions(1000), 1U);
	size_t len;

	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, src->size, seed);
	for (i = 0; i < 1000; i += step) {
		len = 1 + i * 61;
		buf_invert(dst, 0, src, 0, len);
		xfer_reset(x);
		if (!poll_prep(run, x, dst, src, 0, len) || !poll_wait(x) ||
		    !buf_equal(run, dst, 0, src, 0, len))
			return;
	}
}

static void sync_wait_queued(struct test_run *run)
{
	struct buf *src = buf_new(run, run->mem, SZ_1M);
	struct buf *dst = buf_new(run, run->mem, SZ_1M);
	const unsigned int count = SZ_1M / SZ_4K;
	struct xfer *x = xfer_new(run, count);
	unsigned int i;

	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, src->size, seed);
	buf_invert(dst, 0, src, 0, dst->size);
	for (i = 0; i < count; i++)
		if (!poll_prep(run, &x[i], dst, src, i * SZ_4K, SZ_4K))
			return;
	if (!poll_wait(&x[count - 1]) ||
	    !buf_equal(run, dst, 0, src, 0, dst->size))
		return;
	for (i = 0; i < count; i++)
		if (!poll_wait(&x[i]))
			return;
}

static void slave(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *dst = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 50);
	struct segs *s;
	unsigned int i;

	s = dst ? segs_spread(run, dst, 8, SZ_4K, 64) : NULL;
	if (!s || !x || !fifo_start(run, &setup))
		return;
	for (i = 0; i < 50; i++) {
		buf_guard(dst, 0, dst->size);
		if (!xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM,
				DMA_CTRL_ACK))
			return;
		x[i].desc->callback_result = NULL;
		if (!xfer_submit(&x[i]) || !poll_wait(&x[i]) ||
		    !segs_count(run, s, s->total, 0))
			return;
	}
}

static void poll_error(struct test_run *run)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);
	struct buf *b = buf_new(run, run->mem, SZ_4K);
	struct xfer *x = xfer_new(run, 1);
	enum dma_status status;

	if (!b || !x ||
	    !xfer_raw_memcpy(x, b->dma, run->fault_map, SZ_4K, DMA_CTRL_ACK))
		return;
	x->desc->callback_result = NULL;
	if (!xfer_start(x))
		return;
	do {
		status = xfer_status(x, NULL);
	} while (status == DMA_IN_PROGRESS && time_before(jiffies, end));
	EXPECT(run, status == DMA_ERROR,
	       "expected DMA_ERROR within %u ms, got %s", timeout_ms,
	       status_name(status));
	xfer_copy_works(run, "after an error that was polled");
}

static const struct test tests[] = {
	{ "sync-wait", "dma_sync_wait sees the end of a copy without DMA_PREP_INTERRUPT",
	  NEEDS_MEMCPY, sync_wait },
	{ "sync-wait-queued", "dma_sync_wait sees the end of the last of many queued copies",
	  NEEDS_MEMCPY, sync_wait_queued },
	{ "slave", "dma_sync_wait sees the end of a transfer from the device",
	  NEEDS_RX | NEEDS_FIFO, slave },
	{ "error", "polling sees an error of a transfer without a callback",
	  NEEDS_MEMCPY | NEEDS_FAULT, poll_error },
};

const struct test_group poll_group = { "poll", tests, ARRAY_SIZE(tests) };
