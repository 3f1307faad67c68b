# SPDX-License-Identifier: Apache-2.0
"""The statements of screening, on both databases."""

from pathlib import Path

import msgspec

from kerege.bank import screening_store as store
from kerege.bank.screening_case import Case, CaseState
from kerege.bank.screening_list import ListedEntry
from tests.people import House, open_house

ENTRIES = [ListedEntry(id=f"{each:04}", names=(f"Name {each}",)) for each in range(1_200)]


def check(house: House) -> None:
    customer = house.add().id
    case = Case(
        id="cse_1",
        customer=customer,
        list_name="own",
        entry="0001",
        entry_digest="d",
        data_tag=b"t" * 32,
        score=900,
        state=CaseState.OPEN,
        opened_us=1,
    )
    with house.tables.begin() as connection:
        kept = store.KeptList("own", "1", "digest", len(ENTRIES), 5)
        store.write_list(connection, kept)
        store.write_list(connection, msgspec.structs.replace(kept, version="2"))
        assert [each.version for each in store.lists(connection)] == ["2"]
        store.write_entries(connection, "own", ENTRIES)
        changed = msgspec.structs.replace(ENTRIES[0], note="changed")
        store.write_entries(connection, "own", [changed])
        assert len(store.entries(connection)) == len(store.entries(connection, "own")) == 1_200
        assert store.entries(connection, "other") == []
        assert store.find_entry(connection, "own", "0000") == changed
        assert store.find_entry(connection, "own", "none") is None
        store.insert_case(connection, case)
        assert store.find_case(connection, "cse_1", lock=True) == case
        assert store.cases_of(connection, customer) == [case]
        assert store.cases_in(connection, CaseState.OPEN, "", limit=9) == [case]
        assert store.cases_in(connection, CaseState.OPEN, "cse_1", limit=9) == []
        ids = [entry.id for entry in ENTRIES]
        assert store.lapse_cases(connection, "own", ids) == [customer]
        assert store.lapse_cases(connection, "own", ids) == []
        store.replace_case(connection, msgspec.structs.replace(case, state=CaseState.CLEARED))
        assert store.cases_in(connection, CaseState.CLEARED, "", limit=9)
        store.remove_entries(connection, "own", ids)
        store.remove_list(connection, "own")
        assert store.lists(connection) == []
    house.tables.close()


def test_on_sqlite(tmp_path: Path) -> None:
    check(open_house(tmp_path))


def test_on_postgres(pg_url: str) -> None:
    check(open_house(pg_url))
