# SPDX-License-Identifier: Apache-2.0
"""Who runs a country's folder, and which processes there are: `run.lock` and `run.json`.

The lock is the truth about whether somebody runs it: the kernel lets go of it when its holder
ends, however that happens. What is written beside it may be stale, and is believed only then.
"""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError

__all__ = [
    "LOCK",
    "AlreadyRunning",
    "NotUp",
    "Process",
    "RunFile",
    "RunState",
    "end_run",
    "hold_folder",
    "read_run",
]

LOCK: Final = "run.lock"
"""The file whose lock says that somebody runs the folder; it stays there."""
_STATE: Final = "run.json"
_MAX_STATE_BYTES: Final = 1 << 20
_LOOKERS: Final = 5
_LOOK_S: Final = 0.05


class AlreadyRunning(KeregeError):
    """Another process runs the folder."""


class NotUp(KeregeError):
    """Nobody runs the folder."""


class Process(Struct, frozen=True, kw_only=True):
    """One process: `stage` is one of `kerege.sandbox.keeping.Stage`."""

    name: str
    pid: int
    url: str
    stage: str
    restarts: int


class RunState(Struct, frozen=True, kw_only=True):
    """What runs now. `started_us`: microseconds since 1970 UTC. `open_s`: seconds from there to the
    first payment (or, in a country that has had one, until everything ran again); 0 until then."""

    pid: int
    started_us: int
    processes: tuple[Process, ...] = ()
    open_s: float = 0.0

    def url(self, name: str) -> str:
        """Where a process listens; raises `NotUp` if none of that name does."""
        for process in self.processes:
            if process.name == name and process.url:
                return process.url
        raise NotUp(f"no process {name} listens", remedy="see `kerege status`")


@contextlib.contextmanager
def hold_folder(folder: Path) -> Iterator["RunFile"]:
    """Be the one who runs `folder`. Raises `AlreadyRunning`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as lock:
        if not _take_soon(lock):
            pid = _read(folder)
            by = f" as process {pid.pid}" if pid else ""
            raise AlreadyRunning(
                f"this country is running already{by}",
                place=str(folder),
                remedy="`kerege status` shows it; end it with Ctrl-C, or name another --folder",
            )
        run_file = RunFile(folder)
        try:
            yield run_file
        finally:
            run_file.forget()


class RunFile:
    """Writes what runs, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, state: RunState) -> None:
        """Replace what was told before."""
        draft = self._folder / f".{_STATE}.new"
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")
        draft.replace(self._folder / _STATE)

    def forget(self) -> None:
        """Nothing runs any more."""
        (self._folder / _STATE).unlink(missing_ok=True)


def read_run(folder: Path) -> RunState:
    """What runs in `folder`. Raises `NotUp`."""
    state = _read(folder)
    if state is None or not _is_held(folder):
        raise NotUp(
            "no country runs in this folder",
            place=str(folder),
            remedy="start it with `kerege up`, or name its --folder",
        )
    return state


def end_run(folder: Path, *, timeout_s: float) -> None:
    """Tell whoever runs `folder` to end, and wait until it has. Raises `NotUp`, `KeregeError`."""
    state = read_run(folder)
    # The lock is held, so the number in the file is of a process that lives.
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout_s
    while _is_held(folder):
        if time.monotonic() > deadline:
            raise KeregeError(
                f"process {state.pid} has not ended after {timeout_s:.0f} s",
                place=str(folder),
                remedy="look into its logs, or kill it",
            )
        time.sleep(_LOOK_S)


def _read(folder: Path) -> RunState | None:
    try:
        with (folder / _STATE).open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_STATE_BYTES), type=RunState)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _is_held(folder: Path) -> bool:
    try:
        with (folder / LOCK).open("rb") as lock:
            return not _take(lock)
    except OSError:
        return False


def _take_soon(lock: IO[bytes]) -> bool:
    """Take it, though somebody who only looks (`read_run`) may hold it for an instant."""
    for _ in range(_LOOKERS):
        if _take(lock):
            return True
        time.sleep(_LOOK_S)
    return False


def _take(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
