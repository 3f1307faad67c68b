# SPDX-License-Identifier: Apache-2.0
"""Institutions and people with keys at the core: who they are and what they may do. Pure."""

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Annotated, Final

from msgspec import Meta, Struct

from kerege.keys import PublicKey
from kerege.ledger import MAX_AMOUNT, AccountId
from kerege.payments.ids import ParticipantId, WalletId

__all__ = [
    "DEFAULT_QUOTA",
    "MAX_KEYS",
    "MAX_PARTICIPANTS",
    "KeyRecord",
    "Licence",
    "Participant",
    "Quota",
    "Role",
    "SystemAccounts",
]

MAX_PARTICIPANTS: Final = 4_096
"""Institutions and staff of one core: every node keeps all of them in memory."""

MAX_KEYS: Final = 16
"""Keys of one participant at a time: a few machines, and both sides of a change of keys."""

_Text = Annotated[str, Meta(max_length=200)]
_Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]
_Rate = Annotated[int, Meta(ge=0, le=1_000_000)]


@unique
class Role(StrEnum):
    """What a participant is licensed for."""

    INTERMEDIARY = "intermediary"
    """Keeps wallets, submits orders, has reserves."""
    AGENCY = "agency"
    OPERATOR = "operator"
    """The central bank itself."""
    WITNESS = "witness"
    STAFF = "staff"
    """A person of the central bank who may propose and approve its actions."""


class Licence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the public may know of a participant: names by language, number, since when."""

    name: Annotated[dict[_Language, _Text], Meta(max_length=20)] = {}
    number: Annotated[str, Meta(max_length=64)] = ""
    since_us: Annotated[int, Meta(ge=0, le=2**53)] = 0
    about: Annotated[dict[_Language, _Text], Meta(max_length=20)] = {}


class Quota(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a participant may ask of the core.

    `issuance`: the most money, in minor units by asset, that may be issued to it beyond what it
    gave back (absent: no bound).
    """

    orders_per_s: _Rate = 5_000
    burst: _Rate = 20_000
    resolutions_per_minute: _Rate = 6_000
    issuance: Annotated[
        dict[str, Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]], Meta(max_length=64)
    ] = {}


DEFAULT_QUOTA: Final = Quota()


class Participant(Struct, frozen=True, kw_only=True):
    """One participant. `keys` are those in force, by thumbprint, which is the `keyid` of its
    requests. `wallet` is its own, None until it opened one."""

    id: ParticipantId
    roles: frozenset[str]
    keys: Mapping[str, PublicKey]
    licence: Licence
    quota: Quota = DEFAULT_QUOTA
    suspended: bool = False
    wallet: WalletId | None = None


class KeyRecord(Struct, frozen=True):
    """A wallet's key. `kid` is its RFC 7638 thumbprint; a revoked one signs nothing any more."""

    kid: str
    key: PublicKey
    wallet: WalletId
    revoked: bool


class SystemAccounts(Struct, frozen=True, kw_only=True):
    """Accounts that belong to the core itself, by asset (of money unless told otherwise).

    Money comes from `issuers` and ends in `retired`: their balances are what was ever issued and
    redeemed. `backing` holds the reserves behind it, `reserves` what a bank has beyond that, both
    in the reserve asset; `quotas` counts what a bank may still be issued.
    """

    issuers: Mapping[str, AccountId]
    retired: Mapping[str, AccountId]
    backing: Mapping[str, AccountId]
    reserve_issuers: Mapping[str, AccountId]
    reserves: Mapping[tuple[str, str], AccountId]
    """By (participant, asset of money)."""
    quotas: Mapping[tuple[str, str], AccountId]
    """By (participant, asset of money), in the control asset: below zero by what was issued."""
    allowance_sink: AccountId
    quota_sink: AccountId
    decisions: AccountId
    """Issues one unit of the control asset for every action of the central bank."""
    decided: AccountId
    """Collects those units: its balance is how many actions took effect."""
    redemption_wallet: WalletId
    fee_wallet: WalletId
    converters: Mapping[str, AccountId] = {}
    """Where money changes its mark. A country founded before there were programmes lacks them,
    until a programme in that asset is activated."""
