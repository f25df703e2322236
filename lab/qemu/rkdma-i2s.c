/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rockchip's I2S controller: what is transmitted is received in the same frame.
 * docs/hardware.md has its registers.
 *
 * Frames move in virtual time, but not with an event for each. Every access to the state
 * first moves all frames that are due. The timer is set to the next frame that changes a
 * request line or the interrupt.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/fifo32.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qom/object.h"

#define TYPE_RKDMA_I2S "rkdma-i2s"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaI2s, RKDMA_I2S)

REG32(TXCR, 0x000)
    FIELD(TXCR, VDW, 0, 5)
    FIELD(TXCR, TFS, 5, 1)
    FIELD(TXCR, PBM, 7, 2)
    FIELD(TXCR, IBM, 9, 2)
    FIELD(TXCR, FBM, 11, 1)
    FIELD(TXCR, SJM, 12, 1)
    FIELD(TXCR, HWT, 14, 1)
    FIELD(TXCR, CSR, 15, 2)
    FIELD(TXCR, RCNT, 17, 6)
/* the same, without RCNT */
REG32(RXCR, 0x004)
REG32(CKR, 0x008)
    FIELD(CKR, TSD, 0, 8)
    FIELD(CKR, RSD, 8, 8)
    FIELD(CKR, MDIV, 16, 8)
    FIELD(CKR, TLP, 24, 1)
    FIELD(CKR, RLP, 25, 1)
    FIELD(CKR, CKP, 26, 1)
    FIELD(CKR, MSS, 27, 1)
    FIELD(CKR, TRCM, 28, 2)
REG32(FIFOLR, 0x00c)
    FIELD(FIFOLR, TFL0, 0, 6)
    FIELD(FIFOLR, RFL, 24, 6)
REG32(DMACR, 0x010)
    FIELD(DMACR, TDL, 0, 5)
    FIELD(DMACR, TDE, 8, 1)
    FIELD(DMACR, RDL, 16, 5)
    FIELD(DMACR, RDE, 24, 1)
REG32(INTCR, 0x014)
    FIELD(INTCR, TXEIE, 0, 1)
    FIELD(INTCR, TXUIE, 1, 1)
    FIELD(INTCR, TXUIC, 2, 1)
    FIELD(INTCR, TFT, 4, 5)
    FIELD(INTCR, RXFIE, 16, 1)
    FIELD(INTCR, RXOIE, 17, 1)
    FIELD(INTCR, RXOIC, 18, 1)
    FIELD(INTCR, RFT, 20, 5)
/* its bits are where their enable bits are in INTCR */
REG32(INTSR, 0x018)
    FIELD(INTSR, TXEI, 0, 1)
    FIELD(INTSR, TXUI, 1, 1)
    FIELD(INTSR, RXFI, 16, 1)
    FIELD(INTSR, RXOI, 17, 1)
REG32(XFER, 0x01c)
    FIELD(XFER, TXS, 0, 1)
    FIELD(XFER, RXS, 1, 1)
REG32(CLR, 0x020)
    FIELD(CLR, TXC, 0, 1)
    FIELD(CLR, RXC, 1, 1)
REG32(TXDR, 0x024)
REG32(RXDR, 0x028)

#define RXCR_BITS       0x1dfbfu
#define TXCR_BITS       (RXCR_BITS | R_TXCR_RCNT_MASK)
#define CKR_BITS        0x3fffffffu
#define DMACR_BITS      (R_DMACR_TDL_MASK | R_DMACR_TDE_MASK | \
                         R_DMACR_RDL_MASK | R_DMACR_RDE_MASK)
#define INTCR_CLEARS    (R_INTCR_TXUIC_MASK | R_INTCR_RXOIC_MASK)
#define INTCR_BITS      0x01f701f7u
#define INTERRUPTS      (R_INTSR_TXEI_MASK | R_INTSR_TXUI_MASK | \
                         R_INTSR_RXFI_MASK | R_INTSR_RXOI_MASK)
#define TX_RX           (R_XFER_TXS_MASK | R_XFER_RXS_MASK)

#define DEPTH           32      /* words of each FIFO */
#define MAX_CHANNELS    8
#define NEVER           UINT64_MAX

