# SPDX-License-Identifier: Apache-2.0
"""One country for all stories of a session, and the people they are told of."""

from collections.abc import Iterator

import pytest

from tests.e2e.cast import Cast, gather
from tests.e2e.country import running_country


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The people of the stories, in a country that runs until the last one is told."""
    with running_country(tmp_path_factory.mktemp("stories") / "kz") as country:
        yield gather(country)
