#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The UART: its registers, its characters' time, and its request lines."""

import pathlib
import socket
import sys
import tempfile
import time

import board as b
from board import Board, data, expect

(DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR, USR, TFL, RFL, SRR, SRTS, SBCR, SDMAM, SFE,
 SRT, STET, HTX, DMASA, CPR, UCV, CTR) = (
    0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x7c, 0x80, 0x84, 0x88, 0x8c, 0x90,
    0x94, 0x98, 0x9c, 0xa0, 0xa4, 0xa8, 0xf4, 0xf8, 0xfc)
FCR = IIR
I_RX, I_TX, I_LINE, I_MODEM, I_PTIME = 1, 2, 4, 8, 0x80
FIFO, RX_RESET, TX_RESET = 1, 2, 4
RTS, OUT2, LOOP, AFCE = 2, 8, 0x10, 0x20
DR, OE, PE, FE, BI, THRE, TEMT, RFE = 1, 2, 4, 8, 16, 32, 64, 128
BUSY, TFNF, TFE, RFNE, RFF = 1, 2, 4, 8, 16
NONE, THR_EMPTY, AVAILABLE, LINE, BUSY_DETECT, TIMEOUT = 1, 2, 4, 6, 7, 12
INTID = 32 + 110
# 24 MHz / 16 / 3 is 500000 baud: a character of 10 bits takes 20 us.
DIVISOR, CHAR = 3, 20000


def uart(board, reg, value=None, n=0):
    """Read or write a register."""
    return board.reg(b.UART + 0x10000 * n + reg, value)


def counter(board, name, n=0):
    """A counter."""
    return board.get(name, f"/machine/uart{n}")


