# SPDX-License-Identifier: Apache-2.0
"""What became of an order: accepted with its place in the ledger, or refused by name."""

from typing import Final

from msgspec import Struct

from kerege.ledger.ids import OrderId
from kerege.ledger.refusal import Refusal

__all__ = ["POSITION_BITS", "Outcome", "batch_of", "offset_of"]

POSITION_BITS: Final = 14
"""A position (order number or transfer seq) is `batch << 14 | offset`: from a position
alone one knows its batch, and with it time and place in the log."""


class Outcome(Struct, frozen=True, gc=False):
    """The ledger's answer to one order.

    Accepted (`refusal is None`): `number` is its position, `at_us` its time, `results`
    one integer a step: minor units moved, reserved or released, or the account id opened.

    Refused: `step` is the first step at fault (-1: the order as a whole), `found` and
    `limit` the two figures compared, where the refusal compares figures.

    `replayed` says that the order had been decided before; all else is as it was then.
    """

    order_id: OrderId
    refusal: Refusal | None = None
    number: int = 0
    at_us: int = 0
    results: tuple[int, ...] = ()
    step: int = -1
    found: int = 0
    limit: int = 0
    replayed: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the order took effect."""
        return self.refusal is None


def batch_of(position: int) -> int:
    """The batch a position belongs to."""
    return position >> POSITION_BITS


def offset_of(position: int) -> int:
    """Which order, or step, of its batch a position is."""
    return position & (1 << POSITION_BITS) - 1
