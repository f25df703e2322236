#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the linked-list controller does with list items and its entry."""

import random
import struct
import sys

import board as b
from board import Board, data, expect


def check_copy(board, src, dst, length, what):
    """The bytes arrived, and those around them are as they were."""
    got = board.read(dst - 16, length + 32)
    expect(f"{what}: before", bytes(16), got[:16])
    expect(f"{what}: data", board.read(src, length), got[16:-16])
    expect(f"{what}: behind", bytes(16), got[-16:])


def one_item():
    """a list of one item copies, ends with DMA_DONE, CH_EN 0, state DONE"""
    with Board() as board:
        board.copy(5000)
        board.settle()
        check_copy(board, b.SRC, b.DST, 5000, "copy")
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))
        expect("CH_EN", 0, board.lch(0, b.L_CTL0))
        expect("state", b.ENDED, board.state(0))
        expect("items done", 1, board.lch(0, b.L_LLI_CNT))
        expect("guest errors", 0, board.guest_errors())


def any_alignment():
    """copies of any length between any alignments arrive"""
    rng = random.Random(1)
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(20000))
        for n in range(60):
            src, dst = rng.randrange(64), 64 + rng.randrange(64)
            length = rng.choice((1, 2, 3, 15, 16, 17, 63, 255, 256, 257,
                                 rng.randrange(1, 10000)))
            board.write(b.DST, bytes(11000))
            board.item(0, b.SRC + src, b.DST + dst, length)
            board.start()
            board.settle()
            board.lch(0, b.L_IS, 0x1fff)
            check_copy(board, b.SRC + src, b.DST + dst, length,
                       f"round {n}: {length} bytes from +{src} to +{dst}")


def longest_item():
    """an item of 16 MiB is copied whole"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(65536))
        board.write(b.SRC + (16 << 20) - 65536, data(65536, 9))
        board.item(0, b.SRC, b.DST, 16 << 20)
        board.start()
        for _ in range(100):
            board.step(1000000)
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))
        for at in (0, (16 << 20) - 65536):
            expect(f"data at {at}", board.read(b.SRC + at, 65536),
                   board.read(b.DST + at, 65536))
        expect("bytes", 16 << 20, board.get("bytes-written"))


def many_items():
    """items are done in their order, wherever they lie"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(4096))
        order = list(range(16))
        random.Random(2).shuffle(order)
        for i, at in enumerate(order):
            last = i == 15
            board.item(at, b.SRC + 256 * i, b.DST + 256 * i, 256,
                       b.LAST if last else 0,
                       next=b.ITEMS + 64 * (at if last else order[i + 1]))
        board.start(first=b.ITEMS + 64 * order[0])
        board.settle()
        expect("data", data(4096), board.read(b.DST, 4096))
        expect("items done", 16, board.lch(0, b.L_LLI_CNT))
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))


def high_addresses():
    """bits 47:32 of addresses are used"""
    with Board("rkdma-lli.addr-bits=40") as board:
        board.enable()
        board.item(0, b.SRC | 1 << 36, b.DST, 64)
        board.start()
        board.settle()
        expect("LCH_IS", b.SRC_ERR, board.lch(0, b.L_IS))
        expect("successor", b.ITEMS + 64, board.entry()["next"])


def block_done():
    """IOC reports BLOCK_DONE while the list goes on; CNT_CLR zeroes the count"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 64, b.IOC)
        board.item(1, b.SRC, b.DST, 64, b.CNT_CLR)
        board.item(2, b.SRC, b.DST, 1 << 20)
        board.start()
        board.step(3000)
        expect("LCH_IS", b.BLOCK, board.lch(0, b.L_IS))
        expect("CH_EN", 1, board.lch(0, b.L_CTL0))
        expect("items since CNT_CLR", 0, board.lch(0, b.L_LLI_CNT))
        board.settle()
        expect("items since CNT_CLR", 1, board.lch(0, b.L_LLI_CNT))


def wait_item():
    """WAIT suspends with LLI_WAIT until RESUME (3)"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(128))
        board.item(0, b.SRC, b.DST, 64, b.ITEM_WAIT)
        board.item(1, b.SRC + 64, b.DST + 64, 64)
        board.start()
        board.step(1000000)
        expect("LCH_IS", b.WAIT, board.lch(0, b.L_IS))
        expect("state", b.SUSPD, board.state(0))
        expect("CH_EN", 1, board.lch(0, b.L_CTL0))
        expect("second half", bytes(64), board.read(b.DST + 64, 64))
        board.lch(0, b.L_CMD, b.hiword(b.RESUME))
        board.settle()
        expect("data", data(128), board.read(b.DST, 128))
        expect("guest errors", 0, board.guest_errors())
        board.lch(0, b.L_CMD, b.hiword(b.RESUME))
        expect("guest errors of a RESUME for nothing", 1, board.guest_errors())


