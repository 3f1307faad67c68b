# SPDX-License-Identifier: Apache-2.0
"""Numbers for what a batch accepted: order numbers, step positions, rows to write. Pure."""

from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace

from kerege.errors import InvariantViolation
from kerege.ledger.book import Book, Draft, Pending
from kerege.ledger.errors import BatchTooLarge
from kerege.ledger.ids import format_order_id
from kerege.ledger.order import (
    CloseAccount,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Transfer,
)
from kerege.ledger.outcome import POSITION_BITS, Outcome
from kerege.ledger.request import Request
from kerege.ledger.rules import reserved
from kerege.ledger.ruling import (
    AcceptedOrder,
    AccountEvent,
    PlainOrders,
    RefusedOrder,
    Rows,
    Ruling,
)
from kerege.ledger.simple_encoding import encode_simple, is_plain
from kerege.ledger.state import Ints
from kerege.ledger.step_columns import Mask

__all__ = ["MAX_BATCH_STEPS", "Decided", "number_batch"]

MAX_BATCH_STEPS = 1 << POSITION_BITS
"""Steps one batch can number."""


@dataclass(slots=True)
class Decided:
    """What the rules made of the orders they were asked about, by place in the batch.

    `drafts` are those accepted, each with its encoding, whose hash was needed anyway.
    `echoes` are repeats of an order earlier in the same batch, by that order's place.
    """

    book: Book
    answers: dict[int, Outcome] = field(default_factory=dict)
    drafts: dict[int, tuple[Order, bytes, Draft]] = field(default_factory=dict)
    refused: list[RefusedOrder] = field(default_factory=list)
    echoes: dict[int, int] = field(default_factory=dict)
    first_places: dict[bytes, int] = field(default_factory=dict)


def number_batch(
    request: Request, sure: Mask, decided: Decided, *, batch: int, at_us: int
) -> Ruling:
    """Give every accepted order and step its position and collect what is to be written."""
    base = batch << POSITION_BITS
    places = request.simple[sure]
    steps = np.zeros(len(request), np.int64)
    steps[places] = request.counts[sure]
    for place, (order, *_) in decided.drafts.items():
        steps[place] = len(order.steps)
    accepted = steps > 0
    numbers = np.where(accepted, base + np.cumsum(accepted) - 1, 0)
    seqs = base + np.cumsum(steps) - steps
    total = int(steps.sum())
    if total > MAX_BATCH_STEPS:
        raise BatchTooLarge(f"{total} steps in a batch that can number {MAX_BATCH_STEPS}")
    collected = _Collected(numbers, seqs, at_us)
    is_kept = np.zeros(len(places), np.bool_)
    if request.kept is not None:
        is_kept = request.kept[sure]
        for place in places[is_kept].tolist():
            collected.add_simple(place, request.order(place))
    rows = _simple_rows(request, sure, numbers, seqs)
    is_plain = ~is_kept
    plain = places[is_plain]
    firsts = np.cumsum(request.counts[sure]) - request.counts[sure]
    plain_orders = PlainOrders(
        places=plain,
        ids=[request.ids[place] for place in plain.tolist()],
        number=numbers[plain],
        seq=seqs[plain],
        amount=rows.posted[firsts[is_plain]],
    )
    for place in sorted(decided.drafts):
        collected.add(place, *decided.drafts[place])
    answers = decided.answers | collected.answers
    for place, first in decided.echoes.items():
        answers[place] = replace(answers[first], replayed=True)
    return Ruling(
        batch=batch,
        at_us=at_us,
        answers=answers,
        numbers=numbers,
        accepted=int(accepted.sum()),
        steps=total,
        plain=plain_orders,
        orders=collected.orders,
        refused=decided.refused,
        rows=_merged(rows, collected.rows),
        pendings=collected.final_pendings(decided.book),
        events=collected.events,
        next_account=decided.book.next_account,
    )


