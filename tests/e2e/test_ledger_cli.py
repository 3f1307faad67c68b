# SPDX-License-Identifier: Apache-2.0
"""`kerege ledger` from the outside: the installed command and files, nothing else of ours."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs/formats/export-example.jsonl"
SALT_KEY = bytes(range(32)).hex()
URL = "sqlite:///ledger.db"


class Shell:
    """Runs the command in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kerege", "ledger", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def told(self, *arguments: str) -> dict[str, Any]:
        """What a successful command says as JSON."""
        done = self.run(*arguments, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        found: dict[str, Any] = json.loads(done.stdout)
        assert found.pop("ok") is True
        return found

    def refusal(self, *arguments: str) -> str:
        """What a command says that could not do it: a message and a remedy, no stack trace."""
        done = self.run(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        assert "what to do:" in done.stderr
        as_json = self.run(*arguments, "--json")
        assert as_json.returncode == 1
        told = json.loads(as_json.stdout)
        assert told["ok"] is False
        assert told["message"] in done.stderr
        return done.stderr


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A folder with an imported ledger, `ledger.db`, and its salt key."""
    shell = Shell(tmp_path)
    assert shell.run("import", str(EXAMPLE), URL).returncode == 0
    key = tmp_path / "salt-key"
    key.write_text(SALT_KEY + "\n")
    key.chmod(0o600)
    return shell


def test_export_import_export_gives_the_same_bytes(shell: Shell) -> None:
    told = shell.told("export", URL, "out.jsonl", "--salt-key", "salt-key")
    assert (told["orders"], told["size_bytes"]) == (14, EXAMPLE.stat().st_size)
    exported = shell.folder / "out.jsonl"
    assert exported.read_bytes() == EXAMPLE.read_bytes()
    assert exported.stat().st_mode & 0o077 == 0
    shell.told("import", "out.jsonl", "sqlite:///copy.db")
    shell.told("export", "sqlite:///copy.db", "again.jsonl", "--salt-key", "salt-key")
    assert (shell.folder / "again.jsonl").read_bytes() == EXAMPLE.read_bytes()
    assert sorted(path.name for path in shell.folder.glob(".*")) == []


def test_the_audit_of_the_example(shell: Shell) -> None:
    told = shell.told("audit", str(EXAMPLE))
    assert (told["orders"], told["batches"], told["transfers"], told["balances"]) == (14, 13, 10, 7)
    assert told["totals"] == [{"asset": "KZT", "scale": 2, "in_circulation_minor": 130_000}]
    assert told["checkpoint"] is None
    assert "KZT 1,300.00 issued" in shell.run("audit", str(EXAMPLE)).stdout


def test_balances_now_and_then(shell: Shell) -> None:
    told = shell.told("balance", URL, "acc_4")
    assert [(b["mark"], b["balance"]["minor"]) for b in told["balances"]] == [(0, 0), (7, 0)]
    told = shell.told("balance", URL, "acc_4", "--at", "2027-01-15T13:00:00+05:00")
    assert [(b["mark"], b["balance"]["text"]) for b in told["balances"]] == [
        (0, "0.00"),
        (7, "300.00"),
    ]
    assert shell.run("balance", URL, "acc_3").stdout == (
        "unmarked: KZT 837.50, KZT 2.50 reserved to leave\n"
    )


def test_a_statement_page_by_page(shell: Shell) -> None:
    seqs: list[int] = []
    before: list[str] = []
    while True:
        told = shell.told("statement", URL, "acc_3", "--limit", "3", *before)
        seqs += [movement["seq"] for movement in told["movements"]]
        if told["before"] is None:
            break
        before = ["--before", str(told["before"])]
    whole = shell.told("statement", URL, "acc_3")["movements"]
    assert [movement["seq"] for movement in whole] == seqs
    assert seqs == sorted(seqs, reverse=True)
    assert [movement["kind"] for movement in whole] == [
        *("PENDING", "EXPIRE", "PENDING", "CAPTURE", "PENDING", "POST", "POST")
    ]
    marked = shell.told("statement", URL, "acc_4", "--mark", "7")["movements"]
    assert [movement["change"]["text"] for movement in marked] == ["-293.00", "-7.00", "300.00"]
    assert "no movements" in shell.run("statement", URL, "acc_3", "--mark", "9").stdout


def test_an_account_and_orders(shell: Shell) -> None:
    told = shell.told("account", URL, "acc_3")
    assert (told["role"], told["status"], told["asset"]) == ("HOLDER", "open", "KZT")
    assert (told["floor"]["minor"], told["ceiling"]["text"]) == (0, "5000.00")
    accepted = shell.told("order", URL, "ord_00000000000000000000000000000007")
    assert (accepted["accepted"], accepted["results"], accepted["leaf"]) == (True, [12_050], 6)
    refused = shell.told("order", URL, "ord_00000000000000000000000000000009")
    assert (refused["accepted"], refused["refusal"], refused["leaf"]) == (
        False,
        "EXCEEDS_BALANCE",
        None,
    )
    assert (refused["found"], refused["limit"]) == (90_000, 87_950)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("balance", "sqlite:///typo.db", "acc_1"), "no such ledger"),
        (("balance", "ledger.db", "acc_1"), "no scheme"),
        (("balance", "sqlite://", "acc_1"), "memory"),
        (("balance", URL, "acc_99"), "no account acc_99"),
        (("balance", URL, "99"), "not an id"),
        (("statement", URL, "acc_99"), "no account acc_99"),
        (("account", URL, "acc_99"), "no account acc_99"),
        (("order", URL, "ord_" + "7" * 32), "never decided"),
        (("order", URL, "ord_7"), "not an id"),
        (("import", str(EXAMPLE), URL), "in use"),
        (("audit", "salt-key"), "line 1"),
        (("import", "salt-key", "sqlite:///new.db"), "line 1"),
        (("balance", "sqlite:///salt-key", "acc_1"), "file is not a database"),
        (("export", URL, "salt-key", "--salt-key", "salt-key"), "exists already"),
        (("export", URL, "out", "--salt-key", str(EXAMPLE)), "key file"),
    ],
)
def test_refusals_name_the_fault_and_what_to_do(
    shell: Shell, arguments: tuple[str, ...], told: str
) -> None:
    before = {path.name for path in shell.folder.iterdir() if path.name != "new.db"}
    assert told in shell.refusal(*arguments)
    after = {path.name for path in shell.folder.iterdir()}
    made = {"ledger.db-shm", "ledger.db-wal", "ledger.db.lock", "new.db", "new.db.lock"}
    assert after - before <= made


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "missing"),
        ("export", URL, "out"),
        ("balance", URL, "acc_1", "--at", "2027-01-15T08:00:00"),
        ("balance", URL, "acc_1", "--at", "yesterday"),
        ("statement", URL, "acc_1", "--limit", "0"),
        ("statement", URL, "acc_1", "--mark", "-1"),
        ("audit", str(EXAMPLE), "--log-key", "k"),
        ("audit", str(EXAMPLE), "--checkpoint", str(EXAMPLE)),
    ],
)
def test_wrong_usage_says_so(shell: Shell, arguments: tuple[str, ...]) -> None:
    done = shell.run(*arguments)
    assert done.returncode == 2
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bit_flipped_and_a_file_cut_off(shell: Shell) -> None:
    export = EXAMPLE.read_bytes()
    for spoiled in (export[:-1], export[:2_000], export[:900] + b"7" + export[901:]):
        (shell.folder / "spoiled").write_bytes(spoiled)
        assert "line" in shell.refusal("audit", "spoiled")
        assert "line" in shell.refusal("import", "spoiled", "sqlite:///new.db")
    shell.told("import", str(EXAMPLE), "sqlite:///new.db")


def test_a_database_of_another_kind_or_of_the_future(shell: Shell) -> None:
    with sqlite3.connect(shell.folder / "other.db") as other:
        other.execute("CREATE TABLE t (x)")
    other.close()
    assert "not a ledger" in shell.refusal("balance", "sqlite:///other.db", "acc_1")
    assert "not a ledger" in shell.refusal("import", str(EXAMPLE), "sqlite:///other.db")
    with sqlite3.connect(shell.folder / "ledger.db") as future:
        future.execute("PRAGMA user_version = 99")
    future.close()
    assert "version 99" in shell.refusal("balance", URL, "acc_1")
    assert "version 99" in shell.refusal("import", str(EXAMPLE), URL)


@pytest.fixture
def writer(shell: Shell) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the ledger's writer lock."""
    lock = "import fcntl,sys\nf=open('ledger.db.lock')\nfcntl.flock(f,fcntl.LOCK_EX)\n"
    wait = "print('held', flush=True)\nsys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", lock + wait],
        cwd=shell.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


@pytest.mark.usefixtures("writer")
def test_another_process_may_write_meanwhile(shell: Shell) -> None:
    """Questions and exports are answered; an import into it is not."""
    assert shell.told("balance", URL, "acc_2")["balances"][0]["balance"]["minor"] == 16_250
    shell.told("export", URL, "out.jsonl", "--salt-key", "salt-key")
    assert (shell.folder / "out.jsonl").read_bytes() == EXAMPLE.read_bytes()
    assert "another process" in shell.refusal("import", str(EXAMPLE), URL)


def test_salt_keys_that_are_none(shell: Shell) -> None:
    key = shell.folder / "salt-key"
    for text in ("", SALT_KEY.upper(), SALT_KEY[2:], SALT_KEY + "00", "g" * 64, SALT_KEY + "\n\n"):
        key.write_text(text)
        assert "not a salt key" in shell.refusal("export", URL, "out", "--salt-key", "salt-key")
    key.write_text(SALT_KEY)
    key.chmod(0o644)
    assert "chmod 600" in shell.refusal("export", URL, "out", "--salt-key", "salt-key")
    key.chmod(0o600)
    assert shell.run("export", URL, "no/such/folder", "--salt-key", "salt-key").returncode == 1
    assert not (shell.folder / "out").exists()
