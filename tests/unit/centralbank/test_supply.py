# SPDX-License-Identifier: Apache-2.0
"""Supply figures are balances, all as of one instant."""

import pytest

from kerege.centralbank.actions import Issue, ReservesIn
from kerege.centralbank.supply import Supply, supply_of
from kerege.ledger import Mark, Order, Overloaded, Transfer
from tests.ledgers import order_id
from tests.registers import Country


def test_before_anything_is_issued(country: Country) -> None:
    assert country.register.supply() == [
        Supply("KZT", 0, 0, 0, 0, 0),
        Supply("XAU", 0, 0, 0, 0, 0),
    ]


def test_by_mark(country: Country) -> None:
    bank = country.bank("altyn")
    country.fund(bank, 50)
    own = country.register.wallet(bank.own.id)
    accounts = country.register.accounts()
    assert own is not None
    marked = Transfer(accounts.issuers["KZT"], own.accounts["KZT"], 7, Mark(3))
    assert country.ledger.post([Order(order_id(10**9), (marked,))])[0].accepted
    assert country.register.supply()[:2] == [
        Supply("KZT", 0, 50, 0, 50, 50),
        Supply("KZT", 3, 7, 0, 7, 0),
    ]


def test_issuing_between_two_looks_is_seen_whole(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    country.bank("altyn")
    country.act(ReservesIn(participant="altyn", asset="KZT", amount=1_000))
    cells, looks = country.ledger.cells, [0]

    def issue_in_between(account: int) -> object:
        looks[0] += 1
        if looks[0] in (2, 6):
            country.act(Issue(participant="altyn", asset="KZT", amount=10))
        return cells(account)  # type: ignore[arg-type]

    monkeypatch.setattr(country.ledger, "cells", issue_in_between)
    first = supply_of(country.ledger, country.register.accounts())[0]
    assert (first.circulating, first.reserves) == (20, 20)


def test_figures_that_never_stand_still(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(10**6))
    monkeypatch.setattr(country.ledger, "cells", lambda _: {0: next(looks)})
    with pytest.raises(Overloaded):
        supply_of(country.ledger, country.register.accounts())
