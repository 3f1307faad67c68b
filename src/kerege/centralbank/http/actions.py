# SPDX-License-Identifier: Apache-2.0
"""Routes of dual control: staff propose and approve. Supply and lawful access anyone may see."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Struct

from kerege.centralbank.actions_proposals import MAX_PROPOSAL_BYTES, AccessEntry, Proposal
from kerege.centralbank.actions_wire import ApprovalIn, ProposalIn, ProposalList
from kerege.centralbank.http.callers import CoreRequest, require_active, require_roles
from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Role
from kerege.centralbank.supply import Supply
from kerege.service import REPEATABLE, StrictJson

__all__ = ["AccessList", "SupplyList", "action_routes", "public_action_routes"]

_PAGE: Final = 100
_BODY_BYTES: Final = MAX_PROPOSAL_BYTES + 1024
_LAST: Final = 2**53
"""Any JSON reader can hold it."""

_Before = Annotated[int, QueryParameter(ge=0, le=_LAST, description="The last number you have.")]
_Cursor = Annotated[int, QueryParameter(ge=0, le=_LAST, description="The last number you have.")]

_ProposalName = Annotated[
    str, PathParameter(pattern=r"^prp_[0-9a-f]{32}$", description="`prp_` and 32 hex digits")
]


class SupplyList(Struct, frozen=True):
    """By asset and mark, as of one instant."""

    supply: list[Supply]


class AccessList(Struct, frozen=True):
    """Oldest first; the next page is `after` the last one's number."""

    entries: list[AccessEntry]


def action_routes(register: Register) -> Router:
    """Routes of the central bank's staff."""

    @post(
        "/",
        dto=StrictJson,
        status_code=200,
        opt={REPEATABLE: True},
        request_max_body_size=_BODY_BYTES,
        summary="Propose",
    )
    async def propose(data: JSONBody[ProposalIn]) -> Proposal:
        """The same proposal again is answered with what became of it."""
        return await asyncio.to_thread(register.propose, data.proposal.encode())

    @post(
        "/{proposal:str}/approvals",
        dto=StrictJson,
        status_code=200,
        opt={REPEATABLE: True},
        summary="Approve what another proposed",
    )
    async def approve(proposal: _ProposalName, data: JSONBody[ApprovalIn]) -> Proposal:
        """Carried out at once, or at its time. The approval itself names the proposal."""
        del proposal
        return await asyncio.to_thread(register.approve, data.approval.encode())

    @get("/{proposal:str}", summary="One proposal")
    async def read_one(proposal: _ProposalName) -> Proposal:
        """What became of it."""
        return await asyncio.to_thread(register.proposal, proposal)

    @get("/", summary="Proposals, newest first")
    async def read_all(request: CoreRequest, before: _Before = _LAST) -> ProposalList:
        """A page of them."""
        del request
        found = await asyncio.to_thread(register.proposals, before=before, limit=_PAGE)
        return ProposalList(found)

    return Router(
        "/v1/proposals",
        route_handlers=[propose, approve, read_one, read_all],
        middleware=[require_roles(Role.STAFF), require_active],
        tags=["actions"],
    )


def public_action_routes(register: Register) -> Router:
    """Routes for anyone."""

    @get("/v1/supply", summary="How much money there is, and what stands behind it")
    async def read_supply() -> SupplyList:
        """Issued, redeemed, circulating; the reserves."""
        return SupplyList(await asyncio.to_thread(register.supply))

    @get("/v1/access-log", summary="Lawful access: who, by what warrant, when; never whom")
    async def read_access(after: _Cursor = 0) -> AccessList:
        """A page of them."""
        found = await asyncio.to_thread(register.access_log, after=after, limit=_PAGE)
        return AccessList(found)

    return Router("/", route_handlers=[read_supply, read_access], tags=["public"])
