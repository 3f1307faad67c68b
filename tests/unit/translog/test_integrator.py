# SPDX-License-Identifier: Apache-2.0
"""The integrator: what it publishes, and that no crash, torn write or lost file makes it fork."""

from collections.abc import Callable, Sequence
from threading import Event, Thread

import pytest

from kerege.errors import InvariantViolation
from kerege.runtime.clock import ManualClock
from kerege.runtime.randomness import SeededRandomness
from kerege.translog import integrator as module
from kerege.translog.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from kerege.translog.files import FileStoreError
from kerege.translog.fsck import check_log
from kerege.translog.integrator_record import SIGNED_PATH, LogForkError
from kerege.translog.memory_files import CrashError, MemoryFiles
from kerege.translog.note import (
    Note,
    NoteSignature,
    NoteSigner,
    format_note,
    open_note,
    parse_note,
    parse_verifier_key,
    sign_note,
)
from kerege.translog.tiles import TileError
from kerege.translog.tree import verify_consistency
from kerege.translog.witness import (
    MemoryWitnessStore,
    Witness,
    WitnessEndpoint,
    WitnessPanel,
)
from tests.logs import (
    NOW_S,
    ORIGIN,
    SIGNER,
    TRUST,
    VKEY,
    ListSource,
    entries,
    integrator,
    leaf_hashes,
    naive_root,
)
from tests.witness_server import cosigner, serve, verifier_of_cosigner

STEPS = (1, 200, 256, 257, 600)
"""Sizes of the log after each batch: partial tiles, a tile filled exactly, two at once."""

LOGGED = entries(STEPS[-1])


def _published(files: MemoryFiles) -> Checkpoint:
    return TRUST.open_checkpoint(files.read("checkpoint"))


def _drive(
    files: MemoryFiles, state: MemoryFiles, source: ListSource, steps: Sequence[int]
) -> None:
    writer = integrator(files, state, source)
    for size in steps:
        source.released = size
        while writer.run_once() is not None:
            pass


def test_an_empty_log_has_a_checkpoint_too() -> None:
    files = MemoryFiles()
    writer = integrator(files, MemoryFiles(), ListSource([]))
    assert writer.run_once() == _published(files)
    assert _published(files).size == 0
    assert writer.run_once() is None


def test_each_batch_is_published_with_the_root_of_its_leaves() -> None:
    files, source = MemoryFiles(), ListSource(LOGGED)
    writer = integrator(files, MemoryFiles(), source)
    for size in STEPS:
        source.released = size
        assert writer.run_once() == Checkpoint(ORIGIN, size, naive_root(leaf_hashes(LOGGED[:size])))
        assert check_log(files, TRUST).checkpoint.size == size


def test_a_restart_goes_on_where_it_was() -> None:
    files, state = MemoryFiles(), MemoryFiles()
    for size in STEPS:
        _drive(files, state, ListSource(LOGGED), [size])
    assert _published(files).root == naive_root(leaf_hashes(LOGGED))


def test_partial_tiles_go_once_the_full_tile_was_published_and_the_next_checkpoint_too() -> None:
    files = MemoryFiles()
    source = ListSource(LOGGED)
    writer = integrator(files, MemoryFiles(), source)
    for size, kept in ((200, True), (256, True), (257, False)):
        source.released = size
        writer.run_once()
        assert ("tile/0/000.p/200" in files.paths()) is kept
        assert ("tile/entries/000.p/200" in files.paths()) is kept
    assert "tile/0/000" in files.paths()


def _operations() -> int:
    files = MemoryFiles()
    _drive(files, files, ListSource(LOGGED), STEPS)
    return files.operations


@pytest.mark.parametrize("persisted", [False, True], ids=["lost", "failed but persisted"])
def test_a_crash_at_any_operation_leaves_a_log_that_goes_on(persisted: bool) -> None:
    for fail_at in range(1, _operations() + 1):
        for seed in range(2):
            files = MemoryFiles(fail_at=fail_at, persist_failure=persisted)
            with pytest.raises(CrashError):
                _drive(files, files, ListSource(LOGGED), STEPS)
            found = files.after_crash(SeededRandomness(1000 * fail_at + seed))
            _check_recovers(found)


def _check_recovers(found: MemoryFiles) -> None:
    seen = _published(found) if "checkpoint" in found.paths() else None
    if seen is not None:
        # What a reader can see at this instant is whole.
        assert check_log(found, TRUST).checkpoint == seen
    _drive(found, found, ListSource(LOGGED), STEPS[-1:])
    assert _published(found).root == naive_root(leaf_hashes(LOGGED))
    assert check_log(found, TRUST).checkpoint.size == len(LOGGED)


