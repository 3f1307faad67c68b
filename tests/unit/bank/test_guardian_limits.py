# SPDX-License-Identifier: Apache-2.0
"""What guardians set."""

from pathlib import Path

import pytest

from kerege.bank.guardian_limits import GuardianLimits, UnfitLimits
from kerege.bank.money_store import open_money_tables
from kerege.bank.tiers import Limits
from kerege.runtime import ManualClock


def test_a_guardians_limits(tmp_path: Path) -> None:
    tables = open_money_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    limits = GuardianLimits(tables, clock=ManualClock(5))
    given = {"guardian": "cus", "wallet": "wal", "asset": "KZT"}
    limits.set(**given, limits=Limits(payment=5, day=9))
    limits.set(**given, limits=Limits(day=7))
    assert limits.of(["wal", "other"]) == {"wal": {"KZT": Limits(day=7)}}
    for unfit in (Limits(holding=5), Limits(payment=5, day=4), Limits(payment=5, month=4)):
        with pytest.raises(UnfitLimits):
            limits.set(**given, limits=unfit)
    limits.lift(wallet="wal", asset="KZT")
    assert limits.of(["wal"]) == {}
    tables.close()
