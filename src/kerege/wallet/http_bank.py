# SPDX-License-Identifier: Apache-2.0
"""The line to a real bank over HTTP: `BankLine`, and what else a customer asks of a bank.

An answer that leaves open what became of a request is `BankUnreachable`; everything here may be
sent again. The bank's words come in the customer's language.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Struct

from kerege.wallet.line import BankRefused, BankUnreachable, SessionEnded
from kerege.wallet.sse import read_events
from kerege.wallet.wire import (
    Answer,
    DepositList,
    Me,
    Notice,
    Payee,
    StandingRequest,
    Statement,
    WalletState,
)

__all__ = ["MAX_ANSWER_BYTES", "HttpBank", "Tokens"]

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
"""More than any page of a statement: a bank that sends more is not ours."""

TIMEOUT_S: Final = 15.0

_SENT: Final = "sent"
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_UNAUTHORIZED: Final = 401
_FAILED: Final = 400
_NOT_FOUND: Final = 404
_T = TypeVar("_T")


class Tokens(Protocol):
    """Brings the access token of a session."""

    def access_token(self) -> str:
        """A token that is still good. Raises `SessionEnded`, `BankUnreachable`."""

    def renew(self) -> str:
        """Another token: the bank no longer takes the last one. Raises as `access_token`."""


class _Problem(Struct):
    title: str = ""
    detail: str = ""
    code: str = "unknown"
    remedy: str = ""
    place: str = ""


class _Wallets(Struct):
    wallets: tuple[WalletState, ...]


class _Requests(Struct):
    requests: tuple[StandingRequest, ...]


class HttpBank:
    """A customer's line to the bank at `url`; `language` is kk, ru or en. For one thread."""

    def __init__(
        self, url: str, tokens: Tokens, *, language: str = "en", timeout_s: float = TIMEOUT_S
    ) -> None:
        self.url = url.rstrip("/")
        self._tokens = tokens
        self._timeout_s = timeout_s
        self._http = httpx.Client(
            base_url=self.url,
            trust_env=False,
            follow_redirects=False,
            timeout=timeout_s,
            headers={"accept-language": language, "user-agent": "kerege-wallet"},
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    # What `BankLine` asks

    def submit(self, order: bytes) -> Answer:
        """As `BankLine.submit`."""
        answer = self._send("POST", "/v1/payments", Answer, body={"order": order.decode()})
        if answer.verdict.code == _SENT:
            raise BankUnreachable("the bank has not heard from the central bank yet", wait_s=0.5)
        return answer

    def try_out(self, order: bytes) -> Answer:
        """As `BankLine.try_out`."""
        return self._send("POST", "/v1/payments/try", Answer, body={"order": order.decode()})

    def answer(self, order_id: str) -> Answer | None:
        """As `BankLine.answer`."""
        try:
            answer = self._send("GET", f"/v1/payments/{quote(order_id)}", Answer)
        except BankRefused as fault:
            if fault.status == _NOT_FOUND:
                return None
            raise
        return None if answer.verdict.code == _SENT else answer

    def receipt(self, order_id: str) -> bytes:
        """As `BankLine.receipt`."""
        return self._fetch("GET", f"/v1/payments/{quote(order_id)}/receipt")

    def open_wallet(self, opening: bytes, *, name: str) -> Answer:
        """As `BankLine.open_wallet`."""
        body = {"opening": opening.decode(), "name": name}
        return self._send("POST", "/v1/wallets", Answer, body=body)

    def wallet(self, wallet_id: str) -> WalletState:
        """As `BankLine.wallet`."""
        return self._send("GET", f"/v1/wallets/{quote(wallet_id)}", WalletState)

    def statement(self, wallet_id: str, *, asset: str, before: int, limit: int) -> Statement:
        """As `BankLine.statement`."""
        query = {"before": str(before), "limit": str(limit), **({"asset": asset} if asset else {})}
        path = f"/v1/wallets/{quote(wallet_id)}/statement"
        return self._send("GET", path, Statement, query=query)

    def resolve(self, to: str) -> Payee:
        """As `BankLine.resolve`."""
        return self._send("POST", "/v1/resolve", Payee, body={"to": to})

    def post_request(self, request: bytes, *, note: str) -> StandingRequest:
        """As `BankLine.post_request`."""
        body = {"request": request.decode(), "note": note}
        return self._send("POST", "/v1/requests", StandingRequest, body=body)

    def requests(self, wallet_id: str) -> tuple[StandingRequest, ...]:
        """As `BankLine.requests`."""
        found = self._send("GET", "/v1/requests", _Requests).requests
        return tuple(each for each in found if each.wallet == wallet_id)

    def notices(self, *, after: int, wait_s: float) -> Iterator[Notice]:
        """As `BankLine.notices`: one stream, until it breaks or is silent for `wait_s`."""
        timeout = httpx.Timeout(self._timeout_s, read=max(wait_s, 1.0))
        headers = {**self._bearer(), "accept": "text/event-stream", "last-event-id": str(after)}
        try:
            with self._http.stream(
                "GET", "/v1/events/stream", headers=headers, timeout=timeout
            ) as response:
                if response.status_code >= _FAILED:
                    raise _refused(response.status_code, response.read(), response.headers)
                for event in read_events(response.iter_bytes(), silent_s=wait_s):
                    yield msgspec.json.decode(event.data, type=Notice)
        except httpx.ReadTimeout:
            return
        except httpx.TransportError as fault:
            raise _unreachable(fault) from fault
        except (ValueError, RecursionError) as fault:
            raise BankUnreachable(f"not a stream of events: {str(fault)[:100]}") from None

    # What else a customer asks

    def me(self) -> Me:
        """Who one is at this bank."""
        return self._send("GET", "/v1/me", Me)

    def wallets(self) -> tuple[WalletState, ...]:
        """All one's wallets."""
        return self._send("GET", "/v1/wallets", _Wallets).wallets

    def deposits(self) -> DepositList:
        """What is on one's deposits."""
        return self._send("GET", "/v1/deposit", DepositList)

    def fund(self, wallet_id: str, amount: int, *, asset: str, key: str) -> Answer:
        """Turn deposit money into digital money; once under one `key` (16 to 64 characters)."""
        body = {"wallet": wallet_id, "asset": asset, "amount": amount}
        headers = {"idempotency-key": key}
        return self._send("POST", "/v1/funding", Answer, body=body, headers=headers)

    # How

    def _send(self, method: str, path: str, answer: type[_T], **rest: Any) -> _T:
        body = self._fetch(method, path, **rest)
        try:
            return msgspec.json.decode(body, type=answer)
        except (ValueError, RecursionError) as fault:
            raise BankUnreachable(f"not a bank's answer: {str(fault)[:100]}", place=path) from None

    def _fetch(self, method: str, path: str, **rest: Any) -> bytes:
        """The body of a good answer; a token that is no longer taken is renewed once."""
        try:
            return self._exchange(method, path, self._tokens.access_token(), **rest)
        except SessionEnded:
            return self._exchange(method, path, self._tokens.renew(), **rest)

    def _exchange(
        self,
        method: str,
        path: str,
        token: str,
        *,
        body: object = None,
        query: Mapping[str, str] = MappingProxyType({}),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        sent = {**headers, "authorization": f"Bearer {token}"}
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent["content-type"] = "application/json"
        try:
            with self._http.stream(
                method, path, params=query or None, content=content, headers=sent
            ) as response:
                answer = _read(response)
        except (httpx.TransportError, httpx.StreamError) as fault:
            raise _unreachable(fault) from fault
        if response.status_code >= _FAILED:
            raise _refused(response.status_code, answer, response.headers)
        return answer

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._tokens.access_token()}"}


def _read(response: httpx.Response) -> bytes:
    answer = bytearray()
    for piece in response.iter_raw():
        answer += piece
        if len(answer) > MAX_ANSWER_BYTES:
            raise BankUnreachable(f"an answer of more than {MAX_ANSWER_BYTES} bytes")
    return bytes(answer)


def _unreachable(fault: Exception) -> BankUnreachable:
    return BankUnreachable(f"the bank does not answer ({type(fault).__name__})")


def _refused(status: int, body: bytes, headers: Mapping[str, str]) -> BankUnreachable | BankRefused:
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (ValueError, RecursionError):
        problem = _Problem(title=f"HTTP {status}")
    words = ". ".join(part for part in (problem.title, problem.detail) if part)
    if status in _AGAIN:
        return BankUnreachable(words, wait_s=_wait_s(headers.get("retry-after", "")))
    if status == _UNAUTHORIZED:
        return SessionEnded(words, code=problem.code, status=status, remedy=problem.remedy)
    return BankRefused(words, code=problem.code, status=status, remedy=problem.remedy)


def _wait_s(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0
