# SPDX-License-Identifier: Apache-2.0
"""How much a customer may pay: in one payment, in any 24 hours, in any 30 days.

A limit over time is an account in the bank's ledger: a holder of `ALLOWANCE_ASSET` with the floor
`-cap`. A payment reserves its amount from it for the length of the window and never captures it, so
it comes back by itself: a sliding window, kept by the ledger whatever happens at once. See
docs/decisions/limits-are-accounts.md.

A guardian's limits for a child's wallet are the same, with accounts of their own; both must hold.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from kerege.bank.deposits import MAX_REMEMBERED, Deposits
from kerege.bank.refusal import BankRefusal
from kerege.bank.reserving import Reserve, use_of_limit
from kerege.bank.tiers import DAY_S, MONTH_S, Limits
from kerege.errors import InvariantViolation
from kerege.ledger import (
    UNMARKED,
    AccountId,
    Kind,
    Movement,
    OpenAccount,
    Order,
    OrderId,
    Outcome,
    Refusal,
    Role,
    SetLimits,
)
from kerege.ledger.ledger import MAX_STATEMENT
from kerege.payments.derived import derived_order_id
from kerege.payments.scene import ALLOWANCE_ASSET
from kerege.runtime import Clock, IdMaker

__all__ = ["Bound", "Exceeded", "LimitBook"]

_KNOWN_FOR_US: Final = 10_000_000
"""How long a limit's setting is believed without asking the ledger: another node may change it."""

_MICROSECONDS: Final = 1_000_000


class Bound(Struct, frozen=True):
    """Limits that somebody's payments in one asset are under. `subject` is whose use is counted: a
    customer's for the tier's limits, a wallet's for a guardian's."""

    subject: str
    asset: str
    limits: Limits
    is_guardians: bool = False


class Exceeded(Struct, frozen=True, omit_defaults=True):
    """A limit that a payment does not keep, in minor units.

    `fits` would still be within it now; `more_at_us` is when all that was asked will be, as far as
    known now (0: never, or too far to tell).
    """

    limit: BankRefusal
    asked: int
    fits: int
    cap: int = 0
    more_at_us: int = 0

    @property
    def used(self) -> int:
        """What is used of it in the window that ends now."""
        return max(self.cap - self.fits, 0)


class _Window(Struct, frozen=True):
    name: str
    seconds: int
    by_tier: BankRefusal
    by_guardian: BankRefusal


_DAY: Final = _Window("day", DAY_S, BankRefusal.LIMIT_DAY, BankRefusal.GUARDIAN_DAY)
_MONTH: Final = _Window("month", MONTH_S, BankRefusal.LIMIT_MONTH, BankRefusal.GUARDIAN_MONTH)
_SECONDS: Final = {
    refusal: window.seconds
    for window in (_DAY, _MONTH)
    for refusal in (window.by_tier, window.by_guardian)
}


class _Use(Struct, frozen=True):
    """One allowance that a payment needs room in."""

    opening: Order
    cap: int
    seconds: int
    refusal: BankRefusal


class _Setting(Struct, frozen=True):
    """A limit as the ledger had it at a time."""

    cap: int
    at_us: int


