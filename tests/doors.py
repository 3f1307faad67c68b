# SPDX-License-Identifier: Apache-2.0
"""A country whose core accepts orders: two banks, a person with money at each."""

from pathlib import Path

from kerege.centralbank.acceptance import Acceptance
from kerege.keys import PrivateKey
from kerege.ledger import UNMARKED, AccountId, Order, OrderId, Transfer
from kerege.payments import Document, Leg, Pay, Verdict
from tests.registers import HOUR_US, Bank, Country, Wallet, order_name

__all__ = ["ANSWER_S", "Door"]

ANSWER_S = 20


class Door:
    """A country with two banks, two people with money, and an open door."""

    def __init__(self, folder: Path, *, url: str = "", ledger_url: str = "") -> None:
        self.country = Country(folder, url=url, ledger_url=ledger_url)
        self.altyn, self.qala = self.country.bank("altyn-bank"), self.country.bank("qala-bank")
        self.aru, self.bek = self.country.person(self.altyn), self.country.person(self.qala)
        self.acceptance = Acceptance(self.country.ledger, self.country.register, self.country.clock)
        for wallet in (self.aru, self.bek, self.altyn.own):
            self.give(wallet, 1_000)

    def account(self, wallet: Wallet) -> AccountId:
        facts = self.country.register.wallet(wallet.id)
        assert facts is not None
        return facts.accounts["KZT"]

    def give(self, wallet: Wallet, amount: int) -> None:
        issuer = AccountId(self.country.register.accounts().issuers["KZT"])
        order_id = OrderId((10**9 + self.country.next_number()).to_bytes(16, "big"))
        order = Order(order_id, (Transfer(issuer, self.account(wallet), amount),))
        assert self.country.ledger.post([order])[0].accepted

    def balance(self, wallet: Wallet) -> int:
        return self.country.ledger.cells(self.account(wallet))[UNMARKED].balance

    def pay(self, payer: Wallet, payee: str, amount: int, **more: object) -> Pay:
        values: dict[str, object] = {
            "id": order_name(self.country.next_number()),
            "wallet": payer.id,
            "until_us": self.country.clock.now_us() + HOUR_US,
            "asset": "KZT",
            "legs": (Leg(to=payee, amount=amount),),
        }
        return Pay(**(values | more))  # type: ignore[arg-type]

    def send(self, bank: Bank, document: Document, key: PrivateKey) -> Verdict:
        return self.bring(bank, self.country.sign(document, key))

    def bring(self, bank: Bank, text: bytes) -> Verdict:
        return self.acceptance.submit(bank.name, text).result(ANSWER_S)

    def try_out(self, bank: Bank, document: Document, key: PrivateKey) -> Verdict:
        return self.acceptance.try_out(bank.name, self.country.sign(document, key))

    def close(self) -> None:
        self.acceptance.close()
        self.country.close()
