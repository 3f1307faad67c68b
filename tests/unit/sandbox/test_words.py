# SPDX-License-Identifier: Apache-2.0
import re
from string import Template

import pytest

from kerege.money import ISO4217, Amount
from kerege.sandbox.words import LANGUAGES, TEXTS, amount_text, say

ENGLISH = TEXTS["en"]


def figures(text: str) -> set[str]:
    return set(Template(text).get_identifiers())


@pytest.mark.parametrize("key", ENGLISH)
def test_every_text_says_the_same_in_every_language(key: str) -> None:
    for language in LANGUAGES:
        assert figures(TEXTS[language][key]) == figures(ENGLISH[key]), language


def test_no_language_has_texts_of_its_own() -> None:
    for language in LANGUAGES:
        assert TEXTS[language].keys() == ENGLISH.keys()


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_sentences_in_cyrillic_have_no_latin_look_alikes(language: str) -> None:
    for key, text in TEXTS[language].items():
        plain = re.sub(r"`[^`]*`|\$[a-z0-9_]+|Ctrl-C", "", text)
        assert not re.search(r"[A-Za-z]", plain), key


def test_figures_are_filled_in() -> None:
    assert say("en", "up.ended", command="kerege up").startswith("Ended. `kerege up` goes on")
    with pytest.raises(KeyError):
        say("en", "up.ended")


def test_amounts_are_written_as_the_language_does() -> None:
    amount = Amount(1_234_50, ISO4217.by_code("KGS"))
    assert amount_text("en", amount) == "KGS 1,234.50"
    assert amount_text("ru", amount) == "1 234,50 KGS"
