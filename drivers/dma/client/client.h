/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations of the dmaengine client tests: the client (one bound device), the run of
 * one test, its buffers and transfers, the FIFO behind the request lines, and the KTAP
 * report.
 */
#ifndef _DMA_CLIENT_H
#define _DMA_CLIENT_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/prandom.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* Requirements of a test. If one is missing the test is skipped. */
#define NEEDS_TX	BIT(0)	/* the channel "tx" */
#define NEEDS_RX	BIT(1)	/* the channel "rx" */
#define NEEDS_FIFO	BIT(2)	/* the FIFO behind tx and rx */
#define NEEDS_MEMCPY	BIT(3)	/* a channel that copies memory */
#define NEEDS_FAULT	BIT(4)	/* a bus error that the controller reports */
#define NEEDS_SMP	BIT(5)	/* a second CPU */
#define NEEDS_CYCLIC	BIT(6)	/* cyclic transfers */
#define NEEDS_INTERLEAVE BIT(7)	/* interleaved transfers */
#define NEEDS_REPEAT	BIT(8)	/* DMA_PREP_REPEAT and DMA_PREP_LOAD_EOT */
#define NEEDS_LOOP	(NEEDS_TX | NEEDS_RX | NEEDS_FIFO)

/**
 * struct ktap - the report of one client, for debugfs and the kernel log
 * @lock: protects the fields below; callbacks may report failures
 * @text: the report
 * @len: bytes of @text in use
 * @size: bytes allocated at @text
 * @number: number of the last result line
 * @passed: tests that passed
 * @failed: tests that failed
 * @skipped: tests that were skipped
 */
struct ktap {
	spinlock_t lock; /* protects all below */
	char *text;
	size_t len;
	size_t size;
	unsigned int number;
	unsigned int passed;
	unsigned int failed;
	unsigned int skipped;
};

/**
 * struct client - one bound device
 * @dev: the device
 * @node: entry in the list of clients
 * @dir: its folder in debugfs
 * @fifo: registers of the FIFO, NULL where there is none
 * @fifo_phys: bus address of the FIFO
 * @fault_phys: an address that the bus refuses
 * @fault_size: bytes refused from there on, 0 if there are none
 * @report: the report of the last run
 * @unbinding: the device is being unbound; a run ends after its current test
 * @sleeps: number of times that system sleep suspended the device
 * @issue_late: channel whose pending work is issued when the device is suspended
 */
struct client {
	struct device *dev;
	struct list_head node;
	struct dentry *dir;
	void __iomem *fifo;
	phys_addr_t fifo_phys;
	phys_addr_t fault_phys;
	size_t fault_size;
	struct ktap report;
	bool unbinding;
	unsigned int sleeps;
	struct dma_chan *issue_late;
};

/**
 * struct test_run - one test while it runs
 * @client: the client that runs it
 * @test: the test
 * @tx: channel to the FIFO, if the test needs it
 * @rx: channel from the FIFO, if the test needs it
 * @mem: channel that copies memory, if the test needs it
 * @fault_map: the refused address as the memcpy channel's device sees it
 * @bufs: buffers to free after the test
 * @blocks: plain memory to free after the test
 * @lock: protects @complaints
 * @complaints: failures reported; only the first few are printed
 * @failed: the test has failed
 * @skip: why the test was skipped, empty if it was not
 * @callbacks: number of callbacks so far; gives each its place in the order
 */
struct test_run {
	struct client *client;
	const struct test *test;
	struct dma_chan *tx;
	struct dma_chan *rx;
	struct dma_chan *mem;
	dma_addr_t fault_map;
	struct list_head bufs;
	struct list_head blocks;
	spinlock_t lock; /* protects complaints */
	unsigned int complaints;
	bool failed;
	char skip[96];
	atomic_t callbacks;
};

/**
 * struct test - one test
 * @name: short name, to run this test alone
 * @promise: what a client can rely on, as a sentence
 * @needs: NEEDS_* bits
 * @run: tests it; reports through EXPECT(), run_fail() and run_skip()
 */
struct test {
	const char *name;
	const char *promise;
	unsigned int needs;
	void (*run)(struct test_run *run);
};

/**
 * struct test_group - tests of one subject
 * @name: name of the group, to run it alone
 * @tests: the tests
 * @count: how many
 * @on_demand: run only by name, since the tests need action from outside
 */
struct test_group {
	const char *name;
	const struct test *tests;
	unsigned int count;
	bool on_demand;
};

