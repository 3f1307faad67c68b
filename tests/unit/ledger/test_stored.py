# SPDX-License-Identifier: Apache-2.0
"""Orders put together again from rows: the bytes that were accepted, and what came of them."""

import hashlib

from kerege.ledger.account import Role
from kerege.ledger.encoding import encode_order, encode_record
from kerege.ledger.order import CloseAccount, DeclareAsset, Kind, OpenAccount, Order, PendingRef
from kerege.ledger.stored import OrderRow, StoredOrder, TransferRow, content_of, stored_order
from tests.ledgers import World, move, order_id, resolve

ORDER = Order(
    order_id(7),
    (
        DeclareAsset("XAU-G", 4),
        OpenAccount("XAU-G", Role.HOLDER, "o"),
        move(1, 2, 30),
        move(1, 2, 40, kind=Kind.PENDING, timeout_s=9),
        move(1, 2, 50, kind=Kind.POST_UP_TO),
        resolve(move(1, 2, 0), PendingRef(order_id(6)), Kind.VOID),
    ),
    evidence=b"signed",
)


def test_each_step_has_its_result() -> None:
    row = OrderRow(
        number=100, id=ORDER.id, seq=200, steps=6, body=encode_order(ORDER), evidence=b"signed"
    )
    transfers = [
        TransferRow(seq=202, debit=1, credit=2, posted=30, held=0, code=0),
        TransferRow(seq=203, debit=1, credit=2, posted=0, held=40, code=0),
        TransferRow(seq=204, debit=1, credit=2, posted=0, held=0, code=0),
        TransferRow(seq=205, debit=1, credit=2, posted=0, held=-15, code=0),
    ]
    stored = stored_order(row, transfers, {200: None, 201: 12})
    assert stored == StoredOrder(100, ORDER.id, row.body, b"signed", (4, 12, 30, 40, 0, 15))
    assert content_of(stored) == hashlib.sha256(row.body).digest()
    assert stored.record(5) == encode_record(row.body, 5, stored.results)
    outcome = stored.outcome(5)
    assert (outcome.order_id, outcome.number, outcome.at_us, outcome.accepted) == (
        ORDER.id,
        100,
        5,
        True,
    )


def test_a_change_of_an_account_names_it() -> None:
    order = Order(order_id(8), (CloseAccount(move(3, 1, 1).debit),))
    row = OrderRow(1, order.id, 1, 1, encode_order(order), b"")
    assert stored_order(row, [], {1: 3}).results == (3,)


def test_what_is_stored_answers_as_the_ledger_did(world: World) -> None:
    payer, shop = world.holder(100), world.collector()
    held, ref = world.reserve(payer, shop, 40)
    outcomes = [
        world.post(move(payer, shop, 10)),
        world.post(resolve(held, ref, Kind.CAPTURE_PART, 15)),
        world.post(resolve(held, ref, Kind.CAPTURE, 5)),
        world.post(move(payer, shop, 10**6, kind=Kind.POST_UP_TO)),
        world.post(move(payer, shop, 5, kind=Kind.POST_UP_TO)),
    ]
    for outcome in outcomes:
        accepted = world.ledger.accepted(outcome.order_id)
        assert accepted is not None
        assert accepted.order.outcome(accepted.at_us) == outcome
