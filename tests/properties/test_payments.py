# SPDX-License-Identifier: Apache-2.0
"""Payments of all kinds in any sequence, on a real ledger: what must hold whatever is signed.

Money is neither made nor lost; nobody's money moves but by who may; no leg is paid back above what
it was, no hold captured above what it held, no mandate pulled above its total, no request paid
above its amount; and what is refused changes nothing.

Hypothesis draws a seed and the seed a whole market day: drawn step by step, most examples would be
short, and all but the simplest documents refused.
"""

import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kerege.payments.documents import (
    Capture,
    Document,
    Hold,
    Mandate,
    Pay,
    Pull,
    Refund,
    Request,
)
from kerege.payments.fees import FeeRule, FeeSchedule
from kerege.payments.memory_scene import unsigned_text
from kerege.payments.verdict import Verdict
from tests.towns import HOUR_S, Town

ISSUED = 400
STEPS = 150
ODD_ONES = 0.15
"""How often a stranger signs, or a document refers to one of another kind."""


def _schedule(collector: str) -> FeeSchedule:
    texts: Any = {"kk": "а", "ru": "б", "en": "c"}
    frame: Any = {"asset": "KZT", "collector": collector, "texts": texts}
    of_payer = FeeRule(name="a", paid_by="payer", kinds=("pay",), basis_points=100, **frame)
    of_payee = FeeRule(name="b", paid_by="payee", basis_points=250, maximum=2, **frame)
    return FeeSchedule(version=1, rules=(of_payer, of_payee))


