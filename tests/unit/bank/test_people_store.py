# SPDX-License-Identifier: Apache-2.0
"""The schema itself refuses what the register never writes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.bank.people_store import CUSTOMER_TAGS, CUSTOMERS, open_people_tables

ROW = {
    "id": "cus_1",
    "kind": "person",
    "tier": "phone",
    "state": "active",
    "language": "kk",
    "guardian": None,
    "opened_us": 1,
    "changed_us": 1,
    "version": 1,
}


@pytest.mark.parametrize(
    "fault",
    [{"kind": "alien"}, {"state": "asleep"}, {"guardian": "cus_1"}, {"guardian": "cus_none"}],
)
def test_a_row_that_makes_no_sense(tmp_path: Path, fault: dict[str, str]) -> None:
    tables = open_people_tables(f"sqlite:///{tmp_path}/bank.db")
    with tables.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.insert(CUSTOMERS).values(ROW | fault))


def test_a_tag_is_a_whole_hash_and_leads_to_one(tmp_path: Path) -> None:
    tables = open_people_tables(f"sqlite:///{tmp_path}/bank.db")
    tag = {"kind": "phone", "tag": b"t" * 32, "customer": "cus_1"}
    with tables.begin() as connection:
        connection.execute(sa.insert(CUSTOMERS).values(ROW))
        connection.execute(sa.insert(CUSTOMER_TAGS).values(tag))
    for fault in ({}, {"tag": b"short"}, {"tag": b"u" * 32, "customer": "cus_none"}):
        with tables.begin() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.insert(CUSTOMER_TAGS).values(tag | fault))
