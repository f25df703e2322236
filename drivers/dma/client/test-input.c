// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of invalid input: no length, no list, a width or a direction that is not
 * offered, an address that the device cannot reach. Prepare returns NULL or slave_config
 * -EINVAL, and the channel works as before. A burst of 0 is valid.
 */
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

/* Enough repetitions to exhaust a resource that leaks */
#define TIMES	2000

static bool refused(struct test_run *run, struct dma_async_tx_descriptor *desc,
		    const char *what)
{
	return EXPECT(run, !desc, "expected NULL for %s, got a descriptor",
		      what);
}

static void memcpy_length(struct test_run *run)
{
	struct buf *b = buf_new(run, run->mem, SZ_8K);
	unsigned int i;

	for (i = 0; b && i < TIMES; i++)
		if (!refused(run, dmaengine_prep_dma_memcpy(run->mem,
							    b->dma + SZ_4K,
							    b->dma, 0,
							    DMA_PREP_INTERRUPT),
			     "a copy of 0 bytes"))
			return;
	xfer_copy_works(run, "after a copy of 0 bytes was refused");
}

static void memcpy_address(struct test_run *run)
{
	u64 mask = dma_get_mask(dmaengine_get_dma_device(run->mem));
	struct buf *b = buf_new(run, run->mem, SZ_4K);

	if (mask == DMA_BIT_MASK(64)) {
		run_skip(run, "the provider reaches every address");
		return;
	}
	if (!b)
		return;
	refused(run, dmaengine_prep_dma_memcpy(run->mem, mask + 1, b->dma,
					       SZ_4K, 0),
		"a destination that the device cannot reach");
	refused(run, dmaengine_prep_dma_memcpy(run->mem, b->dma, mask + 1,
					       SZ_4K, 0),
		"a source that the device cannot reach");
	refused(run, dmaengine_prep_dma_memcpy(run->mem, mask - SZ_2K, b->dma,
					       SZ_4K, 0),
		"a destination of which the device cannot reach the end");
	refused(run, dmaengine_prep_dma_memcpy(run->mem, b->dma,
					       DMA_BIT_MASK(64) - SZ_2K, SZ_4K,
					       0),
		"a source that wraps around");
	xfer_copy_works(run, "after an address was refused");
}

static void bad_lists(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->tx, SZ_16K);
	struct segs *s;
	unsigned int i;

	s = b ? segs_spread(run, b, 4, SZ_1K, 64) : NULL;
	if (!s || !fifo_start(run, &setup))
		return;
	/* Set directly: segs_set() is for valid lists. */
	sg_dma_len(&s->sgl[2]) = 0;
	for (i = 0; i < TIMES; i++)
		if (!refused(run, dmaengine_prep_slave_sg(run->tx, NULL, 4,
							  DMA_MEM_TO_DEV, 0),
			     "no list") ||
		    !refused(run, dmaengine_prep_slave_sg(run->tx, s->sgl, 0,
							  DMA_MEM_TO_DEV, 0),
			     "an empty list") ||
		    !refused(run, dmaengine_prep_slave_sg(run->tx, s->sgl, 4,
							  DMA_MEM_TO_DEV, 0),
			     "a segment of 0 bytes in a list"))
			return;
	fifo_loop_works(run, "after lists were refused");
}

static void segment_address(struct test_run *run)
{
	u64 mask = dma_get_mask(dmaengine_get_dma_device(run->tx));
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->tx, SZ_16K);
	struct segs *s;

	if (mask == DMA_BIT_MASK(64)) {
		run_skip(run, "the provider reaches every address");
		return;
	}
	s = b ? segs_spread(run, b, 4, SZ_1K, 64) : NULL;
	if (!s || !fifo_start(run, &setup))
		return;
	sg_dma_address(&s->sgl[2]) = mask - 3;
	refused(run, dmaengine_prep_slave_sg(run->tx, s->sgl, 4,
					     DMA_MEM_TO_DEV, 0),
		"a segment that the device cannot reach");
	fifo_loop_works(run, "after an address was refused");
}

