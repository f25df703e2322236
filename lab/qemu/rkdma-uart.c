/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DesignWare APB UART as Rockchip has it: a 16550 with 64-byte FIFOs, shadow
 * registers, busy detection and DMA request lines. Characters take virtual time.
 * docs/hardware.md says what is modelled and what is left out.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "chardev/char-serial.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qom/object.h"

#define TYPE_RKDMA_UART "rkdma-uart"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaUart, RKDMA_UART)

REG32(DATA, 0x00)       /* RBR, THR; DLL with DLAB */
REG32(IER, 0x04)        /* DLH with DLAB */
    FIELD(IER, RX, 0, 1)
    FIELD(IER, TX, 1, 1)
    FIELD(IER, LINE, 2, 1)
    FIELD(IER, MODEM, 3, 1)
    FIELD(IER, PTIME, 7, 1)
REG32(IIR, 0x08)        /* FCR when written */
    FIELD(FCR, FIFO, 0, 1)
    FIELD(FCR, RX_RESET, 1, 1)
    FIELD(FCR, TX_RESET, 2, 1)
    FIELD(FCR, DMA, 3, 1)
    FIELD(FCR, TX_TRIGGER, 4, 2)
    FIELD(FCR, RX_TRIGGER, 6, 2)
REG32(LCR, 0x0c)
    FIELD(LCR, BITS, 0, 2)
    FIELD(LCR, STOP, 2, 1)
    FIELD(LCR, PARITY, 3, 1)
    FIELD(LCR, BREAK, 6, 1)
    FIELD(LCR, DLAB, 7, 1)
REG32(MCR, 0x10)
    FIELD(MCR, DTR, 0, 1)
    FIELD(MCR, RTS, 1, 1)
    FIELD(MCR, OUT1, 2, 1)
    FIELD(MCR, OUT2, 3, 1)
    FIELD(MCR, LOOP, 4, 1)
    FIELD(MCR, AFCE, 5, 1)
REG32(LSR, 0x14)
    FIELD(LSR, DR, 0, 1)
    FIELD(LSR, OE, 1, 1)
    FIELD(LSR, PE, 2, 1)
    FIELD(LSR, FE, 3, 1)
    FIELD(LSR, BI, 4, 1)
    FIELD(LSR, THRE, 5, 1)
    FIELD(LSR, TEMT, 6, 1)
    FIELD(LSR, RFE, 7, 1)
REG32(MSR, 0x18)
    FIELD(MSR, CHANGED, 0, 4)
    FIELD(MSR, CTS, 4, 1)
    FIELD(MSR, DSR, 5, 1)
    FIELD(MSR, RI, 6, 1)
    FIELD(MSR, DCD, 7, 1)
REG32(SCR, 0x1c)
REG32(USR, 0x7c)
    FIELD(USR, BUSY, 0, 1)
    FIELD(USR, TFNF, 1, 1)
    FIELD(USR, TFE, 2, 1)
    FIELD(USR, RFNE, 3, 1)
    FIELD(USR, RFF, 4, 1)
REG32(TFL, 0x80)
REG32(RFL, 0x84)
REG32(SRR, 0x88)
    FIELD(SRR, UART, 0, 1)
    FIELD(SRR, RX_RESET, 1, 1)
    FIELD(SRR, TX_RESET, 2, 1)
REG32(SRTS, 0x8c)
REG32(SBCR, 0x90)
REG32(SDMAM, 0x94)
REG32(SFE, 0x98)
REG32(SRT, 0x9c)
REG32(STET, 0xa0)
REG32(HTX, 0xa4)
REG32(DMASA, 0xa8)
REG32(CPR, 0xf4)
REG32(UCV, 0xf8)
REG32(CTR, 0xfc)

#define UART_SIZE       0x100
#define SHADOW_DATA     0x30
#define SHADOW_DATA_END 0x70
/* RS-485, fractional divisor, 9-bit mode: drivers probe for these. */
#define OPTIONS         0xac
#define OPTIONS_END     0xd0

#define DEPTH           64
/* 32-bit bus, AFCE, THRE mode, additional features, FIFO levels, shadow
 * registers, DMA_EXTRA, and a FIFO of 4 times 16 */
