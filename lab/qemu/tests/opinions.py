#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Two opinions on the PL330: random programs that do not depend on time leave the same
memory, registers and events on the strict model and on QEMU's, and where the two differ
both are as docs/hardware.md lists them.

PROGRAMS=N and SEED=N in the environment choose other programs, and how many.
"""

import os
import random
import struct
import sys

import board as b
from board import data, expect
import microcode as m
from microcode import END, LD, NOP, RMB, ST, STZ, WMB

SIZE = 4096
INTERRUPTS = 0x00f0
SEED = int(os.environ.get("SEED", "330"))
PROGRAMS = int(os.environ.get("PROGRAMS", "1500"))
REGISTERS = {"CPC": m.CPC, "SAR": m.SAR, "DAR": m.DAR, "CCR": m.CCR, "LC0": m.LC0,
             "LC1": m.LC1}


class Program:
    """A random program, and where its data are."""

    def __init__(self, rng):
        self.rng = rng
        self.code = b""
        self.src = b.SRC + rng.randrange(64)
        self.dst = b.DST + rng.randrange(64)
        self.code += m.mov(0, self.src) + m.mov(2, self.dst)
        self.counter = rng.randrange(2)
        for _ in range(rng.randrange(1, 5)):
            rng.choice((self.move, self.move, self.move, self.add, self.events, self.zeros,
                        self.idle))()
        self.end()

    def addresses(self):
        """Sometimes go elsewhere; nothing is in the buffer now."""
        if self.rng.random() < 0.5:
            self.src = b.SRC + self.rng.randrange(SIZE // 4)
            self.code += m.mov(0, self.src)
        if self.rng.random() < 0.5:
            self.dst = b.DST + self.rng.randrange(SIZE // 4)
            # QEMU's model does not wait for stores that are under way
            self.code += WMB + m.mov(2, self.dst)

    def move(self):
        """Load, and store all that was loaded, some times."""
        rng = self.rng
        self.addresses()
        inc = (rng.random() < 0.8, rng.random() < 0.8)
        size, beats = 1 << rng.randrange(4), rng.randrange(1, 17)
        off = self.src % size
        loaded = beats * size - off if inc[0] else beats * (size - off)
        wide = 1 << rng.randrange(4)
        # unaligned stores are left to bytes
        if self.dst % wide or loaded % wide:
            wide = 1
        first = m.ccr(size, beats, 1, (int(inc[0]), int(inc[1])), wide)
        body, left = b"", loaded // wide
        while left:
            now = min(left, 16 if rng.random() < 0.7 else rng.randrange(1, 17))
            body += m.mov(1, first & ~(0xf << 18) | now - 1 << 18) + ST
            left -= now
        body = m.mov(1, first) + LD + (b"" if rng.random() < 0.7 else RMB) + body
        # an unaligned source is aligned after the first load
        rounds = 1 if off or len(body) > 200 else rng.randrange(1, 5)
        self.code += body if rounds == 1 else m.loop(rounds, body, self.counter)
        self.src += rounds * loaded * inc[0]
        self.dst += rounds * loaded * inc[1]
        self.code += rng.choice((b"", RMB, WMB, RMB + WMB))

    def zeros(self):
        """Store zeros."""
        wide, beats = 1 << self.rng.randrange(4), self.rng.randrange(1, 17)
        if self.dst % wide:
            wide = 1
        self.code += WMB + m.mov(1, m.ccr(1, 1, beats, (1, 1), wide)) + STZ + WMB
        self.dst += wide * beats

    def add(self):
        """Add to an address."""
        rng = self.rng
        value, negative, destination = rng.randrange(64), rng.random() < 0.3, rng.random() < 0.5
        if destination:
            self.code += WMB
        imm = 0x10000 - value if negative and value else value
        self.code += struct.pack("<BH", (0x5c if negative and value else 0x54) |
                                 2 * destination, imm)
        delta = -value if negative else value
        if destination:
            self.dst += delta
        else:
            self.src += delta

    def events(self):
        """Signal events, and wait for those that are none of the interrupts."""
        event = self.rng.randrange(16)
        self.code += m.sev(event)
        if not INTERRUPTS >> event & 1 and self.rng.random() < 0.7:
            self.code += m.wfe(event, self.rng.randrange(2))

    def idle(self):
        """Empty loops, nested."""
        inner = m.loop(self.rng.randrange(1, 257), NOP * self.rng.randrange(1, 5), 0)
        self.code += inner if self.rng.random() < 0.7 else m.loop(3, inner, 1)

    def end(self):
        """The end, mostly by DMAEND."""
        wrong = (b"\xff", b"\x06" + NOP, m.sev(31), m.sev(3)[:1] + b"\x19", m.mov(3, 0),
                 b"\xa2\x00\x00\x00\x00\x00", m.flushp(3)[:1] + b"\x1c", m.wfe(2)[:1] + b"\x14")
        barrier = RMB + WMB
        self.code += self.rng.choice((END,) * 8 + (barrier + m.KILL,) + tuple(
            barrier + code for code in wrong if code[0] != 6) + (barrier + m.wfp(5),))


def result(board, thread):
    """What a program left."""
    state = board.thread(thread)
    left = {name: board.dma(reg + (8 if name == "CPC" else 0x20) * thread)
            for name, reg in REGISTERS.items()}
    # precise() has their difference
    if state == m.FAULTING:
        del left["CPC"]
    left.update(state=state, FTR=board.ftr(thread), RIS=board.dma(m.RIS),
                INTMIS=board.dma(m.INTMIS), FSRC=board.dma(m.FSRC),
                abort=board.line(m.ABORT_INTID), irq=board.line(m.EVENTS_INTID),
                memory=board.read(b.DST - 64, SIZE))
    return left


def run_one(board, code, thread):
    """Run it to its end, or until it waits for its peripheral."""
    board.write(b.DST - 64, bytes(SIZE))
    board.go(code, thread)
    for _ in range(100):
        if board.thread(thread) in (m.STOPPED, m.FAULTING, m.AT_PERIPHERAL, m.AT_EVENT):
            break
        board.step(100000)
    left = result(board, thread)
    board.kill(thread)
    board.dma(m.INTCLR, 0xffffffff)
    return left


def same():
    """random programs leave the same on both models"""
    rng = random.Random(SEED)
    print(f"# {PROGRAMS} programs, SEED={SEED}")
    with m.Strict() as strict, m.Strict(model="qemu") as qemu:
        for board in (strict, qemu):
            board.write(b.SRC, data(2 * SIZE))
            board.dma(m.INTEN, INTERRUPTS)
        for number in range(PROGRAMS):
            program, thread = Program(rng), rng.randrange(8)
            mine = run_one(strict, program.code, thread)
            other = run_one(qemu, program.code, thread)
            if mine != other:
                what = {name: (mine[name], other[name]) for name in mine
                        if mine[name] != other[name] and name != "memory"}
                raise b.Failed(f"program {number}, {program.code.hex()}: strict, QEMU: {what}"
                               f"{'' if mine['memory'] == other['memory'] else ', memory'}")
        expect("guest errors", 0, strict.count("guest-errors"))


def both(code, look, more=lambda board: None):
    """Run code on both; returns what @look sees on the strict one and on QEMU's."""
    seen = []
    for model in ("strict", "qemu"):
        with m.Strict(model=model) as board:
            board.write(b.SRC, data(256))
            board.go(code)
            board.step(10000)
            more(board)
            seen.append(look(board))
    return tuple(seen)


