#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The test FIFO on its request lines, the gateway to QOM, and the SRAM."""

import sys

import board as b
from board import Board, data, expect

(ID, CTRL, STATUS, TX_THRESH, RX_THRESH, RX_COUNT, TX_LEVEL, RX_LEVEL, RATE, DEPTH,
 TX_ERR, RX_ERR, TX_BYTES, RX_BYTES, DATA) = (
    0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x30,
    0x34, 0x100)
EN, TX_DMA, RX_DMA, ENDLESS, RESET = 1, 2, 4, 16, 1 << 31
TX_EMPTY, TX_FULL, RX_EMPTY, RX_FULL, OVERRUN, UNDERRUN, BUS_ERROR = (
    1, 2, 4, 8, 1 << 8, 1 << 9, 1 << 10)


def fifo(board, reg, value=None):
    """Read or write a register of the first FIFO."""
    return board.reg(b.FIFO + reg, value)


def counter(board, name):
    """A counter of the first FIFO."""
    return board.get(name, "/machine/fifo0")


def identity():
    """the FIFO identifies itself, and starts empty and off"""
    with Board() as board:
        expect("ID", 0x4f464946, fifo(board, ID))
        expect("CTRL", 0, fifo(board, CTRL))
        expect("STATUS", TX_EMPTY | RX_EMPTY, fifo(board, STATUS))
        expect("DEPTH", 64, fifo(board, DEPTH))


def loopback():
    """what is written can be read, in order, by any access size"""
    with Board() as board:
        fifo(board, CTRL, EN)
        board.ask("writeb", hex(b.FIFO + DATA), "0x11")
        board.ask("writew", hex(b.FIFO + DATA), "0x3322")
        board.ask("writel", hex(b.FIFO + DATA), "0x77665544")
        board.ask("writeq", hex(b.FIFO + DATA), "0xffeeddccbbaa9988")
        expect("level", 15, fifo(board, RX_LEVEL))
        expect("eight", 0x8877665544332211,
               int(board.ask("readq", hex(b.FIFO + DATA))[0], 16))
        expect("four", 0xccbbaa99, fifo(board, DATA))
        expect("two", 0xeedd, int(board.ask("readw", hex(b.FIFO + DATA))[0], 16))
        expect("one", 0xff, int(board.ask("readb", hex(b.FIFO + DATA))[0], 16))
        expect("bytes", 15, fifo(board, TX_BYTES))


def lost_bytes():
    """overruns and underruns are shown and counted"""
    with Board() as board:
        fifo(board, DEPTH, 16)
        for _ in range(20):
            board.ask("writeb", hex(b.FIFO + DATA), "0x1")
        expect("STATUS", TX_FULL | RX_EMPTY | OVERRUN, fifo(board, STATUS))
        expect("overruns", 4, counter(board, "tx-overruns"))
        expect("read of nothing", 0, fifo(board, DATA))
        expect("underruns", 4, counter(board, "rx-underruns"))
        fifo(board, STATUS, OVERRUN)
        expect("STATUS", TX_FULL | RX_EMPTY | UNDERRUN, fifo(board, STATUS))
        fifo(board, CTRL, RESET)
        expect("STATUS after RESET", TX_EMPTY | RX_EMPTY, fifo(board, STATUS))


def rate():
    """bytes move at the rate that is set"""
    with Board() as board:
        fifo(board, RATE, 1000000)
        fifo(board, CTRL, EN)
        for _ in range(8):
            fifo(board, DATA, 0)
        board.step(10500)
        expect("received after 10.5 us", 10, fifo(board, RX_LEVEL))
        board.step(100000)
        expect("received after all", 32, fifo(board, RX_LEVEL))


def bad_registers():
    """invalid accesses are guest errors"""
    with Board() as board:
        fifo(board, 0x40)
        fifo(board, ID, 1)
        fifo(board, DEPTH, 8)
        fifo(board, DEPTH, 5000)
        fifo(board, CTRL, 3 << 4)
        fifo(board, CTRL, EN)
        fifo(board, DEPTH, 32)
        expect("guest errors", 6, counter(board, "guest-errors"))


def peripheral(board, n, addr, length, to_device, width=4, burst=4, **more):
    """Start a transfer with the first FIFO."""
    src, dst = (addr, b.FIFO + DATA) if to_device else (b.FIFO + DATA, addr)
    board.item(n, src, dst, length, width=width, burst=burst, msize=width * burst,
               inc=(1, 0) if to_device else (0, 1))
    board.start(n=n, first=b.ITEMS + 64 * n, tt_fc=b.M2P if to_device else b.P2M, **more)


def both_ways():
    """memory to FIFO to memory arrives; lengths need not be whole bursts"""
    for width, burst, length in ((1, 1, 100), (1, 16, 1000), (2, 8, 998), (4, 4, 4096),
                                 (4, 16, 4100), (8, 8, 4096)):
        with Board() as board:
            board.enable()
            board.write(b.SRC, data(length))
            fifo(board, TX_THRESH, width * burst)
            fifo(board, RX_THRESH, width * burst)
            fifo(board, DEPTH, 256)
            fifo(board, RX_COUNT, length)
            fifo(board, CTRL, EN | TX_DMA | RX_DMA)
            peripheral(board, 1, b.DST, length, False, width, burst)
            peripheral(board, 0, b.SRC, length, True, width, burst)
            board.settle()
            what = f"{length} bytes by {width} times {burst}"
            expect(what, data(length), board.read(b.DST, length))
            expect(f"{what}: lost", 0, counter(board, "tx-overruns")
                   + counter(board, "rx-underruns"))
            expect(f"{what}: guest errors", 0, board.guest_errors())


