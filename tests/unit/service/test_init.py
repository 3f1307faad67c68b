# SPDX-License-Identifier: Apache-2.0
"""The room's front page: its example runs, its list is complete."""

import doctest

import kerege.service


def test_the_example_runs() -> None:
    assert doctest.testmod(kerege.service).failed == 0


def test_everything_listed_is_there() -> None:
    assert sorted(kerege.service.__all__) == sorted(set(kerege.service.__all__))
    assert all(hasattr(kerege.service, name) for name in kerege.service.__all__)
