# SPDX-License-Identifier: Apache-2.0
"""Terms of a subsidy with outcome: who may attest what people did, and what it pays. Pure.

The funder signs them once; every reward is then released by a source's signature alone, within
what stands here (docs/decisions/rewards-are-signed-by-terms.md). What a person may get, and what a
person must be, is said by the programme's routes: their conditions and caps hold for rewards as for
any payment of the funder's.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from kerege.ledger.account import MAX_AMOUNT

__all__ = ["MAX_SOURCES", "REWARD_CHANNEL", "OutcomeTerms", "Source", "outcome_faults"]

REWARD_CHANNEL: Final = "reward"
"""`payment.channel` where a route is asked about a reward."""

MAX_SOURCES: Final = 32
"""Sources of one programme: apps, elevators, laboratories of a country, not every device."""

_MAX_HOLD_S: Final = 180 * 24 * 3600
_Wallet = Annotated[str, Meta(pattern=r"^wal_[0-9a-f]{32}$(?!\n)", max_length=36)]
_Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wallet that may attest, and minor units its attestations release in each `window`, at
    most: what is lost if its key is stolen."""

    wallet: _Wallet
    cap: _Amount
    window: Literal["day", "week", "month", "life"]


class OutcomeTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is attested is worth `unit_amount` minor units a unit, at most `max_units` a claim.

    For `hold_s` seconds the money only waits for the person, and the `inspector` may send it back.
    """

    sources: Annotated[tuple[Source, ...], Meta(min_length=1, max_length=MAX_SOURCES)]
    unit_amount: _Amount
    max_units: _Amount
    inspector: _Wallet
    hold_s: Annotated[int, Meta(ge=60, le=_MAX_HOLD_S)]

    def source(self, wallet: str) -> Source | None:
        """The source that a wallet is, or None."""
        return next((one for one in self.sources if one.wallet == wallet), None)


def outcome_faults(outcome: OutcomeTerms, funder: str) -> Iterator[tuple[str, str]]:
    """What makes no sense in them: where, and what."""
    wallets = [one.wallet for one in outcome.sources]
    for index, wallet in enumerate(wallets):
        if wallet in wallets[:index]:
            yield f".sources[{index}].wallet", f"{wallet} stands there twice"
    if outcome.inspector in wallets:
        yield ".inspector", "is a source, and would inspect itself"
    if funder in wallets:
        yield ".sources", "names the funder, who may pay anyway"
    if outcome.unit_amount * outcome.max_units > MAX_AMOUNT:
        yield ".max_units", "come to more than a payment can be"
