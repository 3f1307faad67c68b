# SPDX-License-Identifier: Apache-2.0
"""Straight routes: whole bodies within their limit, problems as everywhere, the rest passed on."""

import asyncio
from typing import Any

import msgspec
import pytest

from kerege.errors import KeregeError
from kerege.service import Answering, Problem, ReadBody, StraightRoute, header_of, require_json
from kerege.service.straight import Fork

PATH = "/v1/things"


async def handle(scope: Any, read: ReadBody) -> tuple[int, bytes]:
    """Echo, or fail as asked."""
    require_json(scope)
    body = await read()
    if body == b'"problem"':
        raise Problem("not_allowed", "no", headers={"retry-after": "7"})
    if body == b'"ours"':
        raise KeregeError("secret: the database is at 10.0.0.1")
    return 201, body


async def passed_on(scope: Any, receive: Any, send: Any) -> None:
    """The framework, for this test."""
    await send({"type": "passed.on"})


def ask(
    *parts: bytes,
    method: str = "POST",
    path: str = PATH,
    content_type: bytes = b"application/json",
    gone: bool = False,
) -> tuple[int, dict[bytes, bytes], bytes]:
    """What one request is answered with; status 0 if it was passed on."""
    fork = Fork(passed_on, {("POST", PATH): StraightRoute(handle, 10)}, Answering())
    incoming = [
        {"type": "http.request", "body": part, "more_body": number < len(parts) or gone}
        for number, part in enumerate(parts, start=1)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", content_type), (b"accept-language", b"ru")]
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "state": {}}
    asyncio.run(fork(scope, receive, send))  # type: ignore[arg-type]
    if sent[0]["type"] == "passed.on":
        return 0, {}, b""
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.mark.parametrize("parts", [(b'"yes"',), (b'"y', b'es"'), (b"", b'"yes"', b"")])
def test_a_body_comes_whole(parts: tuple[bytes, ...]) -> None:
    status, headers, body = ask(*parts)
    assert (status, body) == (201, b'"yes"')
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"content-length"] == b"5"


@pytest.mark.parametrize(("method", "path"), [("GET", PATH), ("POST", PATH + "/"), ("PUT", PATH)])
def test_the_rest_is_passed_on(method: str, path: str) -> None:
    assert ask(b"{}", method=method, path=path)[0] == 0


@pytest.mark.parametrize(
    ("parts", "content_type", "gone", "code"),
    [
        ((b'"problem"',), b"application/json", False, "not_allowed"),
        ((b"x" * 11,), b"application/json", False, "body_too_large"),
        ((b"x" * 6, b"x" * 6), b"application/json", False, "body_too_large"),
        ((b"{}",), b"text/plain", False, "media_type_wrong"),
        ((b"{}",), b"", False, "media_type_wrong"),
        ((b"{}",), b"application/jsonx", False, "media_type_wrong"),
        ((b"{",), b"application/json", True, "request_too_slow"),
    ],
)
def test_problems_are_told(
    parts: tuple[bytes, ...], content_type: bytes, gone: bool, code: str
) -> None:
    status, headers, body = ask(*parts, content_type=content_type, gone=gone)
    told = msgspec.json.decode(body)
    assert (told["code"], told["status"]) == (code, status)
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers.get(b"retry-after", b"7") == b"7"


def test_a_fault_of_ours_tells_nothing() -> None:
    status, _, body = ask(b'"ours"')
    assert status == 500
    assert b"10.0.0.1" not in body


def test_media_types_may_have_parameters() -> None:
    assert ask(b"{}", content_type=b"Application/JSON; charset=utf-8")[0] == 201


def test_the_first_header_counts() -> None:
    scope: Any = {"headers": [(b"a", b"1"), (b"a", b"2")]}
    assert (header_of(scope, b"a"), header_of(scope, b"b")) == (b"1", b"")
