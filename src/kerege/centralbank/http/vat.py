# SPDX-License-Identifier: Apache-2.0
"""Value-added tax for its inspector: the graph of trade, and claims that wait."""

import asyncio

from litestar import Router, get

from kerege.centralbank.http.callers import CoreRequest
from kerege.centralbank.http.programmes import ProgrammeName, check_asker
from kerege.centralbank.register import Register
from kerege.centralbank.vat_books import VatBooks
from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.vat_graph import VatGraph
from kerege.service import Problem

__all__ = ["vat_routes"]


def vat_routes(books: VatBooks, register: Register) -> Router:
    """For the central bank's staff, and for the institution that keeps the authority's wallet."""

    @get("/{programme:str}/vat/graph", summary="Who invoices whom, and patterns to look at")
    async def read_graph(request: CoreRequest, programme: ProgrammeName) -> VatGraph:
        """Firms are wallets: who they are, their banks know."""
        check_asker(request.user, programme, register)
        graph = await asyncio.to_thread(books.graph, programme)
        if graph is None:
            raise Problem("not_found", "there is no such programme of value-added tax")
        return graph

    @get("/{programme:str}/vat/claims", summary="Claims that wait, with suggested answers")
    async def read_claims(request: CoreRequest, programme: ProgrammeName) -> OpenClaims:
        """The answer is what the check down the chain of suppliers suggests: the authority signs
        it, or another."""
        check_asker(request.user, programme, register)
        claims = await asyncio.to_thread(books.claims, programme)
        if claims is None:
            raise Problem("not_found", "there is no such programme of value-added tax")
        return claims

    return Router("/v1/programmes", route_handlers=[read_graph, read_claims], tags=["programmes"])
