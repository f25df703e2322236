# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated board without a CPU: the test takes the place of the guest.

Registers and memory are accessed through QEMU's qtest protocol, which also moves
virtual time; properties and counters of the models through QMP.
"""

import json
import os
import pathlib
import socket
import struct
import subprocess
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[3]
# lab/qemu/test says which of the emulators, if several were built.
QEMU = TOP / "build" / os.environ.get("LAB_QEMU", "qemu") / "qemu-system-aarch64"

LLI = 0xfea50000
FIFO = 0xfea60000
UART = 0xfeb40000
LABCTL = 0xfea6f000
HOLE = 0xfea70000
SPI = 0xfeb00000
SRAM = 0xff000000
RAM = 0x40000000
GICD = 0x08000000
LLI_INTID = 32 + 100
SPI_INTID = 32 + 112

# CMN registers
VER, CFG, CTL0, CTL1, AXICTL, DYNCTL = 0x00, 0x04, 0x08, 0x0c, 0x10, 0x14
IS0, IS1, IE0, IE1, CAP0, CAP1, PCH_EN, PCH_SEN = (
    0x18, 0x1c, 0x20, 0x24, 0x30, 0x34, 0x40, 0x44)
CFG_EN, CFG_SRST, CFG_IE_EN = 1, 2, 4

# LCH registers
L_CTL0, L_CTL1, L_CMDBA, L_CMD, L_CMDBA_HIGH, L_IS, L_IE, L_DBGS0, L_LLI_CNT = (
    0x00, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c, 0x30)
START, KILL, RESUME = 1, 2, 4
DONE, BLOCK, SRC_ERR, DST_ERR, CMD_RD_ERR, CMD_WR_ERR, LLI_RD_ERR, LLI_INVALID, WAIT = (
    1 << 0, 1 << 1, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12)
IDLE, BLK_START, PERI_WAIT, TRANS, SUSPD, ERR, ENDED = 0, 2, 3, 5, 11, 12, 13

# list items
VALID, LAST, ITEM_WAIT, IOC, CNT_CLR = 1, 2, 4, 8, 16
M2M, M2P, P2M, P2P = 0, 1, 2, 3

ENTRY = RAM + 0x1000
ITEMS = RAM + 0x2000
SRC = RAM + 0x100000
DST = RAM + 0x4000000


class Failed(Exception):
    """The model does not do what the document says."""


def expect(what, want, got):
    """Compare, with a message if the values differ."""
    if want != got:
        def text(value):
            return hex(value) if isinstance(value, int) else str(value)
        raise Failed(f"{what}: expected {text(want)}, got {text(got)}")


def hiword(value, mask=None):
    """A write to a register whose upper half is the mask."""
    return (value if mask is None else mask) << 16 | value


class Board:
    """A running board. Ends QEMU when it is left."""

    def __init__(self, *options, more=()):
        self.tmp = tempfile.TemporaryDirectory(prefix="rkdma-qtest-")
        tmp = pathlib.Path(self.tmp.name)
        self.log = tmp / "log"
        servers = []
        for name in ("qtest", "qmp"):
            server = socket.socket(socket.AF_UNIX)
            server.bind(str(tmp / name))
            server.listen(1)
            servers.append(server)
        command = [QEMU, "-M", "rk3588-lab,gic-version=3", "-cpu", "cortex-a76",
                   "-accel", "qtest", "-m", "1G", "-nodefaults", "-display", "none",
                   "-qtest", f"unix:{tmp}/qtest", "-qmp", f"unix:{tmp}/qmp",
                   "-qtest-log", "/dev/null", "-d", "guest_errors", "-D", self.log]
        for option in options:
            command += ["-global", option]
        command += more
        self.qemu = subprocess.Popen([str(c) for c in command],
                                     stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE)
        streams = []
        for server in servers:
            server.settimeout(20)
            try:
                peer = server.accept()[0]
                # A model in an endless loop must not hang the test.
                peer.settimeout(30)
                streams.append(peer.makefile("rwb"))
            except socket.timeout:
                self.qemu.kill()
                raise Failed(self.qemu.stderr.read().decode()) from None
            server.close()
        self.qtest, self.qmp = streams
        self.qmp.readline()
        self.command("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.qemu.kill()
        self.qemu.wait()
        for stream in (self.qtest, self.qmp):
            try:
                stream.close()
            except OSError:
                pass
        self.qemu.stderr.close()
        self.tmp.cleanup()

    # qtest
    def ask(self, *words):
        """One command of the qtest protocol; returns the words of the answer."""
        self.qtest.write((" ".join(map(str, words)) + "\n").encode())
        self.qtest.flush()
        while True:
            answer = self.qtest.readline().decode().split()
            if not answer:
                raise Failed("QEMU is gone: " + self.qemu.stderr.read().decode())
            if answer[0] == "IRQ":
                continue
            if answer[0] != "OK":
                raise Failed(f"qtest: {' '.join(map(str, words))}: {answer}")
            return answer[1:]

    def read(self, addr, length):
        """Bytes of memory."""
        return bytes.fromhex(self.ask("read", hex(addr), hex(length))[0][2:])

    def write(self, addr, data):
        """Write bytes to memory."""
        for at in range(0, len(data), 16384):
            part = data[at:at + 16384]
            self.ask("write", hex(addr + at), hex(len(part)), "0x" + part.hex())

    def readl(self, addr):
        """A 32-bit register."""
        return int(self.ask("readl", hex(addr))[0], 16)

    def writel(self, addr, value):
        """Write a 32-bit register."""
        self.ask("writel", hex(addr), hex(value))

    def reg(self, addr, value=None):
        """Read a 32-bit register, or write it."""
        if value is None:
            return self.readl(addr)
        return self.writel(addr, value)

    def step(self, ns):
        """Let virtual time pass."""
        self.ask("clock_step", ns)

    def settle(self):
        """Advance time until no timer is due within a second."""
        for _ in range(1000):
            self.step(1000000)
            if not any(self.lch(n, L_CTL0) for n in range(4)):
                return

    def line(self, intid=LLI_INTID):
        """Level of an interrupt, by default the controller's, as the GIC sees it."""
        word = self.readl(GICD + 0x200 + 4 * (intid // 32))
        return word >> intid % 32 & 1

    # QMP
    def command(self, name, **arguments):
        """A QMP command; returns its result."""
        self.qmp.write(json.dumps({"execute": name, "arguments": arguments}).encode())
        self.qmp.flush()
        while True:
            answer = json.loads(self.qmp.readline())
            if "error" in answer:
                raise Failed(f"{name}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def get(self, prop, path="/machine/lli0"):
        """A model's property."""
        return self.command("qom-get", path=path, property=prop)

    def set(self, prop, value, path="/machine/lli0"):
        """Set a model's property."""
        self.command("qom-set", path=path, property=prop, value=value)

    def guest_errors(self):
        """How often the controller's model complained."""
        return self.get("guest-errors")

    # the controller
    def cmn(self, reg, value=None):
        """Read or write a common register."""
        return self.reg(LLI + reg, value)

    def lch(self, n, reg, value=None):
        """Read or write a channel's register."""
        return self.reg(LLI + 0x100 + 0x40 * n + reg, value)

    def state(self, n):
        """A channel's state."""
        return self.lch(n, L_DBGS0) & 0xf

    def enable(self):
        """Make the controller ready, as a driver does."""
        self.cmn(CFG, hiword(CFG_EN | CFG_IE_EN))
        self.cmn(PCH_EN, hiword(0xffff))
        if self.cmn(VER) >= 0x10002:
            self.cmn(IE0, 0xffffffff)
            self.cmn(IE1, 0xffffffff)

    def item(self, index, src, dst, length, flags=LAST, **more):
        """Write a list item, by default a copy's; returns its address."""
        addr = more.get("addr", ITEMS + 64 * index)
        self.write(addr, item(src, dst, length, flags | VALID,
                              more.pop("next", addr + 64), **more))
        return addr

    def start(self, n=0, first=ITEMS, tt_fc=M2M, ie=0x1fff, stride=None, entry=None):
        """Start a list on a channel."""
        entry = entry or ENTRY + 0x40 * n
        cfg = 0x22 | tt_fc << 8
        inc = 0
        if stride:
            cfg |= 1 << 12 | stride[0] << 13
            inc = stride[1]
        self.write(entry, struct.pack(
            "<IIIIIIHHHHIIIIHHBBHII", 0, 0, 0, 0, 0, first & 0xffffffff, 0, 0,
            first >> 32, 0, cfg, 0, 0, 0, 0, 0, 0, 0, 0, inc, 0))
        self.lch(n, L_CTL0, 1)
        self.lch(n, L_IE, ie)
        self.lch(n, L_CMDBA, entry & 0xffffffff)
        self.lch(n, L_CMDBA_HIGH, entry >> 32)
        self.lch(n, L_CMD, hiword(START | 2 << 10 | 2 << 12 | tt_fc << 14, 0xfc01))

    def copy(self, length):
        """Start a copy of known bytes from SRC to DST on channel 0."""
        self.enable()
        self.write(SRC, data(length))
        self.item(0, SRC, DST, length)
        self.start()

    def entry(self, n=0):
        """The command entry as the controller left it."""
        words = struct.unpack("<IIIIIIHHHHII", self.read(ENTRY + 0x40 * n, 0x28))
        return {"src": words[2] | words[6] << 32, "dst": words[3] | words[7] << 32,
                "len": words[4], "next": words[5] | words[8] << 32,
                "cfg": words[10], "done": words[11]}


def item(src, dst, length, flags, following, **more):
    """The 64 bytes of a list item."""
    width, burst = more.get("width", 16), more.get("burst", 16)
    inc = more.get("inc", (1, 1))
    ctl1 = (inc[0] | (width.bit_length() - 1) << 2 | burst - 1 << 5 | 4 << 11 |
            inc[1] << 16 | (width.bit_length() - 1) << 18 | burst - 1 << 21 | 4 << 27)
    return struct.pack(
        "<IIIIIIHHHHIIIIHHBBHII", flags | more.get("msize", 0) << 15, ctl1,
        src & 0xffffffff, dst & 0xffffffff, length, following & 0xffffffff,
        src >> 32, dst >> 32, following >> 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def data(length, seed=1):
    """Bytes that differ from their neighbours."""
    return bytes((seed + i * 7 + (i >> 8) * 13) & 0xff for i in range(length))


def run(tests):
    """Run the tests of a file: each a function whose doc string is its name."""
    failed = 0

    print(f"KTAP version 1\n1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        try:
            test()
            result = "ok"
        except (Failed, OSError, ValueError, struct.error) as error:
            print("# | " + str(error).replace("\n", "\n# | "))
            result = "not ok"
            failed += 1
        print(f"{result} {number} {test.__doc__}", flush=True)
    return os.EX_OK if not failed else 1
