# SPDX-License-Identifier: Apache-2.0
"""Routes of the limits a guardian sets for a child's wallet."""

import asyncio
from typing import Annotated

from litestar import Router, delete, get, put
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from kerege.bank.customer import CustomerId
from kerege.bank.guardian_limits import GuardianLimits
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, needs
from kerege.bank.ownership import Ownership
from kerege.bank.tiers import Limits
from kerege.ledger import MAX_AMOUNT
from kerege.service import BEARER, StrictJson

__all__ = ["LimitsIn", "guardian_routes"]

_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] | None
_AssetName = Annotated[str, PathParameter(pattern=r"^[A-Z][A-Z0-9-]{2,11}$")]
_WalletName = Annotated[str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$")]


class LimitsIn(Struct, frozen=True, forbid_unknown_fields=True):
    """In minor units; what is left out does not bound. `day` is any 24 hours, `month` any 30
    days."""

    payment: _Amount = None
    day: _Amount = None
    month: _Amount = None


class LimitsByAsset(Struct, frozen=True):
    """The limits of a wallet."""

    limits: dict[str, LimitsIn]


def guardian_routes(limits: GuardianLimits, ownership: Ownership) -> Router:
    """The routes."""

    def change(actor: CustomerId, wallet: str, asset: str, given: LimitsIn | None) -> None:
        # Nobody bounds oneself.
        checked = ownership.require_childs(actor, wallet)
        if given is None:
            limits.lift(wallet=checked, asset=asset)
            return
        wanted = Limits(payment=given.payment, day=given.day, month=given.month)
        limits.set(guardian=actor, wallet=checked, asset=asset, limits=wanted)

    def of(actor: CustomerId, wallet: str) -> LimitsByAsset:
        checked, _ = ownership.require(actor, wallet)
        found = limits.of([checked]).get(checked, {})
        return LimitsByAsset(
            {asset: LimitsIn(one.payment, one.day, one.month) for asset, one in found.items()}
        )

    @get("/{wallet:str}/limits", opt=needs(WALLETS), summary="Limits a guardian set")
    async def show(request: CustomerRequest, wallet: _WalletName) -> LimitsByAsset:
        """Beside those of the tier."""
        return await asyncio.to_thread(of, request.user.customer, wallet)

    @put(
        "/{wallet:str}/limits/{asset:str}",
        dto=StrictJson,
        status_code=204,
        opt=needs(PAYMENTS),
        summary="Set limits for a child's wallet",
    )
    async def set_limits(
        request: CustomerRequest, wallet: _WalletName, asset: _AssetName, data: JSONBody[LimitsIn]
    ) -> None:
        """In place of what they were; seen within a second."""
        await asyncio.to_thread(change, request.user.customer, wallet, asset, data)

    @delete(
        "/{wallet:str}/limits/{asset:str}",
        status_code=204,
        opt=needs(PAYMENTS),
        summary="Take limits away",
    )
    async def lift_limits(request: CustomerRequest, wallet: _WalletName, asset: _AssetName) -> None:
        """The tier's stay."""
        await asyncio.to_thread(change, request.user.customer, wallet, asset, None)

    return Router(
        "/v1/wallets",
        route_handlers=[show, set_limits, lift_limits],
        tags=["wallets"],
        security=[BEARER],
    )
