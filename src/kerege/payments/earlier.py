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
from kerege.payments.contracts import find_contract
from kerege.payments.documents import (
    Capture,
    Hold,
    MalformedDocument,
    Mandate,
    Pay,
    Pull,
    Reward,
    TopUp,
    decode_document,
)
from kerege.payments.parties import newest_programme
from kerege.payments.reward_documents import TAKE_S
from kerege.payments.scene import Past, Scene
from kerege.payments.vat_papers import find_invoice

__all__ = [
    "Moved",
    "Reserved",
    "ReservedPart",
    "Settled",
    "enclosed_pay",
    "find_mandate",
    "find_reserved",
    "find_settled",
]


class ReservedPart(Struct, frozen=True, gc=False):
    """Money of one mark that a hold reserved: where it is pending."""

    ref: PendingRef
    transfer: Transfer


class Reserved(Struct, frozen=True, kw_only=True):
    """A hold, or a raise of one: who reserved what for whom, who decides. `parts`: money of each
    mark.

    `first` is the order that made the hold, which its raises name.
    """

    payer: str
    payee: str
    asset: str
    decider: str
    lock: str
    first: str
    purpose: int
    about: str
    milestone: str
    invoice: str
    """The invoice it pays besides what it is `about`, or empty."""
    parts: tuple[ReservedPart, ...]
    free_us: int = 0
    """When its payee may take it at the earliest; until then the `inspector` may send it back."""
    inspector: str = ""
    limits: tuple[ReservedPart, ...] = ()
    """What is pending of the allowances of the contract it is about: each for all of the hold."""
    owed: tuple[ReservedPart, ...] = ()
    """What is pending of what the invoice is owed, net and VAT apart: together for all of it."""

    @property
    def amount(self) -> int:
        """Minor units reserved in all, of every mark."""
        return sum(part.transfer.amount for part in self.parts)


class Moved(Struct, frozen=True, gc=False):
    """Money that left the payer: how much of which mark, and the mark it arrived in."""

    mark: Mark
    arrived: Mark
    amount: int


class Settled(Struct, frozen=True, kw_only=True):
    """A leg that was paid; `about`: the registered paper it was paid for, or empty. `invoice`: the
    order that may be its invoice, whether by itself or under a contract."""

    payer: str
    payee: str
    asset: str
    purpose: int
    moved: tuple[Moved, ...]
    about: str
    milestone: str
    invoice: str


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
    """A hold or a raise, by the order that made it."""
    past = scene.past(parse_order_id(order))
    if past is None:
        return None
    if isinstance(past.document, Reward):
        return _reward(past.document, past, scene)
    match past.document:
        case Hold() as hold:
            payer, payee, asset, lock = hold.wallet, hold.to, hold.asset, hold.lock
            first, decider, purpose = hold.raises or hold.id, hold.decider, hold.purpose
        case Pull() as pull if pull.hold_s:
            mandate = _mandate_of(pull, scene)
            payer, payee, asset, lock = mandate.wallet, mandate.to, mandate.asset, ""
            first, decider, purpose = pull.id, pull.decider, pull.purpose
        case _:
            return None
    return Reserved(
        payer=payer,
        payee=payee,
        asset=asset,
        decider=decider,
        lock=lock,
        first=first,
        purpose=purpose,
        about=past.document.about,
        milestone=past.document.milestone,
        invoice=past.document.invoice,
        parts=_parts(past.order, _account_of(payer, asset, scene)),
        limits=_limits(past.order, past.document.about, scene),
        owed=_owed(past.order, past.document.invoice, scene),
    )


def _reward(reward: Reward, past: Past, scene: Scene) -> Reserved:
    """A reward is held for its person; how long is in the ledger's order, whoever inspects is in
    the terms of today."""
    programme = newest_programme(reward.programme, scene)
    if programme is None:
        raise InvariantViolation(f"{reward.id} rewarded under no programme")
    terms = programme.terms
    parts = _parts(past.order, _account_of(terms.funder, terms.asset, scene))
    claim = past.order.steps[0]
    if not isinstance(claim, Transfer):
        raise InvariantViolation(f"{reward.id} used up no claim")
    # Until November 2026 the claim did not say, and every reward could be taken as long.
    waits_s = claim.code or parts[0].transfer.timeout_s - TAKE_S
    return Reserved(
        payer=terms.funder,
        payee=reward.to,
        asset=terms.asset,
        decider="",
        lock="",
        first=reward.id,
        purpose=0,
        about="",
        milestone="",
        invoice="",
        parts=parts,
        free_us=past.at_us + waits_s * 1_000_000,
        inspector="" if terms.outcome is None else terms.outcome.inspector,
    )


def _parts(order: Order, payer: AccountId | None) -> tuple[ReservedPart, ...]:
    """What is pending of the payer's own; a cap used up for a time is pending too."""
    return tuple(
        ReservedPart(PendingRef(order.id, place), step)
        for place, step in enumerate(order.steps)
        if isinstance(step, Transfer) and step.kind is Kind.PENDING and step.debit == payer
    )


