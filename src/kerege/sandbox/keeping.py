# SPDX-License-Identifier: Apache-2.0
"""What is to be done with the processes of a country: start, wait, start again later. Pure.

Instants are seconds of any clock that never goes back. A process that ends by itself is started
again, after a pause that doubles each time and is forgotten once it has run for a while.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Final

from kerege.errors import InvariantViolation

__all__ = ["GIVE_UP_AFTER", "Keeping", "Part", "Stage", "pause_s"]

_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 10.0
_SETTLED_S: Final = 30.0
"""Having run so long, a process that ends is as good as new."""

GIVE_UP_AFTER: Final = 5
"""Starts of a process that was never ready: then its own log says more than another try."""


@unique
class Stage(StrEnum):
    """Where a process stands."""

    WAITING = "waiting"
    """To be started, perhaps after a pause."""
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    """Ended `GIVE_UP_AFTER` times without ever having been ready."""
    LEFT = "left"
    """To be ended, and not started again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process of the country: what to run, and where it answers.

    `url` is where it listens, empty if nowhere; `ready_path` is what answers 200 once it serves,
    empty if being reachable is enough.
    """

    name: str
    arguments: tuple[str, ...]
    url: str = ""
    ready_path: str = ""


@dataclass(slots=True)
class _Kept:
    part: Part
    stage: Stage = Stage.WAITING
    pid: int = 0
    due_s: float = 0.0
    since_s: float = 0.0
    in_a_row: int = 0
    starts: int = 0
    was_ready: bool = False


@dataclass(slots=True)
class Keeping:
    """All processes and where each stands."""

    _kept: dict[str, _Kept] = field(default_factory=dict)

    def add(self, parts: Iterable[Part]) -> None:
        """Take more into care. A name once taken is known already: nothing is changed."""
        for part in parts:
            self._kept.setdefault(part.name, _Kept(part))

    def due(self, now_s: float) -> list[Part]:
        """What is to be started now."""
        return [
            kept.part
            for kept in self._kept.values()
            if kept.stage is Stage.WAITING and kept.due_s <= now_s
        ]

    def begin(self, name: str, now_s: float) -> None:
        """It was told to start."""
        kept = self._of(name)
        kept.stage, kept.since_s, kept.starts = Stage.STARTING, now_s, kept.starts + 1

    def started(self, name: str, pid: int) -> None:
        """It runs as `pid`."""
        self._of(name).pid = pid

    def ready(self, name: str, now_s: float) -> None:
        """It serves."""
        kept = self._of(name)
        if kept.stage is Stage.STARTING:
            kept.stage, kept.since_s, kept.was_ready = Stage.READY, now_s, True

    def ended(self, name: str, now_s: float) -> None:
        """It is gone, for whatever reason: it will be due again, unless it never worked."""
        kept = self._of(name)
        settled = kept.stage is Stage.READY and now_s - kept.since_s >= _SETTLED_S
        kept.in_a_row = 1 if settled else kept.in_a_row + 1
        kept.pid = 0
        if kept.stage is Stage.LEFT:
            return
        if not kept.was_ready and kept.in_a_row >= GIVE_UP_AFTER:
            kept.stage = Stage.FAILED
            return
        kept.stage, kept.due_s = Stage.WAITING, now_s + pause_s(kept.in_a_row)

    def all_ended(self, now_s: float) -> None:
        """All are gone at once."""
        for name, kept in self._kept.items():
            if kept.stage in (Stage.STARTING, Stage.READY, Stage.LEFT):
                self.ended(name, now_s)

    def let_be(self, name: str) -> None:
        """Do not start it again once it has ended."""
        self._of(name).stage = Stage.LEFT

    def knows(self, name: str) -> bool:
        """Whether it was ever taken into care."""
        return name in self._kept

    def pid(self, name: str) -> int:
        """The number of its process, 0 if it does not run."""
        return self._of(name).pid

    def at(self, stage: Stage) -> list[Part]:
        """Those that stand there."""
        return [kept.part for kept in self._kept.values() if kept.stage is stage]

    def stage(self, name: str) -> Stage:
        """Where one stands."""
        return self._of(name).stage

    def table(self) -> list[dict[str, object]]:
        """Each process for people and for `kerege status`: name, pid, URL, stage, restarts."""
        return [
            {
                "name": kept.part.name,
                "pid": kept.pid,
                "url": kept.part.url,
                "stage": str(kept.stage),
                "restarts": max(0, kept.starts - 1),
            }
            for kept in self._kept.values()
        ]

    def _of(self, name: str) -> _Kept:
        kept = self._kept.get(name)
        if kept is None:
            raise InvariantViolation(f"no process {name} was taken into care")
        return kept


def pause_s(in_a_row: int) -> float:
    """Seconds before the next start after `in_a_row` ends one after the other."""
    return min(_FIRST_PAUSE_S * float(2 ** min(in_a_row - 1, 16)), _LONGEST_PAUSE_S)
