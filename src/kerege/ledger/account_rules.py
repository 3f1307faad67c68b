# SPDX-License-Identifier: Apache-2.0
"""Rules of account changes: opening, limits, freezing, closing, new assets. Pure."""

from msgspec.structs import replace

from kerege.ledger.account import MAX_BALANCE, Account, Role, Status
from kerege.ledger.book import Draft, Opening
from kerege.ledger.form import limits_suit_role
from kerege.ledger.ids import MAX_ACCOUNT_ID, UNMARKED, AccountId
from kerege.ledger.order import (
    AccountChange,
    CloseAccount,
    DeclareAsset,
    OpenAccount,
    SetLimits,
    SetStatus,
)
from kerege.ledger.refusal import Refusal
from kerege.ledger.refused import Refused

__all__ = ["apply_change"]


def apply_change(change: AccountChange, draft: Draft) -> Refused | None:
    """Apply one account change to the draft, or say why not."""
    match change:
        case DeclareAsset():
            return _declare(change, draft)
        case OpenAccount():
            return _open(change, draft)
        case SetLimits() | SetStatus() | CloseAccount():
            return _change(change, draft)


def _declare(change: DeclareAsset, draft: Draft) -> Refused | None:
    if draft.asset_scale(change.asset) is not None:
        return Refused(Refusal.ASSET_EXISTS)
    draft.assets[change.asset] = change.scale
    draft.results.append(change.scale)
    return None


def _open(change: OpenAccount, draft: Draft) -> Refused | None:
    if draft.asset_scale(change.asset) is None:
        return Refused(Refusal.ASSET_UNKNOWN)
    account_id = AccountId(draft.next_account)
    if account_id > MAX_ACCOUNT_ID:
        return Refused(Refusal.TOO_MANY_ACCOUNTS, found=account_id, limit=MAX_ACCOUNT_ID)
    account = Account(
        id=account_id,
        asset=change.asset,
        role=change.role,
        floor=change.floor,
        ceiling=change.ceiling,
    )
    draft.accounts[account_id] = account
    draft.openings.append(Opening(account=account, owner=change.owner))
    draft.next_account += 1
    draft.results.append(account_id)
    return None


def _change(change: SetLimits | SetStatus | CloseAccount, draft: Draft) -> Refused | None:
    account = draft.account(change.account)
    if account is None:
        return Refused(Refusal.ACCOUNT_UNKNOWN)
    if account.status & Status.CLOSED:
        return Refused(Refusal.ACCOUNT_CLOSED)
    if isinstance(change, SetLimits):
        refused = _check_limits(change, account, draft)
        changed = replace(account, floor=change.floor, ceiling=change.ceiling)
    elif isinstance(change, SetStatus):
        refused, changed = None, replace(account, status=change.status)
    else:
        empty = all(cell.is_empty for cell in draft.cells_of(account.id))
        refused = None if empty else Refused(Refusal.ACCOUNT_NOT_EMPTY)
        changed = replace(account, status=Status.CLOSED)
    if refused is None:
        draft.accounts[account.id] = changed
        draft.results.append(account.id)
    return refused


def _check_limits(change: SetLimits, account: Account, draft: Draft) -> Refused | None:
    """New limits must hold for what is there: promise 2 has no grace period."""
    if not limits_suit_role(account.role, change.floor, change.ceiling):
        return Refused(Refusal.LIMITS_UNSUITABLE)
    available = draft.cell((account.id, UNMARKED)).available
    if change.floor is not None and account.role is Role.HOLDER and available < change.floor:
        return Refused(Refusal.FLOOR_ABOVE_BALANCE, found=change.floor, limit=available)
    holding = sum(cell.holding for cell in draft.cells_of(account.id))
    if change.ceiling is not None and holding > change.ceiling:
        # Many marks together may hold more than any ceiling or 64-bit figure can say.
        limit = min(holding, MAX_BALANCE)
        return Refused(Refusal.CEILING_BELOW_HOLDING, found=change.ceiling, limit=limit)
    return None
