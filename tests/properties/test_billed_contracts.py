# SPDX-License-Identifier: Apache-2.0
"""Invoices paid under contracts, at once and on acceptance, and taken back, in any sequence.

After each step: money is conserved; VAT money there is = what the invoices say was paid of their
VAT = what the budget says is marked; the programme's money is with the treasury or a supplier;
every contract counts exactly what was paid under it and came not back; of every invoice what is
owed, reserved and paid comes to what it is for, less what was credited, net and VAT apart.
"""

import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.ledger.ids import AccountId, parse_order_id
from kerege.payments import billed_holds, planning_holds, planning_refunds, vat_paper
from kerege.payments.contract_documents import Contract
from kerege.payments.contracts import find_contract
from kerege.payments.documents import CreditNote, Document, Hold, Invoice, Pay, Refund
from kerege.payments.vat_documents import InvoiceLine
from kerege.payments.vat_papers import find_invoice
from kerege.payments.verdict import Verdict
from kerege.programmes.vat import rounded_vat, vat_part
from tests.billing import Billing
from tests.towns import HOUR_S, Town
from tests.vat_towns import STANDARD

STEPS = 60


class Broken(AssertionError):
    """A promise did not hold."""


class Road:
    """A treasury, a builder with contracts, a mason under them, and whoever accepts."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.town = Town(path)
        self.road = Billing(self.town)
        works = self.road.works
        for firm in (self.road.builder, self.road.mason):
            self.town.must(self.town.pay(works.treasury, firm, 300, spend="unmarked"))
        self.wallets = [works.treasury, works.builder, works.mason, works.inspector]
        self.wallets.append(self.road.vat.authority)
        self.contracts = [works.hire(works.builder, 700)]
        self.contracts.append(works.hire(works.builder, 700, acceptor=works.inspector))
        for above in tuple(self.contracts):
            last = self.chance.random() < 0.5
            below = works.subcontract(above, works.mason, 300, last=last, acceptor=above.acceptor)
            self.town.must(below)
            self.contracts.append(below)
        self.money = self._money()
        self.invoices: dict[str, Invoice] = {}
        self.holds: list[Hold] = []
        self.paid: list[tuple[Document, Pay | Hold, int]] = []
        self.notes: list[CreditNote] = []
        self.used: Counter[str] = Counter()
        self.touched: set[str] = set()
        self.credited: Counter[tuple[str, str]] = Counter()
        self.seen: Counter[str] = Counter()

    def step(self) -> None:
        """Something is signed, and everything looked at."""
        deeds = [self.bill, self.pay, self.pay, self.hold, self.hold, self.capture, self.capture]
        deeds += [self.release, self.refund, self.credit, self.give_back, self.wait]
        self.chance.choice(deeds)()
        self.audit()

    def bill(self) -> None:
        contract = self.chance.choice(self.contracts)
        nets = [(self.chance.randint(1, 120), rate) for rate in self._rates()]
        bound = contract.id if self.chance.random() < 0.5 else ""
        invoice = self.road.bill(contract, *nets, contract=bound)
        self.invoices[invoice.id] = invoice

    def _rates(self) -> list[int]:
        return self.chance.sample([STANDARD, 0], self.chance.randint(1, 2))

    def pay(self) -> None:
        found = self._papers()
        if found is None:
            return
        contract, invoice = found
        amount = self._amount(invoice)
        marked = self.road.has(contract.supplier)[2]
        pay = self.road.pay(contract, invoice, amount, spend=self._choice())
        before = self.road.vat.paid(invoice)
        if self.submit(pay).accepted:
            self._require(not contract.acceptor, "paid without acceptance")
            self._took(contract, pay, pay, amount)
            net, vat = (a - b for a, b in zip(self.road.vat.paid(invoice), before, strict=True))
            self._require(net + vat == amount, "paid is not what was paid")
            got = self.road.has(contract.supplier)[2] - marked
            self._require(vat == got, "the VAT was not marked")
            self._is_share(invoice)

    def _is_share(self, invoice: Invoice) -> None:
        """Where nothing was reserved or taken back, the VAT paid is the share of all that was."""
        net, vat = self.road.vat.paid(invoice)
        whole = sum(line.vat for line in invoice.lines)
        fits = abs(vat * invoice.total - whole * (net + vat)) * 2 <= invoice.total
        self._require(fits or invoice.id in self.touched, "that is not the share of VAT")

    def hold(self) -> None:
        found = self._papers()
        if found is None:
            return
        contract, invoice = found
        more: dict[str, Any] = {"spend": self._choice()}
        more["decider"] = contract.acceptor or self.road.inspector
        hold = self.road.hold(contract, invoice, self._amount(invoice), **more)
        if self.submit(hold).accepted:
            self.holds.append(hold)
            self.touched.add(invoice.id)

    def capture(self) -> None:
        if not self.holds:
            return
        hold = self.chance.choice(self.holds)
        contract, invoice = self._contract(hold.about), self.invoices[hold.invoice]
        amount = self.chance.choice([hold.amount, self.chance.randint(1, hold.amount)])
        keep = self.chance.random() < 0.2
        before, marked = self.road.vat.paid(invoice), self.road.has(contract.supplier)[2]
        capture = self.town.capture(hold.decider, amount, hold, keep=keep)
        if self.submit(capture).accepted:
            self.holds.remove(hold)
            self._require(not keep, "something stays reserved for an invoice")
            self._took(contract, capture, hold, amount)
            net, vat = (a - b for a, b in zip(self.road.vat.paid(invoice), before, strict=True))
            self._require(net + vat == amount, "paid is not what was taken")
            got = self.road.has(contract.supplier)[2] - marked
            self._require(vat == got, "the VAT was not marked when it was taken")
            whole = self._reserved(hold)[self._owed_vat(invoice)]
            fits = abs(vat * hold.amount - whole * amount) * 2 <= hold.amount
            self._require(fits, "that is not the share of VAT in the hold")

    def release(self) -> None:
        if self.holds:
            hold = self.chance.choice(self.holds)
            if self.submit(self.town.release(hold.decider, hold)).accepted:
                self.holds.remove(hold)

    def refund(self) -> None:
        if not self.paid:
            return
        order, about, most = self.chance.choice(self.paid)
        contract = self._contract(about.about)
        amount = self.chance.randint(1, most + 1)
        refund = self.town.refund(contract.supplier, order, amount)
        invoice = self.invoices[about.invoice]
        owed = sum(self.road.vat.owed(invoice))
        if self.submit(refund).accepted:
            self._require(sum(self.road.vat.owed(invoice)) == owed + amount, "not owed again")
            self.used[contract.id] -= amount
            self.touched.add(about.invoice)

    def credit(self) -> None:
        if not self.invoices:
            return
        invoice = self.chance.choice(list(self.invoices.values()))
        line = self.chance.choice(invoice.lines)
        net = self.chance.randint(1, line.net)
        vat = rounded_vat(net, line.basis_points)
        note = self.road.vat.credit(invoice, lines=(InvoiceLine(line.basis_points, net, vat),))
        if self.submit(note).accepted:
            self.notes.append(note)
            self.touched.add(invoice.id)
            self.credited[invoice.id, "net"] += net
            self.credited[invoice.id, "vat"] += vat

    def give_back(self) -> None:
        if not (self.notes and self.paid):
            return
        note = self.chance.choice(self.notes)
        fitting = [one for one in self.paid if one[1].invoice == note.invoice]
        order, about, _ = self.chance.choice(fitting or self.paid)
        amount = self.chance.choice([sum(self.road.vat.due(note)), 7]) or 1
        contract = self._contract(about.about)
        frame = self.road.vat.frame(contract.supplier)
        refund = Refund(**frame, order=order.id, amount=amount, about=note.id)
        due = sum(self.road.vat.due(note))
        if self.submit(refund).accepted:
            self._require(sum(self.road.vat.due(note)) == due - amount, "due for ever")
            self.used[contract.id] -= amount

    def wait(self) -> None:
        self.town.pass_s(HOUR_S // 3)
        now_us = self.town.scene.now_us
        self.holds = [one for one in self.holds if self._waits(one, now_us)]

    def _waits(self, hold: Hold, now_us: int) -> bool:
        past = self.town.scene.past(parse_order_id(hold.id))
        return past is not None and now_us < past.at_us + hold.seconds * 1_000_000

    def submit(self, document: Document) -> Verdict:
        before = self._money()
        verdict = self.town.submit(document)
        self.seen[f"{type(document).__name__} {verdict.code}"] += 1
        self._require(verdict.accepted or self._money() == before, "a refusal moved money")
        return verdict

    def audit(self) -> None:
        """Everything that the head of this file promises."""
        has = {wallet: self.road.has(wallet) for wallet in self.wallets}
        self._require(self._money() == self.money, "money was made or lost")
        vat = sum(one[2] for one in has.values())
        self._require(vat == self.road.vat.marked(), "the budget of VAT is wrong")
        suppliers = {self.road.builder, self.road.mason, self.road.treasury}
        stray = [one for one, (_, marked, _) in has.items() if marked and one not in suppliers]
        self._require(not stray, "the programme's money rests elsewhere")
        self._require(not has[self.road.treasury][2], "the treasury keeps VAT money")
        for contract in self.contracts:
            self._audit_contract(contract)
        reserved = Counter[AccountId]()
        for hold in self.holds:
            reserved += self._reserved(hold)
        for invoice in self.invoices.values():
            self._audit_invoice(invoice, reserved)

    def _reserved(self, hold: Hold) -> Counter[AccountId]:
        """What a hold reserved of the accounts of its invoice."""
        paper = find_invoice(hold.invoice, self.town.scene)
        past = self.town.scene.past(parse_order_id(hold.id))
        if paper is None or past is None:
            raise Broken("a hold or its invoice is gone")
        reserved = Counter[AccountId]()
        for _, step in paper.reserved(past.order):
            reserved[step.debit] += step.amount
        return reserved

    def _owed_vat(self, invoice: Invoice) -> AccountId:
        paper = find_invoice(invoice.id, self.town.scene)
        return AccountId(0) if paper is None else paper.owed.vat

    def _audit_contract(self, contract: Contract) -> None:
        found = find_contract(contract.id, self.town.scene)
        if found is None:
            raise Broken("a contract is gone")
        cell = self.town.world.cell(found.payable)
        self._require(-cell.balance == self.used[contract.id], "a contract's cap is wrong")
        held = sum(one.amount for one in self.holds if one.about == contract.id)
        self._require(cell.debits_pending == held, "a contract reserves something else")
        self._require(self.used[contract.id] + held <= contract.cap, "a contract was overpaid")

    def _audit_invoice(self, invoice: Invoice, reserved: Counter[AccountId]) -> None:
        paper = find_invoice(invoice.id, self.town.scene)
        if paper is None:
            raise Broken("an invoice is gone")
        for side in ("net", "vat"):
            owed, paid = getattr(paper.owed, side), getattr(paper.paid, side)
            there = self.town.scene.spendable(owed) + self.town.scene.spendable(paid)
            whole = sum(getattr(line, side) for line in invoice.lines)
            whole -= self.credited[invoice.id, side]
            self._require(there + reserved[owed] == whole, f"an invoice lost {side}")

    def _took(self, contract: Contract, order: Document, about: Pay | Hold, amount: int) -> None:
        self.used[contract.id] += amount
        self.paid.append((order, about, amount))

    def _papers(self) -> tuple[Contract, Invoice] | None:
        """Papers that mostly belong together."""
        if not self.invoices:
            return None
        invoice = self.chance.choice(list(self.invoices.values()))
        fitting = [
            one
            for one in self.contracts
            if (one.wallet, one.supplier) == (invoice.buyer, invoice.wallet)
        ]
        is_odd = self.chance.random() < 0.1
        return self.chance.choice(self.contracts if is_odd else fitting), invoice

    def _contract(self, order: str) -> Contract:
        return next(one for one in self.contracts if one.id == order)

    def _amount(self, invoice: Invoice) -> int:
        left = sum(self.road.vat.owed(invoice))
        some = [left, self.chance.randint(1, 60), left + 1, left // 2]
        return self.chance.choice(some) or 1

    def _choice(self) -> str:
        return self.chance.choice(["", "", "", "roads", "unmarked"])

    def _money(self) -> int:
        return sum(sum(self.road.has(wallet)) for wallet in self.wallets)

    def _require(self, holds: bool, why: str) -> None:
        if not holds:
            raise Broken(why)


def _days(seed: int, steps: int = STEPS) -> Counter[str]:
    with tempfile.TemporaryDirectory() as folder:
        road = Road(Path(folder) / "ledger", seed)
        try:
            for _ in range(steps):
                road.step()
        finally:
            road.town.world.ledger.close()
        return road.seen


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_both_papers_are_kept_to_the_last_unit(seed: int) -> None:
    _days(seed)


def test_the_days_are_full_of_everything() -> None:
    """A property nobody tries holds easily."""
    seen: Counter[str] = Counter()
    for seed in range(3):
        seen += _days(seed, 150)
    kinds = ("Pay", "Hold", "Capture", "Release", "Refund", "CreditNote")
    assert all(seen[f"{kind} accepted"] for kind in kinds), seen
    refusals = [
        "Pay contract_needs_acceptance",
        "Capture invoice_taken_once",
        "Pay invoice_already_paid",
        "Refund exceeds_refundable",
    ]
    assert all(seen[one] for one in refusals), seen


def _many_days() -> None:
    for seed in range(20):
        _days(seed)


def _vat_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(vat_paper, "vat_part", lambda amount, **more: vat_part(amount, **more) // 2)


def _holds_take_vat_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(billed_holds, "vat_part", lambda amount, *, vat, **_: min(amount, vat))


def _nothing_is_paid_when_taken(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(planning_holds, "use_owed", lambda *_, **__: None)


def _what_waited_stays_unmarked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(planning_holds, "mark_vat", lambda *_: None)


def _the_contract_forgets_refunds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(planning_refunds, "_give_limits_back", lambda *_: None)


def _the_invoice_forgets_refunds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(planning_refunds, "find_invoice", lambda *_: None)


@pytest.mark.parametrize(
    "plant",
    [
        _vat_is_forgotten,
        _holds_take_vat_first,
        _nothing_is_paid_when_taken,
        _what_waited_stays_unmarked,
        _the_contract_forgets_refunds,
        _the_invoice_forgets_refunds,
    ],
)
def test_planted_mistakes_are_found(plant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(Broken):
        _many_days()
