# SPDX-License-Identifier: Apache-2.0
"""The first step of a batch on PostgreSQL: lock what it names, and see how it stands.

Locks are taken in one order everywhere, so nobody waits in a circle: the register of
accounts and assets (only by those who change it), cells by (account, stripe), pending
transfers by seq, the right to take a number, and last the ids of new orders.

Everything read after a lock is read by a later statement: under READ COMMITTED it sees what
those who held the lock before have committed.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kerege.ledger.account import Cell, CellKey
from kerege.ledger.book import Known, Pending
from kerege.ledger.books import Books
from kerege.ledger.cell_index import SparseIndex
from kerege.ledger.cells import Cells
from kerege.ledger.ids import MAX_ACCOUNT_ID, AccountId, Mark, is_out_of_time
from kerege.ledger.loaded import Loaded
from kerege.ledger.order import DeclareAsset, OpenAccount, PendingRef, Transfer
from kerege.ledger.request import Request
from kerege.ledger.state import (
    ABSENT,
    BALANCE,
    COLUMNS,
    CREDITS_PENDING,
    DEBITS_PENDING,
    FLAGS,
    HAS_MARKS,
    LAST_SEQ,
    NO_CEILING,
    NO_FLOOR,
    ROLE_SHIFT,
    VERSION,
    Ints,
)
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_locks import LOCK_REGISTER
from kerege.ledger.stores.postgres_orders import known_orders
from kerege.ledger.stores.postgres_stripes import (
    STRIPE_BOUND,
    STRIPED_ROLES,
    WHOLE_STRIPE,
    StripedAccounts,
    sum_of_stripes,
)
from kerege.ledger.stores.postgres_wire import UuidArray
from kerege.ledger.stores.rows import pending_of

__all__ = ["Held", "load"]

_CELLS: Final = """
    SELECT array_agg(account), array_agg(stripe::bigint), array_agg(crowded::int::bigint),
           array_agg(balance), array_agg(debits_pending), array_agg(credits_pending),
           array_agg(coalesce(floor, %b)), array_agg(coalesce(ceiling, %b)),
           array_agg(status | (has_marks::int << 4) | (role::int << 8) | (asset::bigint << 16)),
           array_agg(version), array_agg(last_seq)
    FROM (
        SELECT cell.* FROM unnest(%b::bigint[]) AS named (number)
        CROSS JOIN LATERAL (
            SELECT * FROM balances
            WHERE account = number AND mark = 0
              AND (coalesce(nullif(stripe, 0), %b) = %b OR account = ANY (%b::bigint[]))
            ORDER BY stripe
            FOR NO KEY UPDATE
        ) AS cell
    ) AS locked
"""
"""Columns as arrays: a row each would cost more to take apart than to find. The condition on
stripes is an expression on purpose: as a list of values it would be a second search of the
index for every account. Each account is a query of its own, in the order given: a row that
another batch changed meanwhile is checked again against its query's condition, which would
otherwise be the list of all accounts, for every such row."""

_MARKED: Final = """
    SELECT account, stripe, mark, balance, debits_pending, credits_pending, version, last_seq
    FROM balances
    WHERE account = ANY (%b::bigint[]) AND mark > 0
      AND (coalesce(nullif(stripe, 0), %b) = %b OR account = ANY (%b::bigint[]))
    ORDER BY account, mark, stripe
"""

_PENDINGS: Final = """
    SELECT seq, uuid_send(order_id), step, debit, credit, mark, remaining, expires_at_us, state
    FROM pendings WHERE order_id = ANY (%b::uuid[]) ORDER BY seq FOR NO KEY UPDATE
"""

_NEWEST_AND_ASSETS: Final = """
    SELECT newest.id, a.code, a.scale
    FROM (
        SELECT (SELECT uuid_send(id) FROM orders WHERE id < 'ff000000-0000-0000-0000-000000000000'
                ORDER BY id DESC LIMIT 1) AS id
    ) AS newest
    LEFT JOIN assets a ON true
    ORDER BY a.number
