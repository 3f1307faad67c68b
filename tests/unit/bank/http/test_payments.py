# SPDX-License-Identifier: Apache-2.0
"""Handing in orders: decided once, for the wallet's owner only, whatever is sent."""

from typing import Any

import httpx
import pytest

from kerege.keys import Algorithm, PrivateKey
from kerege.payments import Leg, Pay
from kerege.wallet import BankRefused
from kerege.wallet.signing import Signer
from tests.banks import House, Person


def post(person: Person, body: Any, path: str = "/v1/payments") -> httpx.Response:
    return person.house.http.post(path, json=body, headers=person.headers)


def test_a_payment_is_accepted_once(house: House, aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    answer = tea.pay(shop.id, 120_00, asset="KZT")
    assert (answer.verdict.accepted, answer.text) == (True, "Done.")
    stored = aru.purse.store.order(answer.verdict.order)
    assert stored is not None
    again = post(aru, {"order": stored.order.text.decode()}).json()
    assert again["verdict"]["code"] == "accepted"
    assert shop.state().balances[0].balance == 120_00


def test_a_refusal_is_an_answer_with_words(aru: Person, beket: Person) -> None:
    answer = aru.wallet(money=5_00).pay(beket.wallet().id, 120_00, asset="KZT")
    assert answer.verdict.code == "exceeds_balance"
    assert "5.00" in answer.text


def test_limits_are_told_with_what_would_fit(aru: Person, beket: Person) -> None:
    answer = aru.wallet(money=450_00).pay(beket.wallet().id, 401_00, asset="KZT")
    assert answer.verdict.code == "limit_payment"
    assert "400.00" in answer.text


def test_anothers_wallet_cannot_pay(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    tea.pay(shop.id, 1_00, asset="KZT")
    [stored] = [each for each in aru.purse.store.latest(tea.id, 9) if each.kind == "pay"]
    theirs = post(beket, {"order": stored.order.text.decode()}).json()
    assert theirs["verdict"]["code"] == "wallet_not_yours"


def test_an_order_signed_by_another_key_is_refused(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    forger = Signer(tea.id, PrivateKey.generate(Algorithm.ED25519))
    forged = forger.order(tea.draft_payment(shop.id, 5_00, asset="KZT"))
    answer = post(aru, {"order": forged.text.decode()}).json()
    assert answer["verdict"]["code"] == "key_unknown"
    assert tea.state().balances[0].balance == 300_00


def test_the_same_id_for_something_else_is_refused(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    first = tea.pay(shop.id, 5_00, asset="KZT")
    signer = Signer(tea.id, aru.purse._keyring.find(tea.id, passphrase=None))
    other = signer.order(
        Pay(
            id=first.verdict.order,
            wallet=tea.id,
            until_us=aru.clock.now_us() + 1_000_000,
            asset="KZT",
            legs=(Leg(to=shop.id, amount=50_00),),
        )
    )
    answer = post(aru, {"order": other.text.decode()}).json()
    assert answer["verdict"]["code"] == "id_taken"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"order": "not.a.jws"}, 200),
        ({"order": "e30.e30.e30"}, 200),
        ({"order": ""}, 400),
        ({"order": "a b"}, 400),
        ({"order": 5}, 400),
        ({"order": None}, 400),
        ({}, 400),
        ([], 400),
        ({"order": "x", "more": 1}, 400),
        ({"order": "x" * 70_000}, 400),
        ({"order": "x" * 200_000}, 413),
    ],
)
def test_what_is_no_order_is_told(aru: Person, body: object, status: int) -> None:
    # A connection of its own: one on which too much was sent is closed.
    url = f"{aru.house.url}/v1/payments"
    answer = httpx.post(url, json=body, headers=aru.headers, trust_env=False)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["verdict"]["code"] == "text_unreadable"


def test_without_a_session_nothing_is_taken(house: House, aru: Person) -> None:
    for headers in (
        {},
        {"authorization": "Bearer x"},
        {"authorization": "Basic dTpw"},
        {"authorization": aru.headers["authorization"][:-4] + "AAAA"},
    ):
        answer = house.http.post("/v1/payments", json={"order": "a.b.c"}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_trying_out_moves_nothing(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    assert tea.try_out(tea.draft_payment(shop.id, 5_00, asset="KZT")).verdict.accepted
    assert tea.state().balances[0].balance == 300_00
    stranger = beket.wallet("other")
    with pytest.raises(BankRefused) as caught:
        aru.bank.try_out(
            stranger._signer.order(stranger.draft_payment(tea.id, 5, asset="KZT")).text
        )
    assert caught.value.status == 404


def test_what_became_of_an_order_is_its_owners_to_know(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    order = tea.pay(shop.id, 5_00, asset="KZT").verdict.order
    found = aru.bank.answer(order)
    assert found is not None
    assert found.verdict.accepted
    assert beket.bank.answer(order) is None
    assert aru.bank.answer("ord_" + "0" * 32) is None


@pytest.mark.parametrize("order", ["", "x", "ord_0", "ord_" + "0" * 32, "..%2f..", "%00", "ö"])
def test_no_receipt_for_what_is_not_there(aru: Person, order: str) -> None:
    answer = aru.house.http.get(f"/v1/payments/{order}/receipt", headers=aru.headers)
    assert answer.status_code in (400, 404, 405)
    assert answer.headers["content-type"] == "application/problem+json"


STRAIGHT, FRAMEWORK = "/v1/payments", "/v1/payments/"
"""The framework takes a slash at the end, the straight way does not know it."""


@pytest.mark.parametrize("language", ["en", "kk"])
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"order":"not.a.jws"}', {}),
        (b'{"order":"e30.e30.e30"}', {}),
        (b'{"order":""}', {}),
        (b'{"order":5}', {}),
        (b'{"order":"a","order":"b"}', {}),
        (b'{"order":"a","more":1}', {}),
        (b"{", {}),
        (b"", {}),
        (b"\xff", {}),
        (b"[" * 5_000, {}),
        (b'{"order":"a.b.c"}', {"content-type": "text/plain"}),
        (b'{"order":"a.b.c"}', {"content-type": "application/json; charset=utf-8"}),
        (b'{"order":"a.b.c"}', {"authorization": ""}),
        (b'{"order":"a.b.c"}', {"authorization": "Bearer x"}),
        (b'{"order":"' + b"a" * 80_000 + b'"}', {}),
    ],
)
def test_the_straight_way_answers_as_the_framework_does(
    aru: Person, body: bytes, headers: dict[str, str], language: str
) -> None:
    answers = []
    for path in (STRAIGHT, FRAMEWORK):
        sent = {
            "content-type": "application/json",
            "accept-language": language,
            **aru.headers,
            **headers,
        }
        answer = httpx.post(aru.house.url + path, content=body, headers=sent, trust_env=False)
        told = answer.json()
        told.pop("instance", None)
        if not body:  # the framework names its own argument
            told = {name: told[name] for name in ("code", "status", "title")}
        fields = {
            name: answer.headers.get(name)
            for name in ("content-type", "cache-control", "www-authenticate")
        }
        assert "request-id" in answer.headers
        answers.append((answer.status_code, fields, told))
    assert answers[0] == answers[1]


def test_both_ways_decide_alike(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    for path in (STRAIGHT, FRAMEWORK):
        order = tea._signer.order(tea.draft_payment(shop.id, 1_00, asset="KZT"))
        answer = post(aru, {"order": order.text.decode()}, path)
        assert answer.json()["verdict"]["code"] == "accepted"
    assert shop.state().balances[0].balance == 2_00
    assert 'route="/v1/payments"' in aru.house.get("/metrics").text
