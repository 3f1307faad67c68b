# SPDX-License-Identifier: Apache-2.0
"""`kerege up`: a whole country on this machine, until told to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click
import msgspec
from click.core import ParameterSource
from msgspec.structs import replace

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.cli.up_telling import Teller
from kerege.errors import KeregeError
from kerege.runtime import SystemClock
from kerege.sandbox.country import MAX_PROCESSES, Country, Settings
from kerege.sandbox.inhabitants import MAX_PEOPLE
from kerege.sandbox.living import read_living
from kerege.sandbox.opening import open_country, order_of_ending
from kerege.sandbox.run_file import (
    NotUp,
    Process,
    RunFile,
    RunState,
    hold_folder,
    read_run,
)
from kerege.sandbox.supervisor import Supervisor

__all__ = ["up"]

_DETACHED_WITHIN_S: Final = 120.0
"""For a country to open out of sight; ours opens in less than ten."""
_LOOK_EVERY_S: Final = 0.1


@click.command()
@in_folder
@click.option("--country", default="kz", show_default=True, help="A profile: kz, kg, or a file.")
@click.option(
    "--people",
    type=click.IntRange(1, MAX_PEOPLE),
    default=1_000,
    show_default=True,
    help="How many made-up people live there.",
)
@click.option(
    "--pace",
    type=click.FloatRange(0, 1_000),
    default=2.0,
    show_default=True,
    help="Payments a second that they make together.",
)
@click.option("--seed", default=1, show_default=True, help="Other people for another number.")
@click.option(
    "--database",
    default="",
    metavar="URL",
    help="postgresql://...: a database for each institution on that server; default: files.",
)
@click.option(
    "--core-processes",
    type=click.IntRange(1, MAX_PROCESSES),
    default=1,
    show_default=True,
    help="Processes of the core; more than one needs --database.",
)
@click.option(
    "--bank-processes",
    type=click.IntRange(1, MAX_PROCESSES),
    default=1,
    show_default=True,
    help="Processes of each institution, likewise.",
)
@click.option("--reset", is_flag=True, help="Begin anew: remove what is in the folder first.")
@click.option("--detach", is_flag=True, help="Return once it is open; it goes on by itself.")
@speaking
@telling
def up(
    folder: Path,
    country: str,
    reset: bool,
    detach: bool,
    language: str,
    output: Output,
    **made_with: Any,
) -> None:
    """Start a country: central bank, institutions, witnesses, people who earn and shop.

    Run again, it goes on where it stopped. Ctrl-C or SIGTERM ends it cleanly.
    """
    if not reset and Country.is_in(folder):
        country, made_with = _as_before(Country.find(folder), country, made_with)
    settings = _settings(**made_with)
    if reset:
        Country.remove(folder)
    if detach:
        _detach(folder, country, settings, language, output)
        return
    with hold_folder(folder) as run_file:
        made = Country.make(folder, country, settings)
        _run(made, settings, run_file, Teller(made, language, output))


def _as_before(
    found: Country, country: str, made_with: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """What was left out is as the country was made with."""
    given = click.get_current_context().get_parameter_source
    kept = {
        name: getattr(found.settings, name)
        for name in ("people", "seed", "database")
        if given(name) is ParameterSource.DEFAULT
    }
    if given("country") is ParameterSource.DEFAULT:
        country = str(found.profile_file)
    return country, made_with | kept


def _settings(
    *,
    people: int,
    pace: float,
    seed: int,
    database: str,
    core_processes: int,
    bank_processes: int,
) -> Settings:
    if max(core_processes, bank_processes) > 1 and not database:
        raise KeregeError(
            "several processes of one institution need a database they can share",
            place="--core-processes, --bank-processes",
            remedy="add --database postgresql://user@host/name",
        )
    return Settings(
        people=people,
        pace=pace,
        seed=seed,
        database=database,
        core_processes=core_processes,
        bank_processes=bank_processes,
        made_us=SystemClock().now_us(),
    )


def _run(country: Country, settings: Settings, run_file: RunFile, teller: Teller) -> None:
    started_s, clock = time.monotonic(), SystemClock()
    again = country.settings.founded
    chosen = ("pace", "core_processes", "bank_processes")
    country.keep(replace(country.settings, **{name: getattr(settings, name) for name in chosen}))
    run = _Run(run_file, RunState(pid=os.getpid(), started_us=clock.now_us()))
    teller.begun(again=again)
    with _stopping_once() as heed, Supervisor(country.logs, changed=run.changed) as supervisor:
        try:
            with teller.steps() as step:
                living = open_country(country, supervisor, clock, step=step)
            run.opened(time.monotonic() - started_s)
            teller.opened(living, run.state, again=again)
            # Only now: whoever waits for it may end us as soon as it is told.
            run.tell()
            teller.live()
        except KeyboardInterrupt:
            teller.ending()
        finally:
            heed(False)
            for names in order_of_ending(country):
                supervisor.end(names)
    teller.ended()


class _Run:
    """What runs, as it is told to other commands."""

    def __init__(self, run_file: RunFile, state: RunState) -> None:
        self.state = state
        self._run_file = run_file
        self._lock = threading.Lock()
        run_file.write(state)

    def changed(self, table: list[dict[str, object]]) -> None:
        """Called by the supervisor's thread."""
        with self._lock:
            processes = msgspec.convert(table, tuple[Process, ...])
            self.state = replace(self.state, processes=processes)
            self._run_file.write(self.state)

    def opened(self, open_s: float) -> None:
        """The country is open."""
        with self._lock:
            self.state = replace(self.state, open_s=round(open_s, 2))

    def tell(self) -> None:
        """Let other commands know."""
        with self._lock:
            self._run_file.write(self.state)


