// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of bus errors: reads and writes that the bus refuses, in a copy, at the device,
 * in the middle of a list and after some bytes. Only the failed transfer gets the error,
 * with the right result and residue, and the next transfer runs.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

static bool failed_status(struct test_run *run, struct xfer *x)
{
	enum dma_status status = xfer_status(x, NULL);

	return EXPECT(run, status == DMA_ERROR,
		      "expected the failed cookie to be DMA_ERROR, got %s",
		      status_name(status));
}

/* One copy that must fail with nothing done, then one that must work. */
static void bad_copy(struct test_run *run, dma_addr_t dst, dma_addr_t src,
		     size_t len, enum dmaengine_tx_result result)
{
	struct xfer *x = xfer_new(run, 1);

	if (x && xfer_raw_memcpy(x, dst, src, len, DMA_PREP_INTERRUPT) &&
	    xfer_start(x) && xfer_wait_result(x, result, len, len) &&
	    failed_status(run, x))
		xfer_copy_works(run, "after an error");
}

static void memcpy_read(struct test_run *run)
{
	struct buf *b = buf_new(run, run->mem, SZ_8K);

	if (!b)
		return;
	bad_copy(run, b->dma, run->fault_map, SZ_4K, DMA_TRANS_READ_FAILED);
	buf_guarded(run, b, 0, b->size);
	bad_copy(run, b->dma + 1, run->fault_map + 2, 77,
		 DMA_TRANS_READ_FAILED);
	buf_guarded(run, b, 0, b->size);
}

static void memcpy_write(struct test_run *run)
{
	struct buf *b = buf_new(run, run->mem, SZ_8K);

	if (!b)
		return;
	bad_copy(run, run->fault_map, b->dma, SZ_4K, DMA_TRANS_WRITE_FAILED);
	bad_copy(run, run->fault_map + 3, b->dma + 1, 77,
		 DMA_TRANS_WRITE_FAILED);
}

static void next_runs(struct test_run *run)
{
	struct buf *src = buf_new(run, run->mem, SZ_64K);
	struct buf *dst = buf_new(run, run->mem, SZ_64K);
	const unsigned int count = 12;
	struct xfer *x = xfer_new(run, count);
	unsigned int i;

	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, src->size, seed);
	buf_invert(dst, 0, src, 0, dst->size);
	for (i = 0; i < count; i++)
		if (!xfer_raw_memcpy(&x[i], dst->dma + i * SZ_4K, i % 3 == 1 ?
				     run->fault_map : src->dma + i * SZ_4K,
				     SZ_4K, DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&x[i]))
			return;
	dma_async_issue_pending(run->mem);
	for (i = 0; i < count; i++) {
		if (i % 3 == 1) {
			if (!xfer_wait_result(&x[i], DMA_TRANS_READ_FAILED,
					      SZ_4K, SZ_4K))
				return;
		} else if (!xfer_wait(&x[i]) ||
			   !buf_equal(run, dst, i * SZ_4K, src, i * SZ_4K,
				      SZ_4K)) {
			return;
		}
		if (!EXPECT(run, x[i].place == i + 1,
			    "expected callback %u at place %u, got it at %d",
			    i, i + 1, x[i].place))
			return;
	}
}

static void status_before(struct test_run *run)
{
	struct xfer *x = xfer_new(run, 2);
	struct buf *b = buf_new(run, run->mem, SZ_8K);
	enum dma_status status;

	/* An error must not change the status of work that was done before. */
	if (!x || !b ||
	    !xfer_memcpy(&x[0], b, SZ_4K, b, 0, SZ_4K, DMA_PREP_INTERRUPT) ||
	    !xfer_submit(&x[0]) ||
	    !xfer_raw_memcpy(&x[1], b->dma, run->fault_map, SZ_4K,
			     DMA_PREP_INTERRUPT) ||
	    !xfer_start(&x[1]) || !xfer_wait(&x[0]) ||
	    !xfer_wait_result(&x[1], DMA_TRANS_READ_FAILED, SZ_4K, SZ_4K) ||
	    !failed_status(run, &x[1]))
		return;
	status = xfer_status(&x[0], NULL);
	EXPECT(run, status == DMA_COMPLETE,
	       "expected the copy before the error to be DMA_COMPLETE, got %s",
	       status_name(status));
}

