# SPDX-License-Identifier: Apache-2.0
"""One running bank for all tests of its routes, and people of their own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.banks import House, Person, running_bank


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank over real sockets."""
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


@pytest.fixture
def aru(house: House, tmp_path: Path) -> Person:
    """A customer without a wallet."""
    return house.person(tmp_path / "aru")


@pytest.fixture
def beket(house: House, tmp_path: Path) -> Person:
    """Another customer."""
    return house.person(tmp_path / "beket", name="Бекет Сериков")
