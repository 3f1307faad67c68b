# SPDX-License-Identifier: Apache-2.0
"""School meals by card under the shipped terms, and what the guardian sees of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.bank.card import CardState
from kerege.bank.card_payments import REFUSED_OF_A_CARD, AskedTooOften
from kerege.bank.customer import CustomerId, CustomerState
from kerege.bank.guardian_view import MAX_NAMES, GuardianView, SeenByGuardian
from kerege.bank.http.routes import _view
from kerege.bank.ownership import NothingHere
from kerege.bank.tiers import Limits
from kerege.payments import Refund, Verdict
from tests.banks import House, Person, running_bank
from tests.cards import Shop
from tests.programmes import at_us
from tests.pupils import SCHOOL_DAY_US, Pupil, School
from tests.two_tiers import ASSET, MINUTE_US


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank"), start_us=SCHOOL_DAY_US) as made:
        yield made


@pytest.fixture(scope="module")
def school(house: House) -> School:
    return School(house)


@pytest.fixture
def guardian(house: House, tmp_path: Path) -> Person:
    return house.person(tmp_path / "guardian")


def look(pupil: Pupil, *, before: int = 0, limit: int = 50) -> SeenByGuardian:
    view: GuardianView = _view(pupil.house.parts)
    return view.look(pupil.guardian, pupil.wallet, asset=ASSET, before=before, limit=limit)


def go_to(house: House, text: str) -> None:
    """Let time pass until an instant, UTC."""
    house.country.clock.advance_us(at_us(text) - house.country.clock.now_us())


def test_a_meal_is_split_and_seen(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, allowance=3_000_00, own=500_00)
    assert school.charge(pupil, 1_300_00) == "accepted"
    assert pupil.money == (1_800_00, 400_00)
    school.house.read_core()
    seen = look(pupil)
    meal = seen.moved[0]
    assert (meal.payee, seen.names[meal.payee]) == (school.canteen.signer.wallet, "Асхана")
    assert sorted(line.change for line in meal.lines) == [-1_200_00, -100_00]
    by_programme = {one.programme: one for one in seen.balances}
    left = by_programme["school-meals"]
    assert (left.available, left.ends_us) == (1_800_00, school.terms.ends_us)
    assert by_programme[""].available == 400_00
    given = [one for one in seen.moved if one.payee == school.ministry.signer.wallet]
    assert [line.change for one in given for line in one.lines] == [3_000_00]


@pytest.fixture
def own_school(tmp_path: Path) -> Iterator[tuple[School, Person]]:
    """A school whose clock is this test's alone."""
    with running_bank(tmp_path, start_us=SCHOOL_DAY_US) as made:
        yield School(made), made.person(tmp_path / "aru")


def test_the_allowance_is_for_one_school_day(own_school: tuple[School, Person]) -> None:
    school, aru = own_school
    pupil = Pupil(school, aru, allowance=10_000_00)
    told = []
    for instant in (
        "2026-11-23T07:00",  # Monday noon
        "2026-11-23T08:00",  # a second meal
        "2026-11-24T07:00",
        "2026-11-24T16:00",  # nine in the evening
        "2026-11-28T07:00",  # Saturday
        "2026-12-16T07:00",  # Independence Day, a Wednesday
        "2026-12-17T07:00",
    ):
        go_to(school.house, instant)
        told.append(school.charge(pupil, 1_200_00))
    yes, no = "accepted", "card_short"
    assert told == [yes, no, yes, no, no, no, yes]
    rules = [one.rule.removeprefix("school-meals/meal/") for one in look(pupil).refused]
    assert rules == ["school-day", "school-day", "hours", "a-day"]
    assert pupil.money == (6_400_00, 0)


def test_what_was_not_eaten_is_not_added_to_the_next_day(
    own_school: tuple[School, Person],
) -> None:
    school, aru = own_school
    pupil = Pupil(school, aru, allowance=10_000_00)
    go_to(school.house, "2026-11-25T07:00")
    assert school.charge(pupil, 1_200_01) == "card_short"
    assert look(pupil).refused[0].limit == 1_200_00


def test_on_a_weekend_only_the_familys_own_money_pays(own_school: tuple[School, Person]) -> None:
    school, aru = own_school
    pupil = Pupil(school, aru, allowance=3_000_00, own=500_00)
    go_to(school.house, "2026-11-29T07:00")
    assert school.charge(pupil, 400_00) == "accepted"
    assert pupil.money == (3_000_00, 100_00)


