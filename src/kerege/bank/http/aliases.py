# SPDX-License-Identifier: Apache-2.0
"""Routes of one's aliases. An alias travels in bodies, never in addresses, which end up in logs."""

import asyncio
from typing import Annotated

from litestar import Router, get, post, put
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.alias import AliasRefusal, Shows
from kerege.bank.aliases import Aliases
from kerege.bank.customer import CustomerId
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, needs
from kerege.bank.ownership import NothingHere, Ownership
from kerege.payments.aliases import MAX_ALIAS_CHARS
from kerege.service import BEARER, Problem, StrictJson
from kerege.wallet.wire import AliasList, AliasView

__all__ = ["AliasIn", "AliasName", "NameShown", "alias_routes"]

_Text = Annotated[str, Meta(min_length=1, max_length=MAX_ALIAS_CHARS)]


class AliasIn(Struct, frozen=True, forbid_unknown_fields=True):
    """An alias and the wallet it should lead to."""

    alias: _Text
    wallet: Annotated[str, Meta(max_length=36)]


class AliasName(Struct, frozen=True, forbid_unknown_fields=True):
    """One of one's aliases."""

    alias: _Text


class NameShown(Struct, frozen=True, forbid_unknown_fields=True):
    """What payers see of one's name: `masked` or `nothing`."""

    shows: Shows


def alias_routes(aliases: Aliases, ownership: Ownership) -> Router:
    """The routes."""

    def claim(customer: CustomerId, data: AliasIn) -> AliasView:
        wallet, owner = ownership.require(customer, data.wallet)
        found = aliases.claim(owner, wallet, data.alias)
        if isinstance(found, AliasRefusal):
            raise Problem(found.value, place="alias")
        return AliasView(found.kind, found.shown, found.wallet, found.state)

    def listed(customer: CustomerId) -> AliasList:
        found = aliases.listed(customer)
        return AliasList([AliasView(one.kind, one.shown, one.wallet, one.state) for one in found])

    @post("/", dto=StrictJson, status_code=200, opt=needs(PAYMENTS), summary="Claim an alias")
    async def claim_alias(request: CustomerRequest, data: JSONBody[AliasIn]) -> AliasView:
        """One's telephone, tax number or a nickname leads to a wallet; again changes nothing."""
        return await asyncio.to_thread(claim, request.user.customer, data)

    @post(
        "/release",
        dto=StrictJson,
        status_code=204,
        opt=needs(PAYMENTS),
        summary="Give up an alias",
    )
    async def release_alias(request: CustomerRequest, data: JSONBody[AliasName]) -> None:
        """Others may claim it then."""
        if not await asyncio.to_thread(aliases.release, request.user.customer, data.alias):
            raise NothingHere("alias")

    @get("/", opt=needs(WALLETS), summary="My aliases")
    async def list_aliases(request: CustomerRequest) -> AliasList:
        """All of them, with the wallets they lead to."""
        return await asyncio.to_thread(listed, request.user.customer)

    @put("/name", dto=StrictJson, opt=needs(PAYMENTS), summary="Choose what payers see of my name")
    async def choose_name(request: CustomerRequest, data: JSONBody[NameShown]) -> NameShown:
        """Initials, or nothing."""
        await asyncio.to_thread(aliases.show, request.user.customer, data.shows)
        return data

    return Router(
        "/v1/aliases",
        route_handlers=[claim_alias, release_alias, list_aliases, choose_name],
        tags=["aliases"],
        security=[BEARER],
    )
