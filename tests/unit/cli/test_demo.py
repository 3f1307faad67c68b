# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from click.testing import CliRunner

from kerege.cli import main


def test_the_demo_pays_publishes_verifies_and_goes_on(tmp_path: Path) -> None:
    folder = str(tmp_path / "demo")
    first = CliRunner().invoke(main, ["demo", "--folder", folder])
    assert first.exit_code == 0, first.output
    assert "It is leaf 3 of demo.kerege.example/ledger" in first.output
    assert "the hashes lead to root" in first.output, "the changed receipt must not verify"
    plain = first.output.replace("\xa0", " ")
    assert "in circulation KZT 1,000,000.00, held by everyone together" in plain
    assert "which two witnesses cosigned" in plain
    second = CliRunner().invoke(main, ["demo", "--folder", folder])
    assert second.exit_code == 0, second.output
    assert "accounts found as they were" in second.output
    assert "checkpoint of 11 leaves" in second.output
