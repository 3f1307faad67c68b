# SPDX-License-Identifier: Apache-2.0
"""Contracts in a set of books: the treasury's, as they stand, and what is none."""

from collections.abc import Iterator

import pytest

from kerege.runtime import SystemClock
from kerege.sandbox.accounting.books import AUTHORITY, Books
from kerege.sandbox.accounting.contracts import TREASURY
from kerege.sandbox.accounting.serving import new_shelf
from kerege.sandbox.accounting.unfit import UnfitRequest
from kerege.sandbox.accounting.wire import BooksRequest, ContractRequest, FirmRequest


@pytest.fixture
def books() -> Iterator[Books]:
    with new_shelf(SystemClock()) as shelf:
        yield shelf.create(BooksRequest(today="2026-11-20", firms=(FirmRequest(name="builder"),)))


def test_a_contract_is_the_treasurys(books: Books) -> None:
    made = books.contract(ContractRequest(supplier="builder", cap=500))
    assert (made.supplier, made.cap, made.left) == ("builder", 500, 500)
    assert books.contract_view(made.id) == made
    assert books.firm(TREASURY).plain > 500


def test_what_is_no_contract(books: Books) -> None:
    with pytest.raises(UnfitRequest, match="no contract"):
        books.contract_view(f"ord_{'0' * 32}")
    with pytest.raises(UnfitRequest, match="no firm"):
        books.contract(ContractRequest(supplier="nobody", cap=5))


def test_nobody_else_is_called_so() -> None:
    with new_shelf(SystemClock()) as shelf:
        for name in (TREASURY, AUTHORITY):
            with pytest.raises(UnfitRequest, match="name of its own"):
                shelf.create(BooksRequest(today="2026-11-20", firms=(FirmRequest(name=name),)))
