// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the residue: the whole length before the start, 0 at the end, never
 * increasing in between, and as exact as the provider's residue granularity.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

/**
 * struct watch - what was seen of a residue
 * @granularity: as the provider declares it
 * @burst: bytes of a burst
 * @seg: bytes of a segment, all being equal
 * @bytes: reads how many bytes passed the device, NULL if nothing counts
 * @values: different values seen
 */
struct watch {
	enum dma_residue_granularity granularity;
	u32 burst;
	u32 seg;
	u32 (*bytes)(struct client *client);
	unsigned int values;
};

/* Bytes that passed the device and need not be reported as done. */
static u32 watch_slack(const struct watch *w)
{
	/* A burst in flight, and one that memory has not acknowledged. */
	if (w->granularity == DMA_RESIDUE_GRANULARITY_BURST)
		return 2 * w->burst;
	return w->seg + w->burst;
}

static bool watch_one(struct xfer *x, struct watch *w, u32 *last)
{
	u32 before = w->bytes ? w->bytes(x->run->client) : 0;
	enum dma_status status;
	u32 residue, done, after;

	status = xfer_status(x, &residue);
	after = w->bytes ? w->bytes(x->run->client) : 0;
	if (status != DMA_IN_PROGRESS)
		return EXPECT(x->run, status == DMA_COMPLETE && !residue,
			      "expected DMA_COMPLETE with residue 0, got %s with %u",
			      status_name(status), residue);
	if (!EXPECT(x->run, residue <= *last,
		    "expected a residue of at most %u of %zu, got %u", *last,
		    x->len, residue))
		return false;
	w->values += residue != *last;
	*last = residue;
	done = x->len - residue;
	if (w->granularity == DMA_RESIDUE_GRANULARITY_SEGMENT &&
	    !EXPECT(x->run, done % w->seg == 0,
		    "expected whole segments of %u bytes, got %u bytes done",
		    w->seg, done))
		return false;
	return !w->bytes ||
	       EXPECT(x->run, done <= after && done + watch_slack(w) >= before,
		      "expected %u to %u bytes done, as the device counts, got %u",
		      before > watch_slack(w) ? before - watch_slack(w) : 0,
		      after, done);
}

/* Follow a transfer that has been issued to its end. */
static bool watch(struct xfer *x, struct watch *w)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);
	u32 last = x->len;

	while (!completion_done(&x->done) && time_before(jiffies, end)) {
		if (!watch_one(x, w, &last))
			return false;
		usleep_range(20, 50);
	}
	return xfer_wait(x) && watch_one(x, w, &last);
}

static bool watch_granularity(struct test_run *run, struct dma_chan *chan,
			      struct watch *w)
{
	w->granularity = chan->device->residue_granularity;
	if (w->granularity != DMA_RESIDUE_GRANULARITY_DESCRIPTOR)
		return true;
	run_skip(run, "the provider reports whole descriptors only");
	return false;
}

static bool slave_watched(struct test_run *run, struct dma_chan *chan,
			  enum dma_transfer_direction dir, struct segs *s,
			  u32 rate, struct watch *w)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = rate };
	struct xfer *x = xfer_new(run, 1);

	w->values = 0;
	return x && fifo_start(run, &setup) &&
	       xfer_slave(x, chan, s, dir, DMA_PREP_INTERRUPT) &&
	       xfer_start(x) && watch(x, w);
}

static void slave_running(struct test_run *run, struct dma_chan *chan,
			  enum dma_transfer_direction dir,
			  u32 (*bytes)(struct client *client))
{
	struct watch w = { .burst = 16, .seg = SZ_4K, .bytes = bytes };
	struct buf *buf = buf_new(run, chan, SZ_128K);
	struct segs *s;
	u32 rate;

	if (!buf || !watch_granularity(run, chan, &w))
		return;
	s = segs_spread(run, buf, 16, w.seg, 64);
	/*
	 * 64 KiB at 1 MiB/s take 60 ms, and are polled every 50 us. If the CPU is too
	 * busy for that, the test is repeated with a slower device.
	 */
	for (rate = SZ_1M; s && rate >= SZ_64K; rate /= 4) {
		if (!slave_watched(run, chan, dir, s, rate, &w) ||
		    w.values >= 8)
			return;
	}
	EXPECT(run, !s, "expected at least 8 different values on the way, got %u",
	       w.values);
}