extern const struct test_group data_group;
extern const struct test_group order_group;
extern const struct test_group residue_group;
extern const struct test_group terminate_group;
extern const struct test_group error_group;
extern const struct test_group poll_group;
extern const struct test_group reuse_group;
extern const struct test_group cyclic_group;
extern const struct test_group pause_group;
extern const struct test_group interleaved_group;
extern const struct test_group vector_group;
extern const struct test_group config_group;
extern const struct test_group channel_group;
extern const struct test_group input_group;
extern const struct test_group thread_group;
extern const struct test_group random_group;
extern const struct test_group sleep_group;
extern const struct test_group crowd_group;

/* main.c */
extern unsigned int timeout_ms;
extern unsigned int seed;

unsigned int repetitions(unsigned int full);
struct client *client_other(struct client *client, unsigned int nth);

/* ktap.c */
int ktap_init(struct ktap *k);
void ktap_free(struct ktap *k);
void ktap_start(struct ktap *k, const char *who, unsigned int planned);
void ktap_end(struct ktap *k);
void ktap_result(struct ktap *k, struct test_run *run, const char *group);
__printf(2, 3) void ktap_note(struct ktap *k, const char *fmt, ...);

/* run.c */
struct test_run *run_begin(struct client *client, const struct test *test);
void run_end(struct test_run *run);
bool run_take_line(struct test_run *run, const char *name,
		   struct dma_chan **held);
unsigned int run_list(char *text, size_t size);
int run_tests(struct client *client, const char *what);
__printf(2, 3) void run_fail(struct test_run *run, const char *fmt, ...);
__printf(2, 3) void run_skip(struct test_run *run, const char *fmt, ...);
void *run_alloc(struct test_run *run, size_t size);

/**
 * EXPECT() - report a failure unless a condition holds
 * @run: the running test
 * @cond: the condition
 * @fmt: the expected and the found value, a printf format with its arguments
 *
 * Return: the condition.
 */
#define EXPECT(run, cond, fmt, ...) ({					\
	bool __met = !!(cond);						\
	if (!__met)							\
		run_fail(run, fmt, ##__VA_ARGS__);			\
	__met;								\
})

/* buffers.c */

/**
 * struct buf - memory that a channel's device may access
 * @node: entry in the list of a run's buffers
 * @dev: the device that accesses it
 * @page: its first page
 * @virt: its address for the CPU
 * @dma: its address for the device
 * @size: its bytes
 */
struct buf {
	struct list_head node;
	struct device *dev;
	struct page *page;
	u8 *virt;
	dma_addr_t dma;
	size_t size;
};

/**
 * struct segs - a scatterlist over a buffer, and the places of its segments
 * @count: segments
 * @total: bytes of all
 * @sgl: the scatterlist, with its DMA addresses filled in
 * @buf: the buffer that the segments lie in
 * @seg: offset in the buffer and bytes, one per segment
 */
struct segs {
	unsigned int count;
	size_t total;
	struct scatterlist *sgl;
	struct buf *buf;
	struct {
		size_t off;
		size_t len;
	} *seg;
};

struct buf *buf_new(struct test_run *run, struct dma_chan *chan, size_t size);
void buf_free(struct buf *b);
void buf_guard(struct buf *b, size_t off, size_t len);
void buf_fill(struct buf *b, size_t off, size_t len, u32 seed);
void buf_invert(struct buf *b, size_t off, struct buf *from, size_t from_off,
		size_t len);
bool buf_guarded(struct test_run *run, struct buf *b, size_t off, size_t len);
bool buf_equal(struct test_run *run, struct buf *b, size_t off,
	       struct buf *from, size_t from_off, size_t len);
bool buf_counts(struct test_run *run, struct buf *b, size_t off, size_t len,
		u8 first);
bool buf_cycled(struct test_run *run, struct buf *b, size_t len, u32 count);
bool buf_copied(struct test_run *run, struct buf *dst, size_t dst_off,
		struct buf *src, size_t src_off, size_t len);
struct segs *segs_new(struct test_run *run, struct buf *b, unsigned int count);
void segs_set(struct segs *s, unsigned int i, size_t off, size_t len);
struct segs *segs_spread(struct test_run *run, struct buf *b,
			 unsigned int count, size_t len, size_t gap);
bool segs_equal(struct test_run *run, struct segs *dst, struct segs *src);
bool segs_count(struct test_run *run, struct segs *dst, size_t len, u8 first);
bool segs_guarded(struct test_run *run, struct segs *dst);

/* transfers.c */

