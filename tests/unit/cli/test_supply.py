# SPDX-License-Identifier: Apache-2.0
import json

from click.testing import CliRunner

from kerege.cli import main
from kerege.sandbox.country import Country


def test_the_supply_is_proven_to_people_and_programs(running_country: Country) -> None:
    folder = str(running_country.folder)
    told = CliRunner().invoke(main, ["supply", "--folder", folder, "--language", "en"])
    assert told.exit_code == 0, told.output
    assert "the same root" in told.output
    assert "Every unit is backed" in told.output
    told = CliRunner().invoke(main, ["supply", "--folder", folder, "--json"])
    proven = json.loads(told.output)
    assert proven["ok"]
    assert proven["money"]["asset"] == "KGS"
    assert proven["leaves"] <= proven["orders"]
