# SPDX-License-Identifier: Apache-2.0
"""A funder's report: every tenge that was marked is told of, and no person is."""

from typing import Any

import msgspec
import pytest

from kerege.centralbank import order_log, programme_report
from kerege.centralbank.actions import CloseProgramme, Freeze, Warrant
from kerege.centralbank.programme_report import ProgrammeReports
from kerege.centralbank.recalling import Recalling
from kerege.payments import Capture, Fund, Hold, Refund, Unfund
from kerege.programmes import Calendar, Route
from kerege.programmes.report import ProgrammeReport
from tests.doors import Door
from tests.funders import activate, change, meals, words
from tests.ledgers import START_US
from tests.registers import HOUR_US, Wallet, order_name

DAY_US = 24 * HOUR_US
UNTIL_US = START_US + 30 * DAY_US


class School:
    """A ministry, six children, a canteen and a shop. Amounts are minor units."""

    def __init__(self, door: Door, **more: object) -> None:
        self.door = door
        self.country = door.country
        self.ministry = self._open(kind="agency", tier="agency")
        self.children = [self._open(region="KZ-75") for _ in range(6)]
        self.canteen = self._open(kind="firm", tier="shop", category="5814", region="KZ-75")
        door.give(self.ministry, 100_000_00)
        terms = meals(
            self.ministry,
            budget=50_000_00,
            routes=(
                *meals(self.ministry).routes,
                Route(
                    name="back",
                    when="payee.is_funder",
                    arrival="return",
                    texts=words("to the ministry"),
                ),
            ),
            **more,
        )
        activate(self.country, terms, self.ministry.key)
        store = self.country.ledger._store
        self.reports = ProgrammeReports(store, self.country.ledger, self.country.register)

    def _open(self, *, kind: str = "person", tier: str = "phone", **more: object) -> Wallet:
        return self.country.open(self.door.altyn.name, owner_kind=kind, tier=tier, **more)

    def _head(self, wallet: Wallet) -> dict[str, Any]:
        return {
            "id": order_name(self.country.next_number()),
            "wallet": wallet.id,
            "until_us": self.country.clock.now_us() + HOUR_US,
        }

    def send(self, wallet: Wallet, document: Any) -> str:
        """What must be accepted; its id."""
        verdict = self.door.send(self.door.altyn, document, wallet.key)
        assert verdict.accepted, verdict
        return verdict.order

    def fund(self, amount: int, kind: Any = Fund) -> None:
        document = kind(**self._head(self.ministry), programme="school-meals", amount=amount)
        self.send(self.ministry, document)

    def pay(self, payer: Wallet, payee: Wallet, amount: int, **more: Any) -> str:
        return self.send(payer, self.door.pay(payer, payee.id, amount, **more))

    def give_each(self, amount: int) -> None:
        for child in self.children:
            self.pay(self.ministry, child, amount, spend="school-meals")

    def refund(self, order: str, amount: int) -> None:
        document = Refund(**self._head(self.canteen), order=order, amount=amount)
        self.send(self.canteen, document)

    def report(self, **more: Any) -> ProgrammeReport:
        times = {"from_us": START_US, "until_us": UNTIL_US} | more
        report = self.reports.report("school-meals", **times)
        assert report is not None
        return report

    def flows(self, **more: Any) -> dict[tuple[str, str, str, str], tuple[int, int]]:
        """Amount and payments by flow, kind, region and route."""
        return {
            (one.flow, one.kind, one.region, one.route): (one.amount, one.payments)
            for one in self.report(**more).figures
        }


@pytest.fixture
def school(door: Door) -> School:
    return School(door)


def test_where_every_tenge_went(school: School) -> None:
    school.fund(10_000_00)
    school.give_each(500_00)
    lunches = [school.pay(child, school.canteen, 300_00) for child in school.children]
    school.refund(lunches[0], 100_00)
    school.fund(2_000_00, kind=Unfund)
    school.pay(school.children[1], school.ministry, 50_00, spend="school-meals")
    assert school.flows() == {
        ("marked", "agency", "", ""): (10_000_00, 1),
        ("given", "person", "KZ-75", "allowance"): (3_000_00, 6),
        ("spent", "firm", "KZ-75", "canteen"): (1_800_00, 6),
        ("refunded", "firm", "KZ-75", ""): (100_00, 1),
        ("returned", "agency", "", "back"): (2_000_00, 1),
        # One child alone is told of without a region.
        ("returned", "person", "", "back"): (50_00, 1),
    }
    report = school.report()
    assert report.is_complete
    assert report.is_standing_complete
    standing = {(one.kind, one.region): (one.holders, one.amount) for one in report.standing}
    assert standing == {("agency", ""): (1, 5_000_00), ("person", "KZ-75"): (6, 1_250_00)}
    # Marked and not spent for good is where it stands, or back.
    left = 10_000_00 - 1_800_00 + 100_00 - 2_000_00 - 50_00
    assert sum(one.amount for one in report.standing) == left
    assert report.budget_left == report.budget - 10_000_00 + 2_000_00 + 50_00


