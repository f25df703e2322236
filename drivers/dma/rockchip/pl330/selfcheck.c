// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-check: at probe, finds out on each thread what the driver builds on.
 *
 * The manual leaves open what the assumptions in docs/hardware.md (P1 to P18) say, and
 * silicon may differ. What a controller without peripherals can show is tried here by
 * small programs. A thread that fails is not used; a property that is missing is done
 * without, or the driver does not bind. dmesg has the result in a line, debugfs in full.
 *
 * Each program has code of its own at SLOT() in the thread's memory, so that a stale
 * instruction cache, which is one of the findings, does not spoil the other checks.
 */
#include <linux/amba/bus.h>
#include <linux/interrupt.h>
#include <linux/iopoll.h>
#include <linux/ktime.h>

#include "../compat.h"
#include "pl330.h"

/* Bounds: of what takes a few microseconds; of an interrupt; of CSR's delay */
#define CHECK_US		1000
#define CHECK_IRQ_US		10000
#define CHECK_LATE_NS		10000
/* For so long, what must not happen is waited for. */
#define CHECK_HOLD_US		2

/* Offsets in a thread's memory: of programs, and of what they copy */
#define SLOT(n)			((n) * 512)
#define CHECK_SRC		4096
#define CHECK_DST		6144
#define CHECK_COPY		2048
#define CHECK_STORES		32

#define NR(event)		FIELD_PREP(PL330_OPERAND_NR, event)
/* DMASEV; an instruction that is not defined */
#define SEV_LEN			2
#define OP_UNDEFINED		0xff

/**
 * struct pl330_irq_check - the interrupts during the check
 * @p: the controller
 * @seen: events that interrupted
 * @fault_irq: the interrupt that a fault raised, or 0
 */
struct pl330_irq_check {
	struct pl330 *p;
	atomic_t seen;
	int fault_irq;
};

static irqreturn_t pl330_check_irq(int irq, void *data)
{
	struct pl330_irq_check *c = data;
	u32 events = readl(c->p->base + PL330_INTMIS);

	if (events) {
		writel(events, c->p->base + PL330_INTCLR);
		atomic_or(events, &c->seen);
		return IRQ_HANDLED;
	}
	if (!readl(c->p->base + PL330_FSRC))
		return IRQ_NONE;
	/* It stays raised until the thread is killed. */
	disable_irq_nosync(irq);
	WRITE_ONCE(c->fault_irq, irq);
	return IRQ_HANDLED;
}

/* INTCLR may ignore events that are no interrupts (P8). Then no event is an interrupt. */
static void pl330_clear_events(struct pl330 *p)
{
	writel(p->events, p->base + PL330_INTEN);
	writel(p->events, p->base + PL330_INTCLR);
	writel(0, p->base + PL330_INTEN);
}

/* Signal an event as DMASEV of a thread does. */
static int pl330_signal_event(struct pl330 *p, unsigned int event)
{
	return pl330_execute_unowned(p, NULL, PL330_OP_DMASEV, NR(event));
}

static bool pl330_interrupts(struct pl330_irq_check *c, unsigned int event)
{
	u32 seen;

	writel(BIT(event), c->p->base + PL330_INTEN);
	atomic_set(&c->seen, 0);
	if (pl330_signal_event(c->p, event))
		return false;
	/* Normally it comes within microseconds. */
	if (read_poll_timeout(atomic_read, seen, seen & BIT(event), 0, 20, false, &c->seen))
		read_poll_timeout(atomic_read, seen, seen & BIT(event), 100, CHECK_IRQ_US,
				  false, &c->seen);
	writel(BIT(event), c->p->base + PL330_INTCLR);
	return seen & BIT(event);
}

/* The lowest events that interrupt, as many as there are threads */
static u32 pl330_find_wired(struct pl330_irq_check *c)
{
	u32 left = c->p->events, wired = 0;

	for (; left && hweight32(wired) < c->p->nr_threads; left &= left - 1)
		if (pl330_interrupts(c, __ffs(left)))
			wired |= BIT(__ffs(left));
	return wired;
}

