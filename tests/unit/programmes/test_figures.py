# SPDX-License-Identifier: Apache-2.0
"""Figures in texts."""

import pytest

from kerege.programmes.figures import CAP_FIGURES, fill_in, text_faults


def test_figures_are_filled_in_once() -> None:
    filled = fill_in("{cap} a day, {limit} left of {cap}", {"cap": "{limit} 5", "limit": "2"})
    assert filled == "{limit} 5 a day, 2 left of {limit} 5"


def test_a_figure_that_is_not_known_is_an_ellipsis() -> None:
    assert fill_in("at most {limit}", {}) == "at most …"


@pytest.mark.parametrize(
    "text",
    ["at most {cap}", "Не более 1\u00a0000\u202f₸\nв день", "«Күніне» — бір рет"],
)
def test_texts_that_may_stand(text: str) -> None:
    assert list(text_faults(text, CAP_FIGURES)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        (" \n\u00a0", "empty"),
        ("a\u202eb", "not seen"),
        ("a\u200bb", "not seen"),
        ("a\x1b[31mb", "not seen"),
        ("a\tb", "not seen"),
        ("a\x00b", "not seen"),
        ("{budget}", "no figure"),
        ("{cap.__class__}", "brace"),
        ("{0}", "brace"),
        ("{{cap}}", "brace"),
        ("{", "brace"),
        ("{cap!r}", "brace"),
    ],
)
def test_texts_that_may_not(text: str, what: str) -> None:
    assert [fault for fault in text_faults(text, CAP_FIGURES) if what in fault]
