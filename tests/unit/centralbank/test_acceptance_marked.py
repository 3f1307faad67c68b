# SPDX-License-Identifier: Apache-2.0
"""Marked money at the core's door: chosen by balances, chosen again when others came first."""

import threading
from collections import Counter
from typing import Any

import pytest

from kerege.centralbank.actions import SuspendProgramme
from kerege.ledger import parse_order_id
from kerege.payments import Document, Fund, Refund, Refusal, Rehome, Unfund, Verdict
from tests.doors import ANSWER_S, Door
from tests.funders import activate, change, marked, meals
from tests.registers import HOUR_US, Wallet, order_name

MARK = 1


class Lunch:
    """A child with 300 of school meals and 50 of its own; a ministry, and a canteen."""

    def __init__(self, door: Door) -> None:
        self.door = door
        country = door.country
        self.ministry = country.person(door.altyn)
        self.canteen = country.person(door.qala, category="5814")
        self.child = country.person(door.altyn)
        door.give(self.ministry, 1_000)
        door.give(self.child, 50)
        activate(country, meals(self.ministry), self.ministry.key)
        self.send(self.ministry, self.fund(1_000))
        self.send(self.ministry, door.pay(self.ministry, self.child.id, 300, spend="school-meals"))

    def frame(self, wallet: Wallet | None = None) -> dict[str, Any]:
        """What every order has; the ministry's unless told otherwise."""
        return {
            "id": order_name(self.door.country.next_number()),
            "wallet": (wallet or self.ministry).id,
            "until_us": self.door.country.clock.now_us() + HOUR_US,
        }

    def fund(self, amount: int) -> Fund:
        """The ministry marks money."""
        return Fund(**self.frame(), programme="school-meals", amount=amount)

    def send(self, wallet: Wallet, document: Any) -> Verdict:
        """What must be accepted."""
        verdict = self.door.send(self.door.altyn, document, wallet.key)
        assert verdict.accepted, verdict
        return verdict

    def buys(self, amount: int) -> bytes:
        """The child pays the canteen: the signed text."""
        pay = self.door.pay(self.child, self.canteen.id, amount)
        return self.door.country.sign(pay, self.child.key)

    def has(self) -> tuple[int, int]:
        """What the child has of school meals, and of its own."""
        return tuple(marked(self.door.country, self.child, mark) for mark in (MARK, 0))  # type: ignore[return-value]


@pytest.fixture
def lunch(door: Door) -> Lunch:
    return Lunch(door)


def test_a_payment_with_marked_money(door: Door, lunch: Lunch) -> None:
    verdict = door.bring(door.altyn, lunch.buys(320))
    assert verdict.accepted
    assert lunch.has() == (0, 30)
    assert door.balance(lunch.canteen) == 320
    again = door.acceptance.verdict(parse_order_id(verdict.order))
    assert again == verdict


def test_what_comes_together_is_chosen_one_after_the_other(door: Door, lunch: Lunch) -> None:
    """All seven were planned for the same 300: those overtaken are planned again."""
    texts = [lunch.buys(50) for _ in range(8)]
    verdicts = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert Counter(one.code for one in verdicts) == {"accepted": 7, "exceeds_balance": 1}
    assert lunch.has() == (0, 0)
    assert door.balance(lunch.canteen) == 350
    repeats = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert [(one.code, one.replayed) for one in repeats] == [(one.code, True) for one in verdicts]


def test_what_an_order_of_the_same_batch_brings_is_there_for_the_next(
    door: Door, lunch: Lunch
) -> None:
    """Each was planned before any money was marked, and is planned again: whatever its kind."""
    door.give(lunch.ministry, 100)
    back = Unfund(**lunch.frame(), programme="school-meals", amount=700)
    assert door.send(door.altyn, back, lunch.ministry.key).accepted
    orders: list[Document] = [
        lunch.fund(100),
        door.pay(lunch.ministry, lunch.child.id, 40, spend="school-meals"),
        Unfund(**lunch.frame(), programme="school-meals", amount=60),
    ]
    texts = [door.country.sign(one, lunch.ministry.key) for one in orders]
    verdicts = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert [one.code for one in verdicts] == ["accepted"] * 3
    assert lunch.has() == (340, 50)


