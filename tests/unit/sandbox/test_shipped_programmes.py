# SPDX-License-Identifier: Apache-2.0
"""The shipped programmes: sound, and saying what their owners expect."""

from typing import Any

import msgspec
import pytest

from kerege.programmes import Allowed, Blocked, Calendar, Party, Situation
from kerege.programmes.checking import check_programme
from kerege.programmes.reading import faults_of, read_programme
from kerege.programmes.rulebook import Rulebook
from kerege.programmes.vat import rates_at
from kerege.sandbox.shipped_programmes import (
    SHIPPED,
    NotShipped,
    shipped_programme,
    shipped_text,
)
from tests.house.tree import ROOT
from tests.programmes import FUNDER, at_us, contracted

MONDAY = at_us("2026-11-23T07:00")
STATE = Party(kind="agency", tier="full", is_funder=True)
TREASURY = Party(kind="agency", tier="full")
PUPIL = Party(kind="person", tier="identified", region="almaty")
CANTEEN = Party(kind="firm", tier="full", category="8211", region="almaty", vat=True)
SHOP = Party(kind="firm", tier="full", category="5411", region="almaty", vat=True)
FUEL = Party(kind="firm", tier="full", category="5541", region="astana")


def rules_of(name: str) -> Rulebook:
    terms = shipped_programme(
        name,
        asset="KZT",
        funder=FUNDER,
        starts_us=at_us("2026-11-01T00:00"),
        ends_us=at_us("2026-12-31T00:00"),
    )
    return Rulebook(terms)


def judged(name: str, payer: Party, payee: Party, amount: int = 100_00, **members: Any) -> str:
    """`route: arrival` of money that may go, `route/rule` of money that may not."""
    plain: dict[str, Any] = {"at_us": MONDAY}
    situation = Situation(payer=payer, payee=payee, amount=amount, **plain | members)
    answer = rules_of(name).judge(situation)
    if isinstance(answer, Blocked):
        return f"{answer.route}/{answer.rule}"
    assert isinstance(answer, Allowed)
    assert answer.most == amount
    return f"{answer.route.name}: {answer.route.arrival}"


@pytest.mark.parametrize("name", SHIPPED)
def test_it_is_read_and_nothing_is_odd_about_it(name: str) -> None:
    assert faults_of(shipped_text(name)) == []
    terms = read_programme(shipped_text(name))
    assert terms.id == name
    assert check_programme(terms) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_it_has_a_page_for_its_owner(name: str) -> None:
    assert (ROOT / f"docs/programmes/{name}.md").is_file()


@pytest.mark.parametrize("name", SHIPPED)
def test_filled_in_it_is_still_sound(name: str) -> None:
    terms = rules_of(name).programme
    assert (terms.asset, terms.funder) == ("KZT", FUNDER)
    assert faults_of(msgspec.json.encode(terms)) == []


def test_every_day_can_be_made_a_school_day() -> None:
    terms = shipped_programme(
        "school-meals", asset="KGS", funder=FUNDER, starts_us=1, ends_us=2, calendar=Calendar()
    )
    assert terms.calendar == Calendar()


def test_a_name_that_is_none() -> None:
    with pytest.raises(NotShipped):
        shipped_text("../profiles/kz")


@pytest.mark.parametrize(
    ("payer", "payee", "members", "answer"),
    [
        (STATE, PUPIL, {}, "allowance: keep"),
        (PUPIL, CANTEEN, {}, "meal: unmark"),
        (PUPIL, SHOP, {}, "meal/canteen"),
        (PUPIL, Party(kind="firm", tier="full", category="5814"), {}, "meal/region"),
        (PUPIL, CANTEEN, {"at_us": at_us("2026-11-22T07:00")}, "meal/school-day"),
        (PUPIL, CANTEEN, {"at_us": at_us("2026-12-16T07:00")}, "meal/school-day"),
        (PUPIL, CANTEEN, {"at_us": at_us("2026-11-23T00:30")}, "meal/hours"),
        (PUPIL, PUPIL, {}, "/"),
        (PUPIL, Party(kind="bank", tier="full"), {}, "/"),
        (CANTEEN, SHOP, {}, "/"),
        (PUPIL, STATE, {}, "back: return"),
        (PUPIL, CANTEEN, {"at_us": at_us("2027-01-01T00:00")}, "/ends"),
    ],
)
def test_school_meals(payer: Party, payee: Party, members: Any, answer: str) -> None:
    assert judged("school-meals", payer, payee, **members) == answer


