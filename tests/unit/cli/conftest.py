# SPDX-License-Identifier: Apache-2.0
"""A running bank, and people and firms who use it from a terminal."""

import pytest

from tests.banks import House
from tests.paper_town import PaperTown
from tests.terminals import aru, beket, house, sit_down

__all__ = ["aru", "beket", "house", "sit_down"]


@pytest.fixture(scope="package")
def paper_town(house: House, tmp_path_factory: pytest.TempPathFactory) -> PaperTown:
    """Firms of that bank, with programmes in force."""
    return PaperTown(house, tmp_path_factory.mktemp("firms"))
