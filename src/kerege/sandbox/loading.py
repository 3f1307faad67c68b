# SPDX-License-Identifier: Apache-2.0
"""Sends requests at an even rate and tells what became of each, and after how long.

A wait is counted from the instant a request was due, not from when there was room to send it:
otherwise a node that stalls would make its own figures look better.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from msgspec import Struct

from kerege.sandbox.figures import percentile
from kerege.sandbox.lane import Answer, Lane, NoAnswer

__all__ = ["Load", "Report", "Shot", "fire"]

MAX_UNDER_WAY: Final = 2_000
"""Requests sent and not answered; beyond, those that come due are counted as not sent."""

_GIVE_UP_S: Final = 30.0
"""How long the same request is sent again where no answer came."""
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 2.0


class Shot(Struct, frozen=True, kw_only=True):
    """One request that may be sent again without harm. `urls` are nodes that serve it alike;
    `settled` names what an answer means, or says with "" that the same is to be sent again."""

    kind: str
    urls: tuple[str, ...]
    path: str
    headers: dict[str, str]
    body: bytes
    settled: Callable[[Answer], str]


class Report(Struct, frozen=True, kw_only=True):
    """What became of a load. Times in milliseconds, `seconds` from the first due to the last
    answer, `own_cpu_s` what sending took this process. `again` counts requests sent more than once
    because no answer came. `waits_by_kind` are of those answered."""

    seconds: float
    own_cpu_s: float
    sent: int
    not_sent: int
    again: int
    unanswered: int
    outcomes: dict[str, int]
    waits_by_kind: dict[str, list[float]]

    @property
    def per_s(self) -> float:
        """Requests answered a second."""
        return sum(self.outcomes.values()) / self.seconds if self.seconds else 0.0

    @property
    def waits_ms(self) -> list[float]:
        """All waits, of every kind."""
        return [wait for waits in self.waits_by_kind.values() for wait in waits]

    def wait_ms(self, percent: float, *, kind: str = "") -> float:
        """The wait that `percent` of the answered ones (of a kind) did not exceed."""
        return percentile(self.waits_by_kind[kind] if kind else self.waits_ms, percent)

    def accepted(self, kind: str) -> int:
        """How many of a kind were accepted."""
        return self.outcomes.get(f"{kind}: accepted", 0)


class Load(Struct, frozen=True, kw_only=True):
    """How to send: `rate` a second for `seconds`; with `rate` 0, as fast as `lanes` answer."""

    rate: float
    seconds: float
    lanes: int = 64


async def fire(
    shots: Iterator[Shot], load: Load, *, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Send `shots` as `load` says until time or shots run out; `progress` hears of each answer."""
    gun = _Gun(progress)
    start, cpu_start = time.monotonic(), time.process_time()
    try:
        if load.rate > 0:
            await gun.evenly(shots, load, start)
        else:
            await gun.flat_out(shots, load, start)
    finally:
        gun.close()
    return gun.report(time.monotonic() - start, time.process_time() - cpu_start)


class _Gun:
    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress = progress
        self._idle: dict[str, list[Lane]] = {}
        self._outcomes: Counter[str] = Counter()
        self._waits_ms: defaultdict[str, list[float]] = defaultdict(list)
        self._sent = self._not_sent = self._again = self._unanswered = 0

    async def evenly(self, shots: Iterator[Shot], load: Load, start: float) -> None:
        under_way: set[asyncio.Task[None]] = set()
        for number in range(max(1, round(load.rate * load.seconds))):
            due = start + number / load.rate
            await _until(due)
            if len(under_way) >= MAX_UNDER_WAY:
                self._not_sent += 1
                continue
            shot = next(shots, None)
            if shot is None:
                break
            task = asyncio.create_task(self._one(shot, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def flat_out(self, shots: Iterator[Shot], load: Load, start: float) -> None:
        async def worker() -> None:
            while time.monotonic() < start + load.seconds:
                shot = next(shots, None)
                if shot is None:
                    return
                await self._one(shot, time.monotonic())

        await asyncio.gather(*(worker() for _ in range(load.lanes)))

    async def _one(self, shot: Shot, due: float) -> None:
        self._sent += 1
        outcome = await self._settle(shot, due)
        if outcome:
            self._outcomes[f"{shot.kind}: {outcome}"] += 1
            self._waits_ms[shot.kind].append((time.monotonic() - due) * 1_000)
        else:
            self._unanswered += 1
        self._progress(self._sent)

    async def _settle(self, shot: Shot, due: float) -> str:
        """What became of it, by sending the same to each node in turn until one says."""
        tries = 0
        while time.monotonic() < due + _GIVE_UP_S:
            url = shot.urls[tries % len(shot.urls)]
            lane = self._take(url)
            try:
                answer = await lane.ask("POST", shot.path, headers=shot.headers, body=shot.body)
                outcome = shot.settled(answer)
                if outcome:
                    return outcome
            except NoAnswer:
                pass
            finally:
                self._idle[url].append(lane)
            self._again += tries == 0
            tries += 1
            await asyncio.sleep(min(_FIRST_PAUSE_S * 2**tries, _LONGEST_PAUSE_S))
        return ""

    def _take(self, url: str) -> Lane:
        idle = self._idle.setdefault(url, [])
        return idle.pop() if idle else Lane(url)

    def close(self) -> None:
        for lanes in self._idle.values():
            for lane in lanes:
                lane.close()

    def report(self, seconds: float, own_cpu_s: float) -> Report:
        return Report(
            seconds=seconds,
            own_cpu_s=own_cpu_s,
            sent=self._sent,
            not_sent=self._not_sent,
            again=self._again,
            unanswered=self._unanswered,
            outcomes=dict(self._outcomes.most_common()),
            waits_by_kind=dict(self._waits_ms),
        )


def _until(due: float) -> Awaitable[None]:
    return asyncio.sleep(max(0.0, due - time.monotonic()))