def test_at_the_end_of_the_term_what_is_left_is_nobodys_to_spend(
    own_school: tuple[School, Person],
) -> None:
    school, aru = own_school
    pupil = Pupil(school, aru, allowance=3_000_00)
    go_to(school.house, "2026-12-31T19:00")
    assert school.charge(pupil, 100_00) == "card_short"


def test_splitting_does_not_lead_over_the_days_cap(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, allowance=5_000_00)
    told = [school.charge(pupil, 500_00) for _ in range(3)]
    assert told == ["accepted", "accepted", "card_short"]
    assert school.charge(pupil, 200_00) == "accepted"
    assert school.charge(pupil, 1) == "card_short"
    assert pupil.money == (3_800_00, 0)


def test_elsewhere_the_allowance_pays_nothing(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, allowance=3_000_00)
    sweets = Shop(school.house, category="5441", region="almaty")
    away = Shop(school.house, category="8211", region="astana")
    assert {school.charge(pupil, 100_00, at=shop) for shop in (sweets, away)} == {"card_short"}
    assert {one.rule for one in look(pupil).refused} == {
        "school-meals/meal/canteen",
        "school-meals/meal/region",
    }
    assert pupil.money == (3_000_00, 0)


def test_second_helpings_do_not_shut_the_till(school: School, house: House, tmp_path: Path) -> None:
    pupils = [
        Pupil(school, house.person(tmp_path / f"parent-{number}"), allowance=1_000_00)
        for number in range(7)
    ]
    told = {school.charge(pupil, 1_200_00) for pupil in pupils for _ in range(10)}
    assert told == {"card_short"}
    assert {school.charge(pupil, 1_000_00) for pupil in pupils} == {"accepted"}


def test_one_card_is_not_charged_in_vain_without_end(
    own_school: tuple[School, Person],
) -> None:
    school, aru = own_school
    pupil, house = Pupil(school, aru, allowance=1_000_00), school.house
    canteen, till = school.canteen, house.parts.till
    for _ in range(REFUSED_OF_A_CARD.limit):
        assert school.charge(pupil, 1_200_00) == "card_short"
    before = len(house.parts.desk.delivery.page(pupil.wallet, limit=1_000))
    told = till.charge(canteen.customer.id, pupil.token, canteen.ask(1_000_00))
    assert isinstance(told, AskedTooOften)
    assert len(house.parts.desk.delivery.page(pupil.wallet, limit=1_000)) == before
    other = Shop(house, category="8211", region="almaty")
    assert school.charge(pupil, 100_00, at=other) == "accepted"
    house.country.clock.advance_us(3_600_000_000)
    assert school.charge(pupil, 900_00) == "accepted"


def test_a_lost_card_that_is_charged_is_told_to_the_guardian(
    school: School, guardian: Person
) -> None:
    pupil = Pupil(school, guardian, allowance=1_000_00)
    school.house.parts.cards.set_state(pupil.guardian, pupil.card.id, CardState.BLOCKED)
    request = school.canteen.ask(300_00)
    till = school.house.parts.till
    for _ in range(2):
        till.charge(school.canteen.customer.id, pupil.token, request)
    (refused,) = look(pupil).refused
    assert (refused.code, refused.amount) == ("card_blocked", 300_00)
    assert refused.payee == school.canteen.signer.wallet
    assert pupil.money == (1_000_00, 0)


def test_a_card_charged_twice_for_one_meal_pays_once(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, allowance=1_000_00)
    request, till = school.canteen.ask(300_00), school.house.parts.till
    for _ in range(2):
        told = till.charge(school.canteen.customer.id, pupil.token, request)
        assert told.code == "accepted"  # type: ignore[union-attr]
    assert pupil.money == (700_00, 0)
    assert len([one for one in look(pupil).moved if one.lines[0].change < 0]) == 1


def test_a_guardians_limit_is_seen_with_what_it_refused(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, allowance=1_000_00)
    limits = Limits(payment=500_00)
    school.house.parts.desk.guardian_limits.set(
        guardian=pupil.guardian, wallet=pupil.wallet, asset=ASSET, limits=limits
    )
    school.house.country.clock.advance_us(2_000_000)
    assert school.charge(pupil, 500_01) == "card_over_limit"
    seen = look(pupil)
    assert seen.limits == {ASSET: limits}
    assert [(one.code, one.found, one.limit) for one in seen.refused] == [
        ("guardian_payment", 500_01, 500_00)
    ]


