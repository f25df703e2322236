// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of channels: a channel has one client at a time, can be requested again after
 * its release, and has the capabilities that it reports.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

#define MAX_CHANNELS	128

static struct dma_chan *request_memcpy(void)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	return dma_request_chan_by_mask(&mask);
}

static unsigned int take_all(struct dma_chan **chan, long *error)
{
	unsigned int n;

	for (n = 0; n < MAX_CHANNELS; n++) {
		chan[n] = request_memcpy();
		if (IS_ERR(chan[n])) {
			*error = PTR_ERR(chan[n]);
			break;
		}
	}
	return n;
}

/* One copy on each channel, all at once. */
static void all_copy(struct test_run *run, struct dma_chan **chan,
		     unsigned int count)
{
	struct buf *src, *dst;
	struct xfer *x = xfer_new(run, count);
	struct dma_chan *own = run->mem;
	unsigned int i;

	src = buf_new(run, own, SZ_16K);
	dst = buf_new(run, own, (count + 1) * SZ_16K);
	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, src->size, seed);
	for (i = 0; i < count; i++) {
		/* A channel of another controller would need another mapping. */
		if (dmaengine_get_dma_device(chan[i]) != dst->dev)
			continue;
		run->mem = chan[i];
		if (!xfer_memcpy(&x[i], dst, i * SZ_16K, src, 0, SZ_16K,
				 DMA_PREP_INTERRUPT) || !xfer_submit(&x[i]))
			break;
	}
	run->mem = own;
	for (i = 0; i < count; i++)
		if (x[i].chan)
			dma_async_issue_pending(chan[i]);
	for (i = 0; i < count; i++)
		if (x[i].chan && xfer_wait(&x[i]))
			buf_equal(run, dst, i * SZ_16K, src, 0, SZ_16K);
}

static void release_all(struct dma_chan **chan, unsigned int count)
{
	while (count--) {
		dmaengine_terminate_sync(chan[count]);
		dma_release_channel(chan[count]);
	}
}

static void exhausted(struct test_run *run)
{
	struct dma_chan **chan = run_alloc(run, MAX_CHANNELS * sizeof(*chan));
	unsigned int count, again;
	long error = 0;

	if (!chan)
		return;
	count = take_all(chan, &error);
	EXPECT(run, error == -EBUSY || error == -ENODEV,
	       "expected -EBUSY or -ENODEV after the last channel, got %ld",
	       error);
	all_copy(run, chan, count);
	release_all(chan, count);
	again = take_all(chan, &error);
	release_all(chan, again);
	EXPECT(run, again == count,
	       "expected %u channels again after their release, got %u",
	       count, again);
}

static void busy_line(struct test_run *run, struct dma_chan **held,
		      const char *name)
{
	struct dma_chan *chan = dma_request_chan(run->client->dev, name);

	/* -EPROBE_DEFER would make a client wait for ever. */
	if (!EXPECT(run, IS_ERR(chan) && PTR_ERR(chan) != -EPROBE_DEFER,
		    "expected an error for a line that is taken, got %ld",
		    IS_ERR(chan) ? PTR_ERR(chan) : 0L)) {
		if (!IS_ERR(chan))
			dma_release_channel(chan);
		return;
	}
	dma_release_channel(*held);
	run_take_line(run, name, held);
}

static void take_lines(struct test_run *run)
{
	busy_line(run, &run->tx, "tx");
	busy_line(run, &run->rx, "rx");
	if (run->tx && run->rx)
		fifo_loop_works(run, "after its lines were released and taken");
}

static void unknown_line(struct test_run *run)
{
	struct dma_chan *chan = dma_request_chan(run->client->dev, "none");

	if (!EXPECT(run, IS_ERR(chan),
		    "expected an error for a name that has no line"))
		dma_release_channel(chan);
}

static void private_lines(struct test_run *run)
{
	EXPECT(run, dma_has_cap(DMA_PRIVATE, run->tx->device->cap_mask),
	       "expected DMA_PRIVATE on the device of a request line");
	EXPECT(run, run->mem->device != run->tx->device,
	       "expected copies on other channels than those of request lines");
}

