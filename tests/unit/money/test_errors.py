# SPDX-License-Identifier: Apache-2.0
from kerege.errors import KeregeError
from kerege.money import errors


def test_every_error_is_a_money_error() -> None:
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), errors.MoneyError)
    assert issubclass(errors.MoneyError, KeregeError)


def test_a_text_error_points_at_a_character() -> None:
    error = errors.MoneyTextError("a leading zero", index=2, remedy="leave it out")
    assert error.index == 2
    assert str(error) == "character 2: a leading zero (leave it out)"
