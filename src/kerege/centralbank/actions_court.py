# SPDX-License-Identifier: Apache-2.0
"""Planning of lawful access: freeze, release, seizure, disclosure, a new key. Pure."""

from typing import Final

from kerege.centralbank.actions import Disclose, Freeze, IdentifiedRekey, SeizeMoney, Unfreeze
from kerege.centralbank.actions_participants import keys_of
from kerege.centralbank.actions_scene import ActionScene, Planned, Unable
from kerege.ledger import Kind, SetLimits, SetStatus, Status, Step, Transfer
from kerege.payments.scene import WalletFacts

__all__ = ["frozen_status", "plan_court"]

_UNKNOWN: Final = Unable("wallet_unknown", "no wallet has this id")
_NO_PAYEE: Final = Unable("payee_unknown", "no wallet that could receive this has this id")
_SAME: Final = Unable("payee_is_payer", "a wallet's money cannot be moved to itself")
_NOT_HELD: Final = Unable("asset_not_held", "the wallet does not hold this asset")
_NO_FREEZE: Final = Unable("freeze_unknown", "no freeze by this proposal is in force")
_OWN: Final = Unable("wallet_not_allowed", "a wallet of the core itself is not frozen or seized")
_KEY_TAKEN: Final = Unable("key_in_use", "the key is or was a wallet's already")


def plan_court(
    action: Freeze | Unfreeze | SeizeMoney | Disclose | IdentifiedRekey, scene: ActionScene
) -> Planned | Unable:
    """The ledger's steps; the institution is the one that keeps the wallet."""
    if isinstance(action, Unfreeze):
        return _unfreeze(action, scene)
    wallet = scene.wallet(action.wallet)
    if wallet is None:
        return _UNKNOWN
    if wallet.bank == scene.parameters.operator:
        return _OWN
    match action:
        case Freeze():
            status = frozen_status(wallet.id, scene) | status_of(action)
            return Planned(_set_status(wallet, status), wallet.bank)
        case SeizeMoney():
            return _seize(action, wallet, scene)
        case Disclose():
            return Planned((), wallet.bank)
        case IdentifiedRekey():
            return _rekey(action, wallet, scene)


def status_of(freeze: Freeze) -> Status:
    """What a freeze stops."""
    return Status.DEBITS_FROZEN | (Status.CREDITS_FROZEN if freeze.credits else Status.OPEN)


def frozen_status(wallet: str, scene: ActionScene, *, without: str = "") -> Status:
    """What all freezes in force stop together, but for one proposal's."""
    status = Status.OPEN
    for freeze in scene.freezes(wallet):
        if freeze.proposal != without:
            status |= freeze.status
    return status


def _set_status(wallet: WalletFacts, status: Status) -> tuple[Step, ...]:
    return tuple(SetStatus(account, status) for account in wallet.accounts.values())


def _unfreeze(action: Unfreeze, scene: ActionScene) -> Planned | Unable:
    freeze = scene.freeze(action.freeze)
    if freeze is None or freeze.released_by:
        return _NO_FREEZE
    wallet = scene.wallet(freeze.wallet)
    if wallet is None:
        return _UNKNOWN
    status = frozen_status(wallet.id, scene, without=freeze.proposal)
    return Planned(_set_status(wallet, status), wallet.bank)


def _seize(action: SeizeMoney, wallet: WalletFacts, scene: ActionScene) -> Planned | Unable:
    payee = scene.wallet(action.to)
    if payee is None or action.asset not in payee.accounts:
        return _NO_PAYEE
    if payee.id == wallet.id:
        return _SAME
    debit = wallet.accounts.get(action.asset)
    if debit is None:
        return _NOT_HELD
    kind = Kind.POST_UP_TO if action.in_part else Kind.POST
    transfer = Transfer(debit, payee.accounts[action.asset], action.amount, kind=kind)
    status = scene.account(debit).status
    if not status & Status.DEBITS_FROZEN:
        return Planned((transfer,), wallet.bank)
    # A frozen account is open for the length of one order, in which nothing else can happen.
    open_, freeze = SetStatus(debit, status & ~Status.DEBITS_FROZEN), SetStatus(debit, status)
    return Planned((open_, transfer, freeze), wallet.bank)


def _rekey(action: IdentifiedRekey, wallet: WalletFacts, scene: ActionScene) -> Planned | Unable:
    keys = keys_of((action.key,))
    if isinstance(keys, Unable):
        return keys
    if any(scene.wallet_key_is_known(kid) for kid in keys):
        return _KEY_TAKEN
    accounts = [scene.account(account_id) for account_id in wallet.accounts.values()]
    return Planned(
        tuple(SetLimits(each.id, each.floor, each.ceiling) for each in accounts), wallet.bank
    )
