// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration of a controller with dmaengine, request lines of the device tree,
 * unbinding and system sleep.
 *
 * A controller has two dma_devices. "slave" has a channel per request line, which
 * clients get by their device-tree entry alone. "memcpy" has the channels without a
 * line, so that a request for any channel never gets one of a peripheral.
 *
 * A client may hold a channel when the driver is unbound. rkdma_chan_unbind() then
 * ends the use of the hardware at once, and struct rkdma is freed with the last
 * reference.
 */
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_dma.h>
#include <linux/pm_runtime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "compat.h"
#include "core.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

EXPORT_TRACEPOINT_SYMBOL_GPL(rkdma_start);
EXPORT_TRACEPOINT_SYMBOL_GPL(rkdma_link);
EXPORT_TRACEPOINT_SYMBOL_GPL(rkdma_wait);

static struct workqueue_struct *rkdma_wq;

/*
 * The last reference is dropped inside dma_release_channel(), which reads the
 * channel once more before it unlocks dmaengine's mutex. To wait for that, request
 * a channel that does not exist: this locks and unlocks the same mutex.
 *
 * No provider has all capabilities, so dmaengine looks at no channel. While a
 * provider is unregistered its channels are still listed, but their names are freed,
 * and a kernel with CONFIG_DMADEVICES_DEBUG would print these.
 */
static void rkdma_free(struct work_struct *work)
{
	struct rkdma *rk = container_of(work, struct rkdma, free_work);
	dma_cap_mask_t mask;

	bitmap_fill(mask.bits, DMA_TX_TYPE_END);
	dma_request_channel(mask, NULL, NULL);

	put_device(rk->dev);
	kfree(rk->chan_mem);
	kfree(rk);
}

static void rkdma_release(struct kref *ref)
{
	struct rkdma *rk = container_of(ref, struct rkdma, ref);

	queue_work(rkdma_wq, &rk->free_work);
}

/**
 * rkdma_alloc() - allocate an engine's controller
 * @dev: the device
 * @size: bytes of the engine's structure, whose first member is struct rkdma
 *
 * Context: process.
 * Return: it, zeroed, with one reference that rkdma_put() drops, or NULL.
 */
void *rkdma_alloc(struct device *dev, size_t size)
{
	struct rkdma *rk = kzalloc(size, GFP_KERNEL);

	if (!rk)
		return NULL;
	rk->dev = get_device(dev);
	kref_init(&rk->ref);
	mutex_init(&rk->lock);
	INIT_WORK(&rk->free_work, rkdma_free);
	INIT_LIST_HEAD(&rk->slave.channels);
	INIT_LIST_HEAD(&rk->memcpy.channels);
	return rk;
}
EXPORT_SYMBOL_NS_GPL(rkdma_alloc, RKDMA_NS);

/**
 * rkdma_put() - drop a reference
 * @rk: the controller; freed with the last one
 *
 * Context: any.
 */
void rkdma_put(struct rkdma *rk)
{
	kref_put(&rk->ref, rkdma_release);
}
EXPORT_SYMBOL_NS_GPL(rkdma_put, RKDMA_NS);

/**
 * rkdma_read_dt() - read the properties that all engines share
 * @rk: the controller; @nr_chans and @nr_lines are set to what the hardware has
 *
 * "dma-requests" is the number of request lines; without it the hardware's count is
 * used. "dma-channel-mask" has a bit for each channel that Linux may use, in a cell
 * for channels 0 to 31 and one for 32 to 63; without it all channels are used.
 *
 * Context: process.
 * Return: 0, or -EINVAL with a message.
 */
