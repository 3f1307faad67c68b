# SPDX-License-Identifier: Apache-2.0
"""Issuance: no money without reserves, none redeemed twice, quotas held by the ledger."""

from typing import Any

import pytest

from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.actions import (
    Admit,
    DeclareMoney,
    Issue,
    Redeem,
    ReservesIn,
    ReservesOut,
    SetQuota,
    Suspend,
)
from kerege.centralbank.register import found_country
from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.register_participants import Quota, Role
from kerege.ledger import UNMARKED, AccountId, Cell
from kerege.payments import Leg, Pay
from tests.registers import (
    HOUR_US,
    PARAMETERS,
    Bank,
    Country,
    Wallet,
    jwk_of,
    key_of,
    must,
    order_name,
)


def _pay(
    country: Country, bank: Bank, wallet: Wallet, to: str, amount: int, *, asset: str = "KZT"
) -> str:
    """A payment that has to be accepted; returns its id."""
    pay = Pay(
        id=order_name(country.next_number()),
        wallet=wallet.id,
        until_us=country.clock.now_us() + HOUR_US,
        asset=asset,
        legs=(Leg(to=to, amount=amount),),
    )
    with Acceptance(country.ledger, country.register, country.clock) as acceptance:
        must(acceptance.submit(bank.name, country.sign(pay, wallet.key)).result(20))
    return pay.id


def _figures(country: Country, asset: str = "KZT") -> tuple[int, int, int, int]:
    for each in country.register.supply():
        if each.asset == asset:
            return each.issued, each.redeemed, each.circulating, each.reserves
    raise AssertionError(asset)


def _reserves(country: Country, bank: Bank) -> int:
    account = country.register.accounts().reserves[bank.name, "KZT"]
    return country.ledger.cells(account).get(UNMARKED, Cell()).balance


def test_issuing_needs_reserves(country: Country) -> None:
    bank = country.bank("altyn")
    country.act(Issue(participant="altyn", asset="KZT", amount=1), code="reserves_insufficient")
    country.act(ReservesIn(participant="altyn", asset="KZT", amount=100))
    country.act(Issue(participant="altyn", asset="KZT", amount=60))
    country.act(Issue(participant="altyn", asset="KZT", amount=41), code="reserves_insufficient")
    country.act(
        ReservesOut(participant="altyn", asset="KZT", amount=41), code="reserves_insufficient"
    )
    country.act(ReservesOut(participant="altyn", asset="KZT", amount=40))
    assert _figures(country) == (60, 0, 60, 60)
    assert country.balance(bank.own) == 60
    assert _reserves(country, bank) == 0


def test_redeeming_runs_it_backwards(country: Country) -> None:
    bank, other = country.bank("altyn"), country.bank("tulpar")
    country.fund(bank, 100)
    redemption = country.register.accounts().redemption_wallet
    # Money that one bank was issued may come back through another.
    _pay(country, bank, bank.own, other.own.id, 30)
    payment = _pay(country, other, other.own, redemption, 30)
    assert _figures(country) == (100, 0, 100, 100)
    country.act(Redeem(payment=payment))
    assert _figures(country) == (100, 30, 70, 70)
    assert _reserves(country, other) == 30
    country.act(Redeem(payment=payment), code="payment_already_redeemed")
    assert _figures(country) == (100, 30, 70, 70)


def test_only_a_banks_own_payment_is_redeemed(country: Country) -> None:
    bank = country.bank("altyn")
    country.fund(bank, 100)
    aru = country.person(bank)
    _pay(country, bank, bank.own, aru.id, 40)
    redemption = country.register.accounts().redemption_wallet
    customers = _pay(country, bank, aru, redemption, 5)
    elsewhere = _pay(country, bank, bank.own, aru.id, 5)
    for payment in (customers, elsewhere):
        country.act(Redeem(payment=payment), code="payment_not_redeemable")
    country.act(Redeem(payment=order_name(10**9)), code="payment_unknown")


def test_a_quota_bounds_what_is_issued_beyond_what_came_back(country: Country) -> None:
    bank = country.bank("altyn", quota=Quota(issuance={"KZT": 50}))
    country.act(ReservesIn(participant="altyn", asset="KZT", amount=100))
    country.act(Issue(participant="altyn", asset="KZT", amount=50))
    one = Issue(participant="altyn", asset="KZT", amount=1)
    country.act(one, code="issuance_quota_exceeded")
    payment = _pay(country, bank, bank.own, country.register.accounts().redemption_wallet, 20)
    country.act(Redeem(payment=payment))
    country.act(one)
    too_low = SetQuota(participant="altyn", quota=Quota(issuance={"KZT": 30}))
    country.act(too_low, code="floor_above_balance")
    country.act(SetQuota(participant="altyn", quota=Quota()))
    country.act(Issue(participant="altyn", asset="KZT", amount=60))
    assert _figures(country) == (111, 20, 91, 91)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (ReservesIn(participant="nobody", asset="KZT", amount=1), "participant_unknown"),
        (ReservesIn(participant="staff-aru", asset="KZT", amount=1), "asset_unknown"),
        (ReservesIn(participant="altyn", asset="EUR", amount=1), "asset_unknown"),
        (Issue(participant="new", asset="KZT", amount=1), "wallet_unknown"),
        (Issue(participant="away", asset="KZT", amount=1), "participant_suspended"),
        (DeclareMoney(money=MoneyAsset(code="KZT", reserve="KZT-Q")), "asset_exists"),
        (DeclareMoney(money=MoneyAsset(code="KZT-R", reserve="KZT-Q")), "asset_exists"),
        (DeclareMoney(money=MoneyAsset(code="ALLOWANCE", reserve="R-R")), "asset_exists"),
    ],
)
def test_refused_by_name(country: Country, action: Any, code: str) -> None:
    country.bank("altyn")
    country.bank("away")
    new = Admit(participant="new", roles=(Role.INTERMEDIARY,), keys=(jwk_of(key_of("new")),))
    country.act(new)
    country.act(Suspend(participant="away"))
    assert country.act(action, code=code).explanation


def test_a_new_money(country: Country) -> None:
    bank = country.bank("altyn")
    country.act(DeclareMoney(money=MoneyAsset(code="GOLD", reserve="GOLD-R", scale=3)))
    redemption = country.register.wallet(country.register.accounts().redemption_wallet)
    assert redemption is not None
    assert set(redemption.accounts) == {"KZT", "XAU", "GOLD"}
    account = country.ledger.account(AccountId(redemption.accounts["GOLD"]))
    assert account.account.asset == "GOLD"
    country.act(ReservesIn(participant=bank.name, asset="GOLD", amount=7))
    holder = country.open(bank.name, assets=("GOLD",), tier="full")
    assert country.balance(holder, "GOLD") == 0
    # A bank that comes later has reserves in it too.
    later = country.bank("tulpar")
    country.act(ReservesIn(participant=later.name, asset="GOLD", amount=7))
    assert _figures(country, "GOLD") == (0, 0, 0, 0)
    # The country is still the one that was founded.
    staff = {name: key.public_key for name, key in country.staff.items()}
    operator = key_of("operator").public_key
    found_country(country.register, PARAMETERS, staff=staff, operator_key=operator)