#define CPR_VALUE       0x00043d32
#define UCV_VALUE       0x3430312a
#define CTR_VALUE       0x44570110

/* How long the guest may leave a full FIFO alone when the host is late. */
#define PATIENCE_NS     (100 * SCALE_MS)

#define IER_MASK        0x8f
#define MCR_MASK        0x3f
#define CHAR_ERRORS     (R_LSR_PE_MASK | R_LSR_FE_MASK | R_LSR_BI_MASK)
#define BREAK           (R_LSR_BI_MASK | R_LSR_FE_MASK)

enum { IIR_MODEM = 0, IIR_NONE = 1, IIR_TX = 2, IIR_RX = 4, IIR_LINE = 6,
       IIR_BUSY = 7, IIR_TIMEOUT = 12, IIR_FIFO = 0xc0 };
enum { LINE_TX = 1, LINE_RX = 2, LINE_IRQ = 4 };

/* Characters with the LSR bits that they came with. */
typedef struct {
    struct {
        uint8_t byte, errors;
    } at[DEPTH];
    unsigned first, used;
} Ring;

/* What is on the wire in one direction. */
typedef struct {
    QEMUTimer *timer;
    bool busy;
    int64_t due;            /* when the character has passed */
    uint64_t fraction;      /* of a nanosecond, in clock-hz */
} Wire;

struct RkdmaUart {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    CharFrontend chr;
    qemu_irq irq, tx_request, rx_request;
    QEMUTimer *timeout_timer;
    uint32_t clock_hz;

    uint8_t ier, fcr, lcr, mcr, msr, scr, errors;
    uint16_t divisor;
    bool halted, timeout, busy_detected, thre, was_low;
    uint8_t shifting;
    unsigned lines;
    Ring tx, rx, incoming;  /* incoming: from the chardev, not received yet */
    Wire out, in;
    bool waited;
    uint8_t inject;

    uint64_t tx_bytes, rx_bytes, rx_overruns, tx_overruns, rx_underruns;
    uint64_t parity_errors, framing_errors, breaks, dma_bytes, guest_errors;
};

static void ring_push(Ring *r, uint8_t byte, uint8_t errors)
{
    unsigned i = (r->first + r->used++) % DEPTH;

    r->at[i].byte = byte;
    r->at[i].errors = errors;
}

static uint8_t ring_pop(Ring *r)
{
    uint8_t byte = r->at[r->first].byte;

    r->first = (r->first + 1) % DEPTH;
    r->used--;
    return byte;
}

static bool ring_has_errors(const Ring *r)
{
    for (unsigned i = 0; i < r->used; i++) {
        if (r->at[(r->first + i) % DEPTH].errors) {
            return true;
        }
    }
    return false;
}

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static bool fifos(RkdmaUart *s)
{
    return s->fcr & R_FCR_FIFO_MASK;
}

static unsigned depth(RkdmaUart *s)
{
    return fifos(s) ? DEPTH : 1;
}

static unsigned tx_trigger(RkdmaUart *s)
{
    static const unsigned levels[] = { 0, 2, DEPTH / 4, DEPTH / 2 };

    return levels[FIELD_EX32(s->fcr, FCR, TX_TRIGGER)];
}

static unsigned rx_trigger(RkdmaUart *s)
{
    static const unsigned levels[] = { 1, DEPTH / 4, DEPTH / 2, DEPTH - 2 };

    return fifos(s) ? levels[FIELD_EX32(s->fcr, FCR, RX_TRIGGER)] : 1;
}

static bool loopback(RkdmaUart *s)
{
    return s->mcr & R_MCR_LOOP_MASK;
}

/* Whether automatic flow control holds the sender back. */
static bool held(RkdmaUart *s)
{
    return s->mcr & R_MCR_AFCE_MASK &&
           (!(s->mcr & R_MCR_RTS_MASK) || s->rx.used >= depth(s));
}

static bool busy(RkdmaUart *s)
{
    return s->out.busy || s->in.busy || s->rx.used || (s->tx.used && s->divisor);
}

