// SPDX-License-Identifier: GPL-2.0-only
/* The controller: properties of the device tree, registration, sleep, debugfs. */
#include <linux/of.h>
#include <linux/seq_file.h>

#include "fake.h"

#define MAX_CELLS	3

/* What dmaengine is told of the two kinds of channels */
static void core_registered(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct dma_device *slave = &rig->fake->rk.slave, *memcpy = &rig->fake->rk.memcpy;
	struct dma_slave_caps caps;
	struct fake_chan *fc;

	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_SLAVE, slave->cap_mask));
	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_PRIVATE, slave->cap_mask));
	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_CYCLIC, slave->cap_mask));
	KUNIT_EXPECT_FALSE(test, dma_has_cap(DMA_MEMCPY, slave->cap_mask));
	KUNIT_EXPECT_TRUE(test, dma_has_cap(DMA_MEMCPY, memcpy->cap_mask));
	KUNIT_EXPECT_FALSE(test, dma_has_cap(DMA_SLAVE, memcpy->cap_mask));
	KUNIT_EXPECT_FALSE(test, dma_has_cap(DMA_CYCLIC, memcpy->cap_mask));
	KUNIT_EXPECT_PTR_EQ(test, rig->fake->chans[FAKE_LINE].chan.vc.chan.device, slave);
	KUNIT_EXPECT_PTR_EQ(test, rig->fake->chans[FAKE_OTHER_LINE].chan.vc.chan.device, slave);
	KUNIT_EXPECT_PTR_EQ(test, rig->fake->chans[FAKE_COPY].chan.vc.chan.device, memcpy);

	fc = rig_hold(rig, FAKE_LINE);
	KUNIT_ASSERT_EQ(test, dma_get_slave_caps(fake_dma_chan(fc), &caps), 0);
	KUNIT_EXPECT_EQ(test, caps.src_addr_widths, BIT(1) | BIT(2) | BIT(4) | BIT(8));
	KUNIT_EXPECT_EQ(test, caps.dst_addr_widths, BIT(1) | BIT(2) | BIT(4) | BIT(8));
	KUNIT_EXPECT_EQ(test, caps.directions, BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM));
	KUNIT_EXPECT_EQ(test, caps.max_burst, FAKE_MAX_BURST);
	KUNIT_EXPECT_EQ(test, caps.residue_granularity, DMA_RESIDUE_GRANULARITY_BURST);
	KUNIT_EXPECT_TRUE(test, caps.cmd_pause);
	KUNIT_EXPECT_TRUE(test, caps.cmd_resume);
	KUNIT_EXPECT_TRUE(test, caps.cmd_terminate);
	KUNIT_EXPECT_TRUE(test, caps.descriptor_reuse);
}

static void core_widths(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, rkdma_widths(1), BIT(1));
	KUNIT_EXPECT_EQ(test, rkdma_widths(4), BIT(1) | BIT(2) | BIT(4));
	KUNIT_EXPECT_EQ(test, rkdma_widths(16), BIT(1) | BIT(2) | BIT(4) | BIT(8) | BIT(16));
	KUNIT_EXPECT_EQ(test, rkdma_widths(64), BIT(1) | BIT(2) | BIT(4) | BIT(8) | BIT(16));
}

/**
 * struct cells - a property of the device tree
 * @prop: the property
 * @cell: its cells
 */
struct cells {
	struct property prop;
	__be32 cell[MAX_CELLS];
};

static void set(struct device_node *np, struct cells *c, const char *name, unsigned int n,
		const u32 *cell)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		c->cell[i] = cpu_to_be32(cell[i]);
	c->prop = (struct property) {
		.name = (char *)name, .value = c->cell, .length = n * sizeof(*cell),
		.next = np->properties,
	};
	np->properties = &c->prop;
}

/* What rkdma_read_dt() makes of a controller of 40 channels, all of which have a line */
static int read_dt(struct kunit *test, struct rkdma *rk, const u32 *lines, unsigned int n,
		   const u32 *mask)
{
	struct rig *rig = test->priv;
	struct device_node *np = rig->pdev->dev.of_node;
	struct cells requests, ours;
	int ret;

	np->properties = NULL;
	if (lines)
		set(np, &requests, "dma-requests", 1, lines);
	if (mask)
		set(np, &ours, "dma-channel-mask", n, mask);
	*rk = (struct rkdma) { .dev = &rig->pdev->dev, .nr_chans = 40, .nr_lines = 40 };
	ret = rkdma_read_dt(rk);
	np->properties = NULL;
	return ret;
}

