/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strict PL330: a model of Arm's DMA-330 by its manual (DDI 0424), in virtual time.
 * This file has its registers, the debug interface, events, request lines and interrupts.
 * docs/hardware.md says what it does, and what silicon may do otherwise.
 */
#include "qemu/osdep.h"
#include "rkdma-pl330.h"
#include "rkdma-model.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "trace.h"

REG32(DSR, 0x000)
REG32(DPC, 0x004)
REG32(INTEN, 0x020)
REG32(INT_EVENT_RIS, 0x024)
REG32(INTMIS, 0x028)
REG32(INTCLR, 0x02c)
REG32(FSRD, 0x030)
REG32(FSRC, 0x034)
REG32(FTRD, 0x038)
#define A_FTR           0x040
#define A_CSR           0x100   /* and CPC, for each thread */
#define A_SAR           0x400   /* and DAR, CCR, LC0, LC1 */
REG32(DBGSTATUS, 0xd00)
REG32(DBGCMD, 0xd04)
REG32(DBGINST0, 0xd08)
REG32(DBGINST1, 0xd0c)
REG32(CR0, 0xe00)
    FIELD(CR0, PERIPH_REQ, 0, 1)
    FIELD(CR0, MGR_NS_AT_RST, 2, 1)
    FIELD(CR0, NUM_CHNLS, 4, 3)
    FIELD(CR0, NUM_PERIPH_REQ, 12, 5)
    FIELD(CR0, NUM_EVENTS, 17, 5)
REG32(CR1, 0xe04)
    FIELD(CR1, ICACHE_LEN, 0, 3)
    FIELD(CR1, ICACHE_LINES, 4, 4)
REG32(CR2, 0xe08)
REG32(CR3, 0xe0c)
REG32(CR4, 0xe10)
REG32(CRD, 0xe14)
    FIELD(CRD, DATA_WIDTH, 0, 3)
    FIELD(CRD, WR_CAP, 4, 3)
    FIELD(CRD, WR_Q_DEP, 8, 4)
    FIELD(CRD, RD_CAP, 12, 3)
    FIELD(CRD, RD_Q_DEP, 16, 4)
    FIELD(CRD, DATA_BUFFER_DEP, 20, 10)
REG32(WD, 0xe80)
#define A_ID            0xfe0

#define WINDOW          0x1000

void rkdma_pl330_guest_error(RkdmaPl330 *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    rkdma_count_guest_error(TYPE_RKDMA_PL330, &s->c.guest_errors, fmt, ap);
    va_end(ap);
}

static uint32_t fsrc(RkdmaPl330 *s)
{
    uint32_t v = 0;

    for (int n = 0; n < s->threads; n++) {
        v |= rkdma_pl330_is_faulting(&s->thread[n]) << n;
    }
    return v;
}

void rkdma_pl330_update_irqs(RkdmaPl330 *s)
{
    uint32_t on = s->pending_irq & s->inten & s->k.irq_wired, changed = on ^ s->irq_level;
    bool abort = fsrc(s) || s->mgr_ftr;

    if (changed || abort != s->abort_level) {
        trace_rkdma_pl330_irq(on, abort);
    }
    s->irq_level = on;
    s->c.irqs_raised += ctpop32(changed & on);
    for (int n = 0; changed; n++, changed >>= 1) {
        if (changed & 1) {
            qemu_set_irq(s->irq[n], on >> n & 1);
        }
    }
    if (abort != s->abort_level) {
        s->abort_level = abort;
        qemu_set_irq(s->abort, abort);
    }
}

void rkdma_pl330_signal(RkdmaPl330 *s, unsigned event)
{
    if (!(s->inten >> event & 1)) {
        s->event |= 1u << event;
        return;
    }
    s->pending_irq |= 1u << event;
    if (s->k.irq_event_passes) {
        s->event |= 1u << event;
    }
    rkdma_pl330_update_irqs(s);
}

static bool serves(const PlQueue *q, unsigned line)
{
    for (unsigned i = 0; i < q->n; i++) {
        if (q->entry[i].line == line) {
            return true;
        }
    }
    return false;
}

/*
 * A request is latched as the line comes up, and stays until a load or store takes it or
 * it is flushed, whatever the line does. A peripheral makes no other request before its
 * data have moved and it is told so. After that the level counts again, once the
 * peripheral has had the time to withdraw it.
 */
