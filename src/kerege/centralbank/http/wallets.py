# SPDX-License-Identifier: Apache-2.0
"""`/v1/wallets`: facts of any wallet; balances and statements of those the caller keeps."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get
from litestar.params import PathParameter, QueryParameter

from kerege.centralbank.holdings import MAX_LINES, Holdings
from kerege.centralbank.http.callers import KEEPS_WALLETS, CoreRequest, require_roles
from kerege.centralbank.http.wire import Balances, Lines
from kerege.payments.holdings import WalletView
from kerege.service import Problem

__all__ = ["wallet_routes"]

_MAX_SEQ: Final = 2**53
"""Any JSON reader can hold it."""

WalletName = Annotated[
    str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$", description="`wal_` and 32 hex digits")
]
AssetCode = Annotated[
    str, QueryParameter(pattern=r"^[A-Z][A-Z0-9-]{2,11}$", description="The asset's code.")
]
Before = Annotated[
    int,
    QueryParameter(ge=0, le=_MAX_SEQ, description="The `seq` of the last line you have."),
]
LineCount = Annotated[int, QueryParameter(ge=1, le=MAX_LINES, description="Lines at most.")]


def wallet_routes(holdings: Holdings) -> Router:
    """The routes; for institutions that keep wallets."""

    @get("/v1/wallets/{wallet:str}")
    async def read_wallet(request: CoreRequest, wallet: WalletName) -> WalletView:
        """Where a wallet is kept and what it holds; of your own customers' all that is known."""
        view = await asyncio.to_thread(holdings.view, request.user.id, wallet)
        if view is None:
            raise Problem("not_found", "there is no such wallet")
        return view

    @get("/v1/wallets/{wallet:str}/balances")
    async def read_balances(request: CoreRequest, wallet: WalletName) -> Balances:
        """Balances of a wallet you keep, one for each asset and mark, in minor units."""
        found = await asyncio.to_thread(holdings.balances, request.user.id, wallet)
        if found is None:
            raise Problem("not_found", "you keep no such wallet")
        return Balances(found)

    @get("/v1/wallets/{wallet:str}/statement")
    async def read_statement(
        request: CoreRequest,
        wallet: WalletName,
        asset: AssetCode,
        before: Before = _MAX_SEQ,
        limit: LineCount = 100,
    ) -> Lines:
        """Movements of one asset in a wallet you keep, newest first, with running balances."""
        found = await asyncio.to_thread(
            holdings.statement, request.user.id, wallet, asset=asset, before=before, limit=limit
        )
        if found is None:
            raise Problem("not_found", "you keep no such wallet, or it does not hold this asset")
        return Lines(found)

    return Router(
        "/",
        route_handlers=[read_wallet, read_balances, read_statement],
        middleware=[require_roles(*KEEPS_WALLETS)],
        tags=["wallets"],
    )
