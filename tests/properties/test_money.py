# SPDX-License-Identifier: Apache-2.0
"""What holds for all money, not only for the examples."""

import contextlib
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.money import (
    ENGLISH,
    KAZAKH,
    MAX_MINOR,
    MAX_SCALE,
    MAX_TEXT_CHARS,
    PLAIN,
    RUSSIAN,
    Amount,
    Asset,
    MoneyTextError,
    Notation,
    Unit,
    allocate,
    format_amount,
    parse_amount,
    share_floor,
    share_half_even,
    share_half_up,
    split_floor,
    total,
    vat_in_gross_half_up,
    vat_on_net_half_up,
)

scales = st.integers(0, MAX_SCALE)
codes = st.sampled_from(["KZT", "KGS", "EUR", "XAU-G", "LONGEST-CODE"])
assets = st.builds(Asset, codes, scales)
minors = st.integers(-MAX_MINOR, MAX_MINOR) | st.integers(-10_000, 10_000)
amounts = st.builds(Amount, minors, assets)
notations = st.sampled_from([KAZAKH, RUSSIAN, ENGLISH, PLAIN])
ratios = st.integers(0, MAX_MINOR) | st.integers(0, 10)


@given(amounts, notations, st.sampled_from(Unit))
def test_printing_then_reading_is_the_identity(
    amount: Amount, notation: Notation, unit: Unit
) -> None:
    text = format_amount(amount, notation, unit)
    assert len(text) <= MAX_TEXT_CHARS
    assert parse_amount(text, amount.asset, notation) == amount


@given(st.text(max_size=70) | st.text("0123456789 .,-\u2212\u00a0₸KZT", max_size=30), notations)
def test_any_text_is_an_amount_or_our_error(text: str, notation: Notation) -> None:
    asset = Asset("KZT", 2)
    with contextlib.suppress(MoneyTextError):
        amount = parse_amount(text, asset, notation)
        digits = "".join(character for character in text if character.isdigit())
        assert digits.lstrip("0") in format_amount(abs(amount), PLAIN).replace(".", "")


@given(st.integers(0, MAX_MINOR), st.lists(ratios, min_size=1, max_size=40).filter(any))
def test_an_allocation_loses_nothing_and_is_within_one_of_exact(
    minor: int, ratios: list[int]
) -> None:
    asset = Asset("KZT", 2)
    parts = allocate(Amount(minor, asset), ratios)
    assert total(parts, asset) == Amount(minor, asset)
    for part, ratio in zip(parts, ratios, strict=True):
        assert abs(part.minor - Fraction(minor * ratio, sum(ratios))) < 1
        assert ratio or not part


@pytest.mark.parametrize(
    ("share", "lowest", "highest"),
    [
        (share_floor, 0, 1),
        (share_half_even, Fraction(-1, 2), Fraction(1, 2)),
        (share_half_up, Fraction(-1, 2), Fraction(1, 2)),
    ],
)
@given(amount=amounts, numerator=ratios, denominator=ratios.filter(bool))
def test_a_share_and_its_remainder_are_exact(
    share: Callable[..., tuple[Amount, Fraction]],
    lowest: Fraction,
    highest: Fraction,
    amount: Amount,
    numerator: int,
    denominator: int,
) -> None:
    numerator, denominator = sorted((numerator, denominator))
    part, remainder = share(amount, numerator=numerator, denominator=denominator)
    assert part.minor + remainder == Fraction(amount.minor * numerator, denominator)
    assert lowest <= remainder <= highest


@given(amounts, st.integers(1, MAX_MINOR))
def test_a_split_loses_nothing(amount: Amount, parts: int) -> None:
    part, remainder = split_floor(amount, parts=parts)
    assert part.minor * parts + remainder.minor == amount.minor
    assert 0 <= remainder.minor < parts


@given(st.integers(-(10**15), 10**15), st.integers(0, 10_000))
def test_vat_and_net_are_the_gross(minor: int, rate_bp: int) -> None:
    gross = Amount(minor, Asset("KZT", 2))
    split = vat_in_gross_half_up(gross, rate_bp=rate_bp)
    assert split.net + split.vat == gross
    again = vat_on_net_half_up(split.net, rate_bp=rate_bp)
    assert abs(again.vat.minor - split.vat.minor) <= 1
