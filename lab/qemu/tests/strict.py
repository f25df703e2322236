#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The strict PL330: instructions, cache, buffer, aborts, requests, debug interface and
time, by Arm's manual."""

import sys

import board as b
from board import data, expect
import microcode as m
from microcode import Strict, END, LD, ST, WMB, NOP

HOLE = b.HOLE


def copy_code(length, src=b.SRC, dst=b.DST):
    """Code that copies whole bursts of 128 bytes."""
    return m.setup(src, dst, m.ccr()) + m.loop(length // 128, LD + ST)


def copies():
    """copies of any alignment of destination and source"""
    with Strict() as board:
        board.write(b.SRC, data(8192))
        for n, (src, dst) in enumerate(((0, 0), (0, 3), (4, 4), (8, 13))):
            board.write(b.DST, bytes(8192))
            # a whole burst behind an unaligned beginning is shorter
            board.go(m.setup(b.SRC + src, b.DST + dst, m.ccr(1)) + m.loop(256, LD + ST) + END)
            board.wait()
            expect(f"copy {n}", data(8192)[src:src + 4096], board.read(b.DST + dst, 4096))
            expect("nothing behind", bytes(8), board.read(b.DST + dst + 4096, 8))


def skewed():
    """a load from an unaligned address is shorter; the buffer keeps the rest"""
    with Strict() as board:
        board.write(b.SRC, data(8192))
        board.go(m.setup(b.SRC + 3, b.DST, m.ccr()) + LD + m.loop(3, LD + ST) +
                 m.mov(1, m.ccr(8, 16, 15)) + ST + m.mov(1, m.ccr(1, 1, 5)) + ST + END)
        board.wait()
        expect("data", data(8192)[3:3 + 4 * 128 - 3], board.read(b.DST, 4 * 128 - 3))


def arithmetic():
    """DMAADDH, DMAADNH, DMASTZ, nested loops, and a loop for ever"""
    with Strict() as board:
        board.write(b.DST, data(256))
        board.go(m.setup(b.SRC, b.DST + 0x10, m.ccr(8, 1, 2)) + b"\x54\x34\x12" +
                 b"\x5e\xf0\xff" + m.STZ + m.loop(3, m.loop(2, NOP + NOP), 1) + END)
        board.wait()
        expect("SAR", b.SRC + 0x1234, board.dma(m.SAR))
        expect("DAR", b.DST + 0x10, board.dma(m.DAR))
        expect("zeros", bytes(16) + data(256)[16:], board.read(b.DST, 256))
        before = board.count("instructions")
        board.go(m.forever(NOP))
        board.step(100000)
        expect("endless: state", m.EXECUTING, board.thread())
        if board.count("instructions") - before < 30000:
            raise b.Failed("an endless loop does not run")
        board.kill()
        expect("killed", m.STOPPED, board.thread())


def discontinuity():
    """data are dropped if DAR's byte lane changes, and kept if SAR's does"""
    with Strict() as board:
        board.write(b.SRC, data(64))
        board.go(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + m.mov(0, b.SRC + 3) + ST + END)
        board.wait()
        expect("kept", data(64)[:8], board.read(b.DST, 8))
        board.go(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + m.mov(2, b.DST + 8) + ST + END)
        board.wait()
        expect("same lane", data(64)[:8], board.read(b.DST + 8, 8))
        board.go(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + m.mov(2, b.DST + 4) + ST + END)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 13, board.ftr())


def stale_code():
    """a thread executes the code that it has cached, until it ends"""
    with Strict("rkdma-pl330.icache-line=32") as board:
        at = m.PROGRAM
        board.go(m.wfe(0) + m.sev(1) + END)
        board.wait(m.AT_EVENT)
        board.write(at + 2, m.sev(2))
        board.debug(0x34, 0)
        board.wait()
        expect("events, of the old code", 1 << 1, board.dma(m.RIS))
        board.restart()
        board.debug(0x34, 0)
        board.wait()
        expect("events, of both", 1 << 1 | 1 << 2, board.dma(m.RIS))


