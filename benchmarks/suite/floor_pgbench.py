# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL's own pgbench with its built-in TPC-B-like script, on the same server."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry import Sample, Stage, benchmark

SCALE = 10
CLIENTS = 8
THREADS = 2


class PgbenchError(Exception):
    """pgbench did not run, or said nothing we understand; the text is its own."""


@benchmark("floor.pgbench", unit="transactions/s", group="pgbench")
def floor_pgbench(stage: Stage) -> Iterator[Sample]:
    """Its script updates three balances, reads one and inserts one row in an SQL transaction."""
    server = stage.postgres()
    if server.bin is None:
        raise PgbenchError("this server came by URL, without its programs")
    program = str(Path(server.bin) / "pgbench")
    seconds = stage.size(20, quick=5)
    stage.conditions.update(
        {
            "script": "built-in tpcb-like",
            "scale": SCALE,
            "clients": CLIENTS,
            "threads": THREADS,
            "seconds": seconds,
            "postgres": f"{server.version} ({server.origin})",
        }
    )
    with server.fresh_database() as url:
        _run(program, "--initialize", "--quiet", f"--scale={SCALE}", url)
        measure = [f"--client={CLIENTS}", f"--jobs={THREADS}", f"--time={seconds}"]
        yield lambda: _tps(_run(program, *measure, f"--random-seed={stage.seed}", url))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PgbenchError(done.stderr.strip()[-500:])
    return done.stdout


def _tps(output: str) -> float:
    found = re.search(r"^tps = ([0-9.]+)", output, re.MULTILINE)
    if found is None:
        raise PgbenchError(f"no 'tps =' in its output: {output[-500:]}")
    return float(found[1])
