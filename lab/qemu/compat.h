/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between QEMU 7.2 and 11.1 that concern the lab's device models.
 */
#ifndef RKDMA_COMPAT_H
#define RKDMA_COMPAT_H

#include "qemu/osdep.h"
#include "chardev/char-fe.h"
#include "qemu/range.h"
#include "qemu/units.h"

/* 11.0 has "hw/core/" where those before have "hw/". */
#if __has_include("hw/core/qdev-properties.h")
#include "hw/core/boards.h"
#include "hw/core/irq.h"
#include "hw/core/or-irq.h"
#include "hw/core/qdev-properties.h"
#include "hw/core/qdev-properties-system.h"
#include "hw/core/registerfields.h"
#include "hw/core/sysbus.h"
#else
#include "hw/boards.h"
#include "hw/irq.h"
#include "hw/or-irq.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "hw/registerfields.h"
#include "hw/sysbus.h"
#endif

/* 10.0 has "system/" where 7.2 has "sysemu/", and 10.1 where 7.2 has "exec/". */
#if __has_include("system/dma.h")
#include "system/blockdev.h"
#include "system/dma.h"
#else
#include "sysemu/blockdev.h"
#include "sysemu/dma.h"
#endif
#if __has_include("system/address-spaces.h")
#include "system/address-spaces.h"
#else
#include "exec/address-spaces.h"
#endif

#define RKDMA_QEMU_FROM(major, minor) \
    (QEMU_VERSION_MAJOR > (major) || \
     (QEMU_VERSION_MAJOR == (major) && QEMU_VERSION_MINOR >= (minor)))

/* 10.0 counts the properties, 7.2 wants an end marker. */
#ifdef DEFINE_PROP_END_OF_LIST
#define RKDMA_PROPS_CONST
#define RKDMA_PROPS_END DEFINE_PROP_END_OF_LIST(),
#else
#define RKDMA_PROPS_CONST const
#define RKDMA_PROPS_END
#endif

/* 9.2 renamed what sets a reset function. */
static inline void rkdma_set_reset(DeviceClass *dc, void (*reset)(DeviceState *))
{
#if RKDMA_QEMU_FROM(9, 2)
    device_class_set_legacy_reset(dc, reset);
#else
    dc->reset = reset;
#endif
}

/* 10.1 made class_init's data const. */
#if RKDMA_QEMU_FROM(10, 1)
#define RKDMA_CLASS_DATA const void
#else
#define RKDMA_CLASS_DATA void
#endif

/* 10.2 renamed a character device's user. */
#if !RKDMA_QEMU_FROM(10, 2)
#define CharFrontend CharBackend
#endif

/* 9.1 tells the phases of a reset which kind of reset it is. */
#if RKDMA_QEMU_FROM(9, 1)
#define RKDMA_EXIT_PHASE(name, obj) void name(Object *obj, ResetType type)
#else
#define RKDMA_EXIT_PHASE(name, obj) void name(Object *obj)
#endif

/* Whether a DMA controller accesses the device. Only a CPU identifies itself. */
static inline bool rkdma_by_dma(MemTxAttrs attrs)
{
    return attrs.unspecified;
}

#endif