/* With PTIME, THRE means that the level is at the threshold or below. */
static bool ptime(RkdmaUart *s)
{
    return fifos(s) && s->ier & R_IER_PTIME_MASK;
}

static bool tx_low(RkdmaUart *s)
{
    return s->tx.used <= (ptime(s) ? tx_trigger(s) : 0);
}

static uint32_t interrupt_id(RkdmaUart *s)
{
    if (s->errors && s->ier & R_IER_LINE_MASK) {
        return IIR_LINE;
    }
    if (s->rx.used >= rx_trigger(s) && s->ier & R_IER_RX_MASK) {
        return IIR_RX;
    }
    if (s->timeout && s->ier & R_IER_RX_MASK) {
        return IIR_TIMEOUT;
    }
    if (s->thre && s->ier & R_IER_TX_MASK) {
        return IIR_TX;
    }
    if (s->msr & R_MSR_CHANGED_MASK && s->ier & R_IER_MODEM_MASK) {
        return IIR_MODEM;
    }
    return s->busy_detected ? IIR_BUSY : IIR_NONE;
}

/*
 * The interrupt and the request lines. With DMA_EXTRA the latter follow the
 * thresholds, whatever FCR's DMA mode; at least half of the transmit FIFO is
 * free when its line is up.
 */
static void update(RkdmaUart *s)
{
    bool tx = fifos(s) && s->tx.used <= tx_trigger(s);
    bool rx = fifos(s) && s->rx.used >= rx_trigger(s);
    bool irq = interrupt_id(s) != IIR_NONE;
    unsigned lines = tx * LINE_TX | rx * LINE_RX | irq * LINE_IRQ;
    unsigned changed = lines ^ s->lines;

    s->lines = lines;
    if (changed & LINE_TX) {
        qemu_set_irq(s->tx_request, tx);
    }
    if (changed & LINE_RX) {
        qemu_set_irq(s->rx_request, rx);
    }
    if (changed & LINE_IRQ) {
        qemu_set_irq(s->irq, irq);
    }
}

/* The transmit FIFO's level has changed: raise the interrupt if it is due. */
static void note_tx_level(RkdmaUart *s)
{
    bool low = tx_low(s);

    if (low != s->was_low) {
        s->thre = s->was_low = low;
    }
}

/* A character's time in periods of the clock. */
static uint64_t char_periods(RkdmaUart *s)
{
    unsigned bits = FIELD_EX32(s->lcr, LCR, BITS);
    bool stop = s->lcr & R_LCR_STOP_MASK, parity = s->lcr & R_LCR_PARITY_MASK;
    unsigned halves = 2 + 2 * (5 + bits) + 2 * parity + (!stop ? 2 : bits ? 4 : 3);

    return (uint64_t)halves * 8 * s->divisor;
}

/* Set the time of the wire's next character, the last one having passed at @from. */
static void next_char(RkdmaUart *s, Wire *w, int64_t from)
{
    uint64_t t = char_periods(s) * NANOSECONDS_PER_SECOND + w->fraction;

    w->due = from + t / s->clock_hz;
    w->fraction = t % s->clock_hz;
}

static int64_t chars_ns(RkdmaUart *s, unsigned n)
{
    return n * char_periods(s) * NANOSECONDS_PER_SECOND / s->clock_hz;
}

static void restart_timeout(RkdmaUart *s, int64_t from)
{
    if (fifos(s) && s->rx.used && s->divisor) {
        timer_mod(s->timeout_timer, from + chars_ns(s, 4));
    } else {
        timer_del(s->timeout_timer);
    }
}

static void run_timeout(void *opaque)
{
    RkdmaUart *s = opaque;

    s->timeout = s->rx.used;
    update(s);
}

/* A character has arrived at the time @when. */
static void receive(RkdmaUart *s, uint8_t byte, uint8_t errors, int64_t when)
{
    errors |= s->inject;
    s->inject = 0;
    s->rx_bytes++;
    if (errors & R_LSR_BI_MASK) {
        byte = 0;
        s->breaks++;
    } else {
        s->parity_errors += !!(errors & R_LSR_PE_MASK);
        s->framing_errors += !!(errors & R_LSR_FE_MASK);
    }
    if (s->rx.used >= depth(s)) {
        s->errors |= R_LSR_OE_MASK;
        s->rx_overruns++;
        return;
    }
    byte &= 0xff >> (3 - FIELD_EX32(s->lcr, LCR, BITS));
    ring_push(&s->rx, byte, errors);
    if (s->rx.used == 1) {
        s->errors |= errors;
    }
    restart_timeout(s, when);
}

