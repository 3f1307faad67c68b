# SPDX-License-Identifier: Apache-2.0
"""Ways around a programme, tried at a core's door: moved wallets, lost keys, amended documents,
suspended money, midnight, many small payments, legs to oneself."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.centralbank.actions import (
    CloseProgramme,
    IdentifiedRekey,
    ResumeProgramme,
    SuspendProgramme,
    Warrant,
)
from kerege.centralbank.recalling import LOOK_AGAIN_US, Recalling
from kerege.ledger import Mark
from kerege.payments import Document, Leg, Verdict
from kerege.payments.documents import Capture, Fund, Hold, Pay, Refund, Release
from kerege.payments.wallet_documents import Rehome
from kerege.programmes import Calendar, Cap, Programme, Route
from tests.doors import ANSWER_S, Door
from tests.funders import activate, change, marked, meals, words
from tests.registers import HOUR_US, Bank, Wallet, jwk_of, key_of, order_name

COURT = Warrant(authority="a court", kind="court-order")
MARK = 1
ALMATY = Calendar(utc_offset_min=300)


class School:
    """A child with 300 of school meals and 50 of its own; a canteen and a friend elsewhere."""

    def __init__(self, door: Door, **terms: Any) -> None:
        self.door, self.country = door, door.country
        self.ministry = self.country.person(door.altyn)
        self.canteen = self.country.person(door.qala, category="5814")
        self.friend = self.country.person(door.qala)
        self.child = self.country.person(door.altyn)
        door.give(self.ministry, 1_000)
        door.give(self.child, 50)
        self.terms = meals(self.ministry, **terms)
        activate(self.country, self.terms, self.ministry.key)
        self.must(self.ministry, self.fund(900))
        self.must(self.ministry, door.pay(self.ministry, self.child.id, 300, spend="school-meals"))

    def frame(self, wallet: Wallet) -> Any:
        number = order_name(self.country.next_number())
        until_us = self.country.clock.now_us() + HOUR_US
        return {"id": number, "wallet": wallet.id, "until_us": until_us}

    def fund(self, amount: int) -> Fund:
        return Fund(**self.frame(self.ministry), programme="school-meals", amount=amount)

    def send(self, wallet: Wallet, document: Document, bank: Bank | None = None) -> Verdict:
        kept = self.country.register.wallet(wallet.id)
        assert kept is not None
        at = {one.name: one for one in (self.door.altyn, self.door.qala)}[kept.bank]
        return self.door.send(bank or at, document, wallet.key)

    def must(self, wallet: Wallet, document: Any, bank: Bank | None = None) -> Any:
        verdict = self.send(wallet, document, bank)
        assert verdict.accepted, verdict
        return document

    def eat(self, amount: int, **more: Any) -> Pay:
        return self.door.pay(self.child, self.canteen.id, amount, **more)

    def hold(self, amount: int, **more: Any) -> Hold:
        terms: Any = {"asset": "KZT", "to": self.canteen.id, "seconds": 7_200, **more}
        return Hold(**self.frame(self.child), amount=amount, **terms)

    def capture(self, hold: Hold, amount: int, **more: Any) -> Capture:
        return Capture(**self.frame(self.canteen), holds=(hold.id,), amount=amount, **more)

    def refund(self, order: Document, amount: int, **more: Any) -> Refund:
        return Refund(**self.frame(self.canteen), order=order.id, amount=amount, **more)

    def has(self) -> tuple[int, int]:
        """What the child has of school meals, and of its own."""
        return marked(self.country, self.child, MARK), marked(self.country, self.child, 0)

    def version(self, **more: Any) -> Programme:
        """The next version, which takes over what there is."""
        self.terms = replace(self.terms, version=self.terms.version + 1, takes_over=True, **more)
        activate(self.country, self.terms, self.ministry.key)
        return self.terms


@pytest.fixture
def school(door: Door) -> School:
    return School(door)


def _move(school: School, wallet: Wallet, bank: Bank) -> None:
    moving = Rehome(**school.frame(wallet), bank=bank.name)
    school.must(wallet, moving, bank)


def test_a_wallet_that_moves_takes_marks_and_holds_along(door: Door, school: School) -> None:
    """Payer and payee change places with their banks between hold and capture and refund."""
    hold = school.must(school.child, school.hold(320))
    _move(school, school.child, door.qala)
    _move(school, school.canteen, door.altyn)
    assert school.send(school.child, school.eat(1), door.altyn).code == "wallet_kept_elsewhere"
    taken = school.must(school.canteen, school.capture(hold, 310))
    assert (school.has(), door.balance(school.canteen)) == ((0, 40), 310)
    _move(school, school.child, door.altyn)
    school.must(school.canteen, school.refund(taken, 310))
    assert school.has() == (300, 50)
    assert school.send(school.canteen, school.refund(taken, 1)).code == "exceeds_refundable"
    # The bank it left has no say in what its customer is paid back.
    own = Refund(**school.frame(door.qala.own), order=taken.id, amount=1)
    assert school.send(door.qala.own, own).code == "not_yours"


def test_who_recovers_a_wallet_has_its_marks_and_who_stole_the_key_has_nothing(
    school: School,
) -> None:
    hold = school.must(school.child, school.hold(200))
    fresh = key_of("a new telephone")
    school.country.act(IdentifiedRekey(wallet=school.child.id, key=jwk_of(fresh), warrant=COURT))
    thief = school.child
    for stolen in (school.eat(1), school.hold(1), school.hold(1, raises=hold.id)):
        assert school.send(thief, stolen).code == "key_revoked"
    school.child = Wallet(thief.id, fresh)
    taken = school.must(school.canteen, school.capture(hold, 150))
    school.must(school.canteen, school.refund(taken, 50))
    assert school.has() == (200, 50)
    school.must(school.child, school.eat(200))
    assert school.has() == (0, 50)


def test_what_is_held_is_taken_under_the_rules_it_was_held_by(school: School) -> None:
    """A later version closes the canteen's way: for new payments, not for what it was promised."""
    hold = school.must(school.child, school.hold(100))
    shut = Route(
        name="canteen", when='payee.category == "9999"', arrival="unmark", texts=words("-")
    )
    school.version(routes=(shut, *school.terms.routes[1:]))
    assert school.send(school.child, school.eat(60)).code == "programme_rule"
    assert school.send(school.child, school.hold(60)).code == "programme_rule"
    assert school.send(school.child, school.hold(60, raises=hold.id)).code == "programme_rule"
    taken = school.must(school.canteen, school.capture(hold, 100))
    school.must(school.canteen, school.refund(taken, 100))
    assert school.has() == (300, 50)


