# SPDX-License-Identifier: Apache-2.0
"""Who calls the core: participants by their keys, and what their roles let them do."""

from collections.abc import Callable
from typing import Final

from litestar import Request
from litestar.datastructures import State
from litestar.types import ASGIApp, Receive, Scope, Send

from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Participant, Role
from kerege.keys import PublicKey
from kerege.keys.http_signatures import VerifiedRequest
from kerege.service import Problem

__all__ = [
    "KEEPS_WALLETS",
    "CoreRequest",
    "RegisterCallers",
    "check_roles",
    "require_active",
    "require_roles",
]

CoreRequest = Request[Participant, VerifiedRequest, State]

KEEPS_WALLETS: Final = frozenset({Role.INTERMEDIARY, Role.AGENCY, Role.OPERATOR})
"""Roles that may keep wallets, and so bring their orders."""


class RegisterCallers:
    """`Callers` of the register; another node's changes are seen as soon as it looks for them."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def find(self, keyid: str) -> tuple[Participant, PublicKey] | None:
        """As `Callers.find`; `keyid` is the thumbprint of a key in force."""
        return self._register.participant_of_key(keyid)


def require_roles(*roles: str) -> Callable[[ASGIApp], ASGIApp]:
    """Middleware that lets in whoever has one of `roles`; others get 403.

    Not a guard of Litestar: it copies the handler for each guard and request, and runs those that
    do not await in a thread; on the way of an order that is a third of the time.
    """
    allowed = frozenset(roles)

    def middleware(app: ASGIApp) -> ASGIApp:
        async def check(scope: Scope, receive: Receive, send: Send) -> None:
            check_roles(scope["user"], allowed)
            await app(scope, receive, send)

        return check

    return middleware


def check_roles(caller: Participant, allowed: frozenset[str]) -> None:
    """Raise `Problem` 403 unless the caller has one of these roles."""
    if not caller.roles & allowed:
        raise Problem("not_allowed", f"for {', '.join(sorted(allowed))}", place="role")


def require_active(app: ASGIApp) -> ASGIApp:
    """Middleware that lets in whoever is not suspended; others get 403, and may still read what
    is theirs."""

    async def check(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["user"].suspended:
            raise Problem("institution_suspended")
        await app(scope, receive, send)

    return check