static void directions(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->tx, SZ_16K);
	struct dma_slave_caps caps = {};
	struct segs *s;
	int dir;

	s = b ? segs_spread(run, b, 4, SZ_1K, 64) : NULL;
	if (!s || dma_get_slave_caps(run->tx, &caps) ||
	    !fifo_start(run, &setup))
		return;
	for (dir = DMA_MEM_TO_MEM; dir <= DMA_TRANS_NONE; dir++)
		if (dir == DMA_MEM_TO_MEM || !(caps.directions & BIT(dir)))
			refused(run, dmaengine_prep_slave_sg(run->tx, s->sgl,
							     4, dir, 0),
				"a direction that is not offered");
	fifo_loop_works(run, "after a direction was refused");
}

/* Either slave_config refuses, or the prepare that would use it does. */
static void refused_config(struct test_run *run, struct dma_chan *chan,
			   struct dma_slave_config *config,
			   enum dma_transfer_direction dir, struct segs *s,
			   const char *what)
{
	int ret = dmaengine_slave_config(chan, config);

	if (ret) {
		EXPECT(run, ret == -EINVAL,
		       "expected -EINVAL from slave_config for %s, got %d",
		       what, ret);
		return;
	}
	refused(run, dmaengine_prep_slave_sg(chan, s->sgl, s->count, dir, 0),
		what);
}

static void refused_both(struct test_run *run, unsigned int width,
			 unsigned int burst, phys_addr_t addr, struct segs *s,
			 const char *what)
{
	struct dma_slave_config tx = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr = addr,
		.dst_addr_width = width,
		.dst_maxburst = burst,
	};
	struct dma_slave_config rx = {
		.direction = DMA_DEV_TO_MEM,
		.src_addr = addr,
		.src_addr_width = width,
		.src_maxburst = burst,
	};

	refused_config(run, run->tx, &tx, DMA_MEM_TO_DEV, s, what);
	refused_config(run, run->rx, &rx, DMA_DEV_TO_MEM, s, what);
}

static struct segs *config_setup(struct test_run *run)
{
	struct buf *b = buf_new(run, run->tx, SZ_16K);

	return b ? segs_spread(run, b, 4, SZ_1K, 64) : NULL;
}

static void widths(struct test_run *run)
{
	static const unsigned int odd[] = {
		DMA_SLAVE_BUSWIDTH_UNDEFINED, DMA_SLAVE_BUSWIDTH_3_BYTES,
		DMA_SLAVE_BUSWIDTH_32_BYTES, DMA_SLAVE_BUSWIDTH_64_BYTES,
		DMA_SLAVE_BUSWIDTH_128_BYTES, 5, 256,
	};
	phys_addr_t data = fifo_data(run->client);
	struct segs *s = config_setup(run);
	struct dma_slave_caps caps = {};
	unsigned int i;

	if (!s || dma_get_slave_caps(run->tx, &caps))
		return;
	for (i = 0; i < ARRAY_SIZE(odd); i++)
		if (odd[i] > 31 || !(caps.dst_addr_widths & BIT(odd[i])))
			refused_both(run, odd[i], 4, data, s,
				     "a width that is not offered");
	fifo_loop_works(run, "after a width was refused");
}

/* Clients leave the burst at 0 if their device takes one access per request. */
static void burst_zero(struct test_run *run)
{
	struct fifo_setup setup = {
		.mode = FIFO_LOOP, .width = 4, .burst = 1, .rate = SZ_1M,
	};
	struct buf *from = buf_new(run, run->tx, SZ_8K);
	struct buf *to = buf_new(run, run->rx, SZ_8K);
	phys_addr_t data = fifo_data(run->client);
	struct xfer *x = xfer_new(run, 2);
	struct segs *src, *dst;

	if (!from || !to || !x)
		return;
	src = segs_spread(run, from, 4, SZ_1K, 64);
	dst = segs_spread(run, to, 4, SZ_1K, 64);
	if (!src || !dst)
		return;
	buf_fill(from, 0, from->size, seed);
	buf_guard(to, 0, to->size);
	setup.expect = dst->total;
	if (fifo_start(run, &setup) &&
	    fifo_config(run, run->rx, DMA_DEV_TO_MEM, data, 4, 0) &&
	    fifo_config(run, run->tx, DMA_MEM_TO_DEV, data, 4, 0) &&
	    xfer_slave(&x[0], run->rx, dst, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) &&
	    xfer_slave(&x[1], run->tx, src, DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT) &&
	    xfer_start(&x[0]) && xfer_start(&x[1]) &&
	    xfer_wait(&x[1]) && xfer_wait(&x[0]) && fifo_clean(run))
		segs_equal(run, dst, src);
}

