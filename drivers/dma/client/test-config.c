// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a list that is prepared together with its configuration use that one?
 * Clients can do so since Linux 7.x; this is built where they can.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

#define WIDTH	4
#define BURST	4

static bool possible(struct test_run *run)
{
	if (!run->tx->device->device_prep_config_sg ||
	    !run->rx->device->device_prep_config_sg)
		run_skip(run, "the provider does not configure while it prepares");
	return !run->skip[0];
}

static struct dma_async_tx_descriptor *
prep_config_sg(struct dma_chan *chan, struct segs *s,
	       enum dma_transfer_direction dir, struct dma_slave_config *config)
{
	return chan->device->device_prep_config_sg(chan, s->sgl, s->count, dir,
						   DMA_PREP_INTERRUPT, config,
						   NULL);
}

static bool config_prepare(struct xfer *x, struct dma_chan *chan,
			   struct segs *s, enum dma_transfer_direction dir,
			   struct dma_slave_config *config)
{
	return xfer_prepared(x, chan, s->total,
			     prep_config_sg(chan, s, dir, config),
			     config ? "a list with a configuration"
				    : "a list without a configuration");
}

/* Once through the FIFO, configured by the lists, or before them if they have none. */
static bool config_loop(struct test_run *run, struct segs *dst, struct segs *src,
			struct dma_slave_config *config)
{
	struct xfer *x = xfer_new(run, 2);

	return x &&
	       config_prepare(&x[0], run->rx, dst, DMA_DEV_TO_MEM, config) &&
	       config_prepare(&x[1], run->tx, src, DMA_MEM_TO_DEV, config) &&
	       xfer_start(&x[0]) && xfer_start(&x[1]) &&
	       xfer_wait(&x[1]) && xfer_wait(&x[0]) && fifo_clean(run) &&
	       segs_equal(run, dst, src);
}

static void own(struct test_run *run)
{
	struct dma_slave_config config = {
		.src_addr = fifo_data(run->client),
		.dst_addr = fifo_data(run->client),
		.src_addr_width = WIDTH, .dst_addr_width = WIDTH,
		.src_maxburst = BURST, .dst_maxburst = BURST,
	};
	struct fifo_setup setup = {
		.mode = FIFO_LOOP, .width = WIDTH, .burst = BURST,
		.expect = 2 * SZ_8K,
	};
	struct buf *src, *dst, *elsewhere;
	struct segs *from, *to;

	if (!possible(run))
		return;
	src = buf_new(run, run->tx, SZ_16K);
	dst = buf_new(run, run->rx, SZ_16K);
	elsewhere = buf_new(run, run->tx, SZ_4K);
	from = src ? segs_spread(run, src, 8, SZ_1K, 64) : NULL;
	to = dst ? segs_spread(run, dst, 8, SZ_1K, 64) : NULL;
	if (!from || !to || !elsewhere || !fifo_start(run, &setup))
		return;
	/* What the channels were told before leads elsewhere. */
	if (!fifo_config(run, run->tx, DMA_MEM_TO_DEV, elsewhere->dma, WIDTH, 1) ||
	    !fifo_config(run, run->rx, DMA_DEV_TO_MEM, elsewhere->dma, WIDTH, 1))
		return;
	buf_fill(src, 0, src->size, seed);
	buf_guard(dst, 0, dst->size);
	if (!config_loop(run, to, from, &config))
		return;
	/* It stays with the channel, as if it had been configured before. */
	buf_fill(src, 0, src->size, seed + 1);
	buf_guard(dst, 0, dst->size);
	config_loop(run, to, from, NULL);
}

static void refuse_bad(struct test_run *run)
{
	struct dma_slave_config config = {
		.src_addr = fifo_data(run->client),
		.src_addr_width = 3, .src_maxburst = BURST,
	};
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *buf;
	struct segs *s;

	if (!possible(run))
		return;
	buf = buf_new(run, run->rx, SZ_8K);
	s = buf ? segs_spread(run, buf, 4, SZ_1K, 64) : NULL;
	if (!s || !fifo_start(run, &setup))
		return;
	EXPECT(run, !prep_config_sg(run->rx, s, DMA_DEV_TO_MEM, &config),
	       "expected NULL for a configuration of width 3, got a descriptor");
	fifo_loop_works(run, "after a configuration was refused");
}

static const struct test tests[] = {
	{ "own", "a list's own configuration counts, then and for those after it",
	  NEEDS_LOOP, own },
	{ "refused", "a list with a configuration that cannot be is refused",
	  NEEDS_LOOP, refuse_bad },
};

const struct test_group config_group = { "config", tests, ARRAY_SIZE(tests) };
