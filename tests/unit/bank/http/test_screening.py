# SPDX-License-Identifier: Apache-2.0
"""Screening over HTTP: a list loaded, somebody who waits, a case explained and decided."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kerege.errors import KeregeError
from kerege.keys import Algorithm, PrivateKey, format_jwk, key_thumbprint
from kerege.runtime import SystemRandomness
from kerege.service import NodeClient, Refused
from tests.banks import House, running_bank

KEY = PrivateKey(Algorithm.ED25519, bytes([3]) * 32)
AT = "/v1/staff/screening"
LIST = """{"name": "national", "version": "1", "entries": [{"id": "17", "kind": "person",
"names": ["Щедрин Юрий Вячеславович"], "birth_dates": ["1958-11-30"], "note": "made up"}]}"""
CSV = "id,kind,names,birth_dates,note\n18,person,Әлішер Ойдантапқанов,,made up\n"
Told = dict[str, Any]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    staff = f"[staff]\naida = '{format_jwk(KEY.public_key).decode()}'"
    with running_bank(tmp_path, more=staff) as made:
        yield made


@pytest.fixture
def staff(house: House) -> Iterator[NodeClient]:
    client = NodeClient(
        house.url,
        clock=house.country.clock,
        randomness=SystemRandomness(),
        key=KEY,
        keyid=key_thumbprint(KEY.public_key),
    )
    yield client
    client.close()


def load(staff: NodeClient, text: str = LIST, **more: Any) -> Told:
    told: Told = staff.post(f"{AT}/lists", {"format": "json", "text": text, **more}, Told)
    return told


def open_yuri(staff: NodeClient, number: int = 1) -> Told:
    data = {
        "name": "Юрий Щедрин",
        "phone": f"+770155577{number:02}",
        "tax_number": f"5811303000{number:02}",
        "birth_date": "1958-11-30",
    }
    asked = {"kind": "person", "tier": "full", "language": "ru", "data": data}
    told = staff.post("/v1/staff/customers", {"customers": [asked]}, Told)
    customer: Told = told["customers"][0]["customer"]
    return customer


def queue(staff: NodeClient) -> list[Told]:
    cases: list[Told] = staff.get(f"{AT}/cases", Told)["cases"]
    return cases


def test_who_is_like_somebody_listed_waits_for_a_decision(staff: NodeClient) -> None:
    assert load(staff) == {"name": "national", "added": 1, "changed": 0, "removed": 0}
    yuri = open_yuri(staff)
    assert yuri["state"] == "waiting"
    (line,) = queue(staff)
    assert (line["customer"], line["list"], line["entry"]) == (yuri["customer"], "national", "17")
    whole = staff.get(f"{AT}/cases/{line['case']}", Told)
    assert (whole["name"], whole["alike"]) == ("Юрий Щедрин", "Щедрин Юрий Вячеславович")
    assert {reason["kind"] for reason in whole["reasons"]} >= {"same", "birth_agrees"}
    path = f"{AT}/cases/{line['case']}/decision"
    decided = staff.post(path, {"decision": "cleared", "note": "another person"}, Told)
    assert (decided["state"], decided["decided_by"]) == ("cleared", "aida")
    assert queue(staff) == []
    with pytest.raises(Refused) as caught:
        staff.post(path, {"decision": "confirmed"}, Told)
    assert caught.value.code == "already_decided"


def test_customers_there_were_are_looked_at_when_a_list_comes(
    house: House, staff: NodeClient, tmp_path: Path
) -> None:
    assert open_yuri(staff)["state"] == "active"
    joined = house.person(tmp_path / "person", name="Ойдантапқанов Әлішер")
    load(staff)
    told = load(staff, CSV, format="csv", name="other", version="2")
    assert told["added"] == 1
    assert [one["name"] for one in staff.get(f"{AT}/lists", Told)["lists"]] == ["national", "other"]
    looked = staff.post(f"{AT}/looks", {"after": ""}, Told)
    assert (looked["looked"], looked["opened"]) == (2, 2)
    assert staff.post(f"{AT}/looks", {"after": looked["next"]}, Told)["looked"] == 0
    staff.delete(f"{AT}/lists/other")
    (line,) = queue(staff)
    assert line["customer"] != joined.view.customer
    path = f"{AT}/cases/{line['case']}/decision"
    assert staff.post(path, {"decision": "confirmed"}, Told)["state"] == "confirmed"


def test_who_joins_by_telephone_is_looked_at_too(
    house: House, staff: NodeClient, tmp_path: Path
) -> None:
    load(staff, CSV, format="csv", name="other", version="2")
    with pytest.raises(KeregeError):
        # Signed up, and let in only once somebody has looked.
        house.person(tmp_path / "person", name="Әлішер Ойдантапқанов").wallet()
    assert len(queue(staff)) == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": "{}"}, 422),
        ({"text": '{"name": "x", "version": "1", "entries": []}'}, 422),
        ({"format": "xml", "text": "<!DOCTYPE a><a/>"}, 422),
        ({"format": "csv", "text": "id\n1\n"}, 422),
        ({"format": "pdf"}, 400),
        ({"name": "../x"}, 400),
    ],
)
def test_lists_that_are_none(staff: NodeClient, more: Told, status: int) -> None:
    with pytest.raises(Refused) as caught:
        load(staff, **{"text": LIST, **more})
    assert caught.value.status == status


def test_strangers_see_nothing(house: House, staff: NodeClient) -> None:
    for path in ("/cases", "/lists", "/cases/cse_" + "0" * 32):
        assert httpx.get(f"{house.url}{AT}{path}", trust_env=False).status_code == 401
    for missing in ("cases/cse_" + "0" * 32,):
        with pytest.raises(Refused) as caught:
            staff.get(f"{AT}/{missing}", Told)
        assert caught.value.status == 404
    with pytest.raises(Refused):
        staff.delete(f"{AT}/lists/nothing")
