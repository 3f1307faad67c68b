# SPDX-License-Identifier: Apache-2.0
"""A cursor is moved by whoever read from where it stands."""

from pathlib import Path

from kerege.bank.incoming_store import NOTHING_READ, advance, position_of
from kerege.bank.money_store import open_money_tables


def test_cursors_move_once(tmp_path: Path) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    with tables.begin() as connection:
        assert position_of(connection, "a") == NOTHING_READ
        assert advance(connection, "a", before=NOTHING_READ, after=5)
        assert not advance(connection, "a", before=NOTHING_READ, after=6)
        assert not advance(connection, "a", before=4, after=6)
        assert advance(connection, "a", before=5, after=9)
        assert (position_of(connection, "a"), position_of(connection, "b")) == (9, NOTHING_READ)
    tables.close()
