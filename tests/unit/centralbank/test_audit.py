# SPDX-License-Identifier: Apache-2.0
"""Books and log together: what books alone cannot tell, the log's root does."""

import json
from pathlib import Path
from typing import Any

import pytest

from kerege.centralbank.audit import audit_export, root_of_export
from kerege.centralbank.leaves import LedgerLeaves
from kerege.ledger.errors import ExportFault
from kerege.ledger.export_reading import read_export
from kerege.translog.checkpoint import Checkpoint
from tests.exports import SALT_KEY, audit_bytes, export_of, line_of, lines_of, make_busy, signed
from tests.ledgers import World
from tests.logs import ORIGIN, leaf_hashes, naive_root


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[bytes]]:
    """An export, and the leaf hashes of the log it belongs to."""
    world = World(tmp_path_factory.mktemp("ledger") / "ledger")
    make_busy(world)
    export = export_of(world.store)
    hashes = leaf_hashes(LedgerLeaves(world.store, SALT_KEY).pending(0, 10**6))
    world.ledger.close()
    return export, hashes


def checkpoint_of(hashes: list[bytes]) -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=len(hashes), root=naive_root(hashes))


def written(folder: Path, export: bytes) -> Path:
    path = folder / "export"
    path.write_bytes(export)
    return path


def test_an_honest_export_has_the_logs_root(
    honest: tuple[bytes, list[bytes]], tmp_path: Path
) -> None:
    export, hashes = honest
    path = written(tmp_path, export)
    report = audit_export(path, checkpoint=checkpoint_of(hashes))
    assert report.books == audit_bytes(export)
    assert (report.leaves, report.root) == (len(hashes), naive_root(hashes))
    assert audit_export(path) == report


@pytest.mark.parametrize("size", [0, 1, 17, 18, 19, 40, 83])
def test_an_older_checkpoint_is_a_beginning_of_the_export(
    honest: tuple[bytes, list[bytes]], size: int
) -> None:
    export, hashes = honest
    facts = read_export(lines_of(export))
    assert root_of_export(facts, size=size) == (size, naive_root(hashes[:size]))


def test_an_export_older_than_the_checkpoint_is_told_so(
    honest: tuple[bytes, list[bytes]], tmp_path: Path
) -> None:
    export, hashes = honest
    newer = checkpoint_of([*hashes, bytes(32)])
    with pytest.raises(ExportFault, match="84 orders, fewer than the checkpoint") as caught:
        audit_export(written(tmp_path, export), checkpoint=newer)
    assert "85" in caught.value.place


def spoiled(export: bytes, sort: str, field: int, value: Any, nth: int = 5) -> bytes:
    """The export, signed anew, with one field of the nth fact of a sort replaced."""
    facts = [json.loads(line) for line in lines_of(export)[:-1]]
    places = [n for n, fact in enumerate(facts) if isinstance(fact, list) and fact[0] == sort]
    facts[places[nth]][field] = value(facts[places[nth]][field])
    return signed(line_of(fact) for fact in facts)


LIES = {
    "another salt": ("o", 3, lambda salt: "00" + salt[2:]),
    "another time": ("b", 2, lambda at_us: at_us + 1),
    "another owner": ("o", 1, lambda body: body.replace(b"owner".hex(), b"0wner".hex())),
    "another id": ("o", 1, lambda body: body[:34] + "77" + body[36:]),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_books_cannot_tell_the_root_does(
    honest: tuple[bytes, list[bytes]], tmp_path: Path, lie: str
) -> None:
    export, hashes = honest
    forged = spoiled(export, *LIES[lie])
    assert audit_bytes(forged) == audit_bytes(export)
    with pytest.raises(ExportFault, match="root"):
        audit_export(written(tmp_path, forged), checkpoint=checkpoint_of(hashes))


def test_a_fault_of_the_books_is_told_as_such(
    honest: tuple[bytes, list[bytes]], tmp_path: Path
) -> None:
    export, hashes = honest
    forged = spoiled(export, "c", 3, lambda balance: balance + 1, nth=1)
    with pytest.raises(ExportFault, match="recomputed"):
        audit_export(written(tmp_path, forged), checkpoint=checkpoint_of(hashes))


def test_a_file_cut_off_is_told_as_such(honest: tuple[bytes, list[bytes]], tmp_path: Path) -> None:
    export, _ = honest
    with pytest.raises(ExportFault, match="line"):
        audit_export(written(tmp_path, export[:-1]))
