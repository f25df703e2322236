// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of configuration and preparation in one step. Since Linux 7.3 a list can come
 * with its configuration (dmaengine_prep_config_sg). If a provider lacks that operation,
 * the kernel's "safe" variant configures and prepares under a spinlock with interrupts
 * off. Both calls must work there, on every kernel.
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>

#include "client.h"

#define WIDTH	4
#define BURST	4

/* How a list and its configuration are given to the provider. */
enum config_call { CONFIG_SG, CONFIG_SG_SAFE, CONFIG_SG_SAFE_WITHOUT };

#ifdef CLIENT_HAS_PREP_CONFIG_SG
static bool possible(struct test_run *run)
{
	if (!run->tx->device->device_prep_config_sg ||
	    !run->rx->device->device_prep_config_sg)
		run_skip(run, "the provider has no device_prep_config_sg");
	return !run->skip[0];
}

/*
 * Prepare a list with its configuration as @call says. For CONFIG_SG_SAFE_WITHOUT the
 * provider has no device_prep_config_sg meanwhile; another client of the controller gets
 * the same then.
 */
static struct dma_async_tx_descriptor *
prep_config_sg(struct dma_chan *chan, struct segs *s, enum dma_transfer_direction dir,
	       struct dma_slave_config *config, enum config_call call)
{
	typeof(chan->device->device_prep_config_sg) *op = &chan->device->device_prep_config_sg;
	typeof(*op) kept = *op;
	struct dma_async_tx_descriptor *desc;

	if (call == CONFIG_SG)
		return dmaengine_prep_config_sg(chan, s->sgl, s->count, dir,
						DMA_PREP_INTERRUPT, config);
	if (call == CONFIG_SG_SAFE_WITHOUT)
		WRITE_ONCE(*op, NULL);
	desc = dmaengine_prep_config_sg_safe(chan, s->sgl, s->count, dir,
					     DMA_PREP_INTERRUPT, config);
	if (call == CONFIG_SG_SAFE_WITHOUT)
		WRITE_ONCE(*op, kept);
	return desc;
}
#else
static bool possible(struct test_run *run)
{
	run_skip(run, "the kernel has no device_prep_config_sg");
	return false;
}

static struct dma_async_tx_descriptor *
prep_config_sg(struct dma_chan *chan, struct segs *s, enum dma_transfer_direction dir,
	       struct dma_slave_config *config, enum config_call call)
{
	return NULL;
}
#endif

static bool config_prepare(struct xfer *x, struct dma_chan *chan,
			   struct segs *s, enum dma_transfer_direction dir,
			   struct dma_slave_config *config, enum config_call call)
{
	return xfer_set_desc(x, chan, s->total,
			     prep_config_sg(chan, s, dir, config, call),
			     config ? "a list with a configuration"
				    : "a list without a configuration");
}

/* Loop through the FIFO, with @config, or with the earlier one if it is NULL. */
static bool config_loop(struct test_run *run, struct segs *dst, struct segs *src,
			struct dma_slave_config *config, enum config_call call)
{
	struct xfer *x = xfer_new(run, 2);

	return x &&
	       config_prepare(&x[0], run->rx, dst, DMA_DEV_TO_MEM, config, call) &&
	       config_prepare(&x[1], run->tx, src, DMA_MEM_TO_DEV, config, call) &&
	       xfer_start(&x[0]) && xfer_start(&x[1]) &&
	       xfer_wait(&x[1]) && xfer_wait(&x[0]) && fifo_clean(run) &&
	       segs_equal(run, dst, src);
}

static void loop_by(struct test_run *run, enum config_call call)
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
	/* The channels' earlier configuration has another address. */
	if (!fifo_config(run, run->tx, DMA_MEM_TO_DEV, elsewhere->dma, WIDTH, 1) ||
	    !fifo_config(run, run->rx, DMA_DEV_TO_MEM, elsewhere->dma, WIDTH, 1))
		return;
	buf_fill(src, 0, src->size, seed);
	buf_guard(dst, 0, dst->size);
	if (!config_loop(run, to, from, &config, call))
		return;
	/* The configuration stays with the channel. */
	buf_fill(src, 0, src->size, seed + 1);
	buf_guard(dst, 0, dst->size);
	config_loop(run, to, from, NULL, call);
}

static void with_list(struct test_run *run)
{
	loop_by(run, CONFIG_SG);
}

static void safe(struct test_run *run)
{
	loop_by(run, CONFIG_SG_SAFE);
}

static void safe_without(struct test_run *run)
{
	loop_by(run, CONFIG_SG_SAFE_WITHOUT);
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
	EXPECT(run, !prep_config_sg(run->rx, s, DMA_DEV_TO_MEM, &config, CONFIG_SG),
	       "expected NULL for a configuration of width 3, got a descriptor");
	fifo_loop_works(run, "after a configuration was refused");
}

