// SPDX-License-Identifier: GPL-2.0-only
/* Preparation: memory copies, the configuration, and cached descriptors. */
#include "prep.h"

/**
 * prep_expect_segs() - check the segments of a descriptor
 * @test: the test
 * @tx: what a prep returned
 * @want: the segments that it should have
 * @n: their number
 */
void prep_expect_segs(struct kunit *test, struct dma_async_tx_descriptor *tx,
		      const struct rkdma_seg *want, unsigned int n)
{
	struct rkdma_desc *d;
	unsigned int i;
	size_t len = 0;

	KUNIT_ASSERT_NOT_NULL(test, tx);
	d = fake_desc(tx);
	KUNIT_ASSERT_EQ(test, d->nr_segs, n);
	for (i = 0; i < n; i++) {
		struct rkdma_seg seg = rkdma_seg_at(d, i);

		KUNIT_EXPECT_EQ_MSG(test, seg.src, want[i].src, "segment %u", i);
		KUNIT_EXPECT_EQ_MSG(test, seg.dst, want[i].dst, "segment %u", i);
		KUNIT_EXPECT_EQ_MSG(test, seg.len, want[i].len, "segment %u", i);
		len += want[i].len;
	}
	KUNIT_EXPECT_EQ(test, d->len, len);
}

/**
 * prep_expect_refused() - check that a prep was refused, and left nothing
 * @test: the test
 * @fc: the channel, of which nothing else is prepared
 * @tx: what the prep returned
 */
void prep_expect_refused(struct kunit *test, struct fake_chan *fc,
			 struct dma_async_tx_descriptor *tx)
{
	KUNIT_EXPECT_NULL(test, tx);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

/**
 * prep_drop() - free all that is prepared
 * @test: the test
 * @fc: the channel
 */
void prep_drop(struct kunit *test, struct fake_chan *fc)
{
	KUNIT_EXPECT_EQ(test, dmaengine_terminate_sync(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_EQ(test, fc->chan.live, 0);
}

static struct dma_async_tx_descriptor *copy(struct fake_chan *fc, dma_addr_t dst,
					    dma_addr_t src, size_t len)
{
	return dmaengine_prep_dma_memcpy(fake_dma_chan(fc), dst, src, len, 0);
}

/* A copy of each length up to some segments: full segments, and the rest */
static void prep_copy_lengths(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct rkdma_seg want[6];
	unsigned int len, n;

	for (len = 1; len <= 5 * FAKE_MAX_SEG + 1; len++) {
		for (n = 0; n * FAKE_MAX_SEG < len; n++)
			want[n] = (struct rkdma_seg) {
				.src = FAKE_MEM + n * FAKE_MAX_SEG,
				.dst = FAKE_MEM2 + n * FAKE_MAX_SEG,
				.len = min(len - n * FAKE_MAX_SEG, FAKE_MAX_SEG),
			};
		prep_expect_segs(test, copy(fc, FAKE_MEM2, FAKE_MEM, len), want, n);
		prep_drop(test, fc);
	}
}

static void prep_copy_segs(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = copy(fc, 0x2001, 0x1003, 1);
	expect_segs(test, tx, { 0x1003, 0x2001, 1 });
	d = fake_desc(tx);
	KUNIT_EXPECT_EQ(test, d->dir, DMA_MEM_TO_MEM);
	KUNIT_EXPECT_EQ(test, d->width, 0);
	KUNIT_EXPECT_EQ(test, d->burst, 0);
	KUNIT_EXPECT_EQ(test, d->chunk, 0);
	KUNIT_EXPECT_FALSE(test, d->attr.irq);
	KUNIT_EXPECT_FALSE(test, d->attr.repeat);
	expect_segs(test, copy(fc, 0x2001, 0x1003, 256), { 0x1003, 0x2001, 256 });
	expect_segs(test, copy(fc, 0x2001, 0x1003, 257),
		    { 0x1003, 0x2001, 256 }, { 0x1103, 0x2101, 1 });
	expect_segs(test, copy(fc, 0x2001, 0x1003, 512),
		    { 0x1003, 0x2001, 256 }, { 0x1103, 0x2101, 256 });
}

/* Copies up to the last byte that the hardware can access, and beyond it at either end */
static void prep_copy_limits(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	const dma_addr_t end = PREP_BEYOND;

	expect_segs(test, copy(fc, PREP_BEYOND - 8, 0, 8), { 0, PREP_BEYOND - 8, 8 });
	expect_segs(test, copy(fc, 0, PREP_BEYOND - 8, 8), { PREP_BEYOND - 8, 0, 8 });
	prep_drop(test, fc);
	prep_expect_refused(test, fc, copy(fc, end - 8, 0, 9));
	prep_expect_refused(test, fc, copy(fc, 0, end - 8, 9));
	prep_expect_refused(test, fc, copy(fc, end, 0, 1));
	prep_expect_refused(test, fc, copy(fc, 0, end, 1));
	prep_expect_refused(test, fc, copy(fc, 0, end << 8, 8));
	prep_expect_refused(test, fc, copy(fc, ~(dma_addr_t)0, 0, 8));
	prep_expect_refused(test, fc, copy(fc, 0, ~(dma_addr_t)0 - 3, 8));
	prep_expect_refused(test, fc, copy(fc, 0, 0, 0));
}

/* The engine has no memory for a program, then has it. */
static void prep_no_memory(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);

	fc->prepare_error = -ENOMEM;
	prep_expect_refused(test, fc, copy(fc, 0x2000, 0x1000, 8));
	fc->prepare_error = 0;
	expect_segs(test, copy(fc, 0x2000, 0x1000, 8), { 0x1000, 0x2000, 8 });
	prep_drop(test, fc);
	/* With a program from its last use */
	fc->prepare_error = -ENOMEM;
	prep_expect_refused(test, fc, copy(fc, 0x2000, 0x1000, 8));
	KUNIT_EXPECT_EQ(test, fc->programs, 0);
	fc->prepare_error = 0;
}

/* Short descriptors are cached with their programs, all of them. */
static void prep_cache_short(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	int round, i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 8; i++)
			KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, 1 + i * 100));
		KUNIT_EXPECT_EQ(test, fc->chan.live, 8);
		prep_drop(test, fc);
		KUNIT_EXPECT_EQ(test, fc->prepared, 8);
		KUNIT_EXPECT_EQ(test, fc->programs, 8);
	}
}

