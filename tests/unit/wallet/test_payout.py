# SPDX-License-Identifier: Apache-2.0
"""A payout pays each line once, whatever breaks, and one bad line costs no other."""

from pathlib import Path

import pytest

from kerege.payments.bulk import LineReport
from kerege.wallet import Wallet, pay_out
from kerege.wallet import payout as room
from kerege.wallet.wire import PayoutPlan, PlannedLine
from tests.wallets import Pocket

DIGEST = b"d" * 32


class Payroll:
    """A payer, some payees, and what is paid to them."""

    def __init__(self, folder: Path) -> None:
        self.pocket = Pocket(folder)
        self.payer: Wallet = self.pocket.wallet(money=1_000_00)
        self.payees = [self.pocket.bank.make_wallet() for _ in range(5)]

    def plan(self, *payees: str, amount: int = 10_00) -> PayoutPlan:
        lines = tuple(
            PlannedLine(line=number, wallet=payee, amount=amount)
            for number, payee in enumerate(payees, start=2)
        )
        return PayoutPlan(asset="KZT", lines=lines, total=amount * len(lines))

    def pay(self, plan: PayoutPlan, run: int = 1) -> list[LineReport]:
        return pay_out(self.payer, plan, digest=DIGEST, run=run)

    def paid(self) -> list[int]:
        return [self.pocket.bank.balance(payee) for payee in self.payees]


@pytest.fixture
def payroll(tmp_path: Path) -> Payroll:
    return Payroll(tmp_path)


def codes(reports: list[LineReport]) -> list[str]:
    return [report.code for report in reports]


def test_everyone_is_paid_and_told(payroll: Payroll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LEGS_AT_ONCE", 2)
    reports = payroll.pay(payroll.plan(*payroll.payees))
    assert codes(reports) == ["accepted"] * 5
    assert [report.line for report in reports] == [2, 3, 4, 5, 6]
    assert len({report.order for report in reports}) == 3
    assert payroll.paid() == [10_00] * 5


def test_the_same_file_again_pays_nobody_twice(payroll: Payroll) -> None:
    plan = payroll.plan(*payroll.payees)
    first = payroll.pay(plan)
    assert payroll.pay(plan) == first
    assert payroll.paid() == [10_00] * 5
    payroll.pay(plan, run=2)
    assert payroll.paid() == [20_00] * 5


def test_one_line_that_cannot_be_paid_costs_no_other(payroll: Payroll) -> None:
    gone = "wal_" + "f" * 32
    plan = payroll.plan(payroll.payees[0], gone, payroll.payees[1])
    reports = payroll.pay(plan)
    assert codes(reports) == ["accepted", "payee_unknown", "accepted"]
    assert payroll.pay(plan) == reports
    assert payroll.paid()[:2] == [10_00, 10_00]


def test_a_name_nobody_has_is_told(payroll: Payroll) -> None:
    reports = payroll.pay(payroll.plan("", payroll.payees[0]))
    assert codes(reports) == ["payee_unknown", "accepted"]
    assert reports[0].order == ""


def test_when_the_money_ends_the_rest_is_not_sent(
    payroll: Payroll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LEGS_AT_ONCE", 2)
    reports = payroll.pay(payroll.plan(*payroll.payees, amount=300_00))
    assert codes(reports) == [
        "accepted",
        "accepted",
        "exceeds_balance",
        "exceeds_balance",
        "not_sent",
    ]
    assert payroll.paid() == [300_00, 300_00, 0, 0, 0]


def test_cut_off_half_way_it_goes_on(payroll: Payroll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LEGS_AT_ONCE", 2)
    payroll.pocket.bank.lose_answers = 1_000
    plan = payroll.plan(*payroll.payees)
    assert codes(payroll.pay(plan)) == ["not_sent"] * 5
    payroll.pocket.bank.lose_answers = 0
    assert codes(payroll.pay(plan)) == ["accepted"] * 5
    assert payroll.paid() == [10_00] * 5


def test_nothing_to_pay_is_nothing(payroll: Payroll) -> None:
    assert payroll.pay(PayoutPlan(asset="KZT")) == []