static void core_dt(struct kunit *test)
{
	static const u32 none = 0, few = 12, all = 40, many = 41;
	static const u32 mask[MAX_CELLS] = { 0xfffffff0, 0x000000f1, 0 };
	struct rkdma *rk = kunit_kzalloc(test, sizeof(*rk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rk);
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, NULL, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, rk->nr_lines, 40);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(rk->reserved, RKDMA_MAX_CHANS));
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, &few, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, rk->nr_lines, 12);
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, &none, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, rk->nr_lines, 0);
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, &all, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, &many, 0, NULL), -EINVAL);

	/* Channels 0 to 3, and 33 to 35 in the second cell, are reserved. */
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, NULL, 2, mask), 0);
	KUNIT_EXPECT_EQ(test, bitmap_weight(rk->reserved, RKDMA_MAX_CHANS), 7);
	KUNIT_EXPECT_TRUE(test, test_bit(3, rk->reserved));
	KUNIT_EXPECT_FALSE(test, test_bit(4, rk->reserved));
	KUNIT_EXPECT_FALSE(test, test_bit(32, rk->reserved));
	KUNIT_EXPECT_TRUE(test, test_bit(33, rk->reserved));
	KUNIT_EXPECT_TRUE(test, test_bit(35, rk->reserved));
	KUNIT_EXPECT_FALSE(test, test_bit(36, rk->reserved));
	/* A cell that is not there is 0. */
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, NULL, 1, mask), 0);
	KUNIT_EXPECT_EQ(test, bitmap_weight(rk->reserved, RKDMA_MAX_CHANS), 4 + 8);
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, NULL, 0, mask), -EINVAL);
	KUNIT_EXPECT_EQ(test, read_dt(test, rk, NULL, 3, mask), -EINVAL);
}

/* A channel that does not halt keeps the system awake, and the others go on. */
static void core_sleep_refused(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *line = rig_hold(rig, FAKE_LINE), *copy = rig_hold(rig, FAKE_COPY);
	struct job to_line = {}, to_copy = {};

	job_send(line, &to_line, 8);
	dma_async_issue_pending(fake_dma_chan(line));
	job_run(copy, &to_copy, 8);
	copy->stuck = true;
	KUNIT_EXPECT_EQ(test, rkdma_system_suspend(&rig->pdev->dev), -ETIMEDOUT);
	copy->stuck = false;
	KUNIT_EXPECT_FALSE(test, line->halted);
	KUNIT_EXPECT_FALSE(test, line->chan.suspended);
	KUNIT_EXPECT_FALSE(test, copy->chan.suspended);
	rig_work(line, 8);
	rig_work(copy, 8);
	KUNIT_EXPECT_EQ(test, to_line.calls, 1);
	KUNIT_EXPECT_EQ(test, to_copy.calls, 1);
}

/* A channel that the client paused stays paused through system sleep. */
static void core_sleep_paused(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct fake_chan *fc = rig_hold(rig, FAKE_COPY);
	struct job job = {};

	job_run(fc, &job, 8);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_EQ(test, rkdma_system_suspend(&rig->pdev->dev), 0);
	KUNIT_EXPECT_EQ(test, rkdma_system_resume(&rig->pdev->dev), 0);
	KUNIT_EXPECT_TRUE(test, fc->halted);
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_PAUSED);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(fake_dma_chan(fc)), 0);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
}

/* A pause that fails leaves the channel running. */
static void core_pause_refused(struct kunit *test)
{
	struct fake_chan *fc = rig_hold(test->priv, FAKE_COPY);
	unsigned int halts, resumes;
	struct job job = {};

	job_run(fc, &job, 8);
	fc->stuck = true;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), -ETIMEDOUT);
	fc->stuck = false;
	KUNIT_EXPECT_EQ(test, job_status(&job), DMA_IN_PROGRESS);
	/* A second pause or resume has no effect. */
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	halts = fc->halts;
	resumes = fc->resumes;
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_EQ(test, fc->halts, halts);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_EQ(test, dmaengine_resume(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_EQ(test, fc->resumes, resumes + 1);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job.calls, 1);
}

/* Does debugfs show a channel like this? */
static bool shows(struct kunit *test, struct dma_device *dma, const char *state,
		  const char *counts)
{
	struct seq_file *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->size = PAGE_SIZE;
	s->buf = kunit_kzalloc(test, s->size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->buf);
	dma->dbg_summary_show(s, dma);
	return strstr(s->buf, state) && strstr(s->buf, counts);
}

/* What debugfs shows of channels that are in use */
static void core_summary(struct kunit *test)
{
	struct rig *rig = test->priv;
	struct dma_device *dma = &rig->fake->rk.memcpy;
	struct job job[3] = {};
	struct fake_chan *fc;

	KUNIT_EXPECT_FALSE(test, shows(test, dma, "ch", ""));
	fc = rig_hold(rig, FAKE_COPY);
	KUNIT_EXPECT_TRUE(test, shows(test, dma, ": idle, 0 issued, 0 submitted, 0 done,",
				      "0 failed, 0 bytes\n"));
	job_run(fc, &job[0], 8);
	job_run(fc, &job[1], 16);
	job_copy(fc, &job[2], 8);
	fake_move(fc, 8);
	fake_fault(fc, true);
	KUNIT_EXPECT_TRUE(test, shows(test, dma, ": running, 2 issued, 1 submitted, 0 done,",
				      "0 failed, 0 bytes\n"));
	rig_interrupt(fc);
	KUNIT_EXPECT_EQ(test, dmaengine_pause(fake_dma_chan(fc)), 0);
	KUNIT_EXPECT_TRUE(test, shows(test, dma, ": paused, 0 issued, 1 submitted, 1 done,",
				      "1 failed, 8 bytes\n"));
}

static struct kunit_case core_cases[] = {
	KUNIT_CASE(core_registered),
	KUNIT_CASE(core_widths),
	KUNIT_CASE(core_dt),
	KUNIT_CASE(core_sleep_refused),
	KUNIT_CASE(core_sleep_paused),
	KUNIT_CASE(core_pause_refused),
	KUNIT_CASE(core_summary),
	{}
};

static struct kunit_suite core_suite = RIG_SUITE("rkdma-core", core_cases);

kunit_test_suite(core_suite);
