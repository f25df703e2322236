// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs channel threads: the engine's operations for the core, and the controller's
 * interrupts.
 *
 * The CPU starts and kills threads through the debug interface. This file does that,
 * reads a thread's position, stops a thread without loss of data, and handles faults.
 * program.c writes the programs that threads execute, schedule.c assigns threads to
 * channels.
 */
#include <linux/interrupt.h>
#include <linux/iopoll.h>

#include "../compat.h"
#include "../trace.h"
#include "pl330.h"

/*
 * Bound of each wait: for a burst, for the debug interface, for a kill. They poll with
 * interrupts off, and take that long only if a device or the bus hangs. Since Linux 6.5
 * read_poll_timeout_atomic() counts a poll without a delay as a nanosecond, however long it
 * takes, so long waits have a delay.
 */
#define PL330_TIMEOUT_US	10000
/* After this time a store whose data are there has been written (P19). */
#define PL330_STORE_US		10

/* Time after which a start that CSR does not show has failed */
#define PL330_START_US		1000

/*
 * The functions marked __always_inline run for each copy between issue() and poll().
 * Without the mark a copy of 4 KiB (lab/peers, depth 1) takes longer:
 *   1.2 %  without it at pl330_execute() and pl330_go()
 *   1.2 %  without it at pl330_run() and pl330_start()
 *   1.8 %  without it at pl330_update(), pl330_take_stop() and pl330_release_thread()
 */

/*
 * Wait until the debug interface is idle, where that is not known: what is written while it
 * is busy is ignored. &pl330.lock held.
 */
static noinline int pl330_wait_debug(struct pl330 *p)
{
	u32 status;
	int ret = readl_poll_timeout_atomic(p->base + PL330_DBGSTATUS, status,
					    !(status & PL330_DBGSTATUS_BUSY), 1,
					    p->debug_wait);

	p->debug_wait = ret ? 1 : 0;
	return ret;
}

/*
 * Wait for an instruction that is not executed at once: without a delay first, since it
 * normally takes some clocks. &pl330.lock held.
 */
static noinline int pl330_wait_executed(struct pl330 *p)
{
	u32 status;
	int ret = readl_relaxed_poll_timeout_atomic(p->base + PL330_DBGSTATUS, status,
						    !(status & PL330_DBGSTATUS_BUSY), 0, 1);

	if (!ret)
		return 0;
	p->debug_wait = PL330_TIMEOUT_US;
	ret = pl330_wait_debug(p);
	if (ret)
		dev_err(p->rk.dev, "the debug interface stays busy: threads can be neither started nor killed\n");
	return ret;
}

/**
 * pl330_execute() - execute an instruction through the debug interface
 * @p: the controller
 * @t: the thread that executes it, or NULL for the manager
 * @op: the instruction's first byte
 * @arg: its second byte, if it has one
 * @imm: its other four bytes, if it has them
 *
 * When this returns 0 the instruction has been executed, so CSR shows its effect
 * (assumption P9 in docs/hardware.md).
 *
 * Context: &pl330.lock held.
 * Return: 0 or -ETIMEDOUT if the debug interface stays busy.
 */
static __always_inline int pl330_execute(struct pl330 *p,
					 struct pl330_thread *t, u8 op, u8 arg,
					 u32 imm)
{
	if (unlikely(p->debug_wait) && pl330_wait_debug(p))
		return -ETIMEDOUT;
	writel_relaxed(FIELD_PREP(PL330_DBGINST0_BYTE0, op) |
		       FIELD_PREP(PL330_DBGINST0_BYTE1, arg) |
		       (t ? FIELD_PREP(PL330_DBGINST0_NR, t->id) |
			    PL330_DBGINST0_CHANNEL : 0),
		       p->base + PL330_DBGINST0);
	writel_relaxed(imm, p->base + PL330_DBGINST1);
	/* Not relaxed: the program, in coherent memory, is written before its start. */
	writel(0, p->base + PL330_DBGCMD);
	if (likely(!(readl_relaxed(p->base + PL330_DBGSTATUS) & PL330_DBGSTATUS_BUSY)))
		return 0;
	return pl330_wait_executed(p);
}

/* Start a thread. When this returns 0, CSR shows the start (P9). &pl330.lock held. */
static __always_inline int pl330_execute_go(struct pl330 *p,
					    struct pl330_thread *t,
					    unsigned int off)
{
	int ret = pl330_execute(p, NULL,
				PL330_OP_DMAGO | (p->secure ? 0 : PL330_OP_DMAGO_NS),
				t->id, t->dma + off);

	if (unlikely(p->csr_late_ns))
		ndelay(p->csr_late_ns);
	return ret;
}

