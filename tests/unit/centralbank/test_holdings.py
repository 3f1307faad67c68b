# SPDX-License-Identifier: Apache-2.0
"""What institutions may see of wallets; over HTTP in http/test_wallets.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.centralbank.holdings import Holdings
from tests.doors import Door

LAST = 2**53


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    door = Door(tmp_path)
    yield door
    door.close()


@pytest.fixture
def holdings(door: Door) -> Holdings:
    return Holdings(door.country.ledger, door.country.register)


def test_a_view_depends_on_who_asks(door: Door, holdings: Holdings) -> None:
    own = holdings.view(door.altyn.name, door.aru.id)
    other = holdings.view(door.qala.name, door.aru.id)
    assert own is not None
    assert other is not None
    assert (own.tier, len(own.keys)) == ("phone", 1)
    assert (other.tier, other.keys, other.assets) == ("", (), own.assets)
    assert holdings.view(door.qala.name, "wal_" + "0" * 32) is None


def test_money_is_shown_to_who_keeps_it(door: Door, holdings: Holdings) -> None:
    balances = holdings.balances(door.altyn.name, door.aru.id)
    assert balances is not None
    assert [(one.asset, one.available, one.ceiling) for one in balances] == [
        ("KZT", 1_000, 50_000_00)
    ]
    assert holdings.balances(door.qala.name, door.aru.id) is None


def test_lines_run_backwards(door: Door, holdings: Holdings) -> None:
    door.send(door.altyn, door.pay(door.aru, door.bek.id, 5), door.aru.key)
    lines = holdings.statement(door.altyn.name, door.aru.id, asset="KZT", before=LAST, limit=10)
    assert lines is not None
    assert [(line.change, line.balance) for line in lines] == [(-5, 995), (1_000, 1_000)]
    assert lines[0].counterparty == door.bek.id
    older = holdings.statement(
        door.altyn.name, door.aru.id, asset="KZT", before=lines[0].seq, limit=10
    )
    assert older == lines[1:]


def test_no_lines_for_others(door: Door, holdings: Holdings) -> None:
    for bank, asset in ((door.qala.name, "KZT"), (door.altyn.name, "XAU")):
        found = holdings.statement(bank, door.aru.id, asset=asset, before=LAST, limit=1)
        assert found is None
