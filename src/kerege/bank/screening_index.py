# SPDX-License-Identifier: Apache-2.0
"""Finding, among many listed names, those worth comparing with one. Pure, in memory.

Each word of a listed name is filed under its consonants and under these with one left out; a name
shares a key with every name that has one word alike up to one consonant. What is found is scored
by `screening_matching`. Bounded: at most `MAX_CANDIDATES` entries are compared, those that share
most words; if there were more, the answer says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from kerege.bank.screening_list import ListedEntry
from kerege.bank.screening_matching import (
    FULL_SCORE,
    Reason,
    Score,
    compare_births,
    compare_words,
)
from kerege.bank.screening_names import sound_words

__all__ = ["MAX_CANDIDATES", "Hit", "Looked", "NameIndex"]

MAX_CANDIDATES: Final = 2_000
"""Entries compared with one name: some 50 ms."""

_MAX_CONSONANTS: Final = 6
_VOWELS: Final = frozenset("aeiou")


class Hit(Struct, frozen=True):
    """A listed entry that a name is like: which of its names, how much (of 1000), and why."""

    list_name: str
    entry: ListedEntry
    name: str
    score: int
    reasons: tuple[Reason, ...]


class Looked(Struct, frozen=True):
    """Hits, best first. `cut`: so many names were alike that not all were compared."""

    hits: tuple[Hit, ...]
    cut: bool = False


class NameIndex:
    """An index over entries of one or more lists. Immutable once made; safe among threads."""

    def __init__(self, entries: Iterable[tuple[str, ListedEntry]]) -> None:
        """`entries` are pairs of a list's name and an entry."""
        self._entries = tuple(entries)
        self._names: list[tuple[tuple[str, tuple[str, ...]], ...]] = []
        words: defaultdict[str, set[int]] = defaultdict(set)
        for number, (_, entry) in enumerate(self._entries):
            sounds = tuple((name, sound_words(name)) for name in entry.names)
            self._names.append(sounds)
            for _, name_words in sounds:
                for word in name_words:
                    words[word].add(number)
        self._by_key: defaultdict[str, set[int]] = defaultdict(set)
        for word, numbers in words.items():
            for key in _keys(word):
                self._by_key[key] |= numbers

    def __len__(self) -> int:
        return len(self._entries)

    def look(self, name: str, *, kind: str, birth_date: str = "", least: int) -> Looked:
        """Entries with a score of at least `least` (of 1000).

        `kind` is `person` or another; persons are not compared with listed firms and ships.
        """
        ours = sound_words(name)
        numbers, cut = self._candidates(ours)
        hits = []
        for number in numbers:
            list_name, entry = self._entries[number]
            if entry.is_comparable_with(kind):
                hit = self._hit(number, list_name, entry, ours, birth_date)
                if hit.score >= least:
                    hits.append(hit)
        hits.sort(key=lambda hit: (-hit.score, hit.list_name, hit.entry.id))
        return Looked(tuple(hits), cut)

    def _candidates(self, words: tuple[str, ...]) -> tuple[list[int], bool]:
        """Those that share most words first, of these those with as many words as `words`."""
        shared: Counter[int] = Counter()
        for word in set(words):
            alike: set[int] = set()
            for key in _keys(word):
                alike |= self._by_key.get(key, set())
            shared.update(alike)
        ranked = sorted(
            shared, key=lambda number: (-shared[number], self._differs(number, words), number)
        )
        return ranked[:MAX_CANDIDATES], len(ranked) > MAX_CANDIDATES

    def _differs(self, number: int, words: tuple[str, ...]) -> int:
        counts = (abs(len(theirs) - len(words)) for _, theirs in self._names[number])
        return min(counts, default=0)

    def _hit(
        self,
        number: int,
        list_name: str,
        entry: ListedEntry,
        ours: tuple[str, ...],
        birth_date: str,
    ) -> Hit:
        scored = ((name, compare_words(ours, theirs)) for name, theirs in self._names[number])
        name, best = max(scored, key=lambda pair: pair[1].total, default=("", Score(0, ())))
        birth = compare_births(birth_date, entry.birth_dates)
        reasons = best.reasons if birth is None else (*best.reasons, birth)
        # A birthday alone is no likeness: it moves a score that names gave.
        total = best.total + (0 if birth is None or not best.total else birth.alike)
        return Hit(list_name, entry, name, max(0, min(total, FULL_SCORE)), reasons)


def _keys(word: str) -> set[str]:
    """The consonants of a word, and these without one; of words without any, the word."""
    bones = "".join(char for char in word if char not in _VOWELS)[:_MAX_CONSONANTS]
    if len(bones) < 2:
        return {word, bones} if bones else {word}
    return {bones, *(bones[:at] + bones[at + 1 :] for at in range(len(bones)))}
