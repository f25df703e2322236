// SPDX-License-Identifier: GPL-2.0-only
/*
 * How does a PL330 run what its channels were given?
 *
 * The CPU starts and kills threads through the debug interface; what they do
 * otherwise is in their programs (program.c). Here is the engine's side of
 * the seam: where a thread is, how it is stopped such that nothing is lost, and
 * what becomes of its faults. Who has a thread at all is schedule.c's matter.
 */
#include <linux/iopoll.h>

#include "../compat.h"
#include "../trace.h"
#include "pl330.h"

#define PL330_TIMEOUT_US	10000

/**
 * pl330_execute() - have an instruction executed now
 * @p: the controller
 * @t: the thread that executes it, or NULL for the manager
 * @op: the instruction's first byte
 * @arg: its second, if it has one
 * @imm: the other four, if it has them
 *
 * Context: &pl330.lock held.
 * Return: 0 or -ETIMEDOUT if the debug interface stays busy.
 */
static __always_inline int pl330_execute(struct pl330 *p, struct pl330_thread *t,
					 u8 op, u8 arg, u32 imm)
{
	u32 status;

	writel_relaxed(FIELD_PREP(DBGINST0_BYTE0, op) |
		       FIELD_PREP(DBGINST0_BYTE1, arg) |
		       (t ? FIELD_PREP(DBGINST0_NR, t->id) | DBGINST0_CHANNEL : 0),
		       p->base + DBGINST0);
	writel_relaxed(imm, p->base + DBGINST1);
	/* Orders the program, in coherent memory, ahead of its start. */
	writel(0, p->base + DBGCMD);
	/* Idle again means executed: what a thread's state says now is new. */
	return readl_relaxed_poll_timeout_atomic(p->base + DBGSTATUS, status,
						 !(status & DBGSTATUS_BUSY), 0,
						 PL330_TIMEOUT_US);
}

/**
 * pl330_go() - let a thread execute its program
 * @p: the controller
 * @t: the thread, stopped
 * @off: where in the program
 *
 * Context: interrupts off.
 * Return: 0 or -ETIMEDOUT.
 */
__always_inline int pl330_go(struct pl330 *p, struct pl330_thread *t,
			     unsigned int off)
{
	int ret;

	spin_lock(&p->lock);
	ret = pl330_execute(p, NULL, DMAGO | (p->secure ? 0 : DMAGO_NS), t->id,
			    t->dma + off);
	spin_unlock(&p->lock);
	return ret;
}

/* It completes what is on the bus first. */
static int pl330_wait_stopped(struct pl330_thread *t)
{
	u32 status;

	return readl_poll_timeout_atomic(t->csr, status,
					 pl330_stopped(status & CSR_STATUS), 0,
					 PL330_TIMEOUT_US);
}

/**
 * pl330_kill() - stop a thread, whatever it does, and lose what it has loaded
 * @p: the controller
 * @t: the thread
 *
 * Context: interrupts off.
 * Return: 0, also if it had stopped; or -ETIMEDOUT.
 */
int pl330_kill(struct pl330 *p, struct pl330_thread *t)
{
	int ret;

	spin_lock(&p->lock);
	ret = pl330_execute(p, t, DMAKILL, 0, 0);
	spin_unlock(&p->lock);
	return ret ?: pl330_wait_stopped(t);
}

/**
 * pl330_go_unowned() - pl330_go() for a thread that no channel has
 * @p: the controller
 * @t: the thread, stopped; it executes its program from the beginning
 *
 * Without a channel there is no vc.lock that keeps interrupts off; they cannot be
 * disabled around pl330_go(), for with PREEMPT_RT its lock may sleep.
 *
 * Context: process.
 * Return: 0 or -ETIMEDOUT.
 */
int pl330_go_unowned(struct pl330 *p, struct pl330_thread *t)
{
	int ret;

	spin_lock_irq(&p->lock);
	ret = pl330_execute(p, NULL, DMAGO | (p->secure ? 0 : DMAGO_NS), t->id,
			    t->dma);
	spin_unlock_irq(&p->lock);
	return ret;
}

/**
 * pl330_kill_unowned() - pl330_kill() for a thread that no channel has
 * @p: the controller
 * @t: the thread
 *
 * Context: process.
 * Return: 0, also if it had stopped; or -ETIMEDOUT.
 */
