/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three PL330s of RK3588 on the lab's board, at the part's addresses and with its
 * sizes: by the machine's property "pl330" QEMU's own model, unmodified, or the strict one.
 * docs/hardware.md says which of the sizes are known.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "qapi/error.h"
#include "rk3588-lab.h"

#define EVENTS          16
#define LINES           32
/* The part decodes 12 bits of address in its 16 KiB. */
#define WINDOW          0x1000
#define WINDOWS         4

static const struct {
    hwaddr base;
    int spi;            /* all events; the next one: abort */
} dmac[RK3588_LAB_PL330S] = {
    { 0xfea10000, 86 },
    { 0xfea30000, 88 },
    { 0xfed10000, 90 },
};

/* Whether the board has the strict model. */
static bool strict;

/* Linux reads an AMBA device's ID from the end of its registers' 16 KiB. */
static void map(DeviceState *dev, const char *name, hwaddr base)
{
    MemoryRegion *mmio = sysbus_mmio_get_region(SYS_BUS_DEVICE(dev), 0);

    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
    for (int n = 1; n < WINDOWS; n++) {
        g_autofree char *alias_name = g_strdup_printf("%s.again%d", name, n);
        MemoryRegion *alias = g_new0(MemoryRegion, 1);

        memory_region_init_alias(alias, OBJECT(dev), alias_name, mmio, 0, WINDOW);
        memory_region_add_subregion(get_system_memory(), base + n * WINDOW, alias);
    }
}

static void connect_interrupts(Object *parent, DeviceState *dev, DeviceState *gic,
                               int spi)
{
    DeviceState *any = qdev_new(TYPE_OR_IRQ);

    object_property_add_child(parent, "any-event", OBJECT(any));
    qdev_prop_set_uint16(any, "num-lines", EVENTS);
    qdev_realize_and_unref(any, NULL, &error_fatal);
    for (int n = 0; n < EVENTS; n++) {
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 1 + n, qdev_get_gpio_in(any, n));
    }
    qdev_connect_gpio_out(any, 0, qdev_get_gpio_in(gic, spi));
    sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0, qdev_get_gpio_in(gic, spi + 1));
}

/* QEMU's model wants the lines inverted. */
static DeviceState *add_requests(Object *parent, DeviceState *dev)
{
    const char *kind = strict ? "request" : "busy";
    DeviceState *requests = qdev_new("rkdma-requests");

    object_property_add_child(parent, "requests", OBJECT(requests));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(requests), &error_fatal);
    for (int line = 0; line < LINES; line++) {
        qdev_connect_gpio_out_named(requests, kind, line,
                                    qdev_get_gpio_in(dev, line));
    }
    return requests;
}

static char *get_model(Object *obj, Error **errp)
{
    return g_strdup(strict ? "strict" : "qemu");
}

static void set_model(Object *obj, const char *value, Error **errp)
{
    if (strcmp(value, "strict") && strcmp(value, "qemu")) {
        error_setg(errp, "pl330=%s: strict or qemu", value);
        return;
    }
    strict = !strcmp(value, "strict");
}

/* RK3588's values, unless -global sets others. */
void rk3588_lab_pl330_defaults(MachineClass *mc)
{
    static GlobalProperty defaults[] = {
        { "pl330", "num_chnls", "8" },
        { "pl330", "num_periph_req", stringify(LINES) },
        { "pl330", "num_events", stringify(EVENTS) },
        { "pl330", "mgr_ns_at_rst", "1" },
        { "pl330", "INS", "0xffff" },
        { "pl330", "PNS", "0xffffffff" },
        { "pl330", "data_width", "64" },
        { "pl330", "data_buffer_dep", "128" },
    };

    compat_props_add(mc->compat_props, defaults, G_N_ELEMENTS(defaults));
    object_class_property_add_str(OBJECT_CLASS(mc), "pl330", get_model, set_model);
    object_class_property_set_description(OBJECT_CLASS(mc), "pl330",
                                          "the model of the PL330s: strict or qemu");
}

DeviceState *rk3588_lab_add_pl330(Object *machine, DeviceState *gic, int n)
{
    g_autofree char *name = g_strdup_printf("dmac%d", n);
    DeviceState *dev = qdev_new(strict ? "rkdma-pl330" : "pl330");

    object_property_add_child(machine, name, OBJECT(dev));
    if (!strict) {
        object_property_set_link(OBJECT(dev), "memory", OBJECT(get_system_memory()),
                                 &error_fatal);
    }
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    map(dev, name, dmac[n].base);
    connect_interrupts(OBJECT(dev), dev, gic, dmac[n].spi);
    return add_requests(OBJECT(dev), dev);
}
