// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of cyclic transfers, as audio and serial clients use them: the buffer is
 * repeated until terminate, each period has a callback, and the residue is correct at
 * any time.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sizes.h>
#include <linux/smp.h>

#include "client.h"

#define BURST	16
/* Bytes after which the device ends storm(): a few seconds */
#define STORM	SZ_256M

/**
 * struct ring - a cyclic transfer of a test
 * @x: the transfer; counts the callbacks
 * @buf: the buffer
 * @period: bytes of a period
 * @periods: how many
 * @bytes: reads how many bytes passed the device
 */
struct ring {
	struct xfer *x;
	struct buf *buf;
	size_t period;
	unsigned int periods;
	u32 (*bytes)(struct client *client);
};

static size_t ring_len(struct ring *r)
{
	return r->period * r->periods;
}

/* Prepare reading the device, whose bytes count up, at @rate bytes per second. */
static bool ring_prepare(struct test_run *run, struct ring *r, size_t period,
			 unsigned int periods, u32 rate, unsigned long flags)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = rate };

	r->x = xfer_new(run, 1);
	r->buf = buf_new(run, run->rx, period * periods);
	r->period = period;
	r->periods = periods;
	r->bytes = fifo_rx_bytes;
	return r->x && r->buf && fifo_start(run, &setup) &&
	       xfer_cyclic(r->x, run->rx, r->buf, period * periods, period,
			   DMA_DEV_TO_MEM, flags);
}

static bool ring_start(struct test_run *run, struct ring *r, size_t period,
		       unsigned int periods, u32 rate, unsigned long flags)
{
	return ring_prepare(run, r, period, periods, rate, flags) &&
	       xfer_start(r->x);
}

static unsigned int ring_calls(struct ring *r)
{
	return atomic_read(&r->x->calls);
}

/* Pause, so that counts can be compared. */
static bool ring_pause(struct test_run *run, struct ring *r)
{
	int ret = dmaengine_pause(r->x->chan);

	return EXPECT(run, !ret, "expected 0 from pause, got %d", ret);
}

/* Expect a callback for each period so far. The transfer is paused or stalled. */
static bool ring_check_callbacks(struct test_run *run, struct ring *r)
{
	unsigned int want, ms;

	xfer_status(r->x, NULL);
	want = r->bytes(run->client) / r->period;
	for (ms = 0; ms < timeout_ms && ring_calls(r) < want; ms++)
		usleep_range(1000, 1100);
	return EXPECT(run, ring_calls(r) == want,
		      "expected a callback for each of %u periods, got %u",
		      want, ring_calls(r));
}

/* Expect that the residue matches the device's count. @slack: bytes in flight. */
static bool ring_check_residue(struct test_run *run, struct ring *r, u32 slack)
{
	u32 before = r->bytes(run->client), residue, after, gone;
	enum dma_status status = xfer_status(r->x, &residue);
	u32 len = ring_len(r);

	after = r->bytes(run->client);
	if (!EXPECT(run, status == DMA_IN_PROGRESS || status == DMA_PAUSED,
		    "expected DMA_IN_PROGRESS or DMA_PAUSED, got %s",
		    status_name(status)) ||
	    !EXPECT(run, residue && residue <= len,
		    "expected a residue of 1 to %u, got %u", len, residue))
		return false;
	/* Distance of the reported position from the earliest one, modulo the buffer */
	gone = (len - residue + len - (before - min(before, slack)) % len) % len;
	return EXPECT(run, gone <= after - before + min(before, slack),
		      "expected a position from %u to %u of %u, got %u",
		      (before - min(before, slack)) % len, after % len, len,
		      len - residue);
}

static void rx(struct test_run *run)
{
	struct ring r;

	if (ring_start(run, &r, 480, 5, SZ_1M, DMA_PREP_INTERRUPT) &&
	    xfer_wait_calls(r.x, 100) && ring_pause(run, &r) &&
	    ring_check_callbacks(run, &r) && ring_check_residue(run, &r, 0) &&
	    fifo_clean(run))
		buf_cycled(run, r.buf, ring_len(&r), fifo_rx_bytes(run->client));
}

