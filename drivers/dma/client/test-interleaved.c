// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of interleaved transfers: rows of a picture, one of several channels of an audio
 * stream, and transfers that repeat.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "client.h"

#define MAX_CHUNKS	4

/**
 * struct shape - a pattern of a test
 * @frames: frames
 * @chunks: chunks of a frame, 0 ends the list
 * @src_icg: gap behind each chunk at the source
 * @dst_icg: gap behind each chunk at the destination
 */
struct shape {
	size_t frames;
	size_t chunks[MAX_CHUNKS];
	size_t src_icg;
	size_t dst_icg;
};

static struct dma_interleaved_template *template(struct test_run *run,
						 const struct shape *s,
						 enum dma_transfer_direction dir)
{
	struct dma_interleaved_template *xt;
	unsigned int i;

	xt = run_alloc(run, struct_size(xt, sgl, MAX_CHUNKS));
	if (!xt)
		return NULL;
	xt->dir = dir;
	xt->numf = s->frames;
	xt->src_inc = dir != DMA_DEV_TO_MEM;
	xt->dst_inc = dir != DMA_MEM_TO_DEV;
	xt->src_sgl = xt->src_inc;
	xt->dst_sgl = xt->dst_inc;
	for (i = 0; i < MAX_CHUNKS && s->chunks[i]; i++) {
		xt->sgl[i].size = s->chunks[i];
		xt->sgl[i].src_icg = s->src_icg;
		xt->sgl[i].dst_icg = s->dst_icg;
		xt->frame_size++;
	}
	return xt;
}

static size_t shape_bytes(const struct shape *s)
{
	size_t bytes = 0;
	unsigned int i;

	for (i = 0; i < MAX_CHUNKS; i++)
		bytes += s->chunks[i];
	return bytes * s->frames;
}

/* Bytes from the first to the last, including the gaps of one end. */
static size_t shape_span(const struct shape *s, size_t icg)
{
	size_t chunks = 0;

	while (chunks < MAX_CHUNKS && s->chunks[chunks])
		chunks++;
	return shape_bytes(s) + (s->frames * chunks - 1) * icg;
}

/* Expect every chunk at its place, and every gap unchanged. */
static bool shape_arrived(struct test_run *run, const struct shape *s,
			  struct buf *dst, struct buf *src)
{
	size_t from = 0, to = 0, frame;
	unsigned int i;

	for (frame = 0; frame < s->frames; frame++) {
		for (i = 0; i < MAX_CHUNKS && s->chunks[i]; i++) {
			size_t len = s->chunks[i];

			if (!buf_equal(run, dst, to, src, from, len))
				return false;
			from += len + s->src_icg;
			to += len;
			if (to < shape_span(s, s->dst_icg) &&
			    !buf_guarded(run, dst, to, s->dst_icg))
				return false;
			to += s->dst_icg;
		}
	}
	return true;
}

/* Copy a shape. @pauses: number of pauses meanwhile. */
static bool copy_shape(struct test_run *run, const struct shape *s, int pauses)
{
	struct dma_interleaved_template *xt;
	struct buf *src, *dst;
	struct xfer *x = xfer_new(run, 1);

	src = buf_new(run, run->mem, shape_span(s, s->src_icg));
	dst = buf_new(run, run->mem, shape_span(s, s->dst_icg));
	xt = template(run, s, DMA_MEM_TO_MEM);
	if (!src || !dst || !x || !xt)
		return false;
	buf_fill(src, 0, src->size, seed);
	xt->src_start = src->dma;
	xt->dst_start = dst->dma;
	if (!xfer_interleaved(x, run->mem, xt, shape_bytes(s),
			      DMA_PREP_INTERRUPT) || !xfer_start(x))
		return false;
	while (pauses--) {
		dmaengine_pause(run->mem);
		dmaengine_resume(run->mem);
		usleep_range(5, 20);
	}
	return xfer_wait(x) && shape_arrived(run, s, dst, src);
}

static const struct shape shapes[] = {
	{ 64, { 64 }, 192, 0 }, { 64, { 64 }, 0, 192 }, { 64, { 64 }, 36, 36 },
	{ 64, { 64 }, 12, 100 }, { 16, { 640, 16, 3 }, 5, 0 },
	{ 16, { 16, 1, 640, 64 }, 0, 64 }, { 480, { 1280 }, 640, 0 },
	{ 1, { 4096 }, 0, 0 }, { 7, { 1000 }, 0, 0 }, { 100, { 3 }, 1, 0 },
	{ 100, { 3 }, 0, 7 }, { 1, { SZ_64K }, SZ_4K, 0 },
	{ 3, { 200000 }, 4096, 0 },
};

static void copies(struct test_run *run)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		if (!copy_shape(run, &shapes[i], 0)) {
			run_fail(run, "that was shape %d", i);
			return;
		}
}

