# SPDX-License-Identifier: Apache-2.0
"""Programmes as anyone may read them: who funds what, on which terms, in which state."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import PathParameter, QueryParameter

from kerege.centralbank.programme_pages import programme_list, programme_page
from kerege.centralbank.register import Register
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.service import Problem

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


def programme_routes(register: Register) -> Router:
    """The routes; for anyone."""

    @get("/", summary="Programmes, by id")
    async def read_programmes(after: _After = "") -> ProgrammeList:
        """A page of them, closed ones too."""
        return await asyncio.to_thread(programme_list, register, after=after)

    @get("/{programme:str}", summary="One programme, with its terms as they were signed")
    async def read_programme(programme: ProgrammeName, version: _Version = 0) -> ProgrammePage:
        """Its state, the terms of a version, and its versions."""
        page = await asyncio.to_thread(programme_page, register, programme, version=version)
        if page is None:
            raise Problem("not_found", "there is no such programme, or not this version of it")
        return page

    return Router(
        "/v1/programmes",
        route_handlers=[read_programmes, read_programme],
        tags=["programmes"],
    )
