# SPDX-License-Identifier: Apache-2.0
"""A wallet comes to the bank over HTTP, and leaves."""

import httpx

from kerege.payments import Rehome
from tests.banks import BANK, House, Person
from tests.two_tiers import MINUTE_US, Signer


def rehome(signer: Signer, bank: str) -> str:
    country = signer.country
    document = Rehome(
        id=country.order_id(),
        wallet=signer.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        bank=bank,
    )
    return signer.sign(document).decode()


def other_bank(house: House) -> Signer:
    """Another bank of the country, made once."""
    found = getattr(house, "other", None)
    if found is None:
        found = house.country.bank("qala-bank", issued=100_000)
        house.other = found  # type: ignore[attr-defined]
    assert isinstance(found, Signer)
    return found


def arrive(person: Person, text: str) -> httpx.Response:
    body = {"rehome": text}
    return person.house.http.post("/v1/wallets/arrivals", json=body, headers=person.headers)


def test_a_wallet_arrives_with_its_money(house: House, aru: Person) -> None:
    other = other_bank(house)
    signer = house.country.person("qala-bank", tier="phone")
    assert house.country.send(other, other.pay(signer.wallet, 700)).accepted
    text = rehome(signer, BANK)
    for _ in range(2):
        assert arrive(aru, text).json()["verdict"]["code"] == "accepted"
    url = f"/v1/wallets/{signer.wallet}"
    assert house.http.get(url, headers=aru.headers).json()["balances"][0]["balance"] == 700


def test_a_wallet_that_names_another_bank_stays(house: House, aru: Person) -> None:
    other_bank(house)
    signer = house.country.person("qala-bank")
    answer = arrive(aru, rehome(signer, "qala-bank"))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_moving")
    assert arrive(aru, "nonsense").status_code in (400, 422)


def test_a_wallet_leaves(house: House, aru: Person, beket: Person) -> None:
    other_bank(house)
    tea = aru.wallet(money=300_00)
    tea.pay(beket.wallet().id, 1_00, asset="KZT")
    url = f"/v1/wallets/{tea.id}/departure"
    found = house.http.get(url, headers=aru.headers).json()
    assert [one["amount"] for one in found["payments"]] == [1_00]
    assert house.http.get(url, headers=beket.headers).status_code == 404
    early = house.http.post(url, headers=aru.headers)
    assert (early.status_code, early.json()["code"]) == (422, "not_moving")
    text = tea.move_to("qala-bank")
    assert house.country.line("qala-bank").submit([text])[0].accepted
    assert house.http.post(url, headers=aru.headers).status_code == 204
    assert house.http.get(f"/v1/wallets/{tea.id}", headers=aru.headers).status_code == 404
