# SPDX-License-Identifier: Apache-2.0
"""The outbox: what customers are told, written in the SQL transaction of what it tells of.

Streams, webhooks and screens read it from a cursor. A notice holds no personal data: ids, amounts
and kinds only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.bank import outbox_store
from kerege.bank.incoming import Owners
from kerege.bank.notices import CONCERNED, concerned_key
from kerege.bank.notices import Notice as Told
from kerege.payments.concerned import AUTHORITY, INSPECTOR
from kerege.runtime.clock import Clock
from kerege.runtime.tables import Tables
from kerege.wallet.wire import Notice

__all__ = ["MAX_NOTICES", "MAX_OF_ONE", "News", "Outbox"]

MAX_NOTICES: Final = 200
"""Notices read at once: a page of some 60 KB."""

MAX_OF_ONE: Final = 50
"""Papers of one signer that a customer is told of in a day: more is a flood, and would bury the
rest. A firm that sends more invoices sends them beside."""

_LOOKED_BACK: Final = 500
"""A customer's latest notices among which that is counted."""

_DAY_US: Final = 24 * 3600 * 1_000_000

_ASKED_FOR: Final = frozenset({AUTHORITY, INSPECTOR})
"""Roles that a programme's terms give: those hear everything."""

_TOLD_APART: Final = frozenset({"key", "kind", "wallet", "at_us"})


class News(Struct, frozen=True, kw_only=True):
    """Something to tell one customer of. `key` is the same however often it is told."""

    key: str
    customer: str
    kind: str
    wallet: str = ""
    data: Mapping[str, Any] = {}


class Outbox:
    """Writes and reads notices: a `notices.Teller`. Safe among threads, and among processes on one
    database."""

    def __init__(
        self, tables: Tables, clock: Clock, owners: Owners, *, ring: Callable[[], None]
    ) -> None:
        """`ring` is for whoever commits notices to call afterwards; without it readers look again
        within a second or two."""
        self._tables = tables
        self._clock = clock
        self._owners = owners
        self.ring = ring

    def tell(self, connection: sa.Connection, notices: Sequence[Told]) -> None:
        """Tell the owners of wallets, in the caller's transaction; of strangers' papers so many."""
        owners = self._owners.owners([notice.wallet for notice in notices])
        notices = self._without_floods(connection, notices, owners)
        self.tell_customers(
            connection,
            [
                News(
                    key=notice.key,
                    customer=owners[notice.wallet],
                    kind=notice.kind,
                    wallet=notice.wallet,
                    data=_data_of(notice),
                )
                for notice in notices
                if notice.wallet in owners
            ],
        )

    def _without_floods(
        self, connection: sa.Connection, notices: Sequence[Told], owners: Mapping[str, str]
    ) -> list[Told]:
        """Leave out what one signer sends one customer beyond `MAX_OF_ONE` papers a day."""
        told: list[Told] = []
        counts: Counter[tuple[str, str]] = Counter()
        since_us = self._clock.now_us() - _DAY_US
        for notice in notices:
            customer = owners.get(notice.wallet)
            if notice.kind == CONCERNED and notice.role not in _ASKED_FOR and customer:
                pair = customer, concerned_key(notice.counterparty)
                if pair not in counts:
                    counts[pair] = outbox_store.count_recent(
                        connection, *pair, since_us=since_us, among=_LOOKED_BACK
                    )
                if counts[pair] >= MAX_OF_ONE:
                    continue
                counts[pair] += 1
            told.append(notice)
        return told

    def tell_customers(self, connection: sa.Connection, news: Iterable[News]) -> None:
        """Tell customers, in the caller's transaction."""
        now_us = self._clock.now_us()
        rows: list[dict[str, object]] = [
            {
                "key": each.key,
                "customer": each.customer,
                "at_us": now_us,
                "kind": each.kind,
                "wallet": each.wallet,
                "data": msgspec.json.encode(each.data).decode(),
            }
            for each in news
        ]
        if rows:
            outbox_store.insert_notices(connection, rows)

    def tell_now(self, *news: News) -> None:
        """Tell customers in a transaction of its own."""
        with self._tables.begin() as connection:
            self.tell_customers(connection, news)
        self.ring()

    def after(self, customer: str, cursor: int, *, limit: int = MAX_NOTICES) -> list[Notice]:
        """A customer's notices behind `cursor`, oldest first."""
        with self._tables.read() as connection:
            return outbox_store.notices_after(
                connection, customer, cursor, limit=min(limit, MAX_NOTICES)
            )


def _data_of(notice: Told) -> dict[str, Any]:
    """What a notice says beyond what every notice has; what is empty is left out."""
    said: dict[str, Any] = msgspec.to_builtins(notice)
    return {name: value for name, value in said.items() if name not in _TOLD_APART}
