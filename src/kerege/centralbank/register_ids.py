# SPDX-License-Identifier: Apache-2.0
"""Names the core gives itself: wallets and accounts that follow from what they are for. Pure."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.ledger import AccountId, OpenAccount, Step
from kerege.payments.derived import derived_order_id
from kerege.payments.ids import WalletId, format_wallet_id

__all__ = ["Opened", "Place", "opened_by", "owner_of", "programme_owner", "system_wallet"]

Place = tuple[str, str, str]
"""What an account of the core is for: its use, the asset of money, the participant (or nobody)."""


class Opened(Struct, frozen=True):
    """Accounts an order opened: the core's own, by asset those of its wallets, and by id the
    budgets of programmes."""

    places: dict[Place, AccountId]
    wallets: dict[WalletId, dict[str, AccountId]]
    budgets: dict[str, AccountId]


def system_wallet(use: str) -> WalletId:
    """The wallet of the core itself for `use` (redemption, fees): the same in every country."""
    return format_wallet_id(derived_order_id("system-wallet", use))


def owner_of(use: str, asset: str = "", participant: str = "") -> str:
    """The owner the ledger keeps with an account of the core."""
    return f"core:{use}:{asset}:{participant}"


def programme_owner(programme: str) -> str:
    """The owner the ledger keeps with a programme's budget."""
    return f"{_PROGRAMME}{programme}"


_PROGRAMME: Final = "programme:"


def opened_by(steps: Iterable[Step], results: Iterable[int]) -> Opened:
    """Read from an accepted order which of the core's accounts it opened."""
    places: dict[Place, AccountId] = {}
    wallets: dict[WalletId, dict[str, AccountId]] = {}
    budgets: dict[str, AccountId] = {}
    for step, result in zip(steps, results, strict=True):
        if not isinstance(step, OpenAccount):
            continue
        if step.owner.startswith("wal_"):
            wallets.setdefault(WalletId(step.owner), {})[step.asset] = AccountId(result)
            continue
        if step.owner.startswith(_PROGRAMME):
            budgets[step.owner.removeprefix(_PROGRAMME)] = AccountId(result)
            continue
        parts = step.owner.split(":")
        if len(parts) != 4 or parts[0] != "core":
            raise InvariantViolation(f"an account of the core with the owner {step.owner}")
        places[parts[1], parts[2], parts[3]] = AccountId(result)
    return Opened(places, wallets, budgets)
