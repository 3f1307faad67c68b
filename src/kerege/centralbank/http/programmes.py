# SPDX-License-Identifier: Apache-2.0
"""Programmes as anyone may read them, and their reports for those who answer for the money."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import PathParameter, QueryParameter

from kerege.centralbank.contract_trees import ContractTrees
from kerege.centralbank.http.callers import CoreRequest
from kerege.centralbank.programme_pages import programme_list, programme_page
from kerege.centralbank.programme_report import ProgrammeReports
from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Participant, Role
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.programmes.report import ProgrammeReport
from kerege.service import Problem

__all__ = ["ProgrammeName", "check_asker", "programme_routes", "report_routes"]

_NAME: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_LONGEST: Final = 32
_INSIDE: Final = frozenset({Role.STAFF, Role.OPERATOR})

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


_Time = Annotated[int, QueryParameter(ge=0, le=2**53, description="Microseconds since 1970 UTC.")]


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


def report_routes(reports: ProgrammeReports, trees: ContractTrees, register: Register) -> Router:
    """What is for the funder and other readers, by way of who keeps their wallets."""

    @get("/{programme:str}/report", summary="What was marked, where it is, what it was spent on")
    async def read_report(
        request: CoreRequest, programme: ProgrammeName, from_us: _Time, until_us: _Time
    ) -> ProgrammeReport:
        """For the central bank's staff, and for the institution that keeps a reader's wallet."""
        check_asker(request.user, programme, register)
        if until_us < from_us:
            raise Problem("request_invalid", "the period ends before it begins", place="until_us")
        report = await asyncio.to_thread(
            reports.report, programme, from_us=from_us, until_us=until_us
        )
        if report is None:
            raise Problem("not_found", "there is no such programme")
        return report

    @get("/{programme:str}/tree", summary="Its contracts, and where its money is among them")
    async def read_tree(request: CoreRequest, programme: ProgrammeName) -> ContractTree:
        """For the central bank's staff, and for the institution that keeps a reader's wallet."""
        check_asker(request.user, programme, register)
        tree = await asyncio.to_thread(trees.tree, programme)
        if tree is None:
            raise Problem("not_found", "there is no such programme")
        return tree

    return Router("/v1/programmes", route_handlers=[read_report, read_tree], tags=["programmes"])


def check_asker(caller: Participant, programme: str, register: Register) -> None:
    """Raise `Problem` unless it is staff, or an institution that keeps the wallet of one whom the
    newest terms let read (`Programme.readers`)."""
    if caller.roles & _INSIDE:
        return
    record = register.programme_records().get(programme)
    readers = frozenset[str]() if record is None else record.newest.terms.readers
    kept = (register.wallet(wallet) for wallet in readers)
    if not any(one is not None and one.bank == caller.id for one in kept):
        raise Problem("not_allowed", "only for the institution of the programme's funder")
