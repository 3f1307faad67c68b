# SPDX-License-Identifier: Apache-2.0
"""Routes of the identity provider: what it decides is carried to browsers and programs as it is."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kerege.bank.http.sign_in_page import sign_in_page
from kerege.bank.http.signed_in import PROFILE, CustomerRequest, language_of, needs
from kerege.bank.identity.provider import IdentityProvider, Page
from kerege.bank.identity.sign_in import SIGN_IN_LIFE_S
from kerege.bank.identity.web import Answer, MalformedParameters, read_parameters
from kerege.runtime.clock import Clock
from kerege.service import BEARER, Problem, Rates, require_rate

__all__ = ["SignInStep", "identity_routes"]

_COOKIE: Final = "kerege_sign_in"
_FORM: Final = "application/x-www-form-urlencoded"
_PAGE_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}

AnyRequest = Request[Any, Any, Any]


class SignInStep(Struct, frozen=True):
    """The page, for a program that shows its own: see `provider.Page`."""

    step: str
    form_token: str
    problem: str = ""
    wait_s: int = 0


def identity_routes(
    provider: IdentityProvider, rates: Rates, clock: Clock, signed_in: Any
) -> list[Router]:
    """`rates` bounds what an address may ask for; `signed_in` is `SignedInOnly` of this bank."""
    door = _Door(provider, rates, clock)

    @get("/oauth/userinfo", opt=needs(PROFILE), summary="Who I am", security=[BEARER])
    async def userinfo(request: CustomerRequest) -> dict[str, Any]:
        """OpenID Connect Core 1.0 section 5.3."""
        return await asyncio.to_thread(provider.userinfo, request.user)

    return [
        Router("/", route_handlers=[*_page_routes(door), *_token_routes(door)], tags=["identity"]),
        Router("/", route_handlers=[userinfo], middleware=[signed_in], tags=["identity"]),
    ]


class _Door:
    """What all of these routes need: the provider, how often an address may ask."""

    def __init__(self, provider: IdentityProvider, rates: Rates, clock: Clock) -> None:
        self.provider = provider
        self._rates = rates
        self._clock = clock

    def admit(self, request: AnyRequest) -> None:
        address = request.client.host if request.client else ""
        require_rate(self._rates, address, now_us=self._clock.now_us())

    def told(self, request: AnyRequest, found: Page | Answer) -> Response[bytes]:
        if isinstance(found, Answer):
            return _carried(found)
        if "application/json" in request.headers.get("accept", ""):
            # A program without a browser walks through the same two steps.
            shown = SignInStep(found.step, found.form_token, found.problem, found.wait_s)
            body, kind = msgspec.json.encode(shown), "application/json"
        else:
            body = sign_in_page(found, language_of(request)).encode()
            kind = "text/html; charset=utf-8"
        cookie = Cookie(
            _COOKIE,
            value=found.cookie,
            path="/oauth",
            max_age=SIGN_IN_LIFE_S,
            httponly=True,
            secure=self.provider.issuer.startswith("https:"),
            samesite="lax",
        )
        return Response(body, media_type=kind, headers=_PAGE_HEADERS, cookies=[cookie])


def _page_routes(door: _Door) -> list[ControllerRouterHandler]:
    """The sign-in page and its forms."""
    provider = door.provider

    @get("/oauth/authorize", summary="Begin to sign in", media_type="text/html")
    async def authorize(request: AnyRequest) -> Response[bytes]:
        """The page that asks for a telephone number (RFC 6749 section 4.1.1, with PKCE)."""
        door.admit(request)
        query = request.scope["query_string"].decode("ascii", "replace")
        return door.told(request, await asyncio.to_thread(provider.authorize, query))

    @post("/oauth/sign-in/{step:str}", status_code=200, include_in_schema=False)
    async def sign_in(request: AnyRequest, step: FromPath[str]) -> Response[bytes]:
        """The page's forms."""
        door.admit(request)
        form = await _form(request)
        cookie, token = request.cookies.get(_COOKIE, ""), form.get("form_token", "")
        if step == "phone":
            given = form.get("phone", "")
            found = await asyncio.to_thread(provider.give_phone, cookie, token, given)
        elif step == "code":
            given = form.get("code", "")
            found = await asyncio.to_thread(provider.give_code, cookie, token, given)
        elif step == "cancel":
            found = await asyncio.to_thread(provider.cancel, cookie, token)
        else:
            raise Problem("not_found")
        return door.told(request, found)

    return [authorize, sign_in]


def _token_routes(door: _Door) -> list[ControllerRouterHandler]:
    """What programs ask."""
    provider = door.provider

    @get("/.well-known/openid-configuration", summary="What this identity provider does")
    async def discovery() -> dict[str, Any]:
        """OpenID Connect Discovery 1.0."""
        return provider.discovery()

    @get("/oauth/jwks", summary="Public keys of tokens")
    async def key_set() -> dict[str, Any]:
        """RFC 7517."""
        return provider.key_set()

    @post("/oauth/token", status_code=200, include_in_schema=False)
    async def token(request: AnyRequest) -> Response[bytes]:
        """Tokens for a code or a refresh token (RFC 6749 sections 4.1.3 and 6)."""
        door.admit(request)
        body, dpop = await _body(request), request.headers.get("dpop")
        return _carried(await asyncio.to_thread(provider.token, body, dpop=dpop))

    @post("/oauth/revoke", status_code=200, include_in_schema=False)
    async def revoke(request: AnyRequest) -> Response[bytes]:
        """Sign out (RFC 7009)."""
        door.admit(request)
        return _carried(await asyncio.to_thread(provider.revoke, await _body(request)))

    return [discovery, key_set, token, revoke]


def _carried(answer: Answer) -> Response[bytes]:
    headers = dict(answer.headers)
    kind = headers.pop("content-type", "text/plain")
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=kind)


async def _body(request: AnyRequest) -> bytes:
    # Read also where it is refused: a connection on which a body is left over is closed.
    body = await request.body()
    given, _ = request.content_type
    if given != _FORM:
        raise Problem("media_type_wrong", f"send {_FORM}", place="content-type")
    return body


async def _form(request: AnyRequest) -> dict[str, str]:
    try:
        return read_parameters(await _body(request))
    except MalformedParameters as fault:
        raise Problem("request_invalid", fault.message, place=fault.place) from None
