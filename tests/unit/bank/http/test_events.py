# SPDX-License-Identifier: Apache-2.0
"""Events over HTTP: one's own only, from any cursor, as a page or as a stream that goes on."""

import time

import httpx

from kerege.wallet import Notice
from tests.banks import House, Person


def wait_for(person: Person, count: int) -> list[dict[str, object]]:
    """Notices once there are so many."""
    found: list[dict[str, object]] = []
    for _ in range(100):
        page = person.house.http.get("/v1/events", headers=person.headers).json()
        found = page["notices"]
        if len(found) >= count:
            break
        time.sleep(0.05)
    return found


def test_both_sides_are_told_of_a_payment(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    order = tea.pay(shop.id, 120_00, asset="KZT").verdict.order
    received = wait_for(beket, 1)
    assert [each["data"]["change"] for each in received] == [120_00]  # type: ignore[index]
    assert received[0]["data"]["order"] == order  # type: ignore[index]
    assert [each["data"]["change"] for each in wait_for(aru, 2)] == [300_00, -120_00]  # type: ignore[index]


def test_a_cursor_goes_on(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    for _ in range(3):
        tea.pay(shop.id, 1_00, asset="KZT")
    first = wait_for(beket, 3)[0]["id"]
    page = beket.house.http.get(f"/v1/events?after={first}&limit=1", headers=beket.headers).json()
    assert len(page["notices"]) == 1
    assert page["next"] == page["notices"][0]["id"] > first


def test_a_stream_tells_as_it_happens_and_resumes(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    tea.pay(shop.id, 1_00, asset="KZT")
    stream = beket.bank.notices(after=0, wait_s=5)
    first = next(stream)
    assert isinstance(first, Notice)
    tea.pay(shop.id, 2_00, asset="KZT")
    second = next(stream)
    assert (second.data["change"], second.id > first.id) == (2_00, True)
    stream.close()
    assert next(beket.bank.notices(after=first.id, wait_s=5)).id == second.id


def test_a_purse_reads_each_notice_once(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    tea.pay(shop.id, 1_00, asset="KZT")
    wait_for(beket, 1)
    [seen] = list(beket.purse.watch(beket.house.url, wait_s=1))
    assert seen.data["change"] == 1_00
    assert list(beket.purse.watch(beket.house.url, wait_s=1)) == []


def test_streams_of_one_customer_are_few(house: House, aru: Person) -> None:
    with httpx.Client(base_url=house.url, trust_env=False) as http:
        streams = [
            http.send(
                http.build_request("GET", "/v1/events/stream", headers=aru.headers), stream=True
            )
            for _ in range(5)
        ]
        assert [each.status_code for each in streams] == [200] * 4 + [429]
        for each in streams:
            each.close()


def test_bad_cursors_are_refused(house: House, aru: Person) -> None:
    for query in ("after=-1", "after=x", "limit=0", "limit=999", "wait_s=3600"):
        answer = house.http.get(f"/v1/events?{query}", headers=aru.headers)
        assert answer.json()["code"] == "request_invalid", query
    headers = {**aru.headers, "last-event-id": "abc"}
    assert house.http.get("/v1/events/stream", headers=headers).status_code == 400
    assert house.get("/v1/events").status_code == 401