/* Send the buffer repeatedly, and receive it by another channel in one list. */
static void tx(struct test_run *run)
{
	struct fifo_setup setup = { .rate = SZ_1M, .expect = SZ_16K };
	struct buf *from = buf_new(run, run->tx, SZ_1K);
	struct buf *to = buf_new(run, run->rx, SZ_16K);
	struct xfer *x = xfer_new(run, 2);
	struct ring r = { .period = SZ_256, .bytes = fifo_tx_bytes };
	struct segs *s;
	u32 sent = 0;
	int i;

	if (!from || !to || !x)
		return;
	r.x = &x[1];
	buf_fill(from, 0, SZ_1K, seed);
	s = segs_spread(run, to, 1, SZ_16K, 0);
	if (!s || !fifo_start(run, &setup) ||
	    !xfer_slave(&x[0], run->rx, s, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_start(&x[0]) ||
	    !xfer_cyclic(&x[1], run->tx, from, SZ_1K, SZ_256, DMA_MEM_TO_DEV,
			 DMA_PREP_INTERRUPT) ||
	    !xfer_start(&x[1]) || !xfer_wait(&x[0]) || !fifo_clean(run))
		return;
	for (i = 0; i < 16; i++)
		if (!buf_equal(run, to, i * SZ_1K, from, 0, SZ_1K))
			return;
	/* Nothing reads any more: the device fills up, which stops the ring. */
	for (i = 0; i < timeout_ms && sent != fifo_tx_bytes(run->client); i += 2) {
		sent = fifo_tx_bytes(run->client);
		usleep_range(2000, 2200);
	}
	if (ring_check_callbacks(run, &r))
		EXPECT(run, ring_calls(&r) >= 4 * 15,
		       "expected at least 60 callbacks, got %u", ring_calls(&r));
}

static void delay_here(void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	mdelay(10);
	local_irq_restore(flags);
}

/* All CPUs have interrupts off for 10 ms, several rounds of the buffer. */
static void late_cpu(struct test_run *run)
{
	struct ring r;
	int i;

	if (!ring_start(run, &r, 64, 4, SZ_1M, DMA_PREP_INTERRUPT))
		return;
	for (i = 0; i < 5; i++) {
		on_each_cpu(delay_here, NULL, 1);
		usleep_range(500, 1000);
	}
	if (EXPECT(run, fifo_rx_bytes(run->client) > 10 * ring_len(&r),
		   "expected more than 10 rounds, got %u bytes",
		   fifo_rx_bytes(run->client)) &&
	    ring_pause(run, &r))
		ring_check_callbacks(run, &r);
}

static void residue_running(struct test_run *run)
{
	struct ring r;
	int i;

	if (!ring_start(run, &r, SZ_1K, 4, SZ_1M, DMA_PREP_INTERRUPT))
		return;
	/* A burst in flight, and one that memory has not acknowledged. */
	for (i = 0; i < 500; i++) {
		if (!ring_check_residue(run, &r, 2 * BURST))
			return;
		usleep_range(20, 100);
	}
}

/*
 * Sound as from HDMI: 32 channels of 32 bits at 48 kHz, by single accesses, in long
 * periods. A controller whose code is written per burst needs much of it: the kernel's
 * pl330 needs more than 440 bytes for this period, and has room for 256.
 */
static void capture(struct test_run *run)
{
	const size_t period = 22 * SZ_1M - 1204;
	struct fifo_setup setup = {
		.mode = FIFO_COUNT, .burst = 1, .rate = 32 * 4 * 48000,
	};
	struct buf *buf = buf_new(run, run->rx, period);
	struct xfer *x = xfer_new(run, 1);
	u32 bytes, want, residue;
	ktime_t start;

	if (!buf || !x || !fifo_start(run, &setup) ||
	    !xfer_cyclic(x, run->rx, buf, period, period, DMA_DEV_TO_MEM,
			 DMA_PREP_INTERRUPT) || !xfer_start(x))
		return;
	start = ktime_get();
	msleep(100);
	if (!EXPECT(run, !dmaengine_pause(run->rx), "expected a pause"))
		return;
	want = ktime_us_delta(ktime_get(), start) * setup.rate / USEC_PER_SEC;
	bytes = fifo_rx_bytes(run->client);
	xfer_status(x, &residue);
	if (!EXPECT(run, bytes && period - residue == bytes,
		    "expected the position to be that of the device, %u bytes, got %zu",
		    bytes, period - residue) ||
	    !fifo_clean(run) || !buf_cycled(run, buf, period, bytes))
		return;
	/* At this rate a real device would have lost the data that did not arrive in time. */
	if (bytes < want / 20 * 19)
		run_skip(run,
			 "the emulator is too slow for this rate: run with --icount");
}

static void no_callback(struct test_run *run)
{
	struct ring r;
	int i;

	if (!ring_start(run, &r, SZ_256, 4, SZ_1M, 0))
		return;
	for (i = 0; i < 20; i++) {
		usleep_range(1000, 1100);
		if (!ring_check_residue(run, &r, 2 * BURST))
			return;
	}
	EXPECT(run, !ring_calls(&r) &&
	       fifo_rx_bytes(run->client) > 2 * ring_len(&r),
	       "expected no callback in more than two rounds, got %u in %u bytes",
	       ring_calls(&r), fifo_rx_bytes(run->client));
}

static void shapes(struct test_run *run)
{
	static const struct {
		size_t period;
		unsigned int periods;
	} shape[] = {
		{ SZ_4K, 1 }, { 16, 1 }, { SZ_2K, 2 }, { 12, 3 }, { 48, 62 },
		{ 48, 63 }, { 48, 64 }, { 16, 200 }, { 16, 3000 },
	};
	struct ring r;
	int i;

	for (i = 0; i < ARRAY_SIZE(shape); i++) {
		unsigned int some = min(shape[i].periods + 5, 400U);

		if (!ring_start(run, &r, shape[i].period, shape[i].periods,
				SZ_1M, DMA_PREP_INTERRUPT) ||
		    !xfer_wait_calls(r.x, some) || !ring_pause(run, &r) ||
		    !ring_check_callbacks(run, &r) || !ring_check_residue(run, &r, 0) ||
		    !buf_cycled(run, r.buf, ring_len(&r),
				fifo_rx_bytes(run->client)) ||
		    !xfer_terminate(run, run->rx))
			return;
	}
}

static void paused(struct test_run *run)
{
	struct ring r;
	u32 bytes;
	int i;

	if (!ring_start(run, &r, 480, 5, SZ_1M, DMA_PREP_INTERRUPT))
		return;
	for (i = 0; i < 60; i++) {
		usleep_range(100, 800);
		if (!ring_pause(run, &r))
			return;
		bytes = fifo_rx_bytes(run->client);
		if (!EXPECT(run, xfer_status(r.x, NULL) == DMA_PAUSED,
			    "expected DMA_PAUSED, got %s",
			    status_name(xfer_status(r.x, NULL))) ||
		    !ring_check_residue(run, &r, 0) || !ring_check_callbacks(run, &r) ||
		    !EXPECT(run, bytes == fifo_rx_bytes(run->client),
			    "expected no byte to move in a pause, got %u",
			    fifo_rx_bytes(run->client) - bytes))
			return;
		buf_cycled(run, r.buf, ring_len(&r), bytes);
		dmaengine_resume(run->rx);
	}
	/* The FIFO has 4 KiB, which must not have overflowed in a pause. */
	fifo_clean(run);
}

static void stop_in_callback(struct xfer *x)
{
	if (atomic_read(&x->calls) == 9)
		dmaengine_terminate_async(x->chan);
}

static void terminate_in_callback(struct test_run *run)
{
	struct ring r;

	if (!ring_prepare(run, &r, SZ_256, 4, SZ_1M, DMA_PREP_INTERRUPT))
		return;
	r.x->hook = stop_in_callback;
	if (!xfer_start(r.x) || !xfer_wait_calls(r.x, 10))
		return;
	dmaengine_synchronize(run->rx);
	msleep(20);
	EXPECT(run, ring_calls(&r) == 10,
	       "expected no callback after the tenth, which terminated, got %u",
	       ring_calls(&r));
	fifo_loop_works(run, "after a callback terminated its transfer");
}

static void terminate_running(struct test_run *run)
{
	unsigned int calls;
	struct ring r;
	int i;

	for (i = 0; i < 50; i++) {
		if (!ring_start(run, &r, 64, 4, 4 * SZ_1M, DMA_PREP_INTERRUPT))
			return;
		usleep_range(200, 2000);
		if (!xfer_terminate(run, run->rx))
			return;
		calls = ring_calls(&r);
		usleep_range(200, 400);
		if (!EXPECT(run, calls == ring_calls(&r),
			    "expected no callback after terminate_sync, got %u",
			    ring_calls(&r) - calls))
			return;
	}
	fifo_loop_works(run, "after cyclic transfers");
}

/*
 * Periods at the full speed of device and bus. If interrupts take all of a single CPU's
 * time, the device's error ends the transfer, so the test fails instead of hanging.
 */
static void storm(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rx_error = STORM };
	struct buf *buf = buf_new(run, run->rx, SZ_256);
	struct xfer *x = xfer_new(run, 1);

	if (!buf || !x || !fifo_start(run, &setup) ||
	    !xfer_cyclic(x, run->rx, buf, SZ_256, 16, DMA_DEV_TO_MEM,
			 DMA_PREP_INTERRUPT) || !xfer_start(x))
		return;
	usleep_range(5000, 5500);
	EXPECT(run, fifo_rx_bytes(run->client) < STORM,
	       "expected the test to run before the device's error, it did not");
	xfer_terminate(run, run->rx);
	fifo_loop_works(run, "after periods that are too fast for a CPU");
}

