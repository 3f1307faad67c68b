# SPDX-License-Identifier: Apache-2.0
"""Files that are not a ledger, not ours to write, or from the future: refused, and left alone."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kerege.ledger.errors import LedgerError, LedgerInUse, SchemaTooNew, StoreFailed
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.ledger.stores.sqlite_files import SCHEMA_VERSION, take_writer_lock
from tests.ledgers import World, move


def _ledger(path: Path) -> Path:
    world = World(path)
    payer = world.holder(10**6)
    for _ in range(50):
        world.must(*[move(payer, 1, 1)] * 50)
    world.ledger.close()
    return path


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear bank, " * 1000)
    with pytest.raises(StoreFailed, match=r"letter\.txt"):
        SqliteStore(path)
    assert path.read_text() == "Dear bank, " * 1000


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreFailed, match="not a ledger"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_ledger_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    path = _ledger(tmp_path / "ledger")
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    other.close()
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew, match=f"version {SCHEMA_VERSION + 1}"):
        SqliteStore(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [1, 50, 100, 4096, 8192, 20_000, 50_000])
def test_a_truncated_ledger_is_refused_or_says_so_when_asked(kept: int, tmp_path: Path) -> None:
    path = _ledger(tmp_path / "ledger")
    os.truncate(path, kept)
    with pytest.raises(LedgerError):
        _use(path)


def _use(path: Path) -> None:
    world = World(path)
    try:
        world.state()
        world.ledger.statement((world.issuer(), 0), limit=1000)  # type: ignore[arg-type]
    finally:
        world.ledger.close()


@pytest.mark.parametrize("missing", ["nowhere/ledger", "file/ledger", "."])
def test_a_path_that_cannot_be_a_file_is_refused(missing: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed):
        SqliteStore(tmp_path / missing)


def test_a_ledger_has_one_writer_under_all_its_names(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    world = World(path)
    (tmp_path / "alias").symlink_to(path)
    for name in ("ledger", "alias"):
        with pytest.raises(LedgerInUse):
            SqliteStore(tmp_path / name)
    world.ledger.close()
    World(tmp_path / "alias").ledger.close()


def test_another_process_is_told_that_the_ledger_is_in_use(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger")
    script = (
        "import sys, pathlib\n"
        "from kerege.ledger.errors import LedgerInUse\n"
        "from kerege.ledger.stores.sqlite import SqliteStore\n"
        "try:\n    SqliteStore(pathlib.Path(sys.argv[1]))\n"
        "except LedgerInUse as refusal:\n    sys.exit(str(refusal))\n"
    )
    root = Path(__file__).parents[4]
    found = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "ledger")],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "another process writes this ledger" in found.stderr
    assert found.returncode == 1
    world.ledger.close()


def test_the_lock_ends_with_its_descriptor(tmp_path: Path) -> None:
    os.close(take_writer_lock(tmp_path / "ledger"))
    os.close(take_writer_lock(tmp_path / "ledger"))
