# SPDX-License-Identifier: Apache-2.0
"""What one country decides and the core must know: its money, and what each tier may hold. Pure.

Nothing here names a person or a place; a sandbox fills it from its profile, a central bank from
its regulations.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.ledger import MAX_AMOUNT
from kerege.payments.ids import PARTICIPANT_PATTERN, ParticipantId

__all__ = [
    "BANK_KIND",
    "MAX_ASSETS",
    "MAX_TIERS",
    "OWNER_KINDS",
    "MalformedParameters",
    "MoneyAsset",
    "Parameters",
    "TierCeiling",
    "UnknownTier",
    "decode_parameters",
    "encode_parameters",
]

BANK_KIND: Final = "bank"
"""The kind of owner that is an institution itself: it needs no tier and has no ceiling."""

OWNER_KINDS: Final = frozenset({"person", "firm", "agency", BANK_KIND})

MAX_ASSETS: Final = 64
"""Money assets of one country: its currency, later gold and bonds; each is kept in memory."""

MAX_TIERS: Final = 500
"""A country has a handful for each kind of owner."""

_Asset = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$(?!\n)", max_length=12)]
_Word = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)", max_length=32)]
_Kind = Annotated[str, Meta(pattern=r"^(person|firm|agency)$(?!\n)")]


class MoneyAsset(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that is issued one for one against reserves counted in the asset `reserve`."""

    code: _Asset
    reserve: _Asset
    scale: Annotated[int, Meta(ge=0, le=18)] = 2
    """Decimal places of both."""


class TierCeiling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tier and the most its wallets may hold, in minor units by asset (absent: no bound)."""

    owner_kind: _Kind
    name: _Word
    ceilings: dict[_Asset, Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]] = {}


class Parameters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a country is founded with. `operator` is the central bank itself."""

    operator: Annotated[str, Meta(pattern=PARTICIPANT_PATTERN, max_length=32)] = "central-bank"
    assets: Annotated[tuple[MoneyAsset, ...], Meta(min_length=1, max_length=MAX_ASSETS)]
    tiers: Annotated[tuple[TierCeiling, ...], Meta(min_length=1, max_length=MAX_TIERS)]

    @property
    def operator_id(self) -> ParticipantId:
        """The central bank among the participants."""
        return ParticipantId(self.operator)

    def ceiling(self, asset: str, owner_kind: str, tier: str) -> int | None:
        """The most a wallet may hold of `asset`, in minor units; None without a bound.

        Raises `UnknownTier`.
        """
        if owner_kind == BANK_KIND:
            return None
        for known in self.tiers:
            if (known.owner_kind, known.name) == (owner_kind, tier):
                return known.ceilings.get(asset)
        raise UnknownTier(
            f"there is no tier {tier[:40]!r} for the kind of owner {owner_kind[:40]!r}",
            remedy="take a tier from the country's published parameters",
        )


class UnknownTier(KeregeError):
    """A tier or a kind of owner that the country's parameters do not have."""


class MalformedParameters(KeregeError):
    """A country's parameters that cannot be read or contradict themselves; `place` says where."""


def encode_parameters(parameters: Parameters) -> bytes:
    """The JSON text that is kept and published."""
    return msgspec.json.encode(parameters, order="sorted")


def decode_parameters(text: bytes) -> Parameters:
    """Inverse of `encode_parameters`; raises `MalformedParameters`."""
    try:
        parameters = _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        what, _, place = str(fault).partition(" - at ")
        raise MalformedParameters(what[:200], place=place.strip("`")[:100]) from None
    _check(parameters)
    return parameters


_DECODER: Final = msgspec.json.Decoder(Parameters)


def _check(parameters: Parameters) -> None:
    codes = [code for asset in parameters.assets for code in (asset.code, asset.reserve)]
    if len(set(codes)) != len(codes):
        raise MalformedParameters(
            "an asset is named twice", place="assets", remedy="give each a code of its own"
        )
    tiers = [(tier.owner_kind, tier.name) for tier in parameters.tiers]
    if len(set(tiers)) != len(tiers):
        raise MalformedParameters(
            "a tier is named twice", place="tiers", remedy="name a tier once for a kind of owner"
        )
