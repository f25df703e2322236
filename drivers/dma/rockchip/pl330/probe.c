// SPDX-License-Identifier: GPL-2.0-only
/*
 * AMBA driver of PL330s: probe, remove, configuration registers, and power management.
 */
#include <linux/amba/bus.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "../compat.h"
#include "pl330.h"

#define PL330_AUTOSUSPEND_MS	50
#define PL330_MAX_SEG		SZ_16M

static void pl330_power_on(struct pl330 *p)
{
	/*
	 * INTEN has lost its value with the power. Threads need not be restored, since
	 * halted channels have none.
	 */
	writel(p->inten, p->base + PL330_INTEN);
	WRITE_ONCE(p->powered, true);
	/* pl330_power_off() has stopped the timer. */
	if (!list_empty(&p->waiting) || test_bit(PL330_SILENCED, &p->said))
		pl330_set_timer(p);
}

static void pl330_power_off(struct pl330 *p, struct amba_device *adev)
{
	unsigned int i;

	irq_work_sync(&p->schedule_work);
	hrtimer_cancel(&p->slice_timer);
	/*
	 * Threads have stopped, but their last events may still be pending. They are
	 * cleared before INTEN becomes 0: INTCLR may ignore events that are no
	 * interrupts (P8), and a pending one would keep the line raised.
	 */
	writel(p->inten, p->base + PL330_INTCLR);
	writel(0, p->base + PL330_INTEN);
	WRITE_ONCE(p->powered, false);
	for (i = 0; i < AMBA_NR_IRQS && adev->irq[i]; i++)
		synchronize_irq(adev->irq[i]);
}

/* The bus switches the clock. */
static int pl330_runtime_suspend(struct device *dev)
{
	pl330_power_off(dev_get_drvdata(dev), to_amba_device(dev));
	return 0;
}

static int pl330_runtime_resume(struct device *dev)
{
	pl330_power_on(dev_get_drvdata(dev));
	return 0;
}

static const struct dev_pm_ops pl330_pm_ops = {
	LATE_SYSTEM_SLEEP_PM_OPS(rkdma_system_suspend, rkdma_system_resume)
	RUNTIME_PM_OPS(pl330_runtime_suspend, pl330_runtime_resume, NULL)
};

/*
 * Find the events and request lines that may be used. A non-secure manager starts only
 * non-secure threads, which may use only non-secure events and lines. Normally all are
 * non-secure (P2).
 */
static int pl330_read_security(struct pl330 *p, unsigned int threads,
			       unsigned int nr_events)
{
	u32 all = GENMASK(nr_events - 1, 0);
	u32 events = readl(p->base + PL330_CR3) & all;
	u32 lines = readl(p->base + PL330_CR4);
	struct rkdma *rk = &p->rk;
	unsigned int i;

	p->secure = !(readl(p->base + PL330_DSR) & PL330_DSR_DNS);
	p->events = p->secure ? all : events;
	p->nr_threads = min(threads, hweight32(p->events) / 2);
	if (!p->nr_threads)
		return dev_err_probe(rk->dev, -EACCES,
				     "no two events are non-secure\n");
	if (p->nr_threads < threads)
		dev_info(rk->dev, "%u of %u threads can be used: events %#x are non-secure\n",
			 p->nr_threads, threads, events);
	for (i = 0; i < rk->nr_lines && !p->secure; i++)
		if (!(lines & BIT(i)))
			set_bit(i, rk->reserved);
	if (!bitmap_empty(rk->reserved, rk->nr_lines))
		dev_info(rk->dev, "request lines that the secure world keeps: %*pbl\n",
			 rk->nr_lines, rk->reserved);
	return 0;
}

