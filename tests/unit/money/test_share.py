# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from fractions import Fraction

import pytest

from kerege.money import (
    ISO4217,
    MAX_MINOR,
    MAX_RATIO,
    Amount,
    AmountError,
    RatioError,
    share_floor,
    share_half_even,
    share_half_up,
    split_floor,
)

KZT = ISO4217.by_code("KZT")
Share = Callable[..., tuple[Amount, Fraction]]


@pytest.mark.parametrize(
    ("minor", "floor", "half_even", "half_up"),
    [(1, 0, 0, 1), (3, 1, 2, 2), (5, 2, 2, 3), (4, 2, 2, 2), (-1, -1, 0, -1), (-5, -3, -2, -3)],
)
def test_half_of_an_amount(minor: int, floor: int, half_even: int, half_up: int) -> None:
    expected = {share_floor: floor, share_half_even: half_even, share_half_up: half_up}
    for share, rounded in expected.items():
        part, remainder = share(Amount(minor, KZT), numerator=1, denominator=2)
        assert part == Amount(rounded, KZT)
        assert rounded + remainder == Fraction(minor, 2)


@pytest.mark.parametrize("share", [share_floor, share_half_even, share_half_up])
@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [
        (-1, 2),
        (1, 0),
        (1, -1),
        (1.0, 2),
        (True, 2),
        (1, 2.0),
        (MAX_RATIO + 1, 1),
        pytest.param(1, 10**5000, id="huge"),
    ],
)
def test_malformed_ratios(share: Share, numerator: int, denominator: int) -> None:
    with pytest.raises(RatioError, match=r"numerator|denominator"):
        share(Amount(1, KZT), numerator=numerator, denominator=denominator)


def test_a_share_too_large_for_an_amount() -> None:
    with pytest.raises(AmountError):
        share_floor(Amount(MAX_MINOR, KZT), numerator=2, denominator=1)


def test_split_floor() -> None:
    assert split_floor(Amount(100, KZT), parts=3) == (Amount(33, KZT), Amount(1, KZT))
    assert split_floor(Amount(-100, KZT), parts=3) == (Amount(-34, KZT), Amount(2, KZT))
    with pytest.raises(RatioError, match="number of parts"):
        split_floor(Amount(100, KZT), parts=0)
    assert split_floor(Amount(100, KZT), parts=1) == (Amount(100, KZT), Amount(0, KZT))
