// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark of a provider's CPU time: a client in the kernel that times copies and lists
 * with any provider. It does not evaluate the figures. The caller can read the device
 * models' counters.
 *
 * In debugfs, rkdma_bench/run takes one scenario and returns when it is done,
 * rkdma_bench/results shows its figures as "bench: NAME VALUE UNIT":
 *   copy SIZE COUNT ROUNDS   rounds of COUNT queued copies of SIZE bytes
 *   stream SIZE COUNT ROUNDS the same, each copy issued before the next one is prepared
 *   list COUNT SIZE ROUNDS   rounds of one list to an address in RAM
 *   terminate TRIES          whether a callback outlives terminate_sync
 */
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/sort.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#define FIFO_CTRL		0x004
#define FIFO_CTRL_EN_TX		(BIT(0) | BIT(1))
#define FIFO_CTRL_RESET		BIT(31)
#define FIFO_TX_THRESH		0x00c

#define TIMEOUT			(20 * HZ)
#define SPIN_NS			(20 * NSEC_PER_MSEC)
#define LIST_WIDTH		4
#define LIST_BURST		16

/**
 * struct bench - the state of the module
 * @lock: one scenario at a time
 * @dir: the folder in debugfs
 * @text: the figures of the last scenario
 * @len: bytes of @text in use
 */
static struct bench {
	struct mutex lock; /* one scenario at a time */
	struct dentry *dir;
	char text[512];
	size_t len;
} bench;

/**
 * struct area - memory that the channel's device reaches
 * @dev: the device
 * @page: the first page
 * @dma: the address for the device
 * @size: bytes
 */
struct area {
	struct device *dev;
	struct page *page;
	dma_addr_t dma;
	size_t size;
};

static void figure(const char *name, u64 value, const char *unit)
{
	bench.len += scnprintf(bench.text + bench.len,
			       sizeof(bench.text) - bench.len,
			       "bench: %s %llu %s\n", name, value, unit);
	pr_info("bench: %s %llu %s\n", name, value, unit);
}

/**
 * struct rounds - the times of a scenario's rounds
 * @ns: the times
 * @nr: number of rounds so far
 */
struct rounds {
	u64 *ns;
	unsigned int nr;
};

static int rounds_get(struct rounds *r, unsigned int rounds)
{
	r->ns = kvcalloc(rounds, sizeof(*r->ns), GFP_KERNEL);
	return r->ns ? 0 : -ENOMEM;
}

static int compare_ns(const void *a, const void *b)
{
	return *(u64 *)a < *(u64 *)b ? -1 : *(u64 *)a > *(u64 *)b;
}

/*
 * Report the time of a round: the median, since the kernel sometimes does other work
 * meanwhile, and the mean, which shows that. Frees the rounds.
 */
static void rounds_figure(struct rounds *r, const char *name, unsigned int each)
{
	char mean[32];
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < r->nr; i++)
		sum += r->ns[i];
	if (r->nr) {
		sort(r->ns, r->nr, sizeof(*r->ns), compare_ns, NULL);
		figure(name, div_u64(r->ns[r->nr / 2], each), "ns");
		snprintf(mean, sizeof(mean), "%s-mean", name);
		figure(mean, div_u64(sum, r->nr * each), "ns");
	}
	kvfree(r->ns);
}

static int area_get(struct area *a, struct dma_chan *chan, size_t size)
{
	a->dev = dmaengine_get_dma_device(chan);
	a->size = PAGE_ALIGN(size);
	a->page = dma_alloc_pages(a->dev, a->size, &a->dma, DMA_BIDIRECTIONAL,
				  GFP_KERNEL | __GFP_NOWARN);
	return a->page ? 0 : -ENOMEM;
}

static void area_put(struct area *a)
{
	if (a->page)
		dma_free_pages(a->dev, a->size, a->page, a->dma,
			       DMA_BIDIRECTIONAL);
}

static void done_callback(void *data)
{
	complete(data);
}

/**
 * struct copies - what the rounds of a scenario of copies need
 * @chan: the channel
 * @src: where copies read
 * @dst: where copies write
 * @size: bytes of a copy
 * @count: copies of a round
 * @stream: issue each copy, so that the hardware works while others are prepared
 * @queued: times of prepare and submit, and of issue if @stream
 * @total: times from the first prepare to the last callback
 */