static void device_address(struct test_run *run, struct dma_chan *chan,
			   enum dma_transfer_direction dir,
			   enum dmaengine_tx_result result)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, chan, SZ_8K);
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	s = b ? segs_spread(run, b, 2, SZ_1K, 64) : NULL;
	if (!s || !x || !fifo_start(run, &setup) ||
	    !fifo_config(run, chan, dir, run->client->fault_phys, 4, 4) ||
	    !xfer_slave(x, chan, s, dir, DMA_PREP_INTERRUPT) ||
	    !xfer_start(x) ||
	    !xfer_wait_result(x, result, s->total, s->total) ||
	    !failed_status(run, x))
		return;
	buf_guarded(run, b, 0, b->size);
}

static void tx_address(struct test_run *run)
{
	device_address(run, run->tx, DMA_MEM_TO_DEV, DMA_TRANS_WRITE_FAILED);
	fifo_loop_works(run, "after a refused write to the device");
}

static void rx_address(struct test_run *run)
{
	device_address(run, run->rx, DMA_DEV_TO_MEM, DMA_TRANS_READ_FAILED);
	fifo_loop_works(run, "after a refused read of the device");
}

/* Eight segments, the sixth at an address that the bus refuses. */
static struct segs *bad_segment(struct test_run *run, struct buf *b)
{
	struct segs *s = segs_spread(run, b, 8, SZ_1K, 64);

	if (s)
		sg_dma_address(&s->sgl[5]) = run->client->fault_phys;
	return s;
}

static void tx_segment(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->tx, SZ_16K);
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	s = b ? bad_segment(run, b) : NULL;
	if (!s || !x || !fifo_start(run, &setup) ||
	    !xfer_slave(x, run->tx, s, DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT) ||
	    !xfer_start(x) ||
	    !xfer_wait_result(x, DMA_TRANS_READ_FAILED, 3 * SZ_1K, 3 * SZ_1K))
		return;
	EXPECT(run, fifo_tx_bytes(run->client) == 5 * SZ_1K,
	       "expected %u bytes at the device, got %u", 5 * SZ_1K,
	       fifo_tx_bytes(run->client));
	failed_status(run, x);
	fifo_loop_works(run, "after an error in mid-list");
}

static void rx_segment(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->rx, SZ_16K);
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	s = b ? bad_segment(run, b) : NULL;
	if (!s || !x || !fifo_start(run, &setup) ||
	    !xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) ||
	    !xfer_start(x) ||
	    !xfer_wait_result(x, DMA_TRANS_WRITE_FAILED, 3 * SZ_1K,
			      3 * SZ_1K))
		return;
	segs_count(run, s, 5 * SZ_1K, 0);
	failed_status(run, x);
	fifo_loop_works(run, "after an error in mid-list");
}

/*
 * The device refuses accesses after some bytes. The residue is exact at the end of a
 * burst; a burst that fails in the middle may count as not done.
 */
static void rx_after(struct test_run *run)
{
	static const u32 errors[] = { 16, 1024, 1040, 4096 + 8 };
	struct buf *b = buf_new(run, run->rx, SZ_16K);
	struct xfer *x = xfer_new(run, ARRAY_SIZE(errors));
	struct segs *s;
	u32 done;
	int i;

	s = b ? segs_spread(run, b, 8, SZ_1K, 64) : NULL;
	for (i = 0; s && x && i < ARRAY_SIZE(errors); i++) {
		struct fifo_setup setup = {
			.mode = FIFO_COUNT,
			.rx_error = errors[i],
		};

		buf_guard(b, 0, b->size);
		done = ALIGN_DOWN(errors[i], 16);
		if (!fifo_start(run, &setup) ||
		    !xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[i]) ||
		    !xfer_wait_result(&x[i], DMA_TRANS_READ_FAILED,
				      s->total - errors[i], s->total - done) ||
		    !failed_status(run, &x[i]))
			return;
		if (done == errors[i] && !segs_count(run, s, done, 0))
			return;
	}
	fifo_loop_works(run, "after the device refused to be read");
}

