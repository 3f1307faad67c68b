# SPDX-License-Identifier: Apache-2.0
"""Quotas of orders, told the time."""

import pytest
from msgspec.structs import replace

from kerege.centralbank.order_quotas import OrderQuotas
from kerege.centralbank.register_participants import Licence, Participant, Quota, Role
from kerege.payments import ParticipantId
from kerege.service import Problem

S = 1_000_000


def bank(**quota: int) -> Participant:
    return Participant(
        id=ParticipantId("altyn-bank"),
        roles=frozenset({Role.INTERMEDIARY}),
        keys={},
        licence=Licence(),
        quota=Quota(**quota),  # type: ignore[arg-type]
    )


def test_a_burst_and_a_rate() -> None:
    quotas, altyn = OrderQuotas(), bank(orders_per_s=10, burst=20)
    quotas.take(altyn, 20, now_us=0)
    with pytest.raises(Problem) as raised:
        quotas.take(altyn, 1, now_us=0)
    assert raised.value.code == "too_many_requests"
    quotas.take(altyn, 10, now_us=S)


def test_each_institution_has_its_own() -> None:
    quotas, altyn = OrderQuotas(), bank(orders_per_s=1, burst=1)
    quotas.take(altyn, 1, now_us=0)
    quotas.take(replace(altyn, id=ParticipantId("qala-bank")), 1, now_us=0)


def test_a_new_quota_counts_at_once() -> None:
    quotas = OrderQuotas()
    quotas.take(bank(orders_per_s=1, burst=1), 1, now_us=0)
    quotas.take(bank(orders_per_s=1, burst=100), 50, now_us=0)


@pytest.mark.parametrize("quota", [{"orders_per_s": 0}, {"burst": 0}])
def test_no_quota_no_orders(quota: dict[str, int]) -> None:
    with pytest.raises(Problem, match="no quota"):
        OrderQuotas().take(bank(**quota), 1, now_us=0)