/**
 * struct xfer - one transfer, its descriptor and its callback
 * @run: the running test
 * @chan: the channel
 * @desc: the descriptor, until it is submitted
 * @cookie: its cookie, after that
 * @len: bytes
 * @calls: number of its callbacks
 * @place: place of its callback in the order of all callbacks of the run
 * @result: result that the callback received
 * @done: completed by the callback
 * @hook: called by the callback, for a test that acts there; may be NULL
 * @data: for @hook
 */
struct xfer {
	struct test_run *run;
	struct dma_chan *chan;
	struct dma_async_tx_descriptor *desc;
	dma_cookie_t cookie;
	size_t len;
	atomic_t calls;
	int place;
	struct dmaengine_result result;
	struct completion done;
	void (*hook)(struct xfer *x);
	void *data;
};

struct xfer *xfer_new(struct test_run *run, unsigned int count);
void xfer_reset(struct xfer *x);
bool xfer_set_desc(struct xfer *x, struct dma_chan *chan, size_t len,
		   struct dma_async_tx_descriptor *desc, const char *what);
bool xfer_memcpy(struct xfer *x, struct buf *dst, size_t dst_off,
		 struct buf *src, size_t src_off, size_t len,
		 unsigned long flags);
bool xfer_raw_memcpy(struct xfer *x, dma_addr_t dst, dma_addr_t src,
		     size_t len, unsigned long flags);
bool xfer_slave(struct xfer *x, struct dma_chan *chan, struct segs *s,
		enum dma_transfer_direction dir, unsigned long flags);
bool xfer_cyclic(struct xfer *x, struct dma_chan *chan, struct buf *b,
		 size_t len, size_t period, enum dma_transfer_direction dir,
		 unsigned long flags);
bool xfer_interleaved(struct xfer *x, struct dma_chan *chan,
		      struct dma_interleaved_template *xt, size_t len,
		      unsigned long flags);
bool xfer_submit(struct xfer *x);
bool xfer_start(struct xfer *x);
bool xfer_wait_callback(struct xfer *x);
bool xfer_wait_calls(struct xfer *x, unsigned int calls);
bool xfer_wait(struct xfer *x);
bool xfer_wait_result(struct xfer *x, enum dmaengine_tx_result result,
		      size_t min_residue, size_t max_residue);
bool xfer_no_callback(struct xfer *x, unsigned int count, const char *when);
enum dma_status xfer_status(struct xfer *x, u32 *residue);
bool xfer_terminate(struct test_run *run, struct dma_chan *chan);
bool xfer_copy_works(struct test_run *run, const char *when);
const char *status_name(enum dma_status status);
const char *result_name(enum dmaengine_tx_result result);

/* fifo.c */

/**
 * enum fifo_mode - where the FIFO's bytes go to and come from
 * @FIFO_LOOP: what is written can be read
 * @FIFO_COUNT: what is written is dropped, 0, 1, 2 ... 255, 0 ... can be read
 */
enum fifo_mode {
	FIFO_LOOP,
	FIFO_COUNT,
};

#define FIFO_NEVER	U32_MAX

/**
 * struct fifo_setup - configuration of the FIFO
 * @mode: where bytes go to and come from
 * @width: bytes of an access, 4 if 0
 * @burst: accesses per request, 4 if 0
 * @expect: bytes that will be read, so that the FIFO requests the last short burst, too
 * @depth: bytes of each FIFO, 4096 if 0
 * @rate: bytes per second, 0 for as fast as possible
 * @tx_error: bytes after which a write is refused, 0 for never
 * @rx_error: bytes after which a read is refused, 0 for never
 */
struct fifo_setup {
	enum fifo_mode mode;
	unsigned int width;
	unsigned int burst;
	u32 expect;
	u32 depth;
	u32 rate;
	u32 tx_error;
	u32 rx_error;
};

bool fifo_start(struct test_run *run, const struct fifo_setup *setup);
void fifo_stop(struct client *client);
bool fifo_config(struct test_run *run, struct dma_chan *chan,
		 enum dma_transfer_direction dir, phys_addr_t addr,
		 unsigned int width, unsigned int burst);
phys_addr_t fifo_data(struct client *client);
u32 fifo_tx_bytes(struct client *client);
u32 fifo_rx_bytes(struct client *client);
void fifo_read(struct client *client, void *to, size_t len);
bool fifo_clean(struct test_run *run);
bool fifo_loop(struct test_run *run, struct segs *dst, struct segs *src,
	       unsigned int width, unsigned int burst);
bool fifo_loop_works(struct test_run *run, const char *when);

#endif
