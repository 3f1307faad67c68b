# SPDX-License-Identifier: Apache-2.0
"""What the core opens for itself says in the ledger what it is for."""

from kerege.centralbank.register_accounts import (
    SYSTEM_WALLETS,
    accounts_of_bank,
    accounts_of_core,
    accounts_of_money,
    floor_of,
)
from kerege.centralbank.register_ids import opened_by, system_wallet
from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.register_participants import Quota
from kerege.ledger import MAX_BALANCE

KZT = MoneyAsset(code="KZT", reserve="KZT-R")


def test_what_was_opened_is_read_back_from_the_order() -> None:
    steps = (*accounts_of_core(), *accounts_of_money(KZT), *accounts_of_bank("altyn", KZT, Quota()))
    opened = opened_by(steps, range(len(steps)))
    assert {place[0] for place in opened.places} == {
        "allowance-sink",
        "quota-sink",
        "decisions",
        "decided",
        "issuer",
        "retired",
        "reserve-issuer",
        "backing",
        "converter",
        "reserves",
        "quota",
    }
    assert ("reserves", "KZT", "altyn") in opened.places
    assert set(opened.wallets) == {system_wallet(use) for use in SYSTEM_WALLETS}


def test_a_quota_is_how_far_below_zero_it_may_go() -> None:
    quota = Quota(issuance={"KZT": 5})
    assert (floor_of(quota, "KZT"), floor_of(quota, "XAU")) == (-5, -MAX_BALANCE)
