// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of order: submitted work runs when it is issued, once, and in order. Callbacks,
 * cookies, and work that is added while other work runs.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sizes.h>

#include "client.h"

#define DEPTH		200
#define SLOT		SZ_1K

/**
 * struct copies - a row of copies from one buffer to another
 * @src: where from
 * @dst: where to
 * @x: the transfers, one per slot of SLOT bytes
 * @count: how many
 */
struct copies {
	struct buf *src;
	struct buf *dst;
	struct xfer *x;
	unsigned int count;
};

static bool copies_new(struct test_run *run, struct copies *c,
		       unsigned int count)
{
	c->count = count;
	c->src = buf_new(run, run->mem, count * SLOT);
	c->dst = buf_new(run, run->mem, count * SLOT);
	c->x = xfer_new(run, count);
	if (!c->src || !c->dst || !c->x)
		return false;
	buf_fill(c->src, 0, c->src->size, seed);
	buf_invert(c->dst, 0, c->src, 0, count * SLOT);
	return true;
}

static bool copies_prep(struct copies *c, unsigned int i, unsigned long flags)
{
	return xfer_memcpy(&c->x[i], c->dst, i * SLOT, c->src, i * SLOT, SLOT,
			   flags);
}

static bool copies_submit(struct copies *c, unsigned int i)
{
	return copies_prep(c, i, DMA_PREP_INTERRUPT) && xfer_submit(&c->x[i]);
}

static bool copies_arrived(struct test_run *run, struct copies *c)
{
	return buf_equal(run, c->dst, 0, c->src, 0, c->count * SLOT);
}

/* Wait for all and expect that their callbacks came in order. */
static bool copies_in_order(struct test_run *run, struct copies *c)
{
	unsigned int i;

	for (i = 0; i < c->count; i++)
		if (!xfer_wait(&c->x[i]) ||
		    !EXPECT(run, c->x[i].place == i + 1,
			    "expected callback %u at place %u, got it at %d",
			    i, i + 1, c->x[i].place))
			return false;
	return copies_arrived(run, c);
}

static void queued(struct test_run *run)
{
	struct copies c;
	unsigned int i;

	if (!copies_new(run, &c, DEPTH))
		return;
	for (i = 0; i < c.count; i++)
		if (!copies_submit(&c, i))
			return;
	dma_async_issue_pending(run->mem);
	if (!copies_in_order(run, &c))
		return;
	msleep(20);
	for (i = 0; i < c.count; i++)
		EXPECT(run, atomic_read(&c.x[i].calls) == 1,
		       "expected one callback of transfer %u, got %d", i,
		       atomic_read(&c.x[i].calls));
}

static void issue_between(struct test_run *run)
{
	struct copies c;
	unsigned int i;

	if (!copies_new(run, &c, DEPTH))
		return;
	for (i = 0; i < c.count; i++) {
		if (!copies_submit(&c, i))
			return;
		if (i % 3 != 1)
			dma_async_issue_pending(run->mem);
	}
	dma_async_issue_pending(run->mem);
	copies_in_order(run, &c);
}

/*
 * Lengths and pauses vary, so that work is added before the running list
 * ends, as it ends and just after.
 */
static void append_running(struct test_run *run)
{
	const unsigned int window = 64, total = repetitions(4000);
	struct rnd_state rnd;
	unsigned int i, slot;
	struct copies c;
	size_t len;

	prandom_seed_state(&rnd, seed);
	if (!copies_new(run, &c, window))
		return;
	for (i = 0; i < total + window; i++) {
		slot = i % window;
		if (i >= window &&
		    (!xfer_wait(&c.x[slot]) ||
		     !EXPECT(run, c.x[slot].place == i - window + 1,
			     "expected callback %u at place %u, got it at %d",
			     i - window, i - window + 1, c.x[slot].place) ||
		     !buf_equal(run, c.dst, slot * SLOT, c.src, slot * SLOT,
				c.x[slot].len)))
			return;
		if (i >= total)
			continue;
		len = 1 + prandom_u32_state(&rnd) % SLOT;
		xfer_reset(&c.x[slot]);
		buf_invert(c.dst, slot * SLOT, c.src, slot * SLOT, len);
		if (!xfer_memcpy(&c.x[slot], c.dst, slot * SLOT, c.src,
				 slot * SLOT, len, DMA_PREP_INTERRUPT) ||
		    !xfer_start(&c.x[slot]))
			return;
		if (prandom_u32_state(&rnd) % 8 == 0)
			udelay(prandom_u32_state(&rnd) % 64);
	}
}

