# SPDX-License-Identifier: Apache-2.0
"""Disputes between two banks: what the payer's bank has told of its cases, and what the payee's
bank has heard of another's. A set of tables of its own, in the bank's database."""

from typing import Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.money_store import DISPUTES
from kerege.runtime.tables import Tables
from kerege.wallet.wire import CaseView

__all__ = [
    "METADATA",
    "ForeignCase",
    "Told",
    "find_foreign",
    "find_told",
    "foreign_of",
    "open_abroad_tables",
    "save_foreign",
    "save_told",
    "untold_cases",
]

_VERSION: Final = 1

METADATA: Final = sa.MetaData()

CASES_TOLD: Final = sa.Table(
    "cases_told",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_us", sa.BigInteger, nullable=False),
)

FOREIGN_CASES: Final = sa.Table(
    "foreign_cases",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("bank", sa.String(32), nullable=False),
    sa.Column("payee", sa.String(36), nullable=False, index=True),
    sa.Column("heard_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

_DECODER: Final = msgspec.msgpack.Decoder(CaseView)


class Told(Struct, frozen=True):
    """How far telling of a case has come: the case's `version` that was looked at, SHA-256 of what
    was told last (empty before), tries since, and when to try again."""

    id: str
    version: int
    digest: bytes
    tries: int
    due_us: int


class ForeignCase(Struct, frozen=True):
    """A case at another bank against a wallet kept here, as that bank told it last."""

    bank: str
    heard_us: int
    view: CaseView


def untold_cases(connection: sa.Connection, now_us: int, *, limit: int) -> list[tuple[str, int]]:
    """Cases of this bank that were changed since they were told of, and their versions."""
    told, cases = CASES_TOLD.c, DISPUTES.c
    joined = sa.outerjoin(DISPUTES, CASES_TOLD, told.id == cases.id)
    changed = sa.or_(told.id.is_(None), told.version < cases.version)
    waits = sa.or_(told.id.is_(None), told.due_us <= now_us)
    query = (
        sa.select(cases.id, cases.version)
        .select_from(joined)
        .where(changed, waits)
        .order_by(cases.id)
        .limit(limit)
    )
    return [(row.id, row.version) for row in connection.execute(query)]


def find_told(connection: sa.Connection, case: str) -> Told | None:
    """What is known of telling of a case."""
    row = connection.execute(sa.select(CASES_TOLD).where(CASES_TOLD.c.id == case)).first()
    return None if row is None else Told(row.id, row.version, row.digest, row.tries, row.due_us)


def save_told(connection: sa.Connection, told: Told) -> None:
    """Note how far telling of a case has come."""
    values = {name: getattr(told, name) for name in told.__struct_fields__}
    mine = CASES_TOLD.c.id == told.id
    if connection.execute(sa.update(CASES_TOLD).where(mine).values(**values)).rowcount == 0:
        connection.execute(sa.insert(CASES_TOLD).values(**values))


def save_foreign(connection: sa.Connection, case: ForeignCase) -> None:
    """Keep what another bank said of a case."""
    values = {
        "id": case.view.id,
        "bank": case.bank,
        "payee": case.view.payee,
        "heard_us": case.heard_us,
        "body": msgspec.msgpack.encode(case.view),
    }
    mine = FOREIGN_CASES.c.id == case.view.id
    if connection.execute(sa.update(FOREIGN_CASES).where(mine).values(**values)).rowcount == 0:
        connection.execute(sa.insert(FOREIGN_CASES).values(**values))


def find_foreign(connection: sa.Connection, case: str) -> ForeignCase | None:
    """A case of another bank."""
    row = connection.execute(sa.select(FOREIGN_CASES).where(FOREIGN_CASES.c.id == case)).first()
    return None if row is None else ForeignCase(row.bank, row.heard_us, _DECODER.decode(row.body))


def foreign_of(connection: sa.Connection, payee: str, *, limit: int) -> list[ForeignCase]:
    """Cases of other banks against a wallet, last heard of first."""
    mine = FOREIGN_CASES.c
    query = (
        sa.select(FOREIGN_CASES)
        .where(mine.payee == payee)
        .order_by(mine.heard_us.desc(), mine.id)
        .limit(limit)
    )
    return [
        ForeignCase(row.bank, row.heard_us, _DECODER.decode(row.body))
        for row in connection.execute(query)
    ]


def open_abroad_tables(url: str) -> Tables:
    """Open, and at first make, the tables in a bank's database; see `Tables` for what it raises."""
    return Tables(url, METADATA, name="abroad", version=_VERSION)
