# SPDX-License-Identifier: Apache-2.0
"""A straight way past the framework, for an address that is asked all the time.

Reading a request into a framework's objects and writing its answer costs more than a payment does.
A straight route takes the body's bytes and gives the answer's; its errors are answered like all
others, and it is numbered, counted and logged like all others. The same route stands in the
framework too, for its description: a test asks both and compares.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.service.answering import Answering, answer_id_of, headers_of
from kerege.service.logs import log_fault
from kerege.service.problems import PROBLEM_MEDIA_TYPE, Problem

__all__ = ["Fork", "ReadBody", "StraightRoute", "header_of", "require_json"]

_JSON: Final = b"application/json"

_DRAINED_BYTES: Final = 64 * 1024
"""Of a body that is not wanted; who sends more is cut off."""


ReadBody = Callable[[], Awaitable[bytes]]
"""Reads a request's body, once whoever sends it is known. Raises `Problem`."""


class StraightRoute(Struct, frozen=True):
    """`handle(scope, read)` gives status and JSON of the answer; a body has at most `max_bytes`."""

    handle: Callable[[HTTPScope, ReadBody], Awaitable[tuple[int, bytes]]]
    max_bytes: int


class Fork:
    """An ASGI application: straight routes by method and path, all else to `app`."""

    def __init__(
        self,
        app: ASGIApp,
        straight: Mapping[tuple[str, str], StraightRoute],
        answering: Answering,
    ) -> None:
        self._app = app
        self._straight = dict(straight)
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == ScopeType.HTTP:
            route = self._straight.get((scope["method"], scope["path"]))
            if route is not None:
                await self._serve(scope, receive, send, route)
                return
        await self._app(scope, receive, send)

    async def _serve(
        self, scope: HTTPScope, receive: Receive, send: Send, route: StraightRoute
    ) -> None:
        scope["path_template"] = scope["path"]
        headers: dict[str, str] = {}
        media_type = _JSON
        body = _Body(receive, route.max_bytes)
        try:
            status, answer = await route.handle(scope, body.read)
        except KeregeError as error:
            await body.drain()
            problem = self._answering.problem_of(error)
            if problem.code == "internal_error":
                log_fault(error, answer=answer_id_of(scope))
            wanted = header_of(scope, b"accept-language").decode("latin-1")
            details = self._answering.details_of(problem, wanted, scope)
            status, answer = details.status, msgspec.json.encode(details)
            headers, media_type = headers_of(problem), PROBLEM_MEDIA_TYPE.encode()
        await _send(send, status, media_type, answer, headers)


def header_of(scope: HTTPScope, name: bytes) -> bytes:
    """The first header field of that name, in lower case; empty if there is none."""
    return next((value for given, value in scope["headers"] if given == name), b"")


class _Body:
    """A request's body, within its limit."""

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._is_over = False

    async def read(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        while not self._is_over:
            part = await self._next()
            size += len(part)
            if size > self._max_bytes:
                raise Problem("body_too_large")
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def drain(self) -> None:
        """Read what is not wanted: a connection on which some is left over is closed, and the
        client's next request would be lost with it."""
        left = _DRAINED_BYTES
        while not self._is_over and left > 0:
            try:
                left -= len(await self._next()) or 1
            except Problem:
                return

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] != "http.request":
            self._is_over = True
            raise Problem("request_too_slow")
        self._is_over = not message.get("more_body")
        return message.get("body", b"")


def require_json(scope: HTTPScope) -> None:
    """Raise `Problem` unless the body is said to be JSON; after whoever sends it is known."""
    given = header_of(scope, b"content-type").partition(b";")[0].strip().lower()
    if given != _JSON:
        told = given.decode("latin-1") or "nothing"
        raise Problem("media_type_wrong", f"{told} was sent", place="content-type")


async def _send(
    send: Send, status: int, media_type: bytes, body: bytes, headers: Mapping[str, str]
) -> None:
    fields = [
        (b"content-type", media_type),
        (b"content-length", str(len(body)).encode()),
        *((name.encode(), value.encode("latin-1")) for name, value in headers.items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body, "more_body": False})
