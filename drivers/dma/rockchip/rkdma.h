/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between the core and its engines: the channel, the descriptor and
 * the engine's operations. The core (this folder, rkdma.ko) is the dmaengine side. An
 * engine (a sub-folder with its own module) is the hardware side. The functions at the
 * end are exported in the namespace RKDMA_NS.
 *
 * The core knows no register. An engine knows its registers and the format of its
 * programs, and nothing of scatterlists, cookies or callbacks. The interface is
 * struct rkdma_engine_ops and the list of segments in struct rkdma_desc.
 *
 * Locks, outermost first:
 *   rkdma.lock          a mutex: a channel's allocation, release and unbinding
 *   rkdma_chan.vc.lock  a channel and its part of the hardware; taken from
 *                       interrupt context
 * Where an engine has a lock for registers that channels share, it nests inside
 * vc.lock.
 */
#ifndef RKDMA_H
#define RKDMA_H

#include <linux/bits.h>
#include <linux/dmaengine.h>
#include <linux/interrupt.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#ifdef RKDMA_OWN_VIRT_DMA
/* Headers packages of distributions have no virt-dma.h. */
#include "vchan.h"
#else
#include "../virt-dma.h"
#endif

#define RKDMA_MAX_CHANS		64
/* Number of failed cookies that are kept for tx_status after their descriptors */
#define RKDMA_FAILED_COOKIES	8
/* All descriptors of at most this many segments are cached for the next prep. */
#define RKDMA_SMALL_SEGS	3
/* One longer descriptor is cached per channel, of at most this many segments. */
#define RKDMA_KEPT_SEGS		256

struct rkdma;
struct rkdma_chan;

/**
 * struct rkdma_seg - a run of contiguous bytes
 * @src: bus address of the first byte to read
 * @dst: bus address of the first byte to write
 * @len: bytes, 1 to &rkdma.max_seg
 *
 * The direction of the descriptor decides which of the two addresses increments.
 */
struct rkdma_seg {
	dma_addr_t src;
	dma_addr_t dst;
	u32 len;
};

/**
 * struct rkdma_attr - attributes of a transfer
 * @irq: the client asked for an interrupt (DMA_PREP_INTERRUPT)
 * @repeat: the transfer starts again at its end (cyclic, or DMA_PREP_REPEAT) until
 *	a successor with @load_eot is issued
 * @load_eot: the transfer replaces a repeating predecessor at the end of the
 *	predecessor's round (DMA_PREP_LOAD_EOT)
 * @period_cb: with @repeat, each period has its own callback. Otherwise the periods
 *	that ended since the last callback share one
 * @skip_dst: &rkdma_desc.skip of a memory copy applies to the destination
 * @uniform: all segments have the same length, are contiguous in memory, and each
 *	is a period; only the first is stored, since prep cannot sleep and may not
 *	get contiguous memory for a thousand
 */
struct rkdma_attr {
	bool irq;
	bool repeat;
	bool load_eot;
	bool period_cb;
	bool skip_dst;
	bool uniform;
};

/**
 * struct rkdma_desc - a transfer: its segments and the engine's program
 * @vd: virt-dma's part; its node is on one of virt-dma's lists, on
 *	&rkdma_chan.running or on &rkdma_chan.cached
 * @dir: direction
 * @width: bytes per access to the peripheral; 0 for a memory copy
 * @burst: accesses per request of the peripheral; 0 for a memory copy
 * @attr: its attributes
 * @owed: while it is on &rkdma_chan.ended: number of period callbacks that
 *	precede its last callback; protected by vc.lock
 * @chunk: after this many bytes, @skip bytes of memory are left out; 0 if none are.
 *	A segment is a whole number of chunks
 * @skip: bytes left out after each chunk
 * @period_segs: segments of a period if the transfer repeats
 * @program: the engine's, made by its prepare() and kept until its release()
 * @len: bytes in all segments
 * @nr_segs: segments in use
 * @max_segs: segments that the program has room for
 * @room: segments that @segs has room for: @max_segs, or fewer if they are uniform
 * @segs: the segments, see rkdma_seg_at()
 *
 * Only prep writes it, except @vd and @owed.
 */
struct rkdma_desc {
	struct virt_dma_desc vd;
	enum dma_transfer_direction dir;
	u32 width;
	u32 burst;
	struct rkdma_attr attr;
	u32 owed;
	u32 chunk;
	u32 skip;
	u32 period_segs;
	void *program;
	size_t len;
	unsigned int nr_segs;
	unsigned int max_segs;
	unsigned int room;
	struct rkdma_seg segs[];
};

/**
 * enum rkdma_state - state of a channel's hardware, as its engine reports it
 * @RKDMA_RUNS: it works on the position's segment, or is about to
 * @RKDMA_ENDED: it stopped at the end of its work
 * @RKDMA_READ_FAULT: it stopped at a bus error of a read
 * @RKDMA_WRITE_FAULT: it stopped at a bus error of a write
 */
enum rkdma_state {
	RKDMA_RUNS,
	RKDMA_ENDED,
	RKDMA_READ_FAULT,
	RKDMA_WRITE_FAULT,
};

