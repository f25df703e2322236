#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""RK3588's PL330 on the board: where they are, their size, and what is wired to
them. How a program runs is left to QEMU's own model."""

import sys

import board as b
from board import Board, data, expect
import microcode as m
from microcode import (AT_PERIPHERAL, CR0, CR3, CR4, CRD, CSR, END, FSRC, ID, INTCLR, INTEN,
                       PROGRAM, STOPPED)

DMAC = (0xfea10000, 0xfea30000, 0xfed10000)
EVENTS_INTID = (32 + 86, 32 + 88, 32 + 90)
I2S = 0xfe490000


def start(board, program, dmac=0, thread=0):
    """Let a thread run a program, as non-secure."""
    board.write(PROGRAM + 0x100 * thread, program)
    m.debug(board, DMAC[dmac], 0xa2, thread, PROGRAM + 0x100 * thread)


def kill(board, dmac=0, thread=0):
    """Stop a thread."""
    m.debug(board, DMAC[dmac], 0x01, thread=thread)


def state(board, dmac=0, thread=0):
    """What a thread does."""
    return board.readl(DMAC[dmac] + CSR + 8 * thread) & 0xf


def identity():
    """each identifies itself in every 4 KiB of its 16 KiB"""
    with Board() as board:
        for base in DMAC:
            for window in range(0, 0x4000, 0x1000):
                expect(f"ID at {base + window:#x}",
                       [0x30, 0x13, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1],
                       [board.readl(base + window + ID + 4 * n) for n in range(8)])


def size():
    """8 threads, 32 lines, 16 events, non-secure, a buffer of 128 x 8 bytes"""
    with Board() as board:
        for base in DMAC:
            cr0 = board.readl(base + CR0)
            expect("threads", 8, (cr0 >> 4 & 7) + 1)
            expect("lines", 32, (cr0 >> 12 & 0x1f) + 1)
            expect("events", 16, (cr0 >> 17 & 0x1f) + 1)
            expect("manager non-secure", 1, cr0 >> 2 & 1)
            expect("non-secure events", 0xffff, board.readl(base + CR3))
            expect("non-secure lines", 0xffffffff, board.readl(base + CR4))
            crd = board.readl(base + CRD)
            expect("data width", 64, 8 << (crd & 7))
            expect("buffer", 128, (crd >> 20 & 0x3ff) + 1)


def copy():
    """each of them copies memory"""
    with Board() as board:
        for dmac in range(len(DMAC)):
            # 16 beats of 8 bytes, both ends moving
            burst = 1 | 3 << 1 | 15 << 4 | 1 << 14 | 3 << 15 | 15 << 18
            board.write(b.SRC, data(128, dmac))
            start(board, m.mov(1, burst) + m.mov(0, b.SRC) + m.mov(2, b.DST)
                  + b"\x04\x08" + END, dmac)
            expect("state", STOPPED, state(board, dmac))
            expect("what was copied", data(128, dmac), board.read(b.DST, 128))


def interrupts():
    """every event raises the first interrupt, a fault the second"""
    with Board() as board:
        for dmac, intid in enumerate(EVENTS_INTID):
            board.writel(DMAC[dmac] + INTEN, 0xffff)
            for number in range(16):
                start(board, m.sev(number) + END, dmac)
                expect(f"events of dmac{dmac}", 1, board.line(intid))
                board.writel(DMAC[dmac] + INTCLR, 1 << number)
                expect("events, cleared", 0, board.line(intid))
            start(board, b"\xff", dmac)
            expect("faulting threads", 1, board.readl(DMAC[dmac] + FSRC))
            expect("abort", 1, board.line(intid + 1))
            kill(board, dmac)
            expect("abort, killed", 0, board.line(intid + 1))


def expect_quiet(board, when):
    """No line of any controller asks."""
    for dmac in range(len(DMAC)):
        for line in range(32):
            start(board, m.wfp(line, 0) + END, dmac)
            expect(f"line {line} of dmac{dmac}, {when}", AT_PERIPHERAL, state(board, dmac))
            kill(board, dmac)


def quiet():
    """no line asks by itself, wired or not, also after another reset"""
    with Board() as board:
        expect_quiet(board, "at first")
        board.command("system_reset")
        board.step(1)
        expect_quiet(board, "after a reset")


# What makes a line ask: (line, registers and values)
ASKING = (
    [(16 + 2 * n, [(b.FIFO + 0x1000 * n + 0x4, 3)]) for n in range(8)]
    + [(17 + 2 * n, [(b.FIFO + 0x1000 * n + 0x4, 0x15)]) for n in range(8)]
    + [(8 + 2 * n, [(b.UART + 0x10000 * n + 0x8, 1)]) for n in range(2)]
    + [(14, [(b.SPI + 0x3c, 2), (b.SPI + 0x8, 1)]),
       (0, [(I2S + 0x10, 0x1f0110)])])


def requests():
    """each peripheral's line is where the document says"""
    with Board() as board:
        for line, registers in ASKING:
            start(board, m.wfp(line, 0) + END)
            expect(f"line {line}, idle", AT_PERIPHERAL, state(board))
            for register, value in registers:
                board.writel(register, value)
            board.step(1)
            if state(board) != STOPPED:
                raise b.Failed(f"line {line} does not ask: state {state(board)}")


TESTS = [identity, size, copy, interrupts, quiet, requests]

if __name__ == "__main__":
    sys.exit(b.run(TESTS))
