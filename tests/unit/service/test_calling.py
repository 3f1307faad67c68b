# SPDX-License-Identifier: Apache-2.0
"""Only what an institution signed, for this node, now, once, gets in."""

import socket
import time
from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from kerege.keys.http_signatures import HttpRequest, MemoryNonces, sign_request
from kerege.runtime import SystemClock
from kerege.service.connection import Connection
from kerege.service.rates import Rates
from tests.nodes import EchoNode, Note, client_of, key_of, send_raw, serve_echo


def now_s() -> int:
    return SystemClock().now_us() // 1_000_000


NONCES = (f"test_calling_{number:06}" for number in count())

Headers = list[tuple[str, str]]


def signed(
    url: str,
    method: str = "GET",
    path: str = "/v1/things/7",
    query: str = "",
    body: bytes = b"",
    *,
    keyid: str = "alpha",
    key: str = "",
    authority: str = "",
    late_s: int = 0,
    nonce: str = "",
    kind: str = "application/json",
) -> Headers:
    """Header fields of a request, signed."""
    sent = [("content-type", kind)] if body else []
    request = HttpRequest(
        method, authority or url.removeprefix("http://"), path, query, headers=sent, body=body
    )
    added = sign_request(
        request,
        key_of(key or keyid),
        keyid=keyid,
        nonce=nonce or next(NONCES),
        created_s=now_s() - late_s,
    )
    return [*sent, *added]


def ask(
    url: str, headers: Headers, method: str = "GET", path: str = "/v1/things/7", body: bytes = b""
) -> tuple[int, str]:
    answer = httpx.request(method, url + path, headers=headers, content=body, trust_env=False)
    return answer.status_code, answer.json().get("code", "")


def test_signed(echo: EchoNode) -> None:
    assert ask(echo.url, signed(echo.url)) == (200, "")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"path": "/v1/things/8"}, "signature_invalid"),
        ({"query": "a=1"}, "signature_invalid"),
        ({"method": "POST"}, "signature_invalid"),
        ({"authority": "127.0.0.1:1"}, "signature_invalid"),
        ({"key": "beta"}, "signature_invalid"),
        ({"keyid": "gamma"}, "signature_missing"),
        ({"late_s": 3600}, "signature_not_current"),
        ({"late_s": -3600}, "signature_not_current"),
    ],
)
def test_another_request_than_was_signed(echo: EchoNode, wrong: dict[str, str], code: str) -> None:
    assert ask(echo.url, signed(echo.url, **wrong)) == (401, code)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_a_body_of_another_kind(echo: EchoNode, kind: str) -> None:
    body = b'{"text":"a"}'
    headers = signed(echo.url, "POST", "/v1/notes", body=body, kind=kind)
    assert ask(echo.url, headers, "POST", "/v1/notes", body) == (415, "media_type_wrong")


def test_a_kind_with_a_parameter(echo: EchoNode) -> None:
    body, kind = b'{"text":"a"}', "application/json; charset=utf-8"
    headers = signed(echo.url, "POST", "/v1/notes", body=body, kind=kind)
    assert ask(echo.url, headers, "POST", "/v1/notes", body) == (200, "")


def test_a_signed_body_in_pieces_is_bounded(echo: EchoNode) -> None:
    body = b'{"text":"%b"}' % (b"a" * 5_000)
    fields = signed(echo.url, "POST", "/v1/notes", body=body)
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    host = f"host: {echo.url.removeprefix('http://')}\r\n"
    text = f"POST /v1/notes HTTP/1.1\r\n{host}transfer-encoding: chunked\r\n{head}\r\n"
    pieces = [text.encode(), b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)]
    assert send_raw(echo.url, pieces, until=b"body_too_large").startswith(b"HTTP/1.1 413")


def test_strangers_bodies_are_not_waited_for(echo: EchoNode) -> None:
    head = "POST /v1/notes HTTP/1.1\r\nhost: a\r\ncontent-length: 4000\r\n\r\n"
    started = time.monotonic()
    assert send_raw(echo.url, head.encode()).startswith(b"HTTP/1.1 401")
    assert time.monotonic() - started < 5


