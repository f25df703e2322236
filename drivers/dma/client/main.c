// SPDX-License-Identifier: GPL-2.0-only
/*
 * Client test module: a dmaengine client that binds to a device-tree node with channels
 * "tx" and "rx", as an SPI or UART driver does, and tests what such a client relies on.
 * It uses the dmaengine API alone, so it works with any provider.
 *
 * In debugfs, rkdma_client/<device>/ has three files:
 *   tests    lists the tests,
 *   run      runs what is written to it (all, a group, or group.test) and
 *            returns when that is done,
 *   results  shows the report of the last run as KTAP.
 */
#include <linux/debugfs.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "client.h"

unsigned int timeout_ms = 10000;
module_param(timeout_ms, uint, 0644);
MODULE_PARM_DESC(timeout_ms, "time in ms after which a transfer counts as lost");

unsigned int seed = 1;
module_param(seed, uint, 0644);
MODULE_PARM_DESC(seed, "seed of data and random operations");

static unsigned int effort = 100;
module_param(effort, uint, 0644);
MODULE_PARM_DESC(effort, "percentage of the repetitions in long tests");

/**
 * repetitions() - scale a number of repetitions by the parameter "effort"
 * @full: the number at effort=100
 *
 * For tests whose repetitions provoke races. Lists of cases are always complete.
 *
 * Context: any.
 * Return: at least 1.
 */
unsigned int repetitions(unsigned int full)
{
	return max_t(u64, (u64)full * READ_ONCE(effort) / 100, 1);
}

/* One run at a time, and none while a client comes or goes. */
static DEFINE_MUTEX(run_mutex);
static LIST_HEAD(clients);
static struct dentry *root;

/**
 * client_other() - find another client that has a FIFO
 * @client: not this one
 * @nth: which of the others, from 0
 *
 * Context: from a test.
 * Return: the other client or NULL.
 */
struct client *client_other(struct client *client, unsigned int nth)
{
	struct client *c;

	lockdep_assert_held(&run_mutex);
	list_for_each_entry(c, &clients, node)
		if (c != client && c->fifo && !c->unbinding && !nth--)
			return c;
	return NULL;
}

static ssize_t run_write(struct file *file, const char __user *from,
			 size_t count, loff_t *pos)
{
	struct client *client = file->private_data;
	char what[64];
	ssize_t n;
	int ret;

	n = simple_write_to_buffer(what, sizeof(what) - 1, pos, from, count);
	if (n < 0)
		return n;
	what[n] = '\0';
	ret = mutex_lock_interruptible(&run_mutex);
	if (ret)
		return ret;
	ret = run_tests(client, strim(what));
	mutex_unlock(&run_mutex);
	return ret ?: count;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = run_write,
	.llseek = noop_llseek,
};

static ssize_t results_read(struct file *file, char __user *to, size_t count,
			    loff_t *pos)
{
	struct client *client = file->private_data;

	/* During a run text is only appended. */
	return simple_read_from_buffer(to, count, pos, client->report.text,
				       READ_ONCE(client->report.len));
}

static const struct file_operations results_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = results_read,
	.llseek = default_llseek,
};

static ssize_t tests_read(struct file *file, char __user *to, size_t count,
			  loff_t *pos)
{
	const size_t size = 32 * 1024;
	char *text = kvzalloc(size, GFP_KERNEL);
	ssize_t ret;

	if (!text)
		return -ENOMEM;
	ret = simple_read_from_buffer(to, count, pos, text,
				      run_list(text, size));
	kvfree(text);
	return ret;
}

static const struct file_operations tests_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = tests_read,
	.llseek = default_llseek,
};

static void client_remove(void *data)
{
	struct client *client = data;

	/* debugfs waits for a run in progress, which this cuts short. */
	WRITE_ONCE(client->unbinding, true);
	debugfs_remove_recursive(client->dir);
	mutex_lock(&run_mutex);
	list_del(&client->node);
	mutex_unlock(&run_mutex);
	ktap_free(&client->report);
}

static int client_map(struct platform_device *pdev, struct client *client)
{
	struct resource *res;

	res = platform_get_resource_byname(pdev, IORESOURCE_MEM, "fifo");
	if (res) {
		client->fifo = devm_ioremap_resource(&pdev->dev, res);
		if (IS_ERR(client->fifo))
			return PTR_ERR(client->fifo);
		client->fifo_phys = res->start;
	}
	res = platform_get_resource_byname(pdev, IORESOURCE_MEM, "fault");
	if (res) {
		client->fault_phys = res->start;
		client->fault_size = resource_size(res);
	}
	return 0;
}

static int client_probe(struct platform_device *pdev)
{
	struct client *client;
	int ret;

	client = devm_kzalloc(&pdev->dev, sizeof(*client), GFP_KERNEL);
	if (!client)
		return -ENOMEM;
	client->dev = &pdev->dev;
	platform_set_drvdata(pdev, client);
	ret = client_map(pdev, client);
	if (ret)
		return ret;
	ret = ktap_init(&client->report);
	if (ret)
		return ret;

	mutex_lock(&run_mutex);
	list_add_tail(&client->node, &clients);
	mutex_unlock(&run_mutex);
	client->dir = debugfs_create_dir(dev_name(&pdev->dev), root);
	debugfs_create_file("tests", 0400, client->dir, client, &tests_fops);
	debugfs_create_file("run", 0200, client->dir, client, &run_fops);
	debugfs_create_file("results", 0400, client->dir, client,
			    &results_fops);
	return devm_add_action_or_reset(&pdev->dev, client_remove, client);
}

/* Runs before the controller's suspend_late, since the client depends on it. */
static int client_suspend_late(struct device *dev)
{
	struct client *client = dev_get_drvdata(dev);
	struct dma_chan *chan = READ_ONCE(client->issue_late);

	WRITE_ONCE(client->sleeps, client->sleeps + 1);
	if (chan)
		dma_async_issue_pending(chan);
	return 0;
}

static const struct dev_pm_ops client_pm_ops = {
	LATE_SYSTEM_SLEEP_PM_OPS(client_suspend_late, NULL)
};

static const struct of_device_id client_match[] = {
	{ .compatible = "rkdma,lab-fifo" },
	{ .compatible = "rkdma,dma-client" },
	{ }
};
MODULE_DEVICE_TABLE(of, client_match);

static struct platform_driver client_driver = {
	.probe = client_probe,
	.driver = {
		.name = "rkdma-client",
		.of_match_table = client_match,
		.pm = pm_sleep_ptr(&client_pm_ops),
	},
};

static int __init client_init(void)
{
	int ret;

	root = debugfs_create_dir("rkdma_client", NULL);
	ret = platform_driver_register(&client_driver);
	if (ret)
		debugfs_remove(root);
	return ret;
}
module_init(client_init);

static void __exit client_exit(void)
{
	platform_driver_unregister(&client_driver);
	debugfs_remove(root);
}
module_exit(client_exit);

MODULE_DESCRIPTION("Tests of what a dmaengine client relies on");
MODULE_LICENSE("GPL");
