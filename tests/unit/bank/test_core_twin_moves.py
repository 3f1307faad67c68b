# SPDX-License-Identifier: Apache-2.0
"""Events are built from the ledger's own bytes."""

from pathlib import Path

from tests.two_tiers import Country


def test_what_the_core_does_by_itself_is_no_event(tmp_path: Path) -> None:
    country = Country(tmp_path)
    country.bank("altyn-bank", issued=100)
    page = country.line("altyn-bank").events(-1, limit=100)
    assert [event.kind for event in page.events] == []
    assert page.next >= 3
    country.close()
