# SPDX-License-Identifier: Apache-2.0
"""Accepted orders of the ledger from an instant on, for reports that read them all."""

from collections.abc import Iterator
from typing import Final

from kerege.ledger.stored import StoredOrder
from kerege.ledger.stores import Store

__all__ = ["MAX_ORDERS_SEEN", "PAGE", "SLACK_US", "orders_since"]

MAX_ORDERS_SEEN: Final = 500_000
"""Accepted orders, of anyone, that one report reads: some ten seconds."""

SLACK_US: Final = 60_000_000
"""How far the times of batches may be out of order among nodes: clocks differ by less."""

PAGE: Final = 4_096
"""Orders read at once."""


def orders_since(store: Store, from_us: int) -> Iterator[tuple[int, StoredOrder]]:
    """Each order with its time (µs); some may be older than `from_us`, none younger is left out."""
    leaf = _first_leaf(store, from_us - SLACK_US)
    while batches := store.batches(first_leaf=leaf, limit=PAGE):
        for batch in batches:
            for place, stored in enumerate(batch.orders, start=batch.first_leaf):
                if place >= leaf:
                    yield batch.at_us, stored
        leaf = batches[-1].first_leaf + len(batches[-1].orders)


def _first_leaf(store: Store, at_us: int) -> int:
    """A leaf before which nothing is younger than `at_us`: by halving."""
    high = 1
    while _is_before(store, high, at_us):
        high *= 2
    low = high // 2
    while low < high:
        middle = (low + high) // 2
        if _is_before(store, middle, at_us):
            low = middle + 1
        else:
            high = middle
    return max(low - 1, 0)


def _is_before(store: Store, leaf: int, at_us: int) -> bool:
    batches = store.batches(first_leaf=leaf, limit=1)
    return bool(batches) and batches[0].at_us < at_us
