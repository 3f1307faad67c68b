# SPDX-License-Identifier: Apache-2.0
import stat
from pathlib import Path

import pytest

from kerege.sandbox.country import Country, OtherCountry, Settings
from kerege.sandbox.run_file import AlreadyRunning, hold_folder

SMALL = Settings(people=5)


def test_a_country_is_made_once_and_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "country"
    made = Country.make(folder, "kg", SMALL)
    assert made.profile.code == "kg"
    for found in (Country.find(folder), Country.make(folder, "kg", SMALL)):
        assert (found.profile, found.settings) == (made.profile, made.settings)
    assert len(made.inhabitants().people) == 5
    assert stat.S_IMODE((folder / "settings.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("country", "settings", "option"),
    [
        ("kg", SMALL, "--country kz"),
        ("kz", Settings(people=6), "--people 5"),
        ("kz", Settings(people=5, seed=2), "--seed 1"),
        ("kz", Settings(people=5, database="postgresql://h/d"), "--database its own files"),
    ],
)
def test_what_it_was_made_with_stays(
    tmp_path: Path, country: str, settings: Settings, option: str
) -> None:
    Country.make(tmp_path / "c", "kz", SMALL)
    with pytest.raises(OtherCountry, match=option):
        Country.make(tmp_path / "c", country, settings)


def test_how_many_processes_may_change(tmp_path: Path) -> None:
    made = Country.make(tmp_path / "c", "kz", SMALL)
    made.keep(Settings(people=5, core_processes=2, ports={"core": 7400}))
    assert Country.find(tmp_path / "c").settings.ports == {"core": 7400}
    Country.make(tmp_path / "c", "kz", SMALL)


def test_the_things_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    with pytest.raises(OtherCountry, match="other things"):
        Country.make(tmp_path, "kz", SMALL)
    with pytest.raises(OtherCountry, match="nothing in it is removed"):
        Country.remove(tmp_path)
    with pytest.raises(OtherCountry, match="no country"):
        Country.find(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("content", ["", "[]", '{"people": 0}', '{"people": "many"}'])
def test_damaged_settings_are_no_country(tmp_path: Path, content: str) -> None:
    Country.make(tmp_path / "c", "kz", SMALL)
    (tmp_path / "c" / "settings.json").write_text(content)
    with pytest.raises(OtherCountry):
        Country.find(tmp_path / "c")


def test_removing_takes_everything_and_may_be_repeated(tmp_path: Path) -> None:
    made = Country.make(tmp_path / "c", "kz", SMALL)
    made.central_bank.mkdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    (tmp_path / "c" / "link").symlink_to(outside)
    Country.remove(tmp_path / "c")
    Country.remove(tmp_path / "c")
    Country.remove(tmp_path / "nowhere")
    assert {path.name for path in (tmp_path / "c").iterdir()} <= {"run.lock"}
    assert (outside / "kept.txt").exists()
    Country.make(tmp_path / "c", "kg", SMALL)


def test_one_that_runs_is_not_removed(tmp_path: Path) -> None:
    Country.make(tmp_path / "c", "kz", SMALL)
    with hold_folder(tmp_path / "c"), pytest.raises(AlreadyRunning):
        Country.remove(tmp_path / "c")
    assert Country.find(tmp_path / "c")


def test_everyone_has_a_place_of_their_own(tmp_path: Path) -> None:
    country = Country(tmp_path, Country.make(tmp_path / "c", "kz", SMALL).profile, SMALL)
    places = [country.central_bank, country.institution("a"), country.institution("b")]
    places += [country.witness("north"), country.people, country.logs, country.policy]
    assert len(set(places)) == len(places)
    assert all(place.is_relative_to(tmp_path) for place in places)
