# SPDX-License-Identifier: Apache-2.0
"""What a ledger counts: an asset, the ISO 4217 currencies, and assets of our own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType

from kerege.money.errors import AssetError

__all__ = [
    "ISO4217",
    "MAX_ASSETS",
    "MAX_NAME_CHARS",
    "MAX_SCALE",
    "Asset",
    "Assets",
    "is_asset_code",
]

MAX_SCALE = 18
"""Decimal places: 10**18 minor units is the largest whole unit a signed 64-bit count can hold."""

MAX_NAME_CHARS = 100
"""Characters of an asset's name: the longest in ISO 4217 has 71."""

MAX_ASSETS = 10_000
"""Assets in one set: fifty times ISO 4217, and still read in a blink."""

_CODE = re.compile(r"(?=.{3,12}\Z)[A-Z][A-Z0-9]*(-[A-Z0-9]+)*\Z")
_NUMBER = re.compile(r"[0-9]{3}\Z")


@dataclass(frozen=True, slots=True)
class Asset:
    """A code, the decimal places of its minor unit, and ISO 4217's three digits if it has them.

    `code` has 3 to 12 of `A-Z`, `0-9` and single inner hyphens, a letter first (`KZT`, `XAU-G`).
    Code and scale alone make two assets differ. Raises `AssetError`.
    """

    code: str
    scale: int
    number: str | None = field(default=None, compare=False)
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_code(self.code)
        if type(self.scale) is not int or not 0 <= self.scale <= MAX_SCALE:
            raise AssetError(
                f"the scale of asset {self.code} is not an int from 0 to {MAX_SCALE}",
                remedy="give the decimal places of its minor unit",
            )
        if self.number is not None and not _matches(_NUMBER, self.number):
            raise AssetError(
                f"asset {self.code} has number {_shown(self.number)}",
                remedy="give ISO 4217's three digits as text, or None",
            )
        if not isinstance(self.name, str) or len(self.name) > MAX_NAME_CHARS:
            raise AssetError(
                f"the name of asset {self.code} is no text of at most {MAX_NAME_CHARS} characters",
                remedy="shorten it",
            )

    def __str__(self) -> str:
        return self.code


def is_asset_code(code: object) -> bool:
    """Whether `code` may name an asset: 3 to 12 of A-Z, 0-9 and single hyphens, a letter first."""
    return _matches(_CODE, code)


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


def _check_code(code: object) -> None:
    if not _matches(_CODE, code):
        raise AssetError(
            f"{_shown(code)} is not an asset code",
            remedy="use 3 to 12 of A-Z, 0-9 and single inner hyphens, a letter first",
        )


def _shown(value: object) -> str:
    """The beginning of a text: hostile input may be a megabyte, or an int too long to print."""
    return repr(value[:20]) if isinstance(value, str) else type(value).__name__


@dataclass(frozen=True, slots=True)
class Assets:
    """A set of assets, each found by its code and, for ISO currencies, by its number."""

    _by_code: Mapping[str, Asset]
    _by_number: Mapping[str, Asset]
    _unscaled: frozenset[str]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __len__(self) -> int:
        return len(self._by_code)

    def by_code(self, code: str) -> Asset:
        """The asset of that code. Raises `AssetError` where there is none."""
        _check_code(code)
        if (asset := self._by_code.get(code)) is not None:
            return asset
        if code in self._unscaled:
            raise AssetError(
                f"ISO 4217 names no minor unit for {code}, so it cannot be counted",
                remedy=f"declare an asset of your own with a scale, such as {code}-G",
            )
        raise AssetError(f"no asset has the code {code}", remedy="declare it, or correct the code")

    def by_number(self, number: str) -> Asset:
        """The ISO currency of that three-digit number (text). Raises `AssetError`."""
        asset = self._by_number.get(number) if _matches(_NUMBER, number) else None
        if asset is None:
            raise AssetError(
                f"no currency has the number {_shown(number)}",
                remedy="give ISO 4217's three digits as text, such as 398 for the tenge",
            )
        return asset

    def declare(self, code: str, *, scale: int, name: str) -> "Assets":
        """This set and one asset of our own.

        Three letters alone are left to ISO 4217, which may give them to a currency tomorrow.
        Raises `AssetError`, also where the code is taken or the set is full.
        """
        asset = Asset(code, scale, name=name)
        if len(code) == 3 and code.isalpha():
            raise AssetError(
                f"{code} has the form of an ISO 4217 code",
                remedy=f"choose a longer code, such as {code}-X",
            )
        if code in self._by_code:
            raise AssetError(f"asset {code} is declared already", remedy="choose another code")
        if len(self) >= MAX_ASSETS:
            raise AssetError(f"the set holds {MAX_ASSETS} assets", remedy="start another set")
        return Assets(
            MappingProxyType({**self._by_code, code: asset}), self._by_number, self._unscaled
        )


def _read_iso4217() -> Assets:
    """The currencies in force, from the table this package carries."""
    table = resources.files(__package__).joinpath("iso4217.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in table.splitlines() if not line.startswith("#")]
    assets = [Asset(code, int(scale), number, name) for code, number, scale, name in rows if scale]
    return Assets(
        MappingProxyType({asset.code: asset for asset in assets}),
        MappingProxyType({asset.number: asset for asset in assets if asset.number}),
        frozenset(code for code, _, scale, _ in rows if not scale),
    )


ISO4217 = _read_iso4217()
"""The currencies of ISO 4217 list one that have a minor unit; withdrawn ones are not in it."""
