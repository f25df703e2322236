// SPDX-License-Identifier: GPL-2.0-only
/* Loads if rkdma would: that is, if vchan.h fits the kernel's virt-dma. */
#include <linux/module.h>

#include "core.h"

static int __init refuse_init(void)
{
	return rkdma_check_virt_dma();
}
module_init(refuse_init);

static void __exit refuse_exit(void)
{
}
module_exit(refuse_exit);

MODULE_DESCRIPTION("Test of the check that rkdma makes when it is loaded");
MODULE_LICENSE("GPL");