static int pl330_read_config(struct pl330 *p)
{
	u32 cr0 = readl(p->base + PL330_CR0), crd = readl(p->base + PL330_CRD);
	u32 threads = FIELD_GET(PL330_CR0_NUM_CHNLS, cr0) + 1;
	u32 depth = FIELD_GET(PL330_CRD_DATA_BUFFER_DEP, crd) + 1;
	u32 size = FIELD_GET(PL330_CRD_DATA_WIDTH, crd);
	struct rkdma *rk = &p->rk;

	if (size < 2 || size > 4)
		return dev_err_probe(rk->dev, -ENODEV,
				     "data width %u is not known\n", size);
	p->width = BIT(size);
	/* An unaligned copy has two bursts in the MFIFO, which threads share (P15). */
	p->burst = clamp(rounddown_pow_of_two(max(depth / threads / 2, 1U)), 1U,
			 PL330_BURST_MAX);
	p->burst_len = p->width * p->burst;
	p->burst_shift = ilog2(p->burst_len);
	p->copy_ccr = pl330_ccr(DMA_MEM_TO_MEM, p->width, p->burst, p->burst);
	p->in_flight = (FIELD_GET(PL330_CRD_WR_Q_DEP, crd) + 1 +
			FIELD_GET(PL330_CRD_WR_CAP, crd) + 1) * p->burst_len;

	p->can_ring = true;

	rk->nr_lines = cr0 & PL330_CR0_PERIPH_REQ ?
		FIELD_GET(PL330_CR0_NUM_PERIPH_REQ, cr0) + 1 : 0;
	rk->nr_chans = rk->nr_lines + PL330_COPY_CHANS;
	rk->max_seg = PL330_MAX_SEG;
	rk->addr_mask = DMA_BIT_MASK(32);
	rk->widths = rkdma_widths(p->width);
	rk->max_burst = min(depth, PL330_BURST_MAX);
	rk->directions = BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM);
	rk->can_memcpy = true;
	rk->kept_segs = RKDMA_KEPT_SEGS;
	return pl330_read_security(p, threads,
				   FIELD_GET(PL330_CR0_NUM_EVENTS, cr0) + 1);
}

static int pl330_alloc_threads(struct pl330 *p)
{
	struct device *dev = p->rk.dev;
	struct pl330_thread *t;

	for (t = p->threads; t < p->threads + p->nr_threads; t++) {
		t->code = dmam_alloc_coherent(dev, PL330_CODE_SIZE, &t->dma,
					      GFP_KERNEL);
		t->pieces = devm_kcalloc(dev, PL330_MAX_PIECES,
					 sizeof(*t->pieces), GFP_KERNEL);
		if (!t->code || !t->pieces)
			return dev_err_probe(dev, -ENOMEM,
					     "no memory for programs\n");
	}
	return 0;
}

static int pl330_add_chans(struct pl330 *p)
{
	struct rkdma *rk = &p->rk;
	struct pl330_chan *chans;
	unsigned int n;

	chans = kcalloc(rk->nr_chans, sizeof(*chans), GFP_KERNEL);
	if (!chans)
		return -ENOMEM;
	rk->chan_mem = chans;

	for (n = 0; n < rk->nr_chans; n++) {
		if (test_bit(n, rk->reserved))
			continue;
		INIT_LIST_HEAD(&chans[n].wait);
		rkdma_chan_init(rk, &chans[n].chan, n);
	}
	return 0;
}

static void pl330_undo_alloc(void *data)
{
	struct pl330 *p = data;

	irq_work_sync(&p->schedule_work);
	hrtimer_cancel(&p->slice_timer);
	rkdma_put(&p->rk);
}

/**
 * pl330_free_irqs() - undo pl330_request_irqs()
 * @adev: the device
 * @data: what the handler got
 * @n: number of interrupts
 *
 * Context: process.
 */
void pl330_free_irqs(struct amba_device *adev, void *data, unsigned int n)
{
	while (n--)
		devm_free_irq(&adev->dev, adev->irq[n], data);
}

/**
 * pl330_request_irqs() - request all interrupts of a controller
 * @adev: its device, which frees them when it is unbound
 * @handler: the handler
 * @data: what it gets
 *
 * Context: process.
 * Return: their number, or a negative errno with a message, and then none is requested.
 */
int pl330_request_irqs(struct amba_device *adev, irq_handler_t handler, void *data)
{
	struct device *dev = &adev->dev;
	unsigned int i;
	int ret;

	if (!adev->irq[0])
		return dev_err_probe(dev, -ENXIO, "no interrupt\n");
	for (i = 0; i < AMBA_NR_IRQS && adev->irq[i]; i++) {
		ret = devm_request_irq(dev, adev->irq[i], handler, IRQF_SHARED,
				       dev_name(dev), data);
		if (ret) {
			pl330_free_irqs(adev, data, i);
			return dev_err_probe(dev, ret, "cannot get interrupt %u\n",
					     adev->irq[i]);
		}
	}
	return i;
}

