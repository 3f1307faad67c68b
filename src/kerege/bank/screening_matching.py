# SPDX-License-Identifier: Apache-2.0
"""How alike two names are, and why: an explained score from 0 to 1000. Pure.

Words are paired, best first, whatever their order; an initial pairs with a word it begins. What
one name has more (a father's name) costs little, what differs costs much. A date of birth that
agrees raises the score, one that contradicts lowers it. Bounded: at most `MAX_WORDS` squared pairs
of words of at most `MAX_WORD_CHARS` letters.
"""

from collections.abc import Sequence
from enum import StrEnum, unique
from functools import lru_cache
from typing import Final

from msgspec import Struct

__all__ = ["FULL_SCORE", "Reason", "ReasonKind", "Score", "compare_births", "compare_words"]

FULL_SCORE: Final = 1000

_LEAST_ALIKE: Final = 700
"""Below this two words are different words: three letters of ten."""

_SURELY_ALIKE: Final = 850
"""From here on two neighbours may be taken for one word of the other name."""

_INITIAL: Final = 850
"""An initial says that the name may be the same, not that it is."""

_SHORT_NAME_COST: Final = 100
"""When one of the names is a single word and the other is not."""

_BIRTH_AGREES: Final = 50
_BIRTH_YEAR_AGREES: Final = 20
_BIRTH_CONTRADICTS: Final = -150


@unique
class ReasonKind(StrEnum):
    """What a part of a score comes from."""

    SAME = "same"
    ALIKE = "alike"
    INITIAL = "initial"
    JOINED = "joined"
    """Two words here are one there."""
    MISSING = "missing"
    """A word only one of the names has."""
    BIRTH_AGREES = "birth_agrees"
    BIRTH_YEAR_AGREES = "birth_year_agrees"
    BIRTH_CONTRADICTS = "birth_contradicts"


class Reason(Struct, frozen=True):
    """A part of a score: the words (as sounds) or dates compared, and how alike, of 1000."""

    kind: ReasonKind
    ours: str
    theirs: str
    alike: int


class Score(Struct, frozen=True):
    """How alike two names are, of 1000, and why."""

    total: int
    reasons: tuple[Reason, ...]


_Pair = tuple[int, int, int]
"""How alike, the place of our word, the place of theirs."""


def compare_words(ours: Sequence[str], theirs: Sequence[str]) -> Score:
    """Compare two names given as sounds (`sound_words`)."""
    if not ours or not theirs:
        return Score(0, ())
    (ours, merged_ours), (theirs, merged_theirs) = _merge(ours, theirs), _merge(theirs, ours)
    merged = merged_ours | merged_theirs
    pairs = _pair(ours, theirs)
    reasons = [
        Reason(_kind(ours[mine], theirs[other], merged), ours[mine], theirs[other], alike)
        for alike, mine, other in pairs
    ]
    total = _total(ours, theirs, pairs)
    mine_left = set(range(len(ours))) - {mine for _, mine, _ in pairs}
    theirs_left = set(range(len(theirs))) - {other for _, _, other in pairs}
    reasons += [Reason(ReasonKind.MISSING, ours[left], "", 0) for left in sorted(mine_left)]
    reasons += [Reason(ReasonKind.MISSING, "", theirs[left], 0) for left in sorted(theirs_left)]
    return Score(total, tuple(reasons))


def compare_births(ours: str, theirs: Sequence[str]) -> Reason | None:
    """What a date of birth (ISO 8601) says beside those of a list, each a date or only a year.

    None where either is unknown. A day and month in each other's place agree.
    """
    if not ours or not theirs:
        return None
    swapped = f"{ours[:4]}-{ours[8:10]}-{ours[5:7]}"
    for known in theirs:
        if known in (ours, swapped):
            return Reason(ReasonKind.BIRTH_AGREES, ours, known, _BIRTH_AGREES)
    for known in theirs:
        if abs(int(known[:4]) - int(ours[:4])) <= (0 if len(known) > 4 else 1):
            return Reason(ReasonKind.BIRTH_YEAR_AGREES, ours, known, _BIRTH_YEAR_AGREES)
    return Reason(ReasonKind.BIRTH_CONTRADICTS, ours, theirs[0], _BIRTH_CONTRADICTS)


