/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rockchip's SPI controller as a master: two FIFOs, two request lines, two chip
 * selects, and a shifter in virtual time. docs/hardware.md describes what is modelled.
 *
 * A word is what one access of a FIFO moves: a frame, or, without the byte
 * transform, a pair of 8-bit frames.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "hw/ssi/ssi.h"
#include "qapi/error.h"
#include "qemu/fifo32.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qom/object.h"

#define TYPE_RKDMA_SPI "rkdma-spi"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaSpi, RKDMA_SPI)

REG32(CTRLR0, 0x000)
    FIELD(CTRLR0, DFS, 0, 2)
    FIELD(CTRLR0, CFS, 2, 4)
    FIELD(CTRLR0, SCPH, 6, 1)
    FIELD(CTRLR0, SCPOL, 7, 1)
    FIELD(CTRLR0, SSD, 10, 1)
    FIELD(CTRLR0, EM, 11, 1)
    FIELD(CTRLR0, FBM, 12, 1)
    FIELD(CTRLR0, BHT, 13, 1)
    FIELD(CTRLR0, RSD, 14, 2)
    FIELD(CTRLR0, XFM, 18, 2)
    FIELD(CTRLR0, SOI, 23, 2)
REG32(CTRLR1, 0x004)
REG32(SSIENR, 0x008)
REG32(SER, 0x00c)
REG32(BAUDR, 0x010)
REG32(TXFTLR, 0x014)
REG32(RXFTLR, 0x018)
REG32(TXFLR, 0x01c)
REG32(RXFLR, 0x020)
REG32(SR, 0x024)
    FIELD(SR, BUSY, 0, 1)
    FIELD(SR, TX_FULL, 1, 1)
    FIELD(SR, TX_EMPTY, 2, 1)
    FIELD(SR, RX_EMPTY, 3, 1)
    FIELD(SR, RX_FULL, 4, 1)
REG32(IPR, 0x028)
REG32(IMR, 0x02c)
REG32(ISR, 0x030)
REG32(RISR, 0x034)
    FIELD(RISR, TX_EMPTY, 0, 1)
    FIELD(RISR, TX_OVERFLOW, 1, 1)
    FIELD(RISR, RX_UNDERFLOW, 2, 1)
    FIELD(RISR, RX_OVERFLOW, 3, 1)
    FIELD(RISR, RX_FULL, 4, 1)
REG32(ICR, 0x038)
    FIELD(ICR, ALL, 0, 1)
    FIELD(ICR, RX_UNDERFLOW, 1, 1)
    FIELD(ICR, RX_OVERFLOW, 2, 1)
    FIELD(ICR, TX_OVERFLOW, 3, 1)
REG32(DMACR, 0x03c)
    FIELD(DMACR, RX_EN, 0, 1)
    FIELD(DMACR, TX_EN, 1, 1)
REG32(DMATDLR, 0x040)
REG32(DMARDLR, 0x044)
REG32(VERSION, 0x048)

#define TXDR_START      0x400
#define RXDR_START      0x800
#define DATA_SIZE       0x400
#define FIFO_WORDS      64
#define CHIP_SELECTS    2
#define INT_ALL         0x1f

/* The rest is what a master with Motorola's frame format leaves 0. */
#define CTRLR0_KNOWN    (R_CTRLR0_DFS_MASK | R_CTRLR0_CFS_MASK | R_CTRLR0_SCPH_MASK | \
                         R_CTRLR0_SCPOL_MASK | R_CTRLR0_SSD_MASK | R_CTRLR0_EM_MASK | \
                         R_CTRLR0_FBM_MASK | R_CTRLR0_BHT_MASK | R_CTRLR0_RSD_MASK | \
                         R_CTRLR0_XFM_MASK | R_CTRLR0_SOI_MASK)

enum { DFS_4, DFS_8, DFS_16, DFS_NONE };
enum { XFM_BOTH, XFM_TRANSMIT, XFM_RECEIVE, XFM_NONE };

