# SPDX-License-Identifier: Apache-2.0
"""Programmes as the bank's customers may read them: what the core publishes, asked for now and
then and kept for a little while, so that a thousand customers ask it once."""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

from kerege.bank.core_line import CoreLine
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.runtime import Clock

__all__ = ["KEPT_US", "MAX_KEPT", "Programmes"]

KEPT_US: Final = 30_000_000
"""How late a customer may hear of a new version: half a minute. The core decides by the newest."""

MAX_KEPT: Final = 256
"""Answers kept, some 100 kB each at most: a country has tens of programmes."""

_T = TypeVar("_T")
_K = TypeVar("_K", str, tuple[str, int])


class Programmes:
    """The core's programmes, remembered. Safe among threads; raises `CoreUnreachable`."""

    def __init__(self, core: CoreLine, clock: Clock) -> None:
        self._core = core
        self._clock = clock
        self._lists: dict[str, tuple[int, ProgrammeList]] = {}
        self._pages: dict[tuple[str, int], tuple[int, ProgrammePage | None]] = {}
        self._lock = threading.Lock()

    def list(self, after: str = "") -> ProgrammeList:
        """A page of them, by id from behind `after`."""
        return self._kept(self._lists, after, lambda: self._core.programmes(after=after))

    def page(self, programme: str, version: int = 0) -> ProgrammePage | None:
        """One programme with the terms of a version (0: the newest); None if there is none."""
        return self._kept(
            self._pages,
            (programme, version),
            lambda: self._core.programme(programme, version=version),
        )

    def _kept(self, kept: dict[_K, tuple[int, _T]], key: _K, ask: Callable[[], _T]) -> _T:
        now_us = self._clock.now_us()
        found = kept.get(key)
        if found is not None and now_us < found[0]:
            return found[1]
        answer = ask()
        with self._lock:
            if len(kept) >= MAX_KEPT:
                kept.clear()
            kept[key] = (now_us + KEPT_US, answer)
        return answer
