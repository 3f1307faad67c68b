# SPDX-License-Identifier: Apache-2.0
"""Money: assets, amounts that are whole minor units, and rounding that loses nothing.

>>> from kerege.money import ISO4217, RUSSIAN, Amount, Unit, allocate
>>> from kerege.money import format_amount, parse_amount, share_floor
>>> tenge = ISO4217.by_code("KZT")
>>> lunch = Amount(123_450, tenge) + parse_amount("0,55", tenge, RUSSIAN)
>>> format_amount(lunch, RUSSIAN, Unit.SIGN)
'1\\xa0235,05\\xa0₸'
>>> [part.minor for part in allocate(lunch, [1, 1, 1])]
[41169, 41168, 41168]
>>> share_floor(lunch, numerator=1, denominator=3)
(Amount(minor=41168, asset=Asset(code='KZT', scale=2, number='398', name='Tenge')), Fraction(1, 3))

Two assets never mix, floats never enter, and every division names its rounding.
Pure: nothing here reads a clock, a file of the user's, or the network.
"""

from kerege.money.allocation import MAX_PARTS, allocate
from kerege.money.amount import MAX_MINOR, Amount, total
from kerege.money.asset import ISO4217, MAX_ASSETS, MAX_NAME_CHARS, MAX_SCALE, Asset, Assets
from kerege.money.errors import (
    AmountError,
    AssetError,
    AssetMismatchError,
    MoneyError,
    MoneyTextError,
    RatioError,
)
from kerege.money.notation import ENGLISH, KAZAKH, PLAIN, RUSSIAN, Notation, Unit
from kerege.money.share import (
    MAX_RATIO,
    share_floor,
    share_half_even,
    share_half_up,
    split_floor,
)
from kerege.money.text import MAX_TEXT_CHARS, format_amount, parse_amount
from kerege.money.vat import (
    MAX_VAT_RATE_BP,
    VatSplit,
    vat_in_gross_half_up,
    vat_on_net_half_up,
)

__all__ = [
    "ENGLISH",
    "ISO4217",
    "KAZAKH",
    "MAX_ASSETS",
    "MAX_MINOR",
    "MAX_NAME_CHARS",
    "MAX_PARTS",
    "MAX_RATIO",
    "MAX_SCALE",
    "MAX_TEXT_CHARS",
    "MAX_VAT_RATE_BP",
    "PLAIN",
    "RUSSIAN",
    "Amount",
    "AmountError",
    "Asset",
    "AssetError",
    "AssetMismatchError",
    "Assets",
    "MoneyError",
    "MoneyTextError",
    "Notation",
    "RatioError",
    "Unit",
    "VatSplit",
    "allocate",
    "format_amount",
    "parse_amount",
    "share_floor",
    "share_half_even",
    "share_half_up",
    "split_floor",
    "total",
    "vat_in_gross_half_up",
    "vat_on_net_half_up",
]
