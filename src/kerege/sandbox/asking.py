# SPDX-License-Identifier: Apache-2.0
"""Asks a node of a running country for JSON that everyone may see."""

import http.client
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from kerege.errors import KeregeError

__all__ = ["MAX_BYTES", "NodeSilent", "ask_public", "is_ready"]

MAX_BYTES: Final = 16 * 1024 * 1024
_TIMEOUT_S: Final = 10.0
_READY_TIMEOUT_S: Final = 2.0
_Told = TypeVar("_Told")


class NodeSilent(KeregeError):
    """A node gave no answer, or none that can be read."""


def ask_public(url: str, path: str, kind: type[_Told]) -> _Told:
    """GET `path` of the node at `url`, read as a `kind`. Raises `NodeSilent`."""
    status, body = _get(url, path, timeout_s=_TIMEOUT_S)
    if status != http.HTTPStatus.OK:
        raise NodeSilent(f"it answered {status}", place=f"{url}{path}")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise NodeSilent(
            f"its answer is not what it should be: {fault}", place=f"{url}{path}"
        ) from None


def is_ready(url: str, path: str) -> bool:
    """Whether `path` answers 200; with an empty path, whether anybody listens."""
    try:
        if path:
            return _get(url, path, timeout_s=_READY_TIMEOUT_S)[0] == http.HTTPStatus.OK
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_READY_TIMEOUT_S)
        connection.connect()
        connection.close()
    except (OSError, NodeSilent):
        return False
    return True


def _get(url: str, path: str, *, timeout_s: float) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as fault:
        what = str(fault) or type(fault).__name__
        raise NodeSilent(f"no answer: {what}", place=f"{url}{path}") from fault
    finally:
        connection.close()
    if len(body) > MAX_BYTES:
        raise NodeSilent(f"its answer has more than {MAX_BYTES} bytes", place=f"{url}{path}")
    return answer.status, body
