# SPDX-License-Identifier: Apache-2.0
"""What holds for all codes, and for all text that is none."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from kerege.money import Amount
from kerege.qr import (
    PROFILES,
    DataObject,
    Details,
    FixedTip,
    LocalName,
    MerchantCode,
    Payload,
    PercentTip,
    PromptedTip,
    QrError,
    StructureError,
    account_object,
    crc16,
    find_faults,
    parse,
    parse_objects,
    read_merchant_code,
    read_payable,
    schemes_in,
    write_merchant_code,
    write_objects,
)

KZ = PROFILES["KZ"]

PIECES = ["000201", "26", "0009kz.kerege", "62", "80", "54", "04", "02", "01", "00", "A", "9", "."]

tags = st.integers(0, 99).map(lambda number: f"{number:02}")
values = st.text(min_size=1, max_size=99)
objects = st.lists(
    st.builds(DataObject, tags, values), max_size=20, unique_by=lambda item: item.tag
)
named = st.text([chr(code) for code in range(32, 127)], min_size=1, max_size=6)
labels = st.none() | named
letters = st.text("АӘБҒДНҰҮ әңөқ-'", min_size=1, max_size=12)
amounts = st.builds(Amount, st.integers(1, 10**12 - 1), st.just(KZ.currency))
payees = st.from_regex(r"[a-z0-9@._+:-]{1,20}", fullmatch=True)
codes = st.builds(
    MerchantCode,
    accounts=payees.map(lambda payee: (account_object(KZ, payee),)),
    category=st.text("0123456789", min_size=4, max_size=4),
    currency=st.just(KZ.currency),
    country=st.just("KZ"),
    name=named,
    city=named,
    dynamic=st.booleans(),
    amount=st.none() | amounts,
    tip=st.none()
    | st.builds(PromptedTip)
    | st.builds(FixedTip, amounts)
    | st.builds(PercentTip, st.integers(1, 9999)),
    postal_code=labels,
    details=st.builds(Details, bill_number=labels, reference_label=labels, purpose=labels),
    local_name=st.none() | st.builds(LocalName, language=st.just("KK"), name=letters),
)


@given(objects)
def test_data_objects_are_kept_character_for_character(items: list[DataObject]) -> None:
    assert parse_objects(write_objects(items)) == tuple(items)


@given(objects)
def test_a_payload_is_kept_character_for_character(items: list[DataObject]) -> None:
    payload = Payload(
        (DataObject("00", "01"), *(item for item in items if item.tag not in ("00", "63")))
    )
    with contextlib.suppress(StructureError):  # too large to be written
        text = payload.write()
        assert parse(text) == payload
        assert parse(text).write() == text


@given(codes)
def test_a_merchant_code_is_kept(code: MerchantCode) -> None:
    payload = write_merchant_code(code)
    assert read_merchant_code(parse(payload.write())) == code
    assert find_faults(payload) == ()


@given(
    st.text(max_size=80)
    | st.text("0123456789", max_size=80)
    | st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.booleans(),
)
def test_any_text_is_a_code_or_our_error_with_its_place(body: str, sealed: bool) -> None:
    text = body
    if sealed:
        framed = f"000201{body}6304"
        text = f"{framed}{crc16(framed):04X}"
    with contextlib.suppress(QrError):
        payload = parse(text)
        assert schemes_in(payload) is not None
        for fault in find_faults(payload):
            assert 0 <= fault.offset <= len(text)
        read_payable(payload, KZ)


@given(codes, st.data())
def test_one_changed_character_is_never_another_code(
    code: MerchantCode, data: st.DataObject
) -> None:
    text = write_merchant_code(code).write()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda new: new != text[at]))
    changed = text[:at] + other + text[at + 1 :]
    with contextlib.suppress(QrError):
        assert parse(changed).write() == text  # a small letter in the CRC
