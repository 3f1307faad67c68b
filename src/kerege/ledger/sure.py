# SPDX-License-Identifier: Apache-2.0
"""Simple orders decided as columns: which of them the rules would surely accept.

This is an optimisation, not a second set of rules: `rules.py` decides, this module only
says where asking it is needless. The argument:

1. Suppose that every simple order which no standing condition forbids is accepted, and run all
   balances forward, step by step. Where no account ever crosses a limit, the rules, asked one by
   one, would have accepted each of them: by induction each step saw the very balances computed
   here.
2. An account that would cross a limit, or that other orders of the batch look at, is
   *contended*. So is every account that shares an order with a contended one, unless its
   limits cannot matter in this batch (`_free`): nobody's outcome depends on its balance.
3. A converter's only limit is that its sum over all marks is never negative. Nobody's outcome
   depends on it where each order brings what it takes, so such a converter is free.
4. Contention spreads over forbidden orders too: an order of the same batch may open or
   release the account that forbids them, and then the rules would accept them.
5. Orders that touch no contended account are therefore decided; the others go to the
   rules, in order. The two groups share only accounts whose balance decides nothing.

A property test holds this module to `rules.py` over random batches.
"""

from collections import defaultdict
from typing import Final, NamedTuple

import numpy as np

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Role, Status
from kerege.ledger.grouping import stable_order
from kerege.ledger.ids import MAX_MARK, UNMARKED
from kerege.ledger.loaded import Loaded
from kerege.ledger.order import MAX_CODE, MAX_HOLD_S, Kind, Order, Transfer
from kerege.ledger.state import (
    ABSENT,
    ASSET_SHIFT,
    BALANCE,
    CEILING,
    CREDITS_PENDING,
    DEBITS_PENDING,
    FLAGS,
    FLOOR,
    NO_CEILING,
    ROLE_MASK,
    ROLE_SHIFT,
    Ints,
)
from kerege.ledger.step_columns import Mask, StepColumns

__all__ = ["SimpleSteps", "leaned_on", "surely_accepted"]

_MAX_ROUNDS: Final = 32
"""Rounds of spreading contention before the whole batch is given to the rules: chains
longer than this do not occur by chance, and correctness does not depend on it."""

_FIGURES: Final = (BALANCE, DEBITS_PENDING, CREDITS_PENDING)
_UNIT_BITS: Final = 20
_MARK_BITS: Final = 32
_NO_DEBIT: Final = ABSENT | Status.CLOSED | Status.DEBITS_FROZEN
_NO_CREDIT: Final = ABSENT | Status.CLOSED | Status.CREDITS_FROZEN


class SimpleSteps(NamedTuple):
    """Steps of simple orders, `debit` and `credit` being rows of the state matrix.

    `debit_cell` and `credit_cell` are rows of `cells` (balance, pending debits, pending credits):
    first those of unmarked money, in the order of the state, then marked ones. `held` has the
    same figures a row of the state, of all marks together.
    """

    steps: StepColumns
    debit_cell: Ints
    credit_cell: Ints
    cells: Ints
    held: Ints

    @classmethod
    def among(cls, steps: StepColumns, loaded: Loaded) -> "SimpleSteps":
        """From steps that name rows of the state."""
        unmarked = loaded.state[:, _FIGURES]
        if not loaded.marked and not steps.mark.any():
            return cls(steps, steps.debit, steps.credit, unmarked, unmarked)
        rows = len(unmarked)
        owners = [account for account, _ in loaded.marked]
        owner = np.searchsorted(loaded.accounts, np.array(owners, np.int64))
        mark = np.array([mark for _, mark in loaded.marked], np.int64)
        figures = np.array(
            [(c.balance, c.debits_pending, c.credits_pending) for c in loaded.marked.values()],
            np.int64,
        ).reshape(-1, len(_FIGURES))
        held = unmarked.copy()
        np.add.at(held, owner, figures)
        is_marked = steps.mark != UNMARKED
        named = _keys(
            np.concatenate((owner, steps.debit[is_marked], steps.credit[is_marked])),
            np.concatenate((mark, steps.mark[is_marked], steps.mark[is_marked])),
        )
        keys, places = np.unique(named, return_inverse=True)
        cells = np.zeros((rows + len(keys), len(_FIGURES)), np.int64)
        cells[:rows] = unmarked
        cells[rows + places[: len(owner)]] = figures
        debit_cell, credit_cell = steps.debit.copy(), steps.credit.copy()
        sides = rows + places[len(owner) :].reshape(2, -1)
        debit_cell[is_marked], credit_cell[is_marked] = sides
        return cls(steps, debit_cell, credit_cell, cells, held)

    def where(self, chosen: Mask) -> "SimpleSteps":
        """Those steps only."""
        return self._replace(
            steps=self.steps.where(chosen),
            debit_cell=self.debit_cell[chosen],
            credit_cell=self.credit_cell[chosen],
        )


