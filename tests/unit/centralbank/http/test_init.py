# SPDX-License-Identifier: Apache-2.0
"""The package's front page."""

import kerege.centralbank.http as package


def test_it_is_importable() -> None:
    assert callable(package.core_routes)
