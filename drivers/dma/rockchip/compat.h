/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernel versions. */
#ifndef RKDMA_COMPAT_H
#define RKDMA_COMPAT_H

#include <linux/device.h>
#include <linux/hrtimer.h>
#include <linux/of_dma.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include <linux/unaligned.h>
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/*
 * The symbol namespace of what the core exports to its engines: the kernel's
 * macros take a token before 6.13 and a string since.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define RKDMA_NS	RKDMA
#else
#define RKDMA_NS	"RKDMA"
#endif

#ifndef RKDMA_HAS_DEVM_OF_DMA
static inline void rkdma_of_dma_free(void *np)
{
	of_dma_controller_free(np);
}

static inline int
devm_of_dma_controller_register(struct device *dev, struct device_node *np,
				struct dma_chan *(*xlate)(struct of_phandle_args *,
							  struct of_dma *),
				void *data)
{
	int ret = of_dma_controller_register(np, xlate, data);

	return ret ?: devm_add_action_or_reset(dev, rkdma_of_dma_free, np);
}
#endif

#endif
