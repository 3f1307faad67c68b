# SPDX-License-Identifier: Apache-2.0
"""One's aliases over HTTP: claimed, listed, given up, and never found in an address."""

from typing import Any

import httpx

from tests.banks import House, Person


def ask(person: Person, method: str, path: str, body: Any = None) -> httpx.Response:
    return person.house.http.request(method, path, json=body, headers=person.headers)


def test_a_telephone_and_a_nickname_lead_to_a_wallet(aru: Person, beket: Person) -> None:
    tea = aru.wallet()
    for alias, kind in ((aru.phone, "phone"), ("@tea.house", "nickname")):
        claimed = ask(aru, "POST", "/v1/aliases", {"alias": alias, "wallet": tea.id})
        assert claimed.json() == {
            "kind": kind,
            "alias": alias,
            "wallet": tea.id,
            "state": "listed",
        }
    assert len(ask(aru, "GET", "/v1/aliases").json()["aliases"]) == 2
    found = ask(beket, "POST", "/v1/resolve", {"to": "@tea.house"}).json()
    assert (found["wallet"], found["name"]) == (tea.id, "А*** Н.")
    released = ask(aru, "POST", "/v1/aliases/release", {"alias": "@tea.house"})
    assert released.status_code == 204
    assert "wallet" not in ask(beket, "POST", "/v1/resolve", {"to": "@tea.house"}).json()


def test_another_s_number_is_not_given(aru: Person, beket: Person) -> None:
    refused = ask(aru, "POST", "/v1/aliases", {"alias": beket.phone, "wallet": aru.wallet().id})
    assert (refused.status_code, refused.json()["code"]) == (403, "alias_not_yours")


def test_another_s_wallet_is_none(aru: Person, beket: Person) -> None:
    body = {"alias": "@mine", "wallet": beket.wallet().id}
    assert ask(aru, "POST", "/v1/aliases", body).status_code == 404


def test_what_is_no_alias_is_told(aru: Person) -> None:
    wallet = aru.wallet().id
    for alias in ("", "@", "+7", "x" * 141, "\u202e@abc"):
        refused = ask(aru, "POST", "/v1/aliases", {"alias": alias, "wallet": wallet})
        assert refused.status_code in (400, 422), alias
    assert ask(aru, "POST", "/v1/aliases/release", {"alias": "@nobody.has"}).status_code == 404


def test_a_name_that_is_not_shown(house: House, aru: Person, beket: Person) -> None:
    tea = aru.wallet()
    assert ask(aru, "PUT", "/v1/aliases/name", {"shows": "nothing"}).json() == {"shows": "nothing"}
    assert not ask(beket, "POST", "/v1/resolve", {"to": tea.id}).json().get("name")
    assert ask(aru, "PUT", "/v1/aliases/name", {"shows": "all"}).status_code == 400
    assert house.get("/v1/aliases").status_code == 401
