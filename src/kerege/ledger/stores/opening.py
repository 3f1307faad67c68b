# SPDX-License-Identifier: Apache-2.0
"""From a database's URL to the store that keeps a ledger there."""

from pathlib import Path

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores.interface import Store
from kerege.ledger.stores.postgres import PostgresStore
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.ledger.stores.sqlite_view import SqliteView
from kerege.runtime import DatabaseUrlError, PostgresUrl, SqliteUrl, parse_database_url

__all__ = ["open_store", "view_store"]


def open_store(url: str) -> Store:
    """The ledger at `sqlite:///file.db` or `postgresql://...`, created if there is none yet.

    Raises `StoreFailed`, `LedgerInUse` or `SchemaTooNew`; no message holds a password.
    """
    place = _place_of(url)
    return SqliteStore(place) if isinstance(place, Path) else _shared_store(place)


def view_store(url: str) -> Store:
    """The same ledger for questions only: a file is neither created nor locked.

    Raises `StoreFailed` or `SchemaTooNew`.
    """
    place = _place_of(url)
    return SqliteView(place) if isinstance(place, Path) else _shared_store(place)


def _shared_store(url: PostgresUrl) -> PostgresStore:
    return PostgresStore(url.conninfo, place=str(url))


def _place_of(url: str) -> Path | PostgresUrl:
    try:
        parsed = parse_database_url(url)
    except DatabaseUrlError as error:
        raise StoreFailed(error.fault, remedy=error.remedy) from None
    if not isinstance(parsed, SqliteUrl):
        return parsed
    if parsed.path is None:
        raise StoreFailed(
            "a ledger must outlive its process, a database in memory does not",
            remedy="name a file: sqlite:///ledger.db",
        )
    return parsed.path
