# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerege.cli import main
from kerege.sandbox.country import Country


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_person_sees_who_runs_where(running_country: Country, language: str) -> None:
    folder = str(running_country.folder)
    told = CliRunner().invoke(main, ["status", "--folder", folder, "--language", language])
    assert told.exit_code == 0, told.output
    for one in running_country.profile.institutions:
        (line,) = [line for line in told.output.splitlines() if line.startswith(one.id)]
        assert "http://127.0.0.1:" in line
        assert "MiB" in line
    assert "KGS" in told.output


def test_a_program_sees_it_all(running_country: Country) -> None:
    folder = str(running_country.folder)
    told = json.loads(CliRunner().invoke(main, ["status", "--folder", folder, "--json"]).output)
    assert told["country"] == "kg"
    assert told["money"]["circulating"] == told["money"]["reserves"]
    assert told["log"]["witnesses"] == 2
    assert {one["stage"] for one in told["processes"]} == {"ready"}


def test_nothing_runs_in_an_empty_folder(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["status", "--folder", str(tmp_path)])
    assert told.exit_code == 1
    assert "kerege up" in told.output
