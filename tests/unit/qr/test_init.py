# SPDX-License-Identifier: Apache-2.0
import doctest

from kerege import qr


def test_the_lines_of_the_docstring_run() -> None:
    result = doctest.testmod(qr)
    assert result.attempted >= 5
    assert result.failed == 0


def test_the_surface_is_a_list() -> None:
    assert all(hasattr(qr, name) for name in qr.__all__)
