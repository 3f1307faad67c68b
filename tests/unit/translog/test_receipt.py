# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.errors import KeregeError
from kerege.translog.follow import LogFollower
from kerege.translog.leaf import commit_record, salt_for
from kerege.translog.receipt import (
    MAX_RECEIPT_BYTES,
    MAX_RECORD_BYTES,
    Receipt,
    ReceiptError,
    format_receipt,
    parse_receipt,
    verify_receipt,
)
from kerege.translog.tree import ProofError
from tests.house.tree import ROOT
from tests.logs import TRUST, VKEY, grown_log

RECORDS = [f"order {number}".encode() for number in range(9)]
SALTS = [salt_for(bytes(32), record) for record in RECORDS]
_follower = LogFollower(
    grown_log([commit_record(r, salt=s) for r, s in zip(RECORDS, SALTS, strict=True)]), TRUST
)
_follower.refresh()
RECEIPT = Receipt(RECORDS[4], SALTS[4], _follower.prove(4))
TEXT = format_receipt(RECEIPT)


def test_a_receipt_reads_back_and_verifies() -> None:
    assert parse_receipt(TEXT) == RECEIPT
    assert verify_receipt(RECEIPT, TRUST).size == 9


def test_a_process_with_only_the_receipt_and_the_key_verifies_it(tmp_path: Path) -> None:
    (tmp_path / "r").write_bytes(TEXT)
    command = [sys.executable, "-m", "kerege", "log", "verify", "r", "--key", VKEY]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"Valid: leaf 4 ")


@pytest.mark.parametrize(
    "receipt",
    [
        Receipt(RECORDS[3], SALTS[4], RECEIPT.proof),
        Receipt(RECORDS[4], SALTS[3], RECEIPT.proof),
        Receipt(RECORDS[3], SALTS[3], RECEIPT.proof),
        Receipt(RECORDS[4], SALTS[4], _follower.prove(3)),
    ],
)
def test_no_other_record_salt_or_proof_will_do(receipt: Receipt) -> None:
    with pytest.raises(ProofError):
        verify_receipt(receipt, TRUST)


@given(st.integers(0, 8 * len(TEXT) - 1))
def test_one_changed_bit_is_noticed(bit: int) -> None:
    changed = bytearray(TEXT)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(KeregeError):
        verify_receipt(parse_receipt(bytes(changed)), TRUST)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT[:20],
        TEXT.replace(b"/v1", b"/v2", 1),
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.replace(b"record ", b"record  "),
        TEXT.replace(b"record ", b"Record "),
        TEXT.replace(b"\nsalt ", b"\nrecord AA==\nsalt "),
        TEXT.replace(b"\nsalt ", b"\nsalt \xff"),
        TEXT.replace(b"\nsalt ", b"\nsalt AAAA"),
        TEXT.replace(b"\n\n", b"\n", 1),
        TEXT.replace(b"\n\n", b"\n\n\n", 1),
        TEXT + b"\n",
        bytes(MAX_RECEIPT_BYTES + 1),
    ],
)
def test_anything_else_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(KeregeError):
        parse_receipt(data)


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(ReceiptError):
        format_receipt(Receipt(bytes(MAX_RECORD_BYTES + 1), SALTS[0], RECEIPT.proof))
    with pytest.raises(ReceiptError):
        format_receipt(Receipt(b"", bytes(15), RECEIPT.proof))


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda tail: TEXT[:60] + tail))
def test_noise_raises_our_own_error(data: bytes) -> None:
    with pytest.raises(KeregeError):
        parse_receipt(data)
