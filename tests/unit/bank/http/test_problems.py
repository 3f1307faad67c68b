# SPDX-License-Identifier: Apache-2.0
"""Every problem of a bank has a status and words in each language; every code is known."""

import pytest

from kerege.bank.customer import CustomerRefusal
from kerege.bank.http.problems import BANK_CODES, BANK_KINDS
from kerege.service import LANGUAGES, PROBLEM_KINDS


@pytest.mark.parametrize("code", BANK_KINDS)
def test_a_problem_has_words_in_each_language(code: str) -> None:
    kind = BANK_KINDS[code]
    assert 400 <= kind.status < 500
    for language in LANGUAGES:
        title, remedy = kind.texts[language]
        assert title
        assert remedy


def test_no_code_is_without_a_kind() -> None:
    assert set(BANK_CODES.values()) <= {*BANK_KINDS, *PROBLEM_KINDS}
    assert {refusal.value for refusal in CustomerRefusal} <= set(BANK_KINDS)
    assert not set(BANK_KINDS) & set(PROBLEM_KINDS)
