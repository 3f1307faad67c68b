# SPDX-License-Identifier: Apache-2.0
"""Proposing and approving by commands, at a running core: from a bank's admission to its money."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.cli.amounts import instant_told
from kerege.keys import format_jwk, save_private_key
from tests.cores import Core
from tests.registers import HOUR_US, key_of


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        yield core


class Desk:
    """The staff's desk: runs commands as one of them."""

    def __init__(self, core: Core, folder: Path) -> None:
        self.core = core
        self.folder = folder
        for name in ("staff-aru", "staff-bek"):
            save_private_key(folder / f"{name}.pem", key_of(name))

    def run(self, *arguments: str, by: str = "staff-aru", answer: str = "") -> Result:
        environment = {
            "KEREGE_CORE": self.core.url,
            "KEREGE_STAFF_KEY": str(self.folder / f"{by}.pem"),
        }
        return CliRunner().invoke(main, ["core", *arguments], env=environment, input=answer)

    def propose(self, *arguments: str) -> dict[str, Any]:
        result = self.run("propose", *arguments, "--reason", "a test", "--json")
        assert result.exit_code == 0, result.output
        told: dict[str, Any] = json.loads(result.output)
        assert told["state"] == "proposed"
        return told

    def carry_out(self, *arguments: str) -> dict[str, Any]:
        proposed = self.propose(*arguments)
        result = self.run("approve", proposed["id"], "--yes", "--json", by="staff-bek")
        assert result.exit_code == 0, result.output
        told: dict[str, Any] = json.loads(result.output)
        return told


@pytest.fixture
def desk(core: Core, tmp_path: Path) -> Desk:
    return Desk(core, tmp_path)


def jwk_file(folder: Path, name: str) -> str:
    path = folder / f"{name}.jwk"
    path.write_bytes(format_jwk(key_of(name).public_key) + b"\n")
    return str(path)


def test_a_bank_comes_in_and_gets_money(desk: Desk) -> None:
    keys = jwk_file(desk.folder, "zhana-bank")
    assert desk.carry_out("admit", "zhana-bank", "--key-of", keys)["state"] == "executed"
    desk.core.open("zhana-bank", owner_kind="bank", tier="")
    steps = [
        ("reserves-in", "zhana-bank", "1000.00", "--reference", "RTGS 1"),
        ("issue", "zhana-bank", "600.50"),
        ("reserves-out", "zhana-bank", "399.50"),
        ("suspend", "zhana-bank"),
        ("resume", "zhana-bank"),
        ("set-keys", "zhana-bank", "--key-of", jwk_file(desk.folder, "zhana-bank-2")),
    ]
    for step in steps:
        told = desk.carry_out(*step)
        assert told["state"] == "executed", (step, told["explanation"])
    assert desk.propose("issue", "zhana-bank", "0.01")["text"]["action"]["amount"] == 1


def test_what_cannot_be_done_says_why(desk: Desk) -> None:
    told = desk.carry_out("issue", "nobody-bank", "5")
    assert told["state"] == "refused"
    assert told["explanation"]


def test_the_approver_reads_it_and_is_asked(desk: Desk) -> None:
    proposed = desk.propose("suspend", "central-bank")
    no = desk.run("approve", proposed["id"], by="staff-bek", answer="n\n")
    assert no.exit_code == 1
    assert "participant: central-bank" in no.output
    assert "proposed by staff-aru" in no.output
    shown = desk.run("proposals", proposed["id"])
    assert f"{proposed['id']}: suspend, proposed" in shown.output


def test_nobody_approves_their_own(desk: Desk) -> None:
    proposed = desk.propose("suspend", "central-bank")
    result = desk.run("approve", proposed["id"], "--yes")
    assert result.exit_code == 1
    assert "proposal_own" in result.output
    assert "what to do: Ask a colleague." in result.output


def test_a_court_may_freeze(desk: Desk) -> None:
    desk.core.admit("court-bank")
    aru, state = desk.core.open("court-bank"), desk.core.open("court-bank")
    desk.core.give(aru, 500)
    office = ("--authority", "Almaly district court", "--reference", "2-17")
    frozen = desk.carry_out("freeze", aru.id, *office)
    steps = [
        ("seize", aru.id, state.id, "2.00", *office),
        ("disclose", aru.id, *office),
        ("unfreeze", frozen["id"], *office),
    ]
    assert frozen["state"] == "executed"
    for step in steps:
        told = desk.carry_out(*step)
        assert told["state"] == "executed", (step, told["explanation"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("issue", "Altyn Bank", "5"),
        ("issue", "altyn-bank", "5.001"),
        ("issue", "altyn-bank", "-5"),
        ("issue", "altyn-bank", "0"),
        ("issue", "altyn-bank", "5", "--asset", "tenge"),
        ("freeze", "wal_1", "--authority", "court"),
        ("redeem", "ord_1"),
    ],
)
def test_what_makes_no_sense_is_not_sent(desk: Desk, arguments: tuple[str, ...]) -> None:
    result = desk.run("propose", *arguments, "--reason", "a test", "--json")
    assert result.exit_code in (1, 2), result.output
    assert "Traceback" not in result.output


def test_any_action_from_a_file(desk: Desk) -> None:
    path = desk.folder / "action.json"
    path.write_text('{"kind":"set-quota","participant":"central-bank","quota":{}}', "utf-8")
    assert desk.propose("file", str(path))["kind"] == "set-quota"
    path.write_text('{"kind":"burn"}', "utf-8")
    result = desk.run("propose", "file", str(path), "--reason", "a test")
    assert result.exit_code == 1
    assert str(path) in result.output


def test_later(desk: Desk) -> None:
    tomorrow_us = desk.core.clock.now_us() + 24 * HOUR_US
    told = desk.propose("suspend", "central-bank", "--not-before", instant_told(tomorrow_us))
    assert told["text"]["not_before_us"] == tomorrow_us


def test_no_core_there(desk: Desk) -> None:
    result = desk.run("proposals", "--core", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "no answer" in result.output
