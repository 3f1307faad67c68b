# SPDX-License-Identifier: Apache-2.0
"""Who is asking: a customer's program shows an access token, and each route says what it needs.

A token that is missing, over or another's is answered 401 alike. What is nobody's business is
answered 404, as what is not there.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from kerege.bank.customer import CustomerId
from kerege.runtime.clock import Clock
from kerege.service import Problem, Rates, choose_language, require_rate

__all__ = [
    "PAYMENTS",
    "WALLETS",
    "CustomerRequest",
    "SignIns",
    "SignedIn",
    "SignedInOnly",
    "language_of",
    "needs",
]

WALLETS: Final = "wallets"
PAYMENTS: Final = "payments"
"""Scopes of a token: seeing wallets, and moving money (RFC 6749 section 3.3)."""


class SignedIn(Struct, frozen=True):
    """A customer's session at one program. `id` is the session's."""

    customer: CustomerId
    id: str
    scopes: frozenset[str]


CustomerRequest = Request[SignedIn, Any, Any]


class SignIns(Protocol):
    """Knows whose a token is; asked for every request, so it answers from memory where it can."""

    def find(
        self, authorization: str, proof: str, *, method: str, url: str
    ) -> SignedIn | None:
        """The session that `Authorization` (and `DPoP`, RFC 9449) prove; None if they do not."""


class SignedInOnly:
    """Middleware: `Router(middleware=[SignedInOnly.of(...)])`; sets `request.user`."""

    def __init__(self, app: ASGIApp, sign_ins: SignIns, rates: Rates, clock: Clock) -> None:
        self._app = app
        self._sign_ins = sign_ins
        self._rates = rates
        self._clock = clock

    @classmethod
    def of(cls, sign_ins: SignIns, rates: Rates, clock: Clock) -> Callable[[ASGIApp], ASGIApp]:
        """What Litestar wants of a middleware."""
        return lambda app: cls(app, sign_ins, rates, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through as the session's, or raise."""
        if scope["type"] == ScopeType.HTTP:
            user = self._admit(Request(scope))
            require_rate(self._rates, user.customer, now_us=self._clock.now_us())
            scope["user"], scope["auth"] = user, None
        await self._app(scope, receive, send)

    def _admit(self, request: Request[Any, Any, Any]) -> SignedIn:
        given = request.headers.getall("authorization", [])
        proofs = request.headers.getall("dpop", [])
        if len(given) == 1 and len(proofs) <= 1:
            url = f"{request.url.scheme}://{request.url.netloc}{request.url.path}"
            proof = proofs[0] if proofs else ""
            user = self._sign_ins.find(given[0], proof, method=request.method, url=url)
            if user is not None:
                return user
        raise Problem("sign_in_required")


def needs(scope: str) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]:
    """A guard: `@get(guards=[needs(WALLETS)])` wants a token with that scope."""

    def check(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        user: SignedIn = connection.user
        if scope not in user.scopes:
            raise Problem("not_allowed", f"the token lacks the scope {scope}", place="scope")

    return check


def language_of(request: Request[Any, Any, Any]) -> str:
    """The language to answer in: kk, ru or en."""
    return choose_language(request.headers.get("accept-language", ""))
