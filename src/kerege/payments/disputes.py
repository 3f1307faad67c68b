# SPDX-License-Identifier: Apache-2.0
"""Disputes: a payer says that a payment was wrong, and somebody decides. Rules of a case. Pure.

A case goes from *opened* to *answered* to *decided*; it ends as *lapsed* if nobody decides in time,
as *settled* if the payee pays back of itself, as *withdrawn* if the payer gives up. A payee that
does not answer in time has nothing to say against the payer's whole claim.

The money: a payee that takes part has granted its institution a mandate that allows reservations.
When a case opens, the claim is pulled as a hold whose decider is the deciding wallet; so what is
in dispute is there when it is decided, and only the decider's signature moves it.
`task_of` tells which order document the case calls for next.

Nothing here names a person or tells a story: evidence is kept at the institutions, and a case holds
its SHA-256.
"""

from enum import StrEnum, unique
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

__all__ = [
    "DEFAULT_TERMS",
    "MAX_EVIDENCE",
    "Case",
    "DisputeRefusal",
    "DisputeTerms",
    "Evidence",
    "Paid",
    "Reason",
    "State",
    "Task",
    "TaskKind",
    "add_evidence",
    "answer_case",
    "decide_case",
    "lapse_case",
    "open_case",
    "secure_case",
    "settle_case",
    "task_of",
    "withdraw_case",
]

MAX_EVIDENCE: Final = 32
"""Documents of one case, of both sides together."""

_DAY_US: Final = 24 * 3600 * 1_000_000
_DIGEST_BYTES: Final = 32


@unique
class Reason(StrEnum):
    """Why a payer disputes."""

    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"
    PAID_TWICE = "paid_twice"
    WRONG_AMOUNT = "wrong_amount"
    REFUND_NOT_PAID = "refund_not_paid"
    NOT_AUTHORISED = "not_authorised"
    """Taken under a mandate or by a device the payer says not to have granted."""


@unique
class State(StrEnum):
    """Where a case is."""

    OPENED = "opened"
    ANSWERED = "answered"
    DECIDED = "decided"
    LAPSED = "lapsed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@unique
class DisputeRefusal(StrEnum):
    """Why a case does not go on like this, in order of precedence."""

    NOT_THE_PAYER = "not_the_payer"
    NOT_THE_PAYEE = "not_the_payee"
    NOT_THE_DECIDER = "not_the_decider"
    NOT_A_PARTY = "not_a_party"
    NOT_IN_THIS_STATE = "not_in_this_state"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    AMOUNT_OUT_OF_BOUNDS = "amount_out_of_bounds"
    TOO_MUCH_EVIDENCE = "too_much_evidence"
    DIGEST_INVALID = "digest_invalid"
    DECIDER_IS_PARTY = "decider_is_party"


class DisputeTerms(Struct, frozen=True, kw_only=True):
    """A country's deadlines, in days."""

    open_days: int = 120
    """How long after the payment a case may be opened."""
    answer_days: int = 10
    decide_days: int = 45
    """From the opening, whether answered or not."""


DEFAULT_TERMS: Final = DisputeTerms()
"""What card schemes are used to; a country's parameters may say otherwise."""


class Paid(Struct, frozen=True, kw_only=True):
    """The paid leg that is disputed; `refunded` minor units of `amount` went back already."""

    order: str
    leg: int
    asset: str
    payer: str
    payee: str
    amount: int
    refunded: int
    at_us: int


class Evidence(Struct, frozen=True):
    """A document: the wallet that gave it, when, and the SHA-256 of it."""

    wallet: str
    at_us: int
    digest: bytes


class Case(Struct, frozen=True, kw_only=True):
    """A dispute. Amounts in minor units; `awarded` is what the payer gets, once decided.

    `hold` is the order that reserved the claim, empty while none did: the payee may lack the
    money, and the case goes on all the same.
    """

    id: str
    paid: Paid
    reason: Reason
    claimed: int
    decider: str
    state: State
    opened_us: int
    answer_by_us: int
    decide_by_us: int
    evidence: tuple[Evidence, ...] = ()
    conceded: int = 0
    """What the payee's answer admits."""
    awarded: int = 0
    hold: str = ""


@unique
class TaskKind(StrEnum):
    """What is to be done with money for a case."""

    NOTHING = "nothing"
    RESERVE = "reserve"
    """Pull the claim as a hold under the payee's mandate, the case's decider its decider."""
    CAPTURE = "capture"
    """Capture `amount` of the hold, the rest goes back to the payee; pay it on to the payer."""
    RELEASE = "release"
    """Release the hold: the payee keeps its money."""
    COLLECT = "collect"
    """Nothing is reserved: pull `amount` under the mandate, or have the payee refund it."""


class Task(Struct, frozen=True):
    """One thing to do, and its amount."""

    kind: TaskKind
    amount: int = 0


