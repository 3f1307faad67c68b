# SPDX-License-Identifier: Apache-2.0
"""What a fee comes to: a share rounded half up, between bounds, never above the leg."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.ledger.account import MAX_AMOUNT
from kerege.payments.fees import FeeRule, fee_of, share_half_up


def _rule(**more: Any) -> FeeRule:
    texts: Any = {"kk": "а", "ru": "б", "en": "c"}
    given = {"asset": "KZT", "paid_by": "payee", "collector": "wal_" + "0" * 32, **more}
    return FeeRule(name="fee", texts=texts, **given)


@pytest.mark.parametrize(
    ("amount", "terms", "fee"),
    [
        (10_000, {"basis_points": 150}, 150),
        (1, {"basis_points": 4_999}, 0),
        (1, {"basis_points": 5_000}, 1),
        (333, {"basis_points": 100}, 3),
        (350, {"basis_points": 100}, 4),
        (10_000, {"basis_points": 1, "minimum": 50}, 50),
        (30, {"minimum": 50}, 30),
        (10_000_000, {"basis_points": 100, "maximum": 500}, 500),
        (MAX_AMOUNT, {"basis_points": 10_000}, MAX_AMOUNT),
    ],
)
def test_what_a_rule_comes_to(amount: int, terms: dict[str, int], fee: int) -> None:
    assert fee_of(_rule(**terms), amount) == fee


@given(st.integers(0, MAX_AMOUNT), st.integers(0, 10_000))
def test_a_share_is_the_nearest_and_tells_what_was_rounded_away(amount: int, points: int) -> None:
    share, away = share_half_up(amount, points)
    assert share * 10_000 + away == amount * points
    assert Fraction(-1, 2) <= Fraction(away, 10_000) < Fraction(1, 2)
