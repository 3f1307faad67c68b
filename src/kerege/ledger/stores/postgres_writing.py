# SPDX-License-Identifier: Apache-2.0
"""The last step of a batch on PostgreSQL: rows by binary COPY, balances by one UPDATE.

Ids of orders go in first and sorted: two processes that decide the same ids meet here, the
later one waits for the earlier and then fails before it has done any other work.
"""

from collections.abc import Sequence
from typing import Final, LiteralString

import numpy as np
from numpy.typing import NDArray

from kerege.errors import InvariantViolation
from kerege.ledger.books import Applied, Books
from kerege.ledger.ids import UNMARKED
from kerege.ledger.ruling import Rows, Ruling
from kerege.ledger.state import (
    BALANCE,
    CEILING,
    CREDITS_PENDING,
    DEBITS_PENDING,
    FLAGS,
    FLOOR,
    HAS_MARKS,
    LAST_SEQ,
    NO_CEILING,
    NO_FLOOR,
    VERSION,
    Ints,
)
from kerege.ledger.stores.postgres_connections import Connection
from kerege.ledger.stores.postgres_loading import Held
from kerege.ledger.stores.postgres_stripes import ALL_STRIPES, STRIPE_BOUND, WHOLE_STRIPE
from kerege.ledger.stores.postgres_wire import (
    BIGINT,
    INTEGER,
    SMALLINT,
    UUID,
    Layout,
    UuidArray,
    uuid_column,
)

__all__ = ["write_ruling"]

_BATCH: Final = "INSERT INTO batches (batch, at_us, orders, steps) VALUES (%b, %b, %b, %b)"

_ORDERS: Final = "COPY orders (id, number, seq, steps) FROM STDIN (FORMAT BINARY)"
_ORDER_ROWS: Final = Layout(UUID, BIGINT, BIGINT, INTEGER)

_TRANSFERS: Final = """
    COPY transfers (seq, order_number, debit, credit, posted, held, pending, debit_previous,
                    credit_previous, mark, code, kind)
    FROM STDIN (FORMAT BINARY)
"""
_TRANSFER_ROWS: Final = Layout(*[BIGINT] * 9, INTEGER, INTEGER, SMALLINT)

_MILESTONES: Final = """
    COPY milestones (account, seq, at_us, version, balance, debits_pending, credits_pending, mark,
                     stripe)
    FROM STDIN (FORMAT BINARY)
"""
_MILESTONE_ROWS: Final = Layout(*[BIGINT] * 7, INTEGER, SMALLINT)

_DOCUMENTS: Final = """
    INSERT INTO documents (number, body, evidence)
    SELECT * FROM unnest(%b::bigint[], %b::bytea[], %b::bytea[])
"""
_REFUSALS: Final = """
    INSERT INTO refusals (id, content, at_us, refusal, step, found, allowed)
    SELECT * FROM unnest(%b::uuid[], %b::bytea[], %b::bigint[], %b::bigint[], %b::bigint[],
                         %b::bigint[], %b::bigint[])
"""
_PENDINGS: Final = """
    INSERT INTO pendings (order_id, seq, step, debit, credit, mark, remaining, expires_at_us, state)
    SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[],
                         %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[])
    ON CONFLICT (seq) DO UPDATE SET remaining = excluded.remaining, state = excluded.state
"""
_EVENTS: Final = """
    INSERT INTO account_events (seq, order_number, account)
    SELECT seq, order_number, nullif(account, 0)
    FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[]) AS n (seq, order_number, account)
"""
_ASSETS: Final = """
    INSERT INTO assets (number, code, scale)
    SELECT * FROM unnest(%b::bigint[], %b::text[], %b::bigint[])
"""
_ACCOUNTS: Final = """
    INSERT INTO accounts (id, asset, role, opened_seq, owner)
    SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::text[])
"""

