# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with money; all are `MoneyError`."""

from kerege.errors import KeregeError

__all__ = [
    "AmountError",
    "AssetError",
    "AssetMismatchError",
    "MoneyError",
    "MoneyTextError",
    "RatioError",
]


class MoneyError(KeregeError):
    """Any fault found in room `money`."""


class AssetError(MoneyError):
    """An asset that is malformed, unknown, or declared twice."""


class AmountError(MoneyError):
    """An amount that is not an int number of minor units within `MAX_MINOR`."""


class AssetMismatchError(MoneyError):
    """Amounts of two assets in one sum or comparison."""


class RatioError(MoneyError):
    """A numerator, denominator, ratio, rate or count that no share can be computed from."""


class MoneyTextError(MoneyError):
    """Text that is not an amount in the expected notation; `index` is the offending character."""

    def __init__(self, message: str, *, index: int, remedy: str) -> None:
        super().__init__(message, place=f"character {index}", remedy=remedy)
        self.index = index
