# SPDX-License-Identifier: Apache-2.0
"""A small country that runs beside the tests: two institutions, a dozen people, the real thing."""

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kerege.sandbox.country import Country
from kerege.sandbox.profile_reading import profile_text
from kerege.sandbox.run_file import NotUp, RunState, read_run
from kerege.sandbox.toml_text import to_toml

__all__ = ["PEOPLE", "small_profile", "start_up", "started_country"]

PEOPLE = 12
_OPEN_WITHIN_S = 90


def small_profile(folder: Path) -> Path:
    """A profile of one's own: Kyrgyzstan's with two institutions."""
    table = tomllib.loads(profile_text("kg").decode())
    table["institutions"] = table["institutions"][:2]
    path = folder / "small.toml"
    path.write_text(to_toml(table), "utf-8")
    return path


def start_up(folder: Path, profile: Path, *more: str) -> "subprocess.Popen[str]":
    """`kerege up`, not waited for."""
    arguments = ["--folder", str(folder), "--country", str(profile), "--people", str(PEOPLE)]
    return subprocess.Popen(
        [sys.executable, "-m", "kerege", "up", *arguments, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_open(folder: Path, process: "subprocess.Popen[str]") -> RunState:
    """What runs, once the country is open."""
    deadline = time.monotonic() + _OPEN_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            assert process.stdout is not None
            raise AssertionError(f"it ended: {process.stdout.read()}")
        try:
            state = read_run(folder)
        except NotUp:
            pass
        else:
            if state.open_s:
                return state
        time.sleep(0.05)
    raise AssertionError("it did not open in time")


@contextmanager
def started_country(parent: Path) -> Iterator[Country]:
    """A country that runs until the block ends."""
    folder = parent / "country"
    process = start_up(folder, small_profile(parent), "--pace", "5")
    try:
        wait_open(folder, process)
        yield Country.find(folder)
    finally:
        process.terminate()
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