PlRequest rkdma_pl330_requested(RkdmaPl330 *s, unsigned line)
{
    /* A load or store that has taken the last one may not be acknowledged yet. */
    if (s->level[line] && s->request_due[line] <= s->t && s->request[line] != REQ_BURST &&
        !serves(&s->reads, line) && !serves(&s->writes, line)) {
        bool burst = s->level[line] & 1 && !s->k.request_single;

        s->request[line] = burst ? REQ_BURST : REQ_SINGLE;
    }
    return s->request[line];
}

static void renew(RkdmaPl330 *s, unsigned line)
{
    s->request[line] = REQ_NONE;
    s->request_due[line] = s->t + rkdma_pl330_ps(s, s->request_ns);
}

void rkdma_pl330_take(RkdmaPl330 *s, unsigned line, PlRequest kind)
{
    if (s->k.request_burst_only && kind == REQ_SINGLE) {
        rkdma_pl330_guest_error(s, "line %u: its peripheral knows no single transfers",
                                line);
    }
    s->request[line] = REQ_NONE;
}

void rkdma_pl330_acknowledge(RkdmaPl330 *s, unsigned line)
{
    renew(s, line);
}

void rkdma_pl330_flush(RkdmaPl330 *s, unsigned line)
{
    if (!s->k.flush_nothing) {
        renew(s, line);
    }
}

static void set_level(RkdmaPl330 *s, int line, uint32_t bit, bool on)
{
    uint32_t level = on ? s->level[line] | bit : s->level[line] & ~bit;

    if (line >= s->lines || level == s->level[line]) {
        return;
    }
    trace_rkdma_pl330_request(line, level);
    /* Time passes, and requests are latched, by the old level. */
    rkdma_pl330_kick(s);
    rkdma_pl330_requested(s, line);
    s->level[line] = level;
    rkdma_pl330_requested(s, line);
}

static void burst_request(void *opaque, int line, int level)
{
    set_level(opaque, line, 1, level);
}

static void single_request(void *opaque, int line, int level)
{
    set_level(opaque, line, 2, level);
}

static uint32_t byte0(RkdmaPl330 *s)
{
    return s->dbginst[0] >> 16 & 0xff;
}

/* DMAGO by the manager. */
static void debug_go(RkdmaPl330 *s)
{
    unsigned n = s->dbginst[0] >> 24;
    bool ns = byte0(s) & 2;

    if (n >= s->threads) {
        s->mgr_ftr |= PL_OPERAND | PL_DBG_INSTR;
    } else if (s->mgr_ns && !ns) {
        s->mgr_ftr |= PL_DMAGO_ERR | PL_DBG_INSTR;
    } else if (s->thread[n].state != PL_STOPPED) {
        rkdma_pl330_guest_error(s, "DMAGO of thread %u, which is in state %u", n,
                                s->thread[n].state);
    } else {
        rkdma_pl330_go(s, &s->thread[n], s->dbginst[1], ns);
    }
}

/* What a debug instruction does wrong. @t: the thread, or NULL for the manager. */
static void debug_fault(RkdmaPl330 *s, PlThread *t, uint32_t why)
{
    if (t) {
        rkdma_pl330_fault(s, t, why | PL_DBG_INSTR);
    } else {
        s->mgr_ftr |= why | PL_DBG_INSTR;
    }
}

static void debug_sev(RkdmaPl330 *s, PlThread *t)
{
    uint8_t arg = s->dbginst[0] >> 24;

    if (arg & 7 || arg >> 3 >= s->events) {
        debug_fault(s, t, PL_OPERAND);
    } else if ((t ? t->ns : s->mgr_ns) && !(s->ins >> (arg >> 3) & 1)) {
        debug_fault(s, t, PL_EVENT_ERR);
    } else {
        rkdma_pl330_signal(s, arg >> 3);
    }
}

static void debug_kill(RkdmaPl330 *s, PlThread *t)
{
    if (!t) {
        s->mgr_ftr = 0;
        return;
    }
    if (t->state == PL_STOPPED && s->k.kill_stopped_stuck) {
        s->dbg_busy = true;
        s->dbg_due = PL_NEVER;
    }
    rkdma_pl330_kill(s, t);
}