class Market:
    """Five wallets: two plain, one with a ceiling, one with a waterfall, one that collects."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.town = Town(path)
        plain = [self.town.wallet(ISSUED) for _ in range(2)]
        small = self.town.wallet(ISSUED, ceiling=ISSUED + 50)
        flowing = self.town.wallet(ISSUED, ceiling=ISSUED + 50, waterfall=True)
        self.wallets = [*plain, small, flowing, self.town.wallet(ISSUED)]
        if self.chance.random() < 0.5:
            self.town.scene.fees = _schedule(self.wallets[-1])
        self.accepted: list[Document] = []
        self.requests: list[Request] = []
        self.spent: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    # What is signed.

    def pay(self) -> None:
        payer, *payees = self.chance.sample(self.wallets, self.chance.randint(2, 4))
        pay = self.town.pay_all(payer, *[(payee, self.amount()) for payee in payees])
        self.submit(pay, max_fee=5)

    def request(self) -> None:
        payee, parts = self.someone(), self.chance.random() < 0.5
        self.requests.append(self.town.request(payee, self.amount(), parts=parts))

    def answer(self) -> None:
        if not self.requests:
            return
        request = self.chance.choice(self.requests)
        amount = self.chance.randint(1, request.amount) if request.parts else request.amount
        pay = self.town.pay(self.someone(), request.wallet, amount, request=unsigned_text(request))
        if self.submit(pay, max_fee=5).accepted:
            self.spend(f"request {request.id}", amount, request.amount)

    def hold(self) -> None:
        payer, payee, judge = self.chance.sample(self.wallets, 3)
        seconds = self.chance.choice([60, HOUR_S, 5 * HOUR_S])
        decider = self.chance.choice(["", judge])
        self.submit(self.town.hold(payer, payee, self.amount(), seconds=seconds, decider=decider))

    def raise_hold(self) -> None:
        hold = self.one_of(Hold)
        if isinstance(hold, Hold):
            more = {"decider": hold.decider, "raises": hold.id}
            self.submit(self.town.hold(hold.wallet, hold.to, self.amount(), **more))

    def capture(self) -> None:
        hold = self.one_of(Hold, Pull)
        if hold is None:
            return
        parts = [one for one in self.accepted if getattr(one, "raises", "") == hold.id]
        parts = self.chance.sample([hold, *parts], self.chance.randint(1, len(parts) + 1))[:16]
        keep, amount = self.chance.random() < 0.5, self.amount()
        if self.submit(self.town.capture(self.decider(hold), amount, *parts, keep=keep)).accepted:
            first = getattr(hold, "raises", "") or hold.id
            family = [one for one in self.accepted if first in (one.id, getattr(one, "raises", ""))]
            held = sum(one.amount for one in family if isinstance(one, Hold | Pull))
            self.spend(f"hold {first}", amount, held)

    def release(self) -> None:
        if (hold := self.one_of(Hold, Pull)) is not None:
            self.submit(self.town.release(self.decider(hold), hold))

    def refund(self) -> None:
        order = self.one_of(Pay, Capture, Pull, Refund)
        if order is None:
            return
        leg = self.chance.randrange(len(order.legs)) if isinstance(order, Pay) else 0
        payee, paid = self.paid(order, leg)
        amount = self.chance.randint(1, paid + 5)
        if self.submit(self.town.refund(self.mostly(payee), order, amount, leg)).accepted:
            self.spend(f"refund {order.id} {leg}", amount, paid)

    def mandate(self) -> None:
        payer, payee = self.chance.sample(self.wallets, 2)
        terms: Any = {"each": 80, "total": self.amount(), "holds": True}
        window_s = self.chance.choice([0, HOUR_S])
        self.submit(self.town.mandate(payer, payee, window_s=window_s, **terms))

    def pull(self) -> None:
        mandate = self.one_of(Mandate)
        if not isinstance(mandate, Mandate):
            return
        amount, hold_s = self.chance.randint(1, 90), self.chance.choice([0, 0, HOUR_S])
        pull = self.town.pull(self.mostly(mandate.to), mandate, amount, hold_s=hold_s)
        if self.submit(pull).accepted and not mandate.window_s:
            self.spend(f"mandate {mandate.id}", amount, mandate.total)

    def cancel(self) -> None:
        mandate = self.one_of(Mandate)
        if isinstance(mandate, Mandate):
            self.submit(self.town.cancel(self.mostly(mandate.to), mandate))

    def repeat(self) -> None:
        if self.accepted:
            before = self.money()
            assert self.town.submit(self.chance.choice(self.accepted)).replayed
            assert self.money() == before

    def wait(self) -> None:
        self.town.pass_s(self.chance.choice([1, 60, HOUR_S]))

    # How it is drawn.

    def amount(self) -> int:
        return self.chance.randint(1, 90)

    def someone(self) -> str:
        return self.chance.choice(self.wallets)

    def mostly(self, wallet: str) -> str:
        return self.someone() if self.chance.random() < ODD_ONES else wallet

    def decider(self, hold: Document) -> str:
        return self.mostly(getattr(hold, "decider", "") or getattr(hold, "to", hold.wallet))

    def one_of(self, *kinds: type) -> Document | None:
        """An accepted document of these kinds, seldom of another."""
        odd = self.chance.random() < ODD_ONES
        fitting = [one for one in self.accepted if odd or isinstance(one, kinds)][-12:]
        return self.chance.choice(fitting) if fitting else None

    # What must hold.

    def money(self) -> dict[int, tuple[int, int]]:
        """Balance and reserved of every account with money."""
        accounts = [self.town.account(wallet) for wallet in self.wallets]
        cells = {one: self.town.world.cell(one) for one in accounts}
        overflow = self.town.overflow(self.wallets[3])
        cells[overflow] = self.town.world.cell(overflow)
        return {one: (cell.balance, cell.debits_pending) for one, cell in cells.items()}

    def submit(self, document: Document, **more: Any) -> Verdict:
        document = replace(document, **more)
        before = self.money()
        verdict = self.town.submit(document)
        after = self.money()
        self.seen[f"{type(document).__name__} {verdict.code}"] += 1
        assert sum(balance for balance, _ in after.values()) == len(self.wallets) * ISSUED
        assert all(balance >= held >= 0 for balance, held in after.values())
        if verdict.accepted:
            self.accepted.append(document)
            self.check_who_paid(document, before, after)
        else:
            assert after == before, verdict.code
        return verdict

    def check_who_paid(self, document: Document, before: Any, after: Any) -> None:
        """Only whom the document may charge has less to spend than before."""
        for wallet in {*self.wallets} - self.charged_by(document):
            account = self.town.account(wallet)
            assert after[account][0] - after[account][1] >= before[account][0] - before[account][1]

    def charged_by(self, document: Document) -> set[str]:
        """Who signed, or granted the mandate; a payee for the fee of what it receives."""
        if isinstance(document, Pull):
            (mandate,) = [one for one in self.accepted if one.id == document.mandate]
            return {mandate.wallet, document.wallet}
        payees = {leg.to for leg in document.legs} if isinstance(document, Pay) else set()
        return {document.wallet, *payees}

    def paid(self, order: Document, leg: int) -> tuple[str, int]:
        """Whom an order paid in a leg, and how much."""
        if isinstance(order, Pay):
            return order.legs[leg].to, order.legs[leg].amount
        if isinstance(order, Capture):
            (hold,) = [one for one in self.accepted if one.id == order.holds[0]]
            return getattr(hold, "to", hold.wallet), order.amount
        return order.wallet, getattr(order, "amount", 1)

    def spend(self, what: str, amount: int, limit: int) -> None:
        self.spent[what] += amount
        assert self.spent[what] <= limit, what


ACTIONS = {
    Market.pay: 4, Market.request: 1, Market.answer: 2, Market.hold: 3, Market.raise_hold: 2,
    Market.capture: 5, Market.release: 1, Market.refund: 4, Market.mandate: 1, Market.pull: 4,
    Market.cancel: 1, Market.repeat: 1, Market.wait: 1,
}  # fmt: skip


def _day(seed: int) -> Counter[str]:
    with tempfile.TemporaryDirectory(prefix="kerege-payments-") as folder:
        market = Market(Path(folder) / "ledger", seed)
        try:
            for action in market.chance.choices([*ACTIONS], [*ACTIONS.values()], k=STEPS):
                action(market)
        finally:
            market.town.world.ledger.close()
        return market.seen


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32))
def test_a_market_day_keeps_every_promise(seed: int) -> None:
    _day(seed)


def test_a_market_day_has_something_of_everything() -> None:
    seen = _day(1) + _day(2)
    kinds = {line.split()[0] for line in seen if line.endswith(" accepted")}
    codes = {line.split()[1] for line in seen}
    assert len(kinds) == 8
    assert {"not_yours", "exceeds_refundable", "mandate_used_up", "request_already_paid"} <= codes
