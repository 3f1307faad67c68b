# SPDX-License-Identifier: Apache-2.0
"""Rows of cases told and heard."""

from pathlib import Path

import msgspec
import sqlalchemy as sa

from kerege.bank import abroad_store as store
from kerege.bank.abroad_store import ForeignCase, Told
from kerege.bank.money_store import DISPUTES, open_money_tables
from kerege.wallet.wire import CaseView

VIEW = CaseView(
    id="dsp_1",
    payment="ord_1",
    leg=0,
    asset="KZT",
    payer="wal_1",
    payee="wal_2",
    reason="not_received",
    state="opened",
    claimed=5,
    conceded=0,
    awarded=0,
    reserved=False,
    opened_us=1,
    answer_by_us=2,
    decide_by_us=3,
    evidence=(),
)


def test_cases_are_untold_until_told_at_their_version(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    money, tables = open_money_tables(url), store.open_abroad_tables(url)
    row = {"payment": "ord_1", "leg": 0, "payer": "a", "payee": "b", "state": "opened"}
    with money.begin() as connection:
        connection.execute(sa.insert(DISPUTES).values(id="dsp_1", version=1, body=b"", **row))
    with tables.begin() as connection:
        assert store.untold_cases(connection, 10, limit=5) == [("dsp_1", 1)]
        later = Told("dsp_1", -1, b"", 1, 20)
        store.save_told(connection, later)
        assert store.untold_cases(connection, 19, limit=5) == []
        assert store.untold_cases(connection, 20, limit=5) == [("dsp_1", 1)]
        told = Told("dsp_1", 1, bytes(32), 0, 0)
        store.save_told(connection, told)
        assert store.find_told(connection, "dsp_1") == told
        assert store.untold_cases(connection, 99, limit=5) == []
        connection.execute(sa.update(DISPUTES).values(version=2))
        assert store.untold_cases(connection, 99, limit=5) == [("dsp_1", 2)]
        assert store.find_told(connection, "dsp_2") is None
    money.close()
    tables.close()


def test_what_was_heard_last_is_kept(tmp_path: Path) -> None:
    tables = store.open_abroad_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    later = ForeignCase("post", 6, msgspec.structs.replace(VIEW, state="decided"))
    with tables.begin() as connection:
        store.save_foreign(connection, ForeignCase("post", 5, VIEW))
        store.save_foreign(connection, later)
        assert store.find_foreign(connection, "dsp_1") == later
        assert store.foreign_of(connection, "wal_2", limit=5) == [later]
        assert store.foreign_of(connection, "wal_1", limit=5) == []
        assert store.find_foreign(connection, "dsp_2") is None
    tables.close()