"""

_NEXT_ACCOUNT: Final = "SELECT coalesce(max(id), 0) + 1 FROM accounts"

_ACCOUNT, _STRIPE, _CROWDED, _STATE = 0, 1, 2, 3
_ROLE_MASK: Final = 255
_NONE_TO_OPEN: Final = MAX_ACCOUNT_ID + 1
_FIGURES: Final = (BALANCE, DEBITS_PENDING, CREDITS_PENDING)


class Held(Struct, frozen=True):
    """What a batch holds locked. `books` have the cells it may write to, which of a striped
    account are those of one stripe; `whole` are the striped accounts it has all of."""

    loaded: Loaded
    books: Books
    whole: Ints
    crowded: Ints
    stripe: int

    def stripes_of(self, accounts: Ints, flags: Ints) -> Ints:
        """The stripe each of `accounts`, whose state has these `flags`, is written to."""
        striped = np.isin(flags >> ROLE_SHIFT & _ROLE_MASK, STRIPED_ROLES)
        entire = np.isin(accounts, self.whole) | (accounts >= self.loaded.next_account)
        return np.where(striped, np.where(entire, WHOLE_STRIPE, self.stripe), 0)


def load(connection: Connection, request: Request, roles: StripedAccounts, stripe: int) -> Held:
    """Lock and load what `request` names; `stripe` is the one to use where one is enough."""
    accounts = request.accounts()
    whole = np.zeros(0, np.int64)
    while True:
        roles.learn(connection, accounts)
        striped = roles.among(accounts)
        whole = np.union1d(whole, roles.needed_whole(request))
        held, partly = _try(connection, request, accounts, striped, whole, stripe)
        if not len(partly):
            return held
        # More locks are needed, and they may come before those we have: begin anew.
        connection.rollback()
        whole = np.union1d(whole, partly)


def _try(
    connection: Connection,
    request: Request,
    accounts: Ints,
    striped: Ints,
    whole: Ints,
    stripe: int,
) -> tuple[Held, Ints]:
    registers = _changes_register(request)
    if registers:
        connection.execute(LOCK_REGISTER)
    lines = _lock_cells(connection, accounts, whole, stripe)
    marked = _marked(connection, lines, whole, stripe)
    pendings = _pendings(connection, request)
    moved = _moved(request, pendings)
    assets, known = _assets_and_known(connection, request)
    next_account = _scalar(connection, _NEXT_ACCOUNT) if registers else _NONE_TO_OPEN
    loaded = Loaded(
        accounts=accounts,
        state=_state(accounts, lines),
        marked=_marked_sums(marked),
        pendings=pendings,
        known=known,
        assets=assets,
        next_account=next_account,
    )
    books = Books(_cells(lines, marked, whole), list(assets), next_account)
    flagged = np.unique(lines[lines[:, _CROWDED] > 0, _ACCOUNT])
    held = Held(loaded, books, whole, flagged, stripe)
    # Opened since we learned the roles: what one stripe shows of it is not what it holds.
    found = lines[lines[:, _STRIPE] > 0, _ACCOUNT]
    unknown = np.setdiff1d(found, np.concatenate((striped, whole)))
    partly = np.setdiff1d(striped, whole)
    return held, np.union1d(unknown, _crowded(lines, marked, partly, moved))


def _changes_register(request: Request) -> bool:
    """Whether the batch opens accounts or declares assets, whose numbers have no gaps."""
    return any(
        isinstance(step, OpenAccount | DeclareAsset)
        for place in request.others
        for step in request.order(place).steps
    )


def _lock_cells(connection: Connection, accounts: Ints, whole: Ints, stripe: int) -> Ints:
    """Lines of account, stripe, crowded and the state columns."""
    values = (NO_FLOOR, NO_CEILING, accounts, stripe, stripe, whole)
    columns = connection.execute(_CELLS, values, binary=True).fetchall()[0]
    if columns[0] is None:
        return np.zeros((0, _STATE + COLUMNS), np.int64)
    return np.stack(columns, axis=1)


def _marked(connection: Connection, lines: Ints, whole: Ints, stripe: int) -> Ints:
    """Marked cells under the locks held: account, stripe, mark, figures, version, last seq."""
    having = np.unique(lines[(lines[:, _STATE + FLAGS] & HAS_MARKS) != 0, _ACCOUNT])
    if not len(having):
        return np.zeros((0, 8), np.int64)
    rows = connection.execute(_MARKED, (having, stripe, stripe, whole)).fetchall()
    return np.array(rows, np.int64).reshape(-1, 8)


def _pendings(connection: Connection, request: Request) -> dict[PendingRef, Pending]:
    refs = request.pending_refs()
    if not refs:
        return {}
    ids = UuidArray({ref.order_id for ref in refs})
    rows = connection.execute(_PENDINGS, (ids,)).fetchall()
    found = {pending.ref: pending for pending in map(pending_of, rows)}
    return {ref: found[ref] for ref in refs if ref in found}


def _assets_and_known(
    connection: Connection, request: Request
) -> tuple[list[tuple[str, int]], dict[bytes, Known]]:
    """Callers' ids later than all that were decided are new: no need to look for them."""
    rows = connection.execute(_NEWEST_AND_ASSETS).fetchall()
    newest: bytes = rows[0][0] or b""
    # Malformed orders stand here without an id.
    ids = filter(None, request.ids)
    maybe = {order_id for order_id in ids if order_id <= newest or is_out_of_time(order_id)}
    assets = [(code, scale) for _, code, scale in rows if code is not None]
    return assets, known_orders(connection, maybe) if maybe else {}


