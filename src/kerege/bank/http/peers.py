# SPDX-License-Identifier: Apache-2.0
"""Routes for other institutions: what a payer's bank asks the payee's, by signed requests."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.params import PathParameter

from kerege.bank.neighbours import NameAnswer, PeerBanks, RequestAnswer
from kerege.bank.ownership import NothingHere
from kerege.bank.peers import Peer
from kerege.service import SIGNED, Gate, SignedRequests

__all__ = ["peer_routes"]

_WalletName = Annotated[
    str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$", description="`wal_` and 32 hex digits")
]
_RequestName = Annotated[
    str, PathParameter(pattern=r"^req_[0-9a-f]{32}$", description="`req_` and 32 hex digits")
]


def peer_routes(neighbours: PeerBanks, gate: Gate[Peer]) -> Router:
    """`gate` knows the country's institutions."""

    @get("/names/{wallet:str}", summary="What the owner of a wallet shows to payers")
    async def show_name(request: Request[Peer, Any, Any], wallet: _WalletName) -> NameAnswer:
        """A masked name; empty where nothing is shown, and where there is no such wallet."""
        del request
        return NameAnswer(await asyncio.to_thread(neighbours.own_name, wallet))

    @get("/requests/{name:str}", summary="A request to pay, as its payee signed it")
    async def show_request(request: Request[Peer, Any, Any], name: _RequestName) -> RequestAnswer:
        """Whoever has its code may have it."""
        del request
        text = await asyncio.to_thread(neighbours.own_request, name)
        if text is None:
            raise NothingHere("request")
        return RequestAnswer(text)

    return Router(
        "/v1/peers",
        route_handlers=[show_name, show_request],
        middleware=[SignedRequests.of(gate)],
        tags=["institutions"],
        security=[SIGNED],
    )
