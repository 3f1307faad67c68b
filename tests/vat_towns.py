# SPDX-License-Identifier: Apache-2.0
"""A town with value-added tax: firms that invoice each other, and the authority.

vat = VatTown(town)
mill, baker = vat.firm(), vat.firm(1_000)
invoice = vat.invoice(mill, 100, buyer=baker)
town.must(vat.pay(baker, invoice, 58))
assert vat.has(mill) == (50, 8)
"""

from typing import Any

from kerege.ledger.ids import UNMARKED
from kerege.payments.documents import (
    CreditNote,
    Invoice,
    Pay,
    Refund,
    VatClaim,
    VatClaimRun,
    VatDeclaration,
)
from kerege.payments.vat_documents import ClaimLine, InvoiceLine, RefusedLine, VatAnswer
from kerege.payments.vat_papers import find_credit, find_declaration, find_invoice
from kerege.payments.verdict import Verdict
from kerege.programmes import VatRate, VatTerms
from kerege.programmes.vat import rounded_vat
from tests.ledgers import ASSET, START_US
from tests.programmes import route
from tests.towns import DAY_S, Town

__all__ = ["DAY_US", "RATES", "ROUTES", "STANDARD", "VatTown", "lines_of"]

DAY_US = DAY_S * 1_000_000
STANDARD = 1_600
"""The rate in force at `START_US`."""

RATES = (
    VatRate("standard", 0, 1_200),
    VatRate("standard", START_US - 5 * DAY_US, STANDARD),
    VatRate("zero", 0, 0),
)
ROUTES = (
    route("payee.is_funder", name="remit", arrival="return"),
    route("payee.vat", name="pass-on", arrival="keep", about="invoice"),
)


def lines_of(*nets: tuple[int, int]) -> tuple[InvoiceLine, ...]:
    """Lines of (net, basis points) with the VAT on them."""
    return tuple(InvoiceLine(bp, net, rounded_vat(net, bp)) for net, bp in nets)


