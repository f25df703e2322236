// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine for tests: see fake.h. Its driver binds a platform device, as those of
 * real controllers do.
 */
#include <linux/device.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "../compat.h"
#include "fake.h"

/* What the core promises its engines */
#define must(fc, condition)						\
do {									\
	struct fake *_fake = (fc)->fake;				\
									\
	if (!(condition) && !_fake->complaint)				\
		_fake->complaint = #condition;				\
} while (0)

static struct fake_program *fake_program(struct rkdma_desc *d)
{
	return d->program;
}

/* The hardware has no list any more. */
static void fake_forget(struct fake_chan *fc)
{
	fc->active = false;
	fc->state = RKDMA_RUNS;
	fc->at = NULL;
	fc->tail = NULL;
	fc->seg = 0;
	fc->done = 0;
	fc->segs_done = 0;
	fc->list++;
}

static int fake_alloc_chan(struct rkdma_chan *c)
{
	struct fake_chan *fc = to_fake_chan(c);

	must(fc, !fc->allocated);
	if (fc->alloc_error)
		return fc->alloc_error;
	fc->allocated = true;
	fake_forget(fc);
	return 0;
}

static void fake_free_chan(struct rkdma_chan *c)
{
	struct fake_chan *fc = to_fake_chan(c);

	must(fc, fc->allocated);
	must(fc, !fc->active);
	must(fc, !fc->programs);
	fc->allocated = false;
}

static int fake_prepare(struct rkdma_chan *c, struct rkdma_desc *d)
{
	struct fake_chan *fc = to_fake_chan(c);
	struct fake_program *p = d->program;
	size_t len = 0;
	unsigned int i;

	lockdep_assert_not_held(&c->vc.lock);
	must(fc, fc->allocated);
	must(fc, d->nr_segs && d->nr_segs <= d->max_segs);
	for (i = 0; i < d->nr_segs; i++) {
		must(fc, rkdma_seg_len(d, i) - 1 < c->rk->max_seg);
		len += rkdma_seg_len(d, i);
	}
	must(fc, len == d->len);
	must(fc, !d->attr.repeat || (d->period_segs && d->nr_segs % d->period_segs == 0));
	if (fc->prepare_error)
		return fc->prepare_error;
	if (!p) {
		p = kzalloc(sizeof(*p), GFP_NOWAIT);
		if (!p)
			return -ENOMEM;
		p->desc = d;
		d->program = p;
		fc->programs++;
		fc->prepared++;
	}
	must(fc, p->desc == d);
	must(fc, !p->list || p->list != fc->list);
	return 0;
}

static void fake_release(struct rkdma_chan *c, struct rkdma_desc *d)
{
	struct fake_chan *fc = to_fake_chan(c);
	struct fake_program *p = d->program;

	must(fc, p && p->desc == d);
	must(fc, p->list != fc->list);
	d->program = NULL;
	kfree(p);
	fc->programs--;
}

/* Link all of the running list. */
static void fake_link(struct fake_chan *fc)
{
	struct rkdma_desc *d, *from = fc->tail;

	list_for_each_entry(d, &fc->chan.running, vd.node) {
		if (!from)
			fake_program(d)->list = fc->list;
		else if (d == from)
			from = NULL;
	}
	fc->tail = list_last_entry(&fc->chan.running, struct rkdma_desc, vd.node);
}

static void fake_start(struct fake_chan *fc)
{
	fc->active = true;
	fc->starts++;
	if (!fc->at) {
		fc->at = rkdma_first_running(&fc->chan);
		fc->tail = NULL;
	}
	fake_link(fc);
	if (fc->endless)
		fc->state = RKDMA_ENDED;
}

static void fake_issue(struct rkdma_chan *c)
{
	struct fake_chan *fc = to_fake_chan(c);

	lockdep_assert_held(&c->vc.lock);
	must(fc, fc->allocated);
	must(fc, !list_empty(&c->running));
	fc->issues++;
	if (!fc->active)
		fake_start(fc);
	else if (!fc->deaf && fc->state == RKDMA_RUNS)
		fake_link(fc);
}

/*
 * A poll has told the core that the hardware stopped. The hardware then has no list. Only
 * a repeating transfer whose program ended keeps its position, for the next program.
 */
static void fake_stopped(struct fake_chan *fc)
{
	const bool goes_on = fc->at && fc->at->attr.repeat && fc->state == RKDMA_ENDED;

	fc->active = false;
	fc->state = RKDMA_RUNS;
	if (goes_on)
		return;
	fc->at = NULL;
	fc->seg = 0;
	fc->done = 0;
	fc->segs_done = 0;
	fc->list++;
}

static void fake_poll(struct rkdma_chan *c, struct rkdma_pos *pos)
{
	struct fake_chan *fc = to_fake_chan(c);

	lockdep_assert_held(&c->vc.lock);
	must(fc, fc->allocated);
	must(fc, !list_empty(&c->running));
	fc->polls++;
	if (fc->lies) {
		*pos = fc->lie;
		fc->lies = false;
		return;
	}
	*pos = (struct rkdma_pos) {
		.state = fc->state, .desc = fc->at, .seg = fc->seg,
		.done = fc->done, .segs_done = fc->segs_done,
	};
	if (!fc->at && fc->active)
		pos->desc = list_is_last(&fc->tail->vd.node, &c->running) ?
			NULL : list_next_entry(fc->tail, vd.node);
	else if (!fc->at)
		pos->desc = rkdma_first_running(c);
	if (fc->state != RKDMA_RUNS)
		fake_stopped(fc);
}

static int fake_halt(struct rkdma_chan *c)
{
	struct fake_chan *fc = to_fake_chan(c);

	lockdep_assert_held(&c->vc.lock);
	fc->halts++;
	if (fc->stuck)
		return -ETIMEDOUT;
	fc->halted = true;
	return 0;
}