def _limits(order: Order, about: str, scene: Scene) -> tuple[ReservedPart, ...]:
    contract = find_contract(about, scene) if about else None
    reserved = () if contract is None else contract.reserved(order)
    return tuple(ReservedPart(ref, step) for ref, step in reserved)


def _owed(order: Order, invoice: str, scene: Scene) -> tuple[ReservedPart, ...]:
    paper = find_invoice(invoice, scene) if invoice else None
    reserved = () if paper is None else paper.reserved(order)
    return tuple(ReservedPart(ref, step) for ref, step in reserved)


def find_settled(order: str, leg: int, scene: Scene) -> Settled | None:
    """A paid leg of a payment, a capture or a pull; None for anything else, refunds included."""
    past = scene.past(parse_order_id(order))
    if past is None:
        return None
    match past.document:
        case Pay() as pay:
            return _leg_of_pay(pay, leg, past.order, scene)
        case TopUp() as topup:
            return _leg_of_pay(enclosed_pay(topup), leg, past.order, scene)
        case Capture() as capture if leg == 0:
            return _of_capture(capture, past, scene)
        case Pull() as pull if leg == 0 and not pull.hold_s:
            return _of_pull(pull, past, scene)
        case _:
            return None


def _leg_of_pay(pay: Pay, leg: int, order: Order, scene: Scene) -> Settled | None:
    if leg >= len(pay.legs):
        return None
    before = sum(one.amount for one in pay.legs[:leg])
    return Settled(
        payer=pay.wallet,
        payee=pay.legs[leg].to,
        asset=pay.asset,
        purpose=pay.legs[leg].purpose,
        moved=_moved(order, pay.wallet, pay.asset, before, pay.legs[leg].amount, scene),
        about=pay.about,
        milestone=pay.milestone,
        invoice=pay.invoice or pay.about,
    )


def _of_capture(capture: Capture, past: Past, scene: Scene) -> Settled:
    reserved = find_reserved(capture.holds[0], scene)
    if reserved is None:
        raise InvariantViolation(f"{capture.id} captured what is no hold")
    return Settled(
        payer=reserved.payer,
        payee=reserved.payee,
        asset=reserved.asset,
        purpose=reserved.purpose,
        moved=_moved(past.order, reserved.payer, reserved.asset, 0, capture.amount, scene),
        about=reserved.about,
        milestone=reserved.milestone,
        invoice=reserved.invoice or reserved.about,
    )


def _of_pull(pull: Pull, past: Past, scene: Scene) -> Settled:
    mandate = _mandate_of(pull, scene)
    return Settled(
        payer=mandate.wallet,
        payee=mandate.to,
        asset=mandate.asset,
        purpose=pull.purpose,
        moved=_moved(past.order, mandate.wallet, mandate.asset, 0, pull.amount, scene),
        about=pull.about,
        milestone=pull.milestone,
        invoice=pull.invoice or pull.about,
    )


def _mandate_of(pull: Pull, scene: Scene) -> Mandate:
    found = find_mandate(pull.mandate, scene)
    if found is None:
        raise InvariantViolation(f"{pull.id} pulled under no mandate")
    return found[0]


_LEAVING = (Kind.POST, Kind.CAPTURE, Kind.CAPTURE_PART)


def _account_of(wallet: str, asset: str, scene: Scene) -> AccountId | None:
    """The account a wallet has always had for an asset; None of a wallet that is not known."""
    facts = scene.wallet(wallet)
    return None if facts is None else facts.accounts.get(asset)


def _moved(
    order: Order, wallet: str, asset: str, before: int, amount: int, scene: Scene
) -> tuple[Moved, ...]:
    """What left the payer for a leg of `amount`, after legs of `before` in all.

    What others pay in between (a fee out of what they received, money brought onwards) is none of
    it; neither are the payer's fees, which come after all legs.
    """
    payer, converter = _account_of(wallet, asset, scene), scene.converter(asset)
    if payer is None:
        return ()
    left: dict[tuple[Mark, Mark], int] = {}
    passed, end = 0, before + amount
    for place, step in enumerate(order.steps):
        if passed >= end:
            break
        if isinstance(step, Transfer) and step.debit == payer and step.kind in _LEAVING:
            passed += step.amount
            if passed > before:
                key = step.mark, _arrived(order, place, step, converter)
                left[key] = left.get(key, 0) + step.amount
    if sum(left.values()) != amount:
        raise InvariantViolation(f"{format_order_id(order.id)} did not move {amount} in its leg")
    return tuple(Moved(mark, arrived, much) for (mark, arrived), much in left.items())


def _arrived(order: Order, place: int, step: Transfer, converter: AccountId) -> Mark:
    """The mark money had when it arrived: what the converter gave out next, if it came by there."""
    if step.credit != converter:
        return step.mark
    given = order.steps[place + 1]
    if not isinstance(given, Transfer) or given.debit != converter:
        raise InvariantViolation(f"{format_order_id(order.id)} left money in the converter")
    return given.mark
