# SPDX-License-Identifier: Apache-2.0
"""Where a ledger is kept: one interface, an embedded store and a PostgreSQL store."""

from kerege.ledger.stores.interface import Commit, Retry, Session, Snapshot, Store

__all__ = ["Commit", "Retry", "Session", "Snapshot", "Store"]