def invalid_item():
    """an item without VALID is LLI_INVALID, state ERR (3)"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 64, 0)
        board.write(b.ITEMS + 64, bytes(64))
        board.start()
        board.settle()
        expect("LCH_IS", b.LLI_INVALID, board.lch(0, b.L_IS))
        expect("state", b.ERR, board.state(0))
        expect("CH_EN", 0, board.lch(0, b.L_CTL0))


def appended():
    """an item may be changed until it is fetched, not after (2)"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(65536 + 128))
        board.item(0, b.SRC, b.DST, 65536, 0)
        board.item(1, b.SRC + 65536, b.DST + 65536, 64, b.LAST)
        board.start()
        board.step(2000)
        # The second item is not fetched yet: link a third one behind it.
        board.item(2, b.SRC + 65536 + 64, b.DST + 65536 + 64, 64, b.LAST)
        board.item(1, b.SRC + 65536, b.DST + 65536, 64, 0)
        # The first item is fetched: LAST comes too late.
        board.item(0, b.SRC, b.DST, 65536, b.LAST)
        board.settle()
        expect("data", data(65536 + 128), board.read(b.DST, 65536 + 128))
        expect("items done", 3, board.lch(0, b.L_LLI_CNT))


def entry_position():
    """the entry shows the item being processed and the position in it"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 64, 0)
        board.item(1, b.SRC + 64, b.DST + 64, 65536, b.LAST)
        board.start()
        # entry and first item fetched, its data not there yet
        board.step(300)
        expect("source before the first burst", 0, board.entry()["src"])
        expect("destination before the first burst", 0, board.entry()["dst"])
        expect("successor", b.ITEMS + 64, board.entry()["next"])
        seen = set()
        for _ in range(100):
            board.step(100)
            entry = board.entry()
            if entry["next"] != b.ITEMS + 128 or not entry["src"]:
                continue
            done = entry["src"] - (b.SRC + 64)
            expect("destination", b.DST + 64 + done, entry["dst"])
            expect("bytes done", done, entry["done"])
            seen.add(done)
        if len(seen) < 3:
            raise b.Failed(f"the position hardly moved: {seen}")
        board.settle()
        expect("last position", b.SRC + 64 + 65536, board.entry()["src"])
        expect("what software wrote", 0x22, board.entry()["cfg"])


def strides():
    """strides skip on the side that their mode says; the count is of bytes moved (5)"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(4096))
        # gather: take 4 bytes, skip 12
        board.item(0, b.SRC, b.DST, 64, msize=4)
        board.start(stride=(1, 12))
        board.settle()
        want = b"".join(data(4096)[i:i + 4] for i in range(0, 256, 16))
        expect("gathered", want, board.read(b.DST, 64))
        # scatter: put 4 bytes, skip 12
        board.write(b.DST, bytes(512))
        board.item(0, b.SRC, b.DST, 64, msize=4)
        board.start(stride=(2, 12))
        board.settle()
        want = b"".join(data(4096)[i:i + 4] + bytes(12) for i in range(0, 64, 4))
        expect("scattered", want, board.read(b.DST, 256))
        expect("bytes done", 64, board.entry()["done"])
        expect("guest errors", 0, board.guest_errors())


def bad_items():
    """zero length, a width beyond the bus, an item that is not aligned: guest errors"""
    bad = (("zero length", {"length": 0}, b.ITEMS),
           ("too wide", {"width": 32}, b.ITEMS),
           ("not aligned", {}, b.ITEMS + 4))
    with Board() as board:
        board.enable()
        for count, (what, change, first) in enumerate(bad, 1):
            arguments = {"length": 64, **change}
            board.item(0, b.SRC, b.DST, **arguments)
            board.start(first=first)
            board.settle()
            expect(f"{what}: guest errors", count, board.guest_errors())
            expect(f"{what}: CH_EN", 0, board.lch(0, b.L_CTL0))
            expect(f"{what}: state", b.ERR, board.state(0))
            board.lch(0, b.L_IS, 0x1fff)


def bad_starts():
    """START is an error if the channel runs, is not enabled, or lacks an entry or its line"""
    with Board() as board:
        board.item(0, b.SRC, b.DST, 1 << 20)
        board.start()
        expect("controller off: guest errors", 1, board.guest_errors())
        board.enable()
        board.lch(0, b.L_CTL0, 0)
        board.lch(0, b.L_CMD, b.hiword(b.START | 2 << 10 | 2 << 12, 0xfc01))
        expect("CH_EN off: guest errors", 2, board.guest_errors())
        board.start()
        board.lch(0, b.L_CMD, b.hiword(b.START | 2 << 10 | 2 << 12, 0xfc01))
        expect("running: guest errors", 3, board.guest_errors())
        board.lch(0, b.L_CMDBA, b.ENTRY)
        expect("entry moved: guest errors", 4, board.guest_errors())
        board.start(n=1, entry=b.ENTRY + 0x44)
        expect("entry not aligned: guest errors", 5, board.guest_errors())
        board.start(n=20, tt_fc=b.M2P)
        expect("no line: guest errors", 6, board.guest_errors())
        board.settle()
        expect("the first list's end", b.DONE, board.lch(0, b.L_IS))


def wrong_cfg():
    """an entry whose trf_cfg is not what START says is a guest error"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 64)
        board.start()
        board.write(b.ENTRY + 0x20, struct.pack("<I", 0x122))
        board.settle()
        expect("guest errors", 1, board.guest_errors())


if __name__ == "__main__":
    sys.exit(b.run([one_item, any_alignment, longest_item, many_items, high_addresses,
                    block_done, wait_item, invalid_item, appended, entry_position,
                    strides, bad_items, bad_starts, wrong_cfg]))
