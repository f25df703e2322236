/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of injected errors that the DMA controllers' models have as a property.
 */
#include "qemu/osdep.h"
#include "rkdma-inject.h"
#include "qapi/error.h"
#include "qemu/cutils.h"

/* Accesses of one kind that touch a range are refused. */
typedef struct RkdmaInject {
    char kind;          /* 'r'ead, 'w'rite, 'f'etch */
    uint64_t start, end;
} RkdmaInject;

static bool parse_one(const char *text, RkdmaInject *inject)
{
    const char *colon = strchr(text, ':'), *dash;

    if (!colon) {
        return false;
    }
    if (!g_str_has_prefix(text, "read:") && !g_str_has_prefix(text, "write:") &&
        !g_str_has_prefix(text, "fetch:")) {
        return false;
    }
    inject->kind = text[0];
    return !qemu_strtou64(colon + 1, &dash, 16, &inject->start) &&
           *dash == '-' && !qemu_strtou64(dash + 1, NULL, 16, &inject->end) &&
           inject->start <= inject->end;
}

bool rkdma_inject_parse(GArray **list, const char *text, Error **errp)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", 0);
    GArray *fresh = g_array_new(false, false, sizeof(RkdmaInject));

    for (int i = 0; parts[i] && *text; i++) {
        RkdmaInject inject;

        if (!parse_one(parts[i], &inject)) {
            error_setg(errp, "'%s' is not read|write|fetch:START-END", parts[i]);
            g_array_free(fresh, true);
            return false;
        }
        g_array_append_val(fresh, inject);
    }
    if (*list) {
        g_array_free(*list, true);
    }
    *list = fresh;
    return true;
}

bool rkdma_inject_hits(GArray *list, char kind, uint64_t addr, uint64_t len)
{
    for (guint i = 0; list && i < list->len; i++) {
        RkdmaInject *inject = &g_array_index(list, RkdmaInject, i);

        if (inject->kind == kind && addr <= inject->end &&
            addr + len - 1 >= inject->start) {
            return true;
        }
    }
    return false;
}
