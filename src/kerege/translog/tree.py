# SPDX-License-Identifier: Apache-2.0
"""Merkle tree hashing and proof verification, as RFC 9162 section 2.1 defines them.

Pure. A tree is known by its size (number of leaves) and its root (32 bytes). Verify functions
return nothing and raise `ProofError`, which names the first fault found.
"""

import hmac
from collections.abc import Sequence
from enum import StrEnum, unique
from hashlib import sha256
from typing import Final

from kerege.errors import KeregeError

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE_BYTES",
    "MAX_PROOF_HASHES",
    "MAX_TREE_SIZE",
    "ProofError",
    "ProofFault",
    "hash_children",
    "hash_leaf",
    "root_from_inclusion_proof",
    "verify_consistency",
    "verify_inclusion",
]

HASH_SIZE_BYTES = 32
"""SHA-256, the one hash of C2SP tiled logs."""

MAX_TREE_SIZE = 2**63 - 1
"""Leaves. Go's sumdb and SQL hold a size in a signed 64-bit integer, so no log may pass it."""

MAX_PROOF_HASHES = 64
"""Hashes in an inclusion proof: one per level of the deepest tree, and one to spare."""

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"

EMPTY_ROOT = sha256(b"").digest()
"""Section 2.1.1: "MTH({}) = HASH()"."""


@unique
class ProofFault(StrEnum):
    """Why a proof does not hold, in the order in which the checks are made."""

    SIZE_OUT_OF_RANGE = "size_out_of_range"
    INDEX_BEYOND_SIZE = "index_beyond_size"
    OLD_TREE_EMPTY = "old_tree_empty"
    SIZE_DECREASES = "size_decreases"
    HASH_LENGTH = "hash_length"
    PROOF_TOO_SHORT = "proof_too_short"
    PROOF_TOO_LONG = "proof_too_long"
    OLD_ROOT_MISMATCH = "old_root_mismatch"
    ROOT_MISMATCH = "root_mismatch"


_ASK_AGAIN: Final = "ask the log for a proof between exactly these sizes"


class ProofError(KeregeError):
    """A proof that does not show what it is meant to show; `fault` says why."""

    def __init__(self, fault: ProofFault, message: str, *, remedy: str = _ASK_AGAIN) -> None:
        """Keep `fault` beside the message, for callers that decide by it."""
        super().__init__(message, remedy=remedy)
        self.fault = fault


def hash_leaf(entry: bytes) -> bytes:
    """Return the leaf hash of an entry: "HASH(0x00 || d[0])" (RFC 9162 section 2.1.1)."""
    return sha256(LEAF_PREFIX + entry).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return an inner node: "HASH(0x01 || MTH(D[0:k]) || MTH(D[k:n]))" (section 2.1.1)."""
    return sha256(NODE_PREFIX + left + right).digest()


def verify_inclusion(
    leaf_hash: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf at `index` (from 0) of the tree of `size` leaves is `leaf_hash`.

    RFC 9162 section 2.1.3.2. Raises `ProofError`.
    """
    _match(
        root_from_inclusion_proof(leaf_hash, index=index, size=size, proof=proof),
        root,
        ProofFault.ROOT_MISMATCH,
    )


def root_from_inclusion_proof(
    leaf_hash: bytes, *, index: int, size: int, proof: Sequence[bytes]
) -> bytes:
    """Return the root that `proof` leads to from `leaf_hash` (RFC 9162 section 2.1.3.2).

    Raises `ProofError` where the proof cannot be one for this index and size.
    """
    _check_size(size)
    if not 0 <= index < size:
        # Step 1: "If leaf_index is greater than or equal to tree_size, then fail".
        raise ProofError(
            ProofFault.INDEX_BEYOND_SIZE, f"leaf {index} is not in a tree of {size} leaves"
        )
    _check_hashes([leaf_hash, *proof])
    node, last, computed = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise _too_long(len(proof))
        if node & 1 or node == last:
            computed = hash_children(sibling, computed)
            node, last = _skip_right_edge(node, last)
        else:
            computed = hash_children(computed, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise _too_short(len(proof))
    return computed


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of `new_size` leaves begins with the tree of `old_size` leaves.

    RFC 9162 section 2.1.4.2, for "0 < first < second"; equal sizes need equal roots and an empty
    proof. An empty old tree is refused: nothing can be proven from it, so a caller that starts
    from nothing must say so itself. Raises `ProofError`.
    """
    _check_size(new_size)
    _check_size(old_size)
    if old_size > new_size:
        raise ProofError(
            ProofFault.SIZE_DECREASES, f"the tree shrinks from {old_size} to {new_size} leaves"
        )
    if old_size == 0:
        raise ProofError(
            ProofFault.OLD_TREE_EMPTY, "every tree begins with the empty tree: there is no proof"
        )
    if old_size == new_size:
        _check_same_tree(old_root, new_root, proof)
        return
    if not proof:
        raise _too_short(0)
    _check_hashes([old_root, *proof])
    old, new = _roots_from_consistency_proof(old_size, old_root, new_size, proof)
    _match(old, old_root, ProofFault.OLD_ROOT_MISMATCH)
    _match(new, new_root, ProofFault.ROOT_MISMATCH)


def _roots_from_consistency_proof(
    old_size: int, old_root: bytes, new_size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    # Steps 2 to 6: a perfect old tree is its own first node and is left out of the proof.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _too_long(len(proof))
        if node & 1 or node == last:
            old = hash_children(sibling, old)
            new = hash_children(sibling, new)
            node, last = _skip_right_edge(node, last)
        else:
            new = hash_children(new, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise _too_short(len(proof))
    return old, new


def _skip_right_edge(node: int, last: int) -> tuple[int, int]:
    # "If LSB(fn) is not set, then right-shift both fn and sn equally until either LSB(fn) is set
    # or fn is 0": levels at which the right edge has no sibling have no hash in the proof.
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_TREE_SIZE:
        raise ProofError(
            ProofFault.SIZE_OUT_OF_RANGE, f"a tree cannot have {size} leaves (at most 2^63 - 1)"
        )


def _check_hashes(hashes: Sequence[bytes]) -> None:
    # Without this, bytes could move between neighbouring hashes and give the same node.
    for value in hashes:
        if len(value) != HASH_SIZE_BYTES:
            raise ProofError(ProofFault.HASH_LENGTH, f"a hash has {len(value)} bytes instead of 32")


def _check_same_tree(old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise _too_long(len(proof))
    _match(new_root, old_root, ProofFault.ROOT_MISMATCH)


def _match(computed: bytes, expected: bytes, fault: ProofFault) -> None:
    if not hmac.compare_digest(computed, expected):
        raise ProofError(fault, f"the hashes lead to root {computed.hex()}, not {expected.hex()}")


def _too_short(length: int) -> ProofError:
    return ProofError(ProofFault.PROOF_TOO_SHORT, f"{length} hashes are too few for these sizes")


def _too_long(length: int) -> ProofError:
    return ProofError(ProofFault.PROOF_TOO_LONG, f"{length} hashes are too many for these sizes")
