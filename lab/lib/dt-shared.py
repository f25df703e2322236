#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Find what a device tree gives to two devices, which dtc and the schemas do not see.

  lab/lib/dt-shared.py TREE.dtb

Prints a line for each DMA request line that two devices have, enabled or not, and
for each pin of a Rockchip part that two enabled ones have.
"""

import re
import subprocess
import sys

NODE = re.compile(r"\t*(?:\w+: )*([^\s=;]+) \{$")
PROPERTY = re.compile(r'\t*([^\s=]+) = (.*);$')


def properties(tree):
    """The properties of each node, by its path: cells as numbers, the rest as text."""
    nodes, path = {}, []
    said = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", tree], check=True,
                          capture_output=True, text=True).stdout
    for line in said.splitlines():
        if found := NODE.match(line):
            path.append(found[1].strip("/"))
            nodes["/".join(path)] = {}
        elif line.strip() == "};":
            path.pop()
        elif found := PROPERTY.match(line):
            name, value = found.groups()
            if value.startswith("<"):
                value = [int(cell, 0) for cell in re.findall(r"\w+", value)]
            nodes["/".join(path)][name] = value
    return nodes


def enabled(nodes, path):
    """Whether a node and all its parents are enabled."""
    parts = path.split("/")
    return all(nodes["/".join(parts[:n + 1])].get("status", '"okay"') == '"okay"'
               for n in range(len(parts)))


def uses(nodes):
    """Yield (thing, path) for each line that a node uses, and each pin of an enabled one."""
    by_phandle = {node["phandle"][0]: (path, node)
                  for path, node in nodes.items() if "phandle" in node}
    for path, node in nodes.items():
        # A line and its controller, all of which have one cell here
        for dmac, line in zip(*[iter(node.get("dmas", []))] * 2):
            yield f"line {line} of {by_phandle[dmac][0]}", path
        if not enabled(nodes, path):
            continue
        for group in node.get("pinctrl-0", []):
            pins = by_phandle[group][1].get("rockchip,pins", [])
            for bank, pin, *_ in zip(*[iter(pins)] * 4):
                yield f"pin GPIO{bank}_{'ABCD'[pin // 8]}{pin % 8}", path


def main(tree):
    """Print what more than one device has."""
    users = {}
    for thing, path in uses(properties(tree)):
        users.setdefault(thing, set()).add(path)
    for thing, paths in sorted(users.items()):
        if len(paths) > 1:
            print(f"{thing}: {' and '.join(sorted(paths))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
