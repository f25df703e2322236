// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of random sequences of calls. Each operation on a channel is checked against a
 * small model: a queue of descriptors that are prepared, submitted, issued and completed
 * in order, or given up by terminate.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "client.h"

#define SLOTS		48
#define SLOT		SZ_8K
#define HISTORY		24
#define OPERATIONS	10000

/**
 * enum state - expected state of a slot's descriptor
 * @FREE: the slot has no descriptor
 * @PREPARED: it has been prepared
 * @SUBMITTED: it has a cookie and must not run
 * @ISSUED: it may run, and its callback will come
 */
enum state {
	FREE,
	PREPARED,
	SUBMITTED,
	ISSUED,
};

/**
 * struct slot - one descriptor of the model
 * @x: the transfer
 * @state: expected state of its descriptor
 * @off: its first byte in the buffers
 * @len: its bytes
 * @bad: it reads an address that the bus refuses
 * @segs: its memory, for a transfer from the device
 * @residue: the least residue seen
 */
struct slot {
	struct xfer *x;
	enum state state;
	size_t off;
	size_t len;
	bool bad;
	struct segs *segs;
	u32 residue;
};

/**
 * struct op - one operation, for the report
 * @what: its name
 * @slot: the slot, or -1
 * @len: bytes, or 0
 */
struct op {
	const char *what;
	int slot;
	size_t len;
};

/**
 * struct model - expected state of the channel
 * @run: the running test
 * @chan: the channel
 * @src: where copies read
 * @dst: where transfers write
 * @slot: the descriptors
 * @queue: slots in the order of submit, oldest at @head
 * @head: counts slots that left the queue
 * @tail: counts slots that entered the queue
 * @paused: the channel is paused
 * @place: callbacks that must have come before the next one
 * @rnd: the random numbers
 * @last: the last operations
 * @ops: operations done
 */
struct model {
	struct test_run *run;
	struct dma_chan *chan;
	struct buf *src;
	struct buf *dst;
	struct slot slot[SLOTS];
	u8 queue[SLOTS];
	unsigned int head;
	unsigned int tail;
	bool paused;
	int place;
	struct rnd_state rnd;
	struct op last[HISTORY];
	unsigned int ops;
};

static u32 rnd(struct model *m, u32 below)
{
	return prandom_u32_state(&m->rnd) % below;
}

static void note(struct model *m, const char *what, int slot, size_t len)
{
	struct op *op = &m->last[m->ops++ % HISTORY];

	op->what = what;
	op->slot = slot;
	op->len = len;
}

static void report(struct model *m)
{
	struct ktap *k = &m->run->client->report;
	unsigned int i = m->ops > HISTORY ? m->ops - HISTORY : 0;
	struct op *op;

	ktap_note(k, "seed %u, operation %u; the last operations were:", seed,
		  m->ops);
	for (; i < m->ops; i++) {
		op = &m->last[i % HISTORY];
		if (op->slot < 0)
			ktap_note(k, "  %u: %s", i + 1, op->what);
		else
			ktap_note(k, "  %u: %s slot %d, %zu bytes", i + 1,
				  op->what, op->slot, op->len);
	}
}

static struct slot *oldest(struct model *m)
{
	return m->head == m->tail ? NULL :
	       &m->slot[m->queue[m->head % SLOTS]];
}

static int find(struct model *m, enum state state)
{
	int i, first = rnd(m, SLOTS);

	for (i = 0; i < SLOTS; i++)
		if (m->slot[(first + i) % SLOTS].state == state)
			return (first + i) % SLOTS;
	return -1;
}

