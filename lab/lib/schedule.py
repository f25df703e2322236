# SPDX-License-Identifier: GPL-2.0-only
"""Run the parts of the tests in parallel, and record the result of each.

A part is a command that prints KTAP. Its output goes to its own file. Each part runs in
its own session and with a mark in its environment, by which all of its processes are
found when it is ended.
"""

import collections
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import ktap

# A part hangs if it takes this many times its usual time, and at least this many seconds.
PATIENCE, SHORTEST = 6, 300
MARK = "RKDMA_CHECK_PART"

# A report is kept no longer than lists of packages are: then it is not known whether a
# release has another kernel or compiler by now.
LISTS_LAST = 24 * 3600

# inputs: patterns of the files that the result depends on, if those and the packages of
# Debian's releases are all. Without any the part runs each time.
Part = collections.namedtuple("Part", "name what seconds command sets inputs",
                              defaults=(("check",), ()))


class Result:
    """How a part ended: the counts of its report, and its times."""

    def __init__(self, name, report, wall, cpu):
        self.name = name
        self.passed = report.passed
        self.failures = list(report.failures)
        self.why = {key: list(said) for key, said in report.why.items()}
        self.skips = list(report.skips)
        self.wall, self.cpu = wall, cpu

    @classmethod
    def load(cls, fields):
        """From a line of a report file."""
        result = cls.__new__(cls)
        result.__dict__.update(fields)
        return result

    def show(self, log):
        """Print failures and skips of a part."""
        for name in self.failures:
            print(f"    not ok: {name}")
            for line in self.why.get(name, []):
                print(f"        {line}")
        for name in self.skips:
            print(f"    skipped: {name}")
        if self.failures:
            print(f"    all of it: {log}")
        sys.stdout.flush()


class Running:
    """A part that runs."""

    def __init__(self, part, log, top, jobs, files):
        self.part, self.log, self.files = part, log, files
        self.start = time.monotonic()
        self.mark = f"{os.getpid()}-{part.name}"
        self.late = False
        environment = dict(os.environ, **{MARK: self.mark, "RKDMA_JOBS": str(jobs)})
        with open(log, "wb") as out:
            # Reaped by os.wait4(), which returns its processor time.
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                [str(word) for word in part.command], cwd=top, env=environment,
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True)

    def seconds(self):
        """How long it has run."""
        return time.monotonic() - self.start

    def poll(self):
        """Its result, or None while it runs."""
        pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
        if not pid:
            if self.seconds() > max(SHORTEST, PATIENCE * self.part.seconds):
                self.late = True
                self.kill()
            return None
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.kill()
        text = self.log.read_text(errors="replace")
        report = ktap.parse(text)
        if self.late:
            report.fail(f"{self.part.name}: has not ended after {self.seconds():.0f} s")
        elif self.process.returncode and not report.failures:
            report.fail(f"{self.part.name}: exit status {self.process.returncode}: "
                        + "; ".join(text.splitlines()[-3:]))
        return Result(self.part.name, report, self.seconds(),
                      usage.ru_utime + usage.ru_stime)

    def kill(self):
        """End it and all that it started, as far as it still runs."""
        mark = f"{MARK}={self.mark}".encode()
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            try:
                with open(f"/proc/{entry.name}/environ", "rb") as environ:
                    if mark in environ.read().split(b"\0"):
                        os.kill(int(entry.name), signal.SIGKILL)
            except (OSError, ProcessLookupError):
                pass


class Times:
    """How long each part took the last time on this machine."""

    def __init__(self, path):
        self.path = path
        try:
            self.known = json.loads(path.read_text())
        except (OSError, ValueError):
            self.known = {}

    def of(self, part):
        """Seconds, as expected."""
        return self.known.get(part.name, part.seconds)

    def learn(self, result):
        """Remember a part that ended well."""
        if result.failures:
            return
        self.known[result.name] = round(result.wall)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.known, indent=1, sort_keys=True) + "\n")
        new.rename(self.path)


