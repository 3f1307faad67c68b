# SPDX-License-Identifier: Apache-2.0
"""Receipts for accepted orders: the record, its salt, and its leaf's proof of inclusion."""

import threading

from kerege.errors import KeregeError
from kerege.ledger.ids import OrderId, format_order_id
from kerege.ledger.ledger import Ledger
from kerege.translog.checkpoint import Checkpoint, parse_checkpoint
from kerege.translog.leaf import salt_for
from kerege.translog.log_files import LogStore
from kerege.translog.note import parse_note
from kerege.translog.proof import LogProof
from kerege.translog.receipt import Receipt
from kerege.translog.tile_tree import TileTree

__all__ = ["NotYetLogged", "ReceiptDesk"]


class NotYetLogged(KeregeError):
    """The order has no leaf under a published checkpoint (yet)."""


class ReceiptDesk:
    """Hands out receipts. Reads the log as anyone could, and the ledger for what the log hides.

    Safe to use from several threads. Tiles read for one receipt serve the next.
    """

    def __init__(self, ledger: Ledger, log: LogStore, salt_key: bytes) -> None:
        self._ledger = ledger
        self._log = log
        self._salt_key = salt_key
        self._lock = threading.Lock()
        self._tree: TileTree | None = None

    def receipt(self, order_id: OrderId) -> Receipt:
        """The receipt of an accepted order; raises `NotYetLogged`."""
        accepted = self._ledger.accepted(order_id)
        if accepted is None:
            raise NotYetLogged(
                f"{format_order_id(order_id)} was never accepted",
                remedy="check the id; refused orders have no receipt",
            )
        note = self._log.read_checkpoint()
        checkpoint = None if note is None else parse_checkpoint(parse_note(note).text)
        if note is None or checkpoint is None or not 0 <= accepted.leaf < checkpoint.size:
            raise NotYetLogged(
                f"{format_order_id(order_id)} is accepted, its leaf is not published yet",
                remedy="ask again in a second",
            )
        hashes = self._prove(accepted.leaf, checkpoint)
        return Receipt(
            record=accepted.order.record(accepted.at_us),
            salt=salt_for(self._salt_key, order_id),
            proof=LogProof(index=accepted.leaf, hashes=hashes, checkpoint=note),
        )

    def _prove(self, leaf: int, checkpoint: Checkpoint) -> tuple[bytes, ...]:
        size, root = checkpoint.size, checkpoint.root
        with self._lock:
            if self._tree is None:
                self._tree = TileTree(self._log, size=size, root=root)
            elif (self._tree.size, self._tree.root) != (size, root):
                self._tree = self._tree.at(size=size, root=root)
            return tuple(self._tree.inclusion_proof(leaf))
