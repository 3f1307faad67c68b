# SPDX-License-Identifier: Apache-2.0
"""Lines pass through a bar unchanged, and nothing is shown where nobody watches."""

from collections.abc import Iterator

import pytest

from kerege.cli.progress import watched


def test_lines_pass_through(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [b"%d\n" % number for number in range(10_000)]
    with watched("Counting", 10) as watch:
        assert list(watch(lines)) == lines
        assert list(watch(lines[:3])) == lines[:3]
    assert capsys.readouterr() == ("", "")


def test_a_fault_on_the_way_comes_through() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise OSError("the disk is gone")

    with watched("Failing", 1) as watch, pytest.raises(OSError, match="gone"):
        list(watch(broken()))
