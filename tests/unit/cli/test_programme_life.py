# SPDX-License-Identifier: Apache-2.0
"""A programme's life by commands: signed, proposed, approved, listed, reported, closed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.keys import save_private_key
from tests.cores import Core
from tests.funders import meals, signed_terms
from tests.registers import Wallet, key_of


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        core.bank("altyn-bank")
        yield core


class Desk:
    """The staff's desk, and a ministry that signs."""

    def __init__(self, core: Core, folder: Path) -> None:
        self.core = core
        self.folder = folder
        self.ministry: Wallet = core.open("altyn-bank", owner_kind="agency", tier="agency")
        for name in ("staff-aru", "staff-bek"):
            save_private_key(folder / f"{name}.pem", key_of(name))

    def run(self, *arguments: str, by: str = "staff-aru") -> Result:
        environment = {
            "KEREGE_CORE": self.core.url,
            "KEREGE_STAFF_KEY": str(self.folder / f"{by}.pem"),
            "KEREGE_LANGUAGE": "en",
        }
        return CliRunner().invoke(main, list(arguments), env=environment)

    def told(self, *arguments: str, by: str = "staff-aru") -> Any:
        result = self.run(*arguments, "--json", by=by)
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    def carry_out(self, *arguments: str) -> Any:
        proposed = self.told(*arguments, "--reason", "a test")
        told = self.told("core", "approve", proposed["id"], "--yes", by="staff-bek")
        assert told["code"] == "executed", told
        return told

    def terms(self, name: str) -> str:
        """A file of signed terms."""
        programme = meals(self.ministry, id=name, starts_us=0, ends_us=4_000_000_000_000_000)
        path = self.folder / f"{name}.jws"
        path.write_text(signed_terms(programme, self.ministry.key), "ascii")
        return str(path)


@pytest.fixture
def desk(core: Core, tmp_path: Path) -> Desk:
    return Desk(core, tmp_path)


def test_from_proposed_to_closed(desk: Desk) -> None:
    assert desk.run("programme", "list").output == "There is no programme yet.\n"
    desk.carry_out("programme", "propose", desk.terms("meals"))
    (listed,) = desk.told("programme", "list")["programmes"]
    assert (listed["id"], listed["state"], listed["version"]) == ("meals", "active", 1)
    assert (
        "meals (version 1, active): School meals; KZT 10.00 until"
        in desk.run("programme", "list").output
    )
    why = ("--authority", "Ministry of Education", "--because", "the term is over")
    for word, state in (("suspend", "suspended"), ("resume", "active"), ("close", "closed")):
        desk.carry_out("core", "propose", f"{word}-programme", "meals", *why)
        (listed,) = desk.told("programme", "list")["programmes"]
        # The recall may have settled it by now: there was nothing to bring back.
        assert listed["state"] in (state, "settled" if state == "closed" else state)
        assert listed["reason"] == "the term is over"


def test_the_report(desk: Desk) -> None:
    desk.carry_out("programme", "propose", desk.terms("sport"))
    told = desk.told("programme", "report", "sport")
    assert (told["programme"], told["figures"], told["budget_left"]) == ("sport", [], 1_000)
    words = desk.run("programme", "report", "sport", "--from", "2026-01-01T00:00:00Z").output
    assert "budget KZT 10.00, of which KZT 10.00 may still be marked" in words
    words = desk.run("programme", "report", "sport", "--language", "ru").output
    assert "бюджет KZT 10.00, из него ещё можно пометить KZT 10.00" in words
    assert "состояние: действует" in words


def test_what_is_no_terms_is_refused(desk: Desk) -> None:
    path = desk.folder / "x.jws"
    for text in (b"x", "қате".encode(), msgspec.json.encode(meals(desk.ministry))):
        path.write_bytes(text)
        result = desk.run("programme", "propose", str(path), "--reason", "a test")
        assert result.exit_code == 1, result.output
    assert "remedy" in result.output or result.output
