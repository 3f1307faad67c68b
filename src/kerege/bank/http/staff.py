# SPDX-License-Identifier: Apache-2.0
"""Routes of a bank's staff and of its other systems, who sign their requests (RFC 9421).

Opening customers whose papers somebody has seen, and booking on deposits what came from outside:
a core-banking system does the same through the same door.
"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

from litestar import Request, Router, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from kerege.bank.customer import Customer, Refused, parse_customer_id
from kerege.bank.customers import Application, Customers
from kerege.bank.deposits import Deposits
from kerege.bank.http.people import view_of
from kerege.bank.personal_data import PersonalData
from kerege.bank.screening import Screening
from kerege.keys import PublicKey, key_thumbprint, parse_jwk
from kerege.ledger import MAX_AMOUNT
from kerege.service import SIGNED, Gate, SignedRequests, StrictJson
from kerege.wallet.wire import CustomerView

__all__ = ["StaffBook", "StaffMember", "staff_routes"]

MAX_APPLICATIONS: Final = 500
"""Customers opened at once, in one SQL transaction."""

MAX_BOOKINGS: Final = 1_000
_BODY_BYTES: Final = 1024 * 1024

_Text = Annotated[str, Meta(max_length=140)]
_Word = Annotated[str, Meta(max_length=32)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
_Reference = Annotated[str, Meta(pattern=r"^[ -~]{1,64}$(?!\n)", max_length=64)]


class StaffMember(Struct, frozen=True):
    """Somebody of the bank, or one of its systems."""

    id: str


class StaffBook:
    """Who may sign, by the thumbprint of the key."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` are public JWKs by name. Raises `KeyEncodingError`."""
        self._holders: dict[str, tuple[StaffMember, PublicKey]] = {}
        for name, text in keys.items():
            key = parse_jwk(text.encode()).public_key
            self._holders[key_thumbprint(key)] = (StaffMember(name), key)

    def find(self, keyid: str) -> tuple[StaffMember, PublicKey] | None:
        """As `Callers.find`."""
        return self._holders.get(keyid)


class NewCustomer(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody whose papers were seen. `kind`: person, firm or agency. `guardian`: the customer who
    answers for a child, by id."""

    kind: _Word
    tier: _Word
    data: PersonalData
    language: Annotated[str, Meta(max_length=8)]
    guardian: Annotated[str, Meta(max_length=36)] = ""


class NewCustomers(Struct, frozen=True, forbid_unknown_fields=True):
    """Several at once."""

    customers: Annotated[tuple[NewCustomer, ...], Meta(min_length=1, max_length=MAX_APPLICATIONS)]


class Opened(Struct, frozen=True, omit_defaults=True):
    """A customer, or why there is none: `refused` is a code."""

    customer: CustomerView | None = None
    refused: str = ""


class AllOpened(Struct, frozen=True):
    """In the order they were asked for."""

    customers: list[Opened]


class Booking(Struct, frozen=True, forbid_unknown_fields=True):
    """Money that came from outside for a customer, found by id or telephone; once for one
    `reference`."""

    asset: _Asset
    amount: _Amount
    reference: _Reference
    customer: _Text = ""
    phone: _Text = ""


class Bookings(Struct, frozen=True, forbid_unknown_fields=True):
    """Several at once."""

    bookings: Annotated[tuple[Booking, ...], Meta(min_length=1, max_length=MAX_BOOKINGS)]


class Booked(Struct, frozen=True):
    """`accepted`, or why not."""

    code: str


class AllBooked(Struct, frozen=True):
    """In the order they were asked for."""

    bookings: list[Booked]


def staff_routes(
    customers: Customers, screening: Screening, deposits: Deposits, gate: Gate[StaffMember]
) -> Router:
    """`gate` knows the staff's keys."""

    def open_all(asked: NewCustomers) -> AllOpened:
        applications = [_application(one) for one in asked.customers]
        return AllOpened([_opened(one) for one in screening.admit_many(applications)])

    def book(booking: Booking) -> Booked:
        if booking.customer:
            customer = customers.get(parse_customer_id(booking.customer))
        else:
            found = customers.find_by_phone(booking.phone)
            if found is None:
                return Booked("customer_unknown")
            customer = found
        outcome = deposits.pay_in(booking.reference, customer.id, booking.asset, booking.amount)
        return Booked("accepted" if outcome.refusal is None else outcome.refusal.name.lower())

    @post(
        "/customers",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=_BODY_BYTES,
        summary="Open customers whose papers were seen",
    )
    async def open_customers(
        request: Request[StaffMember, Any, Any], data: JSONBody[NewCustomers]
    ) -> AllOpened:
        """All of them in one step, each a customer or a refusal of its own."""
        del request
        return await asyncio.to_thread(open_all, data)

    @post(
        "/deposits",
        dto=StrictJson,
        status_code=200,
        request_max_body_size=_BODY_BYTES,
        summary="Book money that came from outside",
    )
    async def book_deposits(
        request: Request[StaffMember, Any, Any], data: JSONBody[Bookings]
    ) -> AllBooked:
        """Cash, a salary, a transfer from another bank. The same reference is booked once."""
        del request
        return AllBooked([await asyncio.to_thread(book, one) for one in data.bookings])

    return Router(
        "/v1/staff",
        route_handlers=[open_customers, book_deposits],
        middleware=[SignedRequests.of(gate)],
        tags=["staff"],
        security=[SIGNED],
    )


def _application(one: NewCustomer) -> Application:
    return Application(
        data=one.data,
        kind=one.kind,
        tier=one.tier,
        language=one.language,
        guardian=parse_customer_id(one.guardian) if one.guardian else None,
    )


def _opened(found: Customer | Refused) -> Opened:
    if isinstance(found, Refused):
        return Opened(refused=found.code)
    return Opened(view_of(found))
