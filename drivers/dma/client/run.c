// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs tests. Each test gets its own channels. After the test they are terminated and
 * released before its memory is freed, so that a failure does not affect the next test.
 */
#include <linux/cpumask.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include "client.h"

/* Failures of a test that are reported; more would flood the report. */
#define COMPLAINTS	8

static const struct test_group * const groups[] = {
	&data_group,
	&order_group,
	&residue_group,
	&terminate_group,
	&error_group,
	&poll_group,
	&reuse_group,
	&cyclic_group,
	&pause_group,
	&interleaved_group,
	&vector_group,
	&config_group,
	&channel_group,
	&input_group,
	&thread_group,
	&random_group,
	&sleep_group,
	&crowd_group,
};

/**
 * struct block - memory that is freed after a test
 * @node: entry in the list of a run's blocks
 * @data: the memory that the test uses
 */
struct block {
	struct list_head node;
	u8 data[] __aligned(8);
};

/**
 * run_fail() - report that the running test has failed
 * @run: the running test
 * @fmt: the expected and the found value, a printf format with its arguments
 *
 * Context: any.
 */
void run_fail(struct test_run *run, const char *fmt, ...)
{
	unsigned long flags;
	unsigned int nth;
	char line[224];
	va_list args;

	spin_lock_irqsave(&run->lock, flags);
	run->failed = true;
	nth = ++run->complaints;
	spin_unlock_irqrestore(&run->lock, flags);
	if (nth > COMPLAINTS)
		return;

	va_start(args, fmt);
	vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	ktap_note(&run->client->report, "%s: %s", run->test->name, line);
	if (nth == COMPLAINTS)
		ktap_note(&run->client->report, "%s: (no more is shown)",
			  run->test->name);
}

/**
 * run_skip() - say why the running test cannot be tried here
 * @run: the running test
 * @fmt: the reason, a printf format with its arguments
 */
void run_skip(struct test_run *run, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(run->skip, sizeof(run->skip), fmt, args);
	va_end(args);
}

/**
 * run_alloc() - get zeroed memory that is freed after the test
 * @run: the running test
 * @size: bytes
 *
 * Context: may sleep.
 * Return: the memory, or NULL after a failure has been reported.
 */
void *run_alloc(struct test_run *run, size_t size)
{
	struct block *block = kvzalloc(sizeof(*block) + size, GFP_KERNEL);

	if (!block) {
		run_fail(run, "expected %zu bytes of memory, got none", size);
		return NULL;
	}
	list_add(&block->node, &run->blocks);
	return block->data;
}

static bool get_slave(struct test_run *run, const char *name,
		      struct dma_chan **chan)
{
	struct dma_chan *c = dma_request_chan(run->client->dev, name);

	if (IS_ERR(c)) {
		run_skip(run, "no channel \"%s\" (error %ld)", name,
			 PTR_ERR(c));
		return false;
	}
	*chan = c;
	return true;
}

/**
 * run_take_line() - get a request line's channel again after a test released it
 * @run: the running test
 * @name: name of the line
 * @held: where the test holds it; set to NULL if it does not come
 *
 * Context: may sleep.
 * Return: whether it came; if not, that has been reported.
 */
bool run_take_line(struct test_run *run, const char *name,
		   struct dma_chan **held)
{
	struct dma_chan *chan = dma_request_chan(run->client->dev, name);

	*held = IS_ERR(chan) ? NULL : chan;
	return EXPECT(run, *held, "expected the released line back, got %ld",
		      PTR_ERR(chan));
}

/* Request a memcpy channel, of the controller that serves tx if it has one. */
static bool get_memcpy(struct test_run *run)
{
	struct dma_chan *tx, *chan = NULL;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	tx = run->tx ?: dma_request_chan(run->client->dev, "tx");
	if (!IS_ERR(tx)) {
		chan = __dma_request_channel(&mask, NULL, NULL,
					     tx->device->dev->of_node);
		if (!run->tx)
			dma_release_channel(tx);
	}
	if (!chan)
		chan = dma_request_chan_by_mask(&mask);
	if (IS_ERR(chan)) {
		run_skip(run, "no channel that copies memory (error %ld)",
			 PTR_ERR(chan));
		return false;
	}
	run->mem = chan;
	return true;
}

/* Skip the test if the device of its channel lacks a capability. */
static void check_cap(struct test_run *run, enum dma_transaction_type cap,
		      const char *what)
{
	struct dma_chan *chan = run->mem ?: run->rx ?: run->tx;

	if (chan && !dma_has_cap(cap, chan->device->cap_mask))
		run_skip(run, "the provider has no %s transfers", what);
}

static void get_fault(struct test_run *run)
{
	struct client *client = run->client;
	struct device *dev;

	if (run->mem && client->fault_size) {
		dev = dmaengine_get_dma_device(run->mem);
		run->fault_map = dma_map_resource(dev, client->fault_phys,
						  client->fault_size,
						  DMA_BIDIRECTIONAL, 0);
		if (dma_mapping_error(dev, run->fault_map))
			run->fault_map = 0;
	}
	if (!(run->test->needs & NEEDS_FAULT))
		return;
	if (!client->fault_size)
		run_skip(run,
			 "no address with a reported bus error; QEMU's PL330 reports none");
	else if (run->mem && !run->fault_map)
		run_skip(run, "the refused address cannot be mapped");
}