void rkdma_pl330_debug(RkdmaPl330 *s)
{
    PlThread *t = NULL;

    trace_rkdma_pl330_debug(s->dbginst[0], s->dbginst[1]);
    s->dbg_busy = false;
    if (s->dbginst[0] & 1) {
        unsigned n = s->dbginst[0] >> 8 & 7;

        if (n >= s->threads) {
            rkdma_pl330_guest_error(s, "a debug instruction for thread %u", n);
            return;
        }
        t = &s->thread[n];
    }
    if (byte0(s) == 0x01) {
        debug_kill(s, t);
    } else if (!t && s->mgr_ftr) {
        rkdma_pl330_guest_error(s, "a debug instruction while the manager faults");
    } else if (byte0(s) == 0x34) {
        debug_sev(s, t);
    } else if ((byte0(s) & ~2) == 0xa0 && !t) {
        debug_go(s);
    } else {
        debug_fault(s, t, PL_UNDEF);
    }
    rkdma_pl330_update_irqs(s);
}

static uint32_t cr0(RkdmaPl330 *s)
{
    uint32_t v = 0;

    v = FIELD_DP32(v, CR0, PERIPH_REQ, s->lines > 0);
    v = FIELD_DP32(v, CR0, MGR_NS_AT_RST, s->mgr_ns);
    v = FIELD_DP32(v, CR0, NUM_CHNLS, s->threads - 1);
    v = FIELD_DP32(v, CR0, NUM_PERIPH_REQ, s->lines ? s->lines - 1 : 0);
    return FIELD_DP32(v, CR0, NUM_EVENTS, s->events - 1);
}

static uint32_t cr1(RkdmaPl330 *s)
{
    uint32_t v = FIELD_DP32(0, CR1, ICACHE_LEN, ctz32(s->icache_line));

    return FIELD_DP32(v, CR1, ICACHE_LINES, s->icache_lines - 1);
}

static uint32_t crd(RkdmaPl330 *s)
{
    uint32_t v = FIELD_DP32(0, CRD, DATA_WIDTH, ctz32(s->data_width / 8));

    v = FIELD_DP32(v, CRD, WR_CAP, s->wr_cap - 1);
    v = FIELD_DP32(v, CRD, WR_Q_DEP, s->wr_queue - 1);
    v = FIELD_DP32(v, CRD, RD_CAP, s->rd_cap - 1);
    v = FIELD_DP32(v, CRD, RD_Q_DEP, s->rd_queue - 1);
    return FIELD_DP32(v, CRD, DATA_BUFFER_DEP, s->buffer_lines - 1);
}

static uint32_t id(RkdmaPl330 *s, hwaddr addr)
{
    static const uint8_t bytes[8] = { 0x30, 0x13, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };
    unsigned n = (addr - A_ID) / 4;

    return s->k.id_zero ? 0 : bytes[n] | (n == 2 ? s->revision << 4 : 0);
}

static uint32_t csr(RkdmaPl330 *s, PlThread *t)
{
    uint32_t state = t->state, v;

    if (t->shown_until > qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
        state = t->shown;
    } else if (state == PL_AT_EVENT && s->event >> t->number & 1 && !s->k.wfe_shown) {
        state = PL_EXECUTING;
    }
    v = state | t->wfp << 14 | t->ns << 21;
    return state == PL_AT_EVENT || state == PL_AT_PERIPHERAL ? v | t->number << 4 : v;
}

static uint32_t cpc(RkdmaPl330 *s, PlThread *t)
{
    return t->pc + (s->k.cpc_barrier_behind && t->state == PL_AT_BARRIER);
}

static bool thread_read(RkdmaPl330 *s, hwaddr addr, uint32_t *v)
{
    PlThread *t = s->thread;

    if (addr >= A_FTR && addr < A_FTR + 4 * s->threads) {
        *v = t[(addr - A_FTR) / 4].ftr;
        return true;
    }
    if (addr >= A_CSR && addr < A_CSR + 8 * s->threads) {
        t += (addr - A_CSR) / 8;
        *v = addr & 4 ? cpc(s, t) : csr(s, t);
        return true;
    }
    if (addr < A_SAR || addr >= A_SAR + 0x20 * s->threads || (addr & 0x1f) > 0x10) {
        return false;
    }
    t += (addr - A_SAR) / 0x20;
    switch (addr & 0x1f) {
    case 0x00:
        *v = t->sar;
        break;
    case 0x04:
        *v = t->dar;
        break;
    case 0x08:
        *v = t->ccr;
        break;
    default:
        *v = t->lc[(addr & 0x1f) == 0x10];
    }
    return true;
}

