# SPDX-License-Identifier: Apache-2.0
"""A country's profile: all that one country has of its own, in one file. Pure.

Amounts are minor units of the country's asset. Texts for people stand in every language of the
country, under its code. `docs/country-profile.md` tells each member.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from kerege.bank.tiers import MAX_TIERS, Tier
from kerege.ledger import MAX_AMOUNT
from kerege.payments import ParticipantId
from kerege.payments.ids import PARTICIPANT_PATTERN

__all__ = [
    "MAX_INSTITUTIONS",
    "MAX_LIST",
    "CentralBank",
    "CheckDigit",
    "Institution",
    "Money",
    "Numbers",
    "Population",
    "Profile",
    "Qr",
    "Region",
    "Trade",
]

MAX_LIST: Final = 500
"""Entries of any list: a country has fewer regions, tiers and trades."""

MAX_INSTITUTIONS: Final = 16
"""Intermediaries of a sandbox: each is a process, and a machine has few cores."""

_Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]
_Code = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)", max_length=32)]
_Id = Annotated[str, Meta(pattern=PARTICIPANT_PATTERN, max_length=32)]
_Name = Annotated[str, Meta(min_length=1, max_length=80)]
_Texts = Annotated[dict[_Language, _Name], Meta(min_length=1, max_length=20)]
_Digits = Annotated[str, Meta(pattern=r"^[0-9]*$(?!\n)", max_length=20)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
_Words = Annotated[tuple[_Name, ...], Meta(min_length=1, max_length=MAX_LIST)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
_Weight = Annotated[int, Meta(ge=0, le=1000)]


class Money(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The currency: an ISO 4217 code, what it is called, and what is issued at the start."""

    asset: _Asset
    name: _Texts
    reserves_minor: _Amount
    """What each institution holds at the central bank before anything is issued."""
    issue_minor: _Amount
    """What each institution gets issued against its reserves."""


class CheckDigit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A last digit that is the weighted sum of the others modulo `modulus`.

    If one set of weights gives 10 or more, the next is tried; a number for which none gives a
    digit is not given to anybody.
    """

    modulus: Annotated[int, Meta(ge=2, le=1000)]
    weights: Annotated[
        tuple[Annotated[tuple[_Weight, ...], Meta(min_length=1, max_length=30)], ...],
        Meta(min_length=1, max_length=4),
    ]


class Numbers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How numbers of one kind look: phone numbers (after the prefix) or tax numbers.

    `made_up` are first digits that the authority gives to nobody: all numbers of the sandbox
    begin with them, so that no real person's number stands in it.
    """

    digits: Annotated[int, Meta(ge=4, le=20)]
    made_up: _Digits
    prefix: Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{0,3})?$(?!\n)")] = ""
    check_digit: CheckDigit | None = None


class Institution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An intermediary of the sandbox. `share`: how many people it has, relative to the others."""

    id: _Id
    name: _Texts
    kind: Annotated[str, Meta(pattern=r"^(bank|post|payments)$(?!\n)")]
    share: Annotated[int, Meta(ge=1, le=1000)] = 1

    @property
    def participant(self) -> ParticipantId:
        """Its name at the core."""
        return ParticipantId(self.id)


class CentralBank(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who issues the money."""

    id: _Id
    name: _Texts


class Region(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the country, as wallets are told apart for programmes."""

    id: _Code
    name: _Texts


class Qr(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the QR room's countries this is, and where shops say they are."""

    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
    city: Annotated[str, Meta(pattern=r"^[ -~]+$(?!\n)", max_length=15)]


class Trade(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of shop: its merchant category (ISO 18245) and what one purchase there costs."""

    category: Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)")]
    name: _Texts
    least_minor: _Amount
    most_minor: _Amount
    share: Annotated[int, Meta(ge=1, le=1000)] = 1


class Population(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What made-up people and shops are called, earn and buy.

    A surname is a start, a middle and an ending; nobody real is meant. `women` and `men` give
    common given names and the endings that go with them.
    """

    women: _Words
    men: _Words
    surname_starts: _Words
    surname_middles: _Words
    surname_endings_women: _Words
    surname_endings_men: _Words
    shop_names: _Words
    trades: Annotated[tuple[Trade, ...], Meta(min_length=1, max_length=MAX_LIST)]
    salary_least_minor: _Amount
    salary_most_minor: _Amount


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A country."""

    code: Annotated[str, Meta(pattern=r"^[a-z]{2}$(?!\n)")]
    name: _Texts
    languages: Annotated[tuple[_Language, ...], Meta(min_length=1, max_length=20)]
    """Of its people; the first is taken where nobody says which."""
    time_zone: Annotated[str, Meta(pattern=r"^[A-Za-z_]+(/[A-Za-z_-]+)*$(?!\n)", max_length=40)]
    log_origin: Annotated[str, Meta(pattern=r"^[a-z0-9.-]+(/[a-z0-9-]+)*$(?!\n)", max_length=80)]
    """The name of the public log; in earnest a domain of the central bank's."""
    vat_rate_bp: Annotated[int, Meta(ge=0, le=10_000)]
    """Basis points: 16 % is 1600."""
    money: Money
    central_bank: CentralBank
    phone: Numbers
    tax_number: Numbers
    qr: Qr
    tiers: Annotated[tuple[Tier, ...], Meta(min_length=1, max_length=MAX_TIERS)]
    institutions: Annotated[
        tuple[Institution, ...], Meta(min_length=1, max_length=MAX_INSTITUTIONS)
    ]
    regions: Annotated[tuple[Region, ...], Meta(min_length=1, max_length=MAX_LIST)]
    population: Population

    def text(self, texts: dict[str, str], language: str) -> str:
        """One of `texts` in `language`, or in the country's first."""
        return texts.get(language) or texts[self.languages[0]]