/**
 * struct rkdma_pos - position of a channel's hardware
 * @state: see &enum rkdma_state
 * @desc: the first descriptor of &rkdma_chan.running that is not done; NULL if
 *	all are. After a fault, the descriptor that failed
 * @seg: index of the segment of @desc that is being worked on
 * @done: bytes of that segment that have been moved
 * @segs_done: if @desc repeats, number of segments done since the hardware was
 *	started with it or with a descriptor that it replaced, modulo 2^32
 */
struct rkdma_pos {
	enum rkdma_state state;
	struct rkdma_desc *desc;
	unsigned int seg;
	u32 done;
	u32 segs_done;
};

/**
 * struct rkdma_engine_ops - the operations of an engine
 * @alloc_chan: allocate what the hardware needs for a channel that a client
 *	requested. May sleep. Returns 0 or a negative errno
 * @free_chan: undo @alloc_chan; the channel is halted. May sleep
 * @prepare: make the program of a descriptor from its segments. Any context,
 *	no lock held, must not sleep. A cached descriptor has the program of its
 *	last use, with room for &rkdma_desc.max_segs segments, to be used again.
 *	Returns 0, or -ENOMEM with the descriptor unchanged
 * @release: free a descriptor's program, which the hardware does not use. Any
 *	context, vc.lock may be held
 * @issue: link new descriptors at the end of &rkdma_chan.running behind those that
 *	run, or start them. While halted they are linked and not started. vc.lock
 *	held
 * @poll: report the hardware's position, and acknowledge its interrupts.
 *	vc.lock held, any context
 * @halt: stop, such that the hardware touches no memory when this returns and
 *	its position is kept. vc.lock held. Returns 0, also if nothing runs, or
 *	-ETIMEDOUT if it did not stop
 * @resume: continue at the position of @halt with the descriptors that
 *	&rkdma_chan.running has now; if it is empty, become idle. vc.lock held
 * @throttle: switch the interrupts of ended periods off (true) or on. Periods
 *	that end while they are off are reported afterwards. The core may also call it
 *	with false while they are on, or while nothing repeats. May be NULL. vc.lock
 *	held
 */
struct rkdma_engine_ops {
	int (*alloc_chan)(struct rkdma_chan *c);
	void (*free_chan)(struct rkdma_chan *c);
	int (*prepare)(struct rkdma_chan *c, struct rkdma_desc *d);
	void (*release)(struct rkdma_chan *c, struct rkdma_desc *d);
	void (*issue)(struct rkdma_chan *c);
	void (*poll)(struct rkdma_chan *c, struct rkdma_pos *pos);
	int (*halt)(struct rkdma_chan *c);
	void (*resume)(struct rkdma_chan *c);
	void (*throttle)(struct rkdma_chan *c, bool on);
};

/**
 * struct rkdma_chan - a channel
 * @vc: virt-dma's part; its lock protects the rest
 * @rk: the controller
 * @ops: the engine's operations, a copy of &rkdma.ops
 * @id: number of the channel, which is that of its request line if it has one
 * @running: issued descriptors, oldest first, from issue until done
 * @cached: free descriptors with a program, for the next prep
 * @cached_long: the same for one descriptor of more than RKDMA_SMALL_SEGS segments,
 *	or NULL
 * @unsubmitted: descriptors that were prepared and not submitted at terminate_all;
 *	synchronize frees them, since a running callback may submit them until then
 * @live: descriptors that have a program and are not cached
 * @repeating: the repeating descriptor whose periods are counted, or NULL
 * @segs_seen: segments of @repeating that have been counted
 * @round: periods of its current round that have been counted
 * @periods: its periods that have ended and whose callback is still to be called
 * @ended: done descriptors whose callback waits for callbacks of periods. The first
 *	one is a repeating descriptor
 * @period_task: calls the callbacks of periods
 * @calling: a callback of @period_task runs
 * @cfg: the client's dmaengine_slave_config()
 * @allocated: the engine has allocated the channel; protected by rk->lock
 * @paused: the client paused the channel
 * @suspended: system sleep has halted the channel; only system resume resumes it
 * @open: the channel takes work: from its allocation until its release begins or
 *	the driver is unbound
 * @terminations: number of terminate_all calls
 * @synchronized: value of @terminations at the start of the last synchronize that
 *	has returned; if they differ, the next synchronize gives up what was
 *	submitted since
 * @draining: number of synchronize calls that wait for callbacks; work that is
 *	issued meanwhile is not started
 * @dead: the driver is unbound; there is no hardware any more
 * @failed: ring of the last cookies that failed; 0 where unused
 * @next_failed: number of descriptors that failed; modulo RKDMA_FAILED_COOKIES it is
 *	the slot in @failed for the next one
 * @stats: for debugfs: descriptors done, failed, and bytes moved
 * @stats.done: descriptors done without an error
 * @stats.failed: descriptors that failed
 * @stats.bytes: bytes of the descriptors in @stats.done
 */
