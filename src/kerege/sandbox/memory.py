# SPDX-License-Identifier: Apache-2.0
"""How much memory processes take: what each has of its own and its share of what they share."""

from contextlib import suppress
from pathlib import Path

__all__ = ["family_of", "memory_bytes"]


def family_of(pid: int) -> list[int]:
    """A process and all that descend from it."""
    family, at = [pid], 0
    while at < len(family):
        family += _children_of(family[at])
        at += 1
    return family


def _children_of(pid: int) -> list[int]:
    children: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        # Gone meanwhile: then it has no children any more.
        with suppress(OSError):
            children += map(int, path.read_text("ascii").split())
    return children


def memory_bytes(pid: int) -> int:
    """The proportional set size of a process (`Pss` of proc(5)), 0 if it is not to be had.

    The sum over all processes of a country is what the machine has in use for it: a page that
    five share counts a fifth in each.
    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return 0
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        if name == "Pss":
            return int(rest.split()[0]) * 1024
    return 0