struct RkdmaSpi {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    SSIBus *bus;
    qemu_irq irq, cs[CHIP_SELECTS], tx_request, rx_request;
    QEMUTimer *timer;

    uint32_t clock_hz, version;

    uint32_t ctrlr0, ctrlr1, ser, baudr, txftlr, rxftlr, imr, sticky;
    uint32_t dmacr, dmatdlr, dmardlr;
    bool enabled;
    Fifo32 tx, rx;
    uint32_t frames_left;   /* to receive, if nothing is transmitted */

    /* the word in the shifter */
    bool busy;
    uint32_t word, frames;
    /* it is through when so many clocks have passed since then */
    int64_t origin;
    uint64_t clocks, word_clocks;

    /* levels of the lines */
    bool irq_up, tx_up, rx_up;
    bool told;              /* that frames cannot go out */

    uint64_t tx_frames, rx_frames, tx_overruns, rx_overruns, rx_underruns;
    uint64_t dma_bytes, guest_errors;
};

static void guest_error(RkdmaSpi *s, const char *what, hwaddr addr)
{
    s->guest_errors++;
    qemu_log_mask(LOG_GUEST_ERROR, "rkdma-spi: %s at %#x\n", what, (unsigned)addr);
}

static uint32_t mode(RkdmaSpi *s)
{
    return FIELD_EX32(s->ctrlr0, CTRLR0, XFM);
}

static uint32_t frame_bits(RkdmaSpi *s)
{
    return 4 << FIELD_EX32(s->ctrlr0, CTRLR0, DFS);
}

static bool lsb_first(RkdmaSpi *s)
{
    return s->ctrlr0 & R_CTRLR0_FBM_MASK;
}

static uint32_t frames_per_word(RkdmaSpi *s)
{
    return frame_bits(s) == 8 && !(s->ctrlr0 & R_CTRLR0_BHT_MASK) ? 2 : 1;
}

static uint32_t word_mask(RkdmaSpi *s)
{
    return (1u << frame_bits(s) * frames_per_word(s)) - 1;
}

static uint32_t raw_interrupts(RkdmaSpi *s)
{
    uint32_t v = s->sticky;

    v = FIELD_DP32(v, RISR, TX_EMPTY,
                   s->enabled && fifo32_num_used(&s->tx) <= s->txftlr);
    return FIELD_DP32(v, RISR, RX_FULL, fifo32_num_used(&s->rx) > s->rxftlr);
}

/* Signal only changes: each costs the DMA controller a scan of its channels. */
static void drive(qemu_irq line, bool *up, bool level)
{
    if (*up != level) {
        *up = level;
        qemu_set_irq(line, level);
    }
}

static void update_lines(RkdmaSpi *s)
{
    bool tx = s->enabled && s->dmacr & R_DMACR_TX_EN_MASK && mode(s) != XFM_RECEIVE &&
              fifo32_num_used(&s->tx) <= s->dmatdlr;
    bool rx = s->enabled && s->dmacr & R_DMACR_RX_EN_MASK &&
              fifo32_num_used(&s->rx) > s->dmardlr;

    drive(s->tx_request, &s->tx_up, tx);
    drive(s->rx_request, &s->rx_up, rx);
    drive(s->irq, &s->irq_up, raw_interrupts(s) & s->imr);
}

/* Whether words are lost, or the wire is idle, unless DMA or the CPU acts soon. */
static bool waiting(RkdmaSpi *s)
{
    if (!s->tx_up && !s->rx_up && !s->irq_up) {
        return false;
    }
    return fifo32_num_used(&s->rx) >= FIFO_WORDS / 2 ||
           (mode(s) != XFM_RECEIVE && fifo32_is_empty(&s->tx));
}

/* A selected peripheral sees a low level, unless CTRLR0 inverts it. */
static void update_chip_selects(RkdmaSpi *s)
{
    uint32_t levels = ~s->ser ^ FIELD_EX32(s->ctrlr0, CTRLR0, SOI);

    for (int n = 0; n < CHIP_SELECTS; n++) {
        qemu_set_irq(s->cs[n], levels >> n & 1);
    }
}

