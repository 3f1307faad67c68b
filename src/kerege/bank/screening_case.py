# SPDX-License-Identifier: Apache-2.0
"""What a person has to decide: is this customer the one who is listed? Pure."""

from enum import StrEnum, unique

from msgspec import Struct

from kerege.bank.customer import CustomerId
from kerege.errors import KeregeError

__all__ = ["Case", "CaseState", "UnknownCase"]


class UnknownCase(KeregeError):
    """No case has this id."""

    def __init__(self) -> None:
        super().__init__("no case of this bank has this id", remedy="copy the id whole")


@unique
class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLEARED = "cleared"
    """Somebody else: not asked again until the entry or the customer's name or birth changes."""
    CONFIRMED = "confirmed"
    """The same: the customer is blocked."""
    LAPSED = "lapsed"
    """The entry left the list before anybody decided."""


class Case(Struct, frozen=True, kw_only=True):
    """A customer whose name is like a listed one. `score` is of 1000; times are microseconds.

    `data_tag` is a keyed hash of the name and birth date that were compared.
    """

    id: str
    customer: CustomerId
    list_name: str
    entry: str
    entry_digest: str
    data_tag: bytes
    score: int
    state: CaseState
    opened_us: int
    decided_us: int | None = None
    decided_by: str | None = None
