# SPDX-License-Identifier: Apache-2.0
"""A customer's events: a page by cursor, or a stream that goes on (server-sent events)."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Struct

from kerege.bank.http.signed_in import WALLETS, CustomerRequest, needs
from kerege.bank.outbox import MAX_NOTICES, Outbox
from kerege.service import (
    BEARER,
    Bell,
    EventPage,
    Streams,
    Told,
    last_event_id,
    long_poll,
    stream_events,
)
from kerege.service.events import MAX_WAIT_S
from kerege.wallet.wire import Notice

__all__ = ["NoticePage", "event_routes"]

_EACH: Final = 4
_POLL_S: Final = 1.0
"""How late another process's notices may be seen; ours ring."""

_After = Annotated[int, QueryParameter(ge=0, le=2**53)]
_Limit = Annotated[int, QueryParameter(ge=1, le=MAX_NOTICES)]
_Wait = Annotated[int, QueryParameter(ge=0, le=int(MAX_WAIT_S))]


class NoticePage(Struct, frozen=True):
    """Notices in order; ask on with `after` = `next`."""

    notices: list[Notice]
    next: int


def event_routes(outbox: Outbox, bell: Bell, streams: Streams) -> Router:
    """`streams` counts how many a customer has open at once."""

    @get(
        "/",
        opt=needs(WALLETS),
        summary="What happened to me, by cursor",
    )
    async def page(
        request: CustomerRequest, after: _After = 0, limit: _Limit = 100, wait_s: _Wait = 0
    ) -> NoticePage:
        """Notices behind `after`; waits up to `wait_s` seconds for the first."""
        customer = request.user.customer

        async def fetch() -> list[Notice]:
            return await asyncio.to_thread(outbox.after, customer, after, limit=limit)

        found = await long_poll(fetch, bool, bell, wait_s=wait_s, poll_s=_POLL_S)
        return NoticePage(found, found[-1].id if found else after)

    @get(
        "/stream",
        opt=needs(WALLETS),
        summary="What happens to me, as it happens",
        media_type="text/event-stream",
    )
    async def stream(request: CustomerRequest, after: _After = 0) -> Stream:
        """Server-sent events; each one's id is its cursor, and `Last-Event-ID` goes on there."""
        customer = request.user.customer

        async def fetch(cursor: int) -> EventPage:
            found = await asyncio.to_thread(outbox.after, customer, cursor)
            told = [Told(each.id, each.kind, each) for each in found]
            return EventPage(told, found[-1].id if found else cursor)

        return stream_events(
            fetch,
            bell,
            after=last_event_id(request, after=after),
            streams=streams,
            caller=customer,
            poll_s=_POLL_S,
        )

    return Router("/v1/events", route_handlers=[page, stream], tags=["events"], security=[BEARER])
