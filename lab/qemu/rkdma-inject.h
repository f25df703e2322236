/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors that a test wants the bus to give a DMA controller's model.
 */
#ifndef RKDMA_INJECT_H
#define RKDMA_INJECT_H

#include "compat.h"

/**
 * rkdma_inject_parse() - take a new list of errors
 * @list: the list, which is replaced; unchanged if @text is wrong
 * @text: "KIND:START-END,...", KIND read, write or fetch, addresses in hexadecimal;
 *        "" for none
 * @errp: where to say that @text is wrong
 *
 * Return: whether @text is right.
 */
bool rkdma_inject_parse(GArray **list, const char *text, Error **errp);

/**
 * rkdma_inject_hits() - whether an access is to be refused
 * @list: the list, or NULL
 * @kind: 'r'ead, 'w'rite, 'f'etch
 * @addr: first address
 * @len: bytes, at least one
 *
 * Return: whether it is.
 */
bool rkdma_inject_hits(GArray *list, char kind, uint64_t addr, uint64_t len);

#endif
