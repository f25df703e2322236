// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the layout that vchan.h declares with that of the running kernel's
 * virt-dma when the module is loaded.
 *
 * If they differed, the provider and virt-dma would overwrite each other's memory. So
 * virt-dma's functions are tried on a private channel and descriptor, each with a
 * margin on either side.
 *
 * The order of the steps makes this safe with any layout. Each step relies only on
 * what earlier ones have proved. Where the offset of a member is not known yet, all
 * memory that may be the member holds a value that does no harm.
 *
 * Of desc_terminated only the initialization is checked. The kernel's functions do
 * nothing else with it: its other users are inline functions, and vchan.h has its own.
 */
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"

/* Bytes on either side, for members that another kernel may have in addition */
#define VCHAN_MARGIN	512
#define VCHAN_FILL	0x5a

/**
 * struct vchan_margin - memory that virt-dma must not write
 * @ptrs: the memory as pointers
 */
struct vchan_margin {
	void *ptrs[VCHAN_MARGIN / sizeof(void *)];
};

/**
 * struct vchan_check - channel and descriptor for a trial of virt-dma
 * @dma: the channel's dma_device
 * @before_vc: margin
 * @vc: the channel
 * @after_vc: margin
 * @before_vd: margin
 * @vd: the descriptor
 * @after_vd: margin
 * @freed: times that &virt_dma_chan.desc_free was called
 * @misfreed: times that another pointer was called instead
 * @result: the result that the descriptor's callback received
 */
struct vchan_check {
	struct dma_device dma;
	struct vchan_margin before_vc;
	struct virt_dma_chan vc;
	struct vchan_margin after_vc;
	struct vchan_margin before_vd;
	struct virt_dma_desc vd;
	struct vchan_margin after_vd;
	unsigned int freed;
	unsigned int misfreed;
	const struct dmaengine_result *result;
};

static void vchan_check_free(struct virt_dma_desc *vd)
{
	container_of(vd, struct vchan_check, vd)->freed++;
}

static void vchan_check_misfree(struct virt_dma_desc *vd)
{
	container_of(vd, struct vchan_check, vd)->misfreed++;
}

static void vchan_check_callback(void *param,
				 const struct dmaengine_result *result)
{
	struct vchan_check *t = param;

	t->result = result;
}

static bool vchan_check_untouched(const void *mem, size_t len)
{
	return !memchr_inv(mem, VCHAN_FILL, len);
}

static bool vchan_check_margins(const struct vchan_margin *before,
				const struct vchan_margin *after)
{
	return vchan_check_untouched(before, sizeof(*before)) &&
	       vchan_check_untouched(after, sizeof(*after));
}

/* Whether there is an initialized, empty list at this offset. */
static bool vchan_check_empty(const struct list_head *list)
{
	return list->next == list && list->prev == list;
}

static bool vchan_check_only(const struct list_head *list,
			     const struct list_head *node)
{
	return list->next == node && list->prev == node &&
	       node->next == list && node->prev == list;
}

/* vchan_init() writes all members of a channel but two, and nothing else. */
static const char *vchan_check_init(struct vchan_check *t)
{
	struct virt_dma_chan *vc = &t->vc;

	memset(&t->before_vc, VCHAN_FILL, sizeof(t->before_vc));
	memset(&t->after_vc, VCHAN_FILL, sizeof(t->after_vc));
	memset(vc, VCHAN_FILL, sizeof(*vc));
	INIT_LIST_HEAD(&t->dma.channels);
	vchan_init(vc, &t->dma);

	if (!vchan_check_only(&t->dma.channels, &vc->chan.device_node) ||
	    vc->chan.device != &t->dma)
		return "chan";
	if (!vchan_check_margins(&t->before_vc, &t->after_vc))
		return "size of virt_dma_chan";
	if (!vchan_check_empty(&vc->desc_allocated) ||
	    !vchan_check_empty(&vc->desc_submitted) ||
	    !vchan_check_empty(&vc->desc_issued) ||
	    !vchan_check_empty(&vc->desc_completed) ||
	    !vchan_check_empty(&vc->desc_terminated))
		return "lists";
	if (!vchan_check_untouched(&vc->desc_free, sizeof(vc->desc_free)))
		return "desc_free";
	if (!vchan_check_untouched(&vc->cyclic, sizeof(vc->cyclic)))
		return "cyclic";
	if (vc->task.next || vc->task.state || vc->task.data ||
	    atomic_read(&vc->task.count) || !vc->task.use_callback)
		return "task";
	if (sizeof(vc->lock) && vchan_check_untouched(&vc->lock, sizeof(vc->lock)))
		return "lock";
	return NULL;
}

/*
 * vchan_find_desc() only reads. It follows the pointers of the list, so it ends
 * even if node has another offset, but then it returns another address.
 */
