// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of pause and resume. Serial drivers pause a transfer to read a short packet,
 * audio drivers when playback pauses. No byte may be lost or moved twice.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

#define RATE	SZ_1M

static bool do_pause(struct test_run *run, struct dma_chan *chan)
{
	int ret = dmaengine_pause(chan);

	return EXPECT(run, !ret, "expected 0 from pause, got %d", ret);
}

static bool do_resume(struct test_run *run, struct dma_chan *chan)
{
	int ret = dmaengine_resume(chan);

	return EXPECT(run, !ret, "expected 0 from resume, got %d", ret);
}

/* Prepare a list from the device, which sends bytes that count up. */
static bool begin(struct test_run *run, struct xfer *x, struct segs **s,
		  u32 rate)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = rate };
	struct buf *buf = buf_new(run, run->rx, SZ_16K);

	*s = buf ? segs_spread(run, buf, 8, SZ_1K, 64) : NULL;
	return x && *s && fifo_start(run, &setup) &&
	       xfer_slave(x, run->rx, *s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT);
}

/* While paused, the residue matches the device's count and does not change. */
static bool check_paused(struct test_run *run, struct xfer *x)
{
	u32 bytes = fifo_rx_bytes(run->client), residue;
	enum dma_status status;
	int i;

	for (i = 0; i < 3; i++) {
		status = xfer_status(x, &residue);
		if (status == DMA_COMPLETE)
			return true;
		if (!EXPECT(run, status == DMA_PAUSED,
			    "expected DMA_PAUSED, got %s",
			    status_name(status)) ||
		    !EXPECT(run, residue == x->len - bytes &&
			    bytes == fifo_rx_bytes(run->client),
			    "expected a residue of %zu of %zu with %u bytes from the device, got %u with %u",
			    x->len - bytes, x->len, bytes, residue,
			    fifo_rx_bytes(run->client)))
			return false;
		usleep_range(100, 200);
	}
	return true;
}

static void running(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;
	int i;

	if (!begin(run, x, &s, RATE) || !xfer_start(x))
		return;
	for (i = 0; i < 30; i++) {
		usleep_range(50, 400);
		if (!do_pause(run, run->rx) || !check_paused(run, x) ||
		    !do_resume(run, run->rx) ||
		    !do_pause(run, run->rx) || !check_paused(run, x) ||
		    !do_resume(run, run->rx))
			return;
	}
	if (xfer_wait(x) && fifo_clean(run))
		segs_count(run, s, s->total, 0);
}

/* Read a short packet as a serial driver does: by DMA, and the rest by the CPU. */
static void short_packet(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	u32 residue, rest, want;
	struct segs *s;
	size_t got;
	int i;

	for (i = 0; i < 20; i++) {
		if (!begin(run, x, &s, RATE) || !xfer_start(x))
			return;
		usleep_range(100, 3000);
		if (!do_pause(run, run->rx))
			return;
		xfer_status(x, &residue);
		got = x->len - residue;
		dmaengine_terminate_async(run->rx);
		/* Wait until the device has at least four more bytes. */
		usleep_range(50, 100);
		fifo_read(run->client, &rest, 4);
		want = (got & 0xff) | ((got + 1) & 0xff) << 8 |
		       ((got + 2) & 0xff) << 16 | ((got + 3) & 0xff) << 24;
		if (!segs_count(run, s, got, 0) ||
		    !EXPECT(run, rest == want,
			    "expected %#x to follow %zu bytes by DMA, got %#x",
			    want, got, rest))
			return;
		dmaengine_synchronize(run->rx);
		xfer_reset(x);
	}
}

static void copying(struct test_run *run)
{
	struct buf *src = buf_new(run, run->mem, SZ_4M);
	struct buf *dst = buf_new(run, run->mem, SZ_4M);
	struct xfer *x = xfer_new(run, 4);
	int i;

	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, SZ_4M, seed);
	buf_invert(dst, 0, src, 0, SZ_4M);
	for (i = 0; i < 4; i++)
		if (!xfer_memcpy(&x[i], dst, i * SZ_1M, src, i * SZ_1M, SZ_1M,
				 DMA_PREP_INTERRUPT) || !xfer_start(&x[i]))
			return;
	for (i = 0; i < 20; i++) {
		if (!do_pause(run, run->mem) || !do_resume(run, run->mem))
			return;
		usleep_range(10, 50);
	}
	for (i = 0; i < 4; i++)
		if (!xfer_wait(&x[i]))
			return;
	buf_equal(run, dst, 0, src, 0, SZ_4M);
}

static void idle(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	if (!begin(run, x, &s, 0) || !do_pause(run, run->rx) || !xfer_start(x) ||
	    !xfer_no_callback(x, 1, "of a transfer issued in a pause") ||
	    !do_resume(run, run->rx) || !xfer_wait(x))
		return;
	segs_count(run, s, s->total, 0);
}

