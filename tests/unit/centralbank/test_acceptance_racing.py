# SPDX-License-Identifier: Apache-2.0
"""Two nodes of a core race at one purse, one cap, one invoice, one claim and one contract: together
they accept what one of them would have accepted alone."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.register import Register
from kerege.ledger import UNMARKED, Mark, open_ledger
from kerege.payments.contract_documents import Attest, Obligation
from kerege.payments.documents import Capture, Fund, Hold, Refund, Reward
from kerege.programmes import Cap, OutcomeTerms, Route, Source
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.building import Site
from tests.doors import ANSWER_S, Door
from tests.funders import activate, marked, meals, words
from tests.registers import HOUR_US, Wallet, order_name
from tests.trading import Trade
from tests.walks import claim_of

MARK = 1


class Rivals:
    """A second node beside the door's own, on the same databases."""

    def __init__(self, door: Door, url: str) -> None:
        self.door, country = door, door.country
        # Of a file there is one ledger, which both nodes share.
        self.ledger = open_ledger(url, now_us=country.clock.now_us) if url else country.ledger
        ticks = iter(range(10**9))
        self.register = Register(
            country.url, self.ledger, country.clock, stopwatch=lambda: float(next(ticks))
        )
        self.nodes = [door.acceptance, Acceptance(self.ledger, self.register, country.clock)]

    def race(self, *orders: tuple[Wallet, Any]) -> Counter[str]:
        """Half of the orders at each node, at once; how many came to what."""
        texts = [self.door.country.sign(document, who.key) for who, document in orders]
        found: list[str] = []
        start = threading.Barrier(len(self.nodes))

        def work(node: Acceptance, some: Sequence[bytes]) -> None:
            start.wait()
            futures = [node.submit(self.door.altyn.name, text) for text in some]
            found.extend(future.result(ANSWER_S).code for future in futures)

        threads = [
            threading.Thread(target=work, args=(node, texts[n::2]))
            for n, node in enumerate(self.nodes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == len(texts)
        return Counter(found)

    def close(self) -> None:
        self.nodes[1].close()
        self.register.close()
        if self.ledger is not self.door.country.ledger:
            self.ledger.close()


@pytest.fixture
def rivals(door: Door, core_url: str) -> Iterator[Rivals]:
    rivals = Rivals(door, core_url)
    yield rivals
    rivals.close()


def _frame(door: Door, wallet: Wallet) -> Any:
    """What every document has."""
    number = order_name(door.country.next_number())
    until_us = door.country.clock.now_us() + 3 * HOUR_US
    return {"id": number, "wallet": wallet.id, "until_us": until_us}


class Lunch:
    """A child with 300 of school meals, of which it may eat 100 a day, and nothing else."""

    def __init__(self, door: Door, *, cap: int) -> None:
        country = door.country
        self.ministry = country.open(door.altyn.name, owner_kind="agency", tier="agency")
        self.canteen = country.person(door.altyn, category="5814")
        self.child = country.person(door.altyn)
        door.give(self.ministry, 1_000)
        caps = (Cap(name="day", amount=cap, of="payer", window="day", texts=words("a day")),)
        eat, give = meals(self.ministry).routes
        eat = Route(name=eat.name, when=eat.when, arrival="unmark", texts=eat.texts, caps=caps)
        activate(country, meals(self.ministry, routes=(eat, give)), self.ministry.key)
        pay = door.pay(self.ministry, self.child.id, 300, spend="school-meals")
        fund = Fund(**_frame(door, self.ministry), programme="school-meals", amount=1_000)
        for document in (fund, pay):
            assert door.send(door.altyn, document, self.ministry.key).accepted


def test_one_purse(door: Door, rivals: Rivals) -> None:
    lunch = Lunch(door, cap=10_000)
    pays = [(lunch.child, door.pay(lunch.child, lunch.canteen.id, 50)) for _ in range(10)]
    found = rivals.race(*pays)
    assert found["accepted"] == 6
    assert marked(door.country, lunch.child, MARK) == 0
    assert door.balance(lunch.canteen) == 300


def test_one_cap(door: Door, rivals: Rivals) -> None:
    lunch = Lunch(door, cap=100)
    pays = [(lunch.child, door.pay(lunch.child, lunch.canteen.id, 30)) for _ in range(8)]
    found = rivals.race(*pays)
    assert found == {"accepted": 3, "programme_rule": 5}
    assert marked(door.country, lunch.child, MARK) == 300 - 90


def test_one_hold_taken_twice_and_given_back(door: Door, rivals: Rivals) -> None:
    lunch = Lunch(door, cap=10_000)
    hold = Hold(
        **_frame(door, lunch.child), asset="KZT", to=lunch.canteen.id, amount=100, seconds=600
    )
    assert door.send(door.altyn, hold, lunch.child.key).accepted
    part: Any = {"holds": (hold.id,), "amount": 30, "keep": True}
    canteen = lunch.canteen
    takes = [(canteen, Capture(**_frame(door, canteen), **part)) for _ in range(6)]
    found = rivals.race(*takes)
    assert found == {"accepted": 3, "exceeds_hold": 3}
    assert door.balance(lunch.canteen) == 90


def test_one_payment_refunded_from_two_sides(door: Door, rivals: Rivals) -> None:
    """By its payee at one node, and by an award of the payer's bank at the other."""
    lunch = Lunch(door, cap=10_000)
    shop = lunch.canteen
    door.give(shop, 1_000)
    paid = door.pay(lunch.child, shop.id, 300)
    assert door.send(door.altyn, paid, lunch.child.key).accepted
    orders: list[tuple[Wallet, Any]] = []
    for wallet, in_all in [(shop, 0), (door.altyn.own, 200)] * 3:
        frame = _frame(door, wallet)
        orders.append((wallet, Refund(**frame, order=paid.id, amount=70, in_all=in_all)))
    found = rivals.race(*orders)
    assert found["accepted"] in (3, 4)
    assert marked(door.country, lunch.child, MARK) == 70 * found["accepted"]


def test_one_invoice_paid_twice(door: Door, rivals: Rivals) -> None:
    trade = Trade(door)
    bill = trade.invoice(trade.mill, trade.baker, 100_00)
    pays = [(trade.baker, trade.payment(trade.baker, bill, bill.total)) for _ in range(6)]
    assert rivals.race(*pays) == {"accepted": 1, "invoice_already_paid": 5}
    parts = trade.invoice(trade.mill, trade.baker, 1_003)
    pieces = [(trade.baker, trade.payment(trade.baker, parts, 291)) for _ in range(9)]
    assert rivals.race(*pieces)["accepted"] == 3
    trade.pay(trade.baker, parts, parts.total - 3 * 291)
    cells = door.country.ledger.cells(door.account(trade.mill))
    assert cells[Mark(MARK)].balance == 16_00 + 160


def test_one_claim_rewarded_twice_and_taken_twice(door: Door, rivals: Rivals) -> None:
    country, bank = door.country, door.altyn.name
    fund = country.open(bank, owner_kind="agency", tier="agency")
    office = country.open(bank, owner_kind="agency", tier="agency")
    app = country.open(bank, owner_kind="firm", tier="shop")
    person = country.person(door.altyn, tier="full")
    door.give(fund, 1_000_00)
    now_us = country.clock.now_us()
    outcome = OutcomeTerms(
        sources=(Source(wallet=app.id, cap=300_00, window="day"),),
        unit_amount=1_00,
        max_units=200,
        inspector=office.id,
        hold_s=3_600,
    )
    terms = shipped_programme(
        "movement",
        asset="KZT",
        funder=fund.id,
        starts_us=now_us,
        ends_us=now_us + 2_000 * HOUR_US,
        outcome=outcome,
    )
    activate(country, terms, fund.key)

    marking = Fund(**_frame(door, fund), programme="movement", amount=900_00)
    assert door.send(door.altyn, marking, fund.key).accepted
    of: Any = {"programme": "movement", "to": person.id, "claim": claim_of("a walk")}
    rewards = [Reward(**_frame(door, app), units=20, **of) for _ in range(6)]
    assert rivals.race(*((app, one) for one in rewards)) == {
        "accepted": 1,
        "reward_claim_used": 5,
    }
    country.clock.advance_us(HOUR_US)
    takes = [
        (person, Capture(**_frame(door, person), holds=(one.id,), amount=20_00))
        for one in rewards
        for _ in range(2)
    ]
    assert rivals.race(*takes)["accepted"] == 1
    assert door.balance(person) == 20_00


def test_one_contract(door: Door, rivals: Rivals) -> None:
    site = Site(door)
    road = site.contract(site.treasury, site.builder, 100_00)
    pays = [
        (site.treasury, door.pay(site.treasury, site.builder.id, 30_00, about=road.id))
        for _ in range(8)
    ]
    assert rivals.race(*pays) == {"accepted": 3, "contract_used_up": 5}


def test_an_obligation_ends_while_it_is_paid(door: Door, rivals: Rivals) -> None:
    """What is paid is paid before the other node hears of it, and nothing after."""
    site = Site(door)
    duty = (Obligation("taxes", site.office.id),)
    road = site.contract(site.treasury, site.builder, 100_00, obligations=duty)
    of: Any = {"contract": road.id, "obligation": "taxes"}
    site.must(site.office, Attest(**site.frame(site.office), **of, met=True))
    ended = Attest(**site.frame(site.office), **of, met=False)
    pays = [
        (site.treasury, door.pay(site.treasury, site.builder.id, 10_00, about=road.id))
        for _ in range(6)
    ]
    found = rivals.race(*pays[:3], (site.office, ended), *pays[3:])
    assert found["accepted"] + found["contract_obligation_unmet"] == 7
    last = door.pay(site.treasury, site.builder.id, 1, about=road.id)
    assert rivals.race((site.treasury, last), (site.treasury, last)) == {
        "contract_obligation_unmet": 2
    }
    paid = door.country.ledger.cells(door.account(site.builder))
    there = sum(cell.balance for mark, cell in paid.items() if mark != UNMARKED)
    assert there == 10_00 * (found["accepted"] - 1)
