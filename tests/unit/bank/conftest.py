# SPDX-License-Identifier: Apache-2.0
"""A country with one bank that has a ledger and customers, for tests of the bank's money side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.two_tiers import Branch, Country


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    country = Country(tmp_path)
    yield country
    country.close()


@pytest.fixture
def branch(country: Country, tmp_path: Path) -> Iterator[Branch]:
    branch = Branch(country, country.bank("altyn-bank", issued=2_000_000), tmp_path / "bank")
    yield branch
    branch.close()
