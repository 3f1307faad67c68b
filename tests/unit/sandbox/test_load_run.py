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

MIX = {"pay": 4, "request": 2, "hold": 3, "mandate": 3, "refund": 1, "poor": 1}


def test_a_load_pays_brings_back_and_is_refused(running_country: Country) -> None:
    prepared: list[int] = []
    report = asyncio.run(
        run_load(
            running_country,
            SystemClock(),
            Load(rate=30, seconds=3),
            mix=MIX,
            preparing=prepared.append,
        )
    )
    assert report.sent == 90
    for kind in ("pay", "request", "hold", "capture", "mandate", "pull", "refund"):
        assert report.accepted(kind) > 0, (kind, report.outcomes)
        assert 0 < report.wait_ms(50, kind=kind) <= report.wait_ms(99, kind=kind)
    refused = {name for name in report.outcomes if name.startswith("poor: ")}
    assert refused
    assert "poor: accepted" not in refused
    assert (report.unanswered, report.not_sent) == (0, 0)
    assert prepared


def test_where_nobody_lives_nobody_pays(tmp_path: Path) -> None:
    country = Country.make(tmp_path / "country", "kg", Settings(people=2))
    choose_addresses(country)
    make_keys(country)
    with pytest.raises(NobodyCanPay):
        asyncio.run(run_load(country, SystemClock(), Load(rate=1, seconds=1), mix=MIX))
