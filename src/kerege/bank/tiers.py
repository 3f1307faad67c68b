# SPDX-License-Identifier: Apache-2.0
"""Tiers of customers: what a bank must know of somebody, and how much they may hold and pay. Pure.

Tiers are data of the country's profile, a list of tables:

    [[tiers]]
    name = "phone"                  # what wallets are opened with
    owner_kind = "person"           # person, firm or agency
    requires = ["phone"]            # members of PersonalData that must be known
    limits.KZT = { holding = 100_000_00, payment = 50_000_00, day = 100_000_00, month = 300_000_00 }

Amounts are minor units. A limit that is left out does not bound; an asset that is left out is not
for this tier. A day is any 24 hours, a month any 30 days: both slide.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError

__all__ = [
    "DAY_S",
    "MAX_TIERS",
    "MONTH_S",
    "OWNER_KINDS",
    "Limits",
    "MalformedTiers",
    "Tier",
    "TierBook",
    "UnknownTier",
]

DAY_S: Final = 24 * 3600
MONTH_S: Final = 30 * DAY_S
OWNER_KINDS: Final = ("person", "firm", "agency")

MAX_TIERS: Final = 64
"""A country has some ten; a profile with more is a mistake."""

_Amount = Annotated[int, Meta(ge=1, le=2**62)]
_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9-]{2,11}$(?!\n)", max_length=12)]
_Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$(?!\n)", max_length=32)]
_MEMBERS: Final = frozenset({"name", "phone", "tax_number", "birth_date", "document", "address"})


class MalformedTiers(KeregeError):
    """A profile's tiers that cannot be used; `place` says which."""


class UnknownTier(KeregeError):
    """No tier of this name for this kind of owner."""


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Minor units of one asset; None does not bound. `day` is any 24 hours, `month` any 30 days."""

    holding: _Amount | None = None
    payment: _Amount | None = None
    day: _Amount | None = None
    month: _Amount | None = None


NO_LIMITS: Final = Limits()


class Tier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tier of one kind of owner."""

    name: _Name
    owner_kind: str
    requires: tuple[str, ...] = ()
    limits: dict[_Asset, Limits] = {}

    def limits_in(self, asset: str) -> Limits | None:
        """The limits in `asset`, or None if this tier may not hold it."""
        return self.limits.get(asset)


class TierBook:
    """The tiers of a country, found by kind of owner and name. Immutable."""

    def __init__(self, tiers: Iterable[Tier]) -> None:
        """Raises `MalformedTiers`."""
        listed = tuple(tiers)
        if not 1 <= len(listed) <= MAX_TIERS:
            raise MalformedTiers(f"1 to {MAX_TIERS} tiers, not {len(listed)}", place="tiers")
        for number, tier in enumerate(listed):
            _check(tier, place=f"tiers[{number}]")
        self.tiers: Mapping[tuple[str, str], Tier] = MappingProxyType(
            {(tier.owner_kind, tier.name): tier for tier in listed}
        )
        if len(self.tiers) != len(listed):
            raise MalformedTiers("a name stands twice for one kind of owner", place="tiers")

    @classmethod
    def read(cls, profile: Mapping[str, object]) -> "TierBook":
        """Read the `tiers` of a profile as `tomllib` or a JSON reader gave it.

        Raises `MalformedTiers`.
        """
        try:
            return cls(msgspec.convert(profile.get("tiers"), list[Tier]))
        except msgspec.ValidationError as fault:
            # msgspec ends its messages with " - at `$[0].limits`", for keys "`key` in `$...`".
            what, _, place = str(fault).partition(" - at ")
            path = place.removeprefix("`key` in ").strip("`").removeprefix("$")
            raise MalformedTiers(what, place=f"tiers{path}") from None

    def find(self, owner_kind: str, name: str) -> Tier:
        """The tier. Raises `UnknownTier`."""
        tier = self.tiers.get((owner_kind, name))
        if tier is None:
            known = [each for kind, each in self.tiers if kind == owner_kind]
            raise UnknownTier(
                f"there is no tier {name[:40]!r} for {owner_kind[:40]!r}",
                remedy=f"known: {', '.join(known)}" if known else "",
            )
        return tier


def _check(tier: Tier, *, place: str) -> None:
    if tier.owner_kind not in OWNER_KINDS:
        raise MalformedTiers(f"one of {', '.join(OWNER_KINDS)}", place=f"{place}.owner_kind")
    for member in tier.requires:
        if member not in _MEMBERS:
            raise MalformedTiers(
                f"one of {', '.join(sorted(_MEMBERS))}, not {member[:40]!r}",
                place=f"{place}.requires",
            )
    for asset, limits in tier.limits.items():
        _check_order(limits, place=f"{place}.limits.{asset}")


def _check_order(limits: Limits, *, place: str) -> None:
    """A wider window with a lower limit would make the narrower one meaningless: a mistake."""
    rising = [amount for amount in (limits.payment, limits.day, limits.month) if amount is not None]
    if rising != sorted(rising):
        raise MalformedTiers("payment, day and month do not rise", place=place)
