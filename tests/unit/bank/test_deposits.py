# SPDX-License-Identifier: Apache-2.0
"""Deposits in the bank's own ledger."""

import pytest

from kerege.bank import deposits as module
from kerege.bank.deposits import Deposit, Deposits, UnknownAsset
from kerege.errors import KeregeError
from kerege.ledger import Refusal, Status, parse_order_id
from tests.two_tiers import ASSET, Branch

FREEZE = parse_order_id("ord_" + "0" * 31 + "1")


def test_money_comes_from_outside_and_goes_there(branch: Branch) -> None:
    deposits = branch.desk.deposits
    assert deposits.deposits_of("cus") == []
    assert deposits.statement("cus", ASSET) == []
    assert deposits.pay_in("salary-1", "cus", ASSET, 500).accepted
    assert deposits.pay_in("salary-1", "cus", ASSET, 500).replayed
    assert deposits.pay_out("cash-1", "cus", ASSET, 120).accepted
    assert deposits.pay_out("cash-2", "cus", ASSET, 381).refusal is Refusal.EXCEEDS_BALANCE
    assert deposits.deposits_of("cus") == [Deposit(ASSET, 380)]
    assert deposits.balance_of(deposits.outside(ASSET)) == -380
    assert [line.change for line in deposits.statement("cus", ASSET)] == [-120, 500]


def test_one_reference_is_one_payment(branch: Branch) -> None:
    deposits = branch.desk.deposits
    deposits.pay_in("salary-1", "cus", ASSET, 500)
    again = deposits.pay_in("salary-1", "cus", ASSET, 501)
    assert again.refusal is Refusal.ID_HAS_OTHER_CONTENT


def test_everybody_finds_the_same_accounts(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 3)
    one, other = branch.desk.deposits, Deposits(branch.ledger, [(ASSET, 2)])
    pairs = [(f"cus-{n}", ASSET) for n in range(9)]
    assert one.accounts(pairs) == other.accounts(pairs)
    assert one.find("cus-3", ASSET) == other.find("cus-3", ASSET)
    assert (one.position(ASSET), one.suspense(ASSET)) == (
        other.position(ASSET),
        other.suspense(ASSET),
    )
    assert Deposits(branch.ledger, [(ASSET, 2)]).find("cus-8", ASSET) is not None
    assert one.find("nobody", ASSET) is None


def test_an_asset_not_kept_is_named(branch: Branch) -> None:
    with pytest.raises(UnknownAsset, match="KZT"):
        branch.desk.deposits.account("cus", "KGS")


def test_an_asset_keeps_its_scale(branch: Branch) -> None:
    with pytest.raises(KeregeError, match="other units"):
        Deposits(branch.ledger, [(ASSET, 3)])


def test_a_frozen_deposit_takes_nothing(branch: Branch) -> None:
    deposits = branch.desk.deposits
    assert deposits.set_status(FREEZE, "cus", ASSET, Status.CREDITS_FROZEN).accepted
    assert deposits.pay_in("a", "cus", ASSET, 1).refusal is Refusal.CREDITS_FROZEN
