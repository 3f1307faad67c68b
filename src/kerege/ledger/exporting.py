# SPDX-License-Identifier: Apache-2.0
"""A ledger as text: everything another machine needs to recompute it (`docs/formats/export.md`).

JSON Lines, one fact a line, in the order of the log; the last line counts the facts and
carries the SHA-256 of all bytes before it, so that what is missing or altered shows.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from kerege.errors import InvariantViolation
from kerege.ledger.stored import StoredBatch
from kerege.ledger.stores.interface import Snapshot

__all__ = ["EXPORT_FORMAT", "EXPORT_VERSION", "export_lines"]

EXPORT_FORMAT: Final = "kerege-ledger-export"
EXPORT_VERSION: Final = 1

_ORDERS_AT_ONCE: Final = 16_384
_encode = msgspec.json.Encoder().encode


def export_lines(snapshot: Snapshot, *, salt_of: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """The lines of an export, newline included. `salt_of(order id)` is the leaf's salt."""
    checksum = hashlib.sha256()
    counts = {"b": 0, "o": 0, "r": 0, "c": 0}
    for fact in _facts(snapshot, salt_of):
        line = _encode(fact) + b"\n"
        checksum.update(line)
        if isinstance(fact, tuple):
            counts[str(fact[0])] += 1
        yield line
    yield _encode(("end", *counts.values(), checksum.hexdigest())) + b"\n"


def _facts(snapshot: Snapshot, salt_of: Callable[[bytes], bytes]) -> Iterator[object]:
    yield {"format": EXPORT_FORMAT, "version": EXPORT_VERSION, "leaves": snapshot.leaves}
    leaf = 0
    while leaf < snapshot.leaves:
        batches = snapshot.batches(first_leaf=leaf, limit=_ORDERS_AT_ONCE)
        if not batches:
            raise InvariantViolation(f"leaf {leaf} is missing, of {snapshot.leaves} there are")
        for batch in batches:
            yield from _batch_facts(batch, salt_of)
            leaf += len(batch.orders)
    for outcome, content in snapshot.refusals():
        refusal = int(outcome.refusal or 0)
        figures = (outcome.at_us, refusal, outcome.step, outcome.found, outcome.limit)
        yield ("r", outcome.order_id.hex(), content.hex(), *figures)
    for (account, mark), cell in snapshot.cells():
        pending = (cell.debits_pending, cell.credits_pending)
        yield ("c", account, mark, cell.balance, *pending, cell.version)


def _batch_facts(batch: StoredBatch, salt_of: Callable[[bytes], bytes]) -> Iterator[object]:
    yield ("b", batch.batch, batch.at_us, batch.first_leaf, len(batch.orders))
    for order in batch.orders:
        evidence = base64.b64encode(order.evidence).decode("ascii")
        yield ("o", order.body.hex(), order.results, salt_of(order.id).hex(), evidence)
