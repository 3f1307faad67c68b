# SPDX-License-Identifier: Apache-2.0
"""Reading an accepted order: its legs as they were planned, its overflows as they were used."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.ledger.ids import parse_order_id
from kerege.ledger.order import Transfer
from kerege.payments.documents import Document, TopUp
from kerege.payments.fees import FeeRule, FeeSchedule
from kerege.payments.memory_scene import unsigned_text
from kerege.payments.planning import plan
from kerege.payments.reading import StepRole, roles_of
from kerege.payments.scene import Plan
from tests.programmes import cap, route
from tests.towns import Town
from tests.works import Works


def _charge(town: Town) -> str:
    office = town.wallet(owner_kind="agency")
    sponsor = town.wallet(500)
    mandate = town.mandate(sponsor, office)
    town.must(mandate)
    frame: Any = {"asset": "KZT", "collector": office, "basis_points": 500, "texts": {}}
    rules = (
        FeeRule(name="a", paid_by="payer", kinds=("pay",), **frame),
        FeeRule(name="b", paid_by="payee", **frame),
        FeeRule(name="c", paid_by="sponsor", mandate=mandate.id, rewards="payer", **frame),
    )
    town.scene.fees = FeeSchedule(version=1, rules=rules)
    return office


def _roles(town: Town, document: Document) -> tuple[tuple[StepRole, ...], Plan]:
    planned = plan(document, town.scene)
    assert isinstance(planned, Plan)
    town.must(document)
    order = town.scene.orders[parse_order_id(document.id)].order
    return roles_of(document, order, town.scene.allowance_sink), planned


def _legs(roles: tuple[StepRole, ...]) -> list[int]:
    return [role.leg for role in roles]


@pytest.mark.parametrize("fees", [False, True])
def test_a_payments_legs_are_read_as_they_were_planned(town: Town, *, fees: bool) -> None:
    aru, shop = town.wallet(900), town.wallet()
    dana = town.wallet(90, ceiling=100, waterfall=True)
    bank = town.wallet(900, owner_kind="bank")
    if fees:
        _charge(town)
    bill = unsigned_text(town.request(dana, 40))
    single = town.pay(aru, dana, 40, request=bill, max_fee=50)
    several = town.pay_all(aru, (dana, 40), (shop, 20), (dana, 40), (dana, 60))
    topped = town.pay(aru, shop, 20, max_fee=50)
    frame: Any = {"id": topped.id, "wallet": bank, "until_us": topped.until_us, "asset": "KZT"}
    topup = TopUp(**frame, amount=5, pay=unsigned_text(topped))
    for document in (single, replace(several, max_fee=50), topup):
        roles, planned = _roles(town, document)
        assert _legs(roles) == list(planned.legs)


def test_captures_pulls_and_refunds_have_one_leg(town: Town) -> None:
    _charge(town)
    aru, dana = town.wallet(900), town.wallet(90, ceiling=100, waterfall=True)
    hold = town.hold(aru, dana, 100)
    more = town.hold(aru, dana, 50, raises=hold.id)
    mandate = town.mandate(aru, dana)
    for document in (hold, more, mandate):
        roles, _ = _roles(town, document)
        assert set(_legs(roles)) <= {0, -1}
    capture, pull = town.capture(dana, 80, hold, more), town.pull(dana, mandate, 40)
    refund = town.refund(dana, capture, 30)
    # Captured, voided, the payee's fee, into the wallet; then the sponsor's limit and gift.
    assert _legs(_roles(town, capture)[0]) == [0, 0, 0, 0, -1, -1]
    assert _legs(_roles(town, pull)[0]) == [-1, 0, 0, 0, -1, -1]
    assert _legs(_roles(town, refund)[0]) == [-1, 0]


def test_what_passed_through_an_overflow_is_told(town: Town) -> None:
    _charge(town)
    aru, shop = town.wallet(900), town.wallet()
    dana = town.wallet(90, ceiling=100, waterfall=True)
    overflow = town.overflow(dana)
    pay = replace(town.pay_all(aru, (shop, 40), (dana, 40)), max_fee=50)
    roles, _ = _roles(town, pay)
    told = [(role.leg, role.overflow) for role in roles if role.leg != -1]
    assert told == [(0, None), (0, None), (1, overflow), (1, overflow), (1, overflow)]
    assert all(role.overflow is None for role in roles if role.leg == -1)
    order = town.scene.orders[parse_order_id(pay.id)]
    stayed = 0
    for role, step, result in zip(roles, order.order.steps, order.results, strict=True):
        if role.overflow is not None and isinstance(step, Transfer):
            stayed += result if step.credit == overflow else -result
    assert stayed == town.world.balance(overflow)


def test_a_sponsor_that_is_paid_has_no_overflow(town: Town) -> None:
    _charge(town)
    aru = town.wallet(900)
    (sponsor,) = [wallet for wallet in town.scene.wallets if town.balance(wallet) == 500]
    roles, planned = _roles(town, replace(town.pay(aru, sponsor, 100), max_fee=50))
    assert _legs(roles) == list(planned.legs)
    assert {role.overflow for role in roles} == {None}


def test_limits_of_contracts_and_programmes_are_of_no_leg(town: Town) -> None:
    works = Works(town)
    contract = works.hire(works.builder, 100)
    funder = town.pay(works.treasury, works.builder, 60, about=contract.id)
    roles, planned = _roles(town, funder)
    assert _legs(roles) == [-1, 0]
    assert planned.legs == (0, 0)
    hold = town.hold(works.treasury, works.builder, 40, about=contract.id)
    assert _legs(_roles(town, hold)[0]) == [-1, 0]
    capture = town.capture(works.builder, 30, hold)
    assert _legs(_roles(town, capture)[0]) == [-1, 0]
    refund = town.refund(works.builder, funder, 20)
    assert _legs(_roles(town, refund)[0]) == [-1, 0, -1]


def test_each_leg_of_programmes_money_is_read(town: Town) -> None:
    eat = route("payee.category == '8211'", name="eat", caps=(cap(500, window="life"),))
    meals = town.programme(route("payer.is_funder", name="give", arrival="keep"), eat)
    child, canteen = town.wallet(50), town.wallet(category="8211")
    other = town.wallet(category="8211")
    town.grant(meals, child, 100)
    both = town.pay_all(child, (canteen, 60), (other, 70))
    roles, planned = _roles(town, both)
    limits = {place for place, leg in enumerate(_legs(roles)) if leg == -1}
    assert [leg for leg in _legs(roles) if leg != -1] == [0, 0, 1, 1, 1]
    assert len(planned.steps) == 5 + len(limits)