/* Start a thread, which is stopped, at an offset in its program. Interrupts off. */
static __always_inline int pl330_go(struct pl330 *p, struct pl330_thread *t, unsigned int off)
{
	int ret;

	spin_lock(&p->lock);
	ret = pl330_execute_go(p, t, off);
	spin_unlock(&p->lock);
	return ret;
}

/* States that a thread leaves by itself, and in which it must not be killed */
static bool pl330_ending(u32 csr)
{
	u32 status = FIELD_GET(PL330_CSR_STATUS, csr);

	return status == PL330_THREAD_COMPLETING || status == PL330_THREAD_KILLING ||
	       status == PL330_THREAD_FAULT_COMPLETING;
}

/*
 * Stop a thread by DMAKILL, unless it stops by itself. It completes its accesses on the bus
 * before it stops (P10). Neither a stopped thread gets a DMAKILL, nor one that is killed
 * or ending, nor one that faults and has not completed its accesses.
 */
static int pl330_try_kill(struct pl330 *p, struct pl330_thread *t)
{
	unsigned long flags;
	u32 csr;
	int ret;

	ret = readl_poll_timeout_atomic(t->csr, csr, !pl330_ending(csr), 1, PL330_TIMEOUT_US);
	if (ret || pl330_stopped(csr & PL330_CSR_STATUS))
		return ret;
	spin_lock_irqsave(&p->lock, flags);
	ret = pl330_execute(p, t, PL330_OP_DMAKILL, 0, 0);
	spin_unlock_irqrestore(&p->lock, flags);
	return ret ?: readl_poll_timeout_atomic(t->csr, csr,
						pl330_stopped(csr & PL330_CSR_STATUS), 1,
						PL330_TIMEOUT_US);
}

/* A thread that does not do as it is told is not used any more once it has no owner. */
static void pl330_lose(struct pl330 *p, struct pl330_thread *t, const char *why)
{
	if (t->stuck)
		return;
	t->stuck = true;
	clear_bit(t->id, &p->free_threads);
	dev_err(p->rk.dev, "thread %u, in state %u, %s, and is used no more\n", t->id,
		pl330_status(t), why);
}

/**
 * pl330_kill() - stop a thread and drop what it has loaded and not stored
 * @p: the controller
 * @t: the thread, in any state
 *
 * A thread that cannot be killed is not used again. This waits for it only once.
 *
 * Context: any; interrupts off if a channel has the thread.
 * Return: 0, also if it had stopped; or -ETIMEDOUT.
 */
int pl330_kill(struct pl330 *p, struct pl330_thread *t)
{
	int ret;

	if (t->stuck)
		return pl330_stopped(pl330_status(t)) ? 0 : -ETIMEDOUT;
	ret = pl330_try_kill(p, t);
	if (ret)
		pl330_lose(p, t, "cannot be killed");
	return ret;
}

/**
 * pl330_go_unowned() - start a thread that no channel has
 * @p: the controller
 * @t: the thread, stopped
 * @off: offset in its program
 *
 * Unlike pl330_go() it disables interrupts itself, since the caller holds no vc.lock. A
 * caller cannot disable them around pl330_go(): with PREEMPT_RT its lock can sleep.
 *
 * Context: process.
 * Return: 0 or -ETIMEDOUT.
 */
int pl330_go_unowned(struct pl330 *p, struct pl330_thread *t, unsigned int off)
{
	int ret;

	spin_lock_irq(&p->lock);
	ret = pl330_execute_go(p, t, off);
	spin_unlock_irq(&p->lock);
	return ret;
}

/**
 * pl330_execute_unowned() - execute an instruction without immediate, holding no lock
 * @p: the controller
 * @t: the thread that executes it, or NULL for the manager
 * @op: the instruction's first byte
 * @arg: its second byte, if it has one
 *
 * Differs from pl330_execute() as pl330_go_unowned() does from pl330_go().
 *
 * Context: process.
 * Return: 0 or -ETIMEDOUT.
 */
int pl330_execute_unowned(struct pl330 *p, struct pl330_thread *t, u8 op, u8 arg)
{
	int ret;

	spin_lock_irq(&p->lock);
	ret = pl330_execute(p, t, op, arg, 0);
	spin_unlock_irq(&p->lock);
	return ret;
}

/*
 * Turn interrupts back into events, and clear those that are pending. INTCLR is written
 * while INTEN has the bits: it may ignore events that are no interrupts (P8). If a thread
 * signals between INTCLR and INTEN, the interrupt may stay raised where INTEN does not mask
 * it (QEMU's model). INTMIS shows that, and it is done again.
 */
static void pl330_mask(struct pl330 *p, u32 events)
{
	unsigned int tries = 10;

	spin_lock(&p->lock);
	p->inten &= ~events;
	do {
		writel(p->inten | events, p->base + PL330_INTEN);
		writel(events, p->base + PL330_INTCLR);
		writel(p->inten, p->base + PL330_INTEN);
	} while (readl(p->base + PL330_INTMIS) & events && --tries);
	spin_unlock(&p->lock);
}

