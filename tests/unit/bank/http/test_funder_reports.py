# SPDX-License-Identifier: Apache-2.0
"""A funder reads what became of its money at its own bank; for others there is nothing to read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from kerege.centralbank.actions import ActivateProgramme
from kerege.programmes import Programme
from kerege.sandbox.shipped_programmes import shipped_programme
from kerege.wallet import BankRefused, Wallet
from tests.banks import House, Person, running_bank
from tests.funders import meals
from tests.registers import Wallet as Keys
from tests.two_tiers import START_US

PERIOD: dict[str, int] = {"from_us": START_US - 10**9, "until_us": START_US + 10**9}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


@pytest.fixture(scope="module")
def funder(house: House, tmp_path_factory: pytest.TempPathFactory) -> Person:
    return house.person(tmp_path_factory.mktemp("funder"))


@pytest.fixture(scope="module")
def wallet(funder: Person) -> Wallet:
    return funder.wallet("қор", money=300_00)


def in_force(house: House, wallet: Wallet, name: str, **more: Any) -> None:
    keys = Keys(wallet.id, wallet._key)  # type: ignore[arg-type]
    times = {"starts_us": 0, "ends_us": 4_000_000_000_000_000}
    terms = meals(keys, id=name, budget=200_00, **times, **more)
    activate(house, wallet, terms)


def activate(house: House, wallet: Wallet, terms: Programme) -> None:
    signed = wallet.sign_programme(msgspec.json.encode(terms)).decode()
    settled = house.country.core.act(ActivateProgramme(terms=signed))
    assert settled.code == "executed", settled


def asked(person: Person, name: str, what: str = "report", **query: Any) -> httpx.Response:
    path = f"/v1/programmes/{name}/{what}"
    return person.house.http.get(path, headers=person.headers, params=query or PERIOD)


def test_the_funder_reads_the_report_and_nobody_else(
    house: House, funder: Person, wallet: Wallet, tmp_path: Path
) -> None:
    in_force(house, wallet, "lunch")
    assert wallet.fund_programme("lunch", 100_00).verdict.accepted
    report = funder.bank.programme_report("lunch", **PERIOD)
    assert (report.programme, report.budget_left, report.is_complete) == ("lunch", 100_00, True)
    assert [(one.flow, one.amount) for one in report.figures] == [("marked", 100_00)]
    assert funder.bank.contract_tree("lunch").with_funder == 100_00
    stranger = house.person(tmp_path / "bek")
    stranger.wallet()
    for what in ("report", "tree", "vat/graph", "vat/claims"):
        answers = [asked(stranger, name, what) for name in ("lunch", "no-such")]
        told = [(one.status_code, one.json()["code"], one.json()["detail"]) for one in answers]
        assert told[0] == told[1]
        assert told[0][0] == 404
    assert house.http.get("/v1/programmes/lunch/report").status_code == 401
    backwards = asked(funder, "lunch", from_us=5, until_us=4)
    assert (backwards.status_code, backwards.json()["place"]) == (400, "until_us")


def test_whom_the_terms_name_reads_too(house: House, wallet: Wallet, tmp_path: Path) -> None:
    auditor = house.person(tmp_path / "auditor")
    named = auditor.wallet()
    in_force(house, wallet, "named", changers=(named.id,))
    assert asked(auditor, "named").json()["programme"] == "named"
    assert asked(auditor, "named", "tree").json()["programme"] == "named"


def test_figures_of_vat_are_the_tax_authoritys(
    house: House, funder: Person, wallet: Wallet
) -> None:
    terms = shipped_programme(
        "digital-vat", asset="KZT", funder=wallet.id, starts_us=0, ends_us=4_000_000_000_000_000
    )
    activate(house, wallet, terms)
    assert funder.bank.vat_graph("digital-vat").firms == ()
    assert funder.bank.vat_claims("digital-vat").claims == ()
    in_force(house, wallet, "no-vat")
    with pytest.raises(BankRefused) as caught:
        funder.bank.vat_graph("no-vat")
    assert caught.value.status == 404


@pytest.mark.parametrize(
    "query", [{"from_us": 0}, {"from_us": -1, "until_us": 1}, {"from_us": "x", "until_us": 1}]
)
def test_a_period_that_is_none(funder: Person, query: dict[str, Any]) -> None:
    assert asked(funder, "lunch", **query).status_code == 400


def test_who_asks_all_the_time_waits(house: House, wallet: Wallet, funder: Person) -> None:
    in_force(house, wallet, "often")
    house.country.clock.advance_us(120_000_000)
    answers = [asked(funder, "often").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    house.country.clock.advance_us(120_000_000)
    assert asked(funder, "often").status_code == 200
