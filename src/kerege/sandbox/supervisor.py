# SPDX-License-Identifier: Apache-2.0
"""Keeps the processes of a country running: the shell around `keeping`, in a thread of its own."""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import msgspec

from kerege.errors import KeregeError
from kerege.sandbox import nursery
from kerege.sandbox.asking import is_ready
from kerege.sandbox.keeping import Keeping, Part, Stage, pause_s
from kerege.sandbox.nursery import End, Ended, Start, Started

__all__ = ["NotRunning", "Supervisor"]

_LOOK_EVERY_S: Final = 0.05
_END_WITHIN_S: Final = 10.0
"""For a process to end by itself before it is killed: more than a node takes for its last batch."""
_CHUNK_BYTES: Final = 65_536
_LOG_TAIL_BYTES: Final = 2_000

_TALES: Final[msgspec.json.Decoder[Started | Ended]] = msgspec.json.Decoder(Started | Ended)


class NotRunning(KeregeError):
    """A process of the country did not come up, or not in time."""


class Supervisor:
    """Starts parts, starts them again when they end, ends them. Use as a context.

    `changed` is called, in the supervisor's thread, with the table of `Keeping` whenever something
    came up or went.
    """

    def __init__(
        self, logs: Path, *, changed: Callable[[list[dict[str, object]]], None] = lambda _: None
    ) -> None:
        self._logs = logs
        self._changed = changed
        self._keeping = Keeping()
        self._told: list[dict[str, object]] = []
        self._lock = threading.Condition()
        self._stopping = threading.Event()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._nursery_due_s = 0.0
        self._nursery_ends = 0
        self._pending = b""
        self._thread = threading.Thread(target=self._run, name="supervisor")
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "Supervisor":
        self._nursery = self._start_nursery()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._close_nursery()

    def add(self, parts: Iterable[Part]) -> None:
        """Take these into care; they are started at once."""
        with self._lock:
            self._keeping.add(parts)

    def wait(self, names: Iterable[str], *, timeout_s: float) -> None:
        """Return once all of these are ready. Raises `NotRunning`, with the end of the log."""
        deadline = time.monotonic() + timeout_s
        names = list(names)
        with self._lock:
            while True:
                stages = {name: self._keeping.stage(name) for name in names}
                for name, stage in stages.items():
                    if stage is Stage.FAILED:
                        raise self._not_running(name, "ended again and again")
                late = [name for name, stage in stages.items() if stage is not Stage.READY]
                if not late:
                    return
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    raise self._not_running(late[0], f"is not ready after {timeout_s:.0f} s")
                self._lock.wait(min(left_s, 0.5))

    def end(self, names: Iterable[str]) -> None:
        """End these together and let them be; returns when they are gone."""
        with self._lock:
            leaving = [name for name in names if self._keeping.knows(name)]
            for name in leaving:
                self._keeping.let_be(name)
        for hard in (False, True):
            for name in leaving:
                if self.pid(name):
                    self._order(End(name, hard))
            deadline = time.monotonic() + _END_WITHIN_S
            while any(self.pid(name) for name in leaving) and time.monotonic() < deadline:
                time.sleep(_LOOK_EVERY_S)

    def pid(self, name: str) -> int:
        """The number of a process that runs, 0 if it does not."""
        with self._lock:
            return self._keeping.pid(name)

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        now_s = time.monotonic()
        with self._lock:
            self._hear(now_s)
            for part in self._keeping.due(now_s) if self._nursery is not None else ():
                self._keeping.begin(part.name, now_s)
                log = str(self._logs / f"{part.name}.log")
                self._order(Start(part.name, part.arguments, log))
            starting = self._keeping.at(Stage.STARTING)
        ready = [part.name for part in starting if _answers(part)]
        with self._lock:
            for name in ready:
                self._keeping.ready(name, time.monotonic())
            self._tell()

    def _tell(self) -> None:
        table = self._keeping.table()
        if table != self._told:
            self._told = table
            self._changed(table)
            self._lock.notify_all()

    def _hear(self, now_s: float) -> None:
        """Read what the nursery told; raise a new one if it is gone."""
        if self._nursery is None and now_s >= self._nursery_due_s:
            self._nursery = self._start_nursery()
        nursery_ = self._nursery
        if nursery_ is None or nursery_.stdout is None:
            return
        with contextlib.suppress(BlockingIOError):
            data = os.read(nursery_.stdout.fileno(), _CHUNK_BYTES)
            if not data:
                self._mourn(now_s)
                return
            *lines, self._pending = (self._pending + data).split(b"\n")
            for line in lines:
                tale = _TALES.decode(line)
                if isinstance(tale, Started):
                    self._keeping.started(tale.name, tale.pid)
                else:
                    self._keeping.ended(tale.name, now_s)

    def _mourn(self, now_s: float) -> None:
        """The nursery is gone, and its children with it."""
        self._close_nursery()
        self._keeping.all_ended(now_s)
        self._pending = b""
        self._nursery_ends += 1
        self._nursery_due_s = now_s + pause_s(self._nursery_ends)

    def _order(self, order: Start | End) -> None:
        if self._nursery is not None and self._nursery.stdin is not None:
            # If it is gone, hearing nothing from it will show that.
            with contextlib.suppress(BrokenPipeError):
                self._nursery.stdin.write(msgspec.json.encode(order) + b"\n")
                self._nursery.stdin.flush()

    def _start_nursery(self) -> "subprocess.Popen[bytes]":
        with self._log_file("nursery").open("ab") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the rest in order.
            process = subprocess.Popen(  # noqa: S603 -- our own command, no shell
                nursery.command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=nursery.environment(),
                start_new_session=True,
            )
        _unblock(process.stdout)
        return process

    def _close_nursery(self) -> None:
        if self._nursery is None:
            return
        for end in (self._nursery.stdin, self._nursery.stdout):
            if end is not None:
                with contextlib.suppress(BrokenPipeError):
                    end.close()
        self._nursery.wait()
        self._nursery = None

    def _log_file(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _not_running(self, name: str, what: str) -> NotRunning:
        # Where it did not even begin, the nursery says why.
        path = next((p for p in map(self._log_file, (name, "nursery")) if p.exists()), self._logs)
        tail = ""
        with contextlib.suppress(OSError):
            tail = path.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").strip()
        last = f"; it said last: {tail.splitlines()[-1]}" if tail else ""
        return NotRunning(f"{name} {what}{last}", place=str(path), remedy="read its log")


def _unblock(stream: IO[bytes] | None) -> None:
    if stream is not None:
        os.set_blocking(stream.fileno(), False)


def _answers(part: Part) -> bool:
    """Whether it serves; a part that listens nowhere does once it runs."""
    return not part.url or is_ready(part.url, part.ready_path)
