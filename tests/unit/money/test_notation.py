# SPDX-License-Identifier: Apache-2.0
from kerege.money import ENGLISH, ISO4217, KAZAKH, PLAIN, RUSSIAN, Notation, Unit
from kerege.money.notation import SIGNS, unit_name

KZT = ISO4217.by_code("KZT")
KGS = ISO4217.by_code("KGS")


def test_the_unit_follows_in_kazakh_and_russian_and_leads_in_english() -> None:
    for notation in (KAZAKH, RUSSIAN):
        assert notation.unit_prefix(KZT, Unit.SIGN) == ""
        assert notation.unit_suffix(KZT, Unit.SIGN) == "\u00a0₸"
    assert ENGLISH.unit_prefix(KZT, Unit.SIGN) == "₸"
    assert ENGLISH.unit_prefix(KZT, Unit.CODE) == "KZT\u00a0"
    assert ENGLISH.unit_suffix(KZT, Unit.CODE) == ""


def test_an_asset_without_a_sign_shows_its_code() -> None:
    assert unit_name(KGS, Unit.SIGN) == "KGS"
    assert unit_name(KGS, Unit.NONE) == ""


def test_no_mark_has_two_meanings() -> None:
    for notation in (KAZAKH, RUSSIAN, ENGLISH, PLAIN):
        assert isinstance(notation, Notation)
        marks = notation.decimal_mark + notation.group_marks + notation.minus_marks
        assert len(set(marks)) == len(marks)
    assert set(SIGNS) <= {code for code in SIGNS if code in ISO4217}