/**
 * pl330_assign_events() - assign two events to each thread
 * @p: the controller; &pl330.events are those that may be used
 * @wired: those of them that interrupt
 *
 * Threads interrupt with the lowest events, since mainline has only ever used events 0
 * to 7 of an RK3588. Gates are the highest ones: no interrupt arrives for them. Threads
 * without two events are not used.
 *
 * Context: process.
 */
void pl330_assign_events(struct pl330 *p, u32 wired)
{
	u32 gates = p->events;
	struct pl330_thread *t;
	unsigned int n;

	p->nr_threads = min3(p->nr_threads, (unsigned int)hweight32(wired),
			     (unsigned int)hweight32(p->events) / 2);
	for (n = 0; n < p->nr_threads; n++) {
		t = &p->threads[n];
		t->event = __ffs(wired);
		wired &= wired - 1;
		gates &= ~BIT(t->event);
	}
	for (n = 0; n < p->nr_threads; n++) {
		t = &p->threads[n];
		t->gate = __fls(gates);
		gates &= ~BIT(t->gate);
	}
}

/* Whether an event that is an interrupt is pending; it is cleared. */
static bool pl330_raised(struct pl330 *p, unsigned int event)
{
	if (!(readl(p->base + PL330_INTMIS) & BIT(event)))
		return false;
	writel(BIT(event), p->base + PL330_INTCLR);
	return true;
}

static bool pl330_at_rest(u32 csr)
{
	u32 status = FIELD_GET(PL330_CSR_STATUS, csr);

	return pl330_stopped(status) || status == PL330_THREAD_AT_EVENT ||
	       status == PL330_THREAD_FAULT;
}

/* Wait until a thread has stopped, waits for an event, or faults. Returns its state. */
static u32 pl330_rest(struct pl330_thread *t)
{
	u32 csr;

	readl_poll_timeout(t->csr, csr, pl330_at_rest(csr), 0, CHECK_US);
	return FIELD_GET(PL330_CSR_STATUS, csr);
}

static bool pl330_waits(struct pl330_thread *t)
{
	return pl330_rest(t) == PL330_THREAD_AT_EVENT;
}

static bool pl330_ends(struct pl330_thread *t)
{
	return pl330_stopped(pl330_rest(t));
}

/* Run a program that ends. Returns whether it has ended. */
static bool pl330_run_slot(struct pl330 *p, struct pl330_thread *t, unsigned int off)
{
	return !pl330_go_unowned(p, t, off) && pl330_ends(t);
}

/*
 * Kill a thread, unless it has stopped: that may keep the debug interface busy. Returns
 * whether it stops.
 */
static bool pl330_kill_running(struct pl330 *p, struct pl330_thread *t)
{
	u32 csr;

	if (pl330_stopped(pl330_status(t)))
		return true;
	return !pl330_execute_unowned(p, t, PL330_OP_DMAKILL, 0) &&
	       !readl_poll_timeout(t->csr, csr, pl330_stopped(csr & PL330_CSR_STATUS), 0,
				   CHECK_US);
}

/*
 * The firmware or another driver may have left the thread running. One that is ending or
 * being killed is left to it.
 */
static const char *pl330_check_stopped(struct pl330 *p, struct pl330_thread *t)
{
	u32 status = pl330_status(t);
	u32 csr;

	if (status == PL330_THREAD_KILLING || status == PL330_THREAD_COMPLETING)
		readl_poll_timeout(t->csr, csr, pl330_stopped(csr & PL330_CSR_STATUS), 0,
				   CHECK_US);
	return pl330_kill_running(p, t) ? NULL : "it does not stop";
}

/*
 * ns within which CSR showed that a program, which waits, was started; 0 if at once. CSR is
 * read sooner here than anywhere else, so a delay that is not seen here is seen nowhere.
 * Negative if the thread was not started.
 */
