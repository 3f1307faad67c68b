# SPDX-License-Identifier: Apache-2.0
"""Orders over HTTP: verdicts in order, repeats harmless, each institution sees its own business."""

import time

import httpx
import msgspec
import pytest

from kerege.centralbank.http.wire import OrderText, OrderTexts, Verdicts
from kerege.centralbank.register_participants import Quota
from kerege.payments import Refusal, Verdict
from kerege.service import NodeClient, Refused, Unreachable
from kerege.translog.receipt import parse_receipt
from tests.cores import Core
from tests.registers import Wallet
from tests.unit.centralbank.http.conftest import Town


def bring(client: NodeClient, *texts: str) -> list[Verdict]:
    return client.post("/v1/orders", OrderTexts(texts), Verdicts).verdicts


def test_one_verdict_each_in_their_order(town: Town) -> None:
    pay = [town.core.pay(town.aru, town.bek, amount) for amount in (1, 10**12, 2)]
    verdicts = bring(town.altyn, *pay, "rubbish")
    assert [verdict.code for verdict in verdicts] == [
        *("accepted", "exceeds_balance", "accepted", "order_text_invalid")
    ]
    assert [verdict.amounts for verdict in verdicts if verdict.accepted] == [(1,), (2,)]


def test_no_orders_no_verdicts(town: Town) -> None:
    assert bring(town.altyn) == []


def test_a_repeat_gets_the_first_verdict(town: Town) -> None:
    pay = town.core.pay(town.aru, town.bek, 3)
    (first,), (again,) = bring(town.altyn, pay), bring(town.altyn, pay)
    assert (again.code, again.number, again.replayed) == ("accepted", first.number, True)


def test_another_banks_customer(town: Town) -> None:
    pay = town.core.pay(town.aru, town.bek, 3)
    assert bring(town.qala, pay)[0].code == Refusal.WALLET_KEPT_ELSEWHERE
    assert bring(town.altyn, pay)[0].accepted


def test_trying_changes_nothing(town: Town) -> None:
    pay = OrderText(town.core.pay(town.aru, town.bek, 4))
    first, second = (town.altyn.post("/v1/orders/try", pay, Verdict) for _ in range(2))
    assert first.accepted
    assert second.accepted
    assert not second.replayed


def test_what_became_of_it(town: Town) -> None:
    (verdict,) = bring(town.altyn, town.core.pay(town.aru, town.bek, 5))
    for bank in (town.altyn, town.qala):
        found = bank.get(f"/v1/orders/{verdict.order}", Verdict)
        assert (found.code, found.number) == ("accepted", verdict.number)


def test_an_order_between_others_is_nobody_elses_business(town: Town) -> None:
    friend = town.core.open("altyn-bank")
    (verdict,) = bring(town.altyn, town.core.pay(town.aru, friend, 5))
    assert town.altyn.get(f"/v1/orders/{verdict.order}", Verdict).accepted
    for path in (f"/v1/orders/{verdict.order}", f"/v1/orders/{verdict.order}/receipt"):
        with pytest.raises(Refused) as raised:
            town.qala.get(path, Verdict)
        assert raised.value.code == "not_found"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/orders/ord_" + "0" * 32, "not_found"),
        ("/v1/orders/ord_" + "0" * 31, "request_invalid"),
        ("/v1/orders/ord_" + "0" * 32 + "%0A", "request_invalid"),
        ("/v1/orders/%D2%9B", "request_invalid"),
        ("/v1/orders/ord_" + "0" * 32 + "/receipt", "not_found"),
    ],
)
def test_ids_that_name_nothing(town: Town, path: str, code: str) -> None:
    with pytest.raises(Refused) as raised:
        town.altyn.get(path, Verdict)
    assert raised.value.code == code


def test_a_receipt_after_a_moment(town: Town) -> None:
    (verdict,) = bring(town.altyn, town.core.pay(town.aru, town.bek, 6))
    for _ in range(100):
        try:
            text = town.qala.get_bytes(f"/v1/orders/{verdict.order}/receipt")
            break
        except Refused:
            time.sleep(0.05)
    receipt = parse_receipt(text)
    assert bytes.fromhex(verdict.order.removeprefix("ord_")) in receipt.record


def test_too_many_at_once(town: Town) -> None:
    with pytest.raises(Refused) as raised:
        bring(town.altyn, *["x"] * 4097)
    assert (raised.value.status, raised.value.details.place) == (400, "$.orders")
    with pytest.raises(Refused) as raised:
        bring(town.altyn, *["x" * 60_000] * 150)
    assert raised.value.status == 413


