/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations that the files of the PL330 engine share: pl330.c runs channel
 * threads, program.c writes their programs, ring.c reads the position in a
 * loop without end, schedule.c assigns them to channels, probe.c finds and sets up the
 * controller, selfcheck.c finds out what it can do, and findings.c decides what the driver
 * does without.
 *
 * A PL330 has more request lines than channel threads. A channel therefore has a
 * thread only while it has work. Channels with work and no thread are on a wait
 * queue (schedule.c).
 *
 * Locks: vc.lock of a channel, then &pl330.lock.
 */
#ifndef RKDMA_PL330_H
#define RKDMA_PL330_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq_work.h>
#include <linux/spinlock.h>

#include "../rkdma.h"
#include "regs.h"

#define PL330_MAX_THREADS	8
/* Channels that copy memory, numbered behind the request lines */
#define PL330_COPY_CHANS	8
#define PL330_CODE_SIZE		8192
/* 16 MiB by single-byte requests take 256 pieces, about 5 KiB of code. */
#define PL330_MAX_PIECES	512
/* Longest code of a segment, with its DMAMOV, that pl330_clone_segs() can copy */
#define PL330_CLONE_ROOM	64
/* Bytes of DMASEV and DMAWFE before a DMAEND, see &pl330_thread.splice_code */
#define PL330_SPLICE_LEN	4
/* Bytes of a small burst, see pl330_overlaps() */
#define PL330_SMALL_BURST	2
/* &pl330.cpc_end if threads differ, or it is neither of the two expected values */
#define PL330_CPC_UNKNOWN	(-1)

struct amba_device;
struct pl330;

/**
 * struct pl330_cursor - a position in a channel's work
 * @desc: the descriptor; NULL if all work is before the position
 * @seg: index of the segment
 * @done: bytes of the segment that are before the position
 * @segs_done: segments before the position, if @desc repeats; see
 *	&rkdma_pos.segs_done
 */
struct pl330_cursor {
	struct rkdma_desc *desc;
	unsigned int seg;
	u32 done;
	u32 segs_done;
};

/**
 * struct pl330_piece - a piece of a program, and what it moves
 * @start: position of its first byte in the channel's work
 * @addr: value of the moving address at that byte. The moving address is DAR, but
 *	SAR for a transfer to a peripheral
 * @len: bytes that the piece moves. These can be many segments of a transfer with
 *	uniform periods
 * @off: offset of its code in the program
 * @addr_off: offset behind its DMAMOVs; from there on the moving address is valid
 * @stride: 0, or the piece moves a run of segments of @len bytes each, with @stride
 *	bytes of code per segment. The other fields then describe the first one
 */
struct pl330_piece {
	struct pl330_cursor start;
	u32 addr;
	u32 len;
	u16 off;
	u16 addr_off;
	u16 stride;
};

/**
 * struct pl330_ring - a loop that repeats a transfer, mostly without end
 * @off: offset of its code, which is the last of the program; PL330_CODE_SIZE if the
 *	program has none
 * @start: offset of the code of a round
 * @counted: loop counter 1 counts the rounds, modulo PL330_LOOP_MAX. Otherwise only the
 *	order of positions tells the rounds, so the position has to be read in each
 * @segs_done: segments before its first round, see &pl330_cursor.segs_done
 * @rounds: rounds up to the last position that was read
 * @seg: segments of the round up to that position
 * @done: bytes of the segment up to that position
 */
struct pl330_ring {
	unsigned int off;
	unsigned int start;
	bool counted;
	u32 segs_done;
	u32 rounds;
	u32 seg;
	u32 done;
};

