// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platform driver of the linked-list controller: resources, capabilities,
 * registration and power management.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "../compat.h"
#include "lli.h"

#define LLI_AUTOSUSPEND_MS	50
/* List items and the entry hold addresses of 48 bits. */
#define LLI_ADDR_BITS		48
#define LLI_MAX_ITEM		SZ_16M
/* Longest burst of a peripheral, in beats. */
#define LLI_MAX_PERI_BURST	16

static int lli_power_on(struct lli *lli)
{
	int ret = clk_bulk_prepare_enable(ARRAY_SIZE(lli->clks), lli->clks);

	if (ret)
		return ret;
	ret = lli_hw_init(lli);
	if (ret)
		clk_bulk_disable_unprepare(ARRAY_SIZE(lli->clks), lli->clks);
	return ret;
}

static void lli_power_off(struct lli *lli)
{
	lli_hw_stop(lli);
	synchronize_irq(lli->irq);
	clk_bulk_disable_unprepare(ARRAY_SIZE(lli->clks), lli->clks);
}

static int lli_runtime_suspend(struct device *dev)
{
	lli_power_off(dev_get_drvdata(dev));
	return 0;
}

static int lli_runtime_resume(struct device *dev)
{
	return lli_power_on(dev_get_drvdata(dev));
}

static const struct dev_pm_ops lli_pm_ops = {
	LATE_SYSTEM_SLEEP_PM_OPS(rkdma_system_suspend, rkdma_system_resume)
	RUNTIME_PM_OPS(lli_runtime_suspend, lli_runtime_resume, NULL)
};

/* Read version and capabilities, and refuse what the driver does not support. */
static int lli_read_caps(struct lli *lli)
{
	u32 ver = readl(lli->base + LLI_CMN_VER);
	u32 cap0 = readl(lli->base + LLI_CMN_CAP0);
	u32 cap1 = readl(lli->base + LLI_CMN_CAP1);
	u32 width = FIELD_GET(LLI_CAP1_WIDTH, cap1);
	u32 depth = FIELD_GET(LLI_CAP0_BUF_DEPTH, cap0) + 1;
	u32 burst = FIELD_GET(LLI_CAP1_BURST, cap1) + 1;
	u32 max_burst = FIELD_MAX(LLI_CTL1_SRC_BURST) + 1;
	u32 outstanding = FIELD_GET(LLI_CAP1_OUTSTANDING, cap1) + 1;
	u32 max_outstanding = FIELD_MAX(LLI_CTL1_SRC_OUTSTANDING);
	u32 bits = FIELD_GET(LLI_CAP1_ADDR_BITS, cap1) + 29;
	struct rkdma *rk = &lli->rk;

	if (FIELD_GET(LLI_CMN_VER_MAJOR, ver) != 1 ||
	    !FIELD_GET(LLI_CMN_VER_MINOR, ver))
		return dev_err_probe(rk->dev, -ENODEV,
				     "version %lu.%lu is not supported\n",
				     FIELD_GET(LLI_CMN_VER_MAJOR, ver),
				     FIELD_GET(LLI_CMN_VER_MINOR, ver));
	if (!(cap0 & LLI_CAP0_LLI))
		return dev_err_probe(rk->dev, -ENODEV,
				     "the controller has no linked lists\n");

	lli->version = ver;
	lli->nr_pchs = FIELD_GET(LLI_CAP0_PCHS, cap0) + 1;
	lli->outstanding = min(outstanding, max_outstanding);
	burst = min(burst, depth);
	rk->nr_chans = FIELD_GET(LLI_CAP0_LCHS, cap0) + 1;
	rk->nr_lines = rk->nr_chans;
	rk->max_seg = LLI_MAX_ITEM;
	rk->addr_mask = DMA_BIT_MASK(min(bits, LLI_ADDR_BITS));
	rk->widths = rkdma_widths(BIT(width));
	rk->max_burst = min(burst, LLI_MAX_PERI_BURST);
	if (cap0 & LLI_CAP0_STRIDE) {
		rk->max_chunk = FIELD_MAX(LLI_CTL0_MSIZE);
		rk->max_skip = FIELD_MAX(LLI_STRIDE_INC);
	}
	rk->directions = (cap0 & LLI_CAP0_M2P ? BIT(DMA_MEM_TO_DEV) : 0) |
			 (cap0 & LLI_CAP0_P2M ? BIT(DMA_DEV_TO_MEM) : 0);
	rk->can_memcpy = cap0 & LLI_CAP0_M2M;

	burst = min(burst, max_burst);
	lli->m2m_ctl1 = LLI_CTL1_SRC_INC | LLI_CTL1_DST_INC |
		FIELD_PREP(LLI_CTL1_SRC_WIDTH, width) |
		FIELD_PREP(LLI_CTL1_DST_WIDTH, width) |
		FIELD_PREP(LLI_CTL1_SRC_BURST, burst - 1) |
		FIELD_PREP(LLI_CTL1_DST_BURST, burst - 1) |
		FIELD_PREP(LLI_CTL1_SRC_OUTSTANDING, lli->outstanding) |
		FIELD_PREP(LLI_CTL1_DST_OUTSTANDING, lli->outstanding);
	return 0;
}

