# SPDX-License-Identifier: Apache-2.0
"""What an export says, line by line, and that it is of one instant."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest

from kerege.errors import InvariantViolation, KeregeError
from kerege.ledger.account import Cell, CellKey
from kerege.ledger.exporting import export_lines
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import Order
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.stored import StoredBatch, StoredOrder
from kerege.ledger.stores.interface import Snapshot
from tests.exports import audit_bytes, export_of, lines_of, make_busy
from tests.ledgers import World, move, order_id


class ListSnapshot:
    """A snapshot held in lists."""

    def __init__(self, batches: Sequence[StoredBatch] = (), leaves: int | None = None) -> None:
        self._batches = batches
        self.leaves = sum(len(b.orders) for b in batches) if leaves is None else leaves

    def batches(self, *, first_leaf: int, limit: int) -> Sequence[StoredBatch]:
        return [b for b in self._batches if b.first_leaf >= first_leaf][:1]

    def refusals(self) -> Iterator[tuple[Outcome, bytes]]:
        refusal = Refusal.EXCEEDS_BALANCE
        yield Outcome(order_id(3), refusal, at_us=6, step=0, found=5, limit=4), bytes(32)

    def cells(self) -> Iterator[tuple[CellKey, Cell]]:
        yield (AccountId(1), Mark(2)), Cell(-5, 1, 2, 9, 77)


def facts_of(snapshot: Snapshot) -> list[Any]:
    return [json.loads(line) for line in export_lines(snapshot, salt_of=lambda i: i[::-1])]


def test_each_fact_has_its_line() -> None:
    body = b"the bytes of an order"
    orders = [
        StoredOrder(0, order_id(1), body, b"signed", (3, -1)),
        StoredOrder(1, order_id(2), body, b"", ()),
    ]
    assert facts_of(ListSnapshot([StoredBatch(8, 5, 0, orders)]))[:-1] == [
        {"format": "kerege-ledger-export", "version": 1, "leaves": 2},
        ["b", 8, 5, 0, 2],
        ["o", body.hex(), [3, -1], order_id(1)[::-1].hex(), base64.b64encode(b"signed").decode()],
        ["o", body.hex(), [], order_id(2)[::-1].hex(), ""],
        ["r", order_id(3).hex(), "00" * 32, 6, 58, 0, 5, 4],
        ["c", 1, 2, -5, 1, 2, 9],
    ]


def test_the_last_line_counts_and_sums_what_is_before_it() -> None:
    lines = list(export_lines(ListSnapshot(), salt_of=bytes))
    checksum = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    assert json.loads(lines[-1]) == ["end", 0, 0, 1, 1, checksum]


def test_a_store_that_lost_batches_is_not_asked_forever() -> None:
    with pytest.raises(InvariantViolation, match="leaf 0"):
        facts_of(ListSnapshot(leaves=3))


def test_orders_are_the_bytes_that_were_accepted(world: World) -> None:
    make_busy(world)
    for line in lines_of(export_of(world.store)):
        fact = json.loads(line)
        if isinstance(fact, list) and fact[0] == "o":
            accepted = world.ledger.accepted(cast("Any", bytes.fromhex(fact[1])[16:32]))
            assert accepted is not None
            assert accepted.order.body.hex() == fact[1]
            assert list(accepted.order.results) == fact[2]


def test_the_export_is_the_same_after_a_restart(world: World) -> None:
    make_busy(world)
    before = export_of(world.store)
    world.reopen()
    assert export_of(world.store) == before


def test_an_export_while_orders_are_posted_is_of_one_instant(world: World) -> None:
    shop, payers = world.collector(), [world.holder(10_000) for _ in range(3)]
    stop = threading.Event()
    failures: list[KeregeError] = []

    def post_on(place: int) -> None:
        payer, number = payers[place], 10_000_000 * (place + 1)
        while not stop.is_set():
            orders = [Order(order_id(number + n), (move(payer, shop, 1),)) for n in range(60)]
            orders[7] = Order(orders[7].id, (move(payer, shop, 1, 5),))
            orders[9] = Order(orders[9].id, (move(1, payer, 59),))
            number += 60
            try:
                world.ledger.post(orders)
            except KeregeError as failure:
                failures.append(failure)

    threads = [threading.Thread(target=post_on, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    try:
        sizes = [audit_bytes(export_of(world.store)).orders for _ in range(12)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    assert audit_bytes(export_of(world.store)).orders >= sizes[-1]
