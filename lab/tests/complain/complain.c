// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that misbehaves in the way that its parameter names, one for each of the
 * kernel's checks. It tests that the lab detects their reports, and has no other use.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "how to misbehave");

static struct platform_device *pdev;

static void do_warn(void)
{
	WARN(1, "complain: as asked\n");
}

static void do_kasan(void)
{
	u8 *p = kmalloc(16, GFP_KERNEL);

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	WRITE_ONCE(p[3], 1);
}

static void do_ubsan(void)
{
	unsigned int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	pr_info("complain: %u\n", 1U << by);
}

static void do_atomic(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	msleep(20);
	spin_unlock(&lock);
}

static void do_lockdep(void)
{
	static DEFINE_MUTEX(a);
	static DEFINE_MUTEX(b);

	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	mutex_lock(&b);
	mutex_lock(&a);
	mutex_unlock(&a);
	mutex_unlock(&b);
}

static void do_dma(void)
{
	void *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t addr;

	if (!p || dma_coerce_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(40)))
		return;
	addr = dma_map_single(&pdev->dev, p, 64, DMA_TO_DEVICE);
	if (!dma_mapping_error(&pdev->dev, addr))
		dma_unmap_single(&pdev->dev, addr, 32, DMA_TO_DEVICE);
	kfree(p);
}

static void never(struct timer_list *t)
{
}

static void do_object(void)
{
	struct timer_list *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return;
	timer_setup(t, never, 0);
	mod_timer(t, jiffies + 1000 * HZ);
	/* An armed timer in freed memory. */
	kfree(t);
}

static void do_pool(void)
{
	struct dma_pool *pool;
	dma_addr_t addr;

	if (dma_coerce_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(40)))
		return;
	pool = dma_pool_create("complain", &pdev->dev, 64, 64, 0);
	if (pool && dma_pool_alloc(pool, GFP_KERNEL, &addr))
		dma_pool_destroy(pool);
}

static void do_leak(void)
{
	/* One that stays in a register would not be a leak. */
	for (int i = 0; i < 20; i++)
		memset(kmalloc(1000, GFP_KERNEL), i, 1000);
}

static const struct {
	const char *name;
	void (*fn)(void);
} ways[] = {
	{ "warn", do_warn }, { "kasan", do_kasan }, { "ubsan", do_ubsan },
	{ "atomic", do_atomic }, { "lockdep", do_lockdep }, { "dma", do_dma },
	{ "object", do_object }, { "pool", do_pool }, { "leak", do_leak },
};

static int __init complain_init(void)
{
	int ret = -EINVAL;

	pdev = platform_device_register_simple("complain", -1, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	for (int i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(what, ways[i].name))
			continue;
		ways[i].fn();
		ret = 0;
	}
	if (ret)
		platform_device_unregister(pdev);
	return ret;
}
module_init(complain_init);

static void __exit complain_exit(void)
{
	platform_device_unregister(pdev);
}
module_exit(complain_exit);

MODULE_DESCRIPTION("Misbehaves so that the lab's tests see it noticed");
MODULE_LICENSE("GPL");
