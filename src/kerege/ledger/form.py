# SPDX-License-Identifier: Apache-2.0
"""Whether an order is well formed: all that can be said without looking at the ledger.

Orders built in process are not trusted to have the types they declare: a float or a
bool where an integer belongs is refused here, before arithmetic could round it.
"""

import re
from types import UnionType
from typing import Final

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Role, Status
from kerege.ledger.ids import MAX_ACCOUNT_ID, MAX_MARK, ORDER_ID_BYTES, is_own_id
from kerege.ledger.order import (
    MAX_CODE,
    MAX_EVIDENCE_BYTES,
    MAX_EXPECTATIONS,
    MAX_HOLD_S,
    MAX_OWNER_CHARACTERS,
    MAX_STEPS,
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from kerege.ledger.refusal import Refusal
from kerege.money.asset import is_asset_code

__all__ = ["MAX_SCALE", "Fault", "fault_of_order", "limits_suit_role"]

Fault = tuple[Refusal, int]
"""What is wrong, and the step it is in (-1: the order itself)."""

MAX_SCALE: Final = 18
"""Decimal places; 18 is the most any token chain uses, and the digits of an amount."""

_MAX_TIME_US: Final = 2**62
_OWNER: Final = re.compile(rf"[!-~]{{1,{MAX_OWNER_CHARACTERS}}}", re.ASCII)
_RESOLVING: Final = frozenset({Kind.CAPTURE, Kind.CAPTURE_PART, Kind.VOID, Kind.EXPIRE})
_FREEZES: Final = int(Status.DEBITS_FROZEN | Status.CREDITS_FROZEN)


def fault_of_order(order: Order) -> Fault | None:
    """First fault of `order`, or None."""
    fault = _fault_of_frame(order)
    if fault is not None:
        return fault, -1
    for place, step in enumerate(order.steps):
        fault = _fault_of_step(step)
        if fault is not None:
            return fault, place
    return None


def _fault_of_frame(order: Order) -> Refusal | None:
    if not _is_order_id(order.id) or is_own_id(order.id):
        return Refusal.ORDER_ID_INVALID
    if not _is_a(order.steps, tuple) or not order.steps:
        return Refusal.STEPS_MISSING
    if len(order.steps) > MAX_STEPS:
        return Refusal.TOO_MANY_STEPS
    if not _is_a(order.evidence, bytes):
        return Refusal.EVIDENCE_INVALID
    if len(order.evidence) > MAX_EVIDENCE_BYTES:
        return Refusal.EVIDENCE_TOO_LARGE
    return _fault_of_terms(order.terms)


def _fault_of_terms(terms: Terms) -> Refusal | None:
    if not _is_a(terms, Terms) or not _is_a(terms.expects, tuple):
        return Refusal.TERMS_INVALID
    start, end = terms.valid_from_us, terms.valid_until_us
    well_timed = _is_within(start, 0, _MAX_TIME_US) and _is_within(end, 0, _MAX_TIME_US)
    if not well_timed or (end and end < start) or len(terms.expects) > MAX_EXPECTATIONS:
        return Refusal.TERMS_INVALID
    if not all(_is_expectation(expectation) for expectation in terms.expects):
        return Refusal.TERMS_INVALID
    return None


def _is_expectation(expectation: Expectation) -> bool:
    if not _is_a(expectation, Expectation):
        return False
    balance, version = expectation.balance, expectation.version
    return (
        _is_account(expectation.account)
        and _is_within(expectation.mark, 0, MAX_MARK)
        and (balance is None or _is_within(balance, -MAX_BALANCE, MAX_BALANCE))
        and (version is None or _is_within(version, 0, _MAX_TIME_US))
    )


def _fault_of_step(step: Step) -> Refusal | None:
    if isinstance(step, Transfer):
        return _fault_of_transfer(step)
    if isinstance(step, DeclareAsset):
        named = is_asset_code(step.asset) and _is_within(step.scale, 0, MAX_SCALE)
        return None if named else Refusal.ASSET_INVALID
    if isinstance(step, OpenAccount):
        return _fault_of_opening(step)
    if not _is_a(step, SetLimits | SetStatus | CloseAccount):
        return Refusal.KIND_NOT_ALLOWED
    if not _is_account(step.account):
        return Refusal.ACCOUNT_ID_INVALID
    if isinstance(step, SetLimits):
        return _fault_of_limits(step.floor, step.ceiling)
    if isinstance(step, SetStatus) and not _is_freeze(step.status):
        return Refusal.STATUS_INVALID
    return None


def _fault_of_transfer(transfer: Transfer) -> Refusal | None:
    if not (_is_account(transfer.debit) and _is_account(transfer.credit)):
        return Refusal.ACCOUNT_ID_INVALID
    if not _is_within(transfer.mark, 0, MAX_MARK):
        return Refusal.MARK_INVALID
    if not _is_within(transfer.code, 0, MAX_CODE):
        return Refusal.CODE_INVALID
    if transfer.kind is Kind.EXPIRE or not isinstance(transfer.kind, Kind):
        return Refusal.KIND_NOT_ALLOWED
    lowest = 0 if transfer.kind is Kind.VOID else 1
    if type(transfer.amount) is not int or transfer.amount < lowest:
        return Refusal.AMOUNT_MUST_BE_POSITIVE
    if transfer.amount > (0 if transfer.kind is Kind.VOID else MAX_AMOUNT):
        return Refusal.AMOUNT_TOO_LARGE
    if transfer.debit == transfer.credit:
        return Refusal.ACCOUNTS_MUST_DIFFER
    shortest, longest = (1, MAX_HOLD_S) if transfer.kind is Kind.PENDING else (0, 0)
    if not _is_within(transfer.timeout_s, shortest, longest):
        return Refusal.TIMEOUT_INVALID
    return _fault_of_reference(transfer)


def _fault_of_reference(transfer: Transfer) -> Refusal | None:
    reference = transfer.pending
    if transfer.kind not in _RESOLVING:
        return None if reference is None else Refusal.PENDING_REFERENCE_INVALID
    if not isinstance(reference, PendingRef) or not _is_order_id(reference.order_id):
        return Refusal.PENDING_REFERENCE_INVALID
    if not _is_within(reference.step, 0, MAX_STEPS - 1):
        return Refusal.PENDING_REFERENCE_INVALID
    return None


def _fault_of_opening(step: OpenAccount) -> Refusal | None:
    if not is_asset_code(step.asset):
        return Refusal.ASSET_INVALID
    if not _is_a(step.owner, str) or not _OWNER.fullmatch(step.owner):
        return Refusal.OWNER_INVALID
    if not _is_a(step.role, Role):
        return Refusal.ROLE_INVALID
    fault = _fault_of_limits(step.floor, step.ceiling)
    suitable = fault is None and limits_suit_role(step.role, step.floor, step.ceiling)
    return None if suitable else Refusal.LIMITS_INVALID


def limits_suit_role(role: Role, floor: int | None, ceiling: int | None) -> bool:
    """A holder has a floor; a collector neither overdraft nor ceiling; a converter and an
    issuer no ceiling, and an issuer alone goes without a floor."""
    match role:
        case Role.HOLDER:
            return floor is not None
        case Role.COLLECTOR | Role.CONVERTER:
            return floor == 0 and ceiling is None
        case Role.ISSUER:
            return floor is None and ceiling is None


def _fault_of_limits(floor: int | None, ceiling: int | None) -> Refusal | None:
    """Whether they are limits at all; which of them suit an account depends on its role."""
    if floor is not None and not _is_within(floor, -MAX_BALANCE, 0):
        return Refusal.LIMITS_INVALID
    if ceiling is not None and not _is_within(ceiling, 0, MAX_BALANCE):
        return Refusal.LIMITS_INVALID
    return None


def _is_a(value: object, kind: type | UnionType) -> bool:
    """`isinstance`, without the type checker's trust in what the value was declared to be."""
    return isinstance(value, kind)


def _is_freeze(status: object) -> bool:
    return isinstance(status, Status) and 0 <= int(status) <= _FREEZES


def _is_order_id(value: object) -> bool:
    return type(value) is bytes and len(value) == ORDER_ID_BYTES and any(value)


def _is_account(value: object) -> bool:
    return _is_within(value, 1, MAX_ACCOUNT_ID)


def _is_within(value: object, lowest: int, highest: int) -> bool:
    return type(value) is int and lowest <= value <= highest
