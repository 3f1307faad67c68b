# SPDX-License-Identifier: Apache-2.0
"""Changes have numbers without gaps, whoever makes them."""

from concurrent.futures import ThreadPoolExecutor

from kerege.centralbank.stores.changes import (
    Change,
    changes_after,
    last_change,
    note_changes,
    prepare,
)
from kerege.centralbank.stores.schema import METADATA, NAME, VERSION
from kerege.runtime.tables import Tables
from tests.registers import Country


def test_numbers_have_no_gaps(country: Country) -> None:
    _note_at_once(country.register._tables)


def test_numbers_have_no_gaps_on_postgresql(pg_url: str) -> None:
    tables = Tables(pg_url, METADATA, name=NAME, version=VERSION)
    with tables.begin() as connection:
        prepare(connection)
        prepare(connection)
    _note_at_once(tables)
    tables.close()


def _note_at_once(tables: Tables) -> None:
    with tables.read() as connection:
        start = last_change(connection)

    def note(number: int) -> None:
        with tables.begin() as connection:
            note_changes(connection, [Change("wallet", f"{number}a"), Change("key", f"{number}b")])
            note_changes(connection, [])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(note, range(20)))
    with tables.read() as connection:
        assert last_change(connection) == start + 40
        news = changes_after(connection, start)
    assert news is not None
    assert len(news) == 40
    pairs = [(a.subject[:-1], b.subject[:-1]) for a, b in zip(news[::2], news[1::2], strict=True)]
    assert all(first == second for first, second in pairs)
