# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.centralbank import NotYetLogged
from kerege.errors import KeregeError
from kerege.ledger.order import Transfer
from kerege.ledger.refusal import Refusal
from kerege.runtime import ManualClock
from kerege.sandbox.tour import PEOPLE, Tour

START_US = 1_700_000_000_000_000
BANK, AIGERIM, SHOP = PEOPLE


@pytest.fixture
def tour(tmp_path: Path) -> Iterator[Tour]:
    with Tour(tmp_path, ManualClock(START_US)) as tour:
        tour.open_accounts()
        yield tour


def test_accounts_are_opened_once_however_often_asked(tour: Tour) -> None:
    first = dict(tour.accounts)
    assert tour.open_accounts().replayed
    assert tour.accounts == first


def test_money_in_circulation_is_what_was_issued(tour: Tour) -> None:
    bank, aigerim = tour.accounts[BANK], tour.accounts[AIGERIM]
    tour.post(tour.order(Transfer(tour.issuer, bank, 1000)))
    tour.post(tour.order(Transfer(bank, aigerim, 300)))
    assert tour.in_circulation() == 1000
    assert (tour.cell(BANK).balance, tour.cell(AIGERIM).balance) == (700, 300)


def test_people_have_a_holding_limit(tour: Tour) -> None:
    aigerim = tour.accounts[AIGERIM]
    outcome = tour.post(tour.order(Transfer(tour.issuer, aigerim, 500_000_01)))
    assert outcome.refusal is Refusal.EXCEEDS_CEILING


def test_what_was_done_is_there_in_a_later_run(tmp_path: Path) -> None:
    clock = ManualClock(START_US)
    with Tour(tmp_path, clock) as tour:
        tour.open_accounts()
        tour.post(tour.order(Transfer(tour.issuer, tour.accounts[SHOP], 42)))
        vkey = tour.log_vkey
    with Tour(tmp_path, clock) as again:
        assert again.open_accounts().replayed
        assert again.cell(SHOP).balance == 42
        assert again.log_vkey == vkey


def test_an_unpublished_order_has_no_receipt(tour: Tour) -> None:
    order = tour.order(Transfer(tour.issuer, tour.accounts[SHOP], 42))
    tour.post(order)
    with pytest.raises(NotYetLogged):
        tour.write_receipt(order.id)


def test_the_export_of_a_tour_passes_its_audit(tour: Tour) -> None:
    tour.post(tour.order(Transfer(tour.issuer, tour.accounts[SHOP], 42)))
    tour.write_export()
    report = tour.audit()
    assert report.books.totals[0].in_circulation == 42
    assert report.leaves == report.books.orders == 2


def test_it_does_not_settle_among_the_things_of_others(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(KeregeError, match="other things"):
        Tour(tmp_path, ManualClock(START_US))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
