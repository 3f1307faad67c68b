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
from tests.towns import Town


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
