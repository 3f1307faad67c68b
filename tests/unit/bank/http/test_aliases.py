# SPDX-License-Identifier: Apache-2.0
"""Aliases over HTTP: one's own telephone or a nickname, found by payers, given up again."""

from typing import Any

import httpx

from kerege.wallet import PayeeUnknown
from tests.banks import Person


def call(person: Person, method: str, path: str, body: Any = None) -> httpx.Response:
    return person.house.http.request(
        method, f"/v1/aliases{path}", json=body, headers=person.headers
    )


def claim(person: Person, alias: str, wallet: str) -> httpx.Response:
    return call(person, "POST", "", {"alias": alias, "wallet": wallet})


def test_a_telephone_leads_to_its_holders_wallet(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    assert claim(beket, beket.phone, shop.id).status_code == 200
    payee = tea.payee(beket.phone)
    assert (payee.wallet, payee.name) == (shop.id, "Б*** С.")
    assert tea.pay(beket.phone, 1_00, asset="KZT").verdict.accepted


def test_nobody_claims_anothers_telephone_or_wallet(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(), beket.wallet()
    assert claim(aru, beket.phone, tea.id).status_code in (403, 409, 422)
    assert claim(aru, aru.phone, shop.id).status_code == 404


def test_an_alias_is_given_up(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(), beket.wallet()
    claim(beket, beket.phone, shop.id)
    assert [each["wallet"] for each in call(beket, "GET", "").json()["aliases"]] == [shop.id]
    assert call(beket, "POST", "/release", {"alias": beket.phone}).status_code == 204
    assert call(beket, "POST", "/release", {"alias": "@nothing"}).status_code == 404
    try:
        found = tea.payee(beket.phone).wallet
    except PayeeUnknown:
        found = ""
    assert found == ""


def test_who_shows_nothing_has_no_name(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(), beket.wallet()
    assert call(beket, "PUT", "/name", {"shows": "nothing"}).status_code == 200
    assert tea.payee(shop.id).name == ""
