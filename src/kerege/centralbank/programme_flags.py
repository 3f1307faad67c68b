# SPDX-License-Identifier: Apache-2.0
"""Signs of abuse in the payments of a programme: simple rules anyone can check by hand. Pure.

A flag is a reason to look, not a proof, and nothing is refused because of one. What each means and
what honest payments it may hit is in docs/programme-report.md.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from kerege.centralbank.programme_flows import Flow, FlowKind
from kerege.ledger import AccountId
from kerege.programmes.report import Flag

__all__ = ["MAX_PAIRS", "Signs"]

MAX_PAIRS: Final = 50_000
"""Pairs of payer and payee looked at in one report: some 20 MB."""

MAX_FLAGS: Final = 200
"""Flags in one report: nobody looks into more."""

_ROUND_MAJOR: Final = 100
"""What counts as a round sum: a multiple of a hundred major units."""

_MANY: Final = 5
"""Payments that are a habit."""

_CLOSED_MANY: Final = 3

_MOSTLY: Final = 0.8
_HALF: Final = 0.5

_LONGEST_CIRCLE: Final = 4
_MAX_STEPS: Final = 100_000
"""Steps of the search for circles: a second or so."""


class _Pair(Struct):
    """What one payer spent with, or passed to, one payee, and what plain money came back."""

    payments: int = 0
    amount: int = 0
    round_payments: int = 0
    round_amount: int = 0
    back_payments: int = 0
    back: int = 0


class _Payee(Struct):
    payments: int = 0
    amount: int = 0
    refunds: int = 0
    refunded: int = 0
    closed_payments: int = 0
    closed: int = 0


Name = Callable[[AccountId], str]
"""The wallet of an account if it may be named, empty for people's."""


class Signs:
    """Looks at flows one after the other; bounded whatever comes."""

    def __init__(self, *, scale: int, is_closed: Callable[[int], bool]) -> None:
        """`scale` are the asset's decimals; `is_closed` says whether the calendar closes the day
        of a time (µs)."""
        self._round = _ROUND_MAJOR * 10**scale
        self._is_closed = is_closed
        self._pairs: dict[tuple[AccountId, AccountId], _Pair] = {}
        self._payees: dict[AccountId, _Payee] = {}
        self._marked: dict[AccountId, set[AccountId]] = {}
        """Who passed marked money on to whom."""
        self.is_complete = True

    def see(self, flow: Flow, *, at_us: int) -> None:
        """One flow of the programme's money."""
        if flow.kind is FlowKind.REFUNDED:
            self._see_refund(flow, at_us)
        elif flow.kind in (FlowKind.SPENT, FlowKind.PASSED):
            self._see_payment(flow, at_us)

    def see_plain(self, pair: tuple[AccountId, AccountId], amount: int) -> None:
        """Unmarked money from one account to another."""
        found = self._pairs.get((pair[1], pair[0]))
        if found is not None:
            found.back_payments += 1
            found.back += amount

    def _see_payment(self, flow: Flow, at_us: int) -> None:
        if flow.kind is FlowKind.PASSED:
            self._marked.setdefault(flow.payer, set()).add(flow.payee)
        pair = self._pair(flow)
        if pair is None:
            return
        pair.payments += 1
        pair.amount += flow.amount
        if flow.amount % self._round == 0:
            pair.round_payments += 1
            pair.round_amount += flow.amount
        payee = self._payees.setdefault(flow.payee, _Payee())
        payee.payments += 1
        payee.amount += flow.amount
        self._see_day(payee, flow.amount, at_us)

    def _see_refund(self, flow: Flow, at_us: int) -> None:
        payee = self._payees.get(flow.payer)
        if payee is None:
            # Of what was paid before the period; only a report that has both can weigh them.
            return
        payee.refunds += 1
        payee.refunded += flow.amount
        self._see_day(payee, flow.amount, at_us)

    def _see_day(self, payee: _Payee, amount: int, at_us: int) -> None:
        if self._is_closed(at_us):
            payee.closed_payments += 1
            payee.closed += amount

    def _pair(self, flow: Flow) -> _Pair | None:
        key = (flow.payer, flow.payee)
        found = self._pairs.get(key)
        if found is None and len(self._pairs) >= MAX_PAIRS:
            self.is_complete = False
            return None
        return self._pairs.setdefault(key, found or _Pair())

    # -- what was seen --

    def flags(self, name: Name) -> tuple[Flag, ...]:
        """The largest first, at most `MAX_FLAGS`."""
        found = [*self._of_pairs(name), *self._of_payees(name), *self._circles(name)]
        found.sort(key=lambda flag: (-flag.amount, flag.rule, flag.payee))
        self.is_complete = self.is_complete and len(found) <= MAX_FLAGS
        return tuple(found[:MAX_FLAGS])

    def _of_pairs(self, name: Name) -> Iterator[Flag]:
        """Round sums again and again; plain money back from whom marked money went to."""
        round_: dict[AccountId, list[_Pair]] = {}
        back: dict[AccountId, list[_Pair]] = {}
        for (_, payee), pair in self._pairs.items():
            if pair.round_payments >= max(_MANY, _MOSTLY * pair.payments):
                round_.setdefault(payee, []).append(pair)
            if pair.back >= max(1, _HALF * pair.amount):
                back.setdefault(payee, []).append(pair)
        yield from _sum_up("round-sums", round_, name, lambda p: (p.round_payments, p.round_amount))
        yield from _sum_up("money-back", back, name, lambda p: (p.back_payments, p.back))

    def _of_payees(self, name: Name) -> Iterator[Flag]:
        """Most of what came is refunded; payments and refunds on days the calendar closes."""
        for account, payee in self._payees.items():
            if payee.refunds >= _MANY and payee.refunded > _HALF * payee.amount:
                yield Flag(
                    rule="mostly-refunded",
                    payee=name(account),
                    payments=payee.refunds,
                    amount=payee.refunded,
                )
            if payee.closed_payments >= _CLOSED_MANY:
                yield Flag(
                    rule="closed-days",
                    payee=name(account),
                    payments=payee.closed_payments,
                    amount=payee.closed,
                )

    def _circles(self, name: Name) -> Iterator[Flag]:
        """Marked money that came round to who passed it on."""
        steps = 0
        for first in self._marked:
            reached, edge = {first}, {first}
            for _ in range(_LONGEST_CIRCLE):
                edge = {one for account in edge for one in self._marked.get(account, ())}
                steps += len(edge)
                if steps > _MAX_STEPS:
                    self.is_complete = False
                    return
                if first in edge:
                    yield self._circle(first, name)
                    break
                edge -= reached
                reached |= edge

    def _circle(self, first: AccountId, name: Name) -> Flag:
        passed = [
            self._pairs[first, to] for to in self._marked[first] if (first, to) in self._pairs
        ]
        return Flag(
            rule="circle",
            payee=name(first),
            payments=sum(pair.payments for pair in passed),
            amount=sum(pair.amount for pair in passed),
        )


def _sum_up(
    rule: str,
    by_payee: Mapping[AccountId, list[_Pair]],
    name: Name,
    figures: Callable[[_Pair], tuple[int, int]],
) -> Iterator[Flag]:
    for payee, pairs in by_payee.items():
        told = [figures(pair) for pair in pairs]
        yield Flag(
            rule=rule,
            payee=name(payee),
            payers=len(pairs),
            payments=sum(payments for payments, _ in told),
            amount=sum(amount for _, amount in told),
        )
