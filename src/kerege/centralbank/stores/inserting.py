# SPDX-License-Identifier: Apache-2.0
"""Insert what is not there yet, on either database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["MAX_NAMED", "insert_new", "parts"]

_T = TypeVar("_T")

MAX_NAMED: Final = 500
"""Values one statement names: far below what either database takes."""


def insert_new(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    returning: sa.Column[Any],
) -> set[Any]:
    """Insert `rows`, passing over each that breaks a unique constraint; returns whose `returning`
    went in. Where another transaction is inserting the same, this waits for how it ends."""
    maker = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = maker.insert(table).on_conflict_do_nothing().returning(returning)
    inserted: set[Any] = set()
    for part in parts(rows):
        inserted.update(connection.scalars(statement, part))
    return inserted


def parts(values: Iterable[_T]) -> Iterator[list[_T]]:
    """`values` in pieces one statement can name."""
    rest = iter(values)
    while part := list(islice(rest, MAX_NAMED)):
        yield part