class LimitBook:
    """The limits' accounts in the bank's ledger. Safe to use from several threads."""

    def __init__(self, deposits: Deposits, *, clock: Clock, ids: IdMaker) -> None:
        self._deposits = deposits
        self._clock = clock
        self._ids = ids
        self._settings: dict[AccountId, _Setting] = {}
        self._lock = threading.Lock()

    def reserves(
        self, asked: Sequence[tuple[int, Sequence[Bound]]]
    ) -> list[tuple[Reserve, ...] | Exceeded]:
        """What each payment of an amount under some bounds must reserve; or the limit on a single
        payment that it breaks. Accounts are opened and set as the bounds say."""
        uses = [_uses(amount, bounds) for amount, bounds in asked]
        wanted = {
            use.opening.id: use for each in uses if not isinstance(each, Exceeded) for use in each
        }
        accounts = self._prepare(list(wanted.values()))
        sink = self._deposits.allowance_sink()
        return [
            each
            if isinstance(each, Exceeded)
            else tuple(
                use_of_limit(
                    accounts[use.opening.id],
                    sink,
                    amount,
                    window_s=use.seconds,
                    refusal=use.refusal,
                )
                for use in each
            )
            for each, (amount, _) in zip(uses, asked, strict=True)
        ]

    def explain(self, reserves: Sequence[Reserve], outcome: Outcome) -> Exceeded:
        """Which limit, or deposit, had no room, and when it will have."""
        reserve = reserves[outcome.step]
        if reserve.is_money:
            short = outcome.refusal is Refusal.EXCEEDS_BALANCE
            code = BankRefusal.DEPOSIT_SHORT if short else BankRefusal.DEPOSIT_BLOCKED
            return Exceeded(code, reserve.amount, max(outcome.limit, 0) if short else 0)
        if outcome.refusal is not Refusal.EXCEEDS_BALANCE:
            raise InvariantViolation(f"a limit's account refused: {outcome.refusal}")
        cap = self._cap_of(reserve.debit)
        more_at_us = 0
        if reserve.amount <= cap:
            more_at_us = self._room_at(reserve, outcome.limit)
        fits = max(outcome.limit, 0)
        return Exceeded(reserve.refusal, reserve.amount, fits, cap, more_at_us)

    def used_of(self, subject: str, asset: str, *, is_guardians: bool = False) -> dict[str, int]:
        """What is used now, by window (`day`, `month`), of those that were ever used."""
        bound = Bound(subject, asset, Limits(), is_guardians)
        found: dict[str, int] = {}
        for window in (_DAY, _MONTH):
            outcome = self._deposits.ledger.outcome(_opening(bound, window).id)
            if outcome is not None and outcome.accepted:
                cells = self._deposits.ledger.cells(AccountId(outcome.results[0]))
                found[window.name] = cells[UNMARKED].debits_pending if UNMARKED in cells else 0
        return found

    def _prepare(self, uses: Sequence[_Use]) -> dict[OrderId, AccountId]:
        """Open the accounts and set their limits where they are not as wanted."""
        opened = self._deposits.opened([use.opening for use in uses])
        now_us = self._clock.now_us()
        changes = [
            Order(OrderId(self._ids.make()), (self._setting(account, use.cap),))
            for use, account in zip(uses, opened, strict=True)
            if self._known(account, now_us) != use.cap
        ]
        if changes:
            self._deposits.post(changes)
            for change in changes:
                self._forget(change)
        return {use.opening.id: account for use, account in zip(uses, opened, strict=True)}

    def _setting(self, account: AccountId, cap: int) -> SetLimits:
        """The limit as wanted; or, while more is in use than it allows, what is in use."""
        cells = self._deposits.ledger.cells(account)
        used = cells[UNMARKED].debits_pending if UNMARKED in cells else 0
        return SetLimits(account, floor=-max(cap, used), ceiling=None)

    def _known(self, account: AccountId, now_us: int) -> int:
        setting = self._settings.get(account)
        if setting is None or now_us - setting.at_us > _KNOWN_FOR_US:
            setting = _Setting(self._cap_of(account), now_us)
            with self._lock:
                if len(self._settings) > MAX_REMEMBERED:
                    self._settings.clear()
                self._settings[account] = setting
        return setting.cap

    def _forget(self, change: Order) -> None:
        for step in change.steps:
            if isinstance(step, SetLimits):
                with self._lock:
                    self._settings.pop(step.account, None)

    def _cap_of(self, account: AccountId) -> int:
        return -(self._deposits.ledger.account(account).account.floor or 0)

    def _room_at(self, reserve: Reserve, fits: int) -> int:
        """When enough of what is in use will have come back."""
        window_us = _SECONDS[reserve.refusal] * _MICROSECONDS
        key = (reserve.debit, UNMARKED)
        movements = self._deposits.ledger.statement(key, limit=MAX_STATEMENT)
        begin_us = self._clock.now_us() - window_us
        room = fits
        for at_us, amount in reversed(list(_still_used(movements, begin_us))):
            room += amount
            if room >= reserve.amount:
                return at_us + window_us
        return 0


def _still_used(movements: Sequence[Movement], begin_us: int) -> Iterator[tuple[int, int]]:
    """Times and amounts of uses later than `begin_us` that were not given back, newest first."""
    given_back: Counter[int] = Counter()
    for movement in movements:
        if movement.at_us <= begin_us:
            return
        if movement.kind is Kind.VOID:
            given_back[-movement.held] += 1
        elif movement.kind is Kind.PENDING and given_back[movement.held]:
            # Which of two equal uses was given back makes no difference to the sum.
            given_back[movement.held] -= 1
        elif movement.kind is Kind.PENDING:
            yield movement.at_us, movement.held


def _uses(amount: int, bounds: Sequence[Bound]) -> list[_Use] | Exceeded:
    """The allowances `amount` needs room in, or the limit on a single payment it is above."""
    for bound in bounds:
        single = bound.limits.payment
        if single is not None and amount > single:
            guardians, tiers = BankRefusal.GUARDIAN_PAYMENT, BankRefusal.LIMIT_PAYMENT
            limit = guardians if bound.is_guardians else tiers
            return Exceeded(limit, amount, single, single)
    return [
        _Use(
            _opening(bound, window),
            cap,
            window.seconds,
            window.by_guardian if bound.is_guardians else window.by_tier,
        )
        for bound in bounds
        for window, cap in ((_DAY, bound.limits.day), (_MONTH, bound.limits.month))
        if cap is not None
    ]


def _opening(bound: Bound, window: _Window) -> Order:
    who = "guardian" if bound.is_guardians else "tier"
    opening = OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, f"{window.name}:{bound.subject}")
    parts = (who, bound.subject, bound.asset, window.name)
    return Order(derived_order_id("limit", *parts), (opening,))
