# SPDX-License-Identifier: Apache-2.0
"""How fast the log takes leaves: tiles hashed, written, flushed, read back, checkpoint signed."""

import time
from collections.abc import Iterator
from hashlib import sha256

from benchmarks.own_log import OwnLog
from benchmarks.registry import Sample, Stage, benchmark, rate
from kerege.translog.integrator import BATCH_LEAVES


@benchmark("log.integrate", unit="leaves/s", group="log")
def log_integrate(stage: Stage) -> Iterator[Sample]:
    """Checkpoints of `BATCH_LEAVES` leaves, one after the other."""
    checkpoints = stage.size(6, quick=2)
    stage.conditions.update(
        {
            "leaves_per_checkpoint": BATCH_LEAVES,
            "checkpoints": checkpoints,
            "entries": "32 bytes each, ready in memory",
            "durable": "every tile and checkpoint flushed before it is used",
            "witnesses": 0,
        }
    )
    source = _Entries()
    log = OwnLog(stage.folder, source)

    def sample() -> float:
        source.grow(checkpoints * BATCH_LEAVES)
        start = time.perf_counter()
        for _ in range(checkpoints):
            log.integrator.run_once()
        return rate(checkpoints * BATCH_LEAVES, time.perf_counter() - start)

    yield sample


class _Entries:
    """A source of leaves that are known from the start."""

    def __init__(self) -> None:
        self._all: list[bytes] = []

    def grow(self, count: int) -> None:
        first = len(self._all)
        self._all += [sha256(number.to_bytes(8)).digest() for number in range(first, first + count)]

    def pending(self, after_index: int, limit: int) -> list[bytes]:
        return self._all[after_index : after_index + limit]
