# SPDX-License-Identifier: Apache-2.0
"""Payments made up from the literals in expressions."""

import pytest

from kerege.programmes.cel import Expression, Reader
from kerege.programmes.worlds import count_worlds, domains_of, worlds


def values_of(name: str, *cel: str) -> list[object]:
    return list(domains_of([Expression(one) for one in cel])[name])


def test_a_text_is_tried_with_its_literals_and_another() -> None:
    assert values_of("payee.category", "payee.category == '8211'") == ["", "other", "8211"]


def test_payer_and_payee_share_their_literals() -> None:
    found = values_of("payer.category", "payer.category == '1'", "payee.category == '2'")
    assert found == ["", "other", "1", "2"]


def test_a_number_is_tried_with_its_neighbours() -> None:
    assert values_of("payment.amount", "payment.amount < 500") == [1, 2, 3, 499, 500, 501]
    assert values_of("at.weekday", "at.weekday < 6") == [1, 2, 3, 5, 6, 7]
    assert values_of("contract.depth", "contract.depth == 1") == [0, 1, 2, 3]


def test_item_groups_are_tried_alone_and_together() -> None:
    found = values_of("items", "'milk' in items && !('sweets' in items)")
    assert found == [
        (),
        ("milk",),
        ("sweets",),
        ("other",),
        ("milk", "sweets", "other"),
    ]


def test_the_funder_does_not_pay_itself() -> None:
    domains = domains_of([Expression("payer.is_funder != payee.is_funder")])
    assert count_worlds(domains) == 4
    assert len(list(worlds(domains))) == 3


def test_without_a_contract_nothing_is_said_of_one() -> None:
    domains = domains_of([Expression("contract.present && contract.depth == 1")])
    found = [
        (world.situation.contract, world.values["contract.depth"]) for world in worlds(domains)
    ]
    assert [depth for contract, depth in found if contract is None] == [0]
    assert sorted(depth for contract, depth in found if contract is not None) == [1, 2, 3]


@pytest.mark.parametrize(
    "cel",
    [
        "payer.kind == 'firm' && payee.tier == 'full' && payee.region != 'X'",
        "at.date < '2026-05-05' && at.minute > 600 && !at.open",
        "contract.unmet.exists(u, u == 'taxes') && contract.depth > 4",
        "payment.purpose == 7 && payment.channel in ['qr', 'card'] && invoice.present",
        "items.all(g, g in ['milk']) && 'milk' in items",
        "payment.amount > 1000 && payment.amount <= 1001",
    ],
)
def test_some_world_satisfies_and_some_does_not(cel: str) -> None:
    expression = Expression(cel)
    reader = Reader([expression])
    answers = {
        expression.holds(reader.values(world.situation, world.moment))
        for world in worlds(domains_of([expression]))
    }
    assert answers == {True, False}
