# SPDX-License-Identifier: Apache-2.0
"""Under which terms a wallet pays: whose it is, which limits hold, whether its deposit helps."""

from collections.abc import Collection, Mapping
from typing import Protocol

from msgspec import Struct

from kerege.bank.limits import Bound
from kerege.bank.tiers import Limits

__all__ = ["Terms", "TermsBook", "bounds_of"]


class Terms(Struct, frozen=True, kw_only=True):
    """The terms of one wallet. Limits are by asset; an asset that is left out is not limited here
    (holding it at all is the core's matter).

    `guardian` are the limits a guardian set for a child's wallet. `top_up`: what a payment lacks
    is taken from the customer's deposit (reverse waterfall).
    """

    customer: str
    active: bool = True
    tier: Mapping[str, Limits] = {}
    guardian: Mapping[str, Limits] = {}
    top_up: bool = False


class TermsBook(Protocol):
    """Who knows the terms of this bank's wallets."""

    def terms(self, wallets: Collection[str]) -> Mapping[str, Terms]:
        """Terms by wallet, of those this bank keeps."""


def bounds_of(wallet: str, terms: Terms, asset: str) -> tuple[Bound, ...]:
    """The limits that a payment of `wallet` in `asset` is under."""
    tier, guardian = terms.tier.get(asset), terms.guardian.get(asset)
    of_tier = () if tier is None else (Bound(terms.customer, asset, tier),)
    of_guardian = () if guardian is None else (Bound(wallet, asset, guardian, True),)
    return of_tier + of_guardian
