# SPDX-License-Identifier: GPL-2.0-only
"""Count the tests of a KTAP report by their results.

Reports are nested: by indentation, as KTAP has it, and by "# ", as kselftest's
runner does it. Only the innermost results count. A plan that is not kept, a
"Bail out!" and a parent that fails without a failing child are failures too.

As a program it copies its input without the kernel's messages.
"""

import collections
import re
import sys

# Kernel messages may split a line of the report. Messages that a script quotes behind
# "# | " are lines of their own. Nothing follows the version in its line.
KERNEL_LINE = re.compile(r"^([ \t#]*\| [^\n]*\n)"
                         r"|(?:(?<=KTAP version 1)|(?<=TAP version 13))\[ *\d+\.\d{6}\] [^\n]*(\n)"
                         r"|\[ *\d+\.\d{6}\] [^\n]*\n", re.M)
PREFIX = re.compile(r"(?:# |\s)*")
PLAN = re.compile(r"1\.\.(\d+)(?:\s+# SKIP\s*(.*))?$")
RESULT = re.compile(r"(not )?ok\b\s*(\d*)\s*-?\s*(.*?)(?:\s*#\s*(SKIP|TODO|XFAIL|TIMEOUT)\b\s*(.*))?$")


class Level:
    """One level of nesting: its plan, and its results so far."""

    def __init__(self):
        self.plan = None
        self.results = 0
        self.failed = False


class Report:
    """A report's innermost results."""

    def __init__(self):
        self.passed = 0
        self.failures = []
        # Lines since the last result, shown if the next result is a failure
        self.said = collections.deque(maxlen=30)
        self.why = {}
        self.skips = []
        self.levels = {}
        # When a whole file is skipped, its plan has the reason, and its parent's
        # line has the result.
        self.skipped_why = None

    def fail(self, name):
        """Count a failure, and keep the lines before it."""
        self.failures.append(name)
        self.why[name] = list(self.said)

    def close(self, depth, name):
        """The levels deeper than depth end here. True if there were any, and
        whether one of them failed."""
        inner = [self.levels.pop(d) for d in sorted(self.levels) if d > depth]
        failed = False
        for level in inner:
            if level.results != level.plan:
                planned = "no number of" if level.plan is None else level.plan
                self.fail(f"{name}: planned {planned} tests, saw {level.results}")
                level.failed = True
            failed = failed or level.failed
        return any(level.results or level.failed for level in inner), failed

    def result(self, depth, match):
        """An "ok" or "not ok" line."""
        bad, _, name, directive, reason = match.groups()
        had_inner, inner_failed = self.close(depth, name)
        level = self.levels.setdefault(depth, Level())
        level.results += 1
        if bad and directive != "TODO":
            level.failed = True
            if not (had_inner and inner_failed):
                name += f" ({directive} {reason})" if directive else ""
                self.fail(name)
        elif had_inner:
            if inner_failed:
                level.failed = True
        elif directive == "SKIP":
            reason = reason or self.skipped_why
            self.skips.append(f"{name}: {reason}" if reason else name)
        else:
            self.passed += 1

    def plan(self, depth, match):
        """A "1..N" line, before or after the results."""
        if match.group(1) == "0":
            self.skipped_why = match.group(2)
        self.levels.setdefault(depth, Level()).plan = int(match.group(1))

    def line(self, text):
        """One line of the report."""
        prefix = PREFIX.match(text).group(0)
        depth, rest = len(prefix.replace("\t", "    ")), text[len(prefix):].rstrip()
        if rest.startswith("Bail out!"):
            self.fail(rest)
        elif PLAN.match(rest):
            self.plan(depth, PLAN.match(rest))
        elif RESULT.match(rest):
            self.result(depth, RESULT.match(rest))
            self.said.clear()
        elif rest:
            self.said.append(rest)

    def end(self):
        """End the report."""
        if 0 not in self.levels:
            self.fail("there is no report")
        self.close(-1, "the report")


def without_kernel(text):
    """The output of a run without the kernel's messages."""
    return KERNEL_LINE.sub(r"\1\2", text.replace("\r", ""))


def parse(text):
    """Parse the whole output of a run, kernel messages and all."""
    report = Report()
    for line in without_kernel(text).splitlines():
        report.line(line)
    report.end()
    return report


if __name__ == "__main__":
    sys.stdin.reconfigure(errors="replace")
    sys.stdout.write(without_kernel(sys.stdin.read()))
