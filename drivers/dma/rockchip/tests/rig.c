// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tests of the core share: a controller of the fake engine's, and what a client
 * does with its channels. See fake.h.
 */
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/of.h>

#include "fake.h"

/*
 * The test has ended, and the jobs on its stack are gone. Callbacks that come later, which
 * is a failure, must not access them.
 */
static bool rig_over;

/* The core registers request lines with the device-tree node of a controller. */
static struct device_node rig_node = { .name = "dma-controller", .full_name = "rkdma-fake" };

static void rig_later(struct work_struct *work)
{
	rig_let_callbacks(container_of(to_delayed_work(work), struct rig, later));
}

/**
 * rig_init() - bind a controller for a test, as the init of a suite
 * @test: the test, whose priv becomes a struct rig
 *
 * Return: 0 or a negative errno.
 */
int rig_init(struct kunit *test)
{
	struct rig *rig = kunit_kzalloc(test, sizeof(*rig), GFP_KERNEL);
	int ret;

	if (!rig)
		return -ENOMEM;
	test->priv = rig;
	WRITE_ONCE(rig_over, false);
	rig->test = test;
	INIT_DELAYED_WORK(&rig->later, rig_later);
	rig->pdev = platform_device_register_data(NULL, "rkdma-fake", PLATFORM_DEVID_NONE,
						  &rig, sizeof(rig));
	if (IS_ERR(rig->pdev))
		return PTR_ERR(rig->pdev);
	if (!rig_node.kobj.state_initialized)
		of_node_init(&rig_node);
	/* Set after the registration, which would make a link to the node in sysfs. */
	rig->pdev->dev.of_node = of_node_get(&rig_node);
	ret = platform_driver_register(&fake_driver);
	if (ret) {
		platform_device_unregister(rig->pdev);
		rig->pdev = NULL;
		return ret;
	}
	if (!rig->fake)
		return -ENODEV;
	kref_get(&rig->fake->rk.ref);
	return 0;
}

/**
 * rig_exit() - release what a test holds, and check that it left nothing, as the exit of
 * a suite
 * @test: the test
 */
void rig_exit(struct kunit *test)
{
	struct rig *rig = test->priv;
	unsigned int i;

	if (!rig || IS_ERR_OR_NULL(rig->pdev))
		return;
	WRITE_ONCE(rig_over, true);
	flush_delayed_work(&rig->later);
	rig_let_callbacks(rig);
	if (rig->fake) {
		for (i = 0; i < FAKE_CHANS; i++) {
			rig->fake->chans[i].stuck = false;
			if (rig->held[i])
				rig_release(&rig->fake->chans[i]);
			KUNIT_EXPECT_EQ(test, rig->fake->chans[i].programs, 0);
			KUNIT_EXPECT_EQ(test, rig->fake->chans[i].chan.live, 0);
		}
	}
	platform_driver_unregister(&fake_driver);
	platform_device_unregister(rig->pdev);
	if (rig->fake) {
		KUNIT_EXPECT_STREQ(test, rig->fake->complaint ?: "", "");
		rkdma_put(&rig->fake->rk);
	}
}

/**
 * rig_unbind() - unbind the driver
 * @rig: the test's
 */
void rig_unbind(struct rig *rig)
{
	device_release_driver(&rig->pdev->dev);
}

/**
 * rig_hold() - get a channel, and configure it if it has a request line
 * @rig: the test's
 * @id: its number
 *
 * Return: the channel, or NULL.
 */
struct fake_chan *rig_hold(struct rig *rig, unsigned int id)
{
	struct fake_chan *fc = &rig->fake->chans[id];
	struct dma_slave_config cfg = {
		.src_addr = FAKE_DEV,
		.dst_addr = FAKE_DEV,
		.src_addr_width = DMA_SLAVE_BUSWIDTH_4_BYTES,
		.dst_addr_width = DMA_SLAVE_BUSWIDTH_4_BYTES,
		.src_maxburst = 4,
		.dst_maxburst = 4,
	};

	if (!dma_get_slave_channel(fake_dma_chan(fc)))
		return NULL;
	rig->held[id] = true;
	if (id != FAKE_COPY)
		KUNIT_EXPECT_EQ(rig->test, dmaengine_slave_config(fake_dma_chan(fc), &cfg), 0);
	return fc;
}

/**
 * rig_release() - release a channel
 * @fc: the channel
 */
void rig_release(struct fake_chan *fc)
{
	fc->fake->rig->held[fc->chan.id] = false;
	dma_release_channel(fake_dma_chan(fc));
}

static bool rig_callbacks_pending(struct fake_chan *fc)
{
	return test_bit(TASKLET_STATE_SCHED, &fc->chan.vc.task.state) ||
	       test_bit(TASKLET_STATE_SCHED, &fc->chan.period_task.state);
}

/**
 * rig_settle() - have all callbacks called that are due
 * @fc: the channel
 *
 * One tasklet schedules the other, and the kernel may leave the second to ksoftirqd. This
 * runs it without waiting for that thread. Nothing is done if callbacks are kept, or while
 * softirqs are disabled.
 */
void rig_settle(struct fake_chan *fc)
{
	unsigned int tries = 1000;

	while (!fc->fake->rig->waiting && !in_softirq() && rig_callbacks_pending(fc) &&
	       tries--) {
		local_bh_disable();
		local_bh_enable();
	}
}

/**
 * rig_interrupt() - have the hardware raise an interrupt
 * @fc: the channel
 *
 * The callbacks that it leads to are called before this returns, unless softirqs are
 * disabled.
 */
