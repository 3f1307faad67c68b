# SPDX-License-Identifier: Apache-2.0
"""Allowances: one account for what is limited, whoever asks; another for anything else."""

from msgspec.structs import replace

from kerege.ledger.account import Role
from kerege.ledger.ids import UNMARKED, Mark
from kerege.ledger.order import OpenAccount
from kerege.payments.allowances import mandate_allowance, refundable, request_allowance
from kerege.payments.earlier import Moved
from tests.towns import Town

_LAST = Mark(2**26 - 1)


def test_one_request_has_one_allowance(town: Town) -> None:
    request = town.request(town.wallet(), 100)
    opening = request_allowance(request)
    assert opening == request_allowance(replace(request, until_us=1, details="A" * 43))
    (step,) = opening.steps
    assert step == OpenAccount("ALLOWANCE", Role.HOLDER, f"request:{request.id}", floor=-100)
    for change in ({"amount": 101}, {"asset": "USD"}, {"wallet": town.wallet()}):
        assert request_allowance(replace(request, **change)).id != opening.id


def test_each_leg_and_mark_has_its_own(town: Town) -> None:
    order = town.next_id()
    ways = [Moved(Mark(mark), Mark(arrived), 5) for mark in (0, 1) for arrived in (0, 1)]
    ids = {refundable(order, leg, moved).id for leg in (0, 1) for moved in ways}
    assert len(ids) == 8
    assert refundable(order, 0, ways[0]) == refundable(order, 0, Moved(UNMARKED, UNMARKED, 5))


def test_owners_fit_the_ledger(town: Town) -> None:
    aru, shop = town.wallet(), town.wallet()
    for opening in (
        refundable(town.next_id(), 511, Moved(_LAST, _LAST, 10**18 - 1)).steps[0],
        mandate_allowance(town.mandate(aru, shop, total=10**18 - 1)),
        request_allowance(town.request(shop, 10**18 - 1)).steps[0],
    ):
        assert town.world.must(opening).results[0] > 0
