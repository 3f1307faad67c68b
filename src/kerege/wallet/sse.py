# SPDX-License-Identifier: Apache-2.0
"""Read server-sent events (WHATWG HTML section 9.2.6) from bytes as they come. Pure but for time.

Every line and every event is bounded: a server that never ends one is given up.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

__all__ = ["MAX_EVENT_BYTES", "ServerEvent", "read_events"]

MAX_EVENT_BYTES: Final = 64 * 1024
"""Of one event: ours have some hundreds."""


class ServerEvent(Struct, frozen=True):
    """One event: its id, kind and data."""

    id: str
    kind: str
    data: bytes


def read_events(pieces: Iterable[bytes], *, silent_s: float) -> Iterator[ServerEvent]:
    """Events until the stream ends, or only comments came for `silent_s` seconds.

    Raises `ValueError` for an event that is too large or not UTF-8.
    """
    waiting, fields = b"", dict[str, str]()
    since = time.monotonic()
    for piece in pieces:
        lines, waiting = _cut(waiting + piece)
        _bound(len(waiting))
        for line in lines:
            event = _take(line, fields)
            if event is not None:
                since = time.monotonic()
                yield event
                since = time.monotonic()
        if time.monotonic() - since >= silent_s:
            return


def _cut(text: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what is left. A CR at the end may be half of a line's CRLF."""
    half = text[-1:] if text.endswith(b"\r") else b""
    whole = text[: len(text) - len(half)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    *lines, left = whole.split(b"\n")
    return lines, left + half


def _take(line: bytes, fields: dict[str, str]) -> ServerEvent | None:
    """Take a line in; an empty one ends an event."""
    if not line:
        data = fields.pop("data", None)
        kind = fields.pop("event", "message")
        if data is None:
            return None
        return ServerEvent(fields.get("id", ""), kind, data.encode())
    name, _, value = line.decode().partition(":")
    value = value.removeprefix(" ")
    if name == "data" and "data" in fields:
        value = f"{fields['data']}\n{value}"
    if name in ("data", "event", "id"):
        _bound(len(value))
        fields[name] = value
    return None


def _bound(size: int) -> None:
    if size > MAX_EVENT_BYTES:
        raise ValueError(f"an event of more than {MAX_EVENT_BYTES} bytes")
