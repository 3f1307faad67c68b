# SPDX-License-Identifier: Apache-2.0
"""Screening: who waits, who decides, and what stands until something changes."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kerege.bank.customer import Customer, CustomerState, Refused
from kerege.bank.customers import Application
from kerege.bank.personal_data import PersonalData
from kerege.bank.screening import AlreadyDecided, Loaded, Screening
from kerege.bank.screening_case import CaseState, UnknownCase
from kerege.bank.screening_list import MalformedList, SanctionsList
from tests.made_up_list import LISTED
from tests.people import AIGERIM, House, open_house

YURI = PersonalData(
    name="Щедрин Юрий Вячеславович",
    phone="+77015550058",
    tax_number="581130300003",
    birth_date="1958-11-30",
)


def screening_of(house: House) -> Screening:
    return Screening(
        house.tables,
        house.vault,
        house.customers,
        index=house.index,
        clock=house.clock,
        ids=house.ids,
    )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_house(tmp_path)
    yield house
    house.tables.close()


@pytest.fixture
def screening(house: House) -> Screening:
    screening = screening_of(house)
    screening.load(LISTED)
    return screening


def admitted(screening: Screening, data: PersonalData = YURI) -> Customer:
    opened = screening.admit(Application(data=data, tier="identified"))
    assert isinstance(opened, Customer)
    return opened


def state_of(house: House, customer: Customer) -> CustomerState:
    return house.customers.get(customer.id).state


def without(*ids: str) -> SanctionsList:
    kept = tuple(entry for entry in LISTED.entries if entry.id not in ids)
    return msgspec.structs.replace(LISTED, entries=kept, version="2")


def test_most_people_wait_for_nothing(house: House, screening: Screening) -> None:
    assert admitted(screening, AIGERIM).state is CustomerState.ACTIVE
    assert screening.queue() == []
    assert not screening.look(AIGERIM).hits


def test_who_is_like_somebody_waits_for_a_person(house: House, screening: Screening) -> None:
    customer = admitted(screening)
    assert customer.state is CustomerState.WAITING
    (case,) = screening.queue()
    assert (case.customer, case.entry, case.score) == (customer.id, "p3", 1000)
    view = screening.show(case.id)
    assert view.data == YURI
    assert view.entry is not None
    assert view.hit is not None
    assert view.hit.reasons[-1].kind == "birth_agrees"


def test_many_at_once(screening: Screening) -> None:
    applications = [Application(data=data, tier="identified") for data in (AIGERIM, YURI, YURI)]
    first, second, third = screening.admit_many(applications)
    assert isinstance(first, Customer)
    assert isinstance(second, Customer)
    assert (first.state, second.state) == (CustomerState.ACTIVE, CustomerState.WAITING)
    assert isinstance(third, Refused)
    assert [case.customer for case in screening.queue()] == [second.id]


def test_clearing_lets_go_and_is_remembered(house: House, screening: Screening) -> None:
    customer = admitted(screening)
    (case,) = screening.queue()
    cleared = screening.decide(case.id, CaseState.CLEARED, by="staff-1", note="other passport")
    assert (cleared.state, cleared.decided_by) == (CaseState.CLEARED, "staff-1")
    assert state_of(house, customer) is CustomerState.ACTIVE
    assert screening.screen(customer.id) == []
    assert screening.show(case.id).note == "other passport"
    assert screening.decide(case.id, CaseState.CLEARED, by="staff-2") == cleared
    with pytest.raises(AlreadyDecided):
        screening.decide(case.id, CaseState.CONFIRMED, by="staff-2")


def test_confirming_blocks(house: House, screening: Screening) -> None:
    customer = admitted(screening)
    screening.decide(screening.queue()[0].id, CaseState.CONFIRMED, by="staff-1")
    assert state_of(house, customer) is CustomerState.BLOCKED
    assert screening.queue() == []


def test_a_changed_entry_or_name_asks_again(house: House, screening: Screening) -> None:
    customer = admitted(screening)
    (case,) = screening.queue()
    screening.decide(case.id, CaseState.CLEARED, by="staff-1")
    noted = tuple(
        msgspec.structs.replace(entry, note="new") if entry.id == "p3" else entry
        for entry in LISTED.entries
    )
    assert screening.load(msgspec.structs.replace(LISTED, entries=noted)) == Loaded(0, 1, 0)
    assert [again.id for again in screening.screen(customer.id)] == [case.id]
    assert state_of(house, customer) is CustomerState.WAITING
    screening.decide(case.id, CaseState.CLEARED, by="staff-1")
    house.customers.identify(customer.id, msgspec.structs.replace(YURI, birth_date="1958-11-29"))
    assert len(screening.screen(customer.id)) == 1


def test_a_new_list_finds_customers_of_long_ago(house: House) -> None:
    screening = screening_of(house)
    others = [
        msgspec.structs.replace(AIGERIM, phone=f"+770155510{each:02}", tax_number=f"1000{each:04}")
        for each in range(5)
    ]
    for data in (*others, YURI):
        assert admitted(screening, data).state is CustomerState.ACTIVE
    screening.load(LISTED)
    cursor: str | None = ""
    looked = opened = 0
    while cursor is not None:
        part = screening.rescreen(cursor, limit=2)
        cursor, looked, opened = part.cursor, looked + part.looked, opened + part.opened
    assert (looked, opened) == (6, 1)
    found = house.customers.find_by_phone(YURI.phone)
    assert found is not None
    assert found.state is CustomerState.WAITING


def test_who_left_the_list_waits_no_longer(house: House, screening: Screening) -> None:
    customer = admitted(screening)
    assert screening.load(without("p3")) == Loaded(0, 0, 1)
    assert state_of(house, customer) is CustomerState.ACTIVE
    assert screening.cases(customer.id)[0].state is CaseState.LAPSED
    screening.load(LISTED)
    assert screening.screen(customer.id)[0].state is CaseState.OPEN
    assert screening.drop("made-up") == len(LISTED.entries)
    assert state_of(house, customer) is CustomerState.ACTIVE
    assert screening.lists() == []


def test_a_list_that_lost_its_half_is_not_believed(screening: Screening) -> None:
    short = without(*(f"p{each}" for each in range(1, 9)))
    with pytest.raises(MalformedList):
        screening.load(short)
    assert screening.lists()[0].entries == len(LISTED.entries)
    assert screening.load(short, may_shrink=True).removed == 8


def test_another_node_uses_a_new_list_within_a_second(house: House, tmp_path: Path) -> None:
    here, there = screening_of(house), screening_of(open_house(tmp_path, seed=8))
    assert not there.look(YURI).hits
    here.load(LISTED)
    there._clock.advance_us(1_000_000)  # type: ignore[attr-defined]  # a manual clock
    assert there.look(YURI).hits
    there._tables.close()


def test_a_case_nobody_opened(screening: Screening) -> None:
    for ask in (screening.show, lambda case: screening.decide(case, CaseState.CLEARED, by="x")):
        with pytest.raises(UnknownCase):
            ask("cse_none")


def test_the_forgotten_are_not_looked_at(house: House, screening: Screening) -> None:
    customer = admitted(screening)
    screening.decide(screening.queue()[0].id, CaseState.CLEARED, by="staff-1", note="secret note")
    house.customers.set_state(customer.id, CustomerState.CLOSED)
    house.customers.forget(customer.id)
    assert screening.rescreen().looked == 0


def test_cases_tell_nothing_to_who_reads_the_file(
    house: House, screening: Screening, tmp_path: Path
) -> None:
    admitted(screening)
    note = "Паспорт басқа адамдікі"
    screening.decide(screening.queue()[0].id, CaseState.CLEARED, by="staff-1", note=note)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    # The list itself is public, and spells the name the same way.
    for text in (YURI.phone, YURI.phone[1:], YURI.tax_number, note):
        assert text.encode() not in written


def test_on_postgres(pg_url: str) -> None:
    house = open_house(pg_url)
    screening = screening_of(house)
    screening.load(LISTED)
    customer = admitted(screening)
    screening.load(without("p3"))
    assert state_of(house, customer) is CustomerState.ACTIVE
    house.tables.close()