def state_of(board):
    """State and FTR."""
    return board.thread(), board.ftr()


def left_over():
    """data left at DMAEND: dropped by the strict model, a lock-up for QEMU's"""
    expect("state", ((m.STOPPED, 0), (m.FAULTING, 1 << 31)),
           both(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + END, state_of))


def zeros_unaligned():
    """DMASTZ to an unaligned address: QEMU's DAR is behind what it wrote"""
    expect("DAR", (b.DST + 8, b.DST + 12),
           both(m.setup(b.SRC, b.DST + 4, m.ccr(8, 1, 1)) + STZ + END,
                lambda board: board.dma(m.DAR)))


def lane_changes():
    """another byte lane of DAR: QEMU's model keeps the data and stores them"""
    expect("state", ((m.FAULTING, 1 << 13), (m.STOPPED, 0)),
           both(m.setup(b.SRC, b.DST, m.ccr(4, 1, 1)) + LD + m.mov(2, b.DST + 4) + ST + END,
                state_of))


def refusals():
    """a refused read or fetch: no fault of QEMU's"""
    expect("state", ((m.FAULTING, 1 << 18), (m.STOPPED, 0)),
           both(m.setup(b.HOLE, b.DST, m.ccr(8, 1, 1)) + LD + ST + END, state_of))


def started_twice():
    """DMAGO of a thread that runs: nothing, or QEMU's manager faults"""
    expect("FTRD", (0, 1 << 1 | 1 << 30),
           both(m.wfp(5) + END, lambda board: board.dma(m.FTRD), lambda board: board.restart()))


def precise():
    """CPC at a precise abort: the instruction, or QEMU's is behind it"""
    expect("CPC", (m.PROGRAM + 1, m.PROGRAM + 7),
           both(NOP + m.mov(3, 0)[:1] + b"\x08" + END, lambda board: board.dma(m.CPC)))


def reserved_kind():
    """the reserved kind of DMALD: undefined, or QEMU's invalid operand"""
    expect("FTR", (1, 2), both(b"\x06" + END, lambda board: board.ftr()))


TESTS = [same, left_over, zeros_unaligned, lane_changes, refusals, started_twice,
         precise, reserved_kind]

if __name__ == "__main__":
    sys.exit(b.run(TESTS))
