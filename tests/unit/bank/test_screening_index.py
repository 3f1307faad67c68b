# SPDX-License-Identifier: Apache-2.0
"""Recall and precision on a made-up list, and time on a long one."""

import time
from random import Random

import pytest

from kerege.bank.screening import REVIEW_FROM
from kerege.bank.screening_index import MAX_CANDIDATES, NameIndex
from kerege.bank.screening_list import ListedEntry
from tests.made_up_list import LISTED, OTHERS, SPELLINGS

INDEX = NameIndex([(LISTED.name, entry) for entry in LISTED.entries])


def found(name: str, born: str = "", *, kind: str = "person") -> list[str]:
    looked = INDEX.look(name, kind=kind, birth_date=born, least=REVIEW_FROM)
    return [hit.entry.id for hit in looked.hits]


@pytest.mark.parametrize(("listed", "name", "born"), SPELLINGS)
def test_whoever_is_listed_is_found_however_it_is_spelt(listed: str, name: str, born: str) -> None:
    assert found(name, born) == [listed]


def test_precision_on_others_of_like_names() -> None:
    """Of thirty others, chosen to be like somebody listed, a person looks at one: one letter
    less, and born on the same day."""
    wrong = [name for name, born in OTHERS if found(name, born)]
    assert wrong == ["Жұмағалиев Әлихан"]


def test_firms_and_people_are_not_confused() -> None:
    assert found("Altyn Kopir Trading", kind="firm") == ["f1"]
    assert found("Altyn Kopir Trading") == []
    assert found("Каспиан Меридиан Шиппинг", kind="firm") == ["f2"]
    assert found("Щедрин Юрий", kind="firm") == []
    assert found("Meridian Star", kind="firm") == ["v1"]


def test_a_hit_explains_itself() -> None:
    (hit,) = INDEX.look(
        "Юрий Щедрин", kind="person", birth_date="1958-11-30", least=REVIEW_FROM
    ).hits
    assert (hit.list_name, hit.name, hit.score) == ("made-up", "Yuri Shchedrin", 1000)
    assert [reason.kind for reason in hit.reasons] == ["same", "same", "birth_agrees"]


def test_a_birth_date_that_contradicts_lowers_a_score() -> None:
    (before,) = INDEX.look("Юрий Щедрин", kind="person", least=0).hits[:1]
    (after,) = INDEX.look("Юрий Щедрин", kind="person", birth_date="1999-01-01", least=0).hits[:1]
    assert before.score - after.score == 150


def long_index(entries: int) -> NameIndex:
    chance = Random(1)
    parts = ["nur", "bek", "ai", "gul", "zhan", "er", "tas", "kan", "ali", "sha", "mur", "at"]

    def word() -> str:
        return "".join(chance.choices(parts, k=chance.randint(2, 4)))

    return NameIndex(
        ("long", ListedEntry(id=str(number), kind="person", names=(f"{word()} {word()}",)))
        for number in range(entries)
    )


def test_no_name_takes_long_against_a_long_list() -> None:
    index = long_index(20_000)
    for name in ("nurbek aigul", "n r b k " * 30, "nurbekzhan " * 12, "а" * 300, "ерланәлішамұрат"):
        began = time.perf_counter()
        looked = index.look(name, kind="person", least=REVIEW_FROM)
        assert time.perf_counter() - began < 2
        assert len(looked.hits) <= MAX_CANDIDATES
    assert len(index) == 20_000


def test_when_too_many_are_alike_the_nearest_are_compared() -> None:
    same = [ListedEntry(id=f"{each:05}", names=(f"Ali X{each}",)) for each in range(5000)]
    target = ListedEntry(id="z", names=("Ali Valikhanov",))
    looked = NameIndex([("l", entry) for entry in (*same, target)]).look(
        "Вали Валиханов Али", kind="person", least=REVIEW_FROM
    )
    assert looked.cut
    assert [hit.entry.id for hit in looked.hits] == ["z"]
