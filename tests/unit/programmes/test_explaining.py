# SPDX-License-Identifier: Apache-2.0
"""Programmes and their refusals in words."""

from typing import Any

import pytest

from kerege.programmes import Blocked
from kerege.programmes.document import LANGUAGES
from kerege.programmes.explaining import describe_programme, explain_blocked, rule_in_words
from kerege.programmes.reading import RESERVED_RULES
from tests.programmes import TEXTS, at_us, cap, condition, programme, route


def told(text: str) -> Any:
    return dict.fromkeys(LANGUAGES, text)


def amount(minor: int) -> str:
    return f"₸{minor}"


TERMS = programme(
    route(
        "payer.kind == 'person'",
        condition("payment.amount <= 9", "small"),
        condition("at.open", "days"),
        caps=(cap(700, name="a-day", window="day", texts=told("{cap} a day, {limit} left")),),
        name="eat",
        texts=told("to eat"),
        groups=("milk",),
    ),
    summary=told("{budget}, {starts} to {ends}"),
)


def reason(*members: Any, language: Any = "en") -> Any:
    return explain_blocked(TERMS, Blocked(*members), language, format_amount=amount)


def test_a_condition_speaks_for_itself_and_the_limit_is_added() -> None:
    found = reason("eat", "small", 9, language="ru")
    assert (found.text, found.remedy) == ("текст", "Прошло бы ₸9.")
    assert reason("eat", "days").remedy == ""


def test_a_cap_says_its_figures() -> None:
    assert reason("eat", "a-day", 120).text == "₸700 a day, ₸120 left"
    assert reason("eat", "a-day", 0).text == "₸700 a day, ₸0 left"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", sorted(RESERVED_RULES))
def test_every_built_in_rule_has_words(rule: str, language: str) -> None:
    found = reason("eat", rule, language=language)
    assert found.text != reason(language=language).text
    assert found.remedy
    assert "{" not in found.text + found.remedy
    assert "…" not in found.text + found.remedy


def test_dates_are_local() -> None:
    assert "2026-01-01" in reason("", "starts").text
    # 31 December ends at 19:00 UTC five hours ahead of it; the programme ends at midnight UTC.
    assert "2027-01-01" in reason("", "ends").text


def test_a_programme_until_midnight_ends_the_day_before() -> None:
    terms = programme(ends_us=at_us("2026-11-30T19:00"))
    described = describe_programme(terms, "en", format_amount=amount)
    assert described.ends == "2026-11-30"


def test_without_a_route_the_way_itself_is_what_is_wrong() -> None:
    assert reason().text == "The programme's money may not go from this payer to this payee."


def test_a_rule_nobody_knows_is_no_way() -> None:
    assert reason("eat", "of-a-newer-core").text == reason().text
    assert reason("gone", "small").text == reason().text


def test_a_whole_programme() -> None:
    described = describe_programme(TERMS, "en", format_amount=amount)
    assert described.summary == "₸100000000, 2026-01-01 to 2027-01-01"
    (eat,) = described.routes
    assert (eat.text, eat.arrival, eat.groups) == ("to eat", "becomes plain money", ("milk",))
    assert [(rule.name, rule.text, rule.told) for rule in eat.rules] == [
        ("small", TEXTS["en"], "payment.amount <= 9"),
        ("days", TEXTS["en"], "at.open"),
        ("a-day", "₸700 a day, … left", "at most ₸700 a day for each payer"),
    ]


@pytest.mark.parametrize(
    ("route_name", "rule", "words"),
    [
        ("eat", "small", "текст"),
        ("eat", "a-day", "не более ₸700 в день с каждого плательщика"),
        ("", "", "Деньги программы"),
        ("eat", "starts", "Программа"),
        ("eat", "unheard-of", ""),
        ("x", "y" * 1000, ""),
    ],
)
def test_a_rule_in_words_whatever_was_left(route_name: str, rule: str, words: str) -> None:
    found = rule_in_words(TERMS, route_name, rule, "ru", format_amount=amount)
    assert found.startswith(words)
    assert bool(found) == bool(words)
    assert "…" not in found
