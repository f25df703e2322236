// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test of a device whose FIFO cannot wait, while all channels that copy memory copy without
 * a pause. It depends on time, so it is for a controller of known speed, and is run by
 * name only: on the emulated board by the instruction clock.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

/* A serial port at 1.5 Mbaud that requests at 16 bytes and has room for 32 more. */
#define PORT_RATE	150000
#define PORT_BURST	16
#define PORT_ROOM	32
#define PORT_LEN	256
#define PORT_ROUNDS	8
/* The last burst's way to the callback */
#define LATE_NS		20000

#define COPIERS		8
#define COPY_LEN	SZ_4M
#define COPIES		4

/* Devices besides the one under test, and the time in which 64 KiB are copied among them */
#define DEVICES		15
#define COPY_NS		3000000

/* What each of the other devices does */
static const struct test waiting = {
	"waiting", "waits for data", NEEDS_RX | NEEDS_FIFO, NULL
};

/**
 * struct copier - a channel that copies memory, and its copies
 * @chan: the channel
 * @src: where it copies from
 * @dst: where it copies to
 * @x: its copies
 */
struct copier {
	struct dma_chan *chan;
	struct buf *src;
	struct buf *dst;
	struct xfer *x;
};

static bool copier_start(struct test_run *run, struct copier *c, u32 data)
{
	unsigned int i;

	c->src = buf_new(run, c->chan, COPY_LEN);
	c->dst = buf_new(run, c->chan, COPY_LEN);
	c->x = xfer_new(run, COPIES);
	if (!c->src || !c->dst || !c->x)
		return false;
	buf_fill(c->src, 0, COPY_LEN, data);
	for (i = 0; i < COPIES; i++) {
		struct dma_async_tx_descriptor *desc =
			dmaengine_prep_dma_memcpy(c->chan, c->dst->dma, c->src->dma, COPY_LEN,
						  DMA_PREP_INTERRUPT);

		if (!xfer_set_desc(&c->x[i], c->chan, COPY_LEN, desc, "a copy") ||
		    !xfer_submit(&c->x[i]))
			return false;
	}
	return true;
}

/*
 * Start the next transfer in the callback of the last one, as drivers of ports do. The
 * last one is followed by one with no callback, which is not started.
 */
static void receive_next(struct xfer *x)
{
	ktime_t *end = x->data;

	*end = ktime_get();
	if (x[1].hook)
		xfer_start(&x[1]);
}

/* Receive until @to is full. Returns how many ns that took, or 0 after a failure. */
static u64 receive(struct test_run *run, const struct fifo_setup *setup, struct buf *to)
{
	struct xfer *x = xfer_new(run, PORT_ROUNDS + 1);
	ktime_t start, end;
	unsigned int i;

	for (i = 0; x && i < PORT_ROUNDS; i++) {
		struct segs *s = segs_new(run, to, 1);

		if (!s)
			return 0;
		segs_set(s, 0, i * PORT_LEN, PORT_LEN);
		x[i].hook = receive_next;
		x[i].data = &end;
		if (!xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT))
			return 0;
	}
	if (!x || !xfer_start(&x[0]))
		return 0;
	start = ktime_get();
	if (!fifo_start(run, setup))
		return 0;
	for (i = 0; i < PORT_ROUNDS; i++)
		if (!xfer_wait(&x[i]))
			return 0;
	return ktime_to_ns(ktime_sub(end, start));
}

