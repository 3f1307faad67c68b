# SPDX-License-Identifier: Apache-2.0
"""At its end a programme's money returns to its funder: all of it, once, whoever does it."""

import msgspec
import pytest

from kerege.centralbank.actions import (
    CloseProgramme,
    Freeze,
    ResumeProgramme,
    SuspendProgramme,
    Unfreeze,
    Warrant,
)
from kerege.centralbank.recalling import LOOK_AGAIN_US, Recalled, Recalling
from kerege.centralbank.register_programmes import ProgrammeState
from kerege.centralbank.telling import Teller
from kerege.ledger import (
    UNMARKED,
    Kind,
    Mark,
    Order,
    OrderId,
    Refusal,
    Transfer,
)
from kerege.runtime import ManualClock
from tests.doors import Door
from tests.funders import ENDS_US, activate, change, give, mark_money, marked, meals
from tests.registers import HOUR_US, Country, Wallet

COURT = Warrant(authority="a court", kind="court-order")
MARK = Mark(1)


class Term:
    """School meals with 900 marked: 300 with Aru, 250 with a canteen, the rest with the funder."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.bank = country.bank("altyn")
        self.funder = country.open(self.bank.name, owner_kind="agency", tier="agency")
        self.aru = country.person(self.bank)
        self.canteen = country.open(self.bank.name, owner_kind="firm", tier="shop", category="5814")
        country.fund(self.bank, 1_000)
        give(country, self.bank.own, self.funder, 1_000)
        activate(country, meals(self.funder), self.funder.key)
        mark_money(country, self.funder, 900, mark=1)
        give(country, self.funder, self.aru, 300, mark=1)
        give(country, self.funder, self.canteen, 250, mark=1)

    @property
    def everyone(self) -> tuple[Wallet, ...]:
        return self.funder, self.aru, self.canteen

    def recalling(self) -> Recalling:
        """Another node's."""
        return Recalling(self.country.ledger, self.country.register, self.country.clock)

    def marked(self) -> list[int]:
        return [marked(self.country, one, 1) for one in self.everyone]

    def unmarked(self) -> list[int]:
        return [marked(self.country, one, 0) for one in self.everyone]

    def end(self) -> None:
        """Let the terms end."""
        self.country.clock.advance_us(ENDS_US - self.country.clock.now_us())

    def state(self) -> ProgrammeState:
        return self.country.register.programme_records()["school-meals"].state

    def hold(self, payer: Wallet, payee: Wallet, amount: int, seconds: int) -> None:
        """Reserve marked money."""
        debit, credit = (self.country.register.wallet(one.id) for one in (payer, payee))
        assert debit is not None
        assert credit is not None
        pending = Transfer(
            debit.accounts["KZT"],
            credit.accounts["KZT"],
            amount,
            mark=MARK,
            kind=Kind.PENDING,
            timeout_s=seconds,
        )
        order = Order(OrderId(self.country.next_number().to_bytes(16, "big")), (pending,))
        (outcome,) = self.country.ledger.post([order])
        assert outcome.accepted


@pytest.fixture
def term(country: Country) -> Term:
    return Term(country)


def test_nothing_returns_before_the_end(term: Term) -> None:
    recalling = term.recalling()
    assert recalling.step() == []
    term.country.clock.advance_us(ENDS_US - 1 - term.country.clock.now_us())
    assert recalling.step() == []
    assert term.marked() == [350, 300, 250]


def test_at_the_end_all_of_it_returns_and_the_budget_has_it_back(term: Term) -> None:
    term.end()
    recalling = term.recalling()
    assert recalling.step() == [Recalled("school-meals", MARK, 3, 900, {})]
    assert (term.marked(), term.unmarked()) == ([0, 0, 0], [1_000, 0, 0])
    (active,) = term.country.register.programmes().values()
    assert term.country.ledger.cells(active.budget)[UNMARKED].balance == 0
    converter = term.country.register.converter("KZT")
    assert converter is not None
    assert all(cell.is_empty for cell in term.country.ledger.cells(converter).values())
    # Again it does nothing, and ended by its terms it may still be amended: it is not settled.
    assert recalling.step() == [Recalled("school-meals", MARK, 0, 0, {})]
    assert recalling.step() == []
    assert term.state() is ProgrammeState.ACTIVE


def test_a_closed_programme_is_settled_once_all_is_back(term: Term) -> None:
    term.hold(term.aru, term.canteen, 100, 3_600)
    change(term.country, CloseProgramme)
    recalling = term.recalling()
    (first,) = recalling.step()
    assert (first.orders, first.returned) == (3, 800)
    assert term.marked() == [0, 100, 0]
    assert term.state() is ProgrammeState.CLOSED
    term.country.clock.advance_us(HOUR_US + LOOK_AGAIN_US)
    term.country.ledger.expire()
    assert [one.returned for one in recalling.step()] == [100]
    assert term.state() is ProgrammeState.SETTLED
    assert term.unmarked() == [1_000, 0, 0]


def test_what_comes_late_to_a_settled_programme_returns_too(term: Term) -> None:
    change(term.country, CloseProgramme)
    recalling = term.recalling()
    recalling.step()
    assert term.state() is ProgrammeState.SETTLED
    mark_money(term.country, term.funder, 5, mark=1)
    give(term.country, term.funder, term.aru, 5, mark=1)
    term.country.clock.advance_us(LOOK_AGAIN_US)
    assert [one.returned for one in recalling.step()] == [5]
    assert term.unmarked() == [1_000, 0, 0]


