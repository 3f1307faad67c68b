# SPDX-License-Identifier: Apache-2.0
"""Which of our languages a request wants: `Accept-Language`, RFC 9110 section 12.5.4. Pure."""

import re
from typing import Final

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "choose_language"]

LANGUAGES: Final = ("en", "kk", "ru")
"""English, Kazakh, Russian: ISO 639-1."""

DEFAULT_LANGUAGE: Final = "en"
"""For programs, which send no `Accept-Language`: their developers read English."""

MAX_HEADER_CHARS: Final = 256
"""Browsers send some 50; what is longer is not looked at."""

_RANGE: Final = re.compile(
    r"([a-z*]{1,8})(?:-[a-z0-9-]{1,40})?(?:[ \t]*;[ \t]*q=([01](?:\.\d{0,3})?))?"
)


def choose_language(header: str) -> str:
    """The first of `LANGUAGES` by weight, then by place; `DEFAULT_LANGUAGE` if none is wanted.

    What cannot be read is passed over: nobody's request fails over its language.
    """
    best, weight = DEFAULT_LANGUAGE, 0.0
    for part in header[:MAX_HEADER_CHARS].lower().split(","):
        match = _RANGE.fullmatch(part.strip(" \t"))
        if match is None:
            continue
        language = DEFAULT_LANGUAGE if match[1] == "*" else match[1]
        wanted = 1.0 if match[2] is None else min(float(match[2]), 1.0)
        if language in LANGUAGES and wanted > weight:
            best, weight = language, wanted
    return best
