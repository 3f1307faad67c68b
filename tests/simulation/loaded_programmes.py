# SPDX-License-Identifier: Apache-2.0
"""The process that `kill_programmes` kills: a core under a load of programmes of all four kinds.

People are fed, works are paid, invoices are paid, walks are rewarded; staff activates, suspends and
resumes; money of what ended is recalled. What is sent is reported before, what became of it after.
Time goes by a thousand times as fast, so that holds and programmes end.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

from kerege.centralbank.actions import (
    ActivateProgramme,
    ResumeProgramme,
    SuspendProgramme,
)
from kerege.centralbank.actions_proposals import Approval, ProposalRefused
from kerege.centralbank.recalling import Recalling
from kerege.keys import parse_compact
from kerege.ledger import LedgerError
from kerege.payments import Document, Leg, decode_document
from kerege.payments.contract_documents import Contract
from kerege.payments.documents import Capture, Fund, Hold, Pay, Refund, Release, Reward, Unfund
from kerege.programmes import OutcomeTerms, Source
from kerege.runtime.tables import DatabaseUnavailable
from kerege.sandbox.shipped_programmes import shipped_programme
from tests.building import Site
from tests.doors import ANSWER_S, Door
from tests.funders import GROUND, activate, meals, signed_terms
from tests.ledgers import START_US
from tests.registers import HOUR_US, Wallet
from tests.trading import Trade
from tests.walks import claim_of

__all__ = ["PROGRAMMES", "Report", "Sent", "read_report"]

SPEED: Final = 1_000
"""How much faster than ours time goes by there."""

PROGRAMMES: Final = ("school-meals", "procurement", "digital-vat", "movement")

Signed = tuple[Wallet, Document]


class Sent(msgspec.Struct, frozen=True):
    """A signed order, and the code and position it was told to have, if it was."""

    text: str
    code: str = ""
    number: int = 0


class Report(msgspec.Struct, frozen=True):
    """What was heard of a child: its orders, its clock, proposals that were carried out."""

    sent: dict[str, Sent]
    now_us: int
    executed: tuple[str, ...]


def read_report(data: bytes) -> Report:
    """What a child wrote; a last line that was cut off does not count."""
    sent: dict[str, Sent] = {}
    now_us, executed = START_US, []
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        kind, _, rest = line.decode().partition(" ")
        match kind:
            case "s":
                order = decode_document(parse_compact(rest.encode()).payload).id
                sent.setdefault(order, Sent(rest))
            case "a":
                order, code, number = rest.split(" ")
                sent[order] = Sent(sent[order].text, code, int(number))
            case "t":
                now_us = max(now_us, int(rest))
            case "p":
                executed.append(rest)
    return Report(sent, now_us, tuple(executed))


_lock = threading.Lock()


def _say(*lines: str) -> None:
    with _lock:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()


class Load:
    """Everyone in the country, and what they sign."""

    def __init__(self, folder: Path, url: str, chance: Random) -> None:
        self.door = Door(folder, url=url, ledger_url=url)
        self.country = self.door.country
        self.chance = chance
        self.site, self.trade = Site(self.door), Trade(self.door)
        bank = self.door.altyn
        self.ministry = self.country.open(bank.name, owner_kind="agency", tier="agency")
        self.canteen = self.country.person(bank, category="5814")
        self.children = [self.country.person(bank) for _ in range(3)]
        self.fund_wallet = self.country.open(bank.name, owner_kind="agency", tier="agency")
        self.app = self.country.open(bank.name, owner_kind="firm", tier="shop")
        self.walker = self.country.person(bank, tier="full")
        for wallet in (self.ministry, self.fund_wallet, *self.children):
            self.door.give(wallet, 100_000)
        self.terms = meals(
            self.ministry, budget=5_000, ends_us=START_US + chance.randint(50, 1_500) * 1_000_000
        )
        activate(self.country, self.terms, self.ministry.key)
        self._let_walk()
        # From here on several threads ask for numbers.
        numbers = count(self.country.next_number() + 1)
        self.country.next_number = lambda: next(numbers)  # type: ignore[method-assign]

    def _let_walk(self) -> None:
        outcome = OutcomeTerms(
            sources=(Source(wallet=self.app.id, cap=30_000, window="day"),),
            unit_amount=100,
            max_units=200,
            inspector=self.site.office.id,
            hold_s=60,
        )
        terms = shipped_programme(
            "movement",
            asset="KZT",
            funder=self.fund_wallet.id,
            starts_us=START_US,
            ends_us=START_US + 2_000 * HOUR_US,
            outcome=outcome,
        )
        activate(self.country, terms, self.fund_wallet.key)
        frame = self.site.frame(self.fund_wallet)
        self.site.must(self.fund_wallet, Fund(**frame, programme="movement", amount=90_000))

    # -- what people sign --

    def eating(self, chance: Random) -> Iterator[Signed]:
        """School meals: marked, given, eaten, held, taken, refunded, taken back."""
        ministry, canteen = self.ministry, self.canteen
        meals_of: dict[str, Any] = {"programme": "school-meals"}
        done: list[Any] = []
        while True:
            child, amount = chance.choice(self.children), chance.randint(1, 90)
            frame, held = self.site.frame, [one for one in done if isinstance(one, Hold)]
            paid = [one for one in done if isinstance(one, Pay | Capture)][-20:]
            match chance.randrange(9):
                case 0:
                    yield ministry, Fund(**frame(ministry), **meals_of, amount=amount * 9)
                case 1:
                    spend = {"spend": "school-meals"}
                    yield ministry, self.door.pay(ministry, child.id, amount * 3, **spend)
                case 2 | 3:
                    done.append(self.door.pay(child, canteen.id, amount))
                    yield child, done[-1]
                case 4:
                    legs = (Leg(canteen.id, amount), Leg(self.walker.id, 1), Leg(canteen.id, 2))
                    yield child, Pay(**frame(child), asset="KZT", legs=legs)
                case 5:
                    to: dict[str, Any] = {"to": canteen.id, "asset": "KZT"}
                    seconds = chance.choice((10, 100, 1_000))
                    done.append(Hold(**frame(child), **to, amount=amount, seconds=seconds))
                    yield child, done[-1]
                case 6 if held:
                    hold = chance.choice(held[-9:])
                    most = chance.randint(1, hold.amount)
                    more: dict[str, Any] = {"amount": most, "keep": chance.random() < 0.4}
                    done.append(Capture(**frame(canteen), holds=(hold.id,), **more))
                    yield canteen, done[-1]
                case 7 if paid:
                    back = chance.choice(paid)
                    yield canteen, Refund(**frame(canteen), order=back.id, amount=amount)
                case 8 if held:
                    release = Release(**frame(canteen), holds=(chance.choice(held[-9:]).id,))
                    unfund = Unfund(**frame(ministry), **meals_of, amount=amount)
                    ends: list[Signed] = [(canteen, release), (ministry, unfund)]
                    yield chance.choice(ends)

    def building(self, chance: Random) -> Iterator[Signed]:
        """Works: contracts one below the other, paid beyond their caps, held, taken, refunded."""
        site, frame = self.site, self.site.frame
        signed: list[tuple[Contract, Wallet, Wallet]] = []
        done: list[Any] = []
        while True:
            amount = chance.randint(1, 9_000)
            match chance.randrange(6):
                case 0:
                    signed += self._contracts(chance)
                    yield signed[-2][1], signed[-2][0]
                    yield signed[-1][1], signed[-1][0]
                case 1 | 2 if signed:
                    contract, buyer, supplier = chance.choice(signed[-6:])
                    pay = self.door.pay(buyer, supplier.id, amount, about=contract.id)
                    done.append((pay, supplier))
                    yield buyer, pay
                case 3 if signed:
                    contract, buyer, supplier = chance.choice(signed[-6:])
                    to: dict[str, Any] = {"to": supplier.id, "asset": "KZT", "seconds": 300}
                    hold = Hold(**frame(buyer), **to, amount=amount, about=contract.id)
                    done.append((hold, supplier))
                    yield buyer, hold
                case 4 if done:
                    order, supplier = chance.choice(done[-9:])
                    if isinstance(order, Hold):
                        take: dict[str, Any] = {"holds": (order.id,), "amount": amount}
                        yield supplier, Capture(**frame(supplier), **take)
                    else:
                        yield supplier, Refund(**frame(supplier), order=order.id, amount=amount)
                case 5:
                    yield site.builder, self.door.pay(site.builder, site.worker.id, amount)

    def _contracts(self, chance: Random) -> list[tuple[Contract, Wallet, Wallet]]:
        site = self.site
        ends_us = self.country.clock.now_us() + 100 * HOUR_US
        terms: dict[str, Any] = {"programme": "procurement", "asset": "KZT", "ends_us": ends_us}
        cap = chance.randint(5_000, 20_000)
        top = Contract(**site.frame(site.treasury), **terms, supplier=site.builder.id, cap=cap)
        under = Contract(
            **site.frame(site.builder),
            **terms,
            supplier=site.mason.id,
            cap=cap // 2,
            parent=top.id,
            last=chance.random() < 0.5,
        )
        return [(top, site.treasury, site.builder), (under, site.builder, site.mason)]

    def trading(self, chance: Random) -> Iterator[Signed]:
        """Invoices, paid twice and in parts; walks, rewarded twice."""
        trade, frame = self.trade, self.site.frame
        bills: list[Any] = []
        paid: list[Any] = []
        rewards: list[Reward] = []
        while True:
            match chance.randrange(6):
                case 0:
                    seller, buyer = chance.sample([trade.mill, trade.baker], 2)
                    bill = trade.draft(seller, buyer, chance.randint(1, 2_000))
                    bills.append((bill, seller, buyer))
                    yield seller, bill
                case 1 | 2 if bills:
                    bill, supplier, buyer = chance.choice(bills[-6:])
                    amount = chance.choice([bill.total, chance.randint(1, bill.total)])
                    paid.append((trade.payment(buyer, bill, amount), supplier))
                    yield buyer, paid[-1][0]
                case 3 if paid:
                    pay, supplier = chance.choice(paid[-9:])
                    amount = chance.randint(1, pay.legs[0].amount)
                    yield supplier, Refund(**frame(supplier), order=pay.id, amount=amount)
                case 4:
                    claim = claim_of(str(chance.randrange(40)))
                    to: dict[str, Any] = {"to": self.walker.id, "claim": claim}
                    reward = Reward(
                        **frame(self.app), programme="movement", units=chance.randint(1, 50), **to
                    )
                    rewards.append(reward)
                    yield self.app, reward
                case 5 if rewards:
                    reward = chance.choice(rewards)
                    take: dict[str, Any] = {"holds": (reward.id,), "amount": 100 * reward.units}
                    yield self.walker, Capture(**frame(self.walker), **take)

    # -- who sends it --

    def send(self, orders: Iterator[Signed], chance: Random) -> None:
        """Batches of whatever comes, some orders twice."""
        while True:
            size = chance.choice((1, 1, 3, 8))
            texts = [self.country.sign(document, who.key) for who, document in _some(orders, size)]
            texts += chance.sample(texts, chance.choice((0, 0, 1)))
            _say(*(f"s {text.decode()}" for text in texts))
            with suppress(LedgerError, DatabaseUnavailable):
                found = self.door.acceptance.submit_all(self.door.altyn.name, texts)
                verdicts = found.result(ANSWER_S)
                _say(*(f"a {one.order} {one.code} {one.number}" for one in verdicts))

    def govern(self, chance: Random) -> None:
        """Staff activates versions, suspends and resumes."""
        while True:
            with suppress(LedgerError, DatabaseUnavailable, ProposalRefused):
                if chance.random() < 0.4:
                    record = self.country.register.programme_records()["school-meals"]
                    terms = msgspec.structs.replace(
                        self.terms,
                        version=record.newest.terms.version + 1,
                        takes_over=chance.random() < 0.5,
                        ends_us=self.country.clock.now_us() + chance.randint(60, 600) * 1_000_000,
                    )
                    text = signed_terms(terms, self.ministry.key)
                    self._carry_out(ActivateProgramme(terms=text))
                else:
                    name = chance.choice(PROGRAMMES)
                    for kind in (SuspendProgramme, ResumeProgramme):
                        self._carry_out(kind(programme=name, ground=GROUND))
                        time.sleep(0.01)
            time.sleep(0.02)

    def _carry_out(self, action: Any) -> None:
        register = self.country.register
        proposed = register.propose(
            self.country.sign_as("staff-aru", self.country.proposal(action))
        )
        approval = Approval(proposal=proposed.id, sha256=proposed.sha256)
        settled = register.approve(self.country.sign_as("staff-bek", approval))
        if settled.state == "executed":
            _say(f"p {settled.id}")

    def recall(self) -> None:
        """Brings back what ended."""
        recalling = Recalling(self.country.ledger, self.country.register, self.country.clock)
        while True:
            with suppress(LedgerError, DatabaseUnavailable):
                self.country.ledger.expire()
                recalling._rests.clear()
                recalling.step()
            time.sleep(0.01)

    def tick(self) -> None:
        """Time goes by fast."""
        clock, began = self.country.clock, time.monotonic()
        while True:
            wanted = START_US + int((time.monotonic() - began) * 1_000_000 * SPEED)
            _say(f"t {wanted}")
            clock.advance_us(max(wanted - clock.now_us(), 0))
            time.sleep(0.002)


def _some(orders: Iterator[Signed], size: int) -> Sequence[Signed]:
    return [next(orders) for _ in range(size)]


def main() -> None:
    # A server that is crashed under it is no news.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    folder, seed, url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    load = Load(folder, url, Random(seed))
    _say("ready")
    work: list[Callable[[], None]] = [load.tick, load.recall, lambda: load.govern(Random(seed))]
    for n, orders in enumerate((load.eating, load.building, load.trading)):
        chance = Random(seed * 10 + n)
        work.append(lambda orders=orders, chance=chance: load.send(orders(chance), chance))  # type: ignore[misc]
    for each in work:
        threading.Thread(target=each, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