static void port_among_copies(struct test_run *run, struct copier *c, unsigned int count)
{
	const u64 expected = (u64)PORT_ROUNDS * PORT_LEN * NSEC_PER_SEC / PORT_RATE;
	struct fifo_setup setup = {
		.mode = FIFO_COUNT, .width = 1, .burst = PORT_BURST, .rate = PORT_RATE,
		.depth = PORT_BURST + PORT_ROOM,
	};
	struct buf *to = buf_new(run, run->rx, PORT_ROUNDS * PORT_LEN);
	unsigned int i, n;
	u64 took;

	if (!to || !fifo_config(run, run->rx, DMA_DEV_TO_MEM, fifo_data(run->client), 1,
				PORT_BURST))
		return;
	for (i = 0; i < count; i++)
		if (!copier_start(run, &c[i], seed + i))
			return;
	for (i = 0; i < count; i++)
		dma_async_issue_pending(c[i].chan);
	/* The copies have all threads by now. */
	usleep_range(500, 600);
	took = receive(run, &setup, to);
	if (!took)
		return;
	/* The FIFO stands still while it is full. A port would lose what comes then. */
	EXPECT(run, took <= expected + LATE_NS,
	       "expected %u bytes in %llu ns, got them in %llu: a port had lost %llu",
	       PORT_ROUNDS * PORT_LEN, expected, took,
	       (took - expected) * PORT_RATE / NSEC_PER_SEC);
	for (i = 0; i < count; i++)
		EXPECT(run, !completion_done(&c[i].x[COPIES - 1].done),
		       "expected copies on %s all the time, they ended", dma_chan_name(c[i].chan));
	buf_counts(run, to, 0, PORT_ROUNDS * PORT_LEN, 0);
	for (i = 0; i < count; i++) {
		for (n = 0; n < COPIES; n++)
			if (!xfer_wait(&c[i].x[n]))
				return;
		buf_equal(run, c[i].dst, 0, c[i].src, 0, COPY_LEN);
	}
}

static void port(struct test_run *run)
{
	struct copier *c = run_alloc(run, COPIERS * sizeof(*c));
	unsigned int count = 1, i;
	dma_cap_mask_t mask;

	if (!c)
		return;
	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	c[0].chan = run->mem;
	for (; count < COPIERS; count++) {
		c[count].chan = __dma_request_channel(&mask, NULL, NULL,
						      run->mem->device->dev->of_node);
		if (!c[count].chan)
			break;
	}
	port_among_copies(run, c, count);
	for (i = 1; i < count; i++) {
		dmaengine_terminate_sync(c[i].chan);
		dma_release_channel(c[i].chan);
	}
}

/* Receive from a FIFO that has its first byte in a second. */
static bool wait_for_data(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = 1 };
	struct buf *to = buf_new(run, run->rx, PORT_LEN);
	struct segs *s = to ? segs_new(run, to, 1) : NULL;
	struct xfer *x = xfer_new(run, 1);

	if (!s || !x)
		return false;
	segs_set(s, 0, 0, PORT_LEN);
	return fifo_start(run, &setup) &&
	       xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) && xfer_start(x);
}

static void copy_among_lines(struct test_run *run)
{
	struct buf *src = buf_new(run, run->mem, SZ_64K), *dst = buf_new(run, run->mem, SZ_64K);
	struct xfer *x = xfer_new(run, 1);
	u64 took;

	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, SZ_64K, seed);
	usleep_range(1000, 1100);
	took = ktime_get_ns();
	if (!xfer_memcpy(x, dst, 0, src, 0, SZ_64K, DMA_PREP_INTERRUPT) || !xfer_start(x) ||
	    !xfer_wait(x))
		return;
	took = ktime_get_ns() - took;
	buf_equal(run, dst, 0, src, 0, SZ_64K);
	EXPECT(run, took <= COPY_NS, "expected 64 KiB in %u ns, got them in %llu", COPY_NS, took);
}

static void copy(struct test_run *run)
{
	struct test_run *other[DEVICES];
	struct client *client;
	unsigned int i, count;
	bool all = wait_for_data(run);

	for (count = 0; all && count < DEVICES; count++) {
		client = client_other(run->client, count);
		other[count] = client ? run_begin(client, &waiting) : NULL;
		if (!other[count])
			break;
		all = EXPECT(run, other[count]->rx, "expected a channel for %s, got %.64s",
			     dev_name(client->dev), other[count]->skip) &&
			wait_for_data(other[count]);
	}
	if (all)
		copy_among_lines(run);
	for (i = 0; i < count; i++)
		run_end(other[i]);
}

static const struct test tests[] = {
	{ "copy", "a copy goes on while all devices wait for data",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_MEMCPY, copy },
	{ "port", "a port at 1.5 Mbaud loses nothing while eight channels copy 16 MiB each",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_MEMCPY, port },
};

const struct test_group crowd_group = {
	.name = "crowd", .tests = tests, .count = ARRAY_SIZE(tests),
	.on_demand = true,
};