static void not_issued(struct test_run *run)
{
	struct copies c;
	u8 first;

	if (!copies_new(run, &c, 1) || !copies_submit(&c, 0))
		return;
	first = c.dst->virt[0];
	if (!xfer_no_callback(c.x, 1, "before issue_pending"))
		return;
	EXPECT(run, xfer_status(&c.x[0], NULL) == DMA_IN_PROGRESS,
	       "expected DMA_IN_PROGRESS before issue_pending, got %s",
	       status_name(xfer_status(&c.x[0], NULL)));
	EXPECT(run, READ_ONCE(c.dst->virt[0]) == first,
	       "expected no data before issue_pending, got some");
	dma_async_issue_pending(run->mem);
	copies_in_order(run, &c);
}

static void issued_only(struct test_run *run)
{
	struct copies c;

	if (!copies_new(run, &c, 2) || !copies_submit(&c, 0))
		return;
	dma_async_issue_pending(run->mem);
	if (!copies_submit(&c, 1) || !xfer_wait(&c.x[0]) ||
	    !xfer_no_callback(&c.x[1], 1, "of a transfer submitted after issue_pending"))
		return;
	dma_async_issue_pending(run->mem);
	copies_in_order(run, &c);
}

static void empty_issue(struct test_run *run)
{
	struct copies c;
	unsigned int i;

	dma_async_issue_pending(run->mem);
	if (!copies_new(run, &c, 2) || !copies_submit(&c, 0))
		return;
	for (i = 0; i < 10; i++)
		dma_async_issue_pending(run->mem);
	if (!xfer_wait(&c.x[0]))
		return;
	dma_async_issue_pending(run->mem);
	if (!copies_submit(&c, 1))
		return;
	dma_async_issue_pending(run->mem);
	copies_in_order(run, &c);
}

static void submit_order(struct test_run *run)
{
	struct copies c;

	if (!copies_new(run, &c, 3) ||
	    !copies_prep(&c, 2, DMA_PREP_INTERRUPT) ||
	    !copies_prep(&c, 0, DMA_PREP_INTERRUPT) ||
	    !copies_prep(&c, 1, DMA_PREP_INTERRUPT) ||
	    !xfer_submit(&c.x[0]) || !xfer_submit(&c.x[1]) ||
	    !xfer_submit(&c.x[2]))
		return;
	dma_async_issue_pending(run->mem);
	copies_in_order(run, &c);
}

static void cookies(struct test_run *run)
{
	dma_cookie_t last, used;
	enum dma_status status;
	struct copies c;
	unsigned int i;

	if (!copies_new(run, &c, 20))
		return;
	for (i = 0; i < c.count; i++) {
		if (!copies_submit(&c, i))
			return;
		if (i && !EXPECT(run, c.x[i].cookie > c.x[i - 1].cookie,
				 "expected a cookie above %d, got %d",
				 c.x[i - 1].cookie, c.x[i].cookie))
			return;
	}
	status = dma_async_is_tx_complete(run->mem, c.x[0].cookie, &last,
					  &used);
	EXPECT(run, status == DMA_IN_PROGRESS && last < c.x[0].cookie &&
	       used == c.x[i - 1].cookie,
	       "expected DMA_IN_PROGRESS, last < %d, used %d, got %s, last %d, used %d",
	       c.x[0].cookie, c.x[i - 1].cookie, status_name(status), last,
	       used);
	dma_async_issue_pending(run->mem);
	if (!copies_in_order(run, &c))
		return;
	for (i = 0; i < c.count; i++) {
		status = dma_async_is_tx_complete(run->mem, c.x[i].cookie,
						  &last, &used);
		EXPECT(run, status == DMA_COMPLETE && last == used &&
		       used == c.x[c.count - 1].cookie,
		       "expected DMA_COMPLETE, last and used %d, got %s, last %d, used %d",
		       c.x[c.count - 1].cookie, status_name(status), last,
		       used);
	}
}

