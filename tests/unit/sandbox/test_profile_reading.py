# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from kerege.errors import KeregeError
from kerege.sandbox.profile_reading import (
    MAX_PROFILE_BYTES,
    ProfileError,
    known_profiles,
    load_profile,
    parse_profile,
    profile_text,
)


def altered(*changes: tuple[str, str]) -> bytes:
    text = profile_text("kz").decode()
    for old, new in changes:
        assert old in text, f"{old} is not in the profile: the test proves nothing"
        text = text.replace(old, new, 1)
    return text.encode()


def places(text: bytes) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text)
    assert caught.value.remedy
    return [place for place, _ in caught.value.faults]


def test_the_profiles_that_come_along_are_sound() -> None:
    assert known_profiles() == ("kg", "kz")
    for name in known_profiles():
        assert load_profile(name).code == name


def test_two_countries_share_nothing_a_program_could_rely_on() -> None:
    kg, kz = (load_profile(name) for name in known_profiles())
    assert kg.money.asset != kz.money.asset
    assert kg.languages != kz.languages
    assert {one.id for one in kg.institutions}.isdisjoint(one.id for one in kz.institutions)
    assert {(one.owner_kind, one.name) for one in kg.tiers}.isdisjoint(
        (one.owner_kind, one.name) for one in kz.tiers
    )
    assert kg.phone != kz.phone
    assert kg.tax_number != kz.tax_number


def test_a_profile_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(profile_text("kg"))
    assert load_profile(str(path)) == load_profile("kg")


@pytest.mark.parametrize("name", ["xx", "", "../kz", "kz.json"])
def test_an_unknown_country_is_refused_with_those_known(name: str) -> None:
    with pytest.raises(KeregeError, match=r"kg, kz"):
        load_profile(name)


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeregeError, match="cannot be read"):
        load_profile("nowhere.toml")


def test_all_faults_are_told_at_once() -> None:
    text = altered(
        ("vat_rate_bp = 1600", "vat_rate_bp = 16000"),
        ("share = 4", "share = 0"),
        ('category = "5411"', 'category = "five"'),
        ('code = "kz"', 'code = "kz"\nking = "none"'),
    )
    assert places(text) == [
        "king",
        "vat_rate_bp",
        "institutions[0].share",
        "population.trades[0].category",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('asset = "KZT"', 'asset = "ZZZ"', "money.asset"),
        ("issue_minor = 2_", "issue_minor = 9_", "money.issue_minor"),
        ('country = "KZ"', 'country = "DE"', "qr.country"),
        ('country = "KZ"', 'country = "KG"', "qr.country"),
        ('made_up = "799"', 'made_up = "79900000"', "phone.made_up"),
        ("[[1, 2, 3,", "[[2, 3,", "tax_number.check_digit.weights[0]"),
        ('id = "uyq-bank"', 'id = "shanyraq-bank"', "institutions"),
        ('id = "uyq-bank"', 'id = "central-bank"', "institutions"),
        ('id = "astana"', 'id = "almaty"', "regions"),
        (', en = "Bakery"', "", "population.trades[3].name.en"),
        ('languages = ["kk"', 'languages = ["kk", "kk"', "languages"),
        ('owner_kind = "agency"', 'owner_kind = "firm"', "tiers"),
        ('owner_kind = "agency"', 'owner_kind = "club"', "tiers"),
        ("payment = 50_000_00, day = 100", "payment = 50_000_00, day = 1", "tiers[0].limits.KZT"),
        ("least_minor = 600_00", "least_minor = 90_000_00", "population.trades[0].least_minor"),
        (
            "salary_least_minor = 180",
            "salary_least_minor = 999",
            "population.salary_least_minor",
        ),
    ],
)
def test_members_that_do_not_go_together_are_refused(old: str, new: str, place: str) -> None:
    assert place in places(altered((old, new)))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"code = ",
        b'code = "kz"',
        b"x = " + b"[" * 5000,
        b"#" * (MAX_PROFILE_BYTES + 1),
        b"money = 3\nphone = []\ntiers = {}",
    ],
    ids=["empty", "not UTF-8", "cut", "nearly nothing", "deep", "huge", "wrong kinds"],
)
def test_what_is_no_profile_is_refused_by_our_own_error(text: bytes) -> None:
    assert places(text)