static bool register_read(RkdmaPl330 *s, hwaddr addr, uint32_t *v)
{
    switch (addr) {
    case A_DSR:
        *v = (s->mgr_ftr ? PL_FAULTING : PL_STOPPED) | s->mgr_ns << 9;
        return true;
    case A_DPC:
        *v = 0;
        return true;
    case A_INTEN:
        *v = s->inten;
        return true;
    case A_INT_EVENT_RIS:
        *v = s->event | s->pending_irq;
        return true;
    case A_INTMIS:
        *v = s->pending_irq & s->inten;
        return true;
    case A_FSRD:
        *v = !!s->mgr_ftr;
        return true;
    case A_FSRC:
        *v = fsrc(s);
        return true;
    case A_FTRD:
        *v = s->mgr_ftr;
        return true;
    case A_DBGSTATUS:
        *v = s->dbg_busy;
        return true;
    case A_CR0:
        *v = cr0(s);
        return true;
    case A_CR1:
        *v = cr1(s);
        return true;
    case A_CR2:
        *v = s->boot_addr;
        return true;
    case A_CR3:
        *v = s->ins;
        return true;
    case A_CR4:
        *v = s->pns;
        return true;
    case A_CRD:
        *v = crd(s);
        return true;
    case A_WD:
        *v = 0;
        return true;
    case A_ID ... A_ID + 0x1f:
        *v = id(s, addr);
        return true;
    }
    return thread_read(s, addr, v);
}

static uint64_t rkdma_pl330_read(void *opaque, hwaddr addr, unsigned size)
{
    RkdmaPl330 *s = opaque;
    uint32_t v = 0;

    s->c.mmio_reads++;
    /* The timer may be late, by the host or by quantum-ns, but no register is. */
    rkdma_pl330_run(s);
    if (!register_read(s, addr, &v)) {
        rkdma_pl330_guest_error(s, "read of unknown register %#x", (unsigned)addr);
    }
    trace_rkdma_pl330_read(addr, v);
    return v;
}

static void debug_command(RkdmaPl330 *s, uint32_t val)
{
    if (s->dbg_busy) {
        rkdma_pl330_guest_error(s, "DBGCMD while the debug interface is busy");
    } else if (val & 3) {
        rkdma_pl330_guest_error(s, "DBGCMD of %#x", val);
    } else {
        rkdma_pl330_kick(s);
        s->dbg_busy = true;
        s->dbg_due = MAX(s->t, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) * PL_PS) +
                     rkdma_pl330_ps(s, s->debug_ns);
    }
}

static void rkdma_pl330_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    RkdmaPl330 *s = opaque;
    uint32_t all = MAKE_64BIT_MASK(0, s->events), v;

    s->c.mmio_writes++;
    rkdma_pl330_run(s);
    trace_rkdma_pl330_write(addr, val);
    switch (addr) {
    case A_INTEN:
        s->inten = val & all;
        rkdma_pl330_update_irqs(s);
        return;
    case A_INTCLR:
        s->pending_irq &= ~(val & s->inten);
        if (s->k.irq_clears_events) {
            s->event &= ~val;
        }
        rkdma_pl330_update_irqs(s);
        return;
    case A_DBGCMD:
        debug_command(s, val);
        return;
    case A_DBGINST0:
    case A_DBGINST1:
        if (s->dbg_busy) {
            rkdma_pl330_guest_error(s, "DBGINST while the debug interface is busy");
        } else {
            s->dbginst[(addr - A_DBGINST0) / 4] = val;
        }
        return;
    case A_WD:
        return;
    }
    rkdma_pl330_guest_error(s, "write of %s register %#x",
                            register_read(s, addr, &v) ? "read-only" : "unknown",
                            (unsigned)addr);
}

/* Only 32-bit accesses are allowed. */
static bool rkdma_pl330_accepts(void *opaque, hwaddr addr, unsigned size, bool is_write,
                                MemTxAttrs attrs)
{
    if (size == 4 && addr % 4 == 0) {
        return true;
    }
    rkdma_pl330_guest_error(opaque, "access of %u bytes at %#x", size, (unsigned)addr);
    return false;
}