/**
 * struct pl330_thread - a channel thread and its program
 * @id: number
 * @csr: address of its CSR register; that of its CPC is at a fixed distance
 * @event: event that it interrupts with
 * @gate: event at which it is stopped between two bursts of a peripheral. A kill
 *	between load and store would lose what was read from the FIFO. So
 *	before each burst the program signals the event and waits for it, which
 *	ends at once. If INTEN makes the event an interrupt, the thread stays
 *	waiting (P6)
 * @owner: the channel that it is assigned to, or NULL
 * @code: the program, coherent memory of PL330_CODE_SIZE bytes
 * @dma: bus address of @code
 * @len: bytes of @code in use
 * @splice_code: offset of the DMASEV and the DMAWFE before the program's DMAEND. A
 *	thread that is there has done all of the program's work. The DMAWFE has it fetch
 *	what follows from memory
 * @end: offset of the program's DMAEND
 * @splice: splice point: offset of the previous DMAEND, which the last append turned
 *	into DMANOP
 * @ring: the loop without end that the program ends with
 * @end_irq: the program signals @event after its last transfer
 * @stuck: the thread cannot be killed, or failed the self-check, and is not used again
 * @reg_known: registers whose values in @reg are valid, as BIT(PL330_MOV_SAR) and so on
 * @reg: the values that SAR, CCR and DAR have when the thread has executed the first @len
 *	bytes, indexed by PL330_MOV_SAR and so on
 * @nr_pieces: pieces in use
 * @pieces: pieces of the program, by ascending offset
 * @clone: scratch memory of pl330_clone_segs(). On the stack it would make the
 *	compiler add a stack check to pl330_fill(), which runs for each copy
 * @kept: its owner is a copy whose turn it was, and no request line may preempt it before
 *	the slice timer has seen it twice
 * @slice_owner: its owner at the last tick of the slice timer
 * @slices: ticks for which the owner has been the same
 * @slice_off: program counter at the last tick
 * @slice_addr: difference of its addresses at the last tick
 *
 * The owner's vc.lock protects all of it except @kept, and @slice_owner and what follows,
 * which only the slice timer uses.
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
	unsigned int splice_code;
	unsigned int end;
	unsigned int splice;
	struct pl330_ring ring;
	bool end_irq;
	bool stuck;
	unsigned int reg_known;
	u32 reg[3];
	unsigned int nr_pieces;
	struct pl330_piece *pieces;
	u8 clone[PL330_CLONE_ROOM];
	bool kept;
	struct pl330_chan *slice_owner;
	unsigned int slices;
	u32 slice_off;
	u32 slice_addr;
};

/**
 * enum pl330_state - state of a channel
 * @PL330_IDLE: no thread. Work that is left is started by the next issue()
 * @PL330_RUNNING: has a thread
 * @PL330_DRAINED: no thread; the program has completed all descriptors up to
 *	&pl330_chan.last, and poll() has not reported it yet
 * @PL330_HALTED: stopped by halt(), the position is &pl330_chan.now
 * @PL330_HALTED_DRAINED: halted, and otherwise as PL330_DRAINED
 * @PL330_WAITING: on the wait queue for a thread
 * @PL330_FAULTED: no thread; the descriptor at &pl330_chan.now failed, and poll()
 *	has not reported it yet. On the wait queue, so that the scheduler makes the core
 *	poll
 * @PL330_HALTED_FAULTED: halted, and otherwise as PL330_FAULTED
 *
 *             issue(): no free thread           scheduler: free thread
 *        +--------------------------> WAITING --------------------------+
 *        |                                                              v
 *      IDLE -----------------------------------------------------> RUNNING
 *      ^ ^ ^           issue(): free thread                        | | |
 *      | | +---------------- program ended, work left; preempted --+ | |
 *      | +--- poll(); issue() ----- DRAINED <--- all work done ------+ |
 *      +----- poll() -------------- FAULTED <--- fault ----------------+
 *
 * halt() first stops the thread of a running channel, which makes the channel
 * idle, drained or faulted. Then:
 *
 *      IDLE, WAITING --- halt() ---> HALTED         --- resume() ---> IDLE
 *      DRAINED --------- halt() ---> HALTED_DRAINED --- resume() ---> DRAINED
 *      FAULTED --------- halt() ---> HALTED_FAULTED --- resume() ---> FAULTED
 *
 * poll() and issue() turn HALTED_DRAINED, and poll() turns HALTED_FAULTED, into
 * HALTED. resume() without work makes the channel idle, and with work goes on as
 * issue() does.
 */
enum pl330_state {
	PL330_IDLE,
	PL330_RUNNING,
	PL330_DRAINED,
	PL330_HALTED,
	PL330_HALTED_DRAINED,
	/* The following states are on the wait queue, see pl330_on_queue(). */
	PL330_WAITING,
	PL330_FAULTED,
	PL330_HALTED_FAULTED,
};

/**
 * enum pl330_rank - which channels on the wait queue come first
 * @PL330_RANK_FAULTED: needs no thread, but a poll
 * @PL330_RANK_REPEATING: a request line whose transfer repeats, as of sound: its data come
 *	at a fixed rate
 * @PL330_RANK_LINE: another request line
 * @PL330_RANK_COPY: copies memory
 */
enum pl330_rank {
	PL330_RANK_FAULTED,
	PL330_RANK_REPEATING,
	PL330_RANK_LINE,
	PL330_RANK_COPY,
};

