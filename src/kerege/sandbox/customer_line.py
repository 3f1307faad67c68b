# SPDX-License-Identifier: Apache-2.0
"""A made-up customer's line to a bank: becoming one, signing in, wallets, payments, over HTTP.

As a phone's program would do it (docs/bank-api.md): the code flow with PKCE (RFC 7636), tokens
renewed before they end. Asynchronous and sparing, since a sandbox has a thousand of these.
"""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from msgspec import Struct

from kerege.errors import KeregeError
from kerege.keys import encode_base64url
from kerege.runtime import Randomness
from kerege.sandbox.lane import Answer, Lane
from kerege.wallet.wire import Answer as Decided

__all__ = ["CLIENT_ID", "REDIRECT", "BankSaidNo", "CustomerLine", "Tokens"]

CLIENT_ID: Final = "kerege-people"
"""The program that made-up people use, as it is registered at every bank of the sandbox."""

REDIRECT: Final = "http://127.0.0.1/people"
_SCOPES: Final = "openid profile wallets payments"
_SPARE_S: Final = 60.0
"""Tokens are renewed so long before they end."""
_VERIFIER_BYTES: Final = 32
_ON_ITS_WAY: Final = 202
_DONE: Final = frozenset({200, 204})
_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FORM_TOKEN: Final = re.compile(r'name="form_token" value="([^"]+)"')
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
_JSON: Final = {"content-type": "application/json"}
_Told = TypeVar("_Told")


class BankSaidNo(KeregeError):
    """The bank refused a request as such; `code` is the problem's name (RFC 9457)."""

    def __init__(self, message: str, *, code: str, status: int, place: str) -> None:
        super().__init__(message, place=place)
        self.code = code
        self.status = status

    @property
    def again(self) -> bool:
        """Whether the bank only says "later": the same may be sent again."""
        return self.status in _LATER


class Tokens(Struct, frozen=True):
    """What a sign-in leads to; `until_s` is of the monotonic clock."""

    access: str
    refresh: str
    until_s: float


class _Problem(Struct):
    code: str = ""
    title: str = ""
    detail: str = ""


class _Issued(Struct):
    access_token: str
    refresh_token: str
    expires_in: int