@pytest.mark.parametrize(
    ("payer", "payee", "members", "answer"),
    [
        (STATE, SHOP, {"contract": contracted()}, "award: keep"),
        (STATE, SHOP, {}, "award/contract"),
        (STATE, SHOP, {"contract": contracted(unmet=("taxes",))}, "award/obligations"),
        (STATE, SHOP, {"contract": contracted(depth=2)}, "award/own-contract"),
        (STATE, SHOP, {"contract": contracted(), "purpose": 2}, "final: unmark"),
        (STATE, SHOP, {"purpose": 2}, "final/contract"),
        (SHOP, FUEL, {"contract": contracted(depth=2)}, "subcontract: keep"),
        (SHOP, FUEL, {"contract": contracted(depth=3)}, "subcontract: keep"),
        (SHOP, FUEL, {"contract": contracted(depth=4)}, "last-supplier: unmark"),
        (SHOP, FUEL, {"contract": contracted(depth=1)}, "subcontract/subcontract-of"),
        (SHOP, FUEL, {"contract": contracted(depth=4, is_buyer=False)}, "last-supplier/contract"),
        (SHOP, FUEL, {"contract": contracted(depth=2, of_programme=False)}, "subcontract/contract"),
        (SHOP, CANTEEN, {"invoiced": True}, "materials: unmark"),
        (SHOP, CANTEEN, {}, "materials/invoice"),
        (SHOP, FUEL, {"invoiced": True}, "materials/registered-for-vat"),
        (SHOP, PUPIL, {"purpose": 1}, "wages: unmark"),
        (SHOP, PUPIL, {}, "wages/wages-purpose"),
        (SHOP, TREASURY, {}, "taxes: unmark"),
        (SHOP, STATE, {}, "back: return"),
        (SHOP, Party(kind="bank", tier="full"), {}, "/"),
    ],
)
def test_procurement(payer: Party, payee: Party, members: Any, answer: str) -> None:
    assert judged("procurement", payer, payee, **members) == answer


@pytest.mark.parametrize(
    ("payer", "payee", "answer"),
    [
        (STATE, PUPIL, "reward: keep"),
        (STATE, SHOP, "reward: keep"),
        (PUPIL, FUEL, "farm-supplies: unmark"),
        (PUPIL, SHOP, "farm-supplies/farm-shop"),
        (PUPIL, PUPIL, "/"),
        (SHOP, STATE, "back: return"),
    ],
)
def test_harvest(payer: Party, payee: Party, answer: str) -> None:
    assert judged("harvest", payer, payee) == answer


@pytest.mark.parametrize(
    ("payer", "payee", "answer"),
    [
        (STATE, PUPIL, "reward: unmark"),
        (STATE, Party(kind="person", tier="phone"), "reward/known-person"),
        (STATE, SHOP, "/"),
        (PUPIL, SHOP, "/"),
    ],
)
def test_movement(payer: Party, payee: Party, answer: str) -> None:
    assert judged("movement", payer, payee) == answer


@pytest.mark.parametrize(
    ("payer", "payee", "members", "answer"),
    [
        (CANTEEN, STATE, {}, "remit: return"),
        (CANTEEN, SHOP, {"invoiced": True}, "pass-on: keep"),
        (CANTEEN, SHOP, {}, "pass-on/invoice"),
        (CANTEEN, FUEL, {"invoiced": True}, "pass-on/registered-supplier"),
        (CANTEEN, PUPIL, {"invoiced": True}, "/"),
    ],
)
def test_digital_vat(payer: Party, payee: Party, members: Any, answer: str) -> None:
    assert judged("digital-vat", payer, payee, **members) == answer


def test_vat_has_its_rate_by_local_date() -> None:
    terms = read_programme(shipped_text("digital-vat")).vat
    assert terms is not None
    new_year = at_us("2025-12-31T19:00")
    assert rates_at(terms, new_year - 1) == {0, 1_200}
    assert rates_at(terms, new_year) == {0, 1_600}
