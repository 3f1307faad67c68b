# SPDX-License-Identifier: Apache-2.0
"""The core's event stream: accepted orders, in the log's order, told to those they concern.

There is no table of events: an accepted order is one, written in the SQL transaction that made
it, and its leaf is the cursor. What is recent is told from memory, so that many readers at the
end of the stream cost one reading of it.
"""

import threading
from collections import deque
from itertools import islice
from typing import Final

from kerege.centralbank.telling import Teller, Told
from kerege.ledger.stores import Store
from kerege.payments import ParticipantId
from kerege.payments.events import Event, Page

__all__ = ["MAX_EVENTS", "Feed"]

MAX_EVENTS: Final = 1_000
"""Events in one page."""

_LOOKED_AT: Final = 4_096
"""Orders looked at for one page: a quiet institution's page ends there, and it asks again."""

_RECENT: Final = 16_384
"""Orders kept told, some kilobytes each."""

_POLL_S: Final = 0.02
"""How often the end of the stream is looked at while somebody waits there."""


class Feed:
    """Gives each institution its events. Safe among threads."""

    def __init__(self, store: Store, teller: Teller, *, first_leaf: int = 0) -> None:
        """Keep in memory what is accepted from `first_leaf` on: at best the end of the log."""
        self._store = store
        self._teller = teller
        self._recent: deque[Told] = deque(maxlen=_RECENT)
        self._next = first_leaf
        self._lock = threading.Lock()

    def after(
        self, cursor: int, *, bank: ParticipantId, limit: int = MAX_EVENTS, wait_s: float = 0
    ) -> Page:
        """Events behind leaf `cursor` (-1: from the beginning), at most `limit` of them; waits up
        to `wait_s` seconds for the first."""
        limit = min(max(limit, 1), MAX_EVENTS)
        pause = threading.Event()
        turns = max(int(wait_s / _POLL_S), 0) + 1
        page = Page((), cursor)
        for turn in range(turns):
            if turn:
                pause.wait(_POLL_S)
            page = self._page(page.next, bank, limit)
            if page.events:
                break
        return page

    def _page(self, cursor: int, bank: ParticipantId, limit: int) -> Page:
        events: list[Event] = []
        for told in self._told_after(max(cursor, -1)):
            cursor = told.cursor
            event = told.events.get(bank)
            if event is not None:
                events.append(event)
                if len(events) >= limit:
                    break
        return Page(tuple(events), cursor)

    def _told_after(self, cursor: int) -> list[Told]:
        """The next orders behind `cursor`, at most `_LOOKED_AT`."""
        with self._lock:
            first = self._next - len(self._recent)
            if first <= cursor + 1 <= self._next:
                self._extend()
                first = self._next - len(self._recent)
                return list(islice(self._recent, max(cursor + 1 - first, 0), None))[:_LOOKED_AT]
        return self._read(cursor + 1)

    def _extend(self) -> None:
        """Tell what was accepted since."""
        more = self._read(self._next)
        if more:
            self._recent.extend(more)
            self._next = more[-1].cursor + 1

    def _read(self, leaf: int) -> list[Told]:
        told: list[Told] = []
        for batch in self._store.batches(first_leaf=leaf, limit=_LOOKED_AT):
            for place, order in enumerate(batch.orders, start=batch.first_leaf):
                if place >= leaf:
                    told.append(self._teller.tell(order, cursor=place, at_us=batch.at_us))
        return told[:_LOOKED_AT]
