# SPDX-License-Identifier: Apache-2.0
"""The outermost layer of a node's HTTP: numbers, counts, logs and times every request.

It is also the last frame: what comes through Litestar's own handlers ends here, in a 500 that says
nothing. A request's number (its `instance`, and the field `request-id` of the answer) is all that
joins an answer to a line in our logs.
"""

import time
from typing import Any, Final

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from kerege.keys.http_signatures import VerifiedRequest
from kerege.runtime import IdMaker
from kerege.service.answering import Answering
from kerege.service.logs import log_fault, log_request
from kerege.service.metrics import Metrics
from kerege.service.problems import PROBLEM_MEDIA_TYPE, Problem

__all__ = ["MAX_UNDER_WAY", "Front"]

_QUIET: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Asked all the time; logged only when they fail."""

_FAILED: Final = 500

MAX_UNDER_WAY: Final = 1_500
"""Requests at once in one process, streams among them; more are told 503: the same again later."""


class Front:
    """An ASGI application around a Litestar one."""

    def __init__(
        self, app: ASGIApp, *, ids: IdMaker, metrics: Metrics, answering: Answering
    ) -> None:
        self._app = app
        self._ids = ids
        self._metrics = metrics
        self._answering = answering
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; lifespan passes through, websockets there are none."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        answer = _Answer(send, self._ids.make().hex())
        scope.setdefault("state", {})["answer_id"] = answer.id
        self._metrics.begin()
        self._under_way += 1
        try:
            if self._under_way > MAX_UNDER_WAY:
                await self._refuse(scope, answer, "unavailable")
            else:
                await self._app(scope, receive, answer.send)
        except Exception as error:
            # The last frame of a request: nobody is left to handle it.
            log_fault(error, answer=answer.id)
            if not answer.status:
                await self._refuse(scope, answer, "internal_error")
        finally:
            self._under_way -= 1
            self._tell(scope, answer, time.perf_counter() - started)

    async def _refuse(self, scope: HTTPScope, answer: "_Answer", code: str) -> None:
        details = self._answering.details_of(Problem(code), "", scope)
        body = msgspec.json.encode(details)
        headers = [
            (b"content-type", PROBLEM_MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        status = details.status
        await answer.send({"type": "http.response.start", "status": status, "headers": headers})
        await answer.send({"type": "http.response.body", "body": body, "more_body": False})

    def _tell(self, scope: Any, answer: "_Answer", seconds: float) -> None:
        route = scope.get("path_template") or ""
        self._metrics.end(scope["method"], route, answer.status, seconds)
        if route in _QUIET and answer.status < _FAILED:
            return
        # Institutions are named in logs, people are not.
        signed = isinstance(scope.get("auth"), VerifiedRequest)
        log_request(
            answer=answer.id,
            method=scope["method"],
            route=route or "unknown",
            status=answer.status,
            ms=round(seconds * 1000, 2),
            institution=scope["user"].id if signed else "",
        )


class _Answer:
    """The answer under way, with the fields every answer has."""

    def __init__(self, send: Send, answer_id: str) -> None:
        self._send = send
        self.id = answer_id
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message["headers"])
            headers.append((b"request-id", self.id.encode()))
            headers.append((b"x-content-type-options", b"nosniff"))
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers
        await self._send(message)