static void copies_paused(struct test_run *run)
{
	static const struct shape large[] = {
		{ 2000, { 1280 }, 640, 0 }, { 2000, { 1280 }, 0, 640 },
		{ 500, { 3000 }, 0, 1000 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(large); i++)
		if (!copy_shape(run, &large[i], repetitions(30))) {
			run_fail(run, "that was shape %d", i);
			return;
		}
}

/* Send one of several channels to the device, and receive it as a plain list. */
static void extract(struct test_run *run)
{
	static const struct shape s[] = {
		{ 256, { 4 }, 28, 0 }, { 256, { 16 }, 48, 0 },
		{ 64, { 256 }, 256, 0 }, { 32, { 8, 4 }, 4, 0 },
	};
	struct fifo_setup setup = { .burst = 4 };
	struct dma_interleaved_template *xt;
	struct buf *from, *to;
	struct shape back;
	struct segs *list;
	struct xfer *x;
	int i;

	for (i = 0; i < ARRAY_SIZE(s); i++) {
		from = buf_new(run, run->tx, shape_span(&s[i], s[i].src_icg));
		to = buf_new(run, run->rx, shape_bytes(&s[i]));
		x = xfer_new(run, 2);
		xt = template(run, &s[i], DMA_MEM_TO_DEV);
		if (!from || !to || !x || !xt)
			return;
		setup.expect = shape_bytes(&s[i]);
		buf_fill(from, 0, from->size, seed);
		list = segs_spread(run, to, 1, shape_bytes(&s[i]), 0);
		xt->src_start = from->dma;
		back = s[i];
		back.dst_icg = 0;
		if (!list || !fifo_start(run, &setup) ||
		    !xfer_slave(&x[0], run->rx, list, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) ||
		    !xfer_interleaved(&x[1], run->tx, xt, shape_bytes(&s[i]),
				      DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[0]) || !xfer_start(&x[1]) ||
		    !xfer_wait(&x[1]) || !xfer_wait(&x[0]) ||
		    !fifo_clean(run) || !shape_arrived(run, &back, to, from)) {
			run_fail(run, "that was shape %d", i);
			return;
		}
	}
}

/* Store bytes of the device, which count up, as one of several channels. */
static void insert(struct test_run *run)
{
	static const struct shape s[] = {
		{ 256, { 4 }, 0, 28 }, { 256, { 16 }, 0, 48 },
		{ 64, { 256 }, 0, 256 }, { 32, { 8, 4 }, 0, 4 },
	};
	struct fifo_setup setup = { .mode = FIFO_COUNT };
	struct dma_interleaved_template *xt;
	struct buf *to, *want;
	struct shape packed;
	struct xfer *x;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(s); i++) {
		to = buf_new(run, run->rx, shape_span(&s[i], s[i].dst_icg));
		want = buf_new(run, run->rx, shape_bytes(&s[i]));
		x = xfer_new(run, 1);
		xt = template(run, &s[i], DMA_DEV_TO_MEM);
		if (!to || !want || !x || !xt)
			return;
		for (j = 0; j < shape_bytes(&s[i]); j++)
			want->virt[j] = j;
		xt->dst_start = to->dma;
		packed = s[i];
		packed.src_icg = 0;
		if (!fifo_start(run, &setup) ||
		    !xfer_interleaved(x, run->rx, xt, shape_bytes(&s[i]),
				      DMA_PREP_INTERRUPT) ||
		    !xfer_start(x) || !xfer_wait(x) || !fifo_clean(run) ||
		    !shape_arrived(run, &packed, to, want)) {
			run_fail(run, "that was shape %zu", i);
			return;
		}
	}
}

/*
 * A picture is shown repeatedly until the next one replaces it. It is large enough to
 * leave the CPU time between two interrupts.
 */
