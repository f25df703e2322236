/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the PL330 engine share: pl330.c drives the threads,
 * program.c writes what they execute, probe.c finds the controller.
 *
 * A PL330 has many request lines and few channel threads. So a channel has a
 * thread only while there is work for it; the others with work wait their turn
 * (schedule.c).
 *
 * Locks: vc.lock of a channel, then &pl330.lock.
 */
#ifndef RKDMA_PL330_H
#define RKDMA_PL330_H

#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/spinlock.h>

#include "../rkdma.h"
#include "regs.h"

#define PL330_MAX_THREADS	8
/* Channels that copy memory, numbered behind the request lines */
#define PL330_COPY_CHANS	8
#define PL330_CODE_SIZE		8192
#define PL330_MAX_PIECES	512
/*
 * A thread has no instruction in its cache that is so many bytes ahead, nor on:
 * two of the longest lines that there are (assumed: no prefetch beyond the next).
 */
#define PL330_PREFETCH		64

struct pl330;

/**
 * struct pl330_cursor - a place in a channel's work
 * @desc: the descriptor; NULL if there is none left
 * @seg: index of its segment
 * @done: bytes of the segment that are behind
 * @count: segments behind, if @desc repeats, see &rkdma_pos.segs_done
 */
struct pl330_cursor {
	struct rkdma_desc *desc;
	unsigned int seg;
	u32 done;
	u32 count;
};

/**
 * struct pl330_piece - what a stretch of a program moves
 * @from: the place of its first byte in the channel's work
 * @base: what the moving address (memory's; of a copy the destination's) is then
 * @len: bytes that it moves; of a transfer that repeats perhaps many segments,
 *	all of them as long as the first
 * @off: offset of its code
 * @set: offset behind which the moving address is this piece's
 * @stride: 0, or it is many segments of @len bytes with code of so many bytes each;
 *	the rest is about the first
 */
struct pl330_piece {
	struct pl330_cursor from;
	u32 base;
	u32 len;
	u16 off;
	u16 set;
	u16 stride;
};

/**
 * struct pl330_thread - a channel thread and its program
 * @id: number
 * @csr: its CSR and CPC
 * @event: event that it interrupts with
 * @gate: event at which it can be stopped between two bursts of a peripheral:
 *	its program signals and awaits it before each. As an interrupt (INTEN)
 *	it is signalled to the CPU instead, and the thread waits.
 * @owner: the channel that has it, or NULL
 * @code: the program, coherent memory of PL330_CODE_SIZE bytes
 * @dma: its bus address
 * @len: offset behind what has been written
 * @end: offset of its DMAEND
 * @joint: offset of the DMAEND before, that it was appended to at
 * @asks: it signals @event before its end
 * @lost: it cannot be killed, and is not used again
 * @known: bits of MOV_SAR, MOV_CCR, MOV_DAR: the value below is the register's
 *	at @len
 * @reg: values of the registers
 * @nr_pieces: pieces in use
 * @pieces: pieces, by offset
 * @seen: its owner at the last turn
 * @turns: turns that this has had it
 * @seen_off: offset in the program at the last turn, to find threads that get nowhere
 * @seen_addr: the same of its addresses
 *
 * All is the owner's, protected by its vc.lock; but for @seen and what follows, which
 * are the timer's.
 */
struct pl330_thread {
	unsigned int id;
	void __iomem *csr;
	unsigned int event;
	unsigned int gate;
	struct pl330_chan *owner;
	u8 *code;
	dma_addr_t dma;
	unsigned int len;
	unsigned int end;
	unsigned int joint;
	bool asks;
	bool lost;
	unsigned int known;
	u32 reg[3];
	unsigned int nr_pieces;
	struct pl330_piece *pieces;
	struct pl330_chan *seen;
	unsigned int turns;
	u32 seen_off;
	u32 seen_addr;
};

/**
 * struct pl330_chan - a virtual channel: a request line, or memory copies
 * @chan: the channel
 * @thread: the thread that it has, or NULL
 * @wait: on &pl330.waiting while it waits for a thread; &pl330.lock
 * @now: where the hardware is, as of the last look; from here it goes on
 * @next: the first that is not in the thread's program
 * @last: the last descriptor that is whole in it
 * @drained: @now.desc is NULL since all up to @last is done
 * @halted: stopped by halt, to be resumed
 * @held: its thread's event is no interrupt
 * @fault: @now.desc failed: RKDMA_READ_FAULT, RKDMA_WRITE_FAULT; else RKDMA_RUNS
 */
struct pl330_chan {
	struct rkdma_chan chan;
	struct pl330_thread *thread;
	struct list_head wait;
	struct pl330_cursor now;
	struct pl330_cursor next;
	struct rkdma_desc *last;
	bool drained;
	bool halted;
	bool held;
	enum rkdma_state fault;
};