static int lli_get_resources(struct lli *lli, struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;

	lli->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(lli->base))
		return dev_err_probe(dev, PTR_ERR(lli->base),
				     "cannot map registers\n");

	lli->irq = platform_get_irq(pdev, 0);
	if (lli->irq < 0)
		return dev_err_probe(dev, lli->irq, "no interrupt\n");

	lli->clks[0].clk = devm_clk_get(dev, "aclk");
	if (IS_ERR(lli->clks[0].clk))
		return dev_err_probe(dev, PTR_ERR(lli->clks[0].clk),
				     "no clock \"aclk\"\n");
	/* The low-power instance has no bus clock. */
	lli->clks[1].clk = devm_clk_get_optional(dev, "pclk");
	if (IS_ERR(lli->clks[1].clk))
		return dev_err_probe(dev, PTR_ERR(lli->clks[1].clk),
				     "cannot get clock \"pclk\"\n");
	return 0;
}

static int lli_set_masks(struct lli *lli)
{
	struct device *dev = lli->rk.dev;
	int ret;

	ret = dma_set_mask(dev, lli->rk.addr_mask);
	/*
	 * Lists stay below 4 GiB: linking then changes only the low half of a
	 * successor, in one store, while the controller may be reading it.
	 */
	if (!ret)
		ret = dma_set_coherent_mask(dev, DMA_BIT_MASK(32) &
					    lli->rk.addr_mask);
	if (ret)
		return dev_err_probe(dev, ret,
				     "no DMA with %u address bits\n",
				     fls64(lli->rk.addr_mask));
	/* prep splits segments that are too long for an item. */
	dma_set_max_seg_size(dev, UINT_MAX);
	return 0;
}

static int lli_add_chans(struct lli *lli)
{
	struct rkdma *rk = &lli->rk;
	unsigned int n;

	lli->chans = kcalloc(rk->nr_chans, sizeof(*lli->chans), GFP_KERNEL);
	if (!lli->chans)
		return -ENOMEM;
	rk->chan_mem = lli->chans;

	for (n = 0; n < rk->nr_chans; n++) {
		bool usable = n < rk->nr_lines ? rk->directions : rk->can_memcpy;

		if (!usable || test_bit(n, rk->reserved))
			continue;
		lli->chans[n].base = lli->base + LLI_LCH(n);
		rkdma_chan_init(rk, &lli->chans[n].chan, n);
	}
	return 0;
}

static void lli_undo_alloc(void *data)
{
	struct lli *lli = data;

	rkdma_put(&lli->rk);
}

static void lli_undo_pools(void *data)
{
	lli_pools_destroy(data);
}

static void lli_undo_clocks(void *data)
{
	struct lli *lli = data;

	clk_bulk_disable_unprepare(ARRAY_SIZE(lli->clks), lli->clks);
}

static void lli_undo_pm(void *data)
{
	struct lli *lli = data;
	struct device *dev = lli->rk.dev;

	/* Leave the clocks on, as probe did: lli_undo_clocks() disables them. */
	pm_runtime_get_sync(dev);
	pm_runtime_disable(dev);
	pm_runtime_dont_use_autosuspend(dev);
	pm_runtime_put_noidle(dev);
	lli_hw_stop(lli);
	pm_runtime_set_suspended(dev);
}