def test_a_version_that_ends_sooner_ends_holds_too(school: School) -> None:
    hold = school.must(school.child, school.hold(320))
    school.version(ends_us=school.country.clock.now_us() + HOUR_US)
    school.country.clock.advance_us(HOUR_US)
    verdict = school.send(school.canteen, school.capture(hold, 320))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_over", 320, 20)
    school.must(school.canteen, school.capture(hold, 20, keep=True))
    recalling = Recalling(school.country.ledger, school.country.register, school.country.clock)
    recalling.step()
    school.country.clock.advance_us(HOUR_US + LOOK_AGAIN_US)
    school.country.ledger.expire()
    recalling.step()
    assert school.has() == (0, 30)
    assert not school.country.ledger.holders(Mark(MARK))
    assert marked(school.country, school.ministry, 0) == 1_000


def _given(school: School, amount: int) -> Pay:
    return school.door.pay(school.ministry, school.child.id, amount, spend="school-meals")


def test_suspended_money_rests_whatever_is_tried(school: School) -> None:
    paid = school.must(school.child, school.eat(100))
    hold = school.must(school.child, school.hold(100))
    change(school.country, SuspendProgramme)
    tried: list[tuple[Wallet, Document]] = [
        (school.child, school.eat(60)),
        (school.child, school.hold(60)),
        (school.canteen, school.capture(hold, 1)),
        (school.canteen, school.capture(hold, 1, keep=True)),
        (school.ministry, school.fund(1)),
        (school.ministry, _given(school, 1)),
    ]
    codes = [school.send(*one).code for one in tried]
    assert set(codes) == {"programme_rule", "programme_suspended"}
    assert school.has() == (200, 50)
    # What goes back may go back, and rests there.
    school.must(school.canteen, school.refund(paid, 40))
    school.must(school.canteen, Release(**school.frame(school.canteen), holds=(hold.id,)))
    assert school.has() == (240, 50)
    assert school.send(school.child, school.eat(60)).code == "programme_rule"
    change(school.country, ResumeProgramme)
    school.must(school.child, school.eat(240))
    assert school.has() == (0, 50)


def test_an_award_and_a_refund_of_suspended_money_restore_its_mark(school: School) -> None:
    paid = school.must(school.child, school.eat(320))
    change(school.country, SuspendProgramme)
    own = school.door.altyn.own
    given: Any = {"order": paid.id, "amount": 150, "in_all": 150}
    school.must(own, Refund(**school.frame(own), **given))
    assert school.send(own, Refund(**school.frame(own), **given)).code == "exceeds_refundable"
    assert school.has() == (130, 50)
    change(school.country, ResumeProgramme)
    change(school.country, CloseProgramme)
    # After the end a refund is the funder's, and the recall has the rest.
    before = marked(school.country, school.ministry, 0)
    school.must(school.canteen, school.refund(paid, 100))
    recalling = Recalling(school.country.ledger, school.country.register, school.country.clock)
    recalling.step()
    assert school.has() == (0, 50)
    assert marked(school.country, school.ministry, 0) == before + 100 + 130 + 600