/*
 * A byte, or half of one, goes out while another comes in. A chip select that
 * is wired to nothing stands for MISO wired to MOSI.
 */
static uint8_t exchange_byte(RkdmaSpi *s, uint8_t out)
{
    uint8_t in = 0;
    bool wired = false;

    for (int n = 0; n < CHIP_SELECTS; n++) {
        if (s->ser >> n & 1) {
            wired |= s->cs[n] != NULL;
            in |= s->cs[n] ? 0 : out;
        }
    }
    if (!wired) {
        return in;
    }
    if (frame_bits(s) < 8) {
        guest_error(s, "half a byte for a peripheral of whole ones", A_CTRLR0);
        return in;
    }
    if (lsb_first(s)) {
        return in | revbit8(ssi_transfer(s->bus, revbit8(out)));
    }
    return in | ssi_transfer(s->bus, out);
}

/* The endian mode and the bit order decide which byte goes first. */
static uint32_t exchange(RkdmaSpi *s, uint32_t out)
{
    int bytes = DIV_ROUND_UP(s->frames * frame_bits(s), 8);
    bool low_first = !(s->ctrlr0 & R_CTRLR0_EM_MASK);
    uint32_t in = 0;

    if (frame_bits(s) == 16 && lsb_first(s)) {
        low_first = !low_first;
    }
    for (int i = 0; i < bytes; i++) {
        int at = 8 * (low_first ? i : bytes - 1 - i);

        in |= (uint32_t)exchange_byte(s, out >> at) << at;
    }
    return in;
}

static int64_t due(RkdmaSpi *s)
{
    return s->origin + muldiv64(s->clocks, NANOSECONDS_PER_SECOND, s->clock_hz);
}

/* Put the next word into the shifter, if there is one. */
static void begin_word(RkdmaSpi *s)
{
    bool receive = mode(s) == XFM_RECEIVE;

    if (!s->enabled || (receive ? !s->frames_left : fifo32_is_empty(&s->tx))) {
        return;
    }
    if (!s->ser || !s->baudr) {
        if (!s->told) {
            guest_error(s, s->ser ? "frames without a clock"
                                  : "frames without a chip select",
                        s->ser ? A_BAUDR : A_SER);
        }
        s->told = true;
        return;
    }
    s->frames = frames_per_word(s);
    if (receive) {
        s->frames = MIN(s->frames, s->frames_left);
        s->frames_left -= s->frames;
        s->word = 0;
    } else {
        s->word = fifo32_pop(&s->tx);
    }
    s->word_clocks = (uint64_t)s->frames * frame_bits(s) * s->baudr;
    s->clocks += s->word_clocks;
    s->busy = true;
}

static void end_word(RkdmaSpi *s)
{
    uint32_t in = exchange(s, s->word);

    s->busy = false;
    if (mode(s) != XFM_RECEIVE) {
        s->tx_frames += s->frames;
    }
    if (mode(s) == XFM_TRANSMIT) {
        return;
    }
    if (fifo32_is_full(&s->rx)) {
        s->sticky |= R_RISR_RX_OVERFLOW_MASK;
        s->rx_overruns += s->frames;
        return;
    }
    s->rx_frames += s->frames;
    fifo32_push(&s->rx, in & word_mask(s));
}

/* Advance the shifter to the present time. */
static void shift(void *opaque)
{
    RkdmaSpi *s = opaque;
    int64_t start = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), now;

    while (s->busy && due(s) <= start) {
        end_word(s);
        begin_word(s);
        update_lines(s);
        /*
         * A host that is late for this timer is late for those of other devices, too.
         * The wire waits for them; otherwise words would be lost that hardware does not
         * lose. Their timers were set just now, and must expire before the next word's.
         */
        now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        if (s->busy && waiting(s) && due(s) <= now) {
            s->origin = now;
            s->clocks = s->word_clocks;
        }
    }
    if (s->busy) {
        timer_mod(s->timer, due(s));
    }
}