/*
 * Expect that a list has replaced the ring at the end of its buffer. Each of the ring's
 * periods has had its callback before, and no byte is lost between the two.
 */
static bool ring_replaced(struct test_run *run, struct ring *r, struct xfer *x,
			  struct segs *s)
{
	unsigned int calls;

	if (!xfer_wait(x))
		return false;
	/* A provider may count periods in 16 bits. */
	if (fifo_rx_bytes(run->client) / r->period > U16_MAX) {
		run_skip(run, "the emulator's host stalled: too many periods to count");
		return false;
	}
	calls = ring_calls(r);
	return EXPECT(run, xfer_status(r->x, NULL) == DMA_COMPLETE,
		      "expected the ring to be DMA_COMPLETE, got %s",
		      status_name(xfer_status(r->x, NULL))) &&
	       EXPECT(run, r->x->place < x->place,
		      "expected the ring's last callback before the list's") &&
	       EXPECT(run, calls % r->periods == 0 &&
		      fifo_rx_bytes(run->client) == calls * r->period + s->total,
		      "expected a callback per period of whole rounds, got %u in %u bytes",
		      calls, fifo_rx_bytes(run->client)) &&
	       segs_count(run, s, s->total, calls * r->period);
}

/* Replace a ring by a list. @burst: of the list; that of the ring is 4. */
static bool ring_to_list(struct test_run *run, size_t period, unsigned int periods,
			 u32 rate, unsigned int burst, unsigned int us)
{
	struct xfer *x = xfer_new(run, 1);
	struct buf *b = buf_new(run, run->rx, SZ_4K);
	struct segs *s = b ? segs_spread(run, b, 4, SZ_256, 64) : NULL;
	struct ring r;

	return x && s &&
	       ring_start(run, &r, period, periods, rate, DMA_PREP_INTERRUPT) &&
	       xfer_wait_calls(r.x, periods + 2) &&
	       fifo_config(run, run->rx, DMA_DEV_TO_MEM, fifo_data(run->client), 4,
			   burst) &&
	       (usleep_range(us, us + 10), true) &&
	       xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM,
			  DMA_PREP_INTERRUPT | DMA_PREP_LOAD_EOT) &&
	       xfer_start(x) && ring_replaced(run, &r, x, s) &&
	       xfer_terminate(run, run->rx);
}

