# SPDX-License-Identifier: Apache-2.0
"""Every refusal can be remembered by the ledger, and is told apart from the others."""

from kerege.centralbank.denials import denial, refusal_of
from kerege.ledger import AccountId, Order, Transfer
from kerege.payments import Refusal
from tests.ledgers import World, order_id


def test_every_refusal_is_remembered_as_itself(world: World) -> None:
    sink = world.collector()
    for number, refusal in enumerate(Refusal, 1_000):
        (outcome,) = world.ledger.post([denial(order_id(number), refusal, b"signed", sink)])
        assert refusal_of(outcome) is refusal
        (again,) = world.ledger.post([denial(order_id(number), refusal, b"signed", sink)])
        assert again.replayed
        assert refusal_of(again) is refusal


def test_other_outcomes_are_no_denials(world: World) -> None:
    payer, payee = world.holder(5), world.holder(5)
    orders = [
        Order(order_id(2_000 + amount), (Transfer(payer, AccountId(payee), amount),))
        for amount in (1, 9)
    ]
    assert [refusal_of(outcome) for outcome in world.ledger.post(orders)] == [None, None]
