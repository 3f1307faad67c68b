# SPDX-License-Identifier: Apache-2.0
"""Disputes: who may do what until when, and what it means for the money."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.payments.disputes import (
    DEFAULT_TERMS,
    MAX_EVIDENCE,
    Case,
    DisputeRefusal,
    Paid,
    Reason,
    State,
    Task,
    TaskKind,
    add_evidence,
    answer_case,
    decide_case,
    lapse_case,
    open_case,
    secure_case,
    settle_case,
    task_of,
    withdraw_case,
)
from tests.towns import DAY_S, Town

DAY_US = 24 * 3600 * 1_000_000
NOW = 1_800_000_000_000_000
PAID = Paid(
    order="ord_1", leg=0, asset="KZT", payer="aru", payee="shop", amount=100, refunded=20, at_us=NOW
)
R = DisputeRefusal


def _open(**changed: Any) -> Case | DisputeRefusal:
    given = {"by": "aru", "reason": Reason.NOT_RECEIVED, "claimed": 80, "decider": "judge"}
    return open_case("case-1", PAID, now_us=NOW, **{**given, **changed})


def _case(**changed: Any) -> Case:
    case = _open()
    assert isinstance(case, Case)
    return replace(case, **changed)


def _answered(conceded: int = 0) -> Case:
    return _case(state=State.ANSWERED, conceded=conceded)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"by": "shop"}, R.NOT_THE_PAYER),
        ({"by": "judge"}, R.NOT_THE_PAYER),
        ({"claimed": 0}, R.AMOUNT_OUT_OF_BOUNDS),
        ({"claimed": -5}, R.AMOUNT_OUT_OF_BOUNDS),
        ({"claimed": 81}, R.AMOUNT_OUT_OF_BOUNDS),
        ({"decider": "shop"}, R.DECIDER_IS_PARTY),
        ({"decider": "aru"}, R.DECIDER_IS_PARTY),
    ],
)
def test_who_opens_a_case_about_what(changed: dict[str, Any], refusal: DisputeRefusal) -> None:
    assert _open(**changed) is refusal


def test_a_case_is_opened_in_time() -> None:
    last = NOW + DEFAULT_TERMS.open_days * DAY_US
    given: Any = {"by": "aru", "reason": Reason.PAID_TWICE, "claimed": 1, "decider": "judge"}
    assert isinstance(open_case("case-1", PAID, now_us=last, **given), Case)
    assert open_case("case-1", PAID, now_us=last + 1, **given) is R.TOO_LATE


def test_the_payee_answers_once_and_in_time() -> None:
    case = _case()
    answered = answer_case(case, by="shop", conceded=30, now_us=case.answer_by_us)
    assert answered == replace(case, state=State.ANSWERED, conceded=30)
    assert answer_case(case, by="aru", conceded=0, now_us=NOW) is R.NOT_THE_PAYEE
    assert answer_case(_answered(), by="shop", conceded=0, now_us=NOW) is R.NOT_IN_THIS_STATE
    late = case.answer_by_us + 1
    assert answer_case(case, by="shop", conceded=0, now_us=late) is R.TOO_LATE
    for conceded in (-1, 81):
        found = answer_case(case, by="shop", conceded=conceded, now_us=NOW)
        assert found is R.AMOUNT_OUT_OF_BOUNDS


def test_the_decider_hears_the_payee_first() -> None:
    case = _case()
    assert decide_case(case, by="judge", awarded=80, now_us=case.answer_by_us) is R.TOO_EARLY
    decided = decide_case(case, by="judge", awarded=80, now_us=case.answer_by_us + 1)
    assert decided == replace(case, state=State.DECIDED, awarded=80)
    answered = _answered(conceded=30)
    for by in ("aru", "shop"):
        assert decide_case(answered, by=by, awarded=50, now_us=NOW) is R.NOT_THE_DECIDER
    for awarded in (29, 81):
        found = decide_case(answered, by="judge", awarded=awarded, now_us=NOW)
        assert found is R.AMOUNT_OUT_OF_BOUNDS
    late = answered.decide_by_us + 1
    assert decide_case(answered, by="judge", awarded=50, now_us=late) is R.TOO_LATE


def test_a_case_nobody_decides_lapses_for_who_did_what_it_should() -> None:
    case = _case()
    assert lapse_case(case, now_us=case.decide_by_us) is R.TOO_EARLY
    after = case.decide_by_us + 1
    silent, answered = lapse_case(case, now_us=after), lapse_case(_answered(30), now_us=after)
    assert isinstance(silent, Case)
    assert isinstance(answered, Case)
    assert [silent.awarded, answered.awarded] == [80, 30]


@pytest.mark.parametrize("state", [State.DECIDED, State.LAPSED, State.SETTLED, State.WITHDRAWN])
def test_what_ended_has_ended(state: State) -> None:
    case = _case(state=state)
    late = case.decide_by_us + 1
    assert {
        answer_case(case, by="shop", conceded=0, now_us=NOW),
        decide_case(case, by="judge", awarded=0, now_us=NOW),
        lapse_case(case, now_us=late),
        settle_case(case, refunded=100),
        withdraw_case(case, by="aru"),
        add_evidence(case, bytes(32), by="aru", now_us=NOW),
        secure_case(case, "ord_2"),
    } == {R.NOT_IN_THIS_STATE}


def test_evidence_is_a_digest_of_either_side() -> None:
    case = _case()
    once = add_evidence(case, bytes(32), by="aru", now_us=NOW)
    assert isinstance(once, Case)
    assert add_evidence(once, bytes(32), by="aru", now_us=NOW + 5) == once
    both = add_evidence(once, bytes(32), by="shop", now_us=NOW + 5)
    assert isinstance(both, Case)
    assert [one.wallet for one in both.evidence] == ["aru", "shop"]
    assert add_evidence(case, bytes(32), by="judge", now_us=NOW) is R.NOT_A_PARTY
    assert add_evidence(case, bytes(31), by="aru", now_us=NOW) is R.DIGEST_INVALID
    late = case.decide_by_us + 1
    assert add_evidence(case, bytes(32), by="aru", now_us=late) is R.TOO_LATE
    full: Case | DisputeRefusal = case
    for number in range(MAX_EVIDENCE):
        assert isinstance(full, Case)
        full = add_evidence(full, number.to_bytes(32, "big"), by="aru", now_us=NOW)
    assert isinstance(full, Case)
    assert add_evidence(full, b"x" * 32, by="aru", now_us=NOW) is R.TOO_MUCH_EVIDENCE


def test_a_refund_of_the_claim_settles() -> None:
    case = _case(claimed=50)
    assert settle_case(case, refunded=69) is R.AMOUNT_OUT_OF_BOUNDS
    settled = settle_case(case, refunded=70)
    assert isinstance(settled, Case)
    assert settled.state is State.SETTLED
    assert withdraw_case(case, by="shop") is R.NOT_THE_PAYER
    assert withdraw_case(case, by="aru") == replace(case, state=State.WITHDRAWN)


@pytest.mark.parametrize(
    ("case", "task"),
    [
        (_case(), Task(TaskKind.RESERVE, 80)),
        (_case(hold="ord_2"), Task(TaskKind.NOTHING)),
        (_answered(10), Task(TaskKind.RESERVE, 80)),
        (_case(state=State.DECIDED, awarded=50, hold="ord_2"), Task(TaskKind.CAPTURE, 50)),
        (_case(state=State.DECIDED, awarded=50), Task(TaskKind.COLLECT, 50)),
        (_case(state=State.DECIDED, hold="ord_2"), Task(TaskKind.RELEASE)),
        (_case(state=State.DECIDED), Task(TaskKind.NOTHING)),
        (_case(state=State.LAPSED, awarded=80, hold="ord_2"), Task(TaskKind.CAPTURE, 80)),
        (_case(state=State.SETTLED, hold="ord_2"), Task(TaskKind.RELEASE)),
        (_case(state=State.WITHDRAWN), Task(TaskKind.NOTHING)),
    ],
)
def test_what_a_case_asks_of_the_money(case: Case, task: Task) -> None:
    assert task_of(case) == task


def test_a_claim_is_reserved_once() -> None:
    case = secure_case(_case(), "ord_2")
    assert isinstance(case, Case)
    assert case.hold == "ord_2"
    assert secure_case(case, "ord_3") is R.NOT_IN_THIS_STATE


def test_a_disputes_documents_move_the_money(town: Town) -> None:
    aru, shop = town.wallet(500), town.wallet(owner_kind="firm")
    office, judge = town.wallet(owner_kind="bank"), town.wallet(owner_kind="agency")
    mandate = town.mandate(shop, office, each=1000, total=1000, window_s=90 * DAY_S, holds=True)
    pay = town.pay(aru, shop, 100)
    town.must(mandate)
    town.must(pay)
    reserve = town.pull(office, mandate, 100, hold_s=60 * DAY_S, decider=judge)
    town.must(reserve)
    assert town.code(town.pay(shop, aru, 1)) == "exceeds_balance"
    assert town.code(town.capture(office, 100, reserve)) == "not_yours"
    town.must(town.capture(judge, 70, reserve))
    town.must(town.pay(office, aru, 70))
    assert [town.balance(wallet) for wallet in (aru, shop, office)] == [470, 30, 0]
