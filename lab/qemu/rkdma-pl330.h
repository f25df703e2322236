/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * State of the strict PL330's model: what its files share. rkdma-pl330.c has the
 * registers, the debug interface and events, rkdma-pl330-props.c the properties,
 * rkdma-pl330-exec.c the instructions, rkdma-pl330-thread.c how threads begin, fetch, wait
 * and end, rkdma-pl330-bus.c the queues, the buffer (MFIFO) and what crosses the bus, and
 * rkdma-pl330-run.c what happens when.
 */
#ifndef RKDMA_PL330_H
#define RKDMA_PL330_H

#include "compat.h"
#include "qemu/timer.h"
#include "qom/object.h"
#include "rkdma-inject.h"

#define TYPE_RKDMA_PL330 "rkdma-pl330"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaPl330, RKDMA_PL330)

#define PL_THREADS      8
#define PL_LINES        32
#define PL_EVENTS       32
#define PL_CACHE_LINES  16
#define PL_CACHE_LINE   32      /* bytes, at most */
#define PL_INSN         6       /* bytes of the longest instruction */
#define PL_MAX_WIDTH    16      /* bytes of the widest bus */
#define PL_MAX_DEPTH    1024
#define PL_BURST        (16 * PL_MAX_WIDTH)
#define PL_MAX_ENTRIES  32      /* of a queue, with those on the bus */
#define PL_NEVER        INT64_MAX
#define PL_PS           1000    /* picoseconds of a nanosecond */

/* CSR and DSR: states of a thread */
enum {
    PL_STOPPED = 0,
    PL_EXECUTING = 1,
    PL_CACHE_MISS = 2,
    PL_AT_EVENT = 4,
    PL_AT_BARRIER = 5,
    PL_AT_PERIPHERAL = 7,
    PL_KILLING = 8,
    PL_COMPLETING = 9,
    PL_FAULT_COMPLETING = 14,
    PL_FAULTING = 15,
};

/* FTR and FTRD */
#define PL_UNDEF        (1u << 0)
#define PL_OPERAND      (1u << 1)
#define PL_DMAGO_ERR    (1u << 4)
#define PL_EVENT_ERR    (1u << 5)
#define PL_PERIPH_ERR   (1u << 6)
#define PL_RDWR_ERR     (1u << 7)
#define PL_MFIFO_ERR    (1u << 12)
#define PL_ST_UNAVAIL   (1u << 13)
#define PL_FETCH_ERR    (1u << 16)
#define PL_WRITE_ERR    (1u << 17)
#define PL_READ_ERR     (1u << 18)
#define PL_DBG_INSTR    (1u << 30)
#define PL_LOCKUP       (1u << 31)

/**
 * enum PlStall - what an instruction waits for
 * @STALL_NONE: nothing
 * @STALL_QUEUE: room in a queue
 * @STALL_MFIFO: room in the buffer, or the load-lock
 * @STALL_READS: the thread's reads
 * @STALL_WRITES: the thread's writes
 * @STALL_ALL: both
 * @STALL_EVENT: an event
 * @STALL_REQUEST: a peripheral's request
 */
typedef enum {
    STALL_NONE, STALL_QUEUE, STALL_MFIFO, STALL_READS, STALL_WRITES, STALL_ALL,
    STALL_EVENT, STALL_REQUEST,
} PlStall;

/**
 * enum PlRequest - what a peripheral asks for
 * @REQ_NONE: nothing
 * @REQ_SINGLE: one beat
 * @REQ_BURST: a burst
 */
typedef enum { REQ_NONE, REQ_SINGLE, REQ_BURST } PlRequest;

