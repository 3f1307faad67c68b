# SPDX-License-Identifier: Apache-2.0
"""One kept-alive HTTP connection that asks and reads answers with little ado.

For thousands of requests a second from one process, where a full client costs more than the node
it asks. Speaks the part of HTTP/1.1 our own nodes speak: answers have a Content-Length.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from kerege.errors import KeregeError

__all__ = ["MAX_ANSWER_BYTES", "Answer", "Lane", "NoAnswer"]

MAX_ANSWER_BYTES: Final = 1 << 20
_MAX_HEAD_BYTES: Final = 16 * 1024
_HEAD_END: Final = b"\r\n\r\n"


_FAULTS: Final = (
    OSError,
    TimeoutError,
    ValueError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
)


class NoAnswer(KeregeError):
    """Nothing came back, or nothing that makes sense: what became of the request is not known."""


class Answer(Struct, frozen=True):
    """A whole answer; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Lane:
    """Asks one node, one request at a time; connects when needed. Whoever comes while it is
    busy waits for their turn."""

    def __init__(self, url: str, *, timeout_s: float = 30.0) -> None:
        parts = urlsplit(url)
        self.authority = parts.netloc
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._timeout_s = timeout_s
        self._turn = asyncio.Lock()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Send one request and read its answer. Raises `NoAnswer`; then the lane begins anew."""
        async with self._turn:
            return await self._ask_in_time(method, path, headers, body)

    async def _ask_in_time(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._ask(method, path, headers, body)
        except _FAULTS as fault:
            self.close()
            raise NoAnswer(
                f"no answer from {self.authority}: {type(fault).__name__}",
                remedy="send the same again",
            ) from fault
        except BaseException:
            # What is still to come belongs to a question nobody waits for.
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        reader, writer = await self._connected()
        lines = [f"{method} {path} HTTP/1.1", f"host: {self.authority}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body or method != "GET":
            lines.append(f"content-length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        await writer.drain()
        head = (await reader.readuntil(_HEAD_END)).decode("latin-1")
        status, found = _read_head(head)
        size = int(found.get("content-length", "0"))
        if not 0 <= size <= MAX_ANSWER_BYTES:
            raise ValueError(f"an answer of {size} bytes")
        content = await reader.readexactly(size)
        if found.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, found, content)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(
                self._host, self._port, limit=_MAX_HEAD_BYTES
            )
        return self._reader, self._writer


def _read_head(head: str) -> tuple[int, dict[str, str]]:
    first, *lines = head.rstrip("\r\n").split("\r\n")
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError("not HTTP/1")
    status = int(rest[:3])
    pairs = (line.partition(":") for line in lines)
    return status, {name.strip().lower(): value.strip() for name, _, value in pairs}
