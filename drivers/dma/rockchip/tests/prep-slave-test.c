// SPDX-License-Identifier: GPL-2.0-only
/* Preparation: scatterlists, vectors and cyclic transfers. */
#include <linux/scatterlist.h>

#include "prep.h"

#define MAX_ENTRIES	8

/**
 * struct entry - an entry of a scatterlist
 * @addr: its address
 * @len: its bytes
 */
struct entry {
	dma_addr_t addr;
	unsigned int len;
};

/* A list of @n entries, chained behind the first @chain if that is not 0 */
static struct dma_async_tx_descriptor *prep_list(struct fake_chan *fc, const struct entry *entry,
						 unsigned int n, unsigned int chain,
						 enum dma_transfer_direction dir)
{
	struct scatterlist first[MAX_ENTRIES + 1], second[MAX_ENTRIES], *sg;
	unsigned int i;

	if (chain) {
		sg_init_table(first, chain + 1);
		sg_init_table(second, n - chain);
		sg_chain(first, chain + 1, second);
	} else {
		sg_init_table(first, n);
	}
	for_each_sg(first, sg, n, i) {
		sg_dma_address(sg) = entry[i].addr;
		sg_dma_len(sg) = entry[i].len;
	}
	return dmaengine_prep_slave_sg(fake_dma_chan(fc), first, n, dir, DMA_PREP_INTERRUPT);
}

#define list(fc, chain, dir, ...)						\
({										\
	const struct entry _entry[] = { __VA_ARGS__ };				\
										\
	prep_list(fc, _entry, ARRAY_SIZE(_entry), chain, dir);			\
})

static void prep_sg(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;

	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 4 });
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->dir, DMA_MEM_TO_DEV);
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->width, PREP_WIDTH);
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->burst, PREP_BURST);
	KUNIT_EXPECT_TRUE(test, fake_desc(tx)->attr.irq);
	tx = list(fc, 0, DMA_DEV_TO_MEM, { 0x1000, 4 }, { 0x9000, 12 });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 4 }, { FAKE_DEV, 0x9000, 12 });
	/* An entry as long as a segment, and one that is split: into two, three */
	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 256 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 256 });
	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 260 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 256 }, { 0x1100, FAKE_DEV, 4 });
	tx = list(fc, 0, DMA_DEV_TO_MEM, { 0x1000, 516 });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 256 }, { FAKE_DEV, 0x1100, 256 },
		    { FAKE_DEV, 0x1200, 4 });
}

/* Long entries at each place of a list that has no room for them at first */
static void prep_sg_split(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;

	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 512 }, { 0x3000, 4 }, { 0x4000, 4 },
		  { 0x5000, 4 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 256 }, { 0x1100, FAKE_DEV, 256 },
		    { 0x3000, FAKE_DEV, 4 }, { 0x4000, FAKE_DEV, 4 }, { 0x5000, FAKE_DEV, 4 });
	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }, { 0x3000, 4 }, { 0x4000, 260 },
		  { 0x5000, 4 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 4 }, { 0x3000, FAKE_DEV, 4 },
		    { 0x4000, FAKE_DEV, 256 }, { 0x4100, FAKE_DEV, 4 }, { 0x5000, FAKE_DEV, 4 });
	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }, { 0x3000, 4 }, { 0x4000, 4 },
		  { 0x5000, 772 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 4 }, { 0x3000, FAKE_DEV, 4 },
		    { 0x4000, FAKE_DEV, 4 }, { 0x5000, FAKE_DEV, 256 },
		    { 0x5100, FAKE_DEV, 256 }, { 0x5200, FAKE_DEV, 256 }, { 0x5300, FAKE_DEV, 4 });
	/* Three segments of room are enough for two entries of which one is split. */
	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 260 }, { 0x3000, 4 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 256 }, { 0x1100, FAKE_DEV, 4 },
		    { 0x3000, FAKE_DEV, 4 });
}

/* A chained list, at each place where the chain can be */
static void prep_sg_chained(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	unsigned int chain;

	for (chain = 0; chain < 4; chain++)
		expect_segs(test, list(fc, chain, DMA_MEM_TO_DEV, { 0x1000, 4 }, { 0x2000, 8 },
				       { 0x3000, 12 }, { 0x4000, 16 }),
			    { 0x1000, FAKE_DEV, 4 }, { 0x2000, FAKE_DEV, 8 },
			    { 0x3000, FAKE_DEV, 12 }, { 0x4000, FAKE_DEV, 16 });
}

