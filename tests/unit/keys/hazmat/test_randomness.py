# SPDX-License-Identifier: Apache-2.0
"""The operating system's randomness."""

from kerege.keys.hazmat.randomness import system_randomness


def test_draws_have_the_size_asked_for_and_differ() -> None:
    assert len(system_randomness(32)) == 32
    assert system_randomness(32) != system_randomness(32)
