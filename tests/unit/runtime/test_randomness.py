# SPDX-License-Identifier: Apache-2.0
"""The seeded twin repeats itself; both keep the limits."""

import pytest

from kerege.runtime.randomness import (
    LONGEST_DRAW_BYTES,
    Randomness,
    SeededRandomness,
    SystemRandomness,
)


def test_one_seed_gives_one_sequence() -> None:
    first, second, other = SeededRandomness(1), SeededRandomness(1), SeededRandomness(2)
    drawn = [first.draw(16) for _ in range(3)]
    assert drawn == [second.draw(16) for _ in range(3)]
    assert drawn != [other.draw(16) for _ in range(3)]
    assert len(set(drawn)) == 3


def test_the_sequence_of_a_seed_stays_as_published() -> None:
    # A printed seed must reproduce a run on another machine and another Python.
    assert SeededRandomness(2026).draw(8).hex() == "19a47e1e70bcc951"


def test_the_system_draws_differ() -> None:
    assert SystemRandomness().draw(16) != SystemRandomness().draw(16)


@pytest.mark.parametrize("source", [SystemRandomness(), SeededRandomness(0)])
def test_a_draw_has_the_size_asked_for_within_limits(source: Randomness) -> None:
    assert [len(source.draw(size)) for size in (0, 1, 33, LONGEST_DRAW_BYTES)] == [
        0,
        1,
        33,
        LONGEST_DRAW_BYTES,
    ]
    for size in (-1, LONGEST_DRAW_BYTES + 1):
        with pytest.raises(ValueError, match=f"cannot draw {size} bytes"):
            source.draw(size)
