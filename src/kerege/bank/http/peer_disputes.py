# SPDX-License-Identifier: Apache-2.0
"""Routes by which banks speak to each other of disputes, by signed requests."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter
from msgspec import Struct

from kerege.bank.cases_abroad import CasesAbroad, CaseTelling, case_view
from kerege.bank.disputes import Disputes, NotDisputable
from kerege.bank.http.disputes import digest_of, view_of
from kerege.bank.ownership import NothingHere
from kerege.bank.peer_cases import CaseAnswer, CaseEvidence, ToldCase
from kerege.bank.peers import Peer
from kerege.payments.disputes import Case
from kerege.service import REPEATABLE, SIGNED, Gate, SignedRequests, StrictJson
from kerege.wallet.wire import CaseView

__all__ = ["HeardCase", "peer_dispute_routes"]

_PeerRequest = Request[Peer, Any, Any]
_CaseName = Annotated[
    str, PathParameter(pattern=r"^dsp_[0-9a-f]{32}$", description="`dsp_` and 32 hex digits")
]


class HeardCase(Struct, frozen=True):
    """The case that was heard of."""

    id: str


def peer_dispute_routes(
    disputes: Disputes, telling: CaseTelling, abroad: CasesAbroad, gate: Gate[Peer]
) -> Router:
    """`gate` knows the country's institutions."""
    return Router(
        "/v1/peers/disputes",
        route_handlers=[_hearing(abroad), *_speaking(disputes, telling)],
        middleware=[SignedRequests.of(gate)],
        tags=["institutions"],
        security=[SIGNED],
    )


def _hearing(abroad: CasesAbroad) -> HTTPRouteHandler:
    """What the payee's bank hears."""

    @post(
        "/",
        dto=StrictJson,
        status_code=200,
        opt={REPEATABLE: True},
        summary="Hear of a case against a customer",
    )
    async def hear(request: _PeerRequest, data: JSONBody[ToldCase]) -> HeardCase:
        """From the payer's bank, at every change; the same again changes nothing."""
        await asyncio.to_thread(abroad.hear, data, bank=request.user.id)
        return HeardCase(data.id)

    return hear


def _speaking(disputes: Disputes, telling: CaseTelling) -> list[HTTPRouteHandler]:
    """What the payer's bank lets the payee's say."""

    def payees(request: _PeerRequest, case: str, wallet: str = "") -> Case:
        try:
            return telling.require_payee(case, bank=request.user.id, wallet=wallet)
        except NotDisputable:
            raise NothingHere("case") from None

    @get("/{case:str}", summary="How a case against your customer stands")
    async def show(request: _PeerRequest, case: _CaseName) -> CaseView:
        """For the payee's bank."""
        return case_view(await asyncio.to_thread(payees, request, case))

    @post("/{case:str}/answer", dto=StrictJson, status_code=200, summary="Answer for your customer")
    async def answer(
        request: _PeerRequest, case: _CaseName, data: JSONBody[CaseAnswer]
    ) -> CaseView:
        """The payee admits all, some or none of the claim, until `answer_by_us`."""

        def answered() -> CaseView:
            payees(request, case, data.wallet)
            return view_of(disputes.answer(case, by=data.wallet, conceded=data.conceded))

        return await asyncio.to_thread(answered)

    @post(
        "/{case:str}/evidence",
        dto=StrictJson,
        status_code=200,
        opt={REPEATABLE: True},
        summary="Give your customer's evidence",
    )
    async def give_evidence(
        request: _PeerRequest, case: _CaseName, data: JSONBody[CaseEvidence]
    ) -> CaseView:
        """SHA-256 of a document, while the case runs; the same again changes nothing."""

        def given() -> CaseView:
            payees(request, case, data.wallet)
            digest = digest_of(data.digest)
            return view_of(disputes.give_evidence(case, digest, by=data.wallet))

        return await asyncio.to_thread(given)

    return [show, answer, give_evidence]
