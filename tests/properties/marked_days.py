# SPDX-License-Identifier: Apache-2.0
"""Days in the country of `marked_country`: documents drawn at random, some of them odd."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from kerege.payments.documents import Capture, Document, Hold, Mandate, Pay, Pull, Reward
from kerege.payments.reward_documents import TAKE_S
from kerege.programmes.rulebook import Rulebook
from tests.properties.marked_country import Country
from tests.towns import DAY_S, HOUR_S

__all__ = ["ACTIONS", "RETURNS", "Days", "run"]

STEPS: Final = 160
ODD_ONES: Final = 0.15
"""How often a stranger signs, or money goes where it should not."""


class Days(Country):
    """What people of the country sign."""

    def __init__(self, path: Path, seed: int) -> None:
        super().__init__(path, seed)
        self._claims = 0

    def fund(self) -> None:
        programme = self.chance.choice([*self.programmes.values()])
        make = self.town.fund if self.chance.random() < 0.7 else self.town.unfund
        self.submit(make(programme, self.amount(300)))

    def give(self) -> None:
        self.submit(self.town.pay(self.meals.terms.funder, self.odd(self.pupils), self.amount()))

    def eat(self) -> None:
        self.submit(self.town.pay(self.odd(self.pupils), self.odd([self.canteen]), self.amount()))

    def bring_back(self) -> None:
        self.submit(self.town.pay(self.odd(self.people), self.meals.terms.funder, self.amount()))

    def pay_any(self) -> None:
        payer, *payees = self.chance.sample(self.wallets, 3)
        self.submit(self.town.pay_all(payer, *[(payee, self.amount()) for payee in payees]))

    def hire(self) -> None:
        above = self.chance.choice([None, *self.contracts[-4:]])
        supplier = self.odd(self.firms)
        more: Any = {"last": self.chance.random() < 0.3}
        if self.chance.random() < 0.3:
            more["acceptor"] = self.works.inspector
        if supplier == more.get("acceptor"):
            return
        if above is None:
            made = self.town.contract(self.works.programme, supplier, self.amount(300), **more)
        else:
            made = self.works.subcontract(above, supplier, self.amount(200), **more)
        self.submit(made)

    def pay_for_work(self) -> None:
        if self.contracts:
            one = self.chance.choice(self.contracts)
            payee = self.odd([one.supplier])
            self.submit(self.town.pay(one.wallet, payee, self.amount(), about=one.id))

    def hold_for_work(self) -> None:
        if self.contracts:
            one = self.chance.choice(self.contracts)
            more = {"about": one.id, "decider": one.acceptor or self.works.inspector}
            self.submit(self.town.hold(one.wallet, one.supplier, self.amount(), **more))

    def pay_on(self) -> None:
        """Wages and taxes."""
        if self.contracts:
            one = self.chance.choice(self.contracts)
            payee = self.odd([self.works.worker, self.works.inspector])
            if payee != one.supplier:
                self.submit(self.town.pay(one.supplier, payee, self.amount(), about=one.id))

    def reward(self) -> None:
        self._claims += self.chance.random() < 0.8
        person = self.odd([self.walks.person, self.walks.other])
        source = self.odd([self.walks.app, self.walks.watch])
        units = self.chance.randint(1, 55)
        self.submit(self.walks.reward(person, units, f"{self._claims}", wallet=source))

    def hold(self) -> None:
        payer, payee, judge = self.chance.sample(self.wallets, 3)
        payer = self.chance.choice([payer, *self.pupils])
        payee = self.chance.choice([payee, self.canteen, self.meals.terms.funder])
        decider = self.chance.choice(["", judge])
        seconds = self.chance.choice([HOUR_S, HOUR_S, DAY_S, 3 * DAY_S, 40 * DAY_S])
        if payee != payer:
            more = {"decider": decider, "seconds": seconds}
            self.submit(self.town.hold(payer, payee, self.amount(), **more))

    def capture(self) -> None:
        hold = self.one_of(Hold, Reward)
        if not isinstance(hold, Hold | Reward):
            return
        signer = self.odd([_decider(hold)])
        keep = self.chance.random() < 0.3
        most = hold.amount if isinstance(hold, Hold) else 2 * hold.units
        amount = self.chance.choice([most, self.amount(most), self.amount()])
        self.submit(self.town.capture(signer, amount, hold, keep=keep))

    def release(self) -> None:
        hold = self.one_of(Hold, Reward)
        if isinstance(hold, Hold | Reward):
            signer = self.odd([_decider(hold), self.walks.inspector])
            self.submit(self.town.release(signer, hold))

    def refund(self) -> None:
        order = self.one_of(Pay, Capture, Pull)
        pays = [one for one in self.accepted if isinstance(one, Pay)]
        if pays and self.chance.random() < 0.3:
            order = self.chance.choice(pays)
        if not isinstance(order, Pay | Capture | Pull):
            return
        if ways := self.ways(order):
            leg = self.chance.randrange(len(ways))
            amount = self.chance.randint(1, ways[leg].amount + 2)
            self.submit(self.town.refund(self.odd([ways[leg].payee]), order, amount, leg))

    def award(self) -> None:
        """The payers' bank refunds with its own money, as a dispute decided."""
        order = self.one_of(Pay, Capture, Pull)
        if order is None or not (ways := self.ways(order)):
            return
        leg = self.chance.randrange(len(ways))
        amount = self.chance.randint(1, ways[leg].amount + 2)
        made = self.town.refund(self.odd([self.bank]), order, amount, leg)
        in_all = self.chance.choice([0, amount, self.chance.randint(1, ways[leg].amount)])
        self.submit(replace(made, in_all=in_all))

    def raise_hold(self) -> None:
        hold = self.one_of(Hold)
        if isinstance(hold, Hold):
            first = hold.raises or hold.id
            made = {"id": self.town.next_id(), "raises": first, "amount": self.amount()}
            self.submit(replace(hold, until_us=self.town.scene.now_us + 10**9, **made))

    def amend(self) -> None:
        """A version that takes over and ends at another time; rarely the end of all."""
        mark = self.chance.choice([*self.programmes])
        programme = self.terms(mark)
        if self.is_over(mark) or self.chance.random() < 0.7:
            return
        if self.chance.random() < 0.1:
            self.cut_short.add(mark)
            self.town.change_programme(mark, closed=True)
            return
        ends_us = programme.terms.ends_us + self.chance.choice([-1, 1]) * HOUR_S * 1_000_000
        if ends_us < programme.terms.ends_us:
            self.cut_short.add(mark)
        terms = replace(programme.terms, ends_us=ends_us)
        self.town.change_programme(mark, terms=terms, rules=Rulebook(terms))

    def mandate(self) -> None:
        payer = self.chance.choice([*self.pupils, self.works.treasury])
        payee = self.chance.choice([self.canteen, *self.firms])
        self.submit(self.town.mandate(payer, payee, total=self.amount(200), holds=True))

    def pull(self) -> None:
        mandate = self.one_of(Mandate)
        if not isinstance(mandate, Mandate):
            return
        own = [one.id for one in self.contracts if one.supplier == mandate.to]
        about = self.chance.choice(["", *own[-2:]])
        signer = self.odd([mandate.to])
        self.submit(self.town.pull(signer, mandate, self.amount(), about=about))

    def rest(self) -> None:
        """Suspend a programme, or let all go on."""
        resting = [mark for mark in self.programmes if self.terms(mark).suspended]
        for mark in resting:
            self.town.change_programme(mark, suspended=False)
        if not resting:
            self.town.change_programme(self.chance.choice([*self.programmes]), suspended=True)

    def repeat(self) -> None:
        if self.accepted:
            self.submit(self.chance.choice(self.accepted))

    def wait(self) -> None:
        self.town.pass_s(self.chance.choice([60, HOUR_S, 6 * HOUR_S, DAY_S]))
        self.check(self.money())

    def end(self) -> None:
        """Everything ends: what is marked is back, or was spent as it may be."""
        for mark in self.programmes:
            self.town.change_programme(mark, suspended=False)
        for mark in sorted(self.programmes, key=lambda mark: self.terms(mark).terms.ends_us):
            left_us = self.terms(mark).terms.ends_us - self.town.scene.now_us
            self.town.world.clock.advance_us(max(left_us, 0))
            self.town.world.ledger.expire()
            # At this very instant: no hold outlasts its programme.
            self.recall()
            is_left = self.total(self.money(), mark) and mark not in self.cut_short
            self._require(not is_left, "marked money is left over")
        self.town.pass_s(40 * DAY_S + TAKE_S)
        self.recall()
        money = self.money()
        for mark in self.programmes:
            self._require(not self.total(money, mark), "marked money is left over")

    def amount(self, most: int = 80) -> int:
        return self.chance.randint(1, most)

    def odd(self, wallets: list[str]) -> str:
        is_odd = self.chance.random() < ODD_ONES
        return self.chance.choice(self.wallets if is_odd else wallets)

    def one_of(self, *kinds: type) -> Document | None:
        fitting = [one for one in self.accepted if isinstance(one, kinds)][-12:]
        return self.chance.choice(fitting) if fitting else None


