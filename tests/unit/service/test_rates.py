# SPDX-License-Identifier: Apache-2.0
"""Token buckets, told the time."""

import pytest

from kerege.service.rates import Rates

S = 1_000_000


def test_a_burst_then_the_rate() -> None:
    rates = Rates(per_s=2, burst=3)
    assert [rates.take("a", now_us=S) for _ in range(4)] == [0, 0, 0, 0.5]
    assert rates.take("a", now_us=S + S // 2) == 0
    assert rates.take("a", now_us=S + S // 2) == 0.5


def test_each_has_its_own() -> None:
    rates = Rates(per_s=1, burst=1)
    assert rates.take("a", now_us=0) == 0
    assert rates.take("b", now_us=0) == 0
    assert rates.take("a", now_us=0) == 1


def test_a_large_request_pays_afterwards() -> None:
    rates = Rates(per_s=10, burst=10)
    assert rates.take("a", now_us=0, tokens=100) == 0
    assert rates.take("a", now_us=0) == pytest.approx(9.1)
    assert rates.take("a", now_us=9 * S) == pytest.approx(0.1)
    assert rates.take("a", now_us=20 * S, tokens=100) == 0


def test_looking_takes_nothing() -> None:
    rates = Rates(per_s=1, burst=2)
    assert [rates.look("a", now_us=0) for _ in range(9)] == [0] * 9
    assert [rates.take("a", now_us=0) for _ in range(2)] == [0, 0]
    assert rates.look("a", now_us=0) == 1
    assert rates.look("a", now_us=S) == 0


def test_a_clock_set_back_gives_nothing_away() -> None:
    rates = Rates(per_s=1, burst=1)
    assert rates.take("a", now_us=100 * S) == 0
    assert rates.take("a", now_us=50 * S) == pytest.approx(51)


def test_memory_is_bounded() -> None:
    rates = Rates(per_s=1, burst=1, max_callers=2)
    for caller in "abc":
        assert rates.take(caller, now_us=0) == 0
    assert rates.take("a", now_us=0) == 0
    assert rates.take("c", now_us=0) > 0


@pytest.mark.parametrize(("per_s", "burst"), [(0, 1), (1, 0), (-1, 5)])
def test_a_rate_that_grants_nothing(per_s: float, burst: float) -> None:
    with pytest.raises(ValueError, match="grants nothing"):
        Rates(per_s=per_s, burst=burst)
