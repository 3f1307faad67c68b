# SPDX-License-Identifier: Apache-2.0
"""Every text is there in three languages, with the same figures."""

import re

import pytest

from kerege.cli.words import TEXTS, say


@pytest.mark.parametrize("key", TEXTS)
def test_the_same_figures_in_every_language(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == {"kk", "ru", "en"}
    figures = {frozenset(re.findall(r"\$[a-z]+", text)) for text in texts.values()}
    assert len(figures) == 1


def test_figures_are_filled_in() -> None:
    assert say("ru", "refunded", amount="KZT 5") == "Возвращено: KZT 5."
    assert say("de", "refunded", amount="KZT 5") == "KZT 5 paid back."
