# SPDX-License-Identifier: Apache-2.0
"""Posting rules: what one order does to a book, or why it is refused.

Pure: no clock, no database, no randomness. Steps are applied in turn to a draft, so a
later step sees what an earlier one did; the first refusal ends the order and the draft
is dropped.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.ledger.account import MAX_BALANCE, Account, Cell, Role, Status
from kerege.ledger.account_rules import apply_change
from kerege.ledger.book import Book, Draft, Entry, Pending, PendingState
from kerege.ledger.ids import AccountId
from kerege.ledger.order import Kind, Order, PendingRef, Terms, Transfer
from kerege.ledger.refusal import Refusal
from kerege.ledger.refused import Refused

__all__ = ["Sides", "apply_order", "available_to_debit", "reserved", "room_to_credit"]

_MICROSECONDS: Final = 1_000_000


class Sides(Struct, frozen=True, gc=False):
    """A transfer's two accounts and cells as they stand before it."""

    debit: Account
    credit: Account
    debit_cell: Cell
    credit_cell: Cell


def apply_order(order: Order, book: Book, *, now_us: int) -> Draft | Refused:
    """The draft `order` makes of `book` at `now_us`; the book itself is not changed.

    The caller has checked the order's form and that its id is new.
    """
    draft = Draft(book)
    refused = _check_terms(order.terms, draft, now_us)
    if refused is not None:
        return refused
    for place, step in enumerate(order.steps):
        if isinstance(step, Transfer):
            ref = PendingRef(order_id=order.id, step=place)
            refused = _apply_transfer(step, draft, ref, now_us)
        else:
            refused = apply_change(step, draft)
        if refused is not None:
            return replace(refused, step=place)
    return draft


def _check_terms(terms: Terms, draft: Draft, now_us: int) -> Refused | None:
    if now_us < terms.valid_from_us:
        return Refused(Refusal.NOT_YET_VALID, found=now_us, limit=terms.valid_from_us)
    if terms.valid_until_us and now_us > terms.valid_until_us:
        return Refused(Refusal.EXPIRED, found=now_us, limit=terms.valid_until_us)
    for expectation in terms.expects:
        cell = draft.cell((expectation.account, expectation.mark))
        wanted = expectation.balance
        if wanted is not None and cell.balance != wanted:
            return Refused(Refusal.BALANCE_NOT_AS_EXPECTED, found=cell.balance, limit=wanted)
        wanted = expectation.version
        if wanted is not None and cell.version != wanted:
            return Refused(Refusal.VERSION_NOT_AS_EXPECTED, found=cell.version, limit=wanted)
    return None


def _apply_transfer(
    transfer: Transfer, draft: Draft, ref: PendingRef, now_us: int
) -> Refused | None:
    debit, credit = draft.account(transfer.debit), draft.account(transfer.credit)
    if debit is None:
        return Refused(Refusal.DEBIT_ACCOUNT_UNKNOWN)
    if credit is None:
        return Refused(Refusal.CREDIT_ACCOUNT_UNKNOWN)
    refusal = _check_status(transfer.kind, debit, credit)
    if refusal is not None:
        return Refused(refusal)
    sides = Sides(
        debit=debit,
        credit=credit,
        debit_cell=draft.cell((debit.id, transfer.mark)),
        credit_cell=draft.cell((credit.id, transfer.mark)),
    )
    return _APPLY[transfer.kind](transfer, sides, draft, ref, now_us)


def _check_status(kind: Kind, debit: Account, credit: Account) -> Refusal | None:
    """Frozen accounts can still be released from what is pending, for that moves nothing."""
    if debit.status is Status.OPEN is credit.status:
        # Nearly always; the operators of enumerations take ten times as long.
        return None if debit.asset == credit.asset else Refusal.ASSETS_MUST_MATCH
    if debit.status & Status.CLOSED:
        return Refusal.DEBIT_ACCOUNT_CLOSED
    if credit.status & Status.CLOSED:
        return Refusal.CREDIT_ACCOUNT_CLOSED
    if kind not in (Kind.VOID, Kind.EXPIRE):
        if debit.status & Status.DEBITS_FROZEN:
            return Refusal.DEBITS_FROZEN
        if credit.status & Status.CREDITS_FROZEN:
            return Refusal.CREDITS_FROZEN
    if debit.asset != credit.asset:
        return Refusal.ASSETS_MUST_MATCH
    return None


def available_to_debit(sides: Sides, draft: Draft, transfer: Transfer) -> int:
    """Minor units the debit side can part with; may be negative, never above `MAX_BALANCE`."""
    account, cell = sides.debit, sides.debit_cell
    depth = MAX_BALANCE + cell.available
    if account.role is Role.CONVERTER:
        held = [c.balance - c.debits_pending for c in draft.cells_of(account.id)]
        return min(depth, sum(held))
    floor = account.floor_of(transfer.mark)
    return depth if floor is None else cell.available - floor


def room_to_credit(sides: Sides, draft: Draft) -> int:
    """Minor units the credit side can still take; counts what may yet arrive."""
    account, cell = sides.credit, sides.credit_cell
    height = MAX_BALANCE - cell.holding
    if account.ceiling is None:
        return height
    # An overdraft in one mark leaves more room below the ceiling than a cell of another has.
    return min(height, account.ceiling - sum(c.holding for c in draft.cells_of(account.id)))


def _check_amount(transfer: Transfer, sides: Sides, draft: Draft) -> Refused | None:
    amount = transfer.amount
    available = available_to_debit(sides, draft, transfer)
    room = room_to_credit(sides, draft)
    if amount > available and sides.debit.role is not Role.ISSUER:
        return Refused(Refusal.EXCEEDS_BALANCE, found=amount, limit=available)
    if amount > room and room < MAX_BALANCE - sides.credit_cell.holding:
        return Refused(Refusal.EXCEEDS_CEILING, found=amount, limit=room)
    if amount > min(available, room):
        return Refused(Refusal.BALANCE_OVERFLOW, found=amount, limit=min(available, room))
    return None


