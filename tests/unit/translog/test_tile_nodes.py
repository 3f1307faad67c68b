# SPDX-License-Identifier: Apache-2.0
from kerege.translog.tile_nodes import TileNodes, edge_root, tile_root
from kerege.translog.tree import hash_children
from tests.logs import entries, leaf_hashes, naive_root

HASHES = leaf_hashes(entries(256))


def test_a_full_tile_has_a_root() -> None:
    data = b"".join(HASHES)
    assert tile_root(data) == naive_root(HASHES) == TileNodes(data).node(8, 0)


def test_rows_hold_perfect_subtrees_only() -> None:
    nodes = TileNodes(b"".join(HASHES[:5]))
    assert nodes.data == b"".join(HASHES[:5])
    assert nodes.node(1, 1) == hash_children(HASHES[2], HASHES[3])
    assert nodes.node(2, 0) == naive_root(HASHES[:4])
    assert nodes.node(0, 4) == HASHES[4]


def test_the_root_comes_from_the_partial_tiles() -> None:
    lower = TileNodes(b"".join(HASHES[:3]))
    upper = TileNodes(naive_root(HASHES))
    assert edge_root(259, {0: lower, 1: upper}) == naive_root([*HASHES, *HASHES[:3]])
    assert edge_root(256, {1: upper}) == naive_root(HASHES)