static bool prepare_copy(struct model *m, struct slot *s)
{
	s->off = (s - m->slot) * SLOT + rnd(m, 64);
	s->len = rnd(m, 4) ? 1 + rnd(m, 256) : 1 + rnd(m, SLOT - 64);
	/* Some copies read the refused address, if there is one. */
	s->bad = m->run->fault_map && rnd(m, 16) == 0;
	s->len = s->bad ? min(s->len, m->run->client->fault_size) : s->len;
	buf_invert(m->dst, s->off, m->src, s->off, s->len);
	return xfer_raw_memcpy(s->x, m->dst->dma + s->off, s->bad ?
			       m->run->fault_map : m->src->dma + s->off,
			       s->len, rnd(m, 4) ? DMA_PREP_INTERRUPT : 0);
}

static bool prepare_read(struct model *m, struct slot *s)
{
	unsigned int i, count = 1 + rnd(m, 8);
	size_t off = (s - m->slot) * SLOT;

	s->off = off;
	s->len = 0;
	s->bad = false;
	s->segs->count = count;
	s->segs->total = 0;
	for (i = 0; i < count; i++) {
		s->segs->seg[i].len = 0;
		segs_set(s->segs, i, off, 4 * (1 + rnd(m, 128)));
		off += s->segs->seg[i].len;
	}
	s->len = s->segs->total;
	return xfer_slave(s->x, m->chan, s->segs, DMA_DEV_TO_MEM,
			  rnd(m, 4) ? DMA_PREP_INTERRUPT : 0);
}

static bool op_prepare(struct model *m)
{
	int i = find(m, FREE);
	struct slot *s;
	bool good;

	if (i < 0)
		return true;
	s = &m->slot[i];
	xfer_reset(s->x);
	good = s->segs ? prepare_read(m, s) : prepare_copy(m, s);
	note(m, s->bad ? "prepare a bad one in" : "prepare", i, s->len);
	s->state = PREPARED;
	return good;
}

static bool op_submit(struct model *m)
{
	int i = find(m, PREPARED);
	struct slot *s;

	if (i < 0)
		return op_prepare(m);
	s = &m->slot[i];
	note(m, "submit", i, s->len);
	s->state = SUBMITTED;
	s->residue = s->len;
	m->queue[m->tail++ % SLOTS] = i;
	return xfer_submit(s->x);
}

static bool op_issue(struct model *m)
{
	unsigned int i;

	note(m, "issue", -1, 0);
	for (i = m->head; i != m->tail; i++)
		m->slot[m->queue[i % SLOTS]].state = ISSUED;
	dma_async_issue_pending(m->chan);
	return true;
}

static bool op_pause(struct model *m)
{
	int ret = m->paused ? dmaengine_resume(m->chan) :
			      dmaengine_pause(m->chan);

	note(m, m->paused ? "resume" : "pause", -1, 0);
	m->paused = !m->paused;
	return EXPECT(m->run, !ret, "expected 0 from %s, got %d",
		      m->paused ? "pause" : "resume", ret);
}

/* Expect bytes that count up from the first one. */
static bool read_counts(struct model *m, struct slot *s)
{
	u8 first = m->dst->virt[s->off];

	return buf_counts(m->run, m->dst, s->off, s->len, first);
}

static bool finished(struct model *m, struct slot *s)
{
	struct xfer *x = s->x;

	if (!(s->bad ? xfer_wait_result(x, DMA_TRANS_READ_FAILED, s->len,
					s->len) : xfer_wait(x)))
		return false;
	if (!EXPECT(m->run, x->place == m->place + 1,
		    "expected the callback at place %d, got it at %d",
		    m->place + 1, x->place))
		return false;
	m->place++;
	m->head++;
	s->state = FREE;
	if (s->segs)
		return read_counts(m, s);
	return (s->bad || buf_equal(m->run, m->dst, s->off, m->src, s->off,
				    s->len)) &&
	       EXPECT(m->run, s->bad == (xfer_status(x, NULL) == DMA_ERROR) ||
		      m->head != m->tail,
		      "expected the last cookie to be %s, got %s",
		      s->bad ? "DMA_ERROR" : "DMA_COMPLETE",
		      status_name(xfer_status(x, NULL)));
}