def _post(
    transfer: Transfer, sides: Sides, draft: Draft, _ref: PendingRef, _now_us: int
) -> Refused | None:
    refused = _check_amount(transfer, sides, draft)
    if refused is None:
        _move(transfer, sides, draft, posted=transfer.amount, held=0)
    return refused


def _post_up_to(
    transfer: Transfer, sides: Sides, draft: Draft, _ref: PendingRef, _now_us: int
) -> None:
    available = available_to_debit(sides, draft, transfer)
    there = min(transfer.amount, available, room_to_credit(sides, draft))
    _move(transfer, sides, draft, posted=max(there, 0), held=0)


def _reserve(
    transfer: Transfer, sides: Sides, draft: Draft, ref: PendingRef, now_us: int
) -> Refused | None:
    refused = _check_amount(transfer, sides, draft)
    if refused is not None:
        return refused
    draft.pendings[ref] = reserved(transfer, ref, now_us)
    _move(transfer, sides, draft, posted=0, held=transfer.amount)
    return None


def reserved(transfer: Transfer, ref: PendingRef, now_us: int) -> Pending:
    """What a reservation made at `now_us` leaves to be resolved."""
    return Pending(
        ref=ref,
        debit=transfer.debit,
        credit=transfer.credit,
        mark=transfer.mark,
        remaining=transfer.amount,
        expires_at_us=now_us + transfer.timeout_s * _MICROSECONDS,
    )


def _capture(
    transfer: Transfer, sides: Sides, draft: Draft, _ref: PendingRef, now_us: int
) -> Refused | None:
    pending = _find_pending(transfer, draft, now_us)
    if isinstance(pending, Refused):
        return pending
    if transfer.amount > pending.remaining:
        found, limit = transfer.amount, pending.remaining
        return Refused(Refusal.EXCEEDS_PENDING, found=found, limit=limit)
    in_part = transfer.kind is Kind.CAPTURE_PART and transfer.amount < pending.remaining
    released = transfer.amount if in_part else pending.remaining
    draft.pendings[pending.ref] = replace(
        pending,
        remaining=pending.remaining - released,
        state=PendingState.OPEN if in_part else PendingState.CAPTURED,
    )
    _move(transfer, sides, draft, posted=transfer.amount, held=-released)
    return None


def _release(
    transfer: Transfer, sides: Sides, draft: Draft, _ref: PendingRef, now_us: int
) -> Refused | None:
    pending = _find_pending(transfer, draft, now_us)
    if isinstance(pending, Refused):
        return pending
    expired = transfer.kind is Kind.EXPIRE
    state = PendingState.EXPIRED if expired else PendingState.VOIDED
    draft.pendings[pending.ref] = replace(pending, remaining=0, state=state)
    _move(transfer, sides, draft, posted=0, held=-pending.remaining)
    return None


_ENDED: Final = {
    PendingState.CAPTURED: Refusal.PENDING_ALREADY_CAPTURED,
    PendingState.VOIDED: Refusal.PENDING_ALREADY_VOIDED,
    PendingState.EXPIRED: Refusal.PENDING_EXPIRED,
}


def _find_pending(transfer: Transfer, draft: Draft, now_us: int) -> Pending | Refused:
    pending = None if transfer.pending is None else draft.pending(transfer.pending)
    if pending is None:
        return Refused(Refusal.PENDING_NOT_FOUND)
    named = (transfer.debit, transfer.credit, transfer.mark)
    if named != (pending.debit, pending.credit, pending.mark):
        return Refused(Refusal.PENDING_IS_OF_OTHER_ACCOUNTS)
    if pending.state is not PendingState.OPEN:
        return Refused(_ENDED[pending.state])
    # The sweep that expires it may not have come by yet; its time has passed all the same.
    passed = now_us >= pending.expires_at_us
    if passed != (transfer.kind is Kind.EXPIRE):
        refusal = Refusal.PENDING_EXPIRED if passed else Refusal.NOT_YET_VALID
        return Refused(refusal, found=now_us, limit=pending.expires_at_us)
    return pending


def _move(transfer: Transfer, sides: Sides, draft: Draft, *, posted: int, held: int) -> None:
    debit, credit = sides.debit_cell, sides.credit_cell
    mark = transfer.mark
    draft.put_cell(
        (sides.debit.id, mark),
        replace(
            debit,
            balance=debit.balance - posted,
            debits_pending=debit.debits_pending + held,
            version=debit.version + 1,
        ),
    )
    draft.put_cell(
        (sides.credit.id, mark),
        replace(
            credit,
            balance=credit.balance + posted,
            credits_pending=credit.credits_pending + held,
            version=credit.version + 1,
        ),
    )
    draft.results.append(posted or abs(held))
    draft.entries.append(
        Entry(
            step=len(draft.results) - 1,
            kind=transfer.kind,
            debit=AccountId(sides.debit.id),
            credit=AccountId(sides.credit.id),
            mark=mark,
            posted=posted,
            held=held,
            code=transfer.code,
            pending=transfer.pending,
        )
    )


_Apply = Callable[[Transfer, Sides, Draft, PendingRef, int], Refused | None]

_APPLY: Final[dict[Kind, _Apply]] = {
    Kind.POST: _post,
    Kind.POST_UP_TO: _post_up_to,
    Kind.PENDING: _reserve,
    Kind.CAPTURE: _capture,
    Kind.CAPTURE_PART: _capture,
    Kind.VOID: _release,
    Kind.EXPIRE: _release,
}
