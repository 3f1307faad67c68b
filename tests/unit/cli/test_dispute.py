# SPDX-License-Identifier: Apache-2.0
"""`kerege dispute`: opened, answered, followed, given up."""

from pathlib import Path

from tests.terminals import Terminal


def paid(person: Terminal, shop: str) -> str:
    order: str = person.asked("pay", shop, "40")["verdict"]["order"]
    return order


def opened(person: Terminal, order: str, amount: str = "40") -> str:
    case: str = person.asked("dispute", "open", order, amount, "--reason", "not_received")["id"]
    return case


def test_a_case_from_both_sides(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    aru.create(money=100_00)
    case = opened(aru, paid(aru, beket.create()))
    assert "claimed KZT 40.00" in aru.must("dispute", "list")
    assert "claimed KZT 40.00" in beket.must("dispute", "show", case)
    bill = tmp_path / "bill.txt"
    bill.write_text("bread")
    assert "evidence: 1" in beket.must("dispute", "evidence", case, str(bill))
    assert "admitted KZT 15.00" in beket.must("dispute", "answer", case, "15")
    shown = aru.asked("dispute", "show", case)
    assert (shown["conceded"], len(shown["evidence"])) == (15_00, 1)


def test_a_claim_is_denied_or_let_be(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    denied, dropped = opened(aru, paid(aru, shop)), opened(aru, paid(aru, shop), "5")
    assert beket.asked("dispute", "answer", denied, "0")["conceded"] == 0
    assert aru.asked("dispute", "withdraw", dropped)["state"] == "withdrawn"
    assert beket.run("dispute", "withdraw", denied).exit_code == 1
    assert len(aru.asked("dispute", "list")["disputes"]) == 2


def test_a_shop_takes_part(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    bank = beket.asked("wallet", "balance")["bank_wallet"]
    terms = ("--each", "100", "--total", "100", "--holds")
    mandate = beket.asked("mandate", "make", bank, *terms)["verdict"]["order"]
    assert "set claims aside" in beket.must("dispute", "take-part", mandate)
    assert aru.asked("dispute", "show", opened(aru, paid(aru, shop)))["state"] == "opened"


def test_what_is_no_case(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    order = paid(aru, beket.create())
    assert "no dispute" in aru.must("dispute", "list")
    for arguments in (
        ("open", order, "40.01", "--reason", "not_received"),
        ("open", "ord_" + "0" * 32, "1", "--reason", "not_received"),
        ("open", "nonsense", "1", "--reason", "not_received"),
        ("show", "dsp_" + "0" * 32),
        ("show", "../../me"),
        ("answer", "dsp_" + "0" * 32, "0"),
        ("take-part", "nonsense"),
    ):
        told = aru.run("dispute", *arguments)
        assert told.exit_code == 1, arguments
        assert told.output.startswith("kerege: ")
    assert aru.run("dispute", "open", order, "1", "--reason", "boredom").exit_code == 2
