# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet allowance`: a guardian at a terminal."""

from typing import Any

import pytest

from kerege.bank.tiers import Limits
from tests.banks import House
from tests.cards import Shop
from tests.pupils import Pupil, School
from tests.terminals import Terminal
from tests.two_tiers import ASSET


def look(guardian: Terminal, wallet: str, *more: str, **environment: Any) -> str:
    bank = ("--bank", guardian.house.url)
    return guardian.must("wallet", "allowance", wallet, *bank, *more, **environment)


@pytest.fixture(scope="module")
def school(house: House) -> School:
    return School(house, at_any_hour=True)


def test_a_guardian_looks(aru: Terminal, beket: Terminal, house: House, school: School) -> None:
    pupil = Pupil(school, aru, allowance=2_000_00, own=100_00)
    limits = Limits(payment=1_900_00, day=2_000_00, month=3_000_00)
    house.parts.desk.guardian_limits.set(
        guardian=pupil.guardian, wallet=pupil.wallet, asset=ASSET, limits=limits
    )
    assert school.charge(pupil, 1_250_00) == "accepted"
    assert school.charge(pupil, 60_00, at=Shop(house)) == "card_short"
    told = look(aru, pupil.wallet)
    for words in (
        "School meals: KZT 800.00, until 20",
        "the family's own money: KZT 50.00",
        "your limit: KZT 1,900.00 in one payment",
        "your limit: KZT 2,000.00 in 24 hours",
        "your limit: KZT 3,000.00 in 30 days",
        "−KZT 1,250.00  Асхана (",
        "−KZT 1,200.00 School meals",
        "−KZT 50.00 own",
        "Асхана was refused KZT 60.00.",
        "Only at a school canteen",
    ):
        assert words in told, told
    assert "деньги семьи" in look(aru, pupil.wallet, KEREGE_LANGUAGE="ru")
    assert "отбасының өз ақшасы" in look(aru, pupil.wallet, KEREGE_LANGUAGE="kk")
    bank = ("--bank", house.url)
    asked = aru.asked("wallet", "allowance", pupil.wallet, *bank)
    assert asked["moves"][0]["change"] == -1_250_00
    refused = beket.run("wallet", "allowance", pupil.wallet, *bank)
    assert refused.exit_code == 1
    assert refused.output.startswith("kerege: ")


def test_a_long_list_says_how_it_goes_on(aru: Terminal, house: House, school: School) -> None:
    pupil = Pupil(school, aru, own=300_00)
    shop = Shop(house)
    for _ in range(51):
        assert school.charge(pupil, 1_00, at=shop) == "accepted"
    told = look(aru, pupil.wallet)
    assert "What was before: --before " in told
    rest = look(aru, pupil.wallet, "--before", told.split("--before ")[1].strip())
    assert "--before" not in rest
    assert rest.count("−KZT 1.00  ") == 1
