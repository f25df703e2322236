// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of terminate: when terminate_sync returns, no callback runs or will run, no
 * memory is accessed, and the channel can be used again. Work that is issued after
 * terminate_async, or before a synchronize alone, is kept.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sizes.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include "client.h"

#define TRIES		10
#define CHAINS		256
#define SPIN_NS		(20 * NSEC_PER_MSEC)

/**
 * struct slow_call - a callback that runs for SPIN_NS
 * @x: its transfer
 * @cpu: CPU that it ran on
 * @started: it has started
 * @ended: it has ended; its last store
 * @ended_before: it had ended before terminate_sync was called
 * @ok: terminate_sync returned 0, after the end of the callback
 */
struct slow_call {
	struct xfer *x;
	int cpu;
	bool started;
	bool ended;
	bool ended_before;
	bool ok;
};

static void spin_for(u64 ns)
{
	u64 end = ktime_get_ns() + ns;

	while (ktime_get_ns() < end)
		cpu_relax();
}

static void slow_hook(struct xfer *x)
{
	struct slow_call *call = x->data;

	call->cpu = raw_smp_processor_id();
	WRITE_ONCE(call->started, true);
	spin_for(SPIN_NS);
	WRITE_ONCE(call->ended, true);
}

/* Runs on another CPU than the callback, which occupies its own. */
static long terminate_during_call(void *data)
{
	struct slow_call *call = data;
	u64 end = ktime_get_ns() + timeout_ms * (u64)NSEC_PER_MSEC;

	dma_async_issue_pending(call->x->chan);
	while (!READ_ONCE(call->started) && ktime_get_ns() < end)
		cpu_relax();
	call->ended_before = READ_ONCE(call->ended);
	call->ok = xfer_terminate(call->x->run, call->x->chan);
	if (call->ok && !READ_ONCE(call->ended)) {
		run_fail(call->x->run,
			 "expected no callback running after terminate_sync, got one");
		call->ok = false;
	}
	return 0;
}

static int other_cpu(int cpu)
{
	int other = cpumask_next(cpu, cpu_online_mask);

	return other < nr_cpu_ids ? other : cpumask_first(cpu_online_mask);
}

static bool terminate_once(struct test_run *run, struct xfer *x, struct buf *b,
			   struct slow_call *call)
{
	int cpu = other_cpu(call->cpu);

	xfer_reset(x);
	call->started = false;
	call->ended = false;
	x->hook = slow_hook;
	x->data = call;
	call->x = x;
	if (!xfer_memcpy(x, b, SZ_4K, b, 0, SZ_4K, DMA_PREP_INTERRUPT) ||
	    !xfer_submit(x))
		return false;
	work_on_cpu(cpu, terminate_during_call, call);
	return call->ok &&
	       EXPECT(run, call->started,
		      "expected the callback to run, it did not");
}

static void running_callback(struct test_run *run)
{
	struct slow_call *call = run_alloc(run, sizeof(*call));
	struct buf *b = buf_new(run, run->mem, SZ_8K);
	struct xfer *x = xfer_new(run, 1);
	unsigned int i, overlapped = 0;

	if (!call || !b || !x)
		return;
	for (i = 0; i < 3 * TRIES && overlapped < TRIES; i++) {
		if (!terminate_once(run, x, b, call))
			return;
		overlapped += !call->ended_before;
	}
	EXPECT(run, overlapped == TRIES,
	       "expected %u terminate_sync calls while a callback ran, got %u",
	       TRIES, overlapped);
}

