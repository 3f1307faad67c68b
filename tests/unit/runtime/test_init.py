# SPDX-License-Identifier: Apache-2.0
"""The lines that open the package run."""

import doctest

import kerege.runtime


def test_the_opening_lines_run() -> None:
    assert doctest.testmod(kerege.runtime) == doctest.TestResults(failed=0, attempted=4)


def test_every_public_name_is_there() -> None:
    assert all(hasattr(kerege.runtime, name) for name in kerege.runtime.__all__)