struct copies {
	struct dma_chan *chan;
	struct area src;
	struct area dst;
	size_t size;
	unsigned int count;
	bool stream;
	struct rounds queued;
	struct rounds total;
};

static int copies_queue(struct copies *c, struct completion *done)
{
	struct dma_async_tx_descriptor *desc;
	unsigned int i;

	for (i = 0; i < c->count; i++) {
		desc = dmaengine_prep_dma_memcpy(c->chan, c->dst.dma,
						 c->src.dma, c->size,
						 i == c->count - 1 ?
						 DMA_PREP_INTERRUPT : 0);
		if (!desc)
			return -EIO;
		if (i == c->count - 1) {
			desc->callback = done_callback;
			desc->callback_param = done;
		}
		if (dma_submit_error(dmaengine_submit(desc)))
			return -EIO;
		if (c->stream)
			dma_async_issue_pending(c->chan);
	}
	return 0;
}

static int copies_round(struct copies *c)
{
	DECLARE_COMPLETION_ONSTACK(done);
	u64 start, queued;
	int ret;

	start = ktime_get_ns();
	ret = copies_queue(c, &done);
	queued = ktime_get_ns();
	if (ret)
		goto stop;
	dma_async_issue_pending(c->chan);
	if (!wait_for_completion_timeout(&done, TIMEOUT)) {
		ret = -ETIMEDOUT;
		goto stop;
	}
	c->total.ns[c->total.nr++] = ktime_get_ns() - start;
	c->queued.ns[c->queued.nr++] = queued - start;
	return 0;

stop:
	/* The completion is on the stack: no callback may come after this. */
	dmaengine_terminate_sync(c->chan);
	return ret;
}

static int copies_get(struct copies *c)
{
	dma_cap_mask_t mask;
	int ret;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	c->chan = dma_request_chan_by_mask(&mask);
	if (IS_ERR(c->chan))
		return PTR_ERR(c->chan);
	ret = area_get(&c->src, c->chan, c->size);
	return ret ?: area_get(&c->dst, c->chan, c->size);
}

static void copies_put(struct copies *c)
{
	if (IS_ERR(c->chan))
		return;
	dmaengine_terminate_sync(c->chan);
	area_put(&c->src);
	area_put(&c->dst);
	dma_release_channel(c->chan);
}

static int bench_copy(size_t size, unsigned int count, unsigned int rounds, bool stream)
{
	struct copies c = { .size = size, .count = count, .stream = stream };
	unsigned int i;
	int ret;

	ret = rounds_get(&c.queued, rounds);
	ret = ret ?: rounds_get(&c.total, rounds);
	if (!ret) {
		ret = copies_get(&c);
		for (i = 0; !ret && i < rounds; i++)
			ret = copies_round(&c);
		copies_put(&c);
	}
	rounds_figure(&c.total, "each", count);
	rounds_figure(&c.queued, "prep-submit", count);
	return ret;
}

/**
 * struct list - what the rounds of a scenario of lists need
 * @dev: the device with a request line
 * @fifo: registers of the FIFO that keeps the line requesting
 * @chan: the channel
 * @sgl: the list
 * @count: its segments
 * @mem: its memory
 * @target: the address in RAM that it is written to
 * @prep: times of prepare
 * @total: times from prepare to the callback
 */
struct list {
	struct device *dev;
	void __iomem *fifo;
	struct dma_chan *chan;
	struct scatterlist *sgl;
	unsigned int count;
	struct area mem;
	struct area target;
	struct rounds prep;
	struct rounds total;
};

static int list_round(struct list *l)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct dma_async_tx_descriptor *desc;
	u64 start, prepared;

	start = ktime_get_ns();
	desc = dmaengine_prep_slave_sg(l->chan, l->sgl, l->count,
				       DMA_MEM_TO_DEV, DMA_PREP_INTERRUPT);
	prepared = ktime_get_ns();
	if (!desc)
		return -EIO;
	desc->callback = done_callback;
	desc->callback_param = &done;
	dmaengine_submit(desc);
	dma_async_issue_pending(l->chan);
	if (!wait_for_completion_timeout(&done, TIMEOUT)) {
		dmaengine_terminate_sync(l->chan);
		return -ETIMEDOUT;
	}
	l->total.ns[l->total.nr++] = ktime_get_ns() - start;
	l->prep.ns[l->prep.nr++] = prepared - start;
	return 0;
}