static const MemoryRegionOps rkdma_pl330_ops = {
    .read = rkdma_pl330_read,
    .write = rkdma_pl330_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = {
        .min_access_size = 1,
        .max_access_size = 8,
        .unaligned = true,
        .accepts = rkdma_pl330_accepts,
    },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void rkdma_pl330_reset(DeviceState *dev)
{
    RkdmaPl330 *s = RKDMA_PL330(dev);

    timer_del(s->timer);
    s->inten = s->event = s->pending_irq = 0;
    memset(s->dbginst, 0, sizeof(s->dbginst));
    s->dbg_busy = false;
    s->mgr_ftr = 0;
    s->turn = s->threads - 1;
    s->load_lock = -1;
    s->watch_due = PL_NEVER;
    memset(s->cache, 0, sizeof(s->cache));
    s->cache_next = 0;
    s->reads.n = s->reads.waiting = s->writes.n = s->writes.waiting = 0;
    s->reads.bus_free = s->writes.bus_free = s->pipe_free = 0;
    for (int n = 0; n < PL_THREADS; n++) {
        uint64_t busy = s->thread[n].busy_ns;

        memset(&s->thread[n], 0, sizeof(s->thread[n]));
        s->thread[n].id = n;
        s->thread[n].busy_ns = busy;
    }
    for (int n = 0; n < PL_LINES; n++) {
        s->level[n] = 0;
        s->request_due[n] = 0;
        s->request[n] = s->k.request_stale >> n & 1 ? REQ_BURST : REQ_NONE;
    }
    rkdma_pl330_update_irqs(s);
}

static bool is_between(uint32_t value, uint32_t low, uint32_t high)
{
    return value >= low && value <= high;
}

static bool check_properties(RkdmaPl330 *s, Error **errp)
{
    if (!is_between(s->threads, 1, PL_THREADS) || s->lines > PL_LINES ||
        !is_between(s->events, 1, PL_EVENTS)) {
        error_setg(errp, "rkdma-pl330: threads 1 to 8, lines 0 to 32, events 1 to 32");
    } else if (!is_power_of_2(s->icache_line) || !is_between(s->icache_line, 4, 32) ||
               !is_between(s->icache_lines, 1, PL_CACHE_LINES)) {
        error_setg(errp, "rkdma-pl330: icache-line 4, 8, 16, 32, icache-lines 1 to 16");
    } else if (!is_power_of_2(s->data_width) || !is_between(s->data_width, 32, 128) ||
               !is_between(s->buffer_lines, 1, PL_MAX_DEPTH)) {
        error_setg(errp, "rkdma-pl330: data-width 32, 64, 128, buffer-lines 1 to 1024");
    } else if (!is_between(s->rd_cap, 1, 8) || !is_between(s->wr_cap, 1, 8) ||
               !is_between(s->rd_queue, 1, 16) || !is_between(s->wr_queue, 1, 16)) {
        error_setg(errp, "rkdma-pl330: rd-cap, wr-cap 1 to 8, rd-queue, wr-queue 1 to 16");
    } else if (!s->clock_hz || !s->bus_hz) {
        error_setg(errp, "rkdma-pl330: clock-hz and bus-hz must not be 0");
    } else {
        return true;
    }
    return false;
}

static void rkdma_pl330_realize(DeviceState *dev, Error **errp)
{
    RkdmaPl330 *s = RKDMA_PL330(dev);

    if (!check_properties(s, errp)) {
        return;
    }
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, rkdma_pl330_run, s);
}

static void rkdma_pl330_init(Object *obj)
{
    RkdmaPl330 *s = RKDMA_PL330(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &rkdma_pl330_ops, s, TYPE_RKDMA_PL330, WINDOW);
    sysbus_init_mmio(sbd, &s->mmio);
    sysbus_init_irq(sbd, &s->abort);
    for (int n = 0; n < PL_EVENTS; n++) {
        sysbus_init_irq(sbd, &s->irq[n]);
    }
    qdev_init_gpio_in(DEVICE(obj), burst_request, PL_LINES);
    qdev_init_gpio_in_named(DEVICE(obj), single_request, "single", PL_LINES);
    rkdma_pl330_add_properties(s);
}

static void rkdma_pl330_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rkdma_pl330_realize;
    dc->desc = "Arm PL330 by the manual, in time";
    rkdma_set_reset(dc, rkdma_pl330_reset);
    rkdma_pl330_class_properties(dc);
}

static const TypeInfo rkdma_pl330_info = {
    .name = TYPE_RKDMA_PL330,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaPl330),
    .instance_init = rkdma_pl330_init,
    .class_init = rkdma_pl330_class_init,
};

static void rkdma_pl330_register_types(void)
{
    type_register_static(&rkdma_pl330_info);
}

type_init(rkdma_pl330_register_types)
