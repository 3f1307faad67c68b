# SPDX-License-Identifier: Apache-2.0
"""A contract and an invoice as the one paper a payment is about. Pure.

What is paid counts towards the contract's cap, VAT included, and is owed for the invoice no more.
The contract says who may pay and whether it may be paid now, the invoice how much of it is VAT.
"""

from kerege.payments.contract_paper import ContractPaper
from kerege.payments.scene import Refused
from kerege.payments.steps import Steps
from kerege.payments.vat_paper import InvoicePaper
from kerege.programmes import Contracted

__all__ = ["BilledContract"]


class BilledContract:
    """Implements `Paper` for a payment under a contract that pays an invoice."""

    def __init__(self, contract: ContractPaper, invoice: InvoicePaper) -> None:
        self._contract = contract
        self._invoice = invoice
        self.asset = invoice.asset

    def contracted(self, payer: str, payee: str, programme: str) -> Contracted:
        """See `Paper.contracted`."""
        return self._contract.contracted(payer, payee, programme)

    def invoiced(self, payer: str, payee: str) -> bool:
        """See `Paper.invoiced`."""
        return self._invoice.invoiced(payer, payee)

    def vat_in(self, amount: int) -> int | Refused:
        """See `InvoicePaper.vat_in`."""
        return self._invoice.vat_in(amount)

    def use(
        self, *, payer: str, payee: str, amount: int, steps: Steps, leg: int = 0, hold_s: int = 0
    ) -> Refused | None:
        """Use up both; an acceptance act needs holds, so what the invoice asks for is reserved
        too."""
        refused = self._contract.use(
            payer=payer, payee=payee, amount=amount, steps=steps, leg=leg, hold_s=hold_s
        )
        return refused or self._invoice.use_or_reserve(
            payer=payer, payee=payee, amount=amount, steps=steps, leg=leg, hold_s=hold_s
        )
