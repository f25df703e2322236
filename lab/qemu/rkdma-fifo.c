/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test FIFO: a peripheral with two request lines, whose transmitted bytes
 * come back as received ones, at a settable rate and with errors on demand.
 * docs/hardware.md has its registers.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "qemu/fifo8.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "qom/object.h"

#define TYPE_RKDMA_FIFO "rkdma-fifo"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaFifo, RKDMA_FIFO)

REG32(ID, 0x000)
REG32(CTRL, 0x004)
    FIELD(CTRL, EN, 0, 1)
    FIELD(CTRL, TX_DMA, 1, 1)
    FIELD(CTRL, RX_DMA, 2, 1)
    FIELD(CTRL, MODE, 4, 2)
    FIELD(CTRL, RESET, 31, 1)
REG32(STATUS, 0x008)
    FIELD(STATUS, TX_EMPTY, 0, 1)
    FIELD(STATUS, TX_FULL, 1, 1)
    FIELD(STATUS, RX_EMPTY, 2, 1)
    FIELD(STATUS, RX_FULL, 3, 1)
    FIELD(STATUS, TX_OVERRUN, 8, 1)
    FIELD(STATUS, RX_UNDERRUN, 9, 1)
    FIELD(STATUS, BUS_ERROR, 10, 1)
REG32(TX_THRESH, 0x00c)
REG32(RX_THRESH, 0x010)
REG32(RX_COUNT, 0x014)
REG32(TX_LEVEL, 0x018)
REG32(RX_LEVEL, 0x01c)
REG32(RATE, 0x020)
REG32(DEPTH, 0x024)
REG32(TX_ERR_AFTER, 0x028)
REG32(RX_ERR_AFTER, 0x02c)
REG32(TX_BYTES, 0x030)
REG32(RX_BYTES, 0x034)

#define DATA_START      0x100
#define DATA_END        0x200
#define FIFO_ID         0x4f464946
#define MAX_DEPTH       4096
/*
 * Without a rate it still requests no more bytes than this in a time, ns. Otherwise a DMA
 * program that repeats for ever never waits in QEMU's PL330, which executes it until it
 * waits, and QEMU hangs. If the bytes took longer than PACE_SLOW_NS, the emulator is at its
 * limit, and the guest's CPUs get as much time as they took.
 */
#define PACE_BYTES      65536
#define PACE_NS         10000
#define PACE_SLOW_NS    500000
#define NEVER           0xffffffffu
#define STICKY          (R_STATUS_TX_OVERRUN_MASK | R_STATUS_RX_UNDERRUN_MASK | \
                         R_STATUS_BUS_ERROR_MASK)

enum { MODE_LOOPBACK, MODE_ENDLESS };

struct RkdmaFifo {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    qemu_irq tx_request, rx_request;
    QEMUTimer *timer;

    uint32_t ctrl, sticky, tx_thresh, rx_thresh, rx_count, rate, depth;
    uint32_t tx_err_after, rx_err_after, tx_bytes, rx_bytes;
    Fifo8 tx, rx;
    uint8_t pattern;
    int64_t moved_until;    /* the shifter has worked up to this time */
    int64_t paced_from;     /* time from which bytes are counted */
    int64_t paced_to;       /* time of the last one */
    uint32_t paced;         /* bytes since then */
    bool resting;           /* no requests until the timer ends that */

    uint64_t total_tx, total_rx, overruns, underruns, guest_errors;
};

static uint32_t mode(RkdmaFifo *s)
{
    return FIELD_EX32(s->ctrl, CTRL, MODE);
}

static bool enabled(RkdmaFifo *s)
{
    return s->ctrl & R_CTRL_EN_MASK;
}

static uint32_t tx_free(RkdmaFifo *s)
{
    return s->depth - fifo8_num_used(&s->tx);
}

