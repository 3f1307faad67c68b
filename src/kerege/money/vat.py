# SPDX-License-Identifier: Apache-2.0
"""Value-added tax of one amount, at a rate in basis points (16 % is 1600)."""

from fractions import Fraction
from typing import NamedTuple

from kerege.money.amount import Amount
from kerege.money.errors import RatioError
from kerege.money.share import share_half_up

__all__ = ["MAX_VAT_RATE_BP", "WHOLE_BP", "VatSplit", "vat_in_gross_half_up", "vat_on_net_half_up"]

WHOLE_BP = 10_000
"""Basis points in the whole."""

MAX_VAT_RATE_BP = WHOLE_BP
"""Basis points: no country taxes value added at more than the value."""


class VatSplit(NamedTuple):
    """`net + vat` is the gross amount; `vat.minor + remainder` is the tax before rounding."""

    net: Amount
    vat: Amount
    remainder: Fraction


def vat_in_gross_half_up(gross: Amount, *, rate_bp: int) -> VatSplit:
    """The tax contained in a price that includes it, to the nearest minor unit.

    Raises `RatioError` for a rate outside 0 to `MAX_VAT_RATE_BP`.
    """
    _check_rate(rate_bp)
    vat, remainder = share_half_up(gross, numerator=rate_bp, denominator=WHOLE_BP + rate_bp)
    return VatSplit(gross - vat, vat, remainder)


def vat_on_net_half_up(net: Amount, *, rate_bp: int) -> VatSplit:
    """The tax to add to a price without it, to the nearest minor unit. Raises alike."""
    _check_rate(rate_bp)
    vat, remainder = share_half_up(net, numerator=rate_bp, denominator=WHOLE_BP)
    return VatSplit(net, vat, remainder)


def _check_rate(rate_bp: int) -> None:
    if type(rate_bp) is not int or not 0 <= rate_bp <= MAX_VAT_RATE_BP:
        raise RatioError(
            f"the VAT rate is not an int from 0 to {MAX_VAT_RATE_BP} basis points",
            remedy="write 16 % as 1600",
        )
