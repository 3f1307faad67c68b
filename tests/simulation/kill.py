# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.simulation.kill --runs N`: SIGKILL a loaded ledger at random instants.

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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO, Any

import psycopg

from kerege.ledger.ledger import Ledger
from kerege.ledger.outcome import Outcome
from kerege.runtime.clock import SystemClock
from tests.postgres import Server, private_server
from tests.simulation import afterwards
from tests.simulation.loaded import THREADS, load_of, open_store, read_report

__all__ = ["Found", "KillOnce", "kill_once", "main", "run_and_kill", "run_one", "wait_for_server"]

LONGEST_S = 0.8
"""A run lives at most this long: some hundred commits."""

RECOVERY_S = 60
"""A server that crashed is back by then, or never."""


@dataclass
class Found:
    """What the runs so far came to."""

    runs: int = 0
    killed: int = 0
    crashed: int = 0
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
            f"{self.runs} runs · {self.killed} killed at work"
            f" · {self.crashed} with a crash of the server · {self.acknowledged} acknowledged"
            f" · {self.unanswered} unanswered, {self.unanswered_but_there} of them there"
            f" · {self.accepted} accepted orders audited · {self.checkpoints} checkpoints checked"
            f" · {ending}"
        )


KillOnce = Callable[..., None]
"""`kill_once` of this module or of another: what is loaded, killed and looked at."""


def main(kill: KillOnce | None = None, told: str | None = __doc__) -> int:
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=1, help="runs side by side")
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL server")
    parser.add_argument("--url", default="", help="on a PostgreSQL server: where to make databases")
    asked = parser.parse_args()
    found = Found()
    with _server(asked.postgres, asked.url) as server, ThreadPoolExecutor(asked.at_once) as pool:
        for seed in range(asked.seed, asked.seed + asked.runs):
            pool.submit(run_one, found, seed, server, runs=asked.runs, kill=kill or kill_once)
    print(found.line())
    return 1 if found.faults else 0


@contextmanager
def _server(is_private: bool, url: str) -> Iterator[Server | None]:
    if is_private:
        with private_server() as server:
            yield server
    else:
        yield Server(url, "given", "", None) if url else None


def run_one(
    found: Found,
    seed: int,
    server: Server | None = None,
    *,
    runs: int = 0,
    kill: KillOnce | None = None,
) -> None:
    """One run in a folder and database of its own; faults are added to `found`."""
    if found.faults:
        return
    kill = kill or kill_once
    with tempfile.TemporaryDirectory(prefix="kerege-kill-") as folder:
        try:
            if server is None:
                kill(found, Path(folder), seed)
            else:
                with server.fresh_database() as url:
                    kill(found, Path(folder), seed, url, is_ours=server.bin is not None)
        except Exception as fault:  # whatever it is, the seed must be told
            found.faults.append(f"seed {seed}: {type(fault).__name__}: {fault}")
            print(f"again with: --runs 1 --seed {seed}", file=sys.stderr)
    if runs and found.runs % 10 == 0:
        print(f"{found.runs} of {runs} runs", file=sys.stderr)


def kill_once(
    found: Found, folder: Path, seed: int, url: str = "", *, is_ours: bool = False
) -> None:
    """Start, kill, open, check. A server of ours is crashed as well now and then."""
    rng = random.Random(seed)
    crash_at_s = rng.uniform(0.0, LONGEST_S) if is_ours and rng.random() < 0.4 else None
    after_s = rng.uniform(0.0, LONGEST_S)
    arguments = [str(folder), str(seed), url]
    data, is_killed = run_and_kill("loaded", arguments, after_s, url, crash_at_s)
    found.runs += 1
    found.killed += is_killed
    found.crashed += crash_at_s is not None
    told, begun = read_report(data)
    found.acknowledged += len(told)
    check(found, folder, seed, url, told, begun)


def run_and_kill(
    module: str, arguments: list[str], after_s: float, url: str, crash_at_s: float | None
) -> tuple[bytes, bool]:
    """What a module of this folder reported until it was killed, and whether it lived till then.

    `crash_at_s`: when the server of `url` is crashed as well, if it is.
    """
    command = [sys.executable, "-m", f"tests.simulation.{module}", *arguments]
    path = os.pathsep.join(("src", os.environ.get("PYTHONPATH", "")))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as child:
        pipe: IO[bytes] = child.stdout  # type: ignore[assignment]
        first = pipe.readline()
        assert first == b"ready\n", f"the child did not start: {first!r}"
        timers = [_later(after_s, lambda: child.send_signal(signal.SIGKILL))]
        if crash_at_s is not None:
            timers.append(_later(crash_at_s, lambda: _crash_server(url)))
        # Reading on while it runs keeps it from waiting for us.
        data = pipe.read()
        for timer in timers:
            timer.join()
        child.wait()
    if crash_at_s is not None:
        wait_for_server(url)
    return data, child.returncode == -signal.SIGKILL


def _later(delay_s: float, act: Callable[[], Any]) -> Timer:
    timer = Timer(delay_s, act)
    timer.start()
    return timer


def _crash_server(url: str) -> None:
    """SIGKILL one of the server's processes: it drops everyone, starts again and recovers."""
    with psycopg.connect(url, autocommit=True) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)


def wait_for_server(url: str) -> None:
    """Return when the server takes connections again."""
    deadline = time.monotonic() + RECOVERY_S
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, "the server did not come back"
            time.sleep(0.1)
        else:
            return


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
