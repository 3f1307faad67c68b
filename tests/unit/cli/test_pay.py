# SPDX-License-Identifier: Apache-2.0
"""`kerege pay`: the amount that was said, to the payee that was named, once."""

import json

import pytest

from tests.terminals import Terminal


def test_a_payment_moves_the_amount(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    told = aru.must("pay", beket.create(), "45.50")
    assert told.startswith("Paid KZT 45.50 to ")
    assert (aru.balance(), beket.balance()) == (54_50, 45_50)


def test_a_dry_run_moves_nothing(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    shop = beket.create()
    assert aru.must("pay", shop, "45.50", "--dry-run").startswith("Would pay KZT 45.50 to ")
    short = aru.run("pay", shop, "100.01", "--dry-run")
    assert short.exit_code == 1
    assert "100.00" in short.output
    assert (aru.balance(), beket.balance()) == (100_00, 0)


def test_a_refusal_is_told_to_people_and_programs(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=5_00)
    shop = beket.create()
    person, program = aru.run("pay", shop, "6"), aru.run("pay", shop, "6", "--json")
    assert (person.exit_code, program.exit_code) == (1, 1)
    assert "(exceeds_balance, ord_" in person.output
    told = json.loads(program.output)
    assert (told["ok"], told["verdict"]["code"]) == (False, "exceeds_balance")
    assert aru.balance() == 5_00


def test_a_request_says_the_amount(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=100_00)
    beket.create()
    payload = beket.asked("request", "30")["qr"]
    other = aru.run("pay", "--qr", payload, "--asset", "KGS")
    assert other.exit_code == 1
    assert "asks for KZT" in other.output
    assert aru.run("pay", "--qr", payload, "29").exit_code == 1
    assert aru.must("pay", "--qr", payload).startswith("Paid KZT 30.00 to ")
    assert aru.run("pay", "--qr", payload).exit_code == 1
    assert (aru.balance(), beket.balance()) == (70_00, 30_00)


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "1,5", "", "NaN", "1e3", "９", "9" * 40])
def test_an_amount_is_read_exactly(aru: Terminal, beket: Terminal, amount: str) -> None:
    aru.create(money=5_00)
    told = aru.run("pay", "--", beket.create(), amount)
    assert told.exit_code == 1
    assert told.output.startswith("kerege: ")
    assert aru.balance() == 5_00


def test_who_is_not_there_is_not_paid(aru: Terminal) -> None:
    aru.create(money=5_00)
    for payee in ("@nobody", f"wal_{1:032x}", "", "\ud7ff" * 3000, "000201"):
        told = aru.run("pay", payee, "1")
        assert told.exit_code == 1, payee
        assert told.output.startswith("kerege: ")
    assert aru.balance() == 5_00


def test_how_much_must_be_said(aru: Terminal, beket: Terminal) -> None:
    aru.create(money=5_00)
    told = aru.run("pay", beket.create())
    assert told.exit_code == 1
    assert "say how much to pay" in told.output


@pytest.mark.parametrize("arguments", [(), ("--qr", "x", "1", "2")])
def test_wrong_usage(aru: Terminal, arguments: tuple[str, ...]) -> None:
    assert aru.run("pay", *arguments).exit_code == 2