static s64 pl330_start_late(struct pl330 *p, struct pl330_thread *t, unsigned int off)
{
	u64 start;
	u32 csr;

	if (pl330_go_unowned(p, t, off))
		return -ETIMEDOUT;
	if (!pl330_stopped(pl330_status(t)))
		return 0;
	start = ktime_get_ns();
	if (readl_poll_timeout(t->csr, csr, !pl330_stopped(csr & PL330_CSR_STATUS), 0,
			       CHECK_US))
		return -ETIMEDOUT;
	return max_t(s64, ktime_get_ns() - start, 100);
}

/* Start a program that waits, and find out when CSR shows that (P9). */
static const char *pl330_check_start(struct pl330 *p, struct pl330_thread *t,
				     struct pl330_finding *f, unsigned int off)
{
	/* The task may have been preempted meanwhile. */
	unsigned int tries = 3;
	s64 late;

	for (;;) {
		late = pl330_start_late(p, t, off);
		if (late < 0)
			return "it does not execute";
		f->late_ns = p->csr_late_ns + late;
		if (f->late_ns <= CHECK_LATE_NS)
			break;
		if (!--tries)
			return "CSR shows a start too late";
		if (!pl330_kill_running(p, t))
			return "DMAKILL does not stop it";
	}
	if (late)
		p->csr_late_ns = 2 * f->late_ns;
	return NULL;
}

/* Whether a thread that was started with its gate closed waits there. */
static bool pl330_gate_stops(struct pl330 *p, struct pl330_thread *t)
{
	if (pl330_waits(t))
		udelay(CHECK_HOLD_US);
	return pl330_waits(t) && !pl330_raised(p, t->event);
}

/*
 * The gate: open it does not stop the thread; closed it does (P6), and the event, when it
 * is none of the interrupts any more and is signalled, releases it. Then CPC after DMAEND
 * (P3).
 */
static const char *pl330_check_gate(struct pl330 *p, struct pl330_thread *t,
				    struct pl330_finding *f)
{
	const u8 code[] = {
		PL330_OP_DMASEV, NR(t->gate), PL330_OP_DMAWFE, NR(t->gate),
		PL330_OP_DMASEV, NR(t->event), PL330_OP_DMAEND
	};
	const u32 both = BIT(t->event) | BIT(t->gate);
	const char *why;
	int end;

	memcpy(t->code + SLOT(0), code, sizeof(code));
	writel(both, p->base + PL330_INTEN);
	why = pl330_check_start(p, t, f, SLOT(0));
	if (why)
		return why;
	/* If somebody has left the event signalled, that lets one wait pass. */
	if (!pl330_gate_stops(p, t) &&
	    (!pl330_ends(t) || pl330_go_unowned(p, t, SLOT(0)) || !pl330_gate_stops(p, t)))
		return "its gate does not stop it";
	writel(BIT(t->gate), p->base + PL330_INTCLR);
	writel(BIT(t->event), p->base + PL330_INTEN);
	if (pl330_signal_event(p, t->gate) || !pl330_ends(t))
		return "its gate does not release it";
	if (!pl330_raised(p, t->event))
		return "its event is not signalled";
	end = pl330_offset(t) - (SLOT(0) + sizeof(code) - 1);
	f->cpc_end = end == 0 || end == 1 ? end : PL330_CPC_UNKNOWN;
	if (!pl330_run_slot(p, t, SLOT(0)) || !pl330_raised(p, t->event))
		return "its gate stops it when it is open";
	return NULL;
}

/*
 * What DMAKILL keeps (P18), and whether code that was rewritten after it is seen (P5).
 * A thread that ignores DMAKILL is let go on to its end.
 */
static const char *pl330_check_kill(struct pl330 *p, struct pl330_thread *t,
				    struct pl330_finding *f)
{
	const u8 code[] = {
		PL330_OP_DMAMOV, PL330_MOV_SAR, 0x10, 0x32, 0x54, 0x76,
		PL330_OP_DMAMOV, PL330_MOV_DAR, 0x98, 0xba, 0xdc, 0xfe,
		PL330_OP_DMAWFE, NR(t->gate), PL330_OP_DMASEV, NR(t->event),
		PL330_OP_DMAEND
	};
	u8 *wait = t->code + SLOT(1) + 12;
	u32 off;

