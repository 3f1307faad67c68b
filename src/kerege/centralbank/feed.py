# SPDX-License-Identifier: Apache-2.0
"""The core's event stream: accepted orders, in the log's order, told to those they concern.

There is no table of events: an accepted order is one, written in the SQL transaction that made
it, and its leaf is the cursor. What is recent is told from memory, so that many readers at the
end of the stream cost one reading of it.
"""

import threading
from typing import Final

from msgspec import Struct

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
"""Orders kept told at least, some kilobytes each; at most twice as many."""


class _Window(Struct, frozen=True):
    """Orders kept told, one for each leaf from `first` on. Readers may look while it grows."""

    first: int
    told: list[Told]

    @property
    def next(self) -> int:
        """The leaf that is still to be told."""
        return self.first + len(self.told)

    def reaches(self, cursor: int) -> bool:
        """Whether what follows `cursor` is in here."""
        return self.first <= cursor + 1 <= self.next

    def after(self, cursor: int) -> list[Told]:
        """What follows `cursor`, at most `_LOOKED_AT`."""
        begin = max(cursor + 1 - self.first, 0)
        return self.told[begin : begin + _LOOKED_AT]


class Feed:
    """Gives each institution its events. Safe among threads."""

    def __init__(self, store: Store, teller: Teller, *, first_leaf: int = 0) -> None:
        """Keep in memory what is accepted from `first_leaf` on: at best the end of the log."""
        self._store = store
        self._teller = teller
        self._window = _Window(first_leaf, [])
        self._extending = threading.Lock()

    def after(self, cursor: int, *, bank: ParticipantId, limit: int = MAX_EVENTS) -> Page:
        """Events behind leaf `cursor` (-1: from the beginning), at most `limit` of them."""
        cursor = max(cursor, -1)
        if self._window.reaches(cursor):
            self.catch_up()
        known = self.known_after(cursor, bank=bank, limit=limit)
        return known or _page(self._read(cursor + 1), cursor, bank, limit)

    def known_after(
        self, cursor: int, *, bank: ParticipantId, limit: int = MAX_EVENTS
    ) -> Page | None:
        """`after` as far as is known at the last `catch_up`, without waiting for anything; None if
        it is too long ago."""
        window = self._window
        if not window.reaches(cursor):
            return None
        return _page(window.after(cursor), cursor, bank, limit)

    def catch_up(self) -> int:
        """Tell what was accepted since; returns the newest cursor, -1 before the first."""
        with self._extending:
            while more := self._read(self._window.next):
                window = self._window
                window.told.extend(more)
                surplus = len(window.told) - _RECENT
                if surplus > _RECENT:
                    self._window = _Window(window.first + surplus, window.told[surplus:])
            return self._window.next - 1

    def _read(self, leaf: int) -> list[Told]:
        told: list[Told] = []
        for batch in self._store.batches(first_leaf=leaf, limit=_LOOKED_AT):
            for place, order in enumerate(batch.orders, start=batch.first_leaf):
                if place >= leaf:
                    told.append(self._teller.tell(order, cursor=place, at_us=batch.at_us))
        return told[:_LOOKED_AT]


def _page(told: list[Told], cursor: int, bank: ParticipantId, limit: int) -> Page:
    limit = min(max(limit, 1), MAX_EVENTS)
    events: list[Event] = []
    for one in told:
        cursor = one.cursor
        event = one.events.get(bank)
        if event is not None:
            events.append(event)
            if len(events) >= limit:
                break
    return Page(tuple(events), cursor)
