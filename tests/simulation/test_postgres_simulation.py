# SPDX-License-Identifier: Apache-2.0
"""Some seeds of the world on PostgreSQL, with commits that fail or are not heard of."""

import pytest

from tests.simulation.postgres_simulation import PostgresSimulation


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_promise_is_broken_on_postgresql(seed: int, pg_url: str) -> None:
    simulation = PostgresSimulation(seed, pg_url)
    try:
        for _ in range(60):
            simulation.step()
        simulation.finish()
    finally:
        simulation.close()
    assert simulation.counts["lost after"] > 3
    assert simulation.counts["orders"] > 100
