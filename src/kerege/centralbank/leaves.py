# SPDX-License-Identifier: Apache-2.0
"""The ledger as the log's source of leaves: accepted orders, in order, as salted commitments."""

from typing import Final

from kerege.ledger.stores import Store
from kerege.translog.leaf import commit_record, salt_for

__all__ = ["LedgerLeaves"]

_ORDERS_AT_ONCE: Final = 64
"""Orders asked of the ledger at a time, beside the rest of their batches: an order of 8 192 steps
takes megabytes, and a log that has fallen behind wants 65 536 orders."""


class LedgerLeaves:
    """Gives the log's integrator what was accepted. `salt_key` is secret, one per log."""

    def __init__(self, store: Store, salt_key: bytes) -> None:
        self._store = store
        self._salt_key = salt_key

    def pending(self, after_index: int, limit: int) -> list[bytes]:
        """Entries of leaves `after_index`, `after_index` + 1, ...; at most `limit`, none if
        there are no more."""
        entries: list[bytes] = []
        while len(entries) < limit:
            want = after_index + len(entries)
            more = self._entries_from(want, limit - len(entries))
            if not more:
                break
            entries += more
        return entries

    def _entries_from(self, leaf: int, limit: int) -> list[bytes]:
        entries: list[bytes] = []
        for batch in self._store.batches(first_leaf=leaf, limit=min(limit, _ORDERS_AT_ONCE)):
            skipped = max(leaf - batch.first_leaf, 0)
            for order in batch.orders[skipped : skipped + limit - len(entries)]:
                salt = salt_for(self._salt_key, order.id)
                entries.append(commit_record(order.record(batch.at_us), salt=salt))
        return entries
