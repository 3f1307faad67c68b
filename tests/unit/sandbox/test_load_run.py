# SPDX-License-Identifier: Apache-2.0
import asyncio
from pathlib import Path

import pytest

from kerege.runtime import SystemClock
from kerege.sandbox.addresses import choose_addresses
from kerege.sandbox.configuring import make_keys
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.load_run import NobodyCanPay, run_load
from kerege.sandbox.loading import Load

MIX = {"pay": 4, "refund": 1, "poor": 1}


def test_a_load_pays_brings_back_and_is_refused(running_country: Country) -> None:
    prepared: list[int] = []
    report = asyncio.run(
        run_load(
            running_country,
            SystemClock(),
            Load(rate=20, seconds=2),
            mix=MIX,
            preparing=prepared.append,
        )
    )
    assert report.sent == 40
    assert report.outcomes["pay: accepted"] > 0
    assert set(report.outcomes) <= {"pay: accepted", "refund: accepted", *_poor(report.outcomes)}
    assert (report.unanswered, report.not_sent) == (0, 0)
    assert prepared


def _poor(outcomes: dict[str, int]) -> set[str]:
    refused = {name for name in outcomes if name.startswith("poor: ")}
    assert refused
    assert "poor: accepted" not in refused
    return refused


def test_where_nobody_lives_nobody_pays(tmp_path: Path) -> None:
    country = Country.make(tmp_path / "country", "kg", Settings(people=2))
    choose_addresses(country)
    make_keys(country)
    with pytest.raises(NobodyCanPay):
        asyncio.run(run_load(country, SystemClock(), Load(rate=1, seconds=1), mix=MIX))
