/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of injected errors that the DMA controllers' models have as a property.
 */
#include "qemu/osdep.h"
#include "rkdma-inject.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/cutils.h"

/* Accesses of one kind that touch a range are refused. */
typedef struct InjectRange {
    char kind;          /* 'r'ead, 'w'rite, 'f'etch */
    uint64_t start, end;
} InjectRange;

static bool parse_one(const char *text, InjectRange *range)
{
    const char *colon = strchr(text, ':'), *dash;

    if (!colon) {
        return false;
    }
    if (!g_str_has_prefix(text, "read:") && !g_str_has_prefix(text, "write:") &&
        !g_str_has_prefix(text, "fetch:")) {
        return false;
    }
    range->kind = text[0];
    return !qemu_strtou64(colon + 1, &dash, 16, &range->start) &&
           *dash == '-' && !qemu_strtou64(dash + 1, NULL, 16, &range->end) &&
           range->start <= range->end;
}

/* The list that @text says, or NULL and an error. */
static GArray *parse(const char *text, Error **errp)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", 0);
    GArray *list = g_array_new(false, false, sizeof(InjectRange));

    for (int i = 0; parts[i] && *text; i++) {
        InjectRange range;

        if (!parse_one(parts[i], &range)) {
            error_setg(errp, "'%s' is not read|write|fetch:START-END", parts[i]);
            g_array_free(list, true);
            return NULL;
        }
        g_array_append_val(list, range);
    }
    return list;
}

static void get_inject(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    RkdmaInject *inject = opaque;
    g_autofree char *text = g_strdup(inject->text ?: "");

    visit_type_str(v, name, &text, errp);
}

/* A wrong value leaves the old one. */
static void set_inject(Object *obj, Visitor *v, const char *name, void *opaque,
                       Error **errp)
{
    RkdmaInject *inject = opaque;
    g_autofree char *text = NULL;
    GArray *list;

    if (!visit_type_str(v, name, &text, errp)) {
        return;
    }
    list = parse(text, errp);
    if (!list) {
        return;
    }
    if (inject->list) {
        g_array_free(inject->list, true);
    }
    g_free(inject->text);
    inject->list = list;
    inject->text = g_steal_pointer(&text);
}

void rkdma_add_inject(Object *obj, RkdmaInject *inject)
{
    object_property_add(obj, "inject", "string", get_inject, set_inject, NULL, inject);
}

bool rkdma_inject_hits(const RkdmaInject *inject, char kind, uint64_t addr, uint64_t len)
{
    for (guint i = 0; inject->list && i < inject->list->len; i++) {
        InjectRange *range = &g_array_index(inject->list, InjectRange, i);

        if (range->kind == kind && addr <= range->end && addr + len - 1 >= range->start) {
            return true;
        }
    }
    return false;
}
