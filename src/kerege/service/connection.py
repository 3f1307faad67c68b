# SPDX-License-Identifier: Apache-2.0
"""One HTTP connection, with the limits uvicorn's httptools parser lacks.

Head and address of a request are bounded, a request must arrive whole within `REQUEST_S`, and
there are at most as many connections as the node allows. What is not HTTP gets one plain answer and
the connection is closed: after it nothing that follows can be told apart from a body.
"""

import asyncio
from http import HTTPStatus
from typing import Any, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kerege.service.problem_kinds import PROBLEM_KINDS
from kerege.service.problems import PROBLEM_MEDIA_TYPE, describe

__all__ = ["MAX_CONNECTIONS", "MAX_HEAD_BYTES", "MAX_TARGET_BYTES", "REQUEST_S", "Connection"]

MAX_TARGET_BYTES: Final = 8 * 1024
"""RFC 9110 section 4.1 asks for 8000 octets."""

MAX_HEAD_BYTES: Final = 32 * 1024
"""Header fields of a request, names and values; a signed one has some 600."""

MAX_FIELDS: Final = 100
"""Header fields of a request: as many as a verifier of signatures looks at."""

REQUEST_S: Final = 20.0
"""From a connection's start, or its last answer's end and the next request's first byte, until the
request is whole: 8 MiB at 3.4 Mbit/s."""

LINGER_S: Final = 1.0
"""How long the rest of a body is read and dropped that was answered before it was whole: closed at
once, the connection would take the answer with it. Then it is closed."""

MAX_CONNECTIONS: Final = 2_000
"""Of one process, some 50 KB each."""


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, bounded."""

    request_s: float = REQUEST_S
    max_connections: int = MAX_CONNECTIONS

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._head_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, or close it at once if there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            transport.close()
            return
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came; nothing is parsed after a refusal."""
        if self._refused or self.transport.is_closing():
            return
        if self._deadline is None and self._is_idle():
            self._expect_request()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Some of the address."""
        super().on_url(url)
        if len(self.url) > MAX_TARGET_BYTES:
            self._refuse("address_too_long")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header field."""
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > MAX_HEAD_BYTES or len(self.headers) >= MAX_FIELDS:
            self._refuse("headers_too_large")
        super().on_header(name, value)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._forget_deadline()
        answered = self._is_idle()
        super().on_message_complete()
        if answered and self.cycle is not None:
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        """An answer is out. What is still to come of its request is read and dropped."""
        super().on_response_complete()
        if self._is_idle() and self.cycle.more_body:
            self._unset_keepalive_if_required()
            self._forget_deadline()
            self._deadline = self.loop.call_later(LINGER_S, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, unless it was refused by name already."""
        if not self._refused:
            self._answer("request_invalid")

    def _refuse(self, code: str) -> None:
        """Answer and make the parser stop: what a callback raises ends its parsing."""
        self._answer(code)
        raise _Stop

    def _answer(self, code: str) -> None:
        self._refused = True
        self._forget_deadline()
        # An answer half sent cannot be followed by another.
        if not (self.cycle and self.cycle.response_started and not self.cycle.response_complete):
            self.transport.write(_plain_answer(code))
        self.transport.close()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _expect_request(self) -> None:
        self._forget_deadline()
        self._deadline = self.loop.call_later(self.request_s, self._too_slow)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self._answer("request_too_slow")


class _Stop(Exception):
    """Ends the parsing of a refused request."""


def _plain_answer(code: str) -> bytes:
    kind = PROBLEM_KINDS[code]
    body = msgspec.json.encode(describe(code, kind, None, language="en", answer_id=""))
    return (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\n"
        f"content-type: {PROBLEM_MEDIA_TYPE}\r\n"
        f"content-length: {len(body)}\r\n"
        "connection: close\r\n\r\n"
    ).encode() + body
