# SPDX-License-Identifier: Apache-2.0
"""Events over HTTP: to whom they concern, by page, by waiting, as a stream."""

import threading
import time

import msgspec
import pytest

from kerege.centralbank.http.wire import OrderTexts, Verdicts
from kerege.keys.http_signatures import HttpRequest, sign_request
from kerege.payments.events import Page
from kerege.runtime import SystemClock
from kerege.service import NodeClient, Refused
from tests.nodes import send_raw
from tests.registers import key_of, kid_of
from tests.unit.centralbank.http.conftest import Town


def pay(town: Town, amount: int) -> str:
    text = town.core.pay(town.aru, town.bek, amount)
    return town.altyn.post("/v1/orders", OrderTexts((text,)), Verdicts).verdicts[0].order


def last(client: NodeClient) -> int:
    page = client.get("/v1/events", Page, query={"limit": 1000})
    while page.events:
        page = client.get("/v1/events", Page, query={"limit": 1000, "after": page.next})
    return page.next


def test_both_sides_are_told_their_side(town: Town) -> None:
    after = last(town.altyn)
    order = pay(town, 7)
    for bank, wallet, change in ((town.altyn, town.aru, -7), (town.qala, town.bek, 7)):
        page = bank.get("/v1/events", Page, query={"after": after, "wait_s": 5})
        (event,) = page.events
        assert (event.order, event.kind) == (order, "pay")
        assert [(move.wallet, move.change) for move in event.wallets] == [(wallet.id, change)]
        assert msgspec.json.decode(event.document)["wallet"] == town.aru.id


def test_waiting_for_what_comes(town: Town) -> None:
    after = last(town.qala)
    started = time.monotonic()
    threading.Timer(0.3, pay, [town, 8]).start()
    page = town.qala.get("/v1/events", Page, query={"after": after, "wait_s": 10}, wait_s=10)
    assert len(page.events) == 1
    assert 0.2 < time.monotonic() - started < 3


def test_nothing_comes(town: Town) -> None:
    after = last(town.altyn)
    page = town.altyn.get("/v1/events", Page, query={"after": after, "wait_s": 1}, wait_s=1)
    assert page == Page((), after)


def test_from_far_beyond_the_end(town: Town) -> None:
    page = town.altyn.get("/v1/events", Page, query={"after": 2**53})
    assert page.events == ()


@pytest.mark.parametrize(
    "query",
    [{"after": -2}, {"after": "x"}, {"limit": 0}, {"limit": 1001}, {"wait_s": 31}, {"wait_s": -1}],
)
def test_questions_out_of_bounds(town: Town, query: dict[str, str | int]) -> None:
    with pytest.raises(Refused) as raised:
        town.altyn.get("/v1/events", Page, query=query)
    assert raised.value.details.place == next(iter(query))


def test_a_stream(town: Town) -> None:
    after = last(town.qala)
    threading.Timer(0.2, pay, [town, 9]).start()
    text = stream(town, after, until=b"data: ")
    assert b"content-type: text/event-stream" in text
    assert b"event: pay" in text
    assert b'"change":9' in text


def stream(town: Town, after: int, *, until: bytes) -> bytes:
    """What a signed request for the stream brings, until there is an event and a little more."""
    authority, key = town.core.url.removeprefix("http://"), key_of("qala-bank")
    request = HttpRequest("GET", authority, "/v1/events/stream", f"after={after}", [], b"")
    fields = sign_request(
        request,
        key,
        keyid=kid_of(key),
        nonce=f"a-stream-{time.monotonic_ns()}",
        created_s=SystemClock().now_us() // 1_000_000,
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    head = f"GET /v1/events/stream?after={after} HTTP/1.1\r\nhost: {authority}\r\n{lines}\r\n"
    return send_raw(town.core.url, head.encode(), until=until)
