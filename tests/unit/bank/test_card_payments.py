# SPDX-License-Identifier: Apache-2.0
"""A card at a till, at one bank and at two: what pays, what does not, and what a shop learns."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.bank import throttle_store
from kerege.bank.card import CardState
from kerege.bank.card_payments import (
    DECLINED_OF_A_BANK,
    DECLINED_PER_HOUR,
    MAX_SHOWN_S,
    AskedTooOften,
    CardTill,
    card_order_id,
)
from kerege.bank.cards import ShownCard
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.customer import CustomerId, CustomerState
from kerege.bank.ownership import NothingHere
from kerege.bank.requests import RequestRefused
from kerege.bank.throttle import Throttle
from kerege.bank.tiers import Limits
from kerege.keys import parse_compact, sign_compact
from kerege.payments import REQUEST_TYP, Verdict, WalletId
from kerege.payments.aliases import MalformedAlias
from tests.banks import BANK, House, Person, running_bank
from tests.cards import Shop, request_of, shop_at, token, wallet_in_custody

DECLINED = Verdict(order="", code="card_declined")
OTHER = "halyk-bank"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        made.country.bank(OTHER)
        yield made


class Cardholder:
    """Somebody with money in a wallet in custody and a card for it."""

    def __init__(self, person: Person, money: int) -> None:
        self.person, self.house = person, person.house
        self.wallet = wallet_in_custody(person, money=money)
        self.id = CustomerId(person.view.customer)
        self.token = token()
        found = self.house.parts.cards.bind(self.id, self.token, self.wallet)
        assert isinstance(found, ShownCard)
        self.card = found.card

    @property
    def balance(self) -> int:
        return self.person.bank.wallet(self.wallet).balances[0].balance

    def set(self, state: CardState) -> None:
        self.house.parts.cards.set_state(self.id, self.card.id, state)


@pytest.fixture
def holder(house: House, tmp_path: Path) -> Cardholder:
    return Cardholder(house.person(tmp_path / "aru"), 450_00)


@pytest.fixture
def shop(house: House) -> Shop:
    return Shop(house)


def charge(shop: Shop, token: str, request: str) -> Verdict:
    told = shop.house.parts.till.charge(shop.customer.id, token, request)
    assert isinstance(told, Verdict), told
    return told


def test_a_card_pays_what_the_shop_signed_once(holder: Cardholder, shop: Shop) -> None:
    request = shop.ask(120_00)
    first, again = (charge(shop, holder.token, request) for _ in range(2))
    assert first.accepted
    assert replace(again, replayed=False) == first
    assert first.order == card_order_id(holder.card.tag, request)
    assert (shop.balance, holder.balance) == (120_00, 330_00)


def test_a_shop_learns_no_figure(holder: Cardholder, shop: Shop) -> None:
    # 400.00 a payment and 600.00 a day are the tier's.
    told = [charge(shop, holder.token, shop.ask(amount)) for amount in (400_01, 400_00, 100_00)]
    assert [each.code for each in told] == ["card_over_limit", "accepted", "card_short"]
    for each in (told[0], told[2]):
        assert each == Verdict(order=each.order, code=each.code)


def test_unknown_blocked_and_without_a_key_look_the_same(
    holder: Cardholder, shop: Shop, house: House
) -> None:
    assert charge(shop, token(), shop.ask(1_00)) == DECLINED
    holder.set(CardState.BLOCKED)
    assert charge(shop, holder.token, shop.ask(1_00)) == DECLINED
    holder.set(CardState.ACTIVE)
    house.parts.customers.set_state(holder.id, CustomerState.BLOCKED)
    house.country.clock.advance_us(2_000_000)
    assert charge(shop, holder.token, shop.ask(1_00)) == DECLINED
    house.parts.customers.set_state(holder.id, CustomerState.ACTIVE)
    house.country.clock.advance_us(2_000_000)
    house.parts.custody_orders._custody.destroy(holder.wallet)
    assert charge(shop, holder.token, shop.ask(1_00)) == DECLINED
    assert shop.balance == 0


def test_a_guardians_limit_holds(holder: Cardholder, shop: Shop, house: House) -> None:
    house.parts.desk.guardian_limits.set(
        guardian="cus_1", wallet=holder.wallet, asset="KZT", limits=Limits(payment=10_00)
    )
    house.country.clock.advance_us(2_000_000)
    assert charge(shop, holder.token, shop.ask(10_01)).code == "card_over_limit"
    assert charge(shop, holder.token, shop.ask(10_00)).accepted


def test_one_request_is_paid_by_one_card(
    holder: Cardholder, shop: Shop, house: House, tmp_path: Path
) -> None:
    other = Cardholder(house.person(tmp_path / "bek"), 100_00)
    request = shop.ask(50_00)
    assert charge(shop, holder.token, request).accepted
    assert charge(shop, other.token, request).code == "request_already_paid"
    assert (shop.balance, other.balance) == (50_00, 100_00)


def test_only_the_shops_own_signed_request_counts(
    holder: Cardholder, shop: Shop, house: House
) -> None:
    other = Shop(house)
    with pytest.raises(NothingHere):
        charge(shop, holder.token, other.ask(1_00))
    payload = parse_compact(shop.ask(1_00).encode()).payload
    forged = sign_compact(payload, other.signer.key, kid="x" * 43, typ=REQUEST_TYP).decode()
    assert charge(shop, holder.token, forged).code == "request_invalid"
    with pytest.raises(MalformedAlias):
        charge(shop, "4111111111111111", shop.ask(1_00))
    assert shop.balance == 0


@pytest.mark.parametrize("seconds", [-1, 0, MAX_SHOWN_S + 1])
def test_a_request_is_of_now(holder: Cardholder, shop: Shop, seconds: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        charge(shop, holder.token, shop.ask(1_00, seconds=seconds))
    assert caught.value.place == "until_us"


def test_a_person_is_no_shop(holder: Cardholder, house: House, tmp_path: Path) -> None:
    thief = house.country.person(BANK, tier="phone")
    person = house.person(tmp_path / "thief")
    house.parts.customers.attach_wallet(
        CustomerId(person.view.customer), WalletId(thief.wallet), custody=False
    )
    with pytest.raises(RequestRefused) as caught:
        house.parts.till.charge(
            CustomerId(person.view.customer), holder.token, request_of(thief, 1_00)
        )
    assert caught.value.place == "wallet"
    assert house.country.balance(thief) == 0


def test_guessing_is_stopped_also_for_cards_that_would_pay(
    holder: Cardholder, shop: Shop, house: House
) -> None:
    for _ in range(DECLINED_PER_HOUR.limit):
        assert charge(shop, token(), shop.ask(1_00)) == DECLINED
    told = [
        house.parts.till.charge(shop.customer.id, t, shop.ask(1_00))
        for t in (holder.token, token())
    ]
    assert [type(each) for each in told] == [AskedTooOften] * 2
    assert shop.balance == 0


class Wire:
    """The line between two banks: what the other bank's desk would answer, or something else."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.says: Verdict | None = None
        self.asking = OTHER

    def pay_by_card(self, bank: str, tag: str, request: str) -> Verdict:
        assert bank == BANK
        told = self.house.parts.card_desk.pay(tag, request, asking=self.asking)
        assert isinstance(told, Verdict)
        return self.says or told


