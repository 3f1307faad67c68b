# SPDX-License-Identifier: Apache-2.0
"""An audit against the public log's checkpoint; more in tests/e2e/test_ledger_cli.py."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.centralbank import LedgerLeaves
from kerege.cli import main
from tests.export_example import EXAMPLE, example_export
from tests.exports import SALT_KEY, audit_bytes, export_of, make_busy
from tests.ledgers import World, move
from tests.logs import ORIGIN, VKEY, grown_log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an export, and checkpoints of its log: at that time, and one order later."""
    world = World(tmp_path / "ledger")
    make_busy(world)
    (tmp_path / "export").write_bytes(export_of(world.store))
    leaves = LedgerLeaves(world.store, SALT_KEY)
    entries = leaves.pending(0, 10**6)
    (tmp_path / "checkpoint").write_bytes(grown_log(entries).read("checkpoint"))
    (tmp_path / "older").write_bytes(grown_log(entries[:50]).read("checkpoint"))
    (tmp_path / "other").write_bytes(grown_log(entries[::-1]).read("checkpoint"))
    world.must(move(1, 2, 5))
    newer = grown_log(leaves.pending(0, 10**6))
    (tmp_path / "newer").write_bytes(newer.read("checkpoint"))
    world.ledger.close()
    return tmp_path


def audit(folder: Path, checkpoint: str, *more: str) -> Result:
    path = str(folder / checkpoint)
    export = str(folder / "export")
    arguments = ["ledger", "audit", export, "--checkpoint", path, "--log-key", VKEY, *more]
    return CliRunner().invoke(main, arguments)


def test_the_log_holds_what_the_export_tells(folder: Path) -> None:
    done = audit(folder, "checkpoint", "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["checkpoint"], told["leaves"], told["orders"]) == (ORIGIN, 84, 84)


def test_an_older_checkpoint_covers_the_beginning_only(folder: Path) -> None:
    done = audit(folder, "older")
    assert done.exit_code == 0
    assert "34 newer orders are not in that checkpoint" in done.stdout


@pytest.mark.parametrize(
    ("checkpoint", "told"), [("newer", "84 orders, fewer"), ("other", "root"), ("export", "note")]
)
def test_another_log(folder: Path, checkpoint: str, told: str) -> None:
    done = audit(folder, checkpoint)
    assert done.exit_code == 1
    assert told in done.stderr


def test_a_checkpoint_nobody_trusted_signed(folder: Path) -> None:
    note = (folder / "checkpoint").read_text()
    head, _, signature = note.rpartition(" ")
    (folder / "forged").write_text(head + " " + signature[:20] + "AAAA" + signature[24:])
    assert audit(folder, "forged").exit_code == 1


def test_the_published_example_is_what_is_made_today() -> None:
    """`python -m tests.export_example` writes it anew."""
    assert EXAMPLE.read_bytes() == example_export()
    assert audit_bytes(EXAMPLE.read_bytes()).orders == 14
