# SPDX-License-Identifier: Apache-2.0
"""The route by which a guardian sees a child's money, in the guardian's language."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from litestar import Router, get
from litestar.params import PathParameter, QueryParameter

from kerege.bank.guardian_view import MAX_LINES, GuardianView, Moved, SeenByGuardian
from kerege.bank.http.signed_in import WALLETS, CustomerRequest, language_of, needs
from kerege.bank.http.telling import Teller
from kerege.bank.till_refusals_store import TillRefusal
from kerege.payments import Verdict
from kerege.service import BEARER
from kerege.wallet.wire import ChildLimits, ChildMoney, ChildMove, ChildRefusal, PaidPart

__all__ = ["GuardianPage", "guardian_view_routes"]

_Asset = Annotated[str, QueryParameter(pattern=r"^[A-Z][A-Z0-9-]{2,11}$", max_length=12)]
_WalletName = Annotated[
    str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$", description="A child's wallet.")
]
_Before = Annotated[int, QueryParameter(ge=0, le=2**53, description="The `next` of the last page.")]
_Limit = Annotated[
    int, QueryParameter(ge=1, le=MAX_LINES, description="Movements at most, of all marks.")
]


class GuardianPage:
    """Puts words to what a guardian sees."""

    def __init__(self, view: GuardianView, teller: Teller) -> None:
        self.view = view
        self._teller = teller

    def told(self, seen: SeenByGuardian, asset: str, language: str) -> ChildMoney:
        """The same in `kk`, `ru` or `en`."""
        whose = {one.mark: one.programme for one in seen.balances if one.asset == asset}
        return ChildMoney(
            wallet=seen.wallet,
            asset=asset,
            balances=tuple(seen.balances),
            limits={
                each: ChildLimits(payment=one.payment, day=one.day, month=one.month)
                for each, one in seen.limits.items()
            },
            moves=tuple(_move(one, whose, seen.names) for one in seen.moved),
            next=seen.next,
            refused=tuple(self._refused(one, seen, language) for one in seen.refused),
        )

    def _refused(self, one: TillRefusal, seen: SeenByGuardian, language: str) -> ChildRefusal:
        verdict = Verdict(
            order=one.order, code=one.code, rule=one.rule, found=one.found, limit=one.limit
        )
        return ChildRefusal(
            order=one.order,
            at_us=one.at_us,
            asset=one.asset,
            amount=one.amount,
            code=one.code,
            text=self._teller.answer(verdict, language).text,
            rule=one.rule,
            wallet=one.payee,
            name=seen.names.get(one.payee, ""),
        )


def guardian_view_routes(page: GuardianPage, *, asset: str) -> Router:
    """`asset` is what movements are shown of unless another is asked for."""

    def look(request: CustomerRequest, wallet: str, of: str, before: int, limit: int) -> ChildMoney:
        seen = page.view.look(request.user.customer, wallet, asset=of, before=before, limit=limit)
        return page.told(seen, of, language_of(request))

    @get("/{wallet:str}/allowance", opt=needs(WALLETS), summary="A child's money")
    async def show_allowance(
        request: CustomerRequest,
        wallet: _WalletName,
        asset: _Asset = asset,
        before: _Before = 0,
        limit: _Limit = 50,
    ) -> ChildMoney:
        """For the guardian, as long as there is one: what is left of each programme's money and
        until when, what was eaten where, what was refused and why, the limits set."""
        return await asyncio.to_thread(look, request, wallet, asset, before, limit)

    return Router(
        "/v1/wallets", route_handlers=[show_allowance], tags=["wallets"], security=[BEARER]
    )


def _move(one: Moved, whose: Mapping[int, str], names: Mapping[str, str]) -> ChildMove:
    parts = tuple(
        PaidPart(change=line.change, mark=line.mark, programme=whose.get(line.mark, ""))
        for line in one.lines
    )
    return ChildMove(
        order=one.order,
        at_us=one.at_us,
        change=sum(part.change for part in parts),
        parts=parts,
        wallet=one.payee,
        name=names.get(one.payee, ""),
    )
