/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the models of both kinds of DMA controller have in common: how they complain about
 * the guest, and properties that are a field of the device.
 */
#ifndef RKDMA_MODEL_H
#define RKDMA_MODEL_H

#include "compat.h"
#include "qom/object.h"

/**
 * struct RkdmaCounter - a counter that is a property
 * @name: the property's
 * @offset: of the uint64_t in the device's structure
 */
typedef struct RkdmaCounter {
    const char *name;
    size_t offset;
} RkdmaCounter;

/**
 * rkdma_count_guest_error() - count and log that the guest has programmed nonsense
 * @model: the QOM type, which the message begins with
 * @count: the counter
 * @fmt: the message
 * @ap: its arguments
 */
void rkdma_count_guest_error(const char *model, uint64_t *count, const char *fmt,
                             va_list ap) G_GNUC_PRINTF(3, 0);

/**
 * rkdma_add_counters() - add properties that can be read
 * @obj: the device, whose structure begins with its QOM object
 * @counters: the counters
 * @n: their number
 */
void rkdma_add_counters(Object *obj, const RkdmaCounter *counters, size_t n);

/**
 * rkdma_add_bool() - add a property that can be read and set
 * @obj: the device
 * @name: the property's
 * @value: the field
 */
void rkdma_add_bool(Object *obj, const char *name, bool *value);

#endif
