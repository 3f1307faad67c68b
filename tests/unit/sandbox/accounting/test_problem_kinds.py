# SPDX-License-Identifier: Apache-2.0
"""Books answer every refusal under its own code, in three languages."""

from kerege.ledger import Refusal as LedgerRefusal
from kerege.payments import Refusal
from kerege.sandbox.accounting.problem_kinds import BOOKS_CODES, BOOKS_KINDS


def test_every_refusal_has_its_own_code() -> None:
    codes = {refusal.value for refusal in Refusal} | {one.name.lower() for one in LedgerRefusal}
    assert codes | set(BOOKS_CODES.values()) == set(BOOKS_KINDS)


def test_they_are_the_askers_fault_and_speak_each_language() -> None:
    for kind in BOOKS_KINDS.values():
        assert 400 <= kind.status < 500
        assert set(kind.texts) == {"kk", "ru", "en"}
        assert all(title and remedy for title, remedy in kind.texts.values())