enum { TRCM_BOTH, TRCM_TX, TRCM_RX };

struct RkdmaI2s {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    qemu_irq irq, tx_request, rx_request;
    QEMUTimer *timer;

    uint32_t txcr, rxcr, ckr, dmacr, intcr, xfer;
    uint32_t flags;         /* TXUI and RXOI */
    Fifo32 tx, rx;
    bool fed;               /* a frame was transmitted since the start */
    int64_t start;          /* when the frame clock started ... */
    uint64_t frame;         /* ... and how many frames are through */

    uint32_t mclk_hz;
    bool loopback;
    uint64_t tx_frames, rx_frames;
    uint64_t tx_underruns, tx_drained, rx_overruns, rx_ignored;
    uint64_t tx_overruns, rx_underruns, dma_bytes, guest_errors;
};

static void guest_error(RkdmaI2s *s, const char *what, hwaddr addr)
{
    s->guest_errors++;
    qemu_log_mask(LOG_GUEST_ERROR, "rkdma-i2s: %s at %#x\n", what, (unsigned)addr);
}

/* The samples' format, as TXCR or RXCR has it. */

static unsigned sample_bits(uint32_t cr)
{
    return FIELD_EX32(cr, TXCR, VDW) + 1;
}

/* Two samples of 16 bits share a word, the left one below. */
static bool is_packed(uint32_t cr)
{
    return sample_bits(cr) == 16 && !(cr & R_TXCR_HWT_MASK);
}

static unsigned channels(uint32_t cr)
{
    return 2 * (FIELD_EX32(cr, TXCR, CSR) + 1);
}

static unsigned frame_words(uint32_t cr)
{
    return channels(cr) / (is_packed(cr) ? 2 : 1);
}

/* A sample on the wire has its most significant bit in bit 31. */
static uint32_t to_wire(uint32_t cr, uint32_t word)
{
    unsigned unused = 32 - sample_bits(cr);

    return cr & R_TXCR_SJM_MASK ? word >> unused << unused : word << unused;
}

static uint32_t from_wire(uint32_t cr, uint32_t wire)
{
    unsigned unused = 32 - sample_bits(cr);

    return cr & R_TXCR_SJM_MASK ? wire >> unused << unused : wire >> unused;
}

/* Time. Frame n, counted from 1, is through n periods after the start. */

static uint32_t divider(RkdmaI2s *s)
{
    bool by_rx = FIELD_EX32(s->ckr, CKR, TRCM) == TRCM_RX;
    uint32_t bits = by_rx ? FIELD_EX32(s->ckr, CKR, RSD) : FIELD_EX32(s->ckr, CKR, TSD);

    return (FIELD_EX32(s->ckr, CKR, MDIV) + 1) * (bits + 1);
}

static int64_t frame_time(RkdmaI2s *s, uint64_t n)
{
    return s->start + muldiv64(n * divider(s), NANOSECONDS_PER_SECOND, s->mclk_hz);
}

/* As the clock's slave the controller has no clock: there is no other master. */
static bool running(RkdmaI2s *s)
{
    return s->xfer && !(s->ckr & R_CKR_MSS_MASK);
}

static void start_clock(RkdmaI2s *s)
{
    s->start = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    s->frame = 0;
}

static void transmit(RkdmaI2s *s, uint32_t *wire)
{
    uint32_t word = 0;

    if (fifo32_num_used(&s->tx) < frame_words(s->txcr)) {
        if (s->fed) {
            s->flags |= R_INTSR_TXUI_MASK;
            *(s->dmacr & R_DMACR_TDE_MASK ? &s->tx_underruns : &s->tx_drained) += 1;
        }
        return;
    }
    for (unsigned i = 0; i < channels(s->txcr); i++) {
        if (is_packed(s->txcr) && i & 1) {
            word >>= 16;
        } else {
            word = fifo32_pop(&s->tx);
        }
        wire[i] = is_packed(s->txcr) ? word << 16 : to_wire(s->txcr, word);
    }
    s->fed = true;
    s->tx_frames++;
}

