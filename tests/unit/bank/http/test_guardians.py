# SPDX-License-Identifier: Apache-2.0
"""A guardian's limits over HTTP."""

from typing import Any

import httpx

from kerege.bank.customer import Customer
from kerege.bank.customers import Application
from kerege.bank.personal_data import PersonalData
from kerege.payments import WalletId
from tests.banks import House, Person
from tests.two_tiers import Signer


def child_of(person: Person) -> Signer:
    """A child's wallet; its guardian is `person`, made a grown-up first."""
    house = person.house
    customers = house.parts.customers
    guardian = person.view.customer
    number = f"{int(person.phone[-4:]):04}"
    grown = PersonalData(
        name="Айгерім Нұрланова",
        phone=person.phone,
        tax_number=f"91010145{number}",
        birth_date="1991-01-01",
    )
    assert isinstance(customers.identify(guardian, grown, tier="full"), Customer)  # type: ignore[arg-type]
    data = PersonalData(name="Алихан Нұрланов", phone=f"+7702555{number}", birth_date="2018-03-03")
    opened = customers.open(Application(data=data, tier="phone", guardian=guardian))  # type: ignore[arg-type]
    assert isinstance(opened, Customer), opened
    signer = house.country.person("altyn-bank", tier="phone")
    customers.attach_wallet(opened.id, WalletId(signer.wallet), custody=False)
    assert house.country.send(house.own, house.own.pay(signer.wallet, 50_000)).accepted
    return signer


def put(person: Person, wallet: str, body: Any) -> httpx.Response:
    url = f"/v1/wallets/{wallet}/limits/KZT"
    return person.house.http.put(url, json=body, headers=person.headers)


def pay(person: Person, signer: Signer, to: str, amount: int) -> str:
    body = {"order": signer.pay(to, amount).decode()}
    answer = person.house.http.post("/v1/payments", json=body, headers=person.headers)
    code: str = answer.json()["verdict"]["code"]
    return code


def test_a_guardian_bounds_a_child(house: House, aru: Person, beket: Person) -> None:
    child, shop = child_of(aru), beket.wallet()
    assert put(aru, child.wallet, {"payment": 500, "day": 700}).status_code == 204
    house.country.clock.advance_us(2_000_000)
    url = f"/v1/wallets/{child.wallet}/limits"
    shown = house.http.get(url, headers=aru.headers).json()
    assert shown["limits"]["KZT"]["day"] == 700
    codes = [pay(aru, child, shop.id, amount) for amount in (501, 500, 300)]
    assert codes == ["guardian_payment", "accepted", "guardian_day"]
    lifted = house.http.delete(f"{url}/KZT", headers=aru.headers)
    assert lifted.status_code == 204
    house.country.clock.advance_us(2_000_000)
    assert pay(aru, child, shop.id, 300) == "accepted"


def test_only_a_guardian_does(aru: Person, beket: Person) -> None:
    tea = aru.wallet()
    child = child_of(aru)
    assert put(beket, child.wallet, {"day": 5}).status_code == 404
    assert put(aru, tea.id, {"day": 5}).status_code == 404
    unfit = put(aru, child.wallet, {"payment": 5, "day": 4})
    assert (unfit.status_code, unfit.json()["code"]) == (422, "limits_unfit")
    assert put(aru, child.wallet, {"holding": 5}).status_code == 400