def fresh_code():
    """DMAWFE with "invalid" drops the cached code"""
    with Strict("rkdma-pl330.icache-line=32") as board:
        board.go(m.wfe(0, 1) + m.sev(1) + END)
        board.wait(m.AT_EVENT)
        board.write(m.PROGRAM + 2, m.sev(2))
        board.debug(0x34, 0)
        board.wait()
        expect("events", 1 << 2, board.dma(m.RIS))


def evicted_code():
    """a cache of one line of 4 bytes fetches each line again"""
    for lines, fetches in ((1, 8), (8, 2)):
        with Strict(f"rkdma-pl330.icache-lines={lines}") as board:
            board.go(m.loop(4, NOP + NOP + NOP + NOP)[:-1] + b"\x04" + END)
            board.wait()
            if lines == 8:
                expect("fetches", 3, board.count("fetches"))
            elif board.count("fetches") < fetches:
                raise b.Failed(f"{board.count('fetches')} fetches")


def buffer_too_small():
    """a load that never fits faults; a store without a load does, too"""
    with Strict("rkdma-pl330.buffer-lines=16") as board:
        board.go(m.setup(b.SRC, b.DST, m.ccr()) + LD + LD + END)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 12, board.ftr())
        expect("abort", 1, board.line(m.ABORT_INTID))
        board.kill()
        expect("abort, killed", 0, board.line(m.ABORT_INTID))
        board.go(m.setup(b.SRC, b.DST, m.ccr()) + ST + END)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 13, board.ftr())
        # an unaligned destination needs a line more
        board.kill()
        board.go(m.setup(b.SRC, b.DST + 4, m.ccr()) + LD + ST + END)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 12, board.ftr())


def lock_up():
    """threads that hold the buffer and wait for more of it are aborted"""
    with Strict("rkdma-pl330.buffer-lines=32", "rkdma-pl330.load-lock=off") as board:
        for n in range(2):
            board.write(m.PROGRAM + 0x1000 * n, m.setup(b.SRC, b.DST + n * 4096, m.ccr()) +
                        m.wfe(0) + LD + LD + ST + ST + END)
            board.restart(n)
            board.wait(m.AT_EVENT, n)
        board.debug(0x34, 0)
        board.step(2000)
        expect("before the watchdog", 0, board.dma(m.FSRC))
        board.step(2000)
        expect("FSRC", 3, board.dma(m.FSRC))
        expect("FTR", 1 << 31, board.ftr(0))


def read_refused():
    """a refused read: the thread goes on, then completes, then faults"""
    with Strict("rkdma-pl330.icache-line=32") as board:
        board.go(m.setup(HOLE, b.DST, m.ccr(8, 1, 1)) + LD + m.loop(200, NOP) + END)
        board.wait(m.FAULT_COMPLETING)
        if board.dma(m.CPC) < m.PROGRAM + 21:
            raise b.Failed("the abort is precise")
        board.wait(m.FAULTING)
        expect("FTR", 1 << 18, board.ftr())
        expect("FSRC", 1, board.dma(m.FSRC))


def write_refused():
    """a refused write: FTR has the direction, and the addresses stay"""
    with Strict() as board:
        board.go(m.setup(b.SRC, HOLE, m.ccr(8, 1, 1)) + LD + ST + WMB + END)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 17, board.ftr())
        expect("DAR", HOLE + 8, board.dma(m.DAR))


def fetch_refused():
    """code that cannot be read"""
    with Strict() as board:
        board.restart(0, HOLE)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 16, board.ftr())
        expect("CPC", HOLE, board.dma(m.CPC))


def injected():
    """errors are injected by address and kind"""
    with Strict() as board:
        board.change("inject", f"write:{b.DST + 256:x}-{b.DST + 256:x}")
        board.write(b.SRC, data(512))
        board.write(b.DST, bytes(512))
        board.go(copy_code(512) + END)
        board.wait(m.FAULTING)
        expect("FTR", 1 << 17, board.ftr())
        expect("before it", data(512)[:256], board.read(b.DST, 256))
        expect("behind it", bytes(128), board.read(b.DST + 256, 128))


