# SPDX-License-Identifier: Apache-2.0
import psycopg
import pytest

from kerege.errors import InvariantViolation
from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores import postgres_connections
from kerege.ledger.stores.interface import Retry
from kerege.ledger.stores.postgres_connections import Connections
from tests.postgres import Server


def _try(connections: Connections, *statements: str) -> None:
    with connections.use() as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def connections(pg_url: str) -> Connections:
    return Connections(pg_url, place="the test's database", limit=2)


def test_every_connection_commits_to_the_disk_and_is_bounded(pg_url: str) -> None:
    with psycopg.connect(pg_url, autocommit=True) as admin:
        database = admin.info.dbname
        admin.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = off')
    connections = Connections(pg_url, place="here")
    with connections.use() as connection:
        for name in ("synchronous_commit", "statement_timeout", "lock_timeout"):
            value = connection.execute("SELECT current_setting(%s)", (name,)).fetchall()[0][0]
            assert value in ("on", "30s", "10s")
    connections.close()


def test_a_setting_that_cannot_be_had_is_refused(
    pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = "SELECT set_config('synchronous_commit', 'off', false)"
    monkeypatch.setattr(postgres_connections, "_SETTINGS", weak)
    with pytest.raises(StoreFailed, match="synchronous_commit is 'off'"):
        _try(Connections(pg_url, place="here"))


def test_what_is_not_committed_is_gone_and_connections_are_used_again(
    connections: Connections,
) -> None:
    with connections.use() as first:
        first.execute("CREATE TABLE t (a int)")
    with connections.use() as second:
        assert second is first
        assert second.execute("SELECT to_regclass('t')").fetchall() == [(None,)]
    connections.close()


def test_no_more_connections_than_the_limit(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_connections, "_WAIT_FOR_CONNECTION_S", 0.01)
    with connections.use(), connections.use(), pytest.raises(Retry, match="busy"):
        _try(connections)
    connections.close()


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", Retry),
        ("INSERT INTO t VALUES (1), (1)", Retry),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)", Retry),
        ("INSERT INTO t VALUES (-1)", InvariantViolation),
        ("INSERT INTO t VALUES (NULL)", InvariantViolation),
        ("SELECT 1 / 0", StoreFailed),
        ("nonsense", StoreFailed),
    ],
)
def test_faults_of_the_database_by_kind(
    connections: Connections, statement: str, error: type[Exception]
) -> None:
    table = "CREATE TABLE t (a int PRIMARY KEY CHECK (a > 0))"
    with pytest.raises(error):
        _try(connections, table, statement)
    with connections.use() as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
    connections.close()


def test_a_restart_costs_one_attempt_not_one_for_each_connection(
    connections: Connections, pg_server: Server
) -> None:
    with connections.use() as first, connections.use() as second:
        pids = [first.info.backend_pid, second.info.backend_pid]
    with psycopg.connect(pg_server.maintenance_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", (pids,))
    with pytest.raises(Retry):
        _try(connections, "SELECT 1")
    with connections.use() as connection:
        connection.execute("SELECT 1")
    connections.close()
