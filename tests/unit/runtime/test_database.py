# SPDX-License-Identifier: Apache-2.0
"""Database URLs: what is read, what is refused and how, and that no password ever shows."""

import traceback
from pathlib import Path

import psycopg
import pytest

from kerege.runtime.database import (
    LONGEST_URL_CHARACTERS,
    DatabaseUrlError,
    PostgresUrl,
    SqliteUrl,
    parse_database_url,
)

SECRET = "5w0rdfish"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sqlite://", None),
        ("sqlite:///core.db", Path("core.db")),
        ("sqlite:///data/core.db", Path("data/core.db")),
        ("sqlite:////var/lib/kerege/core.db", Path("/var/lib/kerege/core.db")),
        ("sqlite:///құжат 1%20.db", Path("құжат 1%20.db")),
    ],
)
def test_sqlite(text: str, path: Path | None) -> None:
    assert parse_database_url(text) == SqliteUrl(path)
    assert str(SqliteUrl(path)) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://db.example/core", "postgresql://db.example/core"),
        ("postgresql://core@/core?host=%2Frun%2Fpg", "postgresql://core@/run/pg/core"),
        (f"postgresql://core:{SECRET}@h:6432/core", "postgresql://core@h:6432/core"),
        (f"postgresql://h/core?user=u&password={SECRET}", "postgresql://u@h/core"),
        (f"postgresql://u:{SECRET}%40%2F@[::1]:5432/core", "postgresql://u@::1:5432/core"),
        (f"postgresql://u:{SECRET}@a:1,b:2/core?sslmode=require", "postgresql://u@a:1,b:2/core"),
        ("postgresql://a,b/core?port=7", "postgresql://a:7,b:7/core"),
    ],
)
def test_postgres(text: str, shown: str) -> None:
    url = parse_database_url(text)
    assert isinstance(url, PostgresUrl)
    assert url.conninfo == text
    assert str(url) == shown
    assert SECRET not in repr(url)


def test_a_url_opens_its_database(pg_url: str) -> None:
    url = parse_database_url(pg_url)
    assert isinstance(url, PostgresUrl)
    with psycopg.connect(url.conninfo) as connection:
        assert connection.info.dbname == url.database


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no scheme"),
        ("core.db", "no scheme"),
        ("sqlite:core.db", "no scheme"),
        ("postgres://h/core", "'postgres', which Kerege does not read"),
        ("postgresql+psycopg://h/core", "'postgresql\\+psycopg', which"),
        ("POSTGRESQL://h/core", "neither 'sqlite' nor 'postgresql'"),
        ("mysql://h/core", "'mysql', which Kerege does not read"),
        ("sqlite://core.db", "names no host; write three slashes"),
        ("sqlite:///", "names no file; write sqlite://"),
        ("sqlite:///:memory:", "names no file; write sqlite://"),
        ("sqlite:///core.db?mode=ro", "parameters after '\\?'"),
        ("sqlite:///data/", "names a folder"),
        ("sqlite:///core.db\n", "line break"),
        ("sqlite:///co\0re.db", "control character"),
        ("sqlite:///" + "x" * LONGEST_URL_CHARACTERS, "more than 4096"),
        ("postgresql://", "names no database"),
        ("postgresql://core@h", "names no database"),
        ("postgresql://core@h/", "names no database"),
        ("postgresql://h:0/core", "not a number from 1 to 65535"),
        ("postgresql://h:65536/core", "not a number from 1 to 65535"),
        ("postgresql://h:٤٢/core", "not a number from 1 to 65535"),
        ("postgresql://h:" + "9" * 4_000 + "/core", "not a number from 1 to 65535"),
        ("postgresql://a,b,c/core?port=1,2", "another number of ports"),
        ("postgresql://h@x@y/core", "'@' or '/' in its name"),
        ("postgresql://h/co%2Fre", "'@' or '/' in its name"),
        ("postgresql://co%0Are@h/core", "control character in its name"),
        ("postgresql://h/core?colour=red", "cannot read the URL"),
        ("postgresql://h/core?sslmode", "cannot read the URL"),
        ("postgresql://h/%zz", "cannot read the URL"),
        ("postgresql://h/%00", "cannot read the URL"),
        ("postgresql://[::1/core", "cannot read the URL"),
    ],
)
def test_what_cannot_be_used_is_named_with_a_remedy(text: str, told: str) -> None:
    with pytest.raises(DatabaseUrlError, match=told) as caught:
        parse_database_url(text)
    assert caught.value.remedy
    assert str(caught.value) == f"{caught.value.fault}; {caught.value.remedy}"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://u:{SECRET}@h",
        f"postgresql://u:{SECRET}/x@h/core",
        f"postgresql://u:{SECRET}@{SECRET}@h:x/core",
        f"postgresql://u:%zz{SECRET}@h/core",
        f"postgresql://u:{SECRET}\n@h/core",
        f"postgresql://h/core?passwrd={SECRET}",
        f"postgresql://h/core?{SECRET}",
        f"postgresql://u:a?b={SECRET}",
        f"{SECRET}://h/core",
        f"postgresql://u:12/{SECRET}@h/core",
        f"postgresql://u:x@{SECRET}@h/core",
        f"postgresql+{SECRET}://h/core",
        f"postgresql+{SECRET.upper()}://h/core",
        f"sqlite://{SECRET}",
        f"u:{SECRET}@h/core",
        f"mysql://u:{SECRET}@h/core",
        f"postgresql://u:{SECRET}\ud800@h/core",
    ],
)
def test_no_error_shows_the_password(text: str) -> None:
    with pytest.raises(DatabaseUrlError) as caught:
        parse_database_url(text)
    error = caught.value
    shown = "".join(traceback.format_exception_only(error)) + repr(error) + repr(error.__cause__)
    assert SECRET.lower() not in shown.lower()
    assert error.__suppress_context__ or error.__context__ is None