static const char *vchan_check_find(struct vchan_check *t)
{
	const dma_cookie_t cookie = 1234;
	struct virt_dma_desc *found;
	unsigned long irqs;

	memset(&t->before_vd, VCHAN_FILL, sizeof(t->before_vd));
	memset(&t->after_vd, VCHAN_FILL, sizeof(t->after_vd));
	memset(&t->vd, VCHAN_FILL, sizeof(t->vd));
	t->vd.tx.cookie = cookie;

	spin_lock_irqsave(&t->vc.lock, irqs);
	list_add_tail(&t->vd.node, &t->vc.desc_issued);
	found = vchan_find_desc(&t->vc, cookie);
	list_del(&t->vd.node);
	spin_unlock_irqrestore(&t->vc.lock, irqs);
	return found == &t->vd ? NULL : "desc_issued or node";
}

/* The offset of node is proved, so virt-dma may move it. */
static const char *vchan_check_submit(struct vchan_check *t)
{
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;

	memset(&t->vd, 0, sizeof(t->vd));
	tx = vchan_tx_prep(&t->vc, &t->vd, 0);
	cookie = tx->tx_submit(tx);
	if (cookie <= DMA_MIN_COOKIE || tx->cookie != cookie ||
	    t->vc.chan.cookie != cookie)
		return "cookie";
	if (!vchan_check_empty(&t->vc.desc_allocated) ||
	    !vchan_check_only(&t->vc.desc_submitted, &t->vd.node))
		return "desc_submitted";
	list_del(&t->vd.node);
	return NULL;
}

static void vchan_check_free_list(struct vchan_check *t)
{
	LIST_HEAD(list);

	list_add(&t->vd.node, &list);
	vchan_dma_desc_free_list(&t->vc, &list);
}

/*
 * Any pointer that vchan_init() did not write may be the kernel's desc_free. So each is
 * set to a function that can be called.
 */
static const char *vchan_check_desc_free(struct vchan_check *t)
{
	unsigned int i;

	t->vc.desc_free = vchan_check_free;
	t->vc.cyclic = (void *)vchan_check_misfree;
	for (i = 0; i < ARRAY_SIZE(t->after_vc.ptrs); i++) {
		t->before_vc.ptrs[i] = vchan_check_misfree;
		t->after_vc.ptrs[i] = vchan_check_misfree;
	}
	vchan_check_free_list(t);
	return t->freed == 1 && !t->misfreed ? NULL : "desc_free";
}

static const char *vchan_check_reuse(struct vchan_check *t)
{
	t->vd.tx.flags = DMA_CTRL_REUSE;
	vchan_check_free_list(t);
	if (!vchan_check_only(&t->vc.desc_allocated, &t->vd.node))
		return "desc_allocated";
	vchan_tx_desc_free(&t->vd.tx);
	t->vd.tx.flags = 0;
	return t->freed == 2 && vchan_check_empty(&t->vc.desc_allocated) ?
		NULL : "desc_allocated";
}

/* All memory that may be cyclic is NULL now. */
static const char *vchan_check_task(struct vchan_check *t)
{
	struct tasklet_struct *task = &t->vc.task;

	memset(&t->before_vc, 0, sizeof(t->before_vc));
	memset(&t->after_vc, 0, sizeof(t->after_vc));
	t->vc.cyclic = NULL;
	t->vd.tx.callback_result = vchan_check_callback;
	t->vd.tx.callback_param = t;

	list_add_tail(&t->vd.node, &t->vc.desc_completed);
	task->callback(task);
	if (t->freed != 3 || !vchan_check_empty(&t->vc.desc_completed))
		return "desc_completed";
	if (t->result != &t->vd.tx_result)
		return "tx_result";

	t->result = NULL;
	t->vc.cyclic = &t->vd;
	task->callback(task);
	return t->result == &t->vd.tx_result && !t->vc.cyclic ? NULL : "cyclic";
}

/* Nothing around the descriptor may have been written. */
static const char *vchan_check_desc_size(struct vchan_check *t)
{
	return vchan_check_margins(&t->before_vd, &t->after_vd) ?
		NULL : "size of virt_dma_desc";
}

/**
 * rkdma_check_virt_dma() - check that the kernel's virt-dma fits vchan.h
 *
 * Context: process.
 * Return: 0, -ENOEXEC with a message if not, or -ENOMEM.
 */
int rkdma_check_virt_dma(void)
{
	static const char *(*const steps[])(struct vchan_check *t) = {
		vchan_check_init, vchan_check_find, vchan_check_submit,
		vchan_check_desc_free, vchan_check_reuse, vchan_check_task,
		vchan_check_desc_size,
	};
	const char *differs = NULL;
	struct vchan_check *t;
	unsigned int i;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(steps) && !differs; i++)
		differs = steps[i](t);
	kfree(t);
	if (!differs)
		return 0;
	pr_err("rkdma: the virt-dma of this kernel has another layout than this module expects (%s); build it with the kernel's source tree as KDIR, so that its virt-dma.h is used\n",
	       differs);
	return -ENOEXEC;
}