static void receive(RkdmaI2s *s, const uint32_t *wire)
{
    if (fifo32_num_free(&s->rx) < frame_words(s->rxcr)) {
        s->flags |= R_INTSR_RXOI_MASK;
        *(s->dmacr & R_DMACR_RDE_MASK ? &s->rx_overruns : &s->rx_ignored) += 1;
        return;
    }
    for (unsigned i = 0; i < channels(s->rxcr); i++) {
        if (!is_packed(s->rxcr)) {
            fifo32_push(&s->rx, from_wire(s->rxcr, wire[i]));
        } else if (i & 1) {
            fifo32_push(&s->rx, wire[i - 1] >> 16 | (wire[i] & 0xffff0000));
        }
    }
    s->rx_frames++;
}

static void move_frame(RkdmaI2s *s)
{
    static const uint32_t silence[MAX_CHANNELS];
    uint32_t wire[MAX_CHANNELS] = { 0 };

    if (s->xfer & R_XFER_TXS_MASK) {
        transmit(s, wire);
    }
    if (s->xfer & R_XFER_RXS_MASK) {
        receive(s, s->loopback ? wire : silence);
    }
    s->frame++;
}

/* Move all frames that are due. Called before the state is read or changed. */
static void catch_up(RkdmaI2s *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    while (running(s) && frame_time(s, s->frame + 1) <= now) {
        move_frame(s);
    }
}

/* The lines, and when a frame will change one. */

static bool is_low(RkdmaI2s *s, uint32_t level)
{
    return fifo32_num_used(&s->tx) <= level;
}

static bool is_high(RkdmaI2s *s, uint32_t level)
{
    return fifo32_num_used(&s->rx) > level;
}

static bool tx_wanted(RkdmaI2s *s)
{
    return s->dmacr & R_DMACR_TDE_MASK && is_low(s, FIELD_EX32(s->dmacr, DMACR, TDL));
}

static bool rx_wanted(RkdmaI2s *s)
{
    return s->dmacr & R_DMACR_RDE_MASK && is_high(s, FIELD_EX32(s->dmacr, DMACR, RDL));
}

static uint32_t status(RkdmaI2s *s)
{
    uint32_t v = s->flags;

    v = FIELD_DP32(v, INTSR, TXEI, is_low(s, FIELD_EX32(s->intcr, INTCR, TFT)));
    return FIELD_DP32(v, INTSR, RXFI, is_high(s, FIELD_EX32(s->intcr, INTCR, RFT)));
}

/* Number of frames after which at most @level words are left to transmit. */
static uint64_t until_low(RkdmaI2s *s, uint32_t level)
{
    uint32_t used = fifo32_num_used(&s->tx), words = frame_words(s->txcr), n;

    if (!(s->xfer & R_XFER_TXS_MASK) || used <= level) {
        return NEVER;
    }
    n = DIV_ROUND_UP(used - level, words);
    return n * words <= used ? n : NEVER;
}

/* Number of frames after which more than @level words have been received. */
static uint64_t until_high(RkdmaI2s *s, uint32_t level)
{
    uint32_t used = fifo32_num_used(&s->rx), words = frame_words(s->rxcr), n;

    if (!(s->xfer & R_XFER_RXS_MASK) || used > level) {
        return NEVER;
    }
    n = DIV_ROUND_UP(level + 1 - used, words);
    return used + n * words <= DEPTH ? n : NEVER;
}

static uint64_t until_underrun(RkdmaI2s *s)
{
    uint32_t frames = fifo32_num_used(&s->tx) / frame_words(s->txcr);

    if (!(s->xfer & R_XFER_TXS_MASK) || !(s->fed || frames)) {
        return NEVER;
    }
    return frames + 1;
}

static uint64_t until_overrun(RkdmaI2s *s)
{
    if (!(s->xfer & R_XFER_RXS_MASK)) {
        return NEVER;
    }
    return fifo32_num_free(&s->rx) / frame_words(s->rxcr) + 1;
}

