# SPDX-License-Identifier: Apache-2.0
"""The tamper-evident public log, to the C2SP tlog documents.

>>> tree = CompactRange()
>>> tree.extend(hash_leaf(entry) for entry in (b"a", b"b", b"c"))
>>> proof = [hash_leaf(b"b"), hash_leaf(b"c")]
>>> verify_inclusion(hash_leaf(b"a"), index=0, size=3, proof=proof, root=tree.root())
>>> verify_inclusion(hash_leaf(b"x"), index=0, size=3, proof=proof, root=tree.root())
Traceback (most recent call last):
kerege.translog.tree.ProofError: the hashes lead to root ...
"""

from kerege.translog.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from kerege.translog.compact_range import CompactRange
from kerege.translog.follow import ForkError, LogFollower
from kerege.translog.fsck import DamageError, FsckReport, check_log
from kerege.translog.leaf import commit_record, salt_for
from kerege.translog.note import Note, NoteSignature, format_note, open_note, parse_note
from kerege.translog.proof import LogProof, format_proof, parse_proof, verify_proof
from kerege.translog.receipt import Receipt, format_receipt, parse_receipt, verify_receipt
from kerege.translog.tile_tree import TileTree
from kerege.translog.tiles import MissingFileError, Tile, TileError, TileReader
from kerege.translog.tree import ProofError, hash_leaf, verify_consistency, verify_inclusion
from kerege.translog.trust import CheckpointPolicy, PolicyAt, policy_of_keys

__all__ = [
    "Checkpoint",
    "CheckpointPolicy",
    "CompactRange",
    "DamageError",
    "ForkError",
    "FsckReport",
    "LogFollower",
    "LogProof",
    "MissingFileError",
    "Note",
    "NoteSignature",
    "PolicyAt",
    "ProofError",
    "Receipt",
    "Tile",
    "TileError",
    "TileReader",
    "TileTree",
    "check_log",
    "commit_record",
    "format_checkpoint",
    "format_note",
    "format_proof",
    "format_receipt",
    "hash_leaf",
    "open_note",
    "parse_checkpoint",
    "parse_note",
    "parse_proof",
    "parse_receipt",
    "policy_of_keys",
    "salt_for",
    "verify_consistency",
    "verify_inclusion",
    "verify_proof",
    "verify_receipt",
]
