# SPDX-License-Identifier: Apache-2.0
"""Fees and incentives as data: who pays what to whom for which payments. Pure."""

from typing import Final

from msgspec import Struct

__all__ = ["NO_FEES", "FeeSchedule"]


class FeeSchedule(Struct, frozen=True):
    """A published schedule; without rules nothing costs anything."""

    version: int = 0


NO_FEES: Final = FeeSchedule()
