# SPDX-License-Identifier: Apache-2.0
"""What tills were refused: kept with what the verdict says, and no more than so many."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.till_refusals import MAX_KEPT, TillRefusals
from kerege.bank.till_refusals_store import open_till_tables
from kerege.payments import Request, Verdict
from kerege.runtime import ManualClock

WALLET = "wal_" + "1" * 32
ASKED = Request(
    id="req_" + "3" * 32,
    wallet="wal_" + "2" * 32,
    until_us=9,
    asset="KZT",
    amount=1_200_00,
)
VERDICT = Verdict(order="", code="programme_rule", rule="meals/meal/a-day", found=5, limit=4)


@pytest.fixture
def refusals(tmp_path: Path) -> Iterator[TillRefusals]:
    tables = open_till_tables(f"sqlite:///{tmp_path / 'bank.db'}")
    yield TillRefusals(tables, ManualClock(7))
    tables.close()


def test_a_refusal_says_who_asked_for_what_and_why_not(refusals: TillRefusals) -> None:
    for _ in range(2):
        refusals.note(WALLET, "ord_1", ASKED, VERDICT)
    (kept,) = refusals.of(WALLET)
    assert (kept.order, kept.at_us, kept.payee, kept.amount) == (
        "ord_1",
        7,
        ASKED.wallet,
        1_200_00,
    )
    assert (kept.code, kept.rule, kept.found, kept.limit) == (
        VERDICT.code,
        VERDICT.rule,
        5,
        4,
    )
    refusals.forget_wallet(WALLET)
    assert refusals.of(WALLET) == []


def test_a_thousand_charges_in_vain_fill_no_disk(refusals: TillRefusals) -> None:
    for number in range(MAX_KEPT + 5):
        refusals.note(WALLET, f"ord_{number:04}", ASKED, VERDICT)
    kept = refusals.of(WALLET)
    assert (len(kept), kept[0].order) == (MAX_KEPT, f"ord_{MAX_KEPT + 4:04}")
