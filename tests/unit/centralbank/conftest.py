# SPDX-License-Identifier: Apache-2.0
"""A ledger for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors import Door
from tests.ledgers import World
from tests.registers import Country


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An open ledger with one issuer."""
    world = World(tmp_path / "ledger")
    yield world
    world.ledger.close()


ON_BOTH = (
    "acceptance_marked", "acceptance_papers", "acceptance_racing", "contract_trees",
    "programme_report", "recalling", "vat_books",
)  # fmt: skip
"""Modules of tests that run on SQLite and on a real PostgreSQL."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what has a core on both databases, where a module is named in `ON_BOTH`."""
    module = metafunc.module.__name__.rpartition("test_")[2]
    if module in ON_BOTH and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture
def database() -> str:
    """Where the core's ledger and register are."""
    return "sqlite"


@pytest.fixture
def core_url(database: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database of the test's own, empty for files in its folder."""
    return "" if database == "sqlite" else str(request.getfixturevalue("pg_url"))


@pytest.fixture
def door(tmp_path: Path, core_url: str) -> Iterator[Door]:
    door = Door(tmp_path, url=core_url, ledger_url=core_url)
    yield door
    door.close()


@pytest.fixture
def country(tmp_path: Path, core_url: str) -> Iterator[Country]:
    """A founded country without a bank."""
    country = Country(tmp_path, url=core_url, ledger_url=core_url)
    yield country
    country.close()
