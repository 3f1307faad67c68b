# SPDX-License-Identifier: Apache-2.0
"""A town for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.towns import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An open town with nobody in it."""
    town = Town(tmp_path / "ledger")
    yield town
    town.world.ledger.close()