class VatTown:
    """Value-added tax in a town; documents in one line."""

    def __init__(self, town: Town, *, budget: int = 10**9, **members: Any) -> None:
        self.town = town
        given = {"id": "digital-vat", "vat": VatTerms(rates=RATES), **members}
        self.programme = town.programme(*ROUTES, budget=budget, **given)
        self.authority = self.programme.terms.funder
        self.mark = self.programme.mark
        self._numbers = 0

    def firm(self, amount: int = 0, *, vat: bool = True, **facts: Any) -> str:
        """A firm, registered for VAT unless told otherwise."""
        return self.town.wallet(amount, owner_kind="firm", vat=vat, **facts)

    def has(self, wallet: str) -> tuple[int, int]:
        """Unmarked money and VAT money of a wallet."""
        return self.town.balance(wallet, UNMARKED), self.town.balance(wallet, self.mark)

    def frame(self, wallet: str) -> dict[str, Any]:
        return {"id": self.town.next_id(), "wallet": wallet, "until_us": START_US + 365 * DAY_US}

    def number(self) -> str:
        self._numbers += 1
        return f"A-{self._numbers}"

    def draft(self, supplier: str, *nets: int | tuple[int, int], **more: Any) -> Invoice:
        """An invoice of lines (net, basis points); a net alone is at the standard rate."""
        lines = lines_of(*[(one, STANDARD) if isinstance(one, int) else one for one in nets])
        given = {
            "asset": ASSET,
            "number": self.number(),
            "lines": lines,
            "total": sum(line.net + line.vat for line in lines),
            "date_us": self.town.scene.now_us,
            **more,
        }
        return Invoice(**self.frame(supplier), **given)

    def invoice(self, supplier: str, *nets: int | tuple[int, int], **more: Any) -> Invoice:
        """An accepted invoice."""
        invoice = self.draft(supplier, *nets, **more)
        self.town.must(invoice)
        return invoice

    def pay(self, payer: str, invoice: Invoice, amount: int, **more: Any) -> Pay:
        """A payment for an invoice."""
        return self.town.pay(payer, invoice.wallet, amount, **{"about": invoice.id, **more})

    def credit(self, invoice: Invoice, *nets: tuple[int, int], **more: Any) -> CreditNote:
        """A credit note of lines (net, basis points)."""
        lines = more.pop("lines", lines_of(*nets))
        given = {
            "number": self.number(),
            "lines": lines,
            "total": sum(line.net + line.vat for line in lines),
            "date_us": self.town.scene.now_us,
            **more,
        }
        return CreditNote(**self.frame(invoice.wallet), invoice=invoice.id, **given)

    def refund(self, pay: Pay, amount: int, **more: Any) -> Refund:
        """A refund of a payment, signed by who was paid."""
        frame = self.frame(pay.legs[0].to)
        return Refund(**{**frame, "order": pay.id, "amount": amount, **more})

    def declaration(
        self,
        signer: str,
        issued: tuple[Invoice | CreditNote, ...] = (),
        received: tuple[Invoice | CreditNote, ...] = (),
        **more: Any,
    ) -> VatDeclaration:
        """A declaration of the month around now."""
        now = self.town.scene.now_us
        given = {
            "programme": "digital-vat",
            "from_us": now - 15 * DAY_US,
            "to_us": now + 15 * DAY_US,
            "issued": tuple(paper.id for paper in issued),
            "received": tuple(paper.id for paper in received),
            "vat_issued": _vat_of(issued),
            "vat_received": _vat_of(received),
            **more,
        }
        return VatDeclaration(**self.frame(signer), **given)

    def claim(
        self, declaration: VatDeclaration, *lines: tuple[Invoice, int], **more: Any
    ) -> VatClaim:
        """A claim of (invoice, VAT)."""
        claimed = tuple(ClaimLine(invoice.id, vat) for invoice, vat in lines)
        given = {"lines": claimed, "amount": sum(vat for _, vat in lines), **more}
        return VatClaim(
            **self.frame(declaration.wallet), **{"declaration": declaration.id, **given}
        )

    def run(self, *answers: tuple[VatClaim, int, tuple[str, ...]], signer: str = "") -> VatClaimRun:
        """A run of (claim, amount, refused invoices)."""
        found = tuple(
            VatAnswer(
                claim.id,
                amount,
                tuple(RefusedLine(invoice, "vat-not-paid") for invoice in refused),
            )
            for claim, amount, refused in answers
        )
        frame = self.frame(signer or self.authority)
        return VatClaimRun(**frame, programme="digital-vat", answers=found)

    def owed(self, invoice: Invoice) -> tuple[int, int]:
        """Net and VAT that are still owed."""
        paper = find_invoice(invoice.id, self.town.scene)
        assert paper is not None
        return self._left(paper.owed.net), self._left(paper.owed.vat)

    def paid(self, invoice: Invoice) -> tuple[int, int]:
        """Net and VAT that were paid, and neither refunded, credited nor claimed."""
        paper = find_invoice(invoice.id, self.town.scene)
        assert paper is not None
        return self._left(paper.paid.net), self._left(paper.paid.vat)

    def due(self, note: CreditNote) -> tuple[int, int]:
        """Net and VAT that may still be refunded for a credit note."""
        paper = find_credit(note.id, self.town.scene)
        assert paper is not None
        return self._left(paper.due.net), self._left(paper.due.vat)

    def open(self, declaration: VatDeclaration) -> int:
        """What is still to be paid, or to be claimed, for a declaration."""
        paper = find_declaration(declaration.id, self.town.scene)
        assert paper is not None
        return self._left(paper.open)

    def marked(self) -> int:
        """VAT money there is, as the budget has it."""
        return self.programme.terms.budget - self._left(self.programme.budget)

    def refused(self, document: Any) -> Verdict:
        """Submit what has to be refused."""
        verdict = self.town.submit(document)
        assert not verdict.accepted
        return verdict

    def _left(self, account: Any) -> int:
        return self.town.scene.spendable(account)


def _vat_of(papers: tuple[Invoice | CreditNote, ...]) -> int:
    signs = [(1 if isinstance(paper, Invoice) else -1, paper) for paper in papers]
    return sum(sign * line.vat for sign, paper in signs for line in paper.lines)
