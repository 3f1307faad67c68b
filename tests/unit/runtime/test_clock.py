# SPDX-License-Identifier: Apache-2.0
"""The clock never goes back, whatever its source does."""

import time

import pytest

from kerege.runtime.clock import LATEST_US, ManualClock, SystemClock


def test_the_system_clock_tells_microseconds_of_now() -> None:
    before = time.time_ns() // 1_000
    assert before <= SystemClock().now_us() <= time.time_ns() // 1_000


def test_the_system_clock_stands_while_the_source_is_behind() -> None:
    readings = iter([5_000_999, 2_000_000, -7, 5_001_000, 9_000_000])
    clock = SystemClock(lambda: next(readings))
    assert [clock.now_us() for _ in range(5)] == [5_000, 5_000, 5_000, 5_001, 9_000]


def test_a_source_before_1970_reads_as_1970() -> None:
    assert SystemClock(lambda: -1).now_us() == 0


def test_the_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(10)
    assert (clock.now_us(), clock.now_us()) == (10, 10)
    clock.advance_us(5)
    clock.advance_us(0)
    assert clock.now_us() == 15


def test_the_manual_clock_refuses_to_go_back_or_past_the_end() -> None:
    clock = ManualClock(LATEST_US)
    for step in (-1, 1):
        with pytest.raises(ValueError, match=r"never goes back|last instant"):
            clock.advance_us(step)
    assert clock.now_us() == LATEST_US
    with pytest.raises(ValueError, match="never goes back"):
        ManualClock(-1)
