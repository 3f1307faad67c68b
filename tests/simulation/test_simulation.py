# SPDX-License-Identifier: Apache-2.0
"""Some seeds of the simulation, and every planted mistake found by it."""

from itertools import count

import pytest

from tests.simulation.planted import MISTAKES
from tests.simulation.run import simulate
from tests.simulation.simulation import Simulation, small_limits

ENOUGH_STEPS = 600


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_promise_is_broken(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    with small_limits():
        found = simulate(seed, steps=150)
    assert found == 0, capsys.readouterr().out


def test_a_seed_gives_the_same_run_twice() -> None:
    assert _run(3, 60) == _run(3, 60)


def _run(seed: int, steps: int) -> object:
    with small_limits():
        simulation = Simulation(seed)
        try:
            for _ in range(steps):
                simulation.step()
            return simulation.counts, simulation.disk.counts, simulation.refusals
        finally:
            simulation.close()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(mistake: str) -> None:
    with small_limits(), MISTAKES[mistake]():
        assert _steps_until_found() < ENOUGH_STEPS


def _steps_until_found() -> int:
    steps = count()
    for seed in count(1):
        simulation = Simulation(seed)
        try:
            for _ in range(100):
                if next(steps) == ENOUGH_STEPS:
                    return ENOUGH_STEPS
                simulation.step()
            simulation.finish()
        except Exception:  # a mistake shows itself as it likes
            return next(steps)
        finally:
            simulation.close()
    return ENOUGH_STEPS
