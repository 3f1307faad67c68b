# SPDX-License-Identifier: Apache-2.0
import pytest
from msgspec.structs import replace

from kerege.runtime import SystemClock
from kerege.sandbox import proving
from kerege.sandbox.country import Country
from kerege.sandbox.looking import Money, money_of
from kerege.sandbox.proving import SupplyNotProven, prove_supply
from kerege.sandbox.run_file import RunState, read_run


def test_the_supply_is_what_ledger_and_log_say(running_country: Country) -> None:
    state = read_run(running_country.folder)
    proven = prove_supply(running_country, state, SystemClock())
    assert proven.money == money_of(running_country, state)
    assert proven.origin == running_country.profile.log_origin
    assert 0 < proven.leaves <= proven.orders
    assert proven.transfers > 0
    assert proven.witnesses == 2


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"circulating": 1}, "its ledger says"),
        ({"asset": "AAA"}, "its ledger says 0"),
        ({"reserves": 1}, "only 1 stand behind"),
    ],
)
def test_a_central_bank_that_says_something_else_is_caught(
    running_country: Country, monkeypatch: pytest.MonkeyPatch, changes: dict[str, int], fault: str
) -> None:
    def lying(country: Country, state: RunState) -> Money:
        return replace(money_of(country, state), **changes)

    monkeypatch.setattr(proving, "money_of", lying)
    with pytest.raises(SupplyNotProven, match=fault):
        prove_supply(running_country, read_run(running_country.folder), SystemClock())