def _total(ours: Sequence[str], theirs: Sequence[str], pairs: Sequence[_Pair]) -> int:
    """Mostly how much of the shorter name was found, partly how much of both."""
    ours_weight, theirs_weight = (sum(map(_weight, words)) for words in (ours, theirs))
    found = sum(
        alike * (_weight(ours[mine]) + _weight(theirs[other])) // 2 for alike, mine, other in pairs
    )
    covered = found // min(ours_weight, theirs_weight)
    in_both = 2 * found // (ours_weight + theirs_weight)
    total = (7 * min(covered, FULL_SCORE) + 3 * in_both) // 10
    if min(len(ours), len(theirs)) == 1 < max(len(ours), len(theirs)):
        total -= _SHORT_NAME_COST
    return max(0, min(total, FULL_SCORE))


def _weight(word: str) -> int:
    """Longer words say more, to a point; an initial says little."""
    return 2 + min(len(word), 6)


def _pair(ours: Sequence[str], theirs: Sequence[str]) -> list[_Pair]:
    """The best pairs first, each word in one pair only."""
    candidates = sorted(
        (
            (-alike, mine, other)
            for mine, our_word in enumerate(ours)
            for other, their_word in enumerate(theirs)
            if (alike := _alike(our_word, their_word)) >= _LEAST_ALIKE
        ),
    )
    taken_ours: set[int] = set()
    taken_theirs: set[int] = set()
    pairs: list[_Pair] = []
    for negative, mine, other in candidates:
        if mine not in taken_ours and other not in taken_theirs:
            taken_ours.add(mine)
            taken_theirs.add(other)
            pairs.append((-negative, mine, other))
    return pairs


def _merge(words: Sequence[str], others: Sequence[str]) -> tuple[list[str], set[str]]:
    """Join neighbours that are one word in the other name: Abdu Rahman, Abdurahman."""
    merged: list[str] = []
    joined: set[str] = set()
    at = 0
    while at < len(words):
        pair = words[at : at + 2]
        both = "".join(pair)
        if (
            len(pair) == 2
            and _is_among(both, others)
            and not any(_is_among(word, others) for word in pair)
        ):
            merged.append(both)
            joined.add(both)
            at += 2
        else:
            merged.append(words[at])
            at += 1
    return merged, joined


def _is_among(word: str, others: Sequence[str]) -> bool:
    return len(word) > 1 and any(_alike(word, other) >= _SURELY_ALIKE for other in others)


def _kind(ours: str, theirs: str, merged: set[str]) -> ReasonKind:
    if ours in merged or theirs in merged:
        return ReasonKind.JOINED
    if ours == theirs:
        return ReasonKind.SAME
    return ReasonKind.INITIAL if min(len(ours), len(theirs)) == 1 else ReasonKind.ALIKE


@lru_cache(maxsize=65_536)
def _alike(one: str, other: str) -> int:
    """How alike two words are, of 1000."""
    if one == other:
        return FULL_SCORE
    if min(len(one), len(other)) == 1:
        return _INITIAL if one[0] == other[0] else 0
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) * FULL_SCORE > longest * (FULL_SCORE - _LEAST_ALIKE):
        return 0
    return FULL_SCORE - _distance(one, other) * FULL_SCORE // longest


def _distance(one: str, other: str) -> int:
    """Letters to change, add, leave out, or swap with a neighbour (optimal string alignment)."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, their_letter in enumerate(other, start=1):
            cost = min(
                last[column] + 1,
                current[column - 1] + 1,
                last[column - 1] + (letter != their_letter),
            )
            if (
                row > 1
                and column > 1
                and letter == other[column - 2]
                and one[row - 2] == their_letter
            ):
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        before_last, last = last, current
    return last[-1]
