# SPDX-License-Identifier: Apache-2.0
"""The pure rules against the model over the simulation's orders: no disk, so many and fast."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from kerege.ledger import cells, deciding
from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Account, Cell, Role
from kerege.ledger.book import Book, Draft
from kerege.ledger.form import fault_of_order
from kerege.ledger.ids import MAX_ACCOUNT_ID, AccountId, Mark, OrderId
from kerege.ledger.order import Kind, OpenAccount, Order, SetLimits, Step, Transfer
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal as R  # noqa: N817 -- it stands in every line
from kerege.ledger.refused import Refused
from kerege.ledger.rules import apply_order
from tests.properties import pure_ledger
from tests.properties.model_ledger import ModelLedger
from tests.properties.pure_ledger import PureLedger
from tests.simulation import hostile
from tests.simulation.hostile import GOOD, expected_fault
from tests.simulation.world import SECOND_US, START_US, World, founding_orders


@contextmanager
def _milestones_often() -> Iterator[None]:
    often = (patch.object(room, "MILESTONE_EVERY", 4) for room in (cells, pure_ledger))
    with next(often), next(often):
        yield


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("few", [1, 48])
def test_rules_and_columns_do_what_the_model_does(seed: int, few: int) -> None:
    with _milestones_often(), patch.object(deciding, "_FEW_STEPS", few):
        pair = _Pair(seed)
        for _ in range(40):
            pair.step()


@pytest.mark.parametrize("seed", range(100, 104))
def test_figures_of_a_refusal_say_what_would_have_passed(seed: int) -> None:
    pair = _Pair(seed)
    for _ in range(400):
        pair.step_one()


class _Pair:
    """A pure ledger and the model, given the same."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world, self.model, self.ledger = World(self.rng), ModelLedger(), PureLedger()
        self.now_us = START_US
        self.post(founding_orders())

    def step(self) -> None:
        if self.rng.random() < 0.3:
            self.post(self.world.plain(self.model, self.rng.choice((3, 60, 120))))
        else:
            self.post(self.world.orders(self.model, self.now_us))
        self.now_us += self.rng.choice((0, 1, SECOND_US, 20 * SECOND_US))

    def step_one(self) -> None:
        order = self.world._fresh(self.model, self.now_us)
        self.expire()
        before = self.model_copy()
        (outcome,) = self.post([order])
        if outcome.refusal is not None:
            _check_figures(before, order, outcome, self.now_us)
        self.now_us += self.rng.choice((0, 1, SECOND_US))

    def model_copy(self) -> ModelLedger:
        copy = ModelLedger()
        vars(copy).update({name: dict(part) for name, part in vars(self.model).items()})
        return copy

    def expire(self) -> None:
        for order in self.ledger.expire(self.now_us):
            assert self.model.post(order, self.now_us)[0] is None

    def post(self, orders: list[Order]) -> list[Outcome]:
        self.expire()
        outcomes = self.ledger.post(orders, self.now_us)
        for order, outcome in zip(orders, outcomes, strict=True):
            fault = expected_fault(order)
            wanted = (fault[0], ()) if fault else self.model.post(order, self.now_us)
            assert (outcome.refusal, outcome.results) == wanted, order
            assert fault is None or outcome.step == fault[1]
        self.compare()
        return outcomes

    def compare(self) -> None:
        books = self.ledger.books
        assert dict(books.assets) == self.model.assets
        for (account, mark), cell in self.model.cells.items():
            found = books.cells.cell((account, mark))  # type: ignore[arg-type]
            figures = (found.balance, found.debits_pending, found.credits_pending, found.version)
            assert figures == cell
            assert self.ledger.followed[account, mark] == (*cell, found.last_seq)
        rests = {(ref.order_id, ref.step): p.remaining for ref, p in self.ledger.pendings.items()}
        assert rests == {ref: rest for ref, (_, rest, _, _) in self.model.pendings.items()}


def _check_figures(model: ModelLedger, order: Order, outcome: Outcome, now_us: int) -> None:
    """`found` and `limit` by the model, for an order of one step and its first refusal."""
    found, limit, terms = outcome.found, outcome.limit, order.terms
    match outcome.refusal:
        case R.NOT_YET_VALID:
            assert (found, limit) == (now_us, terms.valid_from_us)
        case R.EXPIRED:
            assert (found, limit) == (now_us, terms.valid_until_us)
        case R.BALANCE_NOT_AS_EXPECTED | R.VERSION_NOT_AS_EXPECTED:
            assert found != limit
            assert limit in {n for e in terms.expects for n in (e.balance, e.version)}
        case R.EXCEEDS_BALANCE | R.EXCEEDS_CEILING | R.BALANCE_OVERFLOW | R.EXCEEDS_PENDING:
            _check_amount(model, order, outcome, now_us)
        case R.FLOOR_ABOVE_BALANCE | R.CEILING_BELOW_HOLDING:
            _check_limits(model, order, outcome, now_us)
        case _:
            assert outcome.refusal is R.PENDING_EXPIRED or (found, limit) == (0, 0)