static uint64_t until_change(RkdmaI2s *s)
{
    uint32_t awaited = s->intcr & INTERRUPTS & ~status(s);
    uint64_t n = NEVER;

    if (s->dmacr & R_DMACR_TDE_MASK) {
        n = MIN(n, until_low(s, FIELD_EX32(s->dmacr, DMACR, TDL)));
    }
    if (s->dmacr & R_DMACR_RDE_MASK) {
        n = MIN(n, until_high(s, FIELD_EX32(s->dmacr, DMACR, RDL)));
    }
    if (awaited & R_INTSR_TXEI_MASK) {
        n = MIN(n, until_low(s, FIELD_EX32(s->intcr, INTCR, TFT)));
    }
    if (awaited & R_INTSR_RXFI_MASK) {
        n = MIN(n, until_high(s, FIELD_EX32(s->intcr, INTCR, RFT)));
    }
    if (awaited & R_INTSR_TXUI_MASK) {
        n = MIN(n, until_underrun(s));
    }
    if (awaited & R_INTSR_RXOI_MASK) {
        n = MIN(n, until_overrun(s));
    }
    return n;
}

/* Called after every change of the state. */
static void update(RkdmaI2s *s)
{
    uint64_t frames = running(s) ? until_change(s) : NEVER;

    if (frames == NEVER) {
        timer_del(s->timer);
    } else {
        timer_mod(s->timer, frame_time(s, s->frame + frames));
    }
    qemu_set_irq(s->tx_request, tx_wanted(s));
    qemu_set_irq(s->rx_request, rx_wanted(s));
    qemu_set_irq(s->irq, !!(s->intcr & status(s) & INTERRUPTS));
}

static void frame_timer(void *opaque)
{
    catch_up(opaque);
    update(opaque);
}

static uint32_t levels(RkdmaI2s *s)
{
    uint32_t v = FIELD_DP32(0, FIFOLR, TFL0, fifo32_num_used(&s->tx));

    return FIELD_DP32(v, FIFOLR, RFL, fifo32_num_used(&s->rx));
}

static uint32_t pop(RkdmaI2s *s)
{
    if (fifo32_is_empty(&s->rx)) {
        s->rx_underruns++;
        return 0;
    }
    return fifo32_pop(&s->rx);
}

static uint32_t read_register(RkdmaI2s *s, hwaddr addr)
{
    switch (addr) {
    case A_TXCR:
        return s->txcr;
    case A_RXCR:
        return s->rxcr;
    case A_CKR:
        return s->ckr;
    case A_FIFOLR:
        return levels(s);
    case A_DMACR:
        return s->dmacr;
    case A_INTCR:
        return s->intcr;
    case A_INTSR:
        return status(s);
    case A_XFER:
        return s->xfer;
    case A_CLR:
    case A_TXDR:    /* the driver's debugfs shows it */
        return 0;
    case A_RXDR:
        return pop(s);
    }
    guest_error(s, "read of an unknown register", addr);
    return 0;
}

static void push(RkdmaI2s *s, uint32_t word)
{
    if (fifo32_is_full(&s->tx)) {
        s->tx_overruns++;
        return;
    }
    fifo32_push(&s->tx, word);
}

static void write_clock(RkdmaI2s *s, uint32_t val)
{
    if (s->xfer && val != s->ckr) {
        guest_error(s, "clock changed while it runs", A_CKR);
        return;
    }
    s->ckr = val;
}

/* Words that were in the FIFO before DMA was enabled do not start the count. */
static void write_dma(RkdmaI2s *s, uint32_t val)
{
    if (val & ~s->dmacr & R_DMACR_TDE_MASK) {
        s->fed = false;
    }
    s->dmacr = val;
}

static void write_interrupts(RkdmaI2s *s, uint32_t val)
{
    s->flags &= ~(val & R_INTCR_TXUIC_MASK ? R_INTSR_TXUI_MASK : 0);
    s->flags &= ~(val & R_INTCR_RXOIC_MASK ? R_INTSR_RXOI_MASK : 0);
    s->intcr = val & ~INTCR_CLEARS;
}

/* Report a guest error if the configuration cannot work. */
static void check_format(RkdmaI2s *s)
{
    if (s->ckr & R_CKR_MSS_MASK) {
        guest_error(s, "start as the clock's slave, without a master", A_XFER);
    }
    if (FIELD_EX32(s->ckr, CKR, TRCM) == TRCM_BOTH &&
        FIELD_EX32(s->ckr, CKR, TSD) != FIELD_EX32(s->ckr, CKR, RSD)) {
        guest_error(s, "start with two frame rates", A_XFER);
    }
    if (sample_bits(s->txcr) < 16 || sample_bits(s->rxcr) < 16) {
        guest_error(s, "start with samples below 16 bits", A_XFER);
    }
}

