// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers of tests: prepare, submit, issue, and wait for the callback with a timeout.
 * The callback records its result, number and place in the order of all callbacks.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>

#include "client.h"

/**
 * status_name() - name a status
 * @status: the status
 *
 * Return: its name as in the API.
 */
const char *status_name(enum dma_status status)
{
	switch (status) {
	case DMA_COMPLETE:
		return "DMA_COMPLETE";
	case DMA_IN_PROGRESS:
		return "DMA_IN_PROGRESS";
	case DMA_PAUSED:
		return "DMA_PAUSED";
	case DMA_ERROR:
		return "DMA_ERROR";
	default:
		return "an unknown status";
	}
}

/**
 * result_name() - name a result
 * @result: the result
 *
 * Return: its name as in the API.
 */
const char *result_name(enum dmaengine_tx_result result)
{
	switch (result) {
	case DMA_TRANS_NOERROR:
		return "DMA_TRANS_NOERROR";
	case DMA_TRANS_READ_FAILED:
		return "DMA_TRANS_READ_FAILED";
	case DMA_TRANS_WRITE_FAILED:
		return "DMA_TRANS_WRITE_FAILED";
	case DMA_TRANS_ABORTED:
		return "DMA_TRANS_ABORTED";
	default:
		return "an unknown result";
	}
}

static void xfer_callback(void *data, const struct dmaengine_result *result)
{
	struct xfer *x = data;

	x->place = atomic_inc_return(&x->run->callbacks);
	if (result)
		x->result = *result;
	if (x->hook)
		x->hook(x);
	/* The count is written last: a reader that sees it sees the rest, too. */
	smp_mb__before_atomic();
	atomic_inc(&x->calls);
	complete_all(&x->done);
}

/**
 * xfer_reset() - clear what a transfer's callback recorded, to use it again
 * @x: the transfer
 */
void xfer_reset(struct xfer *x)
{
	x->desc = NULL;
	x->cookie = 0;
	x->place = 0;
	x->result.result = DMA_TRANS_NOERROR;
	x->result.residue = 0;
	atomic_set(&x->calls, 0);
	reinit_completion(&x->done);
}

/**
 * xfer_new() - allocate transfers
 * @run: the running test, which frees them
 * @count: how many
 *
 * Return: the transfers, or NULL after a failure has been reported.
 */
struct xfer *xfer_new(struct test_run *run, unsigned int count)
{
	struct xfer *x = run_alloc(run, count * sizeof(*x));
	unsigned int i;

	for (i = 0; x && i < count; i++) {
		x[i].run = run;
		init_completion(&x[i].done);
	}
	return x;
}

/**
 * xfer_set_desc() - set the descriptor of a transfer, and its callback
 * @x: the transfer
 * @chan: the channel
 * @len: bytes
 * @desc: what prepare returned
 * @what: name of the transfer, for the report
 *
 * Return: whether there is a descriptor; if not, that has been reported.
 */
bool xfer_set_desc(struct xfer *x, struct dma_chan *chan, size_t len,
		   struct dma_async_tx_descriptor *desc, const char *what)
{
	x->chan = chan;
	x->len = len;
	x->desc = desc;
	if (!EXPECT(x->run, desc,
		    "expected a descriptor for %s of %zu bytes, got NULL",
		    what, len))
		return false;
	desc->callback_result = xfer_callback;
	desc->callback_param = x;
	return true;
}

/**
 * xfer_raw_memcpy() - prepare a copy between two addresses
 * @x: the transfer
 * @dst: address to write
 * @src: address to read
 * @len: bytes
 * @flags: DMA_PREP_* flags
 *
 * Return: whether there is a descriptor; if not, that has been reported.
 */
bool xfer_raw_memcpy(struct xfer *x, dma_addr_t dst, dma_addr_t src,
		     size_t len, unsigned long flags)
{
	struct dma_chan *chan = x->run->mem;

	return xfer_set_desc(x, chan, len,
			     dmaengine_prep_dma_memcpy(chan, dst, src, len, flags),
			     "a memcpy");
}

/**
 * xfer_memcpy() - prepare a copy between two buffers
 * @x: the transfer
 * @dst: buffer to write
 * @dst_off: first byte there
 * @src: buffer to read
 * @src_off: first byte there
 * @len: bytes
 * @flags: DMA_PREP_* flags
 *
 * Return: whether there is a descriptor; if not, that has been reported.
 */
