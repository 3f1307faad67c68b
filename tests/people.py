# SPDX-License-Identifier: Apache-2.0
"""A bank's people for tests: tables in a folder, keys of a seed, a clock that is told, a country's
tiers. Every name and number is made up."""

from dataclasses import dataclass
from pathlib import Path

from kerege.bank.customer import Customer, CustomerId
from kerege.bank.customers import Application, Customers
from kerege.bank.people_store import open_people_tables
from kerege.bank.personal_data import Document, PersonalData
from kerege.bank.tiers import TierBook
from kerege.bank.vault import Vault
from kerege.keys import RootSecret
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from kerege.runtime.tables import Tables

__all__ = ["AIGERIM", "START_US", "TIERS", "House", "child", "open_house"]

START_US = 1_795_000_000_000_000
"""Some day in November 2026."""

TIERS = TierBook.read(
    {
        "tiers": [
            {
                "name": "phone",
                "owner_kind": "person",
                "requires": ["phone"],
                "limits": {"KZT": {"holding": 100_000_00, "payment": 50_000_00}},
            },
            {
                "name": "identified",
                "owner_kind": "person",
                "requires": ["name", "tax_number", "birth_date"],
            },
            {
                "name": "full",
                "owner_kind": "person",
                "requires": ["name", "phone", "tax_number", "birth_date", "document"],
            },
            {"name": "full", "owner_kind": "firm", "requires": ["name", "tax_number"]},
        ]
    }
)

AIGERIM = PersonalData(
    name="Айгерім Қайратқызы Нұрланова",
    phone="+77015550001",
    tax_number="910101450001",
    birth_date="1991-01-01",
    document=Document(kind="id-card", number="N0455501", valid_until="2031-05-05"),
    address="Алматы, Сарыарқа көшесі 15",
)


def child(phone: str = "") -> PersonalData:
    """A school child, eight years old."""
    return PersonalData(
        name="Алихан Нұрланов", phone=phone, tax_number="180303550002", birth_date="2018-03-03"
    )


@dataclass(frozen=True)
class House:
    """A bank's register of customers and what it is made of."""

    tables: Tables
    vault: Vault
    customers: Customers
    clock: ManualClock
    randomness: SeededRandomness
    ids: IdMaker
    index: RootSecret

    def add(
        self, data: PersonalData = AIGERIM, *, tier: str = "full", guardian: str = ""
    ) -> Customer:
        """Open a customer who is not refused."""
        opened = self.customers.open(
            Application(data=data, tier=tier, guardian=CustomerId(guardian) if guardian else None)
        )
        assert isinstance(opened, Customer), opened
        return opened


def open_house(where: Path | str, *, seed: int = 7) -> House:
    """A bank in a folder, or in the database of a URL."""
    url = where if isinstance(where, str) else f"sqlite:///{where}/bank.db"
    clock, randomness = ManualClock(START_US), SeededRandomness(seed)
    # The keys are the same for every seed; what happens with them is not.
    keys = SeededRandomness(1)
    master = RootSecret.generate(randomness=keys.draw)
    index = RootSecret.generate(randomness=keys.draw)
    tables = open_people_tables(url)
    vault = Vault(master, randomness=randomness)
    ids = IdMaker(clock, randomness)
    customers = Customers(tables, vault, TIERS, index=index, clock=clock, ids=ids)
    return House(tables, vault, customers, clock, randomness, ids, index)