	memcpy(t->code + SLOT(1), code, sizeof(code));
	if (pl330_go_unowned(p, t, SLOT(1)) || !pl330_waits(t))
		return "it does not wait for an event";
	off = pl330_offset(t);
	if (!pl330_kill_running(p, t)) {
		pl330_signal_event(p, t->gate);
		return "DMAKILL does not stop it";
	}
	f->kill_keeps = pl330_offset(t) == off &&
			readl(p->base + PL330_SAR(t->id)) == 0x76543210 &&
			readl(p->base + PL330_DAR(t->id)) == 0xfedcba98;
	memset(wait, PL330_OP_DMANOP, 2);
	f->stale_kill = !pl330_run_slot(p, t, SLOT(1));
	pl330_raised(p, t->event);
	return pl330_kill_running(p, t) ? NULL : "DMAKILL does not stop it";
}

/*
 * Whether code that was rewritten after DMAEND is seen (P5), and if not, whether DMAWFE
 * with "invalid" at its begin cures that: pl330_begin() then begins all programs so. That
 * begin is always the same, so it may be stale itself.
 */
static const char *pl330_check_cache(struct pl330 *p, struct pl330_thread *t,
				     struct pl330_finding *f)
{
	const u8 code[] = { PL330_OP_DMASEV, NR(t->event), PL330_OP_DMAEND };
	const u8 invalidate[] = {
		PL330_OP_DMASEV, NR(t->gate),
		PL330_OP_DMAWFE, NR(t->gate) | PL330_DMAWFE_INVALID
	};
	u8 *const cured = t->code + SLOT(3) + sizeof(invalidate);

	memcpy(t->code + SLOT(2), code, sizeof(code));
	if (!pl330_run_slot(p, t, SLOT(2)) || !pl330_raised(p, t->event))
		return "it does not execute";
	memset(t->code + SLOT(2), PL330_OP_DMANOP, SEV_LEN);
	if (!pl330_run_slot(p, t, SLOT(2)))
		return "it does not execute";
	f->stale_end = pl330_raised(p, t->event);

	memcpy(t->code + SLOT(3), invalidate, sizeof(invalidate));
	memcpy(cured, code, sizeof(code));
	f->invalidates = pl330_run_slot(p, t, SLOT(3)) && pl330_raised(p, t->event);
	/* After DMAEND: a wait instead of the signal */
	cured[0] = PL330_OP_DMAWFE;
	cured[1] = NR(t->gate);
	f->invalidates = f->invalidates && !pl330_go_unowned(p, t, SLOT(3)) && pl330_waits(t);
	if (!pl330_kill_running(p, t))
		return "DMAKILL does not stop it";
	/* After DMAKILL: neither */
	memset(cured, PL330_OP_DMANOP, SEV_LEN);
	f->invalidates = f->invalidates && pl330_run_slot(p, t, SLOT(3)) &&
			 !pl330_raised(p, t->event);
	return pl330_kill_running(p, t) ? NULL : "DMAKILL does not stop it";
}

/*
 * How many bytes a thread has fetched behind the instruction at which it waits: they are
 * overwritten by DMAEND meanwhile.
 */
static const char *pl330_check_ahead(struct pl330 *p, struct pl330_thread *t,
				     struct pl330_finding *f)
{
	enum { WAIT = 2, CODE = 256 };
	u8 *code = t->code + SLOT(4);

	memset(code, PL330_OP_DMANOP, CODE);
	code[0] = PL330_OP_DMAWFE;
	code[1] = NR(t->gate);
	code[CODE] = PL330_OP_DMAEND;
	if (pl330_go_unowned(p, t, SLOT(4)) || !pl330_waits(t))
		return "it does not wait for an event";
	udelay(CHECK_HOLD_US);
	memset(code + WAIT, PL330_OP_DMAEND, CODE - WAIT);
	if (pl330_signal_event(p, t->gate) || !pl330_ends(t))
		return "it does not go on after an event";
	f->ahead = f->cpc_end < 0 ? -1 :
		   (int)(pl330_offset(t) - f->cpc_end - SLOT(4) - WAIT);
	return NULL;
}