static void run_acquire(struct test_run *run)
{
	unsigned int needs = run->test->needs;

	if (READ_ONCE(run->client->unbinding)) {
		run_skip(run, "the device is being unbound");
	} else if ((needs & NEEDS_SMP) && num_online_cpus() < 2) {
		run_skip(run, "needs a second CPU");
	} else if ((needs & NEEDS_FIFO) && !run->client->fifo) {
		run_skip(run, "the device has no FIFO");
	} else {
		if (needs & NEEDS_TX && !get_slave(run, "tx", &run->tx))
			return;
		if (needs & NEEDS_RX && !get_slave(run, "rx", &run->rx))
			return;
		if (needs & NEEDS_MEMCPY && !get_memcpy(run))
			return;
		get_fault(run);
		if (needs & NEEDS_CYCLIC)
			check_cap(run, DMA_CYCLIC, "cyclic");
		if (needs & NEEDS_INTERLEAVE)
			check_cap(run, DMA_INTERLEAVE, "interleaved");
		if (needs & NEEDS_REPEAT)
			check_cap(run, DMA_LOAD_EOT, "repeated");
	}
}

static void put_channel(struct dma_chan *chan)
{
	if (!chan)
		return;
	dmaengine_terminate_sync(chan);
	dma_release_channel(chan);
}

static void run_release(struct test_run *run)
{
	struct block *block, *next_block;
	struct buf *buf, *next_buf;

	/* Stop all transfers. Releasing a channel also waits for its callbacks. */
	if (run->client->fifo)
		fifo_stop(run->client);
	if (run->mem)
		dmaengine_terminate_sync(run->mem);
	if (run->fault_map)
		dma_unmap_resource(dmaengine_get_dma_device(run->mem),
				   run->fault_map, run->client->fault_size,
				   DMA_BIDIRECTIONAL, 0);
	put_channel(run->tx);
	put_channel(run->rx);
	put_channel(run->mem);
	list_for_each_entry_safe(buf, next_buf, &run->bufs, node)
		buf_free(buf);
	list_for_each_entry_safe(block, next_block, &run->blocks, node)
		kvfree(block);
}

/**
 * run_begin() - make a run of a test and get what the test needs
 * @client: the client that runs it
 * @test: the test
 *
 * Context: may sleep.
 * Return: the run, whose skip names what is missing; NULL without memory.
 */
struct test_run *run_begin(struct client *client, const struct test *test)
{
	struct test_run *run = kzalloc(sizeof(*run), GFP_KERNEL);

	if (!run)
		return NULL;
	run->client = client;
	run->test = test;
	INIT_LIST_HEAD(&run->bufs);
	INIT_LIST_HEAD(&run->blocks);
	spin_lock_init(&run->lock);
	run_acquire(run);
	return run;
}

/**
 * run_end() - give everything back and free a run
 * @run: the run
 *
 * Context: may sleep.
 */
void run_end(struct test_run *run)
{
	run_release(run);
	kfree(run);
}

static void run_one(struct client *client, const struct test_group *group,
		    const struct test *test)
{
	struct test_run *run = run_begin(client, test);

	/* The missing result line makes the plan fail. */
	if (!run) {
		ktap_note(&client->report, "no memory to run %s", test->name);
		return;
	}
	if (!run->skip[0])
		test->run(run);
	run_release(run);
	ktap_result(&client->report, run, group->name);
	kfree(run);
}

/* Whether @what is "all", the group, or group.test. */
static bool wanted(const struct test_group *group, const struct test *test,
		   const char *what)
{
	size_t n = strlen(group->name);

	if (!strcmp(what, "all"))
		return !group->on_demand;
	if (!strcmp(what, group->name))
		return true;
	return !strncmp(what, group->name, n) && what[n] == '.' &&
	       !strcmp(what + n + 1, test->name);
}

/**
 * run_tests() - run some tests and report them
 * @client: the client
 * @what: "all", the name of a group, or group.test
 *
 * Context: may sleep; one run at a time.
 * Return: 0, or -EINVAL if no test has this name.
 */
int run_tests(struct client *client, const char *what)
{
	unsigned int g, t, planned = 0;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (t = 0; t < groups[g]->count; t++)
			planned += wanted(groups[g], &groups[g]->tests[t], what);
	if (!planned)
		return -EINVAL;

	ktap_start(&client->report, dev_name(client->dev), planned);
	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (t = 0; t < groups[g]->count; t++)
			if (wanted(groups[g], &groups[g]->tests[t], what))
				run_one(client, groups[g],
					&groups[g]->tests[t]);
	ktap_end(&client->report);
	return 0;
}

/**
 * run_list() - write the names of all tests, one a line
 * @text: where to
 * @size: bytes there
 *
 * Return: bytes written.
 */
unsigned int run_list(char *text, size_t size)
{
	unsigned int g, t, len = 0;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (t = 0; t < groups[g]->count; t++)
			len += scnprintf(text + len, size - len, "%s.%s: %s\n",
					 groups[g]->name,
					 groups[g]->tests[t].name,
					 groups[g]->tests[t].promise);
	return len;
}