/**
 * struct pl330_chan - a virtual channel: a request line, or memory copies
 * @chan: the channel
 * @state: its state, changed by pl330_set_state() alone
 * @thread: its thread if it is running, else NULL
 * @wait: entry on &pl330.waiting, protected by &pl330.lock
 * @rank: its rank on the wait queue, protected by &pl330.lock
 * @wait_start: time when it was queued, protected by &pl330.lock
 * @now: position of the hardware when it was last read; a new program begins here.
 *	If its descriptor is NULL, the position is the start of the first descriptor
 * @next: position of the first byte that is not in the thread's program
 * @last: the last descriptor that is completely in the program
 * @stopping: pl330_stop() stops its thread
 * @throttled: the thread's event is masked, so its periods raise no interrupt
 * @fault: if faulted, RKDMA_READ_FAULT or RKDMA_WRITE_FAULT
 */
struct pl330_chan {
	struct rkdma_chan chan;
	enum pl330_state state;
	struct pl330_thread *thread;
	struct list_head wait;
	enum pl330_rank rank;
	ktime_t wait_start;
	struct pl330_cursor now;
	struct pl330_cursor next;
	struct rkdma_desc *last;
	bool stopping;
	bool throttled;
	enum rkdma_state fault;
};

/* Bits of &pl330.said */
#define PL330_LATE_CSR		0
#define PL330_SILENCED		1

/**
 * struct pl330_finding - what the self-check found out about a thread
 * @unused: why it is not used, or NULL. What was not tried is then zero
 * @cpc_end: as &pl330.cpc_end
 * @ahead: bytes fetched behind an instruction at which it waited, or -1 if CPC cannot
 *	tell (P4)
 * @patched: a DMAEND behind a DMAWFE with "invalid" was replaced, and the thread executed
 *	what had replaced it (P4)
 * @stale_end: code that was rewritten after DMAEND was executed as it had been (P5)
 * @stale_kill: the same after DMAKILL
 * @invalidates: not so after DMAWFE with "invalid"
 * @kill_keeps: CPC, SAR and DAR are kept by DMAKILL (P18)
 * @barrier: a copy was in memory when an event behind DMAWMB was seen
 * @late_ns: ns from the end of DMAGO within which CSR showed it, or 0 if at once (P9)
 * @copy_len: bytes of the copy that was timed
 * @copy_ns: ns that it took, with its start and end
 * @store_ns: ns of a store, until DMAWMB lets the thread pass
 * @ftr: FTR of an undefined instruction
 */
struct pl330_finding {
	const char *unused;
	int cpc_end;
	int ahead;
	bool patched;
	bool stale_end;
	bool stale_kill;
	bool invalidates;
	bool kill_keeps;
	bool barrier;
	u32 late_ns;
	u32 copy_len;
	u32 copy_ns;
	u32 store_ns;
	u32 ftr;
};

/**
 * struct pl330_check - what the self-check found out
 * @id: the peripheral's id
 * @cr: CR0 to CR4
 * @crd: CRD
 * @wired: events that interrupt; not more are tried than there are threads
 * @fault_irq: interrupt that a fault raised; 0 if that was not tried, -1 if none
 * @took_us: us that the check of a thread took, on average
 * @threads: findings by thread
 */
struct pl330_check {
	u32 id;
	u32 cr[5];
	u32 crd;
	u32 wired;
	int fault_irq;
	u32 took_us;
	struct pl330_finding threads[PL330_MAX_THREADS];
};