/* Make events interrupts. */
static void pl330_unmask(struct pl330 *p, u32 events)
{
	spin_lock(&p->lock);
	p->inten |= events;
	writel(p->inten, p->base + PL330_INTEN);
	spin_unlock(&p->lock);
}

/* Signal an event as DMASEV of a thread does. */
static void pl330_signal(struct pl330 *p, unsigned int event)
{
	spin_lock(&p->lock);
	pl330_execute(p, NULL, PL330_OP_DMASEV, FIELD_PREP(PL330_OPERAND_NR, event), 0);
	spin_unlock(&p->lock);
}

/**
 * pl330_fault_text() - describe the cause of a fault
 * @type: value of FTR or FTRD
 *
 * Return: the text for its first bit.
 */
static const char *pl330_fault_text(u32 type)
{
	static const struct {
		u32 bit;
		const char *text;
	} faults[] = {
		{ PL330_FT_READ_ERR, "a read was refused" },
		{ PL330_FT_WRITE_ERR, "a write was refused" },
		{ PL330_FT_FETCH_ERR, "an instruction could not be fetched" },
		{ PL330_FT_PERIPH_ERR, "the request line is secure" },
		{ PL330_FT_EVENT_ERR, "the event is secure" },
		{ PL330_FT_RDWR_ERR, "a non-secure thread made a secure access" },
		{ PL330_FT_DMAGO_ERR, "a non-secure manager started a secure thread" },
		{ PL330_FT_UNDEF_INSTR, "undefined instruction" },
		{ PL330_FT_OPERAND_INVALID, "invalid operand" },
		{ PL330_FT_MFIFO_ERR, "the buffer is too small" },
		{ PL330_FT_ST_UNAVAILABLE, "a store had no data" },
		{ PL330_FT_LOCKUP_ERR, "lock-up" },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (type & faults[i].bit)
			return faults[i].text;
	return "unknown";
}

/* Release the thread of a running channel. @state is the channel's next one. */
static __always_inline void pl330_release_thread(struct pl330_chan *pc, enum pl330_state state)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	/* The thread's next owner is not throttled. */
	if (unlikely(pc->throttled)) {
		pc->throttled = false;
		pl330_unmask(p, BIT(t->event));
	}
	pc->thread = NULL;
	pl330_put_thread(p, t);
	pl330_set_state(pc, state);
}

/*
 * A thread was killed: keep where. Its next program will not end there, or it would seem to
 * have ended if it was not started.
 */
static void pl330_note_stop(struct pl330 *p, struct pl330_thread *t)
{
	t->end = pl330_offset(t) - max(p->cpc_end, 0);
}

/* The thread of a running channel cannot go on: the descriptor at pc->now fails. */
static void pl330_fail(struct pl330_chan *pc, bool write, const char *why)
{
	dev_err_ratelimited(pc->chan.rk->dev, "channel %u, thread %u: %s\n",
			    pc->chan.id, pc->thread->id, why);
	pc->fault = write ? RKDMA_WRITE_FAULT : RKDMA_READ_FAULT;
	pl330_init_position(pc);
	pl330_release_thread(pc, PL330_FAULTED);
}

/*
 * Handle a fault of the thread. FTR says whether a read or a write was refused (P16). Any
 * other fault is reported as a write error for transfers to a peripheral, and as a read
 * error otherwise.
 */
static void pl330_take_fault(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	u32 type = readl(p->base + PL330_FTR(pc->thread->id));
	bool write = pc->now.desc && pc->now.desc->dir == DMA_MEM_TO_DEV;

	if (type & (PL330_FT_READ_ERR | PL330_FT_WRITE_ERR))
		write = type & PL330_FT_WRITE_ERR;
	if (!pl330_kill(p, pc->thread))
		pl330_note_stop(p, pc->thread);
	pl330_fail(pc, write, pl330_fault_text(type));
}

/**
 * pl330_moving_address() - read the address that increments
 * @pc: the channel, which has a thread
 * @piece: the piece that the thread executes
 *
 * Context: vc.lock held.
 * Return: SAR of a transfer to a peripheral, otherwise DAR.
 */
u32 pl330_moving_address(struct pl330_chan *pc, const struct pl330_piece *piece)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	unsigned int id = pc->thread->id;

	return readl(p->base + (piece->start.desc->dir == DMA_MEM_TO_DEV ?
				PL330_SAR(id) : PL330_DAR(id)));
}