static void update_requests(RkdmaFifo *s)
{
    uint32_t level = fifo8_num_used(&s->rx);
    bool tx = tx_free(s) >= s->tx_thresh;
    bool rx = level >= s->rx_thresh || (s->rx_count && level >= s->rx_count);
    bool on = enabled(s) && !s->resting;

    qemu_set_irq(s->tx_request, on && s->ctrl & R_CTRL_TX_DMA_MASK && tx);
    qemu_set_irq(s->rx_request, on && s->ctrl & R_CTRL_RX_DMA_MASK && rx);
}

/* Move one byte through the shifter; false if there is none or no room. */
static bool shift_one(RkdmaFifo *s)
{
    bool room = fifo8_num_used(&s->rx) < s->depth;
    bool moved = false;

    if (mode(s) == MODE_ENDLESS) {
        if (!fifo8_is_empty(&s->tx)) {
            fifo8_pop(&s->tx);
            moved = true;
        }
        if (room) {
            fifo8_push(&s->rx, s->pattern++);
            moved = true;
        }
        return moved;
    }
    if (fifo8_is_empty(&s->tx) || !room) {
        return false;
    }
    fifo8_push(&s->rx, fifo8_pop(&s->tx));
    return true;
}

static int64_t byte_ns(RkdmaFifo *s)
{
    return MAX(NANOSECONDS_PER_SECOND / s->rate, 1);
}

/* Advance the shifter to the present time, and set the timer for its next work. */
static void shift(RkdmaFifo *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    bool work = enabled(s);

    while (work && (!s->rate || s->moved_until + byte_ns(s) <= now)) {
        work = shift_one(s);
        s->moved_until += s->rate && work ? byte_ns(s) : 0;
    }
    if (!work || !s->rate) {
        s->moved_until = now;
    }
    if (work && s->rate) {
        timer_mod(s->timer, s->moved_until + byte_ns(s));
    } else if (!s->resting) {
        timer_del(s->timer);
    }
    update_requests(s);
}

static void shift_timer(void *opaque)
{
    RkdmaFifo *s = opaque;

    s->resting = false;
    shift(s);
}

/* Count an access of the data, which a DMA program without a rate could make for ever. */
static void pace(RkdmaFifo *s, unsigned bytes)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), until;

    if (s->rate || s->resting) {
        return;
    }
    if (now - s->paced_to >= PACE_SLOW_NS) {
        s->paced_from = now;
        s->paced = 0;
    }
    s->paced_to = now;
    s->paced += bytes;
    if (s->paced < PACE_BYTES) {
        return;
    }
    until = s->paced_from + PACE_NS;
    if (now - s->paced_from > PACE_SLOW_NS) {
        until = now + (now - s->paced_from);
    }
    s->paced_from = now;
    s->paced = 0;
    if (until > now) {
        s->resting = true;
        timer_mod(s->timer, until);
    }
}

/* After a change from idle the shifter needs a byte's time. */
static void kick(RkdmaFifo *s)
{
    if (!s->rate) {
        shift(s);
        return;
    }
    if (enabled(s) && !timer_pending(s->timer)) {
        s->moved_until = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        timer_mod(s->timer, s->moved_until + byte_ns(s));
    }
    update_requests(s);
}

static void clear(RkdmaFifo *s)
{
    timer_del(s->timer);
    s->resting = false;
    fifo8_reset(&s->tx);
    fifo8_reset(&s->rx);
    s->ctrl = s->sticky = s->rx_count = 0;
    s->tx_bytes = s->rx_bytes = 0;
    s->tx_err_after = s->rx_err_after = NEVER;
    s->pattern = 0;
    update_requests(s);
}

static void guest_error(RkdmaFifo *s, const char *what, hwaddr addr)
{
    s->guest_errors++;
    qemu_log_mask(LOG_GUEST_ERROR, "rkdma-fifo: %s at %#x\n", what, (unsigned)addr);
}

static uint32_t status(RkdmaFifo *s)
{
    uint32_t v = s->sticky;

    v = FIELD_DP32(v, STATUS, TX_EMPTY, fifo8_is_empty(&s->tx));
    v = FIELD_DP32(v, STATUS, TX_FULL, !tx_free(s));
    v = FIELD_DP32(v, STATUS, RX_EMPTY, fifo8_is_empty(&s->rx));
    return FIELD_DP32(v, STATUS, RX_FULL, fifo8_num_used(&s->rx) >= s->depth);
}