@pytest.mark.parametrize("persisted", [False, True], ids=["lost", "failed but persisted"])
def test_a_disk_that_refuses_once_is_survived_without_a_restart(persisted: bool) -> None:
    for fail_at in range(1, _operations() + 1):
        files = MemoryFiles(fail_at=fail_at, persist_failure=persisted, failure=FileStoreError)
        source = ListSource(LOGGED)
        writer = integrator(files, files, source)
        failures = 0
        for size in STEPS:
            source.released = size
            try:
                writer.run_once()
            except FileStoreError:
                failures += 1
        while writer.run_once() is not None:
            pass
        assert failures == 1
        assert check_log(files, TRUST).checkpoint.size == len(LOGGED)


def test_every_checkpoint_ever_signed_is_of_one_history(monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[str] = []

    def sign_and_remember(text: str, signers: Sequence[NoteSigner]) -> Note:
        signed.append(text)
        return sign_note(text, signers)

    monkeypatch.setattr(module, "sign_note", sign_and_remember)
    for fail_at in range(1, _operations(), 3):
        files = MemoryFiles(fail_at=fail_at)
        with pytest.raises(CrashError):
            _drive(files, files, ListSource(LOGGED), STEPS)
        found = files.after_crash(SeededRandomness(fail_at))
        _drive(found, found, ListSource(LOGGED), STEPS)
    for text in set(signed):
        said = parse_checkpoint(text)
        assert said.root == naive_root(leaf_hashes(LOGGED[: said.size]))


def test_leaves_not_yet_signed_may_change_after_a_crash() -> None:
    files = MemoryFiles()
    state = MemoryFiles(fail_at=5)
    with pytest.raises(CrashError):
        _drive(files, state, ListSource(LOGGED), [100, 300])
    other = [*LOGGED[:100], *entries(500)[400:]]
    after = state.after_crash(SeededRandomness(1))
    assert parse_checkpoint(parse_note(after.read(SIGNED_PATH)).text).size == 100
    _drive(files, after, ListSource(other), [200])
    assert check_log(files, TRUST).checkpoint.root == naive_root(leaf_hashes(other))


def _grown() -> tuple[MemoryFiles, MemoryFiles]:
    files, state = MemoryFiles(), MemoryFiles()
    _drive(files, state, ListSource(LOGGED), [300])
    return files, state


def _refused(files: MemoryFiles, state: MemoryFiles) -> str:
    before = {path: files.read(path) for path in files.paths()}
    with pytest.raises(LogForkError) as caught:
        _drive(files, state, ListSource(LOGGED), [600])
    assert {path: files.read(path) for path in files.paths()} == before
    return str(caught.value)


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_tiles_that_are_not_those_signed_are_refused(path: str) -> None:
    files, state = _grown()
    data = files.read(path)
    files.write(path, data[:-1] + bytes([data[-1] ^ 1]))
    assert "not those of the last signed checkpoint" in _refused(files, state)
    files.remove(path)
    assert "not those of the last signed checkpoint" in _refused(files, state)


def test_a_lost_record_of_what_was_signed_is_refused() -> None:
    files, _ = _grown()
    assert "restore the record" in _refused(files, MemoryFiles())


def test_an_older_record_is_refused() -> None:
    files, state = _grown()
    old_files, old_state = MemoryFiles(), MemoryFiles()
    _drive(old_files, old_state, ListSource(LOGGED), [100])
    assert "restore the record" in _refused(files, old_state)
    assert state.read(SIGNED_PATH) != old_state.read(SIGNED_PATH)


def test_an_older_copy_of_the_log_under_a_newer_record_is_refused() -> None:
    _, state = _grown()
    old_files = MemoryFiles()
    _drive(old_files, MemoryFiles(), ListSource(LOGGED), [100])
    assert "not those of the last signed checkpoint" in _refused(old_files, state)


def test_two_trees_of_one_size_are_refused() -> None:
    files, state = _grown()
    other = Checkpoint(ORIGIN, 300, bytes(32))
    files.write("checkpoint", format_note(sign_note(format_checkpoint(other), [SIGNER])))
    assert "two different trees" in _refused(files, state)


def test_an_older_published_tree_of_another_history_is_refused() -> None:
    files, state = _grown()
    other = Checkpoint(ORIGIN, 200, bytes(32))
    files.write("checkpoint", format_note(sign_note(format_checkpoint(other), [SIGNER])))
    assert "two different trees" in _refused(files, state)


def test_files_of_another_log_are_refused() -> None:
    files, state = _grown()
    other = Checkpoint("other.example", 300, bytes(32))
    state.write(SIGNED_PATH, format_note(sign_note(format_checkpoint(other), [SIGNER])))
    assert "of the log 'other.example'" in _refused(files, state)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"a\n1\nb\n\n"])
def test_a_damaged_record_or_checkpoint_is_refused(damage: bytes) -> None:
    files, state = _grown()
    whole = files.read("checkpoint")
    files.write("checkpoint", damage)
    assert "damaged" in _refused(files, state)
    files.write("checkpoint", whole)
    state.write(SIGNED_PATH, damage)
    assert "damaged" in _refused(files, state)


