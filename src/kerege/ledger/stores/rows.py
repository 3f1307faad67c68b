# SPDX-License-Identifier: Apache-2.0
"""Rows of a store's tables as the values they stand for: the same columns in every store."""

from collections.abc import Mapping
from typing import Any

from kerege.ledger.account import Cell
from kerege.ledger.book import Pending, PendingState
from kerege.ledger.order import Kind, PendingRef
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.simple_encoding import encode_plain
from kerege.ledger.stored import Movement, OrderRow, StoredOrder, TransferRow, stored_order

__all__ = ["Row", "before", "movement_of", "order_of", "pending_of", "refusal_of"]

Row = tuple[Any, ...]


def order_of(row: Row, by_seq: Mapping[int, Row], opened: Mapping[int, int | None]) -> StoredOrder:
    """From number, id, seq, steps, body and evidence; `by_seq` are transfers as of
    `TransferRow`, `opened` accounts by seq."""
    number, order_id, seq, steps, body, evidence = row
    if not body:
        _, debit, credit, posted, _, code = by_seq[seq]
        plain = encode_plain(order_id, debit, credit, posted, code)
        return StoredOrder(number, order_id, plain, b"", (posted,))
    rows = [TransferRow(*by_seq[s]) for s in range(seq, seq + steps) if s in by_seq]
    return stored_order(OrderRow(number, order_id, seq, steps, body, evidence or b""), rows, opened)


def refusal_of(row: Row) -> Outcome:
    """From id, content, at_us, refusal, step, found and allowed."""
    order_id, _, at_us, refusal, step, found, limit = row
    return Outcome(order_id, Refusal(refusal), 0, at_us, step=step, found=found, limit=limit)


def pending_of(row: Row) -> Pending:
    """From seq, order_id, step, debit, credit, mark, remaining, expires_at_us and state."""
    seq, order_id, step, debit, credit, mark, remaining, expires_at_us, state = row
    return Pending(
        ref=PendingRef(order_id=order_id, step=step),
        debit=debit,
        credit=credit,
        mark=mark,
        remaining=remaining,
        expires_at_us=expires_at_us,
        state=PendingState(state),
        seq=seq,
    )


def movement_of(row: Row, is_debit: bool, after: Cell) -> Movement:
    """From seq, order id, at_us, kind, debit, credit, mark, posted, held and code."""
    seq, order_id, at_us, kind, debit, credit, mark, posted, held, code = row[:10]
    return Movement(
        seq=seq,
        order_id=order_id,
        at_us=at_us,
        kind=Kind(kind),
        is_debit=is_debit,
        counterparty=credit if is_debit else debit,
        mark=mark,
        change=-posted if is_debit else posted,
        held=held,
        code=code,
        after=after,
    )


def before(movement: Movement, previous_seq: int) -> Cell:
    """The cell as it stood before `movement`."""
    after = movement.after
    debits_held = movement.held if movement.is_debit else 0
    return Cell(
        balance=after.balance - movement.change,
        debits_pending=after.debits_pending - debits_held,
        credits_pending=after.credits_pending - (movement.held - debits_held),
        version=after.version - 1,
        last_seq=previous_seq,
    )
