# SPDX-License-Identifier: Apache-2.0
"""`kerege bank serve`: starts from a file, says where it is, ends when told."""

from pathlib import Path

from click.testing import CliRunner

from kerege.cli import main


def test_a_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text('bank = "x"\n')
    result = CliRunner().invoke(main, ["bank", "serve", str(tmp_path / "bank.toml")])
    assert result.exit_code == 1
    assert "bank.toml" in result.output
    assert "Traceback" not in result.output


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["bank", "serve", str(tmp_path / "none.toml")])
    assert result.exit_code == 2
