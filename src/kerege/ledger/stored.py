# SPDX-License-Identifier: Apache-2.0
"""What a store gives back of the past, and how orders are put together again from rows.

Of a plain order only its one transfer is stored; every other order keeps its bytes. Both
come back as the same bytes that were accepted.
"""

import hashlib
from collections.abc import Mapping, Sequence

from msgspec import Struct

from kerege.ledger.account import Account, Cell
from kerege.ledger.encoding import decode_order, encode_record
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import DeclareAsset, Kind, OpenAccount, Step, Transfer
from kerege.ledger.outcome import Outcome

__all__ = [
    "AcceptedAt",
    "AccountInfo",
    "Movement",
    "OrderRow",
    "StoredBatch",
    "StoredOrder",
    "TransferRow",
    "content_of",
    "stored_order",
]


class AccountInfo(Struct, frozen=True):
    """An account with its owner's pseudonym and the time it was opened."""

    account: Account
    owner: str
    opened_at_us: int


class Movement(Struct, frozen=True):
    """One transfer as one of its two cells saw it, in minor units.

    `change` is what it did to the balance, `held` what it did to the pending side; `after`
    is the cell as it stood then.
    """

    seq: int
    order_id: OrderId
    at_us: int
    kind: Kind
    is_debit: bool
    counterparty: AccountId
    mark: Mark
    change: int
    held: int
    code: int
    after: Cell


class OrderRow(Struct, frozen=True, gc=False):
    """A row of the orders table."""

    number: int
    id: bytes
    seq: int
    steps: int
    body: bytes
    evidence: bytes


class TransferRow(Struct, frozen=True, gc=False):
    """What a row of the transfers table adds to its order."""

    seq: int
    debit: int
    credit: int
    posted: int
    held: int
    code: int


class StoredOrder(Struct, frozen=True, gc=False):
    """An accepted order: its bytes (`encode_order`), evidence, and one result a step."""

    number: int
    id: OrderId
    body: bytes
    evidence: bytes
    results: tuple[int, ...]

    def outcome(self, at_us: int) -> Outcome:
        """The outcome its caller got."""
        return Outcome(self.id, None, self.number, at_us, self.results)

    def record(self, at_us: int) -> bytes:
        """The bytes its leaf in the log commits to."""
        return encode_record(self.body, at_us, self.results)


class AcceptedAt(Struct, frozen=True):
    """An accepted order, its time, and its leaf in the log (-1 until it has one)."""

    order: StoredOrder
    at_us: int
    leaf: int


class StoredBatch(Struct, frozen=True):
    """A batch's accepted orders, in order; the first is the log's leaf `first_leaf`."""

    batch: int
    at_us: int
    first_leaf: int
    orders: Sequence[StoredOrder]


def stored_order(
    row: OrderRow, transfers: Sequence[TransferRow], opened: Mapping[int, int | None]
) -> StoredOrder:
    """Put an order together from its rows, in order of seq; `opened` are account ids by seq."""
    if row.steps == len(transfers):
        # Nearly every order moves money only: its rows say what it did, its bytes are not read.
        moved = tuple(map(_moved_by, transfers))
        return StoredOrder(row.number, OrderId(row.id), row.body, row.evidence, moved)
    by_seq = {transfer.seq: transfer for transfer in transfers}
    steps = decode_order(row.body, row.evidence).steps
    results = tuple(
        _result_of(step, by_seq.get(row.seq + place), opened.get(row.seq + place))
        for place, step in enumerate(steps)
    )
    return StoredOrder(row.number, OrderId(row.id), row.body, row.evidence, results)


def _result_of(step: Step, transfer: TransferRow | None, opened: int | None) -> int:
    match step:
        case Transfer():
            return 0 if transfer is None else _moved_by(transfer)
        case DeclareAsset():
            return step.scale
        case OpenAccount():
            return opened or 0
    return step.account


def _moved_by(transfer: TransferRow) -> int:
    return transfer.posted or abs(transfer.held)


def content_of(stored: StoredOrder) -> bytes:
    """SHA-256 of an order's bytes, as repeats are compared by."""
    return hashlib.sha256(stored.body).digest()
