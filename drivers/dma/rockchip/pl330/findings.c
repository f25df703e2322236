// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides by the findings of the self-check (selfcheck.c) what the driver does without,
 * and reports both: in the log in a line, in debugfs in full.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "pl330.h"

/* Whether the driver relies on what the self-check finds */
bool pl330_trust = true;
module_param_named(trust, pl330_trust, bool, 0444);
MODULE_PARM_DESC(trust,
		 "0: do without all that controllers may do differently, whatever the self-check finds");

/* The delay of CSR that is assumed if nothing is trusted */
#define CHECK_UNTRUSTED_NS	1000

/**
 * pl330_decide() - decide what the driver does without
 * @p: the controller; &pl330.check has the findings of its threads
 * @trust: whether the driver may rely on what was found
 *
 * Sets the flags of @p that programs and positions depend on, and frees the threads that
 * can be used.
 *
 * Context: process.
 * Return: NULL, or why the controller cannot be used.
 */
const char *pl330_decide(struct pl330 *p, bool trust)
{
	bool stale_end = false, stale_kill = false, cured = true, patched = true, keeps = true;
	const struct pl330_finding *f;
	bool first = true;
	unsigned int n;

	for (n = 0; n < p->nr_threads; n++) {
		f = &p->check.threads[n];
		p->threads[n].id = n;
		p->threads[n].stuck = f->unused;
		if (f->unused)
			continue;
		if (first)
			p->cpc_end = f->cpc_end;
		else if (p->cpc_end != f->cpc_end)
			p->cpc_end = PL330_CPC_UNKNOWN;
		first = false;
		stale_end |= f->stale_end;
		stale_kill |= f->stale_kill;
		cured &= f->invalidates;
		patched &= f->patched;
		keeps &= f->kill_keeps;
		p->inten |= BIT(p->threads[n].event);
		p->event_thread[p->threads[n].event] = &p->threads[n];
		p->free_threads |= BIT(n);
	}
	if (first)
		return "no thread can be used";
	if ((stale_end || stale_kill) && !cured)
		return "threads execute stale code, and DMAWFE does not invalidate it";
	if (!trust) {
		p->cpc_end = PL330_CPC_UNKNOWN;
		p->csr_late_ns = max_t(u32, p->csr_late_ns, CHECK_UNTRUSTED_NS);
	}
	p->invalidate = stale_end || stale_kill || (!trust && cured);
	/* A kill that loses the position repeats copies: see pl330_stop_copy(). */
	p->one_copy = !keeps || !trust;
	p->no_append = p->one_copy || !patched || p->cpc_end < 0;
	p->can_ring &= trust;
	return NULL;
}

static const char *pl330_without(struct pl330 *p, char *buf, size_t size)
{
	unsigned int threads = FIELD_GET(PL330_CR0_NUM_CHNLS, p->check.cr[0]) + 1;
	unsigned int used = 0, i;
	size_t n = 0;

	for (i = 0; i < p->nr_threads; i++)
		used += !p->check.threads[i].unused;
	buf[0] = '\0';
	if (p->no_append)
		n += scnprintf(buf + n, size - n, ", appending to running programs");
	if (!p->can_ring)
		n += scnprintf(buf + n, size - n, ", loops without end");
	if (p->cpc_end < 0)
		n += scnprintf(buf + n, size - n, ", CPC after DMAEND");
	if (p->one_copy)
		n += scnprintf(buf + n, size - n, ", programs of several copies");
	if (p->invalidate)
		n += scnprintf(buf + n, size - n, ", cached code");
	if (p->csr_late_ns)
		n += scnprintf(buf + n, size - n, ", CSR for %u ns after a start",
			       p->csr_late_ns);
	if (used < threads)
		n += scnprintf(buf + n, size - n, ", %u of %u threads", threads - used, threads);
	return n ? buf + 2 : "nothing";
}

/**
 * pl330_report() - write the findings, and what is done without, to the log
 * @p: the controller
 *
 * Context: process.
 */
