# SPDX-License-Identifier: Apache-2.0
"""Event streams: nothing twice, nothing lost, heartbeats, limits, from where the client stands."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import httpx
import pytest
from litestar import Request, get
from litestar.params import FromQuery
from litestar.response import Stream

from kerege.service.bell import Bell
from kerege.service.events import (
    EventPage,
    Streams,
    Told,
    last_event_id,
    long_poll,
    stream_events,
)
from kerege.service.problems import Problem
from tests.nodes import EchoNode, serve_echo


class Happenings:
    """A growing list of numbers, three to a page; odd ones are nobody's business."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.last = 0

    def happen(self, count: int) -> None:
        self.last += count
        self.bell.ring()

    async def page(self, after: int) -> EventPage:
        until = min(after + 3, self.last)
        shown = [Told(n, "even", {"n": n}) for n in range(after + 1, until + 1) if n % 2 == 0]
        return EventPage(shown, max(until, after))


@contextmanager
def told(happenings: Happenings, streams: Streams, heartbeat_s: float = 15) -> Iterator[EchoNode]:
    @get("/events")
    async def events(request: Request, after: FromQuery[int] = 0) -> Stream:  # type: ignore[type-arg]
        return stream_events(
            happenings.page,
            happenings.bell,
            after=last_event_id(request, after=after),
            streams=streams,
            caller="alpha",
            heartbeat_s=heartbeat_s,
        )

    with serve_echo(events, on_stopping=streams.close) as node:
        yield node


def lines_of(url: str, count: int, **headers: str) -> list[str]:
    with httpx.stream("GET", url, headers=headers, trust_env=False, timeout=5) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in answer.iter_lines() if line)
        return list(islice(lines, count))


def test_past_then_new_events() -> None:
    happenings = Happenings()
    happenings.happen(4)
    with told(happenings, Streams()) as node:
        threading.Timer(0.2, happenings.happen, [2]).start()
        lines = lines_of(f"{node.url}/events", 10)
    assert lines == [
        "retry: 1000",
        *("id: 2", "event: even", 'data: {"n":2}'),
        *("id: 4", "event: even", 'data: {"n":4}'),
        *("id: 6", "event: even", 'data: {"n":6}'),
    ]


def test_a_client_that_comes_back_goes_on() -> None:
    happenings = Happenings()
    happenings.happen(100)
    with told(happenings, Streams()) as node:
        lines = lines_of(f"{node.url}/events?after=7", 2, **{"last-event-id": "96"})
    assert lines[1] == "id: 98"


def test_silence_is_filled() -> None:
    with told(Happenings(), Streams(), heartbeat_s=0.05) as node:
        assert lines_of(f"{node.url}/events", 3) == ["retry: 1000", *[": still here"] * 2]


def test_streams_are_counted_and_given_back() -> None:
    happenings, streams = Happenings(), Streams(each=1)
    happenings.happen(2)
    with told(happenings, streams, heartbeat_s=0.05) as node:
        with httpx.stream("GET", f"{node.url}/events", trust_env=False) as first:
            lines = first.iter_lines()
            next(lines)
            answer = httpx.get(f"{node.url}/events", trust_env=False)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
        for _ in range(100):
            if not streams._by_caller:
                break
            time.sleep(0.02)
        assert lines_of(f"{node.url}/events", 2)[1] == "id: 2"


def test_a_slow_reader_costs_one_page() -> None:
    fetched, streams = [], Streams()

    async def page(after: int) -> EventPage:
        fetched.append(after)
        return EventPage([Told(after + 1, "big", "x" * 100_000)], after + 1)

    @get("/events")
    async def events() -> Stream:
        return stream_events(page, Bell(), after=0, streams=streams, caller="alpha")

    with (
        serve_echo(events, on_stopping=streams.close) as node,
        httpx.stream("GET", f"{node.url}/events", trust_env=False) as answer,
    ):
        pieces = answer.iter_raw()
        next(pieces)
        time.sleep(0.3)
        assert len(fetched) < 200


@pytest.mark.parametrize("given", ["x", "-1", "1e3", "9" * 20, "9223372036854775808", "²"])
def test_a_cursor_is_a_number(given: str) -> None:
    happenings = Happenings()
    with told(happenings, Streams()) as node:
        headers = [("last-event-id", given.encode())]
        answer = httpx.get(f"{node.url}/events", headers=headers, trust_env=False)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["place"]) == (400, "last-event-id")


def test_a_long_poll_waits_for_news() -> None:
    happenings = Happenings()

    async def scene() -> tuple[EventPage, EventPage]:
        async def fetch() -> EventPage:
            return await happenings.page(0)

        def is_news(page: EventPage) -> bool:
            return bool(page.events)

        nothing = await long_poll(fetch, is_news, happenings.bell, wait_s=0.02)
        threading.Timer(0.1, happenings.happen, [2]).start()
        something = await long_poll(fetch, is_news, happenings.bell, wait_s=5)
        return nothing, something

    nothing, something = asyncio.run(scene())
    assert nothing.events == []
    assert [event.cursor for event in something.events] == [2]


def test_all_streams_together_are_limited() -> None:
    streams = Streams(most=2, each=2)
    streams.enter("a", Bell())
    streams.enter("b", Bell())
    with pytest.raises(Problem):
        streams.enter("c", Bell())
    streams.leave("a")
    streams.enter("c", Bell())


def test_streams_end_when_the_server_stops() -> None:
    started = time.monotonic()
    with told(Happenings(), Streams()) as node:
        client = httpx.Client(trust_env=False)
        request = client.build_request("GET", f"{node.url}/events")
        answer = client.send(request, stream=True)
        lines = answer.iter_lines()
        next(lines)
    assert list(lines) == [""]
    client.close()
    assert time.monotonic() - started < 3
