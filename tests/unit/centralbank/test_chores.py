# SPDX-License-Identifier: Apache-2.0
"""Chores go on after passing trouble, and stop at a fault of ours."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from kerege.centralbank.chores import Chore
from kerege.errors import InvariantViolation, KeregeError


class Work:
    """Fails as told, then counts."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done = threading.Event()

    def __call__(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.done.set()


def test_it_does_its_step_until_closed() -> None:
    work = Work()
    with closing(Chore("work", work, pause_s=0.01)) as chore:
        chore.start()
        assert work.done.wait(5)
        chore.check()
    with pytest.raises(KeregeError, match="work does not work"):
        chore.check()


def test_passing_trouble() -> None:
    work = Work(KeregeError("busy"), OSError("disk"))
    with closing(Chore("work", work, pause_s=0.01)) as chore:
        chore.start()
        assert work.done.wait(5)
        eventually(lambda: not chore.troubled)
        chore.check()


def test_trouble_is_told() -> None:
    work = Work(*[KeregeError("busy")] * 100)
    with closing(Chore("work", work, pause_s=0.01)) as chore:
        chore.start()
        eventually(lambda: chore.troubled)
        with pytest.raises(KeregeError):
            chore.check()


def test_a_fault_of_ours_ends_it() -> None:
    work = Work(InvariantViolation("ours"))
    with closing(Chore("work", work, pause_s=0.01)) as chore:
        chore.start()
        eventually(lambda: chore.failed)
        with pytest.raises(KeregeError):
            chore.check()


def test_closing_what_was_never_begun() -> None:
    Chore("work", Work(), pause_s=1).close()


def eventually(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        if holds():
            return
        pause.wait(0.01)
    pytest.fail("it never came")