/**
 * pl330_unfinished() - bytes that may have been issued and not moved yet
 * @pc: the channel, which has a thread
 * @d: the descriptor that the thread works on
 *
 * The moving address, which has to be read before, shows accesses that were issued. A
 * thread that waits for its peripheral, or at the gate, has passed the barrier behind its
 * last store.
 *
 * Context: vc.lock held.
 * Return: their number, to be subtracted from that address.
 */
u32 pl330_unfinished(struct pl330_chan *pc, struct rkdma_desc *d)
{
	u32 status;

	if (d->dir == DMA_MEM_TO_MEM)
		return to_pl330(pc->chan.rk)->in_flight;
	status = pl330_status(pc->thread);
	/* A thread that faults for another reason waits for its peripheral, or at its end. */
	if (pl330_faulting(status) &&
	    !(readl(to_pl330(pc->chan.rk)->base + PL330_FTR(pc->thread->id)) &
	      (PL330_FT_READ_ERR | PL330_FT_WRITE_ERR | PL330_FT_FETCH_ERR)))
		return 0;
	if (pl330_waiting(status) && !pl330_overlaps(d))
		return 0;
	return d->width * d->burst;
}

/* Whether position @a is before position @b, of the same descriptor. */
static bool pl330_before(const struct pl330_cursor *a, const struct pl330_cursor *b)
{
	s32 segs = a->desc->attr.repeat ? a->segs_done - b->segs_done :
		a->seg - b->seg;

	return a->desc == b->desc && (segs ? segs < 0 : a->done < b->done);
}

/**
 * pl330_advance_to() - set the position of a channel
 * @pc: the channel
 * @pos: the position. It is left out if it is before the channel's, since what was found
 *	to be moved stays so. Of a copy that was killed more may have been dropped
 *
 * Context: vc.lock held.
 */
void pl330_advance_to(struct pl330_chan *pc, const struct pl330_cursor *pos)
{
	if (pos->desc->dir == DMA_MEM_TO_MEM || !pl330_before(pos, &pc->now))
		pc->now = *pos;
}

/*
 * Set pc->now to the position of the thread, whose program counter was just read as
 * @off. The address is read after it, and the thread can be in another piece by then.
 * @settled: all that was issued is done.
 */
static void pl330_locate(struct pl330_chan *pc, u32 off, bool settled)
{
	struct pl330_thread *t = pc->thread;
	struct pl330_piece piece, after;
	struct pl330_cursor pos;
	unsigned int tries = 16;
	u32 addr;

	if (off >= t->ring.off) {
		pl330_locate_ring(pc, settled);
		return;
	}
	if (!pl330_find(t, off, &piece))
		return;
	for (;;) {
		addr = pl330_moving_address(pc, &piece);
		if (off < piece.addr_off || !--tries)
			break;
		/*
		 * An address in the piece's range is not enough, since the next piece
		 * can have the same one. So the program counter must still be in the
		 * piece after the address was read.
		 */
		off = min(pl330_offset(t), t->end - 1);
		if (off >= t->ring.off) {
			pl330_locate_ring(pc, settled);
			return;
		}
		if (!pl330_find(t, off, &after))
			return;
		if (after.off == piece.off && addr - piece.addr <= piece.len)
			break;
		piece = after;
	}
	pl330_place(&piece, off, addr,
		    settled ? 0 : pl330_unfinished(pc, piece.start.desc), &pos);
	pl330_advance_to(pc, &pos);
}

/* All that the program has is done: release the thread. */
static __always_inline void pl330_end_program(struct pl330_chan *pc)
{
	pc->now = pc->next;
	pl330_release_thread(pc, pc->now.desc ? PL330_IDLE : PL330_DRAINED);
}

/* The program has ended amid a transfer that repeats, which keeps its thread. */
static noinline void pl330_go_round(struct pl330_chan *pc)
{
	pc->now = pc->next;
	pl330_start(pc);
}

/*
 * The thread has stopped at the splice point: write a new program of the rest, which does
 * not end at the same offset.
 */
static noinline void pl330_restart(struct pl330_chan *pc, u32 off)
{
	struct pl330_piece piece;

	if (pl330_find(pc->thread, off, &piece))
		pc->now = piece.start;
	pc->thread->end = off;
	pl330_start(pc);
}

/* Report a fault of the manager, which has refused to start a thread, and end it. */
static bool pl330_clear_manager(struct pl330 *p)
{
	unsigned long flags;
	bool faulted;

	spin_lock_irqsave(&p->lock, flags);
	faulted = readl(p->base + PL330_FSRD) & 1;
	if (faulted) {
		dev_err_ratelimited(p->rk.dev, "manager: %s\n",
				    pl330_fault_text(readl(p->base + PL330_FTRD)));
		pl330_execute(p, NULL, PL330_OP_DMAKILL, 0, 0);
		p->refusals++;
	}
	spin_unlock_irqrestore(&p->lock, flags);
	return faulted;
}

