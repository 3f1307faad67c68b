# SPDX-License-Identifier: Apache-2.0
"""`kerege contract`: from making one to what its supplier has, and what is refused on the way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.paper_town import PaperTown, e_invoice
from tests.terminals import Terminal


@pytest.fixture
def builder(paper_town: PaperTown, request: pytest.FixtureRequest) -> Terminal:
    return paper_town.firm(request.node.name)


def _made(town: PaperTown, supplier: str, *options: str) -> str:
    made = town.treasury.asked("contract", "make", "roads", supplier, "300", *options)
    town.read()
    return str(made["verdict"]["order"])


def _wallet(terminal: Terminal) -> str:
    return str(terminal.asked("wallet", "list")["wallets"][0]["id"])


def test_acceptance_of_an_invoice(paper_town: PaperTown, builder: Terminal, tmp_path: Path) -> None:
    town, inspector = paper_town, paper_town.wallets["inspector"]
    options = ("--acceptor", inspector, "--milestone", "deck=232")
    duty = ("--obligation", f"no-tax-debt={inspector}")
    road = _made(town, _wallet(builder), *options, *duty)
    (paper,) = builder.asked("papers")["papers"]
    assert (paper["order"], paper["role"], paper["document"]["cap"]) == (road, "supplier", 300_00)
    today = datetime.now(UTC).date().isoformat()
    file = e_invoice(tmp_path, "A-1", 200_00, day=today)
    options = ("--buyer", town.wallets["treasury"], "--contract", road)
    bill = builder.asked("invoice", "register", file, *options)["verdict"]["order"]
    under = (road, "232", "--milestone", "deck", "--invoice", bill, "--spend", "roads")
    told = town.treasury.run("contract", "pay", *under, "--language", "ru").output
    assert "приём" in told.lower()
    assert "(contract_needs_acceptance" in told
    told = town.treasury.run("contract", "reserve", *under).output
    assert "roads/obligations/no-tax-debt" in told
    assert "is met" in town.inspector.must("contract", "attest", road, "no-tax-debt")
    made = town.treasury.asked("contract", "reserve", *under)
    town.read()
    waits = [one["order"] for one in town.inspector.asked("papers", "--kind", "hold")["papers"]]
    assert waits[-1] == made["verdict"]["order"]
    told = town.inspector.run("contract", "accept", waits[-1], "100", "--keep").output
    assert "(invoice_taken_once" in told
    assert "is the supplier's" in town.inspector.must("contract", "accept", waits[-1], "232")
    balances = builder.asked("wallet", "balance")["balances"]
    by_programme = {one.get("programme", ""): one["balance"] for one in balances}
    assert (by_programme["roads"], by_programme["digital-vat"]) == (200_00, 32_00)
    assert "is not met" in town.inspector.must("contract", "attest", road, "no-tax-debt", "--unmet")


def test_a_subcontract_and_its_payment(paper_town: PaperTown, builder: Terminal) -> None:
    town = paper_town
    mason = town.firm("mason")
    road = _made(town, _wallet(builder))
    told = town.treasury.must("contract", "pay", road, "100", "--spend", "roads")
    assert told.startswith("Paid KZT 100.00 to wal_")
    options = ("--under", road, "--last", "--days", "30")
    made = builder.asked("contract", "make", "roads", town.wallets["mason"], "50", *options)
    below = made["verdict"]["order"]
    builder.must("contract", "pay", below, "40", "--to", town.wallets["mason"])
    assert mason.balance() == 40_00
    over = builder.run("contract", "pay", below, "11", "--language", "kk")
    assert (over.exit_code, "(contract_used_up" in over.output) == (1, True)


def test_what_is_no_contract(paper_town: PaperTown, builder: Terminal) -> None:
    stranger = _wallet(builder)
    for arguments in (
        ("make", "roads", stranger, "10", "--milestone", "roof"),
        ("make", "roads", "@nobody", "10"),
        ("make", "nowhere", stranger, "10"),
        ("pay", "ord_" + "0" * 32, "5"),
        ("attest", "ord_" + "0" * 32, "taxes"),
        ("accept", "nonsense", "5"),
    ):
        told = paper_town.treasury.run("contract", *arguments)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: "), told.output
    own = builder.run("contract", "make", "roads", paper_town.wallets["inspector"], "10")
    assert "(not_yours" in own.output
