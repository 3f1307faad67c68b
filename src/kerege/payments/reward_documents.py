# SPDX-License-Identifier: Apache-2.0
"""The document of a reward: a registered source attests what a person did. Pure."""

from typing import Final

from kerege.payments.document_fields import (
    CertainDigest,
    Digest,
    MinorUnits,
    ProgrammeName,
    Signed,
    Wallet,
)

__all__ = ["TAKE_AT_LEAST_S", "TAKE_S", "Reward"]

TAKE_S: Final = 30 * 24 * 3600
"""Seconds for a person to take a reward once it is free; after that it is the funder's again.
Near the programme's end there is less time, for then all is the funder's."""

TAKE_AT_LEAST_S: Final = 3600
"""What is left of that for the last reward before a programme's end: banks take rewards for their
people within minutes."""


class Reward(Signed, frozen=True, kw_only=True, tag="reward"):
    """Attest `units` of what a programme rewards, done by the person of `to`.

    `claim` is the SHA-256 of what is attested, as the programme says to write it: each is rewarded
    once, whichever source attests it.
    """

    programme: ProgrammeName
    to: Wallet
    units: MinorUnits
    claim: CertainDigest
    details: Digest = ""