def line(board):
    """Level of the first UART's interrupt, as the GIC sees it."""
    word = board.readl(b.GICD + 0x200 + 4 * (INTID // 32))
    return word >> INTID % 32 & 1


def interrupt(board):
    """The interrupt's identity, which has to agree with the line."""
    up = line(board)
    ident = uart(board, IIR) & 0xf
    expect(f"line with IIR {ident:#x}", int(ident != NONE), up)
    return ident


def setup(board, fcr=FIFO, mcr=LOOP | RTS, ier=0, divisor=DIVISOR, lcr=3, n=0):
    """What a driver does: 8N1 at 500000 baud, by default in loopback."""
    uart(board, LCR, 0x80, n)
    uart(board, DATA, divisor & 0xff, n)
    uart(board, IER, divisor >> 8, n)
    uart(board, LCR, lcr, n)
    uart(board, FCR, fcr, n)
    uart(board, MCR, mcr, n)
    uart(board, IER, ier, n)
    uart(board, MSR, None, n)


def send(board, text, n=0):
    """Write characters."""
    for byte in text:
        uart(board, DATA, byte, n)


def receive(board, length, n=0):
    """Read characters."""
    return bytes(uart(board, DATA, None, n) for _ in range(length))


def identity():
    """the UART identifies itself, and starts idle and empty"""
    with Board() as board:
        for n in (0, 1):
            for name, reg, want in (("CTR", CTR, 0x44570110), ("UCV", UCV, 0x3430312a),
                                    ("CPR", CPR, 0x00043d32), ("IER", IER, 0),
                                    ("IIR", IIR, NONE), ("LCR", LCR, 0), ("MCR", MCR, 0),
                                    ("LSR", LSR, THRE | TEMT), ("MSR", MSR, 0xb0),
                                    ("USR", USR, TFNF | TFE), ("TFL", TFL, 0)):
                expect(name, want, uart(board, reg, None, n))
        uart(board, SCR, 0x5a)
        expect("SCR", 0x5a, uart(board, SCR))
        setup(board, divisor=0x1234)
        uart(board, LCR, 0x83)
        expect("DLL", 0x34, uart(board, DATA))
        expect("DLH", 0x12, uart(board, IER))
        expect("guest errors", 0, counter(board, "guest-errors"))


def rate():
    """characters come back one by one, each after its time to the nanosecond"""
    for lcr, divisor, times in ((3, 3, (20000, 40000, 60000)),
                                (3, 1, (6666, 13333, 20000)),
                                (0x1f, 3, (24000, 48000, 72000)),
                                (4, 3, (15000, 30000, 45000)),
                                (3, 13, (86666, 173333, 260000))):
        with Board() as board:
            setup(board, divisor=divisor, lcr=lcr)
            send(board, b"\x11\x02\x13")
            passed = 0
            for count, at in enumerate(times):
                board.step(at - 1 - passed)
                expect(f"LCR {lcr:#x}: received 1 ns early", count, uart(board, RFL))
                board.step(1)
                passed = at
                expect(f"LCR {lcr:#x}: received in time", count + 1, uart(board, RFL))
            expect("LSR", DR | THRE | TEMT, uart(board, LSR))
            expect("data", b"\x11\x02\x13", receive(board, 3))
            expect("LSR", THRE | TEMT, uart(board, LSR))


def no_divisor():
    """without a divisor nothing moves, and it goes on with one"""
    with Board() as board:
        setup(board, divisor=0)
        send(board, b"abc")
        board.step(1000000)
        expect("TFL", 3, uart(board, TFL))
        uart(board, LCR, 0x83)
        uart(board, DATA, DIVISOR)
        board.step(3 * CHAR)
        expect("RFL", 3, uart(board, RFL))
        uart(board, LCR, 3)
        expect("LCR while busy", 0x83, uart(board, LCR))


def receive_thresholds():
    """the receive interrupt comes at 1, 1/4, 1/2 and 2 less than full"""
    for trigger, level in enumerate((1, 16, 32, 62)):
        with Board() as board:
            setup(board, fcr=FIFO | trigger << 6, ier=I_RX)
            send(board, data(64))
            board.step(level * CHAR - 1)
            expect(f"IIR before {level}", NONE, interrupt(board))
            board.step(1)
            expect(f"IIR at {level}", AVAILABLE, interrupt(board))
            uart(board, DATA)
            expect(f"IIR below {level}", NONE, interrupt(board))


def transmit_thresholds():
    """THRE comes when empty, with PTIME at the threshold; the IIR clears it"""
    for trigger, level in enumerate((0, 2, 16, 32)):
        with Board() as board:
            setup(board, fcr=FIFO | trigger << 4, ier=I_TX | I_PTIME)
            expect("IIR at first", THR_EMPTY, interrupt(board))
            expect("IIR once read", NONE, interrupt(board))
            send(board, data(65))
            expect("LSR: full", THRE, uart(board, LSR) & (THRE | TEMT))
            board.step(CHAR)
            expect("LSR: not full", 0, uart(board, LSR) & THRE)
            board.step((63 - level) * CHAR - 1)
            expect(f"IIR above {level}", NONE, interrupt(board))
            board.step(1)
            expect(f"IIR at {level}", THR_EMPTY, interrupt(board))
    with Board() as board:
        setup(board, fcr=FIFO | 0x30, ier=I_TX)
        uart(board, IIR)
        send(board, b"abc")
        expect("IIR with characters", NONE, interrupt(board))
        board.step(2 * CHAR)
        expect("IIR when empty", THR_EMPTY, interrupt(board))
        expect("LSR with one on the wire", THRE, uart(board, LSR) & (THRE | TEMT))
        board.step(CHAR)
        expect("LSR when all is sent", THRE | TEMT, uart(board, LSR) & (THRE | TEMT))


def full_flag_with_ptime():
    """with PTIME THRE in the LSR says that the FIFO is full"""
    with Board() as board:
        setup(board, ier=I_PTIME)
        send(board, data(64))
        expect("not full", 0, uart(board, LSR) & THRE)
        send(board, b"x")
        expect("full", THRE, uart(board, LSR) & THRE)
        expect("TFL", 64, uart(board, TFL))


def time_out():
    """the time-out comes four characters after the last one, or the last read"""
    with Board() as board:
        setup(board, fcr=FIFO | 0x80, ier=I_RX)
        send(board, b"abc")
        board.step(7 * CHAR - 1)
        expect("IIR early", NONE, interrupt(board))
        board.step(1)
        expect("IIR", TIMEOUT, interrupt(board))
        expect("IIR still", TIMEOUT, interrupt(board))
        uart(board, DATA)
        expect("IIR after a read", NONE, interrupt(board))
        board.step(4 * CHAR - 1)
        expect("IIR early after a read", NONE, interrupt(board))
        board.step(1)
        expect("IIR after a read and four characters", TIMEOUT, interrupt(board))
        receive(board, 2)
        board.step(100 * CHAR)
        expect("IIR when empty", NONE, interrupt(board))


def injected_errors():
    """errors are at their character, in the counters, and in the FIFO error bit"""
    for kind, bits, name in (("parity", PE, "parity-errors"),
                             ("framing", FE, "framing-errors"), ("break", BI | FE, "breaks")):
        with Board() as board:
            setup(board, ier=I_LINE)
            send(board, b"abcd")
            board.step(2 * CHAR)
            board.set("inject", kind, "/machine/uart0")
            board.step(2 * CHAR)
            for at, want in enumerate(b"abcd"):
                expect(f"IIR at {at}", LINE if at == 2 else NONE, interrupt(board))
                expect(f"LSR at {at}", (DR, DR, DR | bits, DR)[at] | (RFE if at < 3 else 0),
                       uart(board, LSR) & ~(THRE | TEMT))
                expect(f"IIR at {at} when the LSR is read", NONE, interrupt(board))
                expect("byte", 0 if kind == "break" and at == 2 else want, uart(board, DATA))
            expect(name, 1, counter(board, name))
            expect("inject afterwards", "", counter(board, "inject"))


def overrun():
    """what comes when the FIFO is full is lost and counted"""
    with Board() as board:
        setup(board, ier=I_LINE)
        send(board, data(64))
        board.step(64 * CHAR)
        expect("USR", RFF | RFNE, uart(board, USR) & (RFF | RFNE))
        expect("LSR", 0, uart(board, LSR) & OE)
        send(board, b"xyz")
        board.step(3 * CHAR)
        expect("IIR", LINE, interrupt(board))
        expect("LSR", OE | DR, uart(board, LSR) & (OE | DR))
        expect("LSR again", DR, uart(board, LSR) & (OE | DR))
        expect("rx-overruns", 3, counter(board, "rx-overruns"))
        expect("data", data(64), receive(board, 64))
        expect("rx-underruns", 0, counter(board, "rx-underruns"))
        uart(board, DATA)
        expect("rx-underruns", 1, counter(board, "rx-underruns"))
        send(board, data(70))
        expect("tx-overruns", 5, counter(board, "tx-overruns"))


def flow_control():
    """automatic flow control holds the sender back instead"""
    with Board() as board:
        setup(board, mcr=LOOP | RTS | AFCE)
        send(board, data(64))
        board.step(64 * CHAR)
        send(board, b"xyz")
        board.step(10 * CHAR)
        expect("rx-overruns", 0, counter(board, "rx-overruns"))
        expect("data", data(64), receive(board, 64))
        board.step(3 * CHAR)
        expect("data", b"xyz", receive(board, 3))
        uart(board, MCR, LOOP | AFCE)
        send(board, b"x")
        board.step(3 * CHAR)
        expect("received without RTS", 0, uart(board, RFL))
        uart(board, MCR, LOOP | AFCE | RTS)
        board.step(CHAR)
        expect("received with RTS", 1, uart(board, RFL))


def busy_detect():
    """a busy UART refuses the LCR and says so until the USR is read"""
    with Board() as board:
        setup(board)
        send(board, b"a")
        expect("USR", BUSY, uart(board, USR) & BUSY)
        uart(board, LCR, 0x1b)
        expect("LCR", 3, uart(board, LCR))
        expect("IIR", BUSY_DETECT, interrupt(board))
        expect("IIR", BUSY_DETECT, interrupt(board))
        uart(board, USR)
        expect("IIR after USR", NONE, interrupt(board))
        board.step(CHAR)
        expect("USR with a character to read", BUSY, uart(board, USR) & BUSY)
        uart(board, DATA)
        expect("USR", TFNF | TFE, uart(board, USR))
        uart(board, LCR, 0x1b)
        expect("LCR when idle", 0x1b, uart(board, LCR))
        expect("IIR", NONE, interrupt(board))


def resets():
    """FCR and SRR empty the FIFOs, and SRR resets it all"""
    for reg in (FCR, SRR):
        with Board() as board:
            fifo = FIFO if reg == FCR else 0
            setup(board, fcr=FIFO | 0x80)
            send(board, data(20))
            board.step(10 * CHAR)
            expect("levels", (10, 9), (uart(board, RFL), uart(board, TFL)))
            uart(board, reg, fifo | RX_RESET)
            expect("levels", (0, 9), (uart(board, RFL), uart(board, TFL)))
            uart(board, reg, fifo | TX_RESET)
            board.step(10 * CHAR)
            expect("the one on the wire arrives", (1, 0),
                   (uart(board, RFL), uart(board, TFL)))
            uart(board, FCR, 0)
            expect("FIFOs off", (0, 0), (uart(board, RFL), uart(board, TFL)))
            uart(board, SRR, 1)
            expect("after reset", (0, 0, THRE | TEMT),
                   (uart(board, LCR), uart(board, MCR), uart(board, LSR)))


def shadows():
    """the shadow registers are the fields that they stand for; HTX halts"""
    with Board() as board:
        setup(board, fcr=FIFO | 0xa8)
        expect("shadows", (1, 0, 1, 1, 2, 2),
               tuple(uart(board, r) for r in (SRTS, SBCR, SDMAM, SFE, SRT, STET)))
        uart(board, SRTS, 0)
        expect("MCR", LOOP, uart(board, MCR))
        uart(board, SRT, 1)
        expect("SRT", 1, uart(board, SRT))
        uart(board, HTX, 1)
        board.writel(b.UART + 0x30, 0x41)
        board.step(10 * CHAR)
        expect("TFL", 1, uart(board, TFL))
        uart(board, HTX, 0)
        board.step(CHAR)
        expect("shadow of RBR", 0x41, board.readl(b.UART + 0x6c))
        uart(board, SBCR, 1)
        expect("break", DR | BI | FE, uart(board, LSR) & (DR | BI | FE))


def modem_lines():
    """in loopback the outputs are the inputs, and a change is an interrupt"""
    with Board() as board:
        setup(board, mcr=LOOP, ier=I_MODEM)
        expect("MSR", 0, uart(board, MSR))
        uart(board, MCR, LOOP | RTS | OUT2)
        expect("IIR", 0, interrupt(board))
        expect("MSR", 0x99, uart(board, MSR))
        expect("IIR after MSR", NONE, interrupt(board))


def transfer(board, n, addr, length, to_device, burst=16):
    """Start a transfer by the linked-list controller, as the 8250 driver does."""
    port = b.UART + 0x10000 * n
    lch = 4 + 2 * n + (not to_device)
    src, dst = (addr, port) if to_device else (port, addr)
    board.item(lch, src, dst, length, width=1, burst=burst, msize=burst,
               inc=(1, 0) if to_device else (0, 1))
    board.start(n=lch, first=b.ITEMS + 64 * lch, tt_fc=b.M2P if to_device else b.P2M)


def dma_both_ways():
    """the controller sends and receives by the request lines, and nothing is lost"""
    for n, fcr, length in ((0, 0x81, 1024), (0, 0xb1, 1000 * 16), (1, 0x41, 1024),
                           (1, 0x61, 1024)):
        with Board() as board:
            board.enable()
            board.write(b.SRC, data(length))
            setup(board, fcr=fcr, divisor=1, n=n)
            transfer(board, n, b.DST, length, False)
            transfer(board, n, b.SRC, length, True)
            level = (1, 16, 32, 62)[fcr >> 6]
            board.step(length * 20000 // 3 + 10 * CHAR)
            rest = uart(board, RFL, None, n)
            expect(f"FCR {fcr:#x}: below the threshold", True, rest < level)
            got = board.read(b.DST, length - rest) + receive(board, rest, n)
            expect(f"FCR {fcr:#x}: data", data(length), got)
            for name in ("tx-overruns", "rx-overruns", "rx-underruns", "guest-errors"):
                expect(name, 0, counter(board, name, n))
            expect("tx-bytes", length, counter(board, "tx-bytes", n))
            expect("guest errors of the controller", 0, board.guest_errors())


def rest_by_time_out():
    """what is below the threshold asks for no DMA, and the time-out tells of it"""
    with Board() as board:
        board.enable()
        setup(board, fcr=FIFO | 0x80, ier=I_RX)
        transfer(board, 0, b.DST, 4096, False)
        send(board, data(40))
        board.step(40 * CHAR + 3 * CHAR)
        expect("moved", 16, board.get("bytes-written"))
        expect("IIR", NONE, interrupt(board))
        board.step(2 * CHAR)
        expect("IIR", TIMEOUT, interrupt(board))
        board.lch(5, b.L_CTL0, 0)
        board.step(10000)
        expect("bytes done", 16, board.entry(5)["done"])
        expect("data", data(40), board.read(b.DST, 16) + receive(board, 24))


def no_request_without_fifos():
    """the request lines stay down while the FIFOs are off"""
    with Board() as board:
        board.enable()
        setup(board, fcr=0)
        transfer(board, 0, b.SRC, 64, True)
        board.step(1000000)
        expect("moved", 0, board.get("bytes-written"))
        expect("state", b.PERI_WAIT, board.state(4))
        uart(board, FCR, FIFO)
        board.step(100 * CHAR)
        expect("moved", 64, board.get("bytes-written"))


def chardev():
    """without loopback the characters go to the chardev and come from it"""
    with tempfile.TemporaryDirectory() as tmp:
        path = pathlib.Path(tmp) / "uart"
        more = ["-chardev", f"socket,id=uart0,path={path},server=on,wait=off"]
        with Board(more=more) as board, socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(10)
            peer.connect(str(path))
            setup(board, mcr=0)
            send(board, b"hello")
            board.step(5 * CHAR)
            got = b""
            while len(got) < 5:
                got += peer.recv(5)
            expect("sent", b"hello", got)
            peer.sendall(b"world")
            for _ in range(200):
                if uart(board, USR) & BUSY:
                    break
                time.sleep(0.01)
            expect("before a character's time", 0, uart(board, RFL))
            board.step(5 * CHAR)
            expect("received", b"world", receive(board, 5))


def bad_programming():
    """invalid accesses are guest errors; the registers that drivers probe are not"""
    with Board() as board:
        setup(board)
        uart(board, 0xb4, 1)
        expect("RE_EN", 0, uart(board, 0xb4))
        uart(board, 0xc0, 0xffffffff)
        expect("DLF", 0, uart(board, 0xc0))
        uart(board, DMASA, 1)
        board.ask("writeb", hex(b.UART + DATA), "0x1")
        expect("guest errors", 0, counter(board, "guest-errors"))
        uart(board, 0x20)
        uart(board, 0xd0, 1)
        uart(board, LSR, 1)
        uart(board, CPR, 1)
        uart(board, SRR)
        board.ask("readb", hex(b.UART + LSR))
        board.ask("writew", hex(b.UART + DATA), "0x1")
        expect("guest errors", 7, counter(board, "guest-errors"))
        lines = [x for x in board.log.read_text().splitlines() if x.startswith("rkdma-uart: ")]
        expect("lines in the log", 7, len(lines))


if __name__ == "__main__":
    sys.exit(b.run([identity, rate, no_divisor, receive_thresholds, transmit_thresholds,
                    full_flag_with_ptime, time_out, injected_errors, overrun, flow_control,
                    busy_detect, resets, shadows, modem_lines, dma_both_ways,
                    rest_by_time_out, no_request_without_fifos, chardev, bad_programming]))