def test_a_signed_body_that_comes_too_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "request_s", 0.3)
    body = b'{"text":"a"}'
    with serve_echo() as node:
        fields = signed(node.url, "POST", "/v1/notes", body=body)
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        host = node.url.removeprefix("http://")
        text = f"POST /v1/notes HTTP/1.1\r\nhost: {host}\r\ncontent-length: 12\r\n{head}\r\n"
        answer = send_raw(node.url, text.encode() + body[:5])
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_body_that_is_cut_off(echo: EchoNode) -> None:
    body = b'{"text":"a"}'
    fields = signed(echo.url, "POST", "/v1/notes", body=body)
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    host = echo.url.removeprefix("http://")
    text = f"POST /v1/notes HTTP/1.1\r\nhost: {host}\r\ncontent-length: 12\r\n{head}\r\n"
    with socket.create_connection((host.split(":")[0], int(host.split(":")[1]))) as connection:
        connection.sendall(text.encode() + body[:5])
    assert ask(echo.url, signed(echo.url)) == (200, "")


def test_another_body_than_was_signed(echo: EchoNode) -> None:
    headers = signed(echo.url, "POST", "/v1/notes", body=b'{"text":"a"}')
    answer = ask(echo.url, headers, "POST", "/v1/notes", b'{"text":"b"}')
    assert answer == (401, "signature_missing")


def test_a_body_that_is_not_signed_at_all(echo: EchoNode) -> None:
    headers = signed(echo.url, "POST", "/v1/notes")
    answer = ask(echo.url, headers, "POST", "/v1/notes", b'{"text":"b"}')
    assert answer == (401, "signature_missing")


def test_a_request_for_another_node(echo: EchoNode) -> None:
    headers = signed(echo.url, authority="core.example")
    answer = ask(echo.url, [*headers, ("host", "core.example")])
    assert answer == (401, "signature_missing")


def test_two_hosts_are_one_too_many(echo: EchoNode) -> None:
    fields = "".join(f"{name}: {value}\r\n" for name, value in signed(echo.url))
    host = f"host: {echo.url.removeprefix('http://')}\r\n"
    text = f"GET /v1/things/7 HTTP/1.1\r\n{host}{host}connection: close\r\n{fields}\r\n"
    assert b'"place":"host"' in send_raw(echo.url, text.encode())


def test_a_request_counts_once(echo: EchoNode) -> None:
    headers = signed(echo.url)
    assert ask(echo.url, headers) == (200, "")
    assert ask(echo.url, headers) == (401, "signature_replayed")


def test_another_process_remembers_what_must_not_happen_twice() -> None:
    clock, shared = SystemClock(), MemoryNonces()
    body = b'{"text":"a"}'
    with serve_echo(clock=clock, shared=shared) as one:
        headers = signed(one.url, "POST", "/v1/notes", body=body)
        again = signed(one.url, "POST", "/v1/again", body=body)
        assert ask(one.url, headers, "POST", "/v1/notes", body) == (200, "")
        assert ask(one.url, again, "POST", "/v1/again", body) == (200, "")
        port = one.url.rpartition(":")[2]
    with restarted_on(port, shared) as two:
        assert ask(two.url, headers, "POST", "/v1/notes", body) == (401, "signature_replayed")
        assert ask(two.url, again, "POST", "/v1/again", body) == (200, "")


def restarted_on(port: str, shared: MemoryNonces):  # type: ignore[no-untyped-def]
    return serve_echo(shared=shared, address=f"127.0.0.1:{port}")


def test_an_institution_has_its_rate() -> None:
    with serve_echo(rates=Rates(per_s=0.001, burst=2)) as node:
        answers = [ask(node.url, signed(node.url))[0] for _ in range(3)]
        assert answers == [200, 200, 429]
        assert ask(node.url, signed(node.url, keyid="beta")) == (200, "")


def test_whoever_cannot_sign_is_slowed_down() -> None:
    with serve_echo(failures=Rates(per_s=0.001, burst=3)) as node:
        wrong = [ask(node.url, signed(node.url, key="beta"))[0] for _ in range(5)]
        assert wrong == [401, 401, 401, 429, 429]


@pytest.fixture
def few() -> Iterator[EchoNode]:
    with serve_echo(rates=Rates(per_s=0.5, burst=1)) as node:
        yield node


def test_too_many_says_when_to_come_back(few: EchoNode) -> None:
    ask(few.url, signed(few.url))
    answer = httpx.get(f"{few.url}/v1/things/7", headers=signed(few.url), trust_env=False)
    assert 1 <= int(answer.headers["retry-after"]) <= 3


def test_the_handler_sees_what_was_signed(echo: EchoNode) -> None:
    with client_of("beta", echo.url) as beta:
        assert beta.get("/v1/things/9", Note, query={"a": "b c"}) == Note("beta 9 a=b+c")
