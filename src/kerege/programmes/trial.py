# SPDX-License-Identifier: Apache-2.0
"""A dry run of a programme over past payments: what its rules would have done. Pure.

Payments come one by one, oldest first, and only counters are kept: those of caps for the day, week
or month at hand. What the money would have been is not asked (who held marked money, how much):
every payment is tried as if the payer had enough of it.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field

from kerege.errors import KeregeError
from kerege.programmes.calendar import Days, window_start
from kerege.programmes.document import Cap, Programme, Route
from kerege.programmes.past_payment import PastPayment
from kerege.programmes.rulebook import Rulebook
from kerege.programmes.situation import Blocked

__all__ = ["MAX_COUNTERS", "Tally", "TooManyCounters", "Trial", "try_programme"]

MAX_COUNTERS: Final = 2_000_000
"""Counters of caps at once, some 300 bytes each: a month of a country's payers in half a GiB."""

_WHOLE_LIFE: Final = 0


class TooManyCounters(KeregeError):
    """The payments have more payers and payees than a dry run counts."""


class Tally(Struct):
    """How many payments, and how much money in minor units."""

    payments: int = 0
    amount: int = 0

    def add(self, amount: int) -> None:
        """Count one more."""
        self.payments += 1
        self.amount += amount


class Trial(Struct):
    """What a programme would have done.

    `allowed` by route: payments of which at least a part could have been of its money, and that
    part. `blocked` by route and rule, both empty where no route leads there. `rest`: what of the
    allowed payments other money would have had to pay.
    """

    tried: Tally = field(default_factory=Tally)
    allowed: dict[str, Tally] = field(default_factory=dict)
    blocked: dict[tuple[str, str], Tally] = field(default_factory=dict)
    rest: Tally = field(default_factory=Tally)


def try_programme(
    programme: Programme, payments: Iterable[PastPayment], *, max_counters: int = MAX_COUNTERS
) -> Trial:
    """Send `payments` (oldest first) through a programme's rules and caps.

    Raises `TooManyCounters` if caps would have to count for more wallets than fit.
    """
    rules = Rulebook(programme)
    counts = _Counts(programme, max_counters)
    trial = Trial()
    for payment in payments:
        trial.tried.add(payment.amount)
        answer = rules.judge(payment.situation())
        if isinstance(answer, Blocked):
            _add(trial.blocked, (answer.route, answer.rule), payment.amount)
            continue
        part, cap = counts.take(answer.route, answer.most, payment)
        if part == 0:
            _add(trial.blocked, (answer.route.name, cap), payment.amount)
            continue
        trial.allowed.setdefault(answer.route.name, Tally()).add(part)
        if part < payment.amount:
            trial.rest.add(payment.amount - part)
    return trial


def _add(tallies: dict[tuple[str, str], Tally], key: tuple[str, str], amount: int) -> None:
    tallies.setdefault(key, Tally()).add(amount)


class _Counts:
    """What each cap has let pass in its present window."""

    def __init__(self, programme: Programme, max_counters: int) -> None:
        self._days = Days(programme.calendar)
        self._left = self._max = max_counters
        self._used: dict[tuple[str, str], dict[tuple[str, ...], int]] = {}
        self._since: dict[tuple[str, str], int] = {}

    def take(self, route: Route, most: int, payment: PastPayment) -> tuple[int, str]:
        """How much of `most` all caps leave, counted at once; and the cap that leaves least."""
        tightest = ""
        counters: list[tuple[dict[tuple[str, ...], int], tuple[str, ...]]] = []
        for cap in route.caps:
            if cap.window == "payment":
                continue
            used, key = self._window(route, cap, payment.at_us), _key(cap, payment)
            left = cap.amount - used.get(key, 0)
            counters.append((used, key))
            if left < most:
                most, tightest = left, cap.name
        if most > 0:
            for used, key in counters:
                self._count(used, key, most)
        return most, tightest

    def _window(self, route: Route, cap: Cap, at_us: int) -> dict[tuple[str, ...], int]:
        """The counters of the window `at_us` is in; those of an earlier one are forgotten."""
        name = (route.name, cap.name)
        since = _WHOLE_LIFE
        if cap.window in ("day", "week", "month"):
            since = window_start(cap.window, self._days.day(at_us))
        if self._since.get(name) != since:
            self._left += len(self._used.get(name, ()))
            self._since[name] = since
            self._used[name] = {}
        return self._used[name]

    def _count(self, used: dict[tuple[str, ...], int], key: tuple[str, ...], amount: int) -> None:
        if key not in used:
            if self._left == 0:
                raise TooManyCounters(
                    f"caps count for more than {self._max} wallets at once",
                    remedy="try a shorter time, or a part of the payers",
                )
            self._left -= 1
        used[key] = used.get(key, 0) + amount


def _key(cap: Cap, payment: PastPayment) -> tuple[str, ...]:
    match cap.of:
        case "payer":
            return (payment.payer,)
        case "payee":
            return (payment.payee,)
        case "pair":
            return (payment.payer, payment.payee)
        case "all":
            return ()
