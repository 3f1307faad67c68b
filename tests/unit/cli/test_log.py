# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.translog.files import DiskFiles
from kerege.translog.leaf import commit_record, salt_for
from tests.logs import VKEY, ListSource, entries, integrator
from tests.serving import serve_folder

RECORD = b"order 42"
SALT = salt_for(bytes(32), RECORD)
LOGGED = [*entries(299), commit_record(RECORD, salt=SALT)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of 300 leaves whose last is `RECORD`, its first checkpoint at 100 in `old`."""
    source = ListSource(LOGGED, released=100)
    files = DiskFiles(tmp_path / "log")
    writer = integrator(files, DiskFiles(tmp_path / "state"), source, flush_threads=4)
    writer.run_once()
    (tmp_path / "old").write_bytes((tmp_path / "log/checkpoint").read_bytes())
    source.released = 300
    writer.run_once()
    (tmp_path / "vkey").write_text(f"{VKEY}\n")
    (tmp_path / "record").write_bytes(RECORD)
    return tmp_path


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["log", *map(str, arguments)])


def _json(*arguments: object) -> dict[str, object]:
    told = json.loads(_run(*arguments, "--json").output)
    assert isinstance(told, dict)
    return told


def test_a_receipt_is_made_and_verified(folder: Path) -> None:
    receipt = folder / "receipt"
    made = _run(
        *("prove", folder / "log", 299, "--key", folder / "vkey", "--output", receipt),
        *("--record", folder / "record", "--salt", SALT.hex()),
    )
    assert made.output == f"Leaf 299: written to {receipt}.\n"
    assert _run("verify", receipt, "--key", VKEY).output.startswith("Valid: leaf 299 of ")
    assert _json("verify", receipt, "--key", VKEY)["size"] == 300
    receipt.write_bytes(receipt.read_bytes().replace(b"index 299", b"index 298"))
    wrong = _run("verify", receipt, "--key", VKEY)
    assert wrong.exit_code == 1
    assert "what to do: " in wrong.output
    told = _json("verify", receipt, "--key", VKEY)
    assert (told["ok"], told["error"]) == (False, "ProofError")


def test_a_record_of_another_leaf_gets_no_receipt(folder: Path) -> None:
    target = folder / "receipt"
    done = _run(
        *("prove", folder / "log", 5, "--key", VKEY, "--output", target),
        *("--record", folder / "record", "--salt", SALT.hex()),
    )
    assert done.exit_code == 1
    assert not target.exists()


def test_a_bare_proof_needs_the_entry(folder: Path) -> None:
    proof, entry = folder / "proof", folder / "entry"
    printed = _run("prove", folder / "log", 7, "--key", VKEY).output
    proof.write_text(printed)
    entry.write_bytes(LOGGED[7])
    assert printed.startswith("c2sp.org/tlog-proof@v1\nindex 7\n")
    assert _run("verify", proof, "--entry", entry, "--key", VKEY).exit_code == 0
    assert "--entry FILE" in _run("verify", proof, "--key", VKEY).output
    entry.write_bytes(LOGGED[8])
    assert _run("verify", proof, "--entry", entry, "--key", VKEY).exit_code == 1


def test_a_log_is_followed_over_http(folder: Path) -> None:
    state = folder / "seen"
    with serve_folder(folder / "log") as url:
        first = _run("check", url, "--state", state, "--key", VKEY)
        assert "is seen for the first time" in first.output
        state.write_bytes((folder / "old").read_bytes())
        assert _json("check", url, "--state", state, "--key", VKEY)["old_size"] == 100
        assert state.read_bytes() == (folder / "log/checkpoint").read_bytes()
    (folder / "log/checkpoint").write_bytes((folder / "old").read_bytes())
    back = _run("check", folder / "log", "--state", state, "--key", VKEY)
    assert back.exit_code == 1
    assert "went back from 300 to 100" in back.output
    assert state.read_bytes() != (folder / "old").read_bytes()


def test_a_log_is_mirrored_over_http_and_found_whole(folder: Path) -> None:
    copy = folder / "copy"
    with serve_folder(folder / "log") as url:
        done = _run("mirror", url, copy, "--key", VKEY)
        assert done.output == "Complete: 300 leaves; 5 files fetched, 0 already there.\n"
        assert _json("mirror", url, copy, "--key", VKEY)["kept"] == 5
    assert "300 leaves and the checkpoint (bundles: 2" in _run("fsck", copy, "--key", VKEY).output
    (copy / "tile/0/000").write_bytes(bytes(8192))
    damaged = _run("fsck", copy, "--key", VKEY)
    assert damaged.exit_code == 1
    assert "tile/0/000, bytes 0 to 32" in damaged.output


def test_a_policy_file_takes_the_place_of_keys(folder: Path) -> None:
    policy = folder / "policy"
    policy.write_text(f"log {VKEY}\nquorum none\n")
    assert _run("fsck", folder / "log", "--policy", policy).exit_code == 0
    assert _run("fsck", folder / "log", "--policy", policy, "--key", VKEY).exit_code == 2
    assert _run("fsck", folder / "log").exit_code == 2
    policy.write_text(f"log {VKEY}\nquorum all\n")
    assert _run("fsck", folder / "log", "--policy", policy).exit_code == 1


def test_a_quorum_that_was_not_there_is_told(folder: Path) -> None:
    witness = "w.example+a3a0f2a4+BA=="
    assert _run("fsck", folder / "log", "--key", VKEY, "--witness", witness).exit_code == 1
    assert _run("fsck", folder / "log", "--key", VKEY, "--quorum", 1).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("fsck", "no-such-folder", "--key", VKEY), 1),
        (("fsck", "ftp://log.example", "--key", VKEY), 1),
        (("fsck", ".", "--key", "no-such-key-file"), 1),
        (("fsck", ".", "--key", VKEY), 1),
        (("prove", ".", "-1", "--key", VKEY), 2),
        (("prove", "log", "300", "--key", VKEY), 1),
        (("prove", "log", "1", "--key", VKEY, "--salt", "00"), 2),
        (("prove", "log", "1", "--key", VKEY, "--salt", "zz", "--record", "record"), 1),
        (("prove", "log", "1", "--key", VKEY, "--salt", "00", "--record", "record"), 1),
        (("verify", "record", "--key", VKEY), 1),
        (("verify", "no-such-file", "--key", VKEY), 2),
    ],
)
def test_mistakes_are_told_without_a_trace(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(folder)
    done = _run(*arguments)
    assert done.exit_code == code
    assert isinstance(done.exception, SystemExit)
    assert done.output


def test_the_witness_of_the_same_room_is_there() -> None:
    assert "witness" in _run("--help").output