/*
 * If the host is late the guest's CPU is late, too, and a full receive FIFO is not the
 * guest's fault. Give it more time, once per read. With -icount the clock waits for the
 * host, so this does not happen.
 */
static bool excused(RkdmaUart *s, Wire *w, int64_t now)
{
    if (s->waited || w->due == now || s->rx.used < depth(s)) {
        return false;
    }
    s->waited = true;
    w->due = now + PATIENCE_NS;
    return true;
}

/* The guest has read, so the wire that waited for it goes on. */
static void end_wait(RkdmaUart *s)
{
    Wire *w = loopback(s) ? &s->out : &s->in;
    int64_t due = now_ns() + chars_ns(s, 1);

    s->waited = false;
    if (w->busy && w->due > due) {
        w->due = due;
        timer_mod(w->timer, due);
    }
}

static bool may_send(RkdmaUart *s)
{
    return s->tx.used && s->divisor && !(s->halted && fifos(s)) &&
           !(loopback(s) && held(s));
}

/* Take the next character out of the FIFO, onto the wire. */
static void load_out(RkdmaUart *s, int64_t from)
{
    s->out.busy = may_send(s);
    if (s->out.busy) {
        s->shifting = ring_pop(&s->tx);
        next_char(s, &s->out, from);
        note_tx_level(s);
    }
}

static void sent(RkdmaUart *s)
{
    s->tx_bytes++;
    if (s->lcr & R_LCR_BREAK_MASK) {
        return;
    }
    if (loopback(s)) {
        receive(s, s->shifting, 0, s->out.due);
    } else if (qemu_chr_fe_backend_connected(&s->chr)) {
        qemu_chr_fe_write_all(&s->chr, &s->shifting, 1);
    }
}

/*
 * Handle the characters that have passed. If the host was late, several have; stop after
 * the first that raises an interrupt or a request.
 */
static void run_out(void *opaque)
{
    RkdmaUart *s = opaque;
    int64_t now = now_ns();
    unsigned before = s->lines;

    while (s->out.busy && s->out.due <= now && !(s->lines & ~before)) {
        if (loopback(s) && excused(s, &s->out, now)) {
            break;
        }
        sent(s);
        load_out(s, s->out.due);
        update(s);
    }
    if (s->out.busy) {
        timer_mod(s->out.timer, MAX(s->out.due, now));
    }
}

static bool may_receive(RkdmaUart *s)
{
    return s->incoming.used && s->divisor && !loopback(s) && !held(s);
}

static void load_in(RkdmaUart *s, int64_t from)
{
    s->in.busy = may_receive(s);
    if (s->in.busy) {
        next_char(s, &s->in, from);
    }
}

static void run_in(void *opaque)
{
    RkdmaUart *s = opaque;
    int64_t now = now_ns();
    unsigned before = s->lines;

    while (s->in.busy && s->in.due <= now && !(s->lines & ~before)) {
        uint8_t errors = s->incoming.at[s->incoming.first].errors;

        if (excused(s, &s->in, now)) {
            break;
        }
        receive(s, ring_pop(&s->incoming), errors, s->in.due);
        load_in(s, s->in.due);
        update(s);
    }
    if (s->in.busy) {
        timer_mod(s->in.timer, MAX(s->in.due, now));
    }
    qemu_chr_fe_accept_input(&s->chr);
}

/* After any change: start what was idle. */
static void kick(RkdmaUart *s)
{
    if (!s->out.busy && may_send(s)) {
        s->out.fraction = 0;
        load_out(s, now_ns());
        timer_mod(s->out.timer, s->out.due);
    }
    if (!s->in.busy && may_receive(s)) {
        s->in.fraction = 0;
        load_in(s, now_ns());
        timer_mod(s->in.timer, s->in.due);
    }
    update(s);
}