static void with_queue(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct buf *dst = buf_new(run, run->rx, SZ_64K);
	const unsigned int count = 32;
	struct xfer *x = xfer_new(run, count);
	unsigned int i, called;
	struct segs *s;

	if (!dst || !x || !fifo_start(run, &setup))
		return;
	/* 4 KiB take 4 ms: some are done, one runs, most wait, two unissued. */
	s = segs_spread(run, dst, 1, SZ_4K, 64);
	for (i = 0; i < count; i++) {
		if (!s || !xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM,
				      DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&x[i]))
			return;
		if (i == count - 3)
			dma_async_issue_pending(run->rx);
	}
	if (!xfer_wait_callback(&x[0]))
		return;
	usleep_range(10000, 11000);
	if (!xfer_terminate(run, run->rx))
		return;
	called = atomic_read(&run->callbacks);
	EXPECT(run, called < count,
	       "expected terminate_sync with work queued, all %u were done",
	       called);
	msleep(50);
	EXPECT(run, atomic_read(&run->callbacks) == called,
	       "expected no callback after terminate_sync, got %d",
	       atomic_read(&run->callbacks) - called);
}

static void from_idle(struct test_run *run)
{
	unsigned int i;

	for (i = 0; i < TRIES; i++)
		if (!xfer_terminate(run, run->mem))
			return;
	if (!xfer_copy_works(run, "after terminate_sync from idle"))
		return;
	for (i = 0; i < TRIES; i++)
		if (!xfer_terminate(run, run->mem))
			return;
	xfer_copy_works(run, "after terminate_sync called repeatedly");
}

static void unissued(struct test_run *run)
{
	struct buf *b = buf_new(run, run->mem, SZ_8K);
	struct xfer *x = xfer_new(run, 1);

	if (!b || !x ||
	    !xfer_memcpy(x, b, SZ_4K, b, 0, SZ_4K, DMA_PREP_INTERRUPT) ||
	    !xfer_submit(x) || !xfer_terminate(run, run->mem))
		return;
	/* The next issue_pending must not start terminated work. */
	dma_async_issue_pending(run->mem);
	if (xfer_no_callback(x, 1, "of a terminated transfer"))
		xfer_copy_works(run, "after work not yet issued was terminated");
}

static void memory_untouched(struct test_run *run)
{
	struct buf *src = buf_new(run, run->mem, SZ_4M);
	struct buf *dst = buf_new(run, run->mem, SZ_4M);
	struct xfer *x = xfer_new(run, TRIES * 4);
	unsigned int i, j;

	if (!src || !dst || !x)
		return;
	buf_fill(src, 0, src->size, seed);
	for (i = 0; i < TRIES; i++) {
		for (j = 0; j < 4; j++)
			if (!xfer_memcpy(&x[4 * i + j], dst, 0, src, 0, SZ_4M,
					 DMA_PREP_INTERRUPT) ||
			    !xfer_submit(&x[4 * i + j]))
				return;
		dma_async_issue_pending(run->mem);
		udelay(10 << i);
		if (!xfer_terminate(run, run->mem))
			return;
		buf_guard(dst, 0, dst->size);
		usleep_range(10000, 11000);
		if (!buf_guarded(run, dst, 0, dst->size)) {
			run_fail(run, "that byte was written after terminate_sync");
			return;
		}
	}
}

static void device_untouched(struct test_run *run)
{
	/* 375 ms for 48 KiB: a late wake-up still comes in mid-transfer. */
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_128K };
	struct buf *from = buf_new(run, run->tx, SZ_64K);
	struct buf *to = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 2);
	struct segs *src, *dst;
	u32 sent, got;

	if (!from || !to || !x || !fifo_start(run, &setup))
		return;
	src = segs_spread(run, from, 3, SZ_16K, 0);
	dst = segs_spread(run, to, 3, SZ_16K, 0);
	if (!src || !dst ||
	    !xfer_slave(&x[0], run->rx, dst, DMA_DEV_TO_MEM, 0) ||
	    !xfer_slave(&x[1], run->tx, src, DMA_MEM_TO_DEV, 0) ||
	    !xfer_start(&x[0]) || !xfer_start(&x[1]))
		return;
	usleep_range(10000, 11000);
	if (!xfer_terminate(run, run->tx) || !xfer_terminate(run, run->rx))
		return;
	buf_guard(to, 0, to->size);
	sent = fifo_tx_bytes(run->client);
	got = fifo_rx_bytes(run->client);
	msleep(20);
	EXPECT(run, sent == fifo_tx_bytes(run->client) &&
	       got == fifo_rx_bytes(run->client),
	       "expected no access of the device after terminate_sync, got %u written, %u read",
	       fifo_tx_bytes(run->client) - sent,
	       fifo_rx_bytes(run->client) - got);
	EXPECT(run, sent > 0 && sent < src->total && got > 0 &&
	       got < dst->total,
	       "expected terminate_sync in mid-transfer, got %u of %zu written, %u of %zu read",
	       sent, src->total, got, dst->total);
	if (buf_guarded(run, to, 0, to->size))
		fifo_loop_works(run, "after terminate_sync in mid-transfer");
}

