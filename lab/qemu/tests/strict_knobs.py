#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The strict PL330's knobs: each does what its name says, and nothing without it."""

import sys

import board as b
from board import data, expect
import microcode as m
from microcode import END, LD, NOP, ST, WMB, Strict

LONG = "rkdma-pl330.icache-line=32"


def knob(name, value="on"):
    """The option of a knob; None leaves it alone."""
    return () if value is None else (f"rkdma-pl330.{name}={value}",)


def either(name, look, normal, otherwise, value="on"):
    """Look without and with a knob."""
    for options, want in (((), normal), (knob(name, value), otherwise)):
        with Strict(LONG, *options) as board:
            expect(f"{name}{'' if options else ' not'} set", want, look(board))


def look_cpc(board):
    """CPC after DMAEND."""
    board.go(NOP + END)
    board.wait()
    return board.dma(m.CPC) - m.PROGRAM


def cpc_end_stays():
    """cpc-end-stays: after DMAEND CPC is its address"""
    either("cpc-end-stays", look_cpc, 2, 1)


def look_barrier(board):
    """CPC at a barrier."""
    board.change("write-latency-ns", 1000)
    board.go(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + ST + WMB + END)
    board.wait(m.BARRIER)
    return board.dma(m.CPC) - m.PROGRAM


def cpc_barrier_behind():
    """cpc-barrier-behind: at a barrier CPC is the next instruction's address"""
    either("cpc-barrier-behind", look_barrier, 20, 21)


def look_stale(board, kill):
    """The event that a second program signals."""
    board.go(m.sev(1) + (m.wfe(0) if kill else b"") + END)
    board.wait(m.AT_EVENT if kill else m.STOPPED)
    if kill:
        board.kill()
    board.go(m.sev(2) + END)
    board.step(1000)
    return board.dma(m.RIS)


def cache_stale_end():
    """cache-stale-end: cached code stays after DMAEND"""
    either("cache-stale-end", lambda board: look_stale(board, False), 6, 2)


def cache_stale_kill():
    """cache-stale-kill: cached code stays after DMAKILL"""
    either("cache-stale-kill", lambda board: look_stale(board, True), 6, 2)


def look_ahead(board):
    """Whether the second line was cached when the first one was."""
    board.go(m.wfe(0) + NOP * 30 + m.sev(1) + END)
    board.wait(m.AT_EVENT)
    board.write(m.PROGRAM + 32, m.sev(2))
    board.debug(0x34, 0)
    board.wait()
    return board.dma(m.RIS)


def cache_ahead():
    """cache-ahead: lines are fetched before they are needed"""
    either("cache-ahead", look_ahead, 4, 2, 1)


def look_stuck(board):
    """DBGSTATUS after DMAKILL of a stopped thread."""
    board.debug(0x01, thread=3)
    board.step(1000)
    return board.dma(m.DBGSTATUS)


def kill_stopped_stuck():
    """kill-stopped-stuck: DMAKILL of a stopped thread leaves DBGSTATUS busy"""
    either("kill-stopped-stuck", look_stuck, 0, 1)


def look_killed(board):
    """State, CPC and DAR of a thread that was killed."""
    board.go(m.mov(2, b.DST) + m.wfe(0) + END, 1)
    board.wait(m.AT_EVENT, 1)
    board.kill(1)
    board.step(100)
    return board.thread(1), board.dma(m.CPC + 8), board.dma(m.DAR + 0x20)


def kills():
    """kill-clears, kill-ignored, kill-never: DMAKILL loses the position, or does not stop"""
    at = m.PROGRAM + 0x1006
    either("kill-clears", look_killed, (m.STOPPED, at, b.DST), (m.STOPPED, 0, 0))
    either("kill-ignored", look_killed, (m.STOPPED, at, b.DST), (m.AT_EVENT, at, b.DST), 2)
    either("kill-never", look_killed, (m.STOPPED, at, b.DST), (m.KILLING, at, b.DST), 2)


def look_late(board):
    """CSR when DBGSTATUS is idle."""
    board.go(m.wfe(0) + END)
    return board.thread() == m.STOPPED


def csr_late_ns():
    """csr-late-ns: CSR is late behind DBGSTATUS"""
    either("csr-late-ns", look_late, False, True, 100)


def look_event(board):
    """CSR of a thread whose event is signalled and which has not gone on yet."""
    board.change("clock-hz", 1000000)
    board.go(m.wfe(0) + END)
    board.wait(m.AT_EVENT)
    board.debug(0x34, 0)
    board.idle()
    return board.thread()


def csr_event_shown():
    """csr-event-shown: CSR says "waiting" though the event is signalled"""
    either("csr-event-shown", look_event, m.EXECUTING, m.AT_EVENT)


def look_irq(board):
    """The interrupt of event 9, and of event 3."""
    board.dma(m.INTEN, 0xffff)
    lines = []
    for event in (9, 3):
        board.debug(0x34, event << 3)
        board.idle()
        lines.append(board.line(m.EVENTS_INTID))
        board.dma(m.INTCLR, 1 << event)
    return lines


