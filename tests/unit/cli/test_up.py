# SPDX-License-Identifier: Apache-2.0
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kerege.cli import main
from kerege.cli import up as module
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.living import read_living
from kerege.sandbox.run_file import read_run
from tests.small_country import PEOPLE, small_profile, start_up, wait_open


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--language", "en"])


def test_a_running_country_is_not_started_again(running_country: Country) -> None:
    folder = str(running_country.folder)
    for more in ([], ["--detach"], ["--reset"]):
        told = run("up", "--folder", folder, "--people", str(PEOPLE), *more)
        assert told.exit_code == 1, told.output
        assert "running already" in told.output
    assert read_run(running_country.folder).open_s


def test_several_processes_need_a_database_to_share(tmp_path: Path) -> None:
    told = run("up", "--folder", str(tmp_path / "c"), "--core-processes", "2")
    assert told.exit_code == 1
    assert "--database" in told.output
    assert not (tmp_path / "c").exists()


def test_what_is_wrong_with_the_folder_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    for more in ([], ["--detach"]):
        told = run("up", "--folder", str(tmp_path), *more)
        assert told.exit_code == 1
        assert "other things" in told.output


def test_an_unknown_country_is_told_at_once(tmp_path: Path) -> None:
    told = run("up", "--folder", str(tmp_path / "c"), "--country", "atlantis", "--json")
    assert json.loads(told.output)["remedy"].startswith("name one of kg, kz")


@pytest.mark.slow
def test_it_ends_cleanly_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder, profile = tmp_path / "country", small_profile(tmp_path)
    process = start_up(folder, profile)
    state = wait_open(folder, process)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "First payment" in told
    assert "goes on where it stopped" in told
    assert "Traceback" not in told
    for one in state.processes:
        assert not Path(f"/proc/{one.pid}").exists(), one.name
    paid = read_living(folder / "people").payments
    assert paid >= 1
    again = start_up(folder, profile)
    wait_open(folder, again)
    assert read_living(folder / "people").payments >= paid
    again.send_signal(signal.SIGTERM)
    told, _ = again.communicate(timeout=60)
    assert again.returncode == 0, told
    assert "runs again" in told


@pytest.mark.slow
def test_a_killed_country_goes_on_too(tmp_path: Path) -> None:
    folder, profile = tmp_path / "country", small_profile(tmp_path)
    process = start_up(folder, profile)
    state = wait_open(folder, process)
    process.kill()
    process.communicate(timeout=60)
    asked = ["--folder", str(folder), "--country", str(profile), "--people", str(PEOPLE)]
    told = subprocess.run(
        [sys.executable, "-m", "kerege", "up", *asked, "--detach", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    try:
        opened = json.loads(told.stdout)
        assert opened["open_s"] > 0
        assert opened["pid"] != state.pid
        core = next(one for one in read_run(folder).processes if one.name == "core")
        os.kill(core.pid, signal.SIGKILL)
    finally:
        ended = run("down", "--folder", str(folder))
    assert ended.exit_code == 0, ended.output


def test_what_is_left_out_is_as_the_country_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, ran = tmp_path / "country", list[tuple[str, int, int, float]]()

    def note(country: Country, settings: Settings, *_: object) -> None:
        ran.append((country.profile.code, settings.people, settings.seed, settings.pace))

    monkeypatch.setattr(module, "_run", note)
    made_with = ("--country", "kg", "--people", "20", "--seed", "7", "--pace", "9")
    for arguments in (made_with, (), ("--people", "20", "--pace", "3")):
        told = CliRunner().invoke(main, ["up", "--folder", str(folder), *arguments])
        assert told.exit_code == 0, told.output
    assert ran == [("kg", 20, 7, 9.0), ("kg", 20, 7, 2.0), ("kg", 20, 7, 3.0)]
    for other in (("--people", "21"), ("--country", "kz"), ("--seed", "1")):
        told = CliRunner().invoke(main, ["up", "--folder", str(folder), *other])
        assert told.exit_code == 1, other
        assert "was made with" in told.output
    CliRunner().invoke(main, ["up", "--folder", str(folder), "--reset"])
    assert ran[-1] == ("kz", 1_000, 1, 2.0)
