// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of data: every byte arrives where it should, and nothing else changes. Copies
 * and transfers of many sizes, alignments, widths and segment counts, each between guard
 * bytes.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sizes.h>

#include "client.h"

/* Room around a copy, so that guard bytes are on both sides. */
#define MARGIN		64

static const unsigned int bursts[] = { 1, 2, 3, 4, 8, 16, 32 };

static bool copy(struct test_run *run, struct xfer *x, struct buf *dst,
		 size_t dst_off, struct buf *src, size_t src_off, size_t len)
{
	bool good;

	xfer_reset(x);
	buf_invert(dst, dst_off, src, src_off, len);
	good = xfer_memcpy(x, dst, dst_off, src, src_off, len,
			   DMA_PREP_INTERRUPT) &&
	       xfer_start(x) && xfer_wait(x) &&
	       buf_copied(run, dst, dst_off, src, src_off, len);
	if (!good)
		run_fail(run, "while copying %zu bytes from offset %zu to %zu",
			 len, src_off, dst_off);
	buf_guard(dst, dst_off, len);
	return good;
}

static bool copy_setup(struct test_run *run, size_t size, struct buf **src,
		       struct buf **dst, struct xfer **x)
{
	*src = buf_new(run, run->mem, size);
	*dst = *src ? buf_new(run, run->mem, size) : NULL;
	*x = xfer_new(run, 1);
	if (!*src || !*dst || !*x)
		return false;
	buf_fill(*src, 0, (*src)->size, seed);
	return true;
}

static void memcpy_sizes(struct test_run *run)
{
	struct buf *src, *dst;
	struct xfer *x;
	size_t len;

	if (!copy_setup(run, SZ_1K, &src, &dst, &x))
		return;
	for (len = 1; len <= 300; len++)
		if (!copy(run, x, dst, MARGIN, src, 0, len))
			return;
	if (!copy_setup(run, SZ_2M, &src, &dst, &x))
		return;
	for (len = 512; len <= SZ_1M; len *= 2)
		if (!copy(run, x, dst, MARGIN, src, 0, len - 1) ||
		    !copy(run, x, dst, MARGIN, src, 0, len) ||
		    !copy(run, x, dst, MARGIN, src, 0, len + 1))
			return;
}

static void memcpy_alignments(struct test_run *run)
{
	static const size_t lens[] = { 1, 17, 64, 333 };
	struct buf *src, *dst;
	size_t from, to;
	struct xfer *x;
	int i;

	if (!copy_setup(run, SZ_1K, &src, &dst, &x))
		return;
	for (from = 0; from <= 16; from++)
		for (to = 0; to <= 16; to++)
			for (i = 0; i < ARRAY_SIZE(lens); i++)
				if (!copy(run, x, dst, MARGIN + to, src,
					  MARGIN + from, lens[i]))
					return;
}

static void memcpy_large(struct test_run *run)
{
	struct buf *src, *dst;
	struct xfer *x;

	if (!copy_setup(run, SZ_16M + SZ_4M, &src, &dst, &x))
		return;
	if (copy(run, x, dst, MARGIN, src, 0, SZ_16M) &&
	    copy(run, x, dst, MARGIN, src, 0, SZ_16M + 1))
		copy(run, x, dst, MARGIN + 3, src, 5, SZ_16M + SZ_2M - 7);
}

static void memcpy_seeds(struct test_run *run)
{
	size_t from, to, len;
	struct rnd_state rnd;
	struct buf *src, *dst;
	struct xfer *x;
	int i;

	prandom_seed_state(&rnd, seed);
	if (!copy_setup(run, SZ_64K, &src, &dst, &x))
		return;
	for (i = 0; i < repetitions(200); i++) {
		buf_fill(src, 0, src->size, prandom_u32_state(&rnd));
		from = prandom_u32_state(&rnd) % SZ_32K;
		to = prandom_u32_state(&rnd) % SZ_32K;
		len = 1 + prandom_u32_state(&rnd) % (SZ_32K - 1);
		if (!copy(run, x, dst, to, src, from, len))
			return;
	}
}