def _midnight(door: Door) -> School:
    """A hundred a day, and a day ends at midnight in Almaty, five hours ahead."""
    caps = (Cap(name="day", amount=100, of="payer", window="day", texts=words("a day")),)
    eat = Route(
        name="canteen",
        when='payee.category == "5814"',
        arrival="unmark",
        texts=words("at a canteen"),
        caps=caps,
    )
    return School(door, routes=(eat, meals(door.aru).routes[1]), calendar=ALMATY)


def _until_midnight_us(now_us: int) -> int:
    day_us = 24 * HOUR_US
    return day_us - (now_us + 5 * HOUR_US) % day_us


def test_a_days_cap_comes_back_after_the_programmes_own_midnight(door: Door) -> None:
    school = _midnight(door)
    clock = school.country.clock
    clock.advance_us(_until_midnight_us(clock.now_us()) - 2)
    school.must(school.child, school.eat(100))
    assert school.send(school.child, school.eat(1, spend="school-meals")).code == "programme_rule"
    clock.advance_us(1)
    school.country.ledger.expire()
    late = school.send(school.child, school.eat(1, spend="school-meals"))
    assert late.rule == "school-meals/canteen/day"
    # Not before midnight there, whatever the caller's clock says; and within the hour after it.
    clock.advance_us(HOUR_US)
    school.country.ledger.expire()
    school.must(school.child, school.eat(100))
    assert school.send(school.child, school.eat(1, spend="school-meals")).code == "programme_rule"
    assert school.has() == (100, 50)


def test_a_cap_is_not_given_back_by_a_refund_a_release_or_a_hold_that_ends(door: Door) -> None:
    school = _midnight(door)
    paid = school.must(school.child, school.eat(40, spend="school-meals"))
    hold = school.must(school.child, school.hold(30, spend="school-meals", seconds=60))
    other = school.must(school.child, school.hold(20, spend="school-meals", seconds=600))
    school.must(school.canteen, school.refund(paid, 40))
    school.must(school.canteen, Release(**school.frame(school.canteen), holds=(other.id,)))
    school.country.clock.advance_us(61 * 1_000_000)
    school.country.ledger.expire()
    assert school.send(school.canteen, school.capture(hold, 1)).code == "pending_expired"
    verdict = school.send(school.child, school.eat(11, spend="school-meals"))
    assert (verdict.code, verdict.found, verdict.limit) == ("programme_rule", 11, 10)
    school.must(school.child, school.eat(10, spend="school-meals"))


def test_many_small_payments_in_one_batch_use_one_cap(door: Door) -> None:
    school = _midnight(door)
    texts = [
        school.country.sign(school.eat(7, spend="school-meals"), school.child.key)
        for _ in range(40)
    ]
    verdicts = door.acceptance.submit_all(door.altyn.name, texts).result(ANSWER_S)
    assert sum(one.accepted for one in verdicts) == 14
    legs = tuple(Leg(school.canteen.id, 1) for _ in range(5))
    bulk = Pay(**school.frame(school.child), asset="KZT", legs=legs, spend="school-meals")
    assert school.send(school.child, bulk).code == "programme_rule"
    assert school.has() == (202, 50)


def test_no_leg_leads_to_oneself_or_to_cash(door: Door, school: School) -> None:
    """Bulk payouts with a leg to oneself, a friend or the bank between legs that may be."""
    for odd, code in (
        (school.child, "payee_is_payer"),
        (school.friend, "exceeds_balance"),
        (door.altyn.own, "exceeds_balance"),
    ):
        legs = (Leg(school.canteen.id, 10), Leg(odd.id, 100), Leg(school.canteen.id, 10))
        bulk = Pay(**school.frame(school.child), asset="KZT", legs=legs)
        verdict = school.send(school.child, bulk)
        assert verdict.code in (code, "programme_rule"), verdict
    assert school.has() == (300, 50)
    # Of a mixed payout only the own money goes where the programme's may not.
    mixed = (Leg(school.friend.id, 50), Leg(school.canteen.id, 300))
    school.must(school.child, Pay(**school.frame(school.child), asset="KZT", legs=mixed))
    assert (school.has(), door.balance(school.friend)) == ((0, 0), 50)


def test_a_refund_of_a_refund_and_of_a_part_of_another_leg_is_none(school: School) -> None:
    legs = (Leg(school.canteen.id, 100), Leg(school.friend.id, 20))
    paid = Pay(**school.frame(school.child), asset="KZT", legs=legs)
    school.must(school.child, paid)
    back = school.must(school.canteen, school.refund(paid, 60))
    again = Refund(**school.frame(school.child), order=back.id, amount=1)
    assert school.send(school.child, again).code == "order_not_found"
    # The friend, who got plain money, gives back plain money: no mark comes of it.
    friend = Refund(**school.frame(school.friend), order=paid.id, leg=0, amount=1)
    assert school.send(school.friend, friend).code == "not_yours"
    school.must(school.friend, replace(friend, id=order_name(school.country.next_number()), leg=1))
    assert school.has() == (260, 31)
    assert school.send(school.canteen, school.refund(paid, 41)).code == "exceeds_refundable"
