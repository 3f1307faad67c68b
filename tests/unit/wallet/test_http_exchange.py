# SPDX-License-Identifier: Apache-2.0
"""What a bank's answer means: good, later, no, or who are you."""

from collections.abc import Iterator

import msgspec
import pytest

from kerege.wallet import BankRefused, BankUnreachable, SessionEnded
from kerege.wallet.http_exchange import Exchange, decode
from tests.receivers import Receiver, receiving


@pytest.fixture
def bank() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def fetch(bank: Receiver, status: int, body: object, headers: str = "") -> bytes:
    text = body if isinstance(body, bytes) else msgspec.json.encode(body)
    head = (
        f"HTTP/1.1 {status} X\r\n{headers}content-length: {len(text)}\r\nconnection: close\r\n\r\n"
    )
    bank.answer = head.encode() + text
    exchange = Exchange(f"http://{bank.authority}", language="kk", timeout_s=5)
    try:
        return exchange.fetch("POST", "/x", body={"a": 1}, query={"q": "1"})
    finally:
        exchange.close()


def test_a_good_answer(bank: Receiver) -> None:
    assert fetch(bank, 200, b"yes") == b"yes"
    assert b"POST /x?q=1 " in bank.requests[0]
    assert b"accept-language: kk" in bank.requests[0].lower()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_later(bank: Receiver, status: int) -> None:
    with pytest.raises(BankUnreachable) as caught:
        fetch(bank, status, {"title": "busy"}, "retry-after: 7\r\n")
    assert caught.value.wait_s == 7


@pytest.mark.parametrize("after", ["x", "-1", "1e9", "999999999", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_strange_wait_is_none(bank: Receiver, after: str) -> None:
    with pytest.raises(BankUnreachable) as caught:
        fetch(bank, 503, {}, f"retry-after: {after}\r\n")
    assert caught.value.wait_s == 0


def test_no(bank: Receiver) -> None:
    with pytest.raises(BankRefused, match=r"Not yours\. wallet") as caught:
        fetch(bank, 404, {"title": "Not yours", "detail": "wallet", "code": "not_found"})
    assert (caught.value.code, caught.value.status) == ("not_found", 404)
    with pytest.raises(BankRefused, match="HTTP 400"):
        fetch(bank, 400, b"<html>")


def test_who_are_you(bank: Receiver) -> None:
    with pytest.raises(SessionEnded):
        fetch(bank, 401, {"title": "x"})


def test_redirects_are_not_followed(bank: Receiver) -> None:
    assert fetch(bank, 302, b"", "location: http://127.0.0.1:1/\r\n") == b""


def test_an_endless_answer_is_given_up(bank: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerege.wallet.http_exchange.MAX_ANSWER_BYTES", 100)
    with pytest.raises(BankUnreachable, match="more than 100"):
        fetch(bank, 200, b"x" * 101)


def test_a_broken_line(bank: Receiver) -> None:
    exchange = Exchange("http://127.0.0.1:1", language="en")
    with pytest.raises(BankUnreachable):
        exchange.fetch("GET", "/")
    exchange.close()


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b"{}"])
def test_what_is_no_answer_may_be_said_better_next_time(body: bytes) -> None:
    class Kind(msgspec.Struct):
        a: int

    with pytest.raises(BankUnreachable):
        decode(body, Kind, place="/x")
