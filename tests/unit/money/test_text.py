# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.money import (
    ENGLISH,
    ISO4217,
    KAZAKH,
    MAX_MINOR,
    MAX_TEXT_CHARS,
    PLAIN,
    RUSSIAN,
    Amount,
    Asset,
    MoneyTextError,
    Notation,
    Unit,
    format_amount,
    parse_amount,
)

KZT = ISO4217.by_code("KZT")
KGS = ISO4217.by_code("KGS")
JPY = ISO4217.by_code("JPY")
GOLD = Asset("XAU-G", 3)


@pytest.mark.parametrize(
    ("minor", "asset", "notation", "unit", "text"),
    [
        (123_456_789, KZT, KAZAKH, Unit.SIGN, "1\u00a0234\u00a0567,89\u00a0₸"),
        (-123_450, KZT, RUSSIAN, Unit.CODE, "\u22121\u00a0234,50\u00a0KZT"),
        (-123_450, KZT, ENGLISH, Unit.SIGN, "\u2212₸1,234.50"),
        (123_450, KGS, ENGLISH, Unit.SIGN, "KGS\u00a01,234.50"),
        (5, KZT, RUSSIAN, Unit.NONE, "0,05"),
        (0, KZT, ENGLISH, Unit.NONE, "0.00"),
        (1000, JPY, RUSSIAN, Unit.CODE, "1\u00a0000\u00a0JPY"),
        (1, GOLD, ENGLISH, Unit.CODE, "XAU-G\u00a00.001"),
        (-MAX_MINOR, KZT, PLAIN, Unit.NONE, "-92233720368547758.07"),
    ],
)
def test_printing(minor: int, asset: Asset, notation: Notation, unit: Unit, text: str) -> None:
    assert format_amount(Amount(minor, asset), notation, unit) == text
    assert parse_amount(text, asset, notation) == Amount(minor, asset)


@pytest.mark.parametrize(
    ("text", "notation", "minor"),
    [
        ("1234,5", RUSSIAN, 123_450),
        ("1 234,50 ₸", RUSSIAN, 123_450),
        ("1\u202f234\u202f567₸", KAZAKH, 123_456_700),
        ("1\u2009234 KZT", KAZAKH, 123_400),
        ("-0,01", RUSSIAN, -1),
        ("123 456 789,01", RUSSIAN, 12_345_678_901),
        ("123,456.7", ENGLISH, 12_345_670),
        ("-₸ 123,456", ENGLISH, -12_345_600),
        ("KZT1,234.5", ENGLISH, 123_450),
        ("₸ 1 234.50", ENGLISH, 123_450),
        ("0", PLAIN, 0),
    ],
)
def test_reading_what_people_write(text: str, notation: Notation, minor: int) -> None:
    assert parse_amount(text, KZT, notation) == Amount(minor, KZT)


@pytest.mark.parametrize(
    ("text", "notation", "index", "message"),
    [
        ("", RUSSIAN, 0, "a digit is missing"),
        ("₸", RUSSIAN, 0, "a digit is missing"),
        ("+1", RUSSIAN, 0, "a digit is missing"),
        ("--1", RUSSIAN, 1, "a digit is missing"),
        (" 1", RUSSIAN, 0, "a digit is missing"),
        (",5", RUSSIAN, 0, "a digit is missing"),
        ("1,", RUSSIAN, 2, "a digit is missing"),
        ("1,234", RUSSIAN, 4, "too many decimals"),
        ("1,50\u0660", RUSSIAN, 4, "an unexpected character"),
        ("\u0661\u0662", RUSSIAN, 0, "a digit is missing"),
        ("1\uff12", RUSSIAN, 1, "an unexpected character"),
        ("01", RUSSIAN, 0, "a leading zero"),
        ("00,10", RUSSIAN, 0, "a leading zero"),
        ("1 23", RUSSIAN, 1, "a misplaced group mark"),
        ("1 2345", RUSSIAN, 1, "a misplaced group mark"),
        ("1234 567", RUSSIAN, 4, "a misplaced group mark"),
        ("1 234\u00a0567", RUSSIAN, 5, "a misplaced group mark"),
        ("1  234", RUSSIAN, 1, "an unexpected character"),
        ("1,23", ENGLISH, 1, "a misplaced group mark"),
        ("1,", ENGLISH, 1, "a misplaced group mark"),
        ("1,234 567", ENGLISH, 5, "a misplaced group mark"),
        ("1.5", RUSSIAN, 1, "an unexpected character"),
        ("1'234", RUSSIAN, 1, "an unexpected character"),
        ("1 234,5 678", RUSSIAN, 7, "an unexpected character"),
        ("1e5", PLAIN, 1, "an unexpected character"),
        ("inf", PLAIN, 0, "a digit is missing"),
        ("NaN", PLAIN, 0, "a digit is missing"),
        ("0x10", PLAIN, 1, "an unexpected character"),
        ("1_000", PLAIN, 1, "an unexpected character"),
        ("1,000", PLAIN, 1, "an unexpected character"),
        ("\u22121", PLAIN, 0, "a digit is missing"),
        ("1 ", RUSSIAN, 1, "an unexpected character"),
        ("1\n", RUSSIAN, 1, "an unexpected character"),
        ("1 KGS", RUSSIAN, 1, "an unexpected character"),
        ("1 ₸ ₸", RUSSIAN, 3, "an unexpected character"),
        ("₸1", RUSSIAN, 0, "a digit is missing"),
        ("1 ₸", ENGLISH, 1, "an unexpected character"),
        ("₸-1", ENGLISH, 1, "a digit is missing"),
        ("92233720368547758,08", RUSSIAN, 0, "too large"),
        ("9" * MAX_TEXT_CHARS, PLAIN, 0, "too large"),
        ("9" * (MAX_TEXT_CHARS + 1), PLAIN, MAX_TEXT_CHARS, "at most 64 characters"),
        (b"1", PLAIN, 0, "read from text"),
        (1.5, PLAIN, 0, "read from text"),
    ],
)
def test_bad_text(text: str, notation: Notation, index: int, message: str) -> None:
    with pytest.raises(MoneyTextError, match=message) as caught:
        parse_amount(text, KZT, notation)
    assert caught.value.index == index
    assert caught.value.remedy


def test_the_longest_text_we_print() -> None:
    longest = Amount(-MAX_MINOR, Asset("LONGEST-CODE", 0))
    assert len(format_amount(longest, RUSSIAN, Unit.CODE)) == 39 < MAX_TEXT_CHARS


@pytest.mark.parametrize("text", ["1,0", "1,", "1,5"])
def test_an_asset_without_decimals(text: str) -> None:
    with pytest.raises(MoneyTextError, match="too many decimals") as caught:
        parse_amount(text, JPY, RUSSIAN)
    assert caught.value.index == 1


def test_the_remedy_shows_the_form() -> None:
    with pytest.raises(MoneyTextError, match=r"like 1,234\.50"):
        parse_amount("1,23", KZT, ENGLISH)
    with pytest.raises(MoneyTextError, match=r"9\.223372036854775807"):
        parse_amount("x", Asset("WEI", 18), PLAIN)
    with pytest.raises(MoneyTextError, match=r"like 1,234\)"):
        parse_amount("x", JPY, ENGLISH)
    with pytest.raises(MoneyTextError, match=r"like 1,234\.5000\)"):
        parse_amount("x", ISO4217.by_code("CLF"), ENGLISH)
