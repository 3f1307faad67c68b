# SPDX-License-Identifier: Apache-2.0
"""Fixtures for every test: `pg_server` (one server a session), `pg_url` (a fresh database), and
`running_country` (one a session)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from tests.postgres import NoPostgresError, Server, close_folder, open_folder, shared_server

if TYPE_CHECKING:
    from kerege.sandbox.country import Country

FOLDER = "KEREGE_TEST_POSTGRES_FOLDER"
"""Set by the process that started the test run; workers of pytest-xdist inherit it."""

_owned = pytest.StashKey[tuple[Path, IO[bytes]]]()


def pytest_configure(config: pytest.Config) -> None:
    if FOLDER not in os.environ:
        config.stash[_owned] = open_folder()
        os.environ[FOLDER] = str(config.stash[_owned][0])


def pytest_unconfigure(config: pytest.Config) -> None:
    if _owned in config.stash:
        os.environ.pop(FOLDER, None)
        close_folder(*config.stash[_owned])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tried: a skipped database must not look like a passed one."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {str(report.longrepr) for report in skipped if "PostgreSQL" in str(report.longrepr)}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"NOT TESTED ON POSTGRESQL: {reason}", red=True, bold=True)


@pytest.fixture(scope="session")
def pg_server() -> Server:
    """The session's PostgreSQL server, shared by the workers of pytest-xdist. Not durable."""
    try:
        return shared_server(Path(os.environ[FOLDER]))
    except NoPostgresError as fault:
        pytest.skip(str(fault))


@pytest.fixture
def pg_url(pg_server: Server) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with pg_server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def running_country(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Country"]:
    """A small country that runs; those who ask for it share it."""
    # Late: most tests need nothing of it.
    from tests.small_country import started_country

    with started_country(tmp_path_factory.mktemp("small")) as country:
        yield country