def test_thousands_at_once(town: Town) -> None:
    verdicts = bring(town.altyn, *["x"] * 4096)
    assert {verdict.code for verdict in verdicts} == {"order_text_invalid"}


def test_a_suspended_institution(town: Town) -> None:
    with town.core.client("dormant-bank") as dormant:
        (verdict,) = bring(dormant, town.core.pay(town.aru, town.bek, 1))
    assert verdict.code == Refusal.PARTICIPANT_SUSPENDED


@pytest.mark.parametrize("name", ["north", "staff-aru"])
def test_roles_that_bring_no_orders(town: Town, name: str) -> None:
    with town.core.client(name) as other, pytest.raises(Refused) as raised:
        bring(other, town.core.pay(town.aru, town.bek, 1))
    assert (raised.value.status, raised.value.code) == (403, "not_allowed")


def test_strangers(town: Town) -> None:
    with town.core.client("nobody") as nobody, pytest.raises(Refused) as raised:
        bring(nobody, town.core.pay(town.aru, town.bek, 1))
    assert raised.value.details.place == "keyid"
    with pytest.raises(Refused) as raised:
        bring(town.anyone, "x")
    assert raised.value.code == "signature_missing"


def test_a_quota_is_kept(town: Town, core_with_quota: tuple[Core, Wallet]) -> None:
    core, wallet = core_with_quota
    with core.client("small-bank") as small:
        assert len(bring(small, *["x"] * 5)) == 5
        with pytest.raises(Unreachable, match="too_many_requests"):
            bring(small, "x")
    del wallet


@pytest.fixture
def core_with_quota(town: Town) -> tuple[Core, Wallet]:
    town.core.admit("small-bank", quota=Quota(orders_per_s=1, burst=5))
    return town.core, town.aru


def test_orders_are_counted(town: Town) -> None:
    bring(town.altyn, town.core.pay(town.aru, town.bek, 1))
    assert b'kerege_orders_total{code="accepted"}' in town.anyone.get_bytes("/metrics")


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b'{"orders":[]}', 401),
        ("application/json", b"", 401),
        ("application/json", b'{"orders":[]}', 401),
    ],
)
def test_unsigned_bodies_are_not_looked_into(
    town: Town, content_type: str, body: bytes, status: int
) -> None:
    answer = httpx.post(
        f"{town.core.url}/v1/orders",
        content=body,
        headers={"content-type": content_type},
        trust_env=False,
    )
    assert answer.status_code == status


STRAIGHT, FRAMEWORK = "/v1/orders", "/v1/orders/"
"""The framework takes a slash at the end, the straight way does not know it."""


def told(client: NodeClient, path: str, body: bytes) -> object:
    """What a signed request is answered with; nothing that differs each time."""
    try:
        return client.post(path, msgspec.Raw(body), msgspec.Raw)
    except Refused as no:
        return msgspec.structs.replace(no.details, instance="")


@pytest.mark.parametrize(
    "body",
    [
        b'{"orders":[]}',
        b'{"orders":["rubbish","a.b.c"]}',
        b'{"orders":["a"],"orders":["b"]}',
        b'{"orders":[5]}',
        b'{"orders":"a"}',
        b'{"orders":["' + b"a" * 70_000 + b'"]}',
        b'{"orders":["a"],"more":1}',
        b"{",
        b"\xff",
        b"[" * 5_000,
        b'{"orders":[' + b'"a",' * 4_096 + b'"a"]}',
    ],
)
def test_the_straight_way_answers_as_the_framework_does(town: Town, body: bytes) -> None:
    ways = [told(town.altyn, path, body) for path in (STRAIGHT, FRAMEWORK)]
    assert ways[0] == ways[1]


def test_both_ways_ask_who_it_is(town: Town) -> None:
    town.core.admit("postman", "witness")
    with town.core.client("postman") as postman, town.core.client("nobody") as nobody:
        for client in (postman, nobody):
            ways = [told(client, path, b'{"orders":[]}') for path in (STRAIGHT, FRAMEWORK)]
            assert ways[0] == ways[1]
            assert not isinstance(ways[0], msgspec.Raw)
    answers = [
        httpx.post(town.core.url + path, json={"orders": []}, trust_env=False)
        for path in (STRAIGHT, FRAMEWORK)
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(401, "signature_missing")] * 2
