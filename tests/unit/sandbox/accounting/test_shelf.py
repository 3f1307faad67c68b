# SPDX-License-Identifier: Apache-2.0
"""A shelf makes books that make sense, and no more than it can keep."""

import pytest

from kerege.runtime import SystemClock
from kerege.sandbox.accounting import shelf as shelf_module
from kerege.sandbox.accounting.books import UnfitRequest
from kerege.sandbox.accounting.serving import new_shelf
from kerege.sandbox.accounting.wire import BooksRequest, FirmRequest

ONE = (FirmRequest(name="Mill", money=7),)


def test_firms_begin_with_their_money() -> None:
    with new_shelf(SystemClock()) as shelf:
        books = shelf.create(BooksRequest(today="2026-11-20", firms=ONE))
        assert (books.firm("Mill").plain, books.firm("Mill").vat) == (7, 0)
        assert books.name.startswith("books_")


def test_a_shelf_is_full_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "MAX_BOOKS", 1)
    with new_shelf(SystemClock()) as shelf:
        shelf.create(BooksRequest(today="2026-11-20", firms=ONE))
        with pytest.raises(UnfitRequest, match="sets of books"):
            shelf.create(BooksRequest(today="2026-11-20", firms=ONE))


@pytest.mark.parametrize(
    ("today", "firms"),
    [
        ("2026-02-30", ONE),
        ("2026-11-20", ONE * 2),
        ("2026-11-20", (FirmRequest(name="tax-authority"),)),
    ],
)
def test_books_that_make_no_sense(today: str, firms: tuple[FirmRequest, ...]) -> None:
    with new_shelf(SystemClock()) as shelf, pytest.raises(UnfitRequest):
        shelf.create(BooksRequest(today=today, firms=firms))
