# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from click.testing import CliRunner

from kerege.cli import main
from kerege.sandbox import people_process
from kerege.sandbox.country import Country, Settings


def test_people_live_at_the_pace_they_were_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived: list[float] = []

    async def live(country: Country, _clock: object, *, pace: float) -> None:
        assert country.settings.people == 5
        lived.append(pace)

    monkeypatch.setattr(people_process, "live", live)
    Country.make(tmp_path / "c", "kz", Settings(people=5, pace=7.5))
    assert CliRunner().invoke(main, ["people", "--folder", str(tmp_path / "c")]).exit_code == 0
    assert lived == [7.5]


def test_where_there_is_no_country_nobody_lives(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["people", "--folder", str(tmp_path)])
    assert told.exit_code == 1
    assert "no country" in told.output