static void used_again(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_4M };
	struct buf *dst = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 2 * TRIES);
	unsigned int i;
	struct segs *s;

	s = dst ? segs_spread(run, dst, 2, SZ_4K, 64) : NULL;
	for (i = 0; s && x && i < 2 * TRIES; i += 2) {
		setup.rate = SZ_4M;
		if (!fifo_start(run, &setup) ||
		    !xfer_slave(&x[i], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) || !xfer_start(&x[i]))
			return;
		udelay(100 * i);
		if (!xfer_terminate(run, run->rx))
			return;
		buf_guard(dst, 0, dst->size);
		setup.rate = 0;
		if (!fifo_start(run, &setup) ||
		    !xfer_slave(&x[i + 1], run->rx, s, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) ||
		    !xfer_start(&x[i + 1]) || !xfer_wait(&x[i + 1]) ||
		    !segs_count(run, s, s->total, 0))
			return;
	}
}

static void async_hook(struct xfer *x)
{
	int ret = dmaengine_terminate_async(x->chan);

	EXPECT(x->run, !ret, "expected 0 from terminate_async, got %d", ret);
}

static void async_in_callback(struct test_run *run)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_64K };
	struct buf *dst = buf_new(run, run->rx, SZ_64K);
	const unsigned int count = 8;
	struct xfer *x = xfer_new(run, count);
	struct segs *first, *s;
	unsigned int i;

	if (!dst || !x || !fifo_start(run, &setup))
		return;
	/* Each transfer after the first takes 250 ms, more than until the first's callback. */
	first = segs_spread(run, dst, 1, 64, 64);
	s = segs_spread(run, dst, 1, SZ_16K, 64);
	for (i = 0; i < count; i++)
		if (!s || !first ||
		    !xfer_slave(&x[i], run->rx, i ? s : first, DMA_DEV_TO_MEM,
				DMA_PREP_INTERRUPT) ||
		    !xfer_submit(&x[i]))
			return;
	x[0].hook = async_hook;
	dma_async_issue_pending(run->rx);
	if (!xfer_wait(&x[0]))
		return;
	dmaengine_synchronize(run->rx);
	if (xfer_no_callback(&x[1], count - 1, "after terminate_async"))
		EXPECT(run, xfer_terminate(run, run->rx),
		       "expected terminate_sync after terminate_async to work");
}

static void async_then_sync(struct test_run *run)
{
	struct buf *b = buf_new(run, run->mem, SZ_4M);
	struct xfer *x = xfer_new(run, 4);
	unsigned int i;
	int ret;

	for (i = 0; b && x && i < 4; i++)
		if (!xfer_memcpy(&x[i], b, SZ_2M, b, 0, SZ_2M,
				 DMA_PREP_INTERRUPT) || !xfer_submit(&x[i]))
			return;
	if (!b || !x)
		return;
	dma_async_issue_pending(run->mem);
	ret = dmaengine_terminate_async(run->mem);
	EXPECT(run, !ret, "expected 0 from terminate_async, got %d", ret);
	dmaengine_synchronize(run->mem);
	i = atomic_read(&run->callbacks);
	buf_guard(b, SZ_2M, SZ_2M);
	msleep(20);
	EXPECT(run, atomic_read(&run->callbacks) == i,
	       "expected no callback after synchronize, got %d",
	       atomic_read(&run->callbacks) - i);
	if (buf_guarded(run, b, SZ_2M, SZ_2M))
		xfer_copy_works(run, "after terminate_async and synchronize");
}

