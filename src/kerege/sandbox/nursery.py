# SPDX-License-Identifier: Apache-2.0
"""Starts the processes of a country as forks of one that has everything imported.

`python -m kerege.sandbox.nursery` reads orders, one JSON object a line, from standard input and
tells what happens on standard output. A node started this way is a process of its own that is
there in milliseconds and shares the memory of the libraries, some 60 MB each, with the others.

One thread and no open database here: what a fork inherits must be whole. When standard input
ends, because whoever gave the orders ended or was killed, all children are ended too; should this
process be killed itself, the kernel tells them (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import gc
import importlib
import os
import runpy
import select
import signal
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Final

import msgspec
from msgspec import Struct

__all__ = ["PRELOADED", "End", "Ended", "Start", "Started", "main"]

PRELOADED: Final = (
    "httpcore",
    "httptools",
    "numpy",
    "sqlalchemy.dialects.sqlite",
    "uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "kerege.bank.node",
    "kerege.cli.bank",
    "kerege.cli.core_serving",
    "kerege.cli.witness",
    "kerege.ledger.stores.opening",
    "kerege.ledger.stores.sqlite",
)
"""What most children import. What is missing here still works, only later and unshared."""

_END_WITHIN_S: Final = 8.0
"""For children to end by themselves when nobody gives orders any more."""
_CHUNK_BYTES: Final = 65_536
_PR_SET_PDEATHSIG: Final = 1


class Start(Struct, frozen=True, tag="start"):
    """Order: run `kerege` with `arguments`; what it prints is appended to the file `log`."""

    name: str
    arguments: tuple[str, ...]
    log: str


class End(Struct, frozen=True, tag="end"):
    """Order: end a child, by SIGTERM or (`hard`) by SIGKILL."""

    name: str
    hard: bool = False


class Started(Struct, frozen=True, tag="started"):
    """A child runs."""

    name: str
    pid: int


class Ended(Struct, frozen=True, tag="ended"):
    """A child is gone: its exit code, negative for the signal that ended it."""

    name: str
    pid: int
    code: int


_ORDERS: Final[msgspec.json.Decoder[Start | End]] = msgspec.json.Decoder(Start | End)


class _Nursery:
    """The parent's side; `tend` returns in the parent when all is over, in a child at its birth."""

    def __init__(self, orders: int, tales: int) -> None:
        self._orders, self._tales = orders, tales
        self._children: dict[int, str] = {}
        self._pending = b""
        self._alarm, self._bell = os.pipe()
        for end in (self._alarm, self._bell):
            os.set_blocking(end, False)

    def tend(self) -> Sequence[str] | None:
        """Follow orders. Returns the arguments of a child in that child, None in the parent."""
        signal.signal(signal.SIGCHLD, _ignore)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        while True:
            readable, _, _ = select.select([self._orders, self._alarm], [], [])
            if self._alarm in readable:
                os.read(self._alarm, _CHUNK_BYTES)
                self._bury()
            if self._orders in readable:
                data = os.read(self._orders, _CHUNK_BYTES)
                if not data:
                    self._end_all()
                    return None
                *lines, self._pending = (self._pending + data).split(b"\n")
                for line in lines:
                    arguments = self._follow(_ORDERS.decode(line))
                    if arguments is not None:
                        return arguments

    def _follow(self, order: Start | End) -> Sequence[str] | None:
        if isinstance(order, Start):
            return self._start(order)
        for pid, name in self._children.items():
            if name == order.name:
                # Not yet waited for, so the number is still this child's.
                os.kill(pid, signal.SIGKILL if order.hard else signal.SIGTERM)
        return None

    def _start(self, order: Start) -> Sequence[str] | None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._children[pid] = order.name
            self._tell(Started(order.name, pid))
            return None
        signal.set_wakeup_fd(-1)
        for end in (self._alarm, self._bell):
            os.close(end)
        _become_child(parent, order.log)
        return order.arguments

    def _bury(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            name = self._children.pop(pid)
            self._tell(Ended(name, pid, os.waitstatus_to_exitcode(status)))

    def _end_all(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._children:
                os.kill(pid, number)
            deadline = time.monotonic() + _END_WITHIN_S
            while self._children and time.monotonic() < deadline:
                select.select([self._alarm], [], [], 0.1)
                with contextlib.suppress(BlockingIOError):
                    os.read(self._alarm, _CHUNK_BYTES)
                self._bury()

    def _tell(self, tale: Started | Ended) -> None:
        # Whoever listened may be gone: the end of standard input will say so.
        with contextlib.suppress(BrokenPipeError):
            os.write(self._tales, msgspec.json.encode(tale) + b"\n")


def _become_child(parent: int, log: str) -> None:
    """Cut what ties the fork to the nursery's own lines, and tie it to the nursery's life."""
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # It was gone before we asked to be told.
        sys.exit(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, targets in ((nothing, (0,)), (told, (1, 2))):
        for target in targets:
            os.dup2(source, target)
        os.close(source)


def _ignore(_signal: int, _frame: FrameType | None) -> None:
    """Wake `select`; a signal that is ignored outright would not."""


def main() -> None:
    """Import, then follow orders until there are none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    # What is there now is shared with every child; the collector must not write on it.
    gc.freeze()
    arguments = _Nursery(sys.stdin.fileno(), sys.stdout.fileno()).tend()
    if arguments is not None:
        sys.argv = ["kerege", *arguments]
        # As `python -m kerege` would; the room of commands lies above this one.
        runpy.run_module("kerege", run_name="__main__", alter_sys=True)


def command() -> list[str]:
    """How the nursery is started."""
    return [sys.executable, "-m", __spec__.name if __name__ == "__main__" else __name__]


def environment() -> dict[str, str]:
    """The variables it is started with: threads of libraries would not survive a fork."""
    return {
        **os.environ,
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
    }


if __name__ == "__main__":
    main()
