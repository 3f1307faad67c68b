# SPDX-License-Identifier: Apache-2.0
"""Keyed hashes of numbers: apart by kind and by bank, found by the thousand."""

from pathlib import Path

import msgspec

from kerege.bank.customer import CustomerRefusal
from kerege.bank.customer_tags import FOUND_BY, TAKEN, CustomerTags
from kerege.bank.customers import Application
from kerege.bank.personal_data import PersonalData
from kerege.keys import RootSecret
from tests.people import AIGERIM, open_house

TAGS = CustomerTags(RootSecret(b"a" * 32))


def test_a_number_has_another_hash_elsewhere() -> None:
    other = CustomerTags(RootSecret(b"b" * 32))
    hashes = {tags.tag(kind, "123456") for tags in (TAGS, other) for kind in FOUND_BY}
    assert len(hashes) == 4
    assert TAGS.tag("phone", "") is None
    assert TAGS.of(PersonalData()) == []
    assert [kind for kind, _ in TAGS.of(AIGERIM)] == ["phone", "tax_number"]
    assert set(TAKEN.values()) <= set(CustomerRefusal)


def test_a_thousand_are_looked_for_at_once(tmp_path: Path) -> None:
    house = open_house(tmp_path)
    people = [
        msgspec.structs.replace(AIGERIM, phone=f"+7701{each:07}", tax_number=f"{each:012}")
        for each in range(1_200)
    ]
    house.customers.open_many([Application(data=data, tier="full") for data in people])
    tags = CustomerTags(house.index)
    with house.tables.read() as connection:
        assert len(tags.holders(connection, people)) == 2 * len(people)
        assert tags.holders(connection, [PersonalData(phone="+77029999999")]) == {}
    house.tables.close()