static void guest_error(RkdmaUart *s, const char *what, hwaddr addr)
{
    s->guest_errors++;
    qemu_log_mask(LOG_GUEST_ERROR, "rkdma-uart: %s at %#x\n", what, (unsigned)addr);
}

static uint32_t read_data(RkdmaUart *s)
{
    uint8_t byte;

    if (s->waited) {
        end_wait(s);
    }
    if (!s->rx.used) {
        /* Drivers read once while the FIFOs are off, to clear what there is. */
        s->rx_underruns += fifos(s);
        s->timeout = false;
        update(s);
        return 0;
    }
    byte = ring_pop(&s->rx);
    s->timeout = false;
    if (s->rx.used) {
        s->errors |= s->rx.at[s->rx.first].errors;
    }
    restart_timeout(s, now_ns());
    kick(s);
    return byte;
}

static void write_data(RkdmaUart *s, uint8_t byte)
{
    if (s->tx.used >= depth(s)) {
        s->tx_overruns++;
        return;
    }
    ring_push(&s->tx, byte, 0);
    note_tx_level(s);
    kick(s);
}

static uint32_t read_iir(RkdmaUart *s)
{
    uint32_t id = interrupt_id(s);

    if (id == IIR_TX) {
        s->thre = false;
        update(s);
    }
    return id | (fifos(s) ? IIR_FIFO : 0);
}

static uint32_t read_lsr(RkdmaUart *s)
{
    uint32_t v = s->errors;

    v = FIELD_DP32(v, LSR, DR, !!s->rx.used);
    v = FIELD_DP32(v, LSR, THRE, ptime(s) ? s->tx.used >= DEPTH : !s->tx.used);
    v = FIELD_DP32(v, LSR, TEMT, !s->tx.used && !s->out.busy);
    v = FIELD_DP32(v, LSR, RFE, fifos(s) && ring_has_errors(&s->rx));
    s->errors = 0;
    if (s->rx.used) {
        s->rx.at[s->rx.first].errors = 0;
    }
    update(s);
    return v;
}

static uint32_t read_msr(RkdmaUart *s)
{
    uint32_t v = s->msr;

    s->msr &= ~R_MSR_CHANGED_MASK;
    update(s);
    return v;
}

static uint32_t read_usr(RkdmaUart *s)
{
    uint32_t v = 0;

    v = FIELD_DP32(v, USR, BUSY, busy(s));
    v = FIELD_DP32(v, USR, TFNF, s->tx.used < depth(s));
    v = FIELD_DP32(v, USR, TFE, !s->tx.used);
    v = FIELD_DP32(v, USR, RFNE, !!s->rx.used);
    v = FIELD_DP32(v, USR, RFF, s->rx.used >= depth(s));
    s->busy_detected = false;
    update(s);
    return v;
}

/* The other end is always there; in loopback the own outputs are the inputs. */
static void update_msr(RkdmaUart *s)
{
    uint32_t v = R_MSR_CTS_MASK | R_MSR_DSR_MASK | R_MSR_DCD_MASK;
    uint32_t changed;

    if (loopback(s)) {
        v = FIELD_DP32(0, MSR, CTS, FIELD_EX32(s->mcr, MCR, RTS));
        v = FIELD_DP32(v, MSR, DSR, FIELD_EX32(s->mcr, MCR, DTR));
        v = FIELD_DP32(v, MSR, RI, FIELD_EX32(s->mcr, MCR, OUT1));
        v = FIELD_DP32(v, MSR, DCD, FIELD_EX32(s->mcr, MCR, OUT2));
    }
    changed = (s->msr ^ v) >> 4;
    /* Only the trailing edge of the ring indicator counts. */
    if (v & R_MSR_RI_MASK) {
        changed &= ~(R_MSR_RI_MASK >> 4);
    }
    s->msr = v | (s->msr & R_MSR_CHANGED_MASK) | (changed & R_MSR_CHANGED_MASK);
}

static void write_ier(RkdmaUart *s, uint8_t val)
{
    bool rises = val & ~s->ier & R_IER_TX_MASK;

    s->ier = val & IER_MASK;
    note_tx_level(s);
    s->thre |= rises && tx_low(s);
    update(s);
}

