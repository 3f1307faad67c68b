# SPDX-License-Identifier: Apache-2.0
"""Positions tell their batch."""

import pytest

from kerege.ledger.outcome import Outcome, batch_of, offset_of
from kerege.ledger.refusal import Refusal
from tests.ledgers import order_id


@pytest.mark.parametrize(
    ("position", "batch", "offset"),
    [(0, 0, 0), (16_383, 0, 16_383), (16_384, 1, 0), ((5 << 14) + 9, 5, 9)],
)
def test_a_position_is_a_batch_and_an_offset(position: int, batch: int, offset: int) -> None:
    assert (batch_of(position), offset_of(position)) == (batch, offset)


def test_an_outcome_without_refusal_is_accepted() -> None:
    assert Outcome(order_id(1)).accepted
    assert not Outcome(order_id(1), Refusal.EXPIRED).accepted
