# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.money import ISO4217, Amount
from kerege.qr import DataObject, FixedTip, Payload, PercentTip, PromptedTip, RuleError, Tip
from kerege.qr.amounts import read_amount, read_currency, read_tip, write_amount, write_tip

KZT = ISO4217.by_code("KZT")
JPY = ISO4217.by_code("JPY")


def test_currency() -> None:
    assert read_currency(DataObject("53", "398")) == KZT
    for number in ("000", "959", "39", "abc", ""):  # 959 is gold, which has no minor unit
        with pytest.raises(RuleError, match="no currency"):
            read_currency(DataObject("53", number))


@pytest.mark.parametrize(
    ("value", "minor"),
    [("98.73", 9873), ("98", 9800), ("98.", 9800), ("0098.7", 9870), ("1.5000", 150)],
)
def test_amounts(value: str, minor: int) -> None:
    assert read_amount(DataObject("54", value), KZT) == Amount(minor, KZT)


@pytest.mark.parametrize(
    ("value", "offset", "message"),
    [
        ("", 4, "not a decimal number"),
        (".5", 4, "not a decimal number"),
        ("98,73", 6, "not a decimal number"),
        ("3 705", 5, "not a decimal number"),
        ("-5", 4, "not a decimal number"),
        ("1e3", 5, "not a decimal number"),
        ("1.2.3", 7, "not a decimal number"),
        ("1٢", 5, "not a decimal number"),
        ("1\n", 5, "not a decimal number"),
        ("98.735", 9, "more than 2 decimals"),
        ("12345678901234", 17, "more than 13 characters"),
        ("0", 4, "the amount is zero"),
        ("0.00", 4, "the amount is zero"),
    ],
)
def test_bad_amounts(value: str, offset: int, message: str) -> None:
    with pytest.raises(RuleError, match=message) as caught:
        read_amount(DataObject("54", value), KZT)
    assert caught.value.fault.offset == offset


def test_a_currency_without_decimals() -> None:
    assert read_amount(DataObject("54", "1000."), JPY) == Amount(1000, JPY)
    assert read_amount(DataObject("54", "1000.00"), JPY) == Amount(1000, JPY)
    with pytest.raises(RuleError, match="more than 0 decimals"):
        read_amount(DataObject("54", "1000.5"), JPY)


def test_writing() -> None:
    assert write_amount("54", Amount(123_450, KZT)) == DataObject("54", "1234.50")


@pytest.mark.parametrize(
    "tip",
    [
        PromptedTip(),
        FixedTip(Amount(50_00, KZT)),
        PercentTip(1),
        PercentTip(1250),
        PercentTip(9999),
    ],
)
def test_tips(tip: Tip) -> None:
    assert read_tip(Payload(write_tip(tip)), KZT) == tip


def test_no_tip() -> None:
    assert read_tip(Payload(()), KZT) is None


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ([("55", "04")], "tag 55.*not 01, 02 or 03"),
        ([("55", "02")], "tag 55.*tag 56, which is missing"),
        ([("55", "03")], "tag 55.*tag 57, which is missing"),
        ([("55", "02"), ("57", "5")], "tag 57.*does not announce"),
        ([("55", "01"), ("56", "5")], "tag 56.*does not announce"),
        ([("56", "5")], "tag 56.*does not announce"),
        ([("55", "02"), ("56", "0")], "tag 56.*the amount is zero"),
        ([("55", "03"), ("57", "0.00")], "tag 57.*not from 00.01"),
        ([("55", "03"), ("57", "100.0")], "tag 57.*not from 00.01"),
        ([("55", "03"), ("57", "100")], "tag 57.*not from 00.01"),
        ([("55", "03"), ("57", "5%")], "tag 57.*not a decimal"),
        ([("55", "03"), ("57", "05.125")], "tag 57.*more than 5 characters"),
        ([("55", "03"), ("57", "5.125")], "tag 57.*more than 2 decimals"),
    ],
)
def test_bad_tips(objects: list[tuple[str, str]], message: str) -> None:
    payload = Payload(tuple(DataObject(tag, value) for tag, value in objects))
    with pytest.raises(RuleError, match=message):
        read_tip(payload, KZT)


@pytest.mark.parametrize("rate_bp", [0, -1, 10_000, 5.0, True])
def test_bad_rates(rate_bp: int) -> None:
    with pytest.raises(RuleError, match=r"not from 00\.01"):
        PercentTip(rate_bp)
