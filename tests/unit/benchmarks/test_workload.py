# SPDX-License-Identifier: Apache-2.0
"""Workloads: the same for the same seed, and what their conditions say of them."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from benchmarks.posting import Posting, WrongOutcomesError
from benchmarks.sqlite_ledger import large_ledger, open_ledger
from benchmarks.workload import OVERDRAFT, Workload, open_accounts, orders_of, post_all
from kerege.ledger.account import Role
from kerege.ledger.ids import AccountId
from kerege.ledger.request import Columns
from tests.unit.benchmarks.stages import quick_stage


def same(one: Columns, other: Columns) -> bool:
    return one.ids == other.ids and bool((one.amount == other.amount).all())


def test_one_seed_gives_one_workload() -> None:
    first, again, other = Workload(1, 50), Workload(1, 50), Workload(2, 50)
    batch = first.columns(20)
    assert same(batch, again.columns(20))
    assert not same(batch, other.columns(20))
    assert not same(batch, first.columns(20))


def test_transfers_are_between_two_accounts_there_are() -> None:
    batch = Workload(3, 10, refused_in=4).columns(1_000)
    assert (batch.debit != batch.credit).all()
    assert {*np.unique(batch.debit), *np.unique(batch.credit)} == set(range(1, 11))
    assert 0.15 < (batch.amount > OVERDRAFT).mean() < 0.35
    assert (Workload(3, 10).columns(1_000).amount <= 1_000_000).all()


def test_ids_of_later_batches_are_later() -> None:
    workload = Workload(3, 10)
    first, second = workload.columns(50).order_ids(), workload.columns(50).order_ids()
    assert len({*first, *second}) == 100
    assert max(first) < min(second)


def test_objects_say_what_columns_say(tmp_path: Path) -> None:
    with closing(open_ledger(tmp_path / "l.db")) as ledger:
        open_accounts(ledger, 30)
        assert ledger.account(AccountId(30)).account.role is Role.HOLDER
        workload = Workload(5, 30, refused_in=10)
        batches = [workload.columns(40) for _ in range(4)]
        posted, spent = post_all(ledger.post, [orders_of(batch) for batch in batches[:2]])
        told = [[not outcome.accepted for outcome in outcomes] for outcomes in posted]
        columns = post_all(ledger.post_columns, batches[2:])[0]
        told += [(outcomes.refusal != 0).tolist() for outcomes in columns]
    assert told == [(batch.amount > OVERDRAFT).tolist() for batch in batches]
    assert spent.wall_s > 0


def test_a_large_ledger_is_made_once(tmp_path: Path) -> None:
    stage = quick_stage(tmp_path)
    path = large_ledger(stage, 40)
    made = path.stat().st_mtime_ns
    assert large_ledger(stage, 40) == path
    assert path.stat().st_mtime_ns == made
    with closing(open_ledger(path)) as ledger:
        assert ledger.account(AccountId(40)).owner == "wallet"


def test_a_set_up_that_is_refused_is_told(tmp_path: Path) -> None:
    with closing(open_ledger(tmp_path / "l.db")) as ledger:
        open_accounts(ledger, 3)
        with pytest.raises(ValueError, match="setting up failed"):
            open_accounts(ledger, 2)


def test_a_run_that_decided_otherwise_gives_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.posting.ACCOUNTS", 20)

    stage = quick_stage(tmp_path)
    with closing(open_ledger(tmp_path / "l.db")) as ledger:
        posting = Posting(stage, ledger, batches=2)
        assert posting.objects() > 0
        assert posting.columns() > 0
        monkeypatch.setattr("benchmarks.posting.OVERDRAFT", 0)
        with pytest.raises(WrongOutcomesError, match="orders refused, not"):
            posting.columns()
    assert stage.conditions["accounts"] == 20
