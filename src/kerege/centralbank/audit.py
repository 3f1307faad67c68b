# SPDX-License-Identifier: Apache-2.0
"""The full audit: balances and the log's root, both recomputed from an export alone.

The two have nothing to do with each other until they meet in the report, so they are
computed by two processes, each reading the export for itself.
"""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct

from kerege.ledger.auditing import AuditReport, audit
from kerege.ledger.encoding import encode_record
from kerege.ledger.errors import ExportFault
from kerege.ledger.export_reading import ExportedBatch, Fact, bounded_lines, read_export
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.compact_range import CompactRange
from kerege.translog.leaf import commit_record
from kerege.translog.tree import hash_leaf

__all__ = ["FullReport", "audit_export", "root_of_export"]


class FullReport(Struct, frozen=True):
    """What was recomputed: the books, and the root over `leaves` leaves of the log."""

    books: AuditReport
    leaves: int
    root: bytes


def audit_export(path: Path, *, checkpoint: Checkpoint | None = None) -> FullReport:
    """Recompute an export; raises `ExportFault` at the first thing that does not agree.

    With a `checkpoint` (whose signatures the caller has verified) the log's first
    `checkpoint.size` leaves must have its root: the export then tells the public history.
    """
    size = None if checkpoint is None else checkpoint.size
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        rooting = other.submit(_root_of_file, path, size)
        with path.open("rb") as file:
            books = audit(read_export(bounded_lines(file)))
        leaves, root = rooting.result()
    if checkpoint is not None:
        _compare(checkpoint, leaves, root)
    return FullReport(books=books, leaves=leaves, root=root)


def _compare(checkpoint: Checkpoint, leaves: int, root: bytes) -> None:
    place = f"checkpoint of {checkpoint.size} leaves"
    if leaves < checkpoint.size:
        raise ExportFault(
            f"the export has {leaves} orders, fewer than the checkpoint",
            place=place,
            remedy="take a newer export, or a checkpoint from before this one",
        )
    if root != checkpoint.root:
        raise ExportFault(
            f"the export's first {leaves} orders do not have the checkpoint's root",
            place=place,
            remedy="one of the two does not tell what happened: keep both, and ask why",
        )


def root_of_export(facts: Iterable[Fact], *, size: int | None = None) -> tuple[int, bytes]:
    """Root of the log over the first `size` accepted orders (by default all), and how many."""
    tree = CompactRange()
    for fact in facts:
        if isinstance(fact, ExportedBatch):
            hashes = _leaf_hashes(fact)
            tree.extend(hashes if size is None else hashes[: max(size - tree.size, 0)])
    return tree.size, tree.root()


def _root_of_file(path: Path, size: int | None) -> tuple[int, bytes]:
    with path.open("rb") as file:
        return root_of_export(read_export(bounded_lines(file)), size=size)


def _leaf_hashes(batch: ExportedBatch) -> list[bytes]:
    at_us = batch.at_us
    orders = zip(batch.bodies, batch.results, batch.salts, strict=True)
    return [
        hash_leaf(commit_record(encode_record(body, at_us, results), salt=salt))
        for body, results, salt in orders
    ]
