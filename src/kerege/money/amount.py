# SPDX-License-Identifier: Apache-2.0
"""An amount: a whole number of minor units of one asset."""

from collections.abc import Iterable
from dataclasses import dataclass

from kerege.money.asset import Asset
from kerege.money.errors import AmountError, AssetMismatchError

__all__ = ["MAX_MINOR", "Amount", "total"]

MAX_MINOR = 2**63 - 1
"""Minor units: what SQLite's INTEGER and PostgreSQL's bigint hold. Also the lowest, negated."""


@dataclass(frozen=True, slots=True)
class Amount:
    """`minor` units (an int, never a float or bool, at most `MAX_MINOR` either way) of `asset`.

    Sums and comparisons stay within one asset, else `AssetMismatchError`; a result too large for
    a ledger raises `AmountError`. There is no division: see `share`, where rounding has a name.
    """

    minor: int
    asset: Asset

    def __post_init__(self) -> None:
        if not isinstance(self.asset, Asset):
            raise AmountError("an amount needs an Asset", remedy='such as ISO4217.by_code("KZT")')
        if type(self.minor) is not int:  # a bool is an int to Python, and never money
            raise AmountError(
                f"{type(self.minor).__name__} is not a count of minor units",
                remedy="give an int, or read text with parse_amount",
            )
        if not -MAX_MINOR <= self.minor <= MAX_MINOR:
            raise AmountError(
                f"the amount of {self.asset} is beyond {MAX_MINOR} minor units",
                remedy="split it, or count in an asset of smaller scale",
            )

    def __add__(self, other: "Amount") -> "Amount":
        if not isinstance(other, Amount):
            return NotImplemented
        return Amount(self.minor + _minor_in(self.asset, other), self.asset)

    def __sub__(self, other: "Amount") -> "Amount":
        if not isinstance(other, Amount):
            return NotImplemented
        return Amount(self.minor - _minor_in(self.asset, other), self.asset)

    def __mul__(self, count: int) -> "Amount":
        if type(count) is not int:
            return NotImplemented
        return Amount(self.minor * count, self.asset)

    __rmul__ = __mul__

    def __neg__(self) -> "Amount":
        return Amount(-self.minor, self.asset)

    def __abs__(self) -> "Amount":
        return Amount(abs(self.minor), self.asset)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Amount") -> bool:
        return (
            self.minor < _minor_in(self.asset, other)
            if isinstance(other, Amount)
            else NotImplemented
        )

    def __le__(self, other: "Amount") -> bool:
        return (
            self.minor <= _minor_in(self.asset, other)
            if isinstance(other, Amount)
            else NotImplemented
        )

    def __gt__(self, other: "Amount") -> bool:
        return (
            self.minor > _minor_in(self.asset, other)
            if isinstance(other, Amount)
            else NotImplemented
        )

    def __ge__(self, other: "Amount") -> bool:
        return (
            self.minor >= _minor_in(self.asset, other)
            if isinstance(other, Amount)
            else NotImplemented
        )


def _minor_in(asset: Asset, other: Amount) -> int:
    """The other's minor units, once it is known to count the same thing."""
    if other.asset != asset:
        raise AssetMismatchError(
            f"{_named(asset)} and {_named(other.asset)} do not mix",
            remedy="exchange one into the other first",
        )
    return other.minor


def _named(asset: Asset) -> str:
    return f"{asset.code} (scale {asset.scale})"


def total(amounts: Iterable[Amount], asset: Asset) -> Amount:
    """The sum of amounts of `asset`, zero for none. Raises as `+` does, for the sum as a whole."""
    return Amount(sum(_minor_in(asset, amount) for amount in amounts), asset)
