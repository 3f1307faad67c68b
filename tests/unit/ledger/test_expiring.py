# SPDX-License-Identifier: Apache-2.0
"""The ledger's own orders: one form for each thing released, and no other."""

from kerege.ledger.book import Pending
from kerege.ledger.encoding import decode_order, encode_order
from kerege.ledger.expiring import expiry_of, is_expiry
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import Kind, Order, PendingRef
from tests.ledgers import move, order_id

HELD = Pending(
    ref=PendingRef(order_id(7), 3),
    debit=AccountId(1),
    credit=AccountId(2),
    mark=Mark(5),
    remaining=40,
    expires_at_us=9,
)


def test_the_same_thing_due_makes_the_same_order() -> None:
    assert expiry_of(HELD) == expiry_of(HELD)
    assert decode_order(encode_order(expiry_of(HELD))) == expiry_of(HELD)


def test_another_thing_due_makes_another_id() -> None:
    others = [PendingRef(order_id(7), 2), PendingRef(order_id(8), 3)]
    made = [expiry_of(Pending(ref, HELD.debit, HELD.credit, HELD.mark, 1, 9)) for ref in others]
    assert len({expiry_of(HELD).id, *(order.id for order in made)}) == 3


def test_the_id_is_a_specified_hash() -> None:
    """SHA-256 of "kerege-expiry/v1", a newline, the order id and the step in 2 bytes, halved."""
    assert expiry_of(HELD).id.hex() == "e6b146af3a31520c4c3022ee1b3bb796"


def test_only_a_lone_expire_step_is_an_expiry() -> None:
    expiry = expiry_of(HELD)
    assert is_expiry(expiry)
    assert not is_expiry(Order(OrderId(expiry.id), ()))
    assert not is_expiry(Order(expiry.id, expiry.steps * 2))
    assert not is_expiry(Order(expiry.id, (move(1, 2, 0, 5, kind=Kind.VOID, pending=HELD.ref),)))