def test_a_refund_finds_the_mark_that_came_in_its_batch(door: Door, lunch: Lunch) -> None:
    """A payee that has the marked money by now gives that back, not its own."""
    kept = door.pay(lunch.ministry, lunch.child.id, 100, spend="school-meals")
    assert door.send(door.altyn, kept, lunch.ministry.key).accepted
    spent = door.pay(lunch.child, lunch.canteen.id, 400)
    assert door.send(door.altyn, spent, lunch.child.key).accepted
    again = door.pay(lunch.ministry, lunch.child.id, 100, spend="school-meals")
    refund = Refund(**lunch.frame(lunch.child), order=kept.id, amount=100)
    texts = [
        door.country.sign(again, lunch.ministry.key),
        door.country.sign(refund, lunch.child.key),
    ]
    verdicts = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert [one.code for one in verdicts] == ["accepted"] * 2
    assert lunch.has() == (0, 50)


def test_a_refusal_by_a_rule_is_remembered(door: Door, lunch: Lunch) -> None:
    pay = door.pay(lunch.child, door.bek.id, 60)
    text = door.country.sign(pay, lunch.child.key)
    first, again = door.bring(door.altyn, text), door.bring(door.altyn, text)
    assert (first.code, first.rule) == (Refusal.PROGRAMME_RULE, "school-meals//")
    assert (first.found, first.limit) == (60, 50)
    assert (again.code, again.replayed) == ("programme_rule", True)
    assert lunch.has() == (300, 50)


def test_many_threads_at_one_purse(door: Door, lunch: Lunch) -> None:
    texts = [lunch.buys(7) for _ in range(60)]
    codes: list[str] = []

    def send(part: list[bytes]) -> None:
        futures = [door.acceptance.submit(door.altyn.name, text) for text in part]
        codes.extend(future.result(ANSWER_S).code for future in futures)

    threads = [threading.Thread(target=send, args=(texts[n::6],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(codes) == {"accepted": 50, "exceeds_balance": 10}
    assert sum(lunch.has()) == 0
    assert door.balance(lunch.canteen) == 350


def test_a_dry_run_chooses_too(door: Door, lunch: Lunch) -> None:
    pay = door.pay(lunch.child, lunch.canteen.id, 320)
    assert door.try_out(door.altyn, pay, lunch.child.key).accepted
    assert lunch.has() == (300, 50)
    elsewhere = door.pay(lunch.child, door.bek.id, 60)
    tried = door.try_out(door.altyn, elsewhere, lunch.child.key)
    assert (tried.code, tried.rule) == ("programme_rule", "school-meals//")


def test_a_budget_two_funders_processes_could_not_exceed(door: Door, lunch: Lunch) -> None:
    door.give(lunch.ministry, 5)
    verdict = door.send(door.altyn, lunch.fund(1), lunch.ministry.key)
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_budget", 1, 0)


def test_a_suspension_is_seen_at_once(door: Door, lunch: Lunch) -> None:
    change(door.country, SuspendProgramme)
    verdict = door.bring(door.altyn, lunch.buys(60))
    assert (verdict.code, verdict.rule) == ("programme_rule", "school-meals//suspended")
    assert door.bring(door.altyn, lunch.buys(50)).accepted
    assert lunch.has() == (300, 0)


def test_moving_bank_leaves_marks_where_they_are(door: Door, lunch: Lunch) -> None:
    moving = Rehome(
        id=order_name(door.country.next_number()),
        wallet=lunch.child.id,
        until_us=door.country.clock.now_us() + HOUR_US,
        bank=door.qala.name,
    )
    assert door.send(door.qala, moving, lunch.child.key).accepted
    assert lunch.has() == (300, 50)
    assert door.bring(door.qala, lunch.buys(300)).accepted


def test_of_an_award_and_a_refund_that_come_together_nothing_is_paid_back_twice(
    door: Door, lunch: Lunch
) -> None:
    """Both are planned for a leg nothing went back of; the award is planned again, and refused."""
    shop, own = door.country.person(door.altyn, category="5814"), door.altyn.own
    door.give(own, 500)
    door.give(shop, 500)
    paid = door.pay(lunch.child, shop.id, 350)
    assert door.send(door.altyn, paid, lunch.child.key).accepted
    refund = Refund(**lunch.frame(shop), order=paid.id, amount=200)
    award = Refund(**lunch.frame(own), order=paid.id, amount=250, in_all=250)
    texts = [door.country.sign(refund, shop.key), door.country.sign(award, own.key)]
    first, second = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert first.accepted
    assert (second.code, second.found, second.limit) == ("exceeds_refundable", 250, 50)
    assert sum(lunch.has()) == 200
