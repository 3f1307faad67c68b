# SPDX-License-Identifier: Apache-2.0
"""A guardian's view over HTTP: figures, names and reasons in the guardian's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.card import CardState
from kerege.bank.guardian_view import MAX_LINES
from kerege.bank.tiers import Limits
from tests.banks import House, Person, running_bank
from tests.cards import Shop, wallet_in_custody
from tests.pupils import SCHOOL_DAY_US, Pupil, School
from tests.two_tiers import ASSET


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank"), start_us=SCHOOL_DAY_US) as made:
        yield made


@pytest.fixture(scope="module")
def school(house: House) -> School:
    return School(house)


@pytest.fixture
def aru(house: House, tmp_path: Path) -> Person:
    return house.person(tmp_path / "aru")


def test_what_was_eaten_and_what_is_left(school: School, aru: Person) -> None:
    pupil = Pupil(school, aru, allowance=2_000_00, own=300_00)
    school.house.parts.desk.guardian_limits.set(
        guardian=pupil.guardian, wallet=pupil.wallet, asset=ASSET, limits=Limits(day=4_000_00)
    )
    assert school.charge(pupil, 1_250_00) == "accepted"
    seen = pupil.look(aru)
    assert (seen["wallet"], seen["asset"], seen["next"]) == (pupil.wallet, ASSET, 0)
    assert seen["limits"] == {ASSET: {"day": 4_000_00}}
    meal = seen["moves"][0]
    assert (meal["change"], meal["name"]) == (-1_250_00, "Асхана")
    assert {part.get("programme", ""): part["change"] for part in meal["parts"]} == {
        "school-meals": -1_200_00,
        "": -50_00,
    }
    left = {one.get("programme", ""): one for one in seen["balances"]}
    assert left["school-meals"]["balance"] == 800_00
    assert left["school-meals"]["ends_us"] == school.terms.ends_us
    assert left["school-meals"]["title"]["ru"] == "Школьное питание"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "at most KZT 1,200.00 a day for each payer"),
        ("ru", "не более 1 200,00 KZT в день"),
        ("kk", "1 200,00 KZT"),
    ],
)
def test_why_it_was_refused_in_the_guardians_language(
    school: School, aru: Person, language: str, words: str
) -> None:
    pupil = Pupil(school, aru, allowance=2_000_00)
    assert school.charge(pupil, 1_300_00) == "card_short"
    path = f"/v1/wallets/{pupil.wallet}/allowance"
    headers = {**aru.headers, "accept-language": language}
    (refused,) = school.house.http.get(path, headers=headers).json()["refused"]
    assert (refused["code"], refused["rule"]) == ("programme_rule", "school-meals/meal/a-day")
    assert words in refused["text"].replace("\u00a0", " ").replace("\u202f", " ")
    assert refused["amount"] == 1_300_00


def test_a_condition_is_told_in_the_programmes_own_words(school: School, aru: Person) -> None:
    pupil = Pupil(school, aru, allowance=500_00)
    assert school.charge(pupil, 100_00, at=Shop(school.house)) == "card_short"
    (refused,) = pupil.look(aru)["refused"]
    assert refused["rule"] == "school-meals/meal/canteen"
    assert "Only at a school canteen or a supplier of school meals" in refused["text"]


def test_a_blocked_card_is_told_as_such(school: School, aru: Person) -> None:
    pupil = Pupil(school, aru, allowance=500_00)
    school.house.parts.cards.set_state(pupil.guardian, pupil.card.id, CardState.BLOCKED)
    assert school.charge(pupil, 100_00) == "card_declined"
    (refused,) = pupil.look(aru)["refused"]
    assert (refused["code"], refused["name"]) == ("card_blocked", "Асхана")
    assert "blocked" in refused["text"]


def test_it_is_nobody_elses(school: School, aru: Person, house: House, tmp_path: Path) -> None:
    pupil = Pupil(school, aru, allowance=500_00)
    bek = house.person(tmp_path / "bek")
    own = wallet_in_custody(bek)
    answers = [
        house.http.get(f"/v1/wallets/{wallet}/allowance", headers=bek.headers)
        for wallet in (pupil.wallet, own, "wal_" + "0" * 32)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert house.http.get(f"/v1/wallets/{pupil.wallet}/allowance").status_code == 401


def test_limits_of_a_page(school: School, aru: Person) -> None:
    pupil = Pupil(school, aru, allowance=500_00, own=1_00)
    assert pupil.look(aru, limit=MAX_LINES + 1) == 400
    assert pupil.look(aru, before=-1) == 400
    assert pupil.look(aru, asset="tenge") == 400
    assert pupil.look(aru, asset="") == 400
    first = pupil.look(aru, limit=1)
    rest = pupil.look(aru, limit=1, before=first["next"])
    assert [len(each["moves"]) for each in (first, rest)] == [1, 1]
    assert rest["next"] == 0
