# SPDX-License-Identifier: Apache-2.0
"""What members of order documents may be, and what every document has. Pure."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from kerege.ledger.account import MAX_AMOUNT
from kerege.payments.ids import PARTICIPANT_PATTERN, WALLET_PATTERN
from kerege.programmes import Item
from kerege.programmes.document import PROGRAMME_PATTERN

__all__ = [
    "ALLOWANCE_ASSET",
    "MAX_ITEMS",
    "MAX_WINDOW_S",
    "UNMARKED_ONLY",
    "AssetCode",
    "Bank",
    "CertainDigest",
    "Digest",
    "Items",
    "MinorUnits",
    "MinorUnitsOrZero",
    "OrderName",
    "OrderOrNone",
    "ProgrammeName",
    "Purpose",
    "Signed",
    "Slug",
    "SlugOrNone",
    "Spend",
    "Text",
    "Time",
    "Wallet",
    "WalletOrNone",
    "Window",
    "check_papers",
]

ALLOWANCE_ASSET: Final = "ALLOWANCE"
"""What limits are counted in, see docs/decisions/limits-are-accounts.md: scale 0, in minor units
of whatever is limited."""

MAX_ITEMS: Final = 16
"""Groups of goods one payment is told to be for."""

UNMARKED_ONLY: Final = "unmarked"
"""As `spend`: no programme's money. No programme may be called so."""

MAX_WINDOW_S: Final = 400 * 24 * 3600
"""Seconds a hold or a sliding window may last: a year, and what comes late."""

_MAX_US: Final = 2**53
"""Any JSON reader can hold it; it lies in the year 2255."""

# `$` alone would let a final line break pass in Python's `re`: hence `(?!\n)` in every pattern.
# Ids that begin so are the core's own (kerege.payments.derived) or the ledger's: a wallet that
# could take one would keep a limit's account from being opened.
_ORDER: Final = r"ord_(?!fffff[ef])[0-9a-f]{32}"

OrderName = Annotated[str, Meta(pattern=rf"^{_ORDER}$(?!\n)", max_length=36)]
OrderOrNone = Annotated[str, Meta(pattern=rf"^({_ORDER})?$(?!\n)", max_length=36)]
Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN, max_length=36)]
WalletOrNone = Annotated[str, Meta(pattern=r"^(wal_[0-9a-f]{32})?$(?!\n)", max_length=36)]
Bank = Annotated[str, Meta(pattern=PARTICIPANT_PATTERN, max_length=32)]
# What limits are counted in is nobody's to hold or to pay with.
_ASSET: Final = rf"^(?!{ALLOWANCE_ASSET}$)[A-Z][A-Z0-9-]{{2,11}}$(?!\n)"
AssetCode = Annotated[str, Meta(pattern=_ASSET, max_length=12)]
MinorUnits = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
MinorUnitsOrZero = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
Time = Annotated[int, Meta(ge=0, le=_MAX_US)]
Window = Annotated[int, Meta(ge=1, le=MAX_WINDOW_S)]
Purpose = Annotated[int, Meta(ge=0, le=2**31 - 1)]
# 32 bytes as base64url in the one way it is written: the last digit carries four bits.
_B64_32: Final = "[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
Digest = Annotated[str, Meta(pattern=rf"^({_B64_32})?$(?!\n)", max_length=43)]
CertainDigest = Annotated[str, Meta(pattern=rf"^{_B64_32}$(?!\n)", max_length=43)]
Text = Annotated[str, Meta(pattern=r"^[a-z0-9-]*$(?!\n)", max_length=32)]
ProgrammeName = Annotated[str, Meta(pattern=PROGRAMME_PATTERN, max_length=32)]
Slug = ProgrammeName
SlugOrNone = Annotated[str, Meta(pattern=rf"{PROGRAMME_PATTERN}|^$(?!\n)", max_length=32)]
Spend = SlugOrNone
Items = Annotated[tuple[Item, ...], Meta(max_length=MAX_ITEMS)]


class Signed(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What every order has: its id, who signs it, until when it may be accepted."""

    id: OrderName
    wallet: Wallet
    until_us: Time
    after_us: Time = 0


def check_papers(about: str, milestone: str, invoice: str) -> None:
    """A milestone, or an invoice besides, goes with a contract: raises `ValueError`, which reading
    a document turns into its own error, if none is named."""
    if milestone and not about:
        raise ValueError("a milestone is of a contract: name it in `about`")
    if invoice and not about:
        raise ValueError("an invoice by itself is what the payment is `about`")