static void prep_sg_refused(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_chan *chan = fake_dma_chan(fc);
	struct scatterlist sg[2];
	const dma_addr_t end = PREP_BEYOND;

	/* no list, no entries, empty entries, and a list with fewer entries than are given */
	prep_expect_refused(test, fc, dmaengine_prep_slave_sg(chan, NULL, 0, DMA_MEM_TO_DEV, 0));
	sg_init_table(sg, 2);
	prep_expect_refused(test, fc, dmaengine_prep_slave_sg(chan, sg, 0, DMA_MEM_TO_DEV, 0));
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 0 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }, { 0x2000, 0 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 0 }, { 0x2000, 4 }));
	sg_dma_address(&sg[0]) = 0x1000;
	sg_dma_len(&sg[0]) = 4;
	sg_dma_address(&sg[1]) = 0x2000;
	sg_dma_len(&sg[1]) = 4;
	prep_expect_refused(test, fc, dmaengine_prep_slave_sg(chan, sg, 3, DMA_MEM_TO_DEV, 0));
	/* an address or a length that the width does not divide */
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1002, 4 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }, { 0x2000, 6 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 258 }));
	/* memory that the hardware cannot access */
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { end, 4 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }, { end - 4, 8 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_DEV_TO_MEM, { end - 256, 260 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_DEV_TO_MEM, { -(dma_addr_t)4, 8 }));
	/* directions that are none of a peripheral's */
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_MEM, { 0x1000, 4 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_DEV_TO_DEV, { 0x1000, 4 }));
	expect_segs(test, list(fc, 0, DMA_MEM_TO_DEV, { PREP_BEYOND - 4, 4 }),
		    { PREP_BEYOND - 4, FAKE_DEV, 4 });
}

/* A controller that does not have one of the directions */
static void prep_direction(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_LINE);

	rig->fake->rk.directions = BIT(DMA_DEV_TO_MEM);
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }));
	expect_segs(test, list(fc, 0, DMA_DEV_TO_MEM, { 0x1000, 4 }), { FAKE_DEV, 0x1000, 4 });
}

static struct dma_async_tx_descriptor *cyclic(struct fake_chan *fc, dma_addr_t addr, size_t len,
					      size_t period, enum dma_transfer_direction dir)
{
	return dmaengine_prep_dma_cyclic(fake_dma_chan(fc), addr, len, period, dir,
					 DMA_PREP_INTERRUPT);
}

/* A segment for each period. If each period is one segment, only the first is stored. */
static void prep_cyclic(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = cyclic(fc, 0x1000, 24, 8, DMA_MEM_TO_DEV);
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 8 }, { 0x1008, FAKE_DEV, 8 },
		    { 0x1010, FAKE_DEV, 8 });
	d = fake_desc(tx);
	KUNIT_EXPECT_TRUE(test, d->attr.repeat);
	KUNIT_EXPECT_TRUE(test, d->attr.period_cb);
	KUNIT_EXPECT_TRUE(test, d->attr.uniform);
	KUNIT_EXPECT_EQ(test, d->period_segs, 1);
	expect_segs(test, cyclic(fc, 0x1000, 8, 8, DMA_DEV_TO_MEM), { FAKE_DEV, 0x1000, 8 });
	expect_segs(test, cyclic(fc, 0x1000, 512, 256, DMA_DEV_TO_MEM),
		    { FAKE_DEV, 0x1000, 256 }, { FAKE_DEV, 0x1100, 256 });
	/* Periods of two segments */
	tx = cyclic(fc, 0x1000, 520, 260, DMA_DEV_TO_MEM);
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 256 }, { FAKE_DEV, 0x1100, 4 },
		    { FAKE_DEV, 0x1104, 256 }, { FAKE_DEV, 0x1204, 4 });
	KUNIT_EXPECT_FALSE(test, fake_desc(tx)->attr.uniform);
	KUNIT_EXPECT_EQ(test, fake_desc(tx)->period_segs, 2);
}

static void prep_cyclic_refused(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	const dma_addr_t end = PREP_BEYOND;

	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 0, 8, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 16, 0, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 20, 8, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 8, 16, DMA_MEM_TO_DEV));
	/* the width divides the buffer and not its periods, or not its address */
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 12, 6, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0x1002, 16, 8, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, end - 8, 16, 8, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 16, 8, DMA_MEM_TO_MEM));
	/* one period more than there may be */
	prep_expect_refused(test, fc, cyclic(fc, 0, 65537 * 4, 4, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0, 32769 * 260, 260, DMA_MEM_TO_DEV));
	KUNIT_EXPECT_NOT_NULL(test, cyclic(fc, 0, 65536 * 4, 4, DMA_MEM_TO_DEV));
}