/* After a change: an idle shifter may have work now. */
static void kick(RkdmaSpi *s)
{
    if (!s->busy) {
        s->origin = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->clocks = 0;
        begin_word(s);
        if (s->busy) {
            timer_mod(s->timer, due(s));
        }
    }
    update_lines(s);
}

static uint32_t status(RkdmaSpi *s)
{
    uint32_t v = FIELD_DP32(0, SR, BUSY, s->busy);

    v = FIELD_DP32(v, SR, TX_FULL, fifo32_is_full(&s->tx));
    v = FIELD_DP32(v, SR, TX_EMPTY, fifo32_is_empty(&s->tx));
    v = FIELD_DP32(v, SR, RX_EMPTY, fifo32_is_empty(&s->rx));
    return FIELD_DP32(v, SR, RX_FULL, fifo32_is_full(&s->rx));
}

static uint32_t read_register(RkdmaSpi *s, hwaddr addr)
{
    switch (addr) {
    case A_CTRLR0:
        return s->ctrlr0;
    case A_CTRLR1:
        return s->ctrlr1;
    case A_SSIENR:
        return s->enabled;
    case A_SER:
        return s->ser;
    case A_BAUDR:
        return s->baudr;
    case A_TXFTLR:
        return s->txftlr;
    case A_RXFTLR:
        return s->rxftlr;
    case A_TXFLR:
        return fifo32_num_used(&s->tx);
    case A_RXFLR:
        return fifo32_num_used(&s->rx);
    case A_SR:
        return status(s);
    case A_IPR:
        return 0;
    case A_IMR:
        return s->imr;
    case A_ISR:
        return raw_interrupts(s) & s->imr;
    case A_RISR:
        return raw_interrupts(s);
    case A_DMACR:
        return s->dmacr;
    case A_DMATDLR:
        return s->dmatdlr;
    case A_DMARDLR:
        return s->dmardlr;
    case A_VERSION:
        return s->version;
    }
    guest_error(s, "read of a write-only or unknown register", addr);
    return 0;
}

/* Off, the shifter stops at once and the FIFOs are empty. */
static void write_enable(RkdmaSpi *s, uint32_t val)
{
    if (val > 1) {
        guest_error(s, "value out of range", A_SSIENR);
    }
    if (s->enabled == (val & 1)) {
        return;
    }
    s->enabled = val & 1;
    s->frames_left = s->ctrlr1 + 1;
    s->told = false;
    if (!s->enabled) {
        timer_del(s->timer);
        s->busy = false;
        fifo32_reset(&s->tx);
        fifo32_reset(&s->rx);
    }
}

static void write_control(RkdmaSpi *s, uint32_t val)
{
    if (val & ~CTRLR0_KNOWN || FIELD_EX32(val, CTRLR0, DFS) == DFS_NONE ||
        FIELD_EX32(val, CTRLR0, XFM) == XFM_NONE) {
        guest_error(s, "what is reserved or not modelled", A_CTRLR0);
        return;
    }
    /* The kernel's driver writes it at any time, but does not change it. */
    if (s->enabled && val != s->ctrlr0) {
        guest_error(s, "changed while enabled", A_CTRLR0);
        return;
    }
    s->ctrlr0 = val;
    update_chip_selects(s);
}

static void write_chip_select(RkdmaSpi *s, uint32_t val)
{
    if (val >> CHIP_SELECTS) {
        guest_error(s, "value out of range", A_SER);
        return;
    }
    if (s->busy && val != s->ser) {
        guest_error(s, "changed in the middle of a frame", A_SER);
    }
    s->ser = val;
    update_chip_selects(s);
}

static void write_clear(RkdmaSpi *s, uint32_t val)
{
    if (val & R_ICR_ALL_MASK) {
        s->sticky = 0;
    }
    if (val & R_ICR_RX_UNDERFLOW_MASK) {
        s->sticky &= ~R_RISR_RX_UNDERFLOW_MASK;
    }
    if (val & R_ICR_RX_OVERFLOW_MASK) {
        s->sticky &= ~R_RISR_RX_OVERFLOW_MASK;
    }
    if (val & R_ICR_TX_OVERFLOW_MASK) {
        s->sticky &= ~R_RISR_TX_OVERFLOW_MASK;
    }
}

