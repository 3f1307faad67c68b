# SPDX-License-Identifier: Apache-2.0
"""Books of our own on a port of their own."""

from collections.abc import Iterator

import pytest

from kerege.runtime import SystemClock
from kerege.sandbox.accounting.http_line import HttpLine
from kerege.sandbox.accounting.routes import accounting_app
from kerege.sandbox.accounting.serving import new_shelf
from kerege.service import Server, listen_on, serving


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    clock = SystemClock()
    with new_shelf(clock) as shelf:
        app = accounting_app(shelf, clock)
        with serving(Server(app, listen_on("127.0.0.1:0"))) as found:
            yield found


@pytest.fixture(scope="module")
def line(url: str) -> Iterator[HttpLine]:
    with HttpLine(url) as found:
        yield found
