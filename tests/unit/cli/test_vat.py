# SPDX-License-Identifier: Apache-2.0
"""`kerege vat`: a period declared, paid to the budget, claimed, answered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.paper_town import PaperTown, e_invoice

NOW = datetime.now(UTC)
PERIOD = (
    "--from", (NOW - timedelta(days=40)).date().isoformat(),
    "--until", (NOW + timedelta(days=40)).date().isoformat(),
)  # fmt: skip


def test_from_declaring_to_having_it_back(paper_town: PaperTown, tmp_path: Path) -> None:
    town = paper_town
    mill, baker = town.firm("vat-mill"), town.firm("vat-baker", money=200_00)
    file = e_invoice(tmp_path, "C-1", 100_00, day=NOW.date().isoformat())
    bill = mill.asked("invoice", "register", file, "--buyer", town.wallets["vat-baker"])
    order = bill["verdict"]["order"]
    town.read()
    baker.must("invoice", "pay", order)
    declared = mill.asked("vat", "declare", *PERIOD, "--issued", order)["verdict"]["order"]
    assert "Paid KZT 16.00 to the budget" in mill.must("vat", "remit", declared, "16")
    assert mill.balance() == 100_00
    told = baker.must("vat", "declare", *PERIOD, "--received", order)
    assert "KZT 16.00 may be claimed" in told
    again = baker.run("vat", "declare", *PERIOD, "--received", order)
    assert "(already_declared" in again.output
    mine = told.split(": ")[1].split()[0]
    claim = baker.asked("vat", "claim", mine, f"{order}=16")["verdict"]["order"]
    town.read()
    heard = [one["order"] for one in town.authority.asked("papers")["papers"]]
    assert claim in heard
    refused = town.authority.must("vat", "answer", claim, "0", "--refuse", f"{order}=vat-not-paid")
    assert "The claim is answered, KZT 0.00 paid" in refused
    town.read()
    answers = [one for one in baker.asked("papers")["papers"] if one["kind"] == "vat-claim-run"]
    assert [one["papers"] for one in answers] == [[claim]]
    assert all("document" not in one for one in answers)
    again = baker.asked("vat", "claim", mine, f"{order}=16")["verdict"]["order"]
    town.authority.must("vat", "answer", again, "16")
    assert baker.balance() == 200_00 - 116_00 + 16_00


def test_what_is_none(paper_town: PaperTown) -> None:
    nothing = "ord_" + "0" * 32
    for arguments in (
        ("declare", *PERIOD, "--issued", nothing),
        ("remit", nothing, "5"),
        ("claim", nothing, "nonsense"),
        ("claim", nothing, f"{nothing}=5"),
        ("claim", nothing, f"{nothing}=5", f"{nothing}=6"),
        ("answer", nothing, "5", "--refuse", f"{nothing}=dislike"),
        ("answer", nothing, "5"),
    ):
        told = paper_town.authority.run("vat", *arguments)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")
