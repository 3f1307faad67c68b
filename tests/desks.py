# SPDX-License-Identifier: Apache-2.0
"""A bank's desk without its core: customers, wallets, notices, webhooks, for tests."""

from pathlib import Path

from kerege.bank.customer import CustomerId
from kerege.bank.desk_store import open_desk_tables
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.money_store import open_money_tables
from kerege.bank.notices import Notice
from kerege.bank.outbox import Outbox
from kerege.bank.personal_data import PersonalData
from kerege.bank.terms_book import CustomerTerms
from kerege.payments import WalletId, format_wallet_id
from tests.people import TIERS, House, open_house

__all__ = ["Desk"]


class Desk:
    """`house` has the people; `outbox` tells them; `rings` counts the bell."""

    def __init__(self, where: Path | str) -> None:
        self.house: House = open_house(where)
        self.clock = self.house.clock
        url = where if isinstance(where, str) else f"sqlite:///{where}/bank.db"
        self.tables = open_desk_tables(url)
        self.money = open_money_tables(url)
        guardians = GuardianLimits(self.money, clock=self.clock)
        self.terms = CustomerTerms(self.tables, TIERS, self.clock, guardians)
        self.rings = 0
        self.outbox = Outbox(self.tables, self.clock, self.terms, ring=self._ring)
        self._people = 0

    def customer(self) -> str:
        """A new customer's id."""
        self._people += 1
        data = PersonalData(name="Дина", phone=f"+7701777{self._people:04}")
        return self.house.add(data, tier="phone").id

    def wallet(self, customer: str) -> WalletId:
        """A wallet of that customer's."""
        wallet = format_wallet_id(self.house.randomness.draw(16))
        whose = CustomerId(customer)
        refused = self.house.customers.attach_wallet(whose, wallet, custody=False)
        assert refused is None
        return wallet

    def tell(self, wallet: str, *, key: str, change: int = 5, kind: str = "moved") -> None:
        """Tell a wallet's owner of money."""
        notice = Notice(
            key=key, kind=kind, wallet=wallet, order="ord_1", at_us=1, asset="KZT", change=change
        )
        with self.tables.begin() as connection:
            self.outbox.tell(connection, [notice])

    def close(self) -> None:
        """Let go of the databases."""
        self.tables.close()
        self.money.close()
        self.house.tables.close()

    def _ring(self) -> None:
        self.rings += 1