static void reset_rx(RkdmaUart *s)
{
    s->rx.used = 0;
    s->timeout = false;
    s->errors &= ~CHAR_ERRORS;
    timer_del(s->timeout_timer);
}

static void write_fcr(RkdmaUart *s, uint8_t val)
{
    bool toggled = (s->fcr ^ val) & R_FCR_FIFO_MASK;

    if (toggled || val & R_FCR_RX_RESET_MASK) {
        reset_rx(s);
    }
    if (toggled || val & R_FCR_TX_RESET_MASK) {
        s->tx.used = 0;
    }
    s->fcr = val & ~(R_FCR_RX_RESET_MASK | R_FCR_TX_RESET_MASK);
    note_tx_level(s);
    kick(s);
}

static void set_lcr(RkdmaUart *s, uint8_t val)
{
    int on = !!(val & R_LCR_BREAK_MASK);
    bool toggled = (s->lcr ^ val) & R_LCR_BREAK_MASK;

    s->lcr = val;
    if (toggled && !loopback(s)) {
        qemu_chr_fe_ioctl(&s->chr, CHR_IOCTL_SERIAL_SET_BREAK, &on);
    } else if (toggled && on) {
        receive(s, 0, BREAK, now_ns());
    }
    kick(s);
}

static void write_lcr(RkdmaUart *s, uint8_t val)
{
    if (busy(s)) {
        s->busy_detected = true;
        update(s);
        return;
    }
    set_lcr(s, val);
}

static void write_mcr(RkdmaUart *s, uint8_t val)
{
    s->mcr = val & MCR_MASK;
    update_msr(s);
    kick(s);
}

static void clear(RkdmaUart *s)
{
    timer_del(s->out.timer);
    timer_del(s->in.timer);
    s->out.busy = s->in.busy = s->waited = s->halted = s->busy_detected = false;
    s->ier = s->fcr = s->lcr = s->mcr = s->scr = s->errors = 0;
    s->divisor = 0;
    s->tx.used = 0;
    reset_rx(s);
    s->msr = 0;
    update_msr(s);
    s->msr &= ~R_MSR_CHANGED_MASK;
    s->was_low = true;
    s->thre = true;
    update(s);
}

static void write_srr(RkdmaUart *s, uint32_t val)
{
    if (val & R_SRR_UART_MASK) {
        clear(s);
        return;
    }
    /* SRR's bits for the FIFOs are where FCR has them. */
    write_fcr(s, s->fcr | (val & (R_SRR_RX_RESET_MASK | R_SRR_TX_RESET_MASK)));
}

static void write_divisor(RkdmaUart *s, unsigned shift, uint8_t val)
{
    s->divisor = deposit32(s->divisor, shift, 8, val);
    kick(s);
}

static bool dlab(RkdmaUart *s)
{
    return s->lcr & R_LCR_DLAB_MASK;
}

static bool is_data(RkdmaUart *s, hwaddr addr)
{
    return (addr == A_DATA && !dlab(s)) ||
           (addr >= SHADOW_DATA && addr < SHADOW_DATA_END && !(addr & 3));
}

static bool is_option(hwaddr addr)
{
    return addr >= OPTIONS && addr < OPTIONS_END && !(addr & 3);
}

static uint32_t read_register(RkdmaUart *s, hwaddr addr)
{
    switch (addr) {
    case A_DATA:
        return s->divisor & 0xff;
    case A_IER:
        return dlab(s) ? s->divisor >> 8 : s->ier;
    case A_IIR:
        return read_iir(s);
    case A_LCR:
        return s->lcr;
    case A_MCR:
        return s->mcr;
    case A_LSR:
        return read_lsr(s);
    case A_MSR:
        return read_msr(s);
    case A_SCR:
        return s->scr;
    case A_USR:
        return read_usr(s);
    case A_TFL:
        return s->tx.used;
    case A_RFL:
        return s->rx.used;
    case A_SRTS:
        return FIELD_EX32(s->mcr, MCR, RTS);
    case A_SBCR:
        return FIELD_EX32(s->lcr, LCR, BREAK);
    case A_SDMAM:
        return FIELD_EX32(s->fcr, FCR, DMA);
    case A_SFE:
        return FIELD_EX32(s->fcr, FCR, FIFO);
    case A_SRT:
        return FIELD_EX32(s->fcr, FCR, RX_TRIGGER);
    case A_STET:
        return FIELD_EX32(s->fcr, FCR, TX_TRIGGER);
    case A_HTX:
        return s->halted;
    case A_CPR:
        return CPR_VALUE;
    case A_UCV:
        return UCV_VALUE;
    case A_CTR:
        return CTR_VALUE;
    }
    if (!is_option(addr)) {
        guest_error(s, "read of a write-only or unknown register", addr);
    }
    return 0;
}

