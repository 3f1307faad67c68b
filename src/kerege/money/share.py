# SPDX-License-Identifier: Apache-2.0
"""Shares of an amount. Rounding is in the name and what it took away is handed back.

A share's remainder is an exact `Fraction` of one minor unit, such that
`share.minor + remainder == amount.minor * numerator / denominator`.
"""

from fractions import Fraction

from kerege.money.amount import MAX_MINOR, Amount
from kerege.money.errors import RatioError

__all__ = ["MAX_RATIO", "share_floor", "share_half_even", "share_half_up", "split_floor"]

MAX_RATIO = MAX_MINOR
"""Largest numerator, denominator or ratio: one amount's minor units may be the ratio of another."""


def share_floor(amount: Amount, *, numerator: int, denominator: int) -> tuple[Amount, Fraction]:
    """The share rounded down (towards minus infinity), remainder from 0 to below 1.

    Raises `RatioError` for a negative numerator or a denominator below 1, `AmountError` if the
    share is too large for an amount.
    """
    exact = _exact(amount, numerator, denominator)
    return _rounded(amount, exact, exact.numerator // exact.denominator)


def share_half_even(amount: Amount, *, numerator: int, denominator: int) -> tuple[Amount, Fraction]:
    """The nearest share, a tie going to the even one; remainder from -1/2 to 1/2. Raises alike."""
    exact = _exact(amount, numerator, denominator)
    return _rounded(amount, exact, round(exact))


def share_half_up(amount: Amount, *, numerator: int, denominator: int) -> tuple[Amount, Fraction]:
    """The nearest share, a tie going away from zero; remainder from -1/2 to 1/2. Raises alike.

    Away from zero, so that the share of a refund is the share of the payment, negated.
    """
    exact = _exact(amount, numerator, denominator)
    nearest = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return _rounded(amount, exact, nearest if exact >= 0 else -nearest)


def split_floor(amount: Amount, *, parts: int) -> tuple[Amount, Amount]:
    """One of `parts` equal parts, rounded down, and the minor units left over.

    `part * parts + remainder == amount`, remainder from 0 to `parts - 1`. Raises `RatioError` for
    fewer than one part.
    """
    check_ratio(parts, lowest=1, what="number of parts")
    part, remainder = divmod(amount.minor, parts)
    return Amount(part, amount.asset), Amount(remainder, amount.asset)


def check_ratio(value: int, *, lowest: int, what: str) -> None:
    """Raise `RatioError` unless `value` is an int from `lowest` to `MAX_RATIO`."""
    if type(value) is not int or not lowest <= value <= MAX_RATIO:
        raise RatioError(
            f"the {what} is not an int from {lowest} to {MAX_RATIO}",
            remedy="ratios are whole numbers: write 12.5 % as 125 to 1000",
        )


def _exact(amount: Amount, numerator: int, denominator: int) -> Fraction:
    check_ratio(numerator, lowest=0, what="numerator")
    check_ratio(denominator, lowest=1, what="denominator")
    return Fraction(amount.minor * numerator, denominator)


def _rounded(amount: Amount, exact: Fraction, minor: int) -> tuple[Amount, Fraction]:
    return Amount(minor, amount.asset), exact - minor
