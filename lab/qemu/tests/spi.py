#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rockchip's SPI controller: its registers, its wire, and its request lines."""

import sys

import board as b
from board import Board, data, expect

(CTRLR0, CTRLR1, SSIENR, SER, BAUDR, TXFTLR, RXFTLR, TXFLR, RXFLR, SR, IPR, IMR, ISR,
 RISR, ICR, DMACR, DMATDLR, DMARDLR, VERSION, TXDR, RXDR) = (
    0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2c, 0x30,
    0x34, 0x38, 0x3c, 0x40, 0x44, 0x48, 0x400, 0x800)
BITS = {4: 0, 8: 1, 16: 2}
BIG, LSB, BYTES, CS1_HIGH = 1 << 11, 1 << 12, 1 << 13, 1 << 24
BOTH, TRANSMIT, RECEIVE = 0 << 18, 1 << 18, 2 << 18
BUSY, TX_FULL, TX_EMPTY, RX_EMPTY, RX_FULL = 1, 2, 4, 8, 16
(INT_TX_EMPTY, INT_TX_OVERFLOW, INT_RX_UNDERFLOW, INT_RX_OVERFLOW,
 INT_RX_FULL) = 1, 2, 4, 8, 16
RX_DMA, TX_DMA = 1, 2
TX_LINE, RX_LINE = 8, 9


def spi(board, reg, value=None):
    """Read or write a register."""
    return board.reg(b.SPI + reg, value)


def counter(board, name):
    """A counter of the controller."""
    return board.get(name, "/machine/spi0")


def setup(board, bits=8, cs=0, div=4, flags=BIG | BYTES, **regs):
    """Program the controller, and enable it."""
    spi(board, SSIENR, 0)
    spi(board, CTRLR0, BITS[bits] | flags)
    spi(board, BAUDR, div)
    for name, value in regs.items():
        spi(board, globals()[name.upper()], value)
    spi(board, SER, 1 << cs if cs is not None else 0)
    spi(board, SSIENR, 1)


def exchange(board, words):
    """Send words one by one, and take what comes back."""
    got = []
    for word in words:
        spi(board, TXDR, word)
        board.step(1000000)
        got.append(spi(board, RXDR))
    return got


def flash(board, out, receive=0):
    """One command of the flash: what is sent, then what is received."""
    setup(board, cs=1)
    got = exchange(board, list(out) + [0] * receive)
    spi(board, SSIENR, 0)
    spi(board, SER, 0)
    return bytes(got[len(out):])


def healthy(board):
    """Nothing was lost and nothing was wrong."""
    for name in ("tx-overruns", "rx-overruns", "rx-underruns", "guest-errors"):
        expect(name, 0, counter(board, name))
    expect("guest errors of the DMA controller", 0, board.guest_errors())


def identity():
    """the controller identifies itself, and starts empty and off"""
    with Board() as board:
        expect("VERSION", 0x00110002, spi(board, VERSION))
        expect("SSIENR", 0, spi(board, SSIENR))
        expect("SR", TX_EMPTY | RX_EMPTY, spi(board, SR))
        expect("RISR", 0, spi(board, RISR))
        expect("levels", 0, spi(board, TXFLR) + spi(board, RXFLR))
    with Board("rkdma-spi.version=0x05ec0002") as board:
        expect("VERSION", 0x05ec0002, spi(board, VERSION))


def loopback():
    """words of 4, 8 and 16 bits come back over chip select 0, in any bit order"""
    for bits in BITS:
        for flags in (0, BIG, LSB, BIG | LSB):
            with Board() as board:
                setup(board, bits, flags=flags | BYTES)
                words = [0x1234 + 0x1357 * n & (1 << bits) - 1 for n in range(64)]
                for word in words:
                    spi(board, TXDR, word)
                board.step(1000000)
                expect("RXFLR", 64, spi(board, RXFLR))
                expect(f"{bits} bits", words, [spi(board, RXDR) for _ in words])
                expect("frames", (64, 64), (counter(board, "tx-frames"),
                                            counter(board, "rx-frames")))
                healthy(board)


def byte_pairs():
    """without the byte transform a word is two bytes, in the order of EM"""
    with Board() as board:
        setup(board, flags=BIG)
        expect("loopback", [0x1234, 0xabcd], exchange(board, [0x1234, 0xabcd]))
        expect("frames", 4, counter(board, "tx-frames"))
        for flags, command, want in ((BIG, 0x9f00, [0x0020, 0xba18]),
                                     (0, 0x009f, [0x2000, 0x18ba])):
            setup(board, cs=1, flags=flags)
            expect("flash", want, exchange(board, [command, 0]))
            spi(board, SER, 0)
        healthy(board)


