# SPDX-License-Identifier: Apache-2.0
"""Routes of requests to pay: publishing one, showing it to whoever scans its code."""

import asyncio
from typing import Annotated, Final

from litestar import Router, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.customer import CustomerId
from kerege.bank.http.signed_in import PAYMENTS, WALLETS, CustomerRequest, needs
from kerege.bank.ownership import Ownership
from kerege.bank.request_codes import RequestCodes
from kerege.bank.requests import Requests, read_request
from kerege.service import BEARER, StrictJson
from kerege.wallet.wire import StandingRequest

__all__ = ["NewRequest", "RequestList", "request_routes"]

_PAGE: Final = 200
_Jws = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[A-Za-z0-9_.-]+$(?!\n)")]


class NewRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A signed request to pay, and a note for its payee's own eyes."""

    request: _Jws
    note: Annotated[str, Meta(max_length=140)] = ""


class RequestList(Struct, frozen=True):
    """Open requests, newest first."""

    requests: list[StandingRequest]


def request_routes(requests: Requests, ownership: Ownership, codes: RequestCodes) -> Router:
    """`codes` draws the payload of a request's QR code."""

    def keep(customer: CustomerId, data: NewRequest) -> StandingRequest:
        ownership.require(customer, read_request(data.request).wallet)
        kept, _ = requests.keep(customer, data.request, note=data.note)
        return codes.standing(kept)

    def list_open(customer: CustomerId) -> list[StandingRequest]:
        return [codes.standing(kept) for kept in requests.open_of(customer, limit=_PAGE)]

    @post("/", dto=StrictJson, status_code=201, opt=needs(PAYMENTS), summary="Ask to be paid")
    async def publish(request: CustomerRequest, data: JSONBody[NewRequest]) -> StandingRequest:
        """Keep a request its wallet signed; `qr` of the answer is the code to show."""
        return await asyncio.to_thread(keep, request.user.customer, data)

    @get("/", opt=needs(WALLETS), summary="My open requests")
    async def show(request: CustomerRequest) -> RequestList:
        """Those whose time is not over."""
        return RequestList(await asyncio.to_thread(list_open, request.user.customer))

    return Router(
        "/v1/requests", route_handlers=[publish, show], tags=["payments"], security=[BEARER]
    )