class Kept:
    """Results of parts that passed, by the content of all that they depend on. A build
    that has not changed gives the result that it gave."""

    def __init__(self, top, cache):
        self.top, self.cache = top, cache

    def _packages(self):
        """What the machine has and the releases offer, as a hash; None if the lists of
        that are old or not there."""
        digest = hashlib.sha256()
        try:
            for root in ("apt", "apt-releases"):
                if time.time() - (self.cache / root / "updated").stat().st_mtime > LISTS_LAST:
                    return None
                for path in sorted((self.cache / root / "state/lists").glob("*InRelease")):
                    digest.update(path.read_bytes())
            with open("/var/lib/dpkg/status", "rb") as status:
                digest.update(status.read())
        except OSError:
            return None
        return digest.hexdigest()

    def files(self, part):
        """The content of a part's inputs, as a hash; None if it runs each time."""
        if not part.inputs:
            return None
        digest = hashlib.sha256(repr(part.command).encode())
        paths = {path for pattern in part.inputs for path in self.top.glob(pattern)
                 if path.is_file() and "__pycache__" not in path.parts}
        for path in sorted(paths):
            digest.update(f"{path.relative_to(self.top)} {path.stat().st_mode}\n".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _path(self, part, files):
        packages = files and self._packages()
        return packages and self.cache / "kept" / f"{part.name}-{files[:16]}-{packages[:16]}.json"

    def find(self, part, files):
        """The result of the same part with the same files and packages, or None."""
        path = self._path(part, files)
        try:
            return path and Result.load(json.loads(path.read_text()))
        except (OSError, ValueError):
            return None

    def keep(self, part, files, result):
        """Keep the result of a part that had these files when it began."""
        path = self._path(part, files)
        if not path or result.failures or files != self.files(part):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{part.name}-*"):
            old.unlink()
        new = path.with_suffix(".new")
        new.write_text(json.dumps(vars(result)))
        new.rename(path)


def shard(parts, number, count):
    """Share NUMBER of COUNT: the parts, the longest first, go to the share with the least
    time so far. The result is the same on every machine."""
    shares = [[0, []] for _ in range(count)]
    for part in sorted(parts, key=lambda part: (-part.seconds, part.name)):
        least = min(shares, key=lambda share: share[0])
        least[0] += part.seconds
        least[1].append(part.name)
    return [part for part in parts if part.name in shares[number - 1][1]]


def minutes(seconds):
    """Format a duration."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


class Schedule:
    """Runs parts, so many at a time, the longest first."""

    def __init__(self, top, logs, times, jobs, kept=None):
        self.top, self.logs, self.times, self.jobs = top, logs, times, jobs
        self.kept = kept
        # Number of jobs that a part may run at the same time, so that each CPU has work.
        self.inner = max(1, (os.cpu_count() or 1) // jobs)
        self.running, self.waiting, self.results = [], [], []
        self.total = 0

    def progress(self, said):
        """A line with what runs, what is left, and how long that took the last time."""
        now = ", ".join(f"{run.part.name} ({run.seconds():.0f} of {self.times.of(run.part):.0f} s)"
                        for run in self.running)
        left = sum(self.times.of(part) for part in self.waiting)
        left += sum(max(0, self.times.of(run.part) - run.seconds()) for run in self.running)
        print(f"==> {len(self.results)}/{self.total} {said}; running: {now or 'none'}; "
              f"{len(self.waiting)} wait; about {minutes(left / self.jobs)} left", flush=True)

    def run(self, parts):
        """Run them all; returns their results in the order of the list."""
        self.total = len(parts)
        self.waiting = sorted(parts, key=self.times.of, reverse=True)
        if self.kept:
            self.find_kept()
        try:
            while self.waiting or self.running:
                self.step()
                time.sleep(0.1)
        finally:
            for run in self.running:
                run.kill()
        order = [part.name for part in parts]
        return sorted(self.results, key=lambda result: order.index(result.name))

    def find_kept(self):
        """Take over the results of parts whose inputs are those of the last time."""
        for part in list(self.waiting):
            result = self.kept.find(part, self.kept.files(part))
            if result:
                result.wall = result.cpu = 0
                self.waiting.remove(part)
                self.results.append(result)
                self.progress(f"kept {part.name}: nothing that it depends on has changed")
                result.show(None)

    def step(self):
        """Start parts while there is room, and collect those that ended."""
        while self.waiting and len(self.running) < self.jobs:
            part = self.waiting.pop(0)
            files = self.kept.files(part) if self.kept else None
            self.running.append(Running(part, self.logs / f"{part.name}.log", self.top,
                                        self.inner, files))
            self.progress(f"started {part.name}: {part.what}")
        for run in list(self.running):
            result = run.poll()
            if result is None:
                continue
            self.running.remove(run)
            self.results.append(result)
            self.times.learn(result)
            if self.kept:
                self.kept.keep(run.part, run.files, result)
            self.progress(f"ended {result.name}: {result.passed} passed, "
                          f"{len(result.failures)} failed")
            result.show(run.log.relative_to(self.top))


def table(results):
    """Print one row for each part; returns the last line and whether all is well."""
    print(f"\n{'part':<16}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}{'CPU s':>8}")
    total = [0, 0, 0, 0, 0]
    for result in results:
        counts = [result.passed, len(result.failures), len(result.skips),
                  result.wall, result.cpu]
        total = [a + b for a, b in zip(total, counts)]
        print(f"{result.name:<16}{counts[0]:>8}{counts[1]:>8}{counts[2]:>9}"
              f"{counts[3]:>9.0f}{counts[4]:>8.0f}")
    print(f"{'all':<16}{total[0]:>8}{total[1]:>8}{total[2]:>9}{total[3]:>9.0f}{total[4]:>8.0f}\n")
    return f"{total[0]} passed, {total[1]} failed, {total[2]} skipped", not total[1]