/**
 * struct pl330 - a controller
 * @rk: the controller
 * @base: registers
 * @powered: registers may be accessed
 * @secure: the manager is secure, and so are its threads
 * @nr_threads: threads in use
 * @threads: threads
 * @width: bytes of a beat when memory is copied
 * @burst: beats of a burst when memory is copied
 * @burst_len: bytes of such a burst, a power of two
 * @burst_shift: logarithm of @burst_len
 * @copy_ccr: CCR of a copy by such bursts
 * @in_flight: bytes that a thread's executed stores may not have written yet
 * @no_flushp: DMAFLUSHP does not work ("arm,pl330-broken-no-flushp")
 * @burst_only: peripherals request bursts only ("arm,pl330-periph-burst")
 * @can_ring: a transfer that repeats may be a loop without end
 * @events: events that may be used
 * @check: what the self-check found out; it decides @can_ring and the following five
 * @cpc_end: CPC of a thread after its DMAEND, relative to that instruction; negative
 *	if it is unknown
 * @csr_late_ns: ns after DMAGO until CSR shows the start for certain
 * @invalidate: each program begins by dropping code that is cached
 * @no_append: nothing is appended to a running program
 * @one_copy: a program of copies has the code of one descriptor
 * @debug_wait: 0 if the debug interface is known to be idle, else the longest wait for that
 *	in us; protected by @lock
 * @free_threads: threads without an owner, BIT(id); changed atomically
 * @event_thread: by event: the thread that interrupts with it, or NULL
 * @said: what the log has said once: PL330_LATE_CSR, PL330_SILENCED
 * @lock: protects what follows, INTEN and the debug interface
 * @refusals: starts that the manager has refused, and that no channel has taken notice of
 * @inten: value of INTEN
 * @waiting: wait queue: channels by &pl330_chan.wait, in the order of their ranks
 * @starved: ticks in a row at which copies were waiting and none had a thread
 * @ticks: ticks of the slice timer, which alone uses it
 * @next_victim: the thread that is looked at first when one has to be preempted
 * @schedule_work: assigns threads to channels on the wait queue
 * @slice_timer: ends time slices while channels are on the wait queue
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
	u32 burst_len;
	u32 burst_shift;
	u32 copy_ccr;
	u32 in_flight;
	bool no_flushp;
	bool burst_only;
	bool can_ring;
	u32 events;
	struct pl330_check check;
	int cpc_end;
	u32 csr_late_ns;
	bool invalidate;
	bool no_append;
	bool one_copy;
	unsigned int debug_wait;
	unsigned long free_threads;
	struct pl330_thread *event_thread[32];
	unsigned long said;
	spinlock_t lock;	/* nests in vc.lock */
	unsigned int refusals;
	u32 inten;
	struct list_head waiting;
	unsigned int starved;
	unsigned int ticks;
	unsigned int next_victim;
	struct irq_work schedule_work;
	struct hrtimer slice_timer;
};

static inline struct pl330 *to_pl330(struct rkdma *rk)
{
	return container_of(rk, struct pl330, rk);
}

static inline struct pl330_chan *to_pl330_chan(struct rkdma_chan *c)
{
	return container_of(c, struct pl330_chan, chan);
}

/* Without a known position the hardware is at the start of the first descriptor. */
static inline void pl330_init_position(struct pl330_chan *pc)
{
	if (!pc->now.desc)
		pc->now = (struct pl330_cursor) {
			.desc = rkdma_first_running(&pc->chan)
		};
}

/*
 * Whether a peripheral's burst may begin while the one before is still being written to
 * memory. To wait for each write costs too much if a burst has few bytes: SPI at 50 MHz
 * receives one in 160 ns. The position of such a transfer is exact when it has been
 * stopped. While it runs it may be a burst late, also when the peripheral is inactive,
 * which a transfer that repeats must not be.
 */
static inline bool pl330_overlaps(const struct rkdma_desc *d)
{
	return d->dir == DMA_DEV_TO_MEM && !d->attr.repeat &&
	       d->width * d->burst <= PL330_SMALL_BURST;
}

/* schedule.c, needed by the inline functions below */
void pl330_queue(struct pl330_chan *pc, bool faulted);
void pl330_dequeue(struct pl330_chan *pc);

static inline bool pl330_is_copy(struct pl330_chan *pc)
{
	return pc->chan.id >= pc->chan.rk->nr_lines;
}

static inline bool pl330_on_queue(enum pl330_state state)
{
	return state >= PL330_WAITING;
}

static inline bool pl330_drained(struct pl330_chan *pc)
{
	return pc->state == PL330_DRAINED || pc->state == PL330_HALTED_DRAINED;
}

static inline bool pl330_faulted(struct pl330_chan *pc)
{
	return pc->state == PL330_FAULTED || pc->state == PL330_HALTED_FAULTED;
}

static inline bool pl330_halted(struct pl330_chan *pc)
{
	return pc->state == PL330_HALTED || pc->state == PL330_HALTED_DRAINED ||
	       pc->state == PL330_HALTED_FAULTED;
}

/*
 * Change a channel's state, and put it on the wait queue or take it off as the state
 * requires. vc.lock held.
 */
static inline void pl330_set_state(struct pl330_chan *pc, enum pl330_state state)
{
	if (pl330_on_queue(state))
		pl330_queue(pc, state != PL330_WAITING);
	else if (pl330_on_queue(pc->state))
		pl330_dequeue(pc);
	pc->state = state;
}

/* Take a thread without an owner. Returns NULL if all have one. */
static inline struct pl330_thread *pl330_get_thread(struct pl330 *p)
{
	unsigned long free;

	while ((free = READ_ONCE(p->free_threads)))
		if (test_and_clear_bit(__ffs(free), &p->free_threads))
			return &p->threads[__ffs(free)];
	return NULL;
}

