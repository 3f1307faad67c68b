# SPDX-License-Identifier: Apache-2.0
"""What a store brings, as a book of just the accounts that are asked for."""

import numpy as np

from kerege.ledger.account import Account, Cell, Role
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.loaded import Loaded
from kerege.ledger.state import ABSENT, COLUMNS, FLAGS, row_of

ARU, BERIK, NOBODY = AccountId(2), AccountId(5), AccountId(9)
MEALS = Mark(7)


def _loaded() -> Loaded:
    aru = row_of(Account(ARU, "KZT", Role.HOLDER), 1, Cell(50), has_marks=True)
    berik = row_of(Account(BERIK, "XAU-G", Role.HOLDER), 0, Cell(7), has_marks=False)
    absent = [0] * COLUMNS
    absent[FLAGS] = ABSENT
    return Loaded(
        accounts=np.array([ARU, BERIK, NOBODY], np.int64),
        state=np.array([aru, berik, absent], np.int64),
        marked={(ARU, MEALS): Cell(3)},
        pendings={},
        known={},
        assets=[("XAU-G", 4), ("KZT", 2)],
        next_account=10,
    )


def test_a_book_has_the_accounts_asked_for_with_all_their_marks() -> None:
    book = _loaded().book([ARU, NOBODY, ARU])
    assert set(book.accounts) == {ARU}
    assert book.accounts[ARU].asset == "KZT"
    assert book.cells == {(ARU, UNMARKED): Cell(50), (ARU, MEALS): Cell(3)}
    assert book.marks[ARU] == {UNMARKED, MEALS}
    assert (book.assets, book.next_account) == ({"XAU-G": 4, "KZT": 2}, 10)


def test_a_book_of_nobody_is_empty() -> None:
    assert not _loaded().book([]).accounts