static void show_frames(struct test_run *run)
{
	static const struct shape s = { 512, { 2048 }, 256, 0 };
	struct buf *src = buf_new(run, run->mem, shape_span(&s, s.src_icg));
	struct buf *dst = buf_new(run, run->mem, shape_bytes(&s));
	struct dma_interleaved_template *xt = template(run, &s, DMA_MEM_TO_MEM);
	struct xfer *x = xfer_new(run, 3);
	unsigned int ms;
	int i;

	if (!src || !dst || !xt || !x)
		return;
	if (!dma_has_cap(DMA_REPEAT, run->mem->device->cap_mask) ||
	    !dma_has_cap(DMA_LOAD_EOT, run->mem->device->cap_mask)) {
		run_skip(run, "the provider does not repeat");
		return;
	}
	xt->src_start = src->dma;
	xt->dst_start = dst->dma;
	for (i = 0; i < 3; i++) {
		buf_fill(src, 0, src->size, seed + i);
		if (!xfer_interleaved(&x[i], run->mem, xt, shape_bytes(&s),
				      (i < 2 ? DMA_PREP_REPEAT : 0) |
				      DMA_PREP_LOAD_EOT | DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[i]))
			return;
		/* Rounds that end together may share a callback. */
		for (ms = 0; ms < timeout_ms &&
		     atomic_read(&x[i].calls) < (i < 2 ? 3 : 1); ms++)
			usleep_range(1000, 1100);
		if (!EXPECT(run, ms < timeout_ms,
			    "expected callbacks of transfer %d, got %d",
			    i, atomic_read(&x[i].calls)) ||
		    !EXPECT(run, !i ||
			    xfer_status(&x[i - 1], NULL) == DMA_COMPLETE,
			    "expected the transfer before to be DMA_COMPLETE, got %s",
			    status_name(xfer_status(&x[i - 1], NULL))) ||
		    !shape_arrived(run, &s, dst, src))
			return;
	}
	if (xfer_wait(&x[2]))
		xfer_copy_works(run, "after transfers that repeated");
}

/* Without DMA_PREP_LOAD_EOT a repeating transfer is not replaced. */
static void not_replaced(struct test_run *run)
{
	static const struct shape s = { 512, { 2048 }, 256, 0 };
	struct buf *src = buf_new(run, run->mem, shape_span(&s, s.src_icg));
	struct buf *dst = buf_new(run, run->mem, shape_bytes(&s));
	struct dma_interleaved_template *xt = template(run, &s, DMA_MEM_TO_MEM);
	struct xfer *x = xfer_new(run, 2);

	if (!src || !dst || !xt || !x)
		return;
	if (!dma_has_cap(DMA_REPEAT, run->mem->device->cap_mask)) {
		run_skip(run, "the provider does not repeat");
		return;
	}
	xt->src_start = src->dma;
	xt->dst_start = dst->dma;
	if (xfer_interleaved(&x[0], run->mem, xt, shape_bytes(&s),
			     DMA_PREP_REPEAT | DMA_PREP_INTERRUPT) &&
	    xfer_start(&x[0]) &&
	    xfer_interleaved(&x[1], run->mem, xt, shape_bytes(&s),
			     DMA_PREP_INTERRUPT) &&
	    xfer_start(&x[1]) &&
	    xfer_no_callback(&x[1], 1, "of a transfer without DMA_PREP_LOAD_EOT") &&
	    xfer_terminate(run, run->mem))
		xfer_copy_works(run, "after a transfer that repeated");
}

static void refuse_bad(struct test_run *run)
{
	static const struct shape bad[] = {
		{ 0, { 64 } }, { 4, { 0 } }, { SIZE_MAX / 2, { 64 } },
	};
	struct buf *b = buf_new(run, run->mem, SZ_4K);
	struct dma_interleaved_template *xt;
	int i;

	for (i = 0; b && i < ARRAY_SIZE(bad); i++) {
		xt = template(run, &bad[i], DMA_MEM_TO_MEM);
		if (!xt)
			return;
		xt->src_start = b->dma;
		xt->dst_start = b->dma;
		EXPECT(run, !dmaengine_prep_interleaved_dma(run->mem, xt, 0),
		       "expected NULL for shape %d", i);
	}
	xt = template(run, &shapes[0], DMA_DEV_TO_MEM);
	EXPECT(run, xt && !dmaengine_prep_interleaved_dma(run->mem, xt, 0),
	       "expected NULL for a direction that the channel cannot do");
	xfer_copy_works(run, "after refused patterns");
}

static const struct test tests[] = {
	{ "copies", "copies with gaps at either end move the chunks and nothing else",
	  NEEDS_MEMCPY | NEEDS_INTERLEAVE, copies },
	{ "paused", "copies with gaps are complete after pauses within chunks",
	  NEEDS_MEMCPY | NEEDS_INTERLEAVE, copies_paused },
	{ "extract", "one of several audio channels is sent to the device",
	  NEEDS_LOOP | NEEDS_INTERLEAVE, extract },
	{ "insert", "data of the device is stored as one of several audio channels",
	  NEEDS_RX | NEEDS_FIFO | NEEDS_INTERLEAVE, insert },
	{ "repeated", "a repeating transfer repeats until DMA_PREP_LOAD_EOT replaces it",
	  NEEDS_MEMCPY | NEEDS_INTERLEAVE, show_frames },
	{ "not-replaced", "a transfer without DMA_PREP_LOAD_EOT does not replace a repeating one",
	  NEEDS_MEMCPY | NEEDS_INTERLEAVE, not_replaced },
	{ "refused", "invalid templates are refused",
	  NEEDS_MEMCPY | NEEDS_INTERLEAVE, refuse_bad },
};

const struct test_group interleaved_group = {
	"interleaved", tests, ARRAY_SIZE(tests)
};
