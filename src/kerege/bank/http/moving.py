# SPDX-License-Identifier: Apache-2.0
"""Routes of wallets that come from another bank, or leave for one."""

import asyncio
from typing import Annotated

from litestar import Router, get, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from kerege.bank.customer import parse_customer_id
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, language_of, needs
from kerege.bank.http.telling import Teller
from kerege.bank.moving import Departure, Moving
from kerege.service import BEARER, StrictJson
from kerege.wallet.wire import Answer

__all__ = ["Arrival", "moving_routes"]

_Jws = Annotated[str, Meta(min_length=1, max_length=16 * 1024, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]
_WalletName = Annotated[str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$")]


class Arrival(Struct, frozen=True, forbid_unknown_fields=True):
    """A signed document `rehome` that names this bank. `owner`: the child it is for, if not for
    oneself."""

    rehome: _Jws
    owner: Annotated[str, Meta(max_length=36)] = ""


def moving_routes(moving: Moving, teller: Teller) -> Router:
    """The routes."""

    @post(
        "/arrivals",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Bring a wallet from another bank",
    )
    async def arrive(request: CustomerRequest, data: JSONBody[Arrival]) -> Answer:
        """With everything in it; the same again changes nothing."""
        owner = parse_customer_id(data.owner) if data.owner else None
        verdict = await asyncio.to_thread(
            moving.arrive, request.user.customer, data.rehome.encode(), owner=owner
        )
        return teller.answer(verdict, language_of(request))

    @get(
        "/{wallet:str}/departure",
        opt=needs(WALLETS),
        summary="What this bank knows of a wallet",
    )
    async def departure(request: CustomerRequest, wallet: _WalletName) -> Departure:
        """To take along. Wait until `open_orders` is empty, then let the other bank bring it."""
        return await asyncio.to_thread(moving.departure, request.user.customer, wallet)

    @post(
        "/{wallet:str}/departure",
        status_code=204,
        opt=needs(PAYMENTS),
        summary="Say that a wallet has left",
    )
    async def leave(request: CustomerRequest, wallet: _WalletName) -> None:
        """Once the core says that another bank keeps it."""
        await asyncio.to_thread(moving.leave, request.user.customer, wallet)

    return Router(
        "/v1/wallets",
        route_handlers=[arrive, departure, leave],
        tags=["wallets"],
        security=[BEARER],
    )
