#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The I2S controller: its frame clock, its FIFOs, and its request lines."""

import struct
import sys

import board as b
from board import Board, expect

I2S = 0xfe490000
TXCR, RXCR, CKR, FIFOLR, DMACR, INTCR, INTSR, XFER, CLR, TXDR, RXDR = range(0, 0x2c, 4)
MASTER_48K = 3 << 16 | 63 << 8 | 63
SLAVE, BY_RX = 1 << 27, 2 << 28
SLOT_16, SLOT_20, SLOT_24, SLOT_32 = 15, 19, 23, 31
LEFT, HALF = 1 << 12, 1 << 14
TDE, RDE, TDL, RDL = 1 << 8, 1 << 24, 1, 1 << 16
TXE, TXU, TXU_CLEAR, TFT = 1, 2, 4, 16
RXF, RXO, RXO_CLEAR, RFT = 1 << 16, 1 << 17, 1 << 18, 1 << 20
TX, RX = 1, 2
SPI = 32 + 113
TX_LINE, RX_LINE = 10, 11


def pairs(count):
    """The CSR field for so many channels."""
    return (count // 2 - 1) << 15


def i2s(board, reg, value=None):
    """Read or write a register."""
    return board.reg(I2S + reg, value)


def get(board, name):
    """A property."""
    return board.get(name, "/machine/i2s0")


def levels(board):
    """How many words are to be transmitted, and were received."""
    v = i2s(board, FIFOLR)
    return v & 0x3f, v >> 24


def line(board):
    """Level of the interrupt, as the GIC sees it."""
    return board.readl(b.GICD + 0x200 + 4 * (SPI // 32)) >> SPI % 32 & 1


def ends(n, rate=48000):
    """When frame n is through, counted from the start."""
    return n * 1000000000 // rate


def setup(board, cr=SLOT_16, dmacr=0, ckr=MASTER_48K):
    """Formats, clock and DMA as the driver sets them."""
    i2s(board, TXCR, cr)
    i2s(board, RXCR, cr)
    i2s(board, CKR, ckr)
    i2s(board, DMACR, dmacr)


def fill(board, words):
    """Write words to be transmitted."""
    for word in words:
        i2s(board, TXDR, word)


def drain(board):
    """Read all received words."""
    return [i2s(board, RXDR) for _ in range(levels(board)[1])]


def counters(board):
    """What went wrong: each of the counters that is not 0."""
    names = ("tx-underruns", "tx-drained", "rx-overruns", "rx-ignored", "tx-overruns",
             "rx-underruns", "guest-errors")
    return {name: get(board, name) for name in names if get(board, name)}


def through(board):
    """How many frames the receiver has seen, with and without room for them."""
    return get(board, "rx-frames") + get(board, "rx-ignored")


def reset_values():
    """after reset the registers are as the driver expects them"""
    with Board() as board:
        for name, reg, want in (("TXCR", TXCR, 0xf), ("RXCR", RXCR, 0xf),
                                ("CKR", CKR, 0x71f1f), ("FIFOLR", FIFOLR, 0),
                                ("DMACR", DMACR, 0x1f0000), ("INTCR", INTCR, 0x1f00000),
                                ("INTSR", INTSR, TXE), ("XFER", XFER, 0), ("CLR", CLR, 0),
                                ("TXDR", TXDR, 0)):
            expect(name, want, i2s(board, reg))
        expect("rate", 48000, get(board, "rate"))
        expect("interrupt", 0, line(board))
        expect("counters", {}, counters(board))


def keeps_values():
    """registers keep what is written, and all the bits they have"""
    with Board() as board:
        for name, reg, want in (("TXCR", TXCR, 0x7fdfbf), ("RXCR", RXCR, 0x1dfbf),
                                ("CKR", CKR, 0x3fffffff), ("DMACR", DMACR, 0x11f011f),
                                ("INTCR", INTCR, 0x1f001f0)):
            i2s(board, reg, want)
            expect(name, want, i2s(board, reg))
        i2s(board, INTCR, TXU_CLEAR | RXO_CLEAR)
        expect("INTCR: what clears reads as 0", 0, i2s(board, INTCR))
        expect("counters", {}, counters(board))


def rate():
    """in a second of virtual time there are exactly 48000 frames"""
    with Board() as board:
        setup(board)
        i2s(board, XFER, RX)
        board.step(999999999)
        expect("frames just before", 47999, through(board))
        board.step(1)
        expect("frames", 48000, through(board))
        for _ in range(10):
            board.step(100000007)
        expect("frames later", 2000000070 * 48000 // 1000000000,
               through(board))


def other_rates():
    """MDIV, TSD, RSD and the master clock make the rate; no frame drifts"""
    for mclk, mdiv, bits, extra, want in (
            (12288000, 12, 64, 0, 16000), (12288000, 24, 64, 0, 8000),
            (12288000, 2, 64, 0, 96000), (12288000, 1, 64, 0, 192000),
            (12288000, 12, 32, 0, 32000), (11289600, 4, 64, 0, 44100),
            (11289600, 4, 64, BY_RX, 44100), (12288000, 3, 64, 0, 64000)):
        with Board() as board:
            board.set("mclk-hz", mclk, "/machine/i2s0")
            setup(board, ckr=(mdiv - 1) << 16 | (bits - 1) << 8 | bits - 1 | extra)
            expect("rate", want, get(board, "rate"))
            i2s(board, XFER, RX)
            board.step(ends(2 * want + 7, want) - 1)
            expect(f"{want} Hz: one frame less", 2 * want + 6,
                   through(board))
            board.step(1)
            expect(f"{want} Hz: frames", 2 * want + 7,
                   through(board))


def clock_changes():
    """the master clock can change while frames move"""
    with Board("rkdma-i2s.mclk-hz=6144000") as board:
        setup(board)
        expect("rate at first", 24000, get(board, "rate"))
        i2s(board, XFER, RX)
        board.step(ends(12, 24000) + 1000)
        board.set("mclk-hz", 12288000, "/machine/i2s0")
        expect("rate", 48000, get(board, "rate"))
        board.step(ends(1) - 1)
        expect("words before a whole frame", 12, levels(board)[1])
        board.step(1)
        expect("words", 13, levels(board)[1])


def loopback():
    """each format comes back as it was sent, in the frame it was sent in"""
    words = [(0x81234567 + i * 0x01030507) & 0xffffffff for i in range(24)]
    for what, cr, mask, per_frame in (
            ("16 bit", SLOT_16, 0xffffffff, 1), ("16 bit, half", SLOT_16 | HALF, 0xffff, 2),
            ("20 bit", SLOT_20, 0xfffff, 2), ("20 bit, left", SLOT_20 | LEFT, 0xfffff000, 2),
            ("24 bit", SLOT_24, 0xffffff, 2), ("24 bit, left", SLOT_24 | LEFT, 0xffffff00, 2),
            ("32 bit", SLOT_32, 0xffffffff, 2),
            ("16 bit, 4 channels", SLOT_16 | pairs(4), 0xffffffff, 2),
            ("16 bit, 8 channels", SLOT_16 | pairs(8), 0xffffffff, 4),
            ("24 bit, 6 channels", SLOT_24 | pairs(6), 0xffffff, 6),
            ("32 bit, 8 channels", SLOT_32 | pairs(8), 0xffffffff, 8)):
        with Board() as board:
            setup(board, cr)
            fill(board, words)
            i2s(board, XFER, TX | RX)
            board.step(ends(1) - 1)
            expect(f"{what}: words before a frame", (24, 0), levels(board))
            board.step(1)
            expect(f"{what}: after one", (24 - per_frame, per_frame), levels(board))
            board.step(ends(24 // per_frame) - ends(1))
            expect(f"{what}: after all", (0, 24), levels(board))
            expect(f"{what}: words", [w & mask for w in words], drain(board))
            expect(f"{what}: frames", 24 // per_frame, get(board, "tx-frames"))
            expect(f"{what}: counters", {}, counters(board))


def formats_differ():
    """a receiver of another format gets the upper bits, and the channels it has"""
    with Board() as board:
        setup(board, SLOT_24)
        i2s(board, RXCR, SLOT_16)
        fill(board, (0x112233, 0x445566))
        i2s(board, XFER, TX | RX)
        board.step(ends(1))
        expect("24 bit as 16", [0x44551122], drain(board))
        i2s(board, RXCR, SLOT_32 | pairs(4))
        fill(board, (0x112233, 0x445566))
        board.step(ends(1))
        expect("as 32 bit of 4 channels", [0x11223300, 0x44556600, 0, 0], drain(board))


def silence():
    """without a transmitter, without data and without loopback zeros are received"""
    with Board() as board:
        setup(board)
        fill(board, range(1, 9))
        i2s(board, XFER, RX)
        board.step(ends(4))
        expect("without TXS", [0] * 4, drain(board))
        i2s(board, XFER, TX | RX)
        board.step(ends(10) - ends(4))
        expect("frames", [1, 2, 3, 4, 5, 6], drain(board))
        board.step(ends(14) - ends(10))
        expect("the last, then none", [7, 8, 0, 0], drain(board))
        board.set("loopback", False, "/machine/i2s0")
        fill(board, range(1, 5))
        board.step(ends(18) - ends(14))
        expect("without loopback", [0] * 4, drain(board))
        expect("frames transmitted", 12, get(board, "tx-frames"))
        expect("frames received", 18, get(board, "rx-frames"))


def stream(board, addr, length, to_device):
    """Start a transfer in bursts of 8 words, as the driver asks for."""
    n = TX_LINE if to_device else RX_LINE
    src, dst = (addr, I2S + TXDR) if to_device else (I2S + RXDR, addr)
    board.item(n, src, dst, length, width=4, burst=8, msize=32,
               inc=(1, 0) if to_device else (0, 1))
    board.start(n=n, first=b.ITEMS + 64 * n, tt_fc=b.M2P if to_device else b.P2M)


def thresholds():
    """the lines rise at TDL and RDL + 1 words, at the very frame"""
    with Board() as board:
        board.enable()
        setup(board, dmacr=TDE | 8 * TDL)
        fill(board, range(1, 21))
        stream(board, b.SRC, 32, True)
        board.step(100000)
        expect("bytes at 20 words", 0, board.get("bytes-written"))
        i2s(board, XFER, TX)
        board.step(ends(12) - 1)
        expect("bytes at 9 words", 0, board.get("bytes-written"))
        expect("level", (9, 0), levels(board))
        board.step(2000)
        expect("bytes at 8 words", 32, board.get("bytes-written"))
        expect("level then", (16, 0), levels(board))
        i2s(board, XFER, 0)

        i2s(board, DMACR, RDE | 7 * RDL)
        stream(board, b.DST, 32, False)
        i2s(board, XFER, RX)
        board.step(ends(8) - 1)
        expect("bytes of 7 words", 32, board.get("bytes-written"))
        board.step(2000)
        expect("bytes of 8 words", 64, board.get("bytes-written"))
        expect("counters", {}, counters(board))


def both_ways():
    """the DMA controller plays and records at the same time, and loses nothing"""
    sent = [(i * 0x01020304 + 0x11223344) & 0xffffffff for i in range(4096)]
    for what, cr, mask, per_frame in (("16 bit", SLOT_16, 0xffffffff, 1),
                                      ("24 bit", SLOT_24, 0xffffff, 2),
                                      ("8 channels", SLOT_32 | pairs(8), 0xffffffff, 8)):
        with Board() as board:
            board.enable()
            board.write(b.SRC, struct.pack("<4096I", *sent))
            setup(board, cr, TDE | 16 * TDL | RDE | 15 * RDL)
            stream(board, b.DST, 4 * 4096, False)
            stream(board, b.SRC, 4 * 4096, True)
            i2s(board, XFER, TX | RX)
            board.step(ends(4096 // per_frame))
            expect(f"{what}: counters", {}, counters(board))
            expect(f"{what}: transmitted", b.DONE, board.lch(TX_LINE, b.L_IS))
            # The last words are behind the threshold: zeros push them out.
            i2s(board, DMACR, RDE | 15 * RDL)
            board.step(ends(8 // per_frame) + 1000)
            expect(f"{what}: received", b.DONE, board.lch(RX_LINE, b.L_IS))
            expect(f"{what}: words", [w & mask for w in sent],
                   list(struct.unpack("<4096I", board.read(b.DST, 4 * 4096))))
            expect(f"{what}: frames", 4096 // per_frame, get(board, "tx-frames"))
            expect(f"{what}: counters at the end", {"tx-drained": 8 // per_frame},
                   counters(board))
            expect(f"{what}: guest errors", 0, board.guest_errors())


def late_dma():
    """a transfer that comes too late has its gap counted, frame by frame"""
    with Board() as board:
        board.enable()
        board.write(b.SRC, struct.pack("<64I", *range(1, 65)))
        setup(board, dmacr=TDE | 16 * TDL)
        stream(board, b.SRC, 128, True)
        i2s(board, XFER, TX)
        board.step(ends(40))
        expect("32 words, then none", {"tx-underruns": 8}, counters(board))
        stream(board, b.SRC + 128, 128, True)
        board.step(ends(70) - ends(40))
        expect("no more", {"tx-underruns": 8}, counters(board))
        expect("frames", 62, get(board, "tx-frames"))


def underruns():
    """frames that were due without data are counted, and only after the first"""
    with Board() as board:
        setup(board, SLOT_32, TDE)
        i2s(board, XFER, TX)
        board.step(ends(10))
        expect("before data", ({}, TXE), (counters(board), i2s(board, INTSR)))
        fill(board, range(5))
        board.step(ends(12) - ends(10))
        expect("two frames later", ({}, 0), (counters(board), i2s(board, INTSR)))
        expect("half a frame is left", (1, 0), levels(board))
        board.step(ends(13) - ends(12) - 1)
        expect("just before", {}, counters(board))
        board.step(1)
        expect("INTSR", TXU, i2s(board, INTSR) & TXU)
        expect("at the frame", {"tx-underruns": 1}, counters(board))
        board.step(ends(20) - ends(13))
        expect("seven more", {"tx-underruns": 8}, counters(board))
        fill(board, (5,))
        board.step(ends(22) - ends(20))
        expect("the frame completed, one more", {"tx-underruns": 9}, counters(board))
        expect("frames", 3, get(board, "tx-frames"))
        i2s(board, DMACR, 0)
        board.step(ends(25) - ends(22))
        expect("without TDE", {"tx-underruns": 9, "tx-drained": 3}, counters(board))
        i2s(board, DMACR, TDE)
        board.step(ends(30) - ends(25))
        expect("TDE again, no data yet", {"tx-underruns": 9, "tx-drained": 3},
               counters(board))


def overruns():
    """frames without room are counted, apart where nobody asked for them"""
    with Board() as board:
        setup(board, SLOT_24 | pairs(6), RDE | 31 * RDL)
        i2s(board, XFER, RX)
        board.step(ends(5))
        expect("five frames of six", (0, 30), levels(board))
        expect("INTSR", TXE, i2s(board, INTSR) & (TXE | RXO))
        board.step(ends(9) - ends(5))
        expect("four lost", {"rx-overruns": 4}, counters(board))
        expect("INTSR then", TXE | RXO, i2s(board, INTSR) & (TXE | RXO))
        i2s(board, DMACR, 0)
        board.step(ends(11) - ends(9))
        expect("without RDE", {"rx-overruns": 4, "rx-ignored": 2}, counters(board))
        expect("received", 5, get(board, "rx-frames"))


def wrong_access():
    """a write to a full FIFO and a read of an empty one are counted"""
    with Board() as board:
        fill(board, range(36))
        expect("level", (32, 0), levels(board))
        expect("nothing", 0, i2s(board, RXDR))
        expect("counters", {"tx-overruns": 4, "rx-underruns": 1}, counters(board))


def stop_and_clear():
    """XFER stops the frames where they are, CLR empties the FIFOs and reads as 0"""
    with Board() as board:
        setup(board)
        fill(board, range(1, 21))
        i2s(board, XFER, TX | RX)
        board.step(ends(5) + 100)
        i2s(board, XFER, 0)
        board.step(1000000000)
        expect("stopped", (15, 5), levels(board))
        i2s(board, XFER, TX | RX)
        board.step(ends(1) - 1)
        expect("the clock starts anew", (15, 5), levels(board))
        board.step(ends(20) - ends(1))
        expect("drained", {"tx-drained": 4}, counters(board))
        i2s(board, XFER, 0)
        i2s(board, CLR, 1)
        expect("CLR", 0, i2s(board, CLR))
        expect("INTSR", 0, i2s(board, INTSR) & TXU)
        expect("transmit cleared", (0, 24), levels(board))
        i2s(board, CLR, 2)
        expect("all cleared", (0, 0), levels(board))
        i2s(board, XFER, TX)
        board.step(ends(5))
        i2s(board, XFER, 0)
        expect("started without data", {"tx-drained": 4}, counters(board))
        fill(board, (1, 2))
        board.command("system_reset")
        expect("after reset", (0, 0), levels(board))
        expect("counters", {"tx-drained": 4}, counters(board))


def interrupts():
    """each interrupt comes at its frame, and goes as it is cleared"""
    with Board() as board:
        setup(board, dmacr=0)
        fill(board, range(10))
        i2s(board, INTCR, TXE | 4 * TFT)
        i2s(board, XFER, TX | RX)
        board.step(ends(6) - 1)
        expect("above TFT", 0, line(board))
        board.step(1)
        expect("TXE", 1, line(board))
        i2s(board, INTCR, RXF | 7 * RFT)
        expect("RXF not yet", 0, line(board))
        board.step(ends(8) - ends(6))
        expect("RXF", 1, line(board))
        i2s(board, RXDR)
        expect("read", 0, line(board))
        i2s(board, INTCR, TXU)
        board.step(ends(11) - ends(8) - 1)
        expect("TXU not yet", 0, line(board))
        board.step(1)
        expect("TXU", 1, line(board))
        i2s(board, INTCR, TXU | TXU_CLEAR)
        expect("cleared", 0, line(board))
        board.step(ends(12) - ends(11))
        expect("TXU again", 1, line(board))
        i2s(board, INTCR, RXO)
        board.step(ends(33) - ends(12))
        expect("full", (0, (0, 32)), (line(board), levels(board)))
        board.step(ends(34) - ends(33))
        expect("RXO", 1, line(board))
        i2s(board, INTCR, RXO | RXO_CLEAR)
        expect("RXO cleared", 0, line(board))
    with Board() as board:
        setup(board)
        fill(board, range(3))
        i2s(board, INTCR, TXU)
        i2s(board, XFER, TX)
        board.step(ends(4))
        expect("TXU after the only frames", 1, line(board))


def looking_changes_nothing():
    """the frames are the same however often somebody looks"""
    seen = []
    for step in (ends(40), 20833, 999):
        with Board() as board:
            board.enable()
            board.write(b.SRC, struct.pack("<64I", *range(1, 65)))
            setup(board, dmacr=TDE | 4 * TDL | RDE | 7 * RDL)
            stream(board, b.DST, 256, False)
            stream(board, b.SRC, 128, True)
            i2s(board, XFER, TX | RX)
            for passed in range(0, ends(40), step):
                board.step(min(step, ends(40) - passed))
                levels(board)
            seen.append((levels(board), counters(board), board.read(b.DST, 256)))
    expect("a look at each frame", seen[0], seen[1])
    expect("a look in between", seen[0], seen[2])


def bad_programming():
    """invalid accesses are guest errors, and are logged"""
    with Board() as board:
        errors = 0
        for what in ("unknown", "version", "RXDR written", "FIFOLR written",
                     "16 bit", "64 bit", "reserved bits", "slave", "two rates", "8 bit",
                     "running", "clear"):
            if what in ("unknown", "version"):
                i2s(board, 0x100 if what == "unknown" else 0x30)
            elif what == "RXDR written":
                i2s(board, RXDR, 1)
            elif what == "FIFOLR written":
                i2s(board, FIFOLR, 1)
            elif what == "16 bit":
                board.ask("writew", hex(I2S + TXDR), "0x1")
            elif what == "64 bit":
                board.ask("readq", hex(I2S + TXCR))
            elif what == "reserved bits":
                i2s(board, DMACR, 1 << 9)
                expect("DMACR", 0, i2s(board, DMACR))
            elif what == "slave":
                i2s(board, CKR, MASTER_48K | SLAVE)
                i2s(board, XFER, RX)
                board.step(1000000000)
                expect("frames of a slave", (0, 0), levels(board))
                i2s(board, XFER, 0)
            elif what == "two rates":
                i2s(board, CKR, MASTER_48K ^ 1)
                i2s(board, XFER, RX)
                i2s(board, XFER, 0)
            elif what == "8 bit":
                setup(board, cr=7)
                i2s(board, XFER, RX)
                i2s(board, XFER, 0)
                setup(board)
            elif what == "running":
                i2s(board, XFER, TX | RX)
                i2s(board, CKR, MASTER_48K)
                i2s(board, CKR, MASTER_48K + (1 << 16))
                expect("rate", 48000, get(board, "rate"))
            elif what == "clear":
                i2s(board, CLR, 3)
            errors += 1
            expect(f"guest errors: {what}", errors, get(board, "guest-errors"))
        lines = [text for text in board.log.read_text().splitlines()
                 if text.startswith("rkdma-i2s: ")]
        expect("lines in the log", errors, len(lines))


if __name__ == "__main__":
    sys.exit(b.run([reset_values, keeps_values, rate, other_rates, clock_changes,
                    loopback, formats_differ, silence, thresholds, both_ways,
                    late_dma, underruns, overruns, wrong_access, stop_and_clear, interrupts,
                    looking_changes_nothing, bad_programming]))
