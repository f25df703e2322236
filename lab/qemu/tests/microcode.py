# SPDX-License-Identifier: GPL-2.0-or-later
"""The PL330's instructions and registers, and a board with the strict model."""

import struct

import board as b

DMAC = 0xfea10000
INTEN, RIS, INTMIS, INTCLR, FSRD, FSRC, FTRD, FTR, CSR, CPC, SAR, DAR, CCR, LC0, LC1 = (
    0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0x38, 0x40, 0x100, 0x104, 0x400, 0x404, 0x408,
    0x40c, 0x410)
DBGSTATUS, DBGCMD, DBGINST0, DBGINST1, CR0, CR1, CR3, CR4, CRD, ID = (
    0xd00, 0xd04, 0xd08, 0xd0c, 0xe00, 0xe04, 0xe0c, 0xe10, 0xe14, 0xfe0)
STOPPED, EXECUTING, MISS, AT_EVENT, BARRIER, AT_PERIPHERAL, KILLING, COMPLETING = (
    0, 1, 2, 4, 5, 7, 8, 9)
FAULT_COMPLETING, FAULTING = 14, 15
EVENTS_INTID, ABORT_INTID = 32 + 86, 32 + 87
PROGRAM = b.RAM + 0x1000
MODEL = "/machine/dmac0"

END, KILL, LD, ST, STZ, RMB, WMB, NOP = (
    b"\x00", b"\x01", b"\x04", b"\x08", b"\x0c", b"\x12", b"\x13", b"\x18")


def ccr(size=8, src=16, dst=16, inc=(1, 1), dst_size=None):
    """A value of CCR, non-secure."""
    log, dst_log = size.bit_length() - 1, (dst_size or size).bit_length() - 1
    return (inc[0] | log << 1 | src - 1 << 4 | 1 << 9 |
            inc[1] << 14 | dst_log << 15 | dst - 1 << 18 | 1 << 23)


def mov(register, value):
    """Set SAR (0), CCR (1) or DAR (2)."""
    return struct.pack("<BBI", 0xbc, register, value)


def setup(src, dst, control):
    """Set all three."""
    return mov(1, control) + mov(0, src) + mov(2, dst)


def loop(rounds, body, counter=0):
    """Repeat some code."""
    return (bytes([0x20 | counter << 1, rounds - 1]) + body +
            bytes([0x38 | counter << 2, len(body)]))


def forever(body):
    """Repeat some code for ever."""
    return body + bytes([0x28, len(body)])


def sev(event):
    """Signal an event."""
    return bytes([0x34, event << 3])


def wfe(event, invalid=0):
    """Wait for an event."""
    return bytes([0x36, event << 3 | invalid << 1])


def wfp(line, kind=2):
    """Wait for a request: single 0, peripheral 1, burst 2."""
    return bytes([0x30 | kind, line << 3])


def flushp(line):
    """Flush a line's requests."""
    return bytes([0x35, line << 3])


def ldp(line, burst=1):
    """Load from a peripheral."""
    return bytes([0x25 | burst << 1, line << 3])


def stp(line, burst=1):
    """Store to a peripheral."""
    return bytes([0x29 | burst << 1, line << 3])


def to_fifo():
    """Registers of a store of four bytes into test FIFO 0."""
    return setup(b.SRC, b.FIFO + 0x100, ccr(4, 1, 1, (1, 0)))


def debug(board, dmac, op, arg=0, imm=0, thread=None):
    """Have the manager of the controller at @dmac, or a thread, execute an instruction."""
    where = 0 if thread is None else thread << 8 | 1
    board.writel(dmac + DBGINST0, where | op << 16 | arg << 24)
    board.writel(dmac + DBGINST1, imm)
    board.writel(dmac + DBGCMD, 0)


class Strict(b.Board):
    """A board whose PL330s are the strict model, with no quantum of time."""

    def __init__(self, *options, model="strict"):
        if model == "strict":
            options = ("rkdma-pl330.quantum-ns=0",) + options
        super().__init__(*options, more=("-M", f"pl330={model}"))

    def dma(self, offset, value=None):
        """Read or write a register of dmac0."""
        return self.reg(DMAC + offset, value)

    def debug(self, op, arg=0, imm=0, thread=None):
        """Have the manager, or a thread, execute an instruction."""
        debug(self, DMAC, op, arg, imm, thread)

    def idle(self):
        """Wait until the debug interface is idle."""
        for _ in range(100):
            if not self.dma(DBGSTATUS):
                return
            self.step(10)
        raise b.Failed("the debug interface stays busy")

    def go(self, program, thread=0, at=None, ns=1):
        """Write a program and start it."""
        at = at or PROGRAM + 0x1000 * thread
        self.write(at, program)
        self.restart(thread, at, ns)

    def restart(self, thread=0, at=None, ns=1):
        """Start a program that is in memory."""
        self.debug(0xa0 | ns << 1, thread, at or PROGRAM + 0x1000 * thread)
        self.idle()

    def kill(self, thread=0):
        """Kill a thread."""
        self.debug(0x01, thread=thread)
        self.idle()

    def thread(self, n=0):
        """A thread's state."""
        return self.dma(CSR + 8 * n) & 0xf

    def ftr(self, n=0):
        """Why a thread faults."""
        return self.dma(FTR + 4 * n)

    def wait(self, state=STOPPED, thread=0, ns=100000):
        """Let time pass until a thread is in a state; returns the time, ns."""
        for passed in range(0, ns, 10):
            if self.thread(thread) == state:
                return passed
            self.step(10)
        raise b.Failed(f"thread {thread} is not in state {state} but in "
                       f"{self.thread(thread)}, FTR {self.ftr(thread):#x}")

    def ask_once(self):
        """Raise FIFO 0's request for data, and let it fall."""
        self.writel(b.FIFO + 4, 3)
        self.step(100)
        self.writel(b.FIFO + 4, 0)

    def count(self, name):
        """A counter, or another property."""
        return self.get(name, MODEL)

    def change(self, name, value):
        """Set a property."""
        self.set(name, value, MODEL)
