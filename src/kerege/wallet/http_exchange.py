# SPDX-License-Identifier: Apache-2.0
"""One request to a bank, and what its answer means: bytes, "send it again", or a problem."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeVar

import httpx
import msgspec
from msgspec import Struct

from kerege.wallet.line import BankRefused, BankUnreachable, SessionEnded

__all__ = [
    "AGAIN",
    "MAX_ANSWER_BYTES",
    "TIMEOUT_S",
    "Exchange",
    "client_of",
    "decode",
    "read_whole",
    "refused",
    "unreachable",
]

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
"""More than any page of a statement: a bank that sends more is not ours."""

AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that leave open what became of a request."""

TIMEOUT_S: Final = 15.0

_UNAUTHORIZED: Final = 401
_MAX_WAIT_CHARS: Final = 5
_T = TypeVar("_T")


class _Problem(Struct):
    title: str = ""
    detail: str = ""
    code: str = "unknown"
    remedy: str = ""
    place: str = ""


class Exchange:
    """Requests to the bank at `url`, over one connection that is kept. For one thread."""

    def __init__(self, url: str, *, language: str, timeout_s: float = TIMEOUT_S) -> None:
        """Raises `BankUnreachable` for an address that is none."""
        self.client = client_of(url, timeout_s=timeout_s)
        self.client.headers["accept-language"] = language

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def fetch(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, str] = MappingProxyType({}),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        """The body of a good answer. Raises `BankUnreachable`, `BankRefused`, `SessionEnded`."""
        sent = dict(headers)
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent["content-type"] = "application/json"
        try:
            with self.client.stream(
                method, path, params=query or None, content=content, headers=sent
            ) as response:
                answer = read_whole(response)
        except (httpx.TransportError, httpx.StreamError) as fault:
            raise unreachable(fault) from fault
        if not response.is_success:
            raise refused(response.status_code, answer, response.headers)
        return answer


def client_of(url: str, *, timeout_s: float = TIMEOUT_S) -> httpx.Client:
    """A client of the bank at `url`. Raises `BankUnreachable` for an address that is none."""
    try:
        # Environment variables must not send a wallet's traffic through a proxy. Answers come as
        # they are: a few bytes that unpack to gigabytes are no answer we want.
        return httpx.Client(
            base_url=url,
            trust_env=False,
            follow_redirects=False,
            timeout=timeout_s,
            headers={"accept-encoding": "identity", "user-agent": "kerege-wallet"},
        )
    except httpx.InvalidURL as fault:
        raise BankUnreachable(f"not an address: {fault}", place=url[:200]) from None


def decode(body: bytes, kind: type[_T], *, place: str) -> _T:
    """What the bank said. Raises `BankUnreachable`: it may say it better next time."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (ValueError, RecursionError) as fault:
        raise BankUnreachable(f"not a bank's answer: {str(fault)[:100]}", place=place) from None


def unreachable(fault: Exception) -> BankUnreachable:
    """What a broken connection is to the caller."""
    return BankUnreachable(f"the bank does not answer ({type(fault).__name__})")


def refused(status: int, body: bytes, headers: Mapping[str, str]) -> BankUnreachable | BankRefused:
    """What an answer that says no is to the caller."""
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (ValueError, RecursionError):
        problem = _Problem(title=f"HTTP {status}")
    words = ". ".join(part for part in (problem.title, problem.detail) if part)
    if status in AGAIN:
        return BankUnreachable(words, wait_s=_wait_s(headers.get("retry-after", "")))
    if status == _UNAUTHORIZED:
        return SessionEnded(words, code=problem.code, status=status, remedy=problem.remedy)
    return BankRefused(words, code=problem.code, status=status, remedy=problem.remedy)


def read_whole(response: httpx.Response, *, limit: int = MAX_ANSWER_BYTES) -> bytes:
    """The body as it was sent. Raises `BankUnreachable` for more than `limit` bytes."""
    answer = bytearray()
    for piece in response.iter_raw():
        answer += piece
        if len(answer) > limit:
            raise BankUnreachable(f"an answer of more than {limit} bytes")
    return bytes(answer)


def _wait_s(text: str) -> float:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MAX_WAIT_CHARS
    return float(text) if is_number else 0.0
