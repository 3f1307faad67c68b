# SPDX-License-Identifier: Apache-2.0
from kerege.ledger.account import Cell
from kerege.ledger.order import Kind
from kerege.ledger.refusal import Refusal
from kerege.ledger.simple_encoding import encode_plain
from kerege.ledger.stores.rows import before, movement_of, order_of, pending_of, refusal_of

ID = b"\x01" * 16


def test_a_plain_orders_bytes_come_from_its_transfer() -> None:
    stored = order_of((7, ID, 9, 1, None, None), {9: (9, 1, 2, 50, 0, 3)}, {})
    assert stored.body == encode_plain(ID, 1, 2, 50, 3)
    assert (stored.number, stored.results, stored.evidence) == (7, (50,), b"")


def test_a_refusal_keeps_its_figures() -> None:
    outcome = refusal_of((ID, b"c" * 32, 5, int(Refusal.EXCEEDS_BALANCE), 2, 40, 30))
    assert outcome.refusal is Refusal.EXCEEDS_BALANCE
    assert (outcome.at_us, outcome.step, outcome.found, outcome.limit) == (5, 2, 40, 30)


def test_a_pending_row_names_its_order_and_step() -> None:
    pending = pending_of((33, ID, 2, 1, 4, 0, 10, 99, 0))
    assert (pending.ref.order_id, pending.ref.step, pending.seq) == (ID, 2, 33)


def test_undoing_a_movement_gives_the_cell_before_it() -> None:
    after = Cell(balance=70, debits_pending=5, credits_pending=8, version=4, last_seq=9)
    row = (9, ID, 1, int(Kind.PENDING), 1, 2, 0, 0, 5, 0)
    assert before(movement_of(row, True, after), 6) == Cell(70, 0, 8, 3, 6)
    assert before(movement_of(row, False, after), 6) == Cell(70, 5, 3, 3, 6)
    row = (9, ID, 1, int(Kind.CAPTURE), 1, 2, 0, 30, -30, 0)
    assert before(movement_of(row, True, after), 6) == Cell(100, 35, 8, 3, 6)