def test_nobody_but_the_guardian_sees(
    school: School, guardian: Person, house: House, tmp_path: Path
) -> None:
    pupil = Pupil(school, guardian, allowance=1_000_00)
    stranger = house.person(tmp_path / "bek")
    other = Pupil(school, stranger)
    for actor in (pupil.id, other.id, other.guardian, school.canteen.customer.id):
        with pytest.raises(NothingHere) as caught:
            _view(house.parts).look(actor, pupil.wallet, asset=ASSET, before=0, limit=9)
        with pytest.raises(NothingHere) as nothing:
            _view(house.parts).look(actor, "wal_" + "0" * 32, asset=ASSET, before=0, limit=9)
        if actor != pupil.id:
            assert str(caught.value) == str(nothing.value)
    assert look(pupil).balances


def test_no_more_once_another_answers_or_the_guardian_is_barred(
    school: School, guardian: Person, house: House, tmp_path: Path
) -> None:
    pupil = Pupil(school, guardian, allowance=1_000_00)
    house.parts.customers.set_state(pupil.guardian, CustomerState.BLOCKED)
    with pytest.raises(NothingHere):
        look(pupil)
    house.parts.customers.set_state(pupil.guardian, CustomerState.ACTIVE)
    assert look(pupil).balances
    other = Pupil(school, house.person(tmp_path / "bek")).guardian
    house.parts.customers.set_guardian(pupil.id, other)
    with pytest.raises(NothingHere):
        look(pupil)


def test_no_more_once_the_child_is_of_age(own_school: tuple[School, Person]) -> None:
    school, aru = own_school
    pupil = Pupil(school, aru)
    go_to(school.house, "2036-03-02T23:00")
    assert look(pupil).balances
    go_to(school.house, "2036-03-03T00:00")
    with pytest.raises(NothingHere):
        look(pupil)


def test_a_refund_brings_the_mark_back_and_says_from_whom(school: School, guardian: Person) -> None:
    pupil, house = Pupil(school, guardian, allowance=1_000_00), school.house
    assert school.charge(pupil, 600_00) == "accepted"
    canteen, country = school.canteen.signer, house.country
    refund = Refund(
        id=country.order_id(),
        wallet=canteen.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        order=look(pupil).moved[0].order,
        leg=0,
        amount=200_00,
    )
    assert country.send(canteen, canteen.sign(refund)).accepted
    house.read_core()
    back = look(pupil).moved[0]
    assert back.payee == canteen.wallet
    assert [(line.change, line.mark > 0) for line in back.lines] == [(200_00, True)]


def test_pages_do_not_tear_an_order(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, allowance=5_000_00, own=900_00)
    assert [school.charge(pupil, 1_300_00), school.charge(pupil, 100_00)] == ["accepted"] * 2
    whole = [one.order for one in look(pupil).moved]
    assert len(whole) == 4
    for limit in (1, 2, 3):
        paged, before = list[str](), 0
        while True:
            seen = look(pupil, before=before, limit=limit)
            paged += [one.order for one in seen.moved]
            before = seen.next
            if not before:
                break
        # A page of one movement cannot hold the meal of two: it comes twice.
        assert list(dict.fromkeys(paged)) == whole
        assert len(paged) == len(whole) + (limit == 1)


def test_few_names_are_asked_for(school: School, guardian: Person) -> None:
    pupil = Pupil(school, guardian, own=900_00)
    for _ in range(MAX_NAMES + 1):
        shop = Shop(school.house)
        assert school.charge(pupil, 1_00, at=shop) == "accepted"
    assert len(look(pupil).names) == MAX_NAMES


def test_a_wallet_of_ones_own_is_no_childs(house: House, guardian: Person) -> None:
    tea = guardian.wallet()
    actor = CustomerId(guardian.view.customer)
    with pytest.raises(NothingHere):
        _view(house.parts).look(actor, tea.id, asset=ASSET, before=0, limit=9)


def test_a_shop_cannot_tell_a_pupil_from_a_card_with_nothing_behind_it(
    school: School, guardian: Person, house: House, tmp_path: Path
) -> None:
    pupil = Pupil(school, guardian, allowance=3_000_00)
    other = Pupil(school, house.person(tmp_path / "bek"))
    shop, till = Shop(house, category="5441", region="almaty"), house.parts.till
    told = [till.charge(shop.customer.id, one.token, shop.ask(100_00)) for one in (pupil, other)]
    assert [replace(one, order="") for one in told] == [Verdict(order="", code="card_short")] * 2