class _Collected:
    """What accepted orders leave, gathered in order of place."""

    def __init__(self, numbers: Ints, seqs: Ints, at_us: int) -> None:
        self.numbers, self.seqs, self.at_us = numbers.tolist(), seqs.tolist(), at_us
        self.answers: dict[int, Outcome] = {}
        self.orders: list[AcceptedOrder] = []
        self.rows: list[tuple[int, ...]] = []
        self.events: list[AccountEvent] = []
        self.pending_seqs: dict[PendingRef, int] = {}
        self.reserved: dict[PendingRef, Pending] = {}

    def add_simple(self, place: int, order: Order) -> None:
        """A simple order decided as columns; its rows are made with the other columns."""
        number, seq = self.numbers[place], self.seqs[place]
        results = []
        for offset, step in enumerate(order.steps):
            if not isinstance(step, Transfer):
                raise InvariantViolation(f"{format_order_id(order.id)} is no simple order")
            results.append(step.amount)
            if step.kind is Kind.PENDING:
                pending = reserved(step, PendingRef(order.id, offset), self.at_us)
                self.reserved[pending.ref] = replace(pending, seq=seq + offset)
        self.answers[place] = Outcome(order.id, None, number, self.at_us, tuple(results))
        body, steps = encode_simple(order), len(order.steps)
        self.orders.append(AcceptedOrder(number, seq, steps, order.id, body, order.evidence))

    def add(self, place: int, order: Order, encoded: bytes, draft: Draft) -> None:
        number, seq = self.numbers[place], self.seqs[place]
        results = tuple(draft.results)
        self.answers[place] = Outcome(order.id, None, number, self.at_us, results)
        body = b"" if is_plain(order) else encoded
        steps = len(order.steps)
        self.orders.append(AcceptedOrder(number, seq, steps, order.id, body, order.evidence))
        for ref, pending in draft.pendings.items():
            is_new = ref.order_id == order.id and not pending.seq
            self.pending_seqs.setdefault(ref, seq + ref.step if is_new else pending.seq)
        for entry in draft.entries:
            pending_seq = 0 if entry.pending is None else self.pending_seqs[entry.pending]
            self.rows.append(
                (
                    seq + entry.step,
                    number,
                    entry.kind,
                    entry.debit,
                    entry.credit,
                    entry.mark,
                    entry.posted,
                    entry.held,
                    entry.code,
                    pending_seq,
                )
            )
        if len(draft.entries) < steps:
            self._add_events(order, draft, number, seq)

    def _add_events(self, order: Order, draft: Draft, number: int, seq: int) -> None:
        openings = iter(draft.openings)
        for step, change in enumerate(order.steps):
            opening, account = None, None
            match change:
                case Transfer():
                    continue
                case OpenAccount():
                    opening = next(openings)
                    account = draft.accounts[opening.account.id]
                case SetLimits() | SetStatus() | CloseAccount():
                    account = draft.accounts[change.account]
            self.events.append(AccountEvent(seq + step, number, change, account, opening))

    def final_pendings(self, book: Book) -> dict[PendingRef, Pending]:
        changed = ((ref, book.pendings[ref], seq) for ref, seq in self.pending_seqs.items())
        return self.reserved | {ref: replace(pending, seq=seq) for ref, pending, seq in changed}


def _simple_rows(request: Request, sure: Mask, number: Ints, seq: Ints) -> Rows:
    """The rows of orders decided as columns; `number` and `seq` are those of each place."""
    steps, places, counts = request.steps, request.simple[sure], request.counts[sure]
    if not sure.all():
        steps = steps.where(sure[steps.order])
    first = np.repeat(np.cumsum(counts) - counts, counts)
    place = np.repeat(places, counts)
    zeros = np.zeros(len(place), np.int64)
    reserves = steps.timeout_s > 0
    return Rows(
        seq=seq[place] + np.arange(len(place)) - first,
        order=number[place],
        kind=np.where(reserves, int(Kind.PENDING), int(Kind.POST)),
        debit=steps.debit,
        credit=steps.credit,
        mark=steps.mark,
        posted=np.where(reserves, 0, steps.amount),
        held=np.where(reserves, steps.amount, 0),
        code=steps.code,
        pending=zeros,
    )


def _merged(rows: Rows, others: list[tuple[int, ...]]) -> Rows:
    """With the rows of orders decided by the rules, in order."""
    if not others:
        return rows
    more = np.array(others, np.int64)
    columns = [getattr(rows, name) for name in rows.__struct_fields__]
    columns = [np.concatenate((column, more[:, i])) for i, column in enumerate(columns)]
    by_seq = np.argsort(columns[0])
    return Rows(*[column[by_seq] for column in columns])