static void lli_undo_register(void *data)
{
	struct lli *lli = data;

	pm_runtime_get_sync(lli->rk.dev);
	rkdma_unregister(&lli->rk);
	pm_runtime_put_noidle(lli->rk.dev);
}

/* Enable the clocks and learn the capabilities. */
static int lli_identify(struct lli *lli)
{
	struct device *dev = lli->rk.dev;
	int ret;

	ret = clk_bulk_prepare_enable(ARRAY_SIZE(lli->clks), lli->clks);
	if (ret)
		return dev_err_probe(dev, ret, "cannot enable clocks\n");
	ret = devm_add_action_or_reset(dev, lli_undo_clocks, lli);
	if (ret)
		return ret;
	ret = lli_read_caps(lli);
	if (ret)
		return ret;
	ret = rkdma_read_dt(&lli->rk);
	if (ret)
		return ret;
	return lli_set_masks(lli);
}

static int lli_start_pm(struct lli *lli)
{
	struct device *dev = lli->rk.dev;
	int ret;

	ret = lli_hw_init(lli);
	if (ret)
		return dev_err_probe(dev, ret, "soft reset does not end\n");

	pm_runtime_set_active(dev);
	pm_runtime_set_autosuspend_delay(dev, LLI_AUTOSUSPEND_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_enable(dev);
	return devm_add_action_or_reset(dev, lli_undo_pm, lli);
}

static int lli_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct lli *lli;
	int ret;

	lli = rkdma_alloc(dev, sizeof(*lli));
	if (!lli)
		return -ENOMEM;
	lli->rk.ops = &lli_ops;
	platform_set_drvdata(pdev, lli);
	ret = devm_add_action_or_reset(dev, lli_undo_alloc, lli);
	if (ret)
		return ret;

	ret = lli_get_resources(lli, pdev);
	if (ret)
		return ret;
	ret = lli_identify(lli);
	if (ret)
		return ret;

	ret = lli_pools_create(lli);
	if (ret)
		return ret;
	ret = devm_add_action_or_reset(dev, lli_undo_pools, lli);
	if (ret)
		return ret;
	lli->rk.kept_segs = lli->sram ? 0 : RKDMA_KEPT_SEGS;
	ret = lli_add_chans(lli);
	if (ret)
		return ret;

	ret = devm_request_irq(dev, lli->irq, lli_irq, IRQF_SHARED,
			       dev_name(dev), lli);
	if (ret)
		return dev_err_probe(dev, ret, "cannot get interrupt %d\n",
				     lli->irq);
	ret = lli_start_pm(lli);
	if (ret)
		return ret;

	pm_runtime_get_noresume(dev);
	ret = rkdma_register(&lli->rk);
	if (!ret)
		ret = devm_add_action_or_reset(dev, lli_undo_register, lli);
	pm_runtime_mark_last_busy(dev);
	pm_runtime_put_autosuspend(dev);
	if (ret)
		return ret;

	dev_info(dev, "linked-list controller %lu.%lu: %u channels, %u request lines, %u physical channels, %u address bits\n",
		 FIELD_GET(LLI_CMN_VER_MAJOR, lli->version),
		 FIELD_GET(LLI_CMN_VER_MINOR, lli->version),
		 lli->rk.nr_chans, lli->rk.nr_lines, lli->nr_pchs,
		 fls64(lli->rk.addr_mask));
	return 0;
}

static const struct of_device_id lli_of_match[] = {
#ifdef RKDMA_VENDOR_TREES
	{ .compatible = "rockchip,dma" },
#endif
	{ .compatible = "rockchip,rv1126b-dma" },
	{ }
};
MODULE_DEVICE_TABLE(of, lli_of_match);

static struct platform_driver rkdma_lli_driver = {
	.driver = {
		.name = "rkdma-lli",
		.of_match_table = lli_of_match,
		.pm = pm_ptr(&lli_pm_ops),
	},
	.probe = lli_probe,
};
module_platform_driver(rkdma_lli_driver);

MODULE_DESCRIPTION("DMA provider for Rockchip's linked-list controllers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(RKDMA_NS);