/* Give back a thread that pl330_get_thread() returned. */
static inline void pl330_put_thread(struct pl330 *p, struct pl330_thread *t)
{
	WRITE_ONCE(t->owner, NULL);
	if (t->stuck)
		return;
	/*
	 * Unlike set_bit() this is ordered: all accesses to the thread come before its next
	 * use, and either this or pl330_queue() sees that a channel waits and a thread is
	 * free.
	 */
	test_and_set_bit(t->id, &p->free_threads);
	if (unlikely(!list_empty(&p->waiting)))
		irq_work_queue(&p->schedule_work);
}

/* Assign a thread from pl330_get_thread() to a channel. vc.lock held. */
static inline void pl330_acquire_thread(struct pl330_chan *pc,
					struct pl330_thread *t)
{
	pc->thread = t;
	WRITE_ONCE(t->owner, pc);
	pl330_set_state(pc, PL330_RUNNING);
}

static inline bool pl330_stopped(u32 status)
{
	return status == PL330_THREAD_STOPPED;
}

/* The thread waits for its peripheral or at its gate. */
static inline bool pl330_waiting(u32 status)
{
	return status == PL330_THREAD_AT_PERIPHERAL || status == PL330_THREAD_AT_EVENT;
}

static inline bool pl330_faulting(u32 status)
{
	return status == PL330_THREAD_FAULT ||
	       status == PL330_THREAD_FAULT_COMPLETING;
}

/* Relaxed: what follows it is at most another read of the controller, which stays ordered. */
static inline u32 pl330_status(struct pl330_thread *t)
{
	return FIELD_GET(PL330_CSR_STATUS, readl_relaxed(t->csr));
}

/*
 * Offset of the program counter in the program. Not relaxed: reads of the memory that
 * the thread has written come after it.
 */
static inline u32 pl330_offset(struct pl330_thread *t)
{
	return readl(t->csr + PL330_CPC(0) - PL330_CSR(0)) - (u32)t->dma;
}

/* pl330.c */
extern const struct rkdma_engine_ops pl330_ops;
int pl330_kill(struct pl330 *p, struct pl330_thread *t);
u32 pl330_moving_address(struct pl330_chan *pc, const struct pl330_piece *piece);
u32 pl330_unfinished(struct pl330_chan *pc, struct rkdma_desc *d);
void pl330_advance_to(struct pl330_chan *pc, const struct pl330_cursor *pos);
int pl330_go_unowned(struct pl330 *p, struct pl330_thread *t, unsigned int off);
int pl330_execute_unowned(struct pl330 *p, struct pl330_thread *t, u8 op, u8 arg);
bool pl330_is_repeating(struct pl330_chan *pc);
void pl330_start(struct pl330_chan *pc);
int pl330_stop(struct pl330_chan *pc);
irqreturn_t pl330_irq(int irq, void *data);

/* program.c */
u32 pl330_ccr(enum dma_transfer_direction dir, u32 width, u32 src_len,
	      u32 dst_len);
void pl330_begin(struct pl330_chan *pc);
bool pl330_append(struct pl330_chan *pc);
bool pl330_find(struct pl330_thread *t, u32 off, struct pl330_piece *found);
void pl330_place(const struct pl330_piece *piece, u32 off, u32 addr, u32 in_flight,
		 struct pl330_cursor *pos);

/* ring.c */
void pl330_place_ring(struct pl330_chan *pc, const struct pl330_piece *piece, u32 off,
		      u32 addr, u32 lc, u32 unfinished);
void pl330_locate_ring(struct pl330_chan *pc, bool settled);

/* schedule.c */
void pl330_set_timer(struct pl330 *p);
void pl330_schedule(struct pl330 *p);
void pl330_schedule_work(struct irq_work *work);
enum hrtimer_restart pl330_slice_tick(struct hrtimer *timer);

/* probe.c */
int pl330_request_irqs(struct amba_device *adev, irq_handler_t handler, void *data);
void pl330_free_irqs(struct amba_device *adev, void *data, unsigned int n);

/* selfcheck.c */
int pl330_self_check(struct pl330 *p, struct amba_device *adev);
void pl330_assign_events(struct pl330 *p, u32 wired);

/* findings.c */
extern bool pl330_trust;
const char *pl330_decide(struct pl330 *p, bool trust);
void pl330_report(struct pl330 *p);
#ifdef CONFIG_DEBUG_FS
void pl330_add_debugfs(struct pl330 *p);
#else
static inline void pl330_add_debugfs(struct pl330 *p)
{
}
#endif

#endif
