// SPDX-License-Identifier: GPL-2.0-only
/* Preparation: interleaved transfers. */
#include "prep.h"

#define MAX_CHUNKS	3

/**
 * struct pattern - an interleaved template, with its chunks
 * @dir: direction
 * @src: source address
 * @dst: destination address
 * @numf: frames
 * @chunks: chunks of a frame
 * @chunk: the chunks
 * @flags: DMA_PREP_* flags
 * @still: the source's address does not increment
 */
struct pattern {
	enum dma_transfer_direction dir;
	dma_addr_t src;
	dma_addr_t dst;
	size_t numf;
	size_t chunks;
	struct {
		size_t size;
		size_t src_icg;
		size_t dst_icg;
	} chunk[MAX_CHUNKS];
	unsigned long flags;
	bool still;
};

static struct dma_async_tx_descriptor *prep_pattern(struct kunit *test, struct fake_chan *fc,
						    const struct pattern *p)
{
	struct dma_interleaved_template *xt;
	size_t i;

	xt = kunit_kzalloc(test, struct_size(xt, sgl, MAX_CHUNKS), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, xt);
	xt->dir = p->dir;
	xt->src_start = p->src;
	xt->dst_start = p->dst;
	xt->src_inc = p->dir != DMA_DEV_TO_MEM && !p->still;
	xt->dst_inc = p->dir != DMA_MEM_TO_DEV;
	xt->src_sgl = true;
	xt->dst_sgl = true;
	xt->numf = p->numf;
	xt->frame_size = p->chunks;
	for (i = 0; i < p->chunks; i++) {
		xt->sgl[i].size = p->chunk[i].size;
		xt->sgl[i].src_icg = p->chunk[i].src_icg;
		xt->sgl[i].dst_icg = p->chunk[i].dst_icg;
	}
	return dmaengine_prep_interleaved_dma(fake_dma_chan(fc), xt, p->flags);
}

#define interleaved(test, fc, ...)	prep_pattern(test, fc, &(struct pattern) { __VA_ARGS__ })

/* If only one end has gaps, the hardware skips them: a segment has several chunks. */
static void interleaved_strided(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 4, .chunks = 1, .chunk = { { 16, .src_icg = 100 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 64 });
	d = fake_desc(tx);
	KUNIT_EXPECT_EQ(test, d->chunk, 16);
	KUNIT_EXPECT_EQ(test, d->skip, 100);
	KUNIT_EXPECT_FALSE(test, d->attr.skip_dst);
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 4, .chunks = 1, .chunk = { { 16, .dst_icg = 1 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 64 });
	d = fake_desc(tx);
	KUNIT_EXPECT_EQ(test, d->skip, 1);
	KUNIT_EXPECT_TRUE(test, d->attr.skip_dst);
	/* Five chunks of 50 fit into a segment of 256. The next one begins after five gaps. */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 7, .chunks = 1, .chunk = { { 50, .src_icg = 10 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 250 }, { 0x1000 + 300, 0x2000 + 250, 100 });
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 7, .chunks = 1, .chunk = { { 50, .dst_icg = 10 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 250 }, { 0x1000 + 250, 0x2000 + 300, 100 });
	/* the longest chunk and gap */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000, .numf = 2,
			 .chunks = 1, .chunk = { { FAKE_MAX_CHUNK, .src_icg = FAKE_MAX_SKIP } });
	expect_segs(test, tx, { 0x1000, 0x2000, 2 * FAKE_MAX_CHUNK });
}

/* Otherwise each chunk is a segment, or several. */
static void interleaved_chunks(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_async_tx_descriptor *tx;

	/* gaps at both ends */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 2, .chunks = 1, .chunk = { { 16, 4, 8 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 16 }, { 0x1014, 0x2018, 16 });
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->chunk, 0);
	/* none at all */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 2, .chunks = 1, .chunk = { { 16 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 16 }, { 0x1010, 0x2010, 16 });
	/* chunks that differ */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 2, .chunks = 2, .chunk = { { 8, 8 }, { 4, 12 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 8 }, { 0x1010, 0x2008, 4 },
		    { 0x1020, 0x200c, 8 }, { 0x1030, 0x2014, 4 });
	/* a chunk, or a gap, one byte too long for the hardware to skip */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 2, .chunks = 1, .chunk = { { FAKE_MAX_CHUNK + 1, 3 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 65 }, { 0x1044, 0x2041, 65 });
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 2, .chunks = 1, .chunk = { { 16, FAKE_MAX_SKIP + 1 } });
	expect_segs(test, tx, { 0x1000, 0x2000, 16 }, { 0x1411, 0x2010, 16 });
	/* chunks longer than a segment */
	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x4000,
			 .numf = 2, .chunks = 1, .chunk = { { 260, 0x100 } });
	expect_segs(test, tx, { 0x1000, 0x4000, 256 }, { 0x1100, 0x4100, 4 },
		    { 0x1204, 0x4104, 256 }, { 0x1304, 0x4204, 4 });
}

