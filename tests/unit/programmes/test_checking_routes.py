# SPDX-License-Identifier: Apache-2.0
"""What routes do, found by trying them."""

import pytest

from kerege.programmes import Programme
from kerege.programmes.checking_routes import TriedRoute, condition_findings, travel_findings
from kerege.programmes.findings import Finding
from tests.programmes import BACK, EAT, GIVE, cap, condition, route, sound


def all_findings(terms: Programme) -> list[Finding]:
    routes = [TriedRoute(route, index) for index, route in enumerate(terms.routes)]
    return [
        *travel_findings(routes),
        *(finding for tried in routes for finding in condition_findings(tried)),
    ]


def findings_of(terms: Programme) -> list[tuple[str, str]]:
    return [(finding.code.value, finding.place) for finding in all_findings(terms)]


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
    odd = route(when, name="odd")
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
    odd = route(when, name="odd")
    assert findings_of(sound(GIVE, EAT, BACK, odd)) == [("route-covered", "$.routes[3].when")]


def test_a_route_that_only_overlaps_is_not_covered() -> None:
    other = route("payer.kind == 'person' && payee.kind == 'firm'", name="other")
    assert findings_of(sound(GIVE, EAT, BACK, other)) == []


def test_conditions_that_contradict_each_other() -> None:
    shut = route(
        "payer.kind == 'person'",
        condition("payee.category == '1'", "one"),
        condition("payee.category == '2'", "two"),
        name="shut",
    )
    assert ("route-shut", "$.routes[1].conditions") in findings_of(sound(GIVE, shut))


def test_conditions_that_contradict_the_when() -> None:
    shut = route("payer.kind == 'person'", condition("payer.kind == 'firm'"))
    assert ("route-shut", "$.routes[1].conditions") in findings_of(sound(GIVE, shut))


def test_money_that_reaches_a_firm_and_stays_there() -> None:
    on = route("payer.kind == 'person' && payee.kind == 'firm'", arrival="keep")
    terms = sound(GIVE, on)
    assert findings_of(terms) == [("money-stuck", "$.routes[1].arrival")]
    (finding,) = all_findings(terms)
    assert "a firm" in finding.texts["en"]
    assert "фирмаға" in finding.texts["kk"]


def test_money_that_can_only_go_in_circles() -> None:
    people = "payer.kind == 'person' && payee.kind == 'person' && !payee.is_funder"
    around = route(people, arrival="keep")
    assert ("money-stuck", "$.routes[0].arrival") in findings_of(sound(GIVE, around))


def test_money_that_some_firms_can_pass_on() -> None:
    on = route("payer.is_funder && payee.kind == 'firm'", name="a", arrival="keep")
    out = route("payer.category == '8211'", name="b")
    terms = sound(on, out)
    assert findings_of(terms) == [("money-stuck", "$.routes[0].arrival")]
    assert '"other"' in all_findings(terms)[0].texts["en"] or (
        '""' in all_findings(terms)[0].texts["en"]
    )


def test_money_the_funder_cannot_give() -> None:
    eat = route("payer.kind == 'person' && !payer.is_funder")
    assert findings_of(sound(eat)) == [("nothing-given", "$.routes")]


def test_a_return_to_others_than_the_funder() -> None:
    back = route("payer.kind == 'firm'", name="back", arrival="return")
    assert ("return-elsewhere", "$.routes[2].when") in findings_of(sound(GIVE, EAT, back))


def test_a_cap_below_what_the_conditions_ask_for() -> None:
    eat = route(EAT.when, condition("payment.amount >= 500"), caps=(cap(499),))
    codes = [code for code, _ in findings_of(sound(GIVE, eat))]
    assert "cap-always-splits" in codes


@pytest.mark.parametrize(
    "when",
    [
        "payment.amount * 2 > 7",
        " && ".join(f"payee.category != '{number}'" for number in range(20))
        + " && payee.region in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] && payee.vat",
    ],
)
def test_what_cannot_be_tried_is_said(when: str) -> None:
    assert ("not-checked", "$.routes") in findings_of(sound(GIVE, route(when)))


def test_a_cap_that_just_suffices_is_not_odd() -> None:
    eat = route(EAT.when, condition("payment.amount >= 500"), name="eat", caps=(cap(500),))
    assert findings_of(sound(GIVE, eat)) == []


def test_money_that_never_comes_there_does_not_get_stuck_there() -> None:
    firms = "payer.kind == 'firm' && payee.kind == 'bank' && !payer.is_funder"
    on = route(firms, name="on", arrival="keep")
    assert findings_of(sound(GIVE, EAT, BACK, on)) == []
