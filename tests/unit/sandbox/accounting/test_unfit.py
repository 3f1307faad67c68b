# SPDX-License-Identifier: Apache-2.0
"""What books do not take."""

import pytest

from kerege.payments import Verdict
from kerege.sandbox.accounting.unfit import RefusedByBooks, UnfitRequest, checked_number


@pytest.mark.parametrize("number", ["7", "2026/118", "A-1.b_2", "9" * 32])
def test_numbers_that_can_be_registered(number: str) -> None:
    assert checked_number(number) == number


@pytest.mark.parametrize("number", ["", "-1", "1-", "A 1", "№1", "1\n", "9" * 33])
def test_numbers_that_cannot(number: str) -> None:
    with pytest.raises(UnfitRequest) as raised:
        checked_number(number)
    assert raised.value.place == "$.number"


def test_a_refusal_names_its_code() -> None:
    refused = RefusedByBooks(Verdict("", "invoice_already_paid"))
    assert "invoice_already_paid" in str(refused)
