# SPDX-License-Identifier: Apache-2.0
"""Keys the bank keeps, sealed at rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.bank import custody as module
from kerege.bank import custody_store
from kerege.bank.custody import Custody, NotInCustody
from kerege.bank.money_store import CUSTODY_KEYS, open_money_tables
from kerege.keys import (
    RootSecret,
    SealBrokenError,
    key_thumbprint,
    parse_compact,
    verify_compact,
)
from kerege.payments.documents import ORDER_TYP, Leg, Pay, decode_document
from kerege.runtime import ManualClock, SeededRandomness
from kerege.runtime.tables import Tables

MASTER, OTHER = RootSecret(bytes(32)), RootSecret(bytes([1]) * 32)
ARU, BEK = "wal_" + "1" * 32, "wal_" + "2" * 32


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    yield tables
    tables.close()


def custody(tables: Tables, master: RootSecret = MASTER, *retired: RootSecret) -> Custody:
    return Custody(
        tables, master, retired=retired, clock=ManualClock(5), randomness=SeededRandomness(1)
    )


def payment(wallet: str) -> Pay:
    return Pay(id="ord_" + "1" * 32, wallet=wallet, until_us=1, asset="KZT", legs=(Leg(BEK, 5),))


def test_a_key_signs_for_its_wallet(tables: Tables) -> None:
    keys = custody(tables)
    key = keys.draw(ARU)
    assert keys.draw(ARU) == keys.public_key(ARU) == key
    assert keys.draw(BEK) != key
    jws = parse_compact(keys.sign(payment(ARU)))
    payload = verify_compact(jws, key, kid=key_thumbprint(key), typ=ORDER_TYP)
    assert decode_document(payload) == payment(ARU)


def test_without_a_key_nothing_is_signed(tables: Tables) -> None:
    keys = custody(tables)
    for act in (keys.public_key, keys.draw_next):
        with pytest.raises(NotInCustody):
            act(ARU)
    with pytest.raises(NotInCustody):
        keys.sign(payment(ARU))
    keys.draw(ARU)
    keys.destroy(ARU)
    with pytest.raises(NotInCustody):
        keys.sign(payment(ARU))


def test_exchanged_rows_do_not_open(tables: Tables) -> None:
    keys = custody(tables)
    keys.draw(ARU), keys.draw(BEK)
    with tables.begin() as connection:
        rows = {row.wallet: row for row in connection.execute(sa.select(CUSTODY_KEYS))}
        for wallet, other in ((ARU, BEK), (BEK, ARU)):
            connection.execute(
                sa.update(CUSTODY_KEYS)
                .where(CUSTODY_KEYS.c.wallet == wallet)
                .values(sealed=rows[other].sealed)
            )
    with pytest.raises(SealBrokenError):
        keys.sign(payment(ARU))


def test_nothing_of_a_key_is_in_the_file(tables: Tables, tmp_path: Path) -> None:
    keys = custody(tables)
    keys.draw(ARU)
    with tables.read() as connection:
        found = connection.execute(sa.select(CUSTODY_KEYS)).one()
    secret = keys._key(ARU, "present").reveal_secret()
    assert secret not in found.sealed
    assert all(secret not in file.read_bytes() for file in tmp_path.iterdir())


def test_a_new_key_comes_into_force_once(tables: Tables) -> None:
    keys = custody(tables)
    old = keys.draw(ARU)
    new = keys.draw_next(ARU)
    assert keys.draw_next(ARU) == new != old
    assert keys.to_come() == [(ARU, key_thumbprint(new))]
    assert keys.public_key(ARU) == old
    keys.put_in_force(ARU, key_thumbprint(old))
    assert keys.public_key(ARU) == old
    for _ in range(2):
        keys.put_in_force(ARU, key_thumbprint(new))
        assert keys.public_key(ARU) == new
    assert keys.to_come() == []


def test_a_refused_key_is_given_up(tables: Tables) -> None:
    keys = custody(tables)
    old = keys.draw(ARU)
    new = keys.draw_next(ARU)
    keys.give_up(ARU, key_thumbprint(old))
    keys.give_up(ARU, key_thumbprint(new))
    assert keys.draw_next(ARU) != new
    assert keys.public_key(ARU) == old


def test_the_master_secret_can_be_changed(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REWRAP_AT_ONCE", 1)
    before = {wallet: custody(tables).draw(wallet) for wallet in (ARU, BEK)}
    with pytest.raises(NotInCustody, match="master secret"):
        custody(tables, OTHER).public_key(ARU)
    both = custody(tables, OTHER, MASTER)
    assert both.public_key(ARU) == before[ARU]
    assert (both.rewrap(), both.rewrap()) == (2, 0)
    alone = custody(tables, OTHER)
    assert {wallet: alone.public_key(wallet) for wallet in (ARU, BEK)} == before


def test_two_nodes_draw_one_key(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = custody(tables), custody(tables)
    drawn = other.draw(ARU)
    found = custody_store.find_key
    asked: list[str] = []

    def finds_nothing_at_first(connection: sa.Connection, wallet: str, state: str) -> object:
        asked.append(wallet)
        return None if len(asked) == 1 else found(connection, wallet, state)

    monkeypatch.setattr(custody_store, "find_key", finds_nothing_at_first)
    assert one.draw(ARU) == drawn
