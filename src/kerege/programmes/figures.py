# SPDX-License-Identifier: Apache-2.0
"""Figures in a programme's texts, such as {cap}: which may stand where, and filling them in. Pure.

No format string of Python's: a programme is written by others, and `{0.__class__}` is one too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

__all__ = ["CAP_FIGURES", "CONDITION_FIGURES", "SUMMARY_FIGURES", "fill_in", "text_faults"]

SUMMARY_FIGURES: Final = frozenset({"budget", "starts", "ends"})
"""What a programme's summary may name: its budget, its first day and its last."""

CAP_FIGURES: Final = frozenset({"cap", "limit"})
"""A cap's text: its amount, and what would have passed."""

CONDITION_FIGURES: Final = frozenset({"limit"})
"""A condition's text: the amount that would have passed."""

_FIGURE: Final = re.compile(r"\{([a-z]+)\}")
_SPACES: Final = str.maketrans("", "", "\n\u00a0\u202f")
"""Line ends and the spaces that do not break, which Python calls unprintable."""


def text_faults(text: str, figures: frozenset[str]) -> Iterator[str]:
    """Say what is wrong with one text whose figures may be `figures`."""
    if not text.strip():
        yield "is empty"
    if not text.translate(_SPACES).isprintable():
        yield "has a character that is not seen, or turns the text around"
    for figure in _FIGURE.findall(text):
        if figure not in figures:
            known = ", ".join(f"{{{name}}}" for name in sorted(figures)) or "none here"
            yield f"{{{figure[:20]}}} is no figure this text may name ({known})"
    if set("{}") & set(_FIGURE.sub("", text)):
        yield "has a brace that belongs to no figure"


def fill_in(text: str, figures: Mapping[str, str]) -> str:
    """The text with its figures; one that is not known at present shows as an ellipsis."""
    return _FIGURE.sub(lambda found: figures.get(found[1], "…"), text)
