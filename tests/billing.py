# SPDX-License-Identifier: Apache-2.0
"""A road that is built with invoices: contracts of a treasury's programme, and value-added tax.

road = Billing(town)
contract = road.works.hire(road.builder, 1_000)
bill = road.bill(contract, 100)
town.must(road.pay(contract, bill, 116))
assert road.has(road.builder) == (0, 100, 16)
"""

from typing import Any

from kerege.ledger.ids import UNMARKED
from kerege.payments.contract_documents import Contract
from kerege.payments.contracts import find_contract
from kerege.payments.documents import Hold, Invoice, Pay
from tests.towns import Town
from tests.vat_towns import VatTown
from tests.works import Works

__all__ = ["Billing"]


class Billing:
    """Works whose firms are registered for VAT; the treasury has unmarked money too, for VAT."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.works = Works(town)
        self.vat = VatTown(town)
        self.treasury, self.inspector = self.works.treasury, self.works.inspector
        self.builder, self.mason = self.works.builder, self.works.mason
        for firm in (self.builder, self.mason):
            town.change(firm, vat=True)

    def bill(self, under: Contract, *nets: int | tuple[int, int], **more: Any) -> Invoice:
        """An accepted invoice of a contract's supplier to its buyer; it need not name it."""
        given = {"buyer": under.wallet, **more}
        return self.vat.invoice(under.supplier, *nets, **given)

    def pay(self, contract: Contract, invoice: Invoice, amount: int, **more: Any) -> Pay:
        """A payment under a contract for an invoice."""
        papers = {"about": contract.id, "invoice": invoice.id, **more}
        return self.town.pay(contract.wallet, contract.supplier, amount, **papers)

    def hold(self, contract: Contract, invoice: Invoice, amount: int, **more: Any) -> Hold:
        """The same, waiting for whoever accepts."""
        papers = {"about": contract.id, "invoice": invoice.id, "decider": contract.acceptor, **more}
        return self.town.hold(contract.wallet, contract.supplier, amount, **papers)

    def has(self, wallet: str) -> tuple[int, int, int]:
        """Unmarked money, the programme's, and VAT money."""
        marks = (UNMARKED, self.works.mark, self.vat.mark)
        unmarked, marked, vat = (self.town.balance(wallet, mark) for mark in marks)
        return unmarked, marked, vat

    def left(self, contract: Contract) -> int:
        """What may still be paid under a contract."""
        found = find_contract(contract.id, self.town.scene)
        assert found is not None
        return self.town.scene.spendable(found.payable)
