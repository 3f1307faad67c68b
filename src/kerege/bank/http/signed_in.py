# SPDX-License-Identifier: Apache-2.0
"""Who is asking: a customer's program shows an access token, and each route says what it needs.

A token that is missing, over or another's is answered 401 alike. What is nobody's business is
answered 404, as what is not there.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from kerege.bank.identity.guard import Principal, Unauthenticated
from kerege.runtime.clock import Clock
from kerege.service import BODY_BYTES, Problem, Rates, choose_language, require_rate

__all__ = [
    "PAYMENTS",
    "PROFILE",
    "WALLETS",
    "CustomerRequest",
    "Door",
    "SignIns",
    "SignedInOnly",
    "language_of",
    "needs",
]

PROFILE: Final = "openid"
WALLETS: Final = "wallets"
PAYMENTS: Final = "payments"
"""Scopes of a token: who one is, seeing wallets, moving money (RFC 6749 section 3.3)."""

_SCOPE: Final = "scope_of_token"

BELIEVED_US: Final = 500_000
"""How long a token that was good is believed to be: verifying one costs more than all else about
a small request. Who signs out is let in this much longer at most, beside `SEEN_WITHIN_S`."""

_MAX_SEEN: Final = 10_000
"""Tokens remembered, some 10 MB."""

CustomerRequest = Request[Principal, Any, Any]


class SignIns(Protocol):
    """Knows whose a token is: `identity.provider.IdentityProvider`."""

    def authenticate(
        self,
        authorization: str | None,
        *,
        scope: str,
        method: str,
        path: str,
        dpop: str | None = None,
    ) -> Principal:
        """Who sent a request. Raises `Unauthenticated`."""


class Door:
    """Lets customers in: who they are, by their token, and not too often. One for a process."""

    def __init__(self, sign_ins: SignIns, rates: Rates, clock: Clock) -> None:
        self._sign_ins = sign_ins
        self._rates = rates
        self._clock = clock
        self._seen: dict[tuple[bytes, str], tuple[int, Principal]] = {}

    def admit(self, scope: HTTPScope, wanted: str) -> Principal:
        """Who sends the request, with the scope `wanted`. Raises `Problem`.

        A bearer token that was good a moment ago is not verified anew.
        """
        now_us = self._clock.now_us()
        given, proof = _credentials(scope)
        until_us, user = self._seen.get((given, wanted), (0, None))
        if user is None or until_us <= now_us or proof:
            user = self._verify(scope, given, proof, wanted)
            if not proof:
                self._remember(given, wanted, now_us + BELIEVED_US, user)
        require_rate(self._rates, user.customer, now_us=now_us)
        return user

    def _remember(self, given: bytes, wanted: str, until_us: int, user: Principal) -> None:
        if len(self._seen) >= _MAX_SEEN:
            self._seen.clear()
        self._seen[given, wanted] = (until_us, user)

    def _verify(self, scope: HTTPScope, given: bytes, proof: bytes, wanted: str) -> Principal:
        try:
            return self._sign_ins.authenticate(
                given.decode("latin-1") if given else None,
                scope=wanted,
                method=scope["method"],
                path=scope["raw_path"].decode("ascii", "replace"),
                dpop=proof.decode("latin-1") if proof else None,
            )
        except Unauthenticated as fault:
            code = "sign_in_required" if fault.status == _UNAUTHORIZED else "not_allowed"
            headers = {"www-authenticate": fault.challenge}
            raise Problem(code, fault.message, headers=headers) from None


class SignedInOnly:
    """Middleware: `Router(middleware=[SignedInOnly.of(door)])`; sets `request.user`."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    @classmethod
    def of(cls, door: Door) -> Callable[[ASGIApp], ASGIApp]:
        """What Litestar wants of a middleware."""
        return lambda app: cls(app, door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through as the customer's, or raise."""
        if scope["type"] == ScopeType.HTTP:
            try:
                user = self._door.admit(scope, scope["route_handler"].opt[_SCOPE])
            except Problem:
                await _drain(receive)
                raise
            scope["user"], scope["auth"] = user, None
        await self._app(scope, receive, send)


def _credentials(scope: HTTPScope) -> tuple[bytes, bytes]:
    """`Authorization` and `DPoP`, empty where there is none. Raises `Problem` for two."""
    given, proof = b"", b""
    for name, value in scope["headers"]:
        if name == b"authorization":
            given = _once(given, value)
        elif name == b"dpop":
            proof = _once(proof, value)
    return given, proof


def _once(before: bytes, value: bytes) -> bytes:
    if before:
        raise Problem("sign_in_required", "sent more than once", place="authorization")
    return value


_UNAUTHORIZED: Final = 401


async def _drain(receive: Receive) -> None:
    """Read the body that is not wanted: a connection on which one is left over is closed, and the
    client's next request, with a better token, would be lost with it."""
    left = BODY_BYTES
    while left > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return
        left -= len(message.get("body", b""))


def needs(scope: str) -> dict[str, Any]:
    """`@get(opt=needs(WALLETS))`: the route wants a token with that scope."""
    return {_SCOPE: scope}


def language_of(request: Request[Any, Any, Any]) -> str:
    """The language to answer in: kk, ru or en."""
    return choose_language(request.headers.get("accept-language", ""))