def order_on_the_wire():
    """16 bits go out high byte first by EM, and low bit first by FBM"""
    with Board() as board:
        # 0x9f is 0xf9 from its other end
        for flags, command, want in ((BIG, 0x9f00, [0x0020, 0xba18]),
                                     (0, 0x009f, [0x2000, 0x18ba]),
                                     (BIG | LSB, 0x00f9, [0x0400, 0x185d])):
            setup(board, 16, cs=1, flags=flags)
            expect("flash", want, exchange(board, [command, 0]))
            spi(board, SER, 0)
        setup(board, cs=1, flags=BIG | BYTES | LSB)
        expect("8 bits", [0x04, 0x5d], exchange(board, [0xf9, 0, 0])[1:])
        healthy(board)


def rate():
    """a frame takes BAUDR clocks per bit, to the nanosecond"""
    for clock, bits, div in ((200000000, 8, 4), (200000000, 16, 14), (24000000, 8, 2),
                             (198000000, 4, 6)):
        with Board(f"rkdma-spi.clock-hz={clock}") as board:
            setup(board, bits, div=div)
            for _ in range(50):
                spi(board, TXDR, 1)
            one, all50 = (n * bits * div * 10 ** 9 // clock for n in (1, 50))
            what = f"{bits} bits by {div} at {clock} Hz"
            board.step(one - 1)
            expect(f"{what}: RXFLR before the first", 0, spi(board, RXFLR))
            board.step(1)
            expect(f"{what}: RXFLR after the first", 1, spi(board, RXFLR))
            board.step(all50 - one - 1)
            expect(f"{what}: RXFLR before the last", 49, spi(board, RXFLR))
            expect(f"{what}: BUSY before the last", BUSY, spi(board, SR) & BUSY)
            board.step(1)
            expect(f"{what}: RXFLR after the last", 50, spi(board, RXFLR))
            expect(f"{what}: SR", TX_EMPTY, spi(board, SR))


def one_ahead():
    """the word in the shifter has left the FIFO, so 65 may wait"""
    with Board() as board:
        setup(board)
        for n in range(65):
            spi(board, TXDR, n)
        expect("SR", BUSY | TX_FULL | RX_EMPTY, spi(board, SR))
        expect("TXFLR", 64, spi(board, TXFLR))
        board.step(160)
        expect("TXFLR after a frame", 63, spi(board, TXFLR))
        board.step(63 * 160)
        expect("SR after all but one", BUSY | TX_EMPTY | RX_FULL, spi(board, SR))
        healthy(board)


def off():
    """disabled, it stops at once and its FIFOs are empty"""
    with Board() as board:
        setup(board)
        for n in range(10):
            spi(board, TXDR, n)
        board.step(3 * 160 + 10)
        expect("RXFLR", 3, spi(board, RXFLR))
        spi(board, SSIENR, 0)
        expect("SR", TX_EMPTY | RX_EMPTY, spi(board, SR))
        spi(board, SSIENR, 1)
        board.step(100000)
        expect("SR", TX_EMPTY | RX_EMPTY, spi(board, SR))
        expect("frames", 3, counter(board, "tx-frames"))
        healthy(board)


def receive_only():
    """receive-only takes CTRLR1 + 1 frames, and sends none of the FIFO's"""
    for count in (1, 10, 64):
        with Board() as board:
            setup(board, flags=BIG | BYTES | RECEIVE, ctrlr1=count - 1)
            board.step(count * 160 - 1)
            expect("RXFLR before the last", count - 1, spi(board, RXFLR))
            board.step(1)
            expect("SR", RX_FULL if count == 64 else 0, spi(board, SR) & ~TX_EMPTY)
            board.step(1000000)
            expect("RXFLR", count, spi(board, RXFLR))
            expect("frames", (0, count), (counter(board, "tx-frames"),
                                          counter(board, "rx-frames")))
            healthy(board)
    with Board() as board:
        setup(board, flags=BIG | RECEIVE, ctrlr1=4)
        board.step(1000000)
        expect("words of 5 frames in pairs", 3, spi(board, RXFLR))


def transmit_only():
    """transmit-only receives nothing"""
    with Board() as board:
        setup(board, flags=BIG | BYTES | TRANSMIT)
        for _ in range(20):
            spi(board, TXDR, 1)
        board.step(100000)
        expect("SR", TX_EMPTY | RX_EMPTY, spi(board, SR))
        expect("frames", (20, 0), (counter(board, "tx-frames"),
                                   counter(board, "rx-frames")))
        healthy(board)


def lost_words():
    """overflows and underflows are shown until cleared, and counted"""
    with Board() as board:
        setup(board, flags=BIG | BYTES | RECEIVE, ctrlr1=99)
        board.step(1000000)
        expect("RISR", INT_RX_OVERFLOW, spi(board, RISR) & INT_RX_OVERFLOW)
        expect("rx-overruns", 36, counter(board, "rx-overruns"))
        for _ in range(66):
            spi(board, RXDR)
        expect("rx-underruns", 2, counter(board, "rx-underruns"))
        setup(board, div=0xfffe)
        for _ in range(68):
            spi(board, TXDR, 0)
        expect("tx-overruns", 3, counter(board, "tx-overruns"))
        lost = INT_TX_OVERFLOW | INT_RX_UNDERFLOW | INT_RX_OVERFLOW
        for clear, bit in ((2, INT_RX_UNDERFLOW), (4, INT_RX_OVERFLOW),
                           (8, INT_TX_OVERFLOW)):
            expect("RISR", lost, spi(board, RISR))
            spi(board, ICR, clear)
            lost &= ~bit
        spi(board, SSIENR, 0)
        spi(board, RXDR)
        expect("RISR", INT_RX_UNDERFLOW, spi(board, RISR))
        spi(board, ICR, 1)
        expect("RISR", 0, spi(board, RISR))


def interrupts():
    """the interrupt is a level: what is raw and not masked"""
    with Board() as board:
        def line():
            return board.line(b.SPI_INTID)

        setup(board, txftlr=3, rxftlr=7)
        expect("line, all masked", 0, line())
        expect("RISR", INT_TX_EMPTY, spi(board, RISR))
        spi(board, IMR, INT_TX_EMPTY)
        expect("line, TX_EMPTY", 1, line())
        for _ in range(8):
            spi(board, TXDR, 0)
        expect("line, 7 in the FIFO", 0, line())
        board.step(4 * 160)
        expect("line, 3 in the FIFO", 1, line())
        spi(board, IMR, INT_RX_FULL)
        board.step(4 * 160 - 1)
        expect("line, 7 received", 0, line())
        board.step(1)
        expect("line, 8 received", 1, line())
        expect("ISR", INT_RX_FULL, spi(board, ISR))
        spi(board, RXDR)
        expect("line, 7 received", 0, line())
        spi(board, IMR, INT_RX_UNDERFLOW)
        for _ in range(8):
            spi(board, RXDR)
        expect("line, underflow", 1, line())
        spi(board, ICR, 0xffffffff)
        expect("line, cleared", 0, line())
        expect("guest errors", 0, counter(board, "guest-errors"))


def start(board, line, addr, length, width, burst):
    """Start the DMA controller on one of the request lines."""
    out = line == TX_LINE
    src, dst = (addr, b.SPI + TXDR) if out else (b.SPI + RXDR, addr)
    board.item(line, src, dst, length, width=width, burst=burst, msize=width * burst,
               inc=(1, 0) if out else (0, 1))
    board.start(n=line, first=b.ITEMS + 64 * line, tt_fc=b.M2P if out else b.P2M)


def thresholds():
    """the request lines are up by DMACR and the levels, and only while enabled"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, data(256))
        setup(board, div=0xfffe, dmatdlr=31, dmardlr=7)
        start(board, TX_LINE, b.SRC, 256, 1, 16)
        board.step(10000)
        expect("TXFLR without TX_EN", 0, spi(board, TXFLR))
        spi(board, DMACR, TX_DMA)
        board.step(10000)
        # 16 and 16 again, one of which is in the shifter; that leaves 31
        expect("TXFLR", 47, spi(board, TXFLR))
        setup(board, dmacr=RX_DMA, dmardlr=7)
        start(board, RX_LINE, b.DST, 16, 1, 8)
        for n in range(15):
            spi(board, TXDR, n)
        board.step(100000)
        expect("RXFLR", 7, spi(board, RXFLR))
        spi(board, TXDR, 15)
        board.step(100000)
        expect("RXFLR", 0, spi(board, RXFLR))
        expect("received", bytes(range(16)), board.read(b.DST, 16))
        healthy(board)


def both_ways():
    """transfers in both directions at once, as the kernel's driver sets them up"""
    for bits, length in ((8, 64), (8, 65), (8, 4096), (16, 4096), (8, 4098),
                         (16, 4102), (8, 65535)):
        with Board() as board:
            width = bits // 8
            words = length // width
            burst = min(words & -words, 8)
            board.enable()
            board.write(b.SRC, data(length))
            setup(board, bits, dmacr=RX_DMA | TX_DMA, dmatdlr=31, dmardlr=burst - 1,
                  ctrlr1=words - 1)
            start(board, RX_LINE, b.DST, length, width, burst)
            start(board, TX_LINE, b.SRC, length, width, 16)
            wire = length * 8 * 20
            board.step(wire)
            expect(f"{length} bytes: frames too early", False,
                   counter(board, "rx-frames") == words)
            board.step(2000)
            expect(f"{length} bytes", data(length), board.read(b.DST, length))
            expect("LCH_IS", (b.DONE, b.DONE), (board.lch(TX_LINE, b.L_IS),
                                                board.lch(RX_LINE, b.L_IS)))
            healthy(board)


def dma_receive_only():
    """a transfer in receive-only mode needs no other one"""
    with Board() as board:
        board.enable()
        board.write(b.DST, data(1000))
        setup(board, flags=BIG | BYTES | RECEIVE, dmacr=RX_DMA, dmardlr=7, ctrlr1=999)
        start(board, RX_LINE, b.DST, 1000, 1, 8)
        board.step(1000 * 160 + 2000)
        expect("received", bytes(1000), board.read(b.DST, 1000))
        healthy(board)


def flash_id():
    """the flash on chip select 1 tells what it is, on a low level of its line"""
    with Board() as board:
        expect("id", bytes([0x20, 0xba, 0x18]), flash(board, [0x9f], 3))
        setup(board, cs=1, flags=BIG | BYTES | CS1_HIGH)
        expect("not selected", [0, 0, 0, 0], exchange(board, [0x9f, 0, 0, 0]))
        healthy(board)


def flash_program():
    """a page of the flash is programmed, read back, and erased"""
    with Board() as board:
        page = data(256)
        expect("new", b"\xff" * 16, flash(board, [0x03, 0x01, 0x20, 0x00], 16))
        flash(board, [0x06])
        flash(board, bytes([0x02, 0x01, 0x20, 0x00]) + page)
        expect("programmed", page, flash(board, [0x03, 0x01, 0x20, 0x00], 256))
        expect("the next page", b"\xff", flash(board, [0x03, 0x01, 0x21, 0x00], 1))
        flash(board, [0x06])
        flash(board, [0x20, 0x01, 0x20, 0x00])
        expect("erased", b"\xff" * 256, flash(board, [0x03, 0x01, 0x20, 0x00], 256))
        healthy(board)


def chip_select():
    """without a chip select nothing goes out, and that is a guest error"""
    with Board() as board:
        setup(board, cs=None)
        spi(board, TXDR, 1)
        spi(board, TXDR, 2)
        board.step(100000)
        expect("TXFLR", 2, spi(board, TXFLR))
        expect("guest errors", 1, counter(board, "guest-errors"))
        spi(board, SER, 1)
        spi(board, SER, 3)
        expect("guest errors", 2, counter(board, "guest-errors"))


def bad_programming():
    """invalid accesses are guest errors"""
    with Board() as board:
        errors = 0

        def wrong(what, *access):
            nonlocal errors
            errors += 1
            board.ask(*[hex(w) if isinstance(w, int) else w for w in access])
            expect(f"guest errors after {what}", errors, counter(board, "guest-errors"))

        wrong("an unknown register", "readl", b.SPI + 0x4c)
        wrong("a read of ICR", "readl", b.SPI + ICR)
        wrong("a read-only register", "writel", b.SPI + SR, 1)
        wrong("a narrow access", "readw", b.SPI + SR)
        wrong("frames of no size", "writel", b.SPI + CTRLR0, 3)
        wrong("a slave", "writel", b.SPI + CTRLR0, 1 << 20)
        wrong("no mode", "writel", b.SPI + CTRLR0, 3 << 18)
        wrong("an odd divisor", "writel", b.SPI + BAUDR, 5)
        wrong("a chip select too many", "writel", b.SPI + SER, 4)
        wrong("a level too high", "writel", b.SPI + DMATDLR, 64)
        wrong("data while disabled", "writel", b.SPI + TXDR, 1)
        setup(board, 16)
        for reg in (CTRLR0, CTRLR1, BAUDR, TXFTLR, RXFTLR):
            before = spi(board, reg)
            board.writel(b.SPI + reg, before)
            wrong("a change while enabled", "writel", b.SPI + reg, before ^ 2)
            expect("register", before, spi(board, reg))
        wrong("a narrow word", "writeb", b.SPI + TXDR, 1)
        wrong("a wide word", "writeq", b.SPI + TXDR, 1)
        setup(board, flags=RECEIVE)
        wrong("data that is not sent", "writel", b.SPI + TXDR, 1)
        setup(board, div=0)
        wrong("no clock", "writel", b.SPI + TXDR, 1)
        with open(board.log, encoding="utf-8") as log:
            expect("lines", errors, sum(line.startswith("rkdma-spi: ") for line in log))


if __name__ == "__main__":
    sys.exit(b.run([identity, loopback, byte_pairs, order_on_the_wire, rate, one_ahead,
                    off, receive_only, transmit_only, lost_words, interrupts,
                    thresholds, both_ways, dma_receive_only, flash_id, flash_program,
                    chip_select, bad_programming]))