@contextmanager
def _stopping_once() -> Iterator[Callable[[bool], None]]:
    """Make SIGTERM and SIGHUP unwind like Ctrl-C; called with False, none of them does any more."""
    heeded = True

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if heeded:
            raise KeyboardInterrupt

    def heed(yes: bool) -> None:
        nonlocal heeded
        heeded = yes

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield heed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _detach(folder: Path, country: str, settings: Settings, language: str, output: Output) -> None:
    """Run the same command without `--detach` in a session of its own; wait until it is open."""
    with hold_folder(folder):
        # Whatever is wrong with the folder is told here, and not in a log.
        made = Country.make(folder, country, settings)
    made.logs.mkdir(parents=True, exist_ok=True)
    log = made.logs / "up.log"
    with log.open("ab") as told:
        process = subprocess.Popen(  # noqa: S603 -- our own command, no shell
            [sys.executable, "-m", "kerege", *_same(folder, country, settings)],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    state = _wait_open(folder, process, log)
    teller = Teller(made, language, output)
    teller.opened(read_living(made.people), state, again=made.settings.founded)
    teller.detached()


def _same(folder: Path, country: str, settings: Settings) -> list[str]:
    """The arguments that ask for the same."""
    given = {
        "folder": folder,
        "country": country,
        "people": settings.people,
        "pace": settings.pace,
        "seed": settings.seed,
        "database": settings.database,
        "core-processes": settings.core_processes,
        "bank-processes": settings.bank_processes,
    }
    return ["up", *(word for name, value in given.items() for word in (f"--{name}", str(value)))]


def _wait_open(folder: Path, process: "subprocess.Popen[bytes]", log: Path) -> RunState:
    deadline = time.monotonic() + _DETACHED_WITHIN_S
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        try:
            state = read_run(folder)
        except NotUp:
            state = None
        if state is not None and state.open_s:
            return state
        if ended:
            break
        time.sleep(_LOOK_EVERY_S)
    last = log.read_text("utf-8", errors="replace").strip().splitlines()
    why = next((line for line in last if line.startswith("kerege: ")), "it did not say why")
    process.terminate()
    raise KeregeError(
        why.removeprefix("kerege: "), place=str(log), remedy="read this log, and those beside it"
    )