/* A peripheral's end does not skip. A chunk is a burst then, and not longer than one. */
static void interleaved_peripheral(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = interleaved(test, fc, .dir = DMA_MEM_TO_DEV, .src = 0x1000, .numf = 3, .chunks = 1,
			 .chunk = { { 8, .src_icg = 4 } });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 24 });
	d = fake_desc(tx);
	KUNIT_EXPECT_EQ(test, d->chunk, 8);
	KUNIT_EXPECT_EQ(test, d->burst, 2);
	KUNIT_EXPECT_EQ(test, d->width, PREP_WIDTH);
	tx = interleaved(test, fc, .dir = DMA_DEV_TO_MEM, .dst = 0x1000, .numf = 3, .chunks = 1,
			 .chunk = { { 16, .dst_icg = 4 } });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 48 });
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->burst, PREP_BURST);
	KUNIT_EXPECT_TRUE(test, fake_desc(tx)->attr.skip_dst);
	/* longer than a burst */
	tx = interleaved(test, fc, .dir = DMA_DEV_TO_MEM, .dst = 0x1000, .numf = 2, .chunks = 1,
			 .chunk = { { 20, .dst_icg = 4 } });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 20 }, { FAKE_DEV, 0x1018, 20 });
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->chunk, 0);
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->burst, PREP_BURST);
	/* more of these than the strided descriptor had room for */
	tx = interleaved(test, fc, .dir = DMA_DEV_TO_MEM, .dst = 0x1000, .numf = 5, .chunks = 1,
			 .chunk = { { 20, .dst_icg = 4 } });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 20 }, { FAKE_DEV, 0x1018, 20 },
		    { FAKE_DEV, 0x1030, 20 }, { FAKE_DEV, 0x1048, 20 }, { FAKE_DEV, 0x1060, 20 });
	/* a gap at the peripheral's end counts for nothing */
	tx = interleaved(test, fc, .dir = DMA_DEV_TO_MEM, .dst = 0x1000, .numf = 2, .chunks = 1,
			 .chunk = { { 8, .src_icg = 4 } });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 8 }, { FAKE_DEV, 0x1008, 8 });
}

static void interleaved_repeats(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = interleaved(test, fc, .dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000,
			 .numf = 2, .chunks = 1, .chunk = { { 16 } },
			 .flags = DMA_PREP_REPEAT | DMA_PREP_LOAD_EOT | DMA_PREP_INTERRUPT);
	KUNIT_ASSERT_NOT_NULL(test, tx);
	d = fake_desc(tx);
	KUNIT_EXPECT_TRUE(test, d->attr.repeat);
	KUNIT_EXPECT_TRUE(test, d->attr.load_eot);
	KUNIT_EXPECT_TRUE(test, d->attr.irq);
	KUNIT_EXPECT_FALSE(test, d->attr.period_cb);
	KUNIT_EXPECT_EQ(test, d->period_segs, 2);
}

static void interleaved_refused(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	const struct pattern good = {
		.dir = DMA_MEM_TO_MEM, .src = 0x1000, .dst = 0x2000, .numf = 2, .chunks = 1,
		.chunk = { { 16, 16 } },
	};
	struct pattern p;

#define refused(change)								\
do {										\
	p = good;								\
	change;									\
	prep_expect_refused(test, fc, prep_pattern(test, fc, &p));		\
} while (0)

	refused(p.numf = 0);
	refused(p.chunks = 0);
	refused(p.chunk[0].size = 0);
	refused(p.chunks = 2);
	refused(p.still = true);
	refused(p.dir = DMA_MEM_TO_DEV);
	refused(p.dir = DMA_DEV_TO_DEV);
	/* numbers that overflow, or whose sum does */
	refused(p.numf = SIZE_MAX / 16 + 1);
	refused(p.numf = SIZE_MAX);
	refused(p.chunk[0].size = SIZE_MAX);
	refused((p.chunks = 2, p.chunk[1].size = SIZE_MAX));
	refused((p.numf = 0x80000000, p.chunk[0].size = 1));
	/* the last byte of each end, and one beyond */
	refused(p.src = PREP_BEYOND - 47);
	refused(p.dst = PREP_BEYOND - 31);
	refused((p.chunk[0].dst_icg = 16, p.src = PREP_BEYOND - 47));
	refused((p.chunk[0].dst_icg = 16, p.dst = PREP_BEYOND - 47));
#undef refused
	p = good;
	p.src = PREP_BEYOND - 48;
	p.dst = PREP_BEYOND - 32;
	expect_segs(test, prep_pattern(test, fc, &p), { PREP_BEYOND - 48, PREP_BEYOND - 32, 32 });
	p.chunk[0].dst_icg = 16;
	p.dst = PREP_BEYOND - 48;
	expect_segs(test, prep_pattern(test, fc, &p), { PREP_BEYOND - 48, PREP_BEYOND - 48, 16 },
		    { PREP_BEYOND - 16, PREP_BEYOND - 16, 16 });
}

static struct kunit_case interleaved_cases[] = {
	KUNIT_CASE(interleaved_strided),
	KUNIT_CASE(interleaved_chunks),
	KUNIT_CASE(interleaved_peripheral),
	KUNIT_CASE(interleaved_repeats),
	KUNIT_CASE(interleaved_refused),
	{}
};

static struct kunit_suite interleaved_suite =
	RIG_SUITE("rkdma-prep-interleaved", interleaved_cases);

kunit_test_suite(interleaved_suite);
