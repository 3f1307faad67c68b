# SPDX-License-Identifier: Apache-2.0
"""Following a log: from a checkpoint known to a newer one, and proofs from what was followed.

Pure but for the reader it is given. The reader is not trusted: signatures, witnesses, consistency
and every tile are checked.
"""

from kerege.errors import InvariantViolation, KeregeError
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.proof import LogProof
from kerege.translog.tile_tree import TileTree
from kerege.translog.tiles import CHECKPOINT_PATH, TILE_WIDTH, TileError, TileReader
from kerege.translog.tree import EMPTY_ROOT, ProofError, verify_consistency
from kerege.translog.trust import CheckpointPolicy

__all__ = ["ForkError", "LogFollower"]


class ForkError(KeregeError):
    """Two checkpoints that cannot be of one log: evidence against whoever signed them."""


class LogFollower:
    """A log as seen through `reader`, at the newest checkpoint followed so far."""

    def __init__(
        self, reader: TileReader, policy: CheckpointPolicy, *, known: bytes | None = None
    ) -> None:
        """Begin at the signed checkpoint `known`, or with nothing known. Reads nothing yet.

        Raises what `policy` raises if `known` is not believed.
        """
        self._reader = reader
        self._policy = policy
        self.note = known
        self.checkpoint = policy.open_checkpoint(known) if known is not None else None
        size, root = (
            (self.checkpoint.size, self.checkpoint.root) if self.checkpoint else (0, EMPTY_ROOT)
        )
        self.tree = TileTree(reader, size=size, root=root)

    def refresh(self) -> Checkpoint:
        """Fetch the log's checkpoint, check that it continues the one known, and go to it.

        Raises `ForkError`, and what the policy and the reader raise; then nothing has changed.
        """
        note = self._reader.read(CHECKPOINT_PATH)
        checkpoint = self._policy.open_checkpoint(note)
        tree = self.tree.at(size=checkpoint.size, root=checkpoint.root)
        if self.checkpoint is not None:
            self._check_continues(self.checkpoint, checkpoint, tree)
        tree.check_edge()
        self.note, self.checkpoint, self.tree = note, checkpoint, tree
        return checkpoint

    def prove(self, index: int) -> LogProof:
        """Return the proof that the leaf at `index` (from 0) is in the newest checkpoint.

        Raises `TileError` if there is no such leaf, or a tile is wrong.
        """
        if self.note is None:
            raise InvariantViolation("prove before the first refresh")
        hashes = tuple(self.tree.inclusion_proof(index))
        return LogProof(index=index, hashes=hashes, checkpoint=self.note)

    def entry(self, index: int) -> bytes:
        """Return the entry of the leaf at `index`, checked."""
        if not 0 <= index < self.tree.size:
            raise TileError(f"there is no leaf {index} in a tree of {self.tree.size} leaves")
        bundle, position = divmod(index, TILE_WIDTH)
        return self.tree.entries(bundle)[position]

    def _check_continues(self, old: Checkpoint, new: Checkpoint, tree: TileTree) -> None:
        if new.size < old.size:
            raise ForkError(
                f"the log went back from {old.size} to {new.size} leaves",
                place=CHECKPOINT_PATH,
                remedy="an old copy or cache may be the cause: ask again later; "
                "keep the newer checkpoint",
            )
        if new.size == old.size and new.root != old.root:
            raise ForkError(
                f"two different trees of {new.size} leaves are signed",
                place=CHECKPOINT_PATH,
                remedy="keep both signed checkpoints and publish them: they prove a fork",
            )
        if 0 < old.size < new.size:
            _check_consistent(old, new, tree)


def _check_consistent(old: Checkpoint, new: Checkpoint, tree: TileTree) -> None:
    try:
        verify_consistency(
            old_size=old.size,
            old_root=old.root,
            new_size=new.size,
            new_root=new.root,
            proof=tree.consistency_proof(old.size),
        )
    except ProofError as error:
        # The tiles do give the new root, so it is the signed trees that differ.
        raise ForkError(
            f"the tree of {new.size} leaves does not begin with the tree of {old.size} leaves",
            place=CHECKPOINT_PATH,
            remedy="keep both signed checkpoints and publish them: they prove a fork",
        ) from error
