# SPDX-License-Identifier: Apache-2.0
"""Customers' deposits ("non-cash money"), in a ledger of the bank's own.

Beside the deposits, for each asset:

* `outside`: where deposits come from and go to: cash, salaries, other banks.
* `position`: what the bank gave for digital money it holds, or got for digital money it handed
  out. Position and the bank's own digital money at the core always move against each other.
* `suspense`: money that could not reach its deposit and waits for a person.

An account is found by the order that opened it, whose id follows from what it is for: there is
no second table that could say something else.
"""

import threading
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from kerege.errors import InvariantViolation, KeregeError
from kerege.ledger import (
    UNMARKED,
    AccountId,
    Cell,
    DeclareAsset,
    Ledger,
    Movement,
    OpenAccount,
    Order,
    OrderId,
    Outcome,
    Role,
    SetStatus,
    Status,
    Transfer,
)
from kerege.payments.derived import derived_order_id
from kerege.payments.scene import ALLOWANCE_ASSET

__all__ = ["MAX_REMEMBERED", "Deposit", "Deposits", "UnknownAsset"]

MAX_REMEMBERED: Final = 200_000
"""Account numbers kept in memory, some 20 MB; beyond that they are asked for again."""

_OUTSIDE, _POSITION, _SUSPENSE = "outside", "position", "suspense"
_ROLES: Final = {
    _OUTSIDE: (Role.ISSUER, None),
    _POSITION: (Role.ISSUER, None),
    _SUSPENSE: (Role.COLLECTOR, 0),
}


class UnknownAsset(KeregeError):
    """This bank keeps no deposits in that asset."""


class Deposit(Struct, frozen=True):
    """A deposit as it stands, in minor units; `held` is set aside for payments under way."""

    asset: str
    balance: int
    held: int = 0

    @property
    def available(self) -> int:
        """What can be taken from it now."""
        return self.balance - self.held


