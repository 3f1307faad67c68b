# SPDX-License-Identifier: Apache-2.0
"""Becoming a customer over HTTP: only who holds the telephone, only what needs no papers."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.banks import House, Person

PHONE = "+77019990001"


def join(house: House, number: str, **changes: Any) -> httpx.Response:
    code_id = house.post("/v1/customers/codes", {"phone": number}).json()["code_id"]
    body = {
        "phone": number,
        "name": "Дина Әлиева",
        "tier": "phone",
        "language": "kk",
        "code_id": code_id,
        "code": house.codes.latest(number),
    }
    return house.post("/v1/customers", {**body, **changes})


def test_who_joined_can_sign_in_and_see_themselves(aru: Person) -> None:
    me = aru.bank.me()
    assert (me.name, me.phone, me.bank) == ("Айгерім Нұрланова", aru.phone, "altyn-bank")
    assert me.customer == aru.view


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "000000"}, "code_not_right"),
        ({"code_id": "x.y"}, "code_not_right"),
        ({"code_id": ""}, "code_not_right"),
        ({"tier": "full"}, "tier_needs_staff"),
        ({"tier": "gold"}, "request_invalid"),
        ({"language": "xx"}, "request_invalid"),
        ({"name": "\u202eevil"}, "request_invalid"),
        ({"name": ""}, "request_invalid"),
        ({"phone": "+77019990009"}, "code_not_right"),
        ({"phone": "abc"}, "request_invalid"),
        ({"tax_number": "1"}, "request_invalid"),
    ],
)
def test_refusals(house: House, changes: dict[str, Any], code: str) -> None:
    number = abs(hash(str(changes))) % 10**7
    answer = join(house, f"+7702{number:07}", **changes)
    assert answer.json()["code"] == code, answer.text


def test_a_telephone_is_one_customers(house: House) -> None:
    assert join(house, PHONE).status_code == 201
    again = join(house, PHONE)
    assert (again.status_code, again.json()["code"]) == (409, "phone_taken")


def test_a_code_counts_for_the_telephone_it_went_to(house: House) -> None:
    """With a code to one's own telephone nobody becomes the holder of another's."""
    answer = join(house, "+77019990002", phone="+77019990003")
    assert answer.json()["code"] == "code_not_right"


def test_a_code_counts_once(house: House) -> None:
    phone = "+77019990004"
    code_id = house.post("/v1/customers/codes", {"phone": phone}).json()["code_id"]
    body = {
        "phone": phone,
        "name": "Дина",
        "tier": "phone",
        "code_id": code_id,
        "code": house.codes.latest(phone),
    }
    assert house.post("/v1/customers", body).status_code == 201
    assert house.post("/v1/customers", body).json()["code"] == "code_not_right"


def test_codes_to_one_telephone_are_few(house: House) -> None:
    asked = [
        house.post("/v1/customers/codes", {"phone": "+77019990005"}).status_code for _ in range(7)
    ]
    assert asked[:5] == [200] * 5
    assert asked[-1] == 429


def test_a_blocked_customer_is_let_in_no_more(house: House, tmp_path: Path) -> None:
    person = house.person(tmp_path / "gulnar")
    headers = person.headers
    from kerege.bank.customer import CustomerId, CustomerState

    house.parts.customers.set_state(CustomerId(person.view.customer), CustomerState.BLOCKED)
    house.country.clock.advance_us(2_000_000)
    assert house.http.get("/v1/me", headers=headers).status_code == 401
