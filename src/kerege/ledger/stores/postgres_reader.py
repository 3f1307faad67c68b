# SPDX-License-Identifier: Apache-2.0
"""Questions to a PostgreSQL ledger about accounts and what is due."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from kerege.ledger.account import Account, Cell, CellKey, Role, Status
from kerege.ledger.book import Pending
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.stored import AccountInfo
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.rows import pending_of

__all__ = [
    "account_info",
    "account_state",
    "cells_by_mark",
    "declared_assets",
    "due_pendings",
    "holders_of",
    "marked_cells",
]

_ACCOUNT: Final = """
    SELECT s.code, c.role, c.floor, c.ceiling, c.status, a.owner, b.at_us
    FROM accounts a
    JOIN assets s ON s.number = a.asset
    JOIN batches b ON b.batch = a.opened_seq >> 14
    JOIN balances c ON c.account = a.id AND c.mark = 0
    WHERE a.id = %b ORDER BY c.stripe LIMIT 1
"""
_STATE: Final = """
    SELECT s.code, min(c.role), min(c.floor), min(c.ceiling), bit_or(c.status),
           sum(c.balance)::bigint, sum(c.debits_pending)::bigint,
           sum(c.credits_pending)::bigint, sum(c.version)::bigint, max(c.last_seq)
    FROM balances c JOIN assets s ON s.number = c.asset
    WHERE c.account = %b AND c.mark = 0 GROUP BY s.code
"""
_CELLS: Final = """
    SELECT mark, sum(balance)::bigint, sum(debits_pending)::bigint, sum(credits_pending)::bigint,
           sum(version)::bigint, max(last_seq)
    FROM balances WHERE account = %b GROUP BY mark ORDER BY mark
"""
_MARKED: Final = """
    SELECT account, mark, sum(balance)::bigint, sum(debits_pending)::bigint,
           sum(credits_pending)::bigint, sum(version)::bigint, max(last_seq)
    FROM balances WHERE account = ANY(%b) AND mark <> 0 GROUP BY account, mark
    ORDER BY account, mark
"""
_HOLDERS: Final = """
    SELECT account, sum(balance)::bigint, sum(debits_pending)::bigint,
           sum(credits_pending)::bigint, sum(version)::bigint, max(last_seq)
    FROM balances WHERE mark = %b AND mark <> 0 AND account > %b GROUP BY account
    HAVING sum(balance) <> 0 OR sum(debits_pending) <> 0 OR sum(credits_pending) <> 0
    ORDER BY account LIMIT %b
"""
_DUE: Final = """
    SELECT seq, uuid_send(order_id), step, debit, credit, mark, remaining, expires_at_us, state
    FROM pendings WHERE state = 0 AND expires_at_us <= %b ORDER BY expires_at_us, seq LIMIT %b
"""
_ASSETS: Final = "SELECT code, scale FROM assets ORDER BY number"


def account_info(connection: Connection, account_id: AccountId) -> AccountInfo | None:
    """An account with its owner."""
    rows = connection.execute(_ACCOUNT, (account_id,)).fetchall()
    for asset, role, floor, ceiling, status, owner, at_us in rows:
        account = Account(account_id, asset, Role(role), floor, ceiling, Status(status))
        return AccountInfo(account=account, owner=owner, opened_at_us=at_us)
    return None


def account_state(connection: Connection, account_id: AccountId) -> tuple[Account, Cell] | None:
    """An account's rules and its unmarked cell, in one question."""
    rows = connection.execute(_STATE, (account_id,)).fetchall()
    for asset, role, floor, ceiling, status, *figures in rows:
        account = Account(account_id, asset, Role(role), floor, ceiling, Status(status))
        return account, Cell(*figures)
    return None


def cells_by_mark(connection: Connection, account_id: AccountId) -> dict[Mark, Cell]:
    """An account's cells, the unmarked one first."""
    rows = connection.execute(_CELLS, (account_id,)).fetchall()
    return {Mark(mark): Cell(*figures) for mark, *figures in rows}


def marked_cells(connection: Connection, accounts: Sequence[AccountId]) -> dict[CellKey, Cell]:
    """Marked cells of accounts."""
    rows = connection.execute(_MARKED, (np.array(accounts, np.int64),)).fetchall()
    return {(AccountId(account), Mark(mark)): Cell(*figures) for account, mark, *figures in rows}


def holders_of(
    connection: Connection, mark: Mark, after: AccountId, limit: int
) -> list[tuple[AccountId, Cell]]:
    """Cells of a mark that are not empty."""
    rows = connection.execute(_HOLDERS, (mark, after, limit)).fetchall()
    return [(AccountId(account), Cell(*figures)) for account, *figures in rows]


def due_pendings(connection: Connection, now_us: int, limit: int) -> list[Pending]:
    """Open pending transfers whose time has passed, oldest first."""
    return [pending_of(row) for row in connection.execute(_DUE, (now_us, limit)).fetchall()]


def declared_assets(connection: Connection) -> list[tuple[str, int]]:
    """Codes and scales in order of declaration."""
    return connection.execute(_ASSETS).fetchall()
