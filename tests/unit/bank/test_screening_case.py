# SPDX-License-Identifier: Apache-2.0
"""Cases nobody has sound alike, whatever was asked."""

from kerege.bank.screening_case import UnknownCase


def test_an_unknown_case_repeats_nothing() -> None:
    assert str(UnknownCase()) == str(UnknownCase())
    assert "cse_" not in str(UnknownCase())