/*
 * Wait for the oldest descriptor. Without DMA_PREP_INTERRUPT its callback comes only
 * after that of a later descriptor with it, or when its status is read.
 */
static bool op_wait(struct model *m)
{
	struct slot *s = oldest(m);
	unsigned int tries;

	if (!s || s->state != ISSUED)
		return op_issue(m);
	if (m->paused && !op_pause(m))
		return false;
	note(m, "wait for", s - m->slot, s->len);
	for (tries = 0; tries < timeout_ms && !completion_done(&s->x->done);
	     tries++) {
		xfer_status(s->x, NULL);
		usleep_range(100, 200);
	}
	return finished(m, s);
}

static bool op_status(struct model *m)
{
	int i = find(m, rnd(m, 2) ? ISSUED : SUBMITTED);
	enum dma_status status;
	bool called;
	struct slot *s;
	u32 residue;

	if (i < 0)
		return op_prepare(m);
	s = &m->slot[i];
	note(m, "status of", i, s->len);
	called = completion_done(&s->x->done);
	status = xfer_status(s->x, &residue);
	if (!EXPECT(m->run, s->state == ISSUED || status == DMA_IN_PROGRESS,
		    "expected DMA_IN_PROGRESS before issue, got %s",
		    status_name(status)) ||
	    !EXPECT(m->run, !called || (status != DMA_IN_PROGRESS &&
					status != DMA_PAUSED),
		    "expected DMA_COMPLETE or DMA_ERROR after the callback, got %s",
		    status_name(status)) ||
	    !EXPECT(m->run, s->state != ISSUED ||
		    status != (m->paused ? DMA_IN_PROGRESS : DMA_PAUSED),
		    "expected another status %s, got %s",
		    m->paused ? "in a pause" : "after resume",
		    status_name(status)))
		return false;
	if (status != DMA_IN_PROGRESS && status != DMA_PAUSED)
		return true;
	if (!EXPECT(m->run, residue <= s->residue,
		    "expected a residue of at most %u, got %u", s->residue,
		    residue))
		return false;
	s->residue = residue;
	return true;
}

/* Terminate gives up all that is left; what completed before must be right. */
static bool op_terminate(struct model *m)
{
	bool async = rnd(m, 2);
	struct slot *s;
	int i, calls;

	note(m, async ? "terminate_async" : "terminate_sync", -1, 0);
	if (async) {
		dmaengine_terminate_async(m->chan);
		dmaengine_synchronize(m->chan);
	} else if (!xfer_terminate(m->run, m->chan)) {
		return false;
	}
	while ((s = oldest(m)) && s->state == ISSUED &&
	       completion_done(&s->x->done))
		if (!finished(m, s))
			return false;
	calls = atomic_read(&m->run->callbacks);
	for (i = 0; i < SLOTS; i++) {
		s = &m->slot[i];
		if (s->state != FREE &&
		    !EXPECT(m->run, !atomic_read(&s->x->calls),
			    "expected no callback of slot %d in state %d", i,
			    s->state))
			return false;
		s->state = FREE;
	}
	m->head = m->tail;
	m->paused = false;
	if (rnd(m, 4) == 0)
		usleep_range(100, 500);
	return EXPECT(m->run, calls == atomic_read(&m->run->callbacks) &&
		      calls == m->place,
		      "expected %d callbacks after terminate, got %d",
		      m->place, atomic_read(&m->run->callbacks));
}

