# SPDX-License-Identifier: Apache-2.0
"""What tills were refused of wallets with cards, a set of tables of its own: the newest of each
wallet, for its owner's guardian to look at."""

from typing import Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.runtime.tables import Tables

__all__ = [
    "METADATA",
    "TillRefusal",
    "delete_of_wallet",
    "insert_refusal",
    "open_till_tables",
    "refusals_of",
]

_VERSION: Final = 1

METADATA: Final = sa.MetaData()

TILL_REFUSALS: Final = sa.Table(
    "till_refusals",
    METADATA,
    sa.Column("order", sa.String(36), primary_key=True),
    sa.Column("wallet", sa.String(36), nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("payee", sa.String(36), nullable=False),
    sa.Column("asset", sa.String(12), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("code", sa.String(48), nullable=False),
    sa.Column("rule", sa.String(128), nullable=False),
    sa.Column("found", sa.BigInteger, nullable=False),
    sa.Column("limit", sa.BigInteger, nullable=False),
)

_T: Final = TILL_REFUSALS.c
sa.Index("till_refusals_of_wallet", _T.wallet, _T.at_us, _T.order)


class TillRefusal(Struct, frozen=True, kw_only=True):
    """A charge of a card that was refused. `order` is the id its payment would have had, `at_us` in
    microseconds since 1970 UTC, amounts in minor units; `rule`, `found` and `limit` are the
    verdict's."""

    order: str
    wallet: str
    at_us: int
    payee: str
    asset: str
    amount: int
    code: str
    rule: str = ""
    found: int = 0
    limit: int = 0


def insert_refusal(connection: sa.Connection, refusal: TillRefusal, *, keep: int) -> None:
    """Keep a refusal, once for one order, and of its wallet the `keep` newest."""
    known = sa.select(_T.order).where(_T.order == refusal.order)
    if connection.execute(known).first() is not None:
        return
    values = {name: getattr(refusal, name) for name in refusal.__struct_fields__}
    connection.execute(sa.insert(TILL_REFUSALS).values(**values))
    newest = _newest(refusal.wallet).with_only_columns(_T.order).limit(keep)
    mine = sa.delete(TILL_REFUSALS).where(_T.wallet == refusal.wallet)
    connection.execute(mine.where(_T.order.not_in(newest)))


def refusals_of(connection: sa.Connection, wallet: str) -> list[TillRefusal]:
    """All that are kept of a wallet, newest first."""
    rows = connection.execute(_newest(wallet)).mappings()
    return [TillRefusal(**row) for row in rows]


def delete_of_wallet(connection: sa.Connection, wallet: str) -> None:
    """Forget a wallet's."""
    connection.execute(sa.delete(TILL_REFUSALS).where(_T.wallet == wallet))


def open_till_tables(url: str) -> Tables:
    """Open, and at first make, the tables in a bank's database; see `Tables` for what it raises."""
    return Tables(url, METADATA, name="tills", version=_VERSION)


def _newest(wallet: str) -> sa.Select[tuple[object, ...]]:
    query = sa.select(TILL_REFUSALS).where(_T.wallet == wallet)
    return query.order_by(_T.at_us.desc(), _T.order.desc())
