# SPDX-License-Identifier: Apache-2.0
"""Columns decide as the rules do, and the two ways in are one."""

from collections.abc import Sequence
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.ledger import deciding
from kerege.ledger.account import Role, Status
from kerege.ledger.book import Known, Pending
from kerege.ledger.books import Books
from kerege.ledger.cells import Cells
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import (
    DeclareAsset,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from kerege.ledger.outcome import Outcome
from kerege.ledger.request import Columns, Request
from kerege.ledger.ruling import AcceptedOrder, Ruling
from kerege.ledger.simple_encoding import is_plain
from tests.ledgers import move, order_id, resolve
from tests.properties.ledger_strategies import ACCOUNTS, batches, openings

NEVER, ALWAYS = 10**9, 0
CONVERTER = ACCOUNTS


class Twin:
    """A ledger without a store, that decides as columns from `few_steps` plain orders on."""

    def __init__(self, opened: Sequence[OpenAccount], few_steps: int) -> None:
        self.books = Books(Cells(), [], 1)
        self.few_steps = few_steps
        self.pendings: dict[PendingRef, Pending] = {}
        self.known: dict[bytes, Known] = {}
        self.batch = 0
        steps = (DeclareAsset("KZT", 2), DeclareAsset("XAU-G", 4))
        self.post([Order(order_id(10**6), steps)])
        money = OpenAccount("KZT", Role.ISSUER, "bank", floor=None)
        self.post([Order(order_id(10**6 + n), (o,)) for n, o in enumerate([money, *opened], 1)])
        fill = [Transfer(AccountId(1), AccountId(a), 9) for a in range(2, ACCOUNTS + 1)]
        fill += [Transfer(AccountId(1), AccountId(2), 3, mark=Mark(1))]
        self.post([Order(order_id(2 * 10**6 + n), (t,)) for n, t in enumerate(fill)])

    def decide(self, request: Request) -> Ruling:
        loaded = self.books.load(request, pendings=self.pendings, known=self.known)
        with patch.object(deciding, "_FEW_STEPS", self.few_steps):
            return deciding.decide(request, loaded, batch=self.batch, at_us=self.batch * 10**6)

    def post(self, orders: Sequence[Order]) -> Ruling:
        ruling = self.decide(Request.of_orders(orders))
        self.books.apply(ruling)
        self.pendings.update(ruling.pendings)
        for order, outcome in zip(orders, ruling.outcomes(), strict=True):
            if outcome.accepted and not outcome.replayed:
                content = deciding._content(order)
                self.known[order.id] = Known(content, outcome)
        for refused in ruling.refused:
            self.known[refused.outcome.order_id] = Known(refused.content, refused.outcome)
        self.batch += 1
        return ruling

    def table(self) -> list[list[int]]:
        cells = self.books.cells
        return [row.tolist() for row in cells.table[: cells.count]]


def _rows(ruling: Ruling) -> list[list[int]]:
    rows = ruling.rows
    fields = [getattr(rows, name) for name in rows.__struct_fields__]
    return np.stack(fields, axis=1).tolist() if len(rows) else []


def _documents(ruling: Ruling) -> list[AcceptedOrder]:
    """What is kept of orders beside their rows: bytes and evidence of all that are not plain."""
    kept = (order for order in ruling.orders if order.body)
    return sorted(kept, key=lambda order: order.number)


@settings(max_examples=150, deadline=None)
@given(openings, st.lists(batches, min_size=1, max_size=3))
def test_columns_decide_as_the_rules_do(
    opened: list[OpenAccount], posted: list[list[Order]]
) -> None:
    by_rules, by_columns = Twin(opened, NEVER), Twin(opened, ALWAYS)
    for batch in posted:
        one, other = by_rules.post(batch), by_columns.post(batch)
        assert one.outcomes() == other.outcomes()
        assert _rows(one) == _rows(other)
        assert dict(one.pendings) == dict(other.pendings)
        assert _documents(one) == _documents(other)
        assert by_rules.table() == by_columns.table()


def _between(chance: Random, accounts: range, amount: int, **more: Any) -> Transfer:
    debit, credit = chance.sample(accounts, 2)
    return move(debit, credit, amount, **more)


def _sparse_batch(chance: Random, new: int) -> list[Order]:
    """Few payments among many accounts, so that most are decided as columns; among them one
    change of an account, which may let through what would have been refused before."""
    accounts = range(2, new + 2)
    changes: list[Step] = [
        OpenAccount("KZT", Role.HOLDER, "owner"),
        SetStatus(AccountId(chance.randrange(2, new)), Status(chance.randrange(4))),
        _between(chance, accounts, 3, kind=Kind.POST_UP_TO),
    ]
    plain: list[Step] = [
        _between(chance, accounts, chance.randint(1, 10)) for _ in range(chance.randint(4, 14))
    ]
    plain.insert(chance.randint(0, 3), chance.choice(changes))
    orders = [(step,) for step in plain] + [
        _several(chance, accounts) for _ in range(chance.randint(0, 6))
    ]
    chance.shuffle(orders)
    return [
        Order(order_id(n), steps, _some_terms(chance), chance.choice([b"", b"signed"]))
        for n, steps in enumerate(orders, 1)
    ]


def _several(chance: Random, accounts: range) -> tuple[Step, ...]:
    """Payments of marked money through a converter, reservations, their captures, legs."""
    (payer, payee), amount = chance.sample(accounts, 2), chance.randint(1, 5)
    taken = amount + chance.choice([0, 0, 0, 1])
    spent = (
        move(payer, CONVERTER, amount, mark=Mark(1)),
        move(CONVERTER, payee, taken),
    )
    held = move(
        payer, payee, amount, kind=Kind.PENDING, timeout_s=9, mark=Mark(chance.randint(0, 1))
    )
    captured = resolve(held, PendingRef(order_id(chance.randint(1, 9)), 0), Kind.CAPTURE, 1)
    legs = tuple(_between(chance, accounts, amount) for _ in range(3))
    return chance.choice([spent, spent, spent, (held,), (held, *legs), (captured,), legs])


def _some_terms(chance: Random) -> Terms:
    """Times around the batch's own."""
    start, end = chance.choice([0, 0, 10**6, 10**9]), chance.choice([0, 0, 10**6, 10**9])
    return Terms(valid_from_us=start, valid_until_us=end)


@pytest.mark.parametrize("seed", range(400))
def test_columns_decide_as_the_rules_do_where_accounts_seldom_meet(seed: int) -> None:
    chance = Random(seed)
    limits = [(0, None), (0, 14), (-4, None)]
    opened = [
        OpenAccount("KZT", Role.HOLDER, "owner", floor=floor, ceiling=ceiling)
        for floor, ceiling in chance.choices(limits, k=ACCOUNTS - 2)
    ]
    opened.append(OpenAccount("KZT", Role.CONVERTER, "converter"))
    by_rules, by_columns = Twin(opened, NEVER), Twin(opened, ALWAYS)
    before = [Order(order_id(99), (SetStatus(AccountId(5), Status.CREDITS_FROZEN),))]
    before += [
        Order(order_id(100 + n), (move(1, n, 4, mark=Mark(1)),)) for n in range(2, ACCOUNTS, 2)
    ]
    batch = _sparse_batch(chance, by_rules.books.next_account)
    assert by_rules.post(before).outcomes() == by_columns.post(before).outcomes()
    one, other = by_rules.post(batch), by_columns.post(batch)
    assert one.outcomes() == other.outcomes()
    assert _rows(one) == _rows(other)
    assert dict(one.pendings) == dict(other.pendings)
    assert _documents(one) == _documents(other)
    assert by_rules.table() == by_columns.table()


@settings(max_examples=80, deadline=None)
@given(openings, batches)
def test_arrays_are_decided_as_objects(opened: list[OpenAccount], batch: list[Order]) -> None:
    plain = [order for order in batch if is_plain(order)]
    fields = ("debit", "credit", "amount", "code")
    arrays = {
        name: np.array([getattr(order.steps[0], name) for order in plain], np.int64)
        for name in fields
    }
    columns = Columns(ids=b"".join(o.id for o in plain), **arrays)
    twin = Twin(opened, ALWAYS)
    as_objects = twin.decide(Request.of_orders(plain)).outcomes()
    ruling = twin.decide(Request.of_columns(columns))
    assert ruling.outcomes() == as_objects
    found = ruling.outcome_columns()
    assert found.refusal.tolist() == [int(o.refusal or 0) for o in as_objects]
    assert found.number.tolist() == [o.number for o in as_objects]
    assert found.replayed.tolist() == [o.replayed for o in as_objects]


def _outcomes(twin: Twin, orders: list[Order]) -> list[Outcome]:
    return twin.post(orders).outcomes()


@pytest.mark.parametrize("few_steps", [NEVER, ALWAYS])
def test_an_account_opened_in_the_batch_takes_money_only_once(few_steps: int) -> None:
    holder = OpenAccount("KZT", Role.HOLDER, "owner")
    twin = Twin([holder] * (ACCOUNTS - 1), few_steps)
    new = AccountId(twin.books.next_account)
    orders = [
        Order(order_id(1), (holder,)),
        Order(order_id(2), (Transfer(AccountId(2), new, 6),)),
        Order(order_id(3), (Transfer(AccountId(2), AccountId(3), 6),)),
    ]
    assert [outcome.accepted for outcome in _outcomes(twin, orders)] == [True, True, False]


@pytest.mark.parametrize("few_steps", [NEVER, ALWAYS])
def test_a_payee_released_in_the_batch_takes_money_only_once(few_steps: int) -> None:
    holder = OpenAccount("KZT", Role.HOLDER, "owner")
    twin = Twin([holder] * (ACCOUNTS - 1), few_steps)
    payer, frozen, other = AccountId(3), AccountId(4), AccountId(5)
    twin.post([Order(order_id(9), (SetStatus(frozen, Status.CREDITS_FROZEN),))])
    orders = [
        Order(order_id(1), (SetStatus(frozen, Status.OPEN),)),
        Order(order_id(2), (Transfer(payer, frozen, 6),)),
        Order(order_id(3), (Transfer(payer, other, 6),)),
    ]
    assert [outcome.accepted for outcome in _outcomes(twin, orders)] == [True, True, False]


@pytest.mark.parametrize("few_steps", [NEVER, ALWAYS])
def test_money_that_came_in_earlier_in_the_batch_can_be_paid_to_an_account_opened_in_it(
    few_steps: int,
) -> None:
    holder = OpenAccount("KZT", Role.HOLDER, "owner")
    twin = Twin([holder] * (ACCOUNTS - 1), few_steps)
    new = AccountId(twin.books.next_account)
    orders = [
        Order(order_id(1), (Transfer(AccountId(2), AccountId(3), 9),)),
        Order(order_id(2), (holder,)),
        Order(order_id(3), (Transfer(AccountId(3), new, 18),)),
    ]
    assert [outcome.accepted for outcome in _outcomes(twin, orders)] == [True, True, True]
