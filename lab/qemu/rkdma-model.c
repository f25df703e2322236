/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the models of both kinds of DMA controller have in common.
 */
#include "qemu/osdep.h"
#include "rkdma-model.h"
#include "qapi/visitor.h"
#include "qemu/log.h"

void rkdma_count_guest_error(const char *model, uint64_t *count, const char *fmt,
                             va_list ap)
{
    g_autofree char *text = g_strdup_vprintf(fmt, ap);

    ++*count;
    qemu_log_mask(LOG_GUEST_ERROR, "%s: %s\n", model, text);
}

void rkdma_add_counters(Object *obj, const RkdmaCounter *counters, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        object_property_add_uint64_ptr(obj, counters[i].name,
                                       (void *)((char *)obj + counters[i].offset),
                                       OBJ_PROP_FLAG_READ);
    }
}

static void visit_bool(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    visit_type_bool(v, name, opaque, errp);
}

void rkdma_add_bool(Object *obj, const char *name, bool *value)
{
    object_property_add(obj, name, "bool", visit_bool, visit_bool, NULL, value);
}
