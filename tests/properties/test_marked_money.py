# SPDX-License-Identifier: Apache-2.0
"""Over any sequence of operations marked money is where its programme allows, or back with its
funder, to the last unit; and mistakes planted in the rules of marks are found.

Hypothesis draws a seed and the seed some days of a country (`tests.properties.marked_days`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.ledger.order import Transfer
from kerege.payments import planning_holds, planning_refunds, purse
from kerege.payments.contract_paper import ContractPaper
from kerege.payments.planning_refunds import _Back
from kerege.payments.purse import Purse
from kerege.programmes import Allowed
from kerege.programmes.rulebook import Rulebook
from tests.properties.marked_country import Broken
from tests.properties.marked_days import ACTIONS, RETURNS, run

FOUND_WITHIN = 8
"""Seeds in which a planted mistake has to show."""


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_marked_money_is_where_it_may_be_or_back(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    run(tmp_path_factory.mktemp("marked") / "ledger", seed)


def test_the_days_have_something_of_everything(tmp_path: Path) -> None:
    seen = run(tmp_path / "one", 1) + run(tmp_path / "two", 2) + run(tmp_path / "three", 3)
    accepted = {line.split()[0] for line in seen if line.endswith(" accepted")}
    assert accepted >= {
        "Fund", "Unfund", "Pay", "Hold", "Capture", "Release", "Refund", "Pull", "Contract",
        "Reward",
    }  # fmt: skip
    codes = {line.split()[-1] for line in seen}
    assert codes >= {"programme_rule", "contract_used_up", "contract_needs_acceptance"}
    assert seen["recall"]


def _any_way(rules: Rulebook, situation: Any) -> Any:
    """Rules that let money go wherever it is sent."""
    return Allowed(rules.programme.routes[-1], situation.amount)


def _no_paper(paper: Any, **_: Any) -> None:
    """Contracts that are never used up."""


def _nothing(*_: Any, **__: Any) -> None:
    """What is forgotten."""


def _unmarked_back(back: Any, mark: Any, _: Any, amount: int) -> None:
    """Refunds that bring back plain money."""
    back._steps.pay_into(
        back._payer,
        "KZT",
        ((back._account, amount),),
        code=0,
    )


def _to_anyone(purse_of: Purse, way: Any, leaving: Any, steps: Any) -> None:
    """Money that keeps its mark wherever it arrives."""
    home = leaving.payee.accounts["KZT"]
    step = Transfer(purse_of._account, home, way.amount, way.programme.mark)
    steps.add(step, leaving.place)


MISTAKES: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "rules that allow everything": (Rulebook, "allow", _any_way),
    "caps of contracts forgotten": (ContractPaper, "use", _no_paper),
    "refunds without marks": (
        _Back,
        "_send_marked",
        lambda back, m, w, n: _unmarked_back(back, m, w, n),
    ),
    "budget not used by what is marked again": (_Back, "_use_budget_again", _nothing),
    "budget not freed by a hold": (planning_holds, "_give_budgets_back", _nothing),
    "contract not freed by a refund": (planning_refunds, "_give_limits_back", _nothing),
    "contract not freed by a release": (planning_holds, "_use_limits", _nothing),
    "holds that outlast their programme": (purse, "_latest_us", lambda *_: 2**60),
    "awards beside refunds": (planning_refunds, "_bound", _nothing),
    "marks that stay": (Purse, "_pay", _to_anyone),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, what, instead = MISTAKES[mistake]
    monkeypatch.setattr(where, what, instead)
    actions = RETURNS if mistake.startswith("budget") else ACTIONS
    for seed in range(FOUND_WITHIN):
        try:
            run(tmp_path / f"ledger-{seed}", seed, actions)
        except Broken:
            return
    pytest.fail(f"{mistake}: not found in {FOUND_WITHIN} seeds")
