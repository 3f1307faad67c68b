# SPDX-License-Identifier: Apache-2.0
"""Wallets opened under a key of the request: the same again is the same wallet."""

from collections.abc import Iterator

import pytest

from kerege.bank.custody import NotInCustody
from kerege.bank.custody_wallets import NewWallet
from kerege.bank.customer import Customer
from kerege.bank.customers import Application
from kerege.bank.ownership import NothingHere
from kerege.bank.personal_data import PersonalData
from kerege.bank.wallets import OpeningRefused
from kerege.keys import Algorithm, PrivateKey, format_jwk
from tests.banks import House, running_bank

TENGE = NewWallet(assets=("KZT",), name="card")
OWN = format_jwk(PrivateKey(Algorithm.ED25519, bytes([9]) * 32).public_key).decode()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


def customer(house: House, number: int) -> Customer:
    data = PersonalData(name="Айгерім", phone=f"+7701222{number:04}")
    found = house.parts.customers.open(Application(data=data, tier="phone"))
    assert isinstance(found, Customer), found
    return found


def test_the_same_key_is_the_same_wallet_whenever_it_comes(house: House) -> None:
    aru, bek = customer(house, 1), customer(house, 2)
    first = house.parts.custody.open(aru.id, "one", TENGE)
    house.country.clock.advance_us(3_600_000_000)
    again = house.parts.custody.open(aru.id, "one", TENGE)
    assert (first[0], first[1].number) == (again[0], again[1].number)
    other = house.parts.custody.open(aru.id, "two", TENGE)
    hers = house.parts.custody.open(bek.id, "one", TENGE)
    assert len({first[0], other[0], hers[0]}) == 3
    assert house.parts.customers.wallets(aru.id) == {first[0]: True, other[0]: True}


def test_no_key_is_drawn_for_whom_nothing_is_opened(house: House) -> None:
    aru, bek = customer(house, 3), customer(house, 4)
    with pytest.raises(NothingHere):
        house.parts.custody.open(aru.id, "one", TENGE, owner=bek.id)
    wallet, verdict = house.parts.custody.open(bek.id, "one", NewWallet(assets=("KGS",)))
    assert not verdict.accepted
    assert wallet not in house.parts.customers.wallets(bek.id)


def test_what_is_no_key_takes_nothing_over(house: House) -> None:
    aru = customer(house, 5)
    wallet, _ = house.parts.custody.open(aru.id, "one", TENGE)
    for own, spare, place in (("x" * 20, "", "key"), (OWN, "{}", "recovery")):
        with pytest.raises(OpeningRefused) as caught:
            house.parts.custody.hand_over(aru.id, wallet, own, recovery=spare)
        assert caught.value.place == place
    assert house.parts.custody.hand_over(aru.id, wallet, OWN).verdict.accepted
    assert house.parts.customers.wallets(aru.id) == {wallet: False}
    with pytest.raises(NotInCustody):
        house.parts.custody_orders.rekey(wallet, customer=aru.id)


def test_a_wallet_says_where_its_owner_lives(house: House) -> None:
    aru = customer(house, 6)
    wanted = NewWallet(assets=("KZT",), region="almaty")
    wallet, verdict = house.parts.custody.open(aru.id, "one", wanted)
    assert verdict.accepted
    view = house.parts.core.wallet(wallet)
    assert view is not None
    assert view.region == "almaty"