/*
 * The case that pl330_append_new() builds on (P4): behind a DMAWFE with "invalid", a DMAEND
 * that the thread may have cached becomes DMANOP before the thread gets there.
 */
static const char *pl330_check_splice(struct pl330 *p, struct pl330_thread *t,
				      struct pl330_finding *f)
{
	const u8 code[] = {
		PL330_OP_DMAWFE, NR(t->gate), PL330_OP_DMASEV, NR(t->gate),
		PL330_OP_DMAWFE, NR(t->gate) | PL330_DMAWFE_INVALID, PL330_OP_DMAEND,
		PL330_OP_DMASEV, NR(t->event), PL330_OP_DMAEND
	};
	u8 *end = t->code + SLOT(5) + 6;

	memcpy(t->code + SLOT(5), code, sizeof(code));
	if (pl330_go_unowned(p, t, SLOT(5)) || !pl330_waits(t))
		return "it does not wait for an event";
	udelay(CHECK_HOLD_US);
	*end = PL330_OP_DMANOP;
	if (pl330_signal_event(p, t->gate) || !pl330_ends(t))
		return "it does not go on after an event";
	f->patched = pl330_raised(p, t->event);
	return NULL;
}

static u8 *pl330_put_mov(u8 *to, unsigned int reg, u32 val)
{
	*to++ = PL330_OP_DMAMOV;
	*to++ = reg;
	put_unaligned_le32(val, to);
	return to + 4;
}

/* ns from the start of a program until it signals the thread's event; 0 if it does not */
static u32 pl330_time(struct pl330 *p, struct pl330_thread *t, unsigned int off)
{
	u64 start = ktime_get_ns();
	u32 events;

	if (pl330_go_unowned(p, t, off) ||
	    readl_poll_timeout(p->base + PL330_INTMIS, events, events & BIT(t->event), 0,
			       CHECK_US))
		return 0;
	return max_t(u64, ktime_get_ns() - start, 1);
}

/* CHECK_STORES rounds of two instructions */
static u32 pl330_time_pair(struct pl330 *p, struct pl330_thread *t, unsigned int off, u8 first,
			   u8 second)
{
	const u8 loop[] = {
		PL330_OP_DMALP, CHECK_STORES - 1, first, second, PL330_OP_DMALPEND, 2,
		PL330_OP_DMASEV, NR(t->event), PL330_OP_DMAEND
	};
	u8 *to = t->code + off;
	u32 ns;

	/* The address stays. */
	to = pl330_put_mov(to, PL330_MOV_CCR, pl330_ccr(DMA_MEM_TO_DEV, p->width, 1, 1));
	to = pl330_put_mov(to, PL330_MOV_DAR, (u32)t->dma + CHECK_DST);
	memcpy(to, loop, sizeof(loop));
	ns = pl330_time(p, t, off);
	pl330_raised(p, t->event);
	return pl330_ends(t) ? ns : 0;
}

/*
 * A copy, whose data must be in memory when a thread has passed DMAWMB; how long it takes;
 * and how long a store takes until DMAWMB lets the thread pass. Whether the data of a
 * single store are in memory by then is seen only if the CPU is fast enough.
 */
static const char *pl330_check_copy(struct pl330 *p, struct pl330_thread *t,
				    struct pl330_finding *f)
{
	const unsigned int bursts = min(CHECK_COPY / p->burst_len, (u32)PL330_LOOP_MAX);
	const u32 len = bursts * p->burst_len;
	const u8 loop[] = {
		PL330_OP_DMALP, bursts - 1, PL330_OP_DMALD, PL330_OP_DMAST,
		PL330_OP_DMALPEND, 2, PL330_OP_DMAWMB, PL330_OP_DMASEV, NR(t->event),
		PL330_OP_DMAEND
	};
	u8 *to = t->code + SLOT(6), *src = t->code + CHECK_SRC, *dst = t->code + CHECK_DST;
	u32 empty, i;

