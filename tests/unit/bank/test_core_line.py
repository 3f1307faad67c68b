# SPDX-License-Identifier: Apache-2.0
"""The twin is a `CoreLine`; so is whatever a test puts before it."""

from pathlib import Path

from kerege.bank.core_line import CoreLine
from tests.two_tiers import Country


def test_the_twin_is_a_line(tmp_path: Path) -> None:
    country = Country(tmp_path)
    line: CoreLine = country.line("altyn-bank")
    assert line.events(-1, limit=10).events == ()
    country.close()
