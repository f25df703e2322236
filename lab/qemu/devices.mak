# SPDX-License-Identifier: GPL-2.0-or-later
# What the lab's emulator has: the arm64 virt machine, and models of QEMU's own
# that the board uses.
CONFIG_ARM_VIRT=y
CONFIG_ARM_GICV3_TCG=y
CONFIG_OR_IRQ=y
CONFIG_PL330=y
CONFIG_SSI=y
CONFIG_SSI_M25P80=y
# QEMU 7.2's CPU model does not link without
CONFIG_ARM_V7M=y