static void caps_slave(struct test_run *run)
{
	struct dma_slave_caps caps = {};
	struct dma_device *dev = run->tx->device;
	int ret = dma_get_slave_caps(run->tx, &caps);

	if (!EXPECT(run, !ret, "expected 0 from dma_get_slave_caps, got %d",
		    ret))
		return;
	EXPECT(run, caps.directions & BIT(DMA_MEM_TO_DEV),
	       "expected memory to device among the directions %#x",
	       caps.directions);
	EXPECT(run, caps.directions & BIT(DMA_DEV_TO_MEM),
	       "expected device to memory among the directions %#x",
	       caps.directions);
	EXPECT(run, !(caps.directions & BIT(DMA_MEM_TO_MEM)),
	       "expected no memory to memory among slave directions %#x",
	       caps.directions);
	EXPECT(run, caps.src_addr_widths && caps.dst_addr_widths,
	       "expected widths, got %#x and %#x", caps.src_addr_widths,
	       caps.dst_addr_widths);
	EXPECT(run, caps.max_burst, "expected a longest burst, got 0");
	EXPECT(run, caps.cmd_terminate, "expected that terminate is offered");
	EXPECT(run, caps.cmd_pause == !!dev->device_pause &&
	       caps.cmd_resume == !!dev->device_resume,
	       "expected pause and resume among the capabilities if the provider has them");
	EXPECT(run, !!dma_has_cap(DMA_CYCLIC, dev->cap_mask) ==
	       !!dev->device_prep_dma_cyclic,
	       "expected DMA_CYCLIC if, and only if, there is a prepare function");
	EXPECT(run, !!dma_has_cap(DMA_INTERLEAVE, dev->cap_mask) ==
	       !!dev->device_prep_interleaved_dma,
	       "expected DMA_INTERLEAVE if, and only if, there is a prepare function");
}

static bool accepts(struct test_run *run, unsigned int width,
		    unsigned int burst)
{
	struct fifo_setup setup = {
		.mode = FIFO_COUNT,
		.width = width,
		.burst = burst,
	};
	struct buf *dst = buf_new(run, run->rx, SZ_16K);
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	s = dst ? segs_spread(run, dst, 3, 65 * width, 64) : NULL;
	return s && x && fifo_start(run, &setup) &&
	       xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) &&
	       xfer_start(x) && xfer_wait(x) &&
	       segs_count(run, s, s->total, 0) && fifo_clean(run);
}

static void caps_work(struct test_run *run)
{
	struct dma_slave_caps caps = {};
	unsigned int width;

	if (dma_get_slave_caps(run->rx, &caps)) {
		run_skip(run, "the provider tells no capabilities");
		return;
	}
	for (width = 1; width <= 16; width *= 2)
		if (caps.src_addr_widths & BIT(width) &&
		    (!accepts(run, width, caps.max_burst ?: 1) ||
		     !accepts(run, width, max(caps.min_burst, 1U))))
			run_fail(run, "with width %u and bursts of %u to %u as offered",
				 width, caps.min_burst, caps.max_burst);
}

static const struct test tests[] = {
	{ "exhausted", "when all memcpy channels are taken, the next request fails",
	  NEEDS_MEMCPY, exhausted },
	{ "lines", "a request for a taken request line fails, and works after its release",
	  NEEDS_LOOP, take_lines },
	{ "unknown-line", "a request for an unknown name fails",
	  0, unknown_line },
	{ "private-lines", "a request for any memcpy channel never returns a request line",
	  NEEDS_TX | NEEDS_MEMCPY, private_lines },
	{ "caps-slave", "the capabilities name directions, widths, bursts and commands",
	  NEEDS_TX, caps_slave },
	{ "caps-work", "each width works with the longest and the shortest burst offered",
	  NEEDS_RX | NEEDS_FIFO, caps_work },
};

const struct test_group channel_group = {
	"channel", tests, ARRAY_SIZE(tests)
};
