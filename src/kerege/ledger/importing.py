# SPDX-License-Identifier: Apache-2.0
"""Fill an empty ledger from an export.

The export is read and audited to its end first; only then is the ledger touched. Numbers,
times and leaves stay as they were, so receipts given out before remain true.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from kerege.ledger.auditing import AuditReport, audit
from kerege.ledger.deciding import decide
from kerege.ledger.errors import LedgerNotEmpty
from kerege.ledger.export_reading import ExportedBatch, ExportedRefusal, read_export
from kerege.ledger.request import Request
from kerege.ledger.ruling import RefusedOrder
from kerege.ledger.stores.interface import Store

__all__ = ["import_ledger"]

_REFUSALS_AT_ONCE = 8_192


def import_ledger(open_lines: Callable[[], Iterable[bytes]], store: Store) -> AuditReport:
    """Import what `open_lines` gives, each time it is called from the beginning.

    Raises `ExportFault` with nothing changed, `LedgerNotEmpty`, or `StoreFailed`, after
    which the half-filled ledger must be thrown away.
    """
    if store.assets():
        raise LedgerNotEmpty("this ledger is in use", remedy="import into a new one")
    report = audit(read_export(open_lines()))
    refused: list[RefusedOrder] = []
    for fact in read_export(open_lines()):
        if isinstance(fact, ExportedBatch):
            _write_batch(store, fact)
        elif isinstance(fact, ExportedRefusal):
            refused.append(RefusedOrder(content=fact.content, outcome=fact.outcome))
            if len(refused) == _REFUSALS_AT_ONCE:
                _write_refusals(store, refused)
                refused = []
    _write_refusals(store, refused)
    return report


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
