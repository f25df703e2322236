/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors that a test wants the bus to give a DMA controller's model.
 */
#ifndef RKDMA_INJECT_H
#define RKDMA_INJECT_H

#include "compat.h"
#include "qom/object.h"

/**
 * struct RkdmaInject - the errors
 * @text: as they were set, or NULL
 * @list: the same, parsed, or NULL
 */
typedef struct RkdmaInject {
    char *text;
    GArray *list;
} RkdmaInject;

/**
 * rkdma_add_inject() - add the property "inject"
 * @obj: the device
 * @inject: where its value is. "KIND:START-END,...", KIND read, write or fetch, addresses
 *          in hexadecimal; "" for none
 */
void rkdma_add_inject(Object *obj, RkdmaInject *inject);

/**
 * rkdma_inject_hits() - whether an access is to be refused
 * @inject: the errors
 * @kind: 'r'ead, 'w'rite, 'f'etch
 * @addr: first address
 * @len: bytes, at least one
 *
 * Return: whether it is.
 */
bool rkdma_inject_hits(const RkdmaInject *inject, char kind, uint64_t addr, uint64_t len);

#endif
