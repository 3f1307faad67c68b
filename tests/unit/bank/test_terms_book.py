# SPDX-License-Identifier: Apache-2.0
"""Terms follow the register of customers, at most a second late."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.customer import CustomerId, CustomerState
from kerege.bank.terms_book import BELIEVED_US
from kerege.bank.terms_store import Setting
from tests.desks import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_terms_say_whose_and_within_which_limits(desk: Desk) -> None:
    customer = desk.customer()
    wallet = desk.wallet(customer)
    terms = desk.terms.terms({wallet})[wallet]
    assert (terms.customer, terms.active, terms.top_up) == (customer, True, False)
    assert terms.tier["KZT"].payment == 50_000_00
    assert desk.terms.owners([wallet, "wal_none"]) == {wallet: customer}


def test_a_wallet_attached_just_now_is_known(desk: Desk) -> None:
    customer = desk.customer()
    assert desk.terms.terms({"wal_none"}) == {}
    wallet = desk.wallet(customer)
    assert wallet in desk.terms.terms({wallet})


def test_a_blocked_customer_is_noticed_within_a_second(desk: Desk) -> None:
    customer = desk.customer()
    wallet = desk.wallet(customer)
    desk.terms.terms({wallet})
    desk.house.customers.set_state(CustomerId(customer), CustomerState.BLOCKED)
    desk.clock.advance_us(BELIEVED_US)
    assert desk.terms.terms({wallet})[wallet].active is False


def test_settings_hold_at_once(desk: Desk) -> None:
    wallet = desk.wallet(desk.customer())
    desk.terms.terms({wallet})
    desk.terms.set(wallet, Setting("tea", top_up=True))
    assert desk.terms.terms({wallet})[wallet].top_up is True
    assert desk.terms.settings([wallet])[wallet].name == "tea"
