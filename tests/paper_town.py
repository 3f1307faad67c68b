# SPDX-License-Identifier: Apache-2.0
"""Firms at terminals of a running bank, with procurement, VAT and rewards in force.

town = PaperTown(house, folder)
builder = town.firm("builder")
builder.must("papers")
"""

import itertools
import json
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from kerege.bank.customers import Application
from kerege.bank.personal_data import PersonalData
from kerege.centralbank.actions import ActivateProgramme
from kerege.programmes import OutcomeTerms, Programme, Source
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.banks import House
from tests.terminals import Terminal

__all__ = ["PaperTown", "e_invoice"]

_YEAR_US = 365 * 24 * 3600 * 1_000_000


class PaperTown:
    """`treasury` has 5 000.00 marked for `roads` and as much besides; `authority` has VAT's."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self._numbers = itertools.count()
        self.wallets: dict[str, str] = {}
        self.treasury = self.firm("treasury", money=10_000_00)
        self.inspector = self.firm("inspector")
        self.authority = self.firm("authority", money=5_000_00)
        self.fund = self.firm("fund", money=500_00)
        self.source = self.firm("source")
        outcome = OutcomeTerms(
            sources=(Source(wallet=self.wallets["source"], cap=100_00, window="day"),),
            unit_amount=1_00,
            max_units=20,
            inspector=self.wallets["inspector"],
            hold_s=60,
        )
        self._activate(self._terms("procurement", self.treasury, "roads"), self.treasury)
        self._activate(self._terms("digital-vat", self.authority, "digital-vat"), self.authority)
        walks = replace(self._terms("movement", self.fund, "walks"), outcome=outcome)
        self._activate(walks, self.fund)
        self.treasury.must("programme", "fund", "roads", "5000")
        self.fund.must("programme", "fund", "walks", "500")

    def firm(self, name: str, *, money: int = 0) -> Terminal:
        """A firm registered for VAT, signed in at a terminal, with a wallet of its name."""
        firm = self._customer(name, "firm")
        self.wallets[name] = firm.create(name, "--vat", money=money)
        return firm

    def person(self, name: str) -> Terminal:
        """A person whose papers were seen, likewise."""
        person = self._customer(name, "person", birth_date="1990-01-01")
        self.wallets[name] = person.create(name)
        return person

    def _customer(self, name: str, kind: str, **papers: Any) -> Terminal:
        phone = f"+7703555{next(self._numbers):04}"
        number = f"{next(self._numbers):012}"
        data = PersonalData(name=name.replace("_", " "), phone=phone, tax_number=number, **papers)
        self.house.parts.customers.open(Application(data=data, kind=kind, tier="full"))
        customer = Terminal(self.house, self.folder / name, phone)
        customer.must("wallet", "login", "--bank", self.house.url, "--phone", phone)
        return customer

    def read(self) -> None:
        """Have the bank hear of all that happened."""
        self.house.read_core()

    def _terms(self, shipped: str, funder: Terminal, name: str) -> Programme:
        now_us = self.house.country.clock.now_us()
        wallet = self.wallets[funder.folder.name]
        terms = shipped_programme(
            shipped, asset="KZT", funder=wallet, starts_us=now_us - 1, ends_us=now_us + _YEAR_US
        )
        return replace(terms, id=name)

    def _activate(self, terms: Programme, funder: Terminal) -> None:
        path = self.folder / f"{terms.id}.json"
        path.write_bytes(msgspec.json.encode(terms))
        signed = funder.asked("programme", "sign", str(path))["terms"]
        settled = self.house.country.core.act(ActivateProgramme(terms=signed))
        assert settled.code == "executed", settled


def e_invoice(path: Path, number: str, net: int, *, day: str, **more: Any) -> str:
    """A file of an e-invoice of one line at 16 %."""
    vat = (2 * net * 1_600 + 10_000) // 20_000
    group = {"category": "S", "basis_points": 1_600, "net": net}
    totals = {"lines": net, "net": net, "vat": vat, "total": net + vat, "payable": net + vat}
    invoice = {
        "number": number,
        "issue_date": day,
        "currency": "KZT",
        "supplier": {"name": "Supplier"},
        "buyer": {"name": "Buyer"},
        "lines": [{"id": "1", "name": "Work", **group}],
        "vat": [{**group, "vat": vat}],
        "totals": totals,
        **more,
    }
    file = path / f"{number}.json"
    file.write_text(json.dumps(invoice))
    return str(file)