class Deposits:
    """The bank's ledger. `assets` are code and scale of what deposits are kept in."""

    def __init__(self, ledger: Ledger, assets: Iterable[tuple[str, int]]) -> None:
        self.ledger = ledger
        self._lock = threading.Lock()
        self._accounts: dict[OrderId, AccountId] = {}
        kept = tuple(assets)
        self.assets = tuple(asset for asset, _ in kept)
        for outcome in self.post([_declaring(*pair) for pair in (*kept, (ALLOWANCE_ASSET, 0))]):
            if outcome.refusal is not None:
                raise KeregeError(
                    "the bank's ledger counts one of these assets in other units",
                    remedy="name the assets and scales it was begun with",
                )
        names = [(asset, name) for asset in self.assets for name in _ROLES]
        names.append((ALLOWANCE_ASSET, _SUSPENSE))
        self._own = dict(zip(names, self.opened([_own_opening(*n) for n in names]), strict=True))

    def post(self, orders: Sequence[Order]) -> list[Outcome]:
        """Post to the bank's ledger; raises `StoreFailed`."""
        return self.ledger.post(orders) if orders else []

    # -- the bank's own accounts --

    def position(self, asset: str) -> AccountId:
        """The account that stands against the bank's digital money."""
        return self._own_account(asset, _POSITION)

    def outside(self, asset: str) -> AccountId:
        """The account deposits come from and go to."""
        return self._own_account(asset, _OUTSIDE)

    def suspense(self, asset: str) -> AccountId:
        """The account of money that waits for a person."""
        return self._own_account(asset, _SUSPENSE)

    def allowance_sink(self) -> AccountId:
        """Where uses of limits are counted."""
        return self._own_account(ALLOWANCE_ASSET, _SUSPENSE)

    def _own_account(self, asset: str, name: str) -> AccountId:
        account = self._own.get((asset, name))
        if account is None:
            raise UnknownAsset(
                f"this bank keeps no deposits in {asset[:12]!r}",
                remedy=f"known: {', '.join(self.assets)}",
            )
        return account

    # -- customers' deposits --

    def account(self, customer: str, asset: str) -> AccountId:
        """A customer's deposit, opened now if there was none. Raises `UnknownAsset`."""
        return self.accounts([(customer, asset)])[0]

    def accounts(self, whose: Sequence[tuple[str, str]]) -> list[AccountId]:
        """Deposits of (customer, asset) pairs, opened where there were none."""
        for _, asset in whose:
            self.position(asset)
        return self.opened([_deposit_opening(customer, asset) for customer, asset in whose])

    def opened(self, openings: Sequence[Order]) -> list[AccountId]:
        """The accounts that `openings` open in their first step, opened now if they were not.

        Everything in an opening must follow from its id.
        """
        missing = [order for order in openings if order.id not in self._accounts]
        if missing:
            outcomes = self.post(missing)
            with self._lock:
                if len(self._accounts) > MAX_REMEMBERED:
                    self._accounts.clear()
                for outcome in outcomes:
                    self._accounts[outcome.order_id] = _opened(outcome)
        found = [self._accounts.get(order.id) for order in openings]
        # Another thread may have emptied the memory in between.
        return [a for a in found if a is not None] if None not in found else self.opened(openings)

    def find(self, customer: str, asset: str) -> AccountId | None:
        """A customer's deposit, None if it was never opened."""
        order_id = _deposit_opening(customer, asset).id
        known = self._accounts.get(order_id)
        if known is not None:
            return known
        outcome = self.ledger.outcome(order_id)
        return AccountId(outcome.results[0]) if outcome and outcome.accepted else None

    def deposits_of(self, customer: str) -> list[Deposit]:
        """A customer's deposits, those ever opened."""
        found = [(asset, self.find(customer, asset)) for asset in self.assets]
        return [
            Deposit(asset, cell.balance, cell.debits_pending)
            for asset, account in found
            if account is not None
            for cell in [self._cell(account)]
        ]

    def balance_of(self, account: AccountId) -> int:
        """Posted minor units of any account here."""
        return self._cell(account).balance

    def statement(
        self, customer: str, asset: str, *, before_seq: int | None = None, limit: int = 100
    ) -> list[Movement]:
        """Movements of a deposit, newest first; none if it was never opened."""
        account = self.find(customer, asset)
        if account is None:
            return []
        return self.ledger.statement((account, UNMARKED), before_seq=before_seq, limit=limit)

    def pay_in(self, reference: str, customer: str, asset: str, amount: int) -> Outcome:
        """Money comes from outside (cash, a salary, another bank); once for one `reference`."""
        credit = self.account(customer, asset)
        transfer = Transfer(self.outside(asset), credit, amount)
        return self._once("pay-in", reference, transfer)

    def pay_out(self, reference: str, customer: str, asset: str, amount: int) -> Outcome:
        """Money goes outside; once for one `reference`."""
        debit = self.account(customer, asset)
        transfer = Transfer(debit, self.outside(asset), amount)
        return self._once("pay-out", reference, transfer)

    def set_status(self, order_id: OrderId, customer: str, asset: str, status: Status) -> Outcome:
        """Freeze or release a deposit."""
        change = SetStatus(self.account(customer, asset), status)
        (outcome,) = self.post([Order(order_id, (change,))])
        return outcome

    def _once(self, label: str, reference: str, transfer: Transfer) -> Outcome:
        (outcome,) = self.post([Order(derived_order_id(label, reference), (transfer,))])
        return outcome

    def _cell(self, account: AccountId) -> Cell:
        return self.ledger.cells(account).get(UNMARKED, Cell())


def _declaring(asset: str, scale: int) -> Order:
    return Order(derived_order_id("declare", asset), (DeclareAsset(asset, scale),))


def _deposit_opening(customer: str, asset: str) -> Order:
    opening = OpenAccount(asset, Role.HOLDER, customer)
    return Order(derived_order_id("deposit", customer, asset), (opening,))


def _own_opening(asset: str, name: str) -> Order:
    role, floor = _ROLES[name]
    opening = OpenAccount(asset, role, name, floor=floor)
    return Order(derived_order_id("own-account", asset, name), (opening,))


def _opened(outcome: Outcome) -> AccountId:
    if outcome.refusal is not None:
        raise InvariantViolation(f"a derived account was refused: {outcome.refusal.name}")
    return AccountId(outcome.results[0])
