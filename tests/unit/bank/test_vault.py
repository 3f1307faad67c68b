# SPDX-License-Identifier: Apache-2.0
"""The vault: opens for its owner and field only, forgets for good, follows a new master key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.bank.people_store import VAULT_FIELDS, VAULT_KEYS, open_people_tables
from kerege.bank.vault import MAX_FIELD_BYTES, MissingMasterKey, NothingKept, Vault
from kerege.errors import InvariantViolation
from kerege.keys import RootSecret, SealBrokenError
from kerege.runtime import SeededRandomness
from kerege.runtime.tables import Tables

OLD, NEW = RootSecret(b"o" * 32), RootSecret(b"n" * 32)
ANNA, BOLAT = "cus_" + "a" * 32, "cus_" + "b" * 32


def vault_of(master: RootSecret, *retired: RootSecret) -> Vault:
    return Vault(master, retired=retired, randomness=SeededRandomness(3))


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    tables = open_people_tables(f"sqlite:///{tmp_path}/bank.db")
    yield tables
    tables.close()


def filled(tables: Tables) -> Vault:
    vault = vault_of(OLD)
    with tables.begin() as connection:
        for owner in (ANNA, BOLAT):
            vault.create(
                connection,
                {owner: {"name": f"name of {owner}", "phone": "+77015550009", "x": None}},
            )
    return vault


def read(vault: Vault, tables: Tables, owner: str) -> dict[str, str]:
    with tables.read() as connection:
        return vault.read(connection, owner)


def test_what_was_written_is_read_and_what_was_not_given_stays(tables: Tables) -> None:
    vault = filled(tables)
    with tables.begin() as connection:
        vault.write(connection, ANNA, {"phone": None, "address": "Алматы"})
        vault.write(connection, ANNA, {})
    assert read(vault, tables, ANNA) == {"name": f"name of {ANNA}", "address": "Алматы"}
    assert read(vault, tables, BOLAT)["phone"] == "+77015550009"


@pytest.mark.parametrize(
    "swap",
    [
        pytest.param(
            sa.update(VAULT_FIELDS).where(VAULT_FIELDS.c.field == "name").values(field="address"),
            id="a field under another name",
        ),
        pytest.param(
            sa.update(VAULT_FIELDS)
            .where(VAULT_FIELDS.c.owner == ANNA, VAULT_FIELDS.c.field == "name")
            .values(
                sealed=sa.select(VAULT_FIELDS.c.sealed)
                .where(VAULT_FIELDS.c.owner == BOLAT, VAULT_FIELDS.c.field == "name")
                .scalar_subquery()
            ),
            id="another's field",
        ),
        pytest.param(
            sa.update(VAULT_KEYS)
            .where(VAULT_KEYS.c.owner == ANNA)
            .values(
                wrapped=sa.select(VAULT_KEYS.c.wrapped)
                .where(VAULT_KEYS.c.owner == BOLAT)
                .scalar_subquery()
            ),
            id="another's key",
        ),
        pytest.param(sa.update(VAULT_KEYS).values(wrapped=b"short"), id="a key cut short"),
        pytest.param(sa.update(VAULT_FIELDS).values(sealed=b"x" * 40), id="bytes of one's own"),
    ],
)
def test_rows_that_were_exchanged_do_not_open(tables: Tables, swap: sa.Update) -> None:
    vault = filled(tables)
    with tables.begin() as connection:
        connection.execute(swap)
    with pytest.raises(SealBrokenError):
        read(vault, tables, ANNA)


def test_who_was_forgotten_leaves_no_byte_of_a_key_in_the_files(
    tables: Tables, tmp_path: Path
) -> None:
    vault = filled(tables)
    with tables.begin() as connection:
        wrapped = connection.scalars(
            sa.select(VAULT_KEYS.c.wrapped).where(VAULT_KEYS.c.owner == ANNA)
        ).one()
    with tables.begin() as connection:
        vault.forget(connection, [ANNA, "cus_" + "0" * 32])
    vault.scrub(tables)
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert wrapped not in everything
    with pytest.raises(NothingKept):
        read(vault, tables, ANNA)
    with tables.begin() as connection, pytest.raises(NothingKept):
        vault.write(connection, ANNA, {"name": "again"})
    assert read(vault, tables, BOLAT)["name"] == f"name of {BOLAT}"


def test_a_new_master_key_takes_over_and_the_old_one_may_go(tables: Tables) -> None:
    filled(tables)
    both = vault_of(NEW, OLD)
    assert read(both, tables, ANNA)["name"] == f"name of {ANNA}"
    with tables.begin() as connection:
        both.create(connection, {"cus_" + "c" * 32: {}})
    assert both.rewrap(tables) == 2
    assert both.rewrap(tables) == 0
    alone = vault_of(NEW)
    assert read(alone, tables, ANNA)["phone"] == "+77015550009"
    with pytest.raises(MissingMasterKey) as caught:
        read(vault_of(OLD), tables, BOLAT)
    assert "retired" in caught.value.remedy


def test_wrapping_anew_without_the_old_key_changes_nothing(tables: Tables) -> None:
    filled(tables)
    with pytest.raises(MissingMasterKey):
        vault_of(NEW).rewrap(tables)
    assert read(vault_of(OLD), tables, ANNA)


def test_a_field_has_a_limit(tables: Tables) -> None:
    vault = filled(tables)
    with tables.begin() as connection, pytest.raises(InvariantViolation):
        vault.write(connection, ANNA, {"name": "x" * (MAX_FIELD_BYTES + 1)})