static void load_eot(struct test_run *run)
{
	static const struct {
		size_t period;
		unsigned int periods;
	} shape[] = {
		{ 480, 5 }, { SZ_4K, 1 }, { 48, 63 }, { SZ_1K, 2 }, { 16, 200 },
	};
	int i, us;

	for (i = 0; i < ARRAY_SIZE(shape); i++)
		for (us = 10; us < 1000; us += 300)
			if (!ring_to_list(run, shape[i].period, shape[i].periods,
					  SZ_1M, us % 40 ? 2 : 4, us)) {
				run_fail(run, "that was shape %d", i);
				return;
			}
}

/*
 * Several rounds pass during a call of issue_pending. A round takes at least 2 us: a
 * provider's counter may wrap after 65536 of them, and the emulator's host may stall.
 */
static void load_eot_short(struct test_run *run)
{
	unsigned int us;

	for (us = 10; us < 100; us += 7)
		if (!ring_to_list(run, 16, 1 + us % 3, SZ_8M, 4, us))
			return;
}

/* Without DMA_PREP_LOAD_EOT only terminate ends it. */
static void no_load_eot(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct buf *b = buf_new(run, run->rx, SZ_4K);
	struct segs *s = b ? segs_spread(run, b, 4, SZ_256, 64) : NULL;
	struct ring r;

	if (x && s && ring_start(run, &r, SZ_256, 4, SZ_1M, DMA_PREP_INTERRUPT) &&
	    xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) &&
	    xfer_start(x) && xfer_wait_calls(r.x, 20) &&
	    xfer_no_callback(x, 1, "of a transfer without DMA_PREP_LOAD_EOT") &&
	    xfer_terminate(run, run->rx))
		fifo_loop_works(run, "after a list behind a cyclic transfer");
}

