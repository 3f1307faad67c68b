# SPDX-License-Identifier: Apache-2.0
"""Disputes over HTTP: the sides speak for themselves only, staff decides."""

from typing import Any

import httpx
import pytest

from kerege.bank.http.disputes import dispute_staff_routes
from tests.banks import House, Person

DIGEST = "A" * 43


def post(person: Person, path: str, body: Any = None) -> httpx.Response:
    url = f"/v1/disputes{path}"
    return person.house.http.post(url, json=body, headers=person.headers)


class Quarrel:
    """Aru has paid Beket 300.00 and disputes 200.00."""

    def __init__(self, aru: Person, beket: Person) -> None:
        self.aru, self.beket = aru, beket
        self.tea, self.shop = aru.wallet(money=400_00), beket.wallet()
        self.payment = self.tea.pay(self.shop.id, 300_00, asset="KZT").verdict.order

    def asked(self, **more: Any) -> dict[str, Any]:
        asked = {"wallet": self.tea.id, "payment": self.payment, "reason": "not_received"}
        return {**asked, "claimed": 200_00, **more}

    def open(self) -> dict[str, Any]:
        answer = post(self.aru, "", self.asked())
        assert answer.status_code == 200, answer.text
        case: dict[str, Any] = answer.json()
        return case

    def show(self, person: Person, case: str) -> httpx.Response:
        return person.house.http.get(f"/v1/disputes/{case}", headers=person.headers)


@pytest.fixture
def quarrel(aru: Person, beket: Person) -> Quarrel:
    return Quarrel(aru, beket)


def test_a_case_over_http(quarrel: Quarrel) -> None:
    answer = quarrel.beket.house.parts.own.wallet
    mandate = quarrel.shop.mandate(answer, each=300_00, total=300_00, asset="KZT", holds=True)
    taking = {"wallet": quarrel.shop.id, "mandate": mandate.verdict.order}
    assert post(quarrel.beket, "/mandates", taking).status_code == 204
    case = quarrel.open()
    assert (case["state"], case["reserved"]) == ("opened", True)
    assert quarrel.open()["id"] == case["id"]
    evidence = {"wallet": quarrel.tea.id, "digest": DIGEST}
    given = post(quarrel.aru, f"/{case['id']}/evidence", evidence)
    assert [one["digest"] for one in given.json()["evidence"]] == [DIGEST]
    answered = post(quarrel.beket, f"/{case['id']}/answer", {"conceded": 50_00}).json()
    assert (answered["state"], answered["conceded"]) == ("answered", 50_00)
    quarrel.aru.house.parts.desk.disputes.decide(case["id"], awarded=150_00)
    shown = quarrel.show(quarrel.beket, case["id"]).json()
    assert (shown["state"], shown["awarded"]) == ("decided", 150_00)
    assert quarrel.tea.state().balances[0].balance == 250_00
    assert quarrel.shop.state().balances[0].balance == 150_00


def test_cases_are_listed_to_both_sides(quarrel: Quarrel, house: House) -> None:
    case = quarrel.open()
    for person, wallet in ((quarrel.aru, quarrel.tea), (quarrel.beket, quarrel.shop)):
        url = f"/v1/disputes?wallet={wallet.id}"
        [found] = house.http.get(url, headers=person.headers).json()["disputes"]
        assert found["id"] == case["id"]
    url = f"/v1/disputes?wallet={quarrel.tea.id}"
    assert house.http.get(url, headers=quarrel.beket.headers).status_code == 404


def test_a_case_is_given_up(quarrel: Quarrel) -> None:
    case = quarrel.open()
    assert post(quarrel.aru, f"/{case['id']}/withdrawal").json()["state"] == "withdrawn"
    again = post(quarrel.aru, f"/{case['id']}/withdrawal")
    assert (again.status_code, again.json()["code"]) == (422, "dispute_refused")
    assert again.json()["place"] == "not_in_this_state"


def test_nobody_speaks_for_the_other(quarrel: Quarrel, tmp_path: Any, house: House) -> None:
    case = quarrel.open()
    stranger = house.person(tmp_path / "stranger")
    assert quarrel.show(stranger, case["id"]).status_code == 404
    assert quarrel.show(quarrel.aru, "dsp_" + "0" * 32).status_code == 404
    for person, path, body in (
        (quarrel.aru, "answer", {"conceded": 200_00}),
        (quarrel.beket, "withdrawal", None),
        (quarrel.beket, "evidence", {"wallet": quarrel.tea.id, "digest": DIGEST}),
        (stranger, "evidence", {"wallet": quarrel.tea.id, "digest": DIGEST}),
    ):
        assert post(person, f"/{case['id']}/{path}", body).status_code == 404
    assert post(quarrel.beket, "", quarrel.asked()).status_code == 404


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"claimed": 300_01}, 422, "dispute_refused"),
        ({"claimed": 0}, 400, "request_invalid"),
        ({"leg": 1}, 422, "not_disputable"),
        ({"payment": "ord_" + "0" * 32}, 422, "not_disputable"),
        ({"reason": "bad mood"}, 400, "request_invalid"),
    ],
)
def test_what_is_refused(quarrel: Quarrel, more: dict[str, Any], status: int, code: str) -> None:
    answer = post(quarrel.aru, "", quarrel.asked(**more))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_staff_must_sign(quarrel: Quarrel) -> None:
    case = quarrel.open()
    path = f"/v1/staff/disputes/{case['id']}/decision"
    answer = quarrel.aru.house.http.post(path, json={"awarded": 1})
    assert answer.status_code == 401
    assert callable(dispute_staff_routes)
