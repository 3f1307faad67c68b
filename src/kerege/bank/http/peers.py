# SPDX-License-Identifier: Apache-2.0
"""Routes for other institutions: what a payer's bank asks the payee's, by signed requests."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import JSONBody, PathParameter

from kerege.bank.card_payments import CardDesk
from kerege.bank.http.cards import answer_of
from kerege.bank.neighbours import CardCharge, NameAnswer, PeerBanks, RequestAnswer
from kerege.bank.ownership import NothingHere
from kerege.bank.peers import Peer
from kerege.payments import Verdict
from kerege.service import REPEATABLE, SIGNED, Gate, SignedRequests, StrictJson

__all__ = ["peer_routes"]

_WalletName = Annotated[
    str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$", description="`wal_` and 32 hex digits")
]
_RequestName = Annotated[
    str, PathParameter(pattern=r"^req_[0-9a-f]{32}$", description="`req_` and 32 hex digits")
]


def peer_routes(neighbours: PeerBanks, cards: CardDesk, gate: Gate[Peer]) -> Router:
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

    @post(
        "/card-payments",
        dto=StrictJson,
        status_code=200,
        opt={REPEATABLE: True},
        summary="Pay what a shop asks of a card bound here",
    )
    async def pay_by_card(request: Request[Peer, Any, Any], data: JSONBody[CardCharge]) -> Verdict:
        """For a shop of the bank that asks; the same again gets the first answer."""
        bank = request.user.id
        return answer_of(await asyncio.to_thread(cards.pay, data.tag, data.request, asking=bank))

    return Router(
        "/v1/peers",
        route_handlers=[show_name, show_request, pay_by_card],
        middleware=[SignedRequests.of(gate)],
        tags=["institutions"],
        security=[SIGNED],
    )
