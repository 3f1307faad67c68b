# SPDX-License-Identifier: Apache-2.0
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kerege.qr import (
    PROFILES,
    DataObject,
    Foreign,
    MerchantCode,
    Payable,
    Payload,
    RuleError,
    account_object,
    parse,
    read_payable,
    terms_object,
    write_merchant_code,
)
from kerege.qr.payee import MAX_PAYEE_CHARS, MAX_REQUEST_CHARS

KZ = PROFILES["KZ"]
KG = PROFILES["KG"]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

SHOP = MerchantCode(
    accounts=(account_object(KZ, "@nan"),),
    category="5462",
    currency=KZ.currency,
    country="KZ",
    name="Nan",
    city="Almaty",
)


def scan(code: MerchantCode) -> Payload:
    return parse(write_merchant_code(code).write())


def test_a_static_code() -> None:
    assert read_payable(scan(SHOP), KZ) == Payable(
        code=SHOP, payee="@nan", request_id=None, expires_at=None
    )


def test_another_country_is_a_profile_away() -> None:
    shop = replace(SHOP, accounts=(account_object(KG, "@nan"),), currency=KG.currency, country="KG")
    assert read_payable(scan(shop), KG) == Payable(
        code=shop, payee="@nan", request_id=None, expires_at=None
    )
    assert isinstance(read_payable(scan(shop), KZ), Foreign)


def test_a_code_with_terms() -> None:
    almaty = timezone(timedelta(hours=5))
    terms = terms_object(KZ, expires_at=NOON.astimezone(almaty), request_id="req_1")
    found = read_payable(scan(replace(SHOP, dynamic=True, others=(terms,))), KZ)
    assert isinstance(found, Payable)
    assert (found.request_id, found.expires_at) == ("req_1", NOON)
    assert not found.is_expired(NOON)
    assert found.is_expired(NOON + timedelta(seconds=1))


def test_without_expiry_a_code_never_expires() -> None:
    terms = terms_object(KZ, request_id="req_1")
    found = read_payable(scan(replace(SHOP, others=(terms,))), KZ)
    assert isinstance(found, Payable)
    assert not found.is_expired(NOON)


def test_the_longest_ids_fit() -> None:
    account = account_object(KZ, "a" * MAX_PAYEE_CHARS)
    terms = terms_object(KZ, expires_at=NOON, request_id="r" * MAX_REQUEST_CHARS)
    found = read_payable(scan(replace(SHOP, accounts=(account,), others=(terms,))), KZ)
    assert isinstance(found, Payable)
    assert len(found.payee) == MAX_PAYEE_CHARS


def test_the_same_code_elsewhere_gets_a_clear_answer() -> None:
    found = read_payable(scan(SHOP), KG)
    assert isinstance(found, Foreign)
    assert found.explain("en") == "This code is of Kerege (KZ) and cannot be paid here."
    assert found.explain("ru") == "Это код системы Kerege (KZ), здесь его оплатить нельзя."
    assert found.explain("kk") == "Бұл код Kerege (KZ) жүйесінікі, мұнда төленбейді."
    assert found.explain("fr") == found.explain("en")


def test_an_unknown_scheme_gets_an_answer() -> None:
    found = read_payable(Payload((DataObject("00", "01"),)), KZ)
    assert isinstance(found, Foreign)
    assert found.explain("en") == "This code is of a scheme we do not know and cannot be paid here."


def test_ours_among_others_is_payable() -> None:
    theirs = DataObject("27", "0014br.gov.bcb.pix")
    found = read_payable(scan(replace(SHOP, accounts=(*SHOP.accounts, theirs))), KZ)
    assert isinstance(found, Payable)


def with_terms(value: str, tag: str = "80") -> MerchantCode:
    return replace(SHOP, others=(DataObject(tag, f"0009kz.kerege{value}"),))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (replace(SHOP, currency=KG.currency), "tag 53.*goes with 398"),
        (replace(SHOP, country="KG"), "tag 58.*goes with KZ"),
        (replace(SHOP, accounts=(DataObject("26", "0009kz.kerege"),)), "the payee, is missing"),
        (replace(SHOP, accounts=(DataObject("26", "0009kz.kerege0103a b"),)), r"tag 26\.01.*not 1"),
        (
            replace(SHOP, accounts=(*SHOP.accounts, DataObject("27", "0009KZ.KEREGE0102@x"))),
            "tag 27.*a second template",
        ),
        (with_terms("011620261122T120000"), "the length is 16"),
        (with_terms("011520261122T120000"), r"tag 80\.01.*not an instant"),
        (with_terms("011620261322T120000Z"), r"tag 80\.01.*not an instant"),
        (with_terms("011620261122T250000Z"), r"tag 80\.01.*not an instant"),
        (with_terms("011600000101T000000Z"), r"tag 80\.01.*not an instant"),
        (with_terms("0116２0261122T120000Z"), r"tag 80\.01.*not an instant"),
        (with_terms("0203a/b"), r"tag 80\.02.*not 1 to 60"),
        (
            replace(
                with_terms("0201a"), others=with_terms("0201a").others + with_terms("", "81").others
            ),
            "tag 81.*a second template",
        ),
    ],
)
def test_ours_but_faulty(code: MerchantCode, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read_payable(scan(code), KZ)


@pytest.mark.parametrize("payee", ["", "a b", "Ә", "a" * (MAX_PAYEE_CHARS + 1), "a\n"])
def test_bad_payees_are_not_written(payee: str) -> None:
    with pytest.raises(RuleError, match=r"tag 26\.01"):
        account_object(KZ, payee)


def test_bad_terms_are_not_written() -> None:
    with pytest.raises(RuleError, match="no time zone"):
        terms_object(KZ, expires_at=datetime(2026, 11, 22, 12))  # noqa: DTZ001 - that is the fault
    with pytest.raises(RuleError, match=r"tag 80\.02"):
        terms_object(KZ, request_id="")


def test_expiry_is_written_in_utc_wherever_the_machine_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "ALM-5")
    time.tzset()
    try:
        assert "20261122T120000Z" in terms_object(KZ, expires_at=NOON).value
    finally:
        monkeypatch.undo()
        time.tzset()


def test_one_character_is_a_payee_and_the_place_of_a_bad_one_is_told() -> None:
    assert account_object(KZ, "a").value.endswith("0101a")
    with pytest.raises(RuleError) as caught:
        account_object(KZ, "ab/c")
    assert caught.value.fault.offset == 6
