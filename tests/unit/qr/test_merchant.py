# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace

import pytest

from kerege.money import ISO4217, Amount
from kerege.qr import (
    ASK_PAYER,
    DataObject,
    Details,
    FixedTip,
    LocalName,
    MerchantCode,
    Payload,
    PercentTip,
    RuleError,
    StructureError,
    parse,
    read_merchant_code,
    write_merchant_code,
)

KZT = ISO4217.by_code("KZT")

SMALL = MerchantCode(
    accounts=(DataObject("26", "0009kz.kerege0104@nan"),),
    category="5462",
    currency=KZT,
    country="KZ",
    name="Nan",
    city="Almaty",
)

FULL = MerchantCode(
    accounts=(DataObject("04", "4111111111111111"), *SMALL.accounts),
    category="5462",
    currency=KZT,
    country="KZ",
    name="Nan",
    city="Almaty",
    dynamic=True,
    amount=Amount(450_00, KZT),
    tip=PercentTip(1000),
    postal_code="050000",
    details=Details(
        bill_number="1",
        mobile_number=ASK_PAYER,
        store_label="3",
        loyalty_number="4",
        reference_label="5",
        customer_label="6",
        terminal_label="7",
        purpose="8",
        data_request="AME",
        tax_id="10",
        channel="300",
        others=(DataObject("12", "12"),),
    ),
    local_name=LocalName(language="KK", name="Нан", city="Алматы", others=(DataObject("03", "Ә"),)),
    others=(DataObject("65", "Ә"), DataObject("80", "0009kz.kerege")),
)


@pytest.mark.parametrize("code", [SMALL, FULL, replace(FULL, tip=FixedTip(Amount(1, KZT)))])
def test_what_is_written_is_read(code: MerchantCode) -> None:
    payload = write_merchant_code(code)
    assert read_merchant_code(parse(payload.write())) == code
    assert [item.tag for item in payload.objects] == sorted(item.tag for item in payload.objects)


def test_accounts_and_others_keep_their_order() -> None:
    code = replace(
        FULL, accounts=tuple(reversed(FULL.accounts)), others=tuple(reversed(FULL.others))
    )
    assert read_merchant_code(write_merchant_code(code)) == code


def test_order_within_the_root_is_free() -> None:
    version, *rest = write_merchant_code(FULL).objects
    accounts = [item for item in rest if item.tag < "52"]
    others = [item for item in rest if item.tag >= "52"]
    shuffled = Payload((version, *reversed(others[:-2]), *accounts, *others[-2:]))
    assert read_merchant_code(parse(shuffled.write())) == FULL


def test_a_code_without_tag_01_is_static() -> None:
    objects = [item for item in write_merchant_code(SMALL).objects if item.tag != "01"]
    assert read_merchant_code(parse(Payload(tuple(objects)).write())) == SMALL


@pytest.mark.parametrize(
    ("code", "path"),
    [
        (replace(SMALL, amount=Amount(0, KZT)), "54"),
        (replace(SMALL, amount=Amount(-1, KZT)), "54"),
        (replace(SMALL, amount=Amount(10**13, KZT)), "54"),
        (replace(SMALL, amount=Amount(1, ISO4217.by_code("KGS"))), "54"),
        (replace(SMALL, tip=FixedTip(Amount(0, KZT))), "56"),
        (replace(SMALL, name="Нан"), "59"),
        (replace(SMALL, city="Almaty" * 3), "60"),
        (replace(SMALL, accounts=()), "26"),
        (replace(SMALL, accounts=(DataObject("26", "@nan"),)), "26"),
        (replace(SMALL, local_name=LocalName(language="kaz", name="Нан")), "64.00"),
    ],
)
def test_what_breaks_a_rule_is_not_written(code: MerchantCode, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        write_merchant_code(code)
    assert path in [fault.path for fault in caught.value.faults]


@pytest.mark.parametrize(
    "code",
    [
        replace(SMALL, name=""),
        replace(SMALL, name="N" * 100),
        replace(SMALL, currency=replace(KZT, number=None)),
        replace(SMALL, accounts=SMALL.accounts * 2),
        replace(SMALL, details=Details(bill_number="1", others=(DataObject("01", "2"),))),
        replace(SMALL, others=(DataObject("63", "ABCD"),)),
        replace(SMALL, others=(DataObject("52", "1111"),)),
    ],
)
def test_what_does_not_fit_is_not_written(code: MerchantCode) -> None:
    with pytest.raises(StructureError):
        write_merchant_code(code)


def test_a_faulty_payload_is_not_read() -> None:
    with pytest.raises(RuleError) as caught:
        read_merchant_code(Payload((DataObject("00", "01"),)))
    assert len(caught.value.faults) == 6