static void tx_after(struct test_run *run)
{
	static const u32 errors[] = { 16, 1024, 1040, 4096 + 8 };
	struct buf *b = buf_new(run, run->tx, SZ_16K);
	struct xfer *x = xfer_new(run, ARRAY_SIZE(errors));
	struct segs *s;
	int i;

	s = b ? segs_spread(run, b, 8, SZ_1K, 64) : NULL;
	for (i = 0; s && x && i < ARRAY_SIZE(errors); i++) {
		struct fifo_setup setup = {
			.mode = FIFO_COUNT,
			.tx_error = errors[i],
		};

		if (!fifo_start(run, &setup) ||
		    !xfer_slave(&x[i], run->tx, s, DMA_MEM_TO_DEV,
				DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[i]) ||
		    !xfer_wait_result(&x[i], DMA_TRANS_WRITE_FAILED,
				      s->total - errors[i],
				      s->total - ALIGN_DOWN(errors[i], 16)) ||
		    !failed_status(run, &x[i]))
			return;
	}
	fifo_loop_works(run, "after the device refused to be written");
}

static void queue_goes_on(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 3);
	struct segs *bad, *good;

	bad = b ? bad_segment(run, b) : NULL;
	good = b ? segs_spread(run, b, 4, SZ_1K, 64) : NULL;
	if (!bad || !good || !x || !fifo_start(run, &setup) ||
	    !xfer_slave(&x[0], run->rx, bad, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_submit(&x[0]) ||
	    !xfer_slave(&x[1], run->rx, bad, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_submit(&x[1]) ||
	    !xfer_slave(&x[2], run->rx, good, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_start(&x[2]))
		return;
	if (xfer_wait_result(&x[0], DMA_TRANS_WRITE_FAILED, 3 * SZ_1K,
			     3 * SZ_1K) &&
	    xfer_wait_result(&x[1], DMA_TRANS_WRITE_FAILED, 3 * SZ_1K,
			     3 * SZ_1K))
		xfer_wait(&x[2]);
}

static const struct test tests[] = {
	{ "memcpy-read", "a copy from a refused address: DMA_TRANS_READ_FAILED, full residue",
	  NEEDS_MEMCPY | NEEDS_FAULT, memcpy_read },
	{ "memcpy-write", "a copy to a refused address: DMA_TRANS_WRITE_FAILED, full residue",
	  NEEDS_MEMCPY | NEEDS_FAULT, memcpy_write },
	{ "next-runs", "copies queued behind failed ones run, in order",
	  NEEDS_MEMCPY | NEEDS_FAULT, next_runs },
	{ "status-before", "a failed cookie is DMA_ERROR, the one before it DMA_COMPLETE",
	  NEEDS_MEMCPY | NEEDS_FAULT, status_before },
	{ "tx-address", "to a refused device address: DMA_TRANS_WRITE_FAILED",
	  NEEDS_LOOP | NEEDS_FAULT, tx_address },
	{ "rx-address", "from a refused device address: DMA_TRANS_READ_FAILED",
	  NEEDS_LOOP | NEEDS_FAULT, rx_address },
	{ "tx-segment", "a segment that cannot be read fails there, with an exact residue",
	  NEEDS_LOOP | NEEDS_FAULT, tx_segment },
	{ "rx-segment", "a segment that cannot be written fails there, with an exact residue",
	  NEEDS_LOOP | NEEDS_FAULT, rx_segment },
	{ "rx-after", "a transfer fails at the burst whose read the device refuses",
	  NEEDS_LOOP | NEEDS_FAULT, rx_after },
	{ "tx-after", "a transfer fails at the burst whose write the device refuses",
	  NEEDS_LOOP | NEEDS_FAULT, tx_after },
	{ "queue-goes-on", "a transfer queued behind failed ones on a request line runs",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_FAULT, queue_goes_on },
};

const struct test_group error_group = { "error", tests, ARRAY_SIZE(tests) };