static void write_register(RkdmaUart *s, hwaddr addr, uint32_t val)
{
    switch (addr) {
    case A_DATA:
        write_divisor(s, 0, val);
        return;
    case A_IER:
        if (dlab(s)) {
            write_divisor(s, 8, val);
        } else {
            write_ier(s, val);
        }
        return;
    case A_IIR:
        write_fcr(s, val);
        return;
    case A_LCR:
        write_lcr(s, val);
        return;
    case A_MCR:
        write_mcr(s, val);
        return;
    case A_SCR:
        s->scr = val;
        return;
    case A_SRR:
        write_srr(s, val);
        return;
    case A_SRTS:
        write_mcr(s, FIELD_DP32(s->mcr, MCR, RTS, val & 1));
        return;
    case A_SBCR:
        set_lcr(s, FIELD_DP32(s->lcr, LCR, BREAK, val & 1));
        return;
    case A_SDMAM:
        write_fcr(s, FIELD_DP32(s->fcr, FCR, DMA, val & 1));
        return;
    case A_SFE:
        write_fcr(s, FIELD_DP32(s->fcr, FCR, FIFO, val & 1));
        return;
    case A_SRT:
        write_fcr(s, FIELD_DP32(s->fcr, FCR, RX_TRIGGER, val & 3));
        return;
    case A_STET:
        write_fcr(s, FIELD_DP32(s->fcr, FCR, TX_TRIGGER, val & 3));
        return;
    case A_HTX:
        s->halted = val & 1;
        kick(s);
        return;
    case A_DMASA:
        /* The lines follow the levels, so there is nothing to acknowledge. */
        return;
    }
    if (!is_option(addr)) {
        guest_error(s, "write of a read-only or unknown register", addr);
    }
}

/* DMA moves bytes; everything else is of 32 bits. */
static void check_size(RkdmaUart *s, hwaddr addr, unsigned size)
{
    if (size != 4 && !(size == 1 && is_data(s, addr))) {
        guest_error(s, "access that is not 32 bit", addr);
    }
}

static MemTxResult rkdma_uart_read(void *opaque, hwaddr addr, uint64_t *val,
                                   unsigned size, MemTxAttrs attrs)
{
    RkdmaUart *s = opaque;

    check_size(s, addr, size);
    s->dma_bytes += rkdma_by_dma(attrs) ? size : 0;
    *val = is_data(s, addr) ? read_data(s) : read_register(s, addr);
    return MEMTX_OK;
}

static MemTxResult rkdma_uart_write(void *opaque, hwaddr addr, uint64_t val,
                                    unsigned size, MemTxAttrs attrs)
{
    RkdmaUart *s = opaque;

    check_size(s, addr, size);
    s->dma_bytes += rkdma_by_dma(attrs) ? size : 0;
    if (is_data(s, addr)) {
        write_data(s, val);
    } else {
        write_register(s, addr, val);
    }
    return MEMTX_OK;
}