def test_an_entry_too_long_is_refused_by_its_leaf_and_changes_nothing() -> None:
    files = MemoryFiles()
    writer = integrator(files, MemoryFiles(), ListSource([b"a", bytes(65536)]))
    with pytest.raises(TileError, match="leaf 1: an entry of 65536 bytes"):
        writer.run_once()
    assert files.paths() == []


def test_a_source_that_gives_too_much_is_our_fault() -> None:
    class Flood(ListSource):
        def pending(self, after_index: int, limit: int) -> list[bytes]:
            return [b""] * (limit + 1)

    with pytest.raises(InvariantViolation):
        integrator(MemoryFiles(), MemoryFiles(), Flood([])).run_once()


def test_a_batch_of_long_entries_is_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BATCH_BYTES", 100)
    files = MemoryFiles()
    writer = integrator(files, MemoryFiles(), ListSource([bytes(40)] * 5))
    sizes = []
    while (done := writer.run_once()) is not None:
        sizes.append(done.size)
    assert sizes == [2, 4, 5]


class _Witnesses:
    """Records what it is asked, and answers with a signature or fails."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.fails = False
        self.gives = True

    def __call__(
        self, old_size: int, prove: Callable[[int], Sequence[bytes]], note: bytes, /
    ) -> Sequence[NoteSignature]:
        new = TRUST.open_checkpoint(note)
        if old_size:
            verify_consistency(
                old_size=old_size,
                old_root=naive_root(leaf_hashes(LOGGED[:old_size])),
                new_size=new.size,
                new_root=new.root,
                proof=prove(old_size),
            )
        self.asked.append((old_size, new.size))
        if self.fails:
            raise ConnectionError("no witness")
        if not self.gives:
            return []
        return [NoteSignature("witness.example", b"abcd", b"12345678" + bytes(64))]


def test_witnesses_are_asked_before_publishing_with_a_proof_from_what_they_saw() -> None:
    files, source, witnesses = MemoryFiles(), ListSource(LOGGED), _Witnesses()
    writer = integrator(files, MemoryFiles(), source, cosign=witnesses)
    for size in STEPS:
        source.released = size
        writer.run_once()
        names = [signature.name for signature in parse_note(files.read("checkpoint")).signatures]
        assert names == [ORIGIN, "witness.example"]
    assert witnesses.asked == list(zip((0, *STEPS), STEPS, strict=False))


def test_a_checkpoint_the_witnesses_did_not_get_is_offered_again() -> None:
    files, source, witnesses = MemoryFiles(), ListSource(LOGGED, released=100), _Witnesses()
    writer = integrator(files, MemoryFiles(), source, cosign=witnesses)
    witnesses.fails = True
    with pytest.raises(ConnectionError):
        writer.run_once()
    assert "checkpoint" not in files.paths()
    witnesses.fails = False
    done = writer.run_once()
    assert done is not None
    assert done.size == 100
    assert witnesses.asked == [(0, 100), (0, 100)]


def test_witnesses_are_asked_again_while_there_is_no_work() -> None:
    files, state, source, witnesses = MemoryFiles(), MemoryFiles(), ListSource(LOGGED), _Witnesses()
    witnesses.gives = False
    for _ in range(2):
        writer = integrator(files, state, source, cosign=witnesses, witnesses_wanted=1)
        while writer.run_once() is not None:
            pass
    asked = len(witnesses.asked)
    assert asked == 3
    witnesses.gives = True
    for _ in range(3):
        writer = integrator(files, state, source, cosign=witnesses, witnesses_wanted=1)
        assert writer.run_once() is None
        names = [signature.name for signature in parse_note(files.read("checkpoint")).signatures]
        assert names == [ORIGIN, "witness.example"]
    assert len(witnesses.asked) == asked + 1


def test_a_real_witness_cosigns_what_the_integrator_publishes() -> None:
    store, clock = MemoryWitnessStore(), ManualClock(NOW_S * 1_000_000)
    witness = Witness(
        cosigners=[cosigner()], logs={ORIGIN: [parse_verifier_key(VKEY)]}, store=store, clock=clock
    )
    key = verifier_of_cosigner(cosigner())
    files, source = MemoryFiles(), ListSource(LOGGED)
    with serve(witness) as (host, port):
        panel = WitnessPanel([WitnessEndpoint(f"http://{host}:{port}", (key,))], clock=clock)
        writer = integrator(files, MemoryFiles(), source, cosign=panel)
        for size in STEPS:
            source.released = size
            writer.run_once()
            signatures = open_note(files.read("checkpoint"), [key]).signatures
            assert [signature.name for signature in signatures] == [key.name]


def test_it_runs_until_told_to_stop() -> None:
    files, stop = MemoryFiles(), Event()
    thread = Thread(target=integrator(files, MemoryFiles(), ListSource(LOGGED)).run, args=(stop,))
    thread.start()
    while "checkpoint" not in files.paths():
        stop.wait(0.01)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert _published(files).size == len(LOGGED)
