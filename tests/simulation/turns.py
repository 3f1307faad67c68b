# SPDX-License-Identifier: Apache-2.0
"""Submitters and the writer taking turns, one at a time, in an order we choose.

The ledger is made for threads. Here each submitter is a thread that runs only while the
simulation waits for it, until it waits for a batch to be durable; the writer has no thread and
writes when told. So two batches can be under way at once and every run is the same.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from kerege.ledger.stores.sqlite_writer import Job, Ticket, Writer

__all__ = ["HeldWriter", "Submitter"]

_current = threading.local()


class Submitter:
    """Runs `work` in turns: `resume` returns when it waits for a batch or has ended."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.result: Any = None
        self.failure: BaseException | None = None
        self.ended = False
        self.waits_for: HeldDone | None = None
        self._work = work
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def resume(self) -> None:
        """Let it run until it pauses again."""
        self._go.release()
        self._back.acquire()

    def pause(self, done: "HeldDone") -> None:
        """Called by its own thread: give way to the simulation."""
        self.waits_for = done
        self._back.release()
        self._go.acquire()
        self.waits_for = None

    @property
    def can_go_on(self) -> bool:
        """Whether what it waits for has happened."""
        return self.waits_for is None or self.waits_for.happened

    def _run(self) -> None:
        self._go.acquire()
        _current.submitter = self
        try:
            self.result = self._work()
        except BaseException as failure:  # handed to the simulation, which judges it
            self.failure = failure
        self.ended = True
        self._back.release()


class HeldDone:
    """Stands for a ticket's event: waiting gives way to the simulation."""

    def __init__(self, writer: "HeldWriter") -> None:
        self.happened = False
        self._writer = writer

    def set(self) -> None:
        self.happened = True

    def wait(self) -> None:
        while not self.happened:
            submitter: Submitter | None = getattr(_current, "submitter", None)
            if submitter is None:
                self._writer.write_next()
            else:
                submitter.pause(self)


class HeldWriter(Writer):
    """The store's writer without its thread."""

    def start(self) -> None:
        self.queued: deque[tuple[Job, Ticket]] = deque()

    def put(self, job: Job, ticket: Ticket) -> None:
        ticket._done = HeldDone(self)  # type: ignore[assignment]
        self.queued.append((job, ticket))

    def write_next(self) -> None:
        """Write the oldest batch queued."""
        self.write(*self.queued.popleft())

    def stop(self) -> None:
        while self.queued:
            self.write_next()
