# SPDX-License-Identifier: Apache-2.0
"""From a database's URL to the store that keeps a ledger there."""

from pathlib import Path

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores.interface import Store
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.ledger.stores.sqlite_view import SqliteView
from kerege.runtime import DatabaseUrlError, SqliteUrl, parse_database_url

__all__ = ["open_store", "view_store"]


def open_store(url: str) -> Store:
    """The ledger at `sqlite:///file.db`, created if there is none yet.

    Raises `StoreFailed`, `LedgerInUse` or `SchemaTooNew`; no message holds a password.
    """
    return SqliteStore(_path_of(url))


def view_store(url: str) -> Store:
    """The same for questions only: nothing is created, and another process may write it."""
    return SqliteView(_path_of(url))


def _path_of(url: str) -> Path:
    try:
        parsed = parse_database_url(url)
    except DatabaseUrlError as error:
        raise StoreFailed(error.fault, remedy=error.remedy) from None
    if not isinstance(parsed, SqliteUrl):
        raise StoreFailed(
            "this release keeps ledgers in SQLite only", remedy="write sqlite:///ledger.db"
        )
    if parsed.path is None:
        raise StoreFailed(
            "a ledger must outlive its process, a database in memory does not",
            remedy="name a file: sqlite:///ledger.db",
        )
    return parsed.path
