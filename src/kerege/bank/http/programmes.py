# SPDX-License-Identifier: Apache-2.0
"""Routes of programmes: what money with a purpose may be spent on, for those who have it."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import PathParameter, QueryParameter

from kerege.bank.http.signed_in import WALLETS, CustomerRequest, needs
from kerege.bank.programmes import Programmes
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.service import BEARER, Problem

__all__ = ["ProgrammeName", "programme_routes"]

_NAME: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_LONGEST: Final = 32

ProgrammeName = Annotated[
    str, PathParameter(pattern=_NAME, max_length=_LONGEST, description="A programme's id.")
]
_After = Annotated[
    str,
    QueryParameter(
        pattern=rf"{_NAME}|^$", max_length=_LONGEST, description="The `next` of the last page."
    ),
]
_Version = Annotated[
    int, QueryParameter(ge=0, le=10_000, description="Whose terms; 0: the newest.")
]


def programme_routes(programmes: Programmes) -> Router:
    """The routes; what the core published, at most half a minute ago."""

    @get("/", opt=needs(WALLETS), summary="Programmes, by id")
    async def list_programmes(request: CustomerRequest, after: _After = "") -> ProgrammeList:
        """A page of them, closed ones too."""
        del request
        return await asyncio.to_thread(programmes.list, after)

    @get("/{programme:str}", opt=needs(WALLETS), summary="One programme, with its signed terms")
    async def show_programme(
        request: CustomerRequest, programme: ProgrammeName, version: _Version = 0
    ) -> ProgrammePage:
        """Its state, the terms of a version, and its versions."""
        del request
        page = await asyncio.to_thread(programmes.page, programme, version)
        if page is None:
            raise Problem("not_found", "there is no such programme, or not this version of it")
        return page

    return Router(
        "/v1/programmes",
        route_handlers=[list_programmes, show_programme],
        tags=["programmes"],
        security=[BEARER],
    )
