# SPDX-License-Identifier: Apache-2.0
"""What is odd about a programme, found before it is activated."""

import pytest

from kerege.programmes import Calendar, Cap, Programme
from kerege.programmes.checking import check_programme
from kerege.programmes.findings import FindingCode
from tests.programmes import at_us, cap, condition, programme, route

TITLE = {"kk": "атау", "ru": "название", "en": "title"}
GIVE = route("payer.is_funder && payee.kind == 'person'", name="give", arrival="keep", texts=TITLE)
EAT = route("payer.kind == 'person' && payee.category == '8211'", name="eat", texts=TITLE)
BACK = route("payee.is_funder", name="back", arrival="return", texts=TITLE)


def sound(*routes: object, **members: object) -> Programme:
    """A programme in which only what is given can be odd."""
    plain = {"calendar": Calendar(), "title": TITLE, "summary": TITLE}
    return programme(*routes, **plain | members)  # type: ignore[arg-type]


def findings_of(terms: Programme) -> list[tuple[str, str]]:
    return [(finding.code.value, finding.place) for finding in check_programme(terms)]


def test_nothing_is_odd_about_a_sound_programme() -> None:
    assert findings_of(sound(GIVE, EAT, BACK)) == []


def test_texts_that_are_the_same_in_two_languages() -> None:
    terms = sound(GIVE, EAT, title={"kk": "a", "ru": "b", "en": "a"})
    assert findings_of(terms) == [("texts-same", "$.title.en")]


@pytest.mark.parametrize(
    "when",
    [
        "false",
        "payer.kind == 'person' && payer.kind == 'firm'",
        "payment.amount < 5 && payment.amount > 4",
        "at.weekday > 7",
        "at.minute >= 1440",
        "contract.present && contract.depth == 0",
        "payer.is_funder && payee.is_funder",
        "at.date > '2026-05-01' && at.date < '2026-05-01'",
    ],
)
def test_a_route_nothing_can_take(when: str) -> None:
    odd = route(when, name="odd", texts=TITLE)
    assert ("route-never", "$.routes[0].when") in findings_of(sound(odd, GIVE, EAT, BACK))


@pytest.mark.parametrize(
    "when",
    [
        "payer.kind == 'person' && payee.category == '8211'",
        "payee.category in ['8211'] && payer.kind == 'person' && payee.vat",
        "payer.is_funder && payee.kind == 'person' && payment.amount > 500",
    ],
)
def test_a_route_earlier_ones_cover(when: str) -> None:
    odd = route(when, name="odd", texts=TITLE)
    assert findings_of(sound(GIVE, EAT, BACK, odd)) == [("route-covered", "$.routes[3].when")]


def test_a_route_that_only_overlaps_is_not_covered() -> None:
    other = route("payer.kind == 'person' && payee.kind == 'firm'", name="other", texts=TITLE)
    assert findings_of(sound(GIVE, EAT, BACK, other)) == []


def test_conditions_that_contradict_each_other() -> None:
    shut = route(
        "payer.kind == 'person'",
        condition("payee.category == '1'", "one"),
        condition("payee.category == '2'", "two"),
        name="shut",
        texts=TITLE,
    )
    assert ("route-shut", "$.routes[1].conditions") in findings_of(sound(GIVE, shut))


def test_conditions_that_contradict_the_when() -> None:
    shut = route("payer.kind == 'person'", condition("payer.kind == 'firm'"), texts=TITLE)
    assert ("route-shut", "$.routes[1].conditions") in findings_of(sound(GIVE, shut))


def test_money_that_reaches_a_firm_and_stays_there() -> None:
    on = route("payer.kind == 'person' && payee.kind == 'firm'", arrival="keep", texts=TITLE)
    terms = sound(GIVE, on)
    assert findings_of(terms) == [("money-stuck", "$.routes[1].arrival")]
    (finding,) = check_programme(terms)
    assert "a firm" in finding.texts["en"]
    assert "фирмаға" in finding.texts["kk"]


def test_money_that_can_only_go_in_circles() -> None:
    people = "payer.kind == 'person' && payee.kind == 'person' && !payee.is_funder"
    around = route(people, arrival="keep", texts=TITLE)
    assert ("money-stuck", "$.routes[0].arrival") in findings_of(sound(GIVE, around))


def test_money_that_some_firms_can_pass_on() -> None:
    on = route("payer.is_funder && payee.kind == 'firm'", name="a", arrival="keep", texts=TITLE)
    out = route("payer.category == '8211'", name="b", texts=TITLE)
    terms = sound(on, out)
    assert findings_of(terms) == [("money-stuck", "$.routes[0].arrival")]
    assert '"other"' in check_programme(terms)[0].texts["en"] or (
        '""' in check_programme(terms)[0].texts["en"]
    )


def test_money_the_funder_cannot_give() -> None:
    eat = route("payer.kind == 'person' && !payer.is_funder", texts=TITLE)
    assert findings_of(sound(eat)) == [("nothing-given", "$.routes")]


def test_a_return_to_others_than_the_funder() -> None:
    back = route("payer.kind == 'firm'", name="back", arrival="return", texts=TITLE)
    assert ("return-elsewhere", "$.routes[2].when") in findings_of(sound(GIVE, EAT, back))


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
    eat = route(EAT.when, name="eat", caps=caps, texts=TITLE)
    expected = [("cap-idle", f"$.routes[1].caps[{index}]") for index in idle]
    assert findings_of(sound(GIVE, eat)) == expected


def test_a_cap_below_what_the_conditions_ask_for() -> None:
    eat = route(
        EAT.when,
        condition("payment.amount >= 500"),
        caps=(cap(499),),
        texts=TITLE,
    )
    codes = [code for code, _ in findings_of(sound(GIVE, eat))]
    assert "cap-always-splits" in codes


def test_a_calendar_without_open_days() -> None:
    open_only = route(EAT.when, condition("at.open"), name="eat", texts=TITLE)
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


@pytest.mark.parametrize(
    "when",
    [
        "payment.amount * 2 > 7",
        " && ".join(f"payee.category != '{number}'" for number in range(20))
        + " && payee.region in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] && payee.vat",
    ],
)
def test_what_cannot_be_tried_is_said(when: str) -> None:
    assert ("not-checked", "$.routes") in findings_of(sound(GIVE, route(when, texts=TITLE)))


def test_the_worst_comes_first() -> None:
    codes = [code for code, _ in findings_of(programme(route("false"), takes_over=True))]
    order = [code.value for code in FindingCode]
    assert codes == sorted(codes, key=order.index)
    assert len(set(codes)) == 3
