# SPDX-License-Identifier: Apache-2.0
"""Joining by oneself: the telephone must answer, and papers are not needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.bank.customer import Customer, CustomerRefusal, CustomerState, Refused
from kerege.bank.customers import Application
from kerege.bank.identity.codes import KeptCodes, OneTimeCodes
from kerege.bank.joining import CodeNotRight, Joining, TierNeedsStaff, TooManyCodesAsked
from kerege.bank.personal_data import PersonalData
from kerege.bank.throttle import Throttle
from tests.people import TIERS, House, open_house

PHONE = "+77015550009"


class Door:
    def __init__(self, house: House, *, suspicious: bool = False) -> None:
        self.codes = KeptCodes()

        def admit(application: Application) -> Customer | Refused:
            return house.customers.open(replace(application, waiting=suspicious))

        self.joining = Joining(
            admit,
            OneTimeCodes(
                house.tables,
                Throttle(house.tables, house.clock),
                self.codes,
                secret=house.index,
                clock=house.clock,
                randomness=house.randomness,
            ),
            TIERS,
            secret=house.index,
        )

    def join(
        self, phone: str = PHONE, *, tier: str = "phone", sent_to: str = PHONE
    ) -> Customer | Refused:
        code_id = self.joining.send_code(sent_to)
        return self.joining.join(
            PersonalData(name="Дина", phone=phone),
            tier=tier,
            language="kk",
            code_id=code_id,
            code=self.codes.latest(sent_to) or "",
        )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = open_house(tmp_path)
    yield made
    made.tables.close()


def test_who_answers_the_telephone_joins(house: House) -> None:
    joined = Door(house).join()
    assert isinstance(joined, Customer)
    assert joined.state is CustomerState.ACTIVE


def test_whom_screening_finds_waits(house: House) -> None:
    joined = Door(house, suspicious=True).join()
    assert isinstance(joined, Customer)
    assert joined.state is CustomerState.WAITING


def test_a_code_counts_for_its_telephone_only(house: House) -> None:
    with pytest.raises(CodeNotRight):
        Door(house).join("+77015550010")


def test_a_telephone_in_other_writing_is_the_same(house: House) -> None:
    assert isinstance(Door(house).join("+7 (701) 555-00-09"), Customer)


def test_a_taken_telephone_is_told_to_its_holder(house: House) -> None:
    door = Door(house)
    door.join()
    again = door.join()
    assert isinstance(again, Refused)
    assert again.code is CustomerRefusal.PHONE_TAKEN


def test_papers_are_shown_at_the_bank(house: House) -> None:
    with pytest.raises(TierNeedsStaff):
        Door(house).join(tier="full")


def test_codes_are_few(house: House) -> None:
    door = Door(house)
    for _ in range(5):
        door.joining.send_code(PHONE)
    with pytest.raises(TooManyCodesAsked) as caught:
        door.joining.send_code(PHONE)
    assert caught.value.wait_s > 0