/**
 * struct PlThread - a channel thread
 * @id: its number
 * @state: as CSR shows it
 * @stall: what its instruction waits for
 * @pc: address of the instruction
 * @next_pc: the next one's, while an instruction is executed
 * @sar: source address
 * @dar: destination address
 * @ccr: channel control
 * @lc: loop counters
 * @ftr: why it faults
 * @ns: it is non-secure
 * @number: the event or request line that it waits for
 * @wfp: DMAWFP's kind: 0 single, 1 burst, 2 peripheral
 * @request: the kind of request that DMAWFP took
 * @due: ps at which it goes on, where that is known
 * @insn: bytes of the instruction at @pc
 * @have: how many of them are fetched
 * @miss: address of the line that is being fetched
 * @shown: state that CSR shows until @shown_until
 * @shown_until: ns
 * @loaded: bytes that executed loads bring into the buffer
 * @arrived: those that have come
 * @claimed: those that executed stores take out of it
 * @freed: those that have left it
 * @lane: byte p of the stream is in byte lane (p + @lane) modulo the bus's width
 * @data: the bytes, at their position in the stream modulo the size
 * @busy_ns: counter
 * @busy_frac: ps that it has not got
 */
typedef struct PlThread {
    int id;
    uint32_t state;
    PlStall stall;
    uint32_t pc, next_pc, sar, dar, ccr;
    uint8_t lc[2];
    uint32_t ftr;
    bool ns;
    uint8_t number, wfp;
    PlRequest request;
    int64_t due;
    uint8_t insn[PL_INSN];
    unsigned have;
    uint32_t miss;
    uint32_t shown;
    int64_t shown_until;
    uint64_t loaded, arrived, claimed, freed;
    uint32_t lane;
    uint8_t data[PL_MAX_DEPTH * PL_MAX_WIDTH];
    uint64_t busy_ns, busy_frac;
} PlThread;

/**
 * struct PlAccess - an executed load or store
 * @thread: the thread's number
 * @issued: it is on the bus
 * @left: a store's data have left the buffer
 * @doomed: the thread was killed or faults: what it reads is dropped
 * @zero: DMASTZ
 * @inc: the address counts up
 * @line: request line to acknowledge, or -1
 * @ack: the kind of acknowledgement
 * @addr: address of the first beat
 * @beats: beats
 * @size: bytes of a beat, except for an unaligned first one
 * @bytes: all bytes
 * @pos: position of the first one in the thread's stream
 * @data_end: ps at which the last beat is through
 * @end: ps at which the bus has answered
 * @data: a store's bytes, once they have left
 */
typedef struct PlAccess {
    uint8_t thread;
    bool issued, left, doomed, zero, inc;
    int8_t line;
    PlRequest ack;
    uint32_t addr, beats, size, bytes;
    uint64_t pos;
    int64_t data_end, end;
    uint8_t data[PL_BURST];
} PlAccess;

/**
 * struct PlQueue - loads or stores in the order of their execution
 * @n: entries in use
 * @waiting: those of them that are not on the bus
 * @bus_from: ps from which the bus has data of this direction
 * @bus_free: ps until which it has
 * @entry: the entries
 */
typedef struct PlQueue {
    unsigned n, waiting;
    int64_t bus_from, bus_free;
    PlAccess entry[PL_MAX_ENTRIES];
} PlQueue;

/**
 * struct PlBusEvent - a read that has ended, or a write whose data have left or that has
 * @due: when, ps, or PL_NEVER if nothing is on the bus
 * @write: which queue
 * @entry: which entry of it
 */
typedef struct PlBusEvent {
    int64_t due;
    bool write;
    unsigned entry;
} PlBusEvent;

/**
 * struct PlLine - a line of the instruction cache
 * @valid: it has code
 * @thread: whose
 * @addr: its address
 * @data: the code
 */
typedef struct PlLine {
    bool valid;
    uint8_t thread;
    uint32_t addr;
    uint8_t data[PL_CACHE_LINE];
} PlLine;

