# SPDX-License-Identifier: Apache-2.0
"""A road being built in a country with a core: the shipped procurement programme in force.

site = Site(door)
bridge = site.contract(site.treasury, site.builder, 500_00)
site.pay(site.treasury, site.builder, 300_00, about=bridge.id)
"""

from typing import Any

from kerege.payments import Document, Leg, Pay, Verdict
from kerege.payments.contract_documents import Contract
from kerege.payments.documents import Capture, Fund, Hold, Refund
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.doors import Door
from tests.funders import activate
from tests.registers import HOUR_US, Wallet, order_name

__all__ = ["Site"]


class Site:
    """A treasury with 1 000.00 marked; a builder, a mason, a quarry, a worker, a tax office."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.country = country = door.country
        bank = door.altyn.name
        self.treasury = country.open(bank, owner_kind="agency", tier="agency")
        self.builder, self.mason, self.quarry = (
            country.open(bank, owner_kind="firm", tier="shop") for _ in range(3)
        )
        self.worker = country.person(door.altyn)
        self.office = country.open(bank, owner_kind="agency", tier="agency")
        door.give(self.treasury, 1_000_00)
        now_us = country.clock.now_us()
        terms = shipped_programme(
            "procurement",
            asset="KZT",
            funder=self.treasury.id,
            starts_us=now_us,
            ends_us=now_us + 2_000 * HOUR_US,
        )
        activate(country, terms, self.treasury.key)
        fund = Fund(**self.frame(self.treasury), programme="procurement", amount=1_000_00)
        self.must(self.treasury, fund)

    def frame(self, wallet: Wallet) -> Any:
        """What every document has."""
        until_us = self.country.clock.now_us() + HOUR_US
        number = order_name(self.country.next_number())
        return {"id": number, "wallet": wallet.id, "until_us": until_us}

    def send(self, wallet: Wallet, document: Document) -> Verdict:
        """What becomes of a document."""
        return self.door.send(self.door.altyn, document, wallet.key)

    def must(self, wallet: Wallet, document: Document) -> None:
        """Send what has to be accepted."""
        verdict = self.send(wallet, document)
        assert verdict.accepted, verdict

    def contract(self, buyer: Wallet, supplier: Wallet, cap: int, **more: Any) -> Contract:
        """A contract for 100 hours, accepted."""
        ends_us = self.country.clock.now_us() + 100 * HOUR_US
        terms = {"programme": "procurement", "asset": "KZT", "cap": cap, "ends_us": ends_us}
        made = Contract(**{**self.frame(buyer), **terms, "supplier": supplier.id, **more})
        self.must(buyer, made)
        return made

    def pay(self, payer: Wallet, payee: Wallet, amount: int, **more: Any) -> Pay:
        """A payment of marked money, accepted."""
        legs = (Leg(payee.id, amount, more.pop("purpose", 0)),)
        frame = self.frame(payer)
        pay = Pay(**frame, asset="KZT", legs=legs, spend="procurement", **more)
        self.must(payer, pay)
        return pay

    def hold(self, payer: Wallet, payee: Wallet, amount: int, **more: Any) -> Hold:
        """A hold of an hour, accepted."""
        terms: Any = {"asset": "KZT", "to": payee.id, "amount": amount, "seconds": 3600}
        hold = Hold(**self.frame(payer), **terms, spend="procurement", **more)
        self.must(payer, hold)
        return hold

    def capture(self, signer: Wallet, hold: Hold, amount: int) -> Capture:
        """Part of a hold, taken."""
        capture = Capture(**self.frame(signer), holds=(hold.id,), amount=amount)
        self.must(signer, capture)
        return capture

    def refund(self, signer: Wallet, order: Document, amount: int) -> None:
        """Part of a payment, given back."""
        self.must(signer, Refund(**self.frame(signer), order=order.id, amount=amount))
