# SPDX-License-Identifier: Apache-2.0
"""A ledger's present, brought forward with nothing but rulings."""

from kerege.ledger.account import Role, Status
from kerege.ledger.books import Books
from kerege.ledger.cells import Cells
from kerege.ledger.deciding import decide
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import DeclareAsset, OpenAccount, Order, SetStatus, Step
from kerege.ledger.request import Request
from tests.ledgers import move, order_id


def _post(books: Books, batch: int, *steps: Step) -> list[tuple[int, str, int]]:
    request = Request.of_orders([Order(order_id(batch + 1), steps)])
    loaded = books.load(request, pendings={}, known={})
    applied = books.apply(decide(request, loaded, batch=batch, at_us=batch))
    return [(c.account.id, c.owner, c.asset_number) for c in applied.accounts]


def test_rulings_open_accounts_and_move_money() -> None:
    books, aru, meals = Books(Cells(), [], 1), AccountId(2), Mark(7)
    opened = _post(
        books,
        0,
        DeclareAsset("XAU-G", 4),
        DeclareAsset("KZT", 2),
        OpenAccount("KZT", Role.ISSUER, "bank", floor=None),
        OpenAccount("KZT", Role.HOLDER, "aru"),
    )
    assert opened == [(1, "bank", 1), (2, "aru", 1)]
    assert (books.next_account, books.assets) == (3, [("XAU-G", 4), ("KZT", 2)])
    changed = _post(books, 1, move(1, aru, 50, meals), SetStatus(aru, Status.DEBITS_FROZEN))
    assert changed == [(2, "", 1)]
    cell = books.cells.cell((aru, meals))
    assert (cell.balance, cell.version, cell.last_seq) == (50, 1, 16_384)
    request = Request.of_orders([Order(order_id(9), (move(aru, 1, 5, meals), move(1, 99, 5)))])
    loaded = books.load(request, pendings={}, known={})
    assert loaded.accounts.tolist() == [1, 2, 99]
    assert set(loaded.marked) == {(1, 7), (2, 7)}
