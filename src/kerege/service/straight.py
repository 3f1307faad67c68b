# SPDX-License-Identifier: Apache-2.0
"""A straight way past the framework, for an address that is asked all the time.

Reading a request into a framework's objects and writing its answer costs more than a payment does.
A straight route takes the body's bytes and gives the answer's; its errors are answered like all
others, and it is numbered, counted and logged like all others. The same route stands in the
framework too, for its description: a test asks both and compares.
"""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.service.answering import Answering, headers_of
from kerege.service.logs import log_fault
from kerege.service.problems import PROBLEM_MEDIA_TYPE, Problem

__all__ = ["Fork", "StraightRoute", "header_of", "require_json"]

_JSON = b"application/json"


class StraightRoute(Struct, frozen=True):
    """`handle(scope, body)` gives status and JSON of the answer; a body has at most `max_bytes`."""

    handle: Callable[[HTTPScope, bytes], Awaitable[tuple[int, bytes]]]
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
        try:
            body = await _whole(receive, route.max_bytes)
            status, answer = await route.handle(scope, body)
        except KeregeError as error:
            problem = self._answering.problem_of(error)
            if problem.code == "internal_error":
                log_fault(error)
            wanted = header_of(scope, b"accept-language").decode("latin-1")
            details = self._answering.details_of(problem, wanted, scope)
            status, answer = details.status, msgspec.json.encode(details)
            headers, media_type = headers_of(problem), PROBLEM_MEDIA_TYPE.encode()
        await _send(send, status, media_type, answer, headers)


def header_of(scope: HTTPScope, name: bytes) -> bytes:
    """The first header field of that name, in lower case; empty if there is none."""
    return next((value for given, value in scope["headers"] if given == name), b"")


async def _whole(receive: Receive, max_bytes: int) -> bytes:
    """The body; raises `Problem` if it is too large, or its sender went away."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Problem("request_invalid", "the client went away")
        part = message.get("body", b"")
        size += len(part)
        if size > max_bytes:
            raise Problem("body_too_large")
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


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
