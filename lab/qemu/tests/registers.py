#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The linked-list controller's registers and interrupts."""

import sys

import board as b
from board import Board, expect, hiword


def version():
    """CMN_VER is what the model was told to be"""
    for text, value in (("0x00010002", 0x10002), ("0x00010001", 0x10001)):
        with Board(f"rkdma-lli.version={text}") as board:
            expect("CMN_VER", value, board.cmn(b.VER))


def capabilities():
    """CMN_CAP0 and CMN_CAP1 show the properties"""
    with Board("rkdma-lli.lchs=20", "rkdma-lli.pchs=3", "rkdma-lli.buffer-depth=32",
               "rkdma-lli.bus-width=8", "rkdma-lli.max-burst=8",
               "rkdma-lli.addr-bits=34") as board:
        cap0, cap1 = board.cmn(b.CAP0), board.cmn(b.CAP1)
    expect("LCHs-1", 19, cap0 & 0x3f)
    expect("PCHs-1", 2, cap0 >> 6 & 0x3f)
    expect("STRIDE, M2M, M2P, P2M", 0xf, cap0 >> 13 & 0xf)
    expect("LLI", 1, cap0 >> 20 & 1)
    expect("buffer-1", 31, cap0 >> 21)
    expect("log2 of the width", 3, cap1 & 7)
    expect("burst-1", 7, cap1 >> 3 & 0xff)
    expect("address bits-29", 5, cap1 >> 14 & 0x1f)


def read_only():
    """a write to a read-only register is a guest error and changes nothing"""
    with Board() as board:
        for count, reg in enumerate((b.VER, b.CAP0, b.CAP1), 1):
            was = board.cmn(reg)
            board.cmn(reg, 0)
            expect(f"register {reg:#x}", was, board.cmn(reg))
            expect("guest errors", count, board.guest_errors())
        board.lch(0, b.L_DBGS0, 1)
        board.lch(0, b.L_LLI_CNT, 1)
        expect("guest errors", 5, board.guest_errors())


def unknown():
    """registers, channels and sizes that do not exist are guest errors"""
    with Board() as board:
        board.cmn(0x28)
        board.cmn(0x28, 1)
        board.lch(0, 0x24)
        board.lch(0, 0x24, 1)
        board.lch(32, b.L_CTL0)
        board.lch(32, b.L_CTL0, 1)
        expect("guest errors", 6, board.guest_errors())
        board.ask("readw", hex(b.LLI))
        board.ask("writeq", hex(b.LLI + b.IE0), "0x0")
        expect("guest errors", 8, board.guest_errors())
        if "rkdma-lli: " not in board.log.read_text():
            raise b.Failed("the log does not name the model")


def no_ie():
    """version 1.1 has no CMN_IE, and interrupts without it"""
    with Board("rkdma-lli.version=0x00010001") as board:
        board.cmn(b.IE0)
        board.cmn(b.IE1, 1)
        expect("guest errors", 2, board.guest_errors())
        board.enable()
        copy(board)
        expect("the line", 1, board.line())


def hiwords():
    """a hiword register changes where its mask says, and only there"""
    with Board() as board:
        board.cmn(b.CFG, hiword(b.CFG_EN | b.CFG_IE_EN))
        board.cmn(b.CFG, hiword(0, b.CFG_EN))
        expect("CMN_CFG", b.CFG_IE_EN, board.cmn(b.CFG))
        board.cmn(b.CFG, b.CFG_EN)
        expect("CMN_CFG without a mask", b.CFG_IE_EN, board.cmn(b.CFG))
        board.cmn(b.PCH_EN, hiword(0xf))
        board.cmn(b.PCH_EN, hiword(0, 2))
        expect("CMN_PCH_EN", 0xd, board.cmn(b.PCH_EN))


