# SPDX-License-Identifier: Apache-2.0
"""A wallet is its owner's and the owner's guardian's; to anybody else it is not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.customer import CustomerId
from kerege.bank.ownership import NothingHere, Ownership
from kerege.payments import format_wallet_id
from tests.people import House, child, open_house

TEA, LUNCH = format_wallet_id(b"t" * 16), format_wallet_id(b"l" * 16)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = open_house(tmp_path)
    yield made
    made.tables.close()


def test_an_owner_and_a_guardian_may(house: House) -> None:
    mother = house.add()
    ward = house.add(child("+77015550009"), tier="phone", guardian=mother.id)
    house.customers.attach_wallet(mother.id, TEA, custody=False)
    house.customers.attach_wallet(ward.id, LUNCH, custody=True)
    ownership = Ownership(house.customers)
    assert ownership.require(mother.id, TEA) == (TEA, mother.id)
    assert ownership.require(mother.id, LUNCH) == (LUNCH, ward.id)
    assert ownership.wallets(mother.id) == {TEA: False, LUNCH: True}
    with pytest.raises(NothingHere):
        ownership.require(ward.id, TEA)


@pytest.mark.parametrize("wallet", ["", "x", "wal_" + "0" * 32, "wal_" + "0" * 32 + "\n"])
def test_what_is_not_there_is_nobodys(house: House, wallet: str) -> None:
    customer = house.add()
    with pytest.raises(NothingHere):
        Ownership(house.customers).require(CustomerId(customer.id), wallet)


def test_a_childs_wallet_is_the_guardians_to_see_to(house: House) -> None:
    mother = house.add()
    ward = house.add(child("+77015550008"), tier="phone", guardian=mother.id)
    house.customers.attach_wallet(mother.id, TEA, custody=False)
    house.customers.attach_wallet(ward.id, LUNCH, custody=True)
    ownership = Ownership(house.customers)
    assert ownership.require_childs(mother.id, LUNCH) == LUNCH
    for actor, wallet in ((mother.id, TEA), (ward.id, LUNCH), (ward.id, TEA)):
        with pytest.raises(NothingHere):
            ownership.require_childs(actor, wallet)