static void interrupt_last(struct test_run *run)
{
	struct copies c;
	unsigned int i;

	if (!copies_new(run, &c, DEPTH))
		return;
	for (i = 0; i < c.count; i++)
		if (!copies_prep(&c, i, i == c.count - 1 ?
				 DMA_PREP_INTERRUPT : 0) ||
		    !xfer_submit(&c.x[i]))
			return;
	dma_async_issue_pending(run->mem);
	if (!xfer_wait(&c.x[c.count - 1]) || !copies_arrived(run, &c))
		return;
	for (i = 0; i < c.count; i++)
		if (!EXPECT(run, xfer_status(&c.x[i], NULL) == DMA_COMPLETE,
			    "expected transfer %u before the last to be DMA_COMPLETE, got %s",
			    i, status_name(xfer_status(&c.x[i], NULL))))
			return;
}

/* The first copy ends without an interrupt or a poll; the second must not wait. */
static void after_quiet(struct test_run *run)
{
	struct copies c;
	unsigned int i;

	if (!copies_new(run, &c, 20))
		return;
	for (i = 0; i < c.count; i += 2) {
		if (!copies_prep(&c, i, 0) || !xfer_start(&c.x[i]))
			return;
		usleep_range(500, 1000);
		if (!copies_prep(&c, i + 1, DMA_PREP_INTERRUPT) ||
		    !xfer_start(&c.x[i + 1]) || !xfer_wait(&c.x[i + 1]))
			return;
	}
	copies_arrived(run, &c);
}

/**
 * struct chain - transfers whose callbacks each start the next one
 * @s: memory that each writes
 * @left: transfers still to be started
 * @all_done: the last one's callback has run
 */
struct chain {
	struct segs *s;
	unsigned int left;
	struct completion all_done;
};

static void chain_next(struct xfer *x)
{
	struct chain *chain = x->data;

	if (!chain->left--) {
		complete(&chain->all_done);
		return;
	}
	if (xfer_slave(x, x->chan, chain->s, DMA_DEV_TO_MEM,
		       DMA_PREP_INTERRUPT))
		xfer_start(x);
}

static void callback_submits(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *dst = buf_new(run, run->rx, SZ_4K);
	struct chain *chain = run_alloc(run, sizeof(*chain));
	struct xfer *x = xfer_new(run, 1);

	if (!dst || !chain || !x || !fifo_start(run, &setup))
		return;
	chain->s = segs_spread(run, dst, 2, SZ_1K, 64);
	chain->left = 100;
	init_completion(&chain->all_done);
	x->hook = chain_next;
	x->data = chain;
	if (!chain->s ||
	    !xfer_slave(x, run->rx, chain->s, DMA_DEV_TO_MEM,
			DMA_PREP_INTERRUPT) || !xfer_start(x))
		return;
	if (!EXPECT(run, wait_for_completion_timeout(&chain->all_done,
						     msecs_to_jiffies(timeout_ms)),
		    "expected 101 callbacks within %u ms, got %d", timeout_ms,
		    atomic_read(&run->callbacks)))
		return;
	/* 101 transfers of 2 KiB: the counting bytes are 0 again at each start. */
	segs_count(run, chain->s, chain->s->total, 0);
	fifo_clean(run);
}

static void prep_apart(struct test_run *run)
{
	struct copies c;
	unsigned int i;

	if (!copies_new(run, &c, DEPTH))
		return;
	for (i = 0; i < c.count; i++) {
		if (!copies_submit(&c, i))
			return;
		dma_async_issue_pending(run->mem);
		/* Prepared, and given up by terminate when the test ends. */
		if (!EXPECT(run, dmaengine_prep_dma_memcpy(run->mem, c.dst->dma,
							   c.src->dma + 1, 100,
							   0),
			    "expected a descriptor, got NULL"))
			return;
	}
	copies_in_order(run, &c);
}

