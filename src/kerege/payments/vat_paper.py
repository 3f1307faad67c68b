# SPDX-License-Identifier: Apache-2.0
"""An invoice or a declaration as the paper a payment is about: who may pay whom, how much. Pure."""

from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene
from kerege.payments.steps import Steps
from kerege.payments.vat_papers import (
    Declared,
    RegisteredInvoice,
    find_vat,
    move_sides,
)
from kerege.programmes import Contracted
from kerege.programmes.vat import vat_part

__all__ = ["DeclarationPaper", "InvoicePaper"]


class InvoicePaper:
    """Implements `Paper` for a registered invoice."""

    def __init__(self, invoice: RegisteredInvoice, scene: Scene) -> None:
        self._invoice = invoice
        self._scene = scene
        self.asset = invoice.terms.asset

    def contracted(self, payer: str, payee: str, programme: str) -> Contracted | None:
        """An invoice is no contract."""
        return None

    def invoiced(self, payer: str, payee: str) -> bool:
        """Whether it asks `payer` to pay `payee`."""
        terms = self._invoice.terms
        return payee == terms.wallet and terms.buyer in ("", payer)

    def vat_in(self, amount: int) -> int | Refused:
        """How much of a payment of `amount` is VAT, as things stand; refused if less is owed."""
        look = self._scene.spendable
        owed_net, owed_vat = map(look, (self._invoice.owed.net, self._invoice.owed.vat))
        paid_net, paid_vat = map(look, (self._invoice.paid.net, self._invoice.paid.vat))
        owed, paid = owed_net + owed_vat, paid_net + paid_vat
        if amount > owed:
            return Refused(Refusal.INVOICE_ALREADY_PAID, 0, amount, owed)
        return vat_part(
            amount, vat=owed_vat + paid_vat, total=owed + paid, vat_done=paid_vat, done=paid
        )

    def use(
        self, *, payer: str, payee: str, amount: int, steps: Steps, leg: int = 0, hold_s: int = 0
    ) -> Refused | None:
        """What is paid is owed no more. By itself an invoice is paid at once: nothing is reserved
        for it."""
        if hold_s and self.invoiced(payer, payee):
            return Refused(Refusal.INVOICE_NOT_RESERVED)
        return self.use_or_reserve(payer=payer, payee=payee, amount=amount, steps=steps, leg=leg)

    def use_or_reserve(
        self, *, payer: str, payee: str, amount: int, steps: Steps, leg: int = 0, hold_s: int = 0
    ) -> Refused | None:
        """What is paid is owed no more; what is held, not while it is. The payment has one leg: an
        invoice has one supplier."""
        if leg or not self.invoiced(payer, payee):
            return Refused(Refusal.INVOICE_MISMATCH, leg)
        vat = self.vat_in(amount)
        if isinstance(vat, Refused):
            return vat
        steps.chosen = True
        move_sides(
            self._invoice.owed,
            None if hold_s else self._invoice.paid,
            net=amount - vat,
            vat=vat,
            refusal=Refusal.INVOICE_ALREADY_PAID,
            steps=steps,
            sink=self._scene.allowance_sink,
            hold_s=hold_s,
        )
        return None


class DeclarationPaper:
    """Implements `Paper` for a declaration: what it owes is paid to the budget."""

    def __init__(self, declared: Declared, scene: Scene) -> None:
        self._declared = declared
        self._scene = scene

    def contracted(self, payer: str, payee: str, programme: str) -> Contracted | None:
        """A declaration is no contract."""
        return None

    def invoiced(self, payer: str, payee: str) -> bool:
        """Nor is it an invoice."""
        return False

    @property
    def asset(self) -> str:
        """What is owed is counted in; empty where the programme is over."""
        programme = find_vat(self._scene, name=self._declared.terms.programme)
        return "" if isinstance(programme, Refusal) else programme.terms.asset

    def use(
        self, *, payer: str, payee: str, amount: int, steps: Steps, leg: int = 0, hold_s: int = 0
    ) -> Refused | None:
        """What is paid is owed no more."""
        terms = self._declared.terms
        programme = find_vat(self._scene, name=terms.programme)
        if isinstance(programme, Refusal):
            return Refused(programme, leg)
        if (payer, payee) != (terms.wallet, programme.terms.funder) or hold_s:
            return Refused(Refusal.INVOICE_MISMATCH, leg)
        refusal = Refusal.DECLARATION_ALREADY_PAID
        if self._declared.payable <= 0:
            return Refused(refusal, leg, amount, 0)
        steps.use_up(self._declared.open, self._scene.allowance_sink, amount, refusal, leg=leg)
        return None