/**
 * struct atomic_prep - what is configured and prepared in one locked section
 * @chan: the channel
 * @s: the list, or NULL for a cyclic transfer of @buf
 * @buf: the buffer
 * @dir: direction
 * @config: the configuration
 */
struct atomic_prep {
	struct dma_chan *chan;
	struct segs *s;
	struct buf *buf;
	enum dma_transfer_direction dir;
	struct dma_slave_config *config;
};

static bool prepare_locked(struct xfer *x, const struct atomic_prep *p)
{
	struct dma_async_tx_descriptor *desc = NULL;
	size_t len = p->s ? p->s->total : p->buf->size;
	static DEFINE_SPINLOCK(lock);
	bool still_off = true;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	if (!dmaengine_slave_config(p->chan, p->config))
		desc = p->s ? dmaengine_prep_slave_sg(p->chan, p->s->sgl, p->s->count,
						      p->dir, DMA_PREP_INTERRUPT) :
			      dmaengine_prep_dma_cyclic(p->chan, p->buf->dma, len, len / 4,
							p->dir, DMA_PREP_INTERRUPT);
	still_off = irqs_disabled() || IS_ENABLED(CONFIG_PREEMPT_RT);
	spin_unlock_irqrestore(&lock, flags);
	return EXPECT(x->run, still_off, "expected interrupts to stay off") &&
	       xfer_set_desc(x, p->chan, len, desc, "a transfer in a locked section");
}

/* Short and long lists, since long ones need memory in the locked section. */
static void locked(struct test_run *run)
{
	static const unsigned int counts[] = { 1, 8, 300, 700 };
	struct dma_slave_config config = {
		.src_addr = fifo_data(run->client),
		.dst_addr = fifo_data(run->client),
		.src_addr_width = WIDTH, .dst_addr_width = WIDTH,
		.src_maxburst = BURST, .dst_maxburst = BURST,
	};
	struct fifo_setup setup = {
		.mode = FIFO_LOOP, .width = WIDTH, .burst = BURST,
	};
	struct buf *src = buf_new(run, run->tx, SZ_64K);
	struct buf *dst = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 2);
	unsigned int i;

	for (i = 0; x && src && dst && i < ARRAY_SIZE(counts); i++) {
		struct segs *from = segs_spread(run, src, counts[i], 64, 16);
		struct segs *to = segs_spread(run, dst, counts[i], 64, 16);

		if (!from || !to)
			return;
		buf_fill(src, 0, src->size, seed + i);
		buf_guard(dst, 0, dst->size);
		xfer_reset(&x[0]);
		xfer_reset(&x[1]);
		setup.expect = to->total;
		if (!fifo_start(run, &setup) ||
		    !prepare_locked(&x[0], &(struct atomic_prep) {
				run->rx, to, dst, DMA_DEV_TO_MEM, &config }) ||
		    !prepare_locked(&x[1], &(struct atomic_prep) {
				run->tx, from, src, DMA_MEM_TO_DEV, &config }) ||
		    !xfer_start(&x[0]) || !xfer_start(&x[1]) ||
		    !xfer_wait(&x[1]) || !xfer_wait(&x[0]) || !fifo_clean(run) ||
		    !segs_equal(run, to, from))
			return;
	}
}

static void locked_cyclic(struct test_run *run)
{
	struct dma_slave_config config = {
		.src_addr = fifo_data(run->client),
		.src_addr_width = WIDTH, .src_maxburst = BURST,
	};
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct buf *buf = buf_new(run, run->rx, SZ_2K);
	struct xfer *x = xfer_new(run, 1);

	if (!buf || !x || !fifo_start(run, &setup) ||
	    !prepare_locked(x, &(struct atomic_prep) {
			run->rx, NULL, buf, DMA_DEV_TO_MEM, &config }) ||
	    !xfer_start(x))
		return;
	xfer_wait_calls(x, 8);
	if (!dmaengine_pause(run->rx))
		buf_cycled(run, buf, buf->size, fifo_rx_bytes(run->client));
	if (xfer_terminate(run, run->rx))
		fifo_loop_works(run, "after a cyclic transfer of a locked section");
}

static const struct test tests[] = {
	{ "locked", "configure and prepare work with a spinlock held and interrupts off",
	  NEEDS_LOOP, locked },
	{ "locked-cyclic", "the same for a cyclic transfer",
	  NEEDS_LOOP | NEEDS_CYCLIC, locked_cyclic },
	{ "with-list", "a configuration with a list is used for it and for the next",
	  NEEDS_LOOP, with_list },
	{ "safe", "the same by dmaengine_prep_config_sg_safe()", NEEDS_LOOP, safe },
	{ "safe-without", "the same if the provider has no device_prep_config_sg",
	  NEEDS_LOOP, safe_without },
	{ "refused", "a list with an invalid configuration is refused",
	  NEEDS_LOOP, refuse_bad },
};

const struct test_group config_group = { "config", tests, ARRAY_SIZE(tests) };
