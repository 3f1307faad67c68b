# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from kerege.cli.telling import Output
from kerege.cli.up_telling import Teller
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.living import Living
from kerege.sandbox.run_file import Process, RunState

STATE = RunState(
    pid=1,
    started_us=5,
    open_s=4.25,
    processes=(
        Process(name="core", pid=2, url="http://127.0.0.1:7400", stage="ready", restarts=0),
        Process(name="uyq-bank", pid=3, url="http://127.0.0.1:7402", stage="ready", restarts=0),
    ),
)
LIVING = Living(people=5, joined=2, payments=1, first_payer="A", first_payee="B", first_minor=150)


@pytest.fixture
def country(tmp_path: Path) -> Country:
    return Country.make(tmp_path / "country", "kz", Settings(people=5))


def test_a_person_is_told_where_everything_is_and_what_to_do(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = Teller(country, "en", Output(as_json=False))
    teller.begun(again=False)
    with teller.steps() as step:
        step("core")
    teller.opened(LIVING, STATE, again=False)
    teller.detached()
    teller.ending()
    teller.ended()
    told = capsys.readouterr().out
    assert "Kazakhstan: digital tenge (KZT)" in told
    assert "Uyq Bank       http://127.0.0.1:7402" in told
    assert "First payment 4.2 s after the start: A paid KZT 1.50 to B." in told
    for name in ("status", "supply", "load", "up", "down"):
        assert f"kerege {name}" in told


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_speaks_three_languages(
    country: Country, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = Teller(country, language, Output(as_json=False))
    teller.begun(again=True)
    teller.opened(LIVING, STATE, again=True)
    assert country.profile.name[language] in capsys.readouterr().out


def test_a_program_is_told_once(country: Country, capsys: pytest.CaptureFixture[str]) -> None:
    teller = Teller(country, "en", Output(as_json=True))
    teller.begun(again=False)
    with teller.steps() as step:
        step("core")
    teller.opened(LIVING, STATE, again=False)
    teller.ending()
    teller.ended()
    told = json.loads(capsys.readouterr().out)
    assert told["first_payment"] == {"payer": "A", "payee": "B", "amount": "KZT 1.50"}
    assert [one["name"] for one in told["processes"]] == ["core", "uyq-bank"]


@pytest.mark.parametrize("as_json", [True, False])
def test_it_lives_until_interrupted(
    country: Country, as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("kerege.cli.up_telling.time.sleep", nap)
    with pytest.raises(KeyboardInterrupt):
        Teller(country, "en", Output(as_json)).live()
    assert len(naps) == 4
