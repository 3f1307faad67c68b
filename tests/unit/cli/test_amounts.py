# SPDX-License-Identifier: Apache-2.0
"""Amounts and instants on the command line."""

import click
import pytest

from kerege.cli.amounts import Instant, amount_told, amount_values, instant_told
from kerege.money import Asset

KZT = Asset("KZT", 2)


def test_amounts_to_read_and_for_programs() -> None:
    assert amount_told(123_450, KZT) == "KZT 1,234.50"
    assert amount_values(-5, KZT) == {"minor": -5, "text": "-0.05"}
    assert amount_told(10**20, KZT) == f"KZT {10**20} minor units"


def test_an_instant_reads_back() -> None:
    for text in ("2027-01-15T08:00:00Z", "2027-01-15T08:00:00.000001Z", "1969-12-31T23:59:59Z"):
        assert instant_told(Instant().convert(text, None, None)) == text
    assert Instant().convert("1970-01-01T05:00:00+05:00", None, None) == 0
    assert instant_told(2**62) == f"{2**62} us after 1970"


@pytest.mark.parametrize("text", ["", "now", "2027-01-15", "2027-01-15T08:00", "2027-13-01T00:00Z"])
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Instant().convert(text, None, None)
