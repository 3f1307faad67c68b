# SPDX-License-Identifier: Apache-2.0
"""The pure pass over a batch: from what was loaded to answers and rows to write.

Simple orders are decided as columns where that is safe (`sure.py`), all others one by one by
the rules, in the order they came. The result is that of deciding every
order by the rules in turn.
"""

import hashlib
from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from kerege.ledger.account import Role
from kerege.ledger.book import Book, Draft, Known
from kerege.ledger.encoding import encode_order
from kerege.ledger.ids import is_own_id
from kerege.ledger.loaded import Loaded
from kerege.ledger.numbering import Decided, number_batch
from kerege.ledger.order import OpenAccount, Order
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import PASSING, Refusal
from kerege.ledger.refused import Refused
from kerege.ledger.request import Request, accounts_of
from kerege.ledger.rules import apply_order
from kerege.ledger.ruling import RefusedOrder, Ruling
from kerege.ledger.state import ABSENT, FLAGS, ROLE_MASK, ROLE_SHIFT
from kerege.ledger.step_columns import Mask
from kerege.ledger.sure import SimpleSteps, leaned_on, surely_accepted

__all__ = ["decide"]

_ZERO_ID = bytes(16)
_FEW_STEPS = 16
"""Below this many steps of simple orders the fixed cost of columns exceeds asking the rules."""


def decide(request: Request, loaded: Loaded, *, batch: int, at_us: int) -> Ruling:
    """Decide a whole batch. `batch` is its number, `at_us` its time in microseconds."""
    sure = _decide_columns(request, loaded, at_us)
    open_places = np.ones(len(request), np.bool_)
    open_places[request.simple[sure]] = False
    decided = _decide_by_rules(request, loaded, np.flatnonzero(open_places).tolist(), at_us)
    return number_batch(request, sure, decided, batch=batch, at_us=at_us)


def _decide_columns(request: Request, loaded: Loaded, at_us: int) -> Mask:
    """Which simple orders are accepted without asking the rules."""
    nothing = np.zeros(len(request.simple), np.bool_)
    if len(request.steps.order) < _FEW_STEPS:
        return nothing
    ids = [order_id for order_id in request.ids if order_id]
    distinct = set(ids)
    if len(distinct) != len(ids) or _ZERO_ID in distinct or is_own_id(max(ids, default=b"")):
        return nothing
    candidates = _not_known(request, loaded)
    if request.kept is not None:
        # Out of their time the rules refuse them whatever the balances are.
        candidates &= request.valid_from_us <= at_us
        candidates &= (request.valid_until_us == 0) | (at_us <= request.valid_until_us)
    steps, rows = request.steps, (request.debit_rows, request.credit_rows)
    if not candidates.all():
        chosen = candidates[steps.order]
        steps, rows = steps.where(chosen), (rows[0][chosen], rows[1][chosen])
        numbers = np.cumsum(candidates) - 1
        steps = steps._replace(order=numbers[steps.order])
    batch = SimpleSteps.among(steps._replace(debit=rows[0], credit=rows[1]), loaded)
    sure = nothing
    sure[candidates] = surely_accepted(batch, loaded.state, _watched(request, loaded))
    return sure


def _watched(request: Request, loaded: Loaded) -> Mask:
    """Accounts that orders other than simple ones touch, look at or may open; but for converters
    that each such order brings what it takes from."""
    watched = np.zeros(len(loaded.accounts), np.bool_)
    roles = loaded.state[:, FLAGS] >> ROLE_SHIFT & ROLE_MASK
    converters = set(loaded.accounts[roles == Role.CONVERTER].tolist())
    for place in request.others:
        order = request.order(place)
        looked_at = set(accounts_of(order))
        looked_at -= converters - leaned_on(order)
        watched[np.searchsorted(loaded.accounts, list(looked_at))] = True
        if any(isinstance(step, OpenAccount) for step in order.steps):
            watched |= (loaded.state[:, FLAGS] & ABSENT) != 0
    for order in _reserving(request):
        watched[np.searchsorted(loaded.accounts, accounts_of(order))] = True
    return watched


def _reserving(request: Request) -> Iterator[Order]:
    """Simple orders whose reservations other orders of the batch resolve: these have to find
    them."""
    resolved = {ref.order_id for ref in request.pending_refs()}
    if resolved:
        for place in request.simple.tolist():
            if request.ids[place] in resolved:
                yield request.order(place)


def _not_known(request: Request, loaded: Loaded) -> Mask:
    if not loaded.known:
        return np.ones(len(request.simple), np.bool_)
    known, ids = loaded.known, request.ids
    return np.array([ids[place] not in known for place in request.simple.tolist()], np.bool_)


def _decide_by_rules(request: Request, loaded: Loaded, places: list[int], at_us: int) -> Decided:
    faults = {place: fault for place in places if (fault := request.fault(place))}
    orders = {place: request.order(place) for place in places if place not in faults}
    book = loaded.book(a for order in orders.values() for a in accounts_of(order))
    decided = Decided(book=book)
    for place, (refusal, step) in faults.items():
        order_id = request.order(place).id
        decided.answers[place] = Outcome(order_id, refusal, at_us=at_us, step=step)
    for place, order in orders.items():
        if not _decide_repeat(place, order, book, decided, at_us):
            _decide_new(place, order, book, decided, at_us, firmly=place not in request.attempts)
    return decided


def _decide_repeat(place: int, order: Order, book: Book, decided: Decided, at_us: int) -> bool:
    """Answer an order whose id is known, from before or from earlier in this batch."""
    known = book.known.get(order.id)
    if known is None:
        return False
    if known.content != _content(order):
        decided.answers[place] = Outcome(order.id, Refusal.ID_HAS_OTHER_CONTENT, at_us=at_us)
    elif order.id in decided.first_places:
        decided.echoes[place] = decided.first_places[order.id]
    else:
        decided.answers[place] = replace(known.outcome, replayed=True)
    return True


def _decide_new(
    place: int, order: Order, book: Book, decided: Decided, at_us: int, *, firmly: bool
) -> None:
    verdict = apply_order(order, book, now_us=at_us)
    if isinstance(verdict, Draft):
        verdict.keep()
        body = encode_order(order)
        content = hashlib.sha256(body).digest()
        decided.drafts[place] = (order, body, verdict)
    else:
        outcome = _refuse(order, verdict, at_us)
        decided.answers[place] = outcome
        if verdict.refusal in PASSING or not firmly:
            return
        content = _content(order)
        decided.refused.append(RefusedOrder(content=content, outcome=outcome))
    decided.first_places[order.id] = place
    book.known[order.id] = Known(content=content, outcome=Outcome(order.id))


def _refuse(order: Order, refused: Refused, at_us: int) -> Outcome:
    return Outcome(
        order.id,
        refused.refusal,
        at_us=at_us,
        step=refused.step,
        found=refused.found,
        limit=refused.limit,
    )


def _content(order: Order) -> bytes:
    return hashlib.sha256(encode_order(order)).digest()
