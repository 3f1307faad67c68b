# SPDX-License-Identifier: Apache-2.0
"""Plain transfers decided as columns: which of them the rules would surely accept.

This is an optimisation, not a second set of rules: `rules.py` decides, this module only
says where asking it is needless. The argument:

1. Suppose that every plain transfer which no standing condition forbids is accepted, and
   run all balances forward in order. Where no account ever crosses a limit, the rules,
   asked one by one, would have accepted each of them: by induction each saw the very
   balance computed here.
2. An account that would cross a limit, or that other orders of the batch look at, is
   *contended*. So is every account that shares a transfer with a contended one, unless its
   limits cannot matter in this batch (`_free`): nobody's outcome depends on its balance.
3. Contention spreads over forbidden transfers too: an order of the same batch may open or
   release the account that forbids them, and then the rules would accept them.
4. Transfers that touch no contended account are therefore decided; the others go to the
   rules, in order. The two groups share only accounts whose balance decides nothing.

A property test holds this module to `rules.py` over random batches.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kerege.ledger.account import MAX_AMOUNT, MAX_BALANCE, Role, Status
from kerege.ledger.grouping import stable_order
from kerege.ledger.order import MAX_CODE
from kerege.ledger.state import (
    ABSENT,
    ASSET_SHIFT,
    BALANCE,
    CEILING,
    CREDITS_PENDING,
    DEBITS_PENDING,
    FLAGS,
    FLOOR,
    HAS_MARKS,
    NO_CEILING,
    ROLE_SHIFT,
    Ints,
)

__all__ = ["Plain", "surely_accepted"]

Mask = NDArray[np.bool_]

_MAX_ROUNDS: Final = 32
"""Rounds of spreading contention before the whole batch is given to the rules: chains
longer than this do not occur by chance, and correctness does not depend on it."""

_ROLE_MASK: Final = 255
_UNIT_BITS: Final = 20
_NO_DEBIT: Final = ABSENT | Status.CLOSED | Status.DEBITS_FROZEN
_NO_CREDIT: Final = ABSENT | Status.CLOSED | Status.CREDITS_FROZEN


class Plain(NamedTuple):
    """Plain transfers in order; `debit` and `credit` are row numbers of the state matrix."""

    debit: Ints
    credit: Ints
    amount: Ints
    code: Ints


def surely_accepted(plain: Plain, state: Ints, watched: Mask) -> Mask:
    """Which of `plain` the rules accept whatever becomes of the others.

    `state` holds the accounts the batch touches; `watched` marks those that orders other
    than plain ones touch, look at or may open, which must therefore be followed in order.
    """
    allowed = _allowed(plain, state)
    if _may_overflow(plain.amount, state):
        return np.zeros_like(allowed)
    crossed, free = _run_forward(plain, state, allowed)
    contended = crossed | watched
    free &= ~watched
    for _ in range(_MAX_ROUNDS):
        touching = contended[plain.debit] | contended[plain.credit]
        before = int(contended.sum())
        contended[plain.debit[touching]] = True
        contended[plain.credit[touching]] = True
        contended &= ~free
        if int(contended.sum()) == before:
            return allowed & ~(contended[plain.debit] | contended[plain.credit])
    return np.zeros_like(allowed)


def _allowed(plain: Plain, state: Ints) -> Mask:
    """No standing condition forbids it: existence, status, asset, form."""
    flags = state[:, FLAGS]
    debit_flags, credit_flags = flags[plain.debit], flags[plain.credit]
    allowed: Mask = (debit_flags & _NO_DEBIT) == 0
    allowed &= (credit_flags & _NO_CREDIT) == 0
    allowed &= (debit_flags >> ASSET_SHIFT) == (credit_flags >> ASSET_SHIFT)
    allowed &= (plain.amount >= 1) & (plain.amount <= MAX_AMOUNT)
    allowed &= (plain.code >= 0) & (plain.code <= MAX_CODE)
    allowed &= plain.debit != plain.credit
    return allowed


def _may_overflow(amount: Ints, state: Ints) -> bool:
    """Whether sums could leave the range of a balance. Amounts are added in units of 2**20,
    rounded up, so that their sum cannot itself overflow."""
    largest = int(np.abs(state[:, (BALANCE, DEBITS_PENDING, CREDITS_PENDING)]).max(initial=0))
    units = np.clip(amount, 0, MAX_AMOUNT) >> _UNIT_BITS
    moved = int(units.sum()) + len(amount) << _UNIT_BITS
    return 3 * largest + moved > MAX_BALANCE // 2


def _run_forward(plain: Plain, state: Ints, allowed: Mask) -> tuple[Mask, Mask]:
    """Accounts that cross a limit if all allowed transfers are accepted, and accounts whose
    limits cannot matter, whichever are."""
    debit, credit, amount = plain.debit[allowed], plain.credit[allowed], plain.amount[allowed]
    debited, credited = np.zeros(len(state), np.bool_), np.zeros(len(state), np.bool_)
    debited[plain.debit] = True
    credited[plain.credit] = True
    roles = state[:, FLAGS] >> ROLE_SHIFT & _ROLE_MASK
    has_floor = roles != Role.ISSUER
    has_ceiling = state[:, CEILING] != NO_CEILING
    free = ~(debited & has_floor) & ~(credited & has_ceiling)
    # Sums over all marks are the rules' business.
    crossed = debited & (roles == Role.CONVERTER)
    crossed |= credited & has_ceiling & ((state[:, FLAGS] & HAS_MARKS) != 0)

    account = np.empty(2 * len(debit), np.int64)
    account[0::2], account[1::2] = debit, credit
    delta = np.empty_like(account)
    delta[0::2], delta[1::2] = -amount, amount
    by_account = stable_order(account)
    account, delta = account[by_account], delta[by_account]
    moved = _running_sums(account, delta)
    balance = state[account, BALANCE] + moved
    too_low = (delta < 0) & has_floor[account]
    too_low &= balance - state[account, DEBITS_PENDING] < state[account, FLOOR]
    too_high = (delta > 0) & has_ceiling[account]
    too_high &= balance + state[account, CREDITS_PENDING] > state[account, CEILING]
    crossed[account[too_low | too_high]] = True
    return crossed, free


def _running_sums(group: Ints, delta: Ints) -> Ints:
    """Running sum of `delta` within each run of equal `group`."""
    total = np.cumsum(delta)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    before = total[starts] - delta[starts]
    lengths = np.diff(starts, append=len(group))
    return np.asarray(total - np.repeat(before, lengths), np.int64)
