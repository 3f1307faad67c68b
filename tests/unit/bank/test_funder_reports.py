# SPDX-License-Identifier: Apache-2.0
"""Whose a report is: looked at before the core is asked, and the core's no is a no."""

from typing import Any

import pytest

from kerege.bank.customer import CustomerId
from kerege.bank.funder_reports import ASKED_PER_MINUTE, AskedTooOften, FunderReports
from kerege.bank.ownership import NothingHere
from kerege.programmes.contract_tree import ContractTree
from tests.funders import meals
from tests.registers import Wallet, key_of

ARU = CustomerId("cus_" + "1" * 32)
MINE = "wal_" + "1" * 32
TREE = ContractTree(
    programme="lunch",
    asset="KZT",
    funder=MINE,
    with_funder=0,
    roots=(),
    loose=(),
    is_complete=True,
)


class Bank:
    """A core that answers, a register of programmes, and one customer's wallets."""

    def __init__(self) -> None:
        terms = meals(Wallet(MINE, key_of("funder")), id="lunch")  # type: ignore[arg-type]
        self.pages: dict[str, Any] = {"lunch": type("Page", (), {"document": terms})}
        self.asked: list[str] = []
        self.tree: ContractTree | None = TREE
        self.waits: list[int] = []
        self.mine: dict[str, bool] = {MINE: False}

    def page(self, programme: str) -> Any:
        return self.pages.get(programme)

    def wallets(self, actor: CustomerId) -> dict[str, bool]:
        return self.mine if actor == ARU else {}

    def wait_s(self, subject: bytes, rules: Any) -> int:
        assert (subject, rules) == (ARU.encode(), (ASKED_PER_MINUTE,))
        return self.waits.pop() if self.waits else 0

    def contract_tree(self, programme: str) -> ContractTree | None:
        self.asked.append(programme)
        return self.tree


@pytest.fixture
def bank() -> Bank:
    return Bank()


def reports(bank: Any) -> FunderReports:
    return FunderReports(bank, bank, bank, bank)


def test_the_funder_is_told(bank: Bank) -> None:
    assert reports(bank).tree(ARU, "lunch") == TREE
    assert bank.asked == ["lunch"]


def test_others_are_not_and_the_core_is_not_asked(bank: Bank) -> None:
    for actor, programme in ((CustomerId("cus_" + "2" * 32), "lunch"), (ARU, "other")):
        with pytest.raises(NothingHere) as caught:
            reports(bank).tree(actor, programme)
        assert str(caught.value) == str(NothingHere("programme"))
    assert bank.asked == []


def test_a_funder_whose_wallet_has_left_is_told_nothing_by_the_core(bank: Bank) -> None:
    bank.tree = None
    with pytest.raises(NothingHere):
        reports(bank).tree(ARU, "lunch")


def test_who_asks_too_often_is_not_passed_on(bank: Bank) -> None:
    bank.waits = [7]
    assert reports(bank).tree(ARU, "lunch") == AskedTooOften(7)
    assert bank.asked == []
