# SPDX-License-Identifier: Apache-2.0
"""Questions on the command line; more in tests/e2e/test_ledger_cli.py."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kerege.cli import main
from kerege.ledger.account import Status
from kerege.ledger.ids import format_order_id
from tests.exports import make_busy
from tests.ledgers import World, order_id


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The URL of a ledger that somebody still has open."""
    world = World(tmp_path / "ledger")
    make_busy(world)
    world.freeze(world.holder(), Status.DEBITS_FROZEN | Status.CREDITS_FROZEN)
    world.ledger.close()
    return f"sqlite:///{world.path}"


def ask(*arguments: str) -> Any:
    done = CliRunner().invoke(main, ["ledger", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_every_mark_has_its_balance(url: str) -> None:
    told = ask("balance", url, "acc_5")["balances"]
    assert [(cell["mark"], cell["balance"]["minor"]) for cell in told] == [(0, 0), (7, 2_000)]
    assert told[0]["credits_pending"]["minor"] == 50
    words = CliRunner().invoke(main, ["ledger", "balance", url, "acc_5"]).output
    assert words == "unmarked: KZT 0.00, KZT 0.50 may still arrive\nmark 7: KZT 20.00\n"


def test_what_is_frozen_is_told(url: str) -> None:
    assert ask("account", url, "acc_6")["status"] == "debits frozen, credits frozen"
    assert "no" not in ask("account", url, "acc_1")["status"]
    assert ask("account", url, "acc_1")["floor"] is None


def test_a_refusal_names_step_and_figures(url: str) -> None:
    order = format_order_id(order_id(0x14))
    words = CliRunner().invoke(main, ["ledger", "order", url, order]).output
    assert "EXCEEDS_BALANCE, step 0 (1000000000 against 48314)" in words
    order = format_order_id(order_id(0x16))
    assert (
        "the order as a whole" in CliRunner().invoke(main, ["ledger", "order", url, order]).output
    )


def test_a_statement_in_words(url: str) -> None:
    words = CliRunner().invoke(main, ["ledger", "statement", url, "acc_4", "--limit", "2"]).output
    assert len(words.splitlines()) == 3
    assert "to acc_2" in words
    assert "older ones: --before" in words
