#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the driver as patches for a kernel's source, as its maintainers get them.

  lab/lib/series.py SOURCE NAME OUT

SOURCE is the unpacked source of a kernel that NAME names. OUT gets the series, and
OUT/rfc a second one that goes on top of it: the client and the selftests. What only
a build out of tree needs is resolved for that kernel and left out.

A folder of drivers/dma/rockchip/ is a patch of its own, and so are KUnit tests. The
messages are lab/series.d/*.txt.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
MESSAGES = TOP / "lab" / "series.d"
PROVIDER = pathlib.Path("drivers/dma/rockchip")
CLIENT = pathlib.Path("drivers/dma/client")
BINDINGS = pathlib.Path("Documentation/devicetree/bindings/dma")
BINDING = "rockchip,rv1126b-dma.yaml"
# The folder of KUnit tests, if there is one. They are in a patch of their own.
TESTS = "tests"
SELFTESTS = pathlib.Path("tools/testing/selftests/dmaengine")

# What only a build out of tree has.
NOT_IN_TREE = {"compat.h", "vchan.h", "vchan-check.c"}
UNDEFINED = ["RKDMA_OWN_VIRT_DMA", "RKDMA_VENDOR_TREES"]
# Where a Makefile of the driver's begins to be for builds out of tree alone.
REST = "# The rest is for builds out of tree: see lab/series.\n"
# In no patch may be left:
LEFT = re.compile(r"compat\.h|vchan\.h|vchan-check|VENDOR_TREES|OWN_VIRT_DMA|_HAS_[A-Z]|RKDMA_NS\b"
                  r"|KERNEL_VERSION|LINUX_VERSION_CODE|linux/version\.h|\"rockchip,dma\""
                  r"|lab/series|asm/unaligned")


class SeriesError(Exception):
    """The series cannot be written."""


def run(*command, **options):
    """A tool's output; what it says is shown if it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, **options)
    if done.returncode:
        raise SeriesError(f"{command[0]} {command[1]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def author():
    """Name and address of whoever runs this, or else of the last commit's author."""
    def git(*words):
        return subprocess.run(["git", "-C", TOP, *words], capture_output=True, text=True,
                              check=False).stdout.strip()
    name, mail = git("config", "user.name"), git("config", "user.email")
    if not (name and mail):
        name, _, mail = git("log", "-1", "--format=%an%n%ae").partition("\n")
    if not (name and mail):
        raise SeriesError("git does not know who you are: set user.name and user.email")
    return name, mail


class Kernel:
    """What a kernel's source has, and the sources resolved for it."""

    def __init__(self, source):
        self.source = source
        def header(name):
            return (source / "include/linux" / name).read_text()

        self.dma_h = header("dmaengine.h") + header("of_dma.h")
        self.modules_h = header("module.h")
        self.hrtimer_h = header("hrtimer.h")
        self.slab_h = header("slab.h")
        self.defines = {}

    def find_defines(self, makefile):
        """A Makefile of the driver's finds out with "has" what its symbols stand for."""
        for what, symbol in re.findall(r"\$\(call has,(\w+)\) \+= -D(\w+)", makefile):
            self.defines[symbol] = what in self.dma_h

    def resolve_ifdefs(self, text):
        """With what is known to be defined or not, conditions are gone."""
        options = [f"-U{symbol}" for symbol in UNDEFINED]
        options += [f"-{'D' if has else 'U'}{symbol}" for symbol, has in self.defines.items()]
        done = subprocess.run(["unifdef", *options], input=text, capture_output=True,
                              text=True, check=False)
        if done.returncode > 1:
            raise SeriesError(f"unifdef failed: {done.stderr}")
        return done.stdout

    def namespace(self, text):
        """The namespace's name: a string, or a token before Linux 6.13."""
        name = "RKDMA" if "__stringify(ns)" in self.modules_h else '"RKDMA"'
        text = re.sub(r"(_NS(?:_GPL)?\((?:\w+, )?)RKDMA_NS\)", rf"\1{name})", text)
        return text.replace("namespace RKDMA_NS", "namespace RKDMA")

    def timers(self, text):
        """A timer's function is a member before Linux 6.13."""
        if "hrtimer_setup(" in self.hrtimer_h:
            return text
        return re.sub(r"(\t+)hrtimer_setup\(&([^,]+), (\w+), (\w+), (\w+)\);",
                      r"\1hrtimer_init(&\2, \4, \5);\n\1\2.function = \3;", text)

    def allocations(self, text):
        """Newer kernels want objects of a type allocated, not numbers of bytes."""
        if "define kzalloc_obj(" in self.slab_h:
            text = re.sub(r"\bkzalloc\(sizeof\((\*\w+)\), GFP_KERNEL\)", r"kzalloc_obj(\1)", text)
            text = re.sub(r"\bkzalloc\(sizeof\((\*\w+)\), ", r"kzalloc_obj(\1, ", text)
            text = re.sub(r"\bkmalloc\(struct_size\((\w+), (\w+), (\w+)\), ",
                          r"kmalloc_flex(*\1, \2, \3, ", text)
        return text

    def resolve(self, text):
        """A C file of the driver's, as it is in this kernel's tree."""
        for step in (self.resolve_ifdefs, self.namespace, self.timers, self.allocations):
            text = step(text)
        text = re.sub(r'#include "(\.\./)?compat\.h"\n', "", text)
        if re.search(r"\b(get|put)_unaligned_", text):
            text = include(text, "linux/unaligned.h")
        return re.sub(r"\n\n\n+", "\n\n", text)

    def export(self, folder):
        """The files of a folder of the repository, by their names from there."""
        files = {}
        makefiles = [path.read_text() for path in sorted((TOP / folder).rglob("Makefile"))]
        for makefile in makefiles:
            self.find_defines(makefile)
        for path in sorted((TOP / folder).rglob("*")):
            name = path.relative_to(TOP / folder)
            if path.is_dir() or path.name in NOT_IN_TREE:
                continue
            text = path.read_text()
            if path.suffix in (".c", ".h"):
                text = self.resolve(text)
            elif path.name == "Makefile":
                text = text.partition("\n" + REST)[0]
            files[str(name)] = text
        return files


def include(text, header):
    """A header more, in its place."""
    line = f"#include <{header}>"
    names = re.findall(r"^#include <.*>$", text, re.M)
    if line in names:
        return text
    after = [name for name in names if name < line]
    if not after:
        raise SeriesError(f"no place for {line}")
    return text.replace(after[-1] + "\n", f"{after[-1]}\n{line}\n", 1)


def insert(text, line, pattern):
    """A line more, behind the last one that matches and comes before it by its letters."""
    lines = text.splitlines(keepends=True)
    places = [n for n, old in enumerate(lines) if re.match(pattern, old) and old < line]
    if not places:
        raise SeriesError(f"no place for {line}")
    lines[places[-1] + 1:places[-1] + 1] = [line]
    return "".join(lines)


def before(text, line, more):
    """Lines more, before a line that is there once."""
    if text.count("\n" + line) != 1:
        raise SeriesError(f"no place before {line}")
    return text.replace("\n" + line, "\n" + more + line)


class Scratch:
    """A repository with those of a kernel's files that the series changes."""

    def __init__(self, kernel, folder, name):
        self.kernel, self.folder = kernel, folder
        person, mail = author()
        self.person = f"{person} <{mail}>"
        date = run("git", "-C", TOP, "log", "-1", "--format=%cI").strip()
        self.env = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null",
                        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                           for what, value in (("NAME", person), ("EMAIL", mail),
                                               ("DATE", date))})
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "series")
        for file in ("MAINTAINERS", "drivers/dma/Kconfig", "drivers/dma/Makefile",
                     "tools/testing/selftests/Makefile"):
            self.write(file, (kernel.source / file).read_text())
        self.git("add", "-A")
        self.git("commit", "-q", "-m", name)
        self.base = self.head()

    def git(self, *words):
        """git in this repository, with nothing of the machine's configuration."""
        return run("git", *words, cwd=self.folder, env=self.env)

    def head(self):
        """The last commit."""
        return self.git("rev-parse", "HEAD").strip()

    def read(self, name):
        """A file, as it is now."""
        return (self.folder / name).read_text()

    def write(self, name, text):
        """A file of the tree."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def write_all(self, folder, files):
        """Files of a folder; a shell script is executable."""
        for name, text in files.items():
            self.write(folder / name, text)
            if text.startswith("#!"):
                (self.folder / folder / name).chmod(0o755)

    def commit(self, name):
        """What was written since the last one, with the message lab/series.d/NAME.txt."""
        self.git("add", "-A")
        for line in self.git("diff", "--cached", "--unified=0").splitlines():
            if line.startswith("+") and LEFT.search(line):
                raise SeriesError(f"{name}: this is not for a kernel tree: {line}")
        self.git("commit", "-q", "-s", "-m", message(name))

    def format(self, base, out, cover, prefix):
        """The patches since a commit, with a cover letter."""
        subject, _, body = message(cover).partition("\n\n")
        for old in out.glob("*.patch"):
            old.unlink()
        self.git("format-patch", "-q", "--cover-letter", "--no-signature", "-M", "--base", base,
                 f"--subject-prefix={prefix}", "-o", out, base)
        letter = out / "0000-cover-letter.patch"
        text = letter.read_text().replace("*** SUBJECT HERE ***", subject)
        text = text.replace("*** BLURB HERE ***", body.strip())
        text = re.sub(r"\nbase-commit: .*\n", "\n", text)
        letter.write_text(text)
        return sorted(out.glob("*.patch"))


def message(name):
    """A patch's message without the comments that begin its file."""
    path = MESSAGES / f"{name}.txt"
    if not path.exists():
        raise SeriesError(f"there is no {path.relative_to(TOP)}, the message of a patch")
    return re.sub(r"\A(#.*\n)+\n*", "", path.read_text())


def part(name):
    """Which patch a file of the driver's is in: its folder's, or that of the tests."""
    path = pathlib.PurePath(name)
    if path.parts[0] == TESTS or path.stem.endswith("-test") or path.name == ".kunitconfig":
        return TESTS
    return path.parts[0] if len(path.parts) > 1 else ""


def partial(text, missing):
    """A Kconfig or Makefile without the lines of parts that are not there yet."""
    for folder in missing:
        text = re.sub(rf'^(source "{PROVIDER}/{folder}/.*|obj-.* \+= {folder}/)\n', "", text,
                      flags=re.M)
    if TESTS in missing:
        text = re.sub(r"^.*\bCONFIG_RKDMA_KUNIT_TEST\b.*\n", "", text, flags=re.M)
    return re.sub(r"\n\n\n+", "\n\n", text).rstrip("\n") + "\n"


def add_provider(tree, files, present, missing):
    """The parts that are there, of which the last is new."""
    for name, text in files.items():
        if name.endswith(("Kconfig", "Makefile")):
            text = partial(text, missing)
        if part(name) in present:
            tree.write_all(PROVIDER, {name: text})


def add_maintainers(tree):
    """The entry of MAINTAINERS, in its place of the alphabet."""
    title = "ROCKCHIP DMA CONTROLLER PROVIDERS"
    entry = (f"{title}\nM:\t{tree.person}\nL:\tdmaengine@vger.kernel.org\n"
             "L:\tlinux-rockchip@lists.infradead.org\nS:\tMaintained\n"
             f"F:\t{BINDINGS}/{BINDING}\nF:\t{PROVIDER}/\n\n")
    text = tree.read("MAINTAINERS")
    for found in re.finditer(r"(?<=\n\n)(ROCKCHIP [^\n]*|ROCKER[^\n]*)\n[MLRSF]:\t", text):
        if found.group(1) > title:
            tree.write("MAINTAINERS", text[:found.start()] + entry + text[found.start():])
            return
    raise SeriesError("MAINTAINERS has no place for the entry")


def patches(tree):
    """The series."""
    binding = (TOP / "bindings/dma" / BINDING).read_text()
    tree.write(BINDINGS / BINDING, binding.replace(
        "maintainers:\n  - devicetree@vger.kernel.org", f"maintainers:\n  - {tree.person}"))
    tree.commit("binding")

    files = tree.kernel.export(PROVIDER)
    # The core, its engines, and the tests at the end.
    parts = sorted({part(name) for name in files}, key=lambda name: (name == TESTS, name))
    add_provider(tree, files, parts[:1], parts[1:])
    tree.write("drivers/dma/Kconfig", before(tree.read("drivers/dma/Kconfig"),
                                             'source "drivers/dma/dw/Kconfig"\n',
                                             f'source "{PROVIDER}/Kconfig"\n\n'))
    tree.write("drivers/dma/Makefile", insert(tree.read("drivers/dma/Makefile"),
                                              "obj-$(CONFIG_ROCKCHIP_RKDMA) += rockchip/\n",
                                              r"obj-\$\(CONFIG_R"))
    tree.commit("core")
    for number in range(1, len(parts)):
        add_provider(tree, files, parts[:number + 1], parts[number + 1:])
        tree.commit(parts[number])
    add_maintainers(tree)
    tree.commit("maintainers")


def rfc(tree):
    """The second series."""
    for path in sorted((TOP / "bindings/dma").glob("*.yaml")):
        if path.name != BINDING:
            tree.write(BINDINGS / path.name, path.read_text())
    tree.commit("rfc-bindings")

    tree.write_all(CLIENT, tree.kernel.export(CLIENT))
    tree.write("drivers/dma/Kconfig", before(tree.read("drivers/dma/Kconfig"),
                                             "config DMA_ENGINE_RAID\n",
                                             f'source "{CLIENT}/Kconfig"\n\n'))
    tree.write("drivers/dma/Makefile", insert(tree.read("drivers/dma/Makefile"),
                                              "obj-y += client/\n", "obj-y"))
    tree.commit("rfc-client")

    add_selftests(tree)
    tree.commit("rfc-selftests")


def add_selftests(tree):
    """What the selftests' Makefile names, with a Makefile for the kernel's tree."""
    folder = TOP / "selftests"
    names = re.findall(r"^(TEST_\w+) := ((?:.*\\\n)*.*)\n", (folder / "Makefile").read_text(),
                       re.M)
    makefile = ("# SPDX-License-Identifier: GPL-2.0-only\n"
                + "".join(f"{name} := {value}\n" for name, value in names)
                + "\ninclude ../lib.mk\n")
    files = {"Makefile": makefile}
    for name in " ".join(value.replace("\\\n", " ") for _, value in names).split():
        files[name] = (folder / name).read_text()
    for name in ("config", "settings"):
        files[name] = (folder / name).read_text()
    tree.write_all(SELFTESTS, files)
    tree.write("tools/testing/selftests/Makefile",
               insert(tree.read("tools/testing/selftests/Makefile"),
                      "TARGETS += dmaengine\n", r"TARGETS \+= d"))


def main(argv):
    """Both series, and their names."""
    parser = argparse.ArgumentParser(prog="lab/lib/series.py", description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("name")
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args(argv)
    out = args.out.resolve()
    try:
        tree = Scratch(Kernel(args.source), out / "git", args.name)
        patches(tree)
        first = tree.head()
        rfc(tree)
        tree.git("checkout", "-q", "-b", "rfc")
        tree.git("branch", "-q", "-f", "series", first)
        tree.git("checkout", "-q", "series")
        written = tree.format(tree.base, out, "cover", "PATCH")
        tree.git("checkout", "-q", "rfc")
        written += tree.format(first, out / "rfc", "rfc-cover", "RFC PATCH")
    except (SeriesError, OSError) as error:
        print(f"lab/series: {error}", file=sys.stderr)
        return 1
    for path in written:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
