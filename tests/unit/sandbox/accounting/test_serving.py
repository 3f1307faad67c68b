# SPDX-License-Identifier: Apache-2.0
"""Books go with the folder they were kept in; an address that is taken is told."""

import tempfile
from pathlib import Path

import pytest

from kerege.runtime import SystemClock
from kerege.sandbox.accounting.serving import new_shelf, serve_books
from kerege.service import Listening, listen_on


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with new_shelf(SystemClock()):
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_a_port_that_is_taken() -> None:
    with listen_on("127.0.0.1:0") as taken, pytest.raises(Listening):
        serve_books(f"127.0.0.1:{taken.getsockname()[1]}", SystemClock(), on_ready=print)
