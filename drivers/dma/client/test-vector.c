// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of dmaengine_prep_peripheral_dma_vec(), transfers of a vector of bus addresses
 * and lengths. Linux 6.11 and later have it.
 */
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

#define ENTRIES	4

#ifdef CLIENT_HAS_DMA_VEC
static const bool in_kernel = true;

static bool in_provider(struct dma_chan *chan)
{
	return chan->device->device_prep_peripheral_dma_vec;
}
#else
static const bool in_kernel;

struct dma_vec {
	dma_addr_t addr;
	size_t len;
};

static bool in_provider(struct dma_chan *chan)
{
	return false;
}

static struct dma_async_tx_descriptor *
dmaengine_prep_peripheral_dma_vec(struct dma_chan *chan,
				  const struct dma_vec *vecs, size_t nents,
				  enum dma_transfer_direction dir,
				  unsigned long flags)
{
	return NULL;
}
#endif

static bool possible(struct test_run *run)
{
	if (!in_kernel)
		run_skip(run, "the kernel has no transfers of vectors");
	else if (!in_provider(run->tx) || !in_provider(run->rx))
		run_skip(run, "the provider has no transfers of vectors");
	return !run->skip[0];
}

/* Make a vector of a list's segments. */
static struct dma_vec *vec_of(struct test_run *run, struct segs *s)
{
	struct dma_vec *vec = run_alloc(run, s->count * sizeof(*vec));
	unsigned int i;

	for (i = 0; vec && i < s->count; i++) {
		vec[i].addr = s->buf->dma + s->seg[i].off;
		vec[i].len = s->seg[i].len;
	}
	return vec;
}

static bool vec_prepare(struct xfer *x, struct dma_chan *chan, struct segs *s,
			enum dma_transfer_direction dir, unsigned long flags)
{
	struct dma_vec *vec = vec_of(x->run, s);

	return vec &&
	       xfer_set_desc(x, chan, s->total,
			     dmaengine_prep_peripheral_dma_vec(chan, vec,
							       s->count, dir,
							       DMA_PREP_INTERRUPT | flags),
			     "a vector");
}

/* Send a vector, and receive it into a vector with entries of another size. */
static bool vec_loop(struct test_run *run, struct segs *dst, struct segs *src)
{
	struct fifo_setup setup = { .mode = FIFO_LOOP, .expect = dst->total };
	struct xfer *x = xfer_new(run, 2);
	u32 residue;

	if (!x || !fifo_start(run, &setup) ||
	    !vec_prepare(&x[0], run->rx, dst, DMA_DEV_TO_MEM, 0) ||
	    !vec_prepare(&x[1], run->tx, src, DMA_MEM_TO_DEV, 0) ||
	    !xfer_start(&x[0]))
		return false;
	xfer_status(&x[0], &residue);
	return EXPECT(run, residue == dst->total,
		      "expected a residue of %zu before the device has anything, got %u",
		      dst->total, residue) &&
	       xfer_start(&x[1]) && xfer_wait(&x[1]) && xfer_wait(&x[0]) &&
	       fifo_clean(run) && segs_equal(run, dst, src);
}

static void data(struct test_run *run)
{
	static const struct {
		unsigned int from;
		unsigned int to;
		size_t len;
	} shape[] = {
		{ 1, 1, 4 }, { 2, 1, SZ_4K }, { 1, 3, 3 * SZ_1K },
		{ 64, 16, SZ_32K }, { 63, 189, 189 * 12 },
	};
	struct buf *src, *dst;
	struct segs *from, *to;
	int i;

	if (!possible(run))
		return;
	src = buf_new(run, run->tx, SZ_64K);
	dst = buf_new(run, run->rx, SZ_64K);
	if (!src || !dst)
		return;
	buf_fill(src, 0, src->size, seed);
	for (i = 0; i < ARRAY_SIZE(shape); i++) {
		buf_guard(dst, 0, dst->size);
		from = segs_spread(run, src, shape[i].from,
				   shape[i].len / shape[i].from, 4);
		to = segs_spread(run, dst, shape[i].to,
				 shape[i].len / shape[i].to, 8);
		if (!from || !to || !vec_loop(run, to, from))
			return;
	}
}

/*
 * A vector repeats, with a callback for each round, until another one replaces it at its
 * end. The device's counting bytes are in both without a gap.
 */
