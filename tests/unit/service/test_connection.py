# SPDX-License-Identifier: Apache-2.0
"""Rude clients: too long, too slow, too many, not HTTP at all. Others are answered meanwhile."""

import socket

import pytest

from kerege.service.connection import Connection
from tests.nodes import EchoNode, send_raw, serve_echo

GET = b"GET /v1/hello HTTP/1.1\r\nhost: a\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"RUBBISH\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\na: " + b"b" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", 400),
        (
            b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\ncontent-length: -5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (GET + b" folded: x\r\n\r\n", 400),
        (b"GET http://a b/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/3.7\r\n\r\n", 400),
        (b"POST /v1/notes HTTP/1.1\r\nhost: x\r\ncontent-length: 999999999\r\n\r\nhello", 413),
        (
            b"POST /v1/notes HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
            b"2000\r\n" + b"a" * 0x2000 + b"\r\n",
            401,
        ),
    ],
)
def test_refused_and_closed(echo: EchoNode, sent: bytes, status: int) -> None:
    answer = send_raw(echo.url, sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:100]
    assert answer.count(b"HTTP/1.1") == 1
    assert b"application/problem+json" in answer
    assert send_raw(echo.url, GET + b"connection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_rubbish_after_a_request_is_not_a_request(echo: EchoNode) -> None:
    answer = send_raw(echo.url, GET + b"\r\n" + b"RUBBISH\r\n\r\n" + GET + b"\r\n")
    assert answer.count(b"HTTP/1.1 200") <= 1
    assert answer.count(b"HTTP/1.1") <= 2


def test_pipelined_requests_are_answered_in_turn(echo: EchoNode) -> None:
    last = b"GET /v1/hello?times=3 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    answer = send_raw(echo.url, (GET + b"\r\n") * 50 + last)
    assert answer.count(b"HTTP/1.1 200") == 51
    assert answer.endswith(b'"count":3}')


def test_an_upgrade_to_anything_is_not_taken(echo: EchoNode) -> None:
    upgrade = b"connection: upgrade, close\r\nupgrade: websocket\r\nsec-websocket-key: AAAA\r\n\r\n"
    assert send_raw(echo.url, GET + upgrade).startswith(b"HTTP/1.1 ")
    assert b" 101 " not in send_raw(echo.url, GET + upgrade)[:20]


def test_a_connection_serves_on_after_a_body_too_large(echo: EchoNode) -> None:
    large = b"POST /v1/notes HTTP/1.1\r\nhost: x\r\ncontent-length: 300000\r\n\r\n" + b"a" * 300_000
    answer = send_raw(echo.url, [large, GET + b"connection: close\r\n\r\n"])
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"HTTP/1.1 200" in answer


def test_slow_requests_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "request_s", 0.2)
    with serve_echo() as node:
        for sent in (b"", b"GET /v1/he", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-len"):
            answer = send_raw(node.url, sent)
            assert answer.startswith(b"HTTP/1.1 408 "), answer[:80]
            assert answer.count(b"HTTP/1.1") == 1


def test_an_idle_connection_serves_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "request_s", 0.2)
    with serve_echo() as node:
        host, port = node.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            for wait in (0.4, 0.0):
                connection.sendall(GET + b"\r\n")
                assert connection.recv(4096).startswith(b"HTTP/1.1 200")
                connection.settimeout(wait or 5)
                if wait:
                    with pytest.raises(TimeoutError):
                        connection.recv(1)
                    connection.settimeout(5)


def test_connections_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "max_connections", 2)
    with serve_echo() as node:
        host, port = node.url.removeprefix("http://").split(":")
        held = [socket.create_connection((host, int(port)), timeout=5) for _ in range(2)]
        try:
            for connection in held:
                connection.sendall(GET + b"\r\n")
                assert connection.recv(4096).startswith(b"HTTP/1.1 200")
            assert send_raw(node.url, GET + b"\r\n") == b""
        finally:
            for connection in held:
                connection.close()
