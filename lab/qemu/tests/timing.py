#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The linked-list controller's times in virtual time, and its arbitration."""

import sys

import board as b
from board import Board, data, expect

# entry and item fetch, then the first data's latency
SETUP = 130 + 130 + 120


def ends_after(board, ns, channel=0):
    """The list ends at that time and not before."""
    board.step(ns - 1)
    expect(f"CH_EN after {ns - 1} ns", 1, board.lch(channel, b.L_CTL0))
    board.step(1)
    expect(f"CH_EN after {ns} ns", 0, board.lch(channel, b.L_CTL0))


def one_copy():
    """a copy takes its fetches, the latency and its bytes at 6.4 GB/s"""
    for length in (64, 4096, 65536):
        with Board() as board:
            board.enable()
            board.item(0, b.SRC, b.DST, length)
            board.start()
            # a free physical channel takes a switch, too
            ends_after(board, SETUP + 10 + length * 10 // 64)


def bus_clock():
    """the bus's clock, latency, fetch and switch are what they are set to"""
    with Board() as board:
        for prop, value in (("bus-hz", 100000000), ("mem-latency-ns", 1000),
                            ("fetch-ns", 500), ("pch-switch-ns", 50)):
            board.set(prop, value)
        board.enable()
        board.item(0, b.SRC, b.DST, 1600)
        board.start()
        ends_after(board, 500 + 500 + 1000 + 50 + 1000)


def no_time():
    """without the bus's time a copy takes none"""
    with Board() as board:
        board.set("bus-time", False)
        board.copy(65536)
        board.step(1)
        expect("CH_EN", 0, board.lch(0, b.L_CTL0))
        expect("data", data(65536), board.read(b.DST, 65536))
        expect("bus-ns", 0, board.get("bus-ns"))


def access_does_not_wait():
    """a register access takes no virtual time, whatever it starts"""
    with Board() as board:
        board.enable()
        board.item(0, b.SRC, b.DST, 1 << 20)
        board.start()
        expect("bytes at once", 0, board.get("bytes-read"))
        board.step(100000)
        moved = board.get("bytes-read")
        for _ in range(50):
            board.lch(0, b.L_CTL0)
        expect("bytes after 50 reads", moved, board.get("bytes-read"))


def queued_items():
    """between two items there is the fetch and the latency, and no gap"""
    with Board() as board:
        board.enable()
        for i in range(10):
            board.item(i, b.SRC, b.DST, 4096, b.LAST if i == 9 else 0)
        board.set("reset-counters", True)
        board.start()
        ends_after(board, 130 + 10 + 10 * (130 + 120 + 640))
        expect("gap-ns", 0, board.get("gap-ns"))
        # and one channel switch
        expect("bus-ns", 10 * 640 + 10, board.get("bus-ns"))
        expect("fetch-time-ns", 11 * 130, board.get("fetch-time-ns"))
        expect("latency-ns", 10 * 120, board.get("latency-ns"))


def round_robin():
    """channels that are ready take turns, burst by burst (7)"""
    with Board() as board:
        board.enable()
        for n in range(3):
            board.item(n, b.SRC, b.DST + n * 0x100000, 65536)
            board.start(n=n, first=b.ITEMS + 64 * n)
        board.step(15000)
        done = [board.entry(n)["done"] for n in range(3)]
        if max(done) - min(done) > 4096 or not min(done):
            raise b.Failed(f"unfair: {done}")
        board.settle()
        for n in range(3):
            expect(f"LCH_IS of {n}", b.DONE, board.lch(n, b.L_IS))


def shared_channel():
    """with one physical channel all lists get done, and switches take time"""
    with Board("rkdma-lli.pchs=1") as board:
        board.enable()
        board.write(b.SRC, data(8192))
        board.set("reset-counters", True)
        for n in range(2):
            board.item(n, b.SRC, b.DST + n * 0x10000, 8192)
            board.start(n=n, first=b.ITEMS + 64 * n)
        board.settle()
        for n in range(2):
            expect("data", data(8192), board.read(b.DST + n * 0x10000, 8192))
        if board.get("bus-ns") <= 2 * 8192 * 10 // 64 + 10:
            raise b.Failed("switching took no time")


def no_channel():
    """without a physical channel nothing moves until one is given"""
    with Board() as board:
        board.enable()
        board.cmn(b.PCH_EN, b.hiword(0, 0xffff))
        board.item(0, b.SRC, b.DST, 4096)
        board.start()
        board.step(1000000)
        expect("CH_EN", 1, board.lch(0, b.L_CTL0))
        expect("bytes", 0, board.get("bytes-read"))
        board.cmn(b.PCH_EN, b.hiword(1))
        board.settle()
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))


def idle_time():
    """busy and idle time are counted separately"""
    with Board() as board:
        board.enable()
        board.set("reset-counters", True)
        board.item(0, b.SRC, b.DST, 4096)
        board.step(5000)
        board.start()
        board.step(SETUP + 10 + 640)
        board.step(7000)
        board.start()
        board.settle()
        expect("busy-ns", 2 * (SETUP + 640) + 10 + 10, board.get("busy-ns"))
        expect("lch0-busy-ns", board.get("busy-ns"), board.get("lch0-busy-ns"))
        if board.get("idle-ns") < 12000:
            raise b.Failed(f"idle-ns: {board.get('idle-ns')}, not at least 12000")


if __name__ == "__main__":
    sys.exit(b.run([one_copy, bus_clock, no_time, access_does_not_wait, queued_items,
                    round_robin, shared_channel, no_channel, idle_time]))
