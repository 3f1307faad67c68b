# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL database for each institution of a country, on one server."""

import psycopg
from psycopg import sql

from kerege.errors import KeregeError
from kerege.runtime import PostgresUrl, parse_database_url

__all__ = ["DatabaseNotMade", "database_of", "make_databases"]


class DatabaseNotMade(KeregeError):
    """The server cannot be reached, or does not let us make databases."""


def database_of(url: str, institution: str) -> str:
    """The URL of an institution's database: the one of `url` with the institution's name added."""
    # Taken apart by hand: `urlunsplit` would drop the two slashes before an empty host.
    before, _, query = url.partition("?")
    address, _, name = before.rpartition("/")
    added = f"{address}/{name}_{institution.replace('-', '_')}"
    return f"{added}?{query}" if query else added


def make_databases(url: str, institutions: list[str]) -> None:
    """Make those of the institutions' databases that are not there.

    `url` leads to a database of a server on which its user may make others. Raises
    `DatabaseNotMade`, `DatabaseUrlError`.
    """
    wanted = {one: parse_database_url(database_of(url, one)) for one in institutions}
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
            known = {str(name) for (name,) in rows}
            for parsed in wanted.values():
                if isinstance(parsed, PostgresUrl) and parsed.database not in known:
                    name = sql.Identifier(parsed.database)
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    except psycopg.Error as fault:
        # The driver's text may hold the connection's parameters; the server's own part does not.
        why = fault.diag.message_primary or type(fault).__name__
        raise DatabaseNotMade(
            f"the databases of the institutions cannot be made: {why}",
            place="--database",
            remedy="name a PostgreSQL database whose user may connect and create databases",
        ) from None
