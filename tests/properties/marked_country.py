# SPDX-License-Identifier: Apache-2.0
"""A country with three programmes where anything may be signed, and what must hold after each step.

School meals (given to pupils, spent at a canteen), roads (down contracts, with wages and taxes) and
walks (released on a source's word). What the programmes allow is said here once more, in plain
Python: the country's rules are judged by it, never by themselves.
"""

from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from msgspec import Struct

from kerege.centralbank.recall_orders import Due, Places, recall_order
from kerege.centralbank.register_programmes import Activated, ProgrammeRecord, ProgrammeState
from kerege.ledger.ids import UNMARKED, Mark, parse_order_id
from kerege.ledger.order import Transfer
from kerege.payments.contract_documents import Contract
from kerege.payments.contracts import find_contract
from kerege.payments.documents import (
    Capture,
    Document,
    Fund,
    Pay,
    Pull,
    Refund,
    Reward,
    Unfund,
)
from kerege.payments.ids import WalletId
from kerege.programmes import ActiveProgramme
from tests.ledgers import ASSET, START_US
from tests.programmes import cap, condition, route
from tests.towns import DAY_S, Town
from tests.walks import Walks
from tests.works import Works

__all__ = ["Broken", "Country", "Money"]

Money = dict[tuple[str, Mark], int]
"""Minor units of each wallet and mark."""

_DAY_US: Final = DAY_S * 1_000_000
_MEALS = (
    route("payee.is_funder", name="back", arrival="return"),
    route("payer.is_funder && payee.kind == 'person'", name="give", arrival="keep"),
    route(
        "payee.category == '8211'",
        condition("payment.amount <= 60", name="small"),
        name="eat",
        caps=(cap(90, name="a-day", window="day"),),
    ),
)


class Broken(AssertionError):
    """A promise about marked money did not hold."""


class Way(Struct, frozen=True):
    """One leg: who pays whom how much, about which order."""

    payer: str
    payee: str
    amount: int
    about: str = ""


