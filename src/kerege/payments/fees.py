# SPDX-License-Identifier: Apache-2.0
"""Fees and incentives as data: who pays what to whom for which payments. Pure.

A schedule is a published document. Every rule that matches a leg applies to it. What it comes to
is a share of the leg in basis points, rounded half up to the minor unit, then kept between the
rule's minimum and maximum, and never above the leg itself.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from kerege.ledger.account import MAX_AMOUNT
from kerege.payments.ids import WALLET_PATTERN

__all__ = [
    "FEE_LANGUAGES",
    "MAX_BASIS_POINTS",
    "MAX_FEE_RULES",
    "NO_FEES",
    "FeeKind",
    "FeeRule",
    "FeeSchedule",
    "fee_of",
    "share_half_up",
]

MAX_FEE_RULES: Final = 16
"""Each rule that matches adds steps to every leg; a tariff page people can read has fewer."""

MAX_BASIS_POINTS: Final = 10_000
"""All of it: a basis point is a hundredth of a per cent."""

FEE_LANGUAGES: Final = ("kk", "ru", "en")
"""Languages a rule is published in, all of them."""

FeeKind = Literal["pay", "capture", "pull"]
"""What moves money from a payer to a payee, and so may cost something."""

_MAX_LISTED: Final = 64
"""Purposes or categories one rule names; a rule for more is better split."""

_Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN, max_length=36)]
_Owner = Annotated[str, Meta(pattern=r"^[a-z0-9-]+$(?!\n)", max_length=32)]
_Owners = Annotated[tuple[_Owner, ...], Meta(max_length=8)]
_Purpose = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Category = Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)", max_length=4)]
_Text = Annotated[str, Meta(min_length=1, max_length=500)]


class FeeRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fee or incentive. What a list leaves empty matches everything.

    `paid_by` the payer (on top of the payment, within its `max_fee`), the payee (out of what it
    receives) or a sponsor under its `mandate` to `collector`. `collector` receives it, unless
    `rewards` names the payer or the payee: an incentive, which only a sponsor pays.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}$(?!\n)", max_length=32)]
    asset: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
    paid_by: Literal["payer", "payee", "sponsor"]
    collector: _Wallet
    texts: dict[Literal["kk", "ru", "en"], _Text]
    kinds: Annotated[tuple[FeeKind, ...], Meta(max_length=3)] = ()
    payer_kinds: _Owners = ()
    payee_kinds: _Owners = ()
    purposes: Annotated[tuple[_Purpose, ...], Meta(max_length=_MAX_LISTED)] = ()
    categories: Annotated[tuple[_Category, ...], Meta(max_length=_MAX_LISTED)] = ()
    basis_points: Annotated[int, Meta(ge=0, le=MAX_BASIS_POINTS)] = 0
    minimum: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] = 0
    maximum: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] = MAX_AMOUNT
    mandate: Annotated[str, Meta(pattern=r"^(ord_[0-9a-f]{32})?$(?!\n)", max_length=36)] = ""
    rewards: Literal["", "payer", "payee"] = ""


class FeeSchedule(Struct, frozen=True, forbid_unknown_fields=True):
    """A published schedule; without rules nothing costs anything."""

    version: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    from_us: Annotated[int, Meta(ge=0, le=2**53)] = 0
    """When it comes into force."""
    rules: Annotated[tuple[FeeRule, ...], Meta(max_length=MAX_FEE_RULES)] = ()


NO_FEES: Final = FeeSchedule()


def share_half_up(amount: int, basis_points: int) -> tuple[int, int]:
    """The nearest minor unit to a share of `amount` (at least 0), a tie going up; and what was
    rounded away, in ten-thousandths of a minor unit (negative if rounded up)."""
    share = (amount * basis_points + MAX_BASIS_POINTS // 2) // MAX_BASIS_POINTS
    return share, amount * basis_points - share * MAX_BASIS_POINTS


def fee_of(rule: FeeRule, amount: int) -> int:
    """What a rule comes to for a leg of `amount`, both in minor units."""
    share, _ = share_half_up(amount, rule.basis_points)
    return min(max(share, rule.minimum), rule.maximum, amount)