static void appended(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 2);
	struct segs *s, *s2;
	struct buf *buf = buf_new(run, run->rx, SZ_4K);

	if (!x || !buf || !begin(run, x, &s, RATE) || !xfer_start(x))
		return;
	s2 = segs_spread(run, buf, 2, SZ_1K, 64);
	usleep_range(500, 1000);
	if (!s2 || !do_pause(run, run->rx) ||
	    !xfer_slave(&x[1], run->rx, s2, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_start(&x[1]) ||
	    !check_paused(run, x) || !do_resume(run, run->rx) || !xfer_wait(&x[0]) ||
	    !xfer_wait(&x[1]) || !fifo_clean(run) ||
	    !segs_count(run, s, s->total, 0))
		return;
	segs_count(run, s2, s2->total, s->total & 0xff);
}

static void ended(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;
	int i;

	/* 8 KiB take 8 ms: the pauses come before, at and after the end. */
	for (i = 0; i < 40; i++) {
		xfer_reset(x);
		if (!begin(run, x, &s, RATE) || !xfer_start(x))
			return;
		usleep_range(7500, 7600 + i * 40);
		if (!do_pause(run, run->rx) || !check_paused(run, x) ||
		    !do_resume(run, run->rx) || !xfer_wait(x) ||
		    !segs_count(run, s, s->total, 0))
			return;
		dmaengine_synchronize(run->rx);
	}
}

static void twice(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	if (!begin(run, x, &s, RATE) || !xfer_start(x) ||
	    !do_pause(run, run->rx) || !do_pause(run, run->rx) || !check_paused(run, x) ||
	    !do_resume(run, run->rx) || !do_resume(run, run->rx) || !xfer_wait(x))
		return;
	segs_count(run, s, s->total, 0);
}

static void end_paused(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	/* The transfer takes half a second, since the pause may be late. */
	if (!begin(run, x, &s, RATE / 64) || !xfer_start(x))
		return;
	usleep_range(500, 1000);
	if (do_pause(run, run->rx) && xfer_terminate(run, run->rx) &&
	    xfer_no_callback(x, 1, "of a transfer terminated in a pause"))
		fifo_loop_works(run, "after a paused transfer was terminated");
}

/*
 * A provider may reuse a descriptor's program for a later transfer. The position at which
 * one transfer was resumed must not be taken for a position of the later one.
 */
static void next_transfer(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct buf *buf = buf_new(run, run->rx, SZ_4K);
	struct xfer *x = xfer_new(run, 5);
	u32 residue, before;
	unsigned long end;
	struct segs *s;
	int i;

	s = buf ? segs_spread(run, buf, 1, SZ_256, 64) : NULL;
	if (!x || !s || !fifo_start(run, &setup))
		return;
	for (i = 0; i < 4; i++)
		if (!xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) || !xfer_start(&x[i]))
			return;
	/* 100 of the first one's 244 us */
	usleep_range(100, 120);
	if (!do_pause(run, run->rx) || !do_resume(run, run->rx) ||
	    !xfer_wait(&x[0]) || !xfer_wait(&x[1]))
		return;
	/* Until the second descriptor is free: the fifth transfer may reuse it. */
	usleep_range(20, 40);
	if (!xfer_slave(&x[4], run->rx, s, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_start(&x[4]))
		return;
	before = s->total;
	end = jiffies + msecs_to_jiffies(timeout_ms);
	while (xfer_status(&x[3], &residue) == DMA_IN_PROGRESS &&
	       time_before(jiffies, end)) {
		if (!EXPECT(run, residue <= before,
			    "expected a residue of at most %u as before, got %u",
			    before, residue))
			return;
		before = residue;
	}
	for (i = 2; i < 5; i++)
		if (!xfer_wait(&x[i]))
			return;
	segs_count(run, s, s->total, 0);
}

static const struct test tests[] = {
	{ "running", "nothing moves in a pause, and no byte is lost after it",
	  NEEDS_RX | NEEDS_FIFO, running },
	{ "short-packet", "after a pause exactly the bytes that the residue shows were moved",
	  NEEDS_RX | NEEDS_FIFO, short_packet },
	{ "copying", "copies are complete after many pauses",
	  NEEDS_MEMCPY, copying },
	{ "idle", "a transfer issued in a pause runs after resume, not before",
	  NEEDS_RX | NEEDS_FIFO, idle },
	{ "appended", "a transfer issued behind a paused one follows it after resume",
	  NEEDS_RX | NEEDS_FIFO, appended },
	{ "ended", "a pause at a transfer's end loses nothing",
	  NEEDS_RX | NEEDS_FIFO, ended },
	{ "twice", "a second pause or resume changes nothing",
	  NEEDS_RX | NEEDS_FIFO, twice },
	{ "next-transfer", "a transfer after a paused one starts at its first byte",
	  NEEDS_RX | NEEDS_FIFO, next_transfer },
	{ "terminated", "a paused transfer can be terminated",
	  NEEDS_LOOP, end_paused },
};

const struct test_group pause_group = { "pause", tests, ARRAY_SIZE(tests) };
