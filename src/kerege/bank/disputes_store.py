# SPDX-License-Identifier: Apache-2.0
"""Statements about disputes. A case is kept whole; its columns are what it is found by."""

from typing import Final

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.money_store import DISPUTE_MANDATES, DISPUTES
from kerege.payments.disputes import Case

__all__ = [
    "KeptCase",
    "cases_of",
    "due_cases",
    "find_case",
    "insert_case",
    "mandate_of",
    "save_case",
    "save_mandate",
]

_CASES: Final = DISPUTES.c
_DECODER: Final = msgspec.msgpack.Decoder(Case)


class KeptCase(Struct, frozen=True):
    """A case and how often it was changed. `due_us`: when somebody must look at it again, None
    when it is over."""

    case: Case
    version: int
    due_us: int | None


def insert_case(connection: sa.Connection, kept: KeptCase) -> None:
    """Keep a new case; raises SQLAlchemy's `IntegrityError` if the leg has one."""
    paid = kept.case.paid
    connection.execute(
        sa.insert(DISPUTES).values(
            id=kept.case.id,
            payment=paid.order,
            leg=paid.leg,
            payer=paid.payer,
            payee=paid.payee,
            **_changing(kept),
        )
    )


def save_case(connection: sa.Connection, kept: KeptCase) -> bool:
    """Keep a changed case; False if somebody else changed it since `version` before this."""
    done = connection.execute(
        sa.update(DISPUTES)
        .where(_CASES.id == kept.case.id, _CASES.version == kept.version - 1)
        .values(**_changing(kept))
    )
    return done.rowcount == 1


def find_case(connection: sa.Connection, case_id: str) -> KeptCase | None:
    """A case."""
    row = connection.execute(sa.select(DISPUTES).where(_CASES.id == case_id)).first()
    return None if row is None else _kept(row)


def cases_of(connection: sa.Connection, wallet: str, *, limit: int) -> list[KeptCase]:
    """Cases a wallet is a party of, newest first."""
    mine = sa.or_(_CASES.payer == wallet, _CASES.payee == wallet)
    query = sa.select(DISPUTES).where(mine).order_by(_CASES.id.desc()).limit(limit)
    return [_kept(row) for row in connection.execute(query)]


def due_cases(connection: sa.Connection, now_us: int, *, limit: int) -> list[KeptCase]:
    """Cases somebody must look at, the longest due first."""
    query = sa.select(DISPUTES).where(_CASES.due_us <= now_us).order_by(_CASES.due_us).limit(limit)
    return [_kept(row) for row in connection.execute(query)]


def save_mandate(connection: sa.Connection, wallet: str, mandate: str) -> None:
    """Note the mandate under which a payee lets claims be reserved."""
    connection.execute(sa.delete(DISPUTE_MANDATES).where(DISPUTE_MANDATES.c.wallet == wallet))
    connection.execute(sa.insert(DISPUTE_MANDATES).values(wallet=wallet, mandate=mandate))


def mandate_of(connection: sa.Connection, wallet: str) -> str:
    """That mandate's order id, empty if there is none."""
    query = sa.select(DISPUTE_MANDATES.c.mandate).where(DISPUTE_MANDATES.c.wallet == wallet)
    return connection.scalar(query) or ""


def _changing(kept: KeptCase) -> dict[str, object]:
    return {
        "state": kept.case.state.value,
        "due_us": kept.due_us,
        "version": kept.version,
        "body": msgspec.msgpack.encode(kept.case),
    }


def _kept(row: sa.Row[tuple[object, ...]]) -> KeptCase:
    return KeptCase(_DECODER.decode(row.body), row.version, row.due_us)
