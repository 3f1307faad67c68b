# SPDX-License-Identifier: Apache-2.0
"""Who is calling: institutions prove it by signing their requests (RFC 9421).

`SignedRequests` is middleware of the routes that want a signature. The body is read within its
limit and its digest compared before anything looks into it. The handler then has
`request.user`, the institution as the node knows it, and `request.auth`, what exactly was signed.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, Generic, Protocol, TypeVar

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from kerege.keys import PublicKey
from kerege.keys.http_signatures import (
    HttpRequest,
    HttpSignatureError,
    MemoryNonces,
    NonceStore,
    VerifiedRequest,
    verify_request,
)
from kerege.runtime import Clock
from kerege.service.problems import Problem
from kerege.service.rates import Rates

__all__ = [
    "REPEATABLE",
    "Caller",
    "Callers",
    "Gate",
    "SignedRequests",
    "limit_addresses",
    "require_rate",
]

_US: Final = 1_000_000

REPEATABLE: Final = "repeatable"
"""`@post(opt={REPEATABLE: True})`: taking the same request twice does no harm, as with orders,
whose ids make repeats harmless. GET is repeatable by itself."""


class Caller(Protocol):
    """What this room asks of an institution."""

    @property
    def id(self) -> str:
        """Its name."""


C_co = TypeVar("C_co", bound=Caller, covariant=True)


class Callers(Protocol[C_co]):
    """The institutions a node knows, by the name of their key."""

    def find(self, keyid: str) -> tuple[C_co, PublicKey] | None:
        """The holder of the key and the key; None if it is not (or no longer) registered."""


class Gate(Generic[C_co]):
    """Checks signatures for one node.

    `authority` is the node's own name, `host:port` as its clients write it: a request signed for
    another node is not taken here. Every nonce is remembered in this process; for requests that
    are not repeatable also in `shared`, so that neither a restart nor another process of the node
    takes them again. `charge` meters the institution, `failures` addresses whose signatures fail.
    """

    def __init__(
        self,
        callers: Callers[C_co],
        clock: Clock,
        *,
        authority: Callable[[], str],
        shared: NonceStore | None = None,
        rates: Rates | None = None,
        failures: Rates | None = None,
    ) -> None:
        self._callers = callers
        self._clock = clock
        self._authority = authority
        self._shared = shared
        self._rates = rates
        self._failures = failures
        self._nonces = MemoryNonces()

    async def admit(self, request: Request[Any, Any, Any]) -> tuple[C_co, VerifiedRequest]:
        """Who sent `request` and what was signed; raises `Problem` or as `verify_request` does."""
        now_us = self._clock.now_us()
        address = request.client.host if request.client else ""
        if self._failures is not None:
            _refuse_if_waiting(self._failures.look(address, now_us=now_us))
        body = await request.body()
        found: list[C_co] = []
        try:
            verified = verify_request(
                _as_signed(request, body),
                find_key=lambda keyid: self._find(keyid, found),
                nonces=self._nonces,
                now_s=now_us // _US,
            )
            self._check_authority(verified)
        except Exception:
            if self._failures is not None:
                self._failures.take(address, now_us=now_us)
            raise
        caller = found[0]
        if self._rates is not None:
            require_rate(self._rates, caller.id, now_us=now_us)
        if self._shared is not None and not _is_repeatable(request):
            await asyncio.to_thread(self._claim, self._shared, verified, now_us // _US)
        return caller, verified

    def _find(self, keyid: str, found: list[C_co]) -> PublicKey | None:
        holder = self._callers.find(keyid)
        if holder is None:
            return None
        found.append(holder[0])
        return holder[1]

    def _check_authority(self, verified: VerifiedRequest) -> None:
        ours = self._authority()
        if verified.authority != ours:
            raise HttpSignatureError(
                f"signed for {verified.authority}, this is {ours}", place="@authority"
            )

    @staticmethod
    def _claim(shared: NonceStore, verified: VerifiedRequest, now_s: int) -> None:
        # As long as `verify_request` remembers it, see there.
        until_s = verified.expires_s + 30
        shared.claim(keyid=verified.keyid, nonce=verified.nonce, until_s=until_s, now_s=now_s)


class SignedRequests:
    """Middleware: `Router(middleware=[SignedRequests.of(gate)])`."""

    def __init__(self, app: ASGIApp, gate: Gate[Any]) -> None:
        self._app = app
        self._gate = gate

    @classmethod
    def of(cls, gate: Gate[Any]) -> Callable[[ASGIApp], ASGIApp]:
        """What Litestar wants of a middleware, for this gate."""
        return lambda app: cls(app, gate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit the request or raise; the body that was read is kept for the handler."""
        if scope["type"] == ScopeType.HTTP:
            request: Request[Any, Any, Any] = Request(scope, receive, send)
            scope["user"], scope["auth"] = await self._gate.admit(request)
        await self._app(scope, receive, send)


def limit_addresses(rates: Rates, clock: Clock) -> Callable[[ASGIApp], ASGIApp]:
    """Middleware for routes that are open to anyone: `Router(middleware=[limit_addresses(...)])`.

    Behind a proxy all share its address, and limiting addresses is the proxy's affair.
    """

    # A function, not an object's method: Litestar copies routers with all that is in them.
    def middleware(app: ASGIApp) -> ASGIApp:
        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            client = scope["client"]
            address = client[0] if client else ""
            require_rate(rates, address, now_us=clock.now_us())
            await app(scope, receive, send)

        return limited

    return middleware


def require_rate(rates: Rates, caller: str, *, now_us: int, tokens: float = 1) -> None:
    """Take `tokens` of `caller`'s bucket; raises `Problem` 429 with `Retry-After`."""
    _refuse_if_waiting(rates.take(caller, now_us=now_us, tokens=tokens))


def _refuse_if_waiting(wait_s: float) -> None:
    if wait_s > 0:
        raise Problem("too_many_requests", headers={"retry-after": str(int(wait_s) + 1)})


def _as_signed(request: Request[Any, Any, Any], body: bytes) -> HttpRequest:
    scope = request.scope
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    ]
    hosts = [value for name, value in headers if name == "host"]
    if len(hosts) != 1:
        raise HttpSignatureError(f"one Host, not {len(hosts)}", place="host")
    return HttpRequest(
        method=scope["method"],
        authority=hosts[0],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
    )


def _is_repeatable(request: Request[Any, Any, Any]) -> bool:
    return request.method == "GET" or bool(request.route_handler.opt.get(REPEATABLE))