static void end_in_callback(struct xfer *x)
{
	struct xfer *next = x->data;

	if (atomic_read(&x->calls) == 6)
		xfer_start(next);
}

/* A callback of the ring issues the list that replaces it. */
static void load_eot_in_callback(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct buf *b = buf_new(run, run->rx, SZ_4K);
	struct segs *s = b ? segs_spread(run, b, 4, SZ_256, 64) : NULL;
	struct ring r;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		if (!x || !s ||
		    !ring_prepare(run, &r, 320, 3, SZ_1M, DMA_PREP_INTERRUPT))
			return;
		xfer_reset(x);
		if (!xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT | DMA_PREP_LOAD_EOT))
			return;
		r.x->hook = end_in_callback;
		r.x->data = x;
		if (!xfer_start(r.x) ||
		    !ring_replaced(run, &r, x, s) ||
		    !xfer_terminate(run, run->rx))
			return;
	}
}

static void error(struct test_run *run)
{
	struct fifo_setup setup = {
		.mode = FIFO_COUNT, .rate = SZ_1M, .rx_error = 1600,
	};
	struct buf *buf = buf_new(run, run->rx, SZ_1K);
	struct xfer *x = xfer_new(run, 1);
	unsigned int ms;

	if (!buf || !x || !fifo_start(run, &setup) ||
	    !xfer_cyclic(x, run->rx, buf, SZ_1K, SZ_256, DMA_DEV_TO_MEM,
			 DMA_PREP_INTERRUPT) || !xfer_start(x))
		return;
	for (ms = 0; ms < timeout_ms &&
	     x->result.result == DMA_TRANS_NOERROR; ms++)
		usleep_range(1000, 1100);
	EXPECT(run, x->result.result == DMA_TRANS_READ_FAILED,
	       "expected DMA_TRANS_READ_FAILED, got %s",
	       result_name(x->result.result));
	EXPECT(run, xfer_status(x, NULL) == DMA_ERROR,
	       "expected DMA_ERROR, got %s",
	       status_name(xfer_status(x, NULL)));
	xfer_terminate(run, run->rx);
	fifo_loop_works(run, "after a cyclic transfer failed");
}