def irq_wired():
    """irq-wired: only some events reach the interrupt"""
    either("irq-wired", look_irq, [1, 1], [0, 1], 0xff)


def look_passes(board):
    """Whether an event that is an interrupt ends DMAWFE."""
    board.go(m.wfe(0) + END)
    board.wait(m.AT_EVENT)
    board.dma(m.INTEN, 1)
    board.debug(0x34, 0)
    board.idle()
    board.step(100)
    return board.thread()


def irq_event_passes():
    """irq-event-passes: an event that is an interrupt ends DMAWFE, too"""
    either("irq-event-passes", look_passes, m.AT_EVENT, m.STOPPED)


def look_clears(board):
    """RIS after INTCLR of an event that is no interrupt."""
    board.debug(0x34, 0)
    board.idle()
    board.dma(m.INTCLR, 1)
    return board.dma(m.RIS)


def irq_clears_events():
    """irq-clears-events: INTCLR clears events that are no interrupts"""
    either("irq-clears-events", look_clears, 1, 0)


def look_stale_request(board):
    """What DMAWFP of a line that nobody raised does."""
    board.go(m.wfp(5) + END)
    board.step(1000)
    return board.thread()


def request_stale():
    """request-stale: lines that ask after a reset"""
    either("request-stale", look_stale_request, m.AT_PERIPHERAL, m.STOPPED, 1 << 5)


def look_single(board):
    """What a wait for a burst of a raised line does."""
    board.writel(b.FIFO + 4, 3)
    board.go(m.wfp(16) + END)
    board.step(1000)
    return board.thread()


def request_single():
    """request-single: lines ask for single transfers"""
    either("request-single", look_single, m.STOPPED, m.AT_PERIPHERAL)


def look_burst_only(board):
    """Complaints about a single transfer."""
    board.writel(b.FIFO + 4, 3)
    board.go(m.to_fifo() + m.wfp(16, 0) + LD + m.stp(16, 0) + END)
    board.wait()
    return board.count("guest-errors")


def request_burst_only():
    """request-burst-only: peripherals know bursts alone"""
    either("request-burst-only", look_burst_only, 1, 0, "off")


def look_taken(board):
    """A second wait for the request of a line that has fallen."""
    board.ask_once()
    board.go(m.wfp(16) + m.wfp(16) + END)
    board.step(1000)
    return board.thread()


def request_taken():
    """request-taken: DMAWFP takes the request"""
    either("request-taken", look_taken, m.STOPPED, m.AT_PERIPHERAL)


def look_flush(board):
    """A request of a line that has fallen, after a flush."""
    board.ask_once()
    board.go(m.flushp(16) + m.wfp(16) + END)
    board.step(1000)
    return board.thread()


def flush_nothing():
    """flush-nothing: DMAFLUSHP does nothing"""
    either("flush-nothing", look_flush, m.AT_PERIPHERAL, m.STOPPED)


def look_early(board):
    """Memory as DMAWMB is over."""
    board.change("write-latency-ns", 1000)
    board.write(b.SRC, data(8))
    board.write(b.DST, bytes(8))
    board.go(m.setup(b.SRC, b.DST, m.ccr(8, 1, 1)) + LD + ST + WMB + m.wfe(0) + END)
    board.wait(m.AT_EVENT)
    return board.read(b.DST, 8) == data(8)


def barrier_early():
    """barrier-early: DMAWMB ends before the data are in memory"""
    either("barrier-early", look_early, True, False)


def look_fault(board):
    """FTR of a refused read."""
    board.go(m.setup(b.HOLE, b.DST, m.ccr(8, 1, 1)) + LD + END)
    board.wait(m.FAULTING)
    return board.ftr()


def fault_blank():
    """fault-blank: FTR does not tell reads from writes"""
    either("fault-blank", look_fault, 1 << 18, 1 << 16)


def id_zero():
    """id-zero: the ID reads as zero"""
    either("id-zero", lambda board: board.dma(m.ID), 0x30, 0)


def look_lock(board):
    """DAR of a thread while another one has loaded and not stored."""
    board.go(m.setup(b.SRC, b.DST, m.ccr()) + LD + m.forever(NOP))
    board.go(m.setup(b.SRC, b.DST, m.ccr()) + LD + ST + END, 1)
    board.step(3000)
    return board.thread(1)


def load_lock():
    """load-lock: one thread at a time has loaded and not yet stored or waited"""
    either("load-lock", look_lock, m.EXECUTING, m.STOPPED, "off")


TESTS = [cpc_end_stays, cpc_barrier_behind, cache_stale_end, cache_stale_kill, cache_ahead,
         kill_stopped_stuck, kills, csr_late_ns, csr_event_shown, irq_wired, irq_event_passes,
         irq_clears_events, request_stale, request_single, request_burst_only, request_taken,
         flush_nothing, barrier_early, fault_blank, id_zero, load_lock]

if __name__ == "__main__":
    sys.exit(b.run(TESTS))