def soft_reset():
    """SRST stops channels, clears status, and clears itself"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 1 << 20)
        board.start()
        board.step(5000)
        expect("CH_EN", 1, board.lch(0, b.L_CTL0))
        board.cmn(b.CFG, hiword(b.CFG_SRST))
        expect("CMN_CFG", 0, board.cmn(b.CFG))
        expect("CH_EN after it", 0, board.lch(0, b.L_CTL0))
        board.step(1000000)
        expect("LCH_IS", 0, board.lch(0, b.L_IS))
        expect("CMN_PCH_EN", 0, board.cmn(b.PCH_EN))


def copy(board, ie=0x1fff, length=256):
    """One copy on channel 0, to its end."""
    board.item(0, b.SRC, b.DST, length)
    board.start(ie=ie)
    board.step(1000000)


def status_without_enable():
    """LCH_IS is set whether or not LCH_IE has the bit; CMN_IS is not (6)"""
    with Board() as board:
        board.enable()
        copy(board, ie=0)
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))
        expect("CMN_IS0", 0, board.cmn(b.IS0))
        expect("the line", 0, board.line())
        board.lch(0, b.L_IE, b.DONE)
        expect("CMN_IS0 once enabled", 1, board.cmn(b.IS0))
        expect("the line", 1, board.line())


def latched():
    """CMN_IS stays until it is written, also when LCH_IS is cleared (6)"""
    with Board() as board:
        board.enable()
        copy(board)
        expect("CMN_IS0", 1, board.cmn(b.IS0))
        board.lch(0, b.L_IS, b.DONE)
        expect("LCH_IS", 0, board.lch(0, b.L_IS))
        expect("CMN_IS0", 1, board.cmn(b.IS0))
        expect("the line", 1, board.line())
        board.cmn(b.IS0, 1)
        expect("CMN_IS0 after the write", 0, board.cmn(b.IS0))
        expect("the line", 0, board.line())


def lost():
    """clearing CMN_IS after LCH_IS loses an event in between (6)"""
    with Board() as board:
        board.enable()
        copy(board)
        board.lch(0, b.L_IS, b.DONE)
        copy(board)
        board.cmn(b.IS0, 1)
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))
        expect("CMN_IS0", 0, board.cmn(b.IS0))


def kept():
    """clearing CMN_IS before LCH_IS loses no event (6)"""
    with Board() as board:
        board.enable()
        copy(board)
        board.cmn(b.IS0, 1)
        board.lch(0, b.L_IS, b.DONE)
        copy(board)
        expect("CMN_IS0", 1, board.cmn(b.IS0))


def partly_cleared():
    """a write of one bit clears that bit alone"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 256, b.LAST | b.IOC)
        board.start()
        board.step(1000000)
        expect("LCH_IS", b.DONE | b.BLOCK, board.lch(0, b.L_IS))
        board.lch(0, b.L_IS, b.BLOCK)
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))


def gates():
    """CMN_IE and CMN_CFG's IE_EN each keep the line down"""
    with Board() as board:
        board.enable()
        copy(board)
        expect("the line", 1, board.line())
        board.cmn(b.IE0, ~1 & 0xffffffff)
        expect("the line without CMN_IE", 0, board.line())
        board.cmn(b.IE0, 1)
        expect("the line with CMN_IE", 1, board.line())
        board.cmn(b.CFG, hiword(0, b.CFG_IE_EN))
        expect("the line without IE_EN", 0, board.line())
        expect("interrupts raised", 2, board.get("irqs-raised"))


def upper_channels():
    """channels from 32 up report in CMN_IS1"""
    with Board("rkdma-lli.lchs=64") as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 256)
        board.start(n=40)
        board.step(1000000)
        expect("CMN_IS0", 0, board.cmn(b.IS0))
        expect("CMN_IS1", 1 << 8, board.cmn(b.IS1))


def counters():
    """the counters count, and are zeroed"""
    with Board() as board:
        board.enable()
        board.set("reset-counters", True)
        copy(board, length=4096)
        expect("mmio-writes", 5, board.get("mmio-writes"))
        expect("mmio-reads", 0, board.get("mmio-reads"))
        expect("item-fetches", 1, board.get("item-fetches"))
        expect("bytes-read", 4096, board.get("bytes-read"))
        expect("bytes-written", 4096, board.get("bytes-written"))
        expect("irqs-raised", 1, board.get("irqs-raised"))
        expect("busy-ns", board.get("lch0-busy-ns"), board.get("busy-ns"))
        board.set("reset-counters", True)
        expect("bytes-read", 0, board.get("bytes-read"))


if __name__ == "__main__":
    sys.exit(b.run([version, capabilities, read_only, unknown, no_ie, hiwords,
                    soft_reset, status_without_enable, latched, lost, kept,
                    partly_cleared, gates, upper_channels, counters]))
