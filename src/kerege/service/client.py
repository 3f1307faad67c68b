# SPDX-License-Identifier: Apache-2.0
"""Call another institution's node: requests signed by RFC 9421, answers bounded and typed.

Two kinds of failure, told apart because what to do next differs. `Unreachable`: nobody knows
whether the request took effect, so send the same again (what it names makes that harmless).
`Refused`: the node answered with a problem, and the same again would be refused again.
"""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

import httpx
import msgspec

from kerege.errors import KeregeError
from kerege.keys import SigningKey, encode_base64url
from kerege.keys.http_signatures import HttpRequest, sign_request
from kerege.runtime import Clock, Randomness
from kerege.service.problems import ProblemDetails

__all__ = ["AnswerMalformed", "NodeClient", "Refused", "Unreachable"]

MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024
"""A page of events at its largest."""

TIMEOUT_S: Final = 10.0
"""For an answer to begin, besides what a long poll asks for."""

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
        # Environment variables must not send an institution's traffic through a proxy.
        self._http = httpx.Client(
            base_url=base_url.rstrip("/"),
            trust_env=False,
            verify=_tls_for(base_url),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            headers={
                "accept-language": language,
                "user-agent": "kerege",
                "accept-encoding": "identity",
            },
        )

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

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
        sent = {**headers, **({"content-type": "application/json"} if content else {})}
        request = self._http.build_request(
            method,
            path,
            params={name: str(value) for name, value in query.items()} or None,
            content=content or None,
            headers=sent,
            timeout=httpx.Timeout(self._timeout_s, read=self._timeout_s + wait_s),
        )
        self._sign(request, content)
        with self._answer(request, path) as response:
            answer = _read(response, path)
        if response.status_code >= _FAILED:
            raise _refused(response.status_code, answer, path)
        return answer

    @contextmanager
    def _answer(self, request: httpx.Request, path: str) -> Iterator[httpx.Response]:
        try:
            response = self._http.send(request, stream=True)
            try:
                yield response
            finally:
                response.close()
        except (httpx.TransportError, httpx.StreamError) as fault:
            raise Unreachable(
                f"no answer from {request.url.host}: {type(fault).__name__}",
                place=path,
                remedy="send the same again",
            ) from fault

    def _sign(self, request: httpx.Request, content: bytes) -> None:
        if self._key is None:
            return
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        signed = HttpRequest(
            method=request.method,
            authority=request.headers["host"],
            path=path,
            query=query,
            headers=_pairs(request.headers.multi_items()),
            body=content,
        )
        added = sign_request(
            signed,
            self._key,
            keyid=self._keyid,
            nonce=encode_base64url(self._randomness.draw(_NONCE_BYTES)),
            created_s=self._clock.now_us() // _US,
        )
        request.headers.update(added)


def _tls_for(url: str) -> ssl.SSLContext:
    """What TLS connections to `url` trust. Reading the certificates of all authorities takes 50 ms
    and two megabytes: once in a process, and not at all where nothing but plain HTTP is spoken."""
    return _trusting_authorities() if url.startswith("https:") else _trusting_nobody()


@cache
def _trusting_authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@cache
def _trusting_nobody() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _pairs(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers]


def _read(response: httpx.Response, path: str) -> bytes:
    answer = bytearray()
    for piece in response.iter_raw():
        answer += piece
        if len(answer) > MAX_ANSWER_BYTES:
            raise AnswerMalformed(f"more than {MAX_ANSWER_BYTES} bytes", place=path)
    return bytes(answer)


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