int pl330_kill_unowned(struct pl330 *p, struct pl330_thread *t)
{
	int ret;

	spin_lock_irq(&p->lock);
	ret = pl330_execute(p, t, DMAKILL, 0, 0);
	spin_unlock_irq(&p->lock);
	return ret ?: pl330_wait_stopped(t);
}

/* An interrupt can be cleared only while it is one (INTEN). */
static void pl330_mask(struct pl330 *p, u32 events)
{
	unsigned int tries = 10;

	spin_lock(&p->lock);
	p->inten |= events;
	/* A thread may signal just between. */
	do {
		writel(p->inten, p->base + INTEN);
		writel(events, p->base + INTCLR);
		writel(p->inten & ~events, p->base + INTEN);
	} while (readl(p->base + INTMIS) & events && --tries);
	p->inten &= ~events;
	spin_unlock(&p->lock);
}

static noinline void pl330_unmask(struct pl330 *p, u32 events)
{
	spin_lock(&p->lock);
	p->inten |= events;
	writel(p->inten, p->base + INTEN);
	spin_unlock(&p->lock);
}

static void pl330_signal(struct pl330 *p, unsigned int event)
{
	spin_lock(&p->lock);
	pl330_execute(p, NULL, DMASEV, FIELD_PREP(OPERAND_NR, event), 0);
	spin_unlock(&p->lock);
}

/**
 * pl330_fault_words() - say what a fault register says
 * @type: FTR or FTRD
 *
 * Return: the words for its first cause.
 */
static const char *pl330_fault_words(u32 type)
{
	static const struct {
		u32 bit;
		const char *words;
	} faults[] = {
		{ FT_READ_ERR, "a read was refused" },
		{ FT_WRITE_ERR, "a write was refused" },
		{ FT_FETCH_ERR, "an instruction could not be fetched" },
		{ FT_PERIPH_ERR, "the request line is secure" },
		{ FT_EVENT_ERR, "the event is secure" },
		{ FT_RDWR_ERR, "a non-secure thread made a secure access" },
		{ FT_DMAGO_ERR, "a non-secure manager started a secure thread" },
		{ FT_UNDEF_INSTR, "undefined instruction" },
		{ FT_OPERAND_INVALID, "invalid operand" },
		{ FT_MFIFO_ERR, "the buffer is too small" },
		{ FT_ST_UNAVAILABLE, "a store had no data" },
		{ FT_LOCKUP_ERR, "lock-up" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (type & faults[i].bit)
			return faults[i].words;
	return "unknown";
}

/*
 * The thread is done, or failed: the channel goes on, if it does, from @pc->now
 * with another program.
 */
static __always_inline void pl330_leave(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	pc->drained = !pc->now.desc;
	/* Whoever has the thread next is not held. */
	if (unlikely(pc->held)) {
		pc->held = false;
		pl330_unmask(p, BIT(t->event));
	}
	pc->thread = NULL;
	pl330_free(p, t);
}

static noinline void pl330_failed(struct pl330_chan *pc, bool write, const char *why)
{
	dev_err_ratelimited(pc->chan.rk->dev, "channel %u, thread %u: %s\n",
			    pc->chan.id, pc->thread->id, why);
	pc->fault = write ? RKDMA_WRITE_FAULT : RKDMA_READ_FAULT;
	pl330_be_somewhere(pc);
	pl330_leave(pc);
	/* So that the core comes to hear of it, if it is not just asking. */
	pl330_wait(pc);
}

/* The thread faults. Whose fault is it: of the source or of the destination? */
static noinline void pl330_take_fault(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	u32 type = readl(p->base + FTR(pc->thread->id));
	bool write = pc->now.desc && pc->now.desc->dir == DMA_MEM_TO_DEV;

	if (type & (FT_READ_ERR | FT_WRITE_ERR))
		write = type & FT_WRITE_ERR;
	if (pl330_kill(p, pc->thread)) {
		dev_err(p->rk.dev, "thread %u cannot be killed and is used no more\n",
			pc->thread->id);
		pc->thread->lost = true;
	}
	pl330_failed(pc, write, pl330_fault_words(type));
}

/* Where is the thread, whose program counter was at @off just now? */
static noinline void pl330_locate(struct pl330_chan *pc, u32 off)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	struct pl330_piece piece, after;
	unsigned int tries = 16;
	u32 addr;

	if (!pl330_find(t, off, &piece))
		return;
	for (;;) {
		addr = piece.from.desc->dir == DMA_MEM_TO_DEV ?
			readl(p->base + SAR(t->id)) : readl(p->base + DAR(t->id));
		if (off < piece.set || !--tries)
			break;
		/*
		 * If it has moved on that may be another piece's address, which can
		 * be one of this piece, too.
		 */
		off = min(pl330_offset(t), t->end - 1);
		if (!pl330_find(t, off, &after))
			return;
		if (after.off == piece.off && addr - piece.base <= piece.len)
			break;
		piece = after;
	}
	pl330_place(&piece, off, addr, &pc->now);
}

/*
 * The thread has stopped: at its program's end, or where that was before it was
 * appended to, or it was never started.
 */
static __always_inline void pl330_take_stop(struct pl330_chan *pc, u32 off)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	off -= p->pc_end;
	if (p->pc_end < 0 || off == t->end) {
		pc->now = pc->next;
		pl330_leave(pc);
	} else if (off == t->joint) {
		if (pl330_go(p, t, off))
			pl330_failed(pc, false, "it cannot be started");
	} else {
		pl330_failed(pc, false, "it was not started");
	}
}