_NEW_CELLS: Final = """
    INSERT INTO balances (account, mark, stripe, balance, debits_pending, credits_pending, version,
                          last_seq, floor, ceiling, status, role, asset, has_marks, crowded)
    SELECT account, mark, stripe, balance, debits_pending, credits_pending, version, last_seq,
           nullif(floor, %b), nullif(ceiling, %b),
           flags & 7, flags >> 8 & 255, flags >> 16, flags & 16 > 0, false
    FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[],
                %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[])
         AS n (account, mark, stripe, balance, debits_pending, credits_pending, version, last_seq,
               floor, ceiling, flags)
"""
_BALANCES: Final = """
    UPDATE balances AS b
    SET balance = (%(balance)b::bigint[])[i], debits_pending = (%(debits)b::bigint[])[i],
        credits_pending = (%(credits)b::bigint[])[i], version = (%(version)b::bigint[])[i],
        last_seq = (%(last_seq)b::bigint[])[i]
    FROM generate_series(1, %(count)b) AS i
    WHERE b.account = (%(account)b::bigint[])[i] AND b.mark = (%(mark)b::bigint[])[i]
      AND b.stripe = (%(stripe)b::bigint[])[i]
"""
"""By subscript: eight arrays unnested side by side are first copied into eight temporary tables."""

_LIMITS: Final = """
    UPDATE balances AS b
    SET floor = nullif(n.floor, %b), ceiling = nullif(n.ceiling, %b), status = n.flags & 7,
        balance = CASE b.stripe WHEN 0 THEN n.balance ELSE b.balance END,
        debits_pending = CASE b.stripe WHEN 0 THEN n.debits ELSE b.debits_pending END,
        credits_pending = CASE b.stripe WHEN 0 THEN n.credits ELSE b.credits_pending END,
        version = CASE b.stripe WHEN 0 THEN n.version ELSE b.version END,
        last_seq = CASE b.stripe WHEN 0 THEN n.last_seq ELSE b.last_seq END
    FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[],
                %b::bigint[], %b::bigint[], %b::bigint[])
         AS n (account, floor, ceiling, flags, balance, debits, credits, version, last_seq)
    WHERE b.account = n.account AND b.mark = 0
"""
"""With the figures: between old limits and new figures, or the other way round, a row may break
a constraint that holds before the batch and after it."""
_HAS_MARKS: Final = """
    UPDATE balances AS b SET has_marks = true
    FROM unnest(%b::bigint[], %b::bigint[]) AS n (account, stripe)
    WHERE b.account = n.account AND b.mark = 0 AND b.stripe = n.stripe
"""
_CROWDED: Final = "UPDATE balances SET crowded = true WHERE account = ANY (%b) AND mark = 0"

_STRIPE: Final = 2
_OWN_FLAGS: Final = HAS_MARKS | 7
_FIGURES: Final = (BALANCE, DEBITS_PENDING, CREDITS_PENDING, VERSION, LAST_SEQ)


def write_ruling(connection: Connection, ruling: Ruling, held: Held) -> None:
    """Make the ruling's effects the database's state; the caller commits."""
    applied = held.books.apply(ruling)
    if ruling.accepted:
        values = (ruling.batch, ruling.at_us, ruling.accepted, ruling.steps)
        connection.execute(_BATCH, values)
    _write_orders(connection, ruling)
    _write_register(connection, ruling, held.books, applied)
    _write_cells(connection, held, applied)
    _write_transfers(connection, ruling.rows, applied)
    _write_milestones(connection, ruling, held, applied)
    _write_pendings(connection, ruling)


def _copy(connection: Connection, statement: LiteralString, rows: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows)


