# SPDX-License-Identifier: Apache-2.0
"""`/v1/events`: accepted orders that moved the caller's customers' money, by cursor.

As pages one waits for, or as server-sent events.
"""

import asyncio
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream

from kerege.centralbank.feed import MAX_EVENTS, Feed
from kerege.centralbank.http.callers import KEEPS_WALLETS, CoreRequest, require_roles
from kerege.payments import ParticipantId
from kerege.payments.events import Page
from kerege.service import (
    Bell,
    EventPage,
    Streams,
    Told,
    last_event_id,
    long_poll,
    stream_events,
)
from kerege.service.events import MAX_WAIT_S

__all__ = ["event_routes"]

_MAX_LEAF: Final = 2**53
"""Any JSON reader can hold it."""

_STREAMED: Final = 256
"""Events read at once for a stream: some hundreds of kilobytes."""

_POLL_S: Final = 1.0
"""How long we rely on the bell, which is rung for what other processes accept too."""

After = Annotated[
    int,
    QueryParameter(ge=-1, le=_MAX_LEAF, description="Cursor; -1 is before the first event."),
]
EventCount = Annotated[int, QueryParameter(ge=1, le=MAX_EVENTS, description="Events at most.")]
WaitS = Annotated[
    int, QueryParameter(ge=0, le=int(MAX_WAIT_S), description="Seconds to wait for the first.")
]


def event_routes(feed: Feed, bell: Bell, streams: Streams) -> Router:
    """The routes; for institutions that keep wallets."""

    async def fetch(bank: ParticipantId, after: int, limit: int) -> Page:
        return await asyncio.to_thread(feed.after, after, bank=bank, limit=limit)

    @get("/v1/events")
    async def read_events(
        request: CoreRequest, after: After = -1, limit: EventCount = 100, wait_s: WaitS = 0
    ) -> Page:
        """Events behind a cursor, oldest first; go on with `next`."""
        page: Page | None = None

        async def look() -> Page:
            nonlocal page
            bank = request.user.id
            # Rung once more is known, the bell spares those who wait a look at the ledger.
            known = page and feed.known_after(page.next, bank=bank, limit=limit)
            page = known or await fetch(bank, page.next if page else after, limit)
            return page

        return await long_poll(
            look, lambda found: bool(found.events), bell, wait_s=wait_s, poll_s=_POLL_S
        )

    @get("/v1/events/stream", media_type="text/event-stream")
    async def stream(request: CoreRequest, after: After = -1) -> Stream:
        """The same as server-sent events; `id` is the cursor, `Last-Event-ID` goes on from it."""

        async def look(cursor: int) -> EventPage:
            page = await fetch(request.user.id, cursor, _STREAMED)
            return EventPage([Told(e.cursor, e.kind, e) for e in page.events], page.next)

        return stream_events(
            look,
            bell,
            after=last_event_id(request, after=after),
            streams=streams,
            caller=request.user.id,
            poll_s=_POLL_S,
        )

    return Router(
        "/",
        route_handlers=[read_events, stream],
        middleware=[require_roles(*KEEPS_WALLETS)],
        tags=["events"],
    )
