# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.run_file import hold_folder


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, [*arguments, "--language", "en"], input=answer)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Country.make(tmp_path / "country", "kz", Settings(people=5)).folder


def test_nothing_runs_nothing_ends(folder: Path) -> None:
    told = run("down", "--folder", str(folder))
    assert told.exit_code == 1
    assert "no country runs" in told.output
    told = run("down", "--folder", str(folder), "--json")
    assert json.loads(told.output)["error"] == "NotUp"


def test_a_country_is_removed_when_confirmed(folder: Path) -> None:
    told = run("reset", "--folder", str(folder), answer="n\n")
    assert (told.exit_code, "Nothing was removed" in told.output) == (0, True)
    assert Country.find(folder)
    told = run("reset", "--folder", str(folder), answer="y\n")
    assert (told.exit_code, "removed" in told.output) == (0, True)
    assert list(folder.iterdir()) in ([], [folder / "run.lock"])


def test_a_program_is_not_asked(folder: Path) -> None:
    told = run("reset", "--folder", str(folder), "--json")
    assert json.loads(told.output) == {"ok": True, "folder": str(folder)}
    assert run("reset", "--folder", str(folder), "--yes").exit_code == 0


def test_what_runs_is_not_removed(folder: Path) -> None:
    with hold_folder(folder):
        told = run("reset", "--folder", str(folder), "--yes")
    assert told.exit_code == 1
    assert "running already" in told.output


def test_the_things_of_others_are_not_removed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    told = run("reset", "--folder", str(tmp_path), "--yes")
    assert told.exit_code == 1
    assert "holds no country" in told.output
    assert (tmp_path / "thesis.txt").exists()
