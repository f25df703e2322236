/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Request lines from peripherals, where high means a request, to a PL330.
 *
 * The inputs of QEMU's PL330 mean "busy" instead: low is a request. They are low after a
 * reset and where nothing is wired. So this device inverts the lines ("busy"), and drives
 * all of them again after a reset. The strict model takes the lines as they are ("request").
 * A line can also go unchanged to the linked-list controller ("same"), since the board has
 * one set of peripherals for both controllers.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "qemu/module.h"
#include "qom/object.h"

#define TYPE_RKDMA_REQUESTS "rkdma-requests"
OBJECT_DECLARE_SIMPLE_TYPE(RkdmaRequests, RKDMA_REQUESTS)

#define LINES   32

struct RkdmaRequests {
    SysBusDevice parent_obj;
    qemu_irq same[LINES], busy[LINES], request[LINES];
    bool level[LINES];
};

static void request(void *opaque, int line, int level)
{
    RkdmaRequests *s = opaque;

    s->level[line] = level;
    qemu_set_irq(s->same[line], level);
    qemu_set_irq(s->busy[line], !level);
    qemu_set_irq(s->request[line], level);
}

/* After the reset of every device, the PL330 among them. */
static RKDMA_EXIT_PHASE(requests_reset_exit, obj)
{
    RkdmaRequests *s = RKDMA_REQUESTS(obj);

    for (int line = 0; line < LINES; line++) {
        qemu_set_irq(s->busy[line], !s->level[line]);
        qemu_set_irq(s->request[line], s->level[line]);
    }
}

static void requests_init(Object *obj)
{
    RkdmaRequests *s = RKDMA_REQUESTS(obj);

    qdev_init_gpio_in(DEVICE(obj), request, LINES);
    qdev_init_gpio_out_named(DEVICE(obj), s->same, "same", LINES);
    qdev_init_gpio_out_named(DEVICE(obj), s->busy, "busy", LINES);
    qdev_init_gpio_out_named(DEVICE(obj), s->request, "request", LINES);
}

static void requests_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    RESETTABLE_CLASS(klass)->phases.exit = requests_reset_exit;
    dc->desc = "Request lines of a PL330";
}

static const TypeInfo requests_info = {
    .name = TYPE_RKDMA_REQUESTS,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(RkdmaRequests),
    .instance_init = requests_init,
    .class_init = requests_class_init,
};

static void requests_register_types(void)
{
    type_register_static(&requests_info);
}

type_init(requests_register_types)