void pl330_report(struct pl330 *p)
{
	struct pl330_finding *f = p->check.threads;
	struct device *dev = p->rk.dev;
	char without[192];
	unsigned int n;

	for (n = 0; n < p->nr_threads; n++)
		if (p->check.threads[n].unused)
			dev_warn(dev, "thread %u is not used: %s\n", n,
				 p->check.threads[n].unused);
	if (p->check.fault_irq < 0)
		dev_warn(dev, "a fault raises no interrupt\n");
	for (n = 0; n < p->nr_threads - 1 && f->unused; n++)
		f++;
	dev_info(dev,
		 "self-check, %u us a thread: CPC after DMAEND %+d, DMAKILL %s registers, %d bytes fetched ahead, start seen within %u ns, %u bytes copied in %u ns, store %u ns; done without: %s\n",
		 p->check.took_us, f->cpc_end, f->kill_keeps ? "keeps" : "loses",
		 f->ahead, f->late_ns, f->copy_len, f->copy_ns, f->store_ns,
		 pl330_without(p, without, sizeof(without)));
}

#ifdef CONFIG_DEBUG_FS
static int pl330_selfcheck_show(struct seq_file *s, void *unused)
{
	struct pl330 *p = s->private;
	const u32 *cr = p->check.cr;
	char without[192];
	unsigned int n;

	seq_printf(s, "id %#010x, revision %lu\n", p->check.id,
		   FIELD_GET(PL330_ID_REVISION, p->check.id));
	seq_printf(s, "CR0 %#x, CR1 %#x, CR2 %#x, CR3 %#x, CR4 %#x, CRD %#x\n",
		   cr[0], cr[1], cr[2], cr[3], cr[4], p->check.crd);
	seq_printf(s, "instruction cache: %lu lines of %lu bytes\n",
		   FIELD_GET(PL330_CR1_ICACHE_LINES, cr[1]) + 1,
		   BIT(FIELD_GET(PL330_CR1_ICACHE_LEN, cr[1])));
	seq_printf(s, "events: usable %#x, tried and interrupt %#x\n", p->events,
		   p->check.wired);
	seq_printf(s, "interrupt of faults: %d\n", p->check.fault_irq);
	seq_printf(s, "took %u us a thread; done without: %s\n", p->check.took_us,
		   pl330_without(p, without, sizeof(without)));
	for (n = 0; n < p->nr_threads; n++) {
		const struct pl330_finding *f = &p->check.threads[n];

		seq_printf(s, "thread %u: event %u, gate %u: %s\n", n, p->threads[n].event,
			   p->threads[n].gate, f->unused ?: "used");
		seq_printf(s, " start seen within %u ns, CPC after DMAEND %+d, DMAKILL keeps registers %d\n",
			   f->late_ns, f->cpc_end, f->kill_keeps);
		seq_printf(s, " code stale after DMAEND %d, after DMAKILL %d, DMAWFE invalidates %d, %d bytes fetched ahead, late patch seen %d\n",
			   f->stale_end, f->stale_kill, f->invalidates, f->ahead, f->patched);
		seq_printf(s, " %u bytes copied in %u ns, in memory after DMAWMB %d, store %u ns, FTR of an undefined instruction %#x\n",
			   f->copy_len, f->copy_ns, f->barrier, f->store_ns, f->ftr);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pl330_selfcheck);

/**
 * pl330_add_debugfs() - show the findings in debugfs
 * @p: the controller, registered; its file goes when it is unregistered
 *
 * Context: process.
 */
void pl330_add_debugfs(struct pl330 *p)
{
	struct dentry *slave = p->rk.slave.dbg_dev_root, *memcpy = p->rk.memcpy.dbg_dev_root;

	/* Both dma_devices have the device's name, so one of them has no folder. */
	if (!IS_ERR_OR_NULL(slave))
		debugfs_create_file("selfcheck", 0444, slave, p, &pl330_selfcheck_fops);
	else if (!IS_ERR_OR_NULL(memcpy))
		debugfs_create_file("selfcheck", 0444, memcpy, p, &pl330_selfcheck_fops);
}
#endif
