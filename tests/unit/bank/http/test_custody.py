# SPDX-License-Identifier: Apache-2.0
"""Wallets in custody over HTTP: opened, paid from and taken over by who is signed in, without a
key."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kerege.keys import Algorithm, PrivateKey, format_jwk, key_thumbprint
from kerege.runtime import SystemRandomness
from kerege.service import NodeClient, Refused
from tests.banks import House, Person, running_bank
from tests.unit.bank.http.test_guardians import child_of

STAFF = PrivateKey(Algorithm.ED25519, bytes([3]) * 32)
OWN = PrivateKey(Algorithm.ED25519, bytes([4]) * 32)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    staff = f"[staff]\naida = '{format_jwk(STAFF.public_key).decode()}'"
    with running_bank(tmp_path_factory.mktemp("bank"), more=staff) as made:
        yield made


def call(person: Person, path: str, body: Any, key: str = "k" * 20) -> httpx.Response:
    headers = {**person.headers, **({"idempotency-key": key} if key else {})}
    return person.house.http.post(path, json=body, headers=headers)


def opened(person: Person, key: str = "open" * 5, **more: Any) -> httpx.Response:
    body = {"custody": True, "assets": ["KZT"], "name": "card", **more}
    return call(person, "/v1/wallets", body, key)


def wallet_of(person: Person, *, money: int = 0, **more: Any) -> str:
    answer = opened(person, **more).json()
    assert answer["verdict"]["code"] == "accepted", answer
    wallet: str = answer["wallet"]
    if money:
        own, country = person.house.own, person.house.country
        assert country.send(own, own.pay(wallet, money)).accepted
    return wallet


def pay(person: Person, wallet: str, to: str, amount: int, key: str = "pay" * 6) -> httpx.Response:
    body = {"to": to, "asset": "KZT", "amount": amount}
    return call(person, f"/v1/wallets/{wallet}/payments", body, key)


def code(answer: httpx.Response) -> str:
    told: str = answer.json()["verdict"]["code"]
    return told


def test_a_wallet_without_a_device(aru: Person, beket: Person) -> None:
    card, shop = wallet_of(aru, money=300_00), beket.wallet()
    assert wallet_of(aru) == card
    (state,) = aru.bank.wallets()
    assert (state.wallet, state.name, state.custody) == (card, "card", True)
    assert [code(pay(aru, card, shop.id, 100_00)) for _ in range(2)] == ["accepted"] * 2
    assert code(pay(aru, card, shop.id, 101_00)) == "id_taken"
    assert shop.state().balances[0].balance == 100_00
    lines = aru.bank.statement(card, asset="KZT", before=0, limit=9).lines
    assert [line.change for line in lines] == [-100_00, 300_00]
    assert aru.bank.answer(lines[0].order) is not None


def test_limits_hold_as_for_any_wallet(aru: Person, beket: Person) -> None:
    card, shop = wallet_of(aru, money=450_00), beket.wallet()
    assert code(pay(aru, card, shop.id, 400_01)) == "limit_payment"
    assert code(pay(aru, card, shop.id, 400_00, key="another" * 3)) == "accepted"
    assert code(pay(aru, card, shop.id, 50_01, key="a-third-one" * 2)) == "exceeds_balance"


def test_only_its_owner_pays(aru: Person, beket: Person) -> None:
    card, tea = wallet_of(aru, money=10_00), beket.wallet(money=10_00)
    assert pay(beket, card, tea.id, 1_00).status_code == 404
    told = pay(beket, tea.id, card, 1_00)
    assert (told.status_code, told.json()["code"]) == (409, "not_in_custody")
    assert pay(aru, card, tea.id, 1_00, key="").json()["place"] == "idempotency-key"
    stranger = aru.house.post(f"/v1/wallets/{card}/payments", {})
    assert stranger.status_code == 401


def test_a_guardian_opens_and_pays_for_a_child(aru: Person, beket: Person) -> None:
    child_of(aru)
    (child,) = aru.bank.me().wards
    shop = beket.wallet()
    card = wallet_of(aru, money=50_00, owner=child.customer)
    assert code(pay(aru, card, shop.id, 5_00)) == "accepted"
    assert opened(beket, owner=child.customer).status_code == 404


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"custody": True}, "assets"),
        ({"custody": True, "assets": ["KZT"], "opening": "a.b.c"}, "opening"),
        ({}, "opening"),
        ({"opening": "a.b.c", "assets": ["KZT"]}, "assets"),
        ({"opening": "a.b.c", "overflow": True}, "assets"),
    ],
)
def test_either_signed_or_in_custody(aru: Person, body: Any, place: str) -> None:
    answer = call(aru, "/v1/wallets", body)
    assert (answer.status_code, answer.json()["place"]) == (400, place)


def test_one_key_stands_for_one_wish(aru: Person) -> None:
    assert code(opened(aru)) == "accepted"
    assert code(opened(aru, overflow=True)) == "id_has_other_content"
    assert opened(aru, key="").json()["place"] == "idempotency-key"
    assert len(aru.bank.wallets()) == 1


def test_the_key_is_taken_over_once_and_for_good(aru: Person, beket: Person) -> None:
    card, shop = wallet_of(aru, money=10_00), beket.wallet()
    path, key = f"/v1/wallets/{card}/key", format_jwk(OWN.public_key).decode()
    assert call(beket, path, {"key": key}).status_code == 404
    assert call(aru, path, {"key": "{}"}).json()["place"] == "key"
    assert code(call(aru, path, {"key": key})) == "accepted"
    assert aru.bank.wallet(card).custody is False
    assert pay(aru, card, shop.id, 1_00).json()["code"] == "not_in_custody"
    assert call(aru, path, {"key": key}).json()["code"] == "not_in_custody"


def test_staff_changes_a_key(house: House, aru: Person, beket: Person) -> None:
    card, shop = wallet_of(aru, money=10_00), beket.wallet()
    client = NodeClient(
        house.url,
        clock=house.country.clock,
        randomness=SystemRandomness(),
        key=STAFF,
        keyid=key_thumbprint(STAFF.public_key),
    )
    told = client.post("/v1/staff/custody/keys", {"wallet": card}, dict[str, Any])
    assert told["verdict"]["code"] == "accepted"
    assert code(pay(aru, card, shop.id, 1_00)) == "accepted"
    with pytest.raises(Refused) as caught:
        client.post("/v1/staff/custody/keys", {"wallet": "wal_" + "0" * 32}, dict[str, Any])
    assert caught.value.status == 404
    client.close()


def test_a_change_of_key_is_seen_through_by_itself(house: House, aru: Person) -> None:
    card = wallet_of(aru)
    keys = house.parts.custody_orders._custody
    before = keys.public_key(card)
    # As after a crash between the core's answer and the note of it.
    put, keys.put_in_force = keys.put_in_force, lambda *_: None  # type: ignore[method-assign]
    house.parts.custody_orders.rekey(card, customer=aru.view.customer)
    keys.put_in_force = put  # type: ignore[method-assign]
    assert keys.public_key(card) == before
    assert house.parts.custody_orders.tend() >= 1
    assert keys.public_key(card) != before
