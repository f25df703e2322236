#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Report what KUnit's tests said: kunit.py TEST_LOG STATUS FURTHER_LOG

TEST_LOG is the console of the kernel that ran them, STATUS the exit status of the
kernel's own kunit.py, whose messages are in FURTHER_LOG. Prints KTAP: KUnit's own report,
then whether the kernel complained of anything, and last "N passed, N failed, N skipped".
Exits with 1 if any failed.
"""

import pathlib
import re
import sys

sys.dont_write_bytecode = True
import ktap  # pylint: disable=wrong-import-position
from complaints import COMPLAINT as GENERAL  # pylint: disable=wrong-import-position

# Few messages come while the tests run; all of these are complaints.
COMPLAINT = re.compile(GENERAL.pattern + r"|INFO: |possible .* lock")
START = re.compile(r"^KTAP version 1$", re.M)
LINE = re.compile(r"( *)(?:(?P<start>KTAP version 1)|(?P<plan>1\.\.\d+)"
                  r"|# \S+: pass:\d+ fail:\d+ skip:\d+ total:(?P<total>\d+))$")


def with_plans(lines):
    """The lines, and a plan for each test with parameters: KUnit gives such a test none,
    and counts its cases in a comment at its end."""
    planned = {}
    for line in lines:
        match = LINE.match(line)
        if match:
            depth = len(match.group(1))
            if match.group("total"):
                if not planned.get(depth + 4, True):
                    yield f"{' ' * (depth + 4)}1..{match.group('total')}"
            else:
                planned[depth] = match.group("plan") is not None
        yield line


def report(log, status, said):
    """The report's lines."""
    start = START.search(log)
    text = log[start.start():].split("\nreboot: ")[0] if start else ""
    yield "KTAP version 1"
    yield from ("    " + line for line in with_plans(text.splitlines()))
    good = status == 0 and START.search(log)
    if not good:
        yield from ("# | " + line for line in (said + log[-2000:] * (not text)).splitlines()[-40:])
    yield f"{'ok' if good else 'not ok'} 1 the tests of the driver"
    # What comes earlier are user mode's own troubles.
    complaints = [line for line in text.splitlines() if COMPLAINT.search(line)]
    yield from ("# | " + line for line in complaints[:20])
    yield f"{'not ok' if complaints else 'ok'} 2 the kernel complains of nothing meanwhile"
    yield "1..2"


def main(test_log, status, further_log):
    """Print the report and its sum."""
    def read(name):
        path = pathlib.Path(name)
        return path.read_text(errors="replace").replace("\r", "") if path.exists() else ""

    lines = "\n".join(report(read(test_log), int(status), read(further_log)))
    print(lines)
    result = ktap.parse(lines)
    print(f"{result.passed} passed, {len(result.failures)} failed, {len(result.skips)} skipped")
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
