# SPDX-License-Identifier: Apache-2.0
"""The answer to an order document, as it travels from core to bank to wallet. Pure."""

from typing import Final

from msgspec import Struct

__all__ = ["ACCEPTED", "Verdict"]

ACCEPTED: Final = "accepted"


class Verdict(Struct, frozen=True, gc=False, omit_defaults=True):
    """What became of an order.

    `code` is `accepted`, a `payments.Refusal` or the ledger's refusal in lower case.

    Accepted: `at_us` its time, `number` its position, `amounts` minor units each ledger step
    moved or reserved (or the account it opened). Refused: `step` the leg at fault (-1: the order),
    `found` and `limit` the figures compared. `order` is empty where the text could not be read.
    `replayed`: the order had been decided before, and this is the first answer.
    """

    order: str
    code: str
    at_us: int = 0
    number: int = 0
    amounts: tuple[int, ...] = ()
    step: int = -1
    found: int = 0
    limit: int = 0
    replayed: bool = False
    note: str = ""
    """Where and what, for a text that could not be read; in English, for developers."""

    @property
    def accepted(self) -> bool:
        """Whether the order took effect."""
        return self.code == ACCEPTED
