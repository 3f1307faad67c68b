# SPDX-License-Identifier: Apache-2.0
"""The registered paper a payment is about: what rules of programmes may know of it. Pure."""

from typing import Protocol

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
    """What the document is `about`; None if it names nothing."""
    if not document.about:
        return None
    contract = find_contract(document.about, scene)
    if contract is not None:
        return ContractPaper(document, contract, scene)
    invoice = find_invoice(document.about, scene)
    if invoice is not None:
        return InvoicePaper(invoice, scene)
    declaration = find_declaration(document.about, scene)
    return Refusal.ORDER_NOT_FOUND if declaration is None else DeclarationPaper(declaration, scene)
