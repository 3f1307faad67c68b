# SPDX-License-Identifier: Apache-2.0
"""`tlog-scales`, an independent reader of C2SP logs, agrees with our logs and proofs."""

from pathlib import Path

import pytest
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from kerege.translog.files import DiskFiles
from kerege.translog.follow import LogFollower
from kerege.translog.tree import hash_leaf, verify_consistency, verify_inclusion
from tests.logs import SIGNER, TRUST, VKEY, ListSource, entries, integrator

SIZES = [1, 200, 256, 300, 700]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = ListSource(entries(SIZES[-1]))
    writer = integrator(DiskFiles(tmp_path / "log"), DiskFiles(tmp_path / "state"), source)
    for size in SIZES:
        source.released = size
        writer.run_once()
    return tmp_path / "log"


def test_it_reads_the_checkpoint_and_finds_the_same_root(folder: Path) -> None:
    theirs = TilesReader(LocalBackend(folder))
    checkpoint = theirs.get_checkpoint()
    checkpoint.verify(Vkey.from_string(VKEY))
    assert checkpoint.origin == SIGNER.name
    assert theirs.calculate_root_hash() == checkpoint.root_hash
    assert [theirs.get_entry(index) for index in range(SIZES[-1])] == entries(SIZES[-1])


def test_each_accepts_the_others_inclusion_proofs(folder: Path) -> None:
    theirs = TilesReader(LocalBackend(folder))
    size = theirs.get_checkpoint().size
    ours = LogFollower(DiskFiles(folder), TRUST)
    root = ours.refresh().root
    for index in (0, 1, 199, 255, 256, 299, 300, 699):
        leaf = hash_leaf(ours.entry(index))
        proof = list(ours.prove(index).hashes)
        InclusionProof(index, size, proof).check(leaf, root)
        theirs_too = theirs.get_inclusion_proof(index, size).node_hashes
        verify_inclusion(leaf, index=index, size=size, proof=theirs_too, root=root)
        assert proof == theirs_too


def test_each_accepts_the_others_consistency_proofs(folder: Path) -> None:
    theirs = TilesReader(LocalBackend(folder))
    theirs.get_checkpoint()
    ours = LogFollower(DiskFiles(folder), TRUST)
    new = ours.refresh()
    for old_size in SIZES[:-1]:
        old_root = ours.tree.root_at(old_size)
        proof = ours.tree.consistency_proof(old_size)
        ConsistencyProof(old_size, new.size, proof).check(old_root, new.root)
        assert theirs.get_consistency_proof(old_size, new.size).node_hashes == proof
        verify_consistency(
            old_size=old_size,
            old_root=old_root,
            new_size=new.size,
            new_root=new.root,
            proof=proof,
        )
