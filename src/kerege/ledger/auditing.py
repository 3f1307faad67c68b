# SPDX-License-Identifier: Apache-2.0
"""Recompute a ledger from its export alone.

Every accepted order is decided again by the rules, on books that begin empty; results,
balances and counts must be what the export says. Needs nothing of the ledger exported:
no database, no key.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from msgspec import Struct

from kerege.ledger.account import Role
from kerege.ledger.book import Pending
from kerege.ledger.books import Books
from kerege.ledger.cells import Cells
from kerege.ledger.deciding import decide
from kerege.ledger.encoding import MalformedOrderBytes
from kerege.ledger.errors import BatchTooLarge, ExportFault
from kerege.ledger.expiry import expiry_of
from kerege.ledger.export_reading import ExportedBatch, ExportedCell, ExportedRefusal, Fact
from kerege.ledger.ids import ORDER_ID_BYTES, OrderId, format_order_id
from kerege.ledger.order import PendingRef
from kerege.ledger.request import Request
from kerege.ledger.ruling import Ruling
from kerege.ledger.state import ASSET_SHIFT, BALANCE, FLAGS, ROLE_SHIFT

__all__ = ["AssetTotals", "Audit", "AuditReport", "audit"]

_ROLE_MASK: Final = 255


class AssetTotals(Struct, frozen=True):
    """An asset's totals in minor units: issued less redeemed, and what accounts hold."""

    asset: str
    scale: int
    in_circulation: int
    held: int


class AuditReport(Struct, frozen=True):
    """What was recomputed, and found to agree."""

    batches: int
    orders: int
    transfers: int
    cells: int
    totals: tuple[AssetTotals, ...]


class Audit:
    """Books filled from facts; every method raises `ExportFault` where they disagree."""

    def __init__(self) -> None:
        self.books = Books(Cells(), [], 1)
        self.batches = self.orders = self.transfers = self.cells = 0
        self._pendings: dict[PendingRef, Pending] = {}
        self._ids: list[bytes] = []
        self._told = bytearray()

    def add_batch(self, exported: ExportedBatch) -> tuple[Request, Ruling]:
        """Decide a batch again."""
        try:
            request = Request.of_bodies(exported.bodies, exported.evidences)
            pendings = self._pendings_of(request)
            self._check_own(exported, request, pendings)
            loaded = self.books.load(request, pendings=pendings, known={})
            ruling = decide(request, loaded, batch=exported.batch, at_us=exported.at_us)
        except (MalformedOrderBytes, BatchTooLarge) as error:
            raise self._fault(exported, error.message) from error
        self._check_results(exported, ruling)
        self.books.apply(ruling)
        for ref, pending in ruling.pendings.items():
            if pending.remaining:
                self._pendings[ref] = pending
            else:
                self._pendings.pop(ref, None)
        self._ids.append(b"".join(request.ids))
        self.batches += 1
        self.orders += ruling.accepted
        self.transfers += len(ruling.rows)
        return request, ruling

    def add_refusal(self, exported: ExportedRefusal) -> None:
        """Note whose refusal is remembered; why it was refused nobody can recompute."""
        self._ids.append(exported.outcome.order_id)

    def add_cell(self, exported: ExportedCell) -> None:
        """Compare a balance."""
        self.cells += 1
        place = f"line {exported.line}"
        slot = self.books.cells.slot(exported.key)
        if slot < 0:
            raise ExportFault("a balance of what never had one", place=place)
        self._told.extend(bytes(max(self.books.cells.count - len(self._told), 0)))
        if self._told[slot]:
            raise ExportFault("a balance that was told before", place=place)
        self._told[slot] = 1
        cell = self.books.cells.cell(exported.key)
        ours = (cell.balance, cell.debits_pending, cell.credits_pending, cell.version)
        said = exported.cell
        theirs = (said.balance, said.debits_pending, said.credits_pending, said.version)
        if ours != theirs:
            raise ExportFault(f"{theirs} recorded, {ours} recomputed", place=place)

    def finish(self) -> AuditReport:
        """Compare what only the whole can tell."""
        ids = np.sort(np.frombuffer(b"".join(self._ids), "S16"))
        twice = np.flatnonzero(ids[1:] == ids[:-1])
        if len(twice):
            place = format_order_id(OrderId(ids[twice[0]].ljust(ORDER_ID_BYTES, b"\0")))
            raise ExportFault("the order was decided twice", place=place)
        if self.cells != self.books.cells.count:
            found = f"{self.cells} balances exported, {self.books.cells.count} recomputed"
            raise ExportFault(found, place="the balances")
        totals = tuple(
            self._totals(number, *asset) for number, asset in enumerate(self.books.assets)
        )
        return AuditReport(self.batches, self.orders, self.transfers, self.cells, totals)

    def _totals(self, number: int, asset: str, scale: int) -> AssetTotals:
        """Issuers' balances mirror all others'; sums of whole columns may exceed 64 bits."""
        cells = self.books.cells
        used = slice(0, cells.count)
        flags = cells.rows(cells.key_account[used])[:, FLAGS]
        of_asset = flags >> ASSET_SHIFT == number
        issuing = (flags >> ROLE_SHIFT & _ROLE_MASK) == Role.ISSUER
        balances = cells.table[used, BALANCE]
        issued = -sum(balances[of_asset & issuing].tolist())
        held = sum(balances[of_asset & ~issuing].tolist())
        if issued != held:
            raise ExportFault(f"{issued} issued, {held} held", place=asset)
        return AssetTotals(asset=asset, scale=scale, in_circulation=issued, held=held)

    def _pendings_of(self, request: Request) -> Mapping[PendingRef, Pending]:
        refs = request.pending_refs()
        return {ref: self._pendings[ref] for ref in refs if ref in self._pendings}

    def _check_own(
        self,
        exported: ExportedBatch,
        request: Request,
        pendings: Mapping[PendingRef, Pending],
    ) -> None:
        """The ledger's own orders are not asked for their form: they must be as it makes them."""
        if not request.own:
            return
        forms = {expiry.id: expiry for expiry in map(expiry_of, pendings.values())}
        for place in range(len(request)):
            order = request.order(place)
            if forms.get(order.id) != order:
                raise self._fault(exported, f"order {place} is no expiry as the ledger makes it")

    def _check_results(self, exported: ExportedBatch, ruling: Ruling) -> None:
        if ruling.results() == exported.results:
            return
        for place, outcome in enumerate(ruling.outcomes()):
            if not outcome.accepted:
                why = outcome.refusal.name if outcome.refusal else ""
                raise self._fault(exported, f"order {place} is recorded, but refused: {why}")
            if outcome.replayed or outcome.results != exported.results[place]:
                raise self._fault(exported, f"order {place} had other results: {outcome.results}")

    def _fault(self, exported: ExportedBatch, what: str) -> ExportFault:
        place = f"batch of line {exported.line}"
        return ExportFault(what, place=place)


def audit(facts: Iterable[Fact]) -> AuditReport:
    """Recompute everything; raises `ExportFault` at the first disagreement."""
    books = Audit()
    for fact in facts:
        if isinstance(fact, ExportedBatch):
            books.add_batch(fact)
        elif isinstance(fact, ExportedRefusal):
            books.add_refusal(fact)
        else:
            books.add_cell(fact)
    return books.finish()
