#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How the linked-list controller stops: by a command, and by an error."""

import sys

import board as b
from board import Board, data, expect


def clear_enable():
    """clearing CH_EN ends with the burst in flight, position kept, no interrupt (1)"""
    with Board() as board:
        board.copy(65536)
        board.step(3000)
        board.lch(0, b.L_CTL0, 0)
        expect("CH_EN at once", 1, board.lch(0, b.L_CTL0))
        board.step(100)
        expect("CH_EN a burst later", 0, board.lch(0, b.L_CTL0))
        expect("state", b.IDLE, board.state(0))
        expect("LCH_IS", 0, board.lch(0, b.L_IS))
        done = board.entry()["done"]
        expect("whole bursts", 0, done % 256)
        if not 0 < done < 65536:
            raise b.Failed(f"{done} bytes are done: not in the middle")
        expect("position", b.DST + done, board.entry()["dst"])
        board.step(1000000)
        expect("memory up to there", data(65536)[:done], board.read(b.DST, done))
        expect("memory behind", bytes(65536 - done), board.read(b.DST + done, 65536 - done))


def clear_enable_early():
    """clearing CH_EN before the first burst moves nothing (1)"""
    with Board() as board:
        board.copy(4096)
        board.step(200)
        board.lch(0, b.L_CTL0, 0)
        board.step(1000000)
        expect("CH_EN", 0, board.lch(0, b.L_CTL0))
        expect("memory", bytes(4096), board.read(b.DST, 4096))
        expect("bytes", 0, board.get("bytes-read"))


def kill():
    """KILL stops at once and writes nothing back (1)"""
    with Board() as board:
        board.copy(65536)
        board.step(3000)
        before, written = board.entry(), board.get("bytes-written")
        board.lch(0, b.L_CMD, b.hiword(b.KILL))
        expect("CH_EN at once", 0, board.lch(0, b.L_CTL0))
        board.step(1000000)
        expect("the entry", before, board.entry())
        expect("bytes", written, board.get("bytes-written"))
        expect("LCH_IS", 0, board.lch(0, b.L_IS))


def again_after_stop():
    """a stopped channel runs the next list"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(65536))
        board.item(0, b.SRC, b.DST, 65536)
        for command in (lambda: board.lch(0, b.L_CTL0, 0),
                        lambda: board.lch(0, b.L_CMD, b.hiword(b.KILL))):
            board.start()
            board.step(3000)
            command()
            board.step(1000)
            board.write(b.DST, bytes(65536))
            board.start()
            board.settle()
            expect("data", data(65536), board.read(b.DST, 65536))
            board.lch(0, b.L_IS, 0x1fff)
        expect("guest errors", 0, board.guest_errors())


def refused(kind, addr, bit, where):
    """A list of two items, of which an access is refused."""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(8192))
        board.item(0, b.SRC, b.DST, 4096, 0)
        board.item(1, b.SRC + 4096, b.DST + 4096, 4096)
        board.set("inject", f"{kind}:{addr:#x}-{addr + 3:#x}")
        board.start()
        board.settle()
        expect("LCH_IS", bit, board.lch(0, b.L_IS))
        expect("state", b.ERR, board.state(0))
        expect("CH_EN", 0, board.lch(0, b.L_CTL0))
        expect("CMN_IS0", 1, board.cmn(b.IS0))
        if where is not None:
            entry = board.entry()
            base = 0 if entry["next"] == b.ITEMS + 64 else 4096
            expect("where it failed", where, base + entry["done"])
            expect("memory up to there", data(8192)[:where], board.read(b.DST, where))
        # It works again once nothing is refused.
        board.set("inject", "")
        board.lch(0, b.L_IS, 0x1fff)
        board.start()
        board.settle()
        expect("data afterwards", data(8192), board.read(b.DST, 8192))


def read_error():
    """a refused read ends the list there with SRC_RD_ERR (4)"""
    refused("read", b.SRC + 4096 + 1000, b.SRC_ERR, 4096 + 768)


def write_error():
    """a refused write ends the list there with DST_WR_ERR (4)"""
    refused("write", b.DST + 600, b.DST_ERR, 512)


def entry_read_error():
    """a refused read of the entry is CMD_RD_ERR (4)"""
    refused("fetch", b.ENTRY, b.CMD_RD_ERR, None)


def entry_write_error():
    """a refused write of the entry is CMD_WR_ERR (4)"""
    refused("write", b.ENTRY, b.CMD_WR_ERR, None)


def item_error():
    """a refused read of an item is LLI_RD_ERR (4)"""
    refused("fetch", b.ITEMS + 64, b.LLI_RD_ERR, 4096)


def hole():
    """an address where nothing answers is a bus error (4)"""
    for src, dst, bit in ((b.HOLE, b.DST, b.SRC_ERR), (b.SRC, b.HOLE, b.DST_ERR)):
        with Board() as board:
            board.enable()
            board.item(0, src, dst, 64)
            board.start()
            board.settle()
            expect("LCH_IS", bit, board.lch(0, b.L_IS))


def bad_inject():
    """an invalid "inject" is rejected"""
    with Board() as board:
        for text in ("nonsense", "read:", "read:5", "read:9-1", "jump:0-1"):
            try:
                board.set("inject", text)
            except b.Failed:
                continue
            raise b.Failed(f"'{text}' was taken")


def others_go_on():
    """an error or a stop of one channel leaves the others alone"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(65536))
        board.item(0, b.HOLE, b.DST + 0x100000, 4096)
        board.item(1, b.SRC, b.DST + 0x200000, 65536)
        board.item(2, b.SRC, b.DST, 65536)
        for n in range(3):
            board.start(n=n, first=b.ITEMS + 64 * n)
        board.step(3000)
        board.lch(1, b.L_CTL0, 0)
        board.settle()
        expect("data", data(65536), board.read(b.DST, 65536))
        expect("LCH_IS of the one with the error", b.SRC_ERR, board.lch(0, b.L_IS))
        expect("LCH_IS of the stopped one", 0, board.lch(1, b.L_IS))


if __name__ == "__main__":
    sys.exit(b.run([clear_enable, clear_enable_early, kill, again_after_stop,
                    read_error, write_error, entry_read_error, entry_write_error,
                    item_error, hole, bad_inject, others_go_on]))
