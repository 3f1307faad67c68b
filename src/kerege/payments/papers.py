# SPDX-License-Identifier: Apache-2.0
"""The registered paper a payment is about: what rules of programmes may know of it. Pure."""

from typing import Protocol

from kerege.payments.billed_contract import BilledContract
from kerege.payments.contract_paper import ContractPaper
from kerege.payments.contracts import find_contract
from kerege.payments.documents import Hold, Pay, Pull
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Refused, Scene
from kerege.payments.steps import Steps
from kerege.payments.vat_paper import DeclarationPaper, InvoicePaper
from kerege.payments.vat_papers import find_declaration, find_invoice
from kerege.programmes import Contracted

__all__ = ["Paper", "find_paper"]


class Paper(Protocol):
    """A contract or an invoice, as an accepted order registered it."""

    def contracted(self, payer: str, payee: str, programme: str) -> Contracted | None:
        """What it is as a contract between two wallets, for a programme; None if it is none."""

    def invoiced(self, payer: str, payee: str) -> bool:
        """Whether it is an invoice of `payee` to `payer`."""

    def use(
        self, *, payer: str, payee: str, amount: int, steps: Steps, leg: int = 0, hold_s: int = 0
    ) -> Refused | None:
        """Use up what the paper leaves for `amount` minor units from `payer` to `payee`, for good
        or while they are held for `hold_s`; or why they may not be paid for it."""


def find_paper(document: Pay | Hold | Pull, scene: Scene) -> Paper | Refusal | None:
    """What the document is `about`, with the invoice it names besides; None if it names nothing."""
    if not document.about:
        return None
    contract = find_contract(document.about, scene)
    if contract is not None:
        paper = ContractPaper(document, contract, scene)
        return _billed(paper, document, scene) if document.invoice else paper
    if document.invoice:
        return Refusal.ORDER_NOT_FOUND
    invoice = find_invoice(document.about, scene)
    if invoice is not None:
        return (
            Refusal.INVOICE_OF_CONTRACT if invoice.terms.contract else InvoicePaper(invoice, scene)
        )
    declaration = find_declaration(document.about, scene)
    return Refusal.ORDER_NOT_FOUND if declaration is None else DeclarationPaper(declaration, scene)


def _billed(
    contract: ContractPaper, document: Pay | Hold | Pull, scene: Scene
) -> BilledContract | Refusal:
    """The contract with the invoice that a payment under it names."""
    invoice = find_invoice(document.invoice, scene)
    if invoice is None:
        return Refusal.ORDER_NOT_FOUND
    if invoice.terms.contract not in ("", document.about):
        return Refusal.INVOICE_OF_CONTRACT
    return BilledContract(contract, InvoicePaper(invoice, scene))
