# SPDX-License-Identifier: Apache-2.0
"""Examples run as they stand, and print what they promise."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

PRINTED = {
    "pay_a_shop.py": ["nobody knows yet: ord_", "it was: accepted", "the shop has: 45000"],
    "till.py": ["came in: 45000 order ord_", "the till has: 45000"],
    "check_a_receipt.py": ["do not rely on it:"],
    "make_invoice.py": ['"number":"2026/118"', '"total":11600'],
    "open_firm.py": [],
    "pay_in_cash.py": [],
}
"""What each prints; docs/wallet.md and docs/programmes run the last two at a running bank."""

ARGUMENTS = {
    "check_a_receipt.py": ["receipt", "policy", f"ord_{'0' * 32}", "signed"],
    "make_invoice.py": ["2026/118", "100"],
    "open_firm.py": ["nowhere", "http://127.0.0.1:1", "+77015550001", "firm", "firm"],
    "pay_in_cash.py": ["nowhere", "http://127.0.0.1:1", "+77015550001", "5"],
}


TOLD_OFF = {"check_a_receipt.py", "open_firm.py", "pay_in_cash.py"}
"""Those whose arguments here lead nowhere."""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs(example: Path, tmp_path: Path) -> None:
    for name in ("receipt", "signed"):
        (tmp_path / name).write_bytes(b"not a receipt")
    (tmp_path / "policy").write_text("quorum none\n")
    done = subprocess.run(
        [sys.executable, example, *ARGUMENTS.get(example.name, [])],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == (1 if example.name in TOLD_OFF else 0), done.stderr
    for line in PRINTED[example.name]:
        assert line in done.stdout
