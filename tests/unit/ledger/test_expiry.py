# SPDX-License-Identifier: Apache-2.0
"""The order that releases what nobody captured."""

from kerege.ledger.book import Pending
from kerege.ledger.encoding import decode_order, encode_order
from kerege.ledger.expiry import expiry_of, is_expiry
from kerege.ledger.form import fault_of_order
from kerege.ledger.ids import AccountId, Mark, is_own_id
from kerege.ledger.order import Kind, Order, PendingRef
from kerege.ledger.refusal import Refusal
from tests.ledgers import move, order_id


def test_an_expiry_names_what_it_releases_under_an_id_no_caller_may_use() -> None:
    ref = PendingRef(order_id(7), 3)
    pending = Pending(ref, AccountId(4), AccountId(5), Mark(6), 70, 0, seq=16_387)
    order = expiry_of(pending)
    (step,) = order.steps
    assert order.id.hex() == "ffffffffffffffff0000000000004003"
    assert is_own_id(order.id)
    assert (step.kind, step.pending, step.amount) == (Kind.EXPIRE, ref, 0)  # type: ignore[union-attr]
    assert (step.debit, step.credit, step.mark) == (4, 5, 6)  # type: ignore[union-attr]
    assert fault_of_order(order) == (Refusal.ORDER_ID_INVALID, -1)


def test_only_a_lone_expire_step_under_an_own_id_is_an_expiry() -> None:
    pending = Pending(PendingRef(order_id(7), 3), AccountId(4), AccountId(5), Mark(6), 70, 0, seq=9)
    expiry = expiry_of(pending)
    assert is_expiry(expiry)
    assert decode_order(encode_order(expiry)) == expiry
    assert not is_expiry(Order(expiry.id, ()))
    assert not is_expiry(Order(expiry.id, expiry.steps * 2))
    assert not is_expiry(Order(order_id(1), expiry.steps))
    assert not is_expiry(Order(expiry.id, (move(1, 2, 0, 5, kind=Kind.VOID, pending=pending.ref),)))
