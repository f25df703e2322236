/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints of channels and descriptors. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rkdma

#if !defined(RKDMA_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define RKDMA_TRACE_H

#include <linux/tracepoint.h>

#include "rkdma.h"

DECLARE_EVENT_CLASS(rkdma_chan_class,
	TP_PROTO(struct rkdma_chan *c),
	TP_ARGS(c),
	TP_STRUCT__entry(
		__field(int, dma)
		__field(unsigned int, chan)
	),
	TP_fast_assign(
		__entry->dma = c->vc.chan.device->dev_id;
		__entry->chan = c->id;
	),
	TP_printk("dma%d ch%u", __entry->dma, __entry->chan)
);

DEFINE_EVENT(rkdma_chan_class, rkdma_interrupt,
	TP_PROTO(struct rkdma_chan *c), TP_ARGS(c));
DEFINE_EVENT(rkdma_chan_class, rkdma_terminate,
	TP_PROTO(struct rkdma_chan *c), TP_ARGS(c));

TRACE_EVENT(rkdma_wait,
	TP_PROTO(struct rkdma_chan *c, u64 ns),
	TP_ARGS(c, ns),
	TP_STRUCT__entry(
		__field(int, dma)
		__field(unsigned int, chan)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dma = c->vc.chan.device->dev_id;
		__entry->chan = c->id;
		__entry->ns = ns;
	),
	TP_printk("dma%d ch%u got a thread after %llu ns", __entry->dma,
		  __entry->chan, __entry->ns)
);

DECLARE_EVENT_CLASS(rkdma_desc_class,
	TP_PROTO(struct rkdma_chan *c, struct rkdma_desc *d),
	TP_ARGS(c, d),
	TP_STRUCT__entry(
		__field(int, dma)
		__field(unsigned int, chan)
		__field(const void *, desc)
		__field(dma_cookie_t, cookie)
		__field(int, dir)
		__field(size_t, len)
		__field(unsigned int, segs)
		__field(bool, irq)
	),
	TP_fast_assign(
		__entry->dma = c->vc.chan.device->dev_id;
		__entry->chan = c->id;
		__entry->desc = d;
		__entry->cookie = d->vd.tx.cookie;
		__entry->dir = d->dir;
		__entry->len = d->len;
		__entry->segs = d->nr_segs;
		__entry->irq = d->attr.irq;
	),
	TP_printk("dma%d ch%u desc=%p cookie=%d %s len=%zu segs=%u irq=%d",
		  __entry->dma, __entry->chan, __entry->desc, __entry->cookie,
		  __print_symbolic(__entry->dir,
				   { DMA_MEM_TO_MEM, "mem-to-mem" },
				   { DMA_MEM_TO_DEV, "mem-to-dev" },
				   { DMA_DEV_TO_MEM, "dev-to-mem" }),
		  __entry->len, __entry->segs, __entry->irq)
);

DEFINE_EVENT(rkdma_desc_class, rkdma_prep,
	TP_PROTO(struct rkdma_chan *c, struct rkdma_desc *d), TP_ARGS(c, d));
DEFINE_EVENT(rkdma_desc_class, rkdma_start,
	TP_PROTO(struct rkdma_chan *c, struct rkdma_desc *d), TP_ARGS(c, d));
DEFINE_EVENT(rkdma_desc_class, rkdma_link,
	TP_PROTO(struct rkdma_chan *c, struct rkdma_desc *d), TP_ARGS(c, d));

TRACE_EVENT(rkdma_complete,
	TP_PROTO(struct rkdma_chan *c, struct rkdma_desc *d, int result,
		 u32 residue),
	TP_ARGS(c, d, result, residue),
	TP_STRUCT__entry(
		__field(int, dma)
		__field(unsigned int, chan)
		__field(const void *, desc)
		__field(dma_cookie_t, cookie)
		__field(int, result)
		__field(u32, residue)
	),
	TP_fast_assign(
		__entry->dma = c->vc.chan.device->dev_id;
		__entry->chan = c->id;
		__entry->desc = d;
		__entry->cookie = d->vd.tx.cookie;
		__entry->result = result;
		__entry->residue = residue;
	),
	TP_printk("dma%d ch%u desc=%p cookie=%d %s residue=%u",
		  __entry->dma, __entry->chan, __entry->desc, __entry->cookie,
		  __print_symbolic(__entry->result,
				   { DMA_TRANS_NOERROR, "done" },
				   { DMA_TRANS_READ_FAILED, "read-failed" },
				   { DMA_TRANS_WRITE_FAILED, "write-failed" },
				   { DMA_TRANS_ABORTED, "aborted" }),
		  __entry->residue)
);

TRACE_EVENT(rkdma_error,
	TP_PROTO(struct rkdma_chan *c, struct rkdma_desc *d, bool read,
		 u32 residue),
	TP_ARGS(c, d, read, residue),
	TP_STRUCT__entry(
		__field(int, dma)
		__field(unsigned int, chan)
		__field(const void *, desc)
		__field(bool, read)
		__field(u32, residue)
	),
	TP_fast_assign(
		__entry->dma = c->vc.chan.device->dev_id;
		__entry->chan = c->id;
		__entry->desc = d;
		__entry->read = read;
		__entry->residue = residue;
	),
	TP_printk("dma%d ch%u desc=%p %s refused residue=%u",
		  __entry->dma, __entry->chan, __entry->desc,
		  __entry->read ? "read" : "write", __entry->residue)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
