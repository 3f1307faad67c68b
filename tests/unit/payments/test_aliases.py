# SPDX-License-Identifier: Apache-2.0
"""Aliases: whatever way one is typed, the directory is asked for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kerege.payments.aliases import (
    AliasKind,
    MalformedAlias,
    Numbering,
    normalise_alias,
    normalise_card_token,
    normalise_phone,
    normalise_tax_number,
    parse_alias,
)

KZ = Numbering(
    phone_prefix="+7",
    phone_digits=10,
    trunk="8",
    tax_digits=12,
    check_modulus=11,
    check_weights=((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)),
)
KG = Numbering(phone_prefix="+996", phone_digits=9, trunk="0", tax_digits=14)
TOKEN = "tk_7f3a7f3a7f3a7f3a"


@pytest.mark.parametrize(
    "typed",
    [
        "+77990000001",
        "8 799 000 00 01",
        "7 (799) 000-00-01",
        "799 000 0001",
        "＋７７９９００００００１",
        " +7\u00a0799\u2011000-00-01 ",
    ],
)
def test_a_telephone_number_has_one_form(typed: str) -> None:
    assert normalise_phone(typed, KZ).canonical == b"phone:+77990000001"
    assert parse_alias(typed, KZ) == normalise_phone(typed, KZ)


def test_other_countries_numbers_are_whole() -> None:
    assert normalise_phone("+996 700 000001", KZ).value == "+996700000001"
    assert normalise_phone("0700 000 001", KG).value == "+996700000001"
    assert normalise_phone("+77990000001", KG).value == "+77990000001"


@pytest.mark.parametrize(
    "typed",
    [
        "", "+", "+7799000000", "+779900000011", "++77990000001", "+07990000001", "77990", "+1" * 9,
        "+7799000000١", "+7799000000x", "tel:+77990000001", "+7799\u202e0000001", "9" * 200,
    ],
)  # fmt: skip
def test_what_is_no_telephone_number(typed: str) -> None:
    with pytest.raises(MalformedAlias) as caught:
        normalise_phone(typed, KZ)
    assert "7799" not in caught.value.message


def test_a_tax_numbers_check_digit_is_verified() -> None:
    # Made up: a birth date without month and day belongs to nobody.
    assert normalise_tax_number("0000 0000 0010", KZ).value == "000000000010"
    for digit in range(1, 10):
        with pytest.raises(MalformedAlias):
            normalise_tax_number(f"00000000001{digit}", KZ)


def test_the_second_weights_count_where_the_first_give_ten() -> None:
    # 0*...+10*1 = 10 for the first weights; the second give 1.
    assert normalise_tax_number("000000000101", KZ)
    assert parse_alias("00000000000001", KG).kind == "tax"
    # 10 for both weights: such a number is given to nobody. And weights of another length say none.
    never = replace(KZ, tax_digits=6, check_weights=((1,) * 5,))
    for odd in (never, replace(KZ, check_weights=((1,),))):
        with pytest.raises(MalformedAlias):
            normalise_tax_number("00019" + "0" * (odd.tax_digits - 5), odd)
    with pytest.raises(MalformedAlias):
        normalise_tax_number("000000000100", KZ)


@pytest.mark.parametrize(
    "typed", ["", "00000000001", "0000000000111", "00000000001١", "o0000000001l"]
)
def test_what_is_no_tax_number(typed: str) -> None:
    with pytest.raises(MalformedAlias):
        normalise_tax_number(typed, KZ)


def test_a_cards_number_is_no_token() -> None:
    assert normalise_card_token(f"card:{TOKEN}").canonical == f"card:{TOKEN}".encode()
    transit = normalise_card_token("transit-9643108001234567")
    assert (transit.value, transit.shown) == ("transit-9643108001234567", "****4567")
    for typed in ("4111111111111111", "4111-1111-1111-1111", "short", TOKEN + "!", "t" * 65):
        with pytest.raises(MalformedAlias) as caught:
            normalise_card_token(typed)
        assert "4111" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("+77990000001", "phone"),
        ("8 799 000 00 01", "phone"),
        ("(799) 000 00 01", "phone"),
        ("000000000010", "tax"),
        (f"card:{TOKEN}", "card"),
        ("@aru", "nickname"),
        ("Айгүл", "nickname"),
    ],
)
def test_the_kind_is_seen_from_the_text(typed: str, kind: AliasKind) -> None:
    found = parse_alias(typed, KZ)
    assert found.kind == kind
    assert normalise_alias(kind, typed, KZ) == found


def test_a_look_alike_asks_for_the_same_entry() -> None:
    assert parse_alias("@ace", KZ).canonical == parse_alias("@асе", KZ).canonical
    assert parse_alias("@Ace", KZ).shown == "@ace"


@pytest.mark.parametrize(
    "typed", ["", " ", "@", "\u200b", "!", "wal_" + "0" * 32 + "!", "@a b", "٠" * 12]
)
def test_what_is_no_alias(typed: str) -> None:
    with pytest.raises(MalformedAlias):
        parse_alias(typed, KZ)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_an_alias_or_our_own_error(text: str) -> None:
    try:
        found = parse_alias(text, KZ)
    except MalformedAlias:
        return
    assert parse_alias(found.shown, KZ).canonical == found.canonical or found.kind == "card"


def test_a_repr_tells_nobodys_number() -> None:
    assert "7799" not in repr(parse_alias("+77990000001", KZ))