def open_case(
    case_id: str,
    paid: Paid,
    *,
    by: str,
    reason: Reason,
    claimed: int,
    decider: str,
    now_us: int,
    terms: DisputeTerms = DEFAULT_TERMS,
) -> Case | DisputeRefusal:
    """The payer disputes at most what was not refunded yet."""
    if by != paid.payer:
        return DisputeRefusal.NOT_THE_PAYER
    if now_us > paid.at_us + terms.open_days * _DAY_US:
        return DisputeRefusal.TOO_LATE
    if not 1 <= claimed <= paid.amount - paid.refunded:
        return DisputeRefusal.AMOUNT_OUT_OF_BOUNDS
    if decider in (paid.payer, paid.payee):
        return DisputeRefusal.DECIDER_IS_PARTY
    return Case(
        id=case_id,
        paid=paid,
        reason=reason,
        claimed=claimed,
        decider=decider,
        state=State.OPENED,
        opened_us=now_us,
        answer_by_us=now_us + terms.answer_days * _DAY_US,
        decide_by_us=now_us + terms.decide_days * _DAY_US,
    )


def secure_case(case: Case, hold: str) -> Case | DisputeRefusal:
    """Note the order that reserved the claim; a second one is refused."""
    if case.hold or not _is_running(case):
        return DisputeRefusal.NOT_IN_THIS_STATE
    return replace(case, hold=hold)


def add_evidence(case: Case, digest: bytes, *, by: str, now_us: int) -> Case | DisputeRefusal:
    """Either side adds a document's SHA-256 while the case runs."""
    if by not in (case.paid.payer, case.paid.payee):
        return DisputeRefusal.NOT_A_PARTY
    if not _is_running(case):
        return DisputeRefusal.NOT_IN_THIS_STATE
    if now_us > case.decide_by_us:
        return DisputeRefusal.TOO_LATE
    if len(case.evidence) >= MAX_EVIDENCE:
        return DisputeRefusal.TOO_MUCH_EVIDENCE
    if len(digest) != _DIGEST_BYTES:
        return DisputeRefusal.DIGEST_INVALID
    if any(one.digest == digest and one.wallet == by for one in case.evidence):
        return case
    return replace(case, evidence=(*case.evidence, Evidence(by, now_us, digest)))


def answer_case(case: Case, *, by: str, conceded: int, now_us: int) -> Case | DisputeRefusal:
    """The payee answers, admitting all, some or none of the claim."""
    if by != case.paid.payee:
        return DisputeRefusal.NOT_THE_PAYEE
    if case.state is not State.OPENED:
        return DisputeRefusal.NOT_IN_THIS_STATE
    if now_us > case.answer_by_us:
        return DisputeRefusal.TOO_LATE
    if not 0 <= conceded <= case.claimed:
        return DisputeRefusal.AMOUNT_OUT_OF_BOUNDS
    return replace(case, state=State.ANSWERED, conceded=conceded)


def decide_case(case: Case, *, by: str, awarded: int, now_us: int) -> Case | DisputeRefusal:
    """The decider awards at least what was admitted and at most what was claimed.

    Before the payee has answered only once its time is over.
    """
    if by != case.decider:
        return DisputeRefusal.NOT_THE_DECIDER
    if not _is_running(case):
        return DisputeRefusal.NOT_IN_THIS_STATE
    if now_us > case.decide_by_us:
        return DisputeRefusal.TOO_LATE
    if case.state is State.OPENED and now_us <= case.answer_by_us:
        return DisputeRefusal.TOO_EARLY
    if not case.conceded <= awarded <= case.claimed:
        return DisputeRefusal.AMOUNT_OUT_OF_BOUNDS
    return replace(case, state=State.DECIDED, awarded=awarded)


def lapse_case(case: Case, *, now_us: int) -> Case | DisputeRefusal:
    """Nobody decided in time: the payer gets what was admitted, or all if nobody answered."""
    if not _is_running(case):
        return DisputeRefusal.NOT_IN_THIS_STATE
    if now_us <= case.decide_by_us:
        return DisputeRefusal.TOO_EARLY
    awarded = case.claimed if case.state is State.OPENED else case.conceded
    return replace(case, state=State.LAPSED, awarded=awarded)


def settle_case(case: Case, *, refunded: int) -> Case | DisputeRefusal:
    """The payee has refunded: `refunded` of the leg by now, since before the case included."""
    if not _is_running(case):
        return DisputeRefusal.NOT_IN_THIS_STATE
    if refunded - case.paid.refunded < case.claimed:
        return DisputeRefusal.AMOUNT_OUT_OF_BOUNDS
    return replace(case, state=State.SETTLED)


def withdraw_case(case: Case, *, by: str) -> Case | DisputeRefusal:
    """The payer gives up."""
    if by != case.paid.payer:
        return DisputeRefusal.NOT_THE_PAYER
    if not _is_running(case):
        return DisputeRefusal.NOT_IN_THIS_STATE
    return replace(case, state=State.WITHDRAWN)


def task_of(case: Case) -> Task:
    """What is to be done with money now. Doing it twice is prevented by the orders' ids, which
    follow from the case's."""
    if _is_running(case):
        return Task(TaskKind.NOTHING) if case.hold else Task(TaskKind.RESERVE, case.claimed)
    if not case.awarded:
        return Task(TaskKind.RELEASE if case.hold else TaskKind.NOTHING)
    return Task(TaskKind.CAPTURE if case.hold else TaskKind.COLLECT, case.awarded)


def _is_running(case: Case) -> bool:
    return case.state in (State.OPENED, State.ANSWERED)
