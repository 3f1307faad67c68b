# SPDX-License-Identifier: Apache-2.0
"""Webhooks over HTTP: added, listed and removed by their owner, never leading inside."""

import pytest

from tests.banks import House, Person

URL = "https://shop.example/hook"


def add(person: Person, url: str = URL, **more: object) -> dict[str, object]:
    answer = person.house.http.post(
        "/v1/webhooks", json={"url": url, **more}, headers=person.headers
    )
    found: dict[str, object] = answer.json()
    return found


def test_added_listed_removed(house: House, aru: Person) -> None:
    hook = add(aru, kinds=["moved"])
    listed = house.http.get("/v1/webhooks", headers=aru.headers).json()["webhooks"]
    assert listed == [hook]
    path = f"/v1/webhooks/{hook['id']}"
    assert house.http.get(f"{path}/failures", headers=aru.headers).json() == {"deliveries": []}
    assert house.http.post(f"{path}/redeliver", headers=aru.headers).json() == {"count": 0}
    assert house.http.delete(path, headers=aru.headers).status_code == 204
    assert house.http.delete(path, headers=aru.headers).status_code == 404


def test_nobody_touches_anothers(house: House, aru: Person, beket: Person) -> None:
    path = f"/v1/webhooks/{add(aru)['id']}"
    assert house.http.delete(path, headers=beket.headers).status_code == 404
    assert house.http.get(f"{path}/failures", headers=beket.headers).status_code == 404
    assert house.http.post(f"{path}/redeliver", headers=beket.headers).status_code == 404
    assert house.http.get("/v1/webhooks", headers=beket.headers).json() == {"webhooks": []}


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "x",
        "https://u@h.example/",
    ],
)
def test_addresses_inside_are_refused(aru: Person, url: str) -> None:
    assert add(aru, url)["code"] == "address_forbidden"


def test_they_are_few(aru: Person) -> None:
    assert [add(aru).get("code", "") for _ in range(6)] == [""] * 5 + ["too_many_webhooks"]


@pytest.mark.parametrize("body", [{"url": ""}, {"url": "x" * 501}, {"url": URL, "kinds": ["A b"]}])
def test_what_is_malformed_is_told(aru: Person, body: dict[str, object]) -> None:
    answer = aru.house.http.post("/v1/webhooks", json=body, headers=aru.headers)
    assert answer.json()["code"] == "request_invalid"
