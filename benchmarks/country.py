# SPDX-License-Identifier: Apache-2.0
"""A country for benchmarks: started by the command, asked by the command, ended by the command."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["CommandError", "kerege", "opened_country", "settled"]

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


def settled(folder: Path) -> dict[str, Any]:
    """The country's state once everybody has joined."""
    deadline = time.monotonic() + _SETTLE_WITHIN_S
    while time.monotonic() < deadline:
        told = kerege("status", "--folder", str(folder))
        if told["people"]["joined"] == told["people"]["people"]:
            return told
        time.sleep(1)
    raise CommandError(f"not everybody has joined after {_SETTLE_WITHIN_S} s: {told['people']}")
