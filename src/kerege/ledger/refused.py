# SPDX-License-Identifier: Apache-2.0
"""A refusal with its place and the two figures that were compared."""

from msgspec import Struct

from kerege.ledger.refusal import Refusal

__all__ = ["Refused"]


class Refused(Struct, frozen=True, gc=False):
    """`found` is what the order came with, `limit` what would still have passed."""

    refusal: Refusal
    found: int = 0
    limit: int = 0
    step: int = -1
