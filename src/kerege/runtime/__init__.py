# SPDX-License-Identifier: Apache-2.0
"""Clock, randomness, ids and database URLs: what shells bring to the pure rooms.

>>> from kerege.runtime import IdMaker, ManualClock, SeededRandomness, parse_database_url
>>> maker = IdMaker(ManualClock(1_700_000_000_000_000), SeededRandomness(7))
>>> maker.make() < maker.make()
True
>>> print(parse_database_url("postgresql://core:secret@db.example/ledger"))
postgresql://core@db.example/ledger
"""

from kerege.runtime.clock import Clock, ManualClock, SystemClock
from kerege.runtime.database import (
    DatabaseUrl,
    DatabaseUrlError,
    PostgresUrl,
    SqliteUrl,
    parse_database_url,
)
from kerege.runtime.ids import IdMaker
from kerege.runtime.randomness import Randomness, SeededRandomness, SystemRandomness

__all__ = [
    "Clock",
    "DatabaseUrl",
    "DatabaseUrlError",
    "IdMaker",
    "ManualClock",
    "PostgresUrl",
    "Randomness",
    "SeededRandomness",
    "SqliteUrl",
    "SystemClock",
    "SystemRandomness",
    "parse_database_url",
]
