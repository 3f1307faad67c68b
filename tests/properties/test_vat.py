# SPDX-License-Identifier: Apache-2.0
"""Invoices, payments in parts, refunds, credit notes, declarations and claims in any sequence.

Of each invoice exactly its VAT is marked, in whatever parts and however often it goes back; VAT
money there is = collected - remitted - refunded, to the last unit; and only firms registered for
VAT ever hold it.
"""

import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kerege.ledger.ids import parse_order_id
from kerege.ledger.order import Transfer
from kerege.payments.documents import (
    CreditNote,
    Document,
    Invoice,
    Pay,
    Refund,
    VatClaim,
    VatDeclaration,
)
from kerege.payments.vat_documents import InvoiceLine
from kerege.payments.verdict import Verdict
from kerege.programmes.vat import rounded_vat
from tests.towns import Town
from tests.vat_towns import STANDARD, VatTown

ISSUED = 2_000
STEPS = 80


class Trade:
    """Four firms, one not registered, a person and the authority."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.town = Town(path)
        self.vat = VatTown(self.town)
        self.firms = [self.vat.firm(ISSUED) for _ in range(4)]
        self.outside = [self.vat.firm(ISSUED, vat=False), self.town.wallet(ISSUED)]
        self.bank = self.town.wallet(ISSUED, owner_kind="bank")
        self.wallets = [*self.firms, *self.outside, self.bank, self.vat.authority]
        self.money = sum(self.town.balance(wallet) for wallet in self.wallets)
        self.invoices: list[Invoice] = []
        self.notes: list[CreditNote] = []
        self.pays: list[Pay] = []
        self.declarations: list[VatDeclaration] = []
        self.claims: list[VatClaim] = []
        self.touched: set[str] = set()
        self.credited: Counter[str] = Counter()
        self.claimed: Counter[str] = Counter()
        self.flows: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    def step(self) -> None:
        deeds = [self.bill, self.pay, self.pay, self.pay, self.refund, self.credit]
        deeds += [self.give_back, self.spend, self.remit, self.declare, self.claim, self.answer]
        self.chance.choice(deeds)()

    def bill(self) -> None:
        supplier = self.chance.choice([*self.firms, self.outside[0]])
        buyer = self.chance.choice(["", *[one for one in self.wallets[:-1] if one != supplier]])
        rates = self.chance.sample([STANDARD, 0], self.chance.randint(1, 2))
        nets = [(self.chance.randint(1, 300), rate) for rate in rates]
        invoice = self.vat.draft(supplier, *nets, buyer=buyer)
        if self.submit(invoice).accepted:
            self.invoices.append(invoice)

    def pay(self) -> None:
        if not self.invoices:
            return
        invoice = self.chance.choice(self.invoices)
        left = sum(self.vat.owed(invoice))
        amount = self.chance.choice([left, self.chance.randint(1, 40), left + 1, left // 2]) or 1
        usual = invoice.buyer or self.chance.choice(self.firms)
        payer = usual if self.chance.random() < 0.9 else self.chance.choice(self.wallets)
        if payer == invoice.wallet:
            return
        pay = self.vat.pay(payer, invoice, amount)
        paid, marked = self.vat.paid(invoice), self.vat.has(invoice.wallet)[1]
        if self.submit(pay).accepted:
            assert amount <= left
            assert invoice.buyer in ("", payer)
            self.pays.append(pay)
            after = self.vat.paid(invoice)
            assert sum(after) - sum(paid) == amount
            assert after[1] - paid[1] == self.vat.has(invoice.wallet)[1] - marked
            self._is_share(invoice)

    def _is_share(self, invoice: Invoice) -> None:
        """Where nothing was taken back, VAT paid is the rounded share of what was paid."""
        if invoice.id not in self.touched:
            paid_net, paid_vat = self.vat.paid(invoice)
            whole = sum(line.vat for line in invoice.lines)
            error = paid_vat * invoice.total - whole * (paid_net + paid_vat)
            assert abs(error) * 2 <= invoice.total

    def refund(self) -> None:
        if self.pays:
            pay = self.chance.choice(self.pays)
            invoice = next(one for one in self.invoices if one.id == pay.about)
            amount = self.chance.randint(1, pay.legs[0].amount)
            paid, owed = sum(self.vat.paid(invoice)), sum(self.vat.owed(invoice))
            back = self.vat.refund(pay, amount)
            if self.chance.random() < 0.25:
                # What a dispute awards: the payer's bank gives its own money.
                in_all = self.chance.choice([0, pay.legs[0].amount, amount])
                back = replace(back, wallet=self.bank, in_all=in_all)
            if self.submit(back).accepted:
                self.touched.add(invoice.id)
                assert sum(self.vat.paid(invoice)) == paid - amount
                assert sum(self.vat.owed(invoice)) == owed + amount

    def credit(self) -> None:
        if not self.invoices:
            return
        invoice = self.chance.choice(self.invoices)
        line = self.chance.choice(invoice.lines)
        net = self.chance.randint(1, line.net)
        vat = rounded_vat(net, line.basis_points)
        note = self.vat.credit(invoice, lines=(InvoiceLine(line.basis_points, net, vat),))
        if self.submit(note).accepted:
            self.notes.append(note)
            self.credited[invoice.id] += vat
            self.touched.add(invoice.id)

    def give_back(self) -> None:
        if self.notes and self.pays:
            note = self.chance.choice(self.notes)
            fitting = [one for one in self.pays if one.about == note.invoice]
            pay = self.chance.choice(fitting or self.pays)
            due = sum(self.vat.due(note))
            amount = self.chance.choice([due, self.chance.randint(1, 30), due // 2]) or 1
            if self.submit(self.vat.refund(pay, amount, about=note.id)).accepted:
                assert sum(self.vat.due(note)) == due - amount

    def spend(self) -> None:
        """Whatever a firm has, VAT money included, to somebody, for no invoice."""
        payer, payee = self.chance.sample(self.wallets[:-1], 2)
        wanted = sum(self.vat.has(payer))
        verdict = self.submit(self.town.pay(payer, payee, wanted or 1))
        assert not (verdict.accepted and self.vat.has(payer)[1])

    def remit(self) -> None:
        payer = self.chance.choice(self.firms)
        self.submit(self.town.pay(payer, self.vat.authority, self.chance.randint(1, 60)))

    def declare(self) -> None:
        firm = self.chance.choice(self.firms)
        papers = [one for one in self.invoices if firm in (one.wallet, one.buyer)]
        papers = self.chance.sample(papers, min(len(papers), 3))
        issued = tuple(one for one in papers if one.wallet == firm and self.chance.random() < 0.4)
        received = tuple(one for one in papers if one.buyer == firm)
        declaration = self.vat.declaration(firm, issued, received)
        if self.submit(declaration).accepted:
            self.declarations.append(declaration)

    def claim(self) -> None:
        if not self.declarations:
            return
        declaration = self.chance.choice(self.declarations)
        known = {one.id: one for one in self.invoices}
        lines = [(known[order], self.vat.paid(known[order])[1]) for order in declaration.received]
        lines = [line for line in lines if line[1]]
        if not lines:
            return
        claim = self.vat.claim(declaration, *lines)
        if self.submit(claim).accepted:
            self.claims.append(claim)
            self.touched.update(line.invoice for line in claim.lines)
            self.claimed.update({line.invoice: line.vat for line in claim.lines})

    def answer(self) -> None:
        if not self.claims:
            return
        claim = self.chance.choice(self.claims)
        refused = [line for line in claim.lines if self.chance.random() < 0.3]
        paid = claim.amount - sum(line.vat for line in refused)
        run = self.vat.run((claim, paid, tuple(line.invoice for line in refused)))
        if self.submit(run).accepted:
            self.claims.remove(claim)
            self.claimed.subtract({line.invoice: line.vat for line in refused})

    def submit(self, document: Document) -> Verdict:
        verdict = self.town.submit(document)
        self.seen[type(document).__name__, verdict.accepted] += 1  # type: ignore[index]
        if verdict.accepted:
            self._follow(document)
        return verdict

    def _follow(self, document: Document) -> None:
        """Note where VAT money began and ended."""
        past = self.town.scene.past(parse_order_id(document.id))
        assert past is not None
        converter = self.town.scene.converter("KZT")
        for step in past.order.steps:
            if not isinstance(step, Transfer) or step.mark != self.vat.mark:
                continue
            way = "refunded" if isinstance(document, Refund) else "collected"
            if step.debit == converter:
                # A refund of VAT that had been remitted collects it again.
                self.flows["collected"] += step.amount
            elif step.credit == converter:
                self.flows["remitted" if way == "collected" else way] += step.amount

    def audit(self) -> None:
        held = {wallet: self.vat.has(wallet)[1] for wallet in self.wallets}
        there = self.flows["collected"] - self.flows["remitted"] - self.flows["refunded"]
        assert sum(held.values()) == there == self.vat.marked()
        assert not any(held[one] for one in (*self.outside, self.bank, self.vat.authority))
        assert sum(sum(self.vat.has(wallet)) for wallet in self.wallets) == self.money
        for invoice in self.invoices:
            (owed_net, owed_vat), (paid_net, paid_vat) = (
                self.vat.owed(invoice),
                self.vat.paid(invoice),
            )
            whole = sum(line.vat for line in invoice.lines)
            taken = self.credited[invoice.id] + self.claimed[invoice.id]
            assert owed_vat + paid_vat == whole - taken
            assert min(owed_net, owed_vat, paid_net, paid_vat) >= 0


def _day(seed: int, steps: int = STEPS) -> Trade:
    with tempfile.TemporaryDirectory() as folder:
        trade = Trade(Path(folder) / "ledger", seed)
        for _ in range(steps):
            trade.step()
            trade.audit()
        trade.town.world.ledger.close()
        return trade


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_vat_is_conserved_to_the_last_unit(seed: int) -> None:
    _day(seed)


def test_the_days_are_full_of_everything() -> None:
    """A property nobody tries holds easily."""
    seen: Counter[str] = Counter()
    for seed in range(3):
        seen += _day(seed, 200).seen
    kinds = ("Invoice", "Pay", "Refund", "CreditNote", "VatDeclaration", "VatClaim", "VatClaimRun")
    assert all(seen[kind, True] for kind in kinds), seen  # type: ignore[index]
    assert all(seen[kind, False] for kind in ("Pay", "Refund", "CreditNote")), seen  # type: ignore[index]
