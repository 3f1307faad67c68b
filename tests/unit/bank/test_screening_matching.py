# SPDX-License-Identifier: Apache-2.0
"""Scores: what raises and lowers them, explained, and bounded in time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.bank.screening_matching import FULL_SCORE, ReasonKind, compare_births, compare_words
from kerege.bank.screening_names import MAX_NAME_CHARS, sound_words


def score(ours: str, theirs: str) -> int:
    return compare_words(sound_words(ours), sound_words(theirs)).total


def test_the_same_name_has_the_full_score_in_any_order() -> None:
    assert score("Айгерім Нұрланова", "NURLANOVA Aigerim") == FULL_SCORE


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("Askar Nurlanov", "Askar Nurlanov", "Askar Serikuly Nurlanov"),
        ("Askar Nurlanov", "Askar Serikuly Nurlanov", "Askar Nurlanbek"),
        ("Askar Nurlanov", "A. Nurlanov", "B. Nurlanov"),
        ("Askar Nurlanov", "Askar Nurlanof", "Askar Nurgaliyev"),
        ("Askar Nurlanov", "Nurlanov", "Serikov"),
    ],
)
def test_what_is_more_alike(name: str, more: str, less: str) -> None:
    assert score(name, more) > score(name, less)


def test_the_reasons_say_what_was_found() -> None:
    found = compare_words(
        sound_words("Abdu Rahman K. Nurlanova"), sound_words("Abdurahman Karim Nurlanov Bolat")
    )
    kinds = {reason.kind: (reason.ours, reason.theirs) for reason in found.reasons}
    assert kinds == {
        ReasonKind.JOINED: ("abdurahman", "abdurahman"),
        ReasonKind.INITIAL: ("k", "karim"),
        ReasonKind.ALIKE: ("nurlanova", "nurlanov"),
        ReasonKind.MISSING: ("", "bolat"),
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ("1980-02-01", ["1980-02-01"], ReasonKind.BIRTH_AGREES),
        ("1980-02-01", ["1970", "1980-02-01"], ReasonKind.BIRTH_AGREES),
        ("1980-02-01", ["1980-01-02"], ReasonKind.BIRTH_AGREES),
        ("1980-02-01", ["1980"], ReasonKind.BIRTH_YEAR_AGREES),
        ("1980-02-01", ["1981"], ReasonKind.BIRTH_YEAR_AGREES),
        ("1980-02-01", ["1980-12-31"], ReasonKind.BIRTH_YEAR_AGREES),
        ("1980-02-01", ["1982"], ReasonKind.BIRTH_CONTRADICTS),
        ("1980-02-01", ["1981-02-01"], ReasonKind.BIRTH_CONTRADICTS),
        ("", ["1980"], None),
        ("1980-02-01", [], None),
    ],
)
def test_birth_dates(ours: str, theirs: list[str], kind: ReasonKind | None) -> None:
    reason = compare_births(ours, theirs)
    assert (reason and reason.kind) == kind


WORDS = st.lists(st.text("abikS", min_size=1, max_size=8), max_size=5)


@given(WORDS, WORDS)
def test_a_score_is_the_same_from_both_sides_and_within_its_bounds(
    ours: list[str], theirs: list[str]
) -> None:
    one, other = compare_words(ours, theirs), compare_words(theirs, ours)
    assert 0 <= one.total <= FULL_SCORE
    assert abs(one.total - other.total) <= 150
    if ours and sorted(ours) == sorted(theirs):
        assert one.total >= 0


@given(st.lists(st.text("abikS", min_size=2, max_size=8), min_size=1, max_size=5))
def test_a_name_is_like_itself(words: list[str]) -> None:
    assert compare_words(words, list(reversed(words))).total == FULL_SCORE


def test_the_longest_names_are_short_work() -> None:
    names = [("ab" * 11 + " ") * 40, ("ba" * 11 + " ") * 40, "a " * MAX_NAME_CHARS]
    began = time.perf_counter()
    for ours in names:
        for theirs in names:
            score(ours, theirs)
    assert time.perf_counter() - began < 1