	for (i = 0; i < CHECK_COPY; i++) {
		src[i] = i * 7 + i / 256 + t->id;
		dst[i] = ~src[i];
	}
	to = pl330_put_mov(to, PL330_MOV_CCR, p->copy_ccr);
	to = pl330_put_mov(to, PL330_MOV_SAR, (u32)t->dma + CHECK_SRC);
	to = pl330_put_mov(to, PL330_MOV_DAR, (u32)t->dma + CHECK_DST);
	memcpy(to, loop, sizeof(loop));
	f->copy_len = len;
	f->copy_ns = pl330_time(p, t, SLOT(6));
	if (!f->copy_ns)
		return "it does not copy";
	f->barrier = dst[len - 1] == src[len - 1] && !memcmp(dst, src, len);
	pl330_raised(p, t->event);
	if (!pl330_ends(t) || memcmp(dst, src, len))
		return "its copies do not arrive";

	empty = pl330_time_pair(p, t, SLOT(6) + 128, PL330_OP_DMANOP, PL330_OP_DMANOP);
	i = pl330_time_pair(p, t, SLOT(6) + 256, PL330_OP_DMASTZ, PL330_OP_DMAWMB);
	f->store_ns = i > empty ? (i - empty) / CHECK_STORES : 0;
	return empty && i ? NULL : "it does not execute";
}

static void pl330_enable_irqs(struct amba_device *adev, bool on)
{
	unsigned int i;

	for (i = 0; i < AMBA_NR_IRQS && adev->irq[i]; i++)
		if (on)
			enable_irq(adev->irq[i]);
		else
			disable_irq(adev->irq[i]);
}

/* Whether the fault that is there interrupts. The interrupts are disabled. */
static bool pl330_fault_interrupts(struct pl330_irq_check *c, struct amba_device *adev)
{
	unsigned int i;
	int irq;

	pl330_enable_irqs(adev, true);
	read_poll_timeout(READ_ONCE, irq, irq, 10, CHECK_IRQ_US, false, c->fault_irq);
	/* The handler has disabled the one that came. */
	irq = READ_ONCE(c->fault_irq);
	for (i = 0; i < AMBA_NR_IRQS && adev->irq[i]; i++)
		if (adev->irq[i] != irq)
			disable_irq(adev->irq[i]);
	return irq;
}

/*
 * An undefined instruction: the thread faults, FTR says why, and DMAKILL stops it. The
 * first thread also shows whether a fault interrupts.
 */
static const char *pl330_check_fault(struct pl330_irq_check *c, struct amba_device *adev,
				     struct pl330_thread *t, struct pl330_finding *f)
{
	struct pl330 *p = c->p;
	u32 status;

	memset(t->code + SLOT(7), OP_UNDEFINED, 8);
	if (pl330_go_unowned(p, t, SLOT(7)))
		return "the debug interface stays busy";
	status = pl330_rest(t);
	f->ftr = readl(p->base + PL330_FTR(t->id));
	if (status == PL330_THREAD_FAULT && !p->check.fault_irq)
		p->check.fault_irq = pl330_fault_interrupts(c, adev) ? c->fault_irq : -1;
	if (!pl330_kill_running(p, t))
		return "DMAKILL does not stop it after a fault";
	if (status != PL330_THREAD_FAULT)
		return "it does not fault at an undefined instruction";
	return pl330_run_slot(p, t, SLOT(2)) ? NULL : "it does not execute after a fault";
}

static const char *pl330_check_thread(struct pl330_irq_check *c, struct amba_device *adev,
				      struct pl330_thread *t, struct pl330_finding *f)
{
	struct pl330 *p = c->p;
	const char *why = pl330_check_gate(p, t, f);

	if (!why)
		why = pl330_check_kill(p, t, f);
	if (!why)
		why = pl330_check_cache(p, t, f);
	if (!why)
		why = pl330_check_ahead(p, t, f);
	if (!why)
		why = pl330_check_splice(p, t, f);
	if (!why)
		why = pl330_check_copy(p, t, f);
	if (!why)
		why = pl330_check_fault(c, adev, t, f);
	if (readl(p->base + PL330_FSRD) & 1) {
		f->ftr = readl(p->base + PL330_FTRD);
		pl330_execute_unowned(p, NULL, PL330_OP_DMAKILL, 0);
		why = "the manager does not start it";
	}
	/* What it waits for must not let it go on later, when its code may be gone. */
	if (why)
		pl330_kill_running(p, t);
	pl330_clear_events(p);
	return why;
}