bool xfer_memcpy(struct xfer *x, struct buf *dst, size_t dst_off,
		 struct buf *src, size_t src_off, size_t len,
		 unsigned long flags)
{
	return xfer_raw_memcpy(x, dst->dma + dst_off, src->dma + src_off, len,
			       flags);
}

/**
 * xfer_slave() - prepare a transfer between memory and a device
 * @x: the transfer
 * @chan: the channel
 * @s: the memory
 * @dir: direction
 * @flags: DMA_PREP_* flags
 *
 * Return: whether there is a descriptor; if not, that has been reported.
 */
bool xfer_slave(struct xfer *x, struct dma_chan *chan, struct segs *s,
		enum dma_transfer_direction dir, unsigned long flags)
{
	return xfer_set_desc(x, chan, s->total,
			     dmaengine_prep_slave_sg(chan, s->sgl, s->count, dir,
						     flags),
			     dir == DMA_MEM_TO_DEV ? "a list to the device"
						   : "a list from the device");
}

/**
 * xfer_cyclic() - prepare a cyclic transfer
 * @x: the transfer
 * @chan: the channel
 * @b: the buffer
 * @len: bytes of it
 * @period: bytes of a period
 * @dir: direction
 * @flags: DMA_PREP_* flags
 *
 * Return: whether there is a descriptor; if not, that has been reported.
 */
bool xfer_cyclic(struct xfer *x, struct dma_chan *chan, struct buf *b,
		 size_t len, size_t period, enum dma_transfer_direction dir,
		 unsigned long flags)
{
	return xfer_set_desc(x, chan, len,
			     dmaengine_prep_dma_cyclic(chan, b->dma, len, period,
						       dir, flags),
			     "a cyclic transfer");
}

/**
 * xfer_interleaved() - prepare a transfer with gaps
 * @x: the transfer
 * @chan: the channel
 * @xt: what to move
 * @len: bytes of it
 * @flags: DMA_PREP_* flags
 *
 * Return: whether there is a descriptor; if not, that has been reported.
 */
bool xfer_interleaved(struct xfer *x, struct dma_chan *chan,
		      struct dma_interleaved_template *xt, size_t len,
		      unsigned long flags)
{
	return xfer_set_desc(x, chan, len,
			     dmaengine_prep_interleaved_dma(chan, xt, flags),
			     "an interleaved transfer");
}

/**
 * xfer_submit() - submit a prepared transfer
 * @x: the transfer
 *
 * Return: whether it got a cookie; if not, that has been reported.
 */
bool xfer_submit(struct xfer *x)
{
	x->cookie = dmaengine_submit(x->desc);
	x->desc = NULL;
	return EXPECT(x->run, !dma_submit_error(x->cookie),
		      "expected a cookie from submit, got %d", x->cookie);
}

/**
 * xfer_start() - submit a prepared transfer and issue what is pending
 * @x: the transfer
 *
 * Return: whether it was submitted; if not, that has been reported.
 */
bool xfer_start(struct xfer *x)
{
	if (!xfer_submit(x))
		return false;
	dma_async_issue_pending(x->chan);
	return true;
}

/**
 * xfer_status() - read the status and residue of a transfer
 * @x: the transfer
 * @residue: set to the bytes left; may be NULL
 *
 * Return: its status.
 */
enum dma_status xfer_status(struct xfer *x, u32 *residue)
{
	struct dma_tx_state state = {};
	enum dma_status status;

	status = dmaengine_tx_status(x->chan, x->cookie, &state);
	if (residue)
		*residue = state.residue;
	return status;
}

/**
 * xfer_wait_callback() - wait for a transfer's callback
 * @x: the transfer
 *
 * Context: may sleep.
 * Return: whether it came once, in time; if not, that has been reported.
 */
bool xfer_wait_callback(struct xfer *x)
{
	enum dma_status status;
	u32 residue;

	if (!wait_for_completion_timeout(&x->done,
					 msecs_to_jiffies(timeout_ms))) {
		status = xfer_status(x, &residue);
		run_fail(x->run,
			 "expected a callback within %u ms, got none (cookie %d of %zu bytes is %s, residue %u)",
			 timeout_ms, x->cookie, x->len, status_name(status),
			 residue);
		return false;
	}
	return EXPECT(x->run, atomic_read(&x->calls) <= 1,
		      "expected one callback, got %d",
		      atomic_read(&x->calls));
}