/* Whether the manager has refused to start a thread, and it was not counted yet */
static bool pl330_refused(struct pl330 *p)
{
	unsigned long flags;
	bool refused;

	pl330_clear_manager(p);
	spin_lock_irqsave(&p->lock, flags);
	refused = p->refusals;
	p->refusals -= refused;
	spin_unlock_irqrestore(&p->lock, flags);
	return refused;
}

/* A DMAGO could not be given. It may still be executed later: the thread is lost. */
static noinline void pl330_fail_start(struct pl330_chan *pc)
{
	pl330_lose(to_pl330(pc->chan.rk), pc->thread, "cannot be started");
	pl330_fail(pc, false, "it cannot be started");
}

static void pl330_await_start(struct pl330_chan *pc);

/*
 * Handle a thread that has stopped with its program counter at @off. CPC is then at the
 * DMAEND or one byte behind it, as the self-check found out (P3). There are three cases: the
 * end of the program; the splice point, if it was fetched as DMAEND, and then the rest gets
 * a new program, which will not end there; any other place, if the thread was not started,
 * or CSR does not show it yet (P9).
 */
static __always_inline void pl330_take_stop(struct pl330_chan *pc, u32 off)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;

	off -= p->cpc_end;
	if (p->cpc_end < 0 || off == t->end) {
		if (unlikely(pc->next.desc) && pc->next.desc->attr.repeat && !pc->stopping)
			pl330_go_round(pc);
		else
			pl330_end_program(pc);
	} else if (off == t->splice) {
		pl330_restart(pc, off);
	} else {
		pl330_await_start(pc);
	}
}

/* Whether a thread runs, or has stopped where its program lets it stop */
static bool pl330_has_started(struct pl330 *p, struct pl330_thread *t)
{
	u32 status = pl330_status(t), off = pl330_offset(t) - p->cpc_end;

	return !pl330_stopped(status) || off == t->end || off == t->splice;
}

/*
 * A thread that was started is stopped, and not at an end. CSR may show the start late,
 * although DBGSTATUS was idle (P9). If it never does, and the manager did not refuse the
 * start, nobody knows whether the thread will still execute its program. It cannot be
 * killed while it is stopped. So it is not used again, and nothing writes its program.
 */
static noinline void pl330_await_start(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	bool started;

	if (!read_poll_timeout_atomic(pl330_has_started, started, started, 1, PL330_START_US,
				      false, p, t)) {
		if (!test_and_set_bit(PL330_LATE_CSR, &p->said))
			dev_info(p->rk.dev,
				 "CSR shows the start of a thread late (assumption P9)\n");
		if (pl330_stopped(pl330_status(t)))
			pl330_take_stop(pc, pl330_offset(t));
		return;
	}
	if (!pl330_refused(p))
		pl330_lose(p, t, "was started and does not run");
	pl330_fail(pc, false, "it was not started");
}

/*
 * Read the position of a running channel. If its thread has stopped or faults the
 * channel is not running afterwards.
 */
static __always_inline void pl330_update(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	/* In this order: the program counter of a stopped thread does not change. */
	u32 status = pl330_status(t), off = pl330_offset(t);

	if (likely(pl330_stopped(status)))
		goto stopped;
	if (pl330_faulting(status)) {
		pl330_locate(pc, off, false);
		pl330_take_fault(pc);
		return;
	}
	if (off < t->splice_code) {
		pl330_locate(pc, off, false);
		return;
	}
	/* A thread behind all work is about to stop. */
	if (readl_poll_timeout_atomic(t->csr, status, pl330_stopped(status & PL330_CSR_STATUS),
				      0, PL330_TIMEOUT_US)) {
		pl330_take_fault(pc);
		return;
	}
	off = pl330_offset(t);
stopped:
	pl330_take_stop(pc, off);
}

/**
 * pl330_is_repeating() - whether a channel executes a transfer that repeats
 * @pc: the channel
 *
 * Context: vc.lock held.
 * Return: whether it does. The channel may not be running any more afterwards.
 */
bool pl330_is_repeating(struct pl330_chan *pc)
{
	if (pc->thread)
		pl330_update(pc);
	return pc->now.desc && pc->now.desc->attr.repeat;
}

/**
 * pl330_start() - write a program of the channel's work and start it
 * @pc: the channel, which has acquired a thread and has work
 *
 * Context: vc.lock held.
 */
__always_inline void pl330_start(struct pl330_chan *pc)
{
	pl330_begin(pc);
	if (pl330_go(to_pl330(pc->chan.rk), pc->thread, 0))
		pl330_fail_start(pc);
}

