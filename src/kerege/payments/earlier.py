# SPDX-License-Identifier: Apache-2.0
"""Reading accepted orders again: the hold to capture, the mandate to pull under, the money of a
leg to pay back. Pure.

Facts come from the accepted document and the ledger's order, never from the new document, which
only names them.
"""

from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.keys import JwsEncodingError, parse_compact
from kerege.ledger.ids import AccountId, Mark, format_order_id, parse_order_id
from kerege.ledger.order import Kind, Order, PendingRef, Transfer
from kerege.payments.documents import (
    Capture,
    Hold,
    MalformedDocument,
    Mandate,
    Pay,
    Pull,
    TopUp,
    decode_document,
)
from kerege.payments.scene import Past, Scene

__all__ = [
    "Moved",
    "Reserved",
    "Settled",
    "enclosed_pay",
    "find_mandate",
    "find_reserved",
    "find_settled",
]


class Reserved(Struct, frozen=True, kw_only=True):
    """One part of a hold: who reserved what for whom, who decides, and where it is pending.

    `first` is the order that made the hold, which its raises name.
    """

    payer: str
    payee: str
    asset: str
    decider: str
    lock: str
    first: str
    ref: PendingRef
    transfer: Transfer


class Moved(Struct, frozen=True, gc=False):
    """Money that left the payer: how much of which mark."""

    mark: Mark
    amount: int


class Settled(Struct, frozen=True, kw_only=True):
    """A leg that was paid."""

    payer: str
    payee: str
    asset: str
    purpose: int
    moved: tuple[Moved, ...]


def enclosed_pay(topup: TopUp) -> Pay:
    """The payment inside a top-up, its signature not looked at.

    Raises `MalformedDocument`.
    """
    try:
        payload = parse_compact(topup.pay.encode()).payload
    except JwsEncodingError as fault:
        raise MalformedDocument(f"not a signed payment: {fault.message}", place="$.pay") from None
    pay = decode_document(payload)
    if not isinstance(pay, Pay):
        raise MalformedDocument("a top-up is for a payment", place="$.pay")
    return pay


def find_mandate(order: str, scene: Scene) -> tuple[Mandate, AccountId] | None:
    """An accepted mandate and its allowance's account."""
    past = scene.past(parse_order_id(order))
    if past is None or not isinstance(past.document, Mandate):
        return None
    return past.document, AccountId(past.results[0])


def find_reserved(order: str, scene: Scene) -> Reserved | None:
    """A part of a hold, by the order that made it."""
    order_id = parse_order_id(order)
    past = scene.past(order_id)
    if past is None:
        return None
    step = len(past.order.steps) - 1
    transfer = past.order.steps[step]
    if not isinstance(transfer, Transfer) or transfer.kind is not Kind.PENDING:
        return None
    match past.document:
        case Hold() as hold:
            payer, payee, asset, lock = hold.wallet, hold.to, hold.asset, hold.lock
            first, decider = hold.raises or hold.id, hold.decider
        case Pull() as pull:
            mandate = _mandate_of(pull, scene)
            payer, payee, asset, lock = mandate.wallet, mandate.to, mandate.asset, ""
            first, decider = pull.id, pull.decider
        case _:
            return None
    return Reserved(
        payer=payer,
        payee=payee,
        asset=asset,
        decider=decider,
        lock=lock,
        first=first,
        ref=PendingRef(order_id, step),
        transfer=transfer,
    )


def find_settled(order: str, leg: int, scene: Scene) -> Settled | None:
    """A paid leg of a payment, a capture or a pull; None for anything else, refunds included."""
    past = scene.past(parse_order_id(order))
    if past is None:
        return None
    match past.document:
        case Pay() as pay:
            return _leg_of_pay(pay, leg, past.order, skipped=0)
        case TopUp() as topup:
            return _leg_of_pay(enclosed_pay(topup), leg, past.order, skipped=1)
        case Capture() as capture if leg == 0:
            return _of_capture(capture, past, scene)
        case Pull() as pull if leg == 0 and not pull.hold_s:
            return _of_pull(pull, past, scene)
        case _:
            return None


def _leg_of_pay(pay: Pay, leg: int, order: Order, *, skipped: int) -> Settled | None:
    if leg >= len(pay.legs):
        return None
    place = skipped + bool(pay.request)
    payer = _payer_of(order, place)
    for before in pay.legs[:leg]:
        _, place = _moved(order, place, payer, before.amount)
    moved, _ = _moved(order, place, payer, pay.legs[leg].amount)
    return Settled(
        payer=pay.wallet,
        payee=pay.legs[leg].to,
        asset=pay.asset,
        purpose=pay.legs[leg].purpose,
        moved=moved,
    )


def _of_capture(capture: Capture, past: Past, scene: Scene) -> Settled:
    reserved = find_reserved(capture.holds[0], scene)
    if reserved is None:
        raise InvariantViolation(f"{capture.id} captured what is no hold")
    moved, _ = _moved(past.order, 0, _payer_of(past.order, 0), capture.amount)
    return Settled(
        payer=reserved.payer,
        payee=reserved.payee,
        asset=reserved.asset,
        purpose=reserved.transfer.code,
        moved=moved,
    )


def _of_pull(pull: Pull, past: Past, scene: Scene) -> Settled:
    mandate = _mandate_of(pull, scene)
    moved, _ = _moved(past.order, 1, _payer_of(past.order, 1), pull.amount)
    return Settled(
        payer=mandate.wallet,
        payee=mandate.to,
        asset=mandate.asset,
        purpose=pull.purpose,
        moved=moved,
    )


def _mandate_of(pull: Pull, scene: Scene) -> Mandate:
    found = find_mandate(pull.mandate, scene)
    if found is None:
        raise InvariantViolation(f"{pull.id} pulled under no mandate")
    return found[0]


_LEAVING = (Kind.POST, Kind.CAPTURE, Kind.CAPTURE_PART)


def _payer_of(order: Order, place: int) -> AccountId:
    """Who pays in an order whose payment begins at step `place`."""
    step = order.steps[place]
    if not isinstance(step, Transfer):
        raise InvariantViolation(f"{format_order_id(order.id)} moved no money")
    return step.debit


def _moved(
    order: Order, place: int, payer: AccountId, amount: int
) -> tuple[tuple[Moved, ...], int]:
    """What left `payer` from step `place` on for a leg of `amount`; and the place after it.

    What others pay in between (a fee out of what they received, money brought onwards) is none of
    it; neither are the payer's fees, which come after all legs.
    """
    moved: list[Moved] = []
    missing = amount
    for step in order.steps[place:]:
        if not missing:
            break
        place += 1
        if isinstance(step, Transfer) and step.debit == payer and step.kind in _LEAVING:
            moved.append(Moved(step.mark, step.amount))
            missing -= step.amount
    if missing:
        raise InvariantViolation(f"{format_order_id(order.id)} did not move {amount} in its leg")
    return tuple(moved), place
