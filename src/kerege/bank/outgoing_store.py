# SPDX-License-Identifier: Apache-2.0
"""Statements about payments on their way.

Those that every payment takes are run by the driver itself, for a single payment waits for each.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from msgspec import Struct

from kerege.bank.answer import Answer, PaymentState, decode_answer, encode_answer
from kerege.bank.money_store import PAYMENTS
from kerege.bank.reserving import decode_reserves, encode_reserves
from kerege.bank.sending import Sending
from kerege.runtime.driving import listed, rows_of, run_many
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

_INSERT: Final = (
    "INSERT INTO payments (id, wallet, customer, kind, asset, amount, digest, text, reserves,"
    " made_us, until_us, sent_us, tries, state, answer, due_us)"
    " VALUES (:id, :wallet, :customer, :kind, :asset, :amount, :digest, :text, :reserves,"
    " :made_us, :until_us, :sent_us, :tries, 'sent', :answer, :due_us)"
    " ON CONFLICT (id) DO NOTHING"
)
_DECIDE: Final = (
    "UPDATE payments SET state = :state, answer = :answer, due_us = :due_us"
    " WHERE id = :id AND state = 'sent'"
)
_CLOSE: Final = "UPDATE payments SET due_us = NULL WHERE id = :id AND state <> 'sent'"
_FIND: Final = {
    "sqlite": (
        "SELECT id, wallet, customer, kind, asset, amount, digest, text, reserves, made_us,"
        " until_us, sent_us, tries, state, answer, due_us FROM payments"
        " WHERE id IN (SELECT value FROM json_each(:ids))"
    ),
    "postgresql": (
        "SELECT id, wallet, customer, kind, asset, amount, digest, text, reserves, made_us,"
        " until_us, sent_us, tries, state, answer, due_us FROM payments WHERE id = ANY(:ids)"
    ),
}
_UNDECIDED: Final = {
    "sqlite": (
        "SELECT id, tries FROM payments"
        " WHERE id IN (SELECT value FROM json_each(:ids)) AND state = 'sent'"
    ),
    "postgresql": (
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
            if run_many(connection, _INSERT, rows) != len(rows):
                raise _SomeThere  # noqa: TRY301  it is what rolls back
    except _SomeThere:
        with tables.begin() as connection:
            return {str(row["id"]) for row in rows if not run_many(connection, _INSERT, [row])}
    return set()


def find(connection: sa.Connection, ids: Collection[str]) -> dict[str, Kept]:
    """Payments by id, those there are."""
    found = rows_of(connection, _FIND, {"ids": listed(connection, ids)})
    return {kept.sending.id: kept for kept in map(_kept, found)}


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
    # By the index of ids SQLite would read every payment ever made to find the few that are due.
    unindexed = PAYMENTS.c.id.concat("")
    query = sa.select(PAYMENTS).where(PAYMENTS.c.due_us.is_not(None), unindexed > after)
    if now_us is not None:
        query = query.where(PAYMENTS.c.due_us <= now_us)
    return [_kept(row) for row in connection.execute(query.order_by(unindexed).limit(limit))]


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
    rows = rows_of(connection, _UNDECIDED, {"ids": listed(connection, tries)})
    return {each for each, sent in rows if tries[each] in (None, sent)}


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
    run_many(connection, _DECIDE, rows)


def close(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Nothing is left to do for these."""
    run_many(connection, _CLOSE, [{"id": each} for each in ids])


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


def _kept(values: Sequence[Any]) -> Kept:
    """A row of the table, its columns in their order."""
    row = dict(zip(PAYMENTS.c.keys(), values, strict=True))
    answer, due_us = row.pop("answer"), row.pop("due_us")
    del row["state"]
    sending = Sending(**{**row, "reserves": decode_reserves(row["reserves"])})
    return Kept(sending, decode_answer(answer) if answer else None, due_us is not None)
