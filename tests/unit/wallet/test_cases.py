# SPDX-License-Identifier: Apache-2.0
"""Disputes over a real bank's HTTP, from both sides."""

from pathlib import Path

import pytest

from kerege.wallet import BankRefused
from kerege.wallet.cases import Cases
from tests.banks import House, Person


def test_a_case_from_opening_to_withdrawal(aru: Person, house: House, tmp_path: Path) -> None:
    beket = house.person(tmp_path / "beket")
    tea, shop = aru.wallet(money=50_00), beket.wallet()
    order = tea.pay(shop.id, 20_00, asset="KZT").verdict.order
    mine, theirs = Cases(aru.bank), Cases(beket.bank)
    case = mine.open(wallet=tea.id, payment=order, reason="paid_twice", claimed=20_00)
    assert mine.of(tea.id) == theirs.of(shop.id) == (case,)
    given = theirs.give_evidence(case.id, wallet=shop.id, digest=bytes(32))
    assert given.evidence[0].wallet == shop.id
    assert theirs.answer(case.id, conceded=5_00).conceded == 5_00
    assert mine.show(case.id).state == "answered"
    other = mine.open(
        wallet=tea.id,
        payment=tea.pay(shop.id, 1_00, asset="KZT").verdict.order,
        reason="not_received",
        claimed=1_00,
    )
    assert mine.withdraw(other.id).state == "withdrawn"
    with pytest.raises(BankRefused):
        theirs.withdraw(case.id)
    with pytest.raises(BankRefused):
        mine.show("../wallets")
    mandate = shop.mandate(
        beket.bank.wallet(shop.id).bank_wallet, asset="KZT", each=100, total=100, holds=True
    )
    theirs.take_part(wallet=shop.id, mandate=mandate.verdict.order)
