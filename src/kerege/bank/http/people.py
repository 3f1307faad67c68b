# SPDX-License-Identifier: Apache-2.0
"""Routes of customers themselves: becoming one, and what the bank knows of one."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.customer import Customer, CustomerId, Refused
from kerege.bank.customers import Customers
from kerege.bank.http.signed_in import PROFILE, CustomerRequest, needs
from kerege.bank.joining import Joining
from kerege.bank.personal_data import PersonalData
from kerege.runtime.clock import Clock
from kerege.service import BEARER, Problem, Rates, StrictJson, require_rate
from kerege.wallet.wire import CustomerView, Me

__all__ = [
    "CodeAsked",
    "CodeSent",
    "Joined",
    "join_routes",
    "people_routes",
    "view_of",
]

_Phone = Annotated[str, Meta(min_length=1, max_length=32)]


class CodeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The telephone a code is sent to."""

    phone: _Phone


class CodeSent(Struct, frozen=True):
    """What goes with the code that was sent."""

    code_id: str


class Joined(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who wants to become a customer, and the code that reached the telephone."""

    phone: _Phone
    name: Annotated[str, Meta(min_length=1, max_length=140)]
    tier: Annotated[str, Meta(max_length=32)]
    code_id: Annotated[str, Meta(max_length=200)]
    code: Annotated[str, Meta(max_length=12)]
    language: Annotated[str, Meta(max_length=8)] = "kk"


def join_routes(joining: Joining, rates: Rates, clock: Clock) -> Router:
    """Routes for those who are not customers yet; `rates` bounds what an address may ask for."""

    def admit(request: Request[Any, Any, Any]) -> None:
        address = request.client.host if request.client else ""
        require_rate(rates, address, now_us=clock.now_us())

    @post("/codes", dto=StrictJson, status_code=200, summary="Send a code to my telephone")
    async def send_code(request: Request[Any, Any, Any], data: JSONBody[CodeAsked]) -> CodeSent:
        """Shows later that the telephone is in one's hand."""
        admit(request)
        return CodeSent(await asyncio.to_thread(joining.send_code, data.phone))

    @post("/", dto=StrictJson, status_code=201, summary="Become a customer")
    async def join(request: Request[Any, Any, Any], data: JSONBody[Joined]) -> CustomerView:
        """Opens a tier that asks for no more than a name and a telephone; then sign in."""
        admit(request)
        joined = await asyncio.to_thread(
            joining.join,
            PersonalData(name=data.name, phone=data.phone),
            tier=data.tier,
            language=data.language,
            code_id=data.code_id,
            code=data.code,
        )
        return view_of(joined)

    return Router("/v1/customers", route_handlers=[send_code, join], tags=["people"])


def people_routes(customers: Customers, *, bank: str) -> Router:
    """Routes for customers."""

    def me(customer: CustomerId) -> Me:
        data = customers.personal_data(customer)
        return Me(
            customer=view_of(customers.get(customer)),
            name=data.name,
            phone=data.phone,
            wards=tuple(view_of(ward) for ward in customers.wards(customer)),
            bank=bank,
        )

    @get("/", opt=needs(PROFILE), summary="Who I am here")
    async def show_me(request: CustomerRequest) -> Me:
        """One's own data, and children one answers for."""
        return await asyncio.to_thread(me, request.user.customer)

    return Router("/v1/me", route_handlers=[show_me], tags=["people"], security=[BEARER])


def view_of(customer: Customer | Refused) -> CustomerView:
    """A customer as told; raises `Problem` with a refusal's code."""
    if isinstance(customer, Refused):
        raise Problem(customer.code, place=" ".join(customer.members))
    return CustomerView(
        customer=customer.id,
        kind=customer.kind,
        tier=customer.tier,
        state=customer.state,
        language=customer.language,
        guardian=customer.guardian or "",
    )