void rig_interrupt(struct fake_chan *fc)
{
	unsigned long flags;

	local_bh_disable();
	local_irq_save(flags);
	rkdma_chan_irq(&fc->chan);
	local_irq_restore(flags);
	local_bh_enable();
	rig_settle(fc);
}

/**
 * rig_work() - have the hardware move bytes, and raise an interrupt
 * @fc: the channel
 * @bytes: bytes
 */
void rig_work(struct fake_chan *fc, size_t bytes)
{
	fake_move(fc, bytes);
	rig_interrupt(fc);
}

static void job_called(void *data, const struct dmaengine_result *result)
{
	struct job *job = data;

	if (READ_ONCE(rig_over))
		return;
	job->calls++;
	job->nr = ++job->chan->fake->rig->calls;
	job->result = *result;
	if (job->then)
		job->then(job);
}

/**
 * job_submit() - submit a transfer, with the job's callback
 * @fc: the channel
 * @job: the job
 * @tx: what a prep returned; NULL ends the test as failed
 */
void job_submit(struct fake_chan *fc, struct job *job, struct dma_async_tx_descriptor *tx)
{
	KUNIT_ASSERT_NOT_NULL(fc->fake->rig->test, tx);
	job->chan = fc;
	job->tx = tx;
	tx->callback_result = job_called;
	tx->callback_param = job;
	job->cookie = dmaengine_submit(tx);
}

/**
 * job_copy() - submit a copy
 * @fc: the channel
 * @job: the job
 * @len: bytes
 */
void job_copy(struct fake_chan *fc, struct job *job, size_t len)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(fake_dma_chan(fc), FAKE_MEM2, FAKE_MEM, len,
				       DMA_PREP_INTERRUPT);
	job_submit(fc, job, tx);
}

/**
 * job_send() - submit a transfer to the peripheral
 * @fc: the channel
 * @job: the job
 * @len: bytes
 */
void job_send(struct fake_chan *fc, struct job *job, size_t len)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_slave_single(fake_dma_chan(fc), FAKE_MEM, len, DMA_MEM_TO_DEV,
					 DMA_PREP_INTERRUPT);
	job_submit(fc, job, tx);
}

/**
 * job_cyclic() - submit a cyclic transfer from the peripheral
 * @fc: the channel
 * @job: the job, whose callback is called for each period
 * @len: bytes of the buffer
 * @period: bytes of a period
 */
void job_cyclic(struct fake_chan *fc, struct job *job, size_t len, size_t period)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_cyclic(fake_dma_chan(fc), FAKE_MEM, len, period,
				       DMA_DEV_TO_MEM, DMA_PREP_INTERRUPT);
	job_submit(fc, job, tx);
}

/**
 * job_run() - submit and issue what the channel can do: a copy, or a transfer to the
 *	peripheral
 * @fc: the channel
 * @job: the job
 * @len: bytes
 */
void job_run(struct fake_chan *fc, struct job *job, size_t len)
{
	if (fc->chan.id == FAKE_COPY)
		job_copy(fc, job, len);
	else
		job_send(fc, job, len);
	dma_async_issue_pending(fake_dma_chan(fc));
}

/**
 * job_status() - ask for a job's status
 * @job: the job, submitted
 *
 * Callbacks that this leads to are called before it returns.
 *
 * Return: the status.
 */
enum dma_status job_status(struct job *job)
{
	enum dma_status status;

	then_callbacks(job->chan,
		       status = dmaengine_tx_status(fake_dma_chan(job->chan), job->cookie,
						    NULL));
	return status;
}

/**
 * job_residue() - ask for a job's residue
 * @job: the job, submitted
 *
 * Callbacks that this leads to are called before it returns.
 *
 * Return: the residue.
 */
u32 job_residue(struct job *job)
{
	struct dma_tx_state state = { .residue = ~0U };

	then_callbacks(job->chan,
		       dmaengine_tx_status(fake_dma_chan(job->chan), job->cookie, &state));
	return state.residue;
}

/**
 * rig_one_more() - check that an idle channel does one more transfer
 * @fc: the channel
 */
void rig_one_more(struct fake_chan *fc)
{
	struct kunit *test = fc->fake->rig->test;
	struct job *job = kunit_kzalloc(test, sizeof(*job), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, job);
	job_run(fc, job, 8);
	KUNIT_EXPECT_EQ(test, job_status(job), DMA_IN_PROGRESS);
	rig_work(fc, 8);
	KUNIT_EXPECT_EQ(test, job->calls, 1);
	KUNIT_EXPECT_EQ(test, job->result.result, DMA_TRANS_NOERROR);
	KUNIT_EXPECT_EQ(test, job_status(job), DMA_COMPLETE);
}

/**
 * rig_keep_callbacks() - have a channel's callbacks wait, as if their CPU were busy
 * @fc: the channel
 */
void rig_keep_callbacks(struct fake_chan *fc)
{
	fc->fake->rig->waiting = fc;
	tasklet_disable(&fc->chan.vc.task);
	tasklet_disable(&fc->chan.period_task);
}

/**
 * rig_let_callbacks() - end rig_keep_callbacks(); callbacks are called before this returns
 * @rig: the test's
 */
void rig_let_callbacks(struct rig *rig)
{
	struct fake_chan *fc = rig->waiting;

	if (!fc)
		return;
	rig->waiting = NULL;
	local_bh_disable();
	tasklet_enable(&fc->chan.period_task);
	tasklet_enable(&fc->chan.vc.task);
	local_bh_enable();
	rig_settle(fc);
}

/**
 * rig_let_callbacks_later() - call rig_let_callbacks() in a moment, while the test waits
 * @rig: the test's
 */
void rig_let_callbacks_later(struct rig *rig)
{
	if (rig->waiting)
		schedule_delayed_work(&rig->later, 2);
}
