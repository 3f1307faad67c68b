# SPDX-License-Identifier: Apache-2.0
"""What is odd about a programme, found before it is activated."""

import pytest

from kerege.programmes import Calendar, Cap, MalformedProgramme, Programme
from kerege.programmes.checking import check_programme, check_sound
from kerege.programmes.findings import FindingCode
from tests.programmes import BACK, EAT, GIVE, at_us, cap, condition, programme, route, sound


def findings_of(terms: Programme) -> list[tuple[str, str]]:
    return [(finding.code.value, finding.place) for finding in check_programme(terms)]


def test_nothing_is_odd_about_a_sound_programme() -> None:
    assert findings_of(sound(GIVE, EAT, BACK)) == []


def test_texts_that_are_the_same_in_two_languages() -> None:
    terms = sound(GIVE, EAT, title={"kk": "a", "ru": "b", "en": "a"})
    assert findings_of(terms) == [("texts-same", "$.title.en")]


@pytest.mark.parametrize(
    ("caps", "idle"),
    [
        ((cap(10, name="a", window="day"), cap(20, name="b", window="day")), [1]),
        ((cap(10, name="a"), cap(5, name="b", window="life")), [0]),
        ((cap(10, name="a", window="day"), cap(50, name="b", window="week")), []),
        ((cap(50, name="a", window="day"), cap(50, name="b", window="week")), [0]),
        ((cap(50, name="a", window="week"), cap(50, name="b", window="month")), []),
        ((cap(50, name="a", window="week"), cap(50, name="b", window="life")), [0]),
        ((cap(50, name="a", of="pair", window="day"), cap(50, name="b", window="day")), [0]),
        ((cap(50, name="a", of="payee", window="day"), cap(50, name="b", window="day")), []),
        ((cap(50, name="a", of="all", window="day"), cap(50, name="b", window="day")), [1]),
        ((cap(1_000_000_00, name="a"),), [0]),
        ((cap(1_000_000_00, name="a", window="day"),), []),
    ],
)
def test_caps_that_never_bind(caps: tuple[Cap, ...], idle: list[int]) -> None:
    eat = route(EAT.when, name="eat", caps=caps)
    expected = [("cap-idle", f"$.routes[1].caps[{index}]") for index in idle]
    assert findings_of(sound(GIVE, eat)) == expected


def test_a_calendar_without_open_days() -> None:
    open_only = route(EAT.when, condition("at.open"), name="eat")
    one_sunday = {
        "starts_us": at_us("2026-11-22T00:00"),
        "ends_us": at_us("2026-11-23T00:00"),
        "calendar": Calendar(weekdays=(1, 2, 3, 4, 5)),
    }
    assert ("calendar-shut", "$.calendar") in findings_of(sound(GIVE, open_only, **one_sunday))
    assert ("calendar-unused", "$.calendar") in findings_of(sound(GIVE, EAT, **one_sunday))
    one_sunday["calendar"] = Calendar(weekdays=(1,), opened=("2026-11-22",))
    assert ("calendar-shut", "$.calendar") not in findings_of(sound(GIVE, open_only, **one_sunday))


def test_a_first_version_takes_over_nothing() -> None:
    terms = sound(GIVE, EAT, takes_over=True)
    assert findings_of(terms) == [("takes-over-nothing", "$.takes_over")]
    assert findings_of(sound(GIVE, EAT, takes_over=True, version=2)) == []


def test_the_worst_comes_first() -> None:
    codes = [code for code, _ in findings_of(programme(route("false"), takes_over=True))]
    order = [code.value for code in FindingCode]
    assert codes == sorted(codes, key=order.index)
    assert len(set(codes)) == 3


def test_an_error_stops_a_programme_and_a_warning_does_not() -> None:
    check_sound(sound(GIVE, EAT, BACK, takes_over=True))
    with pytest.raises(MalformedProgramme) as refused:
        check_sound(sound(GIVE, EAT, route("false", name="odd")))
    assert refused.value.place == "$.routes[2].when"
    assert "No payment can go this way" in refused.value.message
