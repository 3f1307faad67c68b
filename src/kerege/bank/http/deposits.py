# SPDX-License-Identifier: Apache-2.0
"""Routes of deposits: what is on them, and turning deposit money into digital money.

The way back is a payment like any other: to the bank's own wallet with the details that ask for it
(`bank_wallet` and `defunding` of /v1/wallets/{wallet}).
"""

import asyncio
from concurrent.futures import Future
from typing import Annotated

from litestar import MediaType, Response, Router, get, post
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.answer import Answer as Decided
from kerege.bank.customer import CustomerId
from kerege.bank.deposits import Deposits
from kerege.bank.funding import Funding
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, language_of, needs
from kerege.bank.http.telling import Teller
from kerege.bank.ownership import NothingHere, Ownership
from kerege.ledger import MAX_AMOUNT
from kerege.service import BEARER, StrictJson, required_key
from kerege.wallet.wire import Answer, DepositList, DepositView

__all__ = ["FundingIn", "deposit_routes"]

_ON_ITS_WAY = 202
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]


class FundingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the deposit becomes digital money, and in which wallet."""

    wallet: Annotated[str, Meta(max_length=36)]
    asset: _Asset
    amount: _Amount


def deposit_routes(
    deposits: Deposits, funding: Funding, ownership: Ownership, teller: Teller
) -> Router:
    """The routes."""

    def fund(customer: CustomerId, key: str, data: FundingIn) -> Future[Decided]:
        wallet, owner = ownership.require(customer, data.wallet)
        if owner != customer:
            # A guardian's deposit would be turned into a child's money by who answers for both;
            # that is a payment, and is made as one.
            raise NothingHere("wallet")
        return funding.fund(
            key=key, customer=customer, wallet=wallet, asset=data.asset, amount=data.amount
        )

    @get("/v1/deposit", opt=needs(WALLETS), summary="What is on my deposits")
    async def show(request: CustomerRequest) -> DepositList:
        """Those ever used."""
        found = await asyncio.to_thread(deposits.deposits_of, request.user.customer)
        return DepositList(
            tuple(DepositView(each.asset, each.balance, each.held) for each in found)
        )

    @post(
        "/v1/funding",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Turn deposit money into digital money",
        media_type=MediaType.JSON,
        responses={_ON_ITS_WAY: ResponseSpec(Answer, description="On its way: ask again.")},
    )
    async def fund_wallet(request: CustomerRequest, data: JSONBody[FundingIn]) -> Response[Answer]:
        """Needs an `Idempotency-Key`: under the same key it happens once."""
        key = required_key(request)
        future = await asyncio.to_thread(fund, request.user.customer, key, data)
        decided = await asyncio.wrap_future(future)
        answer = teller.answer(decided.verdict, language_of(request))
        return Response(answer, status_code=200 if decided.is_final else _ON_ITS_WAY)

    return Router("/", route_handlers=[show, fund_wallet], tags=["deposits"], security=[BEARER])