/* Of longer descriptors only the longest is cached, and none beyond a limit. */
static void prep_cache_long(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);

	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, 10 * FAKE_MAX_SEG));
	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, 20 * FAKE_MAX_SEG));
	prep_drop(test, fc);
	KUNIT_ASSERT_NOT_NULL(test, fc->chan.cached_long);
	KUNIT_EXPECT_EQ(test, fc->chan.cached_long->max_segs, 20);
	KUNIT_EXPECT_EQ(test, fc->programs, 1);

	/* The cached one is used for what fits into it. */
	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, 15 * FAKE_MAX_SEG));
	KUNIT_EXPECT_NULL(test, fc->chan.cached_long);
	KUNIT_EXPECT_EQ(test, fc->prepared, 2);
	prep_drop(test, fc);
	/* What does not fit gets a new one, which is then cached instead. */
	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, RKDMA_KEPT_SEGS * FAKE_MAX_SEG));
	KUNIT_EXPECT_EQ(test, fc->prepared, 3);
	prep_drop(test, fc);
	KUNIT_EXPECT_EQ(test, fc->chan.cached_long->max_segs, RKDMA_KEPT_SEGS);
	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, (RKDMA_KEPT_SEGS + 1) * FAKE_MAX_SEG));
	prep_drop(test, fc);
	KUNIT_EXPECT_EQ(test, fc->chan.cached_long->max_segs, RKDMA_KEPT_SEGS);
	KUNIT_EXPECT_EQ(test, fc->programs, 1);
}

/* If memory for programs is scarce, only short descriptors are cached. */
static void prep_cache_scarce(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_COPY);

	rig->fake->rk.kept_segs = 0;
	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, 4 * FAKE_MAX_SEG));
	KUNIT_EXPECT_NOT_NULL(test, copy(fc, 0, 0, 3 * FAKE_MAX_SEG));
	prep_drop(test, fc);
	KUNIT_EXPECT_NULL(test, fc->chan.cached_long);
	KUNIT_EXPECT_EQ(test, fc->programs, 1);
}

/* A cached descriptor keeps nothing of its last use. */
static void prep_cache_clean(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = dmaengine_prep_dma_cyclic(fake_dma_chan(fc), FAKE_MEM, 64, 32, DMA_DEV_TO_MEM,
				       DMA_PREP_INTERRUPT);
	KUNIT_ASSERT_NOT_NULL(test, tx);
	d = fake_desc(tx);
	tx->callback_param = test;
	prep_drop(test, fc);
	tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 8, DMA_MEM_TO_DEV, 0);
	KUNIT_ASSERT_PTR_EQ(test, fake_desc(tx), d);
	KUNIT_EXPECT_FALSE(test, d->attr.repeat);
	KUNIT_EXPECT_FALSE(test, d->attr.irq);
	KUNIT_EXPECT_FALSE(test, d->attr.uniform);
	KUNIT_EXPECT_FALSE(test, d->attr.period_cb);
	KUNIT_EXPECT_NULL(test, tx->callback_param);
	expect_segs(test, tx, { FAKE_MEM, FAKE_DEV, 8 });
}

