# SPDX-License-Identifier: Apache-2.0
"""Dividing an amount over ratios without losing or making a minor unit."""

from collections.abc import Sequence

from kerege.money.amount import Amount
from kerege.money.errors import AmountError, RatioError
from kerege.money.share import check_ratio

__all__ = ["MAX_PARTS", "allocate"]

MAX_PARTS = 100_000
"""Parts of one allocation: a national payroll is cut into files of this size."""


def allocate(amount: Amount, ratios: Sequence[int]) -> tuple[Amount, ...]:
    """`amount` in parts as `ratios` are to each other; their sum is the amount.

    Largest remainder: every part is rounded down, and the units left over go one each to the
    parts that lost most, the earlier first among equals. A ratio of zero gets nothing.
    Raises `AmountError` for a negative amount, `RatioError` for a negative ratio, none above
    zero, or more than `MAX_PARTS`.
    """
    _check(amount, ratios)
    whole = sum(ratios)
    shares = [divmod(amount.minor * ratio, whole) for ratio in ratios]
    minors = [minor for minor, _ in shares]
    by_loss = sorted(range(len(shares)), key=lambda position: -shares[position][1])
    for position in by_loss[: amount.minor - sum(minors)]:
        minors[position] += 1
    return tuple(Amount(minor, amount.asset) for minor in minors)


def _check(amount: Amount, ratios: Sequence[int]) -> None:
    if amount.minor < 0:
        raise AmountError("a negative amount is not allocated", remedy="allocate it, then negate")
    if len(ratios) > MAX_PARTS:
        raise RatioError(f"more than {MAX_PARTS} ratios", remedy="allocate in several steps")
    for position, ratio in enumerate(ratios):
        check_ratio(ratio, lowest=0, what=f"ratio at position {position}")
    if not any(ratios):
        raise RatioError("no ratio is above zero", remedy="give at least one part a share")
