# SPDX-License-Identifier: Apache-2.0
"""One answer in two forms: words, or one JSON object."""

import json

import click
from click.testing import CliRunner

from kerege.cli.telling import Output, telling
from kerege.errors import KeregeError


@click.command()
@click.argument("amount", type=int)
@telling
def pay(amount: int, output: Output) -> None:
    """Pay."""
    if amount < 0:
        raise KeregeError("a negative amount", place="AMOUNT", remedy="write 1")
    output.done(f"paid {amount}", amount=amount)


def test_in_words() -> None:
    done = CliRunner().invoke(pay, ["5"])
    assert (done.exit_code, done.output) == (0, "paid 5\n")


def test_as_json() -> None:
    done = CliRunner().invoke(pay, ["5", "--json"])
    assert json.loads(done.output) == {"ok": True, "amount": 5}


def test_a_fault_in_words_is_left_to_the_group() -> None:
    done = CliRunner().invoke(pay, ["--", "-5"])
    assert isinstance(done.exception, KeregeError)


def test_a_fault_as_json() -> None:
    done = CliRunner().invoke(pay, ["--json", "--", "-5"])
    told = {"message": "a negative amount", "place": "AMOUNT", "remedy": "write 1"}
    assert done.exit_code == 1
    assert json.loads(done.output) == {"ok": False, "error": "KeregeError", **told}


def test_the_command_keeps_its_help() -> None:
    assert pay.help == "Pay."
    assert [param.name for param in pay.params] == ["amount", "as_json"]
