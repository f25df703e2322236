// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs random operations on a virt-dma channel and logs the result of each. The module is
 * built with the kernel's own headers and with vchan.h; both must log the same.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "rkdma.h"

#define DESCS		12
#define OPERATIONS	20000
/* Operations that are logged one by one; the others as a checksum of their lines */
#define LOGGED		150

struct desc {
	struct virt_dma_desc vd;
	bool used;
};

static struct virt_dma_chan vc;
static struct dma_device dma;
static struct desc descs[DESCS];
static struct rnd_state rnd;
static char line[512];
static int at;
static u32 sum;

static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	at += vscnprintf(line + at, sizeof(line) - at, format, args);
	va_end(args);
}

static int number(struct virt_dma_desc *vd)
{
	return container_of(vd, struct desc, vd) - descs;
}

static void desc_free(struct virt_dma_desc *vd)
{
	say(" free%d", number(vd));
	container_of(vd, struct desc, vd)->used = false;
}

static void callback(void *param)
{
	say(" call%d", number(param));
}

static void callback_result(void *param, const struct dmaengine_result *result)
{
	say(" call%d=%d,%u", number(param), result->result, result->residue);
}

/* Callbacks run in a tasklet. Wait for it before the line ends. */
static void settle(void)
{
	while (READ_ONCE(vc.task.state))
		usleep_range(10, 20);
}

static struct virt_dma_desc *pick(struct list_head *list)
{
	struct virt_dma_desc *vd;
	unsigned int n = 0;

	list_for_each_entry(vd, list, node)
		n++;
	if (!n)
		return NULL;
	n = prandom_u32_state(&rnd) % n;
	list_for_each_entry(vd, list, node)
		if (!n--)
			break;
	return vd;
}

static void do_prep(void)
{
	struct dma_async_tx_descriptor *tx;
	u32 kind = prandom_u32_state(&rnd);
	int i;

	for (i = 0; i < DESCS && descs[i].used; i++)
		;
	if (i == DESCS)
		return;
	memset(&descs[i], 0x11, sizeof(descs[i]));
	descs[i].used = true;
	tx = vchan_tx_prep(&vc, &descs[i].vd, kind & DMA_CTRL_REUSE);
	tx->callback = kind & 1 ? callback : NULL;
	tx->callback_result = kind & 2 ? callback_result : NULL;
	tx->callback_param = &descs[i].vd;
	say("prep%d %lx chan%d %d,%u submit%d free%d", i, tx->flags,
	    tx->chan == &vc.chan, descs[i].vd.tx_result.result,
	    descs[i].vd.tx_result.residue, tx->tx_submit == vchan_tx_submit,
	    tx->desc_free == vchan_tx_desc_free);
}

static void do_submit(void)
{
	struct virt_dma_desc *vd = pick(&vc.desc_allocated);

	if (vd)
		say("submit%d %d", number(vd), dmaengine_submit(&vd->tx));
}

static void do_issue(void)
{
	spin_lock_irq(&vc.lock);
	say("issue %d", vchan_issue_pending(&vc));
	spin_unlock_irq(&vc.lock);
}

static void do_complete(void)
{
	struct virt_dma_desc *vd = pick(&vc.desc_issued);

	if (!vd)
		return;
	vd->tx_result.result = prandom_u32_state(&rnd) % 4;
	vd->tx_result.residue = prandom_u32_state(&rnd) % 100;
	say("complete%d", number(vd));
	spin_lock_irq(&vc.lock);
	list_del(&vd->node);
	vchan_cookie_complete(vd);
	spin_unlock_irq(&vc.lock);
	settle();
}

