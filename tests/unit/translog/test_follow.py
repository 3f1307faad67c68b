# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.errors import InvariantViolation, KeregeError
from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.follow import ForkError, LogFollower
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.note import format_note, sign_note
from kerege.translog.tiles import TileError
from kerege.translog.tree import verify_inclusion
from tests.logs import ORIGIN, SIGNER, TRUST, entries, grown_log, leaf_hashes, naive_root

LOGGED = entries(400)


def _signed(size: int, root: bytes) -> bytes:
    return format_note(sign_note(format_checkpoint(Checkpoint(ORIGIN, size, root)), [SIGNER]))


def _at(size: int) -> bytes:
    return _signed(size, naive_root(leaf_hashes(LOGGED[:size])))


@pytest.mark.parametrize("old", [None, 0, 1, 256, 399, 400])
def test_a_log_that_grew_is_followed(old: int | None) -> None:
    known = None if old is None else _at(old)
    follower = LogFollower(grown_log(LOGGED), TRUST, known=known)
    assert follower.refresh().size == 400
    assert follower.note == _at(400)
    proof = follower.prove(399)
    verify_inclusion(
        leaf_hashes([follower.entry(399)])[0],
        index=399,
        size=400,
        proof=proof.hashes,
        root=follower.tree.root,
    )


def _refused(files: MemoryFiles, known: bytes) -> KeregeError:
    follower = LogFollower(files, TRUST, known=known)
    before = follower.checkpoint
    with pytest.raises(KeregeError) as caught:
        follower.refresh()
    assert (follower.checkpoint, follower.note) == (before, known)
    return caught.value


def test_a_log_that_went_back_is_refused() -> None:
    error = _refused(grown_log(LOGGED[:300]), _at(400))
    assert isinstance(error, ForkError)
    assert "back from 400 to 300" in error.message


def test_another_tree_of_the_same_size_is_a_fork() -> None:
    error = _refused(grown_log(LOGGED[::-1]), _at(400))
    assert isinstance(error, ForkError)


def test_a_tree_that_does_not_begin_with_the_known_one_is_a_fork() -> None:
    other = [*LOGGED[1:], b"other"]
    error = _refused(grown_log(other), _at(300))
    assert isinstance(error, ForkError)
    assert "does not begin" in error.message
    assert "prove a fork" in error.remedy


def test_a_checkpoint_without_its_tiles_is_not_followed() -> None:
    files = grown_log(LOGGED[:300])
    files.write("checkpoint", _at(400))
    _refused(files, _at(300))


def test_a_known_checkpoint_must_be_believed_itself() -> None:
    with pytest.raises(KeregeError):
        LogFollower(grown_log(LOGGED), TRUST, known=_at(5).replace(b"\n5\n", b"\n6\n"))


def test_there_is_no_proof_of_what_is_not_there() -> None:
    follower = LogFollower(grown_log(LOGGED), TRUST)
    with pytest.raises(InvariantViolation):
        LogFollower(MemoryFiles(), TRUST).prove(0)
    follower.refresh()
    for index in (-1, 400, 10**30):
        with pytest.raises(TileError):
            follower.prove(index)
        with pytest.raises(TileError):
            follower.entry(index)
