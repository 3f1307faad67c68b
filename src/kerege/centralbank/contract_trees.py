# SPDX-License-Identifier: Apache-2.0
"""The tree of a programme's contracts, read from the ledger each time: only which orders concern
programmes is remembered (`programme_orders`).

They tell its contracts and what its marked money did; what is held and promised of each is in the
contract's own accounts.
"""

import threading
from typing import Final

from msgspec import Struct

from kerege.centralbank.programme_flows import Flow, FlowKind, Places, flows_of
from kerege.centralbank.programme_orders import ProgrammeOrders
from kerege.centralbank.register import Register
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.centralbank.telling import document_of
from kerege.errors import InvariantViolation
from kerege.ledger import UNMARKED, AccountId, Ledger, OpenAccount, Order, format_order_id
from kerege.ledger.encoding import decode_order
from kerege.ledger.stored import StoredOrder
from kerege.ledger.stores import Store
from kerege.payments import MalformedDocument, decode_document
from kerege.payments.documents import Capture, Contract, Document, Hold, Pay, Pull, Refund
from kerege.programmes.contract_tree import Contracting, ContractTree, Passing, tree_of

__all__ = ["MAX_CONTRACTS", "ContractTrees"]

MAX_CONTRACTS: Final = 5_000
"""Contracts of one tree: some two megabytes as JSON."""


class _Paid(Struct, frozen=True):
    """What an order was about, and whether its money arrived marked."""

    about: str
    kept: bool


class ContractTrees:
    """Makes trees, one at a time. Safe among threads; every call may block for long."""

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

    def tree(self, programme: str) -> ContractTree | None:
        """The programme's contracts as they stand now; None if there is no such programme."""
        with self._one:
            record = self._register.programme_records().get(programme)
            if record is None:
                return None
            return _Pass(self._orders, self._ledger, self._register, record).tree()


class _Pass:
    """One tree in the making."""

    def __init__(
        self,
        orders: ProgrammeOrders,
        ledger: Ledger,
        register: Register,
        record: ProgrammeRecord,
    ) -> None:
        self._orders = orders
        self._ledger = ledger
        self._register = register
        self._record = record
        funder, converter = register.wallet(record.funder), register.converter(record.asset)
        if funder is None or converter is None:
            raise InvariantViolation(f"{record.id} has no funder or no converter")
        self._places = Places(record.marks, converter, funder.accounts[record.asset])
        self._contracts: dict[str, tuple[Contract, tuple[int, ...]]] = {}
        self._passings: list[Passing] = []
        self._paid: dict[str, _Paid] = {}

    def tree(self) -> ContractTree:
        is_complete = self._read_orders()
        contracts = [self._told(*found) for found in self._contracts.values()]
        roots, loose = tree_of(contracts, self._passings, funder=self._record.funder)
        cells = self._ledger.cells(self._places.funder)
        marked = (cells[mark].balance for mark in self._record.marks if mark in cells)
        return ContractTree(
            programme=self._record.id,
            asset=self._record.asset,
            funder=self._record.funder,
            with_funder=sum(marked),
            roots=roots,
            loose=loose,
            is_complete=is_complete,
        )

    def _read_orders(self) -> bool:
        is_complete = self._orders.catch_up()
        for _, stored in self._orders.of(self._record.marks):
            if len(self._contracts) >= MAX_CONTRACTS:
                return False
            self._see(stored)
        return is_complete

    def _see(self, stored: StoredOrder) -> None:
        order = decode_order(stored.body, stored.evidence)
        is_marked = any(getattr(step, "mark", 0) in self._record.marks for step in order.steps)
        if not is_marked and not isinstance(order.steps[0], OpenAccount):
            return
        kind, payload = document_of(stored.evidence)
        document = _read(payload)
        if isinstance(document, Contract):
            if document.programme == self._record.id:
                self._contracts[document.id] = document, stored.results
        elif is_marked:
            self._see_money(order, stored.results, kind, document)

    def _see_money(
        self, order: Order, results: tuple[int, ...], kind: str, document: Document | None
    ) -> None:
        about, was_kept = self._about(document)
        name = format_order_id(order.id)
        if about:
            # What was only reserved is told when it is taken.
            self._paid[name] = _Paid(about, kept=False)
        for flow in flows_of(order, results, kind, self._places):
            step = order.steps[flow.step]
            kept = self._places.converter not in (
                getattr(step, "debit", 0),
                getattr(step, "credit", 0),
            )
            if about:
                self._paid[name] = _Paid(about, kept)
            if kind == "refund":
                kept = was_kept if about else kept
            passing = self._passing(flow, about, kept=kept, is_back=kind == "refund")
            if passing is not None:
                self._passings.append(passing)

    def _about(self, document: Document | None) -> tuple[str, bool]:
        """The paper an order is for, and whether the order it refers to left the mark on."""
        match document:
            case Pay() | Hold() | Pull():
                return document.about, False
            case Capture():
                found = self._paid.get(document.holds[0])
            case Refund():
                found = self._paid.get(document.order)
            case _:
                found = None
        return ("", False) if found is None else (found.about, found.kept)

    def _passing(self, flow: Flow, about: str, *, kept: bool, is_back: bool) -> Passing | None:
        if flow.kind is FlowKind.MARKED or flow.payer == flow.payee:
            return None
        payer, payee = self._wallet(flow.payer), self._wallet(flow.payee)
        amount = flow.amount
        if is_back:
            payer, payee, amount = payee, payer, -amount
        facts = self._register.wallet(payee)
        return Passing(
            payer=payer,
            payee=payee,
            payee_kind="" if facts is None else facts.owner_kind,
            amount=amount,
            about=about,
            kept=kept,
        )

    def _wallet(self, account: AccountId) -> str:
        return self._register.wallet_of_account(account) or ""

    def _told(self, contract: Contract, results: tuple[int, ...]) -> Contracting:
        payable = self._ledger.cells(AccountId(results[0])).get(UNMARKED)
        passable = self._ledger.cells(AccountId(results[1])).get(UNMARKED)
        return Contracting(
            id=contract.id,
            parent=contract.parent,
            buyer=contract.wallet,
            supplier=contract.supplier,
            cap=contract.cap,
            last=contract.last,
            held=0 if payable is None else payable.debits_pending,
            promised=0 if passable is None else -passable.balance,
        )


def _read(payload: bytes) -> Document | None:
    """What a wallet signed; None for the central bank's own orders."""
    try:
        return decode_document(payload)
    except MalformedDocument:
        return None