static void repeated(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct xfer *x;
	struct segs *ring, *last;
	struct buf *buf, *end;
	unsigned int rounds;

	if (!possible(run))
		return;
	x = xfer_new(run, 2);
	buf = buf_new(run, run->rx, SZ_8K);
	end = buf_new(run, run->rx, SZ_8K);
	ring = buf ? segs_spread(run, buf, 3, 400, 64) : NULL;
	last = end ? segs_spread(run, end, ENTRIES, SZ_256, 64) : NULL;
	if (!x || !ring || !last || !fifo_start(run, &setup) ||
	    !vec_prepare(&x[0], run->rx, ring, DMA_DEV_TO_MEM, DMA_PREP_REPEAT) ||
	    !xfer_start(&x[0]))
		return;
	if (!xfer_wait_calls(&x[0], 10) ||
	    !vec_prepare(&x[1], run->rx, last, DMA_DEV_TO_MEM, DMA_PREP_LOAD_EOT) ||
	    !xfer_start(&x[1]) || !xfer_wait(&x[1]))
		return;
	rounds = atomic_read(&x[0].calls);
	if (EXPECT(run, xfer_status(&x[0], NULL) == DMA_COMPLETE,
		   "expected the first vector to be DMA_COMPLETE, got %s",
		   status_name(xfer_status(&x[0], NULL))) &&
	    EXPECT(run, fifo_rx_bytes(run->client) == rounds * ring->total + last->total,
		   "expected a callback for each round, got %u in %u bytes", rounds,
		   fifo_rx_bytes(run->client)) &&
	    segs_count(run, ring, ring->total, (rounds - 1) * ring->total) &&
	    segs_count(run, last, last->total, rounds * ring->total) &&
	    xfer_terminate(run, run->rx))
		fifo_loop_works(run, "after a vector that repeats");
}

static void error(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rx_error = SZ_1K };
	struct buf *buf;
	struct segs *s;
	struct xfer *x;

	if (!possible(run))
		return;
	x = xfer_new(run, 1);
	buf = buf_new(run, run->rx, SZ_8K);
	s = buf ? segs_spread(run, buf, ENTRIES, SZ_1K, 64) : NULL;
	if (!x || !s || !fifo_start(run, &setup) ||
	    !vec_prepare(x, run->rx, s, DMA_DEV_TO_MEM, 0) || !xfer_start(x) ||
	    !xfer_wait_result(x, DMA_TRANS_READ_FAILED, s->total - SZ_1K,
			      s->total))
		return;
	segs_count(run, s, s->total - x->result.residue, 0);
	fifo_loop_works(run, "after a vector failed");
}

static void refused_entry(struct test_run *run, struct dma_vec *vec,
			  dma_addr_t addr, size_t len, const char *what)
{
	struct dma_vec kept = vec[ENTRIES / 2];

	vec[ENTRIES / 2] = (struct dma_vec) { addr, len };
	EXPECT(run, !dmaengine_prep_peripheral_dma_vec(run->tx, vec, ENTRIES,
						       DMA_MEM_TO_DEV, 0),
	       "expected NULL for %s, got a descriptor", what);
	vec[ENTRIES / 2] = kept;
}

static void refuse_bad(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct dma_vec *vec;
	struct buf *buf;
	struct segs *s;
	u64 mask;

	if (!possible(run))
		return;
	mask = dma_get_mask(dmaengine_get_dma_device(run->tx));
	buf = buf_new(run, run->tx, SZ_8K);
	s = buf ? segs_spread(run, buf, ENTRIES, SZ_1K, 64) : NULL;
	vec = s ? vec_of(run, s) : NULL;
	if (!vec || !fifo_start(run, &setup))
		return;
	EXPECT(run, !dmaengine_prep_peripheral_dma_vec(run->tx, NULL, ENTRIES,
						       DMA_MEM_TO_DEV, 0),
	       "expected NULL for no vector, got a descriptor");
	EXPECT(run, !dmaengine_prep_peripheral_dma_vec(run->tx, vec, 0,
						       DMA_MEM_TO_DEV, 0),
	       "expected NULL for an empty vector, got a descriptor");
	EXPECT(run, !dmaengine_prep_peripheral_dma_vec(run->tx, vec, ENTRIES,
						       DMA_MEM_TO_MEM, 0),
	       "expected NULL for memory to memory, got a descriptor");
	refused_entry(run, vec, buf->dma, 0, "an entry of 0 bytes");
	refused_entry(run, vec, buf->dma + 2, SZ_1K,
		      "an entry that begins within an access of the device");
	refused_entry(run, vec, buf->dma, SZ_1K - 2,
		      "an entry that ends within an access of the device");
	if (mask != DMA_BIT_MASK(64))
		refused_entry(run, vec, mask - SZ_512 + 1, SZ_1K,
			      "an entry of which the device cannot reach the end");
	fifo_loop_works(run, "after vectors were refused");
}

static const struct test tests[] = {
	{ "data", "vectors pass the device bit-exact, 1 to 189 entries",
	  NEEDS_LOOP, data },
	{ "repeated", "DMA_PREP_REPEAT: it repeats until one with DMA_PREP_LOAD_EOT replaces it",
	  NEEDS_LOOP | NEEDS_REPEAT, repeated },
	{ "error", "a vector fails at the access that the device refuses",
	  NEEDS_LOOP | NEEDS_FAULT, error },
	{ "refused", "no vector, an empty one, and invalid entries are refused",
	  NEEDS_LOOP, refuse_bad },
};

const struct test_group vector_group = { "vector", tests, ARRAY_SIZE(tests) };