def test_frozen_money_is_left_and_told_and_returns_when_it_may(term: Term) -> None:
    frozen = term.country.act(Freeze(wallet=term.aru.id, warrant=COURT))
    term.end()
    recalling = term.recalling()
    left = {Refusal.DEBITS_FROZEN: 300}
    assert recalling.step() == [Recalled("school-meals", MARK, 2, 600, left)]
    assert term.marked() == [0, 300, 0]
    assert [one.left for one in recalling.step()] == [left]
    assert recalling.step() == []
    term.country.act(Unfreeze(freeze=frozen.id, warrant=COURT))
    term.country.clock.advance_us(LOOK_AGAIN_US)
    assert recalling.step() == [Recalled("school-meals", MARK, 1, 300, {})]


def test_the_money_of_a_suspended_programme_rests_past_its_end(term: Term) -> None:
    change(term.country, SuspendProgramme)
    term.end()
    recalling = term.recalling()
    assert recalling.step() == []
    change(term.country, ResumeProgramme)
    assert [one.returned for one in recalling.step()] == [900]


def test_each_version_ends_by_its_own_terms(term: Term) -> None:
    later = meals(term.funder, version=2, ends_us=ENDS_US + HOUR_US)
    activate(term.country, later, term.funder.key)
    mark_money(term.country, term.funder, 100, mark=2)
    term.end()
    recalling = term.recalling()
    assert [(one.mark, one.returned) for one in recalling.step()] == [(1, 900)]
    assert marked(term.country, term.funder, 2) == 100
    term.country.clock.advance_us(HOUR_US)
    assert (Mark(2), 100) in [(one.mark, one.returned) for one in recalling.step()]


def test_a_version_that_takes_over_in_time_keeps_the_money(term: Term) -> None:
    later = meals(term.funder, version=2, takes_over=True, ends_us=ENDS_US + HOUR_US)
    activate(term.country, later, term.funder.key)
    term.end()
    assert term.recalling().step() == []
    assert term.marked() == [350, 300, 250]


def test_two_nodes_at_once_bring_it_back_once(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both read the same cells; the second's orders find that the first's were there."""
    term.end()
    ledger = term.country.ledger
    stale = ledger.holders(MARK)
    one, other = term.recalling(), term.recalling()
    assert [r.returned for r in one.step()] == [900]
    pages = iter([stale, []])
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "holders", lambda *_, **__: next(pages))
        (found,) = other.step()
    assert (found.orders, found.returned) == (0, 0)
    assert term.unmarked() == [1_000, 0, 0]


def test_a_payment_in_between_wins_and_the_rest_returns_next_time(
    term: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    term.end()
    ledger = term.country.ledger
    pages = iter([ledger.holders(MARK), []])
    give(term.country, term.aru, term.canteen, 10, mark=1)
    recalling = term.recalling()
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "holders", lambda *_, **__: next(pages))
        (found,) = recalling.step()
    assert found.left == {Refusal.VERSION_NOT_AS_EXPECTED: 550}
    assert [r.returned for r in recalling.step()] == [550]
    assert term.unmarked() == [1_000, 0, 0]


def test_a_node_whose_clock_is_ahead_of_the_ledgers_brings_nothing_back(term: Term) -> None:
    """The order itself holds from the end on by the time of the batch that decides it."""
    fast = ManualClock(ENDS_US)
    recalling = Recalling(term.country.ledger, term.country.register, fast)
    (found,) = recalling.step()
    assert found.left == {Refusal.NOT_YET_VALID: 900}
    assert term.marked() == [350, 300, 250]
    term.end()
    fast.advance_us(LOOK_AGAIN_US)
    assert [r.returned for r in recalling.step()] == [900]


def test_no_until_us_reaches_beyond_the_end(door: Door) -> None:
    """Signed in time, good for a day, sent after the end: the time that counts is the core's."""
    country = door.country
    funder, child = country.person(door.altyn), country.person(door.altyn)
    canteen = country.person(door.qala, category="5814")
    door.give(funder, 1_000)
    activate(country, meals(funder), funder.key)
    mark_money(country, funder, 900, mark=1)
    give(country, funder, child, 300, mark=1)
    country.clock.advance_us(ENDS_US - HOUR_US - country.clock.now_us())
    until_us = ENDS_US + 20 * HOUR_US
    early, late = (
        country.sign(door.pay(child, canteen.id, 100, until_us=until_us), child.key)
        for _ in range(2)
    )
    assert door.bring(door.altyn, early).accepted
    country.clock.advance_us(HOUR_US)
    refused = door.bring(door.altyn, late)
    assert (refused.code, refused.rule) == ("programme_rule", "school-meals//ends")
    recalling = Recalling(country.ledger, country.register, country.clock)
    assert [one.returned for one in recalling.step()] == [800]
    assert not door.bring(door.altyn, late).accepted
    assert marked(country, canteen, 0) == 100


def test_banks_are_told_of_it_as_what_it_is(term: Term) -> None:
    term.end()
    term.recalling().step()
    facts = term.country.register.wallet(term.aru.id)
    assert facts is not None
    (newest, *_) = term.country.ledger.statement((facts.accounts["KZT"], MARK))
    accepted = term.country.ledger.accepted(newest.order_id)
    assert accepted is not None
    teller = Teller(term.country.ledger, term.country.register)
    told = teller.tell(accepted.order, cursor=0, at_us=1)
    event = told.events[term.bank.name]
    assert event.kind == "recall"
    moves = {(move.wallet, move.mark, move.change) for move in event.wallets}
    assert moves == {(term.aru.id, 1, -300), (term.funder.id, 0, 300)}
    assert msgspec.json.decode(event.document)["programme"] == "school-meals"


def test_stopping_ends_it_between_pages(term: Term) -> None:
    term.end()
    stopped = Recalling(
        term.country.ledger, term.country.register, term.country.clock, stopping=lambda: True
    )
    assert stopped.step() == []