static void rx_running(struct test_run *run)
{
	slave_running(run, run->rx, DMA_DEV_TO_MEM, fifo_rx_bytes);
}

static void tx_running(struct test_run *run)
{
	slave_running(run, run->tx, DMA_MEM_TO_DEV, fifo_tx_bytes);
}

static void memcpy_running(struct test_run *run)
{
	struct watch w = { .burst = 1, .seg = 1 };
	struct buf *src, *dst;
	struct xfer *x = xfer_new(run, 4);
	int i;

	/* A copy is one segment, so only a granularity of bursts shows progress. */
	w.granularity = run->mem->device->residue_granularity;
	src = buf_new(run, run->mem, SZ_4M);
	dst = buf_new(run, run->mem, SZ_4M);
	if (!src || !dst || !x)
		return;
	for (i = 0; i < 4; i++)
		if (!xfer_memcpy(&x[i], dst, 0, src, 0, SZ_4M,
				 DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&x[i]))
			return;
	dma_async_issue_pending(run->mem);
	for (i = 0; i < 4; i++)
		if (!watch(&x[i], &w))
			return;
}

static void before_start(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_256K };
	struct buf *dst = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 3);
	enum dma_status status;
	struct segs *s[3];
	u32 residue;
	int i;

	if (!dst || !x || !fifo_start(run, &setup))
		return;
	for (i = 0; i < 3; i++) {
		s[i] = segs_spread(run, dst, 1 + i, SZ_16K, 0);
		if (!s[i] || !xfer_slave(&x[i], run->rx, s[i], DMA_DEV_TO_MEM,
					 DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&x[i]))
			return;
		/* The last is submitted, and not issued yet. */
		if (i < 2)
			dma_async_issue_pending(run->rx);
	}
	for (i = 1; i < 3; i++) {
		status = xfer_status(&x[i], &residue);
		EXPECT(run, status == DMA_IN_PROGRESS && residue == x[i].len,
		       "expected DMA_IN_PROGRESS with residue %zu of %s work, got %s with %u",
		       x[i].len, i == 1 ? "queued" : "submitted",
		       status_name(status), residue);
	}
	dma_async_issue_pending(run->rx);
	for (i = 0; i < 3; i++) {
		if (!xfer_wait(&x[i]))
			return;
		status = xfer_status(&x[i], &residue);
		EXPECT(run, status == DMA_COMPLETE && !residue,
		       "expected DMA_COMPLETE with residue 0 of done work, got %s with %u",
		       status_name(status), residue);
	}
}

static void no_state(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 1);
	struct buf *b = buf_new(run, run->mem, SZ_8K);
	enum dma_status status;

	if (!x || !b ||
	    !xfer_memcpy(x, b, SZ_4K, b, 0, SZ_4K, DMA_PREP_INTERRUPT) ||
	    !xfer_submit(x))
		return;
	status = dmaengine_tx_status(run->mem, x->cookie, NULL);
	EXPECT(run, status == DMA_IN_PROGRESS,
	       "expected DMA_IN_PROGRESS, got %s", status_name(status));
	dma_async_issue_pending(run->mem);
	if (!xfer_wait(x))
		return;
	status = dmaengine_tx_status(run->mem, x->cookie, NULL);
	EXPECT(run, status == DMA_COMPLETE, "expected DMA_COMPLETE, got %s",
	       status_name(status));
}

static const struct test tests[] = {
	{ "ends", "the residue is the length before the start and 0 after the end",
	  NEEDS_RX | NEEDS_FIFO, before_start },
	{ "rx-running", "device to memory: the residue only falls and matches the device's count",
	  NEEDS_RX | NEEDS_FIFO, rx_running },
	{ "tx-running", "memory to device: the residue only falls and matches the device's count",
	  NEEDS_TX | NEEDS_FIFO, tx_running },
	{ "memcpy-running", "the residue of each queued copy only falls",
	  NEEDS_MEMCPY, memcpy_running },
	{ "no-state", "the status can be read without a struct dma_tx_state",
	  NEEDS_MEMCPY, no_state },
};

const struct test_group residue_group = {
	"residue", tests, ARRAY_SIZE(tests)
};