static void tx_alone(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_LOOP };
	struct buf *src = buf_new(run, run->tx, SZ_4K);
	struct buf *got = buf_new(run, run->tx, SZ_4K);
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	if (!src || !got || !x)
		return;
	buf_fill(src, 0, src->size, seed);
	s = segs_spread(run, src, 1, SZ_2K, 0);
	if (!s || !fifo_start(run, &setup) ||
	    !xfer_slave(x, run->tx, s, DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT) ||
	    !xfer_start(x) || !xfer_wait(x))
		return;
	EXPECT(run, fifo_tx_bytes(run->client) == SZ_2K,
	       "expected %u bytes at the device, got %u", SZ_2K,
	       fifo_tx_bytes(run->client));
	fifo_read(run->client, got->virt, SZ_2K);
	buf_equal(run, got, 0, src, 0, SZ_2K);
}

static void rx_alone(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct buf *dst = buf_new(run, run->rx, SZ_1M);
	struct xfer *x = xfer_new(run, 1);
	struct segs *s;

	if (!dst || !x)
		return;
	s = segs_spread(run, dst, 5, SZ_64K, MARGIN);
	if (!s || !fifo_start(run, &setup) ||
	    !xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) ||
	    !xfer_start(x) || !xfer_wait(x))
		return;
	segs_count(run, s, s->total, 0);
	EXPECT(run, fifo_rx_bytes(run->client) == s->total,
	       "expected %zu bytes read from the device, got %u", s->total,
	       fifo_rx_bytes(run->client));
	fifo_clean(run);
}

/* Loop a number of bytes in equal segments; both sides lie at an offset. */
static bool loop(struct test_run *run, struct buf *dst, struct buf *src,
		 size_t off, unsigned int count, size_t len,
		 unsigned int width, unsigned int burst)
{
	struct segs *to = segs_spread(run, dst, count, len, off);
	struct segs *from = segs_spread(run, src, count, len, off);
	bool good;

	if (!to || !from)
		return false;
	buf_guard(dst, 0, dst->size);
	good = fifo_loop(run, to, from, width, burst);
	if (!good)
		run_fail(run, "while looping %u x %zu bytes at offset %zu with width %u, burst %u",
			 count, len, off, width, burst);
	return good;
}

static bool loop_setup(struct test_run *run, size_t size, struct buf **src,
		       struct buf **dst)
{
	*src = buf_new(run, run->tx, size);
	*dst = *src ? buf_new(run, run->rx, size) : NULL;
	if (!*src || !*dst)
		return false;
	buf_fill(*src, 0, (*src)->size, seed);
	return true;
}

static u32 loop_widths(struct test_run *run, u32 *max_burst)
{
	struct dma_slave_caps tx = {}, rx = {};

	if (dma_get_slave_caps(run->tx, &tx) ||
	    dma_get_slave_caps(run->rx, &rx))
		return BIT(4);
	*max_burst = min(tx.max_burst ?: 1, rx.max_burst ?: 1);
	return tx.dst_addr_widths & rx.src_addr_widths;
}

static void fifo_widths(struct test_run *run)
{
	u32 max_burst = 1, widths = loop_widths(run, &max_burst);
	unsigned int width, i;
	struct buf *src, *dst;

	if (!loop_setup(run, SZ_8K, &src, &dst))
		return;
	for (width = 1; width <= 8; width *= 2)
		for (i = 0; i < ARRAY_SIZE(bursts); i++)
			if (widths & BIT(width) && bursts[i] <= max_burst &&
			    !loop(run, dst, src, MARGIN, 3, 47 * width, width,
				  bursts[i]))
				return;
}

static void fifo_sizes(struct test_run *run)
{
	u32 max_burst = 1, widths = loop_widths(run, &max_burst);
	struct buf *src, *dst;
	size_t len;

	if (!loop_setup(run, SZ_4M, &src, &dst))
		return;
	for (len = SZ_4K; len <= SZ_2M; len *= 8)
		if (!loop(run, dst, src, MARGIN, 1, len, 4, 4))
			return;
	if (!loop(run, dst, src, MARGIN, 1, SZ_4M - SZ_4K, 4, 8))
		return;
	if (!(widths & BIT(1)) || !loop_setup(run, SZ_1K, &src, &dst))
		return;
	for (len = 1; len <= 130; len++)
		if (!loop(run, dst, src, MARGIN, 1, len, 1, 4))
			return;
}

