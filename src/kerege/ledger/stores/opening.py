# SPDX-License-Identifier: Apache-2.0
"""From a database's URL to the store that keeps a ledger there."""

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores.interface import Store
from kerege.ledger.stores.postgres import PostgresStore
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime import DatabaseUrlError, SqliteUrl, parse_database_url

__all__ = ["open_store"]


def open_store(url: str) -> Store:
    """The ledger at `sqlite:///file.db` or `postgresql://...`, created if there is none yet.

    Raises `StoreFailed`, `LedgerInUse` or `SchemaTooNew`; no message holds a password.
    """
    try:
        parsed = parse_database_url(url)
    except DatabaseUrlError as error:
        raise StoreFailed(error.fault, remedy=error.remedy) from None
    if not isinstance(parsed, SqliteUrl):
        return PostgresStore(parsed.conninfo, place=str(parsed))
    if parsed.path is None:
        raise StoreFailed(
            "a ledger must outlive its process, a database in memory does not",
            remedy="name a file: sqlite:///ledger.db",
        )
    return SqliteStore(parsed.path)