/*
 * Whether a thread has settled. With the gate closed it completes its burst, and then
 * waits for the peripheral or at the gate. CSR says "waiting for event" only if the
 * event is not signalled (P7). Two samples have to agree, since a thread may be about to go
 * on at the first: by a request, or by an event that was signalled before the gate closed.
 */
static bool pl330_settled(struct pl330_thread *t)
{
	u32 status = pl330_status(t), off = pl330_offset(t);

	if (!pl330_waiting(status))
		return pl330_stopped(status) || pl330_faulting(status);
	return pl330_status(t) == status && pl330_offset(t) == off;
}

/*
 * Wait for the last store of a thread that waits at the gate or for its peripheral, if
 * that may still be under way. A kill would drop it, and the peripheral has no copy.
 */
static void pl330_settle(struct pl330_thread *t)
{
	struct pl330_piece piece;

	if (pl330_find(t, pl330_offset(t), &piece) && pl330_overlaps(piece.start.desc))
		udelay(PL330_STORE_US);
}

/*
 * Stop a copy. The kill may drop as many stores as the write queue holds (P14), which
 * pl330_locate() does not count, so they are done again. Not more is: a later descriptor
 * may have overwritten the source. So the position is that of the killed thread. It is the
 * one before the kill if the kill has cleared the registers.
 */
static int pl330_stop_copy(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	u32 off;
	int ret;

	pl330_update(pc);
	if (!pc->thread)
		return 0;
	ret = pl330_kill(p, t);
	off = pl330_offset(t);
	if (ret) {
		/*
		 * A thread that ignores the kill goes on, and keeps its channel until its
		 * program has ended. One that got stuck in it never ends: what it was doing
		 * fails, since its last accesses may still come.
		 */
		if (pl330_status(t) == PL330_THREAD_KILLING) {
			if (off < t->splice_code)
				pl330_locate(pc, off, false);
			pl330_fail(pc, true, "it may still access memory of its copy");
		}
		return ret;
	}
	if (off >= t->splice_code && off <= t->end + 1) {
		pl330_end_program(pc);
		return 0;
	}
	if (off < t->splice_code)
		pl330_locate(pc, off, false);
	pl330_note_stop(p, t);
	pl330_release_thread(pc, PL330_IDLE);
	return 0;
}

/*
 * Stop a peripheral's transfer between two bursts: close the gate, that is, make its
 * event an interrupt, which lets no DMAWFE pass (P6); wait until the thread has settled;
 * kill it. The gate is open again before the thread is released to others.
 * Returns -EAGAIN if the thread had stopped at the splice point and was started again.
 */
static int pl330_stop_gated(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t = pc->thread;
	u32 gate = BIT(t->gate), status, off;
	bool settled;
	int ret;

	pl330_unmask(p, gate);
	ret = read_poll_timeout_atomic(pl330_settled, settled, settled, 1, PL330_TIMEOUT_US,
				       false, t);
	status = pl330_status(t);
	if (!ret && (pl330_stopped(status) || pl330_faulting(status))) {
		pl330_mask(p, gate);
		pl330_update(pc);
		return pc->thread ? -EAGAIN : 0;
	}
	if (!ret) {
		pl330_settle(t);
		off = pl330_offset(t);
		pl330_locate(pc, off, true);
		/*
		 * A thread that cannot be killed stays where it is, behind a gate that stays
		 * closed. It has nothing on the bus, so the channel goes on without it.
		 */
		if (!pl330_kill(p, t)) {
			pl330_mask(p, gate);
			pl330_note_stop(p, t);
		}
		if (off >= t->splice_code)
			pl330_end_program(pc);
		else
			pl330_release_thread(pc, PL330_IDLE);
		return 0;
	}
	pl330_mask(p, gate);
	/* pl330_mask() may have cleared the event that it waits for. */
	pl330_signal(p, t->gate);
	return ret;
}

/**
 * pl330_stop() - stop and release the thread of a running channel
 * @pc: the channel
 *
 * The transfer can go on from pc->now. No byte of a peripheral's transfer is lost or
 * moved twice: the peripheral repeats a request that was not served (P12). The last
 * bytes of a copy may be copied twice.
 *
 * Context: vc.lock held.
 * Return: 0, and the channel is idle, drained or faulted; or -ETIMEDOUT.
 */
int pl330_stop(struct pl330_chan *pc)
{
	int ret;

	/* A program that has ended is not followed by the next one. */
	pc->stopping = true;
	do {
		ret = pl330_is_copy(pc) ? pl330_stop_copy(pc) : pl330_stop_gated(pc);
	} while (ret == -EAGAIN);
	pc->stopping = false;
	return ret;
}

/* The descriptor behind the last one that the program has, or NULL */
static struct rkdma_desc *pl330_first_new(struct pl330_chan *pc)
{
	return list_is_last(&pc->last->vd.node, &pc->chan.running) ? NULL :
		list_next_entry(pc->last, vd.node);
}

