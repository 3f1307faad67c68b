# SPDX-License-Identifier: Apache-2.0
"""Fill an empty ledger from an export.

The export is read and audited to its end first; only then is the ledger touched. Numbers,
times and leaves stay as they were, so receipts given out before remain true.
"""

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from kerege.ledger.auditing import AuditReport, audit
from kerege.ledger.deciding import decide
from kerege.ledger.encoding import MalformedOrderBytes
from kerege.ledger.errors import ExportFault, LedgerNotEmpty, StoreFailed
from kerege.ledger.export_reading import (
    ExportedBatch,
    ExportedRefusal,
    Fact,
    read_export,
)
from kerege.ledger.request import Request
from kerege.ledger.ruling import RefusedOrder
from kerege.ledger.stores.interface import Store

__all__ = ["import_ledger"]

_REFUSALS_AT_ONCE = 8_192


def import_ledger(open_lines: Callable[[], Iterable[bytes]], store: Store) -> AuditReport:
    """Import what `open_lines` gives, each time it is called from the beginning.

    Raises `LedgerNotEmpty` or `ExportFault` with nothing changed, or `StoreFailed`, after
    which the half-filled ledger must be thrown away.
    """
    _check_empty(store)
    audited = _Ending(open_lines())
    report = audit(read_export(audited))
    written = _Ending(open_lines())
    try:
        _write_all(read_export(written), store)
    except (ExportFault, MalformedOrderBytes) as fault:
        raise _changed(fault.place) from fault
    if written.last != audited.last:
        raise _changed("the end")
    return report


class _Ending:
    """Passes lines on and keeps the last: its checksum stands for all of them."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self.last = b""

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.last = line
            yield line


def _check_empty(store: Store) -> None:
    with store.snapshot() as snapshot:
        if snapshot.leaves or next(iter(snapshot.refusals()), None) is not None:
            raise LedgerNotEmpty("this ledger is in use", remedy="import into a new one")


def _changed(place: str) -> StoreFailed:
    return StoreFailed(
        "the export changed while it was imported",
        place=place,
        remedy="throw the half-filled ledger away, and import a file that nobody writes",
    )


def _write_all(facts: Iterable[Fact], store: Store) -> None:
    refused: list[RefusedOrder] = []
    for fact in facts:
        if isinstance(fact, ExportedBatch):
            _write_batch(store, fact)
        elif isinstance(fact, ExportedRefusal):
            refused.append(RefusedOrder(content=fact.content, outcome=fact.outcome))
            if len(refused) == _REFUSALS_AT_ONCE:
                _write_refusals(store, refused)
                refused = []
    _write_refusals(store, refused)


def _write_batch(store: Store, exported: ExportedBatch) -> None:
    request = Request.of_bodies(exported.bodies, exported.evidences)
    with store.session() as session:
        loaded = session.load(request)
        ruling = decide(request, loaded, batch=exported.batch, at_us=exported.at_us)
        commit = session.write(ruling)
    commit.wait()


def _write_refusals(store: Store, refused: list[RefusedOrder]) -> None:
    if not refused:
        return
    nothing = Request.of_orders([])
    with store.session() as session:
        loaded = session.load(nothing)
        batch, at_us = session.number(0)
        ruling = decide(nothing, loaded, batch=batch, at_us=at_us)
        commit = session.write(replace(ruling, refused=refused))
    commit.wait()
