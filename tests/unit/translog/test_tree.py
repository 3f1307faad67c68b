# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.translog.tree import (
    EMPTY_ROOT,
    MAX_TREE_SIZE,
    ProofError,
    ProofFault,
    hash_children,
    hash_leaf,
    root_from_inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from tests.logs import entries, leaf_hashes, naive_root

A, B, C, D = leaf_hashes(entries(4))
AB, CD = hash_children(A, B), hash_children(C, D)


def _inclusion(fault: ProofFault, **changes: object) -> None:
    arguments: dict[str, object] = {
        "index": 2,
        "size": 3,
        "proof": [AB],
        "root": naive_root([A, B, C]),
    }
    with pytest.raises(ProofError) as caught:
        verify_inclusion(changes.pop("leaf", C), **{**arguments, **changes})  # type: ignore[arg-type]
    assert caught.value.fault is fault


def _consistency(fault: ProofFault, **changes: object) -> None:
    arguments: dict[str, object] = {
        "old_size": 3,
        "old_root": naive_root([A, B, C]),
        "new_size": 4,
        "new_root": naive_root([A, B, C, D]),
        "proof": [C, D, AB],
    }
    with pytest.raises(ProofError) as caught:
        verify_consistency(**{**arguments, **changes})  # type: ignore[arg-type]
    assert caught.value.fault is fault


def test_hashes_are_those_of_rfc_9162() -> None:
    # The well-known values of certificate transparency's own test trees.
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (
        hash_leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert hash_leaf(b"") != hash_children(b"", b"")


def test_the_small_tree_verifies() -> None:
    verify_inclusion(C, index=2, size=3, proof=[AB], root=hash_children(AB, C))
    verify_inclusion(A, index=0, size=1, proof=[], root=A)
    root = hash_children(AB, CD)
    assert root_from_inclusion_proof(D, index=3, size=4, proof=[C, AB]) == root
    verify_consistency(
        old_size=3,
        old_root=hash_children(AB, C),
        new_size=4,
        new_root=root,
        proof=[C, D, AB],
    )
    verify_consistency(old_size=2, old_root=AB, new_size=4, new_root=root, proof=[CD])
    verify_consistency(old_size=4, old_root=root, new_size=4, new_root=root, proof=[])


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        (ProofFault.SIZE_OUT_OF_RANGE, {"size": MAX_TREE_SIZE + 1}),
        (ProofFault.SIZE_OUT_OF_RANGE, {"size": -1}),
        (ProofFault.INDEX_BEYOND_SIZE, {"index": 3}),
        (ProofFault.INDEX_BEYOND_SIZE, {"index": -1}),
        (ProofFault.INDEX_BEYOND_SIZE, {"index": 0, "size": 0, "proof": []}),
        (ProofFault.HASH_LENGTH, {"leaf": C[:31]}),
        (ProofFault.HASH_LENGTH, {"proof": [AB + b"x"]}),
        (ProofFault.PROOF_TOO_SHORT, {"proof": []}),
        (ProofFault.PROOF_TOO_LONG, {"proof": [AB, AB]}),
        (ProofFault.ROOT_MISMATCH, {"proof": [CD]}),
        (ProofFault.ROOT_MISMATCH, {"root": b""}),
    ],
)
def test_inclusion_faults(fault: ProofFault, changes: dict[str, object]) -> None:
    _inclusion(fault, **changes)


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        (ProofFault.SIZE_OUT_OF_RANGE, {"new_size": 2**64}),
        (ProofFault.SIZE_OUT_OF_RANGE, {"old_size": -1}),
        (ProofFault.OLD_TREE_EMPTY, {"old_size": 0, "old_root": EMPTY_ROOT, "proof": []}),
        (ProofFault.SIZE_DECREASES, {"old_size": 5}),
        (ProofFault.PROOF_TOO_LONG, {"old_size": 4}),
        (ProofFault.ROOT_MISMATCH, {"old_size": 4, "proof": []}),
        (ProofFault.PROOF_TOO_SHORT, {"proof": []}),
        (ProofFault.PROOF_TOO_SHORT, {"proof": [C, D]}),
        (ProofFault.PROOF_TOO_LONG, {"proof": [C, D, AB, AB]}),
        # One byte moved from a hash to its neighbour would give the same input to SHA-256.
        (ProofFault.HASH_LENGTH, {"proof": [C[:31], C[31:] + D, AB]}),
        (ProofFault.HASH_LENGTH, {"old_root": b"short"}),
        (ProofFault.OLD_ROOT_MISMATCH, {"old_root": AB}),
        (ProofFault.OLD_ROOT_MISMATCH, {"proof": [D, C, AB]}),
        (ProofFault.ROOT_MISMATCH, {"new_root": AB}),
    ],
)
def test_consistency_faults(fault: ProofFault, changes: dict[str, object]) -> None:
    _consistency(fault, **changes)