def _check_amount(model: ModelLedger, order: Order, outcome: Outcome, now_us: int) -> None:
    step = order.steps[outcome.step]
    assert isinstance(step, Transfer)
    assert outcome.found == step.amount > outcome.limit
    for amount, passes in ((outcome.limit, True), (outcome.limit + 1, False)):
        if 0 < amount <= MAX_AMOUNT and step.kind is not Kind.VOID:
            steps = list(order.steps[: outcome.step + 1])
            steps[outcome.step] = replace(step, amount=amount)
            tried = replace(order, steps=tuple(steps), id=b"tried" + amount.to_bytes(11, "big"))
            copy = ModelLedger()
            vars(copy).update({name: dict(part) for name, part in vars(model).items()})
            # What passes this rule may still be stopped by a later one.
            assert (copy.post(tried, now_us)[0] is outcome.refusal) != passes


def _check_limits(model: ModelLedger, order: Order, outcome: Outcome, now_us: int) -> None:
    step = order.steps[outcome.step]
    is_floor = outcome.refusal is R.FLOOR_ABOVE_BALANCE
    assert outcome.found == (step.floor if is_floor else step.ceiling)  # type: ignore[union-attr]
    if not is_floor and not -MAX_BALANCE < outcome.limit < MAX_BALANCE:
        return
    for limit, passes in ((outcome.limit, True), (outcome.limit + (1 if is_floor else -1), False)):
        change = replace(step, floor=limit) if is_floor else replace(step, ceiling=limit)
        if is_floor and limit > 0:
            continue
        steps = (*order.steps[: outcome.step], change)
        tried = replace(order, steps=steps, id=b"tried" + bytes(10) + bytes((passes,)))
        copy = ModelLedger()
        vars(copy).update({name: dict(part) for name, part in vars(model).items()})
        assert (copy.post(tried, now_us)[0] is outcome.refusal) != passes


def test_the_last_account_id_is_the_last() -> None:
    book = Book(assets={"KZT": 2}, next_account=MAX_ACCOUNT_ID)
    opening = OpenAccount("KZT", Role.HOLDER, "someone")
    both = Order(OrderId(b"\1" * 16), (opening, opening))
    refused = apply_order(both, book, now_us=START_US)
    assert isinstance(refused, Refused)
    figures = (refused.refusal, refused.step, refused.found, refused.limit)
    assert figures == (R.TOO_MANY_ACCOUNTS, 1, MAX_ACCOUNT_ID + 1, MAX_ACCOUNT_ID)


@pytest.mark.parametrize(
    ("cells", "change", "refusal", "limit"),
    [
        ({0: Cell(-100, 30, 200)}, (-130, None), None, 0),
        ({0: Cell(-100, 30, 200)}, (-129, None), R.FLOOR_ABOVE_BALANCE, -130),
        ({0: Cell(100, 30, 20), 1: Cell(50, 5, 7)}, (0, 177), None, 0),
        ({0: Cell(100, 30, 20), 1: Cell(50, 5, 7)}, (0, 176), R.CEILING_BELOW_HOLDING, 177),
        ({n: Cell(MAX_BALANCE) for n in range(3)}, (0, 5), R.CEILING_BELOW_HOLDING, MAX_BALANCE),
    ],
)
def test_new_limits_hold_for_what_is_there(
    cells: dict[int, Cell], change: tuple[int, int | None], refusal: R | None, limit: int
) -> None:
    book = Book(assets={"KZT": 2}, next_account=2)
    one = AccountId(1)
    book.accounts[one] = Account(one, "KZT", Role.HOLDER)
    book.cells.update({(one, Mark(mark)): cell for mark, cell in cells.items()})
    book.marks[one] = frozenset(Mark(mark) for mark in cells)
    order = Order(OrderId(b"\1" * 16), (SetLimits(one, *change),))
    found = apply_order(order, book, now_us=START_US)
    if refusal is None:
        assert isinstance(found, Draft)
    else:
        assert isinstance(found, Refused)
        assert (found.refusal, found.limit) == (refusal, limit)


def test_every_malformed_order_is_refused_by_name() -> None:
    pair = _Pair(0)
    bad = [(replace(GOOD, **change), refusal) for change, refusal in hostile.TRANSFERS]
    bad += hostile.CHANGES
    orders = [(Order(pair.world._id(), (GOOD, step)), refusal, 1) for step, refusal in bad]
    frames = [(Order(pair.world._id(), (GOOD,)), *frame) for frame in hostile.FRAMES]
    orders += [(replace(order, **change), refusal, -1) for order, change, refusal in frames]
    for order, refusal, step in orders:
        (outcome,) = pair.ledger.post([order], START_US)
        assert (outcome.refusal, outcome.step) == (refusal, step), order


@pytest.mark.parametrize("step", hostile.AT_THE_EDGE)
def test_what_is_just_within_the_limits_is_well_formed(step: Step) -> None:
    assert fault_of_order(Order(OrderId(b"\1" * 16), (step,))) is None
