# SPDX-License-Identifier: Apache-2.0
"""Mistakes a ledger could make, each planted in ours to see the simulation find it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from kerege.centralbank import leaves
from kerege.ledger import account, cells, deciding, rules
from kerege.ledger.order import Kind
from kerege.ledger.stores import sqlite, sqlite_files, sqlite_writer, writeback
from tests.simulation import turns

__all__ = ["MISTAKES"]


def _without_sync() -> Any:
    real = sqlite_files.open_connection

    def careless(*given: Any, **more: Any) -> Any:
        connection = real(*given, **more)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    return patch.object(sqlite, "open_connection", careless)


def _acknowledged_before_commit() -> Any:
    real = turns.HeldWriter.put

    def hasty(self: Any, job: Any, ticket: Any) -> None:
        real(self, job, ticket)
        ticket.settle()

    return patch.object(turns.HeldWriter, "put", hasty)


def _batch_in_two_commits() -> Any:
    real = sqlite_writer._write_transfers

    def halved(connection: Any, ruling: Any, folded: Any) -> None:
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        real(connection, ruling, folded)

    return patch.object(sqlite_writer, "_write_transfers", halved)


def _failure_taken_for_success() -> Any:
    def deaf(self: Any, job: Any, ticket: Any) -> None:
        with suppress(Exception):
            sqlite_writer.write_job(self._connection, job)
        self._on_end(ticket, None)
        ticket.settle(None)

    return patch.object(sqlite_writer.Writer, "write", deaf)


def _refusals_forgotten() -> Any:
    return patch.object(sqlite_writer._REFUSALS, "run", lambda *_: None, create=True)


def _leaf_skipped() -> Any:
    real = leaves.LedgerLeaves._entries_from

    def skipping(self: Any, leaf: int, limit: int) -> list[bytes]:
        found = real(self, leaf, limit)
        return found[:-2] + found[-1:] if len(found) > 5 else found

    return patch.object(leaves.LedgerLeaves, "_entries_from", skipping)


def _holding_without_pending() -> Any:
    return patch.object(account.Cell, "holding", property(lambda cell: cell.balance))


def _row_forgotten() -> Any:
    real = cells.Cells._touches

    def forgetful(self: Any, rows: Any, after: Any) -> Any:
        slots, seqs, figures, order = real(self, rows, after)
        if len(slots) > 10:
            figures[-1] = 0
        return slots, seqs, figures, order

    return patch.object(cells.Cells, "_touches", forgetful)


def _void_releases_one_side() -> Any:
    real = rules._move

    def one_sided(transfer: Any, sides: Any, draft: Any, *, posted: int, held: int) -> None:
        real(transfer, sides, draft, posted=posted, held=held)
        if transfer.kind is Kind.VOID:
            draft.entries[-1] = replace(draft.entries[-1], held=held + 1)

    return patch.object(rules, "_move", one_sided)


MISTAKES: dict[str, Callable[[], Any]] = {
    "commits are not synced": _without_sync,
    "acknowledged before the commit": _acknowledged_before_commit,
    "a batch in two commits": _batch_in_two_commits,
    "a failed commit taken for one that worked": _failure_taken_for_success,
    "a cell is not written back": lambda: patch.object(
        writeback.WriteBack, "mark", lambda *_: None
    ),
    "a cell's change is forgotten": _row_forgotten,
    "a repeat takes effect again": lambda: patch.object(
        deciding, "_decide_repeat", lambda *_: False
    ),
    "settled refusals are forgotten": _refusals_forgotten,
    "amounts are not checked": lambda: patch.object(rules, "_check_amount", lambda *_: None),
    "terms are not checked": lambda: patch.object(rules, "_check_terms", lambda *_: None),
    "a ceiling without what is pending": _holding_without_pending,
    "a release of one side": _void_releases_one_side,
    "contended accounts decided as columns": lambda: patch.object(
        deciding, "surely_accepted", lambda plain, _state, _watched: plain.amount > 0
    ),
    "time goes back with the clock": lambda: patch.object(
        sqlite.SqliteStore, "number", lambda self, now_us: (self._next_batch, now_us)
    ),
    "expiries are forgotten": lambda: patch.object(sqlite.SqliteStore, "due", lambda *_: ()),
    "a marked cell is made anew": lambda: patch.object(
        cells.Cells, "has", lambda _self, key: key[1] == 0
    ),
    "a leaf is skipped": _leaf_skipped,
}