/**
 * xfer_wait_calls() - wait until a transfer that repeats has had so many callbacks
 * @x: the transfer
 * @calls: their number since its start, or more
 *
 * Context: may sleep.
 * Return: whether it had; if not, that has been reported.
 */
bool xfer_wait_calls(struct xfer *x, unsigned int calls)
{
	unsigned int ms;

	for (ms = 0; ms < timeout_ms && atomic_read(&x->calls) < calls; ms++)
		usleep_range(1000, 1100);
	return EXPECT(x->run, atomic_read(&x->calls) >= calls,
		      "expected %u callbacks within %u ms, got %d", calls,
		      timeout_ms, atomic_read(&x->calls));
}

/**
 * xfer_wait_result() - wait for a transfer and expect a result
 * @x: the transfer
 * @result: the result
 * @min_residue: least bytes that may be reported as left
 * @max_residue: most bytes that may be reported as left
 *
 * Context: may sleep.
 * Return: whether it did; if not, that has been reported.
 */
bool xfer_wait_result(struct xfer *x, enum dmaengine_tx_result result,
		      size_t min_residue, size_t max_residue)
{
	if (!xfer_wait_callback(x))
		return false;
	if (!EXPECT(x->run, x->result.result == result, "expected %s, got %s",
		    result_name(result), result_name(x->result.result)))
		return false;
	return EXPECT(x->run,
		      x->result.residue >= min_residue &&
		      x->result.residue <= max_residue,
		      "expected a residue of %zu to %zu of %zu bytes, got %u",
		      min_residue, max_residue, x->len, x->result.residue);
}

/**
 * xfer_wait() - wait for a transfer and expect that it succeeded
 * @x: the transfer
 *
 * Context: may sleep.
 * Return: whether it did; if not, that has been reported.
 */
bool xfer_wait(struct xfer *x)
{
	return xfer_wait_result(x, DMA_TRANS_NOERROR, 0, 0);
}

/**
 * xfer_no_callback() - expect that transfers have no callback for 20 ms
 * @x: the transfers; callbacks until now have been cleared by xfer_reset()
 * @count: how many
 * @when: for the report: since when
 *
 * Context: sleeps 20 ms.
 * Return: whether none came; if not, that has been reported.
 */
bool xfer_no_callback(struct xfer *x, unsigned int count, const char *when)
{
	unsigned int i;

	msleep(20);
	for (i = 0; i < count; i++)
		if (!EXPECT(x->run, !atomic_read(&x[i].calls),
			    "expected no callback %s, got that of transfer %u",
			    when, i))
			return false;
	return true;
}

/**
 * xfer_terminate() - terminate a channel and expect success
 * @run: the running test
 * @chan: the channel
 *
 * Context: may sleep.
 * Return: whether it succeeded; if not, that has been reported.
 */
bool xfer_terminate(struct test_run *run, struct dma_chan *chan)
{
	int ret = dmaengine_terminate_sync(chan);

	return EXPECT(run, !ret, "expected 0 from terminate_sync, got %d", ret);
}

/**
 * xfer_copy_works() - expect that the memcpy channel still copies
 * @run: the running test
 * @when: for the report: after what
 *
 * Context: may sleep.
 * Return: whether it does; if not, that has been reported.
 */
bool xfer_copy_works(struct test_run *run, const char *when)
{
	struct buf *src = buf_new(run, run->mem, 4096);
	struct buf *dst = buf_new(run, run->mem, 4096);
	struct xfer *x = xfer_new(run, 1);

	if (!src || !dst || !x)
		return false;
	buf_fill(src, 0, 4096, seed);
	buf_invert(dst, 16, src, 0, 4000);
	return EXPECT(run,
		      xfer_memcpy(x, dst, 16, src, 0, 4000,
				  DMA_PREP_INTERRUPT) &&
		      xfer_start(x) && xfer_wait(x) &&
		      buf_copied(run, dst, 16, src, 0, 4000),
		      "expected the channel to work %s, it does not", when);
}
