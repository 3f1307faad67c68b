# SPDX-License-Identifier: Apache-2.0
"""Twenty kills of a loaded process; a thousand are `make kill RUNS=1000`."""

import pytest

from tests.simulation.kill import Found, run_one


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1, 21, 5))
def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(start: int) -> None:
    found = Found()
    for seed in range(start, start + 5):
        run_one(found, seed)
    assert not found.faults
    assert found.acknowledged > 100
    assert found.killed == found.runs == 5
