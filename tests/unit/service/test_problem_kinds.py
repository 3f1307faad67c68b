# SPDX-License-Identifier: Apache-2.0
"""Every problem has a status and words in every language."""

import re

import pytest

from kerege.service.languages import LANGUAGES
from kerege.service.problem_kinds import PROBLEM_KINDS


@pytest.mark.parametrize("code", PROBLEM_KINDS)
def test_every_kind_is_complete(code: str) -> None:
    kind = PROBLEM_KINDS[code]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    assert 400 <= kind.status < 600
    assert sorted(kind.texts) == sorted(LANGUAGES)
    assert all(title and remedy.endswith(".") for title, remedy in kind.texts.values())


def test_languages_differ() -> None:
    for kind in PROBLEM_KINDS.values():
        assert len({title for title, _ in kind.texts.values()}) == len(LANGUAGES)
