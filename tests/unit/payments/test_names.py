# SPDX-License-Identifier: Apache-2.0
"""Names: no nickname imitates another, no shown name hides or turns anything."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.payments.names import (
    MAX_SHOWN_CHARS,
    MalformedNickname,
    mask_name,
    normalise_nickname,
    shown_name,
    skeleton_of,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@Aru", "aru"),
        ("Айгүл", "айгүл"),
        ("aru.2026", "aru.2026"),
        ("ＡＲＵ", "aru"),
        ("ﬁnance", "finance"),
        ("café", "café"),
        ("cafe\u0301", "café"),
        ("ۇلان", "ۇلان"),
    ],
)
def test_a_nickname_has_one_form(typed: str, kept: str) -> None:
    assert normalise_nickname(typed) == kept == normalise_nickname(kept)


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "ab", "a" * 33, "a" * 10_000, "1aru", "_aru", "aru.", "a..b", "a._b", "a b c",
        "аru", "aруы", "aru\u200b", "a\u200dru", "\u202earu", "aru\u2066", "aru\x00", "aru\n",
        "aru\ufe0f", "a\u0338ru", "aru😀", "αβγ", "аrи", "ɑru", "aǃu", "ʼaru", "سـلم", "арұ١",
        "𝒶ru1²³⁴@", "aru-1", "a\u034fru", "\u3164\u3164\u3164", "\ud800aa", "aru\u0610",
    ],
)  # fmt: skip
def test_what_is_no_nickname(typed: str) -> None:
    with pytest.raises(MalformedNickname):
        normalise_nickname(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("асе", "ace"),
        ("paypal", "рауpal".replace("pal", "раӏ")),
        ("aru0", "aruo"),
        ("aru1", "arul"),
        ("ұлан", "улан"),
        ("қанат", "канат"),
        ("café", "cafe"),
        ("modern", "modem"),
        ("ki.o_sk", "kiosk"),
        ("сергей", "сергеи"),
    ],
)
def test_look_alikes_are_the_same_nickname(one: str, other: str) -> None:
    assert skeleton_of(normalise_nickname(one)) == skeleton_of(normalise_nickname(other))


def test_different_names_stay_different() -> None:
    names = ["aru", "dana", "askar", "айгүл", "данияр", "bolat", "kiosk", "ali", "all"]
    assert len({skeleton_of(name) for name in names}) == len(names)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_nickname_or_our_own_error(text: str) -> None:
    try:
        name = normalise_nickname(text)
    except MalformedNickname:
        return
    assert normalise_nickname(name) == name
    assert skeleton_of(name)
    assert not any(unicodedata.category(char).startswith(("C", "Z", "M")) for char in name)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("  Дүкен\t«Алтын»  ", "Дүкен «Алтын»"),
        ("Shop\u202egnihtyna", "Shopgnihtyna"),
        ("Sh\u200bop\ufeff\x00\x1b[31m", "Shop[31m"),
        ("Z" + "\u0301" * 30, "Ź\u0301\u0301"),
        ("a\nb\u2028c", "a b c"),
        ("\u3164\u115f", ""),
        ("x" * 200, "x" * 139 + "…"),
    ],
)
def test_a_strangers_name_is_made_safe(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


@given(st.text(max_size=3000))
def test_a_shown_name_is_short_visible_and_stays_as_it_is(text: str) -> None:
    name = shown_name(text)
    assert len(name) <= MAX_SHOWN_CHARS
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in name)
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Айгүл Қасымова", "А*** Қ."),
        ("Айгүл Серікқызы Қасымова", "А*** Қ."),
        ("  әлия ", "Ә***"),
        ("\u202eАйгүл 7", "А***"),
        ("«Нұр» ЖШС", "Н*** Ж."),
        ("", ""),
        ("123 — 45", ""),
    ],
)
def test_a_masked_name_tells_initials_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=100))
def test_a_mask_is_short_whatever_the_name(name: str) -> None:
    assert len(mask_name(name)) <= 12
