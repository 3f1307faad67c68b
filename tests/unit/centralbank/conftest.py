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


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    door = Door(tmp_path)
    yield door
    door.close()


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """A founded country without a bank."""
    country = Country(tmp_path)
    yield country
    country.close()
