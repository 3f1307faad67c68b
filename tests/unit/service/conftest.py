# SPDX-License-Identifier: Apache-2.0
"""One echo node for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.nodes import EchoNode, serve_echo


@pytest.fixture(scope="session")
def echo() -> Iterator[EchoNode]:
    with serve_echo() as node:
        yield node
