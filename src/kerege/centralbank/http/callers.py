# SPDX-License-Identifier: Apache-2.0
"""Who calls the core: participants by their keys, and what their roles let them do."""

from collections.abc import Callable
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Participant, Role
from kerege.keys import PublicKey
from kerege.keys.http_signatures import VerifiedRequest
from kerege.service import Problem

__all__ = [
    "KEEPS_WALLETS",
    "CoreRequest",
    "Guard",
    "RegisterCallers",
    "require_active",
    "require_roles",
]

CoreRequest = Request[Participant, VerifiedRequest, State]

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]

KEEPS_WALLETS: Final = frozenset({Role.INTERMEDIARY, Role.AGENCY, Role.OPERATOR})
"""Roles that may keep wallets, and so bring their orders."""


class RegisterCallers:
    """`Callers` of the register; another node's changes are seen as soon as it looks for them."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def find(self, keyid: str) -> tuple[Participant, PublicKey] | None:
        """As `Callers.find`; `keyid` is the thumbprint of a key in force."""
        return self._register.participant_of_key(keyid)


def require_roles(*roles: str) -> Guard:
    """Let in whoever has one of `roles`; others get 403."""

    def check(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if not connection.user.roles & frozenset(roles):
            raise Problem("not_allowed", f"for {', '.join(sorted(roles))}", place="role")

    return check


def require_active(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let in whoever is not suspended; others get 403. They may still read what is theirs."""
    if connection.user.suspended:
        raise Problem("institution_suspended")