class Country:
    """Every wallet, every accepted document, and the books that should agree with the ledger."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.town = town = Town(path)
        self.works = Works(town)
        self.walks = Walks(town)
        state = town.wallet(2_000, owner_kind="agency")
        ends_us = START_US + 3 * _DAY_US
        self.meals = town.programme(*_MEALS, funder=state, ends_us=ends_us)
        self.pupils = [town.wallet(60), town.wallet(60)]
        self.canteen = town.wallet(40, category="8211", owner_kind="firm")
        firms = [self.works.builder, self.works.mason, town.wallet(80, owner_kind="firm")]
        people = [*self.pupils, self.works.worker, self.walks.person, self.walks.other]
        offices = [self.works.inspector, self.walks.inspector, self.walks.app, self.walks.watch]
        self.firms, self.people = firms, people
        self.funders = [state, self.works.treasury, self.walks.fund]
        self.bank = town.wallet(2_000, owner_kind="bank")
        self.wallets = [*self.funders, *firms, *people, *offices, self.canteen, self.bank]
        self.programmes = {one.mark: one for one in (self.meals, self.works.programme)}
        self.programmes[self.walks.programme.mark] = self.walks.programme
        self.accepted: list[Document] = []
        self.contracts: list[Contract] = []
        self.paid: Counter[str] = Counter()
        self.used: Counter[Mark] = Counter()
        self.plain: dict[str, int] = {}
        """Of orders that moved one leg: how much of it was unmarked."""
        self.kept: set[str] = set()
        """Of those, which arrived marked."""
        self.cut_short: set[Mark] = set()
        """Closed, or ended sooner than holds were made for."""
        self.back: Counter[tuple[str, int]] = Counter()
        """What went back of each leg."""
        self.refunded: Counter[str] = Counter()
        self.restored: Counter[str] = Counter()
        for mark in self.programmes:
            self.used[mark] = self.total(self.money(), mark)
        self.issued = sum(self.money().values())
        self.seen: Counter[str] = Counter()

    # What there is.

    def money(self) -> Money:
        """All balances, marked and not."""
        return {
            (wallet, mark): cell.balance
            for wallet in self.wallets
            for mark, cell in self.town.world.ledger.cells(self.town.account(wallet)).items()
        }

    def total(self, money: Money, mark: Mark) -> int:
        return sum(amount for (_, found), amount in money.items() if found == mark)

    def terms(self, mark: Mark) -> ActiveProgramme:
        return self.town.scene.programmes[mark]

    def is_over(self, mark: Mark) -> bool:
        programme = self.terms(mark)
        return programme.closed or self.town.scene.now_us >= programme.terms.ends_us

    # What may be.

    def may_hold(self, wallet: str, mark: Mark) -> bool:
        """Where a programme's money may rest."""
        if wallet == self.terms(mark).terms.funder:
            return True
        if mark == self.meals.mark:
            return wallet in self.people
        suppliers = {one.supplier for one in self.contracts}
        return mark == self.works.mark and wallet in suppliers

    def may_go(self, way: Way, mark: Mark) -> bool:
        """Where a programme's money may go."""
        kind = self.town.scene.wallets[way.payee].owner_kind
        if mark == self.meals.mark:
            is_meal = way.payee == self.canteen and way.amount <= 60
            return (
                way.payee == self.meals.terms.funder
                or is_meal
                or (way.payer == self.meals.terms.funder and kind == "person")
            )
        if mark == self.walks.programme.mark:
            return way.payer == self.walks.fund and kind == "person"
        named = [one for one in self.contracts if one.id == way.about]
        if any((one.wallet, one.supplier) == (way.payer, way.payee) for one in named):
            return True
        if kind == "agency":
            return way.payee != self.works.treasury
        return kind == "person" and any(one.supplier == way.payer for one in named)

    # What is signed.

    def submit(self, document: Document) -> bool:
        """Whether it was accepted; raises `Broken`."""
        before = self.money()
        verdict = self.town.submit(document)
        self.seen[f"{type(document).__name__} {verdict.code}"] += 1
        after = self.money()
        if not verdict.accepted:
            self._require(after == before, f"{verdict.code} moved money")
            return False
        if not verdict.replayed:
            self.accepted.append(document)
            if isinstance(document, Contract):
                self.contracts.append(document)
            self._account_for(document, before, after)
        self.check(after)
        return True

    def recall(self) -> None:
        """What the central bank does once a programme ended; suspended money rests."""
        for mark, programme in self.programmes.items():
            if not self.is_over(mark) or self.terms(mark).suspended:
                continue
            before = self.money()
            due = _due(self.terms(mark))
            funder = self.town.account(programme.terms.funder)
            converter = self.town.scene.converters[ASSET]
            places = Places(converter, funder, self.town.scene.allowance_sink)
            for wallet in self.wallets:
                account = self.town.account(wallet)
                cell = self.town.world.ledger.cells(account).get(mark)
                if cell is not None and cell.available:
                    self.town.world.ledger.post([recall_order(due, account, cell, places)])
            after = self.money()
            self.used[mark] += self.total(after, mark) - self.total(before, mark)
            self.seen["recall"] += self.total(after, mark) < self.total(before, mark)
            self.check(after)

    # What must hold.

    def check(self, money: Money) -> None:
        """Money is neither made nor lost, marked money where it may be, the budget true."""
        self._require(sum(money.values()) == self.issued, "money was made or lost")
        for (wallet, mark), amount in money.items():
            self._require(amount >= 0, "a wallet owes")
            if mark != UNMARKED and amount:
                self._require(self.may_hold(wallet, mark), f"mark {mark} rests with {wallet}")
        for mark in self.programmes:
            programme = self.terms(mark)
            left = self.town.scene.spendable(programme.budget)
            self._require(left == programme.terms.budget - self.used[mark], "the budget is wrong")
            self._require(self.total(money, mark) <= self.used[mark], "more is marked than was")
        for contract in self.contracts:
            self._check_contract(contract)

    def _check_contract(self, contract: Contract) -> None:
        found = find_contract(contract.id, self.town.scene)
        self._require(found is not None, "a contract is gone")
        if found is None:
            return
        cell = self.town.world.cell(found.payable)
        self._require(-cell.balance == self.paid[contract.id], "a contract's cap is wrong")
        self._require(cell.available >= -contract.cap, "a contract was overpaid")

    def _account_for(self, document: Document, before: Money, after: Money) -> None:
        ways = self.ways(document)
        for mark in self.programmes:
            change = self.total(after, mark) - self.total(before, mark)
            gone = {wallet: self._loss(before, after, wallet, mark) for wallet in self.wallets}
            if isinstance(document, Fund | Unfund):
                self.used[mark] += change
            elif isinstance(document, Refund):
                self._account_for_refund(mark, change)
            elif any(gone.values()):
                self._check_ways(ways, mark, gone)
                back = [way.payee == self.terms(mark).terms.funder for way in ways]
                self.used[mark] += change if all(back) else -self._brought(document, mark, back)
        if isinstance(document, Refund):
            self._count_back(document)
        if len(ways) == 1:
            self._account_for_one(document, ways[0], before, after)
        sign = -1 if isinstance(document, Refund) else 1
        for way in ways:
            contract = next((one for one in self.contracts if one.id == way.about), None)
            if contract and (contract.wallet, contract.supplier) == (way.payer, way.payee):
                self.paid[contract.id] += sign * way.amount

    def _account_for_one(self, document: Document, way: Way, before: Money, after: Money) -> None:
        marked = sum(self._loss(before, after, way.payer, mark) for mark in self.programmes)
        if isinstance(document, Refund):
            self._check_restored(document, -marked)
            return
        self.plain[document.id] = way.amount - marked
        totals = [sum(self.total(one, mark) for mark in self.programmes) for one in (before, after)]
        if marked and totals[0] == totals[1]:
            self.kept.add(document.id)

    def _count_back(self, refund: Refund) -> None:
        """Of a leg no more goes back than it was, or than a refund says."""
        self.back[refund.order, refund.leg] += refund.amount
        paid = self.ways(self._find(refund.order))[refund.leg].amount
        self._require(
            self.back[refund.order, refund.leg] <= min(refund.in_all or paid, paid),
            "too much went back",
        )

    def _account_for_refund(self, mark: Mark, change: int) -> None:
        """What a funder had back and pays out again counts again, and so does what arrived marked
        and is marked once more; what was spent counts still."""
        refund = self.accepted[-1]
        (way,) = self.ways(refund)
        if self.is_over(mark):
            self._require(change <= 0, "money of what is over was marked")
            self.used[mark] += change
        elif way.payee == self.terms(mark).terms.funder or _text(refund, "order") in self.kept:
            self.used[mark] += change
        else:
            self._require(change >= 0, "a refund took a mark off")

    def _brought(self, document: Document, mark: Mark, back: list[bool]) -> int:
        """What of a mark several legs brought to where `back` says: its funder. Legs are paid one
        after the other."""
        if not isinstance(document, Pay) or not any(back):
            return 0
        payer = self.town.account(document.wallet)
        brought, leg, missing = 0, 0, document.legs[0].amount
        for step in self.town.scene.orders[parse_order_id(document.id)].order.steps:
            if isinstance(step, Transfer) and step.debit == payer:
                if not missing:
                    leg, missing = leg + 1, document.legs[leg + 1].amount
                missing -= step.amount
                brought += step.amount * (back[leg] and step.mark == mark)
        return brought

    def _loss(self, before: Money, after: Money, wallet: str, mark: Mark) -> int:
        return before.get((wallet, mark), 0) - after.get((wallet, mark), 0)

    def _check_restored(self, refund: Refund, restored: int) -> None:
        """Unmarked money goes back first, then every mark as it came, while its programme lasts."""
        plain = self.plain.get(refund.order)
        if plain is None:
            return
        if any(self.is_over(mark) for mark in self.programmes):
            del self.plain[refund.order]
            return
        self.refunded[refund.order] += refund.amount
        self.restored[refund.order] += restored
        expected = max(0, self.refunded[refund.order] - plain)
        is_funders = self.ways(refund)[0].payer in self.funders and refund.order in self.kept
        restored = self.restored[refund.order]
        fits = restored <= expected if is_funders else restored == expected
        self._require(fits, "a refund lost a mark")

    def _check_ways(self, ways: list[Way], mark: Mark, gone: dict[str, int]) -> None:
        for wallet, amount in gone.items():
            if amount > 0:
                self._require(not self.is_over(mark), f"mark {mark} is over and was spent")
                fit = [way for way in ways if way.payer == wallet and self.may_go(way, mark)]
                room = sum(way.amount for way in fit)
                self._require(amount <= room, f"{amount} of mark {mark} left {wallet}: {ways}")

    def ways(self, document: Document) -> list[Way]:
        """What an accepted document moved."""
        match document:
            case Pay():
                return [
                    Way(document.wallet, leg.to, leg.amount, document.about)
                    for leg in document.legs
                ]
            case Pull() if not document.hold_s:
                mandate = self._find(document.mandate)
                return [
                    Way(_text(mandate, "wallet"), document.wallet, document.amount, document.about)
                ]
            case Capture():
                hold = self._find(document.holds[0])
                payee = self.holds_for(hold)
                payer = self.walks.fund if isinstance(hold, Reward) else hold.wallet
                return [Way(payer, payee, document.amount, _text(hold, "about"))]
            case Refund():
                paid = self.ways(self._find(document.order))[document.leg]
                return [Way(paid.payer, paid.payee, document.amount, paid.about)]
            case _:
                return []

    def holds_for(self, hold: Document) -> str:
        """Whom a hold or a reward is for."""
        return _text(hold, "to")

    def _find(self, order: str) -> Document:
        return next(one for one in self.accepted if one.id == order)

    def _require(self, holds: bool, what: str) -> None:
        if not holds:
            raise Broken(f"{what}: {self.accepted[-1:]}")


def _text(document: Document, member: str) -> str:
    return str(getattr(document, member, ""))


def _due(programme: ActiveProgramme) -> Due:
    activated = Activated(programme.terms, "prp_1", 0)
    record = ProgrammeRecord(
        id=programme.terms.id,
        asset=ASSET,
        funder=WalletId(programme.terms.funder),
        budget=programme.budget,
        state=ProgrammeState.CLOSED if programme.closed else ProgrammeState.ACTIVE,
        newest=activated,
        marks={programme.mark: activated},
    )
    return Due(record, programme.mark, activated)
