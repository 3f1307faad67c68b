# SPDX-License-Identifier: Apache-2.0
"""`kerege bank serve`: what is wrong with the settings is told before anything is served."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kerege.cli import main


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "Object missing required field `bank`"),
        (b"bank = 'x'\nspeling = 1", "speling"),
        (b"bank = ", "not TOML"),
        (b"\xff", "not TOML"),
        (b"#" * 300_000, "more than 262144 bytes"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, text: bytes, told: str) -> None:
    path = tmp_path / "bank.toml"
    path.write_bytes(text)
    result = CliRunner().invoke(main, ["bank", "serve", str(path)])
    assert result.exit_code == 1, result.exception
    assert result.output.startswith(f"kerege: {path}")
    assert told in result.output


def test_a_file_that_is_not_there() -> None:
    assert CliRunner().invoke(main, ["bank", "serve", "/nowhere/bank.toml"]).exit_code == 2
