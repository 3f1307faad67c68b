# SPDX-License-Identifier: Apache-2.0
"""Cards, wallets in custody and shops at a running bank: for tests of them.

card = wallet_in_custody(aru, money=300_00)
shop = Shop(house)
"""

from itertools import count

import httpx

from kerege.bank.customer import Customer
from kerege.bank.customers import Application
from kerege.bank.personal_data import PersonalData
from kerege.keys import key_thumbprint, sign_compact
from kerege.payments import REQUEST_TYP, Request, WalletId
from kerege.payments.documents import encode_document
from kerege.payments.ids import format_request_id
from tests.banks import BANK, House, Person
from tests.two_tiers import ASSET, Country, Signer

__all__ = ["Shop", "request_of", "shop_at", "token", "wallet_in_custody"]

_SECOND_US = 1_000_000
_NUMBERS = count(1)


def token() -> str:
    """A transit card nobody has yet."""
    return f"transit-96431080{next(_NUMBERS):08}"


def request_of(signer: Signer, amount: int, *, seconds: int = 60) -> str:
    """A request to pay that a shop signs when a card is shown."""
    country = signer.country
    document = Request(
        id=format_request_id(country.randomness.draw(16)),
        wallet=signer.wallet,
        asset=ASSET,
        amount=amount,
        until_us=country.clock.now_us() + seconds * _SECOND_US,
    )
    kid = key_thumbprint(signer.key.public_key)
    text = sign_compact(encode_document(document), signer.key, kid=kid, typ=REQUEST_TYP)
    return text.decode()


def shop_at(country: Country, bank: str, **more: str) -> Signer:
    """A firm's wallet at a bank; `more` is its category, its region."""
    return country.person(bank, owner_kind="firm", tier="shop", **more)


class Shop:
    """A firm that is a customer of the bank of `house`, with a wallet."""

    def __init__(self, house: House, **more: str) -> None:
        number = next(_NUMBERS)
        data = PersonalData(
            name="Асхана", phone=f"+7702777{number:04}", tax_number=f"0501400{number:05}"
        )
        opened = house.parts.customers.open(Application(data=data, kind="firm", tier="full"))
        assert isinstance(opened, Customer), opened
        self.house, self.customer, self.phone = house, opened, data.phone
        self.signer = shop_at(house.country, BANK, **more)
        house.parts.customers.attach_wallet(opened.id, WalletId(self.signer.wallet), custody=False)

    def ask(self, amount: int, *, seconds: int = 60) -> str:
        """A signed request to pay."""
        return request_of(self.signer, amount, seconds=seconds)

    @property
    def balance(self) -> int:
        """What it has been paid."""
        return self.house.country.balance(self.signer)


def wallet_in_custody(person: Person, *, money: int = 0, owner: str = "", key: str = "") -> str:
    """An open wallet of a person or a child of theirs, its key with the bank."""
    headers = {**person.headers, "idempotency-key": key or f"open-{next(_NUMBERS):016}"}
    body = {"custody": True, "assets": ["KZT"], "owner": owner}
    answer: httpx.Response = person.house.http.post("/v1/wallets", json=body, headers=headers)
    assert answer.json()["verdict"]["code"] == "accepted", answer.json()
    wallet: str = answer.json()["wallet"]
    if money:
        own, country = person.house.own, person.house.country
        assert country.send(own, own.pay(wallet, money)).accepted
    return wallet