def paced():
    """a transfer takes as long as the FIFO's rate, and waits for its request"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(1024))
        fifo(board, RATE, 1000000)
        fifo(board, TX_THRESH, 16)
        fifo(board, CTRL, EN | TX_DMA | ENDLESS)
        board.set("reset-counters", True)
        peripheral(board, 0, b.SRC, 1024, True)
        board.step(500000)
        expect("CH_EN after half the time", 1, board.lch(0, b.L_CTL0))
        if abs(fifo(board, TX_BYTES) - 500 - 64) > 16:
            raise b.Failed(f"{fifo(board, TX_BYTES)} bytes after half the time")
        board.step(600000)
        expect("CH_EN after all of it", 0, board.lch(0, b.L_CTL0))
        expect("lost", 0, counter(board, "tx-overruns"))
        if board.get("request-wait-ns") < 900000:
            raise b.Failed(f"waited only {board.get('request-wait-ns')} ns")


def no_request():
    """without its request line a channel moves nothing, and shows PERI_WAIT"""
    with Board() as board:
        board.enable()
        fifo(board, CTRL, EN)
        peripheral(board, 0, b.SRC, 64, True)
        board.step(1000000)
        expect("bytes", 0, board.get("bytes-written"))
        expect("state", b.PERI_WAIT, board.state(0))
        fifo(board, CTRL, EN | TX_DMA)
        board.settle()
        expect("LCH_IS", b.DONE, board.lch(0, b.L_IS))


def copies_do_not_starve():
    """memory copies do not starve a peripheral (7)"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(1024))
        fifo(board, TX_THRESH, 16)
        fifo(board, CTRL, EN | TX_DMA | ENDLESS)
        for n in range(2, 8):
            board.item(n, b.SRC, b.DST + n * 0x100000, 1 << 20)
            board.start(n=n, first=b.ITEMS + 64 * n)
        board.step(5000)
        peripheral(board, 0, b.SRC, 1024, True)
        board.step(60000)
        expect("CH_EN", 0, board.lch(0, b.L_CTL0))


def errors_on_demand():
    """the FIFO refuses after as many bytes as it was told, in either direction (4)"""
    for to_device, bit in ((True, b.DST_ERR), (False, b.SRC_ERR)):
        with Board() as board:
            board.enable()
            fifo(board, CTRL, EN | TX_DMA | RX_DMA | ENDLESS)
            fifo(board, TX_ERR if to_device else RX_ERR, 128)
            peripheral(board, 0 if to_device else 1, b.DST, 1024, to_device)
            n = 0 if to_device else 1
            board.settle()
            expect("LCH_IS", bit, board.lch(n, b.L_IS))
            expect("bytes done", 128, board.entry(n)["done"])
            expect("STATUS", BUS_ERROR, fifo(board, STATUS) & BUS_ERROR)


def stride_of_peripheral():
    """stride mode 0 skips on the memory side of a peripheral transfer (5)"""
    with Board() as board:
        board.enable()
        fifo(board, CTRL, EN | RX_DMA | ENDLESS)
        fifo(board, RX_THRESH, 4)
        board.item(1, b.FIFO + DATA, b.DST, 64, width=4, burst=1, msize=4, inc=(0, 1))
        board.start(n=1, first=b.ITEMS + 64, tt_fc=b.P2M, stride=(0, 4))
        board.settle()
        want = b"".join(bytes(range(i, i + 4)) + bytes(4) for i in range(0, 64, 4))
        expect("memory", want, board.read(b.DST, 128))


def sram():
    """the SRAM holds what is written, and lists run from it"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(512))
        board.item(0, b.SRC, b.DST, 512, addr=b.SRAM)
        board.start(first=b.SRAM)
        board.settle()
        expect("data", data(512), board.read(b.DST, 512))


def gateway(board, command, *words):
    """What labctl does: returns status and answer."""
    board.write(b.LABCTL + 0x100, b"".join(w.encode() + b"\0" for w in words))
    board.writel(b.LABCTL + 4, command)
    text = board.read(b.LABCTL + 0x100, 64).split(b"\0")[0].decode()
    return board.readl(b.LABCTL + 8), text


def labctl():
    """the gateway gets and sets properties, and says what is wrong"""
    with Board() as board:
        expect("get", (0, "400000000"), gateway(board, 1, "/machine/lli0", "bus-hz"))
        expect("set", 0, gateway(board, 2, "/machine/lli0", "bus-hz", "1000000")[0])
        expect("property", 1000000, board.get("bus-hz"))
        expect("no object", (1, "no such object"), gateway(board, 1, "/nowhere", "x"))
        expect("no property", 1, gateway(board, 1, "/machine/lli0", "nothing")[0])
        expect("no value", 1, gateway(board, 2, "/machine/lli0", "bus-hz", "soon")[0])


if __name__ == "__main__":
    sys.exit(b.run([identity, loopback, lost_bytes, rate, bad_registers, both_ways,
                    paced, no_request, copies_do_not_starve, errors_on_demand,
                    stride_of_peripheral, sram, labctl]))
