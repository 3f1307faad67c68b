# SPDX-License-Identifier: Apache-2.0
"""Wallets without HTTP: what the core says is shown to the owner, what it refuses is not kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.customer import CustomerId
from kerege.bank.ownership import NothingHere, Ownership
from kerege.bank.terms_store import Setting
from kerege.bank.wallets import MAX_WALLETS, OpeningRefused, Wallets
from kerege.payments import ParticipantId
from tests.desks import Desk
from tests.two_tiers import Country, Signer

BANK = "altyn-bank"


class Office:
    """A customer at a bank over a twin of the core."""

    def __init__(self, folder: Path) -> None:
        self.country = Country(folder / "core")
        self.own = self.country.bank(BANK, issued=1_000_00)
        self.desk = Desk(folder)
        self.customer = CustomerId(self.desk.customer())
        self.wallets = Wallets(
            ParticipantId(BANK),
            self.desk.house.customers,
            Ownership(self.desk.house.customers),
            self.country.line(BANK),
            terms=self.desk.terms,
            bank_wallet=self.own.wallet,
        )

    def open(self) -> Signer:
        signer = self.country.signer(BANK)
        verdict = self.wallets.open(self.customer, signer.open(tier="phone"), name="tea")
        assert verdict.accepted, verdict
        return signer


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.desk.close()
    made.country.close()


def test_an_opened_wallet_is_shown_with_what_defunding_needs(office: Office) -> None:
    signer = office.open()
    assert office.country.send(office.own, office.own.pay(signer.wallet, 300)).accepted
    [state] = office.wallets.list(office.customer)
    assert (state.wallet, state.name, state.bank_wallet) == (
        signer.wallet,
        "tea",
        office.own.wallet,
    )
    assert state.balances[0].available == 300
    assert len(state.defunding) == 43


def test_pages_of_a_statement_meet(office: Office) -> None:
    signer = office.open()
    for amount in (1, 2, 3):
        office.country.send(office.own, office.own.pay(signer.wallet, amount))
    first = office.wallets.statement(office.customer, signer.wallet, asset="KZT", before=0, limit=2)
    rest = office.wallets.statement(
        office.customer, signer.wallet, asset="KZT", before=first.next, limit=2
    )
    assert [line.change for line in (*first.lines, *rest.lines)] == [3, 2, 1]
    assert rest.next == 0


def test_what_the_core_refuses_is_not_the_customers(office: Office) -> None:
    signer = office.open()
    again = Signer(office.country, BANK, signer.wallet, office.country.signer(BANK).key)
    verdict = office.wallets.open(office.customer, again.open(tier="phone"))
    assert not verdict.accepted
    assert len(office.wallets.list(office.customer)) == 1


def test_settings_are_the_owners(office: Office) -> None:
    signer = office.open()
    state = office.wallets.set(office.customer, signer.wallet, Setting("shop", top_up=True))
    assert (state.name, state.top_up) == ("shop", True)
    stranger = CustomerId(office.desk.customer())
    with pytest.raises(NothingHere):
        office.wallets.set(stranger, signer.wallet, Setting("mine"))
    with pytest.raises(NothingHere):
        office.wallets.state(stranger, signer.wallet)


def test_wallets_of_one_customer_are_bounded(office: Office) -> None:
    for _ in range(MAX_WALLETS):
        office.open()
    with pytest.raises(OpeningRefused, match=f"at most {MAX_WALLETS}"):
        office.open()
