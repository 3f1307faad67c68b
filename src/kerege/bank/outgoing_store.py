# SPDX-License-Identifier: Apache-2.0
"""Statements about payments on their way."""

from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects import postgresql, sqlite

from kerege.bank.answer import Answer, PaymentState, decode_answer, encode_answer
from kerege.bank.money_store import PAYMENTS
from kerege.bank.reserving import decode_reserves, encode_reserves
from kerege.bank.sending import Sending

__all__ = [
    "Kept",
    "close",
    "decide",
    "due",
    "find",
    "insert_new",
    "page",
    "resume",
    "undecided",
]

_AT_ONCE: Final = 500
"""Ids in one question: databases bound the parameters of a statement."""


class Kept(Struct, frozen=True):
    """A payment as its row has it; `answer` is None while it is on its way. `is_open`: somebody
    has yet to see to it."""

    sending: Sending
    answer: Answer | None
    is_open: bool


def insert_new(connection: sa.Connection, sendings: Sequence[Sending], *, due_us: int) -> set[str]:
    """Keep those whose id is new; the others' ids are returned."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(PAYMENTS)
    query = insert.on_conflict_do_nothing(index_elements=["id"]).returning(PAYMENTS.c.id)
    rows = [_row(sending, due_us) for sending in sendings]
    inserted = set(connection.scalars(query, rows)) if rows else set()
    return {sending.id for sending in sendings} - inserted


def find(connection: sa.Connection, ids: Collection[str]) -> dict[str, Kept]:
    """Payments by id, those there are."""
    wanted = sorted(ids)
    found: dict[str, Kept] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = sa.select(PAYMENTS).where(PAYMENTS.c.id.in_(wanted[start : start + _AT_ONCE]))
        found |= {row.id: _kept(row) for row in connection.execute(query)}
    return found


def page(
    connection: sa.Connection, wallet: str, *, before: tuple[int, str] | None, limit: int
) -> list[Kept]:
    """A wallet's payments, newest first, older than `before` (`made_us`, id)."""
    mine = PAYMENTS.c.wallet == wallet
    query = sa.select(PAYMENTS).where(mine)
    if before is not None:
        query = query.where(sa.tuple_(PAYMENTS.c.made_us, PAYMENTS.c.id) < before)
    query = query.order_by(PAYMENTS.c.made_us.desc(), PAYMENTS.c.id.desc()).limit(limit)
    return [_kept(row) for row in connection.execute(query)]


def due(
    connection: sa.Connection, now_us: int | None, *, limit: int, after: str = ""
) -> list[Kept]:
    """Payments that somebody must see to by `now_us` (None: all that are open), by rising id."""
    query = sa.select(PAYMENTS).where(PAYMENTS.c.due_us.is_not(None), PAYMENTS.c.id > after)
    if now_us is not None:
        query = query.where(PAYMENTS.c.due_us <= now_us)
    return [_kept(row) for row in connection.execute(query.order_by(PAYMENTS.c.id).limit(limit))]


def resume(
    connection: sa.Connection, sendings: Sequence[Sending], *, sent_us: int, due_us: int
) -> None:
    """Note that they are sent once more, before they are."""
    if not sendings:
        return
    query = (
        sa.update(PAYMENTS)
        .where(PAYMENTS.c.id == sa.bindparam("of"), PAYMENTS.c.state == PaymentState.SENT)
        .values(tries=PAYMENTS.c.tries + 1, sent_us=sent_us, due_us=due_us)
    )
    connection.execute(query, [{"of": sending.id} for sending in sendings])


def undecided(connection: sa.Connection, tries: dict[str, int | None]) -> set[str]:
    """Those of the ids that are still on their way and, where a number is given, were sent that
    many times; locked until the SQL transaction ends."""
    wanted = sorted(tries)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        query = (
            sa.select(PAYMENTS.c.id, PAYMENTS.c.tries)
            .where(PAYMENTS.c.id.in_(wanted[start : start + _AT_ONCE]))
            .where(PAYMENTS.c.state == PaymentState.SENT)
            .order_by(PAYMENTS.c.id)
            .with_for_update()
        )
        for row in connection.execute(query):
            if tries[row.id] in (None, row.tries):
                found.add(row.id)
    return found


def decide(
    connection: sa.Connection, answers: Sequence[tuple[str, Answer, bool]], *, now_us: int
) -> None:
    """Keep final answers by id; True where something is left to settle in the bank's ledger."""
    if not answers:
        return
    query = (
        sa.update(PAYMENTS)
        .where(PAYMENTS.c.id == sa.bindparam("of"), PAYMENTS.c.state == PaymentState.SENT)
        .values(
            state=sa.bindparam("now"), answer=sa.bindparam("told"), due_us=sa.bindparam("due_next")
        )
    )
    rows = [
        {
            "of": each,
            "now": answer.state,
            "told": encode_answer(answer),
            "due_next": now_us if unsettled else None,
        }
        for each, answer, unsettled in answers
    ]
    connection.execute(query, rows)


def close(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Nothing is left to do for these."""
    if not ids:
        return
    query = (
        sa.update(PAYMENTS)
        .where(PAYMENTS.c.id == sa.bindparam("of"), PAYMENTS.c.state != PaymentState.SENT)
        .values(due_us=None)
    )
    connection.execute(query, [{"of": each} for each in ids])


def _row(sending: Sending, due_us: int) -> dict[str, object]:
    return {
        "id": sending.id,
        "wallet": sending.wallet,
        "customer": sending.customer,
        "kind": sending.kind,
        "asset": sending.asset,
        "amount": sending.amount,
        "digest": sending.digest,
        "text": sending.text,
        "reserves": encode_reserves(sending.reserves),
        "made_us": sending.made_us,
        "until_us": sending.until_us,
        "sent_us": sending.sent_us,
        "tries": sending.tries,
        "state": PaymentState.SENT,
        "answer": b"",
        "due_us": due_us,
    }


def _kept(row: sa.Row[tuple[object, ...]]) -> Kept:
    sending = Sending(
        id=row.id,
        wallet=row.wallet,
        customer=row.customer,
        kind=row.kind,
        asset=row.asset,
        amount=row.amount,
        digest=row.digest,
        text=row.text,
        reserves=decode_reserves(row.reserves),
        made_us=row.made_us,
        until_us=row.until_us,
        sent_us=row.sent_us,
        tries=row.tries,
    )
    answer = decode_answer(row.answer) if row.answer else None
    return Kept(sending, answer, row.due_us is not None)