/**
 * struct PlCounters - counters, readable as QOM properties of the same names
 * @mmio_reads: reads of registers
 * @mmio_writes: writes
 * @fetches: cache lines that were read
 * @instructions: those that were executed, but DMAEND and DMAKILL
 * @bytes_read: by loads
 * @bytes_written: by stores
 * @irqs_raised: events' interrupts
 * @aborts: of threads
 * @guest_errors: bad programming
 * @busy_ns: a thread runs
 * @idle_ns: none does
 * @bus_ns: data are on the bus
 * @fetch_time_ns: none are, and a thread waits for code
 * @latency_ns: none are, and an access waits for its data or its answer
 * @request_wait_ns: none of these, and a thread waits for its peripheral
 * @gap_ns: none of these, and a thread runs
 */
typedef struct PlCounters {
    uint64_t mmio_reads, mmio_writes, fetches, instructions;
    uint64_t bytes_read, bytes_written, irqs_raised, aborts, guest_errors;
    uint64_t busy_ns, idle_ns, bus_ns, fetch_time_ns, latency_ns;
    uint64_t request_wait_ns, gap_ns;
} PlCounters;

/**
 * struct PlKnobs - what silicon may do otherwise, one property each
 * @cpc_end_stays: after DMAEND CPC is its address
 * @cpc_barrier_behind: at a barrier CPC is the next instruction's address
 * @cache_stale_end: cached code stays after DMAEND
 * @cache_stale_kill: cached code stays after DMAKILL
 * @cache_ahead: lines that are fetched ahead
 * @kill_stopped_stuck: DMAKILL of a stopped thread leaves DBGSTATUS busy
 * @kill_clears: DMAKILL loses CPC, SAR and DAR
 * @kill_ignored: threads that ignore DMAKILL
 * @kill_never: threads that stay "killing"
 * @csr_late_ns: time until CSR shows a start or stop
 * @irq_wired: events that reach the interrupt
 * @irq_event_passes: an event that is an interrupt ends DMAWFE, too
 * @irq_clears_events: INTCLR clears events that are no interrupts
 * @wfe_shown: CSR says "waiting" though the event is signalled
 * @request_stale: lines that ask after a reset
 * @request_single: lines ask for single transfers
 * @request_burst_only: peripherals know bursts alone
 * @request_taken: DMAWFP takes the request
 * @flush_nothing: DMAFLUSHP does nothing
 * @barrier_early: DMAWMB does not wait for the bus's answer
 * @fault_blank: FTR does not tell reads from writes
 * @id_zero: the ID reads as zero
 * @load_lock: one thread at a time has loaded and not stored
 */
typedef struct PlKnobs {
    bool cpc_end_stays, cpc_barrier_behind;
    bool cache_stale_end, cache_stale_kill;
    uint32_t cache_ahead;
    bool kill_stopped_stuck, kill_clears;
    uint32_t kill_ignored, kill_never;
    uint64_t csr_late_ns;
    uint32_t irq_wired;
    bool irq_event_passes, irq_clears_events, wfe_shown;
    uint32_t request_stale;
    bool request_single, request_burst_only, request_taken, flush_nothing;
    bool barrier_early, fault_blank, id_zero, load_lock;
} PlKnobs;

struct RkdmaPl330 {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    qemu_irq abort, irq[PL_EVENTS];
    QEMUTimer *timer;

    /* properties */
    uint32_t threads, lines, events, ins, pns, boot_addr, revision;
    uint32_t icache_line, icache_lines, data_width, buffer_lines;
    uint32_t rd_cap, rd_queue, wr_cap, wr_queue;
    bool mgr_ns, bus_time;
    uint64_t clock_hz, bus_hz, fetch_ns, mem_latency_ns, write_latency_ns;
    uint64_t debug_ns, abort_ns, request_ns, watchdog;
    uint64_t quantum_ns;
    PlKnobs k;
    RkdmaInject inject;

    /* registers, and what is behind them */
    uint32_t inten, event, pending_irq;
    uint32_t dbginst[2];
    bool dbg_busy;
    int64_t dbg_due;
    uint32_t mgr_ftr;
    bool abort_level;
    uint32_t irq_level;