class CustomerLine:
    """One customer at one bank. `code_for` reads the code that was sent to a telephone."""

    def __init__(
        self,
        lane: Lane,
        *,
        phone: str,
        language: str,
        code_for: Callable[[str], Awaitable[str]],
        randomness: Randomness,
        tokens: Tokens | None = None,
    ) -> None:
        self._lane = lane
        self._phone = phone
        self._language = language
        self._code_for = code_for
        self._randomness = randomness
        self.tokens = tokens

    async def join(self, *, name: str, tier: str) -> None:
        """Become a customer with a name and a telephone; one who is already stays one.

        Raises `BankSaidNo` or `NoAnswer`, as all that follows.
        """
        sent = await self._post("/v1/customers/codes", {"phone": self._phone}, dict[str, str])
        await self._join(sent["code_id"], name=name, tier=tier)

    async def _join(self, code_id: str, *, name: str, tier: str) -> None:
        asked = {
            "phone": self._phone,
            "name": name,
            "tier": tier,
            "language": self._language,
            "code_id": code_id,
            "code": await self._code_for(self._phone),
        }
        try:
            await self._post("/v1/customers", asked, dict[str, Any])
        except BankSaidNo as no:
            if no.code != "phone_taken":
                raise

    async def sign_in(self) -> Tokens:
        """Sign in as a person would in a browser; the tokens are kept."""
        verifier = encode_base64url(self._randomness.draw(_VERIFIER_BYTES))
        challenge = encode_base64url(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "scope": _SCOPES,
            "state": "s",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = await self._lane.ask("GET", f"/oauth/authorize?{urlencode(query)}", headers={})
        cookie = page.headers.get("set-cookie", "").partition(";")[0]
        page = await self._form("phone", page, cookie, {"phone": self._phone})
        code = await self._code_for(self._phone)
        page = await self._form("code", page, cookie, {"code": code})
        granted = parse_qs(urlsplit(page.headers.get("location", "")).query).get("code", [""])[0]
        if not granted:
            raise BankSaidNo("signing in led nowhere", code="", status=page.status, place="oauth")
        return await self._take_tokens(
            {
                "grant_type": "authorization_code",
                "code": granted,
                "redirect_uri": REDIRECT,
                "client_id": CLIENT_ID,
                "code_verifier": verifier,
            }
        )

    async def headers(self) -> dict[str, str]:
        """What a request of this customer bears now; signs in or renews if need be."""
        tokens = self.tokens
        if tokens is None:
            tokens = await self.sign_in()
        elif tokens.until_s - _SPARE_S < time.monotonic():
            tokens = await self._renew(tokens)
        return {
            "authorization": f"Bearer {tokens.access}",
            "accept-language": self._language,
            **_JSON,
        }

    async def open_wallet(self, opening: bytes) -> Decided:
        """Open a wallet by its signed opening; the same again changes nothing."""
        return await self._post("/v1/wallets", {"opening": opening.decode()}, Decided, own=True)

    async def fund(self, *, wallet: str, asset: str, amount: int, key: str) -> Decided:
        """Turn deposit money into digital money, once for each `key`."""
        asked = {"wallet": wallet, "asset": asset, "amount": amount}
        return await self._post(
            "/v1/funding", asked, Decided, own=True, more={"idempotency-key": key}
        )

    async def pay(self, order: bytes) -> Decided:
        """Hand in a signed order."""
        return await self._post("/v1/payments", {"order": order.decode()}, Decided, own=True)

    async def get(self, path: str, kind: type[_Told]) -> _Told:
        """Read something of one's own."""
        answer = await self._lane.ask("GET", path, headers=await self.headers())
        return _read(answer, kind, path)

    async def post(self, path: str, body: object, kind: type[_Told], *, key: str = "") -> _Told:
        """Ask for something of one's own; once for each `key`, where there is one."""
        more = {"idempotency-key": key} if key else {}
        return await self._post(path, body, kind, own=True, more=more)

    async def put(self, path: str, body: object) -> None:
        """Set something of one's own."""
        answer = await self._lane.ask(
            "PUT", path, headers=await self.headers(), body=msgspec.json.encode(body)
        )
        if answer.status not in _DONE:
            raise _refused(answer, path)

    async def _renew(self, tokens: Tokens) -> Tokens:
        asked = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        try:
            return await self._take_tokens({**asked, "client_id": CLIENT_ID})
        except BankSaidNo:
            # Used up by a run that was killed before it kept the new one.
            return await self.sign_in()

    async def _take_tokens(self, form: Mapping[str, str]) -> Tokens:
        body = urlencode(form).encode()
        answer = await self._lane.ask("POST", "/oauth/token", headers=_FORM, body=body)
        issued = _read(answer, _Issued, "/oauth/token")
        until_s = time.monotonic() + issued.expires_in
        self.tokens = Tokens(issued.access_token, issued.refresh_token, until_s)
        return self.tokens

    async def _form(
        self, step: str, page: Answer, cookie: str, fields: Mapping[str, str]
    ) -> Answer:
        token = _FORM_TOKEN.search(page.body.decode(errors="replace"))
        if token is None:
            raise _refused(page, f"/oauth/sign-in/{step}")
        body = urlencode({"form_token": token[1], **fields}).encode()
        headers = {**_FORM, "cookie": cookie}
        return await self._lane.ask("POST", f"/oauth/sign-in/{step}", headers=headers, body=body)

    async def _post(
        self,
        path: str,
        body: object,
        kind: type[_Told],
        *,
        own: bool = False,
        more: Mapping[str, str] | None = None,
    ) -> _Told:
        headers = await self.headers() if own else {"accept-language": self._language, **_JSON}
        answer = await self._lane.ask(
            "POST", path, headers={**headers, **(more or {})}, body=msgspec.json.encode(body)
        )
        return _read(answer, kind, path)


def _read(answer: Answer, kind: type[_Told], path: str) -> _Told:
    if answer.status not in (200, 201, _ON_ITS_WAY):
        raise _refused(answer, path)
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise BankSaidNo(
            f"its answer is not what it should be: {fault}",
            code="",
            status=answer.status,
            place=path,
        ) from None


def _refused(answer: Answer, path: str) -> BankSaidNo:
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        problem = _Problem()
    told = " ".join(part for part in (problem.title, problem.detail) if part)
    return BankSaidNo(
        told or f"it answered {answer.status}",
        code=problem.code,
        status=answer.status,
        place=path,
    )
