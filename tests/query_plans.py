# SPDX-License-Identifier: Apache-2.0
"""How SQLite goes about a query: a table read as a whole shows only once it has grown large."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from kerege.runtime.tables import Tables

__all__ = ["plan_of"]


def plan_of(tables: Tables, ask: Callable[[sa.Connection], object]) -> list[str]:
    """The steps of SQLite's plans for the queries that `ask` makes through SQLAlchemy."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            heard.append((statement, parameters))

    sa.event.listen(tables.engine, "before_cursor_execute", hear)
    with tables.read() as connection:
        ask(connection)
        sa.event.remove(tables.engine, "before_cursor_execute", hear)
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            for statement, parameters in heard
        ]
        return [str(row[3]) for plan in plans for row in plan]