    PlThread thread[PL_THREADS];
    int turn;               /* thread that executed last */
    int load_lock;          /* thread that has it, or -1 */
    int64_t pipe_free;      /* ps at which the next instruction is executed */
    int64_t watch_due;      /* ps at which the watchdog bites */
    PlLine cache[PL_CACHE_LINES];
    unsigned cache_next;    /* the line that is replaced next */
    PlQueue reads, writes;

    uint32_t level[PL_LINES];       /* of both inputs: bit 0 burst, bit 1 single */
    PlRequest request[PL_LINES];    /* latched */
    int64_t request_due[PL_LINES];  /* ps from which the level counts */

    int64_t t;              /* ps: everything up to it has happened */
    bool in_run;            /* the timer's work is going on */
    uint64_t frac[3];       /* ps that the counters of time have not got */
    PlCounters c;
};

/* rkdma-pl330.c */

/** rkdma_pl330_guest_error() - the guest has programmed nonsense: count and log it */
void rkdma_pl330_guest_error(RkdmaPl330 *s, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/** rkdma_pl330_update_irqs() - bring the outputs up to date */
void rkdma_pl330_update_irqs(RkdmaPl330 *s);
/** rkdma_pl330_signal() - DMASEV of an event */
void rkdma_pl330_signal(RkdmaPl330 *s, unsigned event);
/** rkdma_pl330_debug() - execute the instruction of the debug interface */
void rkdma_pl330_debug(RkdmaPl330 *s);
/** rkdma_pl330_requested() - what a line asks for, by what is latched and its level */
PlRequest rkdma_pl330_requested(RkdmaPl330 *s, unsigned line);
/** rkdma_pl330_acknowledge() - tell a peripheral that its data have moved */
void rkdma_pl330_acknowledge(RkdmaPl330 *s, unsigned line);
/** rkdma_pl330_take() - a load or store serves a line's request */
void rkdma_pl330_take(RkdmaPl330 *s, unsigned line, PlRequest kind);
/** rkdma_pl330_flush() - DMAFLUSHP of a line */
void rkdma_pl330_flush(RkdmaPl330 *s, unsigned line);

/* rkdma-pl330-props.c */

/** rkdma_pl330_add_properties() - add what can be set or read while it runs */
void rkdma_pl330_add_properties(RkdmaPl330 *s);
/** rkdma_pl330_class_properties() - add what is fixed: sizes and knobs */
void rkdma_pl330_class_properties(DeviceClass *dc);

/* rkdma-pl330-thread.c */

/** rkdma_pl330_go() - DMAGO: start a stopped thread */
void rkdma_pl330_go(RkdmaPl330 *s, PlThread *t, uint32_t pc, bool ns);
/** rkdma_pl330_kill() - DMAKILL of a thread in any state */
void rkdma_pl330_kill(RkdmaPl330 *s, PlThread *t);
/** rkdma_pl330_fault() - abort a thread */
void rkdma_pl330_fault(RkdmaPl330 *s, PlThread *t, uint32_t why);
/** rkdma_pl330_stop() - a thread has ended, or is killed and has nothing on the bus */
void rkdma_pl330_stop(RkdmaPl330 *s, PlThread *t, bool killed);
/** rkdma_pl330_invalidate() - drop a thread's lines of the instruction cache */
void rkdma_pl330_invalidate(RkdmaPl330 *s, PlThread *t);
/** rkdma_pl330_release_lock() - let other threads load, if this one has the load-lock */
void rkdma_pl330_release_lock(RkdmaPl330 *s, PlThread *t);
/** rkdma_pl330_is_idle() - whether a thread has no reads, or no writes, or neither */
bool rkdma_pl330_is_idle(RkdmaPl330 *s, const PlThread *t, bool reads, bool writes);
/** rkdma_pl330_passes() - whether the thread's DMAWFP is content with a request */
bool rkdma_pl330_passes(const PlThread *t, PlRequest asked);
/** rkdma_pl330_discard() - drop what a thread has in the buffer */
void rkdma_pl330_discard(PlThread *t);
/** rkdma_pl330_fetched() - whether @len bytes at pc are there; otherwise it misses */
bool rkdma_pl330_fetched(RkdmaPl330 *s, PlThread *t, unsigned len);
/** rkdma_pl330_fill() - the line that a thread waits for has come */
void rkdma_pl330_fill(RkdmaPl330 *s, PlThread *t);
/** rkdma_pl330_is_faulting() - whether FSRC shows the thread */
bool rkdma_pl330_is_faulting(const PlThread *t);
/** rkdma_pl330_is_running() - whether the thread has a program to go on with */
bool rkdma_pl330_is_running(const PlThread *t);
/** rkdma_pl330_thread_due() - when a thread can do its next step, or PL_NEVER */
int64_t rkdma_pl330_thread_due(RkdmaPl330 *s, PlThread *t);
/** rkdma_pl330_thread_step() - do it */
void rkdma_pl330_thread_step(RkdmaPl330 *s, PlThread *t);

/* rkdma-pl330-exec.c */

/** rkdma_pl330_execute() - execute a thread's instruction, or begin to wait */
void rkdma_pl330_execute(RkdmaPl330 *s, PlThread *t);

/* rkdma-pl330-bus.c */

/** rkdma_pl330_queue() - queue a load or store; false if there is no room */
bool rkdma_pl330_queue(RkdmaPl330 *s, bool write, const PlAccess *access);
/** rkdma_pl330_has_room() - whether a queue takes another load or store */
bool rkdma_pl330_has_room(RkdmaPl330 *s, bool write);
/** rkdma_pl330_lines_used() - lines of the buffer that hold a thread's bytes */
uint32_t rkdma_pl330_lines_used(RkdmaPl330 *s, const PlThread *t);
/** rkdma_pl330_lines_free() - lines of the buffer that hold no bytes */
uint32_t rkdma_pl330_lines_free(RkdmaPl330 *s);
/** rkdma_pl330_pending() - accesses of a thread, of one direction */
unsigned rkdma_pl330_pending(PlQueue *q, int thread, bool issued_only);
/** rkdma_pl330_drop() - forget a thread's accesses that are not on the bus */
void rkdma_pl330_drop(RkdmaPl330 *s, PlThread *t);
/** rkdma_pl330_issue() - put on the bus what can be */
void rkdma_pl330_issue(RkdmaPl330 *s);
/** rkdma_pl330_bus_next() - what the bus has done next */
PlBusEvent rkdma_pl330_bus_next(RkdmaPl330 *s);
/** rkdma_pl330_bus_step() - let it happen; no access was queued or ended meanwhile */
void rkdma_pl330_bus_step(RkdmaPl330 *s, PlBusEvent next);
/** rkdma_pl330_read_code() - a cache line's read; false if the bus refuses it */
bool rkdma_pl330_read_code(RkdmaPl330 *s, uint32_t addr, uint8_t *to, uint32_t len);

/* rkdma-pl330-run.c */

/** rkdma_pl330_run() - the timer's work */
void rkdma_pl330_run(void *opaque);
/** rkdma_pl330_kick() - the guest or a line changes something: let the timer look */
void rkdma_pl330_kick(RkdmaPl330 *s);
/** rkdma_pl330_ps() - picoseconds of a time, none without the bus's time */
int64_t rkdma_pl330_ps(RkdmaPl330 *s, uint64_t ns);
/** rkdma_pl330_cycles() - picoseconds of clocks, none without the bus's time */
int64_t rkdma_pl330_cycles(RkdmaPl330 *s, uint64_t n, uint64_t hz);

#endif