static void set(RkdmaSpi *s, uint32_t *reg, uint32_t val, uint32_t bits, hwaddr addr)
{
    if (val & ~bits) {
        guest_error(s, "value out of range", addr);
    }
    *reg = val & bits;
}

/* A register that has to stay as it is while the controller is enabled. */
static void set_fixed(RkdmaSpi *s, uint32_t *reg, uint32_t val, uint32_t bits,
                      hwaddr addr)
{
    if (s->enabled && val != *reg) {
        guest_error(s, "changed while enabled", addr);
        return;
    }
    set(s, reg, val, bits, addr);
}

static void write_register(RkdmaSpi *s, hwaddr addr, uint32_t val)
{
    switch (addr) {
    case A_CTRLR0:
        write_control(s, val);
        break;
    case A_CTRLR1:
        set_fixed(s, &s->ctrlr1, val, 0xffff, addr);
        break;
    case A_SSIENR:
        write_enable(s, val);
        break;
    case A_SER:
        write_chip_select(s, val);
        break;
    case A_BAUDR:
        set_fixed(s, &s->baudr, val, 0xfffe, addr);
        break;
    case A_TXFTLR:
        set_fixed(s, &s->txftlr, val, FIFO_WORDS - 1, addr);
        break;
    case A_RXFTLR:
        set_fixed(s, &s->rxftlr, val, FIFO_WORDS - 1, addr);
        break;
    case A_IMR:
        set(s, &s->imr, val, INT_ALL, addr);
        break;
    case A_ICR:
        write_clear(s, val);
        break;
    case A_DMACR:
        set(s, &s->dmacr, val, R_DMACR_RX_EN_MASK | R_DMACR_TX_EN_MASK, addr);
        break;
    case A_DMATDLR:
        set(s, &s->dmatdlr, val, FIFO_WORDS - 1, addr);
        break;
    case A_DMARDLR:
        set(s, &s->dmardlr, val, FIFO_WORDS - 1, addr);
        break;
    default:
        guest_error(s, "write of a read-only or unknown register", addr);
        return;
    }
    kick(s);
}

static void push(RkdmaSpi *s, uint32_t val)
{
    if (!s->enabled || mode(s) == XFM_RECEIVE) {
        guest_error(s, s->enabled ? "data that is not to be transmitted"
                                  : "data while disabled", TXDR_START);
        return;
    }
    if (fifo32_is_full(&s->tx)) {
        s->sticky |= R_RISR_TX_OVERFLOW_MASK;
        s->tx_overruns++;
    } else {
        fifo32_push(&s->tx, val & word_mask(s));
    }
    kick(s);
}

static uint32_t pop(RkdmaSpi *s)
{
    uint32_t val = 0;

    if (fifo32_is_empty(&s->rx)) {
        s->sticky |= R_RISR_RX_UNDERFLOW_MASK;
        s->rx_underruns++;
    } else {
        val = fifo32_pop(&s->rx);
    }
    update_lines(s);
    return val;
}

static void check_size(RkdmaSpi *s, hwaddr addr, unsigned size)
{
    bool data = addr >= TXDR_START && addr < RXDR_START + DATA_SIZE;

    if (!data && size != 4) {
        guest_error(s, "access that is not 32 bit", addr);
    }
    if (data && (size > 4 || word_mask(s) >> 8 * (size - 1) >> 8)) {
        guest_error(s, "access of another size than the FIFO's words", addr);
    }
}

static MemTxResult rkdma_spi_read(void *opaque, hwaddr addr, uint64_t *val,
                                  unsigned size, MemTxAttrs attrs)
{
    RkdmaSpi *s = opaque;

    check_size(s, addr, size);
    s->dma_bytes += rkdma_by_dma(attrs) ? size : 0;
    if (addr >= RXDR_START && addr < RXDR_START + DATA_SIZE) {
        *val = pop(s);
    } else {
        /* The guest waits for the shifter, but not for ever for a late host. */
        shift(s);
        *val = read_register(s, addr);
    }
    return MEMTX_OK;
}