class Everyone:
    """Whose wallet it is does not matter here."""

    def require(self, actor: CustomerId, wallet: str) -> tuple[WalletId, CustomerId]:
        return WalletId(wallet), actor


@contextmanager
def other_till(house: House) -> Iterator[tuple[CardTill, Wire]]:
    parts, wire = house.parts, Wire(house)
    yield (
        CardTill(
            OTHER,
            parts.aliases,
            parts.card_desk,
            wire,
            house.country.line(OTHER),
            ownership=Everyone(),  # type: ignore[arg-type]
            throttle=Throttle(parts._people, parts.clock),
            clock=parts.clock,
        ),
        wire,
    )


def test_a_shop_of_another_bank(holder: Cardholder, house: House) -> None:
    shop, cashier = shop_at(house.country, OTHER), CustomerId("cus_" + "7" * 32)
    with other_till(house) as (till, wire):
        paid = till.charge(cashier, holder.token, request_of(shop, 30_00))
        assert isinstance(paid, Verdict)
        assert paid.accepted
        assert house.country.balance(shop) == 30_00
        # Another bank cannot ask for a shop that is not its customer.
        wire.asking = "third-bank"
        with pytest.raises(RequestRefused):
            till.charge(cashier, holder.token, request_of(shop, 30_00))


def test_a_bank_that_says_it_has_paid_is_not_believed(holder: Cardholder, house: House) -> None:
    shop, cashier = shop_at(house.country, OTHER), CustomerId("cus_" + "8" * 32)
    holder.set(CardState.BLOCKED)
    with other_till(house) as (till, wire):
        wire.says = Verdict(order="ord_" + "1" * 32, code="accepted")
        with pytest.raises(CoreUnreachable):
            till.charge(cashier, holder.token, request_of(shop, 30_00))
    assert house.country.balance(shop) == 0


def test_a_bank_whose_shops_try_cards_is_stopped(house: House) -> None:
    shop = shop_at(house.country, OTHER)
    desk = house.parts.card_desk
    subject = b"bank " + OTHER.encode()
    with house.parts._people.begin() as connection:
        begins = house.parts.clock.now_us() // 3_600_000_000 * 3_600_000_000
        digest = hashlib.sha256(subject).digest()
        while (
            throttle_store.count_once(connection, DECLINED_OF_A_BANK.name, digest, begins)
            < DECLINED_OF_A_BANK.limit
        ):
            pass
    told = desk.pay("A" * 43, request_of(shop, 1), asking=OTHER)
    assert isinstance(told, AskedTooOften)
    assert 0 < told.wait_s <= 3_600
