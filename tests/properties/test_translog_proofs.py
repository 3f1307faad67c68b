# SPDX-License-Identifier: Apache-2.0
"""Proofs from tiles against a tree computed naively, and every changed byte noticed."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.errors import KeregeError
from kerege.translog.compact_range import CompactRange
from kerege.translog.follow import LogFollower
from kerege.translog.fsck import check_log
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.proof import format_proof, parse_proof, verify_proof
from kerege.translog.tile_tree import TileTree
from kerege.translog.tiles import tiles_of_tree
from kerege.translog.tree import ProofError, hash_leaf, verify_consistency, verify_inclusion
from tests.logs import TRUST, entries, grown_log, leaf_hashes, naive_root

LARGEST = 700
LOGGED = entries(LARGEST)
HASHES = leaf_hashes(LOGGED)


@cache
def _root(size: int) -> bytes:
    return naive_root(HASHES[:size])


@cache
def _log(size: int) -> MemoryFiles:
    return grown_log(LOGGED[:size], sizes=(size // 2,))


@st.composite
def _sizes(draw: st.DrawFn) -> tuple[int, int, int]:
    """A leaf's index, the size of a tree that has it, and the size of a later tree."""
    edges = st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, LARGEST])
    new = draw(edges | st.integers(1, LARGEST))
    old = draw(st.integers(1, new))
    return draw(st.integers(0, old - 1)), old, new


@given(_sizes())
def test_proofs_from_tiles_agree_with_a_naive_tree(sizes: tuple[int, int, int]) -> None:
    index, old, new = sizes
    tree = TileTree(_log(new), size=new, root=_root(new))
    assert tree.root_at(old) == _root(old)
    proof = tree.inclusion_proof(index, old)
    verify_inclusion(HASHES[index], index=index, size=old, proof=proof, root=_root(old))
    verify_consistency(
        old_size=old,
        old_root=_root(old),
        new_size=new,
        new_root=_root(new),
        proof=tree.consistency_proof(old),
    )


@given(_sizes(), st.integers(1, LARGEST))
def test_a_proof_for_another_size_or_leaf_is_refused(
    sizes: tuple[int, int, int], other: int
) -> None:
    index, size, new = sizes
    proof = TileTree(_log(new), size=new, root=_root(new)).inclusion_proof(index, size)
    if other != size:
        with pytest.raises(ProofError):
            verify_inclusion(HASHES[index], index=index, size=size, proof=proof, root=_root(other))
    if other - 1 != index:
        with pytest.raises(ProofError):
            verify_inclusion(
                HASHES[index], index=other - 1, size=size, proof=proof, root=_root(size)
            )


@given(st.lists(st.integers(1, 300), max_size=5))
def test_a_compact_range_grows_to_the_same_root(steps: list[int]) -> None:
    grown = CompactRange()
    for step in steps:
        grown.extend(HASHES[grown.size : grown.size + step])
        assert grown.root() == _root(grown.size)
        assert len(grown.hashes) == grown.size.bit_count()
        grown = CompactRange(grown.size, grown.hashes)


@settings(max_examples=300)
@given(st.data())
def test_one_changed_bit_anywhere_in_a_log_is_noticed(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 15, 256, 300, LARGEST]))
    log = _log(size)
    needed = [path for path in log.paths() if path == "checkpoint" or _is_needed(path, size)]
    path = data.draw(st.sampled_from(needed))
    changed = bytearray(log.read(path))
    bit = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[bit // 8] ^= 1 << bit % 8
    damaged = MemoryFiles()
    for name in ("tile", "tile/0", "tile/1", "tile/entries"):
        damaged.make_folder(name)
    for kept in log.paths():
        folder = kept.rpartition("/")[0]
        if folder:
            damaged.make_folder(folder)
        damaged.write(kept, bytes(changed) if kept == path else log.read(kept))
    with pytest.raises(KeregeError):
        check_log(damaged, TRUST)


def _is_needed(path: str, size: int) -> bool:
    return path in {tile.path for tile in tiles_of_tree(size)}


@settings(max_examples=300)
@given(st.data())
def test_one_changed_bit_in_a_proof_is_noticed(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 2, 15, 257, LARGEST]))
    index = data.draw(st.integers(0, size - 1))
    follower = LogFollower(_log(size), TRUST)
    follower.refresh()
    text = bytearray(format_proof(follower.prove(index)))
    bit = data.draw(st.integers(0, 8 * len(text) - 1))
    text[bit // 8] ^= 1 << bit % 8
    with pytest.raises(KeregeError):
        verify_proof(parse_proof(bytes(text)), leaf_hash=hash_leaf(LOGGED[index]), policy=TRUST)
