# SPDX-License-Identifier: Apache-2.0
"""Orders put together again from rows give the results their callers got."""

import hashlib

from kerege.ledger.account import Role, Status
from kerege.ledger.encoding import decode_record, encode_order
from kerege.ledger.ids import AccountId
from kerege.ledger.order import (
    CloseAccount,
    DeclareAsset,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
)
from kerege.ledger.stored import OrderRow, TransferRow, content_of, stored_order
from tests.ledgers import move, order_id, resolve

RESERVED = move(1, 2, 9, kind=Kind.PENDING, timeout_s=5)
ORDER = Order(
    order_id(1),
    (
        DeclareAsset("XAU-G", 4),
        OpenAccount("XAU-G", Role.HOLDER, "owner"),
        move(1, 2, 50, kind=Kind.POST_UP_TO),
        RESERVED,
        resolve(RESERVED, PendingRef(order_id(1), 3), Kind.VOID),
        SetLimits(AccountId(2), 0, None),
        SetStatus(AccountId(2), Status.OPEN),
        CloseAccount(AccountId(3)),
    ),
    evidence=b"signed",
)
ROW = OrderRow(700, ORDER.id, 1000, len(ORDER.steps), encode_order(ORDER), ORDER.evidence)
TRANSFERS = [
    TransferRow(1002, 1, 2, 30, 0, 0),
    TransferRow(1003, 1, 2, 0, 9, 0),
    TransferRow(1004, 1, 2, 0, -9, 0),
]
OPENED = {1000: None, 1001: 17, 1005: 2, 1006: 2, 1007: 3}


def test_each_step_has_the_result_its_caller_got() -> None:
    stored = stored_order(ROW, TRANSFERS, OPENED)
    assert stored.results == (4, 17, 30, 9, 9, 2, 2, 3)
    outcome = stored.outcome(5)
    assert (outcome.accepted, outcome.number, outcome.at_us) == (True, 700, 5)
    assert outcome.results == stored.results


def test_its_bytes_are_those_that_were_accepted() -> None:
    stored = stored_order(ROW, TRANSFERS, OPENED)
    assert content_of(stored) == hashlib.sha256(encode_order(ORDER)).digest()
    found = decode_record(stored.record(5))
    assert (found.at_us, found.order.steps, found.results) == (5, ORDER.steps, stored.results)
