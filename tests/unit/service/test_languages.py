# SPDX-License-Identifier: Apache-2.0
"""Which language a header asks for."""

import pytest

from kerege.service.languages import choose_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("kk", "kk"),
        ("kk-KZ, ru;q=0.9", "kk"),
        ("ru;q=0.3, kk;q=0.4", "kk"),
        ("de, fr;q=0.9", "en"),
        ("de, ru;q=0.1", "ru"),
        ("*", "en"),
        ("ru;q=0", "en"),
        ("RU-ru", "ru"),
        ("kk;q=9", "en"),
        ("kk;q=1.5", "kk"),
        ("\x00,,;;q=,kk", "kk"),
        ("," * 100_000 + "kk", "en"),
    ],
)
def test_choice(header: str, language: str) -> None:
    assert choose_language(header) == language
