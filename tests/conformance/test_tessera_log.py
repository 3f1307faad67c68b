# SPDX-License-Identifier: Apache-2.0
"""A log written by transparency-dev/tessera: we read it, check it, and write the same bytes."""

from pathlib import Path

from kerege.translog.checkpoint import parse_checkpoint
from kerege.translog.files import DiskFiles
from kerege.translog.follow import LogFollower
from kerege.translog.fsck import check_log
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.note import parse_note
from kerege.translog.proof import format_proof, parse_proof, verify_proof
from kerege.translog.tree import hash_leaf
from kerege.translog.trust import PolicyAt, policy_of_keys
from tests.conformance_files import find_conformance_files
from tests.logs import NOW_S, ListSource, integrator


def _folder() -> Path:
    return find_conformance_files("tlog/verifier_key.txt")[0].parent


def _trust() -> PolicyAt:
    key = (_folder() / "verifier_key.txt").read_text().strip()
    return PolicyAt(policy_of_keys(key), now_s=NOW_S)


def test_the_whole_log_is_found_whole() -> None:
    report = check_log(DiskFiles(_folder()), _trust())
    assert (report.checkpoint.size, report.bundles, report.tiles) == (15, 1, 1)


def test_each_checkpoint_continues_the_one_before() -> None:
    folder = _folder()
    count = len(list(folder.glob("checkpoint.*")))
    files = MemoryFiles()
    files.make_folder("tile")
    files.make_folder("tile/0")
    files.make_folder("tile/0/000.p")
    follower = None
    for size in range(count):
        files.write("checkpoint", (folder / f"checkpoint.{size}").read_bytes())
        if size:
            path = f"tile/0/000.p/{size}"
            files.write(path, (folder / path).read_bytes())
        follower = follower or LogFollower(files, _trust())
        assert follower.refresh().size == size


def test_every_leaf_has_a_proof_in_every_tree() -> None:
    files = DiskFiles(_folder())
    follower = LogFollower(files, _trust())
    size = follower.refresh().size
    for index in range(size):
        proof = parse_proof(format_proof(follower.prove(index)))
        leaf = hash_leaf(follower.entry(index))
        assert verify_proof(proof, leaf_hash=leaf, policy=_trust()).size == size


def test_our_integrator_writes_the_same_bytes() -> None:
    folder = _folder()
    theirs = DiskFiles(folder)
    follower = LogFollower(theirs, _trust())
    size = follower.refresh().size
    source = ListSource([follower.entry(index) for index in range(size)])
    ours = MemoryFiles()
    writer = integrator(ours, MemoryFiles(), source)
    for released in range(size + 1):
        source.released = released
        writer.run_once()
        # The origin and key differ, so of the checkpoint the size and root are compared.
        said = parse_checkpoint(parse_note(ours.read("checkpoint")).text)
        wanted = (folder / f"checkpoint.{released}").read_bytes()
        expected = parse_checkpoint(parse_note(wanted).text)
        assert (said.size, said.root) == (expected.size, expected.root)
    paths = [path for path in ours.paths() if path.startswith("tile/")]
    written = [path for path in (folder / "tile").rglob("*") if path.is_file()]
    assert paths == sorted(path.relative_to(folder).as_posix() for path in written)
    assert all(ours.read(path) == theirs.read(path) for path in paths)
