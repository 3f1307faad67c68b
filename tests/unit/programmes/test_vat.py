# SPDX-License-Identifier: Apache-2.0
"""Rates have dates; parts of a payment have exactly their VAT."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.programmes import VatRate, VatTerms
from kerege.programmes.reading import faults_of
from kerege.programmes.vat import rates_at, rounded_vat, vat_part
from tests.programmes import programme, route

RATES = VatTerms(
    rates=(
        VatRate("standard", 200, 1_600),
        VatRate("standard", 100, 1_200),
        VatRate("zero", 50, 0),
    )
)


@pytest.mark.parametrize(
    ("at_us", "rates"),
    [(0, set()), (50, {0}), (100, {0, 1_200}), (199, {0, 1_200}), (200, {0, 1_600})],
)
def test_the_last_of_a_name_that_has_begun_counts(at_us: int, rates: set[int]) -> None:
    assert rates_at(RATES, at_us) == rates


@pytest.mark.parametrize(
    ("net", "basis_points", "vat"),
    [(100, 1_600, 16), (3, 1_600, 0), (4, 1_600, 1), (25, 200, 1), (24, 200, 0), (10**18, 0, 0)],
)
def test_vat_is_rounded_half_up(net: int, basis_points: int, vat: int) -> None:
    assert rounded_vat(net, basis_points) == vat


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.lists(st.integers(1, 10**8), max_size=30))
def test_parts_add_up_and_are_never_more_than_half_a_unit_off(
    net: int, vat: int, parts: list[int]
) -> None:
    total, done, vat_done = net + vat, 0, 0
    for wanted in [*parts, total]:
        amount = min(wanted, total - done)
        if not amount:
            break
        part = vat_part(amount, vat=vat, total=total, vat_done=vat_done, done=done)
        assert 0 <= part <= amount
        done, vat_done = done + amount, vat_done + part
        assert abs(vat_done * total - vat * done) * 2 <= total
        assert vat_done <= vat
        assert done - vat_done <= net
    assert (done, vat_done) == (total, vat)


def test_a_vat_programme_must_make_sense() -> None:
    one = VatRate("standard", 5, 1_600)
    no_way = programme(route(arrival="keep"), vat=VatTerms(rates=(one, VatRate("standard", 5, 1))))
    faults = faults_of(msgspec.json.encode(no_way))
    assert [fault.place for fault in faults] == ["$.vat.rates[1]", "$.routes"]
    right = programme(route(arrival="return"), vat=VatTerms(rates=(one,)))
    assert faults_of(msgspec.json.encode(right)) == []
