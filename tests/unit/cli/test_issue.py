# SPDX-License-Identifier: Apache-2.0
import json

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.sandbox.country import Country
from kerege.sandbox.looking import money_of
from kerege.sandbox.run_file import read_run


def issue(country: Country, *arguments: str) -> Result:
    options = ["--folder", str(country.folder), "--language", "en"]
    return CliRunner().invoke(main, ["issue", *options, *arguments])


def test_both_steps_are_shown(running_country: Country) -> None:
    before = money_of(running_country, read_run(running_country.folder)).issued
    told = issue(running_country, "komuz-bank", "12.34", "--reason", "a test")
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert lines[0].startswith("1. Aida proposes: issue KGS 12.34 to komuz-bank, because: a test")
    assert lines[1] == "2. Berik approves it."
    after = money_of(running_country, read_run(running_country.folder)).issued
    assert after == before + 12_34


def test_a_program_gets_the_order(running_country: Country) -> None:
    told = json.loads(issue(running_country, "komuz-bank", "1", "--json").output)
    assert told["order"].startswith("ord_")
    assert (told["amount_minor"], told["asset"]) == (100, "KGS")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("nobody", "1"), "no institution 'nobody'"),
        (("komuz-bank", "0"), "more than nothing"),
        (("komuz-bank", "1.234"), "too many decimals"),
        (("komuz-bank", "ten"), "a digit is missing"),
        (("komuz-bank", "99999999999.00"), "reserves are less"),
        (("komuz-bank", "1", "--reason", "call +996 555 1234567"), "looks like a person's number"),
    ],
)
def test_what_cannot_be_is_told(
    running_country: Country, arguments: tuple[str, ...], fault: str
) -> None:
    told = issue(running_country, *arguments)
    assert told.exit_code == 1
    assert fault in told.output
    assert "Traceback" not in told.output