/* Learn where the thread is; if it has come to an end, the channel leaves it. */
static __always_inline void pl330_track(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	/* Ahead of the program counter: that of a stopped thread stays. */
	u32 status = pl330_status(t), off = pl330_offset(t);

	if (unlikely(pl330_faulting(status))) {
		pl330_locate(pc, off);
		pl330_take_fault(pc);
		return;
	}
	/* In the padding at its end it has nothing to do but to stop. */
	if (!pl330_stopped(status) && off >= t->end - PL330_PREFETCH) {
		if (readl_poll_timeout_atomic(t->csr, status,
					      pl330_stopped(status & CSR_STATUS),
					      0, PL330_TIMEOUT_US)) {
			pl330_take_fault(pc);
			return;
		}
		off = pl330_offset(t);
	}
	if (pl330_stopped(status & CSR_STATUS))
		pl330_take_stop(pc, off);
	else
		pl330_locate(pc, off);
}

/**
 * pl330_repeats() - does what the channel's thread executes now repeat?
 * @pc: the channel
 *
 * Context: vc.lock held.
 * Return: whether it does; if not, the channel may have left the thread.
 */
bool pl330_repeats(struct pl330_chan *pc)
{
	if (pc->thread)
		pl330_track(pc);
	return pc->now.desc && pc->now.desc->attr.repeat;
}

/**
 * pl330_start() - make a program of the channel's work and let it run
 * @pc: the channel, which has got a thread and has work
 *
 * Context: vc.lock held.
 */
__always_inline void pl330_start(struct pl330_chan *pc)
{
	pl330_begin(pc);
	if (pl330_go(to_pl330(pc->chan.rk), pc->thread, 0))
		pl330_failed(pc, false, "it cannot be started");
}

/* Bursts end; then it waits for the peripheral, or at the closed gate. */
static bool pl330_settled(u32 csr)
{
	u32 status = FIELD_GET(CSR_STATUS, csr);

	return status == THREAD_AT_PERIPHERAL || status == THREAD_AT_EVENT ||
	       pl330_stopped(status) || pl330_faulting(status);
}

/* Of stores that were executed some may not have been done: do them again. */
static int pl330_stop_copy(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	int ret;

	pl330_track(pc);
	if (!pc->thread)
		return 0;
	ret = pl330_kill(p, pc->thread);
	if (ret)
		return ret;
	pc->now.done -= min(pc->now.done, p->in_flight);
	pl330_leave(pc);
	return 0;
}

/*
 * Behind the closed gate. It is open again before the thread can have another
 * owner. Returns -EAGAIN if the thread was at a joint, and has gone on.
 */
static int pl330_stop_gated(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	u32 gate = BIT(t->gate), csr, status;
	int ret;

	pl330_unmask(p, gate);
	ret = readl_poll_timeout_atomic(t->csr, csr, pl330_settled(csr), 0,
					PL330_TIMEOUT_US);
	status = FIELD_GET(CSR_STATUS, csr);
	if (!ret && (pl330_stopped(status) || pl330_faulting(status))) {
		pl330_mask(p, gate);
		pl330_track(pc);
		return pc->thread ? -EAGAIN : 0;
	}
	if (!ret) {
		pl330_locate(pc, pl330_offset(t));
		ret = pl330_kill(p, t);
	}
	pl330_mask(p, gate);
	if (!ret)
		pl330_leave(pc);
	else
		/* What it had signalled may be lost, and it wait for that. */
		pl330_signal(p, t->gate);
	return ret;
}

