# SPDX-License-Identifier: Apache-2.0
"""Call another institution's node: requests signed by RFC 9421, answers bounded and typed.

Two kinds of failure, told apart because what to do next differs. `Unreachable`: nobody knows
whether the request took effect, so send the same again (what it names makes that harmless).
`Refused`: the node answered with a problem, and the same again would be refused again.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import msgspec

from kerege.errors import KeregeError
from kerege.keys import SigningKey, encode_base64url
from kerege.keys.http_signatures import HttpRequest, sign_request
from kerege.runtime import Clock, Randomness
from kerege.service.exchange import Exchanges, NoAnswer, TooLong
from kerege.service.problems import ProblemDetails

__all__ = ["AnswerMalformed", "NodeClient", "Refused", "Unreachable"]

MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024
"""A page of events at its largest."""

TIMEOUT_S: Final = 10.0
"""For a whole answer, besides what a long poll asks for."""

_US: Final = 1_000_000
_NONCE_BYTES: Final = 18
_FAILED: Final = 400
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_T = TypeVar("_T")


class Unreachable(KeregeError):
    """No answer, or one that says "later": send the same again."""


class Refused(KeregeError):
    """The node answered with a problem. `code` and `status` are for programs."""

    def __init__(self, details: ProblemDetails, *, place: str) -> None:
        super().__init__(
            f"{details.title} ({details.code}): {details.detail}".removesuffix(": "),
            place=f"{place} {details.place}".rstrip(),
            remedy=details.remedy,
        )
        self.code = details.code
        self.status = details.status
        self.details = details


class AnswerMalformed(KeregeError):
    """What came back is not what this node's interface promises."""


_PROBLEM: Final = msgspec.json.Decoder(ProblemDetails)


class NodeClient:
    """One node as seen by one institution. Safe among threads.

    `keyid` is the name `key` is registered under there; without a key requests go unsigned, as
    public routes allow. `language` of problems: en, kk or ru.
    """

    def __init__(
        self,
        base_url: str,
        *,
        clock: Clock,
        randomness: Randomness,
        key: SigningKey | None = None,
        keyid: str = "",
        timeout_s: float = TIMEOUT_S,
        connections: int = 16,
        language: str = "en",
    ) -> None:
        self._clock = clock
        self._randomness = randomness
        self._key = key
        self._keyid = keyid
        self._timeout_s = timeout_s
        self._exchanges = Exchanges(base_url, connections=connections)
        self._fields = [
            ("accept-language", language),
            ("user-agent", "kerege"),
            ("accept-encoding", "identity"),
        ]

    def close(self) -> None:
        """Close its connections."""
        self._exchanges.close()

    def get(
        self,
        path: str,
        answer: type[_T],
        *,
        query: Mapping[str, str | int] = MappingProxyType({}),
        wait_s: float = 0,
    ) -> _T:
        """GET and decode as `answer`; `wait_s` is how long the node was asked to wait.

        Raises `Unreachable`, `Refused` or `AnswerMalformed`.
        """
        return self._call("GET", path, answer, query=query, wait_s=wait_s)

    def post(
        self,
        path: str,
        body: object,
        answer: type[_T],
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> _T:
        """POST `body` as JSON and decode the answer. Raises as `get` does."""
        return self._call("POST", path, answer, body=body, headers=headers)

    def put(self, path: str, body: object, answer: type[_T]) -> _T:
        """PUT `body` as JSON and decode the answer. Raises as `get` does."""
        return self._call("PUT", path, answer, body=body)

    def delete(self, path: str) -> None:
        """DELETE. Raises as `get` does."""
        self._fetch("DELETE", path)

    def get_bytes(
        self, path: str, *, query: Mapping[str, str | int] = MappingProxyType({})
    ) -> bytes:
        """GET and return the body as it is. Raises `Unreachable` or `Refused`."""
        return self._fetch("GET", path, query=query)

    def _call(self, method: str, path: str, answer: type[_T], **rest: Any) -> _T:
        body = self._fetch(method, path, **rest)
        try:
            return msgspec.json.decode(body, type=answer)
        except (ValueError, RecursionError) as fault:
            raise AnswerMalformed(
                f"not {answer.__name__}: {str(fault)[:200]}", place=path, remedy="compare versions"
            ) from None

    def _fetch(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] = MappingProxyType({}),
        body: object = None,
        headers: Mapping[str, str] = MappingProxyType({}),
        wait_s: float = 0,
    ) -> bytes:
        content = b"" if body is None else msgspec.json.encode(body)
        fields = [*self._fields, *((name.lower(), value) for name, value in headers.items())]
        if content:
            fields.append(("content-type", "application/json"))
        address = self._exchanges.path + path
        asked = urlencode(query)
        fields += self._signature(method, address, asked, fields, content)
        try:
            answer = self._exchanges.exchange(
                method,
                f"{address}?{asked}" if asked else address,
                fields,
                content,
                timeout_s=self._timeout_s + wait_s,
                max_bytes=MAX_ANSWER_BYTES,
            )
        except NoAnswer as fault:
            raise Unreachable(
                f"no answer from {self._exchanges.host}: {fault.message}",
                place=path,
                remedy="send the same again",
            ) from fault
        except TooLong as fault:
            raise AnswerMalformed(fault.message, place=path) from fault
        if answer.status >= _FAILED:
            raise _refused(answer.status, answer.body, path)
        return answer.body

    def _signature(
        self,
        method: str,
        path: str,
        query: str,
        fields: Sequence[tuple[str, str]],
        content: bytes,
    ) -> list[tuple[str, str]]:
        """Fields to add to a request; none without a key."""
        if self._key is None:
            return []
        request = HttpRequest(method, self._exchanges.authority, path, query, fields, content)
        return sign_request(
            request,
            self._key,
            keyid=self._keyid,
            nonce=encode_base64url(self._randomness.draw(_NONCE_BYTES)),
            created_s=self._clock.now_us() // _US,
        )


def _refused(status: int, body: bytes, path: str) -> KeregeError:
    try:
        details = _PROBLEM.decode(body)
    except (ValueError, RecursionError):
        details = ProblemDetails(type="", title=f"HTTP {status}", status=status, code="unknown")
    if status in _AGAIN:
        return Unreachable(
            f"{details.title} ({details.code})", place=path, remedy="send the same again later"
        )
    return Refused(details, place=path)
