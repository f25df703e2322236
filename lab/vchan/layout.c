// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout of virt-dma's structures, as the modules are built with it: by the
 * kernel's own headers or by vchan.h. The compiler writes lines
 *
 *	layout STRUCTURE MEMBER OFFSET BYTES
 *
 * with "." for the structure itself into its assembler file.
 */
#include <linux/stddef.h>

#include "rkdma.h"

#define LINE(name, member, offset, bytes)				\
	asm volatile("\n.ascii \"layout " name " " member " %c0 %c1\"\n"	\
		     : : "i" (offset), "i" (bytes))

#define WHOLE(type)		LINE(#type, ".", 0, sizeof(struct type))
#define MEMBER(type, member)						\
	LINE(#type, #member, offsetof(struct type, member),		\
	     sizeof_field(struct type, member))

/* Never called: only its assembler text is used. */
void layout(void);

void layout(void)
{
	WHOLE(virt_dma_desc);
	MEMBER(virt_dma_desc, tx);
	MEMBER(virt_dma_desc, tx_result);
	MEMBER(virt_dma_desc, node);

	WHOLE(virt_dma_chan);
	MEMBER(virt_dma_chan, chan);
	MEMBER(virt_dma_chan, task);
	MEMBER(virt_dma_chan, desc_free);
	MEMBER(virt_dma_chan, lock);
	MEMBER(virt_dma_chan, desc_allocated);
	MEMBER(virt_dma_chan, desc_submitted);
	MEMBER(virt_dma_chan, desc_issued);
	MEMBER(virt_dma_chan, desc_completed);
	MEMBER(virt_dma_chan, desc_terminated);
	MEMBER(virt_dma_chan, cyclic);

	/* Public structures, with which those of virt-dma begin. */
	WHOLE(dma_async_tx_descriptor);
	WHOLE(dmaengine_result);
	WHOLE(dma_chan);
	WHOLE(tasklet_struct);
}
