# SPDX-License-Identifier: Apache-2.0
"""Statements run by the driver itself, in the SQL transaction of a connection of `Tables`.

For the few that every payment runs: a statement and its rows take SQLAlchemy ten times what the
database takes for them. The statements are texts with `:name` for parameters, or one for each
dialect. Faults are the driver's; `Tables` translates those that
say the database did not confirm.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec.json import encode as encode_json

__all__ = ["Statement", "listed", "rows_of", "run_many"]

_NAMED = re.compile(r"(?<!:):([a-z_]+)\b")


Statement = str | Mapping[str, str]
"""A text, or texts by dialect."""


def rows_of(
    connection: sa.Connection, statement: Statement, parameters: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """The rows a statement gives; none for one that gives no rows."""
    cursor = _cursor(connection)
    try:
        cursor.execute(_as_driven(connection, statement), parameters)
        return cursor.fetchall() if cursor.description else []
    finally:
        cursor.close()


def run_many(
    connection: sa.Connection, statement: Statement, rows: Sequence[Mapping[str, object]]
) -> int:
    """Run a statement for each of `rows`; how many rows of the database it changed in all."""
    if not rows:
        return 0
    cursor = _cursor(connection)
    try:
        cursor.executemany(_as_driven(connection, statement), rows)
        return int(cursor.rowcount)
    finally:
        cursor.close()


def listed(connection: sa.Connection, ids: Collection[str]) -> object:
    """Any number of ids as one parameter, in rising order."""
    rising = sorted(ids)
    return encode_json(rising).decode() if connection.dialect.name == "sqlite" else rising


def _cursor(connection: sa.Connection) -> Any:
    # Of the pool's own wrapper: it knows whether the connection is still open.
    return connection.connection.cursor()


def _as_driven(connection: sa.Connection, statement: Statement) -> str:
    dialect = connection.dialect.name
    text = statement if isinstance(statement, str) else statement[dialect]
    return text if dialect == "sqlite" else _for_psycopg(text)


@cache
def _for_psycopg(text: str) -> str:
    return _NAMED.sub(r"%(\1)s", text.replace("%", "%%"))