/* Run a cyclic transfer alone on the channel, and terminate it. */
static bool op_cyclic(struct model *m)
{
	struct slot *s = &m->slot[0];
	size_t period = SZ_512 * (1 + rnd(m, 4));
	unsigned int calls;

	if (!s->segs || !dma_has_cap(DMA_CYCLIC, m->chan->device->cap_mask))
		return true;
	if (!op_terminate(m))
		return false;
	note(m, "cyclic transfer in", 0, period * 4);
	xfer_reset(s->x);
	if (!xfer_cyclic(s->x, m->chan, m->dst, period * 4, period,
			 DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT) ||
	    !xfer_start(s->x))
		return false;
	usleep_range(20, 200);
	if (rnd(m, 2))
		dmaengine_pause(m->chan);
	if (!xfer_terminate(m->run, m->chan))
		return false;
	calls = atomic_read(&s->x->calls);
	m->place = atomic_read(&m->run->callbacks);
	if (rnd(m, 4) == 0)
		usleep_range(100, 200);
	xfer_reset(s->x);
	return EXPECT(m->run, m->place == atomic_read(&m->run->callbacks),
		      "expected %u callbacks of a cyclic transfer, got more",
		      calls);
}

static bool op_refused(struct model *m)
{
	note(m, "prepare 0 bytes", -1, 0);
	if (m->slot[0].segs)
		return EXPECT(m->run,
			      !dmaengine_prep_slave_sg(m->chan, NULL, 0,
						       DMA_DEV_TO_MEM, 0),
			      "expected NULL for an empty list");
	return EXPECT(m->run,
		      !dmaengine_prep_dma_memcpy(m->chan, m->dst->dma,
						 m->src->dma, 0, 0),
		      "expected NULL for a copy of 0 bytes");
}

static bool step(struct model *m)
{
	u32 dice = rnd(m, 100);

	if (dice < 30)
		return op_prepare(m);
	if (dice < 60)
		return op_submit(m);
	if (dice < 72)
		return op_issue(m);
	if (dice < 86)
		return op_wait(m);
	if (dice < 95)
		return op_status(m);
	if (dice < 96)
		return op_refused(m);
	if (dice < 98)
		return op_pause(m);
	if (dice < 99)
		return op_cyclic(m);
	return op_terminate(m);
}

static bool all_end(struct model *m)
{
	if (!op_issue(m))
		return false;
	while (oldest(m))
		if (!op_wait(m))
			return false;
	return true;
}

static void random_run(struct model *m)
{
	struct test_run *run = m->run;
	struct xfer *x = xfer_new(run, SLOTS);
	unsigned int i;

	for (i = 0; x && i < SLOTS; i++) {
		m->slot[i].x = &x[i];
		if (run->rx) {
			m->slot[i].segs = segs_new(run, m->dst, 8);
			if (!m->slot[i].segs)
				return;
		}
	}
	if (!x)
		return;
	prandom_seed_state(&m->rnd, seed);
	while (m->ops < repetitions(OPERATIONS))
		if (!step(m)) {
			report(m);
			return;
		}
	if (!all_end(m))
		report(m);
}

static struct model *model_new(struct test_run *run, struct dma_chan *chan)
{
	struct model *m = run_alloc(run, sizeof(*m));

	if (!m)
		return NULL;
	m->run = run;
	m->chan = chan;
	m->src = buf_new(run, chan, SLOTS * SLOT);
	m->dst = buf_new(run, chan, SLOTS * SLOT);
	if (!m->src || !m->dst)
		return NULL;
	buf_fill(m->src, 0, m->src->size, seed);
	return m;
}

static void random_memcpy(struct test_run *run)
{
	struct model *m = model_new(run, run->mem);

	if (m)
		random_run(m);
}

static void random_slave(struct test_run *run)
{
	/* Slow enough for the CPU to do more than handle periods. */
	struct fifo_setup setup = { .mode = FIFO_COUNT, .rate = 16 * SZ_1M };
	struct model *m = model_new(run, run->rx);

	if (m && fifo_start(run, &setup))
		random_run(m);
}

static const struct test tests[] = {
	{ "memcpy", "random operations on a memcpy channel do what dmaengine specifies",
	  NEEDS_MEMCPY, random_memcpy },
	{ "slave", "random operations on a request line do what dmaengine specifies",
	  NEEDS_RX | NEEDS_FIFO, random_slave },
};

const struct test_group random_group = { "random", tests, ARRAY_SIZE(tests) };
