# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest

from kerege.sandbox import loading
from kerege.sandbox.lane import Answer
from kerege.sandbox.loading import Load, Report, Shot, fire
from tests.unit.sandbox.echoing import Answering, answering, ok


def meaning(answer: Answer) -> str:
    return answer.body.decode() if answer.status == 200 else ""


def shots(*urls: str, count: int = 10_000) -> Iterator[Shot]:
    for number in range(count):
        yield Shot(
            kind="pay",
            urls=urls,
            path="/",
            headers={},
            body=str(number).encode(),
            settled=meaning,
        )


def run(load: Load, answer: Answering, *, count: int = 10_000) -> Report:
    async def inside() -> Report:
        async with answering(answer) as url:
            return await fire(shots(url, count=count), load)

    return asyncio.run(inside())


def test_requests_are_sent_at_the_rate_asked_for() -> None:
    report = run(Load(rate=200, seconds=0.5), lambda _head, _body: ok(b"accepted"))
    assert report.sent == 100
    assert report.outcomes == {"pay: accepted": 100}
    assert (report.again, report.unanswered, report.not_sent) == (0, 0, 0)
    assert 0.4 < report.seconds < 2
    assert 0 < report.wait_ms(50) <= report.wait_ms(99)
    assert len(report.waits_ms) == 100


def test_without_a_rate_as_many_as_the_lanes_answer() -> None:
    report = run(Load(rate=0, seconds=60, lanes=4), lambda _h, _b: ok(b"accepted"), count=50)
    assert report.outcomes == {"pay: accepted": 50}
    assert report.per_s > 50 / 60


def test_what_is_not_answered_is_sent_again_the_same() -> None:
    seen: Counter[bytes] = Counter()

    def every_other(_head: bytes, body: bytes) -> bytes | None:
        seen[body] += 1
        if seen[body] > 1:
            return ok(b"accepted")
        return None if int(body) % 2 else ok(b"", status="503 Busy")

    report = run(Load(rate=100, seconds=0.2), every_other)
    assert report.outcomes == {"pay: accepted": 20}
    assert report.again == 20
    assert set(seen.values()) == {2}


def test_another_node_is_asked_when_one_is_gone() -> None:
    async def inside() -> Report:
        async with answering(lambda _head, _body: ok(b"accepted")) as url:
            both = shots("http://127.0.0.1:9", url)
            return await fire(both, Load(rate=50, seconds=0.2))

    report = asyncio.run(inside())
    assert report.outcomes == {"pay: accepted": 10}
    assert report.again == 10


def test_what_is_never_answered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_GIVE_UP_S", 0.2)
    report = run(Load(rate=50, seconds=0.1), lambda _head, _body: None)
    assert (report.unanswered, report.outcomes) == (5, {})
    assert report.wait_ms(99) == 0
