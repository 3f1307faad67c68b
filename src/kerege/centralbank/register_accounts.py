# SPDX-License-Identifier: Apache-2.0
"""Which accounts of its own the core opens, and when. Pure."""

from kerege.centralbank.register_ids import owner_of, system_wallet
from kerege.centralbank.register_parameters import MoneyAsset
from kerege.centralbank.register_participants import Quota
from kerege.ledger import MAX_BALANCE, DeclareAsset, OpenAccount, Role, Step
from kerege.payments.scene import ALLOWANCE_ASSET

__all__ = [
    "SYSTEM_WALLETS",
    "accounts_of_bank",
    "accounts_of_core",
    "accounts_of_money",
    "converter_of",
    "floor_of",
]

SYSTEM_WALLETS = ("redemption", "fees")


def accounts_of_core() -> tuple[Step, ...]:
    """The control asset, in which limits and decisions are counted, and its accounts."""
    return (
        DeclareAsset(ALLOWANCE_ASSET, 0),
        OpenAccount(ALLOWANCE_ASSET, Role.COLLECTOR, owner_of("allowance-sink")),
        OpenAccount(ALLOWANCE_ASSET, Role.COLLECTOR, owner_of("quota-sink")),
        OpenAccount(ALLOWANCE_ASSET, Role.ISSUER, owner_of("decisions"), floor=None),
        OpenAccount(ALLOWANCE_ASSET, Role.COLLECTOR, owner_of("decided")),
    )


def accounts_of_money(money: MoneyAsset) -> tuple[Step, ...]:
    """A new money and the reserves behind it."""
    code, reserve = money.code, money.reserve
    return (
        DeclareAsset(code, money.scale),
        DeclareAsset(reserve, money.scale),
        OpenAccount(code, Role.ISSUER, owner_of("issuer", code), floor=None),
        OpenAccount(code, Role.ISSUER, owner_of("retired", code), floor=None),
        OpenAccount(reserve, Role.ISSUER, owner_of("reserve-issuer", code), floor=None),
        OpenAccount(reserve, Role.COLLECTOR, owner_of("backing", code)),
        converter_of(code),
        *(OpenAccount(code, Role.COLLECTOR, system_wallet(use)) for use in SYSTEM_WALLETS),
    )


def converter_of(asset: str) -> OpenAccount:
    """Where money of `asset` changes its mark."""
    return OpenAccount(asset, Role.CONVERTER, owner_of("converter", asset))


def accounts_of_bank(participant: str, money: MoneyAsset, quota: Quota) -> tuple[Step, ...]:
    """An intermediary's reserves, and what it may still be issued."""
    code = money.code
    return (
        OpenAccount(money.reserve, Role.HOLDER, owner_of("reserves", code, participant)),
        OpenAccount(
            ALLOWANCE_ASSET,
            Role.HOLDER,
            owner_of("quota", code, participant),
            floor=floor_of(quota, code),
        ),
    )


def floor_of(quota: Quota, asset: str) -> int:
    """How far a quota's account may go below zero: by what may be issued beyond what came back."""
    return -quota.issuance.get(asset, MAX_BALANCE)