static int list_device(struct list *l)
{
	struct device_node *np;
	struct platform_device *pdev;

	np = of_find_compatible_node(NULL, NULL, "rkdma,lab-fifo");
	if (!np)
		return -ENODEV;
	pdev = of_find_device_by_node(np);
	l->fifo = of_iomap(np, 0);
	of_node_put(np);
	if (!pdev)
		return -ENODEV;
	l->dev = &pdev->dev;
	return l->fifo ? 0 : -ENOMEM;
}

static int list_channel(struct list *l)
{
	struct dma_slave_config config = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr_width = LIST_WIDTH,
		.dst_maxburst = LIST_BURST,
	};
	int ret;

	l->chan = dma_request_chan(l->dev, "tx");
	if (IS_ERR(l->chan)) {
		ret = PTR_ERR(l->chan);
		l->chan = NULL;
		return ret;
	}
	ret = area_get(&l->target, l->chan, PAGE_SIZE);
	if (ret)
		return ret;
	config.dst_addr = page_to_phys(l->target.page);
	return dmaengine_slave_config(l->chan, &config);
}

static int list_get(struct list *l, size_t size)
{
	unsigned int i;
	int ret;

	ret = list_device(l);
	ret = ret ?: list_channel(l);
	ret = ret ?: area_get(&l->mem, l->chan, l->count * size);
	if (ret)
		return ret;
	l->sgl = kcalloc(l->count, sizeof(*l->sgl), GFP_KERNEL);
	if (!l->sgl)
		return -ENOMEM;
	sg_init_table(l->sgl, l->count);
	for (i = 0; i < l->count; i++) {
		sg_set_buf(&l->sgl[i], page_address(l->mem.page) + i * size,
			   size);
		sg_dma_address(&l->sgl[i]) = l->mem.dma + i * size;
		sg_dma_len(&l->sgl[i]) = size;
	}
	/* Nothing is ever written to the FIFO, so it requests all the time. */
	writel(FIFO_CTRL_RESET, l->fifo + FIFO_CTRL);
	writel(LIST_WIDTH * LIST_BURST, l->fifo + FIFO_TX_THRESH);
	writel(FIFO_CTRL_EN_TX, l->fifo + FIFO_CTRL);
	return 0;
}

static void list_put(struct list *l)
{
	if (l->chan)
		dmaengine_terminate_sync(l->chan);
	if (l->fifo) {
		writel(FIFO_CTRL_RESET, l->fifo + FIFO_CTRL);
		iounmap(l->fifo);
	}
	area_put(&l->mem);
	area_put(&l->target);
	kfree(l->sgl);
	if (l->chan)
		dma_release_channel(l->chan);
	if (l->dev)
		put_device(l->dev);
}

static int bench_list(unsigned int count, size_t size, unsigned int rounds)
{
	struct list l = { .count = count };
	unsigned int i;
	int ret;

	ret = rounds_get(&l.prep, rounds);
	ret = ret ?: rounds_get(&l.total, rounds);
	if (!ret) {
		ret = list_get(&l, size);
		for (i = 0; !ret && i < rounds; i++)
			ret = list_round(&l);
		list_put(&l);
	}
	rounds_figure(&l.prep, "prep", 1);
	rounds_figure(&l.total, "prep-to-callback", 1);
	return ret;
}

/**
 * struct slow_call - a callback that runs for SPIN_NS, and a terminate meanwhile
 * @c: the channel and its memory
 * @cpu: CPU that the callback ran on
 * @started: the callback has started
 * @ended: the callback has ended
 * @overlapped: it was running when terminate_sync was called
 * @outlived: it was running when terminate_sync returned
 * @ret: 0 or an error
 */
struct slow_call {
	struct copies c;
	int cpu;
	bool started;
	bool ended;
	bool overlapped;
	bool outlived;
	int ret;
};

static void slow_callback(void *data)
{
	struct slow_call *call = data;
	u64 end = ktime_get_ns() + SPIN_NS;

	call->cpu = raw_smp_processor_id();
	WRITE_ONCE(call->started, true);
	while (ktime_get_ns() < end)
		cpu_relax();
	WRITE_ONCE(call->ended, true);
}

