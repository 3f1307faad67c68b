# SPDX-License-Identifier: Apache-2.0
"""Deposits over HTTP: funding once under one key, defunding by a payment, topping up."""

import time

import httpx

from tests.banks import House, Person

KEY = "k" * 20


def fund(person: Person, wallet: str, amount: int, key: str = KEY) -> httpx.Response:
    return person.house.http.post(
        "/v1/funding",
        json={"wallet": wallet, "asset": "KZT", "amount": amount},
        headers={**person.headers, "idempotency-key": key},
    )


def pay_in(person: Person, amount: int) -> None:
    deposits = person.house.parts.desk.deposits
    reference = f"salary {person.view.customer}"
    assert deposits.pay_in(reference, person.view.customer, "KZT", amount).accepted


def on_deposit(person: Person) -> int:
    return sum(each.balance for each in person.bank.deposits().deposits)


def test_funding_happens_once_under_one_key(aru: Person) -> None:
    tea = aru.wallet()
    pay_in(aru, 500_00)
    first = fund(aru, tea.id, 200_00)
    again = fund(aru, tea.id, 200_00)
    assert [each.json()["verdict"]["code"] for each in (first, again)] == ["accepted"] * 2
    assert tea.state().balances[0].balance == 200_00
    assert on_deposit(aru) == 300_00
    other = fund(aru, tea.id, 100_00)
    assert other.json()["verdict"]["code"] == "id_taken"


def test_a_short_deposit_is_told(aru: Person) -> None:
    tea = aru.wallet()
    pay_in(aru, 100_00)
    answer = fund(aru, tea.id, 200_00).json()
    assert answer["verdict"]["code"] == "deposit_short"
    assert "100.00" in answer["text"]


def test_a_key_is_needed(aru: Person) -> None:
    tea = aru.wallet()
    answer = aru.house.http.post(
        "/v1/funding",
        json={"wallet": tea.id, "asset": "KZT", "amount": 1},
        headers=aru.headers,
    )
    assert (answer.status_code, answer.json()["place"]) == (400, "idempotency-key")


def test_nobody_funds_anothers_wallet(aru: Person, beket: Person) -> None:
    shop = beket.wallet()
    pay_in(aru, 100_00)
    assert fund(aru, shop.id, 50_00).status_code == 404


def test_defunding_comes_back_to_the_deposit(house: House, aru: Person) -> None:
    tea = aru.wallet(money=300_00)
    assert tea.defund(120_00, asset="KZT").verdict.accepted
    for _ in range(100):
        if on_deposit(aru) == 120_00:
            break
        time.sleep(0.05)
    assert on_deposit(aru) == 120_00


def test_the_deposit_gives_what_a_payment_lacks(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=50_00), beket.wallet()
    pay_in(aru, 100_00)
    path = f"/v1/wallets/{tea.id}/settings"
    aru.house.http.put(path, json={"top_up": True}, headers=aru.headers)
    aru.clock.advance_us(2_000_000)
    answer = tea.pay(shop.id, 120_00, asset="KZT")
    assert answer.verdict.accepted, answer
    assert shop.state().balances[0].balance == 120_00
    assert on_deposit(aru) == 30_00
    found = aru.bank.answer(answer.verdict.order)
    assert found is not None
    # The log keeps the bank's own text around the customer's: a receipt is checked against it.
    assert found.evidence.count(".") == 2


def test_what_is_above_the_limit_flows_to_the_deposit(aru: Person, beket: Person) -> None:
    tea, payer = aru.wallet(money=400_00, overflow=True), beket.wallet(money=300_00)
    assert payer.pay(tea.id, 300_00, asset="KZT").verdict.accepted
    for _ in range(100):
        if on_deposit(aru):
            break
        time.sleep(0.05)
    assert (tea.state().balances[0].balance, on_deposit(aru)) == (500_00, 200_00)