def _write_orders(connection: Connection, ruling: Ruling) -> None:
    plain, orders, refused = ruling.plain, ruling.orders, ruling.refused
    ids = [*plain.ids, *(o.id for o in orders), *(r.outcome.order_id for r in refused)]
    places = [(o.number, o.seq, o.steps) for o in orders] + [(-1, -1, 0)] * len(refused)
    other = np.array(places, np.int64).reshape(-1, 3)
    number = np.concatenate((plain.number, other[:, 0]))
    seq = np.concatenate((plain.seq, other[:, 1]))
    steps = np.concatenate((np.ones(len(plain.ids), np.int64), other[:, 2]))
    by_id = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    columns = [column[by_id] for column in (uuid_column(ids), number, seq, steps)]
    _copy(connection, _ORDERS, _ORDER_ROWS.encode(columns))
    with_body = [order for order in orders if order.body]
    if with_body:
        numbers = np.array([order.number for order in with_body])
        bodies = [order.body for order in with_body]
        connection.execute(_DOCUMENTS, (numbers, bodies, [o.evidence for o in with_body]))
    if refused:
        figures = [
            (o.at_us, int(o.refusal or 0), o.step, o.found, o.limit)
            for o in (r.outcome for r in refused)
        ]
        refused_ids = UuidArray(r.outcome.order_id for r in refused)
        values = (refused_ids, [r.content for r in refused], *_columns(figures, 5))
        connection.execute(_REFUSALS, values)


def _write_register(connection: Connection, ruling: Ruling, books: Books, applied: Applied) -> None:
    """Assets, accounts, and what happened to them."""
    new = books.assets[applied.first_new_asset :]
    if new:
        numbers = np.arange(applied.first_new_asset, len(books.assets))
        scales = np.array([scale for _, scale in new])
        connection.execute(_ASSETS, (numbers, [code for code, _ in new], scales))
    opened = [change for change in applied.accounts if change.owner]
    if opened:
        rows = [(c.account.id, c.asset_number, int(c.account.role), c.seq) for c in opened]
        connection.execute(_ACCOUNTS, (*_columns(rows, 4), [c.owner for c in opened]))
    if ruling.events:
        changes = [
            (e.seq, e.order, 0 if e.account is None else e.account.id) for e in ruling.events
        ]
        connection.execute(_EVENTS, _columns(changes, 3))


def _columns(rows: Sequence[Sequence[int]], width: int) -> list[Ints]:
    return list(np.array(rows, np.int64).reshape(-1, width).T)


def _write_transfers(connection: Connection, rows: Rows, applied: Applied) -> None:
    if not len(rows):
        return
    folded = applied.folded
    columns = (
        rows.seq,
        rows.order,
        rows.debit,
        rows.credit,
        rows.posted,
        rows.held,
        rows.pending,
        folded.debit_previous,
        folded.credit_previous,
        rows.mark,
        rows.code,
        rows.kind,
    )
    _copy(connection, _TRANSFERS, _TRANSFER_ROWS.encode(columns))


def _write_milestones(connection: Connection, ruling: Ruling, held: Held, applied: Applied) -> None:
    found = applied.folded.milestones
    if not len(found.slot):
        return
    cells = held.books.cells
    accounts = cells.key_account[found.slot]
    columns = (
        accounts,
        found.seq,
        np.full(len(accounts), ruling.at_us),
        found.version,
        found.balance,
        found.debits_pending,
        found.credits_pending,
        cells.key_mark[found.slot],
        _stripes(held, found.slot),
    )
    _copy(connection, _MILESTONES, _MILESTONE_ROWS.encode(columns))


def _write_pendings(connection: Connection, ruling: Ruling) -> None:
    if not ruling.pendings:
        return
    pendings = ruling.pendings.values()
    rows = [
        (p.seq, p.ref.step, p.debit, p.credit, p.mark, p.remaining, p.expires_at_us, int(p.state))
        for p in pendings
    ]
    connection.execute(_PENDINGS, (UuidArray(p.ref.order_id for p in pendings), *_columns(rows, 8)))


