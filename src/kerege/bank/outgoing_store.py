# SPDX-License-Identifier: Apache-2.0
"""Statements about payments on their way.

Those that every payment takes are written out, for a single payment waits for each: built anew for
every call they would take longer than the database does.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from msgspec import Struct
from msgspec.json import encode as encode_json

from kerege.bank.answer import Answer, PaymentState, decode_answer, encode_answer
from kerege.bank.money_store import PAYMENTS
from kerege.bank.reserving import decode_reserves, encode_reserves
from kerege.bank.sending import Sending
from kerege.runtime.tables import Tables

__all__ = [
    "Kept",
    "close",
    "decide",
    "due",
    "find",
    "keep_new",
    "page",
    "resume",
    "undecided",
]

_INSERT: Final = sa.text(
    "INSERT INTO payments (id, wallet, customer, kind, asset, amount, digest, text, reserves,"
    " made_us, until_us, sent_us, tries, state, answer, due_us)"
    " VALUES (:id, :wallet, :customer, :kind, :asset, :amount, :digest, :text, :reserves,"
    " :made_us, :until_us, :sent_us, :tries, 'sent', :answer, :due_us)"
    " ON CONFLICT (id) DO NOTHING"
)
_DECIDE: Final = sa.text(
    "UPDATE payments SET state = :state, answer = :answer, due_us = :due_us"
    " WHERE id = :id AND state = 'sent'"
)
_CLOSE: Final = sa.text("UPDATE payments SET due_us = NULL WHERE id = :id AND state <> 'sent'")
_FIND: Final = {
    "sqlite": sa.text("SELECT * FROM payments WHERE id IN (SELECT value FROM json_each(:ids))"),
    "postgresql": sa.text("SELECT * FROM payments WHERE id = ANY(:ids)"),
}
_UNDECIDED: Final = {
    "sqlite": sa.text(
        "SELECT id, tries FROM payments"
        " WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'sent'"
    ),
    "postgresql": sa.text(
        "SELECT id, tries FROM payments WHERE id = ANY(:ids) AND state = 'sent'"
        " ORDER BY id FOR UPDATE"
    ),
}


class Kept(Struct, frozen=True):
    """A payment as its row has it; `answer` is None while it is on its way. `is_open`: somebody
    has yet to see to it."""

    sending: Sending
    answer: Answer | None
    is_open: bool


class _SomeThere(Exception):
    """Not all of the ids were new, and of how many alone nothing can be told."""


def keep_new(tables: Tables, sendings: Sequence[Sending], *, due_us: int) -> set[str]:
    """Keep those whose id is new, in one SQL transaction; the others' ids are returned."""
    rows = [_row(sending, due_us) for sending in sendings]
    if not rows:
        return set()
    try:
        with tables.begin() as connection:
            if connection.execute(_INSERT, rows).rowcount != len(rows):
                raise _SomeThere  # noqa: TRY301  it is what rolls back
    except _SomeThere:
        with tables.begin() as connection:
            return {str(row["id"]) for row in rows if not connection.execute(_INSERT, row).rowcount}
    return set()


def find(connection: sa.Connection, ids: Collection[str]) -> dict[str, Kept]:
    """Payments by id, those there are."""
    found = connection.execute(_FIND[connection.dialect.name], _ids(connection, ids))
    return {row.id: _kept(row) for row in found}


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


def undecided(connection: sa.Connection, tries: Mapping[str, int | None]) -> set[str]:
    """Those of the ids that are still on their way and, where a number is given, were sent that
    many times; locked until the SQL transaction ends."""
    rows = connection.execute(_UNDECIDED[connection.dialect.name], _ids(connection, tries))
    return {row.id for row in rows if tries[row.id] in (None, row.tries)}


def decide(
    connection: sa.Connection, answers: Sequence[tuple[str, Answer, bool]], *, now_us: int
) -> None:
    """Keep final answers by id, for those still on their way; True where something is left to
    settle in the bank's ledger."""
    rows = [
        {
            "id": each,
            "state": answer.state.value,
            "answer": encode_answer(answer),
            "due_us": now_us if unsettled else None,
        }
        for each, answer, unsettled in answers
    ]
    if rows:
        connection.execute(_DECIDE, rows)


def close(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Nothing is left to do for these."""
    if ids:
        connection.execute(_CLOSE, [{"id": each} for each in ids])


def _ids(connection: sa.Connection, ids: Collection[str]) -> dict[str, object]:
    """Any number of ids as one parameter."""
    listed = sorted(ids)
    as_json = connection.dialect.name == "sqlite"
    return {"ids": encode_json(listed).decode() if as_json else listed}


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
