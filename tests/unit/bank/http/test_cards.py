# SPDX-License-Identifier: Apache-2.0
"""Cards over HTTP: bound, blocked, charged by a shop, never shown whole."""

from typing import Any

import httpx
import pytest

from kerege.bank.card_payments import DECLINED_PER_HOUR
from kerege.wallet import PayeeUnknown
from tests.banks import House, Person
from tests.cards import Shop, request_of, shop_at, token, wallet_in_custody
from tests.two_tiers import Signer


def call(person: Person, method: str, path: str, body: Any = None) -> httpx.Response:
    return person.house.http.request(method, path, json=body, headers=person.headers)


def shop_of(person: Person) -> Signer:
    """A firm's wallet that `person` may see to."""
    house = person.house
    signer = shop_at(house.country, "altyn-bank")
    house.parts.customers.attach_wallet(
        person.view.customer,  # type: ignore[arg-type]
        signer.wallet,  # type: ignore[arg-type]
        custody=False,
    )
    return signer


def charge(shop: Person, text: str, request: str) -> httpx.Response:
    body = {"token": text, "request": request}
    return call(shop, "POST", "/v1/card-payments", body)


def bind(person: Person, text: str, wallet: str) -> httpx.Response:
    return call(person, "POST", "/v1/cards", {"token": text, "wallet": wallet})


def test_a_card_from_binding_to_giving_up(aru: Person, beket: Person) -> None:
    text, wallet = token(), wallet_in_custody(aru, money=100_00)
    card = bind(aru, text, wallet).json()
    assert (card["ending"], card["wallet"], card["state"]) == (f"****{text[-4:]}", wallet, "active")
    assert call(aru, "GET", "/v1/cards").json()["cards"] == [card]
    shop = shop_of(beket)
    request = request_of(shop, 40_00)
    paid = [charge(beket, text, request) for _ in range(2)]
    assert [each.json()["verdict"]["code"] for each in paid] == ["accepted"] * 2
    path = f"/v1/cards/{card['card']}"
    blocked = call(aru, "PUT", path, {"state": "blocked"}).json()
    assert blocked["state"] == "blocked"
    told = charge(beket, text, request_of(shop, 1_00)).json()
    assert told == charge(beket, token(), request_of(shop, 1_00)).json()
    assert told["verdict"] == {"order": "", "code": "card_declined"}
    assert call(beket, "DELETE", path).status_code == 404
    assert call(aru, "DELETE", path).status_code == 204
    assert call(aru, "GET", "/v1/cards").json()["cards"] == []
    assert aru.house.country.balance(shop) == 40_00


def test_what_is_refused(aru: Person, beket: Person) -> None:
    text, wallet = token(), wallet_in_custody(aru)
    assert bind(aru, text, wallet).status_code == 200
    taken = bind(beket, text, wallet_in_custody(beket))
    assert (taken.status_code, taken.json()["code"]) == (409, "alias_taken")
    number = bind(aru, "4111111111111111", wallet)
    assert (number.status_code, "4111" in number.text) == (400, False)
    unfit = bind(aru, token(), aru.wallet().id)
    assert (unfit.status_code, unfit.json()["code"]) == (422, "card_unfit")
    late = charge(beket, text, request_of(shop_of(beket), 1, seconds=3_600))
    assert (late.status_code, late.json()["place"]) == (422, "until_us")
    assert charge(aru, text, request_of(shop_of(beket), 1)).status_code == 404


def test_a_card_is_nobodys_name(aru: Person, beket: Person) -> None:
    text, wallet = token(), wallet_in_custody(aru)
    bind(aru, text, wallet)
    tea = beket.wallet(money=10_00)
    with pytest.raises(PayeeUnknown):
        tea.pay(f"card:{text}", 1_00, asset="KZT")


def test_who_tries_cards_waits(house: House, beket: Person) -> None:
    shop = shop_of(beket)
    rules = [DECLINED_PER_HOUR]
    throttle = house.parts.till._throttle
    while not throttle.look_s(beket.view.customer.encode(), rules):
        throttle.wait_s(beket.view.customer.encode(), rules)
    answer = charge(beket, token(), request_of(shop, 1_00))
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 3_600
    assert Shop(house).balance == 0
