/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lab's gateway: lets the guest read and write the device models' QOM
 * properties, at the moment of the register access, so that also a run on the
 * instruction clock is the same each time. lab/guest/labctl.c is its user.
 *
 * The buffer at 0x100 takes strings that end in a zero byte: an object's path,
 * a property's name, and for SET a value. The answer, or an error's text, is in
 * the buffer afterwards.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qom/object.h"

#define TYPE_RKDMA_LABCTL "rkdma-labctl"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaLabctl, RKDMA_LABCTL)

REG32(ID, 0x000)
REG32(CMD, 0x004)
REG32(STATUS, 0x008)

#define LABCTL_ID       0x4c42414c
#define CMD_GET         1
#define CMD_SET         2
#define BUFFER          0x100
#define BUFFER_SIZE     0xf00

struct RkdmaLabctl {
    SysBusDevice parent_obj;
    MemoryRegion mmio;
    uint32_t status;
    char buffer[BUFFER_SIZE + 1];
};

/* The n-th string of the buffer. */
static const char *argument(RkdmaLabctl *s, int n)
{
    const char *p = s->buffer, *end = s->buffer + BUFFER_SIZE;

    while (n-- && p < end) {
        p += strlen(p) + 1;
    }
    return MIN(p, end);
}

static void answer(RkdmaLabctl *s, bool ok, const char *text)
{
    s->status = !ok;
    g_strlcpy(s->buffer, text, sizeof(s->buffer));
}

static void execute(RkdmaLabctl *s, uint32_t cmd)
{
    g_autofree char *path = g_strdup(argument(s, 0));
    g_autofree char *property = g_strdup(argument(s, 1));
    g_autofree char *value = g_strdup(argument(s, 2));
    g_autofree char *text = NULL;
    Object *obj = object_resolve_path(path, NULL);
    Error *err = NULL;

    if (!obj) {
        answer(s, false, "no such object");
        return;
    }
    if (cmd == CMD_GET) {
        text = object_property_print(obj, property, false, &err);
    } else {
        object_property_parse(obj, property, value, &err);
    }
    answer(s, !err, err ? error_get_pretty(err) : text ?: "");
    error_free(err);
}

static uint64_t rkdma_labctl_read(void *opaque, hwaddr addr, unsigned size)
{
    RkdmaLabctl *s = opaque;

    if (addr >= BUFFER) {
        return ldn_le_p(s->buffer + addr - BUFFER, size);
    }
    switch (addr) {
    case A_ID:
        return LABCTL_ID;
    case A_STATUS:
        return s->status;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "rkdma-labctl: read at %#x\n", (unsigned)addr);
    return 0;
}

static void rkdma_labctl_write(void *opaque, hwaddr addr, uint64_t val,
                               unsigned size)
{
    RkdmaLabctl *s = opaque;

    if (addr >= BUFFER) {
        stn_le_p(s->buffer + addr - BUFFER, size, val);
    } else if (addr == A_CMD && (val == CMD_GET || val == CMD_SET)) {
        execute(s, val);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "rkdma-labctl: write at %#x\n",
                      (unsigned)addr);
    }
}

static const MemoryRegionOps rkdma_labctl_ops = {
    .read = rkdma_labctl_read,
    .write = rkdma_labctl_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static void rkdma_labctl_init(Object *obj)
{
    RkdmaLabctl *s = RKDMA_LABCTL(obj);

    memory_region_init_io(&s->mmio, obj, &rkdma_labctl_ops, s, TYPE_RKDMA_LABCTL,
                          0x1000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mmio);
}

static void rkdma_labctl_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DEVICE_CLASS(klass)->desc = "The lab's gateway to QOM properties";
}

static const TypeInfo rkdma_labctl_info = {
    .name = TYPE_RKDMA_LABCTL,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaLabctl),
    .instance_init = rkdma_labctl_init,
    .class_init = rkdma_labctl_class_init,
};

static void rkdma_labctl_register_types(void)
{
    type_register_static(&rkdma_labctl_info);
}

type_init(rkdma_labctl_register_types)
