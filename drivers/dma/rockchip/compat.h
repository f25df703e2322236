/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernel versions, and what only a build out of tree has. In a
 * series for a kernel tree nothing of this file is left: see lab/series.
 */
#ifndef RKDMA_COMPAT_H
#define RKDMA_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/version.h>

/* Matches the compatibles that vendors' trees have. */
#define RKDMA_VENDOR_TREES

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

#endif
