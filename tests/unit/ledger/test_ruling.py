# SPDX-License-Identifier: Apache-2.0
"""A ruling's answers, as outcomes and as arrays."""

import numpy as np

from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.ruling import PlainOrders, Rows, Ruling
from kerege.ledger.state import Ints
from tests.ledgers import order_id


def _ints(*numbers: int) -> Ints:
    return np.array(numbers, np.int64)


def _ruling(*, accepted: int = 2) -> Ruling:
    refused = Outcome(order_id(2), Refusal.EXPIRED, at_us=7)
    known = Outcome(order_id(3), None, 99, 5, (8,), replayed=True)
    return Ruling(
        batch=1,
        at_us=7,
        answers={1: refused, 2: known},
        numbers=_ints(16_384, 0, 0, 16_385),
        accepted=accepted,
        steps=2,
        plain=PlainOrders(
            places=_ints(0, 3),
            ids=[order_id(1), order_id(4)],
            number=_ints(16_384, 16_385),
            seq=_ints(16_384, 16_385),
            amount=_ints(50, 60),
        ),
        orders=[],
        refused=[],
        rows=Rows(*[_ints()] * 10),
        pendings={},
        events=[],
        next_account=1,
    )


def test_outcomes_come_by_place() -> None:
    found = _ruling().outcomes()
    assert [outcome.order_id for outcome in found] == [order_id(n) for n in (1, 2, 3, 4)]
    assert [outcome.results for outcome in found] == [(50,), (), (8,), (60,)]


def test_arrays_say_the_same() -> None:
    found = _ruling().outcome_columns()
    assert found.refusal.tolist() == [0, Refusal.EXPIRED, 0, 0]
    assert found.number.tolist() == [16_384, 0, 99, 16_385]
    assert found.replayed.tolist() == [0, 0, 1, 0]


def test_repeats_and_passing_refusals_leave_nothing_to_write() -> None:
    assert not _ruling().is_empty
    assert _ruling(accepted=0).is_empty
    assert len(_ruling().rows) == 0