static uint32_t read_register(RkdmaFifo *s, hwaddr addr)
{
    switch (addr) {
    case A_ID:
        return FIFO_ID;
    case A_CTRL:
        return s->ctrl;
    case A_STATUS:
        return status(s);
    case A_TX_THRESH:
        return s->tx_thresh;
    case A_RX_THRESH:
        return s->rx_thresh;
    case A_RX_COUNT:
        return s->rx_count;
    case A_TX_LEVEL:
        return fifo8_num_used(&s->tx);
    case A_RX_LEVEL:
        return fifo8_num_used(&s->rx);
    case A_RATE:
        return s->rate;
    case A_DEPTH:
        return s->depth;
    case A_TX_ERR_AFTER:
        return s->tx_err_after;
    case A_RX_ERR_AFTER:
        return s->rx_err_after;
    case A_TX_BYTES:
        return s->tx_bytes;
    case A_RX_BYTES:
        return s->rx_bytes;
    }
    guest_error(s, "read of an unknown register", addr);
    return 0;
}

static void write_control(RkdmaFifo *s, uint32_t val)
{
    if (val & R_CTRL_RESET_MASK) {
        clear(s);
        return;
    }
    if (FIELD_EX32(val, CTRL, MODE) > MODE_ENDLESS) {
        guest_error(s, "unknown mode", A_CTRL);
        return;
    }
    s->ctrl = val & (R_CTRL_EN_MASK | R_CTRL_TX_DMA_MASK | R_CTRL_RX_DMA_MASK |
                     R_CTRL_MODE_MASK);
    kick(s);
}

static void write_depth(RkdmaFifo *s, uint32_t val)
{
    if (enabled(s) || val < 16 || val > MAX_DEPTH) {
        guest_error(s, "depth out of range, or set while enabled", A_DEPTH);
        return;
    }
    s->depth = val;
}

static void write_register(RkdmaFifo *s, hwaddr addr, uint32_t val)
{
    switch (addr) {
    case A_CTRL:
        write_control(s, val);
        return;
    case A_STATUS:
        s->sticky &= ~val;
        return;
    case A_TX_THRESH:
        s->tx_thresh = val;
        break;
    case A_RX_THRESH:
        s->rx_thresh = val;
        break;
    case A_RX_COUNT:
        s->rx_count = val;
        break;
    case A_RATE:
        s->rate = val;
        break;
    case A_DEPTH:
        write_depth(s, val);
        return;
    case A_TX_ERR_AFTER:
        s->tx_err_after = val;
        return;
    case A_RX_ERR_AFTER:
        s->rx_err_after = val;
        return;
    default:
        guest_error(s, "write of a read-only or unknown register", addr);
        return;
    }
    kick(s);
}

static void push(RkdmaFifo *s, uint8_t byte)
{
    s->total_tx++;
    s->tx_bytes++;
    if (!tx_free(s)) {
        s->sticky |= R_STATUS_TX_OVERRUN_MASK;
        s->overruns++;
        return;
    }
    fifo8_push(&s->tx, byte);
    /* Without a rate a byte is through at once. */
    if (!s->rate && enabled(s)) {
        shift_one(s);
    }
}

static uint8_t pop(RkdmaFifo *s)
{
    uint8_t byte;

    s->total_rx++;
    s->rx_bytes++;
    s->rx_count -= s->rx_count ? 1 : 0;
    if (fifo8_is_empty(&s->rx)) {
        s->sticky |= R_STATUS_RX_UNDERRUN_MASK;
        s->underruns++;
        return 0;
    }
    byte = fifo8_pop(&s->rx);
    if (!s->rate && enabled(s)) {
        shift_one(s);
    }
    return byte;
}

static bool is_data(hwaddr addr)
{
    return addr >= DATA_START && addr < DATA_END;
}

