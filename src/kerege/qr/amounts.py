# SPDX-License-Identifier: Apache-2.0
"""Currency, amount and tip of a code, tied to `money` (EMV QRCPS v1.1, 4.7, tags 53 to 57).

Amounts are digits with at most one decimal point: `98.73`, `98` and `98.` are amounts, `98,73` and
`3 705` are not. Zero decimals beyond the currency's are read, since they change nothing.
"""

import re
from dataclasses import dataclass

from kerege.money import ISO4217, PLAIN, Amount, Asset, AssetError, format_amount
from kerege.qr.errors import RuleError
from kerege.qr.payload import Payload
from kerege.qr.tlv import DataObject

__all__ = [
    "MAX_AMOUNT_CHARS",
    "FixedTip",
    "PercentTip",
    "PromptedTip",
    "Tip",
    "read_amount",
    "read_currency",
    "read_tip",
    "write_amount",
    "write_tip",
]

MAX_AMOUNT_CHARS = 13
"""Characters of tags 54 and 56."""

_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?")
_DECIMAL_ADVICE = "write digits and at most one decimal point, like 98.73"
_PERCENT_SCALE = 2
_INDICATOR, _FIXED, _PERCENT = "55", "56", "57"


@dataclass(frozen=True, slots=True)
class PromptedTip:
    """The payer is asked for a tip (tag 55 is 01)."""


@dataclass(frozen=True, slots=True)
class FixedTip:
    """An amount is added (tag 55 is 02)."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class PercentTip:
    """A share is added, in basis points from 1 to 9999 (tag 55 is 03). Raises `RuleError`."""

    rate_bp: int

    def __post_init__(self) -> None:
        if type(self.rate_bp) is not int or not 1 <= self.rate_bp <= 9999:
            raise RuleError(
                (DataObject(_PERCENT, "").fault("not from 00.01 to 99.99", "correct it"),)
            )


Tip = PromptedTip | FixedTip | PercentTip


def read_currency(item: DataObject) -> Asset:
    """The currency of tag 53. Raises `RuleError`."""
    try:
        return ISO4217.by_number(item.value)
    except AssetError as error:
        fault = item.fault("no currency in force has this number", "see ISO 4217")
        raise RuleError((fault,)) from error


def read_amount(item: DataObject, currency: Asset) -> Amount:
    """The amount of tag 54 or 56, above zero. Raises `RuleError`."""
    minor = _read_decimal(item, currency.scale, MAX_AMOUNT_CHARS)
    if minor == 0:
        raise RuleError((item.fault("the amount is zero", "leave it out to let the payer choose"),))
    return Amount(minor, currency)


def _read_decimal(item: DataObject, scale: int, longest: int) -> int:
    """The number in units of its last place. Raises `RuleError`."""
    match = _NUMBER.match(item.value)
    end = match.end() if match else 0
    if end < len(item.value) or not match:
        raise RuleError((item.fault("not a decimal number", _DECIMAL_ADVICE, at=end),))
    if len(item.value) > longest:
        fault = item.fault(f"more than {longest} characters", "write fewer", at=longest)
        raise RuleError((fault,))
    whole, _, decimals = item.value.partition(".")
    if decimals[scale:].strip("0"):
        fault = item.fault(f"more than {scale} decimals", "round it", at=len(whole) + 1 + scale)
        raise RuleError((fault,))
    return int(whole + decimals[:scale].ljust(scale, "0"))


def write_amount(tag: str, amount: Amount) -> DataObject:
    """Tag 54 or 56 with all decimals of the currency; the rules check sign and length."""
    return DataObject(tag, format_amount(amount, PLAIN))


def read_tip(payload: Payload, currency: Asset) -> Tip | None:
    """The tip of tags 55 to 57, which must agree with each other. Raises `RuleError`."""
    indicator = payload.find(_INDICATOR)
    wanted = {"02": _FIXED, "03": _PERCENT}.get(indicator.value if indicator else "")
    for tag in (_FIXED, _PERCENT):
        if (item := payload.find(tag)) is not None and tag != wanted:
            raise RuleError((item.fault("tag 55 does not announce it", "leave it out"),))
    if indicator is None:
        return None
    if indicator.value == "01":
        return PromptedTip()
    if wanted is None:
        raise RuleError((indicator.fault("not 01, 02 or 03", "leave it out for no tip"),))
    if (item := payload.find(wanted)) is None:
        raise RuleError((indicator.fault(f"announces tag {wanted}, which is missing", "add it"),))
    return FixedTip(read_amount(item, currency)) if wanted == _FIXED else _read_percent(item)


def _read_percent(item: DataObject) -> PercentTip:
    rate_bp = _read_decimal(item, _PERCENT_SCALE, longest=5)
    if not 1 <= rate_bp <= 9999:
        raise RuleError((item.fault("not from 00.01 to 99.99", "correct it"),))
    return PercentTip(rate_bp)


def write_tip(tip: Tip) -> tuple[DataObject, ...]:
    """Tags 55 to 57 of a tip."""
    match tip:
        case PromptedTip():
            return (DataObject(_INDICATOR, "01"),)
        case FixedTip(amount):
            return (DataObject(_INDICATOR, "02"), write_amount(_FIXED, amount))
        case PercentTip(rate_bp):
            percent = f"{rate_bp // 100}.{rate_bp % 100:02}"
            return (DataObject(_INDICATOR, "03"), DataObject(_PERCENT, percent))