def posted():
    """stores are posted: registers run ahead of memory, and DMAWMB waits"""
    with Strict() as board:
        board.change("write-latency-ns", 1000)
        board.write(b.SRC, data(8))
        board.write(b.DST, bytes(8))
        board.go(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + ST + m.sev(0) + WMB + END)
        board.wait(m.BARRIER)
        expect("DAR", b.DST + 8, board.dma(m.DAR))
        expect("the event", 1, board.dma(m.RIS))
        expect("memory", bytes(8), board.read(b.DST, 8))
        board.wait()
        expect("memory, behind the barrier", data(8), board.read(b.DST, 8))


def request_latched():
    """a request stays when its line falls, until it is flushed"""
    with Strict() as board:
        board.ask_once()
        board.go(m.wfp(16) + END)
        board.wait()
        board.go(m.flushp(16) + m.wfp(16) + END)
        board.step(1000)
        expect("flushed", m.AT_PERIPHERAL, board.thread())
        expect("number", 16, board.dma(m.CSR) >> 4 & 0x1f)
        board.writel(b.FIFO + 4, 3)
        board.wait()


def slow_fifo(board):
    """FIFO 0 asks for data, which reach it a microsecond later."""
    board.change("write-latency-ns", 1000)
    board.writel(b.FIFO + 0xc, 16)
    board.writel(b.FIFO + 4, 3)


def request_taken():
    """DMAWFP takes no request, DMASTP does; the next one comes when its data have moved"""
    with Strict() as board:
        slow_fifo(board)
        board.go(m.to_fifo() + m.wfp(16) + m.wfp(16) + LD + m.stp(16) + m.wfp(16) + m.sev(0) + END)
        board.wait(m.AT_PERIPHERAL)
        expect("not moved: event", 0, board.dma(m.RIS))
        board.step(800)
        expect("not moved yet: event", 0, board.dma(m.RIS))
        board.wait()
        expect("moved: event", 1, board.dma(m.RIS))


def flushed_early():
    """DMAFLUSHP while an access is under way makes no request before it has ended"""
    with Strict() as board:
        slow_fifo(board)
        board.go(m.to_fifo() + m.wfp(16) + LD + m.stp(16) + m.flushp(16) + m.wfp(16) + m.sev(0) + END)
        board.wait(m.AT_PERIPHERAL)
        board.step(800)
        expect("event", 0, board.dma(m.RIS))
        board.wait()
        expect("event, moved", 1, board.dma(m.RIS))


def single_refused():
    """to a peripheral that knows bursts alone, a single transfer is an error"""
    with Strict() as board:
        board.writel(b.FIFO + 4, 3)
        board.go(m.to_fifo() + m.wfp(16, 0) + LD + m.stp(16, 0) + END)
        board.wait()
        expect("guest errors", 1, board.count("guest-errors"))


def kinds():
    """DMALDS and DMALDB execute for their kind of request alone"""
    with Strict("rkdma-pl330.request-burst-only=off") as board:
        board.writel(b.FIFO + 4, 3)
        code = m.setup(b.SRC, b.DST, m.ccr(4, 4, 4)) + m.wfp(16, 0)
        board.go(code + b"\x07" + END)
        board.wait()
        expect("DMALDB after a single request", b.SRC, board.dma(m.SAR))
        board.go(code + b"\x05" + END)
        board.wait()
        expect("DMALDS is one beat", b.SRC + 4, board.dma(m.SAR))