int rkdma_read_dt(struct rkdma *rk)
{
	struct device_node *np = rk->dev->of_node;
	u32 ours[RKDMA_MAX_CHANS / 32];
	u32 lines = rk->nr_lines;
	unsigned int i;
	int words;

	of_property_read_u32(np, "dma-requests", &lines);
	if (lines > rk->nr_lines)
		return dev_err_probe(rk->dev, -EINVAL,
				     "dma-requests = %u, but there are %u channels\n",
				     lines, rk->nr_lines);
	rk->nr_lines = lines;

	words = of_property_read_variable_u32_array(np, "dma-channel-mask",
						    ours, 1, ARRAY_SIZE(ours));
	if (words == -EINVAL)
		return 0;
	if (words < 0)
		return dev_err_probe(rk->dev, -EINVAL,
				     "dma-channel-mask has no value or too many\n");
	for (i = 0; i < rk->nr_chans; i++)
		if (i / 32 >= words || !(ours[i / 32] & BIT(i % 32)))
			set_bit(i, rk->reserved);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(rkdma_read_dt, RKDMA_NS);

/**
 * rkdma_chan_init() - add a channel to its dma_device
 * @rk: the controller
 * @c: the channel, zeroed
 * @id: its number
 *
 * Context: process, before rkdma_register().
 */
void rkdma_chan_init(struct rkdma *rk, struct rkdma_chan *c, unsigned int id)
{
	c->rk = rk;
	c->ops = rk->ops;
	c->id = id;
	rkdma_chan_setup(c);
	c->vc.desc_free = rkdma_desc_free;
	vchan_init(&c->vc, id < rk->nr_lines ? &rk->slave : &rk->memcpy);
	rk->chans[id] = c;
}
EXPORT_SYMBOL_NS_GPL(rkdma_chan_init, RKDMA_NS);

/* The channel of a request line, or an errno with a message. */
static struct dma_chan *rkdma_of_xlate(struct of_phandle_args *spec,
				       struct of_dma *ofdma)
{
	struct rkdma *rk = ofdma->of_dma_data;
	struct dma_chan *chan;
	u32 line;

	if (spec->args_count != 1) {
		dev_err(rk->dev, "a dma specifier has %d cells, not 1\n",
			spec->args_count);
		return ERR_PTR(-EINVAL);
	}
	line = spec->args[0];
	if (line >= rk->nr_lines) {
		dev_err(rk->dev, "request line %u does not exist: there are %u\n",
			line, rk->nr_lines);
		return ERR_PTR(-EINVAL);
	}
	if (!rk->chans[line]) {
		dev_err(rk->dev, "request line %u is reserved, see dma-channel-mask\n",
			line);
		return ERR_PTR(-EINVAL);
	}

	chan = &rk->chans[line]->vc.chan;
	if (dma_get_slave_channel(chan))
		return chan;
	/* The driver is being unbound. The client can probe again once one is bound. */
	if (READ_ONCE(rk->chans[line]->dead))
		return ERR_PTR(-EPROBE_DEFER);
	if (!chan->client_count) {
		dev_err(rk->dev, "request line %u cannot be set up\n", line);
		return ERR_PTR(-ENOMEM);
	}
	dev_err(rk->dev, "request line %u is already taken by %s\n", line,
		chan->slave ? dev_name(chan->slave) : "another client");
	return ERR_PTR(-EBUSY);
}

static void rkdma_show_chan(struct seq_file *s, struct rkdma_chan *c)
{
	size_t queued = 0, issued = 0;
	struct rkdma_desc *d;
	u64 done, failed, bytes;
	unsigned long flags;
	bool paused;

	if (!c->vc.chan.client_count)
		return;

	spin_lock_irqsave(&c->vc.lock, flags);
	list_for_each_entry(d, &c->running, vd.node)
		issued++;
	list_for_each_entry(d, &c->vc.desc_submitted, vd.node)
		queued++;
	paused = c->paused;
	done = c->stats.done;
	failed = c->stats.failed;
	bytes = c->stats.bytes;
	spin_unlock_irqrestore(&c->vc.lock, flags);

	seq_printf(s, " %-13s| ch %u", dma_chan_name(&c->vc.chan), c->id);
	if (c->id < c->rk->nr_lines)
		seq_printf(s, " (line %u)", c->id);
#ifdef CONFIG_DEBUG_FS
	seq_printf(s, " %s", c->vc.chan.dbg_client_name ?: "in-use");
#endif
	seq_printf(s, ": %s, %zu issued, %zu submitted, %llu done, %llu failed, %llu bytes\n",
		   paused ? "paused" : issued ? "running" : "idle",
		   issued, queued, done, failed, bytes);
}

static void rkdma_summary_show(struct seq_file *s, struct dma_device *dma)
{
	struct dma_chan *chan;

	list_for_each_entry(chan, &dma->channels, device_node)
		if (!to_rkdma_chan(chan)->dead)
			rkdma_show_chan(s, to_rkdma_chan(chan));
}

static void rkdma_slave_release(struct dma_device *dma)
{
	rkdma_put(container_of(dma, struct rkdma, slave));
}

static void rkdma_memcpy_release(struct dma_device *dma)
{
	rkdma_put(container_of(dma, struct rkdma, memcpy));
}

static void rkdma_setup_common(struct rkdma *rk, struct dma_device *dma)
{
	dma->dev = rk->dev;
	dma->residue_granularity = DMA_RESIDUE_GRANULARITY_BURST;
	dma->descriptor_reuse = true;
	dma->dbg_summary_show = rkdma_summary_show;
	dma_cap_set(DMA_INTERLEAVE, dma->cap_mask);
	dma_cap_set(DMA_REPEAT, dma->cap_mask);
	dma_cap_set(DMA_LOAD_EOT, dma->cap_mask);
	rkdma_chan_setup_ops(dma);
	rkdma_prep_setup_ops(rk, dma);
}

static void rkdma_setup_slave(struct rkdma *rk, struct dma_device *dma)
{
	rkdma_setup_common(rk, dma);
	dma_cap_set(DMA_SLAVE, dma->cap_mask);
	dma_cap_set(DMA_PRIVATE, dma->cap_mask);
	dma_cap_set(DMA_CYCLIC, dma->cap_mask);
	dma->src_addr_widths = rk->widths;
	dma->dst_addr_widths = rk->widths;
	dma->directions = rk->directions;
	dma->min_burst = 1;
	dma->max_burst = rk->max_burst;
	dma->device_release = rkdma_slave_release;
}

static void rkdma_setup_memcpy(struct rkdma *rk, struct dma_device *dma)
{
	rkdma_setup_common(rk, dma);
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	dma->directions = BIT(DMA_MEM_TO_MEM);
	dma->device_release = rkdma_memcpy_release;
}

/*
 * dmaengine calls device_release only for a dma_device that it registered, so the
 * reference is taken after the registration.
 */
static int rkdma_register_device(struct rkdma *rk, struct dma_device *dma,
				 bool *registered)
{
	int ret;

	if (list_empty(&dma->channels))
		return 0;
	ret = dma_async_device_register(dma);
	if (ret)
		return dev_err_probe(rk->dev, ret,
				     "cannot register %s channels\n",
				     dma == &rk->slave ? "slave" : "memcpy");
	kref_get(&rk->ref);
	*registered = true;
	return 0;
}

#ifdef RKDMA_HAS_DEVM_OF_DMA
static int rkdma_register_lines(struct rkdma *rk)
{
	return devm_of_dma_controller_register(rk->dev, rk->dev->of_node,
					       rkdma_of_xlate, rk);
}
#else
static void rkdma_of_dma_free(void *np)
{
	of_dma_controller_free(np);
}

static int rkdma_register_lines(struct rkdma *rk)
{
	struct device_node *np = rk->dev->of_node;
	int ret = of_dma_controller_register(np, rkdma_of_xlate, rk);

	return ret ?: devm_add_action_or_reset(rk->dev, rkdma_of_dma_free, np);
}
#endif

/**
 * rkdma_register() - register the channels with dmaengine
 * @rk: the controller, filled in, its channels added
 *
 * Context: process.
 * Return: 0, or a negative errno with a message and nothing registered.
 */
int rkdma_register(struct rkdma *rk)
{
	int ret;

	rkdma_setup_slave(rk, &rk->slave);
	rkdma_setup_memcpy(rk, &rk->memcpy);

	ret = rkdma_register_device(rk, &rk->slave, &rk->has_slave);
	if (!ret)
		ret = rkdma_register_device(rk, &rk->memcpy, &rk->has_memcpy);
	if (!ret && rk->has_slave) {
		ret = rkdma_register_lines(rk);
		if (ret)
			dev_err_probe(rk->dev, ret,
				      "cannot register request lines\n");
	}
	if (ret)
		rkdma_unregister(rk);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(rkdma_register, RKDMA_NS);

/**
 * rkdma_unregister() - end all use of the hardware and unregister the channels
 * @rk: the controller, which may be registered in part
 *
 * Clients may still hold channels, see rkdma_chan_unbind(). The request lines stay
 * registered until the device's resources are released, right after this. Until then
 * a request for one of them returns -EPROBE_DEFER.
 *
 * Context: process, may sleep.
 */
void rkdma_unregister(struct rkdma *rk)
{
	unsigned int i;

	for (i = 0; i < rk->nr_chans; i++)
		if (rk->chans[i])
			rkdma_chan_unbind(rk->chans[i]);
	if (rk->has_memcpy)
		dma_async_device_unregister(&rk->memcpy);
	if (rk->has_slave)
		dma_async_device_unregister(&rk->slave);
}
EXPORT_SYMBOL_NS_GPL(rkdma_unregister, RKDMA_NS);

static void rkdma_resume_chans(struct rkdma *rk, unsigned int n)
{
	while (n--)
		if (rk->chans[n])
			rkdma_chan_resume(rk->chans[n]);
}

/**
 * rkdma_system_suspend() - halt all channels and the hardware for system sleep
 * @dev: the device; its driver data is struct rkdma, which the engine's structure begins
 *	with
 *
 * Context: process.
 * Return: 0, or a negative errno with all channels resumed.
 */
int rkdma_system_suspend(struct device *dev)
{
	struct rkdma *rk = dev_get_drvdata(dev);
	unsigned int n;
	int ret;

	for (n = 0; n < rk->nr_chans; n++) {
		if (!rk->chans[n])
			continue;
		ret = rkdma_chan_suspend(rk->chans[n]);
		if (ret)
			goto resume;
	}
	ret = pm_runtime_force_suspend(dev);
	if (!ret)
		return 0;
resume:
	rkdma_resume_chans(rk, n);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(rkdma_system_suspend, RKDMA_NS);

/**
 * rkdma_system_resume() - resume all channels after rkdma_system_suspend()
 * @dev: the device
 *
 * Context: process.
 * Return: 0, or a negative errno.
 */
int rkdma_system_resume(struct device *dev)
{
	struct rkdma *rk = dev_get_drvdata(dev);
	int ret = pm_runtime_force_resume(dev);

	if (!ret)
		rkdma_resume_chans(rk, rk->nr_chans);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(rkdma_system_resume, RKDMA_NS);

static int __init rkdma_init(void)
{
	int ret;

#ifdef RKDMA_OWN_VIRT_DMA
	ret = rkdma_check_virt_dma();
	if (ret)
		return ret;
#endif
	ret = rkdma_desc_init();
	if (ret)
		return ret;
	rkdma_wq = alloc_workqueue("rkdma", WQ_UNBOUND, 0);
	if (!rkdma_wq)
		rkdma_desc_exit();
	return rkdma_wq ? 0 : -ENOMEM;
}
module_init(rkdma_init);

static void __exit rkdma_exit(void)
{
	/* This waits for work that rkdma_release() queued. */
	destroy_workqueue(rkdma_wq);
	rkdma_desc_exit();
}
module_exit(rkdma_exit);

MODULE_DESCRIPTION("Core of the dmaengine providers for Rockchip's DMA controllers");
MODULE_LICENSE("GPL");
