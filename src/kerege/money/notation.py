# SPDX-License-Identifier: Apache-2.0
"""How Kazakh, Russian, English and machines write an amount.

The conventions are those of Unicode CLDR, except the minus sign: we print U+2212, which no
typesetter breaks from its number, and read U+2212 and the hyphen alike.
"""

from dataclasses import dataclass
from enum import StrEnum, unique

from kerege.money.asset import Asset

__all__ = ["ENGLISH", "KAZAKH", "PLAIN", "RUSSIAN", "SIGNS", "SPACES", "Notation", "Unit"]

NO_BREAK_SPACE = "\u00a0"
THIN_SPACE = "\u2009"
NARROW_NO_BREAK_SPACE = "\u202f"
MINUS = "\u2212"

SPACES = NO_BREAK_SPACE + " " + THIN_SPACE + NARROW_NO_BREAK_SPACE
"""Spaces people and programs put between groups of digits and before the currency."""

SIGNS = {"KZT": "₸", "RUB": "₽", "EUR": "€", "GBP": "£"}
"""Signs that mean one currency only. The dollar's, the yen's and the som's do not."""


@unique
class Unit(StrEnum):
    """How the asset is named beside the number."""

    NONE = "none"
    CODE = "code"
    SIGN = "sign"  # the code, where the asset has no sign


@dataclass(frozen=True, slots=True)
class Notation:
    """Characters of one language.

    `group_marks` are accepted between groups of three digits, the first of them is printed; empty
    means digits are never grouped. `minus_marks` likewise.
    """

    decimal_mark: str
    group_marks: str
    minus_marks: str
    unit_leads: bool

    def unit_prefix(self, asset: Asset, unit: Unit) -> str:
        """What stands before the digits: the sign touches them, a code keeps a space."""
        name = unit_name(asset, unit)
        if not name or not self.unit_leads:
            return ""
        return name if name in SIGNS.values() else name + NO_BREAK_SPACE

    def unit_suffix(self, asset: Asset, unit: Unit) -> str:
        """What stands after the digits, with the space before it."""
        name = unit_name(asset, unit)
        return NO_BREAK_SPACE + name if name and not self.unit_leads else ""


def unit_name(asset: Asset, unit: Unit) -> str:
    """The asset's sign or code, or nothing."""
    if unit is Unit.NONE:
        return ""
    return SIGNS.get(asset.code, asset.code) if unit is Unit.SIGN else asset.code


KAZAKH = Notation(",", SPACES, MINUS + "-", unit_leads=False)
RUSSIAN = Notation(",", SPACES, MINUS + "-", unit_leads=False)
ENGLISH = Notation(".", "," + SPACES, MINUS + "-", unit_leads=True)
PLAIN = Notation(".", "", "-", unit_leads=False)
"""For machines: a decimal point, no groups, a hyphen; the unit travels in another field."""
