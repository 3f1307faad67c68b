# SPDX-License-Identifier: Apache-2.0
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.sandbox.country import Country


def load(folder: Path, *arguments: str) -> Result:
    options = ["--folder", str(folder), "--language", "en"]
    return CliRunner().invoke(main, ["load", *options, *arguments])


def test_outcomes_and_waits_are_told_and_drawn(running_country: Country, tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    told = load(running_country.folder, "--rate", "10", "--seconds", "2", "--chart", str(chart))
    assert told.exit_code == 0, told.output
    assert "what became of 20 payments" in told.output
    assert "pay: accepted" in told.output
    assert re.search(r"pay +[0-9]+ answered, [0-9]+ accepted; p50 [0-9.]+ ms", told.output)
    assert "█" in told.output
    assert "payments/s" in ElementTree.parse(chart).getroot()[0].text  # type: ignore[operator]


def test_a_program_gets_figures(running_country: Country) -> None:
    told = json.loads(
        load(
            running_country.folder,
            "--rate",
            "0",
            "--lanes",
            "2",
            "--seconds",
            "1",
            "--mix",
            "pay",
            "--json",
        ).output
    )
    # Whoever paid much today already meets a limit.
    assert set(told["outcomes"]) - {"pay: limit_day"} == {"pay: accepted"}
    assert told["p50_ms"] <= told["p99_ms"]
    answered = told["outcomes"]["pay: accepted"]
    assert set(told["kinds"]) == {"pay"}
    assert told["kinds"]["pay"]["accepted"] == answered
    assert told["kinds"]["pay"]["answered"] == sum(told["outcomes"].values())
    assert told["per_s"] > 0
    assert (told["unanswered"], told["chart"]) == (0, None)


def test_a_mix_of_nothing_known_is_refused(tmp_path: Path) -> None:
    told = load(tmp_path, "--mix", "gift:1")
    assert told.exit_code == 1
    assert "write kinds" in told.output
