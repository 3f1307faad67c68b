# SPDX-License-Identifier: Apache-2.0
"""The schema holds what the code promises."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.bank.money_store import PAYMENTS, open_money_tables
from kerege.errors import KeregeError

ROW = {
    "id": "ord_" + "1" * 32,
    "wallet": "wal",
    "customer": "cus",
    "kind": "pay",
    "asset": "KZT",
    "amount": 5,
    "digest": bytes(32),
    "text": b"text",
    "reserves": b"",
    "made_us": 1,
    "until_us": 2,
    "sent_us": 1,
    "tries": 1,
    "state": "sent",
    "answer": b"",
    "due_us": 3,
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "accepted"},
        {"answer": b"x"},
        {"due_us": None},
        {"digest": bytes(31)},
        {"amount": -1},
        {"tries": 0},
    ],
)
def test_the_database_refuses_what_cannot_be(tmp_path: Path, wrong: dict[str, object]) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    with pytest.raises((sa.exc.IntegrityError, KeregeError)), tables.begin() as connection:
        connection.execute(sa.insert(PAYMENTS).values(**{**ROW, **wrong}))
    with tables.begin() as connection:
        connection.execute(sa.insert(PAYMENTS).values(**ROW))
    tables.close()
