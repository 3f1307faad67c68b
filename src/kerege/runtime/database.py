# SPDX-License-Identifier: Apache-2.0
"""Which database: `sqlite://`, `sqlite:///file.db`, `sqlite:////folder/file.db`, `postgresql://...`.

A URL may hold a password. No error, `str` or `repr` here ever shows one; nor do they show any other
part of a URL that could not be read, because the password may be in the wrong place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "LONGEST_URL_CHARACTERS",
    "DatabaseUrl",
    "DatabaseUrlError",
    "PostgresUrl",
    "SqliteUrl",
    "parse_database_url",
]

LONGEST_URL_CHARACTERS = 4_096
"""Linux's longest path; a PostgreSQL URL with many hosts is far shorter."""

_SHAPES = "sqlite:///file.db or postgresql://user:password@host:5432/database"
_OTHER_SCHEMES = frozenset(
    [
        *("postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg"),
        *("sqlite3", "sqlite+pysqlite", "sqlite+aiosqlite", "mysql", "mariadb", "oracle", "mssql"),
        *("file", "http", "https"),
    ]
)
_HIGHEST_PORT = 65_535
_UNREADABLE = (
    "write it as postgresql://user:password@host:5432/database?sslmode=verify-full, and"
    " percent-encode special characters in user and password (@ is %40, / is %2F, % is %25)"
)


class DatabaseUrlError(Exception):
    """A database URL that cannot be used: `fault` says why, `remedy` what to write instead."""

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(f"{fault}; {remedy}")
        self.fault = fault
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class SqliteUrl:
    """An SQLite file, or a database in memory if `path` is None."""

    path: Path | None

    def __str__(self) -> str:
        return "sqlite://" if self.path is None else f"sqlite:///{self.path}"


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """A PostgreSQL database. `conninfo` is for libpq and may hold a password; `str` never does."""

    conninfo: str = field(repr=False)
    user: str | None
    hosts: str
    database: str

    def __str__(self) -> str:
        at = f"{self.user}@" if self.user else ""
        return f"postgresql://{at}{self.hosts}/{self.database}"


DatabaseUrl = SqliteUrl | PostgresUrl


def parse_database_url(text: str) -> DatabaseUrl:
    """Read a database URL. Three slashes begin a relative path, four an absolute one.

    Nothing is opened or created. Raises `DatabaseUrlError`.
    """
    if len(text) > LONGEST_URL_CHARACTERS:
        raise DatabaseUrlError(
            f"the database URL has {len(text)} characters, more than {LONGEST_URL_CHARACTERS}",
            f"write {_SHAPES}",
        )
    if not text.isprintable():
        raise DatabaseUrlError(
            "the database URL has a line break or another control character in it",
            "remove it; a line break often comes from reading the URL out of a file",
        )
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise DatabaseUrlError("the database URL has no scheme", f"write {_SHAPES}")
    if scheme == "sqlite":
        return _parse_sqlite(rest)
    if scheme == "postgresql":
        return _parse_postgres(text)
    raise DatabaseUrlError(f"the database URL's scheme is {_named(scheme)}", f"write {_SHAPES}")


def _named(scheme: str) -> str:
    """A scheme fit to be shown: only those of a list, for any other text may be a secret."""
    if scheme in _OTHER_SCHEMES:
        return f"{scheme!r}, which Kerege does not read"
    return "neither 'sqlite' nor 'postgresql'"


def _parse_sqlite(rest: str) -> SqliteUrl:
    if rest == "":
        return SqliteUrl(None)
    if not rest.startswith("/"):
        raise DatabaseUrlError(
            "an SQLite URL names no host",
            "write three slashes before a relative path (sqlite:///file.db), four before an"
            " absolute one (sqlite:////var/lib/kerege/file.db), none for memory (sqlite://)",
        )
    path = rest.removeprefix("/")
    if path in ("", ":memory:"):
        raise DatabaseUrlError(
            "the SQLite URL names no file", "write sqlite:// for a database in memory"
        )
    if "?" in path:
        raise DatabaseUrlError(
            "the SQLite URL has parameters after '?', and none is known", "end it after the path"
        )
    if path.endswith("/"):
        raise DatabaseUrlError("the SQLite URL names a folder", "add the file's name to it")
    return SqliteUrl(Path(path))


def _parse_postgres(text: str) -> PostgresUrl:
    settings = _libpq_settings(text)
    database = settings.get("dbname", "")
    if database == "":
        # libpq would take the user's name instead; a forgotten name must not choose a database.
        raise DatabaseUrlError(
            "the PostgreSQL URL names no database", "add it: postgresql://user@host/database"
        )
    user, hosts = settings.get("user", ""), settings.get("host", "")
    _check_misplaced(user=user, hosts=hosts, database=database)
    _check_ports(settings.get("port", ""), hosts=hosts)
    return PostgresUrl(text, user or None, _hosts(hosts, settings.get("port", "")), database)


def _check_misplaced(*, user: str, hosts: str, database: str) -> None:
    """Refuse a part of a password read as host or database, and what would break a log's line.

    libpq takes `u:12/34@h/db` for the database "34@h/db" on a host "u" without a word.
    """
    if "@" in hosts or "@" in database or "/" in database:
        raise DatabaseUrlError(
            "the PostgreSQL URL's host or database has '@' or '/' in its name", _UNREADABLE
        )
    if not (user + hosts + database).isprintable():
        raise DatabaseUrlError(
            "the PostgreSQL URL's user, host or database has a control character in its name",
            "remove %00 to %1F from it",
        )


def _check_ports(ports: str, *, hosts: str) -> None:
    numbers = [port for port in ports.split(",") if port]
    for port in numbers:
        if not (port.isascii() and port.isdigit() and 1 <= int(port) <= _HIGHEST_PORT):
            raise DatabaseUrlError(
                f"the PostgreSQL URL's port is not a number from 1 to {_HIGHEST_PORT}", _UNREADABLE
            )
    if len(numbers) > 1 and len(numbers) != len(hosts.split(",")):
        raise DatabaseUrlError(
            "the PostgreSQL URL has another number of ports than of hosts",
            "give each host its port, or one port for all",
        )


def _libpq_settings(text: str) -> Mapping[str, str]:
    """What libpq reads in the URL, parameters included, without its environment variables."""
    # Imported here: it takes as long as the rest of a command's start, and SQLite needs none of it.
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        return {name: str(value) for name, value in conninfo_to_dict(text).items()}
    except (psycopg.Error, UnicodeError):
        # libpq's own text may quote a password, so it is neither shown nor chained.
        raise DatabaseUrlError(
            "PostgreSQL's client library cannot read the URL, or a parameter after '?' in it",
            _UNREADABLE,
        ) from None


def _hosts(hosts: str, ports: str) -> str:
    """Hosts and ports as one may show them; a folder of a Unix socket stays as it is."""
    names, numbers = hosts.split(","), ports.split(",")
    if len(numbers) == 1:
        numbers *= len(names)
    pairs = zip(names, numbers, strict=False)
    return ",".join(f"{name}:{port}" if port else name for name, port in pairs)
