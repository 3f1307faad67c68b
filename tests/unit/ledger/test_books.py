# SPDX-License-Identifier: Apache-2.0
"""Books brought forward by rulings alone: what is loaded is what was applied."""

from kerege.ledger.account import EMPTY_CELL, Account, Role, Status
from kerege.ledger.books import Applied, Books, ChangedAccount
from kerege.ledger.cells import Cells
from kerege.ledger.deciding import decide
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.order import DeclareAsset, OpenAccount, Order, SetLimits, SetStatus, Step
from kerege.ledger.request import Request
from kerege.ledger.state import ABSENT, FLAGS
from tests.ledgers import move, order_id

ISSUER, HOLDER = AccountId(1), AccountId(2)
FOUND = (
    DeclareAsset("KZT", 2),
    OpenAccount("KZT", Role.ISSUER, "bank", floor=None),
    OpenAccount("KZT", Role.HOLDER, "aru", ceiling=500),
)


class Desk:
    """Decides one order a batch on books, and applies what came of it."""

    def __init__(self) -> None:
        self.books = Books(Cells(), [], 1)
        self._batch = 0

    def apply(self, *steps: Step) -> Applied:
        self._batch += 1
        request = Request.of_orders([Order(order_id(self._batch), steps)])
        loaded = self.books.load(request, pendings={}, known={})
        ruling = decide(request, loaded, batch=self._batch, at_us=9)
        (outcome,) = ruling.outcomes()
        assert outcome.accepted, outcome
        return self.books.apply(ruling)


def test_empty_books_know_nobody() -> None:
    books = Books(Cells(), [], 1)
    loaded = books.load(
        Request.of_orders([Order(order_id(1), (move(1, 2, 3),))]), pendings={}, known={}
    )
    assert loaded.accounts.tolist() == [1, 2]
    assert loaded.state[:, FLAGS].tolist() == [ABSENT, ABSENT]
    assert (list(loaded.assets), loaded.next_account) == ([], 1)


def test_an_asset_and_its_accounts_appear_in_order() -> None:
    desk = Desk()
    applied = desk.apply(*FOUND)
    seq = 1 << 14
    assert desk.books.assets == [("KZT", 2)]
    assert desk.books.next_account == 3
    assert (applied.first_new_slot, applied.first_new_asset) == (0, 0)
    assert list(applied.accounts) == [
        ChangedAccount(Account(ISSUER, "KZT", Role.ISSUER, None), 0, "bank", seq + 1),
        ChangedAccount(Account(HOLDER, "KZT", Role.HOLDER, 0, 500), 0, "aru", seq + 2),
    ]
    assert desk.books.cells.cell((HOLDER, UNMARKED)) == EMPTY_CELL


def test_transfers_move_what_they_say() -> None:
    desk = Desk()
    desk.apply(*FOUND)
    applied = desk.apply(move(1, 2, 300), move(2, 1, 100))
    seq = 2 << 14
    cells = desk.books.cells
    assert cells.cell((ISSUER, UNMARKED)).balance == -200
    holder = cells.cell((HOLDER, UNMARKED))
    assert (holder.balance, holder.version, holder.last_seq) == (200, 2, seq + 1)
    assert applied.folded.debit_previous.tolist() == [0, seq]
    assert applied.folded.credit_previous.tolist() == [0, seq]
    assert (applied.first_new_slot, applied.accounts) == (2, [])


def test_marked_money_gets_a_cell_once() -> None:
    desk = Desk()
    desk.apply(*FOUND)
    school, meals = Mark(7), Mark(8)
    assert desk.apply(move(1, 2, 30, school)).first_new_slot == 2
    assert desk.apply(move(1, 2, 40, school), move(1, 2, 50, meals)).first_new_slot == 4
    cells = desk.books.cells
    assert cells.count == 6
    assert cells.cell((HOLDER, school)).balance == 70
    loaded = desk.books.load(
        Request.of_orders([Order(order_id(99), (move(2, 1, 1),))]), pendings={}, known={}
    )
    assert {key: cell.balance for key, cell in loaded.marked.items()} == {
        (ISSUER, school): -70,
        (ISSUER, meals): -50,
        (HOLDER, school): 70,
        (HOLDER, meals): 50,
    }


def test_an_account_changes_its_rules_and_keeps_its_money() -> None:
    desk = Desk()
    desk.apply(*FOUND)
    desk.apply(move(1, 2, 30), move(1, 2, 5, 7))
    applied = desk.apply(SetLimits(HOLDER, -10, 400), SetStatus(HOLDER, Status.DEBITS_FROZEN))
    last = Account(HOLDER, "KZT", Role.HOLDER, -10, 400, Status.DEBITS_FROZEN)
    assert applied.accounts[-1] == ChangedAccount(last, 0, "", (3 << 14) + 1)
    assert desk.books.cells.cell((HOLDER, UNMARKED)).balance == 30
    assert desk.books.cells.cell((HOLDER, Mark(7))).balance == 5


def test_a_second_asset_has_the_next_number() -> None:
    desk = Desk()
    desk.apply(*FOUND)
    applied = desk.apply(DeclareAsset("XAU-G", 4), OpenAccount("XAU-G", Role.COLLECTOR, "vault"))
    assert desk.books.assets == [("KZT", 2), ("XAU-G", 4)]
    assert (applied.first_new_asset, applied.accounts[0].asset_number) == (1, 1)
