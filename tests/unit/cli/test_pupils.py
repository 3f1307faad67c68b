# SPDX-License-Identifier: Apache-2.0
"""`kerege pupils`: who they are, and how to be their guardian."""

import json
from pathlib import Path

from click.testing import CliRunner

from kerege.cli import main
from kerege.sandbox.country import Country


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    told = CliRunner().invoke(main, ["pupils", "--folder", str(folder), *arguments])
    assert told.exit_code == code, told.output
    return told.output


def test_pupils_are_listed_with_their_guardians(running_country: Country) -> None:
    population = running_country.inhabitants()
    told = json.loads(run(running_country.folder, "--json"))["pupils"]
    assert [one["card"] for one in told] == [one.card for one in population.pupils]
    for one, pupil in zip(told, population.pupils, strict=True):
        assert one["phone"] == population.people[pupil.guardian].phone
        assert one["bank"].startswith("http://127.0.0.1:")
    words = run(running_country.folder, "--language", "ru")
    assert len(words.splitlines()) == len(told)
    assert "опекун" in words


def test_where_no_country_is(tmp_path: Path) -> None:
    assert run(tmp_path, code=1).startswith("kerege: ")
