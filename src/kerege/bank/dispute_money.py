# SPDX-License-Identifier: Apache-2.0
"""What a dispute does with money: the orders the bank signs for a case. Pure.

The bank's own wallet is the payee of the mandate and the case's decider: it reserves the claim,
takes what is awarded and refunds it to the payer, or lets it go. A refund, not a payment: what a
programme paid comes back marked, and what the payee refunded meanwhile is not paid twice. Ids
follow from the case, so each happens once however often it is tried.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from kerege.payments.disputes import Case, Task, TaskKind
from kerege.payments.documents import Capture, Document, Leg, Pay, Pull, Refund, Release

__all__ = [
    "Times",
    "award",
    "award_step",
    "dispute_order_id",
    "documents_for",
    "give_back",
    "give_back_step",
]

_AWARD: Final = "award"

_GIVE_BACK: Final = "give-back"

_LABEL: Final = "kerege-dispute/v1"
_SECOND_US: Final = 1_000_000
_DAY_S: Final = 24 * 3600

Ids = Callable[[str], str]
"""The order id of a step."""


class Times(Struct, frozen=True):
    """When it is, and until when the core may accept what is signed now; microseconds."""

    now_us: int
    until_us: int


def dispute_order_id(case_id: str, step: str, attempt: int) -> str:
    """The order id of a step of a case. A further `attempt` is made only of what expired, for that
    will never happen."""
    text = f"{_LABEL}\n{case_id}\n{step}\n{attempt}\n"
    digest = hashlib.sha256(text.encode()).digest()
    return f"ord_{digest[0] & 0x7F:02x}{digest[1:16].hex()}"


def documents_for(
    case: Case, task: Task, *, own: str, mandate: str, ids: Ids, times: Times
) -> tuple[Document, ...]:
    """The document of `task`; what it takes is then awarded. Empty where nothing can be done:
    without a mandate a claim is neither reserved nor collected, and the payee must refund of
    itself."""
    order = ids(task.kind.value)
    until_us = times.until_us
    match task.kind:
        case TaskKind.RESERVE if mandate:
            # Until it can be decided, and some days more to act on it.
            left_s = (case.decide_by_us - times.now_us) // _SECOND_US
            pull = _pull(order, task.amount, own, mandate, until_us, hold_s=left_s + 7 * _DAY_S)
            return (pull,)
        case TaskKind.COLLECT if mandate:
            return (_pull(order, task.amount, own, mandate, until_us),)
        case TaskKind.CAPTURE:
            capture = Capture(
                id=order, wallet=own, until_us=until_us, holds=(case.hold,), amount=task.amount
            )
            return (capture,)
        case TaskKind.RELEASE:
            return (Release(id=order, wallet=own, until_us=until_us, holds=(case.hold,)),)
    return ()


def _pull(
    order: str, amount: int, own: str, mandate: str, until_us: int, *, hold_s: int = 0
) -> Pull:
    return Pull(
        id=order,
        wallet=own,
        until_us=until_us,
        mandate=mandate,
        amount=amount,
        hold_s=hold_s,
        decider=own if hold_s else "",
    )


def award_step(attempt: int) -> str:
    """The step that refunds what was taken to the payer; the first `attempt` is 0. Another is made
    of less, for the payee was refunding as well, or later."""
    return f"{_AWARD}-{attempt}" if attempt else _AWARD


def give_back_step(attempt: int) -> str:
    """The step that pays back to the payee what it refunded of itself meanwhile."""
    return f"{_GIVE_BACK}-{attempt}" if attempt else _GIVE_BACK


def award(case: Case, amount: int, *, order: str, own: str, times: Times) -> Refund:
    """What the payer gets, of which refunds since the case was opened are a part: with them it is
    never more than was awarded."""
    return Refund(
        id=order,
        wallet=own,
        until_us=times.until_us,
        order=case.paid.order,
        leg=case.paid.leg,
        amount=amount,
        in_all=case.paid.refunded + case.awarded,
    )


def give_back(case: Case, amount: int, *, order: str, own: str, times: Times) -> Pay:
    """What was taken and needed not be awarded: the payee has refunded as much of itself."""
    return Pay(
        id=order,
        wallet=own,
        until_us=times.until_us,
        asset=case.paid.asset,
        legs=(Leg(case.paid.payee, amount),),
    )
