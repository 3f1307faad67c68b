# SPDX-License-Identifier: Apache-2.0
"""Many rows in one statement.

`INSERT ... VALUES (..), (..), ...` runs thousands of rows in a single call, and that call
gives up the interpreter's lock: the next batch is decided while this one is written.
`executemany` would take the lock back for every row.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

import apsw

__all__ = ["Insert"]

_MAX_CHARACTERS: Final = 16_000
"""apsw keeps prepared statements of up to 16 384 characters; preparing a longer one for
every use costs more than it saves."""

_STEP: Final = 8


class Insert:
    """An insert into one table, for any number of rows.

    `row` is one row's values, `?` for each bound one: what is the same in every row is
    cheaper as a constant. `tail` is what follows the rows, for instance `ON CONFLICT`.
    """

    def __init__(self, head: str, row: str, tail: str = "") -> None:
        self.columns = row.count("?")
        largest = (_MAX_CHARACTERS - len(head) - len(tail)) // (len(row) + 1)
        self._statements: list[tuple[int, str]] = []
        size = largest
        while size:
            rows = ",".join([row] * size)
            self._statements.append((size, f"{head} VALUES {rows} {tail}"))
            size //= _STEP
        if self._statements[-1][0] != 1:
            self._statements.append((1, f"{head} VALUES {row} {tail}"))

    def run(self, connection: apsw.Connection, rows: Iterable[Sequence[Any]]) -> None:
        """Insert `rows`, each a sequence of as many values as are bound."""
        flat = list(chain.from_iterable(rows))
        start = 0
        for size, statement in self._statements:
            width = size * self.columns
            while len(flat) - start >= width:
                connection.execute(statement, flat[start : start + width])
                start += width
