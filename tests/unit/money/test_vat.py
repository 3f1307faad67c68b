# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import pytest

from kerege.money import ISO4217, Amount, RatioError, vat_in_gross_half_up, vat_on_net_half_up

KZT = ISO4217.by_code("KZT")


def test_vat_in_a_price_that_includes_it() -> None:
    net, vat, remainder = vat_in_gross_half_up(Amount(116_00, KZT), rate_bp=1600)
    assert (net.minor, vat.minor, remainder) == (100_00, 16_00, Fraction(0))


def test_what_rounding_took_away_is_kept() -> None:
    net, vat, remainder = vat_in_gross_half_up(Amount(100_00, KZT), rate_bp=1600)
    assert (net.minor, vat.minor) == (86_21, 13_79)
    assert vat.minor + remainder == Fraction(100_00 * 1600, 11600)


def test_vat_on_a_price_without_it() -> None:
    assert vat_on_net_half_up(Amount(3, KZT), rate_bp=5000).vat.minor == 2
    assert vat_on_net_half_up(Amount(-3, KZT), rate_bp=5000).vat.minor == -2
    assert vat_on_net_half_up(Amount(3, KZT), rate_bp=0).vat.minor == 0
    assert vat_on_net_half_up(Amount(3, KZT), rate_bp=10_000).vat.minor == 3


def test_the_net_price_and_the_remainder_are_handed_back() -> None:
    net = Amount(3, KZT)
    assert vat_on_net_half_up(net, rate_bp=5000) == (net, Amount(2, KZT), Fraction(-1, 2))


@pytest.mark.parametrize("rate_bp", [-1, 10_001, 16.0, True])
def test_malformed_rates(rate_bp: int) -> None:
    for split in (vat_in_gross_half_up, vat_on_net_half_up):
        with pytest.raises(RatioError, match="VAT rate"):
            split(Amount(1, KZT), rate_bp=rate_bp)