static const MemoryRegionOps rkdma_uart_ops = {
    .read_with_attrs = rkdma_uart_read,
    .write_with_attrs = rkdma_uart_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

static int rkdma_uart_can_receive(void *opaque)
{
    RkdmaUart *s = opaque;

    return DEPTH - s->incoming.used;
}

static void rkdma_uart_receive(void *opaque, const uint8_t *buf, int size)
{
    RkdmaUart *s = opaque;

    for (int i = 0; i < size; i++) {
        ring_push(&s->incoming, buf[i], 0);
    }
    kick(s);
}

static void rkdma_uart_event(void *opaque, QEMUChrEvent event)
{
    RkdmaUart *s = opaque;

    if (event == CHR_EVENT_BREAK && s->incoming.used < DEPTH) {
        ring_push(&s->incoming, 0, BREAK);
        kick(s);
    }
}

static const struct {
    const char *name;
    uint8_t errors;
} injections[] = {
    { "", 0 }, { "parity", R_LSR_PE_MASK }, { "framing", R_LSR_FE_MASK },
    { "break", BREAK },
};

static char *get_inject(Object *obj, Error **errp)
{
    for (unsigned i = 0; i < ARRAY_SIZE(injections); i++) {
        if (injections[i].errors == RKDMA_UART(obj)->inject) {
            return g_strdup(injections[i].name);
        }
    }
    g_assert_not_reached();
}

static void set_inject(Object *obj, const char *value, Error **errp)
{
    for (unsigned i = 0; i < ARRAY_SIZE(injections); i++) {
        if (!strcmp(injections[i].name, value)) {
            RKDMA_UART(obj)->inject = injections[i].errors;
            return;
        }
    }
    error_setg(errp, "inject: parity, framing, break, or nothing");
}

static void rkdma_uart_reset(DeviceState *dev)
{
    clear(RKDMA_UART(dev));
}

static void rkdma_uart_realize(DeviceState *dev, Error **errp)
{
    RkdmaUart *s = RKDMA_UART(dev);

    if (!s->clock_hz) {
        error_setg(errp, "rkdma-uart: clock-hz must not be 0");
        return;
    }
    s->out.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, run_out, s);
    s->in.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, run_in, s);
    s->timeout_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, run_timeout, s);
    qemu_chr_fe_set_handlers(&s->chr, rkdma_uart_can_receive, rkdma_uart_receive,
                             rkdma_uart_event, NULL, s, NULL, true);
}

static void rkdma_uart_init(Object *obj)
{
    RkdmaUart *s = RKDMA_UART(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);
    const struct {
        const char *name;
        uint64_t *value;
    } counters[] = {
        { "tx-bytes", &s->tx_bytes }, { "rx-bytes", &s->rx_bytes },
        { "tx-overruns", &s->tx_overruns }, { "rx-overruns", &s->rx_overruns },
        { "rx-underruns", &s->rx_underruns }, { "dma-bytes", &s->dma_bytes },
        { "parity-errors", &s->parity_errors },
        { "framing-errors", &s->framing_errors }, { "breaks", &s->breaks },
        { "guest-errors", &s->guest_errors },
    };

    memory_region_init_io(&s->mmio, obj, &rkdma_uart_ops, s, TYPE_RKDMA_UART, UART_SIZE);
    sysbus_init_mmio(sbd, &s->mmio);
    sysbus_init_irq(sbd, &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->tx_request, "tx-request", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->rx_request, "rx-request", 1);
    for (unsigned i = 0; i < ARRAY_SIZE(counters); i++) {
        object_property_add_uint64_ptr(obj, counters[i].name, counters[i].value,
                                       OBJ_PROP_FLAG_READ);
    }
    object_property_add_str(obj, "inject", get_inject, set_inject);
}

static RKDMA_PROPS_CONST Property rkdma_uart_properties[] = {
    DEFINE_PROP_CHR("chardev", RkdmaUart, chr),
    DEFINE_PROP_UINT32("clock-hz", RkdmaUart, clock_hz, 24000000),
    RKDMA_PROPS_END
};

static void rkdma_uart_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rkdma_uart_realize;
    dc->desc = "DesignWare APB UART with DMA request lines";
    device_class_set_props(dc, rkdma_uart_properties);
    rkdma_set_reset(dc, rkdma_uart_reset);
}

static const TypeInfo rkdma_uart_info = {
    .name = TYPE_RKDMA_UART,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaUart),
    .instance_init = rkdma_uart_init,
    .class_init = rkdma_uart_class_init,
};

static void rkdma_uart_register_types(void)
{
    type_register_static(&rkdma_uart_info);
}

type_init(rkdma_uart_register_types)
