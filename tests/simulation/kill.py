# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.simulation.kill --runs N`: kill a loaded ledger at random instants, with SIGKILL.

Each run starts a real process (`tests.simulation.loaded`) whose threads post orders and report
each outcome through a pipe when they have it. It is killed, opened again by another process's
eyes (ours), and then: no acknowledged order lost, none applied twice when all are sent again,
every repeat told the same, every promise kept, the public log a beginning of what was accepted.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO, Any

from kerege.ledger.ledger import Ledger
from kerege.ledger.outcome import Outcome
from kerege.runtime.clock import SystemClock
from tests.simulation import afterwards
from tests.simulation.loaded import THREADS, load_of, open_store, read_report

__all__ = ["Found", "kill_once", "main"]

LONGEST_S = 0.8
"""A run lives at most this long: some hundred commits."""


@dataclass
class Found:
    """What the runs so far came to."""

    runs: int = 0
    killed: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    unanswered_but_there: int = 0
    accepted: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The closing line."""
        ending = "; ".join(self.faults) if self.faults else "none lost, none twice, promises kept"
        return (
            f"{self.runs} runs · {self.killed} killed at work · {self.acknowledged} acknowledged"
            f" · {self.unanswered} unanswered, {self.unanswered_but_there} of them there"
            f" · {self.accepted} accepted orders audited · {self.checkpoints} checkpoints checked"
            f" · {ending}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=1, help="runs side by side")
    parser.add_argument("--url", default="", help="a PostgreSQL database instead of SQLite files")
    asked = parser.parse_args()
    found = Found()
    with ThreadPoolExecutor(asked.at_once) as pool:
        seeds = range(asked.seed, asked.seed + asked.runs)
        for seed in seeds:
            pool.submit(run_one, found, seed, asked.url, asked.runs)
    print(found.line())
    return 1 if found.faults else 0


def run_one(found: Found, seed: int, url: str = "", runs: int = 0) -> None:
    """One run in a folder of its own; faults are added to `found`."""
    if found.faults:
        return
    with tempfile.TemporaryDirectory(prefix="kerege-kill-") as folder:
        try:
            kill_once(found, Path(folder), seed, url)
        except AssertionError as fault:
            found.faults.append(f"seed {seed}: {fault}")
            print(f"again with: --runs 1 --seed {seed}", file=sys.stderr)
    if runs and found.runs % 10 == 0:
        print(f"{found.runs} of {runs} runs", file=sys.stderr)


def kill_once(found: Found, folder: Path, seed: int, url: str = "") -> None:
    """Start, kill, open, check."""
    rng = random.Random(seed)
    reports = _run_and_kill(folder, seed, rng, url)
    found.runs += 1
    found.killed += reports.is_killed
    told = reports.outcomes
    found.acknowledged += len(told)
    check(found, folder, seed, url, told, reports.begun)


@dataclass
class _Reports:
    outcomes: dict[bytes, Outcome]
    begun: list[int]
    is_killed: bool


def _run_and_kill(folder: Path, seed: int, rng: random.Random, url: str) -> _Reports:
    command = [sys.executable, "-m", "tests.simulation.loaded", str(folder), str(seed), url]
    path = os.pathsep.join(("src", os.environ.get("PYTHONPATH", "")))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as child:
        pipe: IO[bytes] = child.stdout  # type: ignore[assignment]
        first = pipe.readline()
        assert first == b"ready\n", f"the child did not start: {first!r}"
        killer = _later(rng.uniform(0.0, LONGEST_S), lambda: child.send_signal(signal.SIGKILL))
        # Reading on while it runs keeps it from waiting for us.
        data = pipe.read()
        killer.join()
        child.wait()
    outcomes, begun = read_report(data)
    return _Reports(outcomes, begun, child.returncode == -signal.SIGKILL)


def _later(delay_s: float, act: Callable[[], Any]) -> Timer:
    timer = Timer(delay_s, act)
    timer.start()
    return timer


def check(
    found: Found, folder: Path, seed: int, url: str, told: dict[bytes, Outcome], begun: list[int]
) -> None:
    """Open what is left and hold it to what was told."""
    store = open_store(folder, url)
    try:
        ledger = Ledger(store, SystemClock().now_us)
        for order_id, outcome in told.items():
            kept = ledger.outcome(outcome.order_id)
            assert kept is not None, f"order {order_id.hex()} was acknowledged and is lost"
            assert afterwards.same(kept, outcome), f"order {order_id.hex()}: {outcome}, now {kept}"
        sent = [b for thread in range(THREADS) for b in load_of(seed, thread, begun[thread])]
        before = {o.id: ledger.outcome(o.id) for batch in sent for o in batch}
        found.unanswered += len(before.keys() - told.keys())
        there = [i for i, kept in before.items() if kept is not None and i not in told]
        found.unanswered_but_there += len(there)
        for batch in sent:
            for again in ledger.post(batch):
                first = before[again.order_id]
                assert first is None or afterwards.same(again, first), f"repeat: {first}, {again}"
        found.accepted += afterwards.audit(store)
        found.checkpoints += afterwards.audit_log(store, folder)
    finally:
        store.close()


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(status)
