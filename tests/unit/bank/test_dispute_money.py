# SPDX-License-Identifier: Apache-2.0
"""Which orders a case calls for."""

from functools import partial

from msgspec.structs import replace

from kerege.bank.dispute_money import (
    Times,
    award,
    award_step,
    dispute_order_id,
    documents_for,
)
from kerege.ledger import parse_order_id
from kerege.payments.disputes import Case, Paid, Reason, Task, TaskKind, open_case
from kerege.payments.documents import Capture, Document, Pull, Release

OWN, ARU, SHOP = (f"wal_{n:032x}" for n in (1, 2, 3))
ORDER, MANDATE = (f"ord_{n:032x}" for n in (1, 2))
DAY_US = 24 * 3600 * 1_000_000


def a_case() -> Case:
    paid = Paid(
        order=ORDER, leg=0, asset="KZT", payer=ARU, payee=SHOP, amount=500, refunded=0, at_us=0
    )
    case = open_case(
        "dsp_1", paid, by=ARU, reason=Reason.PAID_TWICE, claimed=400, decider=OWN, now_us=DAY_US
    )
    assert isinstance(case, Case)
    return case


def documents(kind: TaskKind, *, mandate: str = MANDATE, hold: str = "") -> list[Document]:
    case = replace(a_case(), hold=hold)
    ids = partial(dispute_order_id, case.id, attempt=1)
    times = Times(DAY_US, DAY_US + 5)
    return list(
        documents_for(case, Task(kind, 300), own=OWN, mandate=mandate, ids=ids, times=times)
    )


def test_a_claim_is_reserved_until_it_can_be_decided() -> None:
    (pull,) = documents(TaskKind.RESERVE)
    assert isinstance(pull, Pull)
    assert (pull.amount, pull.mandate, pull.decider) == (300, MANDATE, OWN)
    assert pull.hold_s == (45 + 7) * 24 * 3600


def test_without_a_mandate_nothing_is_taken() -> None:
    assert documents(TaskKind.RESERVE, mandate="") == []
    assert documents(TaskKind.COLLECT, mandate="") == []
    assert documents(TaskKind.NOTHING) == []


def test_what_is_taken_is_paid_on() -> None:
    (capture,) = documents(TaskKind.CAPTURE, hold=ORDER)
    assert isinstance(capture, Capture)
    assert (capture.holds, capture.amount) == ((ORDER,), 300)
    (pull,) = documents(TaskKind.COLLECT)
    assert isinstance(pull, Pull)
    assert (pull.hold_s, pull.decider) == (0, "")


def test_an_award_counts_what_was_refunded_since_the_case_was_opened() -> None:
    paid = replace(a_case().paid, refunded=40)
    case = replace(a_case(), paid=paid, awarded=300)
    made = award(case, 250, order=ORDER, own=OWN, times=Times(DAY_US, DAY_US + 5))
    assert (made.wallet, made.order, made.leg, made.amount) == (OWN, ORDER, 0, 250)
    assert made.in_all == 340
    assert len({award_step(cut) for cut in range(5)}) == 5


def test_what_is_let_go() -> None:
    (release,) = documents(TaskKind.RELEASE, hold=ORDER)
    assert isinstance(release, Release)
    assert release.holds == (ORDER,)


def test_every_step_has_an_id_of_its_own() -> None:
    ids = {
        dispute_order_id(case, step, attempt)
        for case in ("a", "b")
        for step in ("a", "b")
        for attempt in (1, 2)
    }
    assert len(ids) == 8
    assert all(parse_order_id(order)[0] < 128 for order in ids)