def _keys(rows: Ints, marks: Ints) -> Ints:
    """One number for each row and mark. Of a mark that is none nothing is asked."""
    return np.asarray(rows << _MARK_BITS | np.clip(marks, 0, MAX_MARK), np.int64)


def leaned_on(order: Order) -> set[int]:
    """Accounts whose balances decide what becomes of an order, or that it changes: all but those
    it never takes more from than it brought there before."""
    leaned: set[int] = {expectation.account for expectation in order.terms.expects}
    brought: defaultdict[int, int] = defaultdict(int)
    for step in order.steps:
        if not isinstance(step, Transfer):
            leaned.add(getattr(step, "account", 0))
            continue
        if step.kind in (Kind.POST, Kind.PENDING, Kind.POST_UP_TO):
            brought[step.debit] -= step.amount
            if brought[step.debit] < 0 or step.kind is Kind.POST_UP_TO:
                leaned.add(step.debit)
        if step.kind in (Kind.POST, Kind.CAPTURE, Kind.CAPTURE_PART):
            brought[step.credit] += step.amount
    return leaned


def surely_accepted(batch: SimpleSteps, state: Ints, watched: Mask) -> Mask:
    """Which orders of `batch` the rules accept whatever becomes of the others.

    `state` holds the accounts the batch touches; `watched` marks those that orders other
    than simple ones touch, look at or may open, which must therefore be followed in order.
    """
    steps = batch.steps
    allowed = ~_of_orders(~_allowed(steps, state), steps)
    if _may_overflow(batch):
        return np.zeros_like(allowed)
    free = _free(steps, state)
    crossed = _crossed(batch.where(allowed[steps.order]), state, free)
    contended = crossed | watched
    free &= ~watched
    for _ in range(_MAX_ROUNDS):
        touching = _of_orders(contended[steps.debit] | contended[steps.credit], steps)
        spread = touching[steps.order]
        before = int(contended.sum())
        contended[steps.debit[spread]] = True
        contended[steps.credit[spread]] = True
        contended &= ~free
        if int(contended.sum()) == before:
            sure: Mask = allowed & ~touching
            return sure
    return np.zeros_like(allowed)


def _of_orders(found: Mask, steps: StepColumns) -> Mask:
    """Which orders have a step that was found."""
    orders = int(steps.order[-1]) + 1 if len(steps.order) else 0
    if orders == len(found):
        return found
    mask = np.zeros(orders, np.bool_)
    mask[steps.order[found]] = True
    return mask


def _allowed(steps: StepColumns, state: Ints) -> Mask:
    """No standing condition forbids it: existence, status, asset, form."""
    flags = state[:, FLAGS]
    debit_flags, credit_flags = flags[steps.debit], flags[steps.credit]
    allowed: Mask = (debit_flags & _NO_DEBIT) == 0
    allowed &= (credit_flags & _NO_CREDIT) == 0
    allowed &= (debit_flags >> ASSET_SHIFT) == (credit_flags >> ASSET_SHIFT)
    allowed &= (steps.amount >= 1) & (steps.amount <= MAX_AMOUNT)
    allowed &= (steps.code >= 0) & (steps.code <= MAX_CODE)
    allowed &= (steps.mark >= 0) & (steps.mark <= MAX_MARK)
    allowed &= (steps.timeout_s >= 0) & (steps.timeout_s <= MAX_HOLD_S)
    allowed &= steps.debit != steps.credit
    return allowed


def _may_overflow(batch: SimpleSteps) -> bool:
    """Whether sums could leave the range of a balance."""
    largest = max(int(np.abs(figures).max(initial=0)) for figures in (batch.cells, batch.held))
    marked = np.abs(batch.cells[len(batch.held) :])
    moved = _sum_at_most(marked) + _sum_at_most(np.clip(batch.steps.amount, 0, MAX_AMOUNT))
    return 3 * largest + moved > MAX_BALANCE // 2


