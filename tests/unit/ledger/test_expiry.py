# SPDX-License-Identifier: Apache-2.0
"""The order that releases what nobody captured."""

from kerege.ledger.book import Pending
from kerege.ledger.expiry import expiry_of
from kerege.ledger.form import fault_of_order
from kerege.ledger.ids import AccountId, Mark, is_own_id
from kerege.ledger.order import Kind, PendingRef
from kerege.ledger.refusal import Refusal
from tests.ledgers import order_id


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
