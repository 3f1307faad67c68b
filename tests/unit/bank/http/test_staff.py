# SPDX-License-Identifier: Apache-2.0
"""Against a bank of a small country that runs: `tests/small_country.py`."""

from collections.abc import Iterator
from typing import Any

import pytest

from kerege.keys import key_thumbprint, load_private_key
from kerege.runtime import SystemClock, SystemRandomness
from kerege.sandbox.country import Country
from kerege.sandbox.run_file import read_run
from kerege.service import NodeClient, Refused

BANK = "komuz-bank"
Told = dict[str, Any]


def client_of(country: Country, key_file: str) -> NodeClient:
    key = load_private_key(country.institution(BANK) / "keys" / key_file)
    return NodeClient(
        read_run(country.folder).url(BANK),
        clock=SystemClock(),
        randomness=SystemRandomness(),
        key=key,
        keyid=key_thumbprint(key.public_key),
    )


@pytest.fixture
def staff(running_country: Country) -> Iterator[NodeClient]:
    client = client_of(running_country, "staff.pem")
    yield client
    client.close()


def customer(phone: str, **changes: Any) -> Told:
    data = {"name": "Айпери Көктамдова", "phone": phone} | changes.pop("data", {})
    return {"kind": "person", "tier": "basic", "language": "ru", "data": data, **changes}


def test_customers_are_opened_each_or_refused(staff: NodeClient) -> None:
    asked = [
        customer("+996199700001"),
        customer("+996199700001"),
        customer("+996199700002", tier="verified"),
    ]
    told = staff.post("/v1/staff/customers", {"customers": asked}, Told)["customers"]
    assert told[0]["customer"]["tier"] == "basic"
    assert [one.get("refused", "") for one in told] == ["", "phone_taken", "tier_needs_more"]


def test_a_child_comes_with_a_guardian(staff: NodeClient) -> None:
    papers = {"birth_date": "1990-02-03"}
    told = staff.post(
        "/v1/staff/customers", {"customers": [customer("+996199700007", data=papers)]}, Told
    )
    parent = told["customers"][0]["customer"]["customer"]
    born = {"birth_date": "2018-03-03"}
    asked = [
        customer("+996199700008", data=born),
        customer("+996199700008", data=born, guardian=parent),
    ]
    told = staff.post("/v1/staff/customers", {"customers": asked}, Told)["customers"]
    assert told[0]["refused"] == "guardian_unfit"
    assert told[1]["customer"]["guardian"] == parent


def test_money_is_booked_once_for_a_reference(staff: NodeClient) -> None:
    told = staff.post("/v1/staff/customers", {"customers": [customer("+996199700003")]}, Told)
    by_id = told["customers"][0]["customer"]["customer"]
    bookings = [
        {"asset": "KGS", "amount": 100, "reference": "staff-1", "phone": "+996199700003"},
        {"asset": "KGS", "amount": 100, "reference": "staff-1", "customer": by_id},
        {"asset": "KGS", "amount": 100, "reference": "staff-2", "phone": "+996199799999"},
    ]
    told = staff.post("/v1/staff/deposits", {"bookings": bookings}, Told)
    codes = [one["code"] for one in told["bookings"]]
    assert codes == ["accepted", "accepted", "customer_unknown"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/staff/customers", {"customers": []}, 400),
        ("/v1/staff/customers", {"customers": [customer("no phone")]}, 400),
        ("/v1/staff/customers", {"customers": [customer("+996199700004", tier="gold")]}, 422),
        ("/v1/staff/deposits", {"bookings": []}, 400),
        (
            "/v1/staff/deposits",
            {"bookings": [{"asset": "KGS", "amount": 0, "reference": "x"}]},
            400,
        ),
    ],
)
def test_what_makes_no_sense_is_a_problem(
    staff: NodeClient, path: str, body: Told, status: int
) -> None:
    with pytest.raises(Refused) as caught:
        staff.post(path, body, Told)
    assert caught.value.status in (status, 400, 422), caught.value


def test_nobody_else_gets_in(running_country: Country) -> None:
    stranger = client_of(running_country, "wallet.pem")
    try:
        with pytest.raises(Refused) as caught:
            stranger.post("/v1/staff/customers", {"customers": [customer("+996199700005")]}, Told)
    finally:
        stranger.close()
    assert caught.value.status == 401
