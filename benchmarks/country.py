# SPDX-License-Identifier: Apache-2.0
"""A country for benchmarks: started by the command, asked by the command, ended by the command."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["CommandError", "cpu_s", "kerege", "opened_country", "settled"]

_SETTLE_WITHIN_S = 600


class CommandError(Exception):
    """A command failed; the text is its own."""


def kerege(*arguments: str) -> dict[str, Any]:
    """Run a command with `--json`; what it printed."""
    command = [sys.executable, "-m", "kerege", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError((done.stdout + done.stderr).strip()[-500:])
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@contextmanager
def opened_country(folder: Path, *options: str) -> Iterator[dict[str, Any]]:
    """A new country in `folder`, ended and removed afterwards; what `kerege up` told."""
    told = kerege("up", "--folder", str(folder), "--detach", *options)
    try:
        yield told
    finally:
        kerege("down", "--folder", str(folder))
        kerege("reset", "--folder", str(folder))


def cpu_s(folder: Path) -> dict[str, float]:
    """Seconds of CPU, user's and system's, that each process of a country has taken so far."""
    processes = kerege("status", "--folder", str(folder))["processes"]
    return {one["name"]: _cpu_s_of(one["pid"]) for one in processes}


def _cpu_s_of(pid: int) -> float:
    # proc(5): what follows the name in brackets begins with the third field; 14 and 15 are times.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(folder: Path) -> dict[str, Any]:
    """The country's state once everybody has joined."""
    deadline = time.monotonic() + _SETTLE_WITHIN_S
    while time.monotonic() < deadline:
        told = kerege("status", "--folder", str(folder))
        if told["people"]["joined"] == told["people"]["people"]:
            return told
        time.sleep(1)
    raise CommandError(f"not everybody has joined after {_SETTLE_WITHIN_S} s: {told['people']}")