static void device_address(struct test_run *run)
{
	u64 mask = dma_get_mask(dmaengine_get_dma_device(run->tx));
	struct segs *s = config_setup(run);

	if (mask == DMA_BIT_MASK(64)) {
		run_skip(run, "the provider reaches every address");
		return;
	}
	if (!s)
		return;
	refused_both(run, 4, 4, mask + 1, s,
		     "a device that the controller cannot reach");
	fifo_loop_works(run, "after a device address was refused");
}

static void partial_access(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct segs *s = config_setup(run);

	if (!s || !fifo_start(run, &setup))
		return;
	sg_dma_len(&s->sgl[1]) = SZ_1K - 2;
	refused(run, dmaengine_prep_slave_sg(run->tx, s->sgl, 4,
					     DMA_MEM_TO_DEV, 0),
		"a segment that ends within an access of the device");
	fifo_loop_works(run, "after a length was refused");
}

static void config_missing(struct test_run *run)
{
	struct segs *s = config_setup(run);

	/* A channel without a configuration has no width. */
	if (!s)
		return;
	refused(run, dmaengine_prep_slave_sg(run->tx, s->sgl, 4,
					     DMA_MEM_TO_DEV, 0),
		"a channel that was not configured");
	fifo_loop_works(run, "after a transfer was refused without configuration");
}

static void after_release(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *b = buf_new(run, run->rx, SZ_4K);
	struct dma_chan *chan = run->rx;
	struct segs *s;

	s = b ? segs_spread(run, b, 1, SZ_1K, 64) : NULL;
	if (!s || !fifo_start(run, &setup))
		return;
	dma_release_channel(chan);
	run->rx = NULL;
	refused(run, dmaengine_prep_slave_sg(chan, s->sgl, 1, DMA_DEV_TO_MEM, 0),
		"a released channel");
	if (run_take_line(run, "rx", &run->rx))
		fifo_loop_works(run, "after a transfer was refused on the released channel");
}

static const struct test tests[] = {
	{ "memcpy-length", "a copy of 0 bytes is refused",
	  NEEDS_MEMCPY, memcpy_length },
	{ "memcpy-address", "a copy beyond the address mask is refused",
	  NEEDS_MEMCPY, memcpy_address },
	{ "lists", "no list, an empty list and an empty segment are refused",
	  NEEDS_LOOP, bad_lists },
	{ "segment-address", "a segment beyond the address mask is refused",
	  NEEDS_LOOP, segment_address },
	{ "directions", "a direction that is not offered is refused",
	  NEEDS_LOOP, directions },
	{ "widths", "a width that is not offered is refused",
	  NEEDS_LOOP, widths },
	{ "burst", "a burst of 0 counts as one access per request",
	  NEEDS_LOOP, burst_zero },
	{ "device-address", "a device beyond the address mask is refused",
	  NEEDS_LOOP, device_address },
	{ "partial-access", "a length that is no multiple of the width is refused",
	  NEEDS_LOOP, partial_access },
	{ "config-missing", "a transfer on a channel that was not configured is refused",
	  NEEDS_LOOP, config_missing },
	{ "released", "a transfer on a released channel is refused",
	  NEEDS_LOOP, after_release },
};

const struct test_group input_group = { "input", tests, ARRAY_SIZE(tests) };