static void fake_resume(struct rkdma_chan *c)
{
	struct fake_chan *fc = to_fake_chan(c);

	lockdep_assert_held(&c->vc.lock);
	fc->resumes++;
	fc->halted = false;
	if (list_empty(&c->running)) {
		fake_forget(fc);
		return;
	}
	must(fc, fc->allocated);
	if (!fc->active)
		fake_start(fc);
	else if (fc->state == RKDMA_RUNS)
		fake_link(fc);
}

static void fake_throttle(struct rkdma_chan *c, bool on)
{
	struct fake_chan *fc = to_fake_chan(c);

	lockdep_assert_held(&c->vc.lock);
	fc->throttled = on;
	fc->throttles += on;
}

static const struct rkdma_engine_ops fake_ops = {
	.alloc_chan = fake_alloc_chan,
	.free_chan = fake_free_chan,
	.prepare = fake_prepare,
	.release = fake_release,
	.issue = fake_issue,
	.poll = fake_poll,
	.halt = fake_halt,
	.resume = fake_resume,
	.throttle = fake_throttle,
};

/* The position is behind the last segment of its descriptor. */
static void fake_next_desc(struct fake_chan *fc)
{
	struct rkdma_desc *d = fc->at;
	struct rkdma_desc *next = d == fc->tail ? NULL : list_next_entry(d, vd.node);

	fc->seg = 0;
	if (d->attr.repeat && !(next && next->attr.load_eot))
		return;
	fake_program(d)->list = 0;
	fc->at = next;
	if (!d->attr.repeat)
		fc->segs_done = 0;
	if (!next)
		fc->state = RKDMA_ENDED;
}

/**
 * fake_move() - let the hardware move bytes
 * @fc: the channel
 * @bytes: bytes; what is beyond the end of its list is not moved
 *
 * Nothing moves while the channel is halted.
 */
void fake_move(struct fake_chan *fc, size_t bytes)
{
	unsigned long flags;
	size_t n;

	spin_lock_irqsave(&fc->chan.vc.lock, flags);
	while (bytes && fc->active && !fc->halted && fc->state == RKDMA_RUNS && fc->at) {
		n = min_t(size_t, bytes, rkdma_seg_len(fc->at, fc->seg) - fc->done);
		bytes -= n;
		fc->done += n;
		if (fc->done < rkdma_seg_len(fc->at, fc->seg))
			break;
		fc->done = 0;
		fc->segs_done++;
		if (++fc->seg == fc->at->nr_segs)
			fake_next_desc(fc);
	}
	spin_unlock_irqrestore(&fc->chan.vc.lock, flags);
}

/**
 * fake_fault() - stop the hardware by a bus error at its position
 * @fc: the channel, which runs
 * @read: of a read, or else of a write
 */
void fake_fault(struct fake_chan *fc, bool read)
{
	fc->state = read ? RKDMA_READ_FAULT : RKDMA_WRITE_FAULT;
}

/**
 * fake_end() - end the hardware's program where it is, amid a transfer that repeats
 * @fc: the channel, which runs
 */
void fake_end(struct fake_chan *fc)
{
	fc->state = RKDMA_ENDED;
}

static void fake_undo_alloc(void *fake)
{
	struct fake *f = fake;

	rkdma_put(&f->rk);
}

static void fake_undo_register(void *fake)
{
	struct fake *f = fake;

	rkdma_unregister(&f->rk);
	pm_runtime_disable(f->rk.dev);
}

static int fake_set_up(struct fake *f)
{
	unsigned int i;

	f->chans = kcalloc(FAKE_CHANS, sizeof(*f->chans), GFP_KERNEL);
	if (!f->chans)
		return -ENOMEM;
	f->rk.ops = &fake_ops;
	f->rk.chan_mem = f->chans;
	f->rk.nr_chans = FAKE_CHANS;
	f->rk.nr_lines = FAKE_COPY;
	f->rk.max_seg = FAKE_MAX_SEG;
	f->rk.addr_mask = FAKE_ADDR_MASK;
	f->rk.widths = rkdma_widths(8);
	f->rk.max_burst = FAKE_MAX_BURST;
	f->rk.max_chunk = FAKE_MAX_CHUNK;
	f->rk.max_skip = FAKE_MAX_SKIP;
	f->rk.directions = BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM);
	f->rk.kept_segs = RKDMA_KEPT_SEGS;
	f->rk.can_memcpy = true;
	for (i = 0; i < FAKE_CHANS; i++) {
		f->chans[i].fake = f;
		rkdma_chan_init(&f->rk, &f->chans[i].chan, i);
	}
	return 0;
}

static int fake_probe(struct platform_device *pdev)
{
	struct rig *rig = *(struct rig **)dev_get_platdata(&pdev->dev);
	struct fake *f = rkdma_alloc(&pdev->dev, sizeof(*f));
	int ret;

	if (!f)
		return -ENOMEM;
	platform_set_drvdata(pdev, f);
	ret = devm_add_action_or_reset(&pdev->dev, fake_undo_alloc, f);
	if (!ret)
		ret = fake_set_up(f);
	if (ret)
		return ret;
	pm_runtime_enable(&pdev->dev);
	ret = rkdma_register(&f->rk);
	if (ret) {
		pm_runtime_disable(&pdev->dev);
		return ret;
	}
	f->rig = rig;
	rig->fake = f;
	return devm_add_action_or_reset(&pdev->dev, fake_undo_register, f);
}

struct platform_driver fake_driver = {
	.driver = { .name = "rkdma-fake" },
	.probe = fake_probe,
};

MODULE_DESCRIPTION("Tests of the core of the dmaengine providers for Rockchip's DMA controllers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(RKDMA_NS);