def _write_cells(connection: Connection, held: Held, applied: Applied) -> None:
    cells, touched = held.books.cells, applied.folded.slots
    new = np.arange(applied.first_new_slot, cells.count)
    if len(new):
        _insert_cells(connection, held, new)
    limited = np.array(sorted({c.account.id for c in applied.accounts if not c.owner}), np.int64)
    old = touched[touched < applied.first_new_slot]
    old = old[~_go_with_limits(held, old, limited)]
    if len(old):
        table = cells.table[old]
        values = {
            "count": len(old),
            "account": cells.key_account[old],
            "mark": cells.key_mark[old],
            "stripe": _stripes(held, old),
            "balance": table[:, BALANCE],
            "debits": table[:, DEBITS_PENDING],
            "credits": table[:, CREDITS_PENDING],
            "version": table[:, VERSION],
            "last_seq": table[:, LAST_SEQ],
        }
        changed = connection.execute(_BALANCES, values).rowcount
        if changed != len(old):
            raise InvariantViolation(f"{changed} of {len(old)} balances found again")
    if len(limited):
        table = cells.rows(limited)
        columns = (FLOOR, CEILING, FLAGS, *_FIGURES)
        limits = (limited, *(table[:, column] for column in columns))
        connection.execute(_LIMITS, (NO_FLOOR, NO_CEILING, *limits))
    _mark_crowded(connection, held, touched)


def _stripes(held: Held, slots: Ints) -> Ints:
    """The stripe each slot's cell is written to."""
    accounts = held.books.cells.key_account[slots]
    return held.stripes_of(accounts, held.books.cells.rows(accounts)[:, FLAGS])


def _insert_cells(connection: Connection, held: Held, new: Ints) -> None:
    cells = held.books.cells
    accounts, marks = cells.key_account[new], cells.key_mark[new]
    rules, figures = cells.rows(accounts), cells.table[new]
    rows = np.stack(
        (
            accounts,
            marks,
            _stripes(held, new),
            *(figures[:, column] for column in _FIGURES),
            np.where(marks == UNMARKED, rules[:, FLOOR], _floor_of_mark(rules)),
            np.where(marks == UNMARKED, rules[:, CEILING], NO_CEILING),
            np.where(marks == UNMARKED, rules[:, FLAGS], rules[:, FLAGS] & ~_OWN_FLAGS),
        ),
        axis=1,
    )
    spread = rows[(rows[:, _STRIPE] == WHOLE_STRIPE) & (marks == UNMARKED)]
    rows = np.concatenate((rows, *(_empty_stripe(spread, s) for s in ALL_STRIPES[1:])))
    connection.execute(_NEW_CELLS, (NO_FLOOR, NO_CEILING, *rows.T))
    marked = np.unique(accounts[(marks != UNMARKED) & (accounts < held.loaded.next_account)])
    if len(marked):
        stripes = held.stripes_of(marked, cells.rows(marked)[:, FLAGS])
        connection.execute(_HAS_MARKS, (marked, stripes))


def _floor_of_mark(rules: Ints) -> Ints:
    """Marked money is never overdrawn, but an issuer has no floor in any mark."""
    return np.where(rules[:, FLOOR] == NO_FLOOR, NO_FLOOR, 0)


def _empty_stripe(rows: Ints, stripe: int) -> Ints:
    rows = rows.copy()
    rows[:, _STRIPE] = stripe
    rows[:, _STRIPE + 1 : _STRIPE + 1 + len(_FIGURES)] = 0
    rows[:, -1] &= ~HAS_MARKS
    return rows


def _go_with_limits(held: Held, slots: Ints, limited: Ints) -> NDArray[np.bool_]:
    """Which of the slots are written together with their account's new limits."""
    cells = held.books.cells
    unmarked = cells.key_mark[slots] == UNMARKED
    single: NDArray[np.bool_] = unmarked & (_stripes(held, slots) == 0)
    return single & np.isin(cells.key_account[slots], limited)


def _mark_crowded(connection: Connection, held: Held, touched: Ints) -> None:
    cells = held.books.cells
    figures = np.abs(cells.table[touched, : len(_FIGURES) - 2]).max(axis=1, initial=0)
    beyond = touched[(figures > STRIPE_BOUND) & (_stripes(held, touched) > 0)]
    accounts = np.setdiff1d(cells.key_account[beyond], held.crowded)
    if len(accounts):
        connection.execute(_CROWDED, (accounts,))
