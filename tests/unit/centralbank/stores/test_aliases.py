# SPDX-License-Identifier: Apache-2.0
"""Rows of aliases and counts, on both databases."""

from pathlib import Path

import pytest

from kerege.centralbank.stores import aliases
from kerege.payments import WalletId
from tests.registers import Country


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_rows(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("pg_url") if database == "postgresql" else ""
    country = Country(tmp_path, url=url)
    bank = country.bank("altyn")
    aru = country.person(bank)
    with country.register._tables.begin() as connection:
        assert aliases.add_alias(connection, "t", aru.id, at_us=1)
        assert not aliases.add_alias(connection, "t", bank.own.id, at_us=1)
        assert aliases.find_alias(connection, "t") == (aru.id, bank.name)
        assert aliases.count_aliases(connection, aru.id) == 1
        assert aliases.move_alias(connection, "t", before=aru.id, after=bank.own.id)
        assert not aliases.move_alias(connection, "t", before=aru.id, after=bank.own.id)
        aliases.remove_alias(connection, "t", wallet=aru.id)
        assert aliases.find_alias(connection, "t") == (bank.own.id, bank.name)
        aliases.remove_alias(connection, "t", wallet=bank.own.id)
        assert aliases.find_alias(connection, "t") is None
        assert aliases.count_aliases(connection, WalletId("wal_x")) == 0
        for total in (3, 6, 9):
            assert aliases.count_asked(connection, "altyn", minute=5, asked=3, found=1) == total
        aliases.forget_minutes(connection, "altyn", before=6)
        assert aliases.count_asked(connection, "altyn", minute=5, asked=1, found=0) == 1
    country.close()