struct rkdma_chan {
	struct virt_dma_chan vc;
	struct rkdma *rk;
	const struct rkdma_engine_ops *ops;
	unsigned int id;
	struct list_head running;
	struct list_head cached;
	struct rkdma_desc *cached_long;
	struct list_head unsubmitted;
	unsigned int live;
	struct rkdma_desc *repeating;
	u32 segs_seen;
	u32 round;
	u32 periods;
	struct list_head ended;
	struct tasklet_struct period_task;
	bool calling;
	struct dma_slave_config cfg;
	bool allocated;
	bool paused;
	bool suspended;
	bool open;
	unsigned int terminations;
	unsigned int synchronized;
	unsigned int draining;
	bool dead;
	dma_cookie_t failed[RKDMA_FAILED_COOKIES];
	unsigned int next_failed;
	struct {
		u64 done;
		u64 failed;
		u64 bytes;
	} stats;
};

/**
 * struct rkdma - a controller
 * @dev: the device; a reference is held until the last client is gone
 * @ops: the engine's operations
 * @nr_chans: channels of the hardware
 * @nr_lines: request lines: channel n is line n if n is less than this, and
 *	copies memory if not
 * @reserved: channels that dma-channel-mask leaves to others
 * @max_seg: longest segment in bytes; a multiple of every burst
 * @addr_mask: mask of addresses that the hardware can access
 * @widths: access widths for peripherals, BIT(bytes) each
 * @max_burst: accesses per request that the hardware can do
 * @max_chunk: longest &rkdma_desc.chunk, 0 if the hardware cannot skip
 * @max_skip: longest &rkdma_desc.skip
 * @directions: directions that it can do, BIT(enum dma_transfer_direction)
 * @kept_segs: number of segments up to which a descriptor of more than
 *	RKDMA_SMALL_SEGS is cached with its program: RKDMA_KEPT_SEGS, or 0 if the
 *	memory of programs is scarce
 * @can_memcpy: it copies memory
 * @slave: the dma_device of channels with a request line
 * @memcpy: the dma_device of channels without one
 * @has_slave: @slave is registered
 * @has_memcpy: @memcpy is registered
 * @lock: serializes a channel's allocation and release with unbinding
 * @ref: one for the bound driver, one per registered dma_device
 * @free_work: frees the controller, see rkdma_put()
 * @chan_mem: memory of the engine's channels, freed together with this
 * @chans: the channels by number, NULL where reserved
 *
 * An engine embeds it as the first member of its own structure, which
 * rkdma_alloc() allocates and which is the driver data of the device. The engine
 * sets the members up to @can_memcpy, adds its channels with rkdma_chan_init() and
 * calls rkdma_register().
 */
struct rkdma {
	struct device *dev;
	const struct rkdma_engine_ops *ops;
	unsigned int nr_chans;
	unsigned int nr_lines;
	DECLARE_BITMAP(reserved, RKDMA_MAX_CHANS);
	u32 max_seg;
	u64 addr_mask;
	u32 widths;
	u32 max_burst;
	u32 max_chunk;
	u32 max_skip;
	u32 directions;
	unsigned int kept_segs;
	bool can_memcpy;
	struct dma_device slave;
	struct dma_device memcpy;
	bool has_slave;
	bool has_memcpy;
	struct mutex lock;	/* allocation, release and unbinding of channels */
	struct kref ref;
	struct work_struct free_work;
	void *chan_mem;
	struct rkdma_chan *chans[RKDMA_MAX_CHANS];
};

/* For &rkdma.widths: each power of two up to the bus width, at most 16 bytes. */
static inline u32 rkdma_widths(u32 bus_width)
{
	return (BIT(1) | BIT(2) | BIT(4) | BIT(8) | BIT(16)) &
	       (BIT(min(bus_width, 16U) + 1) - 1);
}

static inline u32 rkdma_seg_len(const struct rkdma_desc *d, unsigned int i)
{
	return d->segs[d->attr.uniform ? 0 : i].len;
}

/* Segment @i, which is computed from the first one if they are uniform. */
static inline struct rkdma_seg rkdma_seg_at(const struct rkdma_desc *d,
					    unsigned int i)
{
	struct rkdma_seg seg = d->segs[d->attr.uniform ? 0 : i];
	dma_addr_t offset = d->attr.uniform ? (dma_addr_t)seg.len * i : 0;

	seg.src += d->dir == DMA_DEV_TO_MEM ? 0 : offset;
	seg.dst += d->dir == DMA_MEM_TO_DEV ? 0 : offset;
	return seg;
}

static inline struct rkdma_desc *rkdma_first_running(struct rkdma_chan *c)
{
	return list_first_entry_or_null(&c->running, struct rkdma_desc,
					vd.node);
}

/* core.c */
void *rkdma_alloc(struct device *dev, size_t size);
void rkdma_put(struct rkdma *rk);
int rkdma_read_dt(struct rkdma *rk);
void rkdma_chan_init(struct rkdma *rk, struct rkdma_chan *c, unsigned int id);
int rkdma_register(struct rkdma *rk);
void rkdma_unregister(struct rkdma *rk);
int rkdma_system_suspend(struct device *dev);
int rkdma_system_resume(struct device *dev);

/* chan.c */
void rkdma_chan_irq(struct rkdma_chan *c);

#endif