static void do_status(void)
{
	struct dma_tx_state state = { .residue = 5, .in_flight_bytes = 6 };
	dma_cookie_t cookie = vc.chan.cookie - prandom_u32_state(&rnd) % 20 + 2;
	enum dma_status status = dma_cookie_status(&vc.chan, cookie, &state);

	say("status %d %d %d %d,%d,%u,%u", cookie, status,
	    dma_cookie_status(&vc.chan, cookie, NULL), state.last, state.used,
	    state.residue, state.in_flight_bytes);
	dma_set_residue(&state, cookie);
	dma_set_residue(NULL, cookie);
	say(",%u", state.residue);
}

static void do_call(void)
{
	struct virt_dma_desc *vd = pick(&vc.desc_issued);
	struct dmaengine_result result = { DMA_TRANS_ABORTED, 77 };
	struct dmaengine_desc_callback cb;

	if (!vd)
		return;
	say("call");
	dmaengine_desc_get_callback(&vd->tx, &cb);
	dmaengine_desc_callback_invoke(&cb, prandom_u32_state(&rnd) & 1 ? &result :
				       NULL);
	say(" param%d", cb.callback_param == vd);
}

static void do_terminate(void)
{
	struct virt_dma_desc *vd = pick(&vc.desc_issued);

	if (!vd)
		return;
	say("terminate%d", number(vd));
	list_move_tail(&vd->node, &vc.desc_terminated);
}

static void do_synchronize(void)
{
	say("synchronize");
	vchan_synchronize(&vc);
}

static void do_get_all(void)
{
	struct virt_dma_desc *vd;
	LIST_HEAD(head);

	spin_lock_irq(&vc.lock);
	vchan_get_all_descriptors(&vc, &head);
	spin_unlock_irq(&vc.lock);
	say("all");
	list_for_each_entry(vd, &head, node)
		say(" %d", number(vd));
	vchan_dma_desc_free_list(&vc, &head);
}

static void do_free_all(void)
{
	say("release");
	vchan_free_chan_resources(&vc);
}

static void say_list(const char *name, struct list_head *list)
{
	struct virt_dma_desc *vd;

	say(" %s:", name);
	list_for_each_entry(vd, list, node)
		say(" %d/%d", number(vd), vd->tx.cookie);
}

static void operate(void)
{
	static void (*const often[])(void) = {
		do_prep, do_submit, do_issue, do_complete, do_status, do_call,
	};
	static void (*const seldom[])(void) = {
		do_terminate, do_synchronize, do_get_all, do_free_all,
	};
	u32 which = prandom_u32_state(&rnd);

	if (which % 16)
		often[which / 16 % ARRAY_SIZE(often)]();
	else
		seldom[which / 16 % ARRAY_SIZE(seldom)]();
	if (!at)
		return;
	say(" | %d %d", vc.chan.cookie, vc.chan.completed_cookie);
	say_list("allocated", &vc.desc_allocated);
	say_list("submitted", &vc.desc_submitted);
	say_list("issued", &vc.desc_issued);
	say_list("completed", &vc.desc_completed);
	say_list("terminated", &vc.desc_terminated);
}

static int __init behaviour_init(void)
{
	unsigned int n, done = 0;

	prandom_seed_state(&rnd, 1);
	INIT_LIST_HEAD(&dma.channels);
	vc.desc_free = desc_free;
	vchan_init(&vc, &dma);
	say("to_virt_chan%d", to_virt_chan(&vc.chan) == &vc);
	for (n = 0; n < OPERATIONS; n++) {
		at = 0;
		operate();
		if (!at)
			continue;
		if (done++ < LOGGED)
			pr_info("vchan: %s\n", line);
		while (at)
			sum = sum * 31 + line[--at];
	}
	vchan_free_chan_resources(&vc);
	tasklet_kill(&vc.task);
	pr_info("vchan: %u operations, sum %08x\n", done, sum);
	return 0;
}
module_init(behaviour_init);

static void __exit behaviour_exit(void)
{
}
module_exit(behaviour_exit);

MODULE_DESCRIPTION("Test of vchan.h's inline functions against the kernel's");
MODULE_LICENSE("GPL");
