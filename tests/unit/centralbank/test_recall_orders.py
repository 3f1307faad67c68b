# SPDX-License-Identifier: Apache-2.0
"""What returns, when and how: pure, and the same wherever it is made."""

import msgspec
import pytest

from kerege.centralbank.recall_orders import (
    Due,
    Places,
    RecallText,
    due_marks,
    recall_order,
)
from kerege.centralbank.register_programmes import Activated, ProgrammeRecord, ProgrammeState
from kerege.ledger import AccountId, Cell, Expectation, Mark, Transfer
from kerege.payments import WalletId
from tests.funders import ENDS_US, meals
from tests.registers import Wallet, key_of

FUNDER = Wallet(WalletId("wal_" + "7" * 32), key_of("ministry"))
PLACES = Places(converter=AccountId(1), funder=AccountId(2), sink=AccountId(3))
HOLDER, BUDGET = AccountId(8), AccountId(9)


def _record(state: ProgrammeState = ProgrammeState.ACTIVE) -> ProgrammeRecord:
    first = Activated(meals(FUNDER), "prp_1", 1)
    second = Activated(meals(FUNDER, version=2, ends_us=ENDS_US + 5), "prp_2", 2)
    return ProgrammeRecord(
        id="school-meals",
        asset="KZT",
        funder=FUNDER.id,
        budget=BUDGET,
        state=state,
        newest=second,
        marks={Mark(4): first, Mark(6): second},
        changed_by="" if state is ProgrammeState.ACTIVE else "prp_3",
    )


@pytest.mark.parametrize(
    ("state", "now_us", "marks"),
    [
        ("active", ENDS_US - 1, []),
        ("active", ENDS_US, [4]),
        ("active", ENDS_US + 5, [4, 6]),
        ("suspended", ENDS_US + 5, []),
        ("closed", 0, [4, 6]),
        ("settled", 0, [4, 6]),
    ],
)
def test_what_is_due(state: str, now_us: int, marks: list[int]) -> None:
    records = {"school-meals": _record(ProgrammeState(state))}
    assert [due.mark for due in due_marks(records, now_us=now_us)] == marks


def _due(state: ProgrammeState = ProgrammeState.ACTIVE) -> Due:
    return next(due_marks({"school-meals": _record(state)}, now_us=ENDS_US))


def test_what_is_not_on_hold_goes_to_the_funder_unmarked_and_the_budget_has_it_back() -> None:
    cell = Cell(balance=70, debits_pending=20, version=5)
    order = recall_order(_due(), HOLDER, cell, PLACES)
    assert order.steps == (
        Transfer(HOLDER, PLACES.converter, 50, mark=Mark(4)),
        Transfer(PLACES.converter, PLACES.funder, 50),
        Transfer(PLACES.sink, BUDGET, 50),
    )
    assert order.terms.valid_from_us == ENDS_US
    assert order.terms.expects == (Expectation(HOLDER, Mark(4), version=5),)
    assert msgspec.json.decode(order.evidence, type=RecallText) == RecallText(
        programme="school-meals", version=1, mark=4, activated_by="prp_1"
    )


def test_a_closed_programme_names_who_closed_it_and_waits_for_nothing() -> None:
    order = recall_order(_due(ProgrammeState.CLOSED), HOLDER, Cell(balance=1, version=1), PLACES)
    assert order.terms.valid_from_us == 0
    assert msgspec.json.decode(order.evidence, type=RecallText).closed_by == "prp_3"


def test_an_id_is_that_of_one_version_of_one_cell() -> None:
    cell = Cell(balance=70, version=5)
    order = recall_order(_due(), HOLDER, cell, PLACES)
    assert recall_order(_due(), HOLDER, cell, PLACES) == order
    later = recall_order(_due(), HOLDER, Cell(balance=70, version=6), PLACES)
    other = recall_order(_due(), AccountId(10), cell, PLACES)
    closed = recall_order(_due(ProgrammeState.CLOSED), HOLDER, cell, PLACES)
    assert len({order.id, later.id, other.id, closed.id}) == 4
