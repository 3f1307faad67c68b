# SPDX-License-Identifier: Apache-2.0
"""Who needs a guardian and who may be one, as a table."""

import datetime

import msgspec
import pytest

from kerege.bank.customer import Customer, CustomerId, CustomerState
from kerege.bank.guardianship import day_of, is_of_age, may_be_guardian, may_have_guardian
from kerege.bank.personal_data import PersonalData

TODAY = datetime.date(2026, 11, 22)
GROWN, CHILD, UNKNOWN = "2008-11-22", "2008-11-23", ""
SOMEBODY = Customer(
    id=CustomerId("cus_1"),
    kind="person",
    tier="full",
    state=CustomerState.ACTIVE,
    language="kk",
    opened_us=0,
    changed_us=0,
    version=1,
)
OTHER = CustomerId("cus_2")


def somebody(**changes: object) -> Customer:
    return msgspec.structs.replace(SOMEBODY, **changes)


@pytest.mark.parametrize(
    ("ward", "born", "right"),
    [
        ({}, GROWN, True),
        ({}, UNKNOWN, True),
        ({}, CHILD, False),
        ({"guardian": OTHER}, CHILD, True),
        ({"guardian": OTHER}, UNKNOWN, True),
        ({"guardian": OTHER}, GROWN, False),
        ({"guardian": SOMEBODY.id}, CHILD, False),
        ({"kind": "firm"}, UNKNOWN, True),
        ({"kind": "firm", "guardian": OTHER}, UNKNOWN, False),
    ],
)
def test_who_has_a_guardian(ward: dict[str, object], born: str, *, right: bool) -> None:
    data = PersonalData(birth_date=born)
    assert may_have_guardian(somebody(**ward), data, today=TODAY) is right


@pytest.mark.parametrize(
    ("guardian", "born", "right"),
    [
        ({}, GROWN, True),
        ({}, UNKNOWN, False),
        ({}, CHILD, False),
        ({"guardian": OTHER}, GROWN, False),
        ({"kind": "firm"}, GROWN, False),
        ({"state": CustomerState.BLOCKED}, GROWN, False),
        ({"state": CustomerState.WAITING}, GROWN, False),
    ],
)
def test_who_is_a_guardian(guardian: dict[str, object], born: str, *, right: bool) -> None:
    data = PersonalData(birth_date=born)
    assert may_be_guardian(somebody(**guardian), data, today=TODAY) is right


def test_days() -> None:
    assert day_of(0) == datetime.date(1970, 1, 1)
    assert day_of(86_400_000_000 - 1) == datetime.date(1970, 1, 1)
    assert day_of(86_400_000_000) == datetime.date(1970, 1, 2)
    assert not is_of_age(PersonalData(), today=TODAY)
