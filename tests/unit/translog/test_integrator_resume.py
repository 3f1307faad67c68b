# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.translog.integrator_record import SIGNED_PATH, LogForkError, SignedRecord
from kerege.translog.integrator_resume import Resumed, resume
from kerege.translog.log_files import LogStore
from kerege.translog.memory_files import MemoryFiles
from tests.logs import ORIGIN, ListSource, entries, integrator, leaf_hashes, naive_root

LOGGED = entries(600)


def _grown(*sizes: int) -> tuple[MemoryFiles, MemoryFiles]:
    files, state, source = MemoryFiles(), MemoryFiles(), ListSource(LOGGED)
    writer = integrator(files, state, source)
    for size in sizes:
        source.released = size
        writer.run_once()
    return files, state


def _resumed(files: MemoryFiles, state: MemoryFiles) -> Resumed:
    return resume(LogStore(files), SignedRecord(state), ORIGIN)


def test_a_new_log_starts_empty() -> None:
    found = _resumed(MemoryFiles(), MemoryFiles())
    assert (found.signed.size, found.published, found.edge.size) == (0, None, 0)


def test_it_goes_on_from_what_was_signed() -> None:
    files, state = _grown(100, 600)
    found = _resumed(files, state)
    assert found.signed == found.published
    assert found.edge.root() == naive_root(leaf_hashes(LOGGED))
    assert [signature.name for signature in found.signatures] == [ORIGIN]


def test_a_signed_checkpoint_may_not_be_published_yet() -> None:
    files, state = _grown(100, 600)
    earlier, _ = _grown(100)
    files.write("checkpoint", earlier.read("checkpoint"))
    found = _resumed(files, state)
    assert found.published is not None
    assert (found.signed.size, found.published.size) == (600, 100)
    files.remove("checkpoint")
    assert _resumed(files, state).published is None


def test_what_does_not_agree_is_refused() -> None:
    files, state = _grown(100, 600)
    state.remove(SIGNED_PATH)
    with pytest.raises(LogForkError) as caught:
        _resumed(files, state)
    assert "witness" in caught.value.remedy
