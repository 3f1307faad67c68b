# SPDX-License-Identifier: Apache-2.0
"""A witness's memory: what is saved stays, what goes back is refused by the database itself."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kerege.translog.witness import store as store_module
from kerege.translog.witness.rules import LogState
from kerege.translog.witness.store import (
    MemoryWitnessStore,
    SqliteWitnessStore,
    WitnessStore,
    WitnessStoreError,
    hash_origin,
)

ORIGIN = "log.example/1"


def state(size: int, fill: int = 1, timestamp_s: int = 100) -> LogState:
    return LogState(size=size, root=bytes([fill]) * 32, timestamp_s=timestamp_s)


def save(store: WitnessStore, value: LogState, origin: str = ORIGIN) -> None:
    with store.exclusive(origin) as slot:
        slot.save(value, note=f"note of {value.size}".encode())


def read(store: WitnessStore, origin: str = ORIGIN) -> LogState | None:
    with store.exclusive(origin) as slot:
        return slot.state


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WitnessStore]:
    made: WitnessStore = (
        MemoryWitnessStore()
        if request.param == "memory"
        else SqliteWitnessStore(tmp_path / "witness.db")
    )
    yield made
    made.close()


def test_what_is_saved_is_read_by_origin(store: WitnessStore) -> None:
    assert read(store) is None
    assert store.read_note(hash_origin(ORIGIN)) is None
    save(store, state(5))
    save(store, state(2**63 - 1), "log.example/2")
    assert read(store) == state(5)
    assert read(store, "log.example/2") == state(2**63 - 1)
    assert store.read_note(hash_origin(ORIGIN)) == b"note of 5"


def test_nothing_is_saved_when_the_hold_ends_in_an_exception(store: WitnessStore) -> None:
    def save_and_fail() -> None:
        with store.exclusive(ORIGIN) as slot:
            slot.save(state(5), note=b"")
            raise LookupError

    with pytest.raises(LookupError):
        save_and_fail()
    assert read(store) is None


def test_the_origin_is_hashed_as_tlog_witness_says() -> None:
    assert hash_origin("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_state_survives_the_process(tmp_path: Path) -> None:
    with closing(SqliteWitnessStore(tmp_path / "witness.db")) as store:
        save(store, state(5))
    with closing(SqliteWitnessStore(tmp_path / "witness.db")) as store:
        assert read(store) == state(5)


@pytest.mark.parametrize(
    "backward",
    [state(4), state(5, fill=2), state(6, timestamp_s=99)],
    ids=["smaller", "other root", "earlier"],
)
def test_the_database_refuses_to_go_back(tmp_path: Path, backward: LogState) -> None:
    with closing(SqliteWitnessStore(tmp_path / "witness.db")) as store:
        save(store, state(5))
        with pytest.raises(WitnessStoreError, match=r"never goes back|has one root"):
            save(store, backward)
        assert read(store) == state(5)


def test_the_database_refuses_to_forget(tmp_path: Path) -> None:
    with closing(SqliteWitnessStore(tmp_path / "witness.db")) as store:
        save(store, state(5))
    with closing(sqlite3.connect(tmp_path / "witness.db")) as other:
        for statement in ("DELETE FROM cosigned_log", "UPDATE cosigned_log SET origin = 'x'"):
            with pytest.raises(sqlite3.IntegrityError):
                other.execute(statement)


def test_two_processes_wait_for_each_other(tmp_path: Path) -> None:
    """Two stores on one file stand for two processes: each increment reads the one before."""
    stores = [SqliteWitnessStore(tmp_path / "witness.db") for _ in range(2)]

    def grow(store: SqliteWitnessStore) -> None:
        for _ in range(50):
            with store.exclusive(ORIGIN) as slot:
                slot.save(state(slot.state.size + 1 if slot.state else 1), note=b"")

    threads = [threading.Thread(target=grow, args=(store,)) for store in stores * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(stores[0]) == state(200)
    for store in stores:
        store.close()


def test_a_state_held_too_long_elsewhere_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_LOCK_WAIT_S", 0.05)
    with (
        closing(SqliteWitnessStore(tmp_path / "witness.db")) as first,
        closing(SqliteWitnessStore(tmp_path / "witness.db")) as second,
        first.exclusive(ORIGIN),
        pytest.raises(WitnessStoreError, match="locked"),
    ):
        save(second, state(1))


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(WitnessStoreError, match="not a witness's state"):
        SqliteWitnessStore(path)
    path.write_bytes(b"hello, this is no database" * 100)
    with pytest.raises(WitnessStoreError, match="cannot be used"):
        SqliteWitnessStore(path)
    with pytest.raises(WitnessStoreError, match="cannot be used"):
        SqliteWitnessStore(tmp_path / "no folder" / "witness.db")


def test_a_newer_state_is_refused(tmp_path: Path) -> None:
    SqliteWitnessStore(tmp_path / "witness.db").close()
    with closing(sqlite3.connect(tmp_path / "witness.db")) as other:
        other.execute("PRAGMA user_version = 2")
    with pytest.raises(WitnessStoreError, match="version 2, this program knows 1") as caught:
        SqliteWitnessStore(tmp_path / "witness.db")
    assert "newer program" in caught.value.remedy


def test_many_can_open_a_new_file_at_once(tmp_path: Path) -> None:
    faults: list[Exception] = []

    def open_one() -> None:
        try:
            SqliteWitnessStore(tmp_path / "witness.db").close()
        except WitnessStoreError as error:
            faults.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
