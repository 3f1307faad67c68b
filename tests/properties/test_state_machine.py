# SPDX-License-Identifier: Apache-2.0
"""The ledger against the model, order by order and batch by batch, as Hypothesis likes."""

import ast
import inspect
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from msgspec.structs import replace

from kerege.ledger.ids import OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import Order, PendingRef
from kerege.ledger.outcome import Outcome
from kerege.ledger.stores.sqlite import SqliteStore
from kerege.runtime.clock import ManualClock
from tests.properties import model_ledger
from tests.properties import strategies as some
from tests.properties.model_ledger import ModelLedger

SECOND_US = 1_000_000
START_US = 1_800_000_000 * SECOND_US


class LedgerMachine(RuleBasedStateMachine):
    """Every rule posts to both and compares; the invariant compares all that is there."""

    sent = Bundle("sent")
    holds = Bundle("holds")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="kerege-machine-")
        self.clock = ManualClock(START_US)
        self.model = ModelLedger()
        self.made = 0
        self.open()
        self.post([self.order(*some.FOUNDING)])

    def open(self) -> None:
        self.store = SqliteStore(Path(self.folder.name) / "ledger")
        self.ledger = Ledger(self.store, self.clock.now_us)

    def order(self, *steps: Any, **more: Any) -> Order:
        self.made += 1
        return Order(OrderId(b"\x01" + self.made.to_bytes(15, "big")), steps, **more)

    def post(self, orders: list[Order]) -> list[Outcome]:
        now_us = self.clock.now_us()
        self.expire_in_model(now_us)
        wanted = [self.model.post(order, now_us) for order in orders]
        found = self.ledger.post(orders)
        assert [(o.refusal, o.results) for o in found] == wanted
        return found

    def expire_in_model(self, now_us: int) -> None:
        """The ledger does it of its own accord, oldest first, before anything else."""
        due = [
            (until, place, ref, sides)
            for place, (ref, (sides, _, until, end)) in enumerate(self.model.pendings.items())
            if end is None and until <= now_us
        ]
        for _, place, ref, sides in sorted(due):
            expiry = some.expiry(ref, sides)
            own = Order(OrderId(b"own" + place.to_bytes(13, "big")), (expiry,))
            assert self.model.post(own, now_us)[0] is None

    @rule(target=sent, steps=st.lists(some.steps(), min_size=1, max_size=4), terms=some.terms())
    def one(self, steps: list[Any], terms: Any) -> Order:
        order = self.order(*steps, terms=some.timed(terms, self.clock.now_us()))
        self.post([order])
        return order

    @rule(target=sent, transfers=st.lists(some.plain(), min_size=1, max_size=70))
    def many_plain(self, transfers: list[Any]) -> Any:
        orders = [self.order(transfer) for transfer in transfers]
        self.post(orders)
        return multiple(*orders[:3])

    @rule(target=holds, transfer=some.pendings())
    def hold(self, transfer: Any) -> Any:
        order = self.order(transfer)
        (outcome,) = self.post([order])
        return (transfer, PendingRef(order.id)) if outcome.accepted else multiple()

    @rule(hold=holds, kind=some.resolving_kinds, amount=st.integers(1, 3_000))
    def resolve(self, hold: Any, kind: Any, amount: int) -> None:
        self.post([self.order(some.resolution(hold[0], hold[1], kind, amount))])

    @rule(hold=consumes(holds), kind=some.resolving_kinds, amount=st.integers(1, 40))
    def resolve_twice_at_once(self, hold: Any, kind: Any, amount: int) -> None:
        step = some.resolution(hold[0], hold[1], kind, amount)
        self.post([self.order(step), self.order(step), self.order(step, step)])

    @rule(order=sent)
    def repeat(self, order: Order) -> None:
        self.post([order])

    @rule(order=sent)
    def repeat_among_others(self, order: Order) -> None:
        self.post([self.order(*order.steps), order, order])

    @rule(order=sent, other=some.plain())
    def same_id_other_content(self, order: Order, other: Any) -> None:
        self.post([replace(order, steps=(*order.steps, other))])

    @rule(seconds=st.sampled_from((1, 2, 5, 60)))
    def wait(self, seconds: int) -> None:
        self.clock.advance_us(seconds * SECOND_US)

    @rule()
    def expire(self) -> None:
        self.expire_in_model(self.clock.now_us())
        self.ledger.expire()

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.open()

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "ledger"):
            return
        assert list(self.store.assets()) == list(self.model.assets.items())
        for account in self.model.accounts.values():
            assert self.ledger.account(account.id).account == account
            found = {
                (account.id, mark): (c.balance, c.debits_pending, c.credits_pending, c.version)
                for mark, c in self.ledger.cells(account.id).items()
                if c.version
            }
            wanted = {key: cell for key, cell in self.model.cells.items() if key[0] == account.id}
            assert found == wanted

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            self.folder.cleanup()


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_model_can_be_read_in_one_go() -> None:
    source = inspect.getsource(model_ledger)
    body = ast.parse(source).body
    code = [node for node in body if not isinstance(node, ast.Expr | ast.Import | ast.ImportFrom)]
    lines = source.splitlines()[code[0].lineno - 1 :]
    assert sum(bool(line.strip()) for line in lines) <= 100
