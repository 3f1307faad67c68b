# SPDX-License-Identifier: Apache-2.0
"""Rows of cases."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from kerege.bank import disputes_store as store
from kerege.bank.disputes_store import KeptCase
from kerege.bank.money_store import open_money_tables
from kerege.payments.disputes import Case, Paid, Reason, State

PAID = Paid(order="ord", leg=0, asset="KZT", payer="a", payee="b", amount=5, refunded=0, at_us=1)
CASE = Case(
    id="dsp_1",
    paid=PAID,
    reason=Reason.PAID_TWICE,
    claimed=5,
    decider="c",
    state=State.OPENED,
    opened_us=1,
    answer_by_us=2,
    decide_by_us=3,
)


def test_cases(tmp_path: Path) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    with tables.begin() as connection:
        store.insert_case(connection, KeptCase(CASE, 1, 10))
        assert store.find_case(connection, "dsp_1") == KeptCase(CASE, 1, 10)
        assert store.find_case(connection, "dsp_2") is None
        changed = KeptCase(replace(CASE, state=State.SETTLED), 2, None)
        assert store.save_case(connection, changed)
        assert not store.save_case(connection, changed)
        assert store.cases_of(connection, "a", limit=9) == [changed]
        assert store.cases_of(connection, "b", limit=9) == [changed]
        assert store.cases_of(connection, "c", limit=9) == []
        other = KeptCase(replace(CASE, id="dsp_2", paid=replace(PAID, leg=1)), 1, 10)
        store.insert_case(connection, other)
        assert store.due_cases(connection, 9, limit=9) == []
        assert store.due_cases(connection, 10, limit=9) == [other]
        assert store.mandate_of(connection, "b") == ""
        store.save_mandate(connection, "b", "ord_1")
        store.save_mandate(connection, "b", "ord_2")
        assert store.mandate_of(connection, "b") == "ord_2"
    with pytest.raises(sa.exc.IntegrityError), tables.begin() as connection:
        store.insert_case(connection, KeptCase(replace(CASE, id="dsp_3"), 1, 10))
    tables.close()
