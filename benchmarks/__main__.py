# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks`: run, print the table, write `build/bench.json`.

Exit code 0 if all was measured, 1 if a benchmark failed, 2 if the command was wrong.
"""

import os
import tempfile
from pathlib import Path

import click
from rich.console import Console

from benchmarks.harness import postgres_source, run_all, scratch_folder
from benchmarks.machine import describe_machine
from benchmarks.registry import Benchmark, Stage, choose, load_suite
from benchmarks.result import write_json
from benchmarks.table import print_table

FULL_RUNS = 5
QUICK_RUNS = 3


@click.command()
@click.option("--quick", is_flag=True, help="Smaller sizes: all within two minutes.")
@click.option("--only", default="", help="Ids, or their first parts, separated by commas.")
@click.option("--runs", type=click.IntRange(1, 100), help="How often each is run.")
@click.option("--seed", default=2026, show_default=True, help="What the made-up rows come from.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("build/bench.json"),
    show_default=True,
    help="Where the figures go.",
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder on the disk to measure; by default /var/tmp.",
)
def main(
    quick: bool, only: str, runs: int | None, seed: int, output: Path, folder: Path | None
) -> None:
    """Measure, print a table with the conditions, and write the figures as JSON."""
    try:
        chosen = choose(load_suite(), only)
    except LookupError as fault:
        raise click.UsageError(str(fault.args[0])) from None
    disk = folder or scratch_folder()
    machine = describe_machine(disk, seed=seed, quick=quick)
    with (
        tempfile.TemporaryDirectory(prefix="kerege-bench-", dir=disk) as scratch,
        postgres_source(disk) as postgres,
    ):
        shared = Path(scratch) / "shared"
        shared.mkdir()

        def make_stage(one: Benchmark) -> Stage:
            own = Path(scratch) / one.id
            own.mkdir()
            return Stage(quick, seed, own, shared, postgres)

        results = run_all(chosen, runs or (QUICK_RUNS if quick else FULL_RUNS), make_stage)
    # A machine that others kept busy meanwhile tells on every figure.
    machine["load_1min_at_end"] = round(os.getloadavg()[0], 2)
    print_table(results, machine, Console(width=120))
    write_json(results, machine, output)
    if any(result.fault is not None for result in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