def security():
    """secure events, lines, addresses and threads are refused to non-secure ones"""
    with Strict("rkdma-pl330.ins=0xfffe", "rkdma-pl330.pns=0xfffffffe") as board:
        for code, why in ((m.sev(0), 5), (m.wfe(0), 5), (m.wfp(0), 6), (m.flushp(0), 6),
                          (m.mov(1, 0), 7), (b"\xff", 0), (b"\x34\xf8", 1)):
            board.go(code + END)
            board.wait(m.FAULTING)
            expect(f"FTR of {code.hex()}", 1 << why, board.ftr())
            expect("CPC", m.PROGRAM, board.dma(m.CPC))
            board.kill()
        board.restart(ns=0)
        expect("FTRD", 1 << 4 | 1 << 30, board.dma(m.FTRD))
        expect("FSRD", 1, board.dma(m.FSRD))
        expect("abort", 1, board.line(m.ABORT_INTID))
        board.debug(0x01)
        board.idle()
        expect("abort, killed", 0, board.line(m.ABORT_INTID))


def debug_busy():
    """DBGSTATUS is busy for a while; what comes then is refused"""
    with Strict() as board:
        board.write(m.PROGRAM, m.wfe(0) + END)
        board.debug(0xa2, 0, m.PROGRAM)
        expect("busy", 1, board.dma(m.DBGSTATUS))
        expect("not yet", m.STOPPED, board.thread())
        board.dma(m.DBGCMD, 0)
        board.dma(m.DBGINST0, 0)
        expect("guest errors", 2, board.count("guest-errors"))
        board.step(20)
        expect("idle", 0, board.dma(m.DBGSTATUS))
        if board.thread() == m.STOPPED:
            raise b.Failed("idle, and not started")
        board.debug(0xa2, 0, m.PROGRAM)
        board.step(20)
        expect("DMAGO of a running thread", 3, board.count("guest-errors"))
        board.kill(1)
        expect("DMAKILL of a stopped one", m.STOPPED, board.thread(1))


def bad_access():
    """accesses of other sizes, and of what is not there"""
    with Strict() as board:
        board.ask("writew", hex(m.DMAC + m.INTEN), "0x1")
        board.dma(0x200)
        board.dma(m.CR0, 1)
        expect("guest errors", 3, board.count("guest-errors"))


def times():
    """an instruction takes a clock, a cache miss a read, a beat a clock of the bus"""
    with Strict("rkdma-pl330.icache-line=32") as board:
        board.go(NOP * 31 + END)
        # 20 of the debug interface are over
        expect("32 instructions", 130 + 32 * 10 // 4, board.wait())
        board.change("clock-hz", 100000000)
        board.go(NOP * 31 + END)
        expect("with a clock of 100 MHz", 130 + 31 * 10, board.wait())
        board.change("clock-hz", 400000000)
        board.change("reset-counters", True)
        board.go(copy_code(4096) + END)
        took = board.wait()
        expect("bytes", 4096, board.count("bytes-written"))
        # 512 beats of 8 bytes; reads and writes overlap but for the last burst
        if not 1280 <= board.count("bus-ns") <= 1280 + 45 or not 1600 <= took <= 1700:
            raise b.Failed(f"bus-ns {board.count('bus-ns')}, all {took}")
        expect("busy-ns", board.count("thread0-busy-ns"), board.count("busy-ns"))
        board.step(100)
        board.change("bus-time", False)
        board.go(copy_code(4096) + END)
        expect("without the bus's time", 0, board.wait())


def turns():
    """threads take turns, and share the bus"""
    with Strict() as board:
        for n in range(3):
            board.write(m.PROGRAM + 0x1000 * n, m.wfe(0) + copy_code(32768, dst=b.DST + n * 65536)
                        + END)
            board.restart(n)
            board.wait(m.AT_EVENT, n)
        board.debug(0x34, 0)
        board.step(8000)
        at = [board.dma(m.DAR + 0x20 * n) - (b.DST + n * 65536) for n in range(3)]
        if max(at) - min(at) > 2048 or not 0 < min(at) < 32768:
            raise b.Failed(f"unfair: {at}")


TESTS = [copies, skewed, arithmetic, discontinuity, stale_code, fresh_code, evicted_code,
         buffer_too_small, lock_up, read_refused, write_refused, fetch_refused, injected, posted,
         request_latched, request_taken, flushed_early, single_refused, kinds, security,
         debug_busy, bad_access, times, turns]

if __name__ == "__main__":
    sys.exit(b.run(TESTS))
