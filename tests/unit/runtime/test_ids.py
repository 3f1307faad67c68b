# SPDX-License-Identifier: Apache-2.0
"""Ids are UUIDs of version 7 that always grow."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from kerege.runtime.clock import LATEST_US, ManualClock, SystemClock
from kerege.runtime.ids import ID_BYTES, IdMaker
from kerege.runtime.randomness import SeededRandomness, SystemRandomness

MOMENT_MS = 0x017F22E279B0
"""The instant of the example in RFC 9562, appendix A.6: 2022-02-22T19:22:22Z."""


class Constant:
    """Randomness with every bit the same, for the edges of the counter."""

    def __init__(self, octet: int) -> None:
        self._octet = octet

    def draw(self, size_bytes: int) -> bytes:
        return bytes([self._octet]) * size_bytes


def test_the_layout_is_that_of_the_rfc() -> None:
    made = IdMaker(ManualClock(MOMENT_MS * 1_000 + 999), SeededRandomness(1)).make()
    assert len(made) == ID_BYTES
    assert int.from_bytes(made[:6]) == MOMENT_MS
    assert uuid.UUID(bytes=made).version == 7
    assert uuid.UUID(bytes=made).variant == uuid.RFC_4122


@pytest.mark.parametrize(
    ("octet", "expected"),
    [
        (0x00, "017f22e2-79b0-7000-8000-000000000000"),
        (0xFF, "017f22e2-79b0-77ff-bfff-ffffffffffff"),
    ],
)
def test_every_random_bit_has_its_place(octet: int, expected: str) -> None:
    made = IdMaker(ManualClock(MOMENT_MS * 1_000), Constant(octet)).make()
    assert str(uuid.UUID(bytes=made)) == expected


def test_ids_of_one_millisecond_grow_by_counting() -> None:
    maker = IdMaker(ManualClock(MOMENT_MS * 1_000), SeededRandomness(3))
    made = [maker.make() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {one[:6] for one in made} == {MOMENT_MS.to_bytes(6)}


def test_ids_grow_with_the_clock() -> None:
    clock = ManualClock(MOMENT_MS * 1_000)
    maker = IdMaker(clock, SeededRandomness(4))
    made = []
    for step_us in (0, 1, 999, 1_000, 3_600_000_000):
        clock.advance_us(step_us)
        made.append(maker.make())
    assert made == sorted(set(made))


def test_a_full_counter_borrows_the_next_millisecond() -> None:
    maker = IdMaker(ManualClock(MOMENT_MS * 1_000), SeededRandomness(5))
    before = maker.make()
    maker._counter = (1 << 42) - 2
    last, after = maker.make(), maker.make()
    assert before < last < after
    assert int.from_bytes(last[:6]) == MOMENT_MS
    assert int.from_bytes(after[:6]) == MOMENT_MS + 1


def test_a_clock_past_its_end_is_refused() -> None:
    maker = IdMaker(ManualClock(LATEST_US), SeededRandomness(6))
    assert maker.make()[:6] == b"\xff" * 6
    maker._counter = (1 << 42) - 1
    with pytest.raises(OverflowError, match="10889"):
        maker.make()


def test_threads_share_a_maker() -> None:
    maker = IdMaker(SystemClock(), SystemRandomness())
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: [maker.make() for _ in range(2_000)], range(4)))
    assert all(run == sorted(run) for run in runs)
    assert len({one for run in runs for one in run}) == 8_000


def test_the_same_seed_and_clock_give_the_same_ids() -> None:
    twins = [IdMaker(ManualClock(1), SeededRandomness(7)) for _ in range(2)]
    assert [twins[0].make() for _ in range(5)] == [twins[1].make() for _ in range(5)]