/**
 * pl330_stop() - take a thread away from its channel, which can go on later
 * @pc: the channel, which has a thread
 *
 * Of a peripheral's transfer nothing is lost or done twice; of a copy the last
 * bytes may be copied again.
 *
 * Context: vc.lock held.
 * Return: 0 or -ETIMEDOUT.
 */
int pl330_stop(struct pl330_chan *pc)
{
	int ret;

	if (pc->chan.id >= pc->chan.rk->nr_lines)
		return pl330_stop_copy(pc);
	do {
		ret = pl330_stop_gated(pc);
	} while (ret == -EAGAIN);
	return ret;
}

/* Descriptors have come behind those that are known. */
static struct rkdma_desc *pl330_first_new(struct pl330_chan *pc)
{
	return list_is_last(&pc->last->vd.node, &pc->chan.running) ? NULL :
		list_next_entry(pc->last, vd.node);
}

/*
 * Descriptors have come while a program runs that all the others are in: append
 * them. If the thread had the end in its instruction cache by then it stops there,
 * and goes on from there; as long as it is not near the end it cannot have it.
 */
static void pl330_append_new(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	/* The padding is a matter of some instructions. */
	unsigned int tries = 10000;
	u32 off;

	pc->next = (struct pl330_cursor) { .desc = pl330_first_new(pc) };
	if (!pc->next.desc || !pl330_append(pc))
		return;
	while (--tries) {
		off = pl330_offset(t);
		if (off < t->joint - PL330_PREFETCH || off > t->joint + 1)
			return;
		if (pl330_stopped(pl330_status(t))) {
			pl330_take_stop(pc, pl330_offset(t));
			return;
		}
	}
}

/* Take a thread, or wait for one: whoever waits was here before. */
static __always_inline bool pl330_take(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t;

	t = list_empty(&p->waiting) ? pl330_free_thread(p) : NULL;
	if (t)
		pl330_seize(pc, t);
	else
		pl330_wait(pc);
	return t;
}

/* Go on with what is not done, if there is any, as soon as there is a thread. */
static __always_inline void pl330_run(struct pl330_chan *pc)
{
	if (pc->drained) {
		/* The core has not heard yet what is done. */
		pc->now = (struct pl330_cursor) { .desc = pl330_first_new(pc) };
		pc->drained = !pc->now.desc;
	}
	if (!pc->halted && !pc->drained && pc->fault == RKDMA_RUNS &&
	    pl330_take(pc))
		pl330_start(pc);
}

static void pl330_issue(struct rkdma_chan *c)
{
	struct pl330_chan *pc = to_pl330_chan(c);

	/* Its program ends before all of the work does, or repeats. */
	if (pc->thread && pc->next.desc)
		return;
	if (pc->thread) {
		/* It may have come to its end without anybody's noticing. */
		pl330_track(pc);
		if (pc->thread) {
			pl330_append_new(pc);
			return;
		}
	}
	pl330_run(pc);
}

static void pl330_poll(struct rkdma_chan *c, struct rkdma_pos *pos)
{
	struct pl330_chan *pc = to_pl330_chan(c);

	if (pc->thread)
		pl330_track(pc);
	if (!pc->thread && !pc->drained)
		pl330_be_somewhere(pc);
	pos->desc = pc->now.desc;
	pos->seg = pc->now.seg;
	pos->done = pc->now.done;
	pos->segs_done = pc->now.count;
	if (pc->fault != RKDMA_RUNS) {
		pos->state = pc->fault;
		/* The core takes it off the list. */
		pc->fault = RKDMA_RUNS;
		pc->now.desc = NULL;
		pl330_unwait(pc);
	} else if (pc->drained) {
		pos->state = RKDMA_ENDED;
		pc->drained = false;
	} else {
		pos->state = pc->thread || pc->halted || !list_empty(&pc->wait) ?
			RKDMA_RUNS : RKDMA_ENDED;
	}
}

static int pl330_halt(struct rkdma_chan *c)
{
	struct pl330_chan *pc = to_pl330_chan(c);
	int ret = 0;

	pl330_unwait(pc);
	if (pc->thread)
		ret = pl330_stop(pc);
	pc->halted = !ret;
	return ret;
}

