# SPDX-License-Identifier: Apache-2.0
"""Exchanges with one HTTP/1.1 server over connections that are kept: a request out, its answer in.

An exchange costs a tenth of what a full client takes for it, and institutions exchange thousands a
second. What a full client adds is not wanted between nodes: no redirects, cookies, proxies, coding
of content. Nothing is sent twice by itself.
"""

import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import httptools
from msgspec import Struct

from kerege.errors import KeregeError

__all__ = ["Exchanged", "Exchanges", "NoAnswer", "TooLong"]

_CHUNK_BYTES: Final = 256 * 1024
_MAX_HEAD_BYTES: Final = 64 * 1024
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FINAL: Final = 200
"""Lower statuses come before the answer (RFC 9110 section 15.2)."""

_WITHOUT_BODY: Final = frozenset({204, 304})


class NoAnswer(KeregeError):
    """No whole answer came: whether the request took effect is not known."""


class TooLong(KeregeError):
    """The answer is larger than was asked for."""


class Exchanged(Struct, frozen=True):
    """An answer."""

    status: int
    body: bytes


class Exchanges:
    """One server, `connections` at a time at most. Safe among threads."""

    def __init__(self, base_url: str, *, connections: int) -> None:
        """`base_url` may have a path, which begins every target. Raises `ValueError`."""
        parts = urlsplit(base_url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise ValueError(f"not an address of a node: {base_url[:80]!r}")
        self.host = parts.hostname
        self.path = parts.path.rstrip("/")
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        shown = f"[{self.host}]" if ":" in self.host else self.host
        is_default = port == _DEFAULT_PORTS[parts.scheme]
        self.authority = shown if is_default else f"{shown}:{port}"
        """As in a request's `Host`."""
        self._address = (self.host, port)
        self._tls = _trusting_authorities() if parts.scheme == "https" else None
        self._room = threading.BoundedSemaphore(connections)
        self._lock = threading.Lock()
        self._idle: list[_Connection] = []
        self._closed = False

    def close(self) -> None:
        """Close idle connections; those in use end with their exchange."""
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for connection in idle:
            connection.close()

    def exchange(
        self,
        method: str,
        target: str,
        fields: Iterable[tuple[str, str]],
        body: bytes,
        *,
        timeout_s: float,
        max_bytes: int,
    ) -> Exchanged:
        """Send a request and read its answer, within `timeout_s` in all. `target` is the path and
        query as sent, `fields` are header fields beside `Host` and `Content-Length`.

        Raises `NoAnswer`, `TooLong`, and `ValueError` for what would not be one request.
        """
        until_s = time.monotonic() + timeout_s
        request = _request(method, target, [("host", self.authority), *fields], body)
        if not self._room.acquire(timeout=timeout_s):
            raise NoAnswer("all connections are in use")
        try:
            return self._on_a_connection(request, until_s, max_bytes)
        except (OSError, httptools.HttpParserError) as fault:
            raise NoAnswer(type(fault).__name__) from fault
        finally:
            self._room.release()

    def _on_a_connection(self, request: bytes, until_s: float, max_bytes: int) -> Exchanged:
        connection = self._take() or _Connection(self._address, self._tls, until_s)
        stays = False
        try:
            exchanged, stays = connection.exchange(request, until_s, max_bytes)
        finally:
            with self._lock:
                stays = stays and not self._closed
                if stays:
                    self._idle.append(connection)
            if not stays:
                connection.close()
        return exchanged

    def _take(self) -> "_Connection | None":
        """A connection that is still open, as far as one can see."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if connection.is_quiet():
                return connection
            connection.close()


class _Connection:
    """One connection; one exchange at a time."""

    def __init__(
        self, address: tuple[str, int], tls: ssl.SSLContext | None, until_s: float
    ) -> None:
        self._socket = socket.create_connection(address, timeout=_left_s(until_s))
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if tls is not None:
                self._socket = tls.wrap_socket(self._socket, server_hostname=address[0])
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def is_quiet(self) -> bool:
        """False once the other end has closed it, or said what nobody asked for."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return not poll.poll(0)

    def exchange(self, request: bytes, until_s: float, max_bytes: int) -> tuple[Exchanged, bool]:
        """The answer, and whether the connection may be used again."""
        self._socket.settimeout(_left_s(until_s))
        self._socket.sendall(request)
        reading = _Reading(max_bytes)
        while not reading.is_whole:
            self._socket.settimeout(_left_s(until_s))
            data = self._socket.recv(_CHUNK_BYTES)
            if not data:
                reading.end()
                return reading.answer(), False
            reading.feed(data)
        return reading.answer(), reading.stays_open


class _Reading:
    """An answer as it comes in: the callbacks of httptools' parser."""

    def __init__(self, max_bytes: int) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._max_bytes = max_bytes
        self._head_bytes = 0
        self._size = 0
        self._body: list[bytes] = []
        self._is_bounded = False
        self._keeps_alive = False
        self._says_more = False
        self._status = 0
        self.is_whole = False

    @property
    def stays_open(self) -> bool:
        return self._is_bounded and self._keeps_alive and not self._says_more

    def feed(self, data: bytes) -> None:
        if not self._status:
            self._head_bytes += len(data)
            if self._head_bytes > _MAX_HEAD_BYTES + self._max_bytes:
                raise TooLong("a head without end")
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as fault:
            # It wraps what a callback raised.
            raise fault.__context__ or fault from None

    def end(self) -> None:
        """The other end closed: for an answer without a length that is its end."""
        if not self._status or self._is_bounded:
            raise ConnectionResetError("cut short")
        self.is_whole = True

    def answer(self) -> Exchanged:
        return Exchanged(self._status, b"".join(self._body))

    def on_message_begin(self) -> None:
        if self.is_whole:
            # What nobody asked for would be taken for the next request's answer.
            self._says_more = True

    def on_header(self, name: bytes, _value: bytes) -> None:
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._is_bounded = True

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        # Asked later, the parser has forgotten.
        self._keeps_alive = self._parser.should_keep_alive()
        if status >= _FINAL:
            self._status = status
            self._is_bounded = self._is_bounded or status in _WITHOUT_BODY

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size > self._max_bytes:
            raise TooLong(f"more than {self._max_bytes} bytes")
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self.is_whole:
            raise ConnectionResetError("a second answer to one request")
        self.is_whole = bool(self._status)


def _request(method: str, target: str, fields: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """The request as sent. Raises `ValueError`."""
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in fields]
    if body or method not in ("GET", "DELETE"):
        lines.append(f"content-length: {len(body)}")
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
        raise ValueError("a line break within a header field")
    if " " in target or not head.isascii():
        raise ValueError("a target or a header field that is not plain ASCII")
    return f"{head}\r\n\r\n".encode("ascii") + body


def _left_s(until_s: float) -> float:
    """How long a socket may still wait. Raises `TimeoutError`."""
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


@cache
def _trusting_authorities() -> ssl.SSLContext:
    """Reading the certificates of all authorities takes 50 ms and two megabytes: once in a process,
    and not at all where nothing but plain HTTP is spoken."""
    # Late for the same reason.
    import httpx

    # Environment variables must not say whom an institution trusts.
    return httpx.create_ssl_context(trust_env=False)
