# SPDX-License-Identifier: Apache-2.0
"""The register of customers: becoming one, being found, changing, being forgotten."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import msgspec
import pytest
import sqlalchemy as sa

from kerege.bank.customer import (
    Customer,
    CustomerId,
    CustomerRefusal,
    CustomerState,
    Refused,
    UnknownCustomer,
)
from kerege.bank.customers import Application
from kerege.bank.people_store import METADATA
from kerege.bank.personal_data import MalformedPersonalData, PersonalData
from kerege.bank.tiers import UnknownTier
from kerege.bank.vault import NothingKept
from kerege.payments.ids import WalletId
from tests.people import AIGERIM, House, child, open_house

NOBODY = CustomerId("cus_" + "0" * 32)
WALLET = WalletId("wal_" + "1" * 32)
YEAR_US = 366 * 24 * 3600 * 1_000_000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_house(tmp_path)
    yield house
    house.tables.close()


def refusal(answer: Customer | Refused | None) -> CustomerRefusal:
    assert isinstance(answer, Refused), answer
    return answer.code


def changed(**members: object) -> PersonalData:
    return msgspec.structs.replace(AIGERIM, **members)


def test_a_customer_is_found_by_what_is_theirs(house: House) -> None:
    added = house.add()
    assert house.customers.get(added.id) == added
    assert house.customers.find_by_phone("+7 701 555 00 01") == added
    assert house.customers.find_by_tax_number("910101450001") == added
    assert house.customers.find_by_phone("+77015550002") is None
    assert house.customers.personal_data(added.id) == AIGERIM
    assert house.customers.page() == [added]
    assert house.customers.count() == {"active": 1}


def test_what_a_tier_asks_for_is_named(house: House) -> None:
    answer = house.customers.open(
        Application(data=PersonalData(phone="+77015550001"), tier="identified")
    )
    assert answer == Refused(CustomerRefusal.TIER_NEEDS_MORE, ("name", "tax_number", "birth_date"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (AIGERIM, CustomerRefusal.PHONE_TAKEN),
        (changed(phone="+77015550002"), CustomerRefusal.TAX_NUMBER_TAKEN),
        (changed(tax_number="910101450002"), CustomerRefusal.PHONE_TAKEN),
    ],
)
def test_a_number_leads_to_one_customer(
    house: House, data: PersonalData, code: CustomerRefusal
) -> None:
    house.add()
    assert refusal(house.customers.open(Application(data=data, tier="full"))) is code
    assert len(house.customers.page()) == 1


def test_many_at_once_each_with_its_answer(house: House) -> None:
    applications = [
        Application(data=changed(phone=f"+7701555{each:04}", tax_number=f"91010145{each:04}"))
        for each in (1, 2, 1, 3)
    ]
    answers = house.customers.open_many(applications)
    assert [isinstance(answer, Customer) for answer in answers] == [True, True, False, True]


@pytest.mark.parametrize(
    ("application", "error"),
    [
        (Application(data=AIGERIM, tier="golden"), UnknownTier),
        (Application(data=AIGERIM, kind="alien"), UnknownTier),
        (Application(data=AIGERIM, language="tlh"), MalformedPersonalData),
        (Application(data=changed(phone="0")), MalformedPersonalData),
    ],
)
def test_applications_that_cannot_be_read(
    house: House, application: Application, error: type[Exception]
) -> None:
    with pytest.raises(error):
        house.customers.open(application)
    assert house.customers.page() == []


def test_climbing_the_tiers(house: House) -> None:
    phone_only = PersonalData(phone="+77015550001")
    added = house.add(phone_only, tier="phone")
    answer = house.customers.identify(added.id, phone_only, tier="full")
    assert refusal(answer) is CustomerRefusal.TIER_NEEDS_MORE
    climbed = house.customers.identify(added.id, AIGERIM, tier="full")
    assert isinstance(climbed, Customer)
    assert (climbed.tier, climbed.version) == ("full", 2)
    assert house.customers.find_by_tax_number("910101450001") == climbed


def test_a_new_number_leaves_the_old_one_free(house: House) -> None:
    added = house.add()
    moved = house.customers.identify(added.id, changed(phone="+77015550007"))
    assert house.customers.find_by_phone("+77015550001") is None
    assert house.customers.find_by_phone("+77015550007") == moved
    house.add(PersonalData(phone="+77015550001"), tier="phone")
    taken = house.customers.identify(added.id, AIGERIM)
    assert refusal(taken) is CustomerRefusal.PHONE_TAKEN
    assert house.customers.personal_data(added.id).phone == "+77015550007"


def test_states_go_one_way(house: House) -> None:
    added = house.add()
    forgotten = house.customers.set_state(added.id, CustomerState.FORGOTTEN)
    assert refusal(forgotten) is CustomerRefusal.STATE_FORBIDS
    assert refusal(house.customers.forget(added.id)) is CustomerRefusal.STATE_FORBIDS
    for state in (CustomerState.BLOCKED, CustomerState.ACTIVE, CustomerState.CLOSED):
        answer = house.customers.set_state(added.id, state)
        assert isinstance(answer, Customer)
        assert answer.state is state
        assert house.customers.set_state(added.id, state) == answer
    back = house.customers.set_state(added.id, CustomerState.ACTIVE)
    assert refusal(back) is CustomerRefusal.STATE_FORBIDS
    assert refusal(house.customers.identify(added.id, AIGERIM)) is CustomerRefusal.STATE_FORBIDS


def test_whoever_is_forgotten_cannot_be_found_and_may_come_again(house: House) -> None:
    added = house.add()
    house.customers.set_state(added.id, CustomerState.CLOSED)
    forgotten = house.customers.forget(added.id)
    assert isinstance(forgotten, Customer)
    assert house.customers.forget(added.id) == forgotten
    assert house.customers.find_by_phone(AIGERIM.phone) is None
    with pytest.raises(NothingKept):
        house.customers.personal_data(added.id)
    assert house.add().id != added.id


def test_a_customer_with_a_wallet_stays_until_it_is_kept_elsewhere(house: House) -> None:
    added, other = house.add(), house.add(changed(phone="+77015550002", tax_number="1234567"))
    assert house.customers.attach_wallet(added.id, WALLET, custody=True) is None
    assert house.customers.attach_wallet(added.id, WALLET, custody=True) is None
    taken = house.customers.attach_wallet(other.id, WALLET, custody=False)
    assert refusal(taken) is CustomerRefusal.WALLET_TAKEN
    assert house.customers.wallets(added.id) == {WALLET: True}
    assert house.customers.customer_of_wallet(WALLET) == added.id
    closing = house.customers.set_state(added.id, CustomerState.CLOSED)
    assert refusal(closing) is CustomerRefusal.HAS_WALLETS
    house.customers.detach_wallet(WALLET)
    assert house.customers.customer_of_wallet(WALLET) is None
    assert isinstance(house.customers.set_state(added.id, CustomerState.CLOSED), Customer)
    shut = house.customers.attach_wallet(added.id, WALLET, custody=False)
    assert refusal(shut) is CustomerRefusal.STATE_FORBIDS


def test_a_child_and_its_guardian(house: House) -> None:
    mother = house.add()
    alone = house.customers.open(Application(data=child(), tier="identified"))
    assert refusal(alone) is CustomerRefusal.GUARDIAN_UNFIT
    ward = house.add(child(), tier="identified", guardian=mother.id)
    assert house.customers.wards(mother.id) == [ward]
    assert house.customers.may_act_for(mother.id, ward.id)
    assert not house.customers.may_act_for(ward.id, mother.id)
    closing = house.customers.set_state(mother.id, CustomerState.CLOSED)
    assert refusal(closing) is CustomerRefusal.HAS_WARDS


def test_a_guardians_right_ends_with_childhood_or_a_block(house: House) -> None:
    mother = house.add()
    ward = house.add(child(), tier="identified", guardian=mother.id)
    early = house.customers.set_guardian(ward.id, None)
    assert refusal(early) is CustomerRefusal.GUARDIAN_UNFIT
    house.customers.set_state(mother.id, CustomerState.BLOCKED)
    assert not house.customers.may_act_for(mother.id, ward.id)
    house.customers.set_state(mother.id, CustomerState.ACTIVE)
    house.clock.advance_us(10 * YEAR_US)
    assert not house.customers.may_act_for(mother.id, ward.id)
    free = house.customers.set_guardian(ward.id, None)
    assert isinstance(free, Customer)
    assert free.guardian is None


def test_who_cannot_be_a_guardian(house: House) -> None:
    mother = house.add()
    ward = house.add(child(), tier="identified", guardian=mother.id)
    for guardian in (ward.id, house.add(PersonalData(phone="+77015550003"), tier="phone").id):
        answer = house.customers.open(
            Application(
                data=msgspec.structs.replace(child(), tax_number="7654321"),
                tier="identified",
                guardian=guardian,
            )
        )
        assert refusal(answer) is CustomerRefusal.GUARDIAN_UNFIT
    assert refusal(house.customers.set_guardian(ward.id, ward.id)) is (
        CustomerRefusal.GUARDIAN_UNFIT
    )
    with pytest.raises(UnknownCustomer):
        house.customers.set_guardian(ward.id, NOBODY)


def test_an_id_nobody_has(house: House) -> None:
    for ask in (house.customers.get, house.customers.personal_data, house.customers.forget):
        with pytest.raises(UnknownCustomer):
            ask(NOBODY)


def race(house: House, others: House) -> None:
    """Two nodes are told the same number at once: one customer, one refusal."""
    barrier, answers = Barrier(2), []

    def try_one(here: House) -> None:
        barrier.wait()
        answers.append(here.customers.open(Application(data=AIGERIM, tier="full")))

    threads = [Thread(target=try_one, args=(each,)) for each in (house, others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert len(house.customers.page()) == 1


def test_two_nodes_and_one_number(tmp_path: Path) -> None:
    race(open_house(tmp_path), open_house(tmp_path, seed=8))


def test_two_nodes_and_one_number_on_postgres(pg_url: str) -> None:
    houses = open_house(pg_url), open_house(pg_url, seed=8)
    race(*houses)
    for house in houses:
        house.tables.close()


def test_no_file_of_the_bank_holds_a_word_about_anybody(house: House, tmp_path: Path) -> None:
    mother = house.add()
    ward = house.add(child(), tier="identified", guardian=mother.id)
    house.customers.identify(mother.id, changed(phone="+77015550002"), tier="full")
    house.customers.find_by_phone("+77015550001")
    house.customers.set_state(ward.id, CustomerState.CLOSED)
    house.customers.forget(ward.id)
    said = [AIGERIM.name, *AIGERIM.name.split(), AIGERIM.phone, AIGERIM.phone[1:], "+77015550002"]
    said += [AIGERIM.tax_number, AIGERIM.birth_date, AIGERIM.address, "N0455501", "2031-05-05"]
    said += [child().name, child().tax_number, child().birth_date, "19910101"]
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert sum(map(len, written.values())) > 10_000
    for text in said:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for path, content in written.items():
                assert text.encode(encoding) not in content, (text, path)


def test_the_search_for_words_would_find_them(house: House, tmp_path: Path) -> None:
    house.add()
    with house.tables.begin() as connection:
        table = METADATA.tables["customers"]
        connection.execute(sa.update(table).values(language="Айгерім"))
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "Айгерім".encode() in written
