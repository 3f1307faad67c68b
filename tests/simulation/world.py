# SPDX-License-Identifier: Apache-2.0
"""Orders a country might send: sensible, mistaken, repeated and hostile ones, by one generator."""

import random
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from kerege.ledger.account import MAX_AMOUNT, Role, Status
from kerege.ledger.ids import OWN_IDS, AccountId, Mark, OrderId
from kerege.ledger.order import (
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from tests.properties.model_ledger import ModelLedger
from tests.simulation.hostile import spoil

__all__ = ["SECOND_US", "START_US", "World", "founding_orders"]

ASSETS = ("KZT", "XAU-G")
MARKS = (0, 0, 0, 1, 2)
SECOND_US = 1_000_000
START_US = 1_800_000_000 * SECOND_US
REMEMBERED_ORDERS = 400


def founding_orders() -> list[Order]:
    """Two assets, their issuers, and a first set of accounts of every role."""
    steps: list[Step] = [DeclareAsset(asset, 2) for asset in ASSETS]
    for asset in ASSETS:
        steps.append(OpenAccount(asset, Role.ISSUER, "centralbank", floor=None))
        steps.append(OpenAccount(asset, Role.COLLECTOR, "tax"))
        steps.append(OpenAccount(asset, Role.CONVERTER, "programme"))
        steps += [
            OpenAccount(asset, Role.HOLDER, "overdraft", floor=-500, ceiling=3_000),
            OpenAccount(asset, Role.HOLDER, "limited", ceiling=2_000),
            OpenAccount(asset, Role.HOLDER, "rich"),
        ]
    return [Order(OrderId(b"founding" + bytes(7) + b"\x01"), tuple(steps))]


class World:
    """Makes batches of orders; `model` is what is known of the ledger."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.made = 0
        self.sent: list[Order] = []

    def orders(self, model: ModelLedger, now_us: int) -> list[Order]:
        """A batch, mostly small."""
        size = self.rng.choice((1, 2, 3, 5, 8, 20, 60))
        batch = [self._order(model, now_us) for _ in range(size)]
        self.sent = (self.sent + batch)[-REMEMBERED_ORDERS:]
        return batch

    def plain(self, model: ModelLedger, count: int) -> list[Order]:
        """Plain transfers only, as arrays would carry them."""
        return [Order(self._id(), (self._post(model, mark=0),)) for _ in range(count)]

    def _order(self, model: ModelLedger, now_us: int) -> Order:
        what = self.rng.random()
        if what < 0.08 and self.sent:
            return self.rng.choice(self.sent)
        if what < 0.10 and model.decided:
            known = self.rng.choice(list(model.decided)[-REMEMBERED_ORDERS:])
            if not known.startswith(OWN_IDS):
                return replace(self._fresh(model, now_us), id=OrderId(known))
        if what < 0.16:
            return spoil(self._fresh(model, now_us), self.rng)
        return self._fresh(model, now_us)

    def _fresh(self, model: ModelLedger, now_us: int) -> Order:
        if self.rng.random() < 0.55:
            return Order(self._id(), (self._post(model),))
        count = self.rng.choice((1, 1, 1, 2, 2, 3, 6))
        order_id = self._id()
        steps = tuple(self._step(model, order_id, place) for place in range(count))
        evidence = self.rng.choice((b"", b"", b"signed by hand", bytes(100)))
        return Order(order_id, steps, self._terms(model, now_us), evidence)

    def _id(self) -> OrderId:
        self.made += 1
        if self.rng.random() < 0.1:
            return OrderId(self.rng.randbytes(16))
        return OrderId(b"\x01\x90" + self.made.to_bytes(8, "big") + self.rng.randbytes(6))

    def _account(self, model: ModelLedger) -> AccountId:
        if self.rng.random() < 0.03:
            return AccountId(len(model.accounts) + self.rng.randint(1, 3))
        # The first dozen are busy, and there the limits are met.
        few = min(len(model.accounts), 12) if self.rng.random() < 0.8 else len(model.accounts)
        return AccountId(self.rng.randint(1, max(few, 1)))

    def _amount(self) -> int:
        if self.rng.random() < 0.01:
            return self.rng.choice((MAX_AMOUNT, MAX_AMOUNT - 1))
        return self.rng.choice((1, 2, self.rng.randint(1, 100), self.rng.randint(1, 2_500)))

    def _sides(self, model: ModelLedger) -> tuple[AccountId, AccountId]:
        debit, credit = self._account(model), self._account(model)
        while debit == credit or (
            self.rng.random() < 0.9 and not _same_asset(model, debit, credit)
        ):
            debit, credit = self._account(model), self._account(model)
            if len(model.accounts) < 2:
                return AccountId(1), AccountId(2)
        return debit, credit

    def _post(self, model: ModelLedger, mark: int | None = None) -> Transfer:
        debit, credit = self._sides(model)
        mark = self.rng.choice(MARKS) if mark is None else mark
        kind = Kind.POST if mark == 0 or self.rng.random() < 0.8 else Kind.POST_UP_TO
        code = self.rng.choice((0, 0, 7))
        return Transfer(debit, credit, self._amount(), Mark(mark), kind, code)

    def _step(self, model: ModelLedger, order_id: OrderId, place: int) -> Step:
        makers: list[tuple[int, Callable[[], Step]]] = [
            (10, lambda: self._post(model)),
            (4, lambda: replace(self._post(model), kind=Kind.POST_UP_TO)),
            (8, lambda: self._pending(model)),
            (12, lambda: self._resolution(model, order_id, place)),
            (2, lambda: self._opening()),
            (2, lambda: self._limits(model)),
            (2, lambda: self._status(model)),
            (1, lambda: CloseAccount(self._account(model))),
            (1, lambda: DeclareAsset(self.rng.choice((*ASSETS, "GLD", "BND")), 0)),
        ]
        weights = [weight for weight, _ in makers]
        return self.rng.choices(makers, weights)[0][1]()

    def _pending(self, model: ModelLedger) -> Transfer:
        timeout_s = self.rng.choice((1, 2, 10, 60, 3_600))
        return replace(self._post(model), kind=Kind.PENDING, timeout_s=timeout_s)

    def _resolution(self, model: ModelLedger, order_id: OrderId, place: int) -> Transfer:
        kind = self.rng.choice((Kind.CAPTURE, Kind.CAPTURE_PART, Kind.CAPTURE_PART, Kind.VOID))
        known = list(model.pendings.items())[-30:]
        if not known or self.rng.random() < 0.08:
            none = PendingRef(order_id, max(place - 1, 0))
            amount = 0 if kind is Kind.VOID else self._amount()
            return replace(self._post(model), kind=kind, amount=amount, pending=none)
        ref, ((debit, credit, mark), rest, _, _) = self.rng.choice(known)
        amount = self.rng.choice((rest, rest, rest // 2, rest + 1, 1))
        amount = min(max(amount, 1), MAX_AMOUNT)
        if self.rng.random() < 0.05:
            debit, credit = credit, debit
        return Transfer(
            AccountId(debit),
            AccountId(credit),
            0 if kind is Kind.VOID else amount,
            Mark(mark),
            kind,
            pending=PendingRef(OrderId(ref[0]), ref[1]),
        )

    def _opening(self) -> OpenAccount:
        asset = self.rng.choice((*ASSETS, *ASSETS, "NONE"))
        role = self.rng.choice((Role.HOLDER, Role.HOLDER, Role.HOLDER, *Role))
        if role is not Role.HOLDER:
            return OpenAccount(asset, role, "state", floor=None if role is Role.ISSUER else 0)
        floor, ceiling = self._both_limits()
        return OpenAccount(asset, role, f"w{self.made}", floor or 0, ceiling)

    def _both_limits(self) -> tuple[int | None, int | None]:
        floor = self.rng.choice((0, 0, 0, -100, None))
        return floor, self.rng.choice((None, None, 0, 1_000, 10_000))

    def _limits(self, model: ModelLedger) -> SetLimits:
        return SetLimits(self._account(model), *self._both_limits())

    def _status(self, model: ModelLedger) -> SetStatus:
        status = self.rng.choice((Status.OPEN, Status.OPEN, Status.OPEN, *map(Status, range(1, 4))))
        return SetStatus(self._account(model), status)

    def _terms(self, model: ModelLedger, now_us: int) -> Terms:
        if self.rng.random() < 0.7:
            return Terms()
        expects = []
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            account, mark = self._account(model), self.rng.choice(MARKS)
            balance, _, _, version = model.cells.get((account, mark), (0, 0, 0, 0))
            off = self.rng.choice((0, 0, 0, 1))
            expects.append(
                Expectation(
                    account,
                    Mark(mark),
                    self.rng.choice((None, balance + off)),
                    self.rng.choice((None, version)),
                )
            )
        around = now_us + self.rng.randint(-2, 20) * SECOND_US
        start, end = self.rng.choice(((0, 0), (0, around), (around, 0), (around, around)))
        return Terms(start, end, tuple(expects))


def _same_asset(model: ModelLedger, debit: int, credit: int) -> bool:
    one: Any = model.accounts.get(debit)
    other: Any = model.accounts.get(credit)
    return one is None or other is None or one.asset == other.asset
