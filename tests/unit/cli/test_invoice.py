# SPDX-License-Identifier: Apache-2.0
"""`kerege invoice`: registered from JSON and UBL, paid, credited, refunded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e_invoices import UBL
from tests.paper_town import PaperTown, e_invoice
from tests.terminals import Terminal

TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def mill(paper_town: PaperTown, request: pytest.FixtureRequest) -> Terminal:
    return paper_town.firm(f"mill-{request.node.name}")


@pytest.fixture
def baker(paper_town: PaperTown, request: pytest.FixtureRequest) -> Terminal:
    return paper_town.firm(f"baker-{request.node.name}", money=200_00)


def _wallet(terminal: Terminal) -> str:
    return str(terminal.asked("wallet", "list")["wallets"][0]["id"])


def test_a_buyer_pays_what_it_was_told_of(
    paper_town: PaperTown, mill: Terminal, baker: Terminal, tmp_path: Path
) -> None:
    file = e_invoice(tmp_path, "A-7", 100_00, day=TODAY)
    told = mill.must("invoice", "register", file, "--buyer", _wallet(baker))
    assert told.startswith("Invoice A-7 for KZT 116.00 registered: ord_")
    paper_town.read()
    assert "invoice" in baker.must("papers")
    (paper,) = baker.asked("papers")["papers"]
    bill = paper["order"]
    assert "Paid KZT 16.00" in baker.must("invoice", "pay", bill, "16")
    paid = baker.asked("invoice", "pay", bill, "100")["verdict"]["order"]
    assert "(invoice_already_paid" in baker.run("invoice", "pay", bill).output
    note = e_invoice(tmp_path, "A-8", 50_00, day=TODAY, kind="credit-note", preceding="A-7")
    credit = mill.asked("invoice", "credit", note, bill)["verdict"]["order"]
    mill.must("refund", paid, "58", "--about", credit)
    assert baker.balance() == 200_00 - 116_00 + 58_00
    assert mill.balance() == 58_00


def test_ubl_is_registered_as_it_came(mill: Terminal, baker: Terminal, tmp_path: Path) -> None:
    text = UBL.replace("2026-11-20", TODAY)
    (tmp_path / "bill.xml").write_text(text)
    file = str(tmp_path / "bill.xml")
    bill = mill.asked("invoice", "register", file, "--buyer", _wallet(baker))
    assert bill["verdict"]["code"] == "accepted", bill


def test_what_is_no_invoice(
    paper_town: PaperTown, mill: Terminal, baker: Terminal, tmp_path: Path
) -> None:
    wrong = e_invoice(tmp_path, "B-1", 100_00, day=TODAY, vat=[])
    empty, note = (
        tmp_path / "empty",
        e_invoice(tmp_path, "B-2", 5_00, day=TODAY, kind="credit-note"),
    )
    empty.write_bytes(b"\xff\xfe")
    for arguments, why in (
        (("register", wrong), "BR-CO-14"),
        (("register", str(empty)), "not an invoice"),
        (("register", note), "credit-note"),
        (("pay", "ord_" + "0" * 32), "no paper"),
        (("pay", "ord_" + "0" * 32, "5", "--to", _wallet(mill)), "(order_not_found"),
    ):
        told = baker.run("invoice", *arguments)
        assert (told.exit_code, why in told.output) == (1, True), told.output
    itself = e_invoice(tmp_path, "B-3", 5_00, day=TODAY)
    own = mill.run("invoice", "register", itself, "--buyer", _wallet(mill))
    assert "(payee_is_payer" in own.output
