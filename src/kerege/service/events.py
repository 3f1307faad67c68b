# SPDX-License-Identifier: Apache-2.0
"""Server-sent events (WHATWG HTML section 9.2) and long polls over a log with cursors.

Events are pulled page by page from where a client stands, and the next page is read only once the
last was handed to the network: a client that reads slowly costs one page, however far behind it is,
and nothing is dropped. Each event's id is its cursor, so a client that comes back says
`Last-Event-ID` and misses nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request
from litestar.response import Stream
from msgspec import Struct

from kerege.service.bell import Bell
from kerege.service.problems import Problem

__all__ = [
    "HEARTBEAT_S",
    "MAX_STREAMS",
    "MAX_WAIT_S",
    "EventPage",
    "Streams",
    "Told",
    "last_event_id",
    "long_poll",
    "stream_events",
]

HEARTBEAT_S: Final = 15.0
"""Proxies close what is silent for a minute; a client that is gone is noticed at the next write."""

MAX_WAIT_S: Final = 30.0
"""How long a long poll may wait."""

MAX_STREAMS: Final = 1_000
"""Streams of one process: each holds a connection and a task."""

RETRY_MS: Final = 1_000
"""What clients wait before they come back."""

_MAX_CURSOR: Final = 2**63 - 1


class Told(Struct, frozen=True):
    """One event: its cursor, its kind, and data that msgspec can encode."""

    cursor: int
    kind: str
    data: Any


class EventPage(Struct, frozen=True):
    """Events in order, and the cursor to go on from: of the last event looked at, shown or not."""

    events: Sequence[Told]
    next: int


Fetch = Callable[[int], Awaitable[EventPage]]
_T = TypeVar("_T")


class Streams:
    """A process's streams: counted, in all and by caller, and ended together."""

    def __init__(self, *, most: int = MAX_STREAMS, each: int = 8) -> None:
        """Allow `most` in all, `each` to one caller."""
        self._most = most
        self._each = each
        self._by_caller: dict[str, int] = {}
        self._bells: set[Bell] = set()
        self.closed = False

    def close(self) -> None:
        """End all of them, from any thread: a server that stops need not wait for them."""
        self.closed = True
        for bell in list(self._bells):
            bell.ring()

    def enter(self, caller: str, bell: Bell) -> None:
        """Count one more; raises `Problem` if that is too many."""
        self._bells.add(bell)
        count = self._by_caller.get(caller, 0)
        if count >= self._each or sum(self._by_caller.values()) >= self._most:
            raise Problem("too_many_requests", "streams", headers={"retry-after": "5"})
        self._by_caller[caller] = count + 1

    def leave(self, caller: str) -> None:
        """Count one less."""
        left = self._by_caller.pop(caller) - 1
        if left:
            self._by_caller[caller] = left


def stream_events(
    fetch: Fetch,
    bell: Bell,
    *,
    after: int,
    streams: Streams,
    caller: str,
    heartbeat_s: float = HEARTBEAT_S,
    poll_s: float = HEARTBEAT_S,
) -> Stream:
    """The answer that tells events after `after` as they come.

    `fetch(cursor)` gives the events after a cursor, without waiting. `bell` says when to look
    again; where another process may write too, `poll_s` bounds how long we rely on it.
    Raises `Problem` if there are too many streams already.
    """
    streams.enter(caller, bell)
    # Not a generator function: what was counted must be given back even if nobody reads.
    lines = _Lines(fetch, bell, after, heartbeat_s, poll_s, streams, caller)
    return Stream(
        lines,
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


class _Lines:
    """Text of an event stream."""

    def __init__(
        self,
        fetch: Fetch,
        bell: Bell,
        after: int,
        heartbeat_s: float,
        poll_s: float,
        streams: Streams,
        caller: str,
    ) -> None:
        self._fetch = fetch
        self._bell = bell
        self._after = after
        self._heartbeat_s = heartbeat_s
        self._poll_s = min(poll_s, heartbeat_s)
        self._streams = streams
        self._caller: str | None = caller

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._run()

    async def _run(self) -> AsyncIterator[bytes]:
        try:
            yield f"retry: {RETRY_MS}\n\n".encode()
            while text := await self._next():
                yield text
        finally:
            self.close()

    async def _next(self) -> bytes:
        """The next page as text, or a heartbeat when there is none for so long."""
        silent_s = 0.0
        while silent_s < self._heartbeat_s:
            # Neither reading nor sending need ever wait: others must get their turn all the same,
            # and the end of the connection must be seen.
            await asyncio.sleep(0)
            if self._streams.closed or self._bell.closed:
                return b""
            rung = self._bell.rung
            page = await self._fetch(self._after)
            moved = page.next > self._after
            self._after = page.next
            if page.events:
                return b"".join(_text_of(event) for event in page.events)
            if not moved and not await self._bell.wait(rung, timeout_s=self._poll_s):
                silent_s += self._poll_s
        return b": still here\n\n"

    def close(self) -> None:
        caller, self._caller = self._caller, None
        if caller is not None:
            self._streams.leave(caller)

    def __del__(self) -> None:
        self.close()


def _text_of(event: Told) -> bytes:
    # JSON has no raw line breaks, so one `data` line holds it.
    data = msgspec.json.encode(event.data)
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (event.cursor, event.kind.encode(), data)


async def long_poll(
    fetch: Callable[[], Awaitable[_T]],
    is_news: Callable[[_T], bool],
    bell: Bell,
    *,
    wait_s: float,
    poll_s: float = HEARTBEAT_S,
) -> _T:
    """What `fetch` gives as soon as it is news, or after `wait_s` (or once the bell is closed) what
    there is."""
    loop = asyncio.get_running_loop()
    until = loop.time() + min(wait_s, MAX_WAIT_S)
    while True:
        rung = bell.rung
        page = await fetch()
        left_s = until - loop.time()
        if is_news(page) or left_s <= 0 or bell.closed:
            return page
        await bell.wait(rung, timeout_s=min(left_s, poll_s))


def last_event_id(request: Request[Any, Any, Any], *, after: int) -> int:
    """Where to go on: `Last-Event-ID` if the client sent one, else `after`; raises `Problem`."""
    given = request.headers.get("last-event-id", "")
    if not given:
        return after
    if not (given.isascii() and given.isdigit()) or len(given) > 19 or int(given) > _MAX_CURSOR:
        raise Problem("request_invalid", "a cursor is a whole number", place="last-event-id")
    return int(given)
