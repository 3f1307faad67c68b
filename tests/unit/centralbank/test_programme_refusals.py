# SPDX-License-Identifier: Apache-2.0
"""Refusals of rules are counted by day, once each, by however many nodes."""

import pytest

from kerege.centralbank import programme_refusals
from kerege.payments import Verdict
from kerege.runtime.tables import DatabaseUnavailable
from tests.registers import Country

DAY_US = 24 * 3600 * 1_000_000
NOW_US = 1_800_000_000_000_000 // DAY_US * DAY_US


def _refused(rule: str, *, replayed: bool = False) -> Verdict:
    return Verdict("ord_1", "programme_rule", rule=rule, replayed=replayed)


def test_by_rule_and_day(country: Country) -> None:
    node = country.node()
    counts, other = country.register.refusals, node.refusals
    counts.note([_refused("meals/eat/hours"), _refused("meals/eat/hours")], now_us=NOW_US)
    counts.note([_refused("meals//"), _refused("sport//")], now_us=NOW_US)
    counts.note([_refused("meals//", replayed=True), Verdict("ord_2", "accepted")], now_us=NOW_US)
    other.note([_refused("meals/eat/hours")], now_us=NOW_US)
    other.note([_refused("meals/eat/hours")], now_us=NOW_US + DAY_US)
    other.flush()
    first = counts.read("meals", from_us=NOW_US, until_us=NOW_US + DAY_US)
    assert first == {"/": 1, "eat/hours": 3}
    both = counts.read("meals", from_us=NOW_US + 5, until_us=NOW_US + DAY_US + 1)
    assert both == {"/": 1, "eat/hours": 4}
    assert counts.read("meals", from_us=0, until_us=NOW_US) == {}
    node.close()


def test_obligations_of_contracts_count_together(country: Country) -> None:
    counts = country.register.refusals
    counts.note([_refused(f"roads/obligations/duty-{n}") for n in range(5)], now_us=NOW_US)
    found = counts.read("roads", from_us=NOW_US, until_us=NOW_US + DAY_US)
    assert found == {"obligations": 5}


def test_what_could_not_be_written_is_kept(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = country.register.refusals
    counts.note([_refused("meals//")], now_us=NOW_US)

    def down(*_: object) -> None:
        raise DatabaseUnavailable("down")

    with monkeypatch.context() as patch:
        patch.setattr(programme_refusals, "count_refusals", down)
        with pytest.raises(DatabaseUnavailable):
            counts.flush()
    counts.note([_refused("meals//")], now_us=NOW_US)
    assert counts.read("meals", from_us=NOW_US, until_us=NOW_US + 1) == {"/": 2}


def test_memory_is_bounded(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme_refusals, "MAX_COUNTED", 2)
    counts = country.register.refusals
    counts.note([_refused(f"meals/eat/rule-{n}") for n in range(9)], now_us=NOW_US)
    assert len(counts.read("meals", from_us=NOW_US, until_us=NOW_US + 1)) == 2
