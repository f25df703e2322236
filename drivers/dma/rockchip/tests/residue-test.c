// SPDX-License-Identifier: GPL-2.0-only
/* The residue at every byte of each kind of transfer. */
#include <linux/scatterlist.h>

#include "fake.h"

static void issue(struct fake_chan *fc)
{
	dma_async_issue_pending(fake_dma_chan(fc));
}

/* A list whose entries are shorter than a segment, as long as one, and longer */
static const unsigned int entries[] = { 4, 256, 260, 100, 512, 8 };
#define LIST		(4 + 256 + 260 + 100 + 512 + 8)

static void submit_list(struct kunit *test, struct fake_chan *fc, struct job *job)
{
	struct scatterlist sgl[ARRAY_SIZE(entries)];
	struct dma_async_tx_descriptor *tx;
	int i;

	sg_init_table(sgl, ARRAY_SIZE(entries));
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		sg_dma_address(&sgl[i]) = FAKE_MEM + 0x1000 * i;
		sg_dma_len(&sgl[i]) = entries[i];
	}
	tx = dmaengine_prep_slave_sg(fake_dma_chan(fc), sgl, ARRAY_SIZE(entries),
				     DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT);
	job_submit(fc, job, tx);
}

static void residue_list(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job job = {}, next = {};
	unsigned int moved;

	submit_list(test, fc, &job);
	KUNIT_EXPECT_EQ(test, job_residue(&job), LIST);
	issue(fc);
	job_send(fc, &next, 12);
	for (moved = 0; moved < LIST; moved++, fake_move(fc, 1)) {
		KUNIT_ASSERT_EQ(test, job_residue(&job), LIST - moved);
		KUNIT_ASSERT_EQ(test, job_residue(&next), 12);
	}
	KUNIT_EXPECT_EQ(test, job_residue(&job), 0);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_COMPLETE);
	/* Issued behind it, and running itself */
	issue(fc);
	for (moved = 0; moved <= 12; moved++, fake_move(fc, 1))
		KUNIT_EXPECT_EQ(test, job_residue(&next), 12 - moved);
}

/* The same by faults at each access: the residue in the result of a failed transfer */
static void residue_list_fault(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	unsigned int moved;

	for (moved = 0; moved < LIST; moved += 4) {
		struct job job = {};

		submit_list(test, fc, &job);
		issue(fc);
		fake_move(fc, moved);
		fake_fault(fc, true);
		rig_interrupt(fc);
		KUNIT_ASSERT_EQ(test, job.calls, 1);
		KUNIT_ASSERT_EQ(test, job.result.residue, LIST - moved);
	}
}

static void residue_ring(struct kunit *test, unsigned int periods, unsigned int period)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	const unsigned int len = periods * period;
	struct job ring = {};
	unsigned int moved;

	job_cyclic(fc, &ring, len, period);
	issue(fc);
	for (moved = 0; moved < 2 * len + 8; moved += 4, fake_move(fc, 4)) {
		KUNIT_ASSERT_EQ(test, job_residue(&ring), len - moved % len);
		KUNIT_ASSERT_EQ(test, ring.calls, moved / period);
	}
}

static void residue_uniform(struct kunit *test)
{
	residue_ring(test, 5, 36);
}

static void residue_one_period(struct kunit *test)
{
	residue_ring(test, 1, 256);
}

static void residue_long_periods(struct kunit *test)
{
	residue_ring(test, 3, 600);
}

/* A position after the last byte of a ring counts as its first byte. */
static void residue_ring_end(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_LINE);
	struct job ring = {};

	job_cyclic(fc, &ring, 4 * 16, 16);
	issue(fc);
	fc->lies = true;
	fc->lie = (struct rkdma_pos) { .desc = fc->at, .seg = 3, .done = 16, .segs_done = 3 };
	KUNIT_EXPECT_EQ(test, job_residue(&ring), 64);
}

/* After the last byte of a transfer that does not repeat, the residue is 0. */
static void residue_end(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job = {};

	job_run(fc, &job, 300);
	fc->lies = true;
	fc->lie = (struct rkdma_pos) { .desc = fc->at, .seg = 1, .done = 44 };
	KUNIT_EXPECT_EQ(test, job_residue(&job), 0);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_IN_PROGRESS);
}

/* Several descriptors: of those behind the position nothing is done. */
static void residue_queue(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	struct job job[3] = {};
	unsigned int moved, i;

	for (i = 0; i < 3; i++)
		job_run(fc, &job[i], 300);
	for (moved = 0; moved <= 900; moved += 50, fake_move(fc, 50))
		for (i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, job_residue(&job[i]),
					clamp(300 * (int)(i + 1) - (int)moved, 0, 300));
}

static struct kunit_case residue_cases[] = {
	KUNIT_CASE(residue_list),
	KUNIT_CASE(residue_list_fault),
	KUNIT_CASE(residue_uniform),
	KUNIT_CASE(residue_one_period),
	KUNIT_CASE(residue_long_periods),
	KUNIT_CASE(residue_ring_end),
	KUNIT_CASE(residue_end),
	KUNIT_CASE(residue_queue),
	{}
};

static struct kunit_suite residue_suite = RIG_SUITE("rkdma-residue", residue_cases);

kunit_test_suite(residue_suite);
