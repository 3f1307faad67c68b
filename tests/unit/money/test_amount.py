# SPDX-License-Identifier: Apache-2.0
import operator
from collections.abc import Callable
from decimal import Decimal

import pytest

from kerege.money import ISO4217, MAX_MINOR, Amount, AmountError, AssetMismatchError, total

KZT = ISO4217.by_code("KZT")
KGS = ISO4217.by_code("KGS")


def tenge(minor: int) -> Amount:
    return Amount(minor, KZT)


def test_arithmetic_within_one_asset() -> None:
    assert tenge(150) + tenge(50) == tenge(200)
    assert tenge(50) - tenge(150) == tenge(-100)
    assert tenge(50) * 3 == 3 * tenge(50) == tenge(150)
    assert -tenge(50) == tenge(-50)
    assert abs(tenge(-50)) == tenge(50)
    assert not tenge(0)
    assert tenge(-1)


def test_order_within_one_asset() -> None:
    assert tenge(1) < tenge(2) <= tenge(2)
    assert tenge(2) > tenge(1) >= tenge(1)
    assert not tenge(1) < tenge(1)
    assert not tenge(1) > tenge(1)
    assert not tenge(2) <= tenge(1)
    assert not tenge(1) >= tenge(2)


@pytest.mark.parametrize(
    "mix",
    [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge],
)
def test_two_assets_never_mix(mix: Callable[[object, object], object]) -> None:
    with pytest.raises(AssetMismatchError, match=r"KZT.*KGS"):
        mix(tenge(1), Amount(1, KGS))
    with pytest.raises(TypeError):
        mix(tenge(1), 1)


def test_equality_is_with_amounts_only() -> None:
    one: object = 1
    assert tenge(1) != one
    assert tenge(1) != Amount(1, KGS)
    assert len({tenge(1), tenge(1), Amount(1, KGS)}) == 2


@pytest.mark.parametrize("minor", [1.0, True, "1", Decimal(1), None, float("nan")])
def test_only_an_int_is_a_count_of_minor_units(minor: object) -> None:
    with pytest.raises(AmountError, match="is not a count of minor units"):
        Amount(minor, KZT)  # type: ignore[arg-type]


def test_an_amount_needs_an_asset() -> None:
    with pytest.raises(AmountError, match="needs an Asset"):
        Amount(1, "KZT")  # type: ignore[arg-type]


@pytest.mark.parametrize("factor", [1.5, True, Decimal(2), "2"])
def test_amounts_are_multiplied_by_counts_only(factor: object) -> None:
    with pytest.raises(TypeError):
        tenge(1) * factor  # type: ignore[operator]


def test_the_limit_holds_both_ways() -> None:
    assert -tenge(MAX_MINOR) == tenge(-MAX_MINOR)
    overflows: list[Callable[[], Amount]] = [
        lambda: tenge(MAX_MINOR + 1),
        lambda: tenge(-MAX_MINOR - 1),
        lambda: tenge(MAX_MINOR) + tenge(1),
        lambda: tenge(-MAX_MINOR) - tenge(1),
        lambda: tenge(MAX_MINOR) * 2,
        lambda: tenge(10**5000),
    ]
    for overflow in overflows:
        with pytest.raises(AmountError, match="beyond"):
            overflow()


def test_total() -> None:
    assert total([], KZT) == tenge(0)
    assert total([tenge(MAX_MINOR), tenge(1), tenge(-2)], KZT) == tenge(MAX_MINOR - 1)
    with pytest.raises(AssetMismatchError):
        total([Amount(1, KGS)], KZT)
    with pytest.raises(AmountError):
        total([tenge(MAX_MINOR), tenge(1)], KZT)