static MemTxResult rkdma_spi_write(void *opaque, hwaddr addr, uint64_t val,
                                   unsigned size, MemTxAttrs attrs)
{
    RkdmaSpi *s = opaque;

    check_size(s, addr, size);
    s->dma_bytes += rkdma_by_dma(attrs) ? size : 0;
    if (addr >= TXDR_START && addr < TXDR_START + DATA_SIZE) {
        push(s, val);
    } else {
        write_register(s, addr, val);
    }
    return MEMTX_OK;
}

static const MemoryRegionOps rkdma_spi_ops = {
    .read_with_attrs = rkdma_spi_read,
    .write_with_attrs = rkdma_spi_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

static void rkdma_spi_reset(DeviceState *dev)
{
    RkdmaSpi *s = RKDMA_SPI(dev);

    write_enable(s, 0);
    s->ctrlr0 = DFS_16;
    s->ctrlr1 = s->ser = s->baudr = s->txftlr = s->rxftlr = s->imr = s->sticky = 0;
    s->dmacr = s->dmatdlr = s->dmardlr = 0;
    update_chip_selects(s);
    update_lines(s);
}

static void rkdma_spi_realize(DeviceState *dev, Error **errp)
{
    RkdmaSpi *s = RKDMA_SPI(dev);

    if (!s->clock_hz) {
        error_setg(errp, "clock-hz must not be 0");
        return;
    }
    fifo32_create(&s->tx, FIFO_WORDS);
    fifo32_create(&s->rx, FIFO_WORDS);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, shift, s);
}

static void add_counter(Object *obj, const char *name, uint64_t *counter)
{
    object_property_add_uint64_ptr(obj, name, counter, OBJ_PROP_FLAG_READ);
}

static void rkdma_spi_init(Object *obj)
{
    RkdmaSpi *s = RKDMA_SPI(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &rkdma_spi_ops, s, TYPE_RKDMA_SPI, 0x1000);
    sysbus_init_mmio(sbd, &s->mmio);
    sysbus_init_irq(sbd, &s->irq);
    s->bus = ssi_create_bus(DEVICE(obj), "ssi");
    qdev_init_gpio_out_named(DEVICE(obj), s->cs, "cs", CHIP_SELECTS);
    qdev_init_gpio_out_named(DEVICE(obj), &s->tx_request, "tx-request", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->rx_request, "rx-request", 1);
    add_counter(obj, "tx-frames", &s->tx_frames);
    add_counter(obj, "rx-frames", &s->rx_frames);
    add_counter(obj, "tx-overruns", &s->tx_overruns);
    add_counter(obj, "rx-overruns", &s->rx_overruns);
    add_counter(obj, "rx-underruns", &s->rx_underruns);
    add_counter(obj, "dma-bytes", &s->dma_bytes);
    add_counter(obj, "guest-errors", &s->guest_errors);
}

static RKDMA_PROPS_CONST Property rkdma_spi_properties[] = {
    DEFINE_PROP_UINT32("clock-hz", RkdmaSpi, clock_hz, 200000000),
    /* one of those whose FIFOs the kernel knows to have 64 words */
    DEFINE_PROP_UINT32("version", RkdmaSpi, version, 0x00110002),
    RKDMA_PROPS_END
};

static void rkdma_spi_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rkdma_spi_realize;
    dc->desc = "Rockchip SPI controller";
    device_class_set_props(dc, rkdma_spi_properties);
    rkdma_set_reset(dc, rkdma_spi_reset);
}

static const TypeInfo rkdma_spi_info = {
    .name = TYPE_RKDMA_SPI,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaSpi),
    .instance_init = rkdma_spi_init,
    .class_init = rkdma_spi_class_init,
};

static void rkdma_spi_register_types(void)
{
    type_register_static(&rkdma_spi_info);
}

type_init(rkdma_spi_register_types)