def _sum_at_most(figures: Ints) -> int:
    """No less than the sum of figures that are not negative: added in units of 2**20, rounded up,
    so that the sum cannot itself overflow."""
    return int((figures >> _UNIT_BITS).sum()) + figures.size << _UNIT_BITS


def _free(steps: StepColumns, state: Ints) -> Mask:
    """Accounts whose limits cannot matter, whichever orders are accepted."""
    roles = state[:, FLAGS] >> ROLE_SHIFT & ROLE_MASK
    taken_from, credited = np.zeros(len(state), np.bool_), np.zeros(len(state), np.bool_)
    taken_from[steps.debit] = True
    credited[steps.credit] = True
    taken_from &= roles != Role.ISSUER
    converts = roles == Role.CONVERTER
    if (taken_from & converts).any():
        taken_from &= ~converts
        taken_from |= _leaning(steps, converts)
    free: Mask = ~taken_from & ~(credited & (state[:, CEILING] != NO_CEILING))
    return free


def _leaning(steps: StepColumns, converts: Mask) -> Mask:
    """Converters that some order takes more from than it brought before."""
    account, delta, order = _sides(
        steps.debit,
        steps.credit,
        -np.clip(steps.amount, 0, MAX_AMOUNT),
        np.where(steps.timeout_s > 0, 0, np.clip(steps.amount, 0, MAX_AMOUNT)),
        steps.order,
    )
    chosen = converts[account]
    account, delta, order = account[chosen], delta[chosen], order[chosen]
    group = account * (int(order.max(initial=0)) + 1) + order
    by_group = np.argsort(group, kind="stable")
    account, delta = account[by_group], delta[by_group]
    leaning = np.zeros(len(converts), np.bool_)
    leaning[account[(_running_sums(group[by_group], delta) < 0) & (delta < 0)]] = True
    return leaning


def _crossed(batch: SimpleSteps, state: Ints, free: Mask) -> Mask:
    """Accounts that cross a limit if all steps happen."""
    steps = batch.steps
    roles = state[:, FLAGS] >> ROLE_SHIFT & ROLE_MASK
    # Converters that are leaned on are the rules' business.
    crossed: Mask = (roles == Role.CONVERTER) & ~free
    has_floor = (roles == Role.HOLDER) | (roles == Role.COLLECTOR)
    has_ceiling = state[:, CEILING] != NO_CEILING
    posted = np.where(steps.timeout_s > 0, 0, steps.amount)

    cell, delta, row = _sides(
        batch.debit_cell, batch.credit_cell, -steps.amount, posted, steps.debit, steps.credit
    )
    by_cell = stable_order(cell)
    cell, delta, row = cell[by_cell], delta[by_cell], row[by_cell]
    balance = batch.cells[cell, BALANCE] - batch.cells[cell, DEBITS_PENDING]
    floor = np.where(cell < len(state), state[row, FLOOR], 0)
    too_low = has_floor[row] & (delta < 0) & (balance + _running_sums(cell, delta) < floor)
    crossed[row[too_low]] = True

    if has_ceiling[steps.credit].any():
        row, delta, _ = _sides(steps.debit, steps.credit, -posted, steps.amount, steps.order)
        by_row = stable_order(row)
        row, delta = row[by_row], delta[by_row]
        holding = batch.held[row, BALANCE] + batch.held[row, CREDITS_PENDING]
        too_high = has_ceiling[row] & (delta > 0)
        too_high &= holding + _running_sums(row, delta) > state[row, CEILING]
        crossed[row[too_high]] = True
    return crossed


def _sides(
    debit: Ints,
    credit: Ints,
    debited: Ints,
    credited: Ints,
    of: Ints,
    of_credit: Ints | None = None,
) -> tuple[Ints, Ints, Ints]:
    """Both sides of every step in turn: its place, its change, and what it is `of`."""
    place, delta, owner = (np.empty(2 * len(debit), np.int64) for _ in range(3))
    place[0::2], place[1::2] = debit, credit
    delta[0::2], delta[1::2] = debited, credited
    owner[0::2], owner[1::2] = of, of if of_credit is None else of_credit
    return place, delta, owner


def _running_sums(group: Ints, delta: Ints) -> Ints:
    """Running sum of `delta` within each run of equal `group`."""
    total = np.cumsum(delta)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    before = total[starts] - delta[starts]
    lengths = np.diff(starts, append=len(group))
    return np.asarray(total - np.repeat(before, lengths), np.int64)