def test_no_person_is_in_it(school: School) -> None:
    school.fund(10_000_00)
    school.give_each(500_00)
    for child in school.children:
        for _ in range(5):
            school.pay(child, school.canteen, 100_00)
    text = msgspec.json.encode(school.report()).decode()
    assert "round-sums" in text
    assert school.canteen.id in text
    assert [child.id for child in school.children if child.id in text] == []


def test_a_few_people_are_told_of_together(school: School) -> None:
    school.fund(10_000_00)
    for child in school.children[:4]:
        school.pay(school.ministry, child, 100_00, spend="school-meals")
    report = school.report()
    assert [(s.kind, s.region, s.holders) for s in report.standing] == [
        ("agency", "", 1),
        ("person", "", 4),
    ]
    assert ("given", "person", "", "allowance") in school.flows()


def test_a_period_is_from_its_first_microsecond_until_before_its_last(school: School) -> None:
    school.fund(1_00)
    school.country.clock.advance_us(DAY_US)
    at_us = school.country.clock.now_us()
    school.fund(2_00)
    school.country.clock.advance_us(DAY_US)
    school.fund(4_00)
    marked = ("marked", "agency", "", "")
    assert school.flows()[marked] == (7_00, 3)
    assert school.flows(from_us=at_us)[marked] == (6_00, 2)
    assert school.flows(from_us=at_us, until_us=at_us + 1)[marked] == (2_00, 1)
    assert school.flows(until_us=at_us)[marked] == (1_00, 1)
    assert school.flows(from_us=at_us + 1, until_us=at_us + 2) == {}


def test_periods_that_are_none_or_too_long(school: School) -> None:
    school.fund(1_00)
    for until_us in (START_US + 1, START_US):
        report = school.report(from_us=START_US + 1, until_us=until_us)
        assert (report.figures, report.refused, report.until_us) == ((), (), START_US + 1)
        assert report.is_complete
    report = school.report(from_us=START_US, until_us=2**53)
    assert report.until_us == START_US + programme_report.MAX_PERIOD_US
    assert not report.is_complete
    assert report.figures != ()


def test_a_long_period_is_read_in_parts(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        school.fund(1_00)
        school.country.clock.advance_us(DAY_US // 2)
    monkeypatch.setattr(programme_report, "MAX_ORDERS_SEEN", 3)
    monkeypatch.setattr(order_log, "PAGE", 2)
    from_us, amounts = START_US + 1, []
    while from_us < UNTIL_US:
        report = school.report(from_us=from_us)
        amounts.append(sum(one.amount for one in report.figures))
        assert report.is_complete == (report.until_us == UNTIL_US)
        assert report.until_us > from_us
        from_us = report.until_us
    assert amounts == [3_00, 3_00]


def test_what_is_held_frozen_and_recalled(school: School) -> None:
    school.fund(1_000_00)
    school.give_each(100_00)
    first, second = school.children[:2]
    hold = Hold(
        **school._head(first),
        asset="KZT",
        to=school.canteen.id,
        amount=40_00,
        seconds=3_600,
    )
    held = school.send(first, hold)
    frozen = Freeze(wallet=second.id, warrant=Warrant(authority="a court", kind="court-order"))
    school.country.act(frozen)
    (people,) = [one for one in school.report().standing if one.kind == "person"]
    assert (people.amount, people.held, people.frozen) == (600_00, 40_00, 100_00)
    capture = Capture(**school._head(school.canteen), holds=(held,), amount=40_00)
    school.send(school.canteen, capture)
    assert school.flows()["spent", "firm", "KZ-75", "canteen"] == (40_00, 1)
    change(school.country, CloseProgramme)
    country = school.country
    Recalling(country.ledger, country.register, country.clock).step()
    report = school.report()
    assert {one.flow: one.amount for one in report.figures}["recalled"] > 0
    recalled = sum(one.amount for one in report.figures if one.flow == "recalled")
    assert recalled == 1_000_00 - 40_00 - 100_00
    assert [(s.kind, s.amount, s.frozen) for s in report.standing] == [("person", 100_00, 100_00)]


def test_what_rules_refused_is_counted_once(school: School) -> None:
    school.fund(1_000_00)
    school.give_each(100_00)
    child, friend = school.children[:2]
    pay = school.door.pay(child, friend.id, 60_00)
    text = school.country.sign(pay, child.key)
    for _ in range(3):
        assert school.door.bring(school.door.altyn, text).code == "programme_rule"
    (refused,) = school.report().refused
    assert (refused.rule, refused.payments) == ("/", 1)
    assert school.report(from_us=START_US + 2 * DAY_US).refused == ()


def test_closed_days_are_flagged(door: Door) -> None:
    every_day = tuple(range(1, 8))
    school = School(door, calendar=Calendar(weekdays=every_day[:1]))
    school.fund(10_000_00)
    school.give_each(500_00)
    for _ in range(7):
        school.pay(school.children[0], school.canteen, 13_00)
        school.country.clock.advance_us(DAY_US // 2)
    (flag,) = [one for one in school.report().flags if one.rule == "closed-days"]
    assert flag.payee == school.canteen.id
    assert flag.payments >= 3


def test_an_unknown_programme(school: School) -> None:
    assert school.reports.report("other", from_us=0, until_us=1) is None