static MemTxResult rkdma_fifo_read(void *opaque, hwaddr addr, uint64_t *val,
                                   unsigned size, MemTxAttrs attrs)
{
    RkdmaFifo *s = opaque;

    if (!is_data(addr)) {
        if (size != 4) {
            guest_error(s, "access that is not 32 bit", addr);
        }
        *val = read_register(s, addr);
        return MEMTX_OK;
    }
    if (s->rx_bytes >= s->rx_err_after) {
        s->sticky |= R_STATUS_BUS_ERROR_MASK;
        return MEMTX_ERROR;
    }
    *val = 0;
    for (unsigned i = 0; i < size; i++) {
        *val |= (uint64_t)pop(s) << (8 * i);
    }
    pace(s, size);
    kick(s);
    return MEMTX_OK;
}

static MemTxResult rkdma_fifo_write(void *opaque, hwaddr addr, uint64_t val,
                                    unsigned size, MemTxAttrs attrs)
{
    RkdmaFifo *s = opaque;

    if (!is_data(addr)) {
        if (size != 4) {
            guest_error(s, "access that is not 32 bit", addr);
        }
        write_register(s, addr, val);
        return MEMTX_OK;
    }
    if (s->tx_bytes >= s->tx_err_after) {
        s->sticky |= R_STATUS_BUS_ERROR_MASK;
        return MEMTX_ERROR;
    }
    for (unsigned i = 0; i < size; i++) {
        push(s, val >> (8 * i));
    }
    pace(s, size);
    kick(s);
    return MEMTX_OK;
}

static const MemoryRegionOps rkdma_fifo_ops = {
    .read_with_attrs = rkdma_fifo_read,
    .write_with_attrs = rkdma_fifo_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

static void rkdma_fifo_reset(DeviceState *dev)
{
    RkdmaFifo *s = RKDMA_FIFO(dev);

    s->depth = 64;
    s->rate = 0;
    s->tx_thresh = s->rx_thresh = 1;
    clear(s);
}

static void rkdma_fifo_realize(DeviceState *dev, Error **errp)
{
    RkdmaFifo *s = RKDMA_FIFO(dev);

    fifo8_create(&s->tx, MAX_DEPTH);
    fifo8_create(&s->rx, MAX_DEPTH);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, shift_timer, s);
}

static void rkdma_fifo_init(Object *obj)
{
    RkdmaFifo *s = RKDMA_FIFO(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->mmio, obj, &rkdma_fifo_ops, s, TYPE_RKDMA_FIFO, 0x1000);
    sysbus_init_mmio(sbd, &s->mmio);
    qdev_init_gpio_out_named(DEVICE(obj), &s->tx_request, "tx-request", 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->rx_request, "rx-request", 1);
    object_property_add_uint64_ptr(obj, "tx-bytes", &s->total_tx, OBJ_PROP_FLAG_READ);
    object_property_add_uint64_ptr(obj, "rx-bytes", &s->total_rx, OBJ_PROP_FLAG_READ);
    object_property_add_uint64_ptr(obj, "tx-overruns", &s->overruns, OBJ_PROP_FLAG_READ);
    object_property_add_uint64_ptr(obj, "rx-underruns", &s->underruns, OBJ_PROP_FLAG_READ);
    object_property_add_uint64_ptr(obj, "guest-errors", &s->guest_errors,
                                   OBJ_PROP_FLAG_READ);
}

static void rkdma_fifo_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = rkdma_fifo_realize;
    dc->desc = "Loopback FIFO with DMA request lines";
    rkdma_set_reset(dc, rkdma_fifo_reset);
}

static const TypeInfo rkdma_fifo_info = {
    .name = TYPE_RKDMA_FIFO,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaFifo),
    .instance_init = rkdma_fifo_init,
    .class_init = rkdma_fifo_class_init,
};

static void rkdma_fifo_register_types(void)
{
    type_register_static(&rkdma_fifo_info);
}

type_init(rkdma_fifo_register_types)
