# SPDX-License-Identifier: Apache-2.0
"""Where the integrator goes on after a restart, or why it must not.

Shell. "A log MUST not sign any checkpoint which is inconsistent with any checkpoint it previously
signed" (tlog-checkpoint): what was signed, what was published and the tiles must agree first.
"""

from dataclasses import dataclass

from kerege.translog.checkpoint import Checkpoint, CheckpointError, parse_checkpoint
from kerege.translog.integrator_record import LogForkError, SignedRecord
from kerege.translog.log_files import LogStore
from kerege.translog.note import NoteError, NoteSignature, parse_note
from kerege.translog.tile_edge import TileEdge
from kerege.translog.tile_tree import TileTree
from kerege.translog.tiles import CHECKPOINT_PATH, MissingFileError, TileError
from kerege.translog.tree import EMPTY_ROOT

__all__ = ["Resumed", "resume"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The last checkpoint signed, the one published with its signatures, and the tree's edge."""

    signed: Checkpoint
    published: Checkpoint | None
    signatures: tuple[NoteSignature, ...]
    edge: TileEdge


def resume(log: LogStore, record: SignedRecord, origin: str) -> Resumed:
    """Return where to go on, having compared everything that could tell of a second history.

    Raises `LogForkError` with what to do.
    """
    signed = record.read()
    published, signatures = _read_published(log)
    for found in (signed, published):
        if found is not None and found.origin != origin:
            raise LogForkError(
                f"these files are of the log {found.origin!r}, not {origin!r}",
                remedy="check the configured origin and folder",
            )
    if published is not None and (signed is None or signed.size < published.size):
        raise LogForkError(
            f"a checkpoint of {published.size} leaves is published, but the record of signed "
            f"checkpoints ends at {signed.size if signed else 'nothing'}",
            remedy="restore the record of the last signed checkpoint; "
            "if it is lost, the newest checkpoint a witness holds can take its place",
        )
    signed = signed or Checkpoint(origin, 0, EMPTY_ROOT)
    edge, root_then = _read_tree(log, signed, published.size if published else 0)
    if published is not None and root_then != published.root:
        raise LogForkError(
            f"two different trees of {published.size} leaves: the published checkpoint is not "
            "of the tree recorded as signed",
            place=CHECKPOINT_PATH,
            remedy="keep both files as evidence and find out who wrote them",
        )
    return Resumed(signed, published, signatures, edge)


def _read_published(log: LogStore) -> tuple[Checkpoint | None, tuple[NoteSignature, ...]]:
    data = log.read_checkpoint()
    if data is None:
        return None, ()
    try:
        note = parse_note(data)
        return parse_checkpoint(note.text), note.signatures
    except (NoteError, CheckpointError) as error:
        raise LogForkError(
            f"the published checkpoint is damaged: {error.message}",
            place=CHECKPOINT_PATH,
            remedy="restore it from a mirror, or remove it if the signed record is whole",
        ) from error


def _read_tree(log: LogStore, signed: Checkpoint, older_size: int) -> tuple[TileEdge, bytes]:
    """Return the edge of the signed tree, and the root it had at `older_size`."""
    try:
        edge = TileEdge.load(log, size=signed.size, root=signed.root)
        tree = TileTree(log, size=signed.size, root=signed.root)
        return edge, tree.root_at(older_size)
    except (TileError, MissingFileError) as error:
        raise LogForkError(
            f"the tiles are not those of the last signed checkpoint "
            f"({signed.size} leaves): {error.message}",
            place=error.place,
            remedy="do not sign; restore the log's folder from a backup or a mirror, "
            "then run `kerege log fsck`",
        ) from error