static void write_xfer(RkdmaI2s *s, uint32_t val)
{
    uint32_t started = val & ~s->xfer;

    if (started) {
        check_format(s);
    }
    if (started & R_XFER_TXS_MASK) {
        s->fed = false;
    }
    if (!s->xfer) {
        start_clock(s);
    }
    s->xfer = val;
}

static void write_clear(RkdmaI2s *s, uint32_t val)
{
    /* CLR's bits are where their directions are in XFER. */
    if (val & s->xfer) {
        guest_error(s, "clear while it runs", A_CLR);
        return;
    }
    if (val & R_CLR_TXC_MASK) {
        fifo32_reset(&s->tx);
        s->flags &= ~R_INTSR_TXUI_MASK;
    }
    if (val & R_CLR_RXC_MASK) {
        fifo32_reset(&s->rx);
        s->flags &= ~R_INTSR_RXOI_MASK;
    }
}

/* The bits that a register has, 0 if it cannot be written. */
static uint32_t writable(hwaddr addr)
{
    switch (addr) {
    case A_TXCR:
        return TXCR_BITS;
    case A_RXCR:
        return RXCR_BITS;
    case A_CKR:
        return CKR_BITS;
    case A_DMACR:
        return DMACR_BITS;
    case A_INTCR:
        return INTCR_BITS;
    case A_XFER:
    case A_CLR:
        return TX_RX;
    case A_TXDR:
        return UINT32_MAX;
    }
    return 0;
}

static void write_register(RkdmaI2s *s, hwaddr addr, uint32_t val)
{
    if (!writable(addr)) {
        guest_error(s, "write of a read-only or unknown register", addr);
        return;
    }
    if (val & ~writable(addr)) {
        guest_error(s, "write of reserved bits", addr);
        val &= writable(addr);
    }
    switch (addr) {
    case A_TXCR:
        s->txcr = val;
        break;
    case A_RXCR:
        s->rxcr = val;
        break;
    case A_CKR:
        write_clock(s, val);
        break;
    case A_DMACR:
        write_dma(s, val);
        break;
    case A_INTCR:
        write_interrupts(s, val);
        break;
    case A_XFER:
        write_xfer(s, val);
        break;
    case A_CLR:
        write_clear(s, val);
        break;
    case A_TXDR:
        push(s, val);
        break;
    }
}

static MemTxResult rkdma_i2s_read(void *opaque, hwaddr addr, uint64_t *val,
                                  unsigned size, MemTxAttrs attrs)
{
    RkdmaI2s *s = opaque;

    *val = 0;

    if (size != 4) {
        guest_error(s, "access that is not 32 bit", addr);
        return MEMTX_OK;
    }
    s->dma_bytes += rkdma_by_dma(attrs) ? size : 0;
    catch_up(s);
    *val = read_register(s, addr);
    update(s);
    return MEMTX_OK;
}

static MemTxResult rkdma_i2s_write(void *opaque, hwaddr addr, uint64_t val,
                                   unsigned size, MemTxAttrs attrs)
{
    RkdmaI2s *s = opaque;

    if (size != 4) {
        guest_error(s, "access that is not 32 bit", addr);
        return MEMTX_OK;
    }
    s->dma_bytes += rkdma_by_dma(attrs) ? size : 0;
    catch_up(s);
    write_register(s, addr, val);
    update(s);
    return MEMTX_OK;
}

static const MemoryRegionOps rkdma_i2s_ops = {
    .read_with_attrs = rkdma_i2s_read,
    .write_with_attrs = rkdma_i2s_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

static void rkdma_i2s_reset(DeviceState *dev)
{
    RkdmaI2s *s = RKDMA_I2S(dev);

    s->txcr = s->rxcr = 0x0000000f;
    s->ckr = 0x00071f1f;
    s->dmacr = 0x001f0000;
    s->intcr = 0x01f00000;
    s->xfer = s->flags = 0;
    s->fed = false;
    fifo32_reset(&s->tx);
    fifo32_reset(&s->rx);
    update(s);
}

static void rkdma_i2s_realize(DeviceState *dev, Error **errp)
{
    RkdmaI2s *s = RKDMA_I2S(dev);

    fifo32_create(&s->tx, DEPTH);
    fifo32_create(&s->rx, DEPTH);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, frame_timer, s);
}

