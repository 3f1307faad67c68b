# SPDX-License-Identifier: Apache-2.0
"""One name in many spellings sounds the same; no text is too strange or takes long."""

import time

import pytest

from kerege.bank.screening_names import MAX_WORD_CHARS, MAX_WORDS, sound_words


@pytest.mark.parametrize(
    "spellings",
    [
        ["Қайрат", "Кайрат", "Kairat", "Qayrat", "KAYRAT", "Kayrat."],
        ["Юрий Щербаков", "Yuri Shcherbakov", "Iurii Scherbakov", "Yuriy  Ščerbakov"],
        ["Жұмабаев", "Zhumabayev", "Jumabaev", "Джумабаев", "Dzhumabaev"],
        ["Хасан", "Hassan", "Khasan", "Һасан"],
        ["Наталья", "Nataliya", "Natalia", "Natal’ya"],
        ["Вячеслав", "Vyacheslav", "Viacheslav"],
        ["Ғалымжан", "Galymzhan", "Ghalymjan", "Ğalymjan"],
        ["Шыңғыс", "Shyngys", "Şyñğys"],
        ["Қайратқызы", "Кайратовна", "Kairatovna", "Kairatkyzy", "Қайрат қызы", "Кайрат"],
        ["ТОО «Дәм-Астық»", "Dam Astyk LLP", "ЖШС Дәм Астық"],
        ["Ёлкин", "Yolkin", "Iolkin"],
        ["Müller", "Muller"],
    ],
)
def test_spellings_that_sound_alike(spellings: list[str]) -> None:
    assert len({sound_words(spelling) for spelling in spellings}) == 1
    assert sound_words(spellings[0])


@pytest.mark.parametrize(("one", "other"), [("Асан", "Үсен"), ("Нұрлан", "Ерлан"), ("Али", "Вали")])
def test_names_that_do_not(one: str, other: str) -> None:
    assert sound_words(one) != sound_words(other)


@pytest.mark.parametrize("text", ["", " ", "-", "«»", "\u200b", "\ud800", "\u0301" * 300, "🙂"])
def test_texts_without_a_sound(text: str) -> None:
    assert sound_words(text) == ()


def test_a_name_of_particles_is_a_name() -> None:
    assert sound_words("Al El") == ("al", "el")


@pytest.mark.parametrize(
    "text", ["a", "ши", "ng", "ии", "k h", ". ", "a b ", "ﷺ", "\u0301a", "sch", "ßß", "ЯЯ"]
)
def test_hostile_names_are_short_work(text: str) -> None:
    began = time.perf_counter()
    words = sound_words(text * 1_000_000)
    assert time.perf_counter() - began < 0.5
    assert len(words) <= MAX_WORDS
    assert all(len(word) <= MAX_WORD_CHARS for word in words)
