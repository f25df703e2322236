/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between QEMU 7.2 and 10.0, for the device models of the lab.
 */
#ifndef RKDMA_COMPAT_H
#define RKDMA_COMPAT_H

#include "qemu/osdep.h"
#include "hw/qdev-properties.h"
#include "qemu/range.h"
#include "qemu/units.h"

/* 10.0 counts the properties, 7.2 wants an end marker. */
#ifdef DEFINE_PROP_END_OF_LIST
#define RKDMA_PROPS_CONST
#define RKDMA_PROPS_END DEFINE_PROP_END_OF_LIST(),
#else
#define RKDMA_PROPS_CONST const
#define RKDMA_PROPS_END
#endif

/* 9.1 renamed what sets a reset function. */
static inline void rkdma_set_reset(DeviceClass *dc, void (*reset)(DeviceState *))
{
#if __has_include("system/memory.h")
    device_class_set_legacy_reset(dc, reset);
#else
    dc->reset = reset;
#endif
}

/* 10.0 made class_init's data const. */
#if __has_include("system/memory.h")
#define RKDMA_CLASS_DATA const void
#else
#define RKDMA_CLASS_DATA void
#endif

/* 9.1 tells the phases of a reset which kind of reset it is. */
#if __has_include("system/memory.h")
#define RKDMA_EXIT_PHASE(name, obj) void name(Object *obj, ResetType type)
#else
#define RKDMA_EXIT_PHASE(name, obj) void name(Object *obj)
#endif

/* 10.0 has "system/" where 7.2 has "sysemu/" and "exec/". */
#if __has_include("system/dma.h")
#include "system/dma.h"
#else
#include "sysemu/dma.h"
#endif
#if __has_include("system/address-spaces.h")
#include "system/address-spaces.h"
#else
#include "exec/address-spaces.h"
#endif
#if __has_include("system/blockdev.h")
#include "system/blockdev.h"
#else
#include "sysemu/blockdev.h"
#endif

/* Who accesses a device: a CPU says which it is, a DMA controller nothing. */
static inline bool rkdma_by_dma(MemTxAttrs attrs)
{
    return attrs.unspecified;
}

#endif