static void fifo_alignments(struct test_run *run)
{
	u32 max_burst = 1, widths = loop_widths(run, &max_burst);
	struct buf *src, *dst;
	size_t off;

	if (!(widths & BIT(1))) {
		run_skip(run, "the channels have no accesses of one byte");
		return;
	}
	if (!loop_setup(run, SZ_4K, &src, &dst))
		return;
	for (off = 1; off <= 32; off++)
		if (!loop(run, dst, src, off, 5, 100 + off, 1, 8))
			return;
}

static void fifo_segments(struct test_run *run)
{
	static const unsigned int counts[] = {
		1, 2, 3, 16, 63, 64, 65, 128, 255, 500, 1000
	};
	struct buf *src, *dst;
	int i;

	if (!loop_setup(run, SZ_256K, &src, &dst))
		return;
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		if (!loop(run, dst, src, 12, counts[i], 132, 4, 4))
			return;
}

/* A list of random segments, in steps of the width, that adds up to a total. */
static struct segs *random_segs(struct test_run *run, struct buf *b,
				struct rnd_state *rnd, unsigned int count,
				size_t total)
{
	struct segs *s = segs_new(run, b, count);
	size_t off = 0, len, left = total;
	unsigned int i;

	for (i = 0; s && i < count; i++) {
		len = left - 4 * (count - i - 1);
		if (i < count - 1)
			len = 4 + prandom_u32_state(rnd) %
			      min_t(size_t, len, 2 * total / count);
		len = min(ALIGN_DOWN(len, 4), left - 4 * (count - i - 1));
		off += 4 * (1 + prandom_u32_state(rnd) % 16);
		segs_set(s, i, off, len);
		off += len;
		left -= len;
	}
	return s;
}

static void fifo_seeds(struct test_run *run)
{
	struct buf *src, *dst;
	struct rnd_state rnd;
	struct segs *from, *to;
	size_t total;
	int i;

	prandom_seed_state(&rnd, seed);
	if (!loop_setup(run, SZ_128K, &src, &dst))
		return;
	for (i = 0; i < repetitions(40); i++) {
		total = 4 * (128 + prandom_u32_state(&rnd) % 8192);
		buf_fill(src, 0, src->size, prandom_u32_state(&rnd));
		buf_guard(dst, 0, dst->size);
		from = random_segs(run, src, &rnd,
				   1 + prandom_u32_state(&rnd) % 64, total);
		to = random_segs(run, dst, &rnd,
				 1 + prandom_u32_state(&rnd) % 64, total);
		if (!from || !to || !fifo_loop(run, to, from, 4, 4)) {
			run_fail(run, "while looping list %d of seed %u", i,
				 seed);
			return;
		}
	}
}

static const struct test tests[] = {
	{ "memcpy-sizes", "copies from 1 byte to 1 MiB arrive bit-exact and touch nothing else",
	  NEEDS_MEMCPY, memcpy_sizes },
	{ "memcpy-alignments", "copies between any two alignments arrive bit-exact",
	  NEEDS_MEMCPY, memcpy_alignments },
	{ "memcpy-large", "copies of more than 16 MiB arrive bit-exact",
	  NEEDS_MEMCPY, memcpy_large },
	{ "memcpy-seeds", "random copies of random data arrive bit-exact",
	  NEEDS_MEMCPY, memcpy_seeds },
	{ "tx-alone", "memory to device: every byte arrives, and no more",
	  NEEDS_TX | NEEDS_FIFO, tx_alone },
	{ "rx-alone", "device to memory: every byte is stored, and no more is read",
	  NEEDS_RX | NEEDS_FIFO, rx_alone },
	{ "fifo-widths", "each width and burst that the channels offer works",
	  NEEDS_LOOP, fifo_widths },
	{ "fifo-sizes", "lengths from one access to 4 MiB pass the device bit-exact",
	  NEEDS_LOOP, fifo_sizes },
	{ "fifo-alignments", "segments at any byte pass the device bit-exact",
	  NEEDS_LOOP, fifo_alignments },
	{ "fifo-segments", "lists of 1 to 1000 segments pass the device bit-exact",
	  NEEDS_LOOP, fifo_segments },
	{ "fifo-seeds", "random lists pass the device bit-exact",
	  NEEDS_LOOP, fifo_seeds },
};

const struct test_group data_group = { "data", tests, ARRAY_SIZE(tests) };
