# SPDX-License-Identifier: Apache-2.0
"""Opening and looking at wallets: only as the customer is known, only for whom it concerns."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from kerege.bank.customer import Customer, CustomerState
from kerege.bank.customers import Application
from kerege.bank.ownership import NothingHere
from kerege.bank.personal_data import PersonalData
from kerege.bank.terms_store import Setting
from kerege.bank.wallets import MAX_WALLETS, OpeningRefused
from kerege.errors import KeregeError
from kerege.payments import Rehome, WalletId
from tests.banks import BANK, House, running_bank
from tests.two_tiers import MINUTE_US, Signer

_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


def newcomer(house: House, **more: Any) -> Customer:
    data = PersonalData(name="Айгерім", phone=f"+7701111{next(_NUMBERS):04}")
    found = house.parts.customers.open(Application(data=data, tier="phone", **more))
    assert isinstance(found, Customer), found
    return found


@pytest.fixture
def aru(house: House) -> Customer:
    return newcomer(house)


def signer(house: House) -> Signer:
    return house.country.signer(BANK)


def place_of(house: House, customer: Customer, text: bytes) -> str:
    with pytest.raises(OpeningRefused) as fault:
        house.parts.wallets.open(customer.id, text)
    return fault.value.place


def test_an_opening_makes_the_wallet_the_customers(house: House, aru: Customer) -> None:
    mine = signer(house)
    text = mine.open(tier="phone")
    assert house.parts.wallets.open(aru.id, text, name="tea").accepted
    assert house.parts.wallets.open(aru.id, text, name="tea").accepted
    (state,) = house.parts.wallets.list(aru.id)
    assert state == house.parts.wallets.state(aru.id, mine.wallet)
    assert (state.wallet, state.name, state.custody) == (mine.wallet, "tea", False)
    assert (state.bank, state.tier, state.bank_wallet) == (BANK, "phone", house.own.wallet)


@pytest.mark.parametrize(
    ("member", "value"),
    [("tier", "full"), ("owner_kind", "firm"), ("category", "5411"), ("vat", True)],
)
def test_what_is_said_of_the_owner_must_be_known(
    house: House, aru: Customer, member: str, value: object
) -> None:
    mine = signer(house)
    text = mine.open(**{"tier": "phone", member: value})
    assert place_of(house, aru, text) == ("category" if member == "vat" else member)
    assert house.parts.wallets.list(aru.id) == []
    assert house.parts.core.wallet(mine.wallet) is None


def test_only_the_opening_at_this_bank_opens(house: House, aru: Customer) -> None:
    assert place_of(house, aru, house.country.signer("other-bank").open(tier="phone")) == "bank"
    assert place_of(house, aru, house.own.pay(house.own.wallet, 1)) == "kind"
    for text in (b"", b"a.b.c", b"\xff" * 9):
        with pytest.raises(KeregeError):
            house.parts.wallets.open(aru.id, text)


def test_a_text_of_anothers_opens_nothing(house: House, aru: Customer) -> None:
    other = newcomer(house)
    mine = signer(house)
    text = mine.open(tier="phone")
    assert house.parts.wallets.open(aru.id, text).accepted
    assert place_of(house, other, text) == ""
    assert house.parts.wallets.list(other.id) == []
    for wallet in (mine.wallet, house.own.wallet, f"wal_{7:032x}", "tea", ""):
        with pytest.raises(NothingHere):
            house.parts.wallets.state(other.id, wallet)
        with pytest.raises(NothingHere):
            house.parts.wallets.statement(other.id, wallet, asset="", before=0, limit=9)
        with pytest.raises(NothingHere):
            house.parts.wallets.set(other.id, wallet, Setting("mine now"))


def test_a_wallet_that_left_is_not_opened_here_again(house: House, aru: Customer) -> None:
    mine = signer(house)
    text = mine.open(tier="phone")
    assert house.parts.wallets.open(aru.id, text).accepted
    country = house.country
    country.bank("next-bank")
    until_us = country.clock.now_us() + MINUTE_US
    away = Rehome(id=country.order_id(), wallet=mine.wallet, until_us=until_us, bank="next-bank")
    (moved,) = country.line("next-bank").submit([mine.sign(away)])
    assert moved.accepted
    house.parts.customers.detach_wallet(WalletId(mine.wallet))
    assert place_of(house, aru, text) == "wallet"
    assert house.parts.wallets.list(aru.id) == []


def test_so_many_wallets_and_no_more(house: House, aru: Customer) -> None:
    texts = [signer(house).open(tier="phone") for _ in range(MAX_WALLETS + 1)]
    for text in texts[:-1]:
        assert house.parts.wallets.open(aru.id, text).accepted
    assert place_of(house, aru, texts[-1]) == ""
    assert house.parts.wallets.open(aru.id, texts[0]).accepted
    assert len(house.parts.wallets.list(aru.id)) == MAX_WALLETS


def test_who_may_not_act_opens_nothing(house: House) -> None:
    waits = newcomer(house, waiting=True)
    assert waits.state is not CustomerState.ACTIVE
    with pytest.raises(KeregeError):
        house.parts.wallets.open(waits.id, signer(house).open(tier="phone"))
    assert house.parts.customers.wallets(waits.id) == {}


def test_pages_of_a_statement_join(house: House, aru: Customer) -> None:
    mine = signer(house)
    house.parts.wallets.open(aru.id, mine.open(tier="phone"))
    for amount in (1, 2, 3):
        assert house.country.send(house.own, house.own.pay(mine.wallet, amount)).accepted

    def page(before: int, limit: int) -> tuple[list[int], int]:
        found = house.parts.wallets.statement(
            aru.id, mine.wallet, asset="KZT", before=before, limit=limit
        )
        return [line.change for line in found.lines], found.next

    first, more = page(0, 2)
    assert (first, page(more, 2)) == ([3, 2], ([1], 0))
    assert page(0, 3) == ([3, 2, 1], 0)