def _decider(hold: Hold | Reward) -> str:
    return (hold.decider if isinstance(hold, Hold) else "") or hold.to


Action = Callable[[Days], None]
ACTIONS: Mapping[Action, int] = {
    Days.fund: 2, Days.give: 4, Days.eat: 6, Days.bring_back: 2, Days.pay_any: 4, Days.hire: 4,
    Days.pay_for_work: 6, Days.hold_for_work: 3, Days.pay_on: 4, Days.reward: 4, Days.hold: 3,
    Days.capture: 8, Days.release: 2, Days.refund: 6, Days.mandate: 1, Days.pull: 3, Days.rest: 2,
    Days.repeat: 1, Days.wait: 1, Days.recall: 1, Days.award: 2, Days.raise_hold: 2, Days.amend: 1,
}  # fmt: skip


RETURNS: Mapping[Action, int] = {
    Days.fund: 1, Days.give: 4, Days.bring_back: 4, Days.hold: 4, Days.capture: 4, Days.refund: 4,
}  # fmt: skip
"""Days when much goes back to the funder."""


def run(path: Path, seed: int, actions: Mapping[Action, int] = ACTIONS) -> Counter[str]:
    """Some days of a country; what was seen in them. Raises `Broken`."""
    days = Days(path, seed)
    try:
        for action in days.chance.choices([*actions], [*actions.values()], k=STEPS):
            action(days)
        days.end()
    finally:
        days.town.world.ledger.close()
    return days.seen
