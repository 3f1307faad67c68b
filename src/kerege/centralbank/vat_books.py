# SPDX-License-Identifier: Apache-2.0
"""The tax inspector's view, read from the ledger each time: who trades with whom, open claims with
the answer that the check of their chains suggests."""

import threading
from collections.abc import Iterator

from msgspec.structs import replace

from kerege.centralbank.programme_orders import ProgrammeOrders
from kerege.centralbank.register import Register
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.centralbank.telling import document_of
from kerege.ledger import Ledger
from kerege.ledger.encoding import decode_order
from kerege.ledger.ids import AccountId
from kerege.ledger.stored import StoredOrder
from kerege.ledger.stores import Store
from kerege.payments import MalformedDocument, Past, decode_document
from kerege.payments.documents import VatClaim
from kerege.payments.vat_claims import OpenClaim, OpenClaims
from kerege.payments.vat_facts import answer_claim, book_of
from kerege.programmes.vat_book import VatBook
from kerege.programmes.vat_graph import VatGraph, graph_of

__all__ = ["MAX_CLAIMS_TOLD", "VatBooks"]

MAX_CLAIMS_TOLD = 256
"""Open claims told at once, the oldest first: four runs."""


class VatBooks:
    """Reads the ledger for the inspector. Safe among threads; every call may block for long."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        register: Register,
        orders: ProgrammeOrders | None = None,
    ) -> None:
        """`orders`: what a node remembers of them, if others use it too."""
        self._orders = orders or ProgrammeOrders(store)
        self._ledger = ledger
        self._register = register
        self._one = threading.Lock()

    def graph(self, programme: str) -> VatGraph | None:
        """Trade and its patterns; None if there is no such programme, or it is not of VAT."""
        with self._one:
            found = self._read(programme)
            if found is None:
                return None
            book, _, is_complete = found
            return replace(graph_of(book), is_complete=is_complete)

    def claims(self, programme: str) -> OpenClaims | None:
        """Claims that wait for their answer; None as `graph`."""
        with self._one:
            found = self._read(programme)
            if found is None:
                return None
            book, claims, is_complete = found
            still_open = [
                OpenClaim(claim.wallet, claim.amount, past.at_us, answer_claim(claim, book))
                for past in claims
                if isinstance(claim := past.document, VatClaim)
                and self._ledger.spendable(AccountId(past.results[0]))
            ]
            told = tuple(still_open[:MAX_CLAIMS_TOLD])
            return OpenClaims(told, is_complete and len(told) == len(still_open))

    def _read(self, programme: str) -> tuple[VatBook, list[Past], bool] | None:
        record = self._register.programme_records().get(programme)
        if record is None or record.newest.terms.vat is None:
            return None
        is_complete = self._orders.catch_up()
        claims: list[Past] = []
        book = book_of(
            self._noting(record, claims),
            marks=record.marks,
            wallet_of=lambda account: self._register.wallet_of_account(account) or "",
            facts_of=self._register.wallet,
        )
        return book, claims, is_complete

    def _noting(self, record: ProgrammeRecord, claims: list[Past]) -> Iterator[Past]:
        for at_us, stored in self._orders.of(record.marks):
            past = _past_of(stored, at_us)
            if past is None:
                continue
            if isinstance(past.document, VatClaim):
                claims.append(past)
            yield past


def _past_of(stored: StoredOrder, at_us: int) -> Past | None:
    _, payload = document_of(stored.evidence)
    try:
        document = decode_document(payload)
    except MalformedDocument:
        return None
    order = decode_order(stored.body, stored.evidence)
    return Past(document=document, order=order, results=stored.results, at_us=at_us)