static void config_running(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_4M };
	struct buf *dst = buf_new(run, run->rx, SZ_256K);
	struct xfer *x = xfer_new(run, 2);
	struct segs *s;
	unsigned int i;

	if (!dst || !x || !fifo_start(run, &setup))
		return;
	s = segs_spread(run, dst, 4, SZ_16K, 64);
	for (i = 0; i < 2; i++)
		if (!s || !xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM,
				      DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&x[i]))
			return;
	dma_async_issue_pending(run->rx);
	usleep_range(3000, 4000);
	/* One transfer runs, one is queued; the new configuration is for neither. */
	if (!fifo_config(run, run->rx, DMA_DEV_TO_MEM, run->client->fifo_phys,
			 1, 1) ||
	    !xfer_wait(&x[0]) || !xfer_wait(&x[1]))
		return;
	segs_count(run, s, s->total, 0);
	fifo_clean(run);
}

/* The status is polled around the first transfer's end, as the second is added. */
static void append_polled(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct buf *buf = buf_new(run, run->rx, SZ_4K);
	struct xfer *x = xfer_new(run, 2);
	struct segs *s, *s2;
	unsigned long end;
	unsigned int i;

	s = buf ? segs_spread(run, buf, 2, SZ_64, 64) : NULL;
	s2 = buf ? segs_spread(run, buf, 2, SZ_64, 64) : NULL;
	for (i = 0; x && s && s2 && i < repetitions(400); i++) {
		xfer_reset(&x[0]);
		xfer_reset(&x[1]);
		if (!fifo_start(run, &setup) ||
		    !xfer_slave(&x[0], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) || !xfer_start(&x[0]))
			return;
		/* A segment takes 60 us. */
		udelay(20 + i % 80);
		if (!xfer_slave(&x[1], run->rx, s2, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) || !xfer_start(&x[1]))
			return;
		end = jiffies + msecs_to_jiffies(timeout_ms);
		while (xfer_status(&x[0], NULL) == DMA_IN_PROGRESS &&
		       time_before(jiffies, end))
			cpu_relax();
		if (!xfer_wait(&x[0]) || !xfer_wait(&x[1]) || !fifo_clean(run) ||
		    !segs_count(run, s2, s2->total, s->total))
			return;
	}
}

static const struct test tests[] = {
	{ "queued", "callbacks of queued work come once each and in order",
	  NEEDS_MEMCPY, queued },
	{ "issue-between", "callbacks stay in order with issue_pending between submits",
	  NEEDS_MEMCPY, issue_between },
	{ "append-running", "work added while other work runs is neither lost nor reordered",
	  NEEDS_MEMCPY, append_running },
	{ "append-polled", "work added while the client polls the status runs",
	  NEEDS_RX | NEEDS_FIFO, append_polled },
	{ "not-issued", "submitted work does not run before issue_pending",
	  NEEDS_MEMCPY, not_issued },
	{ "issued-only", "issue_pending runs what was submitted before it and no more",
	  NEEDS_MEMCPY, issued_only },
	{ "empty-issue", "issue_pending is harmless when nothing is pending",
	  NEEDS_MEMCPY, empty_issue },
	{ "submit-order", "work runs in the order of submit, not of prepare",
	  NEEDS_MEMCPY, submit_order },
	{ "cookies", "cookies ascend and show what is done",
	  NEEDS_MEMCPY, cookies },
	{ "interrupt-last", "at the callback of the last, all descriptors before it are done",
	  NEEDS_MEMCPY, interrupt_last },
	{ "after-quiet", "a copy after one that ended without an interrupt has its callback",
	  NEEDS_MEMCPY, after_quiet },
	{ "callback-submits", "a callback may prepare, submit and issue the next transfer",
	  NEEDS_RX | NEEDS_FIFO, callback_submits },
	{ "prep-apart", "preparing a descriptor does not disturb running ones",
	  NEEDS_MEMCPY, prep_apart },
	{ "config-running", "slave_config does not disturb running and queued transfers",
	  NEEDS_RX | NEEDS_FIFO, config_running },
};

const struct test_group order_group = { "order", tests, ARRAY_SIZE(tests) };