/* Set up everything that the channels need before they are registered. */
static int pl330_setup(struct pl330 *p, struct amba_device *adev)
{
	struct device *dev = &adev->dev;
	int ret;

	p->base = devm_ioremap_resource(dev, &adev->res);
	if (IS_ERR(p->base))
		return dev_err_probe(dev, PTR_ERR(p->base),
				     "cannot map registers\n");
	p->no_flushp = of_property_read_bool(dev->of_node,
					     "arm,pl330-broken-no-flushp");
	p->burst_only = of_property_read_bool(dev->of_node,
					      "arm,pl330-periph-burst");
	ret = pl330_read_config(p);
	if (!ret)
		ret = rkdma_read_dt(&p->rk);
	if (ret)
		return ret;
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		return dev_err_probe(dev, ret, "no DMA with 32 address bits\n");
	/* prep splits longer segments. */
	dma_set_max_seg_size(dev, UINT_MAX);

	ret = pl330_alloc_threads(p);
	if (!ret)
		ret = pl330_self_check(p, adev);
	if (!ret)
		ret = pl330_add_chans(p);
	if (!ret)
		ret = pl330_request_irqs(adev, pl330_irq, p);
	return min(ret, 0);
}

static int pl330_probe(struct amba_device *adev, const struct amba_id *id)
{
	struct device *dev = &adev->dev;
	struct pl330 *p;
	int ret;

	/* With driver_override any device can get here. */
	if (!id)
		return dev_err_probe(dev, -ENODEV, "this is no PL330\n");

	p = rkdma_alloc(dev, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->rk.ops = &pl330_ops;
	spin_lock_init(&p->lock);
	/* The firmware's last instruction may not be through. */
	p->debug_wait = 1000;
	INIT_LIST_HEAD(&p->waiting);
	init_irq_work(&p->schedule_work, pl330_schedule_work);
	hrtimer_setup(&p->slice_timer, pl330_slice_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	amba_set_drvdata(adev, p);
	ret = devm_add_action_or_reset(dev, pl330_undo_alloc, p);
	if (!ret)
		ret = pl330_setup(p, adev);
	if (ret)
		return ret;

	pl330_power_on(p);
	ret = rkdma_register(&p->rk);
	if (ret) {
		pl330_power_off(p, adev);
		return ret;
	}
	pl330_add_debugfs(p);
	dev_info(dev, "PL330: %u request lines, %u threads\n", p->rk.nr_lines,
		 (unsigned int)hweight_long(p->free_threads));

	/* The bus holds a runtime PM reference during probe. */
	pm_runtime_set_autosuspend_delay(dev, PL330_AUTOSUSPEND_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_mark_last_busy(dev);
	pm_runtime_put_autosuspend(dev);
	return 0;
}

/* The bus holds a runtime PM reference, and stops the clock afterwards. */
static void pl330_remove(struct amba_device *adev)
{
	struct pl330 *p = amba_get_drvdata(adev);

	rkdma_unregister(&p->rk);
	pm_runtime_dont_use_autosuspend(&adev->dev);
	pl330_power_off(p, adev);
}

static const struct amba_id pl330_ids[] = {
	{ .id = PL330_ID, .mask = PL330_ID_MASK },
	{ }
};
MODULE_DEVICE_TABLE(amba, pl330_ids);

/*
 * Not "pl330_driver": the name of the init function is derived from it, and
 * initcall_blacklist=pl330_driver_init must keep only the kernel's own driver away.
 */
static struct amba_driver rkdma_pl330_driver = {
	.drv = {
		.name = "rkdma-pl330",
		/* Before Linux 6.10 registration does not set this. */
		.owner = THIS_MODULE,
		.pm = pm_ptr(&pl330_pm_ops),
	},
	.id_table = pl330_ids,
	.probe = pl330_probe,
	.remove = pl330_remove,
};
module_amba_driver(rkdma_pl330_driver);

MODULE_DESCRIPTION("DMA provider for the PL330s of Rockchip's SoCs");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(RKDMA_NS);
