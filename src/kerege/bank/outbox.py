# SPDX-License-Identifier: Apache-2.0
"""The outbox: what customers are told, written in the SQL transaction of what it tells of.

Streams, webhooks and screens read it from a cursor. A notice holds no personal data: ids, amounts
and kinds only.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.bank import outbox_store as store
from kerege.runtime.clock import Clock
from kerege.runtime.tables import Tables
from kerege.wallet.wire import Notice

__all__ = ["MAX_NOTICES", "News", "Outbox"]

MAX_NOTICES: Final = 200
"""Notices read at once: a page of some 60 KB."""


class News(Struct, frozen=True, kw_only=True):
    """Something to tell one customer of."""

    customer: str
    kind: str
    wallet: str = ""
    data: Mapping[str, Any] = {}


class Outbox:
    """Writes and reads notices. Safe among threads and among processes on one database."""

    def __init__(self, tables: Tables, clock: Clock, *, ring: Callable[[], None]) -> None:
        """`ring` is called after notices were committed; see `tell`."""
        self._tables = tables
        self._clock = clock
        self.ring = ring

    def tell(self, connection: sa.Connection, *news: News) -> None:
        """Add notices in the caller's transaction; call `ring` when it has committed."""
        if not news:
            return
        now_us = self._clock.now_us()
        rows: list[dict[str, object]] = [
            {
                "customer": each.customer,
                "at_us": now_us,
                "kind": each.kind,
                "wallet": each.wallet,
                "data": msgspec.json.encode(each.data).decode(),
            }
            for each in news
        ]
        store.insert_notices(connection, rows)

    def tell_now(self, *news: News) -> None:
        """Add notices in a transaction of their own."""
        with self._tables.begin() as connection:
            self.tell(connection, *news)
        self.ring()

    def after(self, customer: str, cursor: int, *, limit: int = MAX_NOTICES) -> list[Notice]:
        """A customer's notices behind `cursor`, oldest first."""
        with self._tables.read() as connection:
            return store.notices_after(connection, customer, cursor, limit=min(limit, MAX_NOTICES))

    def newest(self) -> int:
        """The id of the newest notice of all, 0 if there is none."""
        with self._tables.read() as connection:
            return store.last_id(connection)