/* Widths and bursts that a client may configure, and what becomes of them */
static void prep_config(struct kunit *test)
{
	static const struct {
		u32 width, burst, addr;
		bool accepted, usable;
		u32 becomes;
	} configs[] = {
		{ 1, 1, FAKE_DEV + 3, true, true, 1 },
		{ 2, 8, FAKE_DEV + 2, true, true, 8 },
		{ 4, 16, FAKE_DEV, true, true, 16 },
		{ 8, 3, FAKE_DEV, true, true, 3 },
		/* no burst is a single access; too long a one is clipped */
		{ 4, 0, FAKE_DEV, true, true, 1 },
		{ 4, 17, FAKE_DEV, true, true, 16 },
		{ 4, ~0U, FAKE_DEV, true, true, 16 },
		/* a width that the hardware cannot do */
		{ 16, 1, FAKE_DEV, false },
		{ 3, 1, FAKE_DEV, false },
		{ 64, 1, FAKE_DEV, false },
		{ 0, 4, FAKE_DEV, false },
		/* an end that the client does not use */
		{ 0, 0, 0, true, false },
		/* an address that the width does not divide */
		{ 4, 1, FAKE_DEV + 2, true, false },
		{ 2, 1, FAKE_DEV + 1, true, false },
	};
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	int i, dir;

	for (dir = DMA_MEM_TO_DEV; dir <= DMA_DEV_TO_MEM; dir++) {
		for (i = 0; i < ARRAY_SIZE(configs); i++) {
			struct dma_slave_config cfg = {};

			if (dir == DMA_MEM_TO_DEV) {
				cfg.dst_addr = configs[i].addr;
				cfg.dst_addr_width = configs[i].width;
				cfg.dst_maxburst = configs[i].burst;
			} else {
				cfg.src_addr = configs[i].addr;
				cfg.src_addr_width = configs[i].width;
				cfg.src_maxburst = configs[i].burst;
			}
			KUNIT_EXPECT_EQ_MSG(test, dmaengine_slave_config(fake_dma_chan(fc), &cfg),
					    configs[i].accepted ? 0 : -EINVAL, "case %d", i);
			if (!configs[i].accepted)
				continue;
			tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 64, dir, 0);
			KUNIT_EXPECT_EQ_MSG(test, !!tx, configs[i].usable, "case %d", i);
			if (!tx)
				continue;
			KUNIT_EXPECT_EQ_MSG(test, fake_desc(tx)->width, configs[i].width,
					    "case %d", i);
			KUNIT_EXPECT_EQ_MSG(test, fake_desc(tx)->burst, configs[i].becomes,
					    "case %d", i);
			prep_drop(test, fc);
		}
	}
}

/* A configuration that is refused does not replace the one before. */
static void prep_config_kept(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_slave_config cfg = { .dst_addr_width = 3, .dst_addr = 0x1234 };
	struct dma_async_tx_descriptor *tx;

	KUNIT_EXPECT_EQ(test, dmaengine_slave_config(fake_dma_chan(fc), &cfg), -EINVAL);
	tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, 8, DMA_MEM_TO_DEV, 0);
	expect_segs(test, tx, { FAKE_MEM, FAKE_DEV, 8 });

	/* Nor does a new one change what is prepared. */
	cfg = (struct dma_slave_config) { .dst_addr_width = 1, .dst_addr = FAKE_DEV + 8 };
	KUNIT_EXPECT_EQ(test, dmaengine_slave_config(fake_dma_chan(fc), &cfg), 0);
	expect_segs(test, tx, { FAKE_MEM, FAKE_DEV, 8 });
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->width, PREP_WIDTH);
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->burst, PREP_BURST);
}

static struct kunit_case prep_cases[] = {
	KUNIT_CASE(prep_copy_lengths),
	KUNIT_CASE(prep_copy_segs),
	KUNIT_CASE(prep_copy_limits),
	KUNIT_CASE(prep_no_memory),
	KUNIT_CASE(prep_cache_short),
	KUNIT_CASE(prep_cache_long),
	KUNIT_CASE(prep_cache_scarce),
	KUNIT_CASE(prep_cache_clean),
	KUNIT_CASE(prep_config),
	KUNIT_CASE(prep_config_kept),
	{}
};

static struct kunit_suite prep_suite = RIG_SUITE("rkdma-prep", prep_cases);

kunit_test_suite(prep_suite);
