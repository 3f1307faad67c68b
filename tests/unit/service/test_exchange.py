# SPDX-License-Identifier: Apache-2.0
"""Exchanges: whole answers within their bounds, connections kept and replaced, nothing smuggled."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from kerege.service.exchange import Exchanged, Exchanges, NoAnswer, TooLong

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"


class Server:
    """Says what it is told to, one script a connection; keeps what it heard."""

    def __init__(self, *scripts: list[bytes | None]) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.heard: list[bytes] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._run, args=(scripts,), daemon=True)
        self._thread.start()

    def _run(self, scripts: tuple[list[bytes | None], ...]) -> None:
        # The other end leaves whenever it likes.
        with suppress(OSError):
            for script in scripts:
                self._serve(script)

    def _serve(self, script: list[bytes | None]) -> None:
        connection, _ = self.listener.accept()
        self.connections += 1
        with connection:
            for answer in script:
                if not self._hear(connection):
                    break
                if answer is None:  # wait until the other end has had enough
                    connection.settimeout(5)
                    connection.recv(1)
                    break
                connection.sendall(answer)

    def _hear(self, connection: socket.socket) -> bool:
        text = b""
        while b"\r\n\r\n" not in text:
            data = connection.recv(65_536)
            if not data:
                return False
            text += data
        self.heard.append(text)
        return True


@contextmanager
def served(*scripts: list[bytes | None], path: str = "") -> Iterator[tuple[Server, Exchanges]]:
    server = Server(*scripts)
    exchanges = Exchanges(server.url + path, connections=2)
    try:
        yield server, exchanges
    finally:
        exchanges.close()
        server.listener.close()


def ask(
    exchanges: Exchanges, *, target: str = "/x", timeout_s: float = 5, **rest: object
) -> Exchanged:
    fields: list[tuple[str, str]] = rest.get("fields", [])  # type: ignore[assignment]
    body: bytes = rest.get("body", b"")  # type: ignore[assignment]
    return exchanges.exchange(
        "GET" if not body else "POST", target, fields, body, timeout_s=timeout_s, max_bytes=100
    )


def test_a_connection_is_kept() -> None:
    with served([OK, OK]) as (server, exchanges):
        assert ask(exchanges) == Exchanged(200, b"hi")
        assert ask(exchanges, body=b"{}", fields=[("a", "b")]) == Exchanged(200, b"hi")
        assert server.connections == 1
    assert server.heard[1].startswith(b"POST /x HTTP/1.1\r\nhost: 127.0.0.1:")
    assert server.heard[1].endswith(b"\r\na: b\r\ncontent-length: 2\r\n\r\n{}")


@pytest.mark.parametrize(
    "answer",
    [
        OK.replace(b"OK\r\n", b"OK\r\nconnection: close\r\n"),
        OK.replace(b"1.1", b"1.0"),
        OK + b"HTTP/1.1 200 OK\r\ncontent-len",
    ],
)
def test_one_that_cannot_be_used_again_is_replaced(answer: bytes) -> None:
    with served([answer], [OK]) as (server, exchanges):
        for _ in range(2):
            assert ask(exchanges).body == b"hi"
        assert server.connections == 2


def test_one_that_was_closed_meanwhile_is_replaced() -> None:
    with served([OK], [OK]) as (server, exchanges):
        assert ask(exchanges).body == b"hi"
        while exchanges._idle[0].is_quiet():
            pass
        assert ask(exchanges).body == b"hi"
        assert server.connections == 2


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", b"hi"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, b"hi"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
def test_answers_of_all_kinds(answer: bytes, body: bytes) -> None:
    with served([answer]) as (_, exchanges):
        assert ask(exchanges).body == body


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\ncontent-length: -3\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        OK + OK,
    ],
)
def test_no_answer(answer: bytes) -> None:
    with served([answer], [OK]) as (_, exchanges):
        with pytest.raises(NoAnswer):
            ask(exchanges)
        assert ask(exchanges).body == b"hi"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\n" + b"x-many: y\r\n" * 7_000,
    ],
)
def test_answers_are_bounded(answer: bytes) -> None:
    with served([answer]) as (_, exchanges), pytest.raises((TooLong, NoAnswer)):
        ask(exchanges)


def test_time_is_bounded() -> None:
    with served([None]) as (_, exchanges), pytest.raises(NoAnswer, match="Timeout"):
        ask(exchanges, timeout_s=0.05)


def test_connections_are_bounded() -> None:
    with served([None], [None]) as (_, exchanges):

        def wait() -> None:
            with pytest.raises(NoAnswer):
                ask(exchanges, timeout_s=0.5)

        waiting = [threading.Thread(target=wait) for _ in range(2)]
        for each in waiting:
            each.start()
        with pytest.raises(NoAnswer):
            ask(exchanges, timeout_s=0.1)
        for each in waiting:
            each.join()


@pytest.mark.parametrize(
    ("target", "field"),
    [("/a b", "x"), ("/a\r\nhost: b", "x"), ("/a", "x\r\ny: z"), ("/a", "x\ny"), ("/é", "x")],
)
def test_a_request_is_one_request(target: str, field: str) -> None:
    exchanges = Exchanges("http://127.0.0.1:1", connections=1)
    with pytest.raises(ValueError, match=r"ASCII|line break"):
        ask(exchanges, target=target, fields=[("name", field)])


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://core.example", "core.example"),
        ("https://CORE.example:443/", "core.example"),
        ("http://[::1]:7820", "[::1]:7820"),
        ("https://core.example:8443", "core.example:8443"),
    ],
)
def test_authorities(url: str, authority: str) -> None:
    assert Exchanges(url, connections=1).authority == authority


@pytest.mark.parametrize("url", ["", "core.example", "ftp://core.example", "http://"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Exchanges(url, connections=1)


def test_closed_while_in_use() -> None:
    with served([OK], [OK]) as (_, exchanges):
        exchanges.close()
        assert ask(exchanges).body == b"hi"
        assert not exchanges._idle
