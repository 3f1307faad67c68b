# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.ledger.encoding import encode_order, encode_record
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import CloseAccount, Order, Transfer
from kerege.translog.files import DiskFiles
from kerege.translog.leaf import SALT_BYTES, commit_record
from kerege.translog.log_files import LogStore
from kerege.translog.proof import LogProof
from kerege.translog.receipt import Receipt, format_receipt
from tests.logs import VKEY, ListSource, integrator

PAYER, PAYEE = AccountId(3), AccountId(4)
ORDER = Order(
    OrderId(bytes(15) + b"\x2a"),
    (Transfer(PAYER, PAYEE, 1250, mark=Mark(7)), CloseAccount(PAYER)),
)
RECORD = encode_record(encode_order(ORDER), 1_700_000_000_000_000, (1250, 3))
SALT = bytes(SALT_BYTES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A receipt of the only leaf of a log, and a policy that trusts the log's key alone."""
    source = ListSource([commit_record(RECORD, salt=SALT)])
    integrator(DiskFiles(tmp_path / "log"), DiskFiles(tmp_path / "state"), source).run_once()
    note = LogStore(DiskFiles(tmp_path / "log")).read_checkpoint()
    assert note is not None
    proof = LogProof(index=0, hashes=(), checkpoint=note)
    (tmp_path / "receipt").write_bytes(format_receipt(Receipt(RECORD, SALT, proof)))
    (tmp_path / "policy").write_text(f"log {VKEY}\nquorum none\n")
    return tmp_path


def verify(folder: Path, *more: str) -> Result:
    arguments = ["receipt", "verify", str(folder / "receipt"), "--policy", str(folder / "policy")]
    return CliRunner().invoke(main, [*arguments, *more])


def test_it_tells_what_was_done(folder: Path) -> None:
    told = verify(folder)
    assert told.exit_code == 0, told.output
    assert "True: order ord_0000000000000000000000000000002a of 2023-11-14T22:13:20" in told.output
    assert "post: 1250 minor units from acc_3 to acc_4, mark 7" in told.output
    assert "CloseAccount: 3" in told.output


def test_it_tells_programs_the_same(folder: Path) -> None:
    told = json.loads(verify(folder, "--json").output)
    assert told["ok"] is True
    assert told["results"] == [1250, 3]
    assert told["steps"][0]["debit"] == 3
    assert [step["kind"] for step in told["steps"]] == ["post", "CloseAccount"]


def test_it_tells_programs_of_a_failure_as_well(folder: Path) -> None:
    (folder / "receipt").write_bytes(b"hello\n")
    result = verify(folder, "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert (told["ok"], told["error"]) == (False, "ReceiptError")
    assert told["place"] == f"{folder / 'receipt'}, line 1"


def test_a_changed_receipt_is_refused_without_a_word_of_what_it_says(folder: Path) -> None:
    text = (folder / "receipt").read_bytes()
    (folder / "receipt").write_bytes(text.replace(b"salt A", b"salt B"))
    told = verify(folder)
    assert told.exit_code == 1
    assert "acc_3" not in told.output
    assert "what it says is not in the log" in told.output
    assert "do not rely on this receipt" in told.output


def test_a_file_that_is_no_receipt_is_named(folder: Path) -> None:
    (folder / "receipt").write_bytes(b"hello\n")
    told = verify(folder)
    assert told.exit_code == 1
    assert f"{folder / 'receipt'}, line 1: the first line is not" in told.output


def test_a_policy_at_fault_is_named_as_well(folder: Path) -> None:
    (folder / "policy").write_text("nonsense\n")
    told = verify(folder)
    assert told.exit_code == 1
    assert f"{folder / 'policy'}, line 1: " in told.output


def test_an_endless_file_is_not_read(folder: Path) -> None:
    (folder / "receipt").write_bytes(b"x" * 4_000_000)
    told = verify(folder)
    assert told.exit_code == 1
    assert "longer than" in told.output
