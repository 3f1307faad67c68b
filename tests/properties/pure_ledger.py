# SPDX-License-Identifier: Apache-2.0
"""The pure rooms of the ledger put together without a store: for fast comparison with the model."""

import hashlib
from collections.abc import Sequence

from kerege.ledger.book import Known, Pending
from kerege.ledger.books import Books
from kerege.ledger.cells import MILESTONE_EVERY, Cells, Folded
from kerege.ledger.deciding import decide
from kerege.ledger.encoding import encode_order
from kerege.ledger.expiry import expiry_of
from kerege.ledger.order import Order, PendingRef
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Request
from kerege.ledger.ruling import Rows, Ruling

__all__ = ["PureLedger"]

Figures = tuple[int, int, int, int, int]
"""Balance, pending out, pending in, version and last seq of a cell."""


class PureLedger:
    """Everything in dictionaries; each cell's history is followed row by row beside the fold."""

    def __init__(self) -> None:
        self.books = Books(Cells(capacity=4), [], 1)
        self.known: dict[bytes, Known] = {}
        self.pendings: dict[PendingRef, Pending] = {}
        self.batch = 0
        self.followed: dict[tuple[int, int], Figures] = {}

    def expire(self, now_us: int) -> list[Order]:
        """Release what is due, oldest first; returns the orders that did."""
        open_ones = [p for p in self.pendings.values() if p.remaining]
        due = [pending for pending in open_ones if pending.expires_at_us <= now_us]
        orders = [expiry_of(p) for p in sorted(due, key=lambda p: (p.expires_at_us, p.seq))]
        if orders:
            self.post(orders, now_us, own=True)
        return orders

    def post(self, orders: Sequence[Order], now_us: int, *, own: bool = False) -> list[Outcome]:
        request = Request.of_orders(orders, own=own)
        refs = request.pending_refs()
        loaded = self.books.load(
            request,
            pendings={ref: self.pendings[ref] for ref in refs if ref in self.pendings},
            known={i: self.known[i] for i in request.ids if i in self.known},
        )
        ruling = decide(request, loaded, batch=self.batch, at_us=now_us)
        outcomes = ruling.outcomes()
        if not ruling.is_empty:
            self._keep(orders, ruling, outcomes)
        return outcomes

    def _keep(self, orders: Sequence[Order], ruling: Ruling, outcomes: list[Outcome]) -> None:
        self.batch += ruling.accepted > 0
        self.pendings.update(ruling.pendings)
        settled = [refused.outcome.order_id for refused in ruling.refused]
        for order, outcome in zip(orders, outcomes, strict=True):
            if not outcome.replayed and (outcome.accepted or outcome.order_id in settled):
                content = hashlib.sha256(encode_order(order)).digest()
                self.known.setdefault(order.id, Known(content=content, outcome=outcome))
        self._follow(ruling.rows, self.books.apply(ruling).folded)

    def _follow(self, rows: Rows, folded: Folded) -> None:
        """What the fold says of each row must be what going through them one by one finds."""
        milestones = []
        columns = (rows.seq, rows.debit, rows.credit, rows.mark, rows.posted, rows.held)
        for place, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            seq, debit, credit, mark, posted, held = row
            before = self._move((debit, mark), (-posted, held, 0), seq)
            assert folded.debit_previous[place] == before
            before = self._move((credit, mark), (posted, 0, held), seq)
            assert folded.credit_previous[place] == before
            for key in ((debit, mark), (credit, mark)):
                figures = self.followed[key]
                if figures[3] % MILESTONE_EVERY == 0:
                    milestones.append((*key, figures[3], seq, *figures[:3]))
        cells, found = self.books.cells, folded.milestones
        told = zip(
            cells.key_account[found.slot].tolist(),
            cells.key_mark[found.slot].tolist(),
            *(c.tolist() for c in (found.version, found.seq, found.balance)),
            *(c.tolist() for c in (found.debits_pending, found.credits_pending)),
            strict=True,
        )
        assert sorted(told) == sorted(milestones)
        touched = {(a, m) for a, m in zip(rows.debit.tolist(), rows.mark.tolist(), strict=True)}
        touched |= {(a, m) for a, m in zip(rows.credit.tolist(), rows.mark.tolist(), strict=True)}
        slots = folded.slots.tolist()
        assert sorted(slots) == sorted(cells.slot(key) for key in touched)

    def _move(self, key: tuple[int, int], change: tuple[int, int, int], seq: int) -> int:
        balance, out, coming, version, last = self.followed.get(key, (0, 0, 0, 0, 0))
        posted, held_out, held_in = change
        self.followed[key] = balance + posted, out + held_out, coming + held_in, version + 1, seq
        return last
