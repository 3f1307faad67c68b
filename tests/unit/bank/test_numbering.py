# SPDX-License-Identifier: Apache-2.0
"""Numbering is what the profile says, or it is said what is missing."""

import pytest

from kerege.bank.numbering import MalformedNumbering, read_numbering
from kerege.payments.aliases import Numbering

PHONE = {"prefix": "+7", "digits": 10, "made_up": "799"}
CHECK = {"modulus": 11, "weights": [[1, 2, 3]]}


def test_a_profile_with_a_check_digit() -> None:
    profile = {"phone": PHONE, "tax_number": {"digits": 4, "check_digit": CHECK}, "other": 1}
    assert read_numbering(profile) == Numbering(
        phone_prefix="+7",
        phone_digits=10,
        tax_digits=4,
        check_modulus=11,
        check_weights=((1, 2, 3),),
    )


def test_a_profile_without_one() -> None:
    read = read_numbering({"phone": PHONE, "tax_number": {"digits": 14}})
    assert (read.tax_digits, read.check_weights) == (14, ())


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MalformedNumbering, match="prefix") as raised:
        read_numbering({"phone": {"digits": 10}, "tax_number": {"digits": 14}})
    assert raised.value.place == "phone"
