# SPDX-License-Identifier: Apache-2.0
"""Firms that invoice each other in a country with a core: the shipped digital VAT in force.

trade = Trade(door)
bill = trade.invoice(trade.mill, trade.baker, 100_00)
trade.pay(trade.baker, bill, 116_00)
"""

from typing import Any

from kerege.payments import Document, Leg, Pay, Verdict
from kerege.payments.documents import Invoice, VatClaim, VatClaimRun, VatDeclaration
from kerege.payments.vat_documents import ClaimLine, InvoiceLine, VatAnswer
from kerege.programmes.vat import rounded_vat
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.doors import Door
from tests.funders import activate
from tests.registers import HOUR_US, Wallet, order_name

__all__ = ["Trade"]


class Trade:
    """The authority, and a mill, a baker and a ghost that are registered for VAT."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.country = country = door.country
        bank = door.altyn.name
        self.authority = country.open(bank, owner_kind="agency", tier="agency")
        self.mill, self.baker, self.ghost = (
            country.open(bank, owner_kind="firm", tier="shop", vat=True) for _ in range(3)
        )
        for wallet in (self.authority, self.mill, self.baker):
            door.give(wallet, 1_000_00)
        self.now_us = country.clock.now_us()
        terms = shipped_programme(
            "digital-vat",
            asset="KZT",
            funder=self.authority.id,
            starts_us=self.now_us,
            ends_us=self.now_us + 2_000 * HOUR_US,
        )
        activate(country, terms, self.authority.key)

    def frame(self, wallet: Wallet) -> Any:
        """What every document has."""
        number = order_name(self.country.next_number())
        return {"id": number, "wallet": wallet.id, "until_us": self.now_us + HOUR_US}

    def send(self, wallet: Wallet, document: Document) -> Verdict:
        """What becomes of a document."""
        return self.door.send(self.door.altyn, document, wallet.key)

    def must(self, wallet: Wallet, document: Document) -> None:
        """Send what has to be accepted."""
        verdict = self.send(wallet, document)
        assert verdict.accepted, verdict

    def draft(self, supplier: Wallet, buyer: Wallet, net: int, **more: Any) -> Invoice:
        """An invoice at the rate of today."""
        line = InvoiceLine(1_600, net, rounded_vat(net, 1_600))
        frame = self.frame(supplier)
        given: dict[str, Any] = {"number": frame["id"][-8:], "date_us": self.now_us, **more}
        total = net + line.vat
        return Invoice(
            **{**frame, **given}, asset="KZT", buyer=buyer.id, lines=(line,), total=total
        )

    def invoice(self, supplier: Wallet, buyer: Wallet, net: int) -> Invoice:
        """An accepted invoice."""
        invoice = self.draft(supplier, buyer, net)
        self.must(supplier, invoice)
        return invoice

    def payment(self, payer: Wallet, invoice: Invoice, amount: int) -> Pay:
        """A payment for an invoice."""
        legs = (Leg(invoice.wallet, amount),)
        return Pay(**self.frame(payer), asset="KZT", legs=legs, about=invoice.id)

    def pay(self, payer: Wallet, invoice: Invoice, amount: int) -> Pay:
        """An accepted payment for an invoice."""
        pay = self.payment(payer, invoice, amount)
        self.must(payer, pay)
        return pay

    def declare(
        self, wallet: Wallet, issued: tuple[Invoice, ...], received: tuple[Invoice, ...]
    ) -> VatDeclaration:
        """An accepted declaration."""
        sums = [sum(one.total - one.lines[0].net for one in side) for side in (issued, received)]
        declaration = VatDeclaration(
            **self.frame(wallet),
            programme="digital-vat",
            from_us=self.now_us - HOUR_US,
            to_us=self.now_us + HOUR_US,
            issued=tuple(one.id for one in issued),
            received=tuple(one.id for one in received),
            vat_issued=sums[0],
            vat_received=sums[1],
        )
        self.must(wallet, declaration)
        return declaration

    def remit(self, wallet: Wallet, declaration: VatDeclaration, amount: int) -> None:
        """Pay what a declaration owes."""
        legs = (Leg(self.authority.id, amount),)
        frame = self.frame(wallet)
        self.must(wallet, Pay(**frame, asset="KZT", legs=legs, about=declaration.id))

    def claim(self, wallet: Wallet, declaration: VatDeclaration, *invoices: Invoice) -> VatClaim:
        """An accepted claim of all VAT of invoices."""
        lines = tuple(ClaimLine(one.id, one.total - one.lines[0].net) for one in invoices)
        claim = VatClaim(
            **self.frame(wallet),
            declaration=declaration.id,
            lines=lines,
            amount=sum(line.vat for line in lines),
        )
        self.must(wallet, claim)
        return claim

    def answer(self, *answers: VatAnswer) -> None:
        """Answer claims, accepted."""
        run = VatClaimRun(
            **self.frame(self.authority), programme="digital-vat", answers=tuple(answers)
        )
        self.must(self.authority, run)