/*
 * Stop what the firmware or another driver has left, before the interrupts are requested.
 * Returns why that is not possible, or NULL.
 */
static const char *pl330_quiesce(struct pl330 *p)
{
	unsigned int n;
	u32 status;

	if (readl_poll_timeout(p->base + PL330_DBGSTATUS, status,
			       !(status & PL330_DBGSTATUS_BUSY), 1, CHECK_US))
		return "the debug interface is busy";
	for (n = 0; n < p->nr_threads; n++)
		p->check.threads[n].unused = pl330_check_stopped(p, &p->threads[n]);
	pl330_clear_events(p);
	return readl(p->base + PL330_FSRC) ? "a thread that faults cannot be stopped" : NULL;
}

/* Find out all, with the interrupts requested. Returns why it cannot be used, or NULL. */
static const char *pl330_check_all(struct pl330_irq_check *c, struct amba_device *adev)
{
	struct pl330 *p = c->p;
	struct pl330_finding *f = p->check.threads;
	unsigned int n;
	u64 start;

	p->check.wired = pl330_find_wired(c);
	writel(0, p->base + PL330_INTEN);
	if (!p->check.wired)
		return "no event interrupts";
	pl330_assign_events(p, p->check.wired);
	/* From here on INTMIS tells what a thread has signalled. */
	pl330_enable_irqs(adev, false);
	start = ktime_get_ns();
	for (n = 0; n < p->nr_threads; n++)
		if (!f[n].unused)
			f[n].unused = pl330_check_thread(c, adev, &p->threads[n], &f[n]);
	p->check.took_us = div_u64(ktime_get_ns() - start, NSEC_PER_USEC * p->nr_threads);
	/* Another device may have the same interrupt. */
	pl330_enable_irqs(adev, true);
	if (readl(p->base + PL330_FSRC))
		return "a thread that faults cannot be stopped";
	return pl330_decide(p, pl330_trust);
}

/**
 * pl330_self_check() - check each thread, and decide what is done without
 * @p: the controller, with memory for its threads
 * @adev: its device, whose interrupts nobody has requested yet
 *
 * Context: process.
 * Return: 0, or a negative errno with a message.
 */
int pl330_self_check(struct pl330 *p, struct amba_device *adev)
{
	struct pl330_irq_check c = { .p = p };
	unsigned int threads = p->nr_threads, n;
	const char *why;
	int irqs;

	/* Those that are not used can fault, too. */
	for (n = 0; n < PL330_MAX_THREADS; n++) {
		p->threads[n].id = n;
		p->threads[n].csr = p->base + PL330_CSR(n);
	}
	p->check.id = adev->periphid;
	for (n = 0; n < ARRAY_SIZE(p->check.cr); n++)
		p->check.cr[n] = readl(p->base + PL330_CR0 + 4 * n);
	p->check.crd = readl(p->base + PL330_CRD);
	why = pl330_quiesce(p);
	if (!why) {
		irqs = pl330_request_irqs(adev, pl330_check_irq, &c);
		if (irqs < 0)
			return irqs;
		why = pl330_check_all(&c, adev);
		pl330_free_irqs(adev, &c, irqs);
	}
	if (why) {
		for (n = 0; n < p->nr_threads; n++)
			if (p->check.threads[n].unused)
				dev_err(p->rk.dev, "thread %u: %s; state %u, fault %#x\n",
					n, p->check.threads[n].unused,
					pl330_status(&p->threads[n]), p->check.threads[n].ftr);
		return dev_err_probe(p->rk.dev, -EIO, "%s\n", why);
	}
	if (p->nr_threads < threads)
		dev_warn(p->rk.dev, "%u of %u threads can be used: events %#x interrupt\n",
			 p->nr_threads, threads, p->check.wired);
	pl330_report(p);
	return 0;
}
