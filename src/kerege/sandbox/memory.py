# SPDX-License-Identifier: Apache-2.0
"""How much memory processes take: what each has of its own and its share of what they share."""

from pathlib import Path

__all__ = ["memory_bytes"]


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
