/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Declarations that the files of the lab's board share.
 */
#ifndef RK3588_LAB_H
#define RK3588_LAB_H

#include "compat.h"

#define RK3588_LAB_PL330S       3

/* Sets the properties of RK3588's PL330s; -global overrides them. Adds the machine's own. */
void rk3588_lab_pl330_defaults(MachineClass *mc);

/* Adds the n-th PL330; what peripherals connect their request lines to. */
DeviceState *rk3588_lab_add_pl330(Object *machine, DeviceState *gic, int n);

#endif
