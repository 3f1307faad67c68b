# SPDX-License-Identifier: Apache-2.0
"""Who is calling: institutions prove it by signing their requests (RFC 9421).

`SignedRequests` is middleware of the routes that want a signature. It is verified before the body
is read, and the body's digest before anything looks into it. The handler then has `request.user`,
the institution as the node knows it, and `request.auth`, what exactly was signed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Generic, Protocol, TypeVar

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from kerege.keys import InvalidSignatureError, PublicKey
from kerege.keys.http_signatures import (
    HttpRequest,
    HttpSignatureError,
    MemoryNonces,
    NonceStore,
    VerifiedHead,
    VerifiedRequest,
    verify_head,
)
from kerege.keys.http_signatures.limits import MAX_CLOCK_SKEW_S
from kerege.runtime import Clock
from kerege.service.problems import Problem
from kerege.service.rates import Rates
from kerege.service.straight import header_of

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
    takes them again. `rates` limits institutions, `failures` addresses whose signatures fail.
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
        handler = request.route_handler
        return await self.admit_scope(
            request.scope,
            request.body,
            max_bytes=handler.resolve_request_max_body_size(),
            is_repeatable=request.method == "GET" or bool(handler.opt.get(REPEATABLE)),
        )

    async def admit_scope(
        self,
        scope: HTTPScope,
        read: Callable[[], Awaitable[bytes]],
        *,
        max_bytes: int | None,
        is_repeatable: bool,
    ) -> tuple[C_co, VerifiedRequest]:
        """`admit` where no framework has read the request: `read` gives its body."""
        now_us = self._clock.now_us()
        client = scope["client"]
        address = client[0] if client else ""
        if self._failures is not None:
            _refuse_if_waiting(self._failures.look(address, now_us=now_us))
        _check_announced_size(scope, max_bytes)
        try:
            caller, head = self._look_at_head(scope, now_us // _US)
            if self._rates is not None:
                require_rate(self._rates, caller.id, now_us=now_us)
            # Only now: strangers cannot make a node keep bodies.
            verified = head.take_body(await read(), nonces=self._nonces, now_s=now_us // _US)
        except (HttpSignatureError, InvalidSignatureError):
            if self._failures is not None:
                self._failures.take(address, now_us=now_us)
            raise
        if self._shared is not None and not is_repeatable:
            await asyncio.to_thread(self._claim, self._shared, verified, now_us // _US)
        return caller, verified

    def _look_at_head(self, scope: HTTPScope, now_s: int) -> tuple[C_co, VerifiedHead]:
        """Who signed; raises what `verify_head` does."""
        found: list[C_co] = []

        def find_key(keyid: str) -> PublicKey | None:
            holder = self._callers.find(keyid)
            if holder is None:
                return None
            found.append(holder[0])
            return holder[1]

        asked, has_body = _as_signed(scope)
        head = verify_head(asked, has_body=has_body, find_key=find_key, now_s=now_s)
        ours = self._authority()
        if head.authority != ours:
            raise HttpSignatureError(
                f"signed for {head.authority}, this is {ours}", place="@authority"
            )
        return found[0], head

    @staticmethod
    def _claim(shared: NonceStore, verified: VerifiedRequest, now_s: int) -> None:
        # As long as `verify_request` remembers it, see there.
        until_s = verified.expires_s + MAX_CLOCK_SKEW_S
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


def _check_announced_size(scope: HTTPScope, most: int | None) -> None:
    announced = header_of(scope, b"content-length").decode("latin-1")
    if most is not None and announced.isdigit() and int(announced) > most:
        raise Problem("body_too_large", f"at most {most} bytes")


def _as_signed(scope: HTTPScope) -> tuple[HttpRequest, bool]:
    """The request without its body, and whether it has one."""
    headers = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in scope["headers"]]
    hosts = [value for name, value in headers if name == "host"]
    if len(hosts) != 1:
        raise HttpSignatureError(f"one Host, not {len(hosts)}", place="host")
    # RFC 9112 section 6: without either field there is no body.
    has_body = any(
        name == "transfer-encoding" or (name == "content-length" and value.strip("0"))
        for name, value in headers
    )
    asked = HttpRequest(
        method=scope["method"],
        authority=hosts[0],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=b"",
    )
    return asked, has_body