def _scalar(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _state(accounts: Ints, lines: Ints) -> Ints:
    """A state row an account: of all stripes that were locked, the sum."""
    state = np.zeros((len(accounts), COLUMNS), np.int64)
    state[:, FLAGS] = ABSENT
    found, starts = np.unique(lines[:, _ACCOUNT], return_index=True)
    if not len(found):
        return state
    rows = lines[starts, _STATE:]
    if len(starts) < len(lines):
        summed = (*_FIGURES, VERSION)
        rows[:, summed] = np.add.reduceat(lines[:, _STATE:][:, summed], starts, axis=0)
        rows[:, LAST_SEQ] = np.maximum.reduceat(lines[:, _STATE + LAST_SEQ], starts)
        rows[:, FLAGS] = np.bitwise_or.reduceat(lines[:, _STATE + FLAGS], starts)
    state[np.searchsorted(accounts, found)] = rows
    return state


def _marked_sums(marked: Ints) -> Mapping[CellKey, Cell]:
    """Marked cells by key, stripes summed."""
    parts: dict[CellKey, list[Cell]] = {}
    for account, _, mark, *figures in marked.tolist():
        parts.setdefault((AccountId(account), Mark(mark)), []).append(Cell(*figures))
    return {key: sum_of_stripes(cells) for key, cells in parts.items()}


def _cells(lines: Ints, marked: Ints, whole: Ints) -> Cells:
    """The cells to write to: where several stripes of an account are held, one of them."""
    lines = lines[_is_written(lines[:, _ACCOUNT], lines[:, _STRIPE], whole)]
    marked = marked[_is_written(marked[:, 0], marked[:, 1], whole)]
    cells = Cells(max(len(lines) + len(marked), 1), index=SparseIndex())
    cells.load(lines[:, _ACCOUNT], np.zeros(len(lines), np.int64), lines[:, _STATE:])
    table = np.zeros((len(marked), COLUMNS), np.int64)
    table[:, (*_FIGURES, VERSION, LAST_SEQ)] = marked[:, 3:]
    cells.load(marked[:, 0], marked[:, 2], table)
    return cells


def _is_written(accounts: Ints, stripes: Ints, whole: Ints) -> NDArray[np.bool_]:
    written: NDArray[np.bool_] = (stripes == WHOLE_STRIPE) | ~np.isin(accounts, whole)
    return written


def _moved(request: Request, pendings: Mapping[PendingRef, Pending]) -> float:
    """Minor units this batch could add to one cell, at most; a rough bound suffices."""
    moved = float(np.abs(request.steps.amount.astype(np.float64)).sum())
    moved += sum(pending.remaining for pending in pendings.values())
    for place in request.others:
        for step in request.order(place).steps:
            if isinstance(step, Transfer):
                moved += step.amount
    return moved


def _crowded(lines: Ints, marked: Ints, partly: Ints, moved: float) -> Ints:
    """Those of `partly`, locked by one stripe, whose limit is not out of reach."""
    if not len(partly):
        return partly
    room = STRIPE_BOUND - moved
    figures = np.abs(lines[:, _STATE : _STATE + len(_FIGURES)]).max(axis=1)
    near = lines[(lines[:, _CROWDED] > 0) | (figures > room), _ACCOUNT]
    near_marked = marked[np.abs(marked[:, 3:6]).max(axis=1, initial=0) > room, 0]
    return np.intersect1d(partly, np.concatenate((near, near_marked)))
