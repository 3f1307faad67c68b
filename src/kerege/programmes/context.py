# SPDX-License-Identifier: Apache-2.0
"""The names conditions may read, with their types, and where their values come from. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from kerege.programmes.situation import Contracted, Situation

__all__ = [
    "CONTEXT",
    "MANY_VALUED",
    "NO_CONTRACT",
    "CelType",
    "Name",
    "Source",
    "sums_by_group",
]

CelType = Literal["string", "int", "bool", "strings", "items"]
"""`strings` is a list of strings, `items` a map from item group to amount."""

Source = Literal["situation", "moment", "contract", "present", "items"]


class Name(Struct, frozen=True):
    """One declared name: its value is the attribute `path` of `source`."""

    type: CelType
    source: Source
    path: str
    about: str


NO_CONTRACT: Final = Contracted(is_buyer=False, is_supplier=False, depth=0, of_programme=False)
"""What conditions read where a payment is for no contract."""


def sums_by_group(situation: Situation) -> dict[str, int]:
    """Minor units by item group."""
    sums: dict[str, int] = {}
    for item in situation.items:
        sums[item.group] = sums.get(item.group, 0) + item.amount
    return sums


def _party(side: Literal["payer", "payee"]) -> dict[str, Name]:
    members: tuple[tuple[CelType, str, str], ...] = (
        ("string", "kind", "person, firm, agency or bank"),
        ("string", "tier", "tier of the holder, as the country's profile names it"),
        ("string", "category", "merchant category (ISO 18245), empty if it has none"),
        ("string", "region", "region, as the country's profile names it, or empty"),
        ("bool", "vat", "registered for VAT"),
        ("string", "bank", "institution that keeps the wallet"),
        ("bool", "is_funder", "the programme's funder"),
    )
    return {
        f"{side}.{name}": Name(kind, "situation", f"{side}.{name}", about)
        for kind, name, about in members
    }


CONTEXT: Final[Mapping[str, Name]] = {
    **_party("payer"),
    **_party("payee"),
    "payment.amount": Name("int", "situation", "amount", "minor units of this part of it"),
    "payment.purpose": Name("int", "situation", "purpose", "purpose code, 0 if none is given"),
    "payment.channel": Name("string", "situation", "channel", "how it was made, or empty"),
    "at.date": Name("string", "moment", "date", "local date, like 2026-11-22: compares as text"),
    "at.weekday": Name("int", "moment", "weekday", "1 Monday to 7 Sunday"),
    "at.minute": Name("int", "moment", "minute", "minute of the local day, 0 to 1439"),
    "at.open": Name("bool", "moment", "open", "the calendar has the day open"),
    "items": Name("items", "items", "", "amount by item group, minor units"),
    "contract.present": Name("bool", "present", "", "it is for a registered contract"),
    "contract.is_buyer": Name("bool", "contract", "is_buyer", "the payer is its buyer"),
    "contract.is_supplier": Name("bool", "contract", "is_supplier", "the payee is its supplier"),
    "contract.depth": Name(
        "int", "contract", "depth", "1 the funder's own, 2 a subcontract of that...; 0 none"
    ),
    "contract.of_programme": Name(
        "bool", "contract", "of_programme", "it and all it hangs under are of this programme"
    ),
    "contract.by_supplier": Name(
        "bool", "contract", "by_supplier", "the payer is its supplier, spending what it was paid"
    ),
    "contract.last": Name("bool", "contract", "last", "its supplier passes nothing on to others"),
    "contract.unmet": Name("strings", "contract", "unmet", "names of obligations not met"),
    "invoice.present": Name(
        "bool", "situation", "invoiced", "it is for an invoice of the payee to the payer"
    ),
}
"""Every name a condition may read. Each is there always: what is missing is empty, 0 or false."""

MANY_VALUED: Final = frozenset({"payment.amount", "items"})
"""Names whose values hardly come again: what hangs on them is not worth remembering. (A minute
comes again for all who pay in it.)"""
