# SPDX-License-Identifier: Apache-2.0
"""Reading a log from a web server that may be slow, broken or hostile.

Shell. Only http and https; redirects are refused, since a log's prefix is its identity; every
answer has a size and a time limit.
"""

import http.client
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from urllib.parse import urlsplit

from kerege.errors import KeregeError
from kerege.translog.bundle import MAX_BUNDLE_BYTES
from kerege.translog.note import MAX_NOTE_BYTES
from kerege.translog.tiles import (
    CHECKPOINT_PATH,
    ENTRIES_LEVEL,
    MAX_TILE_BYTES,
    MissingFileError,
    parse_tile_path,
)

__all__ = ["REQUEST_DEADLINE_S", "REQUEST_TIMEOUT_S", "FetchError", "HttpFiles"]

REQUEST_TIMEOUT_S = 10.0
"""Longest wait for a connection or for the next bytes."""

REQUEST_DEADLINE_S = 60
"""Longest time for one file: 16 MiB at 2.2 Mbit/s. Without it one byte every 9 s would do."""

MAX_URL_CHARS = 2048
CHUNK_BYTES = 64 * 1024


class FetchError(KeregeError):
    """A web server that gave no file of a log."""


class HttpFiles:
    """A `TileReader` over one kept-alive connection. Not for use by several threads."""

    def __init__(self, prefix: str) -> None:
        """Read below `prefix`, an http or https URL. Raises `FetchError` for any other."""
        if len(prefix) > MAX_URL_CHARS or not prefix.isascii() or not prefix.isprintable():
            raise FetchError("not a URL", place=repr(prefix[:100]))
        try:
            parts = urlsplit(prefix)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise FetchError(f"not a URL: {error}", place=prefix) from error
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
            raise FetchError(
                "a log's prefix is http://host/path or https://host/path", place=prefix
            )
        if parts.username is not None:
            raise FetchError("a log's prefix holds no password", place=f"{parts.scheme}://{host}")
        self._prefix = prefix.rstrip("/")
        self._path = parts.path.rstrip("/").replace(" ", "%20")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(host, port, timeout=REQUEST_TIMEOUT_S)

    def read(self, path: str, /) -> bytes:
        """Return the file at `path`; raises `MissingFileError`, `FetchError`."""
        place = f"{self._prefix}/{path}"
        limit = _limit_for(path)
        try:
            return self._ask(path, place, limit)
        except (http.client.RemoteDisconnected, ConnectionError):
            # A kept-alive connection may be closed at any time: once more on a new one.
            return self._ask(path, place, limit)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, path: str, place: str, limit: int) -> bytes:
        fresh = self._connection.sock is None
        late = Event()
        try:
            if fresh:
                self._connection.connect()
            with _cut_off_late(self._connection.sock, late):
                body = self._get(path, place, limit)
            if not late.is_set():
                return body
        except (OSError, http.client.HTTPException, KeregeError) as error:
            # What is left of this answer must not be read as the next one.
            self._connection.close()
            if not late.is_set():
                if isinstance(error, KeregeError):
                    raise
                if isinstance(error, ConnectionError) and not fresh:
                    raise
                raise _failed(place, error) from error
        self._connection.close()
        raise FetchError(f"slower than {REQUEST_DEADLINE_S} s", place=place)

    def _get(self, path: str, place: str, limit: int) -> bytes:
        # tlog-tiles: "Clients SHOULD include gzip and identity in their Accept-Encoding headers."
        self._connection.request(
            "GET", f"{self._path}/{path}", headers={"Accept-Encoding": "gzip, identity"}
        )
        with self._connection.getresponse() as response:
            if response.status in (404, 410):
                raise MissingFileError("the server has no such file", place=place)
            if response.status != 200:
                raise _refused(place, response)
            body = _read_body(response, limit, place)
            match response.headers.get("Content-Encoding", "identity").lower():
                case "identity":
                    return body
                case "gzip":
                    return _unzip(body, limit, place)
                case other:
                    raise FetchError(f"an encoding nobody asked for: {other[:40]!r}", place=place)


@contextmanager
def _cut_off_late(connection: socket.socket, late: Event) -> Iterator[None]:
    """End an exchange that drips: a socket's timeout bounds each read, not their sum."""

    def cut_off() -> None:
        late.set()
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = Timer(REQUEST_DEADLINE_S, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read_body(response: http.client.HTTPResponse, limit: int, place: str) -> bytes:
    body = bytearray()
    while chunk := response.read1(CHUNK_BYTES):
        body += chunk
        if len(body) > limit:
            raise FetchError(f"more than {limit} bytes", place=place)
    if response.length:
        raise FetchError("the answer was cut off", place=place, remedy="try again")
    return bytes(body)


def _refused(place: str, response: http.client.HTTPResponse) -> FetchError:
    moved = 300 <= response.status < 400
    return FetchError(
        f"the server answered {response.status}",
        place=place,
        remedy="give the log's own prefix; redirects are not followed" if moved else "try later",
    )


def _limit_for(path: str) -> int:
    if path == CHECKPOINT_PATH:
        return MAX_NOTE_BYTES
    return MAX_BUNDLE_BYTES if parse_tile_path(path).level == ENTRIES_LEVEL else MAX_TILE_BYTES


def _unzip(body: bytes, limit: int, place: str) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        data = unzip.decompress(body, limit + 1)
    except zlib.error as error:
        raise FetchError("not gzip as announced", place=place) from error
    if len(data) > limit or not unzip.eof or unzip.unused_data:
        raise FetchError(f"more than {limit} bytes, or cut off", place=place)
    return data


def _failed(place: str, error: Exception) -> FetchError:
    return FetchError(
        f"the server cannot be read: {error or type(error).__name__}",
        place=place,
        remedy="check the address and the network, then try again",
    )