/*
 * Append new descriptors to a running program that has all the others. A thread before the
 * DMAWFE of the splice point fetches the new code from memory (P4). One that has passed it
 * executes the new code as well, or stops at the DMAEND that it has fetched, and is started
 * again.
 */
static void pl330_append_new(struct pl330_chan *pc)
{
	struct pl330_thread *t = pc->thread;
	/* The thread needs one instruction to get out of the splice point. */
	unsigned int tries = 10000;
	u32 off;

	pc->next = (struct pl330_cursor) { .desc = pl330_first_new(pc) };
	if (!pc->next.desc || !pl330_append(pc))
		return;
	while (--tries) {
		off = pl330_offset(t);
		if (off <= t->splice - PL330_SPLICE_LEN || off > t->splice + 1)
			return;
		if (pl330_stopped(pl330_status(t))) {
			pl330_take_stop(pc, pl330_offset(t));
			return;
		}
	}
}

/* Leave the states in which poll() has an end or a fault to report. */
static void pl330_set_reported(struct pl330_chan *pc)
{
	pl330_set_state(pc, pl330_halted(pc) ? PL330_HALTED : PL330_IDLE);
}

/*
 * Leave the drained state if there is work behind pc->last. Returns whether it can be
 * started: not while the channel is halted.
 */
static bool pl330_leave_drained(struct pl330_chan *pc)
{
	/* The core still has the descriptors up to pc->last, which are done. */
	pc->now = (struct pl330_cursor) { .desc = pl330_first_new(pc) };
	if (!pc->now.desc)
		return false;
	pl330_set_reported(pc);
	return pc->state == PL330_IDLE;
}

/*
 * Start what is not done of a channel's work, or put the channel on the wait queue.
 * Channels that are on it already come first. Only an idle channel is started.
 */
static __always_inline void pl330_run(struct pl330_chan *pc)
{
	struct pl330 *p = to_pl330(pc->chan.rk);
	struct pl330_thread *t;

	if (pc->state != PL330_IDLE &&
	    !(pl330_drained(pc) && pl330_leave_drained(pc)))
		return;
	t = list_empty(&p->waiting) ? pl330_get_thread(p) : NULL;
	if (t) {
		pl330_acquire_thread(pc, t);
		pl330_start(pc);
	} else {
		pl330_set_state(pc, PL330_WAITING);
	}
}