/* Start a transfer that is still running when the next call follows. */
static bool slow_start(struct test_run *run, struct xfer *x, struct buf *b)
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	struct segs *s = segs_spread(run, b, 1, SZ_32K, 64);

	return s && fifo_start(run, &setup) &&
	       xfer_slave(x, run->rx, s, DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) &&
	       xfer_start(x);
}

static void issue_after_async(struct test_run *run)
{
	struct buf *b = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 2);
	int ret;

	if (!b || !x || !slow_start(run, &x[0], b))
		return;
	ret = dmaengine_terminate_async(run->rx);
	if (EXPECT(run, !ret, "expected 0 from terminate_async, got %d", ret) &&
	    slow_start(run, &x[1], b) && xfer_wait(&x[1]))
		xfer_no_callback(&x[0], 1, "of a terminated transfer");
}

static void synchronize_alone(struct test_run *run)
{
	struct buf *b = buf_new(run, run->rx, SZ_64K);
	struct xfer *x = xfer_new(run, 2);

	if (!b || !x || !slow_start(run, &x[0], b) ||
	    !xfer_terminate(run, run->rx) || !slow_start(run, &x[1], b))
		return;
	dmaengine_synchronize(run->rx);
	xfer_wait(&x[1]);
}

/**
 * struct chain - transfers whose callbacks each start the next one
 * @run: the running test
 * @segs: memory that each is written to
 * @cpu: CPU that callbacks ran on
 * @links: callbacks so far
 */
struct chain {
	struct test_run *run;
	struct segs *segs;
	int cpu;
	unsigned int links;
};

static void chain_callback(void *data);

/* Start the next transfer. Prep returns NULL once the channel is being released. */
static bool chain_start(struct chain *chain)
{
	struct dma_chan *chan = chain->run->rx;
	struct dma_async_tx_descriptor *desc;

	desc = dmaengine_prep_slave_sg(chan, chain->segs->sgl,
				       chain->segs->count, DMA_DEV_TO_MEM,
				       DMA_PREP_INTERRUPT);
	if (!desc)
		return false;
	desc->callback = chain_callback;
	desc->callback_param = chain;
	dmaengine_submit(desc);
	dma_async_issue_pending(chan);
	return true;
}

static void chain_callback(void *data)
{
	struct chain *chain = data;

	/* Long enough for the end to overlap with a callback. */
	spin_for(50 * NSEC_PER_USEC);
	WRITE_ONCE(chain->cpu, raw_smp_processor_id());
	WRITE_ONCE(chain->links, chain->links + 1);
	chain_start(chain);
}

/* The ends of a chain. They run on another CPU than its callbacks, if there is one. */
static long terminate_chain(void *data)
{
	struct chain *chain = data;

	xfer_terminate(chain->run, chain->run->rx);
	return 0;
}

static long release_chain(void *data)
{
	struct chain *chain = data;

	dmaengine_terminate_async(chain->run->rx);
	dma_release_channel(chain->run->rx);
	chain->run->rx = NULL;
	return 0;
}

/* Start a chain and stop it by @end: then no callback comes, no memory is written. */
static bool chain_ends(struct chain *chain, long (*end)(void *data))
{
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = SZ_1M };
	u64 limit = ktime_get_ns() + timeout_ms * (u64)NSEC_PER_MSEC;
	struct buf *b = chain->segs->buf;
	struct test_run *run = chain->run;
	unsigned int links;

	chain->links = 0;
	if (!fifo_start(run, &setup) ||
	    !EXPECT(run, chain_start(chain), "expected a descriptor, got NULL"))
		return false;
	while (READ_ONCE(chain->links) < 3 && ktime_get_ns() < limit)
		usleep_range(50, 100);
	work_on_cpu(other_cpu(READ_ONCE(chain->cpu)), end, chain);

	links = READ_ONCE(chain->links);
	buf_guard(b, 0, b->size);
	usleep_range(300, 400);
	return EXPECT(run, links >= 3, "expected 3 callbacks, got %u", links) &&
	       EXPECT(run, READ_ONCE(chain->links) == links,
		      "expected no callback after the end, got %u",
		      chain->links - links) &&
	       buf_guarded(run, b, 0, b->size);
}

