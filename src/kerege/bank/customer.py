# SPDX-License-Identifier: Apache-2.0
"""A customer as everybody in the bank may see one: no name, no number. And what may be refused.

Pure.
"""

import re
from enum import StrEnum, unique
from typing import Final, NewType

from msgspec import Struct

from kerege.errors import KeregeError

__all__ = [
    "Customer",
    "CustomerId",
    "CustomerRefusal",
    "CustomerState",
    "Refused",
    "UnknownCustomer",
    "format_customer_id",
    "may_become",
    "parse_customer_id",
]

CustomerId = NewType("CustomerId", str)
"""`cus_` and 32 lower-case hexadecimal digits; known to this bank only."""

_ID: Final = re.compile(r"cus_[0-9a-f]{32}", re.ASCII)


class UnknownCustomer(KeregeError):
    """No customer of this bank has this id, or the text is no customer's id."""

    def __init__(self) -> None:
        # One message for both, and not the text: it may be anything.
        super().__init__("no customer of this bank has this id", remedy="copy the id whole")


@unique
class CustomerState(StrEnum):
    """Where a customer stands."""

    WAITING = "waiting"
    """Screening found something; a person decides."""
    ACTIVE = "active"
    BLOCKED = "blocked"
    CLOSED = "closed"
    """No longer a customer; the data is kept as long as the law asks."""
    FORGOTTEN = "forgotten"
    """The key of the data is destroyed; only that there was somebody is known."""


_NEXT: Final = {
    CustomerState.WAITING: {CustomerState.ACTIVE, CustomerState.BLOCKED, CustomerState.CLOSED},
    CustomerState.ACTIVE: {CustomerState.WAITING, CustomerState.BLOCKED, CustomerState.CLOSED},
    CustomerState.BLOCKED: {CustomerState.WAITING, CustomerState.ACTIVE, CustomerState.CLOSED},
    CustomerState.CLOSED: {CustomerState.FORGOTTEN},
    CustomerState.FORGOTTEN: set[CustomerState](),
}


def may_become(state: CustomerState, other: CustomerState) -> bool:
    """Whether a customer may go from one state to another."""
    return other in _NEXT[state]


class Customer(Struct, frozen=True, kw_only=True):
    """One customer. `kind` is person, firm or agency; `tier` one of the country's for that kind.

    `guardian` answers for a child and sees to its wallets. Times are microseconds since 1970;
    `version` grows with every change.
    """

    id: CustomerId
    kind: str
    tier: str
    state: CustomerState
    language: str
    opened_us: int
    changed_us: int
    version: int
    guardian: CustomerId | None = None


@unique
class CustomerRefusal(StrEnum):
    """Why the register of customers refuses, in order of precedence (first match wins)."""

    STATE_FORBIDS = "customer_state_forbids"
    """The customer is blocked, closed or forgotten."""
    TIER_NEEDS_MORE = "tier_needs_more"
    """The tier asks for data that was not given; `members` says which."""
    PHONE_TAKEN = "phone_taken"
    TAX_NUMBER_TAKEN = "tax_number_taken"
    GUARDIAN_UNFIT = "guardian_unfit"
    """Not an active, grown-up person without a guardian, or the ward is grown up."""
    HAS_WARDS = "has_wards"
    HAS_WALLETS = "has_wallets"
    WALLET_TAKEN = "wallet_taken"
    """The wallet is another customer's."""


class Refused(Struct, frozen=True):
    """A refusal of the register of customers, and the members of the data it is about."""

    code: CustomerRefusal
    members: tuple[str, ...] = ()


def format_customer_id(drawn: bytes) -> CustomerId:
    """The customer id made of 16 bytes."""
    return parse_customer_id(f"cus_{drawn.hex()}")


def parse_customer_id(text: str) -> CustomerId:
    """Check a customer id; raises `UnknownCustomer`."""
    if _ID.fullmatch(text) is None:
        raise UnknownCustomer
    return CustomerId(text)
