# SPDX-License-Identifier: Apache-2.0
"""Routes of wallets: opening, balances, statements."""

import asyncio
from typing import Annotated

from litestar import Router, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta, Struct

from kerege.bank.custody_wallets import CustodyWallets, NewWallet
from kerege.bank.customer import CustomerId, parse_customer_id
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, language_of, needs
from kerege.bank.http.telling import Teller
from kerege.bank.terms_store import Setting
from kerege.bank.wallets import Wallets
from kerege.payments import Verdict
from kerege.service import BEARER, Problem, StrictJson, required_key
from kerege.wallet.wire import MAX_PAGE, Answer, Statement, WalletState

__all__ = ["Opening", "WalletList", "WalletSetting", "wallet_routes"]

_Jws = Annotated[str, Meta(max_length=16 * 1024, pattern=r"^[A-Za-z0-9_.-]*$(?!\n)")]
_AssetName = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
_Asset = Annotated[str, QueryParameter(pattern=r"^[A-Z][A-Z0-9-]{2,11}$", max_length=12)]
_WalletName = Annotated[
    str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$", description="`wal_` and 32 hex digits")
]
_Region = Annotated[str, Meta(pattern=r"^[a-z0-9-]*$(?!\n)", max_length=32)]
_Cursor = Annotated[int, QueryParameter(ge=0, le=2**53)]
_Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE)]


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """A signed document `open`, and what its owner calls it. `owner`: the child it is for, if not
    for oneself.

    `custody`: there is no `opening`, the bank draws a key, keeps it, and signs at one's word; what
    an opening would say is in `assets`, `overflow` and `region` (where its owner lives: programmes
    may ask).
    """

    opening: _Jws = ""
    name: Annotated[str, Meta(max_length=60)] = ""
    owner: Annotated[str, Meta(max_length=36)] = ""
    custody: bool = False
    assets: Annotated[tuple[_AssetName, ...], Meta(max_length=8)] = ()
    overflow: bool = False
    region: _Region = ""


class WalletSetting(Struct, frozen=True, forbid_unknown_fields=True):
    """What a wallet is called, and whether the deposit gives what a payment lacks."""

    name: Annotated[str, Meta(max_length=60)] = ""
    top_up: bool = False


class WalletList(Struct, frozen=True):
    """Wallets, oldest first; children's after one's own."""

    wallets: list[WalletState]


def wallet_routes(
    wallets: Wallets, custody: CustodyWallets, teller: Teller, *, asset: str
) -> Router:
    """`asset` is what a statement shows unless it is asked for another."""
    return Router(
        "/v1/wallets",
        route_handlers=[*_all_routes(wallets, custody, teller), *_one_routes(wallets, asset)],
        tags=["wallets"],
        security=[BEARER],
    )


def _all_routes(
    wallets: Wallets, custody: CustodyWallets, teller: Teller
) -> list[ControllerRouterHandler]:
    def opened(customer: CustomerId, data: Opening, key: str) -> tuple[str, Verdict]:
        owner = parse_customer_id(data.owner) if data.owner else None
        if data.custody:
            wanted = NewWallet(
                assets=data.assets, name=data.name, overflow=data.overflow, region=data.region
            )
            return custody.open(customer, key, wanted, owner=owner)
        return "", wallets.open(customer, data.opening.encode(), name=data.name, owner=owner)

    @post(
        "/",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Open a wallet",
    )
    async def open_wallet(request: CustomerRequest, data: JSONBody[Opening]) -> Answer:
        """Hand the signed opening to the core. The same opening again gets the first answer.

        In custody it needs an `Idempotency-Key`; `wallet` of the answer is the new wallet.
        """
        _check_opening(data)
        key = required_key(request) if data.custody else ""
        wallet, verdict = await asyncio.to_thread(opened, request.user.customer, data, key)
        return teller.answer(verdict, language_of(request), wallet=wallet)

    @get("/", opt=needs(WALLETS), summary="My wallets, with balances")
    async def list_wallets(request: CustomerRequest) -> WalletList:
        """One's own wallets and those of children one answers for."""
        return WalletList(await asyncio.to_thread(wallets.list, request.user.customer))

    return [open_wallet, list_wallets]


def _check_opening(data: Opening) -> None:
    """Either a signed opening, or what the bank needs to sign one. Raises `Problem`."""
    if data.custody and (data.opening or not data.assets):
        place = "opening" if data.opening else "assets"
        raise Problem("request_invalid", "in custody: no opening, but assets", place=place)
    more = data.assets or data.overflow or data.region
    if not data.custody and (not data.opening or more):
        place = "assets" if data.opening else "opening"
        raise Problem("request_invalid", "a signed opening says it all", place=place)


def _one_routes(wallets: Wallets, asset: str) -> list[ControllerRouterHandler]:
    @get("/{wallet:str}", opt=needs(WALLETS), summary="One wallet, with balances")
    async def show_wallet(request: CustomerRequest, wallet: _WalletName) -> WalletState:
        """Balances as the core has them now."""
        return await asyncio.to_thread(wallets.state, request.user.customer, wallet)

    @get("/{wallet:str}/statement", opt=needs(WALLETS), summary="What happened, newest first")
    async def show_statement(
        request: CustomerRequest,
        wallet: _WalletName,
        asset: _Asset = asset,
        before: _Cursor = 0,
        limit: _Limit = 100,
    ) -> Statement:
        """A page of lines; `next` is the `before` of the following one, 0 at the end."""
        return await asyncio.to_thread(
            wallets.statement,
            request.user.customer,
            wallet,
            asset=asset,
            before=before,
            limit=limit,
        )

    @put(
        "/{wallet:str}/settings",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Name a wallet, let the deposit help out",
    )
    async def set_wallet(
        request: CustomerRequest, wallet: _WalletName, data: JSONBody[WalletSetting]
    ) -> WalletState:
        """Both at once; what is left out is as at first."""
        setting = Setting(data.name, data.top_up)
        return await asyncio.to_thread(wallets.set, request.user.customer, wallet, setting)

    return [show_wallet, show_statement, set_wallet]
