# SPDX-License-Identifier: Apache-2.0
"""Routes by which a programme's funder reads what became of its money."""

import asyncio
from typing import Annotated, TypeVar

from litestar import Router, get
from litestar.params import QueryParameter

from kerege.bank.funder_reports import AskedTooOften, FunderReports
from kerege.bank.http.programmes import ProgrammeName
from kerege.bank.http.signed_in import WALLETS, CustomerRequest, needs
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.contract_tree import ContractTree
from kerege.programmes.report import ProgrammeReport
from kerege.programmes.vat_graph import VatGraph
from kerege.service import BEARER, Problem

__all__ = ["report_routes"]

_Time = Annotated[int, QueryParameter(ge=0, le=2**53, description="Microseconds since 1970 UTC.")]
_T = TypeVar("_T")


def report_routes(reports: FunderReports) -> Router:
    """For the customer who funds a programme, and whom its terms name; for others there is none."""

    @get("/{programme:str}/report", opt=needs(WALLETS), summary="What became of its money")
    async def read_report(
        request: CustomerRequest, programme: ProgrammeName, from_us: _Time, until_us: _Time
    ) -> ProgrammeReport:
        """What was marked, given, spent and returned in a period, where it is now, what rules
        refused, what to look at. Not complete: ask on from `until_us`."""
        if until_us < from_us:
            raise Problem("request_invalid", "the period ends before it begins", place="until_us")
        customer = request.user.customer
        return _told(
            await asyncio.to_thread(
                reports.report, customer, programme, from_us=from_us, until_us=until_us
            )
        )

    @get("/{programme:str}/tree", opt=needs(WALLETS), summary="Its contracts")
    async def read_tree(request: CustomerRequest, programme: ProgrammeName) -> ContractTree:
        """And where its money is among them."""
        return _told(await asyncio.to_thread(reports.tree, request.user.customer, programme))

    @get("/{programme:str}/vat/graph", opt=needs(WALLETS), summary="Who invoices whom")
    async def read_graph(request: CustomerRequest, programme: ProgrammeName) -> VatGraph:
        """With patterns to look at; for the tax authority."""
        return _told(await asyncio.to_thread(reports.vat_graph, request.user.customer, programme))

    @get("/{programme:str}/vat/claims", opt=needs(WALLETS), summary="Claims that wait")
    async def read_claims(request: CustomerRequest, programme: ProgrammeName) -> OpenClaims:
        """With the answer that the check of their chains suggests; for the tax authority."""
        return _told(await asyncio.to_thread(reports.vat_claims, request.user.customer, programme))

    return Router(
        "/v1/programmes",
        route_handlers=[read_report, read_tree, read_graph, read_claims],
        tags=["programmes"],
        security=[BEARER],
    )


def _told(found: _T | AskedTooOften) -> _T:
    """What was asked for; raises `Problem` 429 for who asked too often."""
    if isinstance(found, AskedTooOften):
        headers = {"retry-after": str(found.wait_s)}
        raise Problem("too_many_requests", "reports take the core seconds", headers=headers)
    return found