static void pl330_issue(struct rkdma_chan *c)
{
	struct pl330_chan *pc = to_pl330_chan(c);

	/*
	 * The program does not have all work: either no more code fits, or a repeating
	 * transfer comes before it. The next program has the new work.
	 */
	if (pc->thread && pc->next.desc)
		return;
	if (pc->thread) {
		/* It may have ended without an interrupt. */
		pl330_update(pc);
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
		pl330_update(pc);
	if (pl330_drained(pc)) {
		*pos = (struct rkdma_pos) { .state = RKDMA_ENDED };
		pl330_set_reported(pc);
		return;
	}
	pl330_init_position(pc);
	pos->desc = pc->now.desc;
	pos->seg = pc->now.seg;
	pos->done = pc->now.done;
	pos->segs_done = pc->now.segs_done;
	if (pl330_faulted(pc)) {
		pos->state = pc->fault;
		/* The core takes the descriptor off the list. */
		pc->now.desc = NULL;
		pl330_set_reported(pc);
	} else {
		pos->state = pc->state == PL330_IDLE ? RKDMA_ENDED : RKDMA_RUNS;
	}
}

static int pl330_halt(struct rkdma_chan *c)
{
	struct pl330_chan *pc = to_pl330_chan(c);
	int ret;

	if (pc->thread) {
		ret = pl330_stop(pc);
		if (ret)
			return ret;
	}
	if (pl330_drained(pc))
		pl330_set_state(pc, PL330_HALTED_DRAINED);
	else if (pl330_faulted(pc))
		pl330_set_state(pc, PL330_HALTED_FAULTED);
	else
		pl330_set_state(pc, PL330_HALTED);
	return 0;
}

static void pl330_resume(struct rkdma_chan *c)
{
	struct pl330_chan *pc = to_pl330_chan(c);

	if (list_empty(&c->running)) {
		pc->now.desc = NULL;
		/* It has a thread if that could not be stopped. */
		if (!pc->thread)
			pl330_set_state(pc, PL330_IDLE);
		return;
	}
	if (pc->state == PL330_HALTED_DRAINED)
		pl330_set_state(pc, PL330_DRAINED);
	else if (pc->state == PL330_HALTED_FAULTED)
		pl330_set_state(pc, PL330_FAULTED);
	else if (pc->state == PL330_HALTED)
		pl330_set_state(pc, PL330_IDLE);
	pl330_run(pc);
}

/*
 * An event that is signalled while it is masked raises no interrupt later. So it is
 * signalled again when it is unmasked.
 */
static void pl330_throttle(struct rkdma_chan *c, bool on)
{
	struct pl330_chan *pc = to_pl330_chan(c);
	struct pl330 *p = to_pl330(c->rk);
	struct pl330_thread *t = pc->thread;

	if (!t || pc->throttled == on)
		return;
	pc->throttled = on;
	if (on) {
		pl330_mask(p, BIT(t->event));
		/* The slice timer sees if the program ends meanwhile. */
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

/*
 * Only mark that the descriptor has a program. The program is written when the descriptor
 * is issued, since it depends on the descriptors before and behind it.
 */
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

/* Have the core poll the channel that a thread is assigned to. */
static void pl330_notify(struct pl330_thread *t)
{
	struct pl330_chan *pc = t ? READ_ONCE(t->owner) : NULL;

	/* The thread may have another owner by now, which may be polled as well. */
	if (pc)
		rkdma_chan_irq(&pc->chan);
}

/* The manager refused to start a thread. */
static bool pl330_manager_fault(struct pl330 *p)
{
	unsigned int i;

	if (!pl330_clear_manager(p))
		return false;
	/* One of these channels has that thread. */
	for (i = 0; i < p->nr_threads; i++)
		pl330_notify(&p->threads[i]);
	return true;
}

/* Kill a thread that faults and has no channel. Returns whether it is gone. */
static bool pl330_end_fault(struct pl330 *p, struct pl330_thread *t)
{
	/* If it does not fault any more, its last owner has handled it. */
	if (!pl330_faulting(pl330_status(t)))
		return true;
	if (!t->stuck)
		dev_err_ratelimited(p->rk.dev, "thread %u, without work: %s\n", t->id,
				    pl330_fault_text(readl(p->base + PL330_FTR(t->id))));
	return !pl330_kill(p, t);
}

/*
 * Handle a fault of a thread: by its owner's poll or, without an owner, by a kill. Returns
 * whether that ends the fault.
 */
static bool pl330_thread_fault(struct pl330 *p, struct pl330_thread *t)
{
	bool ended;

	if (t->id < p->nr_threads && !test_and_clear_bit(t->id, &p->free_threads)) {
		if (READ_ONCE(t->owner)) {
			pl330_notify(t);
			return !t->stuck;
		}
		/* Between two owners it is handled by the next interrupt. */
		return !t->stuck || pl330_end_fault(p, t);
	}
	ended = pl330_end_fault(p, t);
	if (t->id < p->nr_threads)
		pl330_put_thread(p, t);
	return ended;
}

/*
 * A thread that faults and cannot be killed keeps the interrupt raised for ever. It is
 * switched off, and the slice timer polls all channels from now on.
 */
static void pl330_silence(struct pl330 *p, int irq)
{
	disable_irq_nosync(irq);
	if (!test_and_set_bit(PL330_SILENCED, &p->said))
		dev_err(p->rk.dev, "a thread faults and cannot be killed: interrupt %d is off, channels are polled every 100 us\n",
			irq);
	pl330_set_timer(p);
}

/* Handle faults. Returns whether there was one. */
static bool pl330_irq_faults(struct pl330 *p, int irq)
{
	u32 threads = readl(p->base + PL330_FSRC);
	bool any = pl330_manager_fault(p) || threads, ended = true;
	unsigned int i;

	for (i = 0; i < PL330_MAX_THREADS; i++)
		if (threads & BIT(i) && !pl330_thread_fault(p, &p->threads[i]))
			ended = false;
	if (!ended)
		pl330_silence(p, irq);
	return any;
}

/**
 * pl330_irq() - handle an interrupt, which may be shared
 * @irq: its number
 * @data: struct pl330
 *
 * Each of the two interrupts is checked for events and faults, so they may be wired in
 * any way (P1).
 *
 * Return: whether it was the controller's.
 */
irqreturn_t pl330_irq(int irq, void *data)
{
	struct pl330 *p = data;
	u32 events, left;

	/* Another device can raise a shared line while this one's clock is off. */
	if (!READ_ONCE(p->powered))
		return IRQ_NONE;

	events = readl(p->base + PL330_INTMIS);
	if (!events)
		return IRQ_RETVAL(pl330_irq_faults(p, irq));
	/* Cleared before the threads are read, so that no later event is lost. */
	writel(events, p->base + PL330_INTCLR);
	for (left = events; left; left &= left - 1)
		pl330_notify(p->event_thread[__ffs(left)]);
	/* This is a thread with PREEMPT_RT, and schedule_work would run later. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && !list_empty(&p->waiting))
		pl330_schedule(p);
	return IRQ_HANDLED;
}
