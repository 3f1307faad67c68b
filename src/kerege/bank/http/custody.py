# SPDX-License-Identifier: Apache-2.0
"""Routes of wallets in custody: paying at a customer's word, and taking the key over.

What a device would sign the bank signs here, for whoever is signed in with the scope `payments`;
everything behind it (limits, the way out, the first answer standing) is as for signed orders.
"""

import asyncio
from concurrent.futures import Future
from typing import Annotated, Any

from litestar import MediaType, Request, Response, Router, post
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from kerege.bank.answer import Answer as Decided
from kerege.bank.custody_orders import CustodyOrders, Wish
from kerege.bank.custody_wallets import CustodyWallets
from kerege.bank.customer import CustomerId
from kerege.bank.customers import Customers
from kerege.bank.http.signed_in import PAYMENTS, CustomerRequest, language_of, needs
from kerege.bank.http.staff import StaffMember
from kerege.bank.http.telling import Teller
from kerege.bank.ownership import NothingHere, Ownership
from kerege.ledger import MAX_AMOUNT
from kerege.payments.ids import WALLET_PATTERN, WalletId
from kerege.service import BEARER, SIGNED, Gate, SignedRequests, StrictJson, required_key
from kerege.wallet.wire import Answer

__all__ = ["KeyIn", "PaymentWish", "custody_routes", "custody_staff_routes"]

_ON_ITS_WAY = 202
_WalletName = Annotated[str, PathParameter(pattern=r"^wal_[0-9a-f]{32}$")]
_Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN, max_length=36)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Fee = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
_Purpose = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Digest = Annotated[
    str, Meta(pattern=r"^([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])?$(?!\n)", max_length=43)
]
_Request = Annotated[str, Meta(max_length=4096, pattern=r"^[A-Za-z0-9_.-]*$(?!\n)")]
_Key = Annotated[str, Meta(max_length=1024)]


class PaymentWish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a wallet in custody should pay, in minor units: as the document `pay` with one leg."""

    to: _Wallet
    asset: _Asset
    amount: _Amount
    purpose: _Purpose = 0
    details: _Digest = ""
    max_fee: _Fee = 0
    request: _Request = ""


class KeyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """One's own public key, and perhaps one to recover with, each a JWK as text."""

    key: _Key
    recovery: _Key = ""


def custody_routes(
    orders: CustodyOrders, wallets: CustodyWallets, ownership: Ownership, teller: Teller
) -> Router:
    """The routes."""

    def pay(customer: CustomerId, wallet: str, key: str, data: PaymentWish) -> Future[Decided]:
        checked, owner = ownership.require(customer, wallet)
        members = {name: getattr(data, name) for name in data.__struct_fields__}
        return orders.pay(Wish(key=key, wallet=checked, **members), customer=owner)

    @post(
        "/{wallet:str}/payments",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Pay from a wallet in custody",
        media_type=MediaType.JSON,
        responses={_ON_ITS_WAY: ResponseSpec(Answer, description="On its way: ask again.")},
    )
    async def pay_from(
        request: CustomerRequest, wallet: _WalletName, data: JSONBody[PaymentWish]
    ) -> Response[Answer]:
        """Needs an `Idempotency-Key`: under the same key it happens once."""
        key = required_key(request)
        future = await asyncio.to_thread(pay, request.user.customer, wallet, key, data)
        decided = await asyncio.wrap_future(future)
        answer = await teller.told(decided.verdict, language_of(request))
        return Response(answer, status_code=200 if decided.is_final else _ON_ITS_WAY)

    @post(
        "/{wallet:str}/key",
        dto=StrictJson,
        status_code=200,
        opt=needs(PAYMENTS),
        summary="Take a wallet out of custody",
        media_type=MediaType.JSON,
        responses={_ON_ITS_WAY: ResponseSpec(Answer, description="On its way: ask again.")},
    )
    async def take_over(
        request: CustomerRequest, wallet: _WalletName, data: JSONBody[KeyIn]
    ) -> Response[Answer]:
        """The wallet gets a key of one's own; the bank destroys the one it kept."""
        decided = await asyncio.to_thread(
            wallets.hand_over, request.user.customer, wallet, data.key, recovery=data.recovery
        )
        answer = teller.answer(decided.verdict, language_of(request))
        return Response(answer, status_code=200 if decided.is_final else _ON_ITS_WAY)

    return Router(
        "/v1/wallets",
        route_handlers=[pay_from, take_over],
        tags=["wallets"],
        security=[BEARER],
    )


class WalletName(Struct, frozen=True, forbid_unknown_fields=True):
    """A wallet in custody."""

    wallet: _Wallet


def custody_staff_routes(
    orders: CustodyOrders, customers: Customers, gate: Gate[StaffMember], teller: Teller
) -> Router:
    """`gate` knows the staff's keys."""

    def rekey(wallet: str) -> Decided:
        owner = customers.customer_of_wallet(WalletId(wallet))
        if owner is None:
            raise NothingHere("wallet")
        return orders.rekey(wallet, customer=owner)

    @post(
        "/keys",
        dto=StrictJson,
        status_code=200,
        summary="Give a wallet in custody a new key",
        media_type=MediaType.JSON,
        responses={_ON_ITS_WAY: ResponseSpec(Answer, description="On its way: ask again.")},
    )
    async def change_key(
        request: Request[StaffMember, Any, Any], data: JSONBody[WalletName]
    ) -> Response[Answer]:
        """After a break-in, for instance. The old key signs until the core has accepted."""
        decided = await asyncio.to_thread(rekey, data.wallet)
        answer = teller.answer(decided.verdict, language_of(request))
        return Response(answer, status_code=200 if decided.is_final else _ON_ITS_WAY)

    return Router(
        "/v1/staff/custody",
        route_handlers=[change_key],
        middleware=[SignedRequests.of(gate)],
        tags=["staff"],
        security=[SIGNED],
    )