static void refuse_bad(struct test_run *run)
{
	struct buf *buf = buf_new(run, run->rx, SZ_4K);
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	static const struct {
		size_t len;
		size_t period;
	} bad[] = {
		{ 0, 0 }, { SZ_4K, 0 }, { 0, SZ_1K }, { SZ_4K, 1000 },
		{ SZ_4K, SZ_8K }, { 4 * 1022, 1022 },
	};
	int i;

	if (!buf || !fifo_start(run, &setup))
		return;
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT(run, !dmaengine_prep_dma_cyclic(run->rx, buf->dma,
						       bad[i].len,
						       bad[i].period,
						       DMA_DEV_TO_MEM, 0),
		       "expected NULL for %zu bytes in periods of %zu",
		       bad[i].len, bad[i].period);
	EXPECT(run, !dmaengine_prep_dma_cyclic(run->rx, buf->dma + 1, SZ_1K,
					       SZ_256, DMA_DEV_TO_MEM, 0),
	       "expected NULL for an address that the width does not divide");
	EXPECT(run, !dmaengine_prep_dma_cyclic(run->rx, buf->dma, SZ_1K, SZ_256,
					       DMA_MEM_TO_MEM, 0),
	       "expected NULL for memory to memory");
	fifo_loop_works(run, "after refused cyclic transfers");
}

static const struct test tests[] = {
	{ "rx", "from the device: a callback per period, no byte lost",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, rx },
	{ "tx", "to the device: the buffer is sent round after round",
	  NEEDS_LOOP | NEEDS_CYCLIC, tx },
	{ "late-cpu", "each period has its callback, even if interrupts were off for long",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, late_cpu },
	{ "residue", "the residue matches the device's count at any time",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, residue_running },
	{ "no-callback", "without DMA_PREP_INTERRUPT there is no callback",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, no_callback },
	{ "shapes", "1 to 3000 periods of 12 bytes to 4 KiB",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, shapes },
	{ "paused", "pause and resume lose neither bytes nor periods",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, paused },
	{ "terminate-in-callback", "a callback may terminate its transfer",
	  NEEDS_LOOP | NEEDS_CYCLIC, terminate_in_callback },
	{ "terminate-running", "no callback comes after terminate_sync",
	  NEEDS_LOOP | NEEDS_CYCLIC, terminate_running },
	{ "storm", "periods that are too fast for a CPU leave it time to terminate",
	  NEEDS_LOOP | NEEDS_CYCLIC, storm },
	{ "load-eot", "DMA_PREP_LOAD_EOT replaces it at its buffer's end, no byte or callback lost",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC | NEEDS_REPEAT, load_eot },
	{ "load-eot-short", "the same with rounds that are shorter than a call of issue_pending",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC | NEEDS_REPEAT, load_eot_short },
	{ "no-load-eot", "a transfer without DMA_PREP_LOAD_EOT does not replace it",
	  NEEDS_LOOP | NEEDS_CYCLIC | NEEDS_REPEAT, no_load_eot },
	{ "load-eot-in-callback", "its callback may issue the transfer that replaces it",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC | NEEDS_REPEAT, load_eot_in_callback },
	{ "error", "a bus error ends it with DMA_ERROR",
	  NEEDS_LOOP | NEEDS_CYCLIC | NEEDS_FAULT, error },
	{ "refused", "invalid periods are refused",
	  NEEDS_LOOP | NEEDS_CYCLIC, refuse_bad },
	/* The last test: its large buffer leaves little memory to the next. */
	{ "capture", "32 channels of 32 bits, as from HDMI, in periods of 22 MiB: no byte is lost",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_CYCLIC, capture },
};

const struct test_group cyclic_group = { "cyclic", tests, ARRAY_SIZE(tests) };