/*
 * Transfers of 4 to 256 us, some of which end just as the channel is stopped. With
 * PREEMPT_RT interrupts and callbacks run in threads of high priority. There each
 * transfer takes longer than its callback, so that a single CPU has time for the test.
 */
static struct chain *chain_new(struct test_run *run, unsigned int i)
{
	const unsigned int least = IS_ENABLED(CONFIG_PREEMPT_RT) ? 256 : 4;
	struct chain *chain = run_alloc(run, sizeof(*chain));
	struct buf *dst = buf_new(run, run->rx, SZ_1K);

	if (!dst || !chain)
		return NULL;
	chain->run = run;
	chain->segs = segs_spread(run, dst, 1, least + 4 * (i % 64), 64);
	return chain->segs ? chain : NULL;
}

static void chains(struct test_run *run, long (*end)(void *data),
		   const char *when)
{
	struct chain *chain;
	unsigned int i;

	for (i = 0; i < repetitions(CHAINS); i++) {
		chain = chain_new(run, i);
		if (!chain || !chain_ends(chain, end) ||
		    (!run->rx && !run_take_line(run, "rx", &run->rx)))
			return;
	}
	fifo_loop_works(run, when);
}

static void chain_terminated(struct test_run *run)
{
	chains(run, terminate_chain,
	       "after terminate_sync with callbacks that start transfers");
}

static void chain_released(struct test_run *run)
{
	chains(run, release_chain, "after its line was released while in use");
}

static const struct test tests[] = {
	{ "running-callback", "no callback runs on another CPU after terminate_sync, 10 of 10",
	  NEEDS_MEMCPY | NEEDS_SMP, running_callback },
	{ "with-queue", "no callback comes after terminate_sync with work queued",
	  NEEDS_RX | NEEDS_FIFO, with_queue },
	{ "from-idle", "terminate_sync of an idle channel succeeds, also repeatedly",
	  NEEDS_MEMCPY, from_idle },
	{ "unissued", "terminate_sync gives up work that was submitted and not issued",
	  NEEDS_MEMCPY, unissued },
	{ "memory-untouched", "no memory is written after terminate_sync returns",
	  NEEDS_MEMCPY, memory_untouched },
	{ "device-untouched", "the device is not accessed after terminate_sync returns",
	  NEEDS_LOOP, device_untouched },
	{ "used-again", "a channel works as before after terminate_sync",
	  NEEDS_RX | NEEDS_FIFO, used_again },
	{ "async-in-callback", "a callback may call terminate_async, and no other callback follows",
	  NEEDS_RX | NEEDS_FIFO, async_in_callback },
	{ "async-then-sync", "no callback and no write follows terminate_async and synchronize",
	  NEEDS_MEMCPY, async_then_sync },
	{ "issue-after-async", "work that is issued after terminate_async is executed",
	  NEEDS_RX | NEEDS_FIFO, issue_after_async },
	{ "synchronize-alone", "synchronize without a terminate before it gives up nothing",
	  NEEDS_RX | NEEDS_FIFO, synchronize_alone },
	{ "callback-issues", "terminate_sync also stops transfers that callbacks start meanwhile",
	  NEEDS_LOOP, chain_terminated },
	{ "release-busy", "a channel can be released while its callbacks start new transfers",
	  NEEDS_LOOP, chain_released },
};

const struct test_group terminate_group = {
	"terminate", tests, ARRAY_SIZE(tests)
};