/**
 * struct pl330 - a controller
 * @rk: the controller
 * @base: registers
 * @powered: registers may be accessed
 * @secure: the manager is secure, and so are threads
 * @nr_threads: threads in use
 * @threads: threads
 * @width: bytes of a beat of memory
 * @burst: beats of a burst of memory
 * @unit: bytes of a burst of memory, a power of two
 * @unit_shift: its logarithm
 * @copy_ccr: CCR of a copy by such bursts
 * @in_flight: bytes of stores that a thread may have executed and not yet done
 * @no_flushp: DMAFLUSHP does not work ("arm,pl330-broken-no-flushp")
 * @burst_only: peripherals request bursts alone ("arm,pl330-periph-burst")
 * @pc_end: what CPC of a thread is after its DMAEND, relative to that; negative
 *	if that cannot be told
 * @free: threads that no channel has, BIT(id); changed atomically
 * @of_event: the thread whose &pl330_thread.event it is, or NULL
 * @lock: protects what follows, INTEN and the debug interface
 * @inten: what INTEN holds
 * @waiting: channels that wait for a thread, by &pl330_chan.wait
 * @turn: gives threads to those that wait
 */
struct pl330 {
	struct rkdma rk;
	void __iomem *base;
	bool powered;
	bool secure;
	unsigned int nr_threads;
	struct pl330_thread threads[PL330_MAX_THREADS];
	u32 width;
	u32 burst;
	u32 unit;
	u32 unit_shift;
	u32 copy_ccr;
	u32 in_flight;
	bool no_flushp;
	bool burst_only;
	int pc_end;
	unsigned long free;
	struct pl330_thread *of_event[32];
	spinlock_t lock;	/* nests in vc.lock */
	u32 inten;
	struct list_head waiting;
	struct hrtimer turn;
};

static inline struct pl330 *to_pl330(struct rkdma *rk)
{
	return container_of(rk, struct pl330, rk);
}

static inline struct pl330_chan *to_pl330_chan(struct rkdma_chan *c)
{
	return container_of(c, struct pl330_chan, chan);
}

/* The first of all work, if it is not known yet where the hardware is. */
static inline void pl330_be_somewhere(struct pl330_chan *pc)
{
	if (!pc->now.desc)
		pc->now = (struct pl330_cursor) {
			.desc = rkdma_first_running(&pc->chan)
		};
}

/* Threads change hands so often that all of it is inline. NULL: none is free. */
static inline struct pl330_thread *pl330_free_thread(struct pl330 *p)
{
	unsigned long free;

	while ((free = READ_ONCE(p->free)))
		if (test_and_clear_bit(__ffs(free), &p->free))
			return &p->threads[__ffs(free)];
	return NULL;
}

static inline void pl330_seize(struct pl330_chan *pc, struct pl330_thread *t)
{
	pc->thread = t;
	WRITE_ONCE(t->owner, pc);
}

static inline void pl330_free(struct pl330 *p, struct pl330_thread *t)
{
	WRITE_ONCE(t->owner, NULL);
	if (unlikely(t->lost))
		return;
	/* Orders all that was done with the thread ahead of its next use. */
	smp_mb__before_atomic();
	set_bit(t->id, &p->free);
}

static inline bool pl330_stopped(u32 status)
{
	return status == THREAD_STOPPED;
}

static inline bool pl330_faulting(u32 status)
{
	return status == THREAD_FAULT || status == THREAD_FAULT_COMPLETING;
}

/* Relaxed: what follows is another read of the controller, or nothing. */
static inline u32 pl330_status(struct pl330_thread *t)
{
	return FIELD_GET(CSR_STATUS, readl_relaxed(t->csr));
}

/* Where in its program is it? Orders what memory says of its work behind it. */
static inline u32 pl330_offset(struct pl330_thread *t)
{
	return readl(t->csr + CPC(0) - CSR(0)) - (u32)t->dma;
}

/* pl330.c */
extern const struct rkdma_engine_ops pl330_ops;
int pl330_go(struct pl330 *p, struct pl330_thread *t, unsigned int off);
int pl330_kill(struct pl330 *p, struct pl330_thread *t);
int pl330_go_unowned(struct pl330 *p, struct pl330_thread *t);
int pl330_kill_unowned(struct pl330 *p, struct pl330_thread *t);
bool pl330_repeats(struct pl330_chan *pc);
void pl330_start(struct pl330_chan *pc);
int pl330_stop(struct pl330_chan *pc);
irqreturn_t pl330_irq(int irq, void *data);

/* program.c */
u32 pl330_ccr(enum dma_transfer_direction dir, u32 width, u32 src_len,
	      u32 dst_len);
void pl330_begin(struct pl330_chan *pc);
bool pl330_append(struct pl330_chan *pc);
bool pl330_find(struct pl330_thread *t, u32 off, struct pl330_piece *found);
void pl330_place(const struct pl330_piece *piece, u32 off, u32 addr,
		 struct pl330_cursor *at);

/* schedule.c */
void pl330_set_timer(struct pl330 *p);
void pl330_wait(struct pl330_chan *pc);
void pl330_unwait(struct pl330_chan *pc);
enum hrtimer_restart pl330_turn(struct hrtimer *timer);

#endif
