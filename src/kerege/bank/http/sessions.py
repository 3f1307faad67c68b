# SPDX-License-Identifier: Apache-2.0
"""Routes of one's sessions: where one is signed in, and ending what one does not know."""

import asyncio
from typing import Annotated

from litestar import Router, delete, get
from litestar.params import PathParameter
from msgspec import Struct

from kerege.bank.http.signed_in import PROFILE, CustomerRequest, needs
from kerege.bank.identity.sessions import Sessions
from kerege.bank.ownership import NothingHere
from kerege.service import BEARER

__all__ = ["SessionList", "SessionView", "session_routes"]

_SessionName = Annotated[str, PathParameter(pattern=r"^ses_[0-9a-f]{32}$")]


class SessionView(Struct, frozen=True):
    """A session: with which program, what it may do, since when, last used, until when. `bound`:
    every request must prove a key (DPoP)."""

    session: str
    client: str
    scope: str
    started_us: int
    used_us: int
    ends_us: int
    bound: bool


class SessionList(Struct, frozen=True):
    """Those that last, latest first."""

    sessions: list[SessionView]


def session_routes(sessions: Sessions) -> Router:
    """The routes."""

    @get("/", opt=needs(PROFILE), summary="Where I am signed in")
    async def list_sessions(request: CustomerRequest) -> SessionList:
        """Every session that lasts."""
        found = await asyncio.to_thread(sessions.list, request.user.customer)
        return SessionList(
            [
                SessionView(
                    session=one.id,
                    client=one.client,
                    scope=one.scope,
                    started_us=one.started_us,
                    used_us=one.used_us,
                    ends_us=one.ends_us,
                    bound=one.thumbprint is not None,
                )
                for one in found
            ]
        )

    @delete("/{session:str}", status_code=204, opt=needs(PROFILE), summary="End a session")
    async def end_session(request: CustomerRequest, session: _SessionName) -> None:
        """Noticed by every process of the bank within two seconds."""
        customer = request.user.customer
        if not await asyncio.to_thread(sessions.end, customer, session):
            raise NothingHere("session")

    @delete("/", status_code=204, opt=needs(PROFILE), summary="End all my sessions")
    async def end_all(request: CustomerRequest) -> None:
        """This one too: for a telephone that is lost."""
        await asyncio.to_thread(sessions.end_all, request.user.customer)

    return Router(
        "/v1/me/sessions",
        route_handlers=[list_sessions, end_session, end_all],
        tags=["people"],
        security=[BEARER],
    )