/* A descriptor with uniform periods has room for one segment. It is not reused for a list. */
static void prep_cyclic_no_room(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;

	KUNIT_EXPECT_NOT_NULL(test, cyclic(fc, 0x1000, 800, 8, DMA_MEM_TO_DEV));
	prep_drop(test, fc);
	KUNIT_EXPECT_NULL(test, fc->chan.cached_long);
	tx = list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }, { 0x2000, 4 }, { 0x3000, 4 },
		  { 0x4000, 4 }, { 0x5000, 4 });
	KUNIT_ASSERT_NOT_NULL(test, tx);
	KUNIT_EXPECT_GE(test, fake_desc(tx)->room, 5);
	prep_drop(test, fc);
	/* A list's descriptor is reused for uniform periods. */
	KUNIT_EXPECT_NOT_NULL(test, cyclic(fc, 0x1000, 40, 8, DMA_MEM_TO_DEV));
	KUNIT_EXPECT_EQ(test, fc->programs, 1);
}

/* A configuration that cannot work is refused by each kind of transfer. */
static void prep_unconfigured(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_slave_config cfg = { .dst_addr_width = 4, .dst_addr = PREP_BEYOND };

	KUNIT_EXPECT_EQ(test, dmaengine_slave_config(fake_dma_chan(fc), &cfg), 0);
	prep_expect_refused(test, fc, list(fc, 0, DMA_MEM_TO_DEV, { 0x1000, 4 }));
	prep_expect_refused(test, fc, list(fc, 0, DMA_DEV_TO_MEM, { 0x1000, 4 }));
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 16, 8, DMA_MEM_TO_DEV));
	prep_expect_refused(test, fc, cyclic(fc, 0x1000, 16, 8, DMA_DEV_TO_MEM));
}

#ifdef RKDMA_HAS_DMA_VEC
#define vector(fc, dir, flags, ...)						\
({										\
	const struct dma_vec _vec[] = { __VA_ARGS__ };				\
										\
	dmaengine_prep_peripheral_dma_vec(fake_dma_chan(fc), _vec,		\
					  ARRAY_SIZE(_vec), dir, flags);	\
})

static void prep_vector(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_async_tx_descriptor *tx;
	struct rkdma_desc *d;

	tx = vector(fc, DMA_MEM_TO_DEV, 0, { 0x1000, 4 }, { 0x2000, 260 }, { 0x3000, 256 });
	expect_segs(test, tx, { 0x1000, FAKE_DEV, 4 }, { 0x2000, FAKE_DEV, 256 },
		    { 0x2100, FAKE_DEV, 4 }, { 0x3000, FAKE_DEV, 256 });
	KUNIT_EXPECT_FALSE(test, fake_desc(tx)->attr.repeat);
	tx = vector(fc, DMA_DEV_TO_MEM, DMA_PREP_REPEAT | DMA_PREP_INTERRUPT, { 0x1000, 8 },
		    { 0x2000, 4 });
	expect_segs(test, tx, { FAKE_DEV, 0x1000, 8 }, { FAKE_DEV, 0x2000, 4 });
	d = fake_desc(tx);
	KUNIT_EXPECT_TRUE(test, d->attr.repeat);
	KUNIT_EXPECT_TRUE(test, d->attr.period_cb);
	KUNIT_EXPECT_EQ(test, d->period_segs, 2);
}

static void prep_vector_refused(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct dma_chan *chan = fake_dma_chan(fc);

	prep_expect_refused(test, fc, dmaengine_prep_peripheral_dma_vec(chan, NULL, 1,
									DMA_MEM_TO_DEV, 0));
	prep_expect_refused(test, fc, vector(fc, DMA_MEM_TO_DEV, 0, { 0x1000, 0 }));
	prep_expect_refused(test, fc, vector(fc, DMA_MEM_TO_DEV, 0, { 0x1000, 4 }, { 0, 0 }));
	prep_expect_refused(test, fc, vector(fc, DMA_MEM_TO_DEV, 0, { 0x1000, 6 }));
	prep_expect_refused(test, fc, vector(fc, DMA_MEM_TO_DEV, 0, { 0x1000, 4 }, { 0x2, 4 }));
	prep_expect_refused(test, fc, vector(fc, DMA_MEM_TO_DEV, 0, { PREP_BEYOND - 4, 8 }));
	prep_expect_refused(test, fc, vector(fc, DMA_MEM_TO_MEM, 0, { 0x1000, 4 }));
}
#endif

static struct kunit_case slave_cases[] = {
	KUNIT_CASE(prep_sg),
	KUNIT_CASE(prep_sg_split),
	KUNIT_CASE(prep_sg_chained),
	KUNIT_CASE(prep_sg_refused),
	KUNIT_CASE(prep_direction),
	KUNIT_CASE(prep_cyclic),
	KUNIT_CASE(prep_cyclic_refused),
	KUNIT_CASE(prep_cyclic_no_room),
	KUNIT_CASE(prep_unconfigured),
#ifdef RKDMA_HAS_DMA_VEC
	KUNIT_CASE(prep_vector),
	KUNIT_CASE(prep_vector_refused),
#endif
	{}
};

static struct kunit_suite slave_suite = RIG_SUITE("rkdma-prep-slave", slave_cases);

kunit_test_suite(slave_suite);
