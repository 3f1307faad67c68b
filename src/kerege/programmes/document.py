# SPDX-License-Identifier: Apache-2.0
"""Programme documents: the published terms of marked money. Pure.

JSON, one schema (docs/formats/programme.md). Unknown members are refused, amounts are whole minor
units, times microseconds since 1970 UTC. Every text stands in every language of `LANGUAGES`.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.ledger.account import MAX_AMOUNT
from kerege.programmes.outcome import OutcomeTerms

__all__ = [
    "LANGUAGES",
    "MAX_BASIS_POINTS",
    "MAX_PROGRAMME_BYTES",
    "PROGRAMME_PATTERN",
    "PROGRAMME_TYP",
    "Arrival",
    "Calendar",
    "Cap",
    "Condition",
    "Item",
    "MalformedProgramme",
    "Programme",
    "Route",
    "Texts",
    "VatRate",
    "VatTerms",
    "Window",
    "decode_programme",
]

PROGRAMME_TYP: Final = "kerege-programme"
"""The `typ` of a programme signed by its funder."""

MAX_PROGRAMME_BYTES: Final = 32 * 1024
"""People read it: twenty pages of rules are not read. Signed, it fits a proposal."""

PROGRAMME_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?!\n)"

LANGUAGES: Final = ("kk", "ru", "en")
"""Languages a programme is published in, all of them."""

MAX_BASIS_POINTS: Final = 10_000
"""A rate of VAT at most: a basis point is a hundredth of a per cent."""

_MAX_US: Final = 2**53
_MAX_ROUTES: Final = 16
_MAX_CONDITIONS: Final = 16
_MAX_CAPS: Final = 4
_MAX_CEL_CHARACTERS: Final = 500
_MAX_DAYS: Final = 400
_MAX_RATES: Final = 32

_Slug = Annotated[str, Meta(pattern=PROGRAMME_PATTERN, max_length=32)]
_Cel = Annotated[str, Meta(min_length=1, max_length=_MAX_CEL_CHARACTERS)]
_Text = Annotated[str, Meta(min_length=1, max_length=1000)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Time = Annotated[int, Meta(ge=0, le=_MAX_US)]
_Wallet = Annotated[str, Meta(pattern=r"^wal_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
_Date = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)", max_length=10)]
_Group = Annotated[str, Meta(pattern=PROGRAMME_PATTERN, max_length=32)]

Texts = dict[Literal["kk", "ru", "en"], _Text]
"""One text in each language; that all are there is checked on reading."""

Arrival = Literal["keep", "unmark", "return"]
"""What becomes of the mark where money arrives: it stays; the payee has plain money; or the payee
is the funder and its budget has it back."""

Window = Literal["payment", "day", "week", "month", "life"]
"""What a cap counts within: one payment, the programme's local day, week or month, or for good."""


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`cel` must be true; `texts` say so to people, and what would satisfy it."""

    name: _Slug
    cel: _Cel
    texts: Texts


class Cap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most `amount` of the programme's money in each `window`, counted for each payer, each
    payee, each pair of them, or all together."""

    name: _Slug
    of: Literal["payer", "payee", "pair", "all"] = "payer"
    window: Window = "payment"
    amount: _Amount
    texts: Texts


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way marked money may go: the first whose `when` is true is the way, and then all its
    `conditions` must hold.

    `groups`: item groups it pays for, and no more than they come to; empty: anything. `about`: the
    kind of registered paper the payment must be for.
    """

    name: _Slug
    when: _Cel
    arrival: Arrival
    texts: Texts
    conditions: Annotated[tuple[Condition, ...], Meta(max_length=_MAX_CONDITIONS)] = ()
    caps: Annotated[tuple[Cap, ...], Meta(max_length=_MAX_CAPS)] = ()
    groups: Annotated[tuple[_Group, ...], Meta(max_length=32)] = ()
    about: Literal["", "contract", "invoice"] = ""


class Calendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which local days are open: weekdays (1 Monday to 7 Sunday) but for `closed`, and `opened`
    besides. Empty: all days. `utc_offset_min`: minutes local time is ahead of UTC."""

    utc_offset_min: Annotated[int, Meta(ge=-720, le=840)] = 0
    weekdays: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(max_length=7)] = ()
    closed: Annotated[tuple[_Date, ...], Meta(max_length=_MAX_DAYS)] = ()
    opened: Annotated[tuple[_Date, ...], Meta(max_length=_MAX_DAYS)] = ()


class VatRate(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A rate of VAT in hundredths of a per cent, in force from `from_us` until the next one of its
    name."""

    name: _Slug
    from_us: _Time
    basis_points: Annotated[int, Meta(ge=0, le=MAX_BASIS_POINTS)]


class VatTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a programme that of value-added tax: its funder is the tax authority, and the VAT
    in every payment for an invoice is its money.

    `issue_days`: an invoice is registered at most so many days after its date.
    """

    rates: Annotated[tuple[VatRate, ...], Meta(min_length=1, max_length=_MAX_RATES)]
    issue_days: Annotated[int, Meta(ge=1, le=366)] = 15


class Programme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A programme's terms. Money is marked by its `funder`, at most `budget` in all (what came back
    not counted), and moves on `routes` from `starts_us` until `ends_us`, when all of it returns to
    the funder.

    `changers`: wallets that may sign the next version besides the funder. `takes_over`: whether
    money marked under earlier versions lives under this one (otherwise it keeps its version).
    `outcome`: whose attestations release the funder's money, if it is a subsidy of that kind.
    `vat`: the programme is that of value-added tax.
    """

    id: _Slug
    version: Annotated[int, Meta(ge=1, le=10_000)]
    asset: _Asset
    funder: _Wallet
    changers: Annotated[tuple[_Wallet, ...], Meta(max_length=8)] = ()
    takes_over: bool = False
    budget: _Amount
    starts_us: _Time
    ends_us: _Time
    calendar: Calendar = Calendar()
    title: Texts
    summary: Texts
    routes: Annotated[tuple[Route, ...], Meta(min_length=1, max_length=_MAX_ROUTES)]
    outcome: OutcomeTerms | None = None
    vat: VatTerms | None = None

    @property
    def readers(self) -> frozenset[str]:
        """Wallets whose owners may read what became of the money: the funder, whoever may change
        the terms, and the inspector."""
        inspector = () if self.outcome is None else (self.outcome.inspector,)
        return frozenset((self.funder, *self.changers, *inspector))


class Item(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What part of a payment is for which group of goods."""

    group: _Group
    amount: _Amount


class MalformedProgramme(KeregeError):
    """A text is not a programme; `place` says where."""


_DECODER: Final[msgspec.json.Decoder[Programme]] = msgspec.json.Decoder(Programme)


def decode_programme(text: bytes) -> Programme:
    """Read a programme's form (not yet its sense); raises `MalformedProgramme`."""
    if len(text) > MAX_PROGRAMME_BYTES:
        raise MalformedProgramme(
            f"the programme has {len(text)} bytes, more than {MAX_PROGRAMME_BYTES}",
            remedy="shorten its texts, or make two programmes of it",
        )
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        what, _, place = str(fault).partition(" - at ")
        raise MalformedProgramme(
            f"not a programme: {what[:200]}",
            place=place.replace("`", "")[:100],
            remedy="see docs/formats/programme.md",
        ) from None