static void get_counter(Object *obj, Visitor *v, const char *name, void *opaque,
                        Error **errp)
{
    catch_up(RKDMA_I2S(obj));
    visit_type_uint64(v, name, opaque, errp);
}

static void get_rate(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    RkdmaI2s *s = RKDMA_I2S(obj);
    uint64_t rate = s->mclk_hz / divider(s);

    visit_type_uint64(v, name, &rate, errp);
}

static void get_mclk(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    visit_type_uint32(v, name, &RKDMA_I2S(obj)->mclk_hz, errp);
}

/* A frame that is under way starts anew. */
static void set_mclk(Object *obj, Visitor *v, const char *name, void *opaque,
                     Error **errp)
{
    RkdmaI2s *s = RKDMA_I2S(obj);
    uint32_t hz;

    if (!visit_type_uint32(v, name, &hz, errp)) {
        return;
    }
    if (!hz) {
        error_setg(errp, "mclk-hz must not be 0");
        return;
    }
    if (!DEVICE(obj)->realized) {
        s->mclk_hz = hz;
        return;
    }
    catch_up(s);
    s->mclk_hz = hz;
    start_clock(s);
    update(s);
}

static bool get_loopback(Object *obj, Error **errp)
{
    return RKDMA_I2S(obj)->loopback;
}

static void set_loopback(Object *obj, bool value, Error **errp)
{
    catch_up(RKDMA_I2S(obj));
    RKDMA_I2S(obj)->loopback = value;
}

static void add_counter(Object *obj, const char *name, uint64_t *counter)
{
    object_property_add(obj, name, "uint64", get_counter, NULL, NULL, counter);
}

static void rkdma_i2s_init(Object *obj)
{
    RkdmaI2s *s = RKDMA_I2S(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    s->mclk_hz = 12288000;
    s->loopback = true;
    memory_region_init_io(&s->mmio, obj, &rkdma_i2s_ops, s, TYPE_RKDMA_I2S, 0x1000);
    sysbus_init_mmio(sbd, &s->mmio);
    sysbus_init_irq(sbd, &s->irq);
    qdev_init_gpio_out_named(DEVICE(obj), &s->tx_request, "tx-request", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->rx_request, "rx-request", 1);
    object_property_add(obj, "mclk-hz", "uint32", get_mclk, set_mclk, NULL, NULL);
    object_property_add_bool(obj, "loopback", get_loopback, set_loopback);
    object_property_add(obj, "rate", "uint64", get_rate, NULL, NULL, NULL);
    add_counter(obj, "tx-frames", &s->tx_frames);
    add_counter(obj, "rx-frames", &s->rx_frames);
    add_counter(obj, "tx-underruns", &s->tx_underruns);
    add_counter(obj, "tx-drained", &s->tx_drained);
    add_counter(obj, "rx-overruns", &s->rx_overruns);
    add_counter(obj, "rx-ignored", &s->rx_ignored);
    add_counter(obj, "tx-overruns", &s->tx_overruns);
    add_counter(obj, "rx-underruns", &s->rx_underruns);
    add_counter(obj, "dma-bytes", &s->dma_bytes);
    add_counter(obj, "guest-errors", &s->guest_errors);
}

static void rkdma_i2s_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rkdma_i2s_realize;
    dc->desc = "Rockchip I2S controller, looped back";
    rkdma_set_reset(dc, rkdma_i2s_reset);
}

static const TypeInfo rkdma_i2s_info = {
    .name = TYPE_RKDMA_I2S,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaI2s),
    .instance_init = rkdma_i2s_init,
    .class_init = rkdma_i2s_class_init,
};

static void rkdma_i2s_register_types(void)
{
    type_register_static(&rkdma_i2s_info);
}

type_init(rkdma_i2s_register_types)
