# SPDX-License-Identifier: Apache-2.0
"""A delivery is signed by the bank, goes to the address that was checked, and ends in time."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from kerege.bank.webhook_sending import DeliveryFailed, HookSender
from kerege.keys import Algorithm, PrivateKey
from kerege.keys.http_signatures import HttpRequest, MemoryNonces, verify_request
from kerege.runtime import ManualClock, SeededRandomness
from tests.receivers import Receiver, receiving

KEY = PrivateKey(Algorithm.ED25519, bytes(32))
NOW_S = 1_800_000_000


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def sender(receiver: Receiver, *, delivery_s: float = 5.0) -> HookSender:
    return HookSender(
        KEY,
        "altyn-bank",
        ManualClock(NOW_S * 1_000_000),
        SeededRandomness(1),
        allow=[receiver.authority],
        delivery_s=delivery_s,
    )


def send(receiver: Receiver, url: str = "", **how: float) -> None:
    address = url or f"http://{receiver.authority}/hook?shop=1"
    asyncio.run(sender(receiver, **how).send(address, b'{"id":1}', event_id="hook_1.1"))


def test_a_delivery_arrives_and_its_signature_verifies(receiver: Receiver) -> None:
    send(receiver)
    [request] = receiver.requests
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert first == "POST /hook?shop=1 HTTP/1.1"
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    received = HttpRequest("POST", receiver.authority, "/hook", "shop=1", headers, body)
    verified = verify_request(
        received,
        find_key={"altyn-bank": KEY.public_key}.get,
        nonces=MemoryNonces(),
        now_s=NOW_S,
    )
    assert verified.body == b'{"id":1}'
    assert verified.headers["idempotency-key"] == "hook_1.1"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 500 Oops\r\n\r\n", "answered: 500"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n", "not followed: 302"),
        (b"SSH-2.0-OpenSSH\r\n", "not HTTP"),
        (b"HTTP/1.1 abc\r\n", "not HTTP"),
        (b"\r\n", "not HTTP"),
        (b"x" * 100_000, "failed"),
    ],
)
def test_what_is_not_taken_is_told(receiver: Receiver, answer: bytes, told: str) -> None:
    receiver.answer = answer
    with pytest.raises(DeliveryFailed, match=told):
        send(receiver)
    assert len(receiver.requests) == 1


def test_an_endless_answer_costs_nothing(receiver: Receiver) -> None:
    receiver.answer = b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000
    send(receiver)


def test_who_does_not_answer_is_given_up(receiver: Receiver) -> None:
    receiver.answer = b""
    with pytest.raises(DeliveryFailed, match=r"no answer within 0\.2 s"):
        send(receiver, delivery_s=0.2)


def test_nobody_there_is_told(receiver: Receiver) -> None:
    receiver_gone = Receiver()
    receiver_gone.port = 1
    with pytest.raises(DeliveryFailed, match="the connection failed"):
        send(receiver_gone)


def test_a_name_that_now_leads_inside_is_not_called(receiver: Receiver) -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    hooks = HookSender(
        KEY, "altyn-bank", ManualClock(0), SeededRandomness(1), allow=[], resolve=inside
    )
    with pytest.raises(DeliveryFailed, match="not public"):
        asyncio.run(hooks.send("https://shop.example/", b"{}", event_id="hook_1.1"))
    assert receiver.requests == []


def test_a_forbidden_address_is_not_called(receiver: Receiver) -> None:
    with pytest.raises(DeliveryFailed, match="only https"):
        send(receiver, url="http://127.0.0.1:1/")
