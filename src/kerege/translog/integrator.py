# SPDX-License-Identifier: Apache-2.0
"""Turns committed records into leaves, tiles and signed checkpoints.

Shell. The order of things is the whole point, so that a crash between any two steps is harmless:

1. tiles of the larger tree are written and flushed (nobody reads them yet);
2. they are read back and must continue the last signed tree;
3. the checkpoint is signed, and recorded as signed, before anyone sees it;
4. witnesses are asked to cosign it;
5. it is published.

After any failure the next run starts from the files again, as a restart does.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from threading import Event
from typing import Protocol

from kerege.errors import InvariantViolation
from kerege.translog.bundle import MAX_ENTRY_BYTES
from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.integrator_record import SignedRecord
from kerege.translog.integrator_resume import resume
from kerege.translog.log_files import LogStore
from kerege.translog.note import NoteSignature, NoteSigner, format_note, sign_note
from kerege.translog.tile_edge import TileEdge
from kerege.translog.tile_tree import TileTree
from kerege.translog.tiles import Tile, TileError, tiles_completed
from kerege.translog.tree import EMPTY_ROOT, verify_consistency

__all__ = [
    "BATCH_LEAVES",
    "CHECKPOINT_INTERVAL_S",
    "MAX_BATCH_BYTES",
    "CosignCheckpoint",
    "Integrator",
    "LeafSource",
]

BATCH_LEAVES = 64 * 1024
"""Leaves in one checkpoint: a few hundred milliseconds of work, so well under a second."""

MAX_BATCH_BYTES = 64 * 1024 * 1024
"""Bytes of entries in one checkpoint, held in memory; the rest of a batch waits for the next."""

CHECKPOINT_INTERVAL_S = 0.25
"""Seconds between checkpoints while batches are not full; a leaf waits this long at most."""


class LeafSource(Protocol):
    """Committed records in their final order, which the source decides and persists."""

    def pending(self, after_index: int, limit: int) -> list[bytes]:
        """Return the entries of leaves `after_index`, `after_index` + 1, ... (indexes from 0).

        At most `limit`, each at most 65535 bytes; none if there are no more. The same index gives
        the same entry forever: the integrator never reorders.
        """


class CosignCheckpoint(Protocol):
    """Asks witnesses to cosign."""

    def __call__(
        self, old_size: int, prove: Callable[[int], Sequence[bytes]], note: bytes, /
    ) -> Sequence[NoteSignature]:
        """Return what verified cosignatures can be had now for the signed checkpoint `note`.

        `old_size` is the size last published, 0 if none; `prove(size)` gives the consistency
        proof from any smaller size, for a witness that is behind. A witness that fails is left
        out; an exception keeps this checkpoint from being published until the next run.
        """


class Integrator:
    """The one writer of one log. Not for use by several threads."""

    def __init__(
        self,
        *,
        origin: str,
        signers: Sequence[NoteSigner],
        source: LeafSource,
        log: LogStore,
        signed: SignedRecord,
        cosign: CosignCheckpoint | None = None,
        witnesses_wanted: int = 0,
    ) -> None:
        """Touch nothing yet: the first `run_once` looks at the files.

        While there is no work, witnesses are asked again until `witnesses_wanted` have cosigned
        the last checkpoint.
        """
        self._origin = origin
        self._signers = signers
        self._source = source
        self._log = log
        self._signed = signed
        self._cosign = cosign
        self._witnesses_wanted = witnesses_wanted
        self._cosigned: dict[tuple[str, bytes], NoteSignature] = {}
        self._edge: TileEdge | None = None
        self._last = Checkpoint(origin, 0, EMPTY_ROOT)
        self._published_size: int | None = None
        self._stale: list[Tile] = []

    def run(self, stop: Event) -> None:
        """Integrate until `stop` is set, a checkpoint at least every second while there is work.

        Raises what `run_once` raises; it may be called again.
        """
        while not stop.is_set():
            before = self._last.size
            done = self.run_once()
            if done is None or done.size - before < BATCH_LEAVES:
                stop.wait(CHECKPOINT_INTERVAL_S)

    def run_once(self) -> Checkpoint | None:
        """Integrate one batch; return the checkpoint published, or `None` if there was no work.

        Raises `LogForkError` where going on could sign a second history, `TileError` for an entry
        that is too long, `FileStoreError` if the disk refuses, and what source and cosign raise.
        After any of them the object may be used again: it starts from the files.
        """
        edge = self._edge or self._resume()
        # Not trusted again until all steps are done.
        self._edge = None
        checkpoint = self._integrate(edge)
        if checkpoint is None and self._published_size != self._last.size:
            checkpoint = self._publish(self._last)
        elif checkpoint is None and self._lacks_witnesses() and self._ask_witnesses(self._last):
            self._write(self._last)
        self._edge = edge
        return checkpoint

    def _lacks_witnesses(self) -> bool:
        # Receipts of the last records of the day would else wait for the next day's first.
        return len({name for name, _ in self._cosigned}) < self._witnesses_wanted

    def _resume(self) -> TileEdge:
        self._log.lock()
        self._signed.lock()
        found = resume(self._log, self._signed, self._origin)
        self._last = found.signed
        self._published_size = found.published.size if found.published else None
        keys = {(signer.name, signer.key_id) for signer in self._signers}
        self._cosigned = {
            _name_and_id(signature): signature
            for signature in found.signatures
            if _name_and_id(signature) not in keys
        }
        self._stale = []
        return found.edge

    def _integrate(self, edge: TileEdge) -> Checkpoint | None:
        entries = self._take_batch(edge.size)
        if not entries and self._published_size is not None:
            return None
        old = self._last
        self._log.write_tiles(edge.extend(entries))
        new = Checkpoint(self._origin, edge.size, edge.root())
        if new.size != old.size + len(entries):
            raise InvariantViolation(f"{len(entries)} entries made {old.size} leaves {new.size}")
        self._check_stored(old, new)
        self._signed.write(sign_note(format_checkpoint(new), self._signers))
        self._last = new
        published = self._publish(new)
        self._log.drop_partials(self._stale)
        self._stale = tiles_completed(old.size, new.size)
        return published

    def _take_batch(self, size: int) -> list[bytes]:
        entries = self._source.pending(size, BATCH_LEAVES)
        if len(entries) > BATCH_LEAVES:
            raise InvariantViolation(f"the source gave {len(entries)} leaves, not {BATCH_LEAVES}")
        sizes = [len(entry) for entry in entries]
        if sizes and max(sizes) > MAX_ENTRY_BYTES:
            position = next(at for at, length in enumerate(sizes) if length > MAX_ENTRY_BYTES)
            raise TileError(
                f"an entry of {sizes[position]} bytes; a log takes at most {MAX_ENTRY_BYTES}",
                place=f"leaf {size + position}",
                remedy="log a commitment to the record instead of the record",
            )
        if sum(sizes) <= MAX_BATCH_BYTES:
            return entries
        return entries[: bisect_right(list(accumulate(sizes)), MAX_BATCH_BYTES)]

    def _check_stored(self, old: Checkpoint, new: Checkpoint) -> None:
        # What readers will find, not what memory holds, must continue what was signed.
        tree = TileTree(self._log, size=new.size, root=new.root)
        tree.check_edge()
        if old.size:
            verify_consistency(
                old_size=old.size,
                old_root=old.root,
                new_size=new.size,
                new_root=new.root,
                proof=tree.consistency_proof(old.size),
            )

    def _publish(self, checkpoint: Checkpoint) -> Checkpoint:
        self._cosigned = {}
        self._ask_witnesses(checkpoint)
        self._write(checkpoint)
        return checkpoint

    def _ask_witnesses(self, checkpoint: Checkpoint) -> bool:
        """Add what cosignatures witnesses give now; return whether there were any."""
        if self._cosign is None or not checkpoint.size:
            return False
        note = sign_note(format_checkpoint(checkpoint), self._signers)
        tree = TileTree(self._log, size=checkpoint.size, root=checkpoint.root)
        given = self._cosign(self._published_size or 0, tree.consistency_proof, format_note(note))
        self._cosigned.update((_name_and_id(signature), signature) for signature in given)
        return bool(given)

    def _write(self, checkpoint: Checkpoint) -> None:
        note = sign_note(format_checkpoint(checkpoint), self._signers)
        self._log.write_checkpoint(format_note(note.with_signatures(self._cosigned.values())))
        self._published_size = checkpoint.size


def _name_and_id(signature: NoteSignature) -> tuple[str, bytes]:
    # "The tuple of key name and key ID uniquely identifies the key" (signed-note, "Signatures").
    return signature.name, signature.key_id
