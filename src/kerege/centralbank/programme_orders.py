# SPDX-License-Identifier: Apache-2.0
"""Which accepted orders concern programmes: remembered from position to position of the log.

A tree of contracts or a book of VAT needs the orders of one programme, which are few among all of a
country. What concerns programmes (marked money, papers, payments about them, refunds) is noted in
memory when somebody first asks; after that only what is new is read, and what is told costs what
its programme costs. Nothing is written and posting knows nothing of it: a node that starts reads
again.
"""

import threading
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from kerege.centralbank import order_log
from kerege.centralbank.telling import document_of
from kerege.ledger.encoding import decode_order
from kerege.ledger.ids import Mark, OrderId
from kerege.ledger.order import Transfer
from kerege.ledger.stored import StoredOrder
from kerege.ledger.stores import Store
from kerege.payments import MalformedDocument, decode_document
from kerege.payments.documents import (
    Attest,
    Contract,
    CreditNote,
    Document,
    Invoice,
    Refund,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)

__all__ = ["MAX_NOTED", "ProgrammeOrders"]

MAX_NOTED: Final = 4_000_000
"""Orders remembered, of all programmes together: some hundred megabytes."""

_ID_BYTES: Final = 16

_PAPERS = (
    Attest,
    Contract,
    CreditNote,
    Invoice,
    Refund,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)


class ProgrammeOrders:
    """One node's memory of them. Safe among threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._leaf = 0
        self._ids = bytearray()
        self._marked: dict[Mark, array[int]] = {}
        self._papers: array[int] = array("I")
        """Places in `_ids`, in the log's order, as in `_marked`."""

    def catch_up(self) -> bool:
        """Read what is new in the log, at most `order_log.MAX_ORDERS_SEEN` orders: the next call
        goes on. Returns whether nothing was left unread."""
        with self._lock:
            seen = 0
            while seen < order_log.MAX_ORDERS_SEEN:
                page = min(order_log.PAGE, order_log.MAX_ORDERS_SEEN - seen)
                batches = self._store.batches(first_leaf=self._leaf, limit=page)
                if not batches:
                    return True
                if len(self._ids) >= MAX_NOTED * _ID_BYTES:
                    return False
                for batch in batches:
                    for place, stored in enumerate(batch.orders, start=batch.first_leaf):
                        if place >= self._leaf:
                            self._note(stored)
                            seen += 1
                    self._leaf = batch.first_leaf + len(batch.orders)
            return not self._store.batches(first_leaf=self._leaf, limit=1)

    def of(self, marks: Iterable[Mark]) -> Iterator[tuple[int, StoredOrder]]:
        """Orders that moved money of these marks, and all papers and refunds, each with its time
        (µs), in the log's order, as far as `catch_up` has read."""
        with self._lock:
            noted = [self._marked[mark] for mark in marks if mark in self._marked]
            places = sorted({*chain(self._papers, *noted)})
            ids = [bytes(self._ids[n * _ID_BYTES : (n + 1) * _ID_BYTES]) for n in places]
        for order_id in ids:
            found = self._store.accepted(OrderId(order_id))
            if found is not None:
                yield found.at_us, found.order

    def _note(self, stored: StoredOrder) -> None:
        order = decode_order(stored.body, stored.evidence)
        marks = {step.mark for step in order.steps if isinstance(step, Transfer) and step.mark}
        is_paper = _is_paper(stored.evidence)
        if not marks and not is_paper:
            return
        place = len(self._ids) // _ID_BYTES
        self._ids += stored.id
        for mark in marks:
            self._marked.setdefault(mark, array("I")).append(place)
        if is_paper:
            self._papers.append(place)


def _is_paper(evidence: bytes) -> bool:
    """Whether an order may be of a programme though none of its money is marked."""
    document = _read(evidence)
    return isinstance(document, _PAPERS) or bool(getattr(document, "about", ""))


def _read(evidence: bytes) -> Document | None:
    try:
        return decode_document(document_of(evidence)[1])
    except MalformedDocument:
        return None
