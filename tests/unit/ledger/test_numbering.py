# SPDX-License-Identifier: Apache-2.0
"""Orders and steps get their positions in the order they were sent."""

import pytest

from kerege.ledger import deciding
from kerege.ledger.account import Role
from kerege.ledger.books import Books
from kerege.ledger.cells import Cells
from kerege.ledger.deciding import decide
from kerege.ledger.errors import BatchTooLarge
from kerege.ledger.order import DeclareAsset, Kind, OpenAccount, Order, PendingRef, Step
from kerege.ledger.request import Request
from kerege.ledger.ruling import Ruling
from tests.ledgers import move, order_id, resolve

BATCH = 3
BASE = BATCH << 14


def _decide(*orders: tuple[Step, ...]) -> Ruling:
    books = Books(Cells(), [], 1)
    opening: tuple[Step, ...] = (
        DeclareAsset("KZT", 2),
        OpenAccount("KZT", Role.ISSUER, "bank", floor=None),
        *[OpenAccount("KZT", Role.HOLDER, "owner")] * 3,
    )
    first = Request.of_orders([Order(order_id(10**6), opening)])
    nothing = books.load(first, pendings={}, known={})
    books.apply(decide(first, nothing, batch=0, at_us=0))
    request = Request.of_orders([Order(order_id(n), o) for n, o in enumerate(orders, 1)])
    loaded = books.load(request, pendings={}, known={})
    return decide(request, loaded, batch=BATCH, at_us=7)


@pytest.mark.parametrize("few_steps", [0, 10**9])
def test_positions_follow_the_order_of_orders(
    few_steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "_FEW_STEPS", few_steps)
    reserved = move(2, 3, 5, kind=Kind.PENDING, timeout_s=9)
    ruling = _decide(
        (move(1, 4, 10),),
        (move(2, 3, 10**6),),
        (move(1, 2, 10), reserved),
        (resolve(reserved, PendingRef(order_id(3), 1), Kind.CAPTURE, 4),),
        (move(1, 4, 20),),
    )
    assert ruling.numbers.tolist() == [BASE, 0, BASE + 1, BASE + 2, BASE + 3]
    assert ruling.rows.order.tolist() == [BASE, BASE + 1, BASE + 1, BASE + 2, BASE + 3]
    assert ruling.rows.seq.tolist() == [BASE + n for n in range(5)]
    assert ruling.rows.pending.tolist() == [0, 0, 0, BASE + 2, 0]
    assert (ruling.accepted, ruling.steps) == (4, 5)
    (pending,) = ruling.pendings.values()
    assert (pending.seq, pending.remaining) == (BASE + 2, 0)
    assert [outcome.number for outcome in ruling.outcomes()] == ruling.numbers.tolist()


def test_account_changes_take_positions_too() -> None:
    ruling = _decide((OpenAccount("KZT", Role.HOLDER, "a"), move(1, 2, 5)), (move(1, 2, 5),))
    assert [(event.seq, event.order) for event in ruling.events] == [(BASE, BASE)]
    assert ruling.rows.seq.tolist() == [BASE + 1, BASE + 2]
    assert ruling.next_account == 6


def test_a_batch_numbers_no_more_steps_than_it_can() -> None:
    order = (move(1, 2, 1),) * 8_192
    assert _decide(order, order).steps == 16_384
    with pytest.raises(BatchTooLarge):
        _decide(order, order, (move(1, 2, 1),))
