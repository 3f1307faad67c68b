# SPDX-License-Identifier: Apache-2.0
"""A running bank for tests of the wallet's lines over HTTP, and a customer of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.banks import House, Person, running_bank


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A bank over real sockets."""
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


@pytest.fixture
def aru(house: House, tmp_path: Path) -> Person:
    """A customer, signed in, without a wallet."""
    return house.person(tmp_path / "aru")