static long terminate_during_call(void *data)
{
	struct slow_call *call = data;
	struct dma_async_tx_descriptor *desc;
	u64 end = ktime_get_ns() + NSEC_PER_SEC;

	call->started = false;
	call->ended = false;
	desc = dmaengine_prep_dma_memcpy(call->c.chan, call->c.dst.dma,
					 call->c.src.dma, call->c.size,
					 DMA_PREP_INTERRUPT);
	if (!desc) {
		call->ret = -EIO;
		return 0;
	}
	desc->callback = slow_callback;
	desc->callback_param = call;
	dmaengine_submit(desc);
	dma_async_issue_pending(call->c.chan);
	while (!READ_ONCE(call->started) && ktime_get_ns() < end)
		cpu_relax();
	call->overlapped = call->started && !READ_ONCE(call->ended);
	dmaengine_terminate_sync(call->c.chan);
	call->outlived = call->overlapped && !READ_ONCE(call->ended);
	/* The next try must not overlap with this callback. */
	while (call->started && !READ_ONCE(call->ended))
		cpu_relax();
	return 0;
}

static int bench_terminate(unsigned int tries)
{
	unsigned int i, overlapped = 0, outlived = 0;
	struct slow_call *call;
	int cpu, ret;

	if (num_online_cpus() < 2)
		return -ENODEV;
	call = kzalloc(sizeof(*call), GFP_KERNEL);
	if (!call)
		return -ENOMEM;
	call->c.size = PAGE_SIZE;
	ret = copies_get(&call->c);
	for (i = 0; !ret && i < 3 * tries && overlapped < tries; i++) {
		cpu = cpumask_next(call->cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		work_on_cpu(cpu, terminate_during_call, call);
		ret = call->ret;
		overlapped += call->overlapped;
		outlived += call->outlived;
	}
	copies_put(&call->c);
	kfree(call);
	if (ret)
		return ret;
	figure("terminate-tries", overlapped, "tries");
	figure("terminate-early", outlived, "tries");
	return 0;
}

static int scenario(const char *what)
{
	unsigned int count, rounds;
	unsigned long size;

	bench.len = 0;
	if (sscanf(what, "copy %lu %u %u", &size, &count, &rounds) == 3)
		return size && count && rounds ?
		       bench_copy(size, count, rounds, false) : -EINVAL;
	if (sscanf(what, "stream %lu %u %u", &size, &count, &rounds) == 3)
		return size && count && rounds ?
		       bench_copy(size, count, rounds, true) : -EINVAL;
	if (sscanf(what, "list %u %lu %u", &count, &size, &rounds) == 3)
		return size && count && rounds ?
		       bench_list(count, size, rounds) : -EINVAL;
	if (sscanf(what, "terminate %u", &count) == 1)
		return bench_terminate(count);
	return -EINVAL;
}

static ssize_t run_write(struct file *file, const char __user *from,
			 size_t size, loff_t *pos)
{
	char what[64];
	ssize_t n;
	int ret;

	n = simple_write_to_buffer(what, sizeof(what) - 1, pos, from, size);
	if (n < 0)
		return n;
	what[n] = '\0';
	ret = mutex_lock_interruptible(&bench.lock);
	if (ret)
		return ret;
	ret = scenario(strim(what));
	mutex_unlock(&bench.lock);
	return ret ?: size;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.write = run_write,
	.llseek = noop_llseek,
};

static ssize_t results_read(struct file *file, char __user *to, size_t size,
			    loff_t *pos)
{
	return simple_read_from_buffer(to, size, pos, bench.text, bench.len);
}

static const struct file_operations results_fops = {
	.owner = THIS_MODULE,
	.read = results_read,
	.llseek = default_llseek,
};

static int __init bench_init(void)
{
	mutex_init(&bench.lock);
	bench.dir = debugfs_create_dir("rkdma_bench", NULL);
	debugfs_create_file("run", 0200, bench.dir, NULL, &run_fops);
	debugfs_create_file("results", 0400, bench.dir, NULL, &results_fops);
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	debugfs_remove_recursive(bench.dir);
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Benchmark of a dmaengine provider");
MODULE_LICENSE("GPL");
