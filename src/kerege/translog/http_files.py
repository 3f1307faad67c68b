# SPDX-License-Identifier: Apache-2.0
"""Reading a log from a web server that may be slow, broken or hostile.

Shell. Only http and https; redirects are refused, since a log's prefix is its identity; every
answer has a size and a time limit.
"""

import http.client
import zlib
from urllib.parse import urlsplit

from kerege.errors import KeregeError
from kerege.runtime.clock import Clock
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
TRIES = 2
"""A kept-alive connection may be closed by the server at any time: ask once more on a new one."""


class FetchError(KeregeError):
    """A web server that gave no file of a log."""


class HttpFiles:
    """A `TileReader` over one kept-alive connection. Not for use by several threads."""

    def __init__(self, prefix: str, *, clock: Clock) -> None:
        """Read below `prefix`, an http or https URL; `clock` measures each request.

        Raises `FetchError` for any other URL.
        """
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
        self._clock = clock
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(host, port, timeout=REQUEST_TIMEOUT_S)

    def read(self, path: str, /) -> bytes:
        """Return the file at `path`; raises `MissingFileError`, `FetchError`."""
        place = f"{self._prefix}/{path}"
        for left in reversed(range(TRIES)):
            try:
                return self._get(path, place)
            except (http.client.RemoteDisconnected, ConnectionError) as error:
                self._connection.close()
                if not left:
                    raise _failed(place, error) from error
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                raise _failed(place, error) from error
            except KeregeError:
                # What is left of the answer must not be read as the next one.
                self._connection.close()
                raise
        raise FetchError("the server closed the connection", place=place)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _get(self, path: str, place: str) -> bytes:
        deadline_us = self._clock.now_us() + REQUEST_DEADLINE_S * 1_000_000
        # tlog-tiles: "Clients SHOULD include gzip and identity in their Accept-Encoding headers."
        self._connection.request(
            "GET", f"{self._path}/{path}", headers={"Accept-Encoding": "gzip, identity"}
        )
        response = self._connection.getresponse()
        if response.status in (404, 410):
            raise MissingFileError("the server has no such file", place=place)
        if response.status != 200:
            raise FetchError(
                f"the server answered {response.status} {response.reason}",
                place=place,
                remedy="give the log's own prefix; redirects are not followed"
                if 300 <= response.status < 400
                else "try again later",
            )
        limit = _limit_for(path)
        body = self._read_body(response, limit, deadline_us, place)
        match response.headers.get("Content-Encoding", "identity").lower():
            case "identity":
                return body
            case "gzip":
                return _unzip(body, limit, place)
            case other:
                raise FetchError(f"an encoding nobody asked for: {other[:40]!r}", place=place)

    def _read_body(
        self, response: http.client.HTTPResponse, limit: int, deadline_us: int, place: str
    ) -> bytes:
        body = bytearray()
        while chunk := response.read1(CHUNK_BYTES):
            body += chunk
            if len(body) > limit:
                raise FetchError(f"more than {limit} bytes", place=place)
            if self._clock.now_us() > deadline_us:
                raise FetchError(f"slower than {REQUEST_DEADLINE_S} s", place=place)
        if response.length:
            raise FetchError("the answer was cut off", place=place, remedy="try again")
        return bytes(body)


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
