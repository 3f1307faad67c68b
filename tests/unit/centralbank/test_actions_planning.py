# SPDX-License-Identifier: Apache-2.0
"""Every action is one order of the ledger and counts there as one decision."""

from kerege.centralbank.actions import Disclose, Issue, ReservesIn, Warrant
from kerege.ledger import UNMARKED
from tests.registers import Country


def test_what_moves_no_money_is_counted_too(country: Country) -> None:
    bank = country.bank("altyn")
    court = Warrant(authority="a court", kind="court-order")
    accounts = country.register.accounts()
    before = country.ledger.cells(accounts.decided)[UNMARKED].balance
    disclosed = country.act(Disclose(wallet=bank.own.id, warrant=court))
    country.act(ReservesIn(participant="altyn", asset="KZT", amount=1))
    country.act(Issue(participant="altyn", asset="KZT", amount=2), code="reserves_insufficient")
    assert country.ledger.cells(accounts.decided)[UNMARKED].balance == before + 2
    assert disclosed.order.startswith("ord_fffffe")
