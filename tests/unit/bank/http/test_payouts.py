# SPDX-License-Identifier: Apache-2.0
"""Payout files over HTTP: read whole, faults with their places, names held back as elsewhere."""

import pytest

from kerege.wallet import BankRefused, BankUnreachable, pay_out
from tests.banks import Person


def test_a_file_is_read_and_paid(aru: Person, beket: Person) -> None:
    tea, shop = aru.wallet(money=300_00), beket.wallet()
    text = f"to;amount;note\r\n{shop.id};10,50;salary\r\n{shop.id};1;\r\n@nobody;5;\r\n"
    plan = aru.bank.plan_payout(text, asset="KZT")
    assert [(line.line, line.wallet, line.amount) for line in plan.lines] == [
        (2, shop.id, 10_50),
        (3, shop.id, 1_00),
        (4, "", 5_00),
    ]
    reports = pay_out(tea, plan, digest=b"1" * 32)
    assert [report.code for report in reports] == ["accepted", "accepted", "payee_unknown"]
    assert shop.state().balances[0].balance == 11_50


def test_all_faults_are_told_and_nothing_is_planned(aru: Person) -> None:
    text = "to,amount\r\nwal_x,1\r\n@a,x\r\n=cmd(),5\r\n"
    plan = aru.bank.plan_payout(text, asset="KZT")
    assert plan.lines == ()
    assert {line for line, _, _ in plan.faults} >= {2, 3}


def test_the_same_payee_and_amount_is_worth_a_question(aru: Person, beket: Person) -> None:
    shop = beket.wallet()
    text = f"to,amount\n{shop.id},5\n{shop.id},5\n"
    assert aru.bank.plan_payout(text, asset="KZT").repeated == ((2, 3),)


def test_names_in_files_are_held_back_too(aru: Person) -> None:
    text = "to,amount\n" + "".join(f"@nobody{n},1\n" for n in range(200))
    aru.bank.plan_payout(text, asset="KZT")
    with pytest.raises(BankUnreachable):
        aru.bank.plan_payout(text, asset="KZT")


@pytest.mark.parametrize("text", ["", "x", "\x00", "to,amount\n" + "a" * 600_000])
def test_what_is_no_file_is_told(aru: Person, text: str) -> None:
    try:
        assert aru.bank.plan_payout(text, asset="KZT").lines == ()
    except BankRefused as refused:
        assert refused.status in (400, 413)  # noqa: PT017  too much to be read at all


def test_an_unknown_asset_is_told(aru: Person) -> None:
    with pytest.raises(BankRefused) as caught:
        aru.bank.plan_payout("to,amount\n", asset="NOPE")
    assert caught.value.code == "request_invalid"
