# SPDX-License-Identifier: Apache-2.0
"""What an answer means to a wallet: bytes, "send the same again", or a problem that stays."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from msgspec import Struct

from kerege.wallet import BankRefused, BankUnreachable, SessionEnded
from kerege.wallet.http_exchange import MAX_ANSWER_BYTES, Exchange, decode, refused
from tests.serving import reply, serve_answers

_PROBLEM = b'{"title":"No","detail":"because","code":"not_yours","remedy":"ask","more":1}'


@contextmanager
def exchange_with(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Exchange]:
    with serve_answers(answer) as url:
        exchange = Exchange(url, language="kk", timeout_s=5)
        try:
            yield exchange
        finally:
            exchange.close()


def test_a_request_carries_language_query_and_body() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        told = f"{handler.path} {handler.headers['accept-language']}"
        reply(handler, f"{told} {handler.headers.get('content-type')}".encode())

    with exchange_with(answer) as exchange:
        assert exchange.fetch("GET", "/a", query={"q": "@тау"}).startswith(b"/a?q=%40%D1%82%D0%B0")
        assert exchange.fetch("POST", "/b", body={}) == b"/b kk application/json"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_no_is_a_refusal_in_the_banks_words(status: int) -> None:
    fault = refused(status, _PROBLEM, {})
    assert type(fault) is BankRefused
    assert (fault.message, fault.code, fault.remedy) == ("No. because", "not_yours", "ask")
    assert fault.status == status


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
@pytest.mark.parametrize(
    ("header", "wait_s"), [("3", 3), ("", 0), ("-1", 0), ("9" * 6, 0), ("²", 0), ("1e9", 0)]
)
def test_what_is_left_open_is_sent_again(status: int, header: str, wait_s: float) -> None:
    fault = refused(status, _PROBLEM, httpx.Headers([(b"Retry-After", header.encode())]))
    assert isinstance(fault, BankUnreachable)
    assert fault.wait_s == wait_s


def test_an_unknown_caller_must_sign_in() -> None:
    assert isinstance(refused(401, _PROBLEM, {}), SessionEnded)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b"[" * 100_000, b'{"title":1}'])
def test_a_no_without_words_is_told_by_its_number(body: bytes) -> None:
    fault = refused(404, body, {})
    assert isinstance(fault, BankRefused)
    assert (fault.message, fault.code) == ("HTTP 404", "unknown")


class _Known(Struct):
    a: int


@pytest.mark.parametrize("body", [b"", b"{}", b'{"a":"1"}', b"\xff", b"[" * 100_000, b"<html>"])
def test_what_is_no_banks_answer_may_come_right_next_time(body: bytes) -> None:
    with pytest.raises(BankUnreachable) as fault:
        decode(body, _Known, place="/v1/me")
    assert fault.value.place == "/v1/me"


def test_an_endless_answer_is_given_up() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(bytes(1024 * 1024))
        except OSError:
            pass

    with exchange_with(answer) as exchange, pytest.raises(BankUnreachable) as fault:
        exchange.fetch("GET", "/")
    assert str(MAX_ANSWER_BYTES) in fault.value.message


def test_a_server_that_packs_when_it_may_is_understood() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if "gzip" in handler.headers.get("accept-encoding", ""):
            reply(handler, gzip.compress(b"{}"), content_encoding="gzip")
        else:
            reply(handler, b"{}")

    with exchange_with(answer) as exchange:
        assert exchange.fetch("GET", "/") == b"{}"


def test_it_is_not_led_elsewhere() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, b"first", status=307, location="/other")

    with exchange_with(answer) as exchange, pytest.raises(BankRefused, match="HTTP 307"):
        exchange.fetch("GET", "/")


@pytest.mark.parametrize("url", ["http://[", "http://127.0.0.1:1", "ftp://bank", "bank", "http://"])
def test_an_address_where_no_bank_is(url: str) -> None:
    with pytest.raises(BankUnreachable):
        Exchange(url, language="en", timeout_s=5).fetch("GET", "/")