static void pl330_resume(struct rkdma_chan *c)
{
	struct pl330_chan *pc = to_pl330_chan(c);

	pc->halted = false;
	if (list_empty(&c->running)) {
		pc->now.desc = NULL;
		pc->drained = false;
		pc->fault = RKDMA_RUNS;
		return;
	}
	pl330_run(pc);
}

/* An event that is no interrupt is forgotten: so signal it again afterwards. */
static void pl330_throttle(struct rkdma_chan *c, bool on)
{
	struct pl330_chan *pc = to_pl330_chan(c);
	struct pl330 *p = to_pl330(c->rk);
	struct pl330_thread *t = pc->thread;

	if (!t || pc->held == on)
		return;
	pc->held = on;
	if (on) {
		pl330_mask(p, BIT(t->event));
		/* It may come to its end meanwhile. */
		pl330_set_timer(p);
		return;
	}
	pl330_unmask(p, BIT(t->event));
	pl330_signal(p, t->event);
}

static int pl330_alloc_chan(struct rkdma_chan *c)
{
	return 0;
}

static void pl330_free_chan(struct rkdma_chan *c)
{
}

/* A program is written when it is known what comes before and after it. */
static int pl330_prepare(struct rkdma_chan *c, struct rkdma_desc *d)
{
	d->program = d;
	return 0;
}

static void pl330_release(struct rkdma_chan *c, struct rkdma_desc *d)
{
	d->program = NULL;
}

const struct rkdma_engine_ops pl330_ops = {
	.alloc_chan = pl330_alloc_chan,
	.free_chan = pl330_free_chan,
	.prepare = pl330_prepare,
	.release = pl330_release,
	.issue = pl330_issue,
	.poll = pl330_poll,
	.halt = pl330_halt,
	.resume = pl330_resume,
	.throttle = pl330_throttle,
};

static void pl330_tell(struct pl330_thread *t)
{
	struct pl330_chan *pc = t ? READ_ONCE(t->owner) : NULL;

	/* It may have gone, or another have come: to look does no harm. */
	if (pc)
		rkdma_chan_irq(&pc->chan);
}

/* The manager refused to start a thread. */
static void pl330_manager_fault(struct pl330 *p)
{
	unsigned int i;

	spin_lock(&p->lock);
	dev_err_ratelimited(p->rk.dev, "manager: %s\n",
			    pl330_fault_words(readl(p->base + FTRD)));
	pl330_execute(p, NULL, DMAKILL, 0, 0);
	spin_unlock(&p->lock);
	/* Who should have been started is found not to have been. */
	for (i = 0; i < p->nr_threads; i++)
		pl330_tell(&p->threads[i]);
}

/* A thread that faults: its owner's matter, if it has one. */
static void pl330_thread_fault(struct pl330 *p, struct pl330_thread *t)
{
	if (!test_and_clear_bit(t->id, &p->free)) {
		pl330_tell(t);
		return;
	}
	/* Its owner may just have seen to it. */
	if (pl330_faulting(pl330_status(t))) {
		dev_err_ratelimited(p->rk.dev, "thread %u, without work: %s\n", t->id,
				    pl330_fault_words(readl(p->base + FTR(t->id))));
		t->lost = pl330_kill(p, t);
	}
	pl330_free(p, t);
}

static bool pl330_irq_faults(struct pl330 *p)
{
	u32 threads = readl(p->base + FSRC);
	bool manager = readl(p->base + FSRD) & 1;
	unsigned int i;

	if (manager)
		pl330_manager_fault(p);
	for (i = 0; i < p->nr_threads; i++)
		if (threads & BIT(i))
			pl330_thread_fault(p, &p->threads[i]);
	return manager || threads;
}

/**
 * pl330_irq() - the controller's interrupts, which may be shared
 * @irq: its number
 * @data: struct pl330
 *
 * Return: whether it was ours.
 */
irqreturn_t pl330_irq(int irq, void *data)
{
	struct pl330 *p = data;
	u32 events, left;

	/* The line may be shared, and raised while our clock is off. */
	if (!READ_ONCE(p->powered))
		return IRQ_NONE;

	events = readl(p->base + INTMIS);
	if (!events)
		return IRQ_RETVAL(pl330_irq_faults(p));
	/* Before looking at the threads, or an event between would be lost. */
	writel(events, p->base + INTCLR);
	for (left = events; left; left &= left - 1)
		pl330_tell(p->of_event[__ffs(left)]);
	return IRQ_HANDLED;
}
