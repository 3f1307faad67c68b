# SPDX-License-Identifier: Apache-2.0
"""Errors say what, where and what next, and show only the beginning of what they were given."""

import pytest

from kerege.errors import KeregeError
from kerege.ledger import errors
from kerege.ledger.errors import LedgerError, MalformedId


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_one_a_person_can_put_right(name: str) -> None:
    assert issubclass(getattr(errors, name), LedgerError)
    assert issubclass(LedgerError, KeregeError)


def test_a_huge_text_is_not_repeated() -> None:
    fault = MalformedId("x" * 10**6, expected="an id")
    assert str(fault) == f"{'x' * 40!r} is not an id (write an id)"
